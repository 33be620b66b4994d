"""What pictures of a sweep share: which factor goes along an axis, labels, limits, captions, and the note
where a factor is coercion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator

from avrr_sim.report.figures import style
from avrr_sim.report.figures.layout import ticks
from avrr_sim.report.words import catalogue, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.contract import SweepTables

COLUMNS = [
    "value",
    "low",
    "high",
    "mc_error",
    "difference",
    "difference_low",
    "difference_high",
    "difference_mc_error",
    "difference_mc_low",
    "difference_mc_high",
    "sign_share",
    "difference_suppressed",
]


def axes_of(sweep: SweepTables, rows: pd.DataFrame) -> tuple[str, str | None]:
    """(the factor along a curve, the factor by which curves are told apart): a number first, if there is
    one.
    """
    columns = sweep.columns
    along = next((c for c in columns if pd.api.types.is_numeric_dtype(rows[c])), columns[0])
    others = [c for c in columns if c != along]
    return along, others[0] if others else None


def points_of(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of points, without those of the baseline."""
    return rows[rows["scenario"] != "baseline"]


def values_of(sweep: SweepTables, rows: pd.DataFrame, column: str) -> list[Any]:
    """Values of a factor: numbers by size, words in the order of the design."""
    seen = list(dict.fromkeys(points_of(rows)[column]))
    return sorted(seen) if pd.api.types.is_numeric_dtype(rows[column]) else seen


def on_grid(sweep: SweepTables, rows: pd.DataFrame) -> bool:
    """Whether every combination of the first two factors stands there once."""
    points = points_of(rows)
    if len(sweep.columns) != 2:
        return len(sweep.columns) == 1
    counts = points.groupby(sweep.columns, sort=False).size()
    return bool(
        len(counts) == points[sweep.columns[0]].nunique() * points[sweep.columns[1]].nunique()
        and (counts == 1).all()
    )


def value_text(value: object) -> str:
    """A value of a factor in words."""
    return sentences.significant(value, 4) if isinstance(value, float) else str(value)


def axis_label(sweep: SweepTables, column: str, width: int = 60, most: int = 1) -> str:
    """A factor with its unit, if it has one, in at most `most` lines of `width` letters."""
    unit = next(factor.get("unit") for factor in sweep.factors if factor["column"] == column)
    return style.lines(f"{column} ({unit})" if unit else column, width, most)


def sweep_colour(sweep: SweepTables) -> str:
    """The colour of lines and dots: grey where a factor is coercion."""
    return style.BASELINE if sweep.coercion else style.colour(1)


def captions_of(sweep: SweepTables, measure: str, what: str, more: str) -> tuple[str, str, str]:
    """(title, caption, text alternative)."""
    info = sweep.measures[measure]
    title = f"{info['label']} ({info['unit']}): {what}"
    caption = f"{more} {info['meaning']}; {info['window']}." + (
        f" {catalogue.SWEEP_COERCION}" if sweep.coercion else ""
    )
    return title, caption, say("sweep.alt", title=title, how=more)


def finish(canvas: Canvas, sweep: SweepTables, title: str, keys: Sequence[Artist], columns: int) -> None:
    """Title above, keys below, and the note on coercion below those."""
    height = canvas.get_size_inches()[1]
    canvas.text(0.005, 1 - 0.05 / height, style.lines(title, 105, 2), fontsize=8.5, weight="bold", va="top")
    lift = 0.16 / height if sweep.coercion else 0.0
    canvas.legend(
        handles=list(keys),
        loc="lower left",
        ncols=columns,
        bbox_to_anchor=(0.0, lift),
        handlelength=2.4,
        columnspacing=1.4,
    )
    if sweep.coercion:
        canvas.text(0.005, 0.02 / height, catalogue.SWEEP_COERCION, fontsize=6, style="italic", va="bottom")


def baseline_text(rows: pd.DataFrame, info: Mapping[str, str]) -> str:
    """The level of the baseline in words; empty where it is not known."""
    base = rows[rows["scenario"] == "baseline"]
    if base.empty or not sentences.known(base["value"].iloc[0]):
        return ""
    level = sentences.shown(base["value"].iloc[0], np.nan, np.nan, info["per"])[0]
    return say(
        "differences.baseline", level=level + (f" {say('per_cent')}" if info["per"] == "share" else "")
    )


def save(
    folder: Path,
    name: str,
    sweep: SweepTables,
    rows: pd.DataFrame,
    draw: Callable[[], Canvas],
    captions: tuple[str, str, str],
) -> style.Figure:
    """Write a picture with its numbers. `captions`: title, caption and text alternative."""
    data = rows[["scenario", *sweep.columns, "group_by", "group", "measure", *COLUMNS]]
    return style.save(folder, name, lambda names: draw(), [], data, captions)


def limits_of(points: pd.DataFrame) -> tuple[float, float]:
    """Limits that hold every band and zero, with some room."""
    seen = points[["difference", "difference_low", "difference_high"]].to_numpy(float)
    low, high = min(0.0, np.nanmin(seen, initial=0.0)), max(0.0, np.nanmax(seen, initial=0.0))
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room


def dress(ax: Axes, info: Mapping[str, str], first: bool, below: str) -> None:
    """The axes of a panel: `first` of its row, and what stands `below` it."""
    ax.yaxis.set_major_formatter(ticks(info["per"], signed=True))
    ax.yaxis.set_major_locator(MaxNLocator(5))
    ax.grid(axis="y", color=style.FAINT, lw=0.5)
    ax.set_xlabel(below)
    if first:
        ax.set_ylabel(style.lines(sentences.unit(info, difference=True), 24, 2))
    else:
        ax.tick_params(labelleft=False)
