"""The tables `ceilings` and `readings`: how much there is to be moved at all, and what the effects are under
each named hypothesis. What is lived for them, `study.jobs.conditions` says.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from avrr_sim.hypotheses import MIXTURE
from avrr_sim.measured import ALL
from avrr_sim.study.jobs.conditions import CEILING, HYPOTHESIS, REPLICATES, TOLD
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import Results
from avrr_sim.study.summary.statistics import (
    by_draw,
    interval,
    mean_of,
    monte_carlo_error,
    sign_share,
)
from avrr_sim.study.summary.tables import framed


def ceilings_of(plan: Plan, results: Results) -> pd.DataFrame:
    """Every ceiling less the baseline as it is, by measure, over the same people and draws; empty where none
    were lived.
    """
    return framed(
        "ceilings",
        [
            {"ceiling": each.name, "measure": measure, **_difference(base, under[0])}
            for each in plan.conditions
            if each.kind == CEILING
            for measure, base, under in _both(results, each.kind, each.name)
        ],
    )


def readings_of(plan: Plan, results: Results) -> pd.DataFrame:
    """The effect of each scenario that moves information under each named hypothesis, and under the mixture
    that the study rests on, by measure; empty where none were lived.
    """
    found = [each for each in plan.conditions if each.kind == HYPOTHESIS]
    moved = dict.fromkeys(k for each in found for k, _ in each.scenarios if k)
    rows = []
    for k in moved:
        for measure in TOLD:
            values = results.runs.of("value", group_by=ALL, measure=measure)[:, 0]
            rows.append(_reading(plan, k, MIXTURE, measure, values[0], values[k]))
        for each in found:
            for measure, _, under in _both(results, each.kind, each.name):
                rows.append(_reading(plan, k, each.name, measure, under[0], under[k]))
    return framed("readings", rows)


def _reading(
    plan: Plan, k: int, hypothesis: str, measure: str, base: np.ndarray, here: np.ndarray
) -> dict[str, Any]:
    named = {"scenario": plan.keys[k], "hypothesis": hypothesis, "measure": measure}
    return {**named, **_difference(base, here)}


def _both(results: Results, kind: str, name: str) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """(measure, the baseline as it is (draws, replicates), all scenarios under a condition (scenarios, draws,
    replicates)), of the replicates that were lived under it.
    """
    found = []
    for measure in TOLD:
        base = results.runs.of("value", group_by=ALL, measure=measure)[0, 0]
        under = results.conditions.of("value", kind=kind, condition=name, measure=measure)[:, 0]
        found.append((measure, base[:, :REPLICATES], under[:, :, :REPLICATES]))
    return found


def _difference(base: np.ndarray, here: np.ndarray) -> dict[str, float]:
    """Levels and paired difference, from (draws, replicates) each."""
    effect = here - base
    low, high = interval(by_draw(effect))
    return {
        "baseline": float(mean_of(base)),
        "value": float(mean_of(here)),
        "difference": float(mean_of(effect)),
        "low": float(low),
        "high": float(high),
        "mc_error": float(monte_carlo_error(effect)),
        "sign_share": float(sign_share(by_draw(effect))),
    }
