"""The setting of a run: what a scenario says, month by month, as the tables that rules read."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from avrr_sim.aimed import aimed_table
from avrr_sim.chance import WEIGHTS, block, run_key
from avrr_sim.evidence import central_weights
from avrr_sim.migrant import VULNERABILITIES
from avrr_sim.offers.table import Months, no_offers, offer_table
from avrr_sim.places.from_record import CLOSED
from avrr_sim.places.origins import SERIES, series_values
from avrr_sim.places.place import Host
from avrr_sim.policy import STATUS_NAMES, month_by_month, policy_table
from avrr_sim.programmes.amounts import CHANGEABLE, OWN, PAID
from avrr_sim.quantiles import normal_quantile
from avrr_sim.records import copied
from avrr_sim.scenario import PROTECTION_GATE, Scenario

_LARGEST_ERROR = 50.0  # logits: beyond, an index is 0 or 1 to the last digit
NO_ERRORS: Mapping[str, float] = MappingProxyType({})
_OPEN = tuple(f"open_{name}" for name in STATUS_NAMES)

HERE = np.dtype([(name, "f8") for name in (*SERIES, *PAID, *OWN, *_OPEN)], align=True)
"""One origin in one month: its dated series, the programmes' amounts and whom they are open to. Money is in
the programme's currency.
"""

Setting = tuple[np.recarray, np.recarray, np.recarray, np.ndarray]
"""(levers, origins, offers, aimed): (months,) of dtype POLICY, (origins, months) of HERE, the table of offers
(see `offers.table`) and that of aimed information (see `aimed.aimed_table`).
"""


def setting_tables(
    scenario: Scenario, weights: Mapping[str, float] | None = None, errors: Mapping[str, float] = NO_ERRORS
) -> tuple[np.recarray, np.recarray]:
    """(levers, origins) of a scenario: record arrays of shape (months,) and (origins, months), dtypes POLICY
    and HERE. `weights` holds the weights and the amounts that no source gives (default: their central
    values); `errors` as in `before_levers`.
    """
    return under_levers(scenario, before_levers(scenario, weights, errors), None, weights)[:2]


def before_levers(
    scenario: Scenario, weights: Mapping[str, float] | None = None, errors: Mapping[str, float] = NO_ERRORS
) -> np.recarray:
    """The origins of a scenario month by month, (origins, months) of dtype HERE, as they are before any lever
    is moved.

    Laid over one another: an origin's series as it stands for this host, what the host's file changes of it,
    what the scenario changes. `errors`: of the true security by origin, on the logit (see `security_errors`).
    Incomes are turned into the programme's currency, so that every rule reads one money.
    """
    months, first = scenario.months, scenario.start
    weights = central_weights() | dict(weights or {})
    stated, of_closed = _of_host(scenario.place, scenario.origins, first, months)
    table = copied(stated)
    of_dublin = dublin_of_closed(weights, first, months)
    table["dublin_share"] = np.where(of_closed, table["dublin_share"] * of_dublin, table["dublin_share"])
    table["enforcement"] *= enforcement(weights, first, months)
    off = [errors.get(key, 0.0) for key in scenario.origins]
    table["security"] = with_error(table["security"], off, PROTECTION_GATE)
    for o, key in enumerate(scenario.origins):
        for name, steps in scenario.series.get(key, {}).items():
            table[name][o] = month_by_month(steps, first, table[name][o], months)
    _pay(table, scenario, weights)
    table["income"] /= scenario.general_programme.rate
    return table.view(np.recarray)


def _pay(table: np.ndarray, scenario: Scenario, weights: Mapping[str, float]) -> None:
    """Fill in what the programmes pay to each origin and whom they are open to. Many origins are paid
    alike.
    """
    visa_free = table["visa_free"] > 0.0
    alike: dict[tuple[str, bytes], list[int]] = {}
    for o, key in enumerate(scenario.origins):
        named = any(each.names(key) for each in scenario.programmes)
        alike.setdefault((key if named else "", visa_free[o].tobytes()), []).append(o)
    for places in alike.values():
        first = places[0]
        paid = programme_table(scenario, scenario.origins[first], visa_free[first], weights)
        for name, values in paid.items():
            table[name][places] = values
    for name, own in zip(CHANGEABLE, OWN, strict=True):
        table[own] = table[name]


_MOST_HOSTS = 4
_hosts: tuple[tuple[Host, tuple[str, ...], int, int, tuple[np.ndarray, np.ndarray]], ...] = ()


def _of_host(of: Host, origins: tuple[str, ...], first: int, months: int) -> tuple[np.ndarray, np.ndarray]:
    """(origins, months) of HERE with every series as `_stated`, and of truths: where the share of Dublin is
    still that of claims closed. The last ones asked for are kept; nobody may change them.
    """
    global _hosts
    for host, *asked, found in _hosts:
        if host is of and asked == [origins, first, months]:
            return found
    table = np.zeros((len(origins), months), HERE)
    of_closed = np.zeros(table.shape, bool)
    for o, key in enumerate(origins):
        for name in SERIES:
            table[name][o], closed = _stated(of, key, name, first, months)
            if name == "dublin_share":
                of_closed[o] = closed
    _hosts = (*_hosts, (of, origins, first, months, (table, of_closed)))[-_MOST_HOSTS:]
    return table, of_closed


def host_series(
    of: Host, key: str, name: str, weights: Mapping[str, float], first: int, months: int
) -> np.ndarray:
    """A series of an origin at a host, month by month from calendar month `first` on, before a scenario
    changes it: what the record has for this host, else the origin's own, and over it what the host's file
    says.
    """
    values, closed = _stated(of, key, name, first, months)
    if closed.any():
        values = np.where(closed, values * dublin_of_closed(weights, first, months), values)
    return values * enforcement(weights, first, months) if name == "enforcement" else values


def _stated(of: Host, key: str, name: str, first: int, months: int) -> tuple[np.ndarray, np.ndarray]:
    """(a series, where it is the share of claims closed and no share of Dublin yet), month by month: all of
    `host_series` that no weight touches.
    """
    closed = np.zeros(months, bool)
    country, published = of.countries[key], of.published.get(key, {})
    values = series_values(country.series[name], first, months)
    if name in published and name not in country.own:
        values = series_values(published[name], first, months)
    elif name == "living_gap":
        values = np.maximum(values + of.living_gap_shift, 0.0)
    elif name == "dublin_share" and CLOSED in published:
        values = series_values(published[CLOSED], first, months)
        closed[:] = True
    if steps := of.series.get(key, {}).get(name):
        values = month_by_month(steps, first, values, months)
        closed[max(min(step.start for step in steps) - first, 0) :] = False
    return values, closed


def enforcement(weights: Mapping[str, float], first: int, months: int) -> np.ndarray:
    """By how much the effort of removal is off a host's path, month by month."""
    known = {
        2011: weights["enforcement_2011"],
        2013: weights["enforcement_2013"],
        2015: weights["enforcement_2015"],
    }
    return between(known, first, months)


def dublin_of_closed(weights: Mapping[str, float], first: int, months: int) -> np.ndarray:
    """Share of claims closed on formal grounds that are for another state (Dublin), month by month: a line
    between the logits of two years.
    """
    shares = {2010: weights["dublin_of_closed_2010"], 2015: weights["dublin_of_closed_2015"]}
    odds = between({year: share / max(1.0 - share, 1e-9) for year, share in shares.items()}, first, months)
    return odds / (1.0 + odds)


def between(known: Mapping[int, float], first: int, months: int) -> np.ndarray:
    """Positive values of the middles of some years, month by month: straight lines between their logarithms,
    the nearest before the first and after the last.
    """
    middles = [12 * year + 5.5 for year in known]
    logs = [math.log(max(value, 1e-9)) for value in known.values()]
    return np.exp(np.interp(np.arange(first, first + months), middles, logs))


def security_errors(
    scenario: Scenario, weights: Mapping[str, float], chance: tuple[int, int, int]
) -> dict[str, float]:
    """By how much the true security of each origin is off its series, on the logit: normal, with the weight
    `security_error` as its standard deviation. Keyed by seed, draw and origin, so that it is the same in
    every scenario and replicate. `chance`: (seed, draw, replicate).
    """
    seed, draw, _ = chance
    key0, key1 = run_key(seed, draw, 0)
    found = {}
    for key in scenario.origins:
        u, _, _, _ = block(zlib.crc32(f"security_error of {key}".encode()), draw, WEIGHTS, key0, key1)
        found[key] = weights["security_error"] * normal_quantile(float(u))
    return found


def with_error(security: np.ndarray, errors: Sequence[float], gate: float) -> np.ndarray:
    """Series of true security (origins, months) with an error each on the logit, but where they lie below the
    protection gate: what is not known must not open a return to a country at war.
    """
    inside = np.clip(security, 1e-9, 1.0 - 1e-9)
    ratios = [math.exp(min(max(error, -_LARGEST_ERROR), _LARGEST_ERROR)) for error in errors]
    odds = inside / (1.0 - inside) * np.array(ratios)[:, None]
    moved = odds / (1.0 + odds)
    none = np.array(errors)[:, None] == 0.0
    return np.where((security < gate) | none, security, moved)


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
    policy, table = policy_table(scenario.levers, scenario.start, scenario.months), copied(before)
    table["security"] = np.clip(table["security"] + policy["security_shift"], 0.0, 1.0)

    def paid(known_in: int | None) -> np.recarray:
        found = copied(before) if known_in is not None else table
        if scenario.amounts:
            _redate(found, scenario, weights or {}, known_in)
        for name, (start, value) in (amounts or {}).items():
            found[name][:, max(start - scenario.start, 0) :] = value
        return found

    paid(None)
    aimed = aimed_table(scenario.information, scenario.origins, scenario.start, scenario.months)
    return policy, table, _offers(scenario, table, paid), aimed


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
        *(
            each.month_by_month(origin, visa_free, first, weights)
            for each in country
            if each.for_origin(origin)
        ),
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
