"""The tables of docs/calibration.md, made from the folder of a calibration and the posterior that is shipped.

    python -m avrr_sim.documents.calibration FOLDER docs/calibration.md

`FOLDER` is what `avrr calibrate --rivals` left, and after it `avrr report FOLDER --png`; its figures are
copied beside the document, as docs/figures/calibration-*.png.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from avrr_sim.documents import levels
from avrr_sim.documents.markdown import filled, markdown_table
from avrr_sim.measures import MEASURES
from avrr_sim.report.words.sentences import notes_on_effects
from avrr_sim.study.calibration.method_checks import verdict_of
from avrr_sim.study.summary.contract import read_facts

FIGURES = ("contraction", "targets", "tension", "ranks", "coverage", "recovery", "rivals")


def _short(value: float) -> str:
    """Three digits that count, thousands with a comma, and what is nothing but rounding as 0."""
    return "0" if abs(value) < _NOTHING else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


_NOTHING = 1e-9


def _span(row: Mapping[str, Any], what: str, factor: float = 1.0, unit: str = "") -> str:
    low, middle, high = (factor * row[f"{what}_{end}"] for end in ("low", "median", "high"))
    return f"{_short(middle)}{unit} ({_short(low)} to {_short(high)})"


def _factor(measure: str) -> tuple[float, str]:
    return (100.0, " points") if MEASURES[measure].per == "share" else (1.0, "")


def targets(folder: Path) -> str:
    """Published figures against prior and posterior predictions."""
    rows = []
    for row in pd.read_parquet(folder / "targets.parquet").to_dict("records"):
        published = (
            f"{row['value']:g}"
            if row["value"] == row["value"]
            else f"{row['range_low']:g} to {row['range_high']:g}"
        )
        rows.append(
            [
                row["id"],
                row["figure"],
                row["role"],
                f"{row['window']}",
                published,
                f"{row['standard_error']:g}",
                f"{row['discrepancy']:g}",
                _span(row, "prior"),
                _span(row, "model"),
                _span(row, "predictive"),
                f"**{row['verdict']}**",
            ]
        )
    return markdown_table(
        [
            "target",
            "figure",
            "role",
            "window",
            "published",
            "standard error",
            "discrepancy",
            "model before fitting",
            "model after fitting",
            "predicted figure, errors included",
            "verdict",
        ],
        rows,
    )


def drivers(folder: Path) -> str:
    """The contraction table: every weight."""
    rows = [
        [
            row["weight"].replace("_", " "),
            row["grade"],
            row["basis"],
            _span(row, "prior"),
            _span(row, "posterior"),
            f"{100 * row['contraction']:.0f} %",
            f"{100 * row['contraction_figures']:.0f} %",
            ("**informed**, stands out" if row["stands_out"] else "**informed**")
            if row["informed"]
            else "prior-driven",
        ]
        for row in pd.read_parquet(folder / "drivers.parquet").to_dict("records")
    ]
    return markdown_table(
        ["weight", "grade", "basis", "prior", "posterior", "narrower by", "by figures alone", "verdict"], rows
    )


def tension(folder: Path) -> str:
    """Each figure against the others."""
    rows = [
        [
            row["id"],
            row["figure"],
            f"{row['published']:g}",
            f"{_short(row['median'])} ({_short(row['low'])} to {_short(row['high'])})",
            f"{row['pull']:+.1f}",
        ]
        for row in pd.read_parquet(folder / "tension.parquet").to_dict("records")
    ]
    return markdown_table(
        ["target", "figure", "published", "predicted by fitted figures", "distance, standard deviations"],
        rows,
    )


def patterns(folder: Path) -> str:
    """Shares of prior and posterior in which fitted patterns hold."""
    rows = [
        [
            row["id"],
            f"{100 * row['prior_share']:.0f} % of {row['points']}",
            f"{100 * row['posterior_share']:.0f} % of {row['kept']}, worth {row['effective']:.0f}",
        ]
        for row in pd.read_parquet(folder / "patterns.parquet").to_dict("records")
    ]
    return markdown_table(
        ["pattern", "holds in the prior, of points", "holds after fitting, of points kept"], rows
    )


def effects(folder: Path) -> str:
    """Scenario effects before and after."""
    rows = []
    for row in pd.read_parquet(folder / "effects.parquet").to_dict("records"):
        factor, unit = _factor(row["measure"])
        rows.append(
            [
                row["scenario"],
                MEASURES[row["measure"]].label,
                _span(row, "prior", factor, unit),
                f"{100 * row['prior_positive']:.0f} % / {100 * row['prior_negative']:.0f} %",
                _span(row, "posterior", factor, unit),
                f"{100 * row['posterior_positive']:.0f} % / {100 * row['posterior_negative']:.0f} %",
            ]
        )
    table = markdown_table(
        [
            "scenario",
            "difference in",
            "before fitting",
            "rises / falls in",
            "after fitting",
            "rises / falls in",
        ],
        rows,
    )
    return "\n\n".join([table, *_notes(folder, "effects")])


def _notes(folder: Path, table: str) -> list[str]:
    """What must stand below a table of effects: which of its scenarios are coercion, and what is not worked
    out.
    """
    shown = set(pd.read_parquet(folder / f"{table}.parquet")["scenario"])
    return notes_on_effects(read_facts(folder)["pressing"], shown)


def verdicts(folder: Path) -> str:
    """Checks of the method."""
    rows = [
        [
            row["check"],
            row["of"],
            f"{row['value']:.3f}"
            + (f" ({row['low']:.3f} to {row['high']:.3f})" if row["low"] == row["low"] else ""),
            verdict_of(row).replace("failed", "**failed**"),
        ]
        for row in pd.read_parquet(folder / "verdicts.parquet").to_dict("records")
    ]
    return markdown_table(["check", "of", "value", "verdict"], rows)


def rivals(folder: Path) -> str:
    """Rivals and widths."""
    rows = []
    for row in pd.read_parquet(folder / "rivals.parquet").to_dict("records"):
        factor, unit = _factor(row["measure"])
        rows.append(
            [
                row["rival"],
                row["scenario"],
                MEASURES[row["measure"]].label,
                (
                    f"{_short(factor * row['median'])}{unit} ({_short(factor * row['low'])} to "
                    f"{_short(factor * row['high'])})"
                ),
                f"{100 * row['positive']:.0f} %",
                (
                    f"{100 * row['staying_median']:.0f} % ({100 * row['staying_low']:.0f} to "
                    f"{100 * row['staying_high']:.0f})"
                ),
                f"{100 * row['ranges']:.0f} %",
                f"{row['effective']:.0f}",
            ]
        )
    table = markdown_table(
        [
            "variant",
            "scenario",
            "difference in",
            "after fitting",
            "rises in",
            "departures after three years, of all",
            "chance that its prior meets the ranges",
            "worth draws",
        ],
        rows,
    )
    return "\n\n".join([table, *_notes(folder, "rivals")])


def kept(folder: Path) -> str:
    """What keeping other shares of the runs would give."""
    rows = [
        [
            f"{100 * row['share']:.0f} %",
            f"{row['runs']:,}",
            f"{row['effective']:.0f}",
            f"{row['informed']}: {row['names'].replace('_', ' ')}",
        ]
        for row in pd.read_parquet(folder / "kept.parquet").to_dict("records")
    ]
    return markdown_table(["kept", "runs", "worth draws", "weights informed"], rows)


def tables(folder: Path) -> dict[str, Callable[[], str]]:
    """Every table of the document by the name that its markers carry."""
    made: dict[str, Callable[[], str]] = {
        f.__name__: partial(f, folder)
        for f in (targets, drivers, tension, patterns, effects, verdicts, kept, rivals)
    }
    return made | {"levels": lambda: levels.markdown(levels.levels(Path("scenarios")))}


if __name__ == "__main__":
    source, document = Path(sys.argv[1]), Path(sys.argv[2])
    document.write_text(
        filled(document.read_text(encoding="utf-8"), document, tables=tables(source)), encoding="utf-8"
    )
    (document.parent / "figures").mkdir(exist_ok=True)
    for name in FIGURES:
        shutil.copyfile(
            source / "figures" / f"{name}.png", document.parent / "figures" / f"calibration-{name}.png"
        )
