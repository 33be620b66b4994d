"""Rows of a study's tables by what they are about, and the cells of the page's tables made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from avrr_sim.report.html.elements import DASH, Cell
from avrr_sim.report.words import sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables

ABSENT = {"value": np.nan, "low": np.nan, "high": np.nan, "mc_error": np.nan, "suppressed": False}
PRESSURE = (
    "pressure_dependent",
    "pressure_dependent_net",
    "pressure_threat",
    "pressure_threat_net",
    "pressure_restrictions",
    "pressure_restrictions_net",
    "misinformed",
    "misinformed_net",
)
"""What must stand beside every uptake."""
CONTRASTS = (
    "additional_returns",
    "additional_assisted",
    "additional_unassisted",
    "additional_removed",
    "deadweight",
    "pulled_forward",
    "cost_per_additional",
)
"""Measures that are comparisons in themselves and have no level of their own."""


class Index:
    """Rows of the levels and differences by (scenario, measure) for everybody, and by (scenario, measure,
    group_by, group).
    """

    def __init__(self, tables: StudyTables) -> None:
        self.levels = self._by_key(tables.levels)
        self.differences = self._by_key(tables.differences)
        present = dict.fromkeys([*tables.measures, *(k[1] for k in self.levels if len(k) == 2)])
        found = [
            m
            for m in present
            if m not in CONTRASTS and any((s["key"], m) in self.levels for s in tables.scenarios)
        ]
        self.measures = beside_uptake(found)

    @staticmethod
    def _by_key(table: pd.DataFrame) -> dict[tuple, dict]:
        rows = {}
        for row in table.to_dict("records"):
            everybody = row["group_by"] == "all"
            rows[
                (
                    row["scenario"],
                    row["measure"],
                    *(() if everybody else (row["group_by"], str(row["group"]))),
                )
            ] = row
        return rows

    def groups(self) -> list[tuple[str, str]]:
        """(group_by, group), kinds of groups in the order of the report."""
        found = dict.fromkeys(k[2:] for k in self.levels if len(k) == 4)
        return sorted(found, key=sentences.group_place)


def beside_uptake(measures: list[str]) -> list[str]:
    """The measures with the shares of pressure and misinformation moved to where they belong: right after
    uptake.
    """
    own = [m for m in PRESSURE if m in measures]
    if "uptake_24" not in measures:
        return measures
    rest = [m for m in measures if m not in own]
    place = rest.index("uptake_24") + 1
    return [*rest[:place], *own, *rest[place:]]


def level_cell(row: Mapping[str, Any], per: str) -> Cell:
    """A level with its interval."""
    return number_cell(row, "value", per)


def number_cell(row: Mapping[str, Any], column: str, per: str, signed: bool = False) -> Cell:
    """A number of a row with its interval; 'too few' where the cell is suppressed."""
    if row["suppressed"]:
        return Cell(sentences.TOO_FEW)
    value, interval = sentences.shown(row[column], row["low"], row["high"], per, signed)
    return Cell(
        value,
        f"({interval})" if interval else "",
        float(row[column]) if sentences.known(row[column]) else None,
    )


def error_cell(row: Mapping[str, Any], per: str) -> Cell:
    """A Monte Carlo error."""
    if row["suppressed"] or not sentences.known(row["mc_error"]):
        return Cell(DASH)
    return Cell(sentences.error(row["mc_error"], per), value=float(row["mc_error"]))


def sign_cell(tables: StudyTables, row: Mapping[str, Any]) -> Cell:
    """The share of draws that agree on the sign, or that there is no difference at all."""
    if row["suppressed"] or sentences.one_draw(tables):
        return Cell(DASH)
    if sentences.exactly_zero(row):
        return Cell(sentences.BY_CONSTRUCTION)
    if not sentences.known(row["sign_share"]):
        return Cell(DASH)
    return Cell(
        f"{100 * row['sign_share']:.0f} %",
        say("not_settled") if sentences.settled(row) is False else "",
        float(row["sign_share"]),
    )


def any_applied(tables: StudyTables, key: str) -> bool:
    """Whether anybody applied in a scenario: some ending is known, or applications are more than none."""
    if len(tables.levels):
        row = tables.levels[
            (tables.levels["scenario"] == key)
            & (tables.levels["group_by"] == "all")
            & (tables.levels["measure"] == "applications")
        ]
        if len(row):
            return bool(np.nan_to_num(row["value"].astype(float)).sum() > 0)
    own = tables.endings[tables.endings["scenario"] == key] if len(tables.endings) else tables.endings
    return bool(len(own) and own["share"].notna().any()) or not len(tables.endings)
