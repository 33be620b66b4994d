"""Levels of shares, as dots with intervals on one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

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
from avrr_sim.report.words import chosen, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables

COLUMNS = ["scenario", "measure", "value", "low", "high", "mc_error", "cell", "suppressed"]


def draw_levels(folder: Path, tables: StudyTables) -> style.Figure | None:
    """Levels of `chosen.LEVEL_FIGURE`: rows are measures where there is one scenario, else scenarios, a panel
    for every measure; None where the study has none of them.
    """
    wanted, table = chosen.LEVEL_FIGURE, tables.levels
    table = table[(table["group_by"] == "all") & table["measure"].isin(wanted)] if len(table) else table
    measures = [m for m in wanted if len(table) and m in set(table["measure"])]
    if not measures:
        return None
    rows = rows_by_measure(table)
    title = say("levels.title")
    caption = " ".join([say("levels.dots"), interval_caption(tables), say("differences.one_scale")])
    alt = say("levels.alt", title=title, numbers=_spoken(tables, measures, rows))
    return style.save(
        folder,
        "levels",
        partial(_draw, tables, measures, rows),
        tables.scenarios,
        layout.ordered(tables, table, measures)[COLUMNS],
        (title, caption, alt),
    )


def _spoken(tables: StudyTables, measures: Sequence[str], rows: Mapping[tuple[str, str], Row]) -> str:
    """The levels in words; with many scenarios a pointer to the table."""
    if len(tables.scenarios) > SPOKEN:
        return say("alt.table")
    parts = []
    for measure in measures:
        said = [
            f"{s['name']} {sentences.level(tables, rows[s['key'], measure])}"
            for s in tables.scenarios
            if (s["key"], measure) in rows
        ]
        parts.append(f"{sentences.meta(tables, measure)['label']}: {'; '.join(said)}.")
    return " ".join(parts)


def _draw(
    tables: StudyTables, measures: Sequence[str], rows: Mapping[tuple[str, str], Row], names: list[str]
) -> Canvas:
    note = layout.windows_note(tables, measures)
    foot = 0.75 + layout.NOTE_LINE * layout.note_lines(note)
    one = len(names) == 1
    count, lines = (1, len(measures)) if one else (len(measures), len(names))
    across = layout.across_of(count)
    heads = [
        "" if one else style.lines(sentences.meta(tables, m)["label"], 27 if across == 3 else 44)
        for m in measures
    ][:count]
    more = 0.14 * any("\n" in h for h in heads)
    canvas, panels = layout.grid_of(
        count,
        across,
        (0.28 if one else layout.row_height(names)) * lines + 0.2,
        2.3 if one else 1.9,
        foot,
        (0.22, 0.7 + more),
        0.12 if one else 0.3 + more,
    )
    for i, axes in enumerate(panels):
        cells = (
            [(names[0], 0, m) for m in measures]
            if one
            else [(n, k, measures[i]) for k, n in enumerate(names)]
        )
        for y, (_, k, measure) in enumerate(cells):
            row = rows.get((tables.scenarios[k]["key"], measure))
            if row is not None:
                dot(axes, row, "value", y, k)
        layout.rows(
            axes,
            [sentences.meta(tables, m)["label"] for _, _, m in cells] if one else names,
            shown=i % across == 0,
            width=34 if one else 28,
        )
        axes.set_title(heads[i])
        axes.set_xlabel(say("per_cent"))
        axes.set_xlim(left=0)
        number_axis(axes, "share", across, signed=False)
    share_scale(panels)
    chance = any(sentences.known(r["mc_error"]) for r in rows.values())
    legend_of_dots(canvas, tables, chance, say("levels.mean"), note)
    return canvas
