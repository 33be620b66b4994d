"""The summary of findings: about seven outcomes of every scenario, each with level, difference, interval and
certainty, in the form of GRADE.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from avrr_sim.report.html.elements import DASH, Block, Cell, Column, Part, Table, Text
from avrr_sim.report.pages.cells import far_off
from avrr_sim.report.pages.lookup import Row, RowLookup
from avrr_sim.report.words import catalogue, chosen, findings, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables

BEGINS = 1  # at the second of `catalogue.CERTAINTY`: moderate


def findings_table(tables: StudyTables, lookup: RowLookup) -> list[Part]:
    """The table and the key of its certainties; nothing where the study has none of the outcomes."""
    one = len(tables.scenarios) == 1
    blocks, used = [], set()
    for scenario in tables.scenarios if one else tables.scenarios[1:]:
        rows = []
        for measure in chosen.FINDINGS:
            row = (lookup.levels if one else lookup.differences).get((scenario["key"], measure))
            if row is None:
                continue
            why = reasons(tables, row, paired=not one)
            used |= set(why)
            rows.append((_level if one else _effect)(tables, scenario, row, why))
        if rows:
            blocks.append(Block(rows, "" if len(tables.scenarios) < 3 else scenario["name"]))
    if not blocks:
        return []
    name = tables.scenarios[-1]["name"] if len(tables.scenarios) < 3 else tables.scenarios[0]["name"]
    caption = say("table.caption" if len(tables.scenarios) < 3 else "table.caption_many", name=name)
    note = say(
        "table.note", reasons="; ".join(_reason(why) for why in catalogue.LOWERED if why in used) or DASH
    )
    return [Table(caption, _columns(one), blocks, compact=True), Text(note, small=True)]


def _columns(one: bool) -> list[Column]:
    heads = ("level",) if one else ("before", "after", "change")
    numbers = [Column(say(f"table.{head}")) for head in heads]
    words = [] if one else [Column(say("table.plain"), numeric=False)]
    first = Column(say("table.outcome"), numeric=False)
    return [first, *numbers, *words, Column(say("table.certainty"), numeric=False)]


def _effect(tables: StudyTables, scenario: Mapping[str, Any], row: Row, why: list[str]) -> list[Cell]:
    told = catalogue.CHANGED[row["measure"]]
    first = Cell(told["name"], told["of"])
    found = findings.finding(tables, scenario, row)
    if found is None:
        nothing = Cell(findings.why_not(scenario, row, sentences.meta(tables, row["measure"])["per"]))
        return [first, Cell(DASH), Cell(DASH), nothing, Cell(DASH), Cell(DASH)]
    return [
        first,
        Cell(found.before, value=float(row["baseline"])),
        Cell(found.after, value=float(row["value"])),
        Cell(found.change, f"({found.span})" if found.span else "", float(row["difference"])),
        Cell(findings.in_words(found)),
        _certainty(why),
    ]


def _level(tables: StudyTables, scenario: Mapping[str, Any], row: Row, why: list[str]) -> list[Cell]:
    told = catalogue.CHANGED[row["measure"]]
    if row["suppressed"] or not sentences.known(row["value"]):
        per = sentences.meta(tables, row["measure"])["per"]
        return [Cell(told["name"], told["of"]), Cell(findings.why_not(scenario, row, per)), Cell(DASH)]
    value, span = findings.level(tables, row)
    return [
        Cell(told["name"], told["of"]),
        Cell(value, f"({span})" if span else "", float(row["value"])),
        _certainty(why),
    ]


def _certainty(why: list[str]) -> Cell:
    grade = catalogue.CERTAINTY[min(BEGINS + len(why), len(catalogue.CERTAINTY) - 1)]
    return Cell(sentences.capital(grade), ", ".join(_letter(reason) for reason in why))


def _letter(reason: str) -> str:
    return "abcdefgh"[list(catalogue.LOWERED).index(reason)]


def _reason(reason: str) -> str:
    return say("table.reason", letter=_letter(reason), why=catalogue.LOWERED[reason])


def reasons(tables: StudyTables, row: Row, paired: bool = True) -> list[str]:
    """Why the certainty of a row is lowered, as keys of `catalogue.LOWERED`."""
    found = []
    if row["measure"] not in figures_met(tables):
        found.append("figure")
    if paired and sentences.settled(row) is not True:
        found.append("imprecise")
    draws = int(tables.provenance.get("draws", 1))
    if draws < findings.FEW_DRAWS or (paired and _by_chance(row)):
        found.append("few")
    if tables.provenance.get("weights") != "posterior":
        found.append("unfitted")
    return found


def _by_chance(row: Row) -> bool:
    """Whether a difference cannot be told from chance between runs."""
    known = sentences.known(row["mc_error"]) and sentences.known(row["difference"])
    return known and 0 < abs(row["difference"]) < findings.CHANCE * row["mc_error"]


def figures_met(tables: StudyTables) -> set[str]:
    """Measures of which every published figure lies inside its prediction, and near the middle of it."""
    met: dict[str, bool] = {}
    for row in tables.targets.to_dict("records"):
        if row["verdict"] != "not tested":
            near = row["verdict"] == "inside" and not far_off(row)
            met[row["measure"]] = met.get(row["measure"], True) and near
    return {measure for measure, good in met.items() if good}
