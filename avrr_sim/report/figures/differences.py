"""Differences from the baseline, as dots with intervals. Scenarios keep the order of the study; none looks
better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure as Canvas

from avrr_sim.report.figures import layout, style
from avrr_sim.report.figures.dots import (
    SPOKEN,
    Row,
    dot,
    interval_caption,
    legend_of_dots,
    number_axis,
    rows_by_measure,
    share_scale,
)
from avrr_sim.report.words import catalogue, chosen, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables

COLUMNS = [
    "scenario",
    "measure",
    "baseline",
    "value",
    "difference",
    "low",
    "high",
    "mc_error",
    "sign_share",
    "suppressed",
]


def draw_differences(folder: Path, tables: StudyTables, sheet: str) -> style.Figure | None:
    """Differences from the baseline for one of `chosen.SHEETS`; None where the study has no such
    differences.
    """
    wanted, table = chosen.SHEETS[sheet], tables.differences
    table = table[(table["group_by"] == "all") & table["measure"].isin(wanted)] if len(table) else table
    measures = [m for m in wanted if len(table) and m in set(table["measure"])]
    if not measures or len(tables.scenarios) == 1:
        return None
    rows = rows_by_measure(table)
    one_scale = sheet in chosen.SHEETS_ON_ONE_SCALE
    title = say(
        "differences.additional" if sheet == "additional" else "differences.title",
        subject=catalogue.SHEETS[sheet],
    )
    caption = [say("differences.dots", baseline=tables.scenarios[0]["name"]), interval_caption(tables)]
    if table["mc_error"].notna().any():
        caption.append(say("differences.error"))
    caption.append(say("differences.one_scale" if one_scale else "differences.scales"))
    alt = say("differences.alt", title=title, numbers=_spoken(tables, measures, rows))
    return style.save(
        folder,
        f"differences-{sheet}",
        partial(_draw, tables, measures, rows, one_scale),
        tables.scenarios,
        layout.ordered(tables, table, measures)[COLUMNS],
        (title, " ".join(caption), alt),
    )


def _spoken(tables: StudyTables, measures: Sequence[str], rows: Mapping[tuple[str, str], Row]) -> str:
    """The numbers of a sheet in words; with many scenarios a pointer to the table, which is easier to listen
    to.
    """
    others = tables.scenarios[1:]
    if len(others) > SPOKEN:
        return say("alt.table")
    parts = []
    for measure in measures:
        said = [
            f"{s['name']} {sentences.beside(tables, rows[s['key'], measure])}"
            for s in others
            if (s["key"], measure) in rows
        ]
        parts.append(f"{sentences.meta(tables, measure)['label']}: {'; '.join(said)}.")
    return " ".join(parts)


def _draw(
    tables: StudyTables,
    measures: Sequence[str],
    rows: Mapping[tuple[str, str], Row],
    one_scale: bool,
    names: list[str],
) -> Canvas:
    others = tables.scenarios[1:]
    across = layout.across_of(len(measures))
    wide = 27 if across == 3 else 44
    heads = [style.lines(sentences.meta(tables, m)["label"], wide) for m in measures]
    more = 0.14 * any("\n" in h for h in heads)
    note = layout.windows_note(tables, measures)
    foot = 0.78 + layout.NOTE_LINE * layout.note_lines(note)
    canvas, panels = layout.grid_of(
        len(measures),
        across,
        layout.row_height(names[1:]) * len(others) + 0.25,
        1.9,
        foot,
        (0.22, 0.85 + more),
        0.42 + more,
    )
    for i, (axes, measure) in enumerate(zip(panels, measures, strict=True)):
        info = sentences.meta(tables, measure)
        axes.axvline(0, color=style.BASELINE, lw=0.9, zorder=1)
        found = [rows.get((s["key"], measure)) for s in others]
        for y, row in enumerate(found):
            if row is not None:
                dot(axes, row, "difference", y, y + 1)
        layout.rows(axes, names[1:], shown=i % across == 0)
        below = "" if measure in chosen.CONTRASTS else "\n" + _baseline_text(info, found)
        axes.set_title(heads[i] + below, linespacing=1.3)
        axes.set_xlabel(style.lines(sentences.unit(info, difference=True), wide))
        number_axis(axes, info["per"], across, signed=True)
    if one_scale:
        share_scale(panels)
    legend_of_dots(
        canvas,
        tables,
        any(sentences.known(r["mc_error"]) for r in rows.values()),
        say("differences.mean"),
        note,
    )
    return canvas


def _baseline_text(info: Mapping[str, str], rows: Sequence[Row | None]) -> str:
    base = next((r["baseline"] for r in rows if r is not None and not r["suppressed"]), None)
    if base is None:
        return say("differences.baseline", level=sentences.too_few())
    level = sentences.shown(base, np.nan, np.nan, info["per"])[0]
    return say(
        "differences.baseline",
        level=level + (f" {say('per_cent')}" if info["per"] == "share" and sentences.known(base) else ""),
    )
