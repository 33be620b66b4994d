"""Response curves of a sweep, and dots where points are spread over ranges."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from avrr_sim.report.figures import style
from avrr_sim.report.figures.layout import grid_of
from avrr_sim.report.figures.sweep_layout import (
    axes_of,
    axis_label,
    baseline_text,
    captions_of,
    dress,
    finish,
    limits_of,
    points_of,
    save,
    sweep_colour,
    value_text,
    values_of,
)
from avrr_sim.report.words import sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.contract import SweepTables

MOST_PANELS = 9


def draw_response(folder: Path, sweep: SweepTables, rows: pd.DataFrame, measure: str) -> style.Figure:
    """Difference from the baseline along one factor, a panel for every value of the next."""
    along, by = axes_of(sweep, rows)
    captions = captions_of(sweep, measure, say("sweep.by", factors=along), say("sweep.curve"))
    return save(
        folder,
        f"curve-{measure.replace('_', '-')}",
        sweep,
        rows,
        partial(_draw_curves, sweep, rows, measure, along, by, captions[0]),
        captions,
    )


def _draw_curves(
    sweep: SweepTables, rows: pd.DataFrame, measure: str, along: str, by: str | None, title: str
) -> Canvas:
    info, points = sweep.measures[measure], points_of(rows)
    panels = values_of(sweep, rows, by)[:MOST_PANELS] if by else [None]
    across = min(3, len(panels)) if len(panels) != 4 else 2
    canvas, axes = grid_of(len(panels), across, 1.7 if len(panels) > 1 else 2.3, 0.8, 0.98, (0.2, 0.72), 0.5)
    limits = limits_of(points)
    for i, (ax, value) in enumerate(zip(axes, panels, strict=True)):
        own = points if value is None else points[points[by] == value]
        draw_curve(ax, sweep, own, rows, along, sweep_colour(sweep))
        ax.set_ylim(*limits)
        ax.set_title(baseline_text(rows, info) if value is None else f"{by} {value_text(value)}")
        dress(
            ax,
            info,
            i % across == 0,
            axis_label(sweep, along, 36 if across > 1 else 60, 2) if i >= len(panels) - across else "",
        )
    finish(
        canvas,
        sweep,
        title,
        curve_keys(sweep_colour(sweep), baseline_text(rows, info)),
        4,
    )
    return canvas


def draw_curve(
    ax: Axes,
    sweep: SweepTables,
    own: pd.DataFrame,
    rows: pd.DataFrame,
    along: str,
    colour: str,
    line: str = "-",
    marker: str = "o",
    chance: bool = True,
    band: bool = True,
    aside: float = 0.0,
) -> None:
    """A line with its band; bars in place of the band where points share a place or lines a panel, then
    `aside` of one another.
    """
    number = pd.api.types.is_numeric_dtype(rows[along])
    own = own.sort_values(along, kind="stable") if number else own
    order = values_of(sweep, rows, along)
    x = own[along].to_numpy(float) if number else np.array([order.index(v) for v in own[along]], float)
    middle, low, high = (own[c].to_numpy(float) for c in ("difference", "difference_low", "difference_high"))
    single = len(set(x)) == len(x)
    x = x + aside * (x.max() - x.min() or 1.0)
    ax.axhline(0, color=style.BASELINE, lw=0.8, zorder=1)
    if single and number and band:
        ax.fill_between(x, low, high, color=colour, alpha=0.22, lw=0, zorder=2)
    else:
        ax.vlines(x, low, high, color=colour, lw=1.6, alpha=0.5, zorder=2)
    ax.plot(
        x, middle, color=colour, lw=1.4, ls=line if single and number else "", marker=marker, ms=3.5, zorder=4
    )
    if chance:
        ax.errorbar(
            x,
            middle,
            yerr=2 * own["difference_mc_error"].to_numpy(float),
            fmt="none",
            color=style.INK,
            ecolor=style.INK,
            elinewidth=0.7,
            capsize=2,
            zorder=5,
        )
    if not number:
        ax.set_xticks(range(len(order)), [value_text(v) for v in order])
    else:
        standing = rows.loc[rows["scenario"] == "baseline", along]
        if len(standing) and sentences.known(standing.iloc[0]):
            ax.axvline(float(standing.iloc[0]), color=style.BASELINE, lw=0.7, ls=":", zorder=1)


def curve_keys(colour: str, base: str, form: str = "band") -> list[Artist]:
    """Keys of a curve with its band, or of dots with their bars (`form` "bar"); `base`: what the dotted line
    is.
    """
    spread = (
        Patch(facecolor=colour, alpha=0.3, label=say("course.band_key"))
        if form == "band"
        else Line2D([], [], color=colour, lw=1.6, alpha=0.5, label=say("course.band_key"))
    )
    return [
        Line2D(
            [],
            [],
            color=colour,
            lw=1.4,
            ls="-" if form == "band" else "",
            marker="o",
            ms=3.5,
            label=say("differences.mean"),
        ),
        spread,
        Line2D([], [], color=style.INK, lw=0.7, marker="_", label=say("differences.error_key")),
        Line2D([], [], color=style.BASELINE, lw=0.7, ls=":", label=base or say("baseline")),
    ]


def draw_scatter(folder: Path, sweep: SweepTables, rows: pd.DataFrame, measure: str) -> style.Figure:
    """Difference from the baseline at every point, a panel for every factor, while all other factors vary as
    well.
    """
    captions = captions_of(sweep, measure, say("sweep.each"), say("sweep.spread"))
    return save(
        folder,
        f"spread-{measure.replace('_', '-')}",
        sweep,
        rows,
        partial(_draw_scatter, sweep, rows, measure, captions[0]),
        captions,
    )


def _draw_scatter(sweep: SweepTables, rows: pd.DataFrame, measure: str, title: str) -> Canvas:
    info, points = sweep.measures[measure], points_of(rows)
    columns = sweep.columns[:MOST_PANELS]
    across = 2 if len(columns) in (2, 4) else min(3, len(columns))
    canvas, axes = grid_of(len(columns), across, 1.8, 0.8, 0.92, (0.2, 0.75), 0.42)
    colour = sweep_colour(sweep)
    for i, (ax, column) in enumerate(zip(axes, columns, strict=True)):
        draw_curve(ax, sweep, points, rows, column, colour, line="", band=False)
        ax.set_ylim(*limits_of(points))
        dress(ax, info, i % across == 0, axis_label(sweep, column, 44, 2))
    finish(canvas, sweep, title, curve_keys(colour, baseline_text(rows, info), "bar"), 4)
    return canvas
