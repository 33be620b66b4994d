"""The page of a run or a comparison: one HTML file that opens offline, prints, and says of every number how
sure it is.

Uptake never stands alone: beside it go returns, removals, and people who went out of sight or moved on.
Scenarios that move a lever of coercion are shown with their consequences, without any sum of money that could
be read as a saving.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from avrr_sim.report.figures import courses, dots, endings, ribbons, spread, waits
from avrr_sim.report.figures.style import Figure
from avrr_sim.report.html import page
from avrr_sim.report.html.elements import Fold, Heading, Picture, Section, Text
from avrr_sim.report.pages import drivers_and_fit, headlines, numbers, same_people
from avrr_sim.report.pages.lookup import Index
from avrr_sim.report.words import catalogue, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables


def write_report(folder: Path, tables: StudyTables) -> Path:
    """Writes `report.html` and `figures/` (SVG, PNG, and a CSV of every figure's numbers) into `folder`;
    returns the page's path.

    The same tables give the same bytes. Raises OSError where the folder cannot be written.
    """
    folder = Path(folder)
    drawn = draw_all(folder / "figures", tables)
    index = Index(tables)
    spread = [Text(say("spread.text")), Picture(drawn["spread"])] if "spread" in drawn else []
    sections = [
        headlines.section(tables, index),
        _differences(tables, index, drawn),
        Section("changes", say("changes.title"), numbers.changes(tables), say("changes.short")),
        _over_time(drawn),
        same_people.section(tables, index, drawn),
        _groups(tables, index, drawn),
        *drivers_and_fit.sections(
            folder / "figures", tables.drivers, tables.targets, tables.patterns, spread
        ),
        page.limits([*tables.limits, *_owed(tables)]),
        page.provenance(
            str(tables.provenance.get("command", "")), numbers.facts(tables.provenance, tables.scenarios)
        ),
    ]
    return page.write_page(folder, tables.title, sections, lead=headlines.lead_of(tables))


def draw_all(folder: Path, tables: StudyTables) -> dict[str, Figure]:
    """Writes every figure that the results allow into `folder` (SVG, PNG and CSV); those of drivers and fit
    come with their sections.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = [dots.differences(folder, tables, sheet) for sheet in (*dots.SHEETS, "additional")]
    found.append(dots.levels(folder, tables))
    found += [courses.course(folder, tables, measure) for measure in courses.COURSES]
    for what in catalogue.BELIEFS:
        found += courses.beliefs(folder, tables, what)
    found += [
        endings.endings(folder, tables),
        endings.stages(folder, tables),
        waits.waits(folder, tables),
        spread.spread(folder, tables),
    ]
    for measure in dots.GROUPED:
        found += dots.groups(folder, tables, measure)
    found += ribbons.ribbons(folder, tables)
    return {figure.name: figure for figure in found if figure is not None}


def _differences(tables: StudyTables, index: Index, drawn: Mapping[str, Figure]) -> Section:
    one = len(tables.scenarios) == 1
    parts: list[Any] = [
        Text(
            say(
                "numbers.text_one" if sentences.one_draw(tables) else "numbers.text",
                interval=sentences.interval_name(tables),
            )
        )
    ]
    parts += [
        Picture(drawn[name])
        for name in (f"differences-{sheet}" for sheet in dots.SHEETS if sheet != "after")
        if name in drawn
    ]
    parts += [Picture(drawn["levels"])] if "levels" in drawn else []
    near = numbers.measures(tables, index, numbers.KEY_MEASURES)
    every = numbers.measures(tables, index)
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


def _groups(tables: StudyTables, index: Index, drawn: Mapping[str, Figure]) -> Section:
    """Groups on one scale, waiting times, and life after return."""
    parts: list[Any] = [Picture(figure) for name, figure in drawn.items() if name.startswith("groups-")]
    found = numbers.groups(tables, index)
    if found:
        parts = [Text(say("groups.text")), *parts, *(Fold(caption, [table]) for caption, table in found)]
    if "waits" in drawn:
        table = numbers.waits(tables)
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
