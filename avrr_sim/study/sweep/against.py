"""Measures of a sweep that exist against the baseline only: additional returns, deadweight, cost per
additional return, by the definitions that comparisons have.

They follow from yearly sums that every run keeps (BASES). What a course over time would need, such as returns
that are pulled forward, is no measure of a sweep.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from avrr_sim.measured import ALL
from avrr_sim.measures import COMPARATIVE
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.run_table import RunTable
from avrr_sim.study.summary.coercion import may_be_costed
from avrr_sim.study.summary.effects import ADDITIONAL, comparative_rows, prices
from avrr_sim.study.summary.statistics import by_draw, paired

SWEPT = tuple(name for name in COMPARATIVE if name != "pulled_forward")
"""Measures against a baseline that a sweep can tell."""
BASES = {
    "returns": "returns",
    "assisted": "assisted_departures",
    "unassisted": "unassisted_returns",
    "removed": "removals",
}
"""What the curves of a comparison end in, as measures of a run, persons a year."""
COST = "programme_cost"
PRICED = ("deadweight", "cost_per_additional")
"""Those that mean something only where a government's own measures, and no coercion, are moved."""


def kept_measures(measures: Sequence[str]) -> tuple[str, ...]:
    """What runs have to keep so that `measures` can be told."""
    own = [name for name in measures if name not in SWEPT]
    needed = [*BASES.values(), COST] if len(own) < len(measures) else []
    return tuple(dict.fromkeys([*own, *needed]))


def _sums(plan: Plan, runs: RunTable, measure: str) -> np.ndarray:
    """A yearly measure of everybody, over the whole window: (scenarios, draws, replicates)."""
    baseline = plan.scenarios[0]
    years = (baseline.window_to - baseline.window_from + 1) / 12.0
    return runs["value"][:, runs.labels.index((ALL, ALL, measure))] * years


def against_of(plan: Plan, runs: RunTable, measures: Sequence[str]) -> pd.DataFrame:
    """Rows of the measures that exist against the baseline, a row a scenario but the baseline and measure.
    `runs`: of BASES and COST. Empty where none is asked for.

    value and difference are the same number, as are their intervals. Deadweight and cost have no row where a
    point moves anything but a government's own measures.
    """
    if not any(name in SWEPT for name in measures):
        return pd.DataFrame()
    sums = {curve: _sums(plan, runs, name) for curve, name in BASES.items()}
    cost, rows = _sums(plan, runs, COST), []
    for k in range(1, len(plan.keys)):
        found = comparative_rows(
            {curve: paired(each[k], each[0])[None] for curve, each in sums.items()},
            paired(cost[k], cost[0]),
            sums["assisted"][k],
            may_be_costed(plan.scenarios[0], plan.scenarios[k]),
        )
        rows += [
            {
                "scenario": plan.keys[k],
                "group_by": ALL,
                "group": ALL,
                "measure": row["measure"],
                "cell": float(plan.size),
                "suppressed": False,
                **{name: row[name] for name in _NUMBERS},
                **{f"difference_{name}": row[name] for name in _NUMBERS[1:]},
                "difference": row["value"],
                "sign_share": row.get("sign_share", np.nan),
                "chance_share": row.get("chance_share", np.nan),
                "difference_suppressed": False,
            }
            for row in found
            if row["measure"] in measures
        ]
    return pd.DataFrame(rows)


_NUMBERS = ("value", "low", "high", "mc_error")


def against_by_draw(plan: Plan, runs: RunTable, measure: str) -> np.ndarray:
    """A measure of SWEPT draw by draw: (scenarios, draws), NaN of the baseline and where it means nothing. A
    draw without additional returns has an infinite price.
    """
    curve = ADDITIONAL.get(measure, "returns")
    sums = _sums(plan, runs, BASES[curve])
    extra = by_draw(paired(sums, sums[:1]))
    if measure == "cost_per_additional":
        cost = _sums(plan, runs, COST)
        found = prices(by_draw(paired(cost, cost[:1])), extra)
    elif measure == "deadweight":
        paid = by_draw(_sums(plan, runs, BASES["assisted"]))
        found = 1.0 - np.divide(extra, paid, out=np.full_like(extra, np.nan), where=paid > 0)
    else:
        found = extra
    found[0] = np.nan
    for k in range(1, len(plan.keys)):
        if measure in PRICED and not may_be_costed(plan.scenarios[0], plan.scenarios[k]):
            found[k] = np.nan
    return found
