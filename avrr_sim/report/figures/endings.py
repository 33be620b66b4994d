"""Where first applications end, at which stage they drop out, and how long people wait."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from avrr_sim.report.figures import layout, style
from avrr_sim.report.words import catalogue, sentences
from avrr_sim.report.words.language import numeral
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables

DROP_OUT = ("withdrawn", "refused", "documents", "disappeared")
STAGES = ("applied", "approved", "documented", "booked")
SPOKEN = 5
COLUMNS = ["scenario", "stage", "closing", "share", "low", "high"]
LABELLED = 3.5  # per cent: narrower bars hold no number

# grey and hatch of each closing, to be told apart without colour; hatches of lines, as dots make files large
_LOOKS = {
    closing: look
    for closing, look in zip(
        catalogue.CLOSINGS,
        (
            (style.GREYS[3], ""),
            (style.PAPER, ""),
            (style.GREYS[1], ""),
            (style.PAPER, "////"),
            (style.GREYS[1], "||||"),
            (style.GREYS[2], ""),
            (style.PAPER, "xxxx"),
            (style.PAPER, "----"),
            (style.GREYS[1], "\\\\\\\\"),
        ),
        strict=True,
    )
}


def draw_endings(folder: Path, tables: StudyTables) -> style.Figure | None:
    """How first applications stand after twelve months, one bar a scenario; None where nobody applied."""
    table = tables.endings
    table = table if table.empty else table[table["share"].notna()]
    if table.empty:
        return None
    totals = (
        table.groupby(["scenario", "closing"], sort=False)["share"]
        .sum()
        .unstack()
        .reindex(columns=list(catalogue.CLOSINGS))
        .fillna(0.0)
    )
    used = [c for c in catalogue.CLOSINGS if totals[c].max() > 0]
    title = say("endings.title")
    caption = say("endings.caption" if sentences.one_draw(tables) else "endings.caption_interval")
    said = []
    for scenario in tables.scenarios if len(tables.scenarios) <= SPOKEN else ():
        if scenario["key"] in totals.index:
            parts = ", ".join(
                f"{catalogue.CLOSINGS[c]} {100 * totals.loc[scenario['key'], c]:.0f} %" for c in used
            )
            said.append(f"{scenario['name']}: {parts}.")
    alt = say("bars.alt", title=title, numbers=" ".join(said) or say("alt.table"))
    return style.save(
        folder,
        "endings",
        partial(_draw_endings, tables, totals, used),
        tables.scenarios,
        layout.ordered(tables, table)[COLUMNS],
        (title, caption, alt),
    )


def _draw_endings(tables: StudyTables, totals: pd.DataFrame, used: list[str], names: list[str]) -> Canvas:
    note = layout.window_text(tables) + " " + say("endings.horizon")
    canvas, (axes,) = layout.grid_of(
        1, 1, 0.36 * len(names) + 0.1, 1.9, 1.0 + layout.NOTE_LINE * layout.note_lines(note), (0, 0), 0.15
    )
    for y, scenario in enumerate(tables.scenarios):
        start = 0.0
        for closing in used if scenario["key"] in totals.index else ():
            grey, hatch = _LOOKS[closing]
            share = 100 * totals.loc[scenario["key"], closing]
            axes.barh(y, share, left=start, height=0.72, color=grey, hatch=hatch, edgecolor=style.INK, lw=0.6)
            if share >= LABELLED:
                box = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.8}
                axes.text(
                    start + share / 2, y, f"{share:.0f}", ha="center", va="center", fontsize=7.5, bbox=box
                )
            start += share
        if start == 0.0:
            axes.text(0.5, y, sentences.too_few(), va="center", fontsize=7, style="italic")
    layout.rows(axes, names)
    axes.set_xlim(0, 100)
    axes.set_xlabel(say("endings.unit"))
    axes.spines[["left", "bottom"]].set_visible(False)
    layout.legend(
        canvas,
        [
            Patch(
                facecolor=_LOOKS[c][0],
                hatch=_LOOKS[c][1],
                edgecolor=style.INK,
                lw=0.6,
                label=catalogue.CLOSINGS[c],
            )
            for c in used
        ],
        5,
        note,
    )
    return canvas


def draw_drop_out_stages(folder: Path, tables: StudyTables) -> style.Figure | None:
    """At which stage applications drop out, a panel for every reason; None where none does."""
    table = tables.endings
    table = table if table.empty else table[table["closing"].isin(DROP_OUT) & table["share"].notna()]
    if table.empty or not (table["share"] > 0).any():
        return None
    title = say("stages.title")
    stage_shares = table.groupby(["closing", "stage"], sort=False)["share"].mean()
    widest = ", ".join(
        say("stages.spoken", closing=catalogue.CLOSINGS[c], stage=catalogue.STAGES.get(s, s), share=100 * v)
        for (c, s), v in stage_shares.items()
        if v >= 0.005
    )
    alt = say("stages.alt", title=title, numbers=widest or say("stages.small"))
    draw = partial(_draw_stages, tables, table)
    return style.save(
        folder,
        "drop-out-stages",
        draw,
        tables.scenarios,
        layout.ordered(tables, table)[COLUMNS],
        (title, say("stages.caption"), alt),
    )


def _draw_stages(tables: StudyTables, table: pd.DataFrame, names: list[str]) -> Canvas:
    note = layout.window_text(tables) + " " + say("endings.horizon")
    foot = 0.85 + layout.NOTE_LINE * layout.note_lines(note)
    canvas, panels = layout.grid_of(
        len(DROP_OUT), 2, layout.row_height(names) * len(names) + 0.1, 1.9, foot, (0.3, 0.6)
    )
    shares = table.set_index(["scenario", "closing", "stage"])["share"].to_dict()
    widest = 100 * table.groupby(["scenario", "closing"])["share"].sum().max()
    for i, (axes, closing) in enumerate(zip(panels, DROP_OUT, strict=True)):
        for y, scenario in enumerate(tables.scenarios):
            start = 0.0
            for stage, grey in zip(STAGES, style.GREYS, strict=True):
                share = 100 * shares.get((scenario["key"], closing, stage), 0.0)
                axes.barh(y, share, left=start, height=0.66, color=grey, edgecolor=style.INK, lw=0.6)
                start += share
            axes.annotate(
                numeral(start, ".1f"),
                (start, y),
                xytext=(3, 0),
                textcoords="offset points",
                va="center",
                fontsize=7.5,
            )
        layout.rows(axes, names, shown=i % 2 == 0)
        axes.set_xlim(0, 1.15 * widest)
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.set_title(catalogue.CLOSINGS[closing].capitalize())
        if i >= 2:
            axes.set_xlabel(say("endings.unit"))
    keys = [
        Patch(facecolor=g, edgecolor=style.INK, lw=0.6, label=say("stages.key", stage=catalogue.STAGES[s]))
        for s, g in zip(STAGES, style.GREYS, strict=True)
    ]
    layout.legend(canvas, keys, 4, note)
    return canvas
