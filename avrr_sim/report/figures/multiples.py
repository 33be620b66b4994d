"""Small multiples of a sweep: response curves by group."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from avrr_sim.report.figures import style
from avrr_sim.report.figures.layout import grid_of
from avrr_sim.report.figures.response_curves import draw_curve
from avrr_sim.report.figures.sweep_layout import (
    axes_of,
    captions_of,
    dress,
    finish,
    limits_of,
    points_of,
    save,
    value_text,
    values_of,
)
from avrr_sim.report.words import catalogue, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.contract import SweepTables

MOST_GROUPS, MOST_LINES = 12, 4


def draw_multiples(
    folder: Path, sweep: SweepTables, rows: pd.DataFrame, measure: str, by: str
) -> style.Figure:
    """Response curves of one measure, a panel for every group, lines for the values of the next factor; one
    scale for all.
    """
    along, told = axes_of(sweep, rows)
    captions = captions_of(
        sweep,
        measure,
        say("sweep.by", factors=catalogue.GROUPS.get(by, by).lower()),
        say("sweep.multiples"),
    )
    return save(
        folder,
        f"by-{by}-{measure.replace('_', '-')}",
        sweep,
        rows,
        partial(_draw, sweep, rows, measure, along, told, captions[0]),
        captions,
    )


def _draw(
    sweep: SweepTables, rows: pd.DataFrame, measure: str, along: str, told: str | None, title: str
) -> Canvas:
    info, points = sweep.measures[measure], points_of(rows)
    groups = list(dict.fromkeys(points["group"]))[:MOST_GROUPS]
    looks = _looks(sweep, values_of(sweep, rows, told) if told else [None])
    across = min(3, len(groups))
    canvas, axes = grid_of(len(groups), across, 1.15, 0.8, 0.8, (0.2, 0.42), 0.6)
    for i, (ax, group) in enumerate(zip(axes, groups, strict=True)):
        here = points[points["group"] == group]
        for k, (value, (colour, line, marker)) in enumerate(looks):
            own = here if value is None else here[here[told] == value]
            aside = 0.025 * (k - (len(looks) - 1) / 2)
            draw_curve(
                ax, sweep, own, rows, along, colour, line, marker, chance=False, band=False, aside=aside
            )
        ax.set_ylim(*limits_of(points))
        few = f": {sentences.TOO_FEW}" if here["difference"].isna().all() else ""
        ax.set_title(sweep.origins.get(group, str(group).replace("_", " ")) + few)
        dress(ax, info, i % across == 0, along if i >= len(groups) - across else "")
    keys = [
        Line2D(
            [],
            [],
            color=colour,
            ls=line,
            marker=marker,
            ms=3.5,
            lw=1.4,
            label=say("differences.mean") if value is None else f"{told} {value_text(value)}",
        )
        for value, (colour, line, marker) in looks
    ]
    bars = Line2D([], [], color=style.BASELINE, lw=1.6, alpha=0.5, label=say("course.band_key"))
    finish(canvas, sweep, title, [*keys, bars], 5)
    return canvas


Look = tuple[str, str, str]


def _looks(sweep: SweepTables, values: Sequence[Any]) -> list[tuple[Any, Look]]:
    """(value, (colour, line, marker)) of every line; of many values the first, the middle and the last."""
    chosen = values if len(values) <= MOST_LINES else [values[0], values[len(values) // 2], values[-1]]
    return [
        (
            value,
            (
                style.GREYS[2] if sweep.coercion else style.colour(i + 1),
                ("-", "--", "-.", ":")[i % 4],
                style.MARKERS[i],
            ),
        )
        for i, value in enumerate(chosen)
    ]
