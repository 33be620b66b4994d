"""Where first applications end, at which stage they drop out, and how long people wait."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from avrr_sim.report import english, layout, style, words
from avrr_sim.report.words import say
from avrr_sim.study.tables import StudyTables

DROP_OUT = ("withdrawn", "refused", "documents", "disappeared")
STAGES = ("applied", "approved", "documented", "booked")
SPOKEN = 5
LABELLED = 3.5  # per cent: narrower bars hold no number
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)

_LOOKS = {  # grey and hatch of each closing, to be told apart without colour; hatches of lines, as dots make files large
    closing: look
    for closing, look in zip(
        english.CLOSINGS,
        ((style.GREYS[3], ""), (style.PAPER, ""), (style.GREYS[1], ""), (style.PAPER, "////"), (style.GREYS[1], "||||"),
         (style.GREYS[2], ""), (style.PAPER, "xxxx"), (style.PAPER, "----"), (style.GREYS[1], "\\\\\\\\")),
        strict=True,
    )
}  # fmt: skip


def endings(folder: Path, tables: StudyTables) -> style.Figure | None:
    """How first applications stand after twelve months, one bar a scenario; None where nobody applied."""
    table = tables.endings
    table = table if table.empty else table[table["share"].notna()]
    if table.empty:
        return None
    totals = table.groupby(["scenario", "closing"], sort=False)["share"].sum().unstack().reindex(columns=list(english.CLOSINGS)).fillna(0.0)
    used = [c for c in english.CLOSINGS if totals[c].max() > 0]
    title = say("endings.title")
    caption = say("endings.caption" if words.one_draw(tables) else "endings.caption_interval")
    said = []
    for scenario in tables.scenarios if len(tables.scenarios) <= SPOKEN else ():
        if scenario["key"] in totals.index:
            parts = ", ".join(f"{english.CLOSINGS[c]} {100 * totals.loc[scenario['key'], c]:.0f} %" for c in used)
            said.append(f"{scenario['name']}: {parts}.")
    alt = say("bars.alt", title=title, numbers=" ".join(said) or say("alt.table"))
    return style.save(folder, "endings", partial(_draw_endings, tables, totals, used), tables.scenarios, _by_scenario(tables, table), (title, caption, alt))


def _by_scenario(tables: StudyTables, table: pd.DataFrame) -> pd.DataFrame:
    return layout.ordered(tables, table)[["scenario", "stage", "closing", "share", "low", "high"]]


def _draw_endings(tables: StudyTables, totals: pd.DataFrame, used: list[str], names: list[str]) -> Canvas:
    note = layout.window_text(tables) + " " + say("endings.horizon")
    canvas, (axes,) = layout.grid_of(1, 1, 0.36 * len(names) + 0.1, 1.9, 1.0 + layout.NOTE_LINE * layout.note_lines(note), (0, 0), 0.15)
    for y, scenario in enumerate(tables.scenarios):
        start = 0.0
        for closing in used if scenario["key"] in totals.index else ():
            grey, hatch = _LOOKS[closing]
            share = 100 * totals.loc[scenario["key"], closing]
            axes.barh(y, share, left=start, height=0.72, color=grey, hatch=hatch, edgecolor=style.INK, lw=0.6)
            if share >= LABELLED:
                box = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.8}
                axes.text(start + share / 2, y, f"{share:.0f}", ha="center", va="center", fontsize=7.5, bbox=box)
            start += share
        if start == 0.0:
            axes.text(0.5, y, words.TOO_FEW, va="center", fontsize=7, style="italic")
    layout.rows(axes, names)
    axes.set_xlim(0, 100)
    axes.set_xlabel(say("endings.unit"))
    axes.spines[["left", "bottom"]].set_visible(False)
    layout.legend(canvas, [Patch(facecolor=_LOOKS[c][0], hatch=_LOOKS[c][1], edgecolor=style.INK, lw=0.6, label=english.CLOSINGS[c]) for c in used], 5, note)
    return canvas


def stages(folder: Path, tables: StudyTables) -> style.Figure | None:
    """At which stage applications drop out, a panel for every reason; None where none does."""
    table = tables.endings
    table = table if table.empty else table[table["closing"].isin(DROP_OUT) & table["share"].notna()]
    if table.empty or not (table["share"] > 0).any():
        return None
    title = say("stages.title")
    stage_shares = table.groupby(["closing", "stage"], sort=False)["share"].mean()
    widest = ", ".join(say("stages.spoken", closing=english.CLOSINGS[c], stage=english.STAGES.get(s, s), share=100 * v)
                       for (c, s), v in stage_shares.items() if v >= 0.005)
    alt = say("stages.alt", title=title, numbers=widest or say("stages.small"))
    draw = partial(_draw_stages, tables, table)
    return style.save(folder, "drop-out-stages", draw, tables.scenarios, _by_scenario(tables, table), (title, say("stages.caption"), alt))


def _draw_stages(tables: StudyTables, table: pd.DataFrame, names: list[str]) -> Canvas:
    note = layout.window_text(tables) + " " + say("endings.horizon")
    foot = 0.85 + layout.NOTE_LINE * layout.note_lines(note)
    canvas, panels = layout.grid_of(len(DROP_OUT), 2, layout.row_height(names) * len(names) + 0.1, 1.9, foot, (0.3, 0.6))
    shares = table.set_index(["scenario", "closing", "stage"])["share"].to_dict()
    widest = 100 * table.groupby(["scenario", "closing"])["share"].sum().max()
    for i, (axes, closing) in enumerate(zip(panels, DROP_OUT, strict=True)):
        for y, scenario in enumerate(tables.scenarios):
            start = 0.0
            for stage, grey in zip(STAGES, style.GREYS, strict=True):
                share = 100 * shares.get((scenario["key"], closing, stage), 0.0)
                axes.barh(y, share, left=start, height=0.66, color=grey, edgecolor=style.INK, lw=0.6)
                start += share
            axes.annotate(f"{start:.1f}", (start, y), xytext=(3, 0), textcoords="offset points", va="center", fontsize=7.5)
        layout.rows(axes, names, shown=i % 2 == 0)
        axes.set_xlim(0, 1.15 * widest)
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.set_title(english.CLOSINGS[closing].capitalize())
        if i >= 2:
            axes.set_xlabel(say("endings.unit"))
    keys = [Patch(facecolor=g, edgecolor=style.INK, lw=0.6, label=say("stages.key", stage=english.STAGES[s])) for s, g in zip(STAGES, style.GREYS, strict=True)]
    layout.legend(canvas, keys, 4, note)
    return canvas


# Waiting
def waits(folder: Path, tables: StudyTables) -> style.Figure | None:
    """How many months people wait: quantiles over people, a row a scenario; None where the study has none."""
    table = tables.waits
    table = table if table.empty else table[table["group_by"] == "all"]
    whats = [w for w in english.WAITS if len(table) and w in set(table["what"])]
    if not whats:
        return None
    at = {(r["scenario"], r["what"], round(r["quantile"], 2)): r for r in table.to_dict("records")}
    title = say("waits.title")
    caption = say("waits.caption") + (" " + say("waits.bar", interval=words.interval_name(tables)) if not words.one_draw(tables) else "")
    said = []
    for what in whats if len(tables.scenarios) <= SPOKEN else ():
        rows = [(s["name"], at.get((s["key"], what, 0.5))) for s in tables.scenarios]
        told = "; ".join(f"{name} {words.significant(row['value'], 2)}" for name, row in rows if row and not row["suppressed"])
        said.append(say("waits.spoken", what=english.WAITS[what], numbers=told or words.TOO_FEW))
    alt = say("waits.alt", title=title, numbers=" ".join(said) or say("alt.table"))
    keep = ["scenario", "what", "quantile", "value", "low", "high", "suppressed"]
    return style.save(folder, "waits", partial(_draw_waits, tables, whats, at), tables.scenarios, layout.ordered(tables, table)[keep], (title, caption, alt))


def _draw_waits(tables: StudyTables, whats: Sequence[str], at: dict, names: list[str]) -> Canvas:
    note = layout.window_text(tables) + " " + say("waits.horizon")
    foot = 0.78 + layout.NOTE_LINE * layout.note_lines(note)
    canvas, panels = layout.grid_of(len(whats), 2 if len(whats) > 1 else 1, layout.row_height(names) * len(names) + 0.15, 1.9, foot, (0.25, 0.6))
    for i, (axes, what) in enumerate(zip(panels, whats, strict=True)):
        top = 1.0
        for y, scenario in enumerate(tables.scenarios):
            rows = [at.get((scenario["key"], what, q)) for q in QUANTILES]
            if any(r is None or r["suppressed"] or not words.known(r["value"]) for r in rows):
                axes.text(0.2, y, words.TOO_FEW, va="center", fontsize=7, style="italic")
                continue
            values = [r["value"] for r in rows]
            top = max(top, values[-1], *(r["high"] for r in rows if words.known(r["high"])))
            axes.plot([values[0], values[4]], [y, y], color=style.colour(y), lw=1.0, zorder=2)
            axes.barh(y, values[3] - values[1], left=values[1], height=0.42, color=style.colour(y), alpha=0.35, lw=0, zorder=3)
            axes.plot([values[2]] * 2, [y - 0.28, y + 0.28], color=style.INK, lw=1.8, zorder=5)
            if words.known(rows[2]["low"]):
                axes.plot([rows[2]["low"], rows[2]["high"]], [y + 0.36] * 2, color=style.INK, lw=0.8, marker="|", ms=4, mew=0.8, zorder=4)
        layout.rows(axes, names, shown=i == 0)
        axes.set_xlim(0, 1.05 * top)
        axes.set_title(style.lines(english.WAITS[what], layout.letters(axes)))
        axes.set_xlabel(say("waits.unit"))
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.grid(axis="x", color=style.FAINT, lw=0.5, zorder=0)
    keys = [Line2D([], [], color=style.INK, lw=0, marker="|", ms=9, mew=1.8, label=say("waits.median")),
            Patch(facecolor=style.BASELINE, alpha=0.35, label=say("waits.half")), Line2D([], [], color=style.BASELINE, lw=1.0, label=say("waits.most"))]
    if not words.one_draw(tables):
        keys.append(Line2D([0, 1], [0, 0], color=style.INK, lw=0.8, marker="|", ms=4, mew=0.8, label=say("waits.interval")))
    layout.legend(canvas, keys, 4, note)
    return canvas


def any_applied(tables: StudyTables, key: str) -> bool:
    """Whether anybody applied in a scenario: some ending is known, or applications are more than none."""
    if len(tables.levels):
        row = tables.levels[(tables.levels["scenario"] == key) & (tables.levels["group_by"] == "all") & (tables.levels["measure"] == "applications")]
        if len(row):
            return bool(np.nan_to_num(row["value"].astype(float)).sum() > 0)
    own = tables.endings[tables.endings["scenario"] == key] if len(tables.endings) else tables.endings
    return bool(len(own) and own["share"].notna().any()) or not len(tables.endings)
