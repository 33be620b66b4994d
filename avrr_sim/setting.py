"""The setting of a run: what a scenario says, month by month, as the tables that rules read."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from avrr_sim.aimed import lay_aimed
from avrr_sim.migrant import ABODES, CHANNELS, KINDS_OF_SOURCE, VULNERABILITIES
from avrr_sim.places.origins import SERIES, series_values
from avrr_sim.policy import STATUS_NAMES, month_by_month, policy_table
from avrr_sim.programmes.amounts import PAID
from avrr_sim.scenario import Scenario

_OPEN = tuple(f"open_{name}" for name in STATUS_NAMES)

HERE = np.dtype(
    [
        *((name, "f8") for name in (*SERIES, *PAID, *_OPEN)),
        ("aimed", "f8", (len(STATUS_NAMES), len(ABODES), len(CHANNELS) + len(KINDS_OF_SOURCE))),
    ],
    align=True,
)
"""One origin in one month: its dated series, the programmes' amounts and whom they are open to. Money is in
the programme's currency. `aimed`: by status and abode, how much more than elsewhere each channel informs (0:
as much; -1: not at all), and the share of the way to full trust that a contact with each kind of source
builds beyond what it builds anyway.
"""


def setting_tables(
    scenario: Scenario, weights: Mapping[str, float] | None = None
) -> tuple[np.recarray, np.recarray]:
    """(levers, origins) of a scenario: record arrays of shape (months,) and (origins, months), dtypes POLICY
    and HERE. `weights` holds the amounts that no source gives (default: their central values).
    """
    return under_levers(scenario, before_levers(scenario, weights))


def before_levers(scenario: Scenario, weights: Mapping[str, float] | None = None) -> np.recarray:
    """The origins of a scenario month by month, (origins, months) of dtype HERE, as they are before any lever
    is moved.

    Laid over one another: an origin's series, what the host changes of it, what the scenario changes. Incomes
    are turned into the programme's currency, so that every rule reads one money.
    """
    months, first = scenario.months, scenario.start
    table = np.zeros((len(scenario.origins), months), HERE)
    place = scenario.place
    for o, key in enumerate(scenario.origins):
        for name in SERIES:
            values = series_values(place.countries[key].series[name], first, months)
            if name == "living_gap":
                values = np.maximum(values + place.living_gap_shift, 0.0)
            for steps in (
                place.series.get(key, {}).get(name, ()),
                scenario.series.get(key, {}).get(name, ()),
            ):
                values = month_by_month(steps, first, values, months)
            table[name][o] = values
        for name, values in programme_table(
            scenario, key, table["visa_free"][o] > 0.0, weights or {}
        ).items():
            table[name][o] = values
    table["income"] /= scenario.general_programme.rate
    return table.view(np.recarray)


def under_levers(
    scenario: Scenario, before: np.recarray, amounts: Mapping[str, tuple[int, float]] | None = None
) -> tuple[np.recarray, np.recarray]:
    """(levers, origins) of a scenario from its origins `before_levers`, which are left as they are: aimed
    information is laid over them, and the lever `security_shift` is added to the true security, so that every
    rule reads one true series.

    `amounts`: {name of an amount as rules read it: (calendar month, value from then on)}, in place of the
    programme's.
    """
    policy, table = policy_table(scenario.levers, scenario.start, scenario.months), before.copy()
    lay_aimed(table["aimed"], scenario.information, scenario.origins, scenario.start)
    table["security"] = np.clip(table["security"] + policy["security_shift"], 0.0, 1.0)
    for name, (start, value) in (amounts or {}).items():
        table[name][:, max(start - scenario.start, 0) :] = value
    return policy, table


def programme_table(
    scenario: Scenario, origin: str, visa_free: np.ndarray, weights: Mapping[str, float]
) -> dict[str, np.ndarray]:
    """Amounts and eligibility for one origin, month by month: those of all programmes added up, open where
    the general one is.
    """
    months, first = scenario.months, scenario.start
    parts = [each.month_by_month(origin, visa_free, first, weights) for each in scenario.programmes]
    table = {
        name: np.minimum(total, 1.0) if name.endswith("_share") else total
        for name in PAID
        for total in [sum((part[name] for part in parts), np.zeros(months))]
    }
    rules = scenario.general_programme
    return table | {f"open_{status}": rules.open_to(status, origin, first, months) for status in STATUS_NAMES}


def service_costs(scenario: Scenario, weights: Mapping[str, float]) -> np.ndarray:
    """Expected cost of services for one assisted person, by kind of vulnerability, in the programme's
    currency: (kinds,).
    """
    return np.array(
        [sum(each.service_cost(kind, weights) for each in scenario.programmes) for kind in VULNERABILITIES]
    )
