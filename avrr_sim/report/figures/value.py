"""What each candidate would remove of the variance of a policy difference, as dots."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from avrr_sim.report.figures import layout, marks, style
from avrr_sim.report.words import catalogue
from avrr_sim.report.words.sentences import say

MOST = {"study": 12, "figure": 6, "grade": 4, "part": 5, "driver": 5, "weight": 10}
"""Candidates of each kind that a figure shows at most, those worth most, in the order in which kinds stand.
"""
_ROW, _GAP, _HEAD, _FOOT = 0.2, 0.75, 0.12, 0.95  # inches a row; rows between kinds; inches above and below
_LETTERS = 46
_NINE_TENTHS = 1.645  # standard errors


def shown_rows(value: pd.DataFrame) -> pd.DataFrame:
    """The rows of one difference that its figure shows."""
    parts = [
        value[value["kind"] == kind].sort_values("share", ascending=False, kind="stable").head(most)
        for kind, most in MOST.items()
    ]
    return pd.concat(parts, ignore_index=True)


def draw_value(folder: Path, name: str, words: tuple[str, str, str], value: pd.DataFrame) -> style.Figure:
    """The candidates of one difference: SVG and CSV called `name` into `folder`; words: title, caption and
    text alternative.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table = shown_rows(value)
    data = table[["kind", "name", "share", "error", "line", "unseen", "sd_after"]]
    return style.save(folder, name, lambda names: _draw(table), [], data, words)


def _draw(table: pd.DataFrame) -> Canvas:
    places, heads, y = [], [], 0.0
    for kind in dict.fromkeys(table["kind"]):
        heads.append((kind, y))
        y += 1.0
        for _ in range(int((table["kind"] == kind).sum())):
            places.append(y)
            y += 1.0
        y += _GAP
    height = _ROW * y + _HEAD + _FOOT
    canvas = Canvas(figsize=(style.WIDTH, height))
    axes = canvas.add_axes((0.42, _FOOT / height, 0.56, 1 - (_HEAD + _FOOT) / height))
    for place, row in zip(places, table.to_dict("records"), strict=True):
        _row(axes, row, place)
    for kind, place in heads:
        axes.text(
            -0.02,
            place,
            catalogue.KNOWN[kind],
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            fontsize=7.5,
            weight="bold",
        )
    axes.set_yticks(places, [style.lines(each, _LETTERS, 1) for each in table["label"]], fontsize=7)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(y - 0.6, -0.7)
    axes.set_xlim(-3, 103)
    axes.set_xlabel(say("value.axis"))
    axes.grid(axis="x", color=style.FAINT, lw=0.5, zorder=0)
    axes.axvline(0, color=style.BASELINE, lw=0.8, zorder=1)
    _legend(canvas)
    return canvas


def _row(axes: Axes, row: Mapping[str, Any], y: float) -> None:
    """One candidate: its dot, filled where it lies above the null line, its error and the line."""
    shade = style.SCENARIOS[0] if row["above"] else style.GREYS[1]
    low, high = (row["share"] + side * _NINE_TENTHS * row["error"] for side in (-1, 1))
    marks.interval(axes, 100 * min(max(low, 0), 1), 100 * min(max(high, 0), 1), y, shade)
    marks.point(axes, 100 * min(max(row["share"], 0.0), 1.0), y, shade, "o", 5.0)
    line = 100 * min(row["line"], 1.0)
    axes.plot([line, line], [y - 0.38, y + 0.38], color=style.INK, lw=0.9, zorder=5)


def _legend(canvas: Canvas) -> None:
    keys = [
        marks.marked_key(say("value.above"), style.SCENARIOS[0], "o", 5.0),
        marks.marked_key(say("value.below"), style.GREYS[1], "o", 5.0),
        Line2D([], [], color=style.INK, lw=0.9, marker="|", ms=7, ls="", label=say("value.line")),
    ]
    layout.legend(canvas, keys, 3, say("value.note"))
