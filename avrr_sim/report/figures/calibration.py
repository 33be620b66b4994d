"""Pictures of a calibration: what was learned, and how the method stood its checks."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from avrr_sim.measures import MEASURES
from avrr_sim.report.figures import layout, style
from avrr_sim.report.words.sentences import say
from avrr_sim.study.calibration.method_checks import BINS, Checked
from avrr_sim.study.summary.statistics import INTERVAL

_BAND = 0.95  # of the binomial bands in the pictures of checks
_RIVAL_MEASURES = ("uptake_24", "assisted_departures")


def contraction(folder: Path, drivers: pd.DataFrame) -> style.Figure:
    """How much narrower every weight became, against weights that act on nothing."""
    table = drivers[["weight", "contraction", "threshold", "informed"]]
    title = say("calibration.contraction")
    alt = say(
        "calibration.contraction_alt", title=title, informed=int(table["informed"].sum()), all=len(table)
    )
    return style.save(
        folder,
        "contraction",
        lambda names: _draw_contraction(table),
        [],
        table,
        (title, say("calibration.contraction_caption"), alt),
    )


def _draw_contraction(table: pd.DataFrame) -> Canvas:
    canvas, (axes,) = layout.grid_of(1, 1, 2.0, 0.6, 0.75, (0, 0), 0.12)
    shades = [style.colour(1) if told else style.GREYS[1] for told in table["informed"]]
    axes.bar(
        range(len(table)), 100 * table["contraction"], color=shades, edgecolor=style.INK, lw=0.2, width=0.9
    )
    axes.axhline(100 * table["threshold"].iloc[0], color=style.INK, lw=0.9, ls=(0, (4, 2)))
    axes.axhline(0, color=style.INK, lw=0.6)
    axes.set_xlim(-0.8, len(table) - 0.2)
    axes.set_xticks([])
    axes.set_xlabel(say("calibration.contraction_x"))
    axes.set_ylabel(say("calibration.contraction_y"))
    keys = [
        Patch(facecolor=style.colour(1), edgecolor=style.INK, lw=0.4, label=say("drivers.is_informed")),
        Patch(facecolor=style.GREYS[1], edgecolor=style.INK, lw=0.4, label=say("drivers.is_prior_driven")),
        Line2D([], [], color=style.INK, lw=0.9, ls=(0, (4, 2)), label=say("calibration.threshold")),
    ]
    layout.legend(canvas, keys, 3)
    return canvas


def tension(folder: Path, table: pd.DataFrame) -> style.Figure:
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
        lambda names: _draw_tension(table),
        [],
        table,
        (title, say("calibration.tension_caption"), alt),
    )


def _draw_tension(table: pd.DataFrame) -> Canvas:
    canvas, (axes,) = layout.grid_of(1, 1, 0.28 * len(table) + 0.15, 2.9, 0.75, (0, 0), 0.12)
    for y, row in enumerate(table.to_dict("records")):
        low, middle, high = (max(row[end] / row["published"], 0.02) for end in ("low", "median", "high"))
        axes.plot([low, high], [y, y], color=style.colour(1), lw=2.2, solid_capstyle="butt", zorder=3)
        axes.plot(
            [middle], [y], marker="o", ms=5, mfc=style.colour(1), mec=style.INK, mew=0.5, ls="", zorder=4
        )
    layout.rows(axes, [f"{row['id']}: {row['figure']}" for row in table.to_dict("records")], width=46)
    axes.tick_params(axis="y", labelsize=7)
    axes.set_xscale("log")
    axes.axvline(1, color=style.BASELINE, lw=0.9, zorder=1)
    low, high = axes.get_xlim()
    at = [v for v in (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50) if low <= v <= high]
    axes.set_xticks(at, [f"{v:g}" for v in at])
    axes.minorticks_off()
    axes.set_xlabel(say("calibration.tension_axis"))
    layout.legend(
        canvas,
        [
            Line2D(
                [],
                [],
                color=style.colour(1),
                lw=2.2,
                marker="o",
                ms=5,
                mec=style.INK,
                mew=0.5,
                label=say("calibration.tension_key"),
            )
        ],
        1,
    )
    return canvas


def ranks(folder: Path, done: Checked, informed: list[str]) -> style.Figure:
    """Where the truth lies in the posterior of pseudo-observations: flat is right."""
    place = [done.weights.index(name) for name in informed]
    panels = [
        (say("calibration.all_weights"), done.ranks),
        (say("calibration.informed_weights"), done.ranks[:, place]),
        (say("calibration.all_effects"), done.effect_ranks),
    ]
    panels = [(name, values) for name, values in panels if values.size]
    table = pd.DataFrame(
        [
            {"of": name, "bin": i + 1, "share": share}
            for name, values in panels
            for i, share in enumerate(np.histogram(values, bins=BINS, range=(0, 1))[0] / values.size)
        ]
    )
    title = say("calibration.ranks")
    return style.save(
        folder,
        "ranks",
        partial(_draw_ranks, panels),
        [],
        table,
        (
            title,
            say("calibration.ranks_caption", n=len(done.ranks)),
            say("calibration.ranks_alt", title=title),
        ),
    )


def _draw_ranks(panels: list, names: list[str]) -> Canvas:
    canvas, grid = layout.grid_of(len(panels), len(panels), 1.6, 0.6, 0.55, (0.35, 0), 0.3)
    for axes, (name, values) in zip(grid, panels, strict=True):
        worlds = np.array([np.histogram(row, bins=BINS, range=(0, 1))[0] / len(row) for row in values])
        error = worlds.std(axis=0, ddof=1) / np.sqrt(len(worlds))
        axes.bar(
            (np.arange(BINS) + 0.5) / BINS,
            100 * worlds.mean(axis=0),
            width=0.92 / BINS,
            color=style.colour(1),
            yerr=196 * error,
            ecolor=style.INK,
            capsize=2,
            error_kw={"lw": 0.8},
        )
        axes.axhline(100 / BINS, color=style.INK, lw=0.9, ls=(0, (4, 2)))
        axes.set_title(name)
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 200 / BINS)
        axes.set_xlabel(say("calibration.ranks_x"))
    grid[0].set_ylabel(say("calibration.ranks_y"))
    return canvas


def coverage(folder: Path, checks: pd.DataFrame, n: int) -> style.Figure:
    """How often 90 % intervals held the truth, quantity by quantity."""
    from scipy import stats

    band = stats.binom.ppf([(1 - _BAND) / 2, (1 + _BAND) / 2], n, INTERVAL) / n
    table = checks[["quantity", "kind", "coverage", "low", "high"]]
    outside = int(((table["coverage"] < band[0]) | (table["coverage"] > band[1])).sum())
    title = say("calibration.coverage")
    caption = say(
        "calibration.coverage_caption",
        n=n,
        low=100 * band[0],
        high=100 * band[1],
        outside=outside,
        all=len(table),
        expected=(1 - _BAND) * len(table),
    )
    return style.save(
        folder,
        "coverage",
        partial(_draw_coverage, table, band),
        [],
        table,
        (title, caption, say("calibration.coverage_alt", title=title, outside=outside, all=len(table))),
    )


def _draw_coverage(table: pd.DataFrame, band: np.ndarray, names: list[str]) -> Canvas:
    canvas, (axes,) = layout.grid_of(1, 1, 2.0, 0.6, 0.75, (0, 0), 0.12)
    table = pd.concat([part.sort_values("coverage") for _, part in table.groupby("kind", sort=False)])
    axes.axhspan(100 * band[0], 100 * band[1], color=style.FAINT, zorder=0)
    axes.axhline(100 * INTERVAL, color=style.INK, lw=0.9, ls=(0, (4, 2)), zorder=1)
    keys = [Patch(facecolor=style.FAINT, label=say("calibration.band"))]
    for i, (kind, mark) in enumerate((("weight", "o"), ("effect", "^"))):
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
                label=say(f"calibration.{kind}"),
            )
        )
    axes.set_xticks([])
    axes.set_xlim(-1, len(table))
    axes.set_xlabel(say("calibration.coverage_x"))
    axes.set_ylabel(say("calibration.coverage_y"))
    layout.legend(canvas, keys, 3)
    return canvas


def recovery(folder: Path, done: Checked) -> style.Figure:
    """The true effect of every pseudo-observation against the posterior's median, and how much narrower than
    the prior the intervals are.
    """
    table = pd.DataFrame(
        [
            {"effect": name, "truth": t, "posterior": f, "width": w / p}
            for j, (name, p) in enumerate(zip(done.effects, done.prior_widths, strict=True))
            for t, f, w in zip(done.truth[:, j], done.found[:, j], done.widths[:, j], strict=True)
        ]
    )
    title = say("calibration.recovery")
    alt = say("calibration.recovery_alt", title=title, narrower=100 * (1 - float(table["width"].mean())))
    return style.save(
        folder,
        "recovery",
        partial(_draw_recovery, table),
        [],
        table,
        (title, say("calibration.recovery_caption"), alt),
    )


def _draw_recovery(table: pd.DataFrame, names: list[str]) -> Canvas:
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
        axes.set_title(
            f"{scenario.replace('-', ' ')}\n{style.lines(MEASURES[measure].label, 28, 1)}", fontsize=6.5
        )
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


def _draw_rivals(table: pd.DataFrame) -> Canvas:
    panels = list(table.groupby(["measure", "scenario"], sort=False))
    names = list(dict.fromkeys(table["rival"]))
    canvas, grid = layout.grid_of(len(panels), 2, 0.2 * len(names) + 0.1, 1.1, 0.35, (0.35, 0.6), 0.32)
    for i, (axes, ((measure, scenario), part)) in enumerate(zip(grid, panels, strict=True)):
        info, factor = MEASURES[measure], 100 if MEASURES[measure].per == "share" else 1
        for y, row in enumerate(part.to_dict("records")):
            axes.plot(
                [factor * row["low"], factor * row["high"]],
                [y, y],
                color=style.colour(1),
                lw=2.2,
                solid_capstyle="butt",
                zorder=3,
            )
            axes.plot(
                [factor * row["median"]],
                [y],
                marker="o",
                ms=4.5,
                mfc=style.colour(1),
                mec=style.INK,
                mew=0.5,
                ls="",
                zorder=4,
            )
        layout.rows(axes, list(part["rival"]), shown=i % 2 == 0)
        axes.axvline(0, color=style.BASELINE, lw=0.8, zorder=1)
        axes.set_title(f"{scenario.replace('-', ' ')}: {info.label}", fontsize=7)
        axes.set_xlabel(say("calibration.points") if factor == 100 else info.unit, fontsize=7)
    return canvas
