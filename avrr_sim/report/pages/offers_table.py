"""The table of offers: who took them, and what they cost beyond the programme."""

from __future__ import annotations

import pandas as pd

from avrr_sim.report.html.elements import Block, Cell, Column, Heading, Part, Table, Text
from avrr_sim.report.pages.cells import significant_cell
from avrr_sim.report.words import catalogue, findings, sentences
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


def offers_taken(tables: StudyTables, scenario: str) -> str:
    """Who took each offer of a scenario (its key), in sentences, and whom the headline beside it follows
    instead; empty where it has no offer.
    """
    own = tables.offers[tables.offers["scenario"] == scenario]
    said = [_taken(name, own[own["offer"] == name].set_index("item")) for name in own["offer"].unique()]
    return " ".join([*said, say("brief.offer_whom")]) if said else ""


def _taken(name: str, items: pd.DataFrame) -> str:
    applied, departed = (items.loc[f"{step}_persons"].to_dict() for step in ("applied", "departed"))
    if applied["value"] == 0:
        return say("brief.offer_nobody", name=name)
    told = {}
    for step, row in (("applied", applied), ("departed", departed)):
        told[step] = findings.whole(row["value"], "count")
        known = sentences.known(row["low"]) and sentences.known(row["high"])
        ends = {end: findings.whole(row[end], "count") for end in ("low", "high")} if known else {}
        told[f"{step}_span"] = say("sentence.span", **ends) if known else ""
    return say("brief.offer", name=name, **told)


def _line(name: str, items: pd.DataFrame) -> list[Cell]:
    return [
        Cell(name),
        *(
            significant_cell(*items.loc[item, ["value", "low", "high"]].astype(float))
            for item in catalogue.OFFERED
        ),
    ]
