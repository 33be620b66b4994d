"""Section 5: where the people went. What is free of any assumption comes first; what rests on following the
same persons comes after.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from avrr_sim.report.figures.ribbons import ending_alike, flows_between
from avrr_sim.report.figures.style import Figure
from avrr_sim.report.html.elements import (
    DASH,
    Block,
    Cell,
    Column,
    Fold,
    Part,
    Picture,
    Section,
    Table,
    Text,
)
from avrr_sim.report.pages.comparison_tables import contrast_table, ending_tables
from avrr_sim.report.pages.lookup import RowLookup
from avrr_sim.report.pages.story import story_parts
from avrr_sim.report.words import catalogue, sentences
from avrr_sim.report.words.language import numeral
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables


def people_section(tables: StudyTables, lookup: RowLookup, drawn: Mapping[str, Figure]) -> Section:
    """Additional returns and their cost; the same persons under both policies; how applications end."""
    parts: list[Part] = []
    table = contrast_table(tables, lookup)
    if table is not None:
        how = [Text(say("contrasts.text")), Text(say("contrasts.how"))]
        parts.append(Fold(say("contrasts.title"), [table, *how], paper=True))
    parts += _same_persons(tables, drawn)
    parts += story_parts(tables)
    names = ("differences-additional", "endings", "drop-out-stages")
    others = [Picture(drawn[name]) for name in names if name in drawn]
    ends = [table for _, table in ending_tables(tables)]
    if others or ends:
        parts.append(Fold(say("people.more", count=len(others)), [*others, *ends]))
    return Section("people", say("people.title"), parts)


def _same_persons(tables: StudyTables, drawn: Mapping[str, Figure]) -> list[Part]:
    """The flows in sight; behind a fold, who crosses, every flow, and what the totals alone allow."""
    if tables.flows.empty and tables.crossings.empty:
        return []
    assumed, parts = Text(say("persons.assumption")), list[Part]()
    seen = [Picture(figure) for name, figure in drawn.items() if name.split("-")[0] == "flows"]
    parts += [Fold(say("persons.title"), [assumed, *seen], paper=True)] if seen else [assumed]
    table = _crossings(tables)
    behind: list[Part] = [table] if table is not None else []
    behind += [flows for s in tables.scenarios[1:] if (flows := _flows(tables, s)) is not None]
    return [*parts, Fold(say("persons.more"), [*behind, Text(say("persons.bounds"))])]


def _crossings(tables: StudyTables) -> Table | None:
    """Assisted departures gained and lost by the same persons: net first, displacement in the queue apart."""
    if tables.crossings.empty:
        return None
    at = {(r["scenario"], r["item"]): r for r in tables.crossings.to_dict("records")}
    columns = [
        Column(say("numbers.scenario"), numeric=False),
        *(Column(text, say("persons.unit")) for text in catalogue.CROSSINGS.values()),
    ]
    rows = [
        [
            Cell(scenario["name"]),
            *(_crossing(at.get((scenario["key"], item)), item) for item in catalogue.CROSSINGS),
        ]
        for scenario in tables.scenarios[1:]
    ]
    return Table(say("persons.caption"), columns, [Block(rows)], compact=True)


def _crossing(row: Mapping[str, Any] | None, item: str) -> Cell:
    """One number of persons with its interval, its error, and what the totals alone would allow."""
    if row is None or not sentences.known(row["value"]):
        return Cell(DASH)
    value, interval = sentences.shown(row["value"], row["low"], row["high"], "count", signed=item == "net")
    spans = [f"({interval})"] if interval else []
    if sentences.known(row["mc_error"]):
        spans.append(say("monte_carlo_short", error=sentences.error(row["mc_error"], "count")))
    if sentences.known(row["frechet_low"]) and item != "net":
        low, high = (numeral(row[end], ",.0f") for end in ("frechet_low", "frechet_high"))
        spans.append(say("persons.possible", low=low, high=high))
    return Cell(value, "; ".join(spans), float(row["value"]))


def _flows(tables: StudyTables, scenario: Mapping[str, Any]) -> Table | None:
    """The flows of one scenario, of 1,000 who exist in both runs."""
    own = flows_between(tables.flows, scenario["key"])
    if scenario["key"] not in set(tables.flows["scenario"]):
        return None
    alike = ending_alike(tables.flows, scenario["key"])
    rows = [
        [
            Cell(say("persons.alike")),
            Cell(DASH),
            Cell(numeral(alike, ",.1f"), value=alike),
            Cell(DASH),
            Cell(DASH),
        ]
    ]
    for row in own.to_dict("records"):
        value, interval = sentences.shown(row["per_1000"], row["low"], row["high"], "rate")
        bounds = (
            f"{numeral(row['frechet_low'], ',.1f')} \u2013 {numeral(row['frechet_high'], ',.1f')}"
            if sentences.known(row["frechet_low"])
            else DASH
        )
        error = (
            Cell(sentences.error(row["mc_error"], "rate"), value=row["mc_error"])
            if sentences.known(row["mc_error"])
            else Cell(DASH)
        )
        names = [catalogue.OUTCOMES.get(row[c], row[c]) for c in ("baseline_outcome", "outcome")]
        rows.append(
            [
                Cell(names[0]),
                Cell(names[1]),
                Cell(value, f"({interval})" if interval else "", row["per_1000"]),
                error,
                Cell(bounds),
            ]
        )
    columns = [
        Column(say("persons.before"), numeric=False),
        Column(say("persons.after"), numeric=False),
        Column(say("persons.per_1000")),
        Column(say("numbers.error")),
        Column(say("persons.bounds_head")),
    ]
    return Table(say("persons.table", name=scenario["name"]), columns, [Block(rows)], compact=True)
