"""The tables of the cross-check as a section of its document (see crosscheck.py, which finds the numbers)."""

from __future__ import annotations

import numpy as np
import pandas as pd

WIDE = 2.0  # times the scatter of both methods: a difference beyond it is called one
_NOTHING = 1e-9


def beyond(frame: pd.DataFrame) -> pd.Series:
    """Whether a difference is larger than the scatter of both methods explains."""
    return frame["difference"].abs() > WIDE * np.hypot(frame["scatter_ours"], frame["scatter_sbi"])


def _span(row: pd.Series, who: str) -> str:
    median, low, high = (f"{_zero(row[f'{who}_{part}']):.3g}" for part in ("median", "low", "high"))
    return f"{median} ({low} to {high})"


def _zero(value: float) -> float:
    """Interpolation leaves a trace of itself where a value is nothing."""
    return 0.0 if abs(value) < _NOTHING else value


def as_text(name: str, frame: pd.DataFrame, notes: list[str]) -> str:
    """A question as a section of the document."""
    titles = {"figures": "### Figures alone", "shipped": "### The posterior as shipped"}
    real = frame[frame["kind"] != "planted"]
    apart = beyond(frame)
    lines = [
        titles[name],
        "",
        *(f"- {note}" for note in notes),
        "",
        *_quantities(name, real, apart),
        "",
        *_by_kind(real, apart),
        "",
        *_planted(frame[frame["kind"] == "planted"]),
    ]
    return "\n".join(lines)


def _quantities(name: str, real: pd.DataFrame, apart: pd.Series) -> list[str]:
    priors = {"figures": "second bank", "shipped": "prior"}
    lines = [
        f"| quantity | kind | {priors[name]} | ours | sbi | difference | width | scatter: ours, sbi |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for i, row in real.iterrows():
        lines.append(
            f"| {row['quantity']} | {row['kind']} | {_span(row, 'prior')} | {_span(row, 'ours')} | "
            f"{_span(row, 'sbi')} | {row['difference']:+.2f}{' *' if apart[i] else ''} | "
            f"{row['width']:.2f} | {row['scatter_ours']:.2f}, {row['scatter_sbi']:.2f} |"
        )
    return lines


def _by_kind(real: pd.DataFrame, apart: pd.Series) -> list[str]:
    lines = []
    for kind in ("informed", "prior-driven", "effect"):
        part = real[real["kind"] == kind]
        lines.append(
            f"- {kind}: {len(part)} quantities, mean distance of medians "
            f"{part['difference'].abs().mean():.2f}, largest {part['difference'].abs().max():.2f}; "
            f"mean width {part['width'].mean():.2f} ({part['width'].min():.2f} to "
            f"{part['width'].max():.2f}); {int(apart[part.index].sum())} beyond twice the scatter (*)."
        )
    return lines


def _planted(planted: pd.DataFrame) -> list[str]:
    lines = [
        "| planted quantity | exact | ours | sbi | ours off by | sbi off by | width of ours | width of sbi |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for _, row in planted.iterrows():
        lines.append(
            f"| {row['quantity'].removeprefix('planted: ')} | {_span(row, 'exact')} | "
            f"{_span(row, 'ours')} | {_span(row, 'sbi')} | {row['off_ours']:+.2f} | "
            f"{row['off_sbi']:+.2f} | {row['width_ours']:.2f} | {row['width_sbi']:.2f} |"
        )
    return lines
