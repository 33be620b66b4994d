"""The setting of a run: what a scenario says, month by month, as the tables that rules read."""

from __future__ import annotations

import numpy as np

from avrr_sim.places.place import SERIES, origins, series_values
from avrr_sim.policy import STATUS_NAMES, month_by_month, policy_table
from avrr_sim.programme import AMOUNTS, IN_KIND_PARTS, PAID, Programme, programme

_OPEN = tuple(f"open_{name}" for name in STATUS_NAMES)

HERE = np.dtype([(name, "f8") for name in (*SERIES, *PAID, *_OPEN)], align=True)
"""One origin in one month: its dated series, the programme's amounts and whom the programme is open to."""


def setting_tables(scenario) -> tuple[np.ndarray, np.ndarray]:
    """(levers, origins) of a scenario: record arrays of shape (months,) and (origins, months), dtypes POLICY and HERE.

    The lever `security_shift` is added to the true security here, so that every rule reads one true series.
    """
    months, first = scenario.months, scenario.start
    policy = policy_table(scenario.levers, first, months)
    table = np.zeros((len(scenario.origins), months), HERE)
    known = origins()
    for o, key in enumerate(scenario.origins):
        changed = scenario.series.get(key, {})
        for name in SERIES:
            base = series_values(known[key].series[name], first, months)
            table[name][o] = month_by_month(changed.get(name, ()), first, base, months)
    table["security"] = np.clip(table["security"] + policy["security_shift"], 0.0, 1.0)
    for name, values in programme_table(programme(scenario.programme), first, months).items():
        table[name] = values
    return policy, table.view(np.recarray)


def programme_table(rules: Programme, first: int, months: int) -> dict[str, np.ndarray]:
    """A programme's amounts and eligibility as the rules read them, month by month."""
    amounts = {name: month_by_month(rules.amounts.get(name, ()), first, 0.0, months) for name in AMOUNTS}
    amounts["vulnerable_in_kind"] = sum(amounts[name] for name in IN_KIND_PARTS)
    eligibility = {f"open_{name}": month_by_month(rules.eligibility.get(name, ()), first, 0.0, months) for name in STATUS_NAMES}
    return {name: amounts[name] for name in PAID} | eligibility
