"""Drivers and fit: what data did to the weights, how far the model meets published figures, and which grades
of evidence spread a result.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from avrr_sim.report.figures import layout, style
from avrr_sim.report.words import catalogue
from avrr_sim.report.words.sentences import say

MOST_WEIGHTS = 36  # in the figure; the table holds all
NORMAL_90 = 1.645  # standard errors either side that hold 90 % of a normal


def drivers(folder: Path, table: pd.DataFrame) -> style.Figure | None:
    """Prior and posterior intervals of the weights that data narrowed most, each on the scale of its own
    prior; None without a posterior.
    """
    table = table[table["posterior_median"].notna()] if len(table) else table
    if table.empty:
        return None
    shown = table.sort_values("contraction", ascending=False, kind="stable").head(MOST_WEIGHTS)
    title = say("drivers.title")
    informed = shown[shown["informed"].fillna(False).astype(bool)]
    alt = say(
        "drivers.alt",
        title=title,
        numbers="; ".join(
            say("drivers.spoken", weight=r["weight"], share=100 * r["contraction"])
            for r in informed.to_dict("records")
        )
        or say("drivers.none_informed"),
    )
    caption = say("drivers.caption", shown=len(shown), all=len(table))
    return style.save(folder, "drivers", lambda names: _draw_drivers(shown), [], shown, (title, caption, alt))


def _on_prior(row: dict, value: float) -> float:
    """A value on the scale of the weight's own prior: 0 its median, -1 and 1 the ends of its interval."""
    half = (
        row["prior_high"] - row["prior_median"]
        if value >= row["prior_median"]
        else row["prior_median"] - row["prior_low"]
    )
    return (value - row["prior_median"]) / half if half else 0.0


def _draw_drivers(table: pd.DataFrame) -> Canvas:
    note = say("drivers.unit")
    canvas, (axes,) = layout.grid_of(
        1, 1, 0.19 * len(table) + 0.1, 2.4, 0.85 + layout.NOTE_LINE * layout.note_lines(note), (0, 0), 0.12
    )
    labels = []
    for y, row in enumerate(table.to_dict("records")):
        informed = row["informed"] is True or row["informed"] == True  # noqa: E712  (numpy's own truth)
        axes.plot([-1, 1], [y - 0.16] * 2, color=style.GREYS[1], lw=2.2, solid_capstyle="butt", zorder=2)
        low, middle, high = (_on_prior(row, row[f"posterior_{c}"]) for c in ("low", "median", "high"))
        shade = style.colour(1) if informed else style.GREYS[2]
        axes.plot([low, high], [y + 0.16] * 2, color=shade, lw=2.2, solid_capstyle="butt", zorder=3)
        axes.plot(
            [middle],
            [y + 0.16],
            marker="o" if informed else "s",
            ms=4.5,
            mfc=shade,
            mec=style.INK,
            mew=0.5,
            ls="",
            zorder=4,
        )
        labels.append(
            f"{row['weight'].replace('_', ' ')} ({catalogue.GRADES.get(row['grade'], row['grade'])})"
        )
    layout.rows(axes, labels, width=38, most=1)
    axes.tick_params(axis="y", labelsize=7)
    axes.axvline(0, color=style.BASELINE, lw=0.7, zorder=1)
    axes.set_xticks([-1, 0, 1], [style.lines(say(f"drivers.{end}"), 12) for end in ("low", "middle", "high")])
    axes.grid(axis="x", color=style.FAINT, lw=0.5, zorder=0)
    keys = [
        Line2D([], [], color=style.GREYS[1], lw=2.2, label=say("drivers.prior")),
        Line2D(
            [],
            [],
            color=style.colour(1),
            lw=2.2,
            marker="o",
            ms=4.5,
            mec=style.INK,
            mew=0.5,
            label=say("drivers.informed"),
        ),
        Line2D(
            [],
            [],
            color=style.GREYS[2],
            lw=2.2,
            marker="s",
            ms=4.5,
            mec=style.INK,
            mew=0.5,
            label=say("drivers.prior_driven"),
        ),
    ]
    layout.legend(canvas, keys, 3, note)
    return canvas


def targets(folder: Path, table: pd.DataFrame) -> style.Figure | None:
    """Predictions over published figures: 1 is a hit; None where no figure was tested."""
    table = table[table["predictive_median"].notna() & (table["value"] > 0)] if len(table) else table
    if table.empty:
        return None
    title = say("targets.figure")
    hits = int((table["verdict"] == "inside").sum())
    alt = say("targets.alt", title=title, hits=hits, all=len(table))
    return style.save(
        folder, "targets", lambda names: _draw_targets(table), [], table, (title, say("targets.caption"), alt)
    )


def _draw_targets(table: pd.DataFrame) -> Canvas:
    canvas, (axes,) = layout.grid_of(
        1, 1, 0.26 * len(table) + 0.15, 2.9, 0.75 + layout.NOTE_LINE, (0, 0), 0.12
    )
    labels = []
    for y, row in enumerate(table.to_dict("records")):
        spread = NORMAL_90 * float(
            np.hypot(np.nan_to_num(row["standard_error"]), np.nan_to_num(row["discrepancy"]))
        )
        ends = (max(1 - spread / row["value"], 0.02), 1 + spread / row["value"])
        axes.plot(ends, [y - 0.16] * 2, color=style.GREYS[1], lw=4, solid_capstyle="butt", zorder=2)
        low, middle, high = (
            max(row[f"predictive_{c}"] / row["value"], 0.02) for c in ("low", "median", "high")
        )
        inside = row["verdict"] == "inside"
        shade = style.colour(1 if inside else 2)
        axes.plot([low, high], [y + 0.16] * 2, color=shade, lw=2.2, solid_capstyle="butt", zorder=3)
        axes.plot(
            [middle],
            [y + 0.16],
            marker="o" if inside else "X",
            ms=5,
            mfc=shade,
            mec=style.INK,
            mew=0.5,
            ls="",
            zorder=4,
        )
        labels.append(f"{row['id']}: {row['figure']}")
    layout.rows(axes, labels, width=46)
    axes.tick_params(axis="y", labelsize=7)
    axes.set_xscale("log")
    axes.axvline(1, color=style.BASELINE, lw=0.9, zorder=1)
    low, high = axes.get_xlim()
    at = [v for v in (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50) if low <= v <= high]
    axes.set_xticks(at, [f"{v:g}" for v in at])
    axes.minorticks_off()
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    axes.set_xlabel(say("targets.axis"))
    keys = [
        Line2D([], [], color=style.GREYS[1], lw=4, label=say("targets.published")),
        Line2D(
            [],
            [],
            color=style.colour(1),
            lw=2.2,
            marker="o",
            ms=5,
            mec=style.INK,
            mew=0.5,
            label=say("targets.inside"),
        ),
        Line2D(
            [],
            [],
            color=style.colour(2),
            lw=2.2,
            marker="X",
            ms=5,
            mec=style.INK,
            mew=0.5,
            label=say("targets.outside"),
        ),
    ]
    layout.legend(canvas, keys, 3, say("targets.unit"))
    return canvas
