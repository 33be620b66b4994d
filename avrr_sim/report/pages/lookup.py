"""Rows of a study's tables by what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from avrr_sim.report.words import chosen, sentences
from avrr_sim.study.summary.tables import StudyTables

Row = dict[str, Any]
Key = tuple[str, ...]
"""(scenario, measure) of everybody's row; (scenario, measure, group_by, group) of a group's."""


class RowLookup:
    """Rows of the levels and differences of a study by their `Key`; `measures`: those that have a level, the
    shares of pressure right after uptake.
    """

    def __init__(self, tables: StudyTables) -> None:
        self.levels = _rows_by_key(tables.levels)
        self.differences = _rows_by_key(tables.differences)
        present = dict.fromkeys([*tables.measures, *(key[1] for key in self.levels if len(key) == 2)])
        scenarios = [scenario["key"] for scenario in tables.scenarios]
        self.measures = beside_uptake(
            [
                measure
                for measure in present
                if measure not in chosen.CONTRASTS
                and any((scenario, measure) in self.levels for scenario in scenarios)
            ]
        )

    def groups(self) -> list[tuple[str, str]]:
        """(group_by, group), kinds of groups in the order of the report."""
        found = dict.fromkeys((key[2], key[3]) for key in self.levels if len(key) == 4)
        return sorted(found, key=sentences.group_place)


def _rows_by_key(table: pd.DataFrame) -> dict[Key, Row]:
    rows: dict[Key, Row] = {}
    for row in table.to_dict("records"):
        group = () if row["group_by"] == "all" else (row["group_by"], str(row["group"]))
        rows[(row["scenario"], row["measure"], *group)] = row
    return rows


def beside_uptake(measures: Sequence[str]) -> list[str]:
    """The measures with the shares of pressure and misinformation moved to where they belong: right after
    uptake.
    """
    if "uptake_24" not in measures:
        return list(measures)
    own = [m for m in chosen.BESIDE_UPTAKE if m in measures]
    rest = [m for m in measures if m not in own]
    place = rest.index("uptake_24") + 1
    return [*rest[:place], *own, *rest[place:]]


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
