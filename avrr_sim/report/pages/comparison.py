"""The page of a run or a comparison: one HTML file that opens offline, prints, and says of every number how
sure it is.

Uptake never stands alone: beside it go returns, removals, and people who went out of sight or moved on.
Scenarios that move a lever of coercion are shown with their consequences, without any sum of money that could
be read as a saving.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from avrr_sim.report.figures.courses import draw_beliefs, draw_course, draw_course_effect
from avrr_sim.report.figures.differences import draw_differences
from avrr_sim.report.figures.endings import draw_drop_out_stages, draw_endings
from avrr_sim.report.figures.groups import draw_groups
from avrr_sim.report.figures.levels import draw_levels
from avrr_sim.report.figures.quantile_dots import draw_quantile_dots
from avrr_sim.report.figures.ribbons import draw_flows
from avrr_sim.report.figures.spread import draw_spread
from avrr_sim.report.figures.style import Figure
from avrr_sim.report.figures.waits import draw_waits
from avrr_sim.report.html.elements import Fold, Heading, Note, Part, Picture, Section, Text
from avrr_sim.report.html.page import limits_folded, provenance, write_page
from avrr_sim.report.pages.answers import answers_fold
from avrr_sim.report.pages.brief import brief_parts, cover, question
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
    fit_section,
    pattern_parts,
    target_parts,
)
from avrr_sim.report.pages.headlines import more_beside, names_of
from avrr_sim.report.pages.lookup import RowLookup
from avrr_sim.report.pages.offers_table import offer_parts
from avrr_sim.report.pages.same_people import people_section
from avrr_sim.report.words import catalogue, chosen, sentences
from avrr_sim.report.words.sentences import say, told_later
from avrr_sim.study.summary.tables import StudyTables

ELSEWHERE = ("after", "additional")
"""Sheets of differences that stand in sections of their own."""
MANY = 7  # scenarios beyond which levels of courses are not on the page
COURSES_IN_SIGHT = ("course-effect-uptake-cumulative",)
"""Courses that stand in sight, where the study has them; else the first."""


def write_comparison(folder: Path, tables: StudyTables) -> Path:
    """Write `report.html` and `figures/` (SVG, and a CSV of every figure's numbers) into `folder`;
    returns the page's path.

    The first page comes first; of what follows, the most asked-for stands in sight and the rest behind folds.
    The same tables give the same bytes. Raises OSError where the folder cannot be written.
    """
    figures, lookup = folder / "figures", RowLookup(tables)
    drawn = draw_comparison(figures, tables)
    spread: list[Part] = [Text(say("spread.text")), Picture(drawn["spread"])] if "spread" in drawn else []
    first = [*brief_parts(tables, lookup, drawn.get("headline")), *more_beside(tables, lookup)]
    first += answers_fold(tables, lookup)
    sections = [
        Section("headlines", say("headlines.title"), first),
        _differences(tables, lookup, drawn),
        Section(
            "changes",
            say("changes.title"),
            [*change_parts(tables), *offer_parts(tables)],
            say("changes.short"),
        ),
        _over_time(tables, drawn),
        people_section(tables, lookup, drawn),
        _groups(tables, lookup, drawn),
        drivers_section(*_folded([*driver_parts(figures, tables.drivers), *spread], say("drivers.more"))),
        *_fit_sections(figures, tables),
        limits_folded(tables.limits, [*_owed(tables), *told_later(tables.cautions, names_of(tables))]),
        provenance(
            str(tables.provenance.get("command", "")), provenance_facts(tables.provenance, tables.scenarios)
        ),
    ]
    return write_page(folder, question(tables), sections, lead=cover(tables))


def _fit_sections(figures: Path, tables: StudyTables) -> list[Section]:
    """The section of fit; none where the weights were fitted to another country, whose figures and patterns
    it would show.
    """
    if any(limit["key"] == sentences.ELSEWHERE for limit in tables.limits):
        return []
    fit = [*target_parts(figures, tables.targets), *pattern_parts(tables.patterns)]
    return [fit_section(*_folded(fit, say("fit.more")))]


def _folded(parts: Sequence[Part], summary: str) -> list[Part]:
    """The large parts behind one fold, after the sentences."""
    seen = [part for part in parts if isinstance(part, Note) or (isinstance(part, Text) and not part.small)]
    large: list[Part] = []
    for part in parts:
        if part not in seen:  # a fold within a fold would be lost on paper
            large += part.parts if isinstance(part, Fold) else [part]
    return [*seen, *([Fold(summary, large)] if large else [])]


def draw_comparison(folder: Path, tables: StudyTables) -> dict[str, Figure]:
    """Write every figure that the results allow into `folder` (SVG and CSV), by name; those of drivers
    and fit come with their sections.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = [draw_quantile_dots(folder, tables)]
    found += [draw_differences(folder, tables, sheet) for sheet in chosen.SHEETS]
    found.append(draw_levels(folder, tables))
    for measure in chosen.COURSE_FIGURES:
        found += [draw_course_effect(folder, tables, measure), draw_course(folder, tables, measure)]
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
    names = [f"differences-{sheet}" for sheet in chosen.SHEETS if sheet not in ELSEWHERE] + ["levels"]
    pictures = [Picture(drawn[name]) for name in names if name in drawn]
    near = measure_table(tables, lookup, chosen.MAIN_TABLE)
    every = measure_table(tables, lookup)
    how = say(
        "numbers.text_one" if sentences.one_draw(tables) else "numbers.text",
        interval=sentences.interval_name(tables),
    )
    parts: list[Part] = [Fold(say("numbers.first"), pictures[:1], paper=True)] if pictures else []
    parts += [Fold(say("numbers.figures", count=len(pictures) - 1), pictures[1:])] if pictures[1:] else []
    parts += [Fold(say("numbers.near"), [Text(how), near])] if near is not None else []
    parts += [Fold(say("numbers.all", count=len(every.blocks)), [every])] if every is not None else []
    return Section("numbers", say("numbers.title_one" if one else "numbers.title"), parts)


def _over_time(tables: StudyTables, drawn: Mapping[str, Figure]) -> Section:
    """The effect on the courses most asked for; behind a fold, levels and the other courses. With many
    scenarios the levels of courses lie in the folder alone, for they would double the page.
    """
    found = {name: Picture(figure) for name, figure in drawn.items() if name.startswith("course-")}
    seen = [name for name in COURSES_IN_SIGHT if name in found] or list(found)[:1]
    others = [picture for name, picture in found.items() if name not in seen]
    if len(tables.scenarios) > MANY:
        others = [p for p in others if p.figure.name.startswith("course-effect-")]
    many = len(tables.scenarios) > MANY and bool(seen or others)
    elsewhere: list[Part] = [Text(say("course.elsewhere"), small=True)] if many else []
    fold = [Fold(say("course.more", count=len(others)), others)] if others else []
    return Section("time", say("course.heading"), [*(found[name] for name in seen), *fold, *elsewhere])


def _groups(tables: StudyTables, lookup: RowLookup, drawn: Mapping[str, Figure]) -> Section:
    """Groups on one scale; behind folds, the others, waiting times, and life after return."""
    pictures = [Picture(figure) for name, figure in drawn.items() if name.startswith("groups-")]
    found = group_tables(tables, lookup)
    rest: list[Part] = [*pictures[1:], *_waits(tables, drawn)]
    if "differences-after" in drawn:
        rest += [Heading(say("after.title")), Text(say("after.text")), Picture(drawn["differences-after"])]
    told: list[Part] = [Text(say("groups.text"), small=True)] if found else []
    parts: list[Part] = [Fold(say("groups.first"), [*pictures[:1], *told], paper=True)] if pictures else told
    parts += [Fold(caption, [table]) for caption, table in found]
    parts += [Fold(say("groups.more"), rest)] if rest else []
    return Section("groups", say("groups.title"), parts, say("groups.short"))


def _waits(tables: StudyTables, drawn: Mapping[str, Figure]) -> list[Part]:
    if "waits" not in drawn:
        return []
    table = wait_table(tables)
    return [Heading(say("waits.title")), Picture(drawn["waits"]), *([table] if table else [])]


def _owed(tables: StudyTables) -> list[str]:
    """Names what should stand beside uptake and is missing from this study."""
    present = set(tables.levels["measure"]) if len(tables.levels) else set()
    missing = [text for measure, text in catalogue.OWED.items() if measure not in present]
    return [say("limits.owed", what=say("and").join(missing))] if missing else []
