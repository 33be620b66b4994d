"""How long people wait, as quantiles by scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from avrr_sim.report.figures import layout, marks, style
from avrr_sim.report.figures.endings import SPOKEN
from avrr_sim.report.words import catalogue, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
"""Drawn as a line over all, a bar over the middle three, and a mark at the one in the middle."""
COLUMNS = ["scenario", "what", "quantile", "value", "low", "high", "suppressed"]

Waits = Mapping[tuple[str, str, float], Mapping[str, Any]]
"""Rows of the table of waits by (scenario, what, quantile)."""


def draw_waits(folder: Path, tables: StudyTables) -> style.Figure | None:
    """How many months people wait: quantiles over people, a row a scenario; None where the study has none."""
    table = tables.waits
    table = table if table.empty else table[table["group_by"] == "all"]
    whats = [w for w in catalogue.WAITS if len(table) and w in set(table["what"])]
    if not whats:
        return None
    at = {(r["scenario"], r["what"], round(r["quantile"], 2)): r for r in table.to_dict("records")}
    title = say("waits.title")
    caption = say("waits.caption") + (
        " " + say("waits.bar", interval=sentences.interval_name(tables))
        if not sentences.one_draw(tables)
        else ""
    )
    said = []
    for what in whats if len(tables.scenarios) <= SPOKEN else ():
        rows = [(s["name"], at.get((s["key"], what, 0.5))) for s in tables.scenarios]
        told = "; ".join(
            f"{name} {sentences.significant(row['value'], 2)}"
            for name, row in rows
            if row and not row["suppressed"]
        )
        said.append(say("waits.spoken", what=catalogue.WAITS[what], numbers=told or sentences.too_few()))
    alt = say("waits.alt", title=title, numbers=" ".join(said) or say("alt.table"))
    return style.save(
        folder,
        "waits",
        partial(_draw, tables, whats, at),
        tables.scenarios,
        layout.ordered(tables, table)[COLUMNS],
        (title, caption, alt),
    )


def _draw(tables: StudyTables, whats: Sequence[str], at: Waits, names: list[str]) -> Canvas:
    note = layout.window_text(tables) + " " + say("waits.horizon")
    foot = 0.78 + layout.NOTE_LINE * layout.note_lines(note)
    height = layout.row_height(names) * len(names) + 0.15
    across = 2 if len(whats) > 1 else 1
    canvas, panels = layout.grid_of(len(whats), across, height, 1.9, foot, (0.25, 0.6))
    for i, (axes, what) in enumerate(zip(panels, whats, strict=True)):
        longest = 1.0
        for y, scenario in enumerate(tables.scenarios):
            found = [at.get((scenario["key"], what, q)) for q in QUANTILES]
            rows = [r for r in found if r is not None and not r["suppressed"] and sentences.known(r["value"])]
            if len(rows) < len(QUANTILES):
                axes.text(0.2, y, sentences.too_few(), va="center", fontsize=7, style="italic")
            else:
                longest = max(longest, _row(axes, rows, y))
        layout.rows(axes, names, shown=i == 0)
        axes.set_xlim(0, 1.05 * longest)
        axes.set_title(style.lines(catalogue.WAITS[what], layout.letters(axes)))
        axes.set_xlabel(say("waits.unit"))
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.grid(axis="x", color=style.FAINT, lw=0.5, zorder=0)
    layout.legend(canvas, _keys(tables), 4, note)
    return canvas


def _row(axes: Axes, rows: Sequence[Mapping[str, Any]], y: int) -> float:
    """The quantiles of one scenario, in their order; gives the longest wait that is drawn."""
    values, median = [row["value"] for row in rows], rows[2]
    axes.plot([values[0], values[4]], [y, y], color=style.colour(y), lw=1.0, zorder=2)
    axes.barh(
        y,
        values[3] - values[1],
        left=values[1],
        height=0.42,
        color=style.colour(y),
        alpha=0.35,
        lw=0,
        zorder=3,
    )
    axes.plot([median["value"]] * 2, [y - 0.28, y + 0.28], color=style.INK, lw=1.8, zorder=5)
    if sentences.known(median["low"]):
        marks.whisker(axes, median["low"], median["high"], y + 0.36)
    return max([values[4], *(row["high"] for row in rows if sentences.known(row["high"]))])


def _keys(tables: StudyTables) -> list[Artist]:
    keys: list[Artist] = [
        Line2D([], [], color=style.INK, lw=0, marker="|", ms=9, mew=1.8, label=say("waits.median")),
        Patch(facecolor=style.BASELINE, alpha=0.35, label=say("waits.half")),
        Line2D([], [], color=style.BASELINE, lw=1.0, label=say("waits.most")),
    ]
    return keys if sentences.one_draw(tables) else [*keys, marks.whisker_key(say("waits.interval"))]
