"""How much of the spread of an outcome each grade of evidence accounts for."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Patch

from avrr_sim.report.figures import layout, style
from avrr_sim.report.words import catalogue
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables

_GREYS = {
    "confirmed": (style.GREYS[3], ""),
    "probable": (style.GREYS[2], ""),
    "inconclusive": (style.GREYS[1], ""),
    "ungraded": (style.PAPER, "////"),
    "chance": (style.PAPER, ""),
    "lack_of_fit": (style.PAPER, "xxxx"),
}


def draw_spread(folder: Path, tables: StudyTables) -> style.Figure | None:
    """Which grades of evidence spread the difference in uptake over the draws, a bar a scenario; None where
    no regression explains enough.
    """
    table = tables.spread
    table = table[table["shown"].astype(bool) & (table["measure"] == "uptake_24")] if len(table) else table
    if table.empty:
        return None
    title = say("spread.title")
    alt = say("bars.alt", title=title, numbers=say("alt.short"))
    draw = partial(_draw, tables, table)
    return style.save(
        folder,
        "spread",
        draw,
        tables.scenarios,
        layout.ordered(tables, table),
        (title, say("spread.caption"), alt),
    )


def _draw(tables: StudyTables, table: pd.DataFrame, names: list[str]) -> Canvas:
    keys = [(i, s["key"]) for i, s in enumerate(tables.scenarios) if s["key"] in set(table["scenario"])]
    note = layout.windows_note(tables, ["uptake_24"])
    canvas, (axes,) = layout.grid_of(
        1, 1, 0.36 * len(keys) + 0.1, 1.9, 0.95 + layout.NOTE_LINE * layout.note_lines(note), (0, 0), 0.12
    )
    at = table.set_index(["scenario", "component"])["share"].to_dict()
    for y, (_, key) in enumerate(keys):
        start = 0.0
        for component, (grey, hatch) in _GREYS.items():
            share = 100 * float(np.nan_to_num(at.get((key, component), 0.0)))
            axes.barh(y, share, left=start, height=0.68, color=grey, hatch=hatch, edgecolor=style.INK, lw=0.6)
            if share >= 4:
                box = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.8}
                axes.text(
                    start + share / 2, y, f"{share:.0f}", ha="center", va="center", fontsize=7.5, bbox=box
                )
            start += share
    layout.rows(axes, [names[i] for i, _ in keys])
    axes.set_xlim(0, 100)
    axes.set_xlabel(say("spread.unit"))
    layout.legend(
        canvas,
        [
            Patch(facecolor=g, hatch=h, edgecolor=style.INK, lw=0.6, label=catalogue.GRADES[c])
            for c, (g, h) in _GREYS.items()
        ],
        6,
        note,
    )
    return canvas
