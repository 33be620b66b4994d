"""Heat maps of a sweep over two factors, one for every setting of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
    Slice,
    against_only,
    axis_label,
    baseline_text,
    captions_of,
    factors_said,
    finish,
    points_of,
    roles_of,
    save,
    slices_of,
    value_text,
    values_of,
)
from avrr_sim.report.words import sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.contract import SweepTables

ROOMY = 7  # cells side by side that have room for an interval
MOST_ROWS = 21  # of all slices together
_TWO_SIDES = LinearSegmentedColormap.from_list("two sides", ["#0072B2", "#FFFFFF", "#E69F00"])
_ONE_HUE = LinearSegmentedColormap.from_list("one hue", ["#F7F7F7", "#8C8C8C"])


@dataclass(frozen=True)
class Cells:
    """The places of a map: which factor runs across and which down, their values, and a slice for every
    setting of the others, as far as there is room; `left_out`: slices for which there is none.
    """

    across: str
    down: str
    xs: list[Any]
    ys: list[Any]
    slices: list[Slice]
    left_out: int

    @property
    def roomy(self) -> bool:
        """Whether a cell has room for a second line."""
        return len(self.xs) <= ROOMY

    def spots(self, own: Slice) -> Iterator[tuple[int, int, dict[str, Any]]]:
        """(place across, place down, row) of every point of a slice."""
        for row in own.rows.to_dict("records"):
            yield self.xs.index(row[self.across]), self.ys.index(row[self.down]), row


def cells_of(sweep: SweepTables, rows: pd.DataFrame) -> Cells:
    """The places of a map over the points of `rows`, of two factors or more."""
    roles = roles_of(sweep, rows)
    across, down = roles.along, roles.second or roles.along
    ys = values_of(sweep, rows, down)
    slices = slices_of(sweep, rows, roles.slices)
    shown = slices[: max(1, MOST_ROWS // len(ys))]
    return Cells(across, down, values_of(sweep, rows, across), ys, shown, len(slices) - len(shown))


def grid_of_cells(sweep: SweepTables, cells: Cells, foot: float = 0.85) -> tuple[Canvas, list[Axes]]:
    """A figure with a map a slice, one below the other, dressed but empty."""
    many = len(cells.slices) > 1
    canvas, axes = grid_of(
        len(cells.slices), 1, 0.1 + 0.33 * len(cells.ys), 1.15, foot, (0, 0.4), 0.62 if many else 0.5
    )
    for i, (ax, own) in enumerate(zip(axes, cells.slices, strict=True)):
        last = i == len(axes) - 1
        ax.set_xlim(0, len(cells.xs))
        ax.set_ylim(len(cells.ys), 0)  # the first value on top, as one reads
        ax.set_xticks(np.arange(len(cells.xs)) + 0.5, [value_text(v) for v in cells.xs])
        ax.set_yticks(np.arange(len(cells.ys)) + 0.5, [value_text(v) for v in cells.ys])
        ax.tick_params(length=0)
        ax.set_title(own.name)
        ax.set_xlabel(axis_label(sweep, cells.across) if last else "")
        label = axis_label(sweep, cells.down) if not many else cells.down
        ax.set_ylabel(style.lines(label, 16 if many else 30, 2))
        ax.spines[:].set_visible(False)
    return canvas, axes


def draw_heat_map(folder: Path, sweep: SweepTables, rows: pd.DataFrame, measure: str) -> style.Figure:
    """Difference from the baseline over two factors, a map for every setting of the others; cells whose
    interval holds zero are hatched.
    """
    cells = cells_of(sweep, rows)
    by = "sweep.by_level" if against_only(sweep.measures[measure]) else "sweep.by"
    what = say(by, factors=factors_said(roles_of(sweep, rows)))
    more = say("sweep.map") + (f" {left_out(cells)}" if cells.left_out else "")
    captions = captions_of(sweep, measure, what, more)
    draw = partial(_draw_map, sweep, rows, measure, cells, captions[0])
    return save(folder, f"map-{measure.replace('_', '-')}", sweep, rows, draw, captions)


def left_out(cells: Cells) -> str:
    """A sentence on the slices that a map does not show."""
    shown = len(cells.slices)
    return say("sweep.some_slices", shown=shown, slices=shown + cells.left_out)


def _draw_map(sweep: SweepTables, rows: pd.DataFrame, measure: str, cells: Cells, title: str) -> Canvas:
    info = sweep.measures[measure]
    canvas, axes = grid_of_cells(sweep, cells)
    everywhere = points_of(rows)["difference"].to_numpy(float)
    kinds: set[str] = set()
    for ax, own in zip(axes, cells.slices, strict=True):
        grid = np.full((len(cells.ys), len(cells.xs)), np.nan)
        for i, j, row in cells.spots(own):
            grid[j, i] = row["difference"]
        shades = _shades(everywhere, sweep.coercion)
        ax.pcolormesh(np.ma.masked_invalid(grid), **shades, edgecolors=style.PAPER, linewidth=1)
        for i, j, row in cells.spots(own):
            kinds |= _cell(ax, row, i, j, info, cells.roomy)
        kinds |= mark_baseline(ax, sweep, rows, cells, own)
    keys = {
        "open": Patch(
            facecolor=style.PAPER,
            edgecolor="#555555",
            hatch="////",
            lw=0.4,
            label=say("sweep.open_key"),
        ),
        "baseline": baseline_key(rows, info),
    }
    unit = sentences.unit(info, difference=not against_only(info))
    title = title if unit == info["unit"] else f"{title}; {unit}"
    finish(canvas, sweep, title, [key for kind, key in keys.items() if kind in kinds], 2)
    return canvas


def baseline_key(rows: pd.DataFrame, info: Mapping[str, str]) -> Patch:
    """The key of the frame around what is set as in the baseline, with its level."""
    level = baseline_text(rows, info)
    label = f"{say('sweep.as_baseline')} ({level})" if level else say("sweep.as_baseline")
    return Patch(facecolor="none", edgecolor=style.INK, lw=1.6, label=label)


def _shades(grid: np.ndarray, grey: bool) -> dict[str, Any]:
    """Colours of a map: two sides of zero; for coercion one hue from the smallest to the largest number."""
    low, high = float(np.nanmin(grid, initial=0.0)), float(np.nanmax(grid, initial=0.0))
    if grey:
        return {"cmap": _ONE_HUE, "norm": Normalize(low, high if high > low else low + 1)}
    reach = max(abs(low), abs(high)) or 1.0
    return {"cmap": _TWO_SIDES, "norm": TwoSlopeNorm(0.0, -1.3 * reach, 1.3 * reach)}


def _cell(ax: Axes, row: Mapping[str, Any], i: int, j: int, info: Mapping[str, str], roomy: bool) -> set[str]:
    """Write one cell; gives what needs a key."""
    if row["difference_suppressed"] or not sentences.known(row["difference"]):
        ax.text(
            i + 0.5,
            j + 0.5,
            sentences.too_few() if row["difference_suppressed"] else sentences.not_estimable(),
            ha="center",
            va="center",
            fontsize=6.5,
            style="italic",
        )
        return set()
    low, high = row["difference_low"], row["difference_high"]
    zero = row["difference"] == 0 and low == 0 and high == 0
    unsettled = sentences.known(low) and low <= 0 <= high and not zero
    if unsettled:
        ax.add_patch(Rectangle((i, j), 1, 1, fill=False, hatch="////", edgecolor="#777777", lw=0, zorder=2))
    paired = not against_only(info)
    value, interval = sentences.shown(row["difference"], low, high, info["per"], signed=paired)
    text = say("sweep.alike") if zero else value + (f"\n{interval}" if roomy and interval else "")
    write_cell(ax, text, i, j, 6 if roomy else 6.5)
    return {"open"} if unsettled else set()


def write_cell(ax: Axes, text: str, i: int, j: int, size: float) -> None:
    """The text of a cell, on paper of its own so that hatching does not cross it."""
    box = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.0, "alpha": 0.85}
    ax.text(
        i + 0.5,
        j + 0.5,
        text,
        ha="center",
        va="center",
        fontsize=size,
        linespacing=1.25,
        bbox=box,
        zorder=4,
    )


def mark_baseline(ax: Axes, sweep: SweepTables, rows: pd.DataFrame, cells: Cells, own: Slice) -> set[str]:
    """Frame the cell that is set as the baseline is; gives what needs a key."""
    base = rows[rows["scenario"] == "baseline"]
    if base.empty:
        return set()
    for i, j, row in cells.spots(own):
        if all(row[column] == base[column].iloc[0] for column in sweep.columns):
            ax.add_patch(
                Rectangle((i, j), 1, 1, fill=False, edgecolor=style.INK, lw=1.6, zorder=5, clip_on=False)
            )
            return {"baseline"}
    return set()
