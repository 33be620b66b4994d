"""Drivers and fit: what data did to the weights, and how far the model meets published figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from avrr_sim.report.figures import layout, marks, style
from avrr_sim.report.words import catalogue
from avrr_sim.report.words.sentences import say

MOST_WEIGHTS = 36  # in the figure; the table holds all
LEAST = 0.02  # ratio below which nothing is drawn on a log scale
NORMAL_90 = 1.645  # standard errors either side that hold 90 % of a normal


def draw_drivers(folder: Path, table: pd.DataFrame) -> style.Figure | None:
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


def _on_prior(row: Mapping[str, Any], value: float) -> float:
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
        informed = bool(pd.notna(row["informed"]) and row["informed"])
        marks.interval(axes, -1, 1, y - 0.16, style.GREYS[1], above=2)
        low, middle, high = (_on_prior(row, row[f"posterior_{c}"]) for c in ("low", "median", "high"))
        shade, marker = (style.colour(1), "o") if informed else (style.GREYS[2], "s")
        marks.interval(axes, low, high, y + 0.16, shade)
        marks.point(axes, middle, y + 0.16, shade, marker, 4.5)
        grade = catalogue.GRADES.get(row["grade"], row["grade"])
        labels.append(f"{row['weight'].replace('_', ' ')} ({grade})")
    layout.rows(axes, labels, width=38, most=1, size=7)
    axes.axvline(0, color=style.BASELINE, lw=0.7, zorder=1)
    axes.set_xticks([-1, 0, 1], [style.lines(say(f"drivers.{end}"), 12) for end in ("low", "middle", "high")])
    axes.grid(axis="x", color=style.FAINT, lw=0.5, zorder=0)
    keys = [
        Line2D([], [], color=style.GREYS[1], lw=marks.BAR, label=say("drivers.prior")),
        marks.marked_key(say("drivers.informed"), style.colour(1), "o", 4.5),
        marks.marked_key(say("drivers.prior_driven"), style.GREYS[2], "s", 4.5),
    ]
    layout.legend(canvas, keys, 3, note)
    return canvas


def draw_targets(folder: Path, table: pd.DataFrame) -> style.Figure | None:
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
    for y, row in enumerate(table.to_dict("records")):
        errors = np.nan_to_num(row["standard_error"]), np.nan_to_num(row["discrepancy"])
        spread = NORMAL_90 * float(np.hypot(*errors))
        low, high = max(1 - spread / row["value"], LEAST), 1 + spread / row["value"]
        marks.interval(axes, low, high, y - 0.16, style.GREYS[1], width=4, above=2)
        low, middle, high = (
            max(row[f"predictive_{c}"] / row["value"], LEAST) for c in ("low", "median", "high")
        )
        inside = row["verdict"] == "inside"
        shade = style.colour(1 if inside else 2)
        marks.interval(axes, low, high, y + 0.16, shade)
        marks.point(axes, middle, y + 0.16, shade, "o" if inside else "X", 5)
    layout.rows(axes, [f"{row['id']}: {row['figure']}" for row in table.to_dict("records")], width=46, size=7)
    marks.ratio_axis(axes, say("targets.axis"))
    keys = [
        Line2D([], [], color=style.GREYS[1], lw=4, label=say("targets.published")),
        marks.marked_key(say("targets.inside"), style.colour(1), "o", 5),
        marks.marked_key(say("targets.outside"), style.colour(2), "X", 5),
    ]
    layout.legend(canvas, keys, 3, say("targets.unit"))
    return canvas
