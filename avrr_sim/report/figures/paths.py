"""Pictures of a fit to series: each year beside what was published of it, and ratios between years."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from avrr_sim.report.figures import layout, marks, style
from avrr_sim.report.words.language import numeral
from avrr_sim.report.words.sentences import say

_ERRORS = 2.0  # errors that a published figure is drawn with
_BESIDE = 0.16  # of a year, by which before and after stand apart


def draw_paths(folder: Path, table: pd.DataFrame, units: Mapping[str, str]) -> style.Figure:
    """Every series, year by year. `table`: the rows of `CalibrationTables.paths` that are years; `units`: of
    every series.
    """
    title = say("calibration.paths")
    outside = ", ".join(table["id"][~table["in_model"]]) or say("calibration.none")
    words = (
        title,
        say("calibration.paths_caption"),
        say("calibration.paths_alt", title=title, outside=outside),
    )
    return style.save(folder, "paths", lambda names: _paths_canvas(table, units), [], table, words)


def _paths_canvas(table: pd.DataFrame, units: Mapping[str, str]) -> Canvas:
    panels = list(table.groupby("series", sort=False))
    across = min(2, len(panels))
    canvas, grid = layout.grid_of(len(panels), across, 1.7, 0.6, 0.6, (0.45, 0.4), 0.3)
    for axes, (name, part) in zip(grid, panels, strict=True):
        years = part["what"].astype(int).to_numpy()
        for row, year in zip(part.to_dict("records"), years, strict=True):
            _bars(axes, row, float(year))
        axes.errorbar(
            years,
            part["published"],
            yerr=_ERRORS * part["error"],
            fmt="o",
            ms=4,
            mfc="white",
            mec=style.INK,
            ecolor=style.INK,
            elinewidth=0.8,
            capsize=2,
            zorder=5,
        )
        axes.set_title(f"{name}, {units[str(name)]}")
        axes.set_xticks(np.arange(years.min(), years.max() + 1))
        axes.set_xlim(years.min() - 0.6, years.max() + 0.6)
        axes.set_ylim(
            0, 1.15 * float(max(part["posterior_high"].max(), (part["published"] + 2 * part["error"]).max()))
        )
    layout.legend(canvas, _keys(), 3)
    return canvas


def _bars(axes: Any, row: Mapping[str, Any], at: float) -> None:
    """Intervals and medians before and after, upright at a year."""
    for when, shade, x in (
        ("prior", style.GREYS[1], at - _BESIDE),
        ("posterior", style.colour(1), at + _BESIDE),
    ):
        axes.plot(
            [x, x],
            [row[f"{when}_low"], row[f"{when}_high"]],
            color=shade,
            lw=5,
            solid_capstyle="butt",
            zorder=3,
        )
        axes.plot([x - 0.1, x + 0.1], [row[f"{when}_median"]] * 2, color=style.INK, lw=1.2, zorder=4)


def _keys() -> list[Any]:
    return [
        Line2D(
            [],
            [],
            marker="o",
            ms=4,
            mfc="white",
            mec=style.INK,
            color=style.INK,
            lw=0.8,
            label=say("calibration.paths_published"),
        ),
        Patch(facecolor=style.GREYS[1], label=say("calibration.paths_prior")),
        Patch(facecolor=style.colour(1), label=say("calibration.paths_posterior")),
    ]


def draw_ratios(folder: Path, table: pd.DataFrame) -> style.Figure:
    """Every ratio between years. `table`: the rows of `CalibrationTables.paths` that are ratios."""
    title = say("calibration.ratios")
    numbers = "; ".join(
        f"{row['id']}: {numeral(row['published'], '.2f')}, {numeral(row['posterior_median'], '.2f')}"
        for row in table.to_dict("records")
    )
    words = (
        title,
        say("calibration.ratios_caption"),
        say("calibration.ratios_alt", title=title, numbers=numbers),
    )
    return style.save(folder, "ratios", lambda names: _ratios_canvas(table), [], table, words)


def _ratios_canvas(table: pd.DataFrame) -> Canvas:
    canvas, (axes,) = layout.grid_of(1, 1, 0.42 * len(table) + 0.2, 1.7, 0.85, (0, 0), 0.12)
    for y, row in enumerate(table.to_dict("records")):
        for when, shade, at in (
            ("prior", style.GREYS[1], y - _BESIDE),
            ("posterior", style.colour(1), y + _BESIDE),
        ):
            low, middle, high = (max(row[f"{when}_{end}"], 0.05) for end in ("low", "median", "high"))
            marks.interval(axes, low, high, at, shade)
            axes.plot([middle] * 2, [at - 0.13, at + 0.13], color=style.INK, lw=1.2, zorder=4)
        low = max(row["published"] - _ERRORS * row["error"], 0.05)
        marks.whisker(axes, low, row["published"] + _ERRORS * row["error"], y)
        marks.point(axes, row["published"], y, "white", "o", 5)
    layout.rows(axes, list(table["id"]))
    marks.ratio_axis(axes, say("calibration.ratios_axis"))
    layout.legend(canvas, _keys(), 3)
    return canvas
