"""The chance at every point that a question of a sweep is answered by yes, and the frontier where it passes
one half.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import PercentFormatter

from avrr_sim.report.figures import style
from avrr_sim.report.figures.heat_map import (
    Cells,
    baseline_key,
    cells_of,
    grid_of_cells,
    left_out,
    mark_baseline,
    write_cell,
)
from avrr_sim.report.figures.layout import across_of, grid_of
from avrr_sim.report.figures.sweep_layout import (
    axis_label,
    finish,
    on_grid,
    points_of,
    sweep_colour,
    value_text,
    values_of,
)
from avrr_sim.report.words import catalogue, questions, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.contract import SweepTables

HALF = 0.5
_BLUE = LinearSegmentedColormap.from_list("chance", ["#F7FBFE", "#6FB1DC"])
_GREY = LinearSegmentedColormap.from_list("chance of coercion", ["#FAFAFA", "#9A9A9A"])
_MOST_PANELS = 9


def draw_chance(folder: Path, sweep: SweepTables, number: int) -> list[style.Figure]:
    """The picture of the `number`-th question: a map over two factors with the frontier, or dots over each
    factor. Nothing where no chance is known.
    """
    rows = chances_of(sweep, number)
    if points_of(rows)["chance"].isna().all():
        return []
    answer = sweep.answers[number - 1]
    mapped = len(sweep.columns) > 1 and on_grid(sweep, rows)
    more = say("sweep.chance_map" if mapped else "sweep.chance_dots")
    if mapped and answer["enough"]:
        more += f" {say('sweep.chance_frontier')}" if 0 < answer["yes"] < answer["points"] else ""
        more += f" {say('sweep.chance_open')}" if answer["open"] else ""
    if not answer["enough"]:
        more = f"{questions.too_few(answer)} {more}"
    if mapped and (cells := cells_of(sweep, rows)).left_out:
        more += f" {left_out(cells)}"
    title = questions.title(sweep, answer)
    caption = f"{more} {catalogue.sweep_coercion()}" if sweep.coercion else more
    captions = (title, caption, say("sweep.alt", title=title, how=more))
    draw = partial(_draw_map if mapped else _draw_dots, sweep, rows, answer, title)
    columns = ["scenario", *sweep.columns, "question", "draws", "chance", "chance_error", "suppressed"]
    return [style.save(folder, f"chance-{number}", lambda names: draw(), [], rows[columns], captions)]


def chances_of(sweep: SweepTables, number: int) -> pd.DataFrame:
    """The chances of the `number`-th question for everybody: a row a point, and the baseline's if it has
    one.
    """
    if sweep.chances is None:
        return pd.DataFrame(columns=["scenario", "chance"])
    table = sweep.chances
    return table[(table["question"] == number) & (table["group_by"] == "all")].reset_index(drop=True)


def unsettled(row: Mapping[str, Any]) -> bool:
    """Whether a chance lies within two Monte Carlo errors of one half."""
    return bool(abs(row["chance"] - HALF) <= 2 * row["chance_error"])


def _draw_map(sweep: SweepTables, rows: pd.DataFrame, answer: Mapping[str, Any], title: str) -> Canvas:
    cells, kinds = cells_of(sweep, rows), set[str]()
    keyed = answer["open"] or not answer["enough"] or 0 < answer["yes"] < answer["points"]
    canvas, axes = grid_of_cells(sweep, cells, 0.98 if keyed else 0.7)
    for ax, own in zip(axes, cells.slices, strict=True):
        grid = np.full((len(cells.ys), len(cells.xs)), np.nan)
        for i, j, row in cells.spots(own):
            grid[j, i] = row["chance"]
        hue = _GREY if sweep.coercion else _BLUE
        mesh = np.ma.masked_invalid(grid)
        ax.pcolormesh(mesh, cmap=hue, norm=Normalize(0, 1), edgecolors=style.PAPER, linewidth=1)
        for i, j, row in cells.spots(own):
            kinds |= _cell(ax, row, i, j, bool(answer["enough"]), cells)
        if answer["enough"]:
            kinds |= _frontier(ax, grid)
        kinds |= mark_baseline(ax, sweep, rows, cells, own)
    plain: dict[str, Any] = {"facecolor": style.PAPER, "edgecolor": "#555555", "lw": 0.4}
    keys: dict[str, Artist] = {
        "frontier": Line2D([], [], color=style.INK, lw=2.4, label=say("sweep.frontier_key")),
        "open": Patch(hatch="////", label=say("sweep.chance_open_key"), **plain),
        "few": Patch(hatch="////", label=questions.too_few(answer), **plain),
        "baseline": baseline_key(rows.iloc[:0], {}),
    }
    finish(canvas, sweep, title, [key for kind, key in keys.items() if kind in kinds], 2)
    return canvas


def _cell(ax: Axes, row: Mapping[str, Any], i: int, j: int, enough: bool, cells: Cells) -> set[str]:
    """Write one cell; gives what needs a key."""
    if not sentences.known(row["chance"]):
        write_cell(ax, sentences.too_few() if row["suppressed"] else sentences.not_estimable(), i, j, 6)
        return set()
    hatched = not enough or unsettled(row)
    if hatched:
        ax.add_patch(Rectangle((i, j), 1, 1, fill=False, hatch="////", edgecolor="#777777", lw=0, zorder=2))
    text = questions.chance(row["chance"])
    if cells.roomy:
        text += f"\n{questions.error(row['chance_error'])}"
    write_cell(ax, text, i, j, 6.5)
    return {"open" if enough else "few"} if hatched else set()


def _frontier(ax: Axes, grid: np.ndarray) -> set[str]:
    """Lines between neighbours of which one has a chance of at least one half; gives what needs a key."""
    yes, known = grid >= HALF, np.isfinite(grid)
    lines = [
        ((i + 1, i + 1), (j, j + 1))
        for j, i in zip(*np.nonzero((yes[:, 1:] != yes[:, :-1]) & known[:, 1:] & known[:, :-1]), strict=True)
    ] + [
        ((i, i + 1), (j + 1, j + 1))
        for j, i in zip(*np.nonzero((yes[1:] != yes[:-1]) & known[1:] & known[:-1]), strict=True)
    ]
    for across, down in lines:
        ax.plot(across, down, color=style.INK, lw=2.4, solid_capstyle="round", zorder=6)
    return {"frontier"} if lines else set()


def _draw_dots(sweep: SweepTables, rows: pd.DataFrame, answer: Mapping[str, Any], title: str) -> Canvas:
    points, columns = points_of(rows), sweep.columns[:_MOST_PANELS]
    across, colour = across_of(len(columns)), sweep_colour(sweep)
    canvas, axes = grid_of(len(columns), across, 1.8, 0.8, 0.98, (0.2, 0.75), 0.42)
    thin: dict[str, Any] = {"ecolor": style.INK, "elinewidth": 0.7, "capsize": 2}
    for i, (ax, column) in enumerate(zip(axes, columns, strict=True)):
        order = values_of(sweep, rows, column)
        number = pd.api.types.is_numeric_dtype(rows[column])
        x = points[column].to_numpy(float) if number else np.array([order.index(v) for v in points[column]])
        ax.errorbar(
            x, points["chance"], yerr=2 * points["chance_error"], fmt="o", ms=3.5, color=colour, **thin
        )
        if not number:
            ax.set_xticks(range(len(order)), [value_text(v) for v in order])
            ax.set_xlim(-0.5, len(order) - 0.5)
        ax.axhline(HALF, color=style.INK, lw=0.9, ls="--")
        ax.set_ylim(-0.03, 1.03)
        ax.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=""))
        ax.grid(axis="y", color=style.FAINT, lw=0.5)
        ax.set_xlabel(axis_label(sweep, column, 44, 2))
        if i % across == 0:
            ax.set_ylabel(say("sweep.chance_axis"))
        else:
            ax.tick_params(labelleft=False)
    keys: list[Artist] = [
        Line2D([], [], ls="", marker="o", ms=3.5, color=colour, label=say("sweep.chance_key")),
        Line2D([], [], color=style.INK, lw=0.7, marker="_", label=say("differences.error_key")),
        Line2D([], [], color=style.INK, lw=0.9, ls="--", label=say("sweep.half_key")),
    ]
    finish(canvas, sweep, title, keys, 3)
    return canvas
