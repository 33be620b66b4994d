"""The setting of a run: what a scenario says, month by month, as the tables that rules read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from avrr_sim.migrant import VULNERABILITIES
from avrr_sim.offers.table import Months, no_offers, offer_table
from avrr_sim.places.origins import SERIES, series_values
from avrr_sim.policy import STATUS_NAMES, month_by_month, policy_table
from avrr_sim.programmes.amounts import PAID
from avrr_sim.scenario import Scenario

_OPEN = tuple(f"open_{name}" for name in STATUS_NAMES)

HERE = np.dtype([(name, "f8") for name in (*SERIES, *PAID, *_OPEN)], align=True)
"""One origin in one month: its dated series, the programmes' amounts and whom they are open to. Money is in
the programme's currency.
"""

Setting = tuple[np.recarray, np.recarray, np.recarray]
"""(levers, origins, offers): (months,) of dtype POLICY, (origins, months) of HERE, and the table of offers
(see `offers.table`).
"""


def setting_tables(
    scenario: Scenario, weights: Mapping[str, float] | None = None
) -> tuple[np.recarray, np.recarray]:
    """(levers, origins) of a scenario: record arrays of shape (months,) and (origins, months), dtypes POLICY
    and HERE. `weights` holds the amounts that no source gives (default: their central values).
    """
    return under_levers(scenario, before_levers(scenario, weights), None, weights)[:2]


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
    scenario: Scenario,
    before: np.recarray,
    amounts: Mapping[str, tuple[int, float]] | None = None,
    weights: Mapping[str, float] | None = None,
) -> Setting:
    """The setting of a scenario from its origins `before_levers`, which are left as they are: the lever
    `security_shift` is added to the true security, so that every rule reads one true series, and the
    scenario's own amounts take the place of the programme's.

    `amounts`: {name of an amount as rules read it: (calendar month, value from then on)}, in place of the
    programme's and the scenario's. `weights` as for `setting_tables`.
    """
    policy, table = policy_table(scenario.levers, scenario.start, scenario.months), before.copy()
    table["security"] = np.clip(table["security"] + policy["security_shift"], 0.0, 1.0)

    def paid(known_in: int | None) -> np.recarray:
        found = before.copy() if known_in is not None else table
        if scenario.amounts:
            _redate(found, scenario, weights or {}, known_in)
        for name, (start, value) in (amounts or {}).items():
            found[name][:, max(start - scenario.start, 0) :] = value
        return found

    paid(None)
    return policy, table, _offers(scenario, table, paid)


def _redate(
    table: np.recarray, scenario: Scenario, weights: Mapping[str, float], known_in: int | None
) -> None:
    """Put the amounts that a scenario redates in place of the programme's, those alone that people know of in
    a calendar month; None: all.
    """
    for o, key in enumerate(scenario.origins):
        visa_free = table["visa_free"][o] > 0.0
        changed = _changed_for(scenario, key, known_in)
        for name, values in _paid(scenario, key, visa_free, weights, changed).items():
            table[name][o] = values


def _changed_for(
    scenario: Scenario, origin: str, known_in: int | None
) -> Callable[[str, np.ndarray], np.ndarray]:
    """What becomes of the general programme's amounts for an origin: a step for named origins goes before one
    for all, and each holds until the next for the same.
    """
    calendar = scenario.start + np.arange(scenario.months)

    def changed(name: str, values: np.ndarray) -> np.ndarray:
        found = values.copy()
        steps = [
            step
            for step in scenario.amounts.get(name, ())
            if (not step.origins or origin in step.origins) and (known_in is None or step.known_in(known_in))
        ]
        for step in sorted(steps, key=lambda step: (bool(step.origins), step.start)):
            later = calendar >= step.start
            found[later] = step.change.of(values[later])
        return found

    return changed


def _offers(scenario: Scenario, table: np.recarray, paid: Callable[[int | None], np.recarray]) -> np.recarray:
    """The scenario's table of offers, for which changes of amounts that are announced count too."""
    steps = [step for each in scenario.amounts.values() for step in each]
    if not scenario.offers and all(step.announced is None for step in steps):
        return no_offers(len(scenario.origins), scenario.months)
    months = Months(scenario.start, scenario.months)
    return offer_table(
        scenario.offers,
        steps,
        scenario.levers,
        months,
        scenario.origins,
        lambda known_in: table if known_in is None else paid(known_in),
    )


def programme_table(
    scenario: Scenario, origin: str, visa_free: np.ndarray, weights: Mapping[str, float]
) -> dict[str, np.ndarray]:
    """Amounts and eligibility for one origin, month by month: those of all programmes added up, open where
    the general one is.
    """
    months, first = scenario.months, scenario.start
    table = _paid(scenario, origin, visa_free, weights, None)
    rules = scenario.general_programme
    return table | {f"open_{status}": rules.open_to(status, origin, first, months) for status in STATUS_NAMES}


def _paid(
    scenario: Scenario,
    origin: str,
    visa_free: np.ndarray,
    weights: Mapping[str, float],
    changed: Callable[[str, np.ndarray], np.ndarray] | None,
) -> dict[str, np.ndarray]:
    """The amounts of all programmes added up; `changed`: what becomes of those the general one states."""
    months, first = scenario.months, scenario.start
    general, *country = scenario.programmes
    parts = [
        general.month_by_month(origin, visa_free, first, weights, changed),
        *(each.month_by_month(origin, visa_free, first, weights) for each in country),
    ]
    return {
        name: np.minimum(total, 1.0) if name.endswith("_share") else total
        for name in PAID
        for total in [sum((part[name] for part in parts), np.zeros(months))]
    }


def service_costs(scenario: Scenario, weights: Mapping[str, float]) -> np.ndarray:
    """Expected cost of services for one assisted person, by kind of vulnerability, in the programme's
    currency: (kinds,).
    """
    return np.array(
        [sum(each.service_cost(kind, weights) for each in scenario.programmes) for kind in VULNERABILITIES]
    )
