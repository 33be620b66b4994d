"""What the first page of a comparison says its answers depend on, where their sign is not settled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from avrr_sim.measured import ALL
from avrr_sim.measures import MEASURES
from avrr_sim.study.answers.tipping import SIGN
from avrr_sim.study.jobs.conditions import CEILINGS, TOLD
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.summary.changes import changes
from avrr_sim.study.summary.coercion import presses
from avrr_sim.study.summary.contract import Remark, remark
from avrr_sim.study.summary.tables import StudyTables

MOST_TIPS = 4
"""Tipping points on the first page; the others stand with their table."""
FIRST = TOLD[0]
"""The measure whose ceilings and hypotheses stand on the first page."""
WHATS = tuple(dict.fromkeys(name.partition("_")[0] for name in CEILINGS))
"""What there are ceilings of: information, cash and threat."""

_TOLD = (
    *("measure", "meaning", "unit", "point", "low", "high"),
    *("rises", "above", "right_above", "right_below"),
)
_SECOND = ("second_meaning", "second_unit", "second_low", "second_high", "point_low", "point_high")
_EFFECT = ("difference", "low", "high")


def depends_of(plan: Plan, tables: StudyTables) -> list[Remark]:
    """Remarks for the first page: on tipping points, then, where the sign of the first measure is not
    settled, on named hypotheses and ceilings of what a scenario moves; empty where nothing was found.
    """
    names = {scenario["key"]: scenario["name"] for scenario in tables.scenarios}
    unsettled = [k for k in range(1, len(plan.keys)) if _unsettled(tables, plan.keys[k])]
    said = tip_remarks(tables.tipping, names)[:MOST_TIPS]
    for k in unsettled:
        said += reading_remarks(tables.readings, plan.keys[k], names, FIRST)
    moved = {what for k in unsettled for what in moved_by(plan, k)}
    found = (ceiling_remark(tables.ceilings, what, FIRST) for what in WHATS if what in moved)
    return said + [each for each in found if each is not None]


def tip_remarks(tipping: pd.DataFrame, names: Mapping[str, str]) -> list[Remark]:
    """What is said of the tipping points in a table `tipping`, one each; names: of scenarios, by key."""
    found = tipping[tipping["kind"] == SIGN].to_dict("records")
    return [
        remark("tips", **{name: row[name] for name in _TOLD}, **_second(row))
        | {name: names[row[name]] for name in ("scenario", "against")}
        for row in found
    ]


def _second(row: Mapping[str, Any]) -> dict[str, Any]:
    """The weight that moves the point, where there is one and draws reach both of its ends."""
    known = row["second"] and all(np.isfinite(row[name]) for name in _SECOND[2:])
    return {name: row[name] for name in _SECOND} if known else {}


def reading_remarks(readings: pd.DataFrame, key: str, names: Mapping[str, str], measure: str) -> list[Remark]:
    """What is said of a scenario under each named hypothesis, beside the mixture; one remark or none."""
    own = readings[(readings["scenario"] == key) & (readings["measure"] == measure)]
    found = [{"hypothesis": row["hypothesis"], **_effect(row)} for row in own.to_dict("records")]
    found = [each for each in found if all(np.isfinite(each[name]) for name in _EFFECT)]
    return [_remark("readings", measure, scenario=names[key], effects=found)] if len(found) > 1 else []


def ceiling_remark(ceilings: pd.DataFrame, what: str, measure: str) -> Remark | None:
    """What is said of the ceilings of information, cash or threat; None where they were not lived."""
    own = ceilings[(ceilings["measure"] == measure) & ceilings["ceiling"].str.startswith(f"{what}_")]
    found = {row["ceiling"].partition("_")[2]: _effect(row) for row in own.to_dict("records")}
    known = found and all(np.isfinite(each[name]) for each in found.values() for name in _EFFECT)
    return _remark(f"ceiling_{what}", measure, **found) if known else None


def _remark(key: str, measure: str, **values: Any) -> Remark:
    return remark(key, measure=measure, per=MEASURES[measure].per, **values)


def _effect(row: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(row[name]) for name in _EFFECT}


def moved_by(plan: Plan, k: int) -> list[str]:
    """What a scenario moves of that of which there are ceilings."""
    lines = changes(plan.scenarios[0], plan.scenarios[k])
    removing = [line for line in lines if presses(line) and line["lever"] in _REMOVING]
    moved = {"information": "information", "support": "cash"}
    found = {moved[line["kind"]] for line in lines if line["kind"] in moved}
    return [what for what in WHATS if what in found or (what == "threat" and removing)]


_REMOVING = ("removal_level", "reentry_ban")


def _unsettled(tables: StudyTables, key: str) -> bool:
    """Whether the interval of the first measure of a scenario holds zero, where anything differs at all."""
    rows = tables.differences
    own = rows[(rows["scenario"] == key) & (rows["measure"] == FIRST) & (rows["group_by"] == ALL)]
    return any(row["low"] <= 0 <= row["high"] and row["low"] < row["high"] for row in own.to_dict("records"))
