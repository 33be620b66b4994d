"""Dots with intervals, as figures of differences, levels and groups share them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from avrr_sim.report.figures import layout, marks, style
from avrr_sim.report.words import sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables

SPOKEN = 4  # scenarios up to which a text alternative tells every number

Row = dict[str, Any]


def dot(axes: Axes, row: Mapping[str, Any], column: str, y: float, index: int, chance: bool = True) -> None:
    """One dot with its interval and, thin and black below it, its Monte Carlo error; or why there is none."""
    if row["suppressed"] or not sentences.known(row[column]):
        text = sentences.too_few() if row["suppressed"] else sentences.not_estimable()
        axes.annotate(
            text, (0, y), xytext=(3, 0), textcoords="offset points", fontsize=7, va="center", style="italic"
        )
        return
    middle, shade = row[column], style.colour(index)
    if sentences.known(row["low"]) and sentences.known(row["high"]):
        marks.interval(axes, row["low"], row["high"], y, shade)
    if chance and sentences.known(row["mc_error"]) and row["mc_error"] > 0:
        reach = 2 * row["mc_error"]
        marks.whisker(axes, middle - reach, middle + reach, y + 0.3)
    axes.plot(
        [middle],
        [y],
        marker=style.marker(index),
        ms=5.5,
        mfc=shade,
        mec=style.INK,
        mew=0.6,
        ls="",
        zorder=5,
        clip_on=False,
    )


def legend_of_dots(canvas: Canvas, tables: StudyTables, chance: bool, mean: str, note: str) -> None:
    """The keys of dots, intervals and errors, and the note."""
    keys = [Line2D([], [], marker="o", ms=5.5, mfc=style.PAPER, mec=style.INK, mew=0.6, ls="", label=mean)]
    if not sentences.one_draw(tables):
        keys.append(Line2D([], [], color=style.BASELINE, lw=2.2, label=sentences.interval_name(tables)))
    if chance:
        keys.append(marks.whisker_key(say("differences.error_key")))
    layout.legend(canvas, keys, 3, note)


def number_axis(axes: Axes, per: str, across: int, signed: bool) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(4 if across == 3 else 5, steps=[1, 2, 5, 10], min_n_ticks=2))
    axes.xaxis.set_major_formatter(layout.ticks(per, signed=signed))
    axes.grid(axis="x", color=style.FAINT, lw=0.5, zorder=0)
    axes.margins(x=0.08)


def share_scale(panels: Sequence[Axes]) -> None:
    """The same limits for all panels."""
    limits = [axes.get_xlim() for axes in panels]
    for axes in panels:
        axes.set_xlim(min(low for low, _ in limits), max(high for _, high in limits))


def interval_caption(tables: StudyTables) -> str:
    """What the coloured bars are, or that one draw gives none."""
    if sentences.one_draw(tables):
        return say("differences.one_draw")
    return say("differences.bars", interval=sentences.interval_name(tables))


def rows_by_measure(table: pd.DataFrame) -> dict[tuple[str, str], Row]:
    """The rows of a table for everybody, by (scenario, measure)."""
    return {(row["scenario"], row["measure"]): row for row in table.to_dict("records")}
