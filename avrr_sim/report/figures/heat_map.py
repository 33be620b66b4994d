"""Heat maps of a sweep over two factors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize, TwoSlopeNorm
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Patch, Rectangle

from avrr_sim.report.figures import style
from avrr_sim.report.figures.layout import grid_of
from avrr_sim.report.figures.sweep_layout import (
    axis_label,
    baseline_text,
    captions_of,
    finish,
    points_of,
    save,
    value_text,
    values_of,
)
from avrr_sim.report.words import sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.contract import SweepTables

ROOMY = 6  # cells side by side that have room for an interval
_TWO_SIDES = LinearSegmentedColormap.from_list("two sides", ["#0072B2", "#FFFFFF", "#E69F00"])
_ONE_HUE = LinearSegmentedColormap.from_list("one hue", ["#F7F7F7", "#8C8C8C"])


def draw_heat_map(folder: Path, sweep: SweepTables, rows: pd.DataFrame, measure: str) -> style.Figure:
    """Difference from the baseline over two factors; cells whose interval holds zero are hatched."""
    captions = captions_of(
        sweep, measure, say("sweep.by", factors=say("and").join(sweep.columns)), say("sweep.map")
    )
    return save(
        folder,
        f"map-{measure.replace('_', '-')}",
        sweep,
        rows,
        partial(_draw_map, sweep, rows, measure, captions[0]),
        captions,
    )


def _draw_map(sweep: SweepTables, rows: pd.DataFrame, measure: str, title: str) -> Canvas:
    info, points = sweep.measures[measure], points_of(rows)
    across, down = (
        sweep.columns if pd.api.types.is_numeric_dtype(rows[sweep.columns[0]]) else sweep.columns[::-1]
    )
    xs, ys = values_of(sweep, rows, across), values_of(sweep, rows, down)
    canvas, (ax,) = grid_of(1, 1, 0.2 + 0.46 * len(ys), 1.15, 0.85, (0, 0), 0.5)
    at = {(r[across], r[down]): r for r in points.to_dict("records")}
    grid = np.array([[at[x, y]["difference"] for x in xs] for y in ys], float)
    ax.pcolormesh(
        np.ma.masked_invalid(grid), **_shades(grid, sweep.coercion), edgecolors=style.PAPER, linewidth=1
    )
    roomy = len(xs) <= ROOMY
    for j, y in enumerate(ys):
        for i, x in enumerate(xs):
            _cell(ax, at[x, y], i, j, info, roomy)
    ax.invert_yaxis()  # the first value on top, as one reads
    marked = _mark_baseline(ax, rows, across, down, xs, ys)
    ax.set_xticks(np.arange(len(xs)) + 0.5, [value_text(v) for v in xs])
    ax.set_yticks(np.arange(len(ys)) + 0.5, [value_text(v) for v in ys])
    ax.tick_params(length=0)
    ax.set_xlabel(axis_label(sweep, across))
    ax.set_ylabel(style.lines(axis_label(sweep, down), 30, 2))
    ax.spines[:].set_visible(False)
    keys = [
        Patch(
            facecolor=style.PAPER,
            edgecolor="#555555",
            hatch="////",
            lw=0.4,
            label=say("sweep.open_key", baseline=baseline_text(rows, info)),
        )
    ]
    if marked:
        keys.append(Patch(facecolor="none", edgecolor=style.INK, lw=1.6, label=say("sweep.as_baseline")))
    unit = sentences.unit(info, difference=True)
    finish(canvas, sweep, title if unit == info["unit"] else f"{title}; {unit}", keys, 2)
    return canvas


def _shades(grid: np.ndarray, grey: bool) -> dict[str, Any]:
    """Colours of a map: two sides of zero; for coercion one hue from the smallest to the largest number."""
    low, high = float(np.nanmin(grid, initial=0.0)), float(np.nanmax(grid, initial=0.0))
    if grey:
        return {"cmap": _ONE_HUE, "norm": Normalize(low, high if high > low else low + 1)}
    reach = max(abs(low), abs(high)) or 1.0
    return {"cmap": _TWO_SIDES, "norm": TwoSlopeNorm(0.0, -1.3 * reach, 1.3 * reach)}


def _cell(ax: Axes, row: Mapping[str, Any], i: int, j: int, info: Mapping[str, str], roomy: bool) -> None:
    if row["difference_suppressed"] or not sentences.known(row["difference"]):
        ax.text(
            i + 0.5,
            j + 0.5,
            sentences.TOO_FEW if row["difference_suppressed"] else sentences.NOT_ESTIMABLE,
            ha="center",
            va="center",
            fontsize=6.5,
            style="italic",
        )
        return
    low, high = row["difference_low"], row["difference_high"]
    zero = row["difference"] == 0 and low == 0 and high == 0
    if sentences.known(low) and low <= 0 <= high and not zero:
        ax.add_patch(Rectangle((i, j), 1, 1, fill=False, hatch="////", edgecolor="#777777", lw=0, zorder=2))
    value, interval = sentences.shown(row["difference"], low, high, info["per"], signed=True)
    text = say("sweep.alike") if zero else value + (f"\n{interval}" if roomy and interval else "")
    box = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.2, "alpha": 0.85}
    ax.text(
        i + 0.5,
        j + 0.5,
        text,
        ha="center",
        va="center",
        fontsize=6 if roomy else 6.5,
        linespacing=1.3,
        bbox=box,
        zorder=4,
    )


def _mark_baseline(
    ax: Axes, rows: pd.DataFrame, across: str, down: str, xs: Sequence[Any], ys: Sequence[Any]
) -> bool:
    """Frame the cell that is set as the baseline is; whether there is one."""
    base = rows[rows["scenario"] == "baseline"]
    there = len(base) and base[across].iloc[0] in xs and base[down].iloc[0] in ys
    if there:
        spot = (xs.index(base[across].iloc[0]), ys.index(base[down].iloc[0]))
        ax.add_patch(Rectangle(spot, 1, 1, fill=False, edgecolor=style.INK, lw=1.6, zorder=5, clip_on=False))
    return bool(there)
