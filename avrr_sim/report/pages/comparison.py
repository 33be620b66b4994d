"""The page of a run or a comparison: one HTML file that opens offline, prints, and says of every number how
sure it is.

Uptake never stands alone: beside it go returns, removals, and people who went out of sight or moved on.
Scenarios that move a lever of coercion are shown with their consequences, without any sum of money that could
be read as a saving.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from avrr_sim.report.figures.courses import draw_beliefs, draw_course
from avrr_sim.report.figures.differences import draw_differences
from avrr_sim.report.figures.endings import draw_drop_out_stages, draw_endings
from avrr_sim.report.figures.groups import draw_groups
from avrr_sim.report.figures.levels import draw_levels
from avrr_sim.report.figures.ribbons import draw_flows
from avrr_sim.report.figures.spread import draw_spread
from avrr_sim.report.figures.style import Figure
from avrr_sim.report.figures.waits import draw_waits
from avrr_sim.report.html.elements import Fold, Heading, Part, Picture, Section, Text
from avrr_sim.report.html.page import limits, provenance, write_page
from avrr_sim.report.pages.comparison_tables import (
    change_parts,
    group_tables,
    measure_table,
    provenance_facts,
    wait_table,
)
from avrr_sim.report.pages.drivers_and_fit import (
    driver_parts,
    drivers_section,
    fit_sections,
)
from avrr_sim.report.pages.headlines import headline_section, lead_parts
from avrr_sim.report.pages.lookup import RowLookup
from avrr_sim.report.pages.offers_table import offer_parts
from avrr_sim.report.pages.same_people import people_section
from avrr_sim.report.words import catalogue, chosen, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables

ELSEWHERE = ("after", "additional")
"""Sheets of differences that stand in sections of their own."""


def write_comparison(folder: Path, tables: StudyTables) -> Path:
    """Write `report.html` and `figures/` (SVG, and a CSV of every figure's numbers) into `folder`;
    returns the page's path.

    The same tables give the same bytes. Raises OSError where the folder cannot be written.
    """
    figures, lookup = folder / "figures", RowLookup(tables)
    drawn = draw_comparison(figures, tables)
    spread: list[Part] = [Text(say("spread.text")), Picture(drawn["spread"])] if "spread" in drawn else []
    command = str(tables.provenance.get("command", ""))
    sections = [
        headline_section(tables, lookup),
        _differences(tables, lookup, drawn),
        Section(
            "changes",
            say("changes.title"),
            [*change_parts(tables), *offer_parts(tables)],
            say("changes.short"),
        ),
        _over_time(drawn),
        people_section(tables, lookup, drawn),
        _groups(tables, lookup, drawn),
        drivers_section(*spread, *driver_parts(figures, tables.drivers)),
        *fit_sections(figures, tables),
        limits(tables.limits, _owed(tables)),
        provenance(command, provenance_facts(tables.provenance, tables.scenarios)),
    ]
    return write_page(folder, tables.title or say("comparison.heading"), sections, lead=lead_parts(tables))


def draw_comparison(folder: Path, tables: StudyTables) -> dict[str, Figure]:
    """Write every figure that the results allow into `folder` (SVG and CSV), by name; those of drivers
    and fit come with their sections.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = [draw_differences(folder, tables, sheet) for sheet in chosen.SHEETS]
    found.append(draw_levels(folder, tables))
    found += [draw_course(folder, tables, measure) for measure in chosen.COURSE_FIGURES]
    for what in catalogue.BELIEFS:
        found += draw_beliefs(folder, tables, what)
    found += [
        draw_endings(folder, tables),
        draw_drop_out_stages(folder, tables),
        draw_waits(folder, tables),
        draw_spread(folder, tables),
    ]
    for measure in chosen.GROUP_FIGURES:
        found += draw_groups(folder, tables, measure)
    found += draw_flows(folder, tables)
    return {figure.name: figure for figure in found if figure is not None}


def _differences(tables: StudyTables, lookup: RowLookup, drawn: Mapping[str, Figure]) -> Section:
    one = len(tables.scenarios) == 1
    parts: list[Part] = [
        Text(
            say(
                "numbers.text_one" if sentences.one_draw(tables) else "numbers.text",
                interval=sentences.interval_name(tables),
            )
        )
    ]
    parts += [
        Picture(drawn[name])
        for name in (f"differences-{sheet}" for sheet in chosen.SHEETS if sheet not in ELSEWHERE)
        if name in drawn
    ]
    parts += [Picture(drawn["levels"])] if "levels" in drawn else []
    near = measure_table(tables, lookup, chosen.MAIN_TABLE)
    every = measure_table(tables, lookup)
    parts += [near] if near is not None else []
    parts += [Fold(say("numbers.all", count=len(every.blocks)), [every])] if every is not None else []
    return Section(
        "numbers", say("numbers.title_one" if one else "numbers.title"), parts if len(parts) > 1 else []
    )


def _over_time(drawn: Mapping[str, Figure]) -> Section:
    return Section(
        "time",
        say("course.heading"),
        [Picture(figure) for name, figure in drawn.items() if name.startswith("course-")],
    )


def _groups(tables: StudyTables, lookup: RowLookup, drawn: Mapping[str, Figure]) -> Section:
    """Groups on one scale, waiting times, and life after return."""
    parts: list[Part] = [Picture(figure) for name, figure in drawn.items() if name.startswith("groups-")]
    found = group_tables(tables, lookup)
    if found:
        parts = [Text(say("groups.text")), *parts, *(Fold(caption, [table]) for caption, table in found)]
    if "waits" in drawn:
        table = wait_table(tables)
        parts += [
            Heading(say("waits.title")),
            Picture(drawn["waits"]),
            *([Fold(say("waits.caption_table"), [table])] if table else []),
        ]
    if "differences-after" in drawn:
        parts += [Heading(say("after.title")), Text(say("after.text")), Picture(drawn["differences-after"])]
    return Section("groups", say("groups.title"), parts, say("groups.short"))


def _owed(tables: StudyTables) -> list[str]:
    """Names what should stand beside uptake and is missing from this study."""
    present = set(tables.levels["measure"]) if len(tables.levels) else set()
    missing = [text for measure, text in catalogue.OWED.items() if measure not in present]
    return [say("limits.owed", what=say("and").join(missing))] if missing else []
