"""The tables `ceilings` and `readings`: how much there is to be moved at all, and what the effects are under
each named hypothesis. What is lived for them, `study.jobs.conditions` says.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from avrr_sim.hypotheses import MIXTURE
from avrr_sim.measured import ALL
from avrr_sim.study.jobs.conditions import CEILING, HYPOTHESIS, REPLICATES, TOLD, Condition
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import Results
from avrr_sim.study.summary.statistics import (
    by_draw,
    interval,
    mean_of,
    monte_carlo_error,
    paired,
    sign_share,
)
from avrr_sim.study.summary.tables import framed


def ceilings_of(plan: Plan, results: Results) -> pd.DataFrame:
    """Every ceiling less the baseline as it is, by measure, over the same people and draws; empty where none
    were lived.
    """
    rows = []
    for each in (condition for condition in plan.conditions if condition.kind == CEILING):
        for measure in TOLD:
            base = _first(_as_it_is(results, measure, 0))
            named = {"ceiling": each.name, "measure": measure}
            rows.append({**named, **_difference(plan, base, _under(results, each, measure, 0))})
    return framed("ceilings", rows)


def readings_of(plan: Plan, results: Results) -> pd.DataFrame:
    """The effect of each scenario that moves information under each named hypothesis, and under the mixture
    that the study rests on, by measure; empty where none were lived.
    """
    found = [each for each in plan.conditions if each.kind == HYPOTHESIS]
    moved = dict.fromkeys(k for each in found for k, _ in each.scenarios if k)
    rows = []
    for k, measure in ((k, measure) for k in moved for measure in TOLD):
        pairs = {MIXTURE: [_as_it_is(results, measure, number) for number in (0, k)]}
        pairs |= {each.name: [_under(results, each, measure, number) for number in (0, k)] for each in found}
        named = {"scenario": plan.keys[k], "measure": measure}
        rows += [{**named, "hypothesis": name, **_difference(plan, *pair)} for name, pair in pairs.items()]
    return framed("readings", rows)


class _Runs(NamedTuple):
    """Values and cells of a scenario, (draws, replicates) each."""

    value: np.ndarray
    cell: np.ndarray


def _as_it_is(results: Results, measure: str, k: int) -> _Runs:
    """Scenario number `k` as the study runs it."""
    return _Runs(*(results.runs.of(name, group_by=ALL, measure=measure)[k, 0] for name in _Runs._fields))


def _under(results: Results, condition: Condition, measure: str, k: int) -> _Runs:
    """The same under a condition, in the replicates that are lived under it."""
    told = {"kind": condition.kind, "condition": condition.name, "measure": measure}
    return _first(_Runs(*(results.conditions.of(name, **told)[k, 0] for name in _Runs._fields)))


def _first(runs: _Runs) -> _Runs:
    """Of the replicates those that are lived under conditions."""
    return _Runs(*(each[:, :REPLICATES] for each in runs))


def _difference(plan: Plan, base: _Runs, here: _Runs) -> dict[str, Any]:
    """Levels and paired difference; no numbers where a cell is too small."""
    effect = paired(here.value, base.value)
    low, high = interval(by_draw(effect))
    smallest = min(float(np.nanmedian(each.cell)) for each in (base, here))
    told = {
        "baseline": float(mean_of(base.value)),
        "value": float(mean_of(here.value)),
        "difference": float(mean_of(effect)),
        "low": float(low),
        "high": float(high),
        "mc_error": float(monte_carlo_error(effect)),
        "sign_share": float(sign_share(by_draw(effect))),
    }
    hidden = smallest < plan.scenarios[0].minimum_cell
    return (dict.fromkeys(told, np.nan) if hidden else told) | {"suppressed": hidden}
