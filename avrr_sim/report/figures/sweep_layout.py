"""What pictures of a sweep share: which factor goes along an axis, labels, limits, captions, and the note
where a factor is coercion.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
from avrr_sim.report.words.told import told
from avrr_sim.study.summary.contract import AGAINST_ONLY, SweepTables

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


@dataclass(frozen=True)
class Roles:
    """What each factor does in a picture: one runs along the axis, one tells lines, or rows of a map, apart
    (None: there is no second), and every setting of the others, the `slices`, gets a panel of its own.
    """

    along: str
    second: str | None
    slices: tuple[str, ...]


def roles_of(sweep: SweepTables, rows: pd.DataFrame) -> Roles:
    """The number with most values along the axis, if there is a number; then the next number, then words, in
    the order of the design.
    """
    numbers = [c for c in sweep.columns if pd.api.types.is_numeric_dtype(rows[c])]
    counts = {c: points_of(rows)[c].nunique() for c in sweep.columns}
    order = sorted(sweep.columns, key=lambda c: (c not in numbers, -counts[c] if c in numbers else 0))
    return Roles(order[0], order[1] if len(order) > 1 else None, tuple(order[2:]))


def factors_said(roles: Roles) -> str:
    """The factors of a picture, the one along the axis first."""
    *most, last = [name for name in (roles.along, roles.second, *roles.slices) if name]
    return say("and").join([", ".join(most), last]) if most else last


@dataclass(frozen=True)
class Slice:
    """The points at which some factors are set in one way: `name` says how, `rows` holds them."""

    name: str
    rows: pd.DataFrame


def slices_of(sweep: SweepTables, rows: pd.DataFrame, columns: Sequence[str]) -> list[Slice]:
    """Every setting of some factors that has a point, in order; one with an empty name where there are no
    such factors.
    """
    points = points_of(rows)
    if not columns:
        return [Slice("", points)]
    found = []
    for setting in itertools.product(*(values_of(sweep, rows, column) for column in columns)):
        here = points
        for column, value in zip(columns, setting, strict=True):
            here = here[here[column] == value]
        if len(here):
            said = (f"{c} {value_text(v)}" for c, v in zip(columns, setting, strict=True))
            found.append(Slice(", ".join(said), here))
    return found


def points_of(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of points, without those of the baseline."""
    return rows[rows["scenario"] != "baseline"]


def values_of(sweep: SweepTables, rows: pd.DataFrame, column: str) -> list[Any]:
    """Values of a factor: numbers by size, words in the order of the design."""
    seen = list(dict.fromkeys(points_of(rows)[column]))
    return sorted(seen) if pd.api.types.is_numeric_dtype(rows[column]) else seen


def on_grid(sweep: SweepTables, rows: pd.DataFrame) -> bool:
    """Whether every combination of the factors' values stands there once."""
    points = points_of(rows)
    counts = points.groupby(sweep.columns, sort=False).size()
    return bool(
        len(counts) == math.prod(points[column].nunique() for column in sweep.columns) and (counts == 1).all()
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
    title = f"{info['label']} ({info['unit']}), {what}"
    caption = f"{more} {info['meaning']}; {info['window']}." + (
        f" {catalogue.sweep_coercion()}" if sweep.coercion else ""
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
        canvas.text(0.005, 0.02 / height, catalogue.sweep_coercion(), fontsize=6, style="italic", va="bottom")


def against_only(info: Mapping[str, str]) -> bool:
    """Whether a measure exists against the baseline only, so that it has no level."""
    return info["label"] in {*AGAINST_ONLY, *map(told, AGAINST_ONLY)}


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


def spread_of(points: pd.DataFrame, what: str) -> tuple[float, float]:
    """Limits that hold every band of a level or a difference, of differences zero too, with some room."""
    seen = points[[*BANDS[what][:3]]].to_numpy(float)
    seen = seen[np.isfinite(seen)]
    if what == "difference":
        seen = np.append(seen, 0.0)
    low, high = (float(seen.min()), float(seen.max())) if len(seen) else (0.0, 1.0)
    room = 0.06 * (high - low) or 0.06 * abs(high) or 1.0
    return low - room, high + room


BANDS = {
    "level": ("value", "low", "high", "mc_error"),
    "difference": ("difference", "difference_low", "difference_high", "difference_mc_error"),
}
"""Columns of a level and of a difference: mean, ends of the interval, Monte Carlo error."""


def dress(ax: Axes, info: Mapping[str, str], first: bool, below: str, what: str = "difference") -> None:
    """The axes of a panel: `first` of its row, what stands `below` it, and of what it is."""
    paired = what == "difference" and not against_only(info)
    ax.yaxis.set_major_formatter(ticks(info["per"], signed=paired))
    ax.yaxis.set_major_locator(MaxNLocator(5))
    ax.grid(axis="y", color=style.FAINT, lw=0.5)
    ax.set_xlabel(below)
    if first:
        unit = sentences.unit(info, difference=paired)
        ax.set_ylabel(style.lines(say("sweep.change", unit=unit) if paired else unit, 24, 2))
    else:
        ax.tick_params(labelleft=False)
