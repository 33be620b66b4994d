"""The first page: what was asked, what came out and how sure that is, what else happens, what it costs, what
it rests on, and what not to conclude. It opens every report of a run or a comparison, and stands alone as
`brief.html`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from avrr_sim.report.figures import style
from avrr_sim.report.figures.quantile_dots import draw_quantile_dots
from avrr_sim.report.figures.style import Figure
from avrr_sim.report.html.elements import Card, Code, Heading, Items, Note, Part, Picture, Section, Text
from avrr_sim.report.html.page import Sheet, write_page
from avrr_sim.report.pages.findings_table import findings_table
from avrr_sim.report.pages.headlines import all_alike, grades_of_spread, lead_notes
from avrr_sim.report.pages.lookup import Row, RowLookup
from avrr_sim.report.pages.offers_table import offers_taken
from avrr_sim.report.pages.sheet import letters_for
from avrr_sim.report.words import answers, catalogue, chosen, findings, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.report.words.told import told as in_words
from avrr_sim.study.summary.tables import StudyTables

PAGE = "brief.html"
LONGEST = 170  # letters of a title made of questions
DRAWN, SHOWN = 4.6, 3.66
"""Widths of the picture in inches: as drawn, and on the sheet, half of which it takes."""
ROWS, AROUND = 1.9, 0.7
"""Height of the rows of the picture together, and of what stands around them, in inches."""
UNCOUNTED = ("information", "process")
"""Kinds of levers whose own cost no measure counts."""
MIDDLE_DOT = " \u00b7 "


def write_brief(folder: Path, tables: StudyTables) -> Path:
    """Write `brief.html` and its pictures into `folder`; returns the page's path.

    The same tables give the same bytes. Raises OSError where the folder cannot be written.
    """
    figures = folder / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    drawn = draw_quantile_dots(figures, tables, width=DRAWN, rows=ROWS, end="-sheet")
    again: list[Part] = [
        Text(say("brief.again"), small=True),
        Code(str(tables.provenance.get("command", ""))),
    ]
    parts = [*brief_parts(tables, RowLookup(tables), drawn), *again]
    section = Section("headlines", say("headlines.title"), parts)
    title, lead = question(tables), cover(tables)
    letters = letters_for(title, lead, parts, (ROWS + AROUND) * SHOWN / DRAWN if drawn is not None else 0.0)
    rows = -(-sum(isinstance(part, Card) for part in parts) // 2)
    return write_page(folder, title, [section], lead=lead, name=PAGE, sheet=Sheet(letters, rows))


def question(tables: StudyTables) -> str:
    """The title: that of the study, or what its scenarios ask where that is short enough for a title."""
    asked = " ".join(str(s.get("asks", "")) for s in tables.scenarios[1:]).strip()
    return tables.title or (asked if 0 < len(asked) <= LONGEST else say("comparison.heading"))


def cover(tables: StudyTables) -> list[Part]:
    """Above everything: date, host, period, version and study; with what it is compared; what went wrong."""
    told, parts = tables.provenance, []
    window = told.get("window") or {}
    if day := str(told.get("date", "")):
        parts.append(say("brief.dated", day=int(day[8:]), month=_month(day), year=day[:4]))
    if window:
        ends = {end: say("brief.month", month=_month(window[k]), year=window[k][:4]) for end, k in _ENDS}
        parts.append(say("brief.where", host=_host(told), **ends))
    parts.append(say("brief.version", version=told.get("version", "")))
    if digest := told.get("digest"):
        parts.append(say("brief.digest", digest=digest))
    asks = tables.scenarios[0].get("asks", "") if len(tables.scenarios) == 1 else ""
    return [
        Text(MIDDLE_DOT.join(parts), small=True),
        *([Text(asks)] if asks else []),
        *lead_notes(tables),
    ]


_ENDS = (("start", "from"), ("end", "to"))


def _month(date: str) -> str:
    return catalogue.MONTHS[int(date[5:7]) - 1]


def _host(told: Mapping[str, Any]) -> str:
    scenarios = told.get("scenarios") or [{}]
    return in_words(str(scenarios[0].get("host", "")).replace("-", " ").title())


def brief_parts(tables: StudyTables, lookup: RowLookup, drawn: Figure | None) -> list[Part]:
    """Cards, the picture of the headline, the summary of findings, and what holds of all of it."""
    first = 0 if len(tables.scenarios) == 1 else 1
    parts: list[Part] = [_card(tables, lookup, i) for i in range(first, len(tables.scenarios))]
    parts += [Picture(drawn)] if drawn is not None else []
    parts += findings_table(tables, lookup)
    if depends := answers.depends_said(tables.depends):
        parts += [Heading(say("brief.depends")), Items(depends)]
    parts += [Heading(say("brief.rests")), Items(_rests(tables))]
    return [*parts, Heading(say("brief.not")), Items(list(catalogue.NOT_FOR))]


def _card(tables: StudyTables, lookup: RowLookup, i: int) -> Card:
    """What a scenario changes (or, alone, what it is like), in sentences."""
    scenario = tables.scenarios[i]
    tell = _effect if i else _level
    (lead, rest), *others = (tell(tables, lookup, scenario, *each) for each in catalogue.HEADLINES)
    parts: list[Part] = [Text(" ".join(filter(None, pair))) for pair in others]
    if i and all_alike(lookup.differences, scenario["key"]):
        parts = [Note(say("headlines.alike")), *parts]
    said = (_beside(tables, lookup, scenario), _cost(tables, lookup, scenario)) if i else ()
    taken = offers_taken(tables, scenario["key"])
    parts += [Text(text) for text in (taken, *said, _pressure(lookup, scenario["key"])) if text]
    parts += [Note(catalogue.coercion_note())] if sentences.coercive(scenario) else []
    asks = scenario.get("asks", "") if i else ""
    return Card(scenario["name"], style.colour(i), lead, f" {rest}" if rest else "", parts, asks)


def _effect(
    tables: StudyTables, lookup: RowLookup, scenario: Mapping[str, Any], measure: str, people: str, do: str
) -> tuple[str, str]:
    """(what changes in natural frequencies, how sure that is)."""
    row = lookup.differences.get((scenario["key"], measure))
    if row is None:
        return say("headlines.absent"), ""
    found = findings.finding(tables, scenario, row)
    if found is None:
        return say("sentence.too_few" if row["suppressed"] else "sentence.not_estimable", people=people), ""
    told = {"before": found.before, "after": found.after, "change": found.change, "people": people, "do": do}
    if sentences.exactly_zero(row):
        return say("brief.zero", **told), ""
    if found.sure == findings.SAME:
        name = sentences.interval_name(tables)
        span = say("brief.only_span", name=name, span=found.span) if found.span else ""
        return say("brief.same", **told), sentences.capital(span)
    span = (
        say("sentence.and_interval", name=sentences.interval_name(tables), span=found.span)
        if found.span
        else ""
    )
    sure = say("brief.sure", sure=findings.confidence(found), span=span)
    return say("brief.change", **told), sentences.capital(sure)


def _level(
    tables: StudyTables, lookup: RowLookup, scenario: Mapping[str, Any], measure: str, people: str, do: str
) -> tuple[str, str]:
    """(a level in natural frequencies, its interval)."""
    row = lookup.levels.get((scenario["key"], measure))
    return (say("headlines.absent"), "") if row is None else sentences.level_claim(tables, row, people, do)


def _beside(tables: StudyTables, lookup: RowLookup, scenario: Mapping[str, Any]) -> str:
    """What else happens: changes in sight, and what does not change detectably."""
    rows = [lookup.differences.get((scenario["key"], m)) for m in chosen.SIDE_EFFECTS]
    found = [f for f in (findings.finding(tables, scenario, row) for row in rows) if f is not None]
    changed: dict[str, list[str]] = {}
    for f in (each for each in found if each.sure != findings.SAME):
        told = say("brief.side", name=_name(f).lower(), change=f.change, sure=findings.shortly(f))
        changed.setdefault(catalogue.CHANGED[f.measure]["of"], []).append(told)
    alike = [_name(f).lower() for f in found if f.sure == findings.SAME]
    said = [say("brief.beside", of=of, told="; ".join(each)) for of, each in changed.items()]
    said += [say("brief.no_side", names=", ".join(alike))] if alike else []
    return " ".join(said)


def _name(found: findings.Finding) -> str:
    return catalogue.CHANGED[found.measure]["name"]


def _cost(tables: StudyTables, lookup: RowLookup, scenario: Mapping[str, Any]) -> str:
    """What the programme costs more, and what an additional return costs; nothing where coercion is moved."""
    key = scenario["key"]
    found = findings.finding(tables, scenario, lookup.differences.get((key, "programme_cost")))
    price = lookup.differences.get((key, "cost_per_additional"))
    said = []
    if found is not None and found.sure != findings.SAME:
        said.append(say("brief.cost", change=found.change, span=_in_brackets(tables, found.span)))
    if price is not None and not sentences.coercive(scenario):
        said.append(_price(tables, price))
    if said and any(line["kind"] in UNCOUNTED for line in scenario["changes"]):
        said.append(say("brief.uncounted"))
    return " ".join(said)


def _price(tables: StudyTables, row: Row) -> str:
    if row["suppressed"] or not sentences.known(row["value"]):
        return say("brief.no_price")
    value, span = findings.price(tables, row)
    return say("brief.price", price=value, span=_in_brackets(tables, span))


def _in_brackets(tables: StudyTables, span: str) -> str:
    return say("sentence.in_brackets", name=sentences.interval_name(tables), span=span) if span else ""


def _pressure(lookup: RowLookup, key: str) -> str:
    """The shares of those who apply under pressure or misinformed."""
    rows = [(m, lookup.levels.get((key, m))) for m in chosen.HEADLINE_OF_APPLICANTS]
    parts = [
        say(
            "brief.pressure_part",
            share=f"{100 * row['value']:.0f}",
            span=_of_shares(row),
            why=catalogue.WHY[m],
        )
        for m, row in rows
        if row is not None and not row["suppressed"] and sentences.known(row["value"])
    ]
    return say("brief.pressure", parts=say("and").join(parts)) if parts else ""


def _of_shares(row: Row) -> str:
    """The interval of a share in per cent; empty where there is none."""
    if not (sentences.known(row["low"]) and sentences.known(row["high"])):
        return ""
    return say("sentence.span", low=f"{100 * row['low']:.0f}", high=f"{100 * row['high']:.0f}")


def _rests(tables: StudyTables) -> list[str]:
    """Draws and weights, what data narrowed, the grades of evidence that what is open comes from."""
    one = len(tables.scenarios) == 1
    said = [say("lead.made_one" if one else "lead.made", **sentences.made_of(tables.provenance))]
    if 1 < int(tables.provenance.get("draws", 1)) < findings.FEW_DRAWS:
        said.append(say("brief.few_draws", draws=tables.provenance["draws"]))
    informed = int(tables.drivers["informed"].fillna(False).astype(bool).sum()) if len(tables.drivers) else 0
    said.append(
        say("brief.rests_fitted", informed=informed, all=len(tables.drivers))
        if informed and tables.provenance.get("weights") == "posterior"
        else say("brief.rests_unfitted")
    )
    said += [] if one or sentences.one_draw(tables) else [say("brief.put_in")]
    for scenario in tables.scenarios[1:]:
        parts = grades_of_spread(tables, scenario["key"], "uptake_24")
        said += [say("brief.rests_grades", name=scenario["name"], parts=parts)] if parts else []
    return [*said, say("brief.rests_window")]


def pictures(folder: Path, tables: StudyTables, widths: Sequence[tuple[str, float]]) -> list[Figure]:
    """The pictures of the page in other widths: (end of their names, inches)."""
    found = [draw_quantile_dots(folder, tables, width=width, end=f"-{end}") for end, width in widths]
    return [figure for figure in found if figure is not None]
