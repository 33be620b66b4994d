"""How long people wait, as quantiles by scenario."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from avrr_sim.report.figures import layout, style
from avrr_sim.report.figures.endings import SPOKEN
from avrr_sim.report.words import catalogue, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


# Waiting
def waits(folder: Path, tables: StudyTables) -> style.Figure | None:
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
        said.append(say("waits.spoken", what=catalogue.WAITS[what], numbers=told or sentences.TOO_FEW))
    alt = say("waits.alt", title=title, numbers=" ".join(said) or say("alt.table"))
    keep = ["scenario", "what", "quantile", "value", "low", "high", "suppressed"]
    return style.save(
        folder,
        "waits",
        partial(_draw_waits, tables, whats, at),
        tables.scenarios,
        layout.ordered(tables, table)[keep],
        (title, caption, alt),
    )


def _draw_waits(tables: StudyTables, whats: Sequence[str], at: dict, names: list[str]) -> Canvas:
    note = layout.window_text(tables) + " " + say("waits.horizon")
    foot = 0.78 + layout.NOTE_LINE * layout.note_lines(note)
    canvas, panels = layout.grid_of(
        len(whats),
        2 if len(whats) > 1 else 1,
        layout.row_height(names) * len(names) + 0.15,
        1.9,
        foot,
        (0.25, 0.6),
    )
    for i, (axes, what) in enumerate(zip(panels, whats, strict=True)):
        top = 1.0
        for y, scenario in enumerate(tables.scenarios):
            rows = [at.get((scenario["key"], what, q)) for q in QUANTILES]
            if any(r is None or r["suppressed"] or not sentences.known(r["value"]) for r in rows):
                axes.text(0.2, y, sentences.TOO_FEW, va="center", fontsize=7, style="italic")
                continue
            values = [r["value"] for r in rows]
            top = max(top, values[-1], *(r["high"] for r in rows if sentences.known(r["high"])))
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
            axes.plot([values[2]] * 2, [y - 0.28, y + 0.28], color=style.INK, lw=1.8, zorder=5)
            if sentences.known(rows[2]["low"]):
                axes.plot(
                    [rows[2]["low"], rows[2]["high"]],
                    [y + 0.36] * 2,
                    color=style.INK,
                    lw=0.8,
                    marker="|",
                    ms=4,
                    mew=0.8,
                    zorder=4,
                )
        layout.rows(axes, names, shown=i == 0)
        axes.set_xlim(0, 1.05 * top)
        axes.set_title(style.lines(catalogue.WAITS[what], layout.letters(axes)))
        axes.set_xlabel(say("waits.unit"))
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.grid(axis="x", color=style.FAINT, lw=0.5, zorder=0)
    keys = [
        Line2D([], [], color=style.INK, lw=0, marker="|", ms=9, mew=1.8, label=say("waits.median")),
        Patch(facecolor=style.BASELINE, alpha=0.35, label=say("waits.half")),
        Line2D([], [], color=style.BASELINE, lw=1.0, label=say("waits.most")),
    ]
    if not sentences.one_draw(tables):
        keys.append(
            Line2D(
                [0, 1],
                [0, 0],
                color=style.INK,
                lw=0.8,
                marker="|",
                ms=4,
                mew=0.8,
                label=say("waits.interval"),
            )
        )
    layout.legend(canvas, keys, 4, note)
    return canvas
