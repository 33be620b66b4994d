"""What the answers of a comparison depend on, in full: tipping points, what differences vary with, ceilings
beside the effects, and the effects under each named hypothesis.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from avrr_sim.report.html.elements import (
    DASH,
    Block,
    Cell,
    Column,
    Fold,
    Heading,
    Items,
    Note,
    Part,
    Table,
    Text,
)
from avrr_sim.report.pages.lookup import RowLookup
from avrr_sim.report.words import answers, catalogue, findings, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.report.words.told import told
from avrr_sim.study.summary.contract import remark
from avrr_sim.study.summary.tables import StudyTables


def answers_fold(tables: StudyTables, lookup: RowLookup) -> list[Part]:
    """One fold with all of it; nothing where the study worked nothing out."""
    parts = [*_tipping(tables), *_ceilings(tables, lookup), *_readings(tables)]
    return [Fold(say("answers.fold"), parts)] if parts else []


def _tipping(tables: StudyTables) -> list[Part]:
    names = {scenario["key"]: scenario["name"] for scenario in tables.scenarios}
    rows = tables.tipping.to_dict("records")
    if not rows:
        return [Heading(say("answers.tipping")), Text(say("answers.none"))] if len(tables.ceilings) else []
    tips = [_tip(row, names) for row in rows if row["kind"] == "sign"]
    said: Part = Items(answers.depends_said(tips)) if tips else Text(say("answers.no_tip"))
    turning = {(row["scenario"], row["against"]) for row in rows if row["kind"] == "sign"}
    first = tables.scenarios[0]["key"]
    sizes = [r for r in rows if r["kind"] == "size"]
    sizes = [r for r in sizes if r["against"] == first or (r["scenario"], r["against"]) in turning]
    how = Text(say("answers.how", luck=rows[0]["luck"]), small=True)
    return [Heading(say("answers.tipping")), said, *_varies(tables, sizes, names), how]


def _tip(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    values = {name: value for name, value in row.items() if name != "second" or _whole(row)}
    return remark("tips", **values) | {name: names[row[name]] for name in ("scenario", "against")}


def _whole(row: Mapping[str, Any]) -> bool:
    """Whether draws reach both ends of the weight that moves the point."""
    known = sentences.known(row["point_low"]) and sentences.known(row["point_high"])
    return bool(row["second"]) and known


def _varies(tables: StudyTables, rows: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[Part]:
    """The weights that differences vary with, and what they are where these are lowest and highest."""
    cells = [
        [
            Cell(say("answers.pair", scenario=names[row["scenario"]], against=names[row["against"]])),
            Cell(_measure(row["measure"])),
            Cell(told(row["meaning"]), told(row["unit"])),
            *(_change(tables, row, end) for end in ("low_third", "high_third")),
            Cell(f"{100 * row['predicted']:.0f}\u00a0%", value=row["predicted"]),
        ]
        for row in rows
    ]
    columns = [
        *(Column(say(f"answers.{name}"), numeric=False) for name in ("policies", "outcome", "varies_with")),
        *(Column(say(f"answers.{name}")) for name in ("where_low", "where_high", "predicted")),
    ]
    return [Table(say("answers.sizes"), columns, [Block(cells)], compact=True)] if cells else []


def _change(tables: StudyTables, row: Mapping[str, Any], end: str) -> Cell:
    ends = dict.fromkeys(("difference", "low", "high"), row[end])
    change, _ = findings.change(ends, sentences.meta(tables, row["measure"])["per"])
    return Cell(change, value=row[end])


def _measure(name: str) -> str:
    words = catalogue.CHANGED[name]
    return say("answers.measure", name=words["name"], of=words["of"])


def _ceilings(tables: StudyTables, lookup: RowLookup) -> list[Part]:
    """The effects, and below them the ceilings, by measure."""
    blocks = []
    for measure in dict.fromkeys(tables.ceilings["measure"]):
        effects = [(s["name"], lookup.differences.get((s["key"], measure))) for s in tables.scenarios[1:]]
        own = tables.ceilings[tables.ceilings["measure"] == measure].to_dict("records")
        rows = [(name, row) for name, row in effects if row is not None and not row["suppressed"]]
        rows += [(say("answers.ceiling", name=answers.ceiling(row["ceiling"])), row) for row in own]
        per = sentences.meta(tables, measure)["per"]
        blocks.append(Block([_effect(name, row, per) for name, row in rows], _measure(measure)))
    if not blocks:
        return []
    table = Table(say("answers.ceilings"), _columns("answers.here"), blocks, compact=True)
    return [Heading(say("answers.ceilings_title")), table, Note(say("answers.ceilings_note"))]


def _readings(tables: StudyTables) -> list[Part]:
    """Effects under each named hypothesis, by scenario and measure."""
    if tables.readings.empty:
        return []
    names, blocks = {scenario["key"]: scenario["name"] for scenario in tables.scenarios}, []
    for (key, measure), own in tables.readings.groupby(["scenario", "measure"], sort=False):
        per = sentences.meta(tables, measure)["per"]
        rows = [_effect(answers.reading(r["hypothesis"]), r, per) for r in own.to_dict("records")]
        blocks.append(Block(rows, say("answers.head", name=names[key], measure=_measure(measure))))
    table = Table(say("answers.readings"), _columns("answers.reading_head"), blocks, compact=True)
    return [Heading(say("answers.readings_title")), table]


def _columns(first: str) -> list[Column]:
    others = (Column(say(f"answers.{name}")) for name in ("level", "change", "agree"))
    return [Column(say(first), numeric=False), *others]


def _effect(name: str, row: Mapping[str, Any], per: str) -> list[Cell]:
    """What it is called, its level, its difference with interval, and the share of draws of its sign."""
    known = sentences.known(row["low"]) and sentences.known(row["high"])
    if not known or not sentences.known(row["difference"]):
        return [Cell(name), Cell(DASH), Cell(DASH), Cell(DASH)]
    change, span = findings.change(row, per)
    agree = f"{100 * row['sign_share']:.0f}\u00a0%" if sentences.known(row["sign_share"]) else DASH
    return [
        Cell(name),
        Cell(findings.whole(row["value"], per), value=row["value"]),
        Cell(change, f"({span})", row["difference"]),
        Cell(agree, value=row["sign_share"]),
    ]
