"""How long a study will take: from the pace of the last one on this machine, or, before the first, from an
ordinary processor's.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from avrr_sim.compiled import cache_folder
from avrr_sim.files import read_json
from avrr_sim.refusals import Refusal
from avrr_sim.study.folder.whole import write_whole
from avrr_sim.study.jobs.plan import Plan

ORDINARY = {"table": 2e-7, "agents": 3e-5}
"""Processor seconds a simulated unit and month, by engine, on an ordinary processor."""
_EACH = 0.005  # processor seconds of a run that do not depend on its size
_SLOWEST = 1.0  # seconds a unit and month that no machine takes
_TELLING = 50_000  # unit-months below which a run says little of the pace of larger ones


def _file() -> Path:
    return cache_folder().parent / "pace.json"


def _unit_months(plan: Plan) -> int:
    return plan.size * plan.scenarios[0].months


def expected_seconds(plan: Plan, workers: int) -> tuple[float, str]:
    """(seconds that all runs of a plan should take, in words what that rests on)."""
    pace, ground = _known_paces().get(plan.engine), "the pace of the last sweep on this machine"
    if pace is None:
        pace, ground = ORDINARY[plan.engine], "an ordinary processor; the first sweep here will tell better"
    side_by_side = max(1, min(workers, os.cpu_count() or 1))
    return (pace * _unit_months(plan) + _EACH) * plan.distinct_runs / side_by_side, ground


def _known_paces() -> dict[str, float]:
    """Paces that were kept, by engine; those that cannot be are left out."""
    try:
        found = read_json(_file())
    except (OSError, Refusal):
        return {}
    return {name: each for name, each in found.items() if isinstance(each, float) and 0 < each < _SLOWEST}


def remember_pace(plan: Plan, folder: Path) -> None:
    """Keep the pace of a sweep that has just been run, for the next estimate on this machine; never an
    error.
    """
    try:
        facts = read_json(folder / "timings.json")
        if facts["runs"] < 5 or facts["cluster"] or _unit_months(plan) < _TELLING:
            return
        known = _known_paces()
        known[plan.engine] = facts["processor_seconds_of_runs"] / facts["runs"] / _unit_months(plan)
        write_whole(_file(), json.dumps(known))
    except (OSError, ValueError, KeyError, TypeError):
        return
