"""The page of a study of the value of information: for each difference what would have to be known to
settle it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from avrr_sim.report.figures.value import draw_value
from avrr_sim.report.html.elements import (
    DASH,
    Block,
    Cell,
    Fold,
    Items,
    Note,
    Part,
    Picture,
    Section,
    Table,
    Text,
)
from avrr_sim.report.html.page import limits, provenance, write_page
from avrr_sim.report.pages.cells import columns_of, percent_cell
from avrr_sim.report.words import catalogue, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.report.words.told import measure_told
from avrr_sim.study.summary.contract import ValueTables

FACTS = (
    "weights",
    "draws",
    "replicates",
    "size",
    "seed",
    "studies",
    "figures",
    "version",
    "commit",
    "digest",
)
_NAMED = 3  # candidates that a sentence names
_FOLDED = ("weight", "driver", "part")
_KINDS = ("study", "figure", "grade", "all", "part", "driver", "weight")
_NINE_TENTHS = 1.645  # standard errors


def write_value(folder: Path, tables: ValueTables) -> Path:
    """Write `report.html` and its pictures into `folder`; returns the page's path.

    The same tables give the same bytes. Raises OSError where the folder cannot be written.
    """
    tables = replace(tables, measures={name: measure_told(info) for name, info in tables.measures.items()})
    told = tables.provenance
    parts: list[Part] = [Text(say("value.lead", baseline=tables.baseline, draws=told["draws"]))]
    parts += [Note(text) for text in _notes(tables)]
    sections = [
        Section("answer", say("value.answer"), [Items(_answers(tables))], say("value.answer_short")),
        *(_section(folder / "figures", tables, scenario) for scenario in tables.scenarios),
        Section(
            "differences", say("value.differences"), [_differences(tables)], say("value.differences_short")
        ),
        Section("read", say("value.read"), [Items([say(f"value.read_{n}") for n in range(1, 6)])]),
        limits(tables.limits),
        provenance(
            str(told["command"]), [(say(f"value.{key}"), str(told[key])) for key in FACTS if told.get(key)]
        ),
    ]
    return write_page(folder, say("value.heading"), sections, lead=parts)


def _notes(tables: ValueTables) -> list[str]:
    coercion = [scenario["name"] for scenario in tables.scenarios if scenario["coercion"]]
    notes = [say("coercion.named", names=", ".join(coercion))] if coercion else []
    if tables.not_run:
        notes.append(say("value.not_run", names=", ".join(tables.not_run)))
    return notes


def _asked(tables: ValueTables) -> list[dict[str, Any]]:
    """The differences that are ranked, in order."""
    return tables.differences[tables.differences["ranked"]].to_dict("records")


def _of(tables: ValueTables, difference: Mapping[str, Any]) -> pd.DataFrame:
    value = tables.value
    return value[(value["scenario"] == difference["scenario"]) & (value["measure"] == difference["measure"])]


def _title(tables: ValueTables, difference: Mapping[str, Any]) -> str:
    name = next(each["name"] for each in tables.scenarios if each["key"] == difference["scenario"])
    return say("value.of", scenario=name, label=tables.measures[difference["measure"]]["label"])


def _answers(tables: ValueTables) -> list[str]:
    """A sentence a difference: which study would settle most, and what else."""
    return [f"{_title(tables, each)}: {answer_of(tables, each)}" for each in _asked(tables)]


def answer_of(tables: ValueTables, difference: Mapping[str, Any]) -> str:
    """Which study, figure and weights would take most out of a difference, in one sentence."""
    if difference["settled"]:
        return say("value.settled")
    rows = _of(tables, difference)
    clear = rows[rows["above"]].sort_values("share", ascending=False, kind="stable")
    told = []
    for kind in ("study", "figure", "weight"):
        named = clear[clear["kind"] == kind].head(_NAMED)
        if (rows["kind"] == kind).any():
            names = ", ".join(_with_share(row) for row in named.to_dict("records"))
            told.append(say(f"value.best_{kind}", names=names) if names else say(f"value.no_{kind}"))
    return " ".join(told)


def _with_share(row: Mapping[str, Any]) -> str:
    return say("value.with_share", name=row["label"], share=_percent(row["share"]))


def _percent(share: float) -> str:
    return f"{100 * min(max(share, 0.0), 1.0):.0f} %"


def _section(figures: Path, tables: ValueTables, scenario: Mapping[str, Any]) -> Section:
    parts: list[Part] = [Text(scenario["asks"], small=True)] if scenario["asks"] else []
    for number, difference in enumerate(_asked(tables)):
        if difference["scenario"] != scenario["key"]:
            continue
        if difference["settled"]:
            parts.append(Text(f"{_title(tables, difference)}: {say('value.settled')}"))
            continue
        rows, title = _of(tables, difference), _title(tables, difference)
        alt = f"{title}: {answer_of(tables, difference)}"
        figure = draw_value(figures, f"value-{number + 1}", (title, say("value.caption"), alt), rows)
        parts += [Picture(figure), _table(tables, rows, title, [k for k in _KINDS if k not in _FOLDED])]
        fold = _table(tables, rows, title, list(_FOLDED))
        parts.append(Fold(say("value.fold", count=fold.rows), [fold]))
    return Section(
        f"of-{scenario['key']}", say("value.section", name=scenario["name"]), parts, scenario["name"]
    )


def _table(tables: ValueTables, rows: pd.DataFrame, title: str, kinds: list[str]) -> Table:
    """Candidates of some kinds with share, error, null line, what is predicted unseen, and the spread that is
    left.
    """
    blocks = []
    for kind in kinds:
        some = rows[rows["kind"] == kind].sort_values("share", ascending=False, kind="stable")
        if len(some):
            per = tables.measures[some["measure"].iloc[0]]["per"]
            cells = [_cells(row, per) for row in some.to_dict("records")]
            blocks.append(Block(cells, catalogue.KNOWN[kind]))
    heads = ("candidate", "share", "above_line", "line_head", "unseen", "after")
    columns = columns_of("value", *heads, words=("candidate", "above_line"))
    info = tables.measures[rows["measure"].iloc[0]]
    columns[-1] = replace(columns[-1], unit=sentences.unit(info, True))
    return Table(say("value.table", title=title), columns, blocks, compact=True)


def _cells(row: Mapping[str, Any], per: str) -> list[Cell]:
    about = [row[name] for name in ("meaning", "whom", "window", "grade", "basis", "source") if row[name]]
    reach = _NINE_TENTHS * row["error"]
    low, high = (sentences.number(row["share"] + side * reach, "share", 0) for side in (-1, 1))
    return [
        Cell(f"{row['label']}:" if about else str(row["label"]), "; ".join(about)),
        Cell(_percent(row["share"]), f"({say('to', low=low, high=high)})", float(row["share"])),
        Cell(say("value.yes") if row["above"] else say("value.no")),
        percent_cell(row["line"]),
        percent_cell(max(row["unseen"], 0.0)),
        _spread(row["sd_after"], row["sd"], per),
    ]


def _spread(after: float, before: float, per: str) -> Cell:
    """A standard deviation that is left, beside what it is now."""
    if not sentences.known(after):
        return Cell(DASH)
    places = sentences.decimals(per, before)
    now = sentences.number(before, per, places)
    return Cell(sentences.number(after, per, places), say("value.now", now=now), float(after))


def _differences(tables: ValueTables) -> Table:
    """The differences that are looked at, and what is to be read beside them."""
    blocks = []
    for scenario in tables.scenarios:
        some = tables.differences[tables.differences["scenario"] == scenario["key"]]
        rows = []
        for row in some.to_dict("records"):
            info = tables.measures[row["measure"]]
            per = info["per"]
            value, interval = sentences.shown(row["mean"], row["low"], row["high"], per, True)
            rows.append(
                [
                    Cell(info["label"], sentences.unit(info, True)),
                    Cell(value, f"({interval})" if interval else "", float(row["mean"])),
                    Cell(
                        sentences.number(row["sd"], per, sentences.decimals(per, row["sd"])),
                        "",
                        float(row["sd"]),
                    ),
                    percent_cell(row["chance"]),
                ]
            )
        blocks.append(Block(rows, scenario["name"]))
    heads = ("measure", "difference", "sd", "chance")
    return Table(say("value.table_differences"), columns_of("value", *heads, words=("measure",)), blocks)
