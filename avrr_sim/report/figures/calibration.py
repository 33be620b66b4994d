"""Pictures of a calibration: what was learned, and how the method stood its checks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from avrr_sim.report.figures import layout, marks, style
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.contract import CalibrationTables

_BAND = 0.95  # of the binomial bands in the pictures of checks

Measures = Mapping[str, Mapping[str, str]]
"""What measures are called, by name: label, unit, per, window, meaning."""


def draw_contraction(folder: Path, drivers: pd.DataFrame) -> style.Figure:
    """How much narrower every weight became, against weights that act on nothing."""
    table = drivers[["weight", "contraction", "threshold", "informed"]]
    title = say("calibration.contraction")
    alt = say(
        "calibration.contraction_alt", title=title, informed=int(table["informed"].sum()), all=len(table)
    )
    return style.save(
        folder,
        "contraction",
        lambda names: _contraction_canvas(table),
        [],
        table,
        (title, say("calibration.contraction_caption"), alt),
    )


def _contraction_canvas(table: pd.DataFrame) -> Canvas:
    canvas, (axes,) = layout.grid_of(1, 1, 2.0, 0.6, 0.75, (0, 0), 0.12)
    shades = [style.colour(1) if told else style.GREYS[1] for told in table["informed"]]
    axes.bar(
        range(len(table)), 100 * table["contraction"], color=shades, edgecolor=style.INK, lw=0.2, width=0.9
    )
    axes.axhline(100 * table["threshold"].iloc[0], color=style.INK, lw=0.9, ls=marks.SHORT_DASHES)
    axes.axhline(0, color=style.INK, lw=0.6)
    axes.set_xlim(-0.8, len(table) - 0.2)
    axes.set_xticks([])
    axes.set_xlabel(say("calibration.contraction_x"))
    axes.set_ylabel(say("calibration.contraction_y"))
    keys = [
        Patch(facecolor=style.colour(1), edgecolor=style.INK, lw=0.4, label=say("drivers.is_informed")),
        Patch(facecolor=style.GREYS[1], edgecolor=style.INK, lw=0.4, label=say("drivers.is_prior_driven")),
        Line2D([], [], color=style.INK, lw=0.9, ls=marks.SHORT_DASHES, label=say("calibration.threshold")),
    ]
    layout.legend(canvas, keys, 3)
    return canvas


def draw_tension(folder: Path, table: pd.DataFrame) -> style.Figure:
    """Every figure against what all others predict for it."""
    title = say("calibration.tension")
    alt = say(
        "calibration.tension_alt",
        title=title,
        numbers="; ".join(f"{row['id']}: {row['pull']:+.1f}" for row in table.to_dict("records")),
    )
    return style.save(
        folder,
        "tension",
        lambda names: _tension_canvas(table),
        [],
        table,
        (title, say("calibration.tension_caption"), alt),
    )


def _tension_canvas(table: pd.DataFrame) -> Canvas:
    canvas, (axes,) = layout.grid_of(1, 1, 0.28 * len(table) + 0.15, 2.9, 0.75, (0, 0), 0.12)
    for y, row in enumerate(table.to_dict("records")):
        low, middle, high = (max(row[end] / row["published"], 0.02) for end in ("low", "median", "high"))
        marks.interval(axes, low, high, y, style.colour(1))
        marks.point(axes, middle, y, style.colour(1), "o", 5)
    layout.rows(axes, [f"{row['id']}: {row['figure']}" for row in table.to_dict("records")], width=46, size=7)
    marks.ratio_axis(axes, say("calibration.tension_axis"))
    layout.legend(canvas, [marks.marked_key(say("calibration.tension_key"), style.colour(1), "o", 5)], 1)
    return canvas


def draw_ranks(folder: Path, tables: CalibrationTables) -> style.Figure:
    """Where the truth lies in the posterior of known truths: flat is right."""
    weights, told, effects = (
        tables.checks["quantity"][tables.checks["kind"] == kind] for kind in ("weight", "figure", "effect")
    )
    informed = tables.drivers["weight"][tables.drivers["informed"]]
    panels = {
        say("calibration.all_weights"): tables.ranks[list(weights)].to_numpy(),
        say("calibration.informed_weights"): tables.ranks[list(informed)].to_numpy(),
        say("calibration.all_figures"): tables.ranks[list(told)].to_numpy(),
        say("calibration.all_effects"): tables.ranks[list(effects)].to_numpy(),
    }
    panels = {name: values for name, values in panels.items() if values.size}
    table = pd.DataFrame(
        [
            {"of": name, "bin": i + 1, "share": share}
            for name, values in panels.items()
            for i, share in enumerate(_histogram(values.ravel(), tables.bins))
        ]
    )
    title = say("calibration.ranks")
    caption = say("calibration.ranks_caption", n=len(tables.ranks))
    return style.save(
        folder,
        "ranks",
        partial(_ranks_canvas, panels, tables.bins),
        [],
        table,
        (title, caption, say("calibration.ranks_alt", title=title)),
    )


def _histogram(ranks: np.ndarray, bins: int) -> np.ndarray:
    """(bins,) share of ranks in each part of [0, 1]."""
    return np.histogram(ranks, bins=bins, range=(0, 1))[0] / ranks.size


def _ranks_canvas(panels: Mapping[str, np.ndarray], bins: int, names: list[str]) -> Canvas:
    canvas, grid = layout.grid_of(len(panels), len(panels), 1.6, 0.6, 0.55, (0.35, 0), 0.3)
    for axes, (name, values) in zip(grid, panels.items(), strict=True):
        worlds = np.array([_histogram(row, bins) for row in values])
        error = worlds.std(axis=0, ddof=1) / np.sqrt(len(worlds))
        axes.bar(
            (np.arange(bins) + 0.5) / bins,
            100 * worlds.mean(axis=0),
            width=0.92 / bins,
            color=style.colour(1),
            yerr=196 * error,
            ecolor=style.INK,
            capsize=2,
            error_kw={"lw": 0.8},
        )
        axes.axhline(100 / bins, color=style.INK, lw=0.9, ls=marks.SHORT_DASHES)
        axes.set_title(name)
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 200 / bins)
        axes.set_xlabel(say("calibration.ranks_x"))
    grid[0].set_ylabel(say("calibration.ranks_y"))
    return canvas


def draw_coverage(folder: Path, tables: CalibrationTables) -> style.Figure:
    """How often intervals held the truth, quantity by quantity."""
    from scipy import stats

    n = len(tables.ranks)
    low, high = (
        float(stats.binom.ppf(p, n, tables.interval)) / n for p in ((1 - _BAND) / 2, (1 + _BAND) / 2)
    )
    table = tables.checks[["quantity", "kind", "coverage", "low", "high"]]
    outside = int(((table["coverage"] < low) | (table["coverage"] > high)).sum())
    title = say("calibration.coverage")
    caption = say(
        "calibration.coverage_caption",
        n=n,
        low=100 * low,
        high=100 * high,
        outside=outside,
        all=len(table),
        expected=(1 - _BAND) * len(table),
    )
    return style.save(
        folder,
        "coverage",
        partial(_coverage_canvas, table, (low, high), tables.interval),
        [],
        table,
        (title, caption, say("calibration.coverage_alt", title=title, outside=outside, all=len(table))),
    )


def _coverage_canvas(
    table: pd.DataFrame, band: tuple[float, float], interval: float, names: list[str]
) -> Canvas:
    canvas, (axes,) = layout.grid_of(1, 1, 2.0, 0.6, 0.75, (0, 0), 0.12)
    table = pd.concat([part.sort_values("coverage") for _, part in table.groupby("kind", sort=False)])
    axes.axhspan(100 * band[0], 100 * band[1], color=style.FAINT, zorder=0)
    axes.axhline(100 * interval, color=style.INK, lw=0.9, ls=marks.SHORT_DASHES, zorder=1)
    keys: list[Artist] = [Patch(facecolor=style.FAINT, label=say("calibration.band"))]
    for i, (kind, mark) in enumerate((("weight", "o"), ("figure", "s"), ("effect", "^"))):
        chosen = np.flatnonzero(table["kind"] == kind)
        axes.plot(
            chosen,
            100 * table["coverage"].to_numpy()[chosen],
            marker=mark,
            ms=3.5,
            mfc=style.colour(i + 1),
            mec=style.INK,
            mew=0.3,
            ls="",
            zorder=3,
        )
        keys.append(
            Line2D(
                [],
                [],
                marker=mark,
                ms=4.5,
                mfc=style.colour(i + 1),
                mec=style.INK,
                mew=0.4,
                ls="",
                label=say(f"calibration.{kind}_key"),
            )
        )
    axes.set_xticks([])
    axes.set_xlim(-1, len(table))
    axes.set_xlabel(say("calibration.coverage_x"))
    axes.set_ylabel(say("calibration.coverage_y"))
    layout.legend(canvas, keys, 4)
    return canvas


def draw_recovery(folder: Path, tables: CalibrationTables) -> style.Figure:
    """The true effect of every known truth against the posterior's median, and how much narrower than
    in the region the intervals are.
    """
    table = tables.recovery
    title = say("calibration.recovery")
    alt = say("calibration.recovery_alt", title=title, narrower=100 * (1 - float(table["width"].mean())))
    return style.save(
        folder,
        "recovery",
        partial(_recovery_canvas, table, tables.measures),
        [],
        table,
        (title, say("calibration.recovery_caption"), alt),
    )


def _recovery_canvas(table: pd.DataFrame, measures: Measures, names: list[str]) -> Canvas:
    groups = [(name, part) for name, part in table.groupby("effect", sort=False)]
    across = min(4, len(groups))
    canvas, grid = layout.grid_of(len(groups), across, 1.25, 0.5, 0.5, (0.3, 0.5), 0.32)
    for i, (axes, (name, part)) in enumerate(zip(grid, groups, strict=True)):
        scenario, measure = name.split(":")
        axes.plot([-3, 3], [-3, 3], color=style.GREYS[1], lw=0.8, zorder=1)
        axes.plot(
            part["truth"],
            part["posterior"],
            marker="o",
            ms=2,
            mfc=style.colour(1),
            mec="none",
            ls="",
            zorder=2,
        )
        label = style.lines(measures[measure]["label"], 28, 1)
        axes.set_title(f"{scenario.replace('-', ' ')}\n{label}", fontsize=6.5)
        axes.text(
            0.04,
            0.86,
            say("calibration.width", share=100 * part["width"].mean()),
            transform=axes.transAxes,
            fontsize=6.5,
        )
        axes.set_xlim(-3, 3)
        axes.set_ylim(-3, 3)
        axes.tick_params(labelsize=6.5)
        if i >= len(groups) - across:
            axes.set_xlabel(say("calibration.truth"), fontsize=7)
        if i % across == 0:
            axes.set_ylabel(say("calibration.found"), fontsize=7)
    return canvas
