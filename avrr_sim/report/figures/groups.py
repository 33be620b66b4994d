"""One measure by group on one scale, as dots with intervals: levels of one scenario, or every scenario's
differences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas

from avrr_sim.report.figures import layout, style
from avrr_sim.report.figures.dots import Row, dot, interval_caption, legend_of_dots, number_axis
from avrr_sim.report.words import sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables

PANELS = 6  # in one figure
COLUMNS = (
    "scenario",
    "group_by",
    "group",
    "measure",
    "baseline",
    "value",
    "difference",
    "low",
    "high",
    "mc_error",
    "suppressed",
)

Group = tuple[str, str]


def draw_groups(folder: Path, tables: StudyTables, measure: str) -> list[style.Figure]:
    """One measure by group; several figures where scenarios are many, none where the study has no groups."""
    one = len(tables.scenarios) == 1
    table = tables.levels if one else tables.differences
    table = table[(table["group_by"] != "all") & (table["measure"] == measure)] if len(table) else table
    if table.empty:
        return []
    groups = list(dict.fromkeys(zip(table["group_by"], table["group"].astype(str), strict=True)))
    groups.sort(key=sentences.group_place)
    batches = layout.batches([0] if one else list(range(1, len(tables.scenarios))), PANELS)
    return [
        _draw_batch(
            folder,
            tables,
            table,
            groups,
            indices,
            layout.part_name(f"groups-{measure.replace('_', '-')}", k, len(batches)),
        )
        for k, indices in enumerate(batches)
    ]


def _draw_batch(
    folder: Path, tables: StudyTables, table: pd.DataFrame, groups: list[Group], indices: list[int], name: str
) -> style.Figure:
    """One figure of the scenarios `indices`; `table`: the rows of all scenarios, of one measure."""
    measure, one = table["measure"].iloc[0], len(tables.scenarios) == 1
    own = table[table["scenario"].isin([tables.scenarios[i]["key"] for i in indices])]
    rows = {(r["scenario"], r["group_by"], str(r["group"])): r for r in own.to_dict("records")}
    title = say(
        "groups.levels" if one else "groups.differences", label=sentences.meta(tables, measure)["label"]
    )
    caption = " ".join([interval_caption(tables), say("groups.few"), say("groups.many")])
    alt = say("groups.alt", title=title, names=", ".join(tables.scenarios[i]["name"] for i in indices))
    column = "value" if one else "difference"
    draw = partial(_draw, tables, measure, column, rows, groups, indices, _limits(table, column, one))
    data = layout.ordered(tables, own, [measure])[[c for c in COLUMNS if c in own]]
    return style.save(folder, name, draw, tables.scenarios, data, (title, caption, alt))


def _limits(table: pd.DataFrame, column: str, one: bool) -> tuple[float, float]:
    """One scale for the panels of all figures, which holds zero."""
    kept = table.loc[~table["suppressed"].astype(bool), [column, "low", "high"]].to_numpy(float)
    low, high = min(0.0, np.nanmin(kept, initial=0.0)), max(0.0, np.nanmax(kept, initial=0.0))
    room = 0.06 * (high - low) or 0.01
    return (0.0 if one else low - room), high + room


def _draw(
    tables: StudyTables,
    measure: str,
    column: str,
    rows: Mapping[tuple[str, str, str], Row],
    seen: Sequence[Group],
    indices: list[int],
    limits: tuple[float, float],
    names: list[str],
) -> Canvas:
    info = sentences.meta(tables, measure)
    note = layout.windows_note(tables, [measure])
    across = layout.across_of(len(indices)) if len(indices) > 1 else 1
    foot = 0.75 + layout.NOTE_LINE * layout.note_lines(note)
    canvas, panels = layout.grid_of(
        len(indices), across, 0.165 * len(seen) + 0.1, 1.95, foot, (0.15, 0.75), 0.42
    )
    for i, (axes, index) in enumerate(zip(panels, indices, strict=True)):
        axes.axvline(0, color=style.BASELINE, lw=0.9, zorder=1)
        for y, group in enumerate(seen):
            row = rows.get((tables.scenarios[index]["key"], *group))
            if row is not None:
                dot(axes, row, column, y, index, chance=False)
            if y and seen[y - 1][0] != group[0]:
                axes.axhline(y - 0.5, color=style.FAINT, lw=0.8)
        layout.rows(
            axes,
            [sentences.group_name(tables.origins, *g) for g in seen],
            shown=i % across == 0,
            width=30,
            most=1,
            size=7,
        )
        axes.set_title(style.lines(names[index], layout.letters(axes)))
        axes.set_xlabel(sentences.unit(info, difference=column == "difference"))
        number_axis(axes, info["per"], across, signed=column == "difference")
        axes.set_xlim(*limits)
    legend_of_dots(
        canvas, tables, False, say("differences.mean" if column == "difference" else "levels.mean"), note
    )
    return canvas
