"""The table of offers: who took them, and what they cost beyond the programme."""

from __future__ import annotations

import pandas as pd

from avrr_sim.report.html.elements import Block, Cell, Column, Heading, Part, Table, Text
from avrr_sim.report.pages.cells import significant_cell
from avrr_sim.report.words import catalogue, findings
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables


def offer_parts(tables: StudyTables) -> list[Part]:
    """A block a scenario and a line an offer; nothing where no scenario has one."""
    table = tables.offers
    if table.empty:
        return []
    blocks = []
    for scenario in tables.scenarios:
        its = table[table["scenario"] == scenario["key"]]
        rows = [_line(name, its[its["offer"] == name].set_index("item")) for name in its["offer"].unique()]
        blocks += [Block(rows, scenario["name"])] if rows else []
    heads = [Column(head) for head in catalogue.OFFERED.values()]
    columns = [Column(say("offers.offer"), numeric=False), *heads]
    return [
        Heading(say("offers.title")),
        Text(say("offers.text", currency=findings.currency(tables))),
        Table(say("offers.caption"), columns, blocks),
    ]


def _line(name: str, items: pd.DataFrame) -> list[Cell]:
    return [
        Cell(name),
        *(
            significant_cell(*items.loc[item, ["value", "low", "high"]].astype(float))
            for item in catalogue.OFFERED
        ),
    ]
