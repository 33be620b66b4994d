"""The people: who arrives when, from where, in what household, with what traits and first beliefs.

A person's id is fixed by cohort (calendar month), origin and ordinal, and every trait is keyed on it, so the
same person exists in every scenario. People are synthetic; nothing here reads data on real persons.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from avrr_sim.chance import (
    TRAITS,
    TRAITS_BELIEFS,
    TRAITS_HEALTH,
    TRAITS_LINKS,
    TRAITS_STATUS,
    TRAITS_TASTES,
    block,
    logistic,
    normal,
    safe_log,
)
from avrr_sim.compiled import rule
from avrr_sim.migrant import (
    AGED_OUT,
    CENTRE,
    DUBLIN,
    MEDICAL,
    NOT_VULNERABLE,
    OTHER_VULNERABLE,
    PENDING,
    PRIVATE,
    TRAFFICKED,
    UNACCOMPANIED,
    UNREGISTERED,
    empty_rows,
)
from avrr_sim.places.host_form import TRAITS as HOST_TRAITS
from avrr_sim.places.origins import LARGEST_NUMBER
from avrr_sim.places.place import Host
from avrr_sim.rules.advice import at_odds, clamp
from avrr_sim.rules.beliefs import hope_alone
from avrr_sim.rules.drivers import person
from avrr_sim.rules.legal import YEAR, hazard_ahead, removability, share_ahead, within_a_year
from avrr_sim.rules.office import LARGEST_POPULATION
from avrr_sim.scenario import Scenario

_ORDINAL_BITS = 20
_OWN_BIT = 1 << (_ORDINAL_BITS - 1)  # of the ordinal: it tells origins of the user's own from the package's
HOST_DTYPE = np.dtype([*((name, "f8") for name in HOST_TRAITS), ("centres", "i8")], align=True)


def migrant_id(calendar: Any, origin_number: Any, unregistered: Any, ordinal: Any) -> Any:
    """The id of the `ordinal`-th unit of a cohort: calendar month of arrival, origin's number, stream; of
    whole numbers, or of arrays of them.

    Numbers of origins above LARGEST_NUMBER have a bit of their own, so that ids of the package's stay what
    they are.
    """
    own, number = divmod(origin_number, LARGEST_NUMBER + 1)
    first = ((calendar * (LARGEST_NUMBER + 1) + number) * 2 + unregistered) << _ORDINAL_BITS
    return first | own * _OWN_BIT | ordinal


@rule
def vulnerability_of(u, adults, age_band, host_traits):
    """Kind of vulnerability from one uniform; an unaccompanied minor is always one, and only the youngest
    adults have aged out.
    """
    if adults == 0:
        return UNACCOMPANIED
    edge = host_traits.vulnerable_trafficked
    if u < edge:
        return TRAFFICKED
    if age_band == 0:
        edge += host_traits.vulnerable_aged_out
        if u < edge:
            return AGED_OUT
    edge += host_traits.vulnerable_medical
    if u < edge:
        return MEDICAL
    return OTHER_VULNERABLE if u < edge + host_traits.vulnerable_other else NOT_VULNERABLE


@rule
def age_band_of(u, host_traits):
    """Age band of the (first) adult: 0 18-24, 1 25-34, 2 35-44, 3 45 and over."""
    if u < host_traits.age_18_24:
        return 0
    if u < host_traits.age_18_24 + host_traits.age_25_34:
        return 1
    return 2 if u < host_traits.age_18_24 + host_traits.age_25_34 + host_traits.age_35_44 else 3


@rule
def settle_household(row, calendar, key0, key1, host_traits, households):
    """Household, sex, age, vulnerability, health, and how easily assisted return slips from mind."""
    u_household, u_female, u_age, u_vulnerable = block(row.id, calendar, TRAITS, key0, key1)
    edge, kind = 0.0, households.shape[0] - 1
    for k in range(households.shape[0]):
        edge += households[k, 0]
        if u_household < edge:
            kind = k
            break
    row.adults = int(households[kind, 1])
    row.minors = int(households[kind, 2])
    row.female = u_female < host_traits.female_share
    row.age_band = age_band_of(u_age, host_traits) if row.adults > 0 else 0
    row.vulnerability = vulnerability_of(u_vulnerable, row.adults, row.age_band, host_traits)
    u_ill, row.heed, _, _ = block(row.id, calendar, TRAITS_HEALTH, key0, key1)
    row.ill = u_ill < host_traits.ill_share or row.vulnerability == MEDICAL


@rule
def settle_person(row, here, calendar, key0, key1, w):
    """Tastes, network, links, own view of the origin, what is known of assisted return (from compatriots),
    trust, and what household, age, sex and health add to applying.
    """
    u1, u2, u3, u4 = block(row.id, calendar, TRAITS_TASTES, key0, key1)
    row.taste_return = w.taste_return_sd * normal(u1, u2)
    row.taste_moving = w.taste_moving_sd * normal(u3, u4)
    u1, u2, u3, u4 = block(row.id, calendar, TRAITS_LINKS, key0, key1)
    row.network = here.network_mean + normal(u1, u2)
    row.links = logistic(here.links_mean + normal(u3, u4))
    u1, u2, u3, u4 = block(row.id, calendar, TRAITS_BELIEFS, key0, key1)
    row.own_security = clamp(here.security + w.own_prior_spread * normal(u1, u2))
    row.trust_start = logistic(
        safe_log(w.trust_mean / max(1.0 - w.trust_mean, 1e-9)) + w.trust_spread * normal(u3, u4)
    )
    row.awareness = clamp(w.awareness_start)
    row.knowledge = clamp(w.knowledge_start)
    row.self_rated = clamp(w.self_rated_start)
    row.inclination = person(row, w)
    row.trust_official = row.trust_start
    row.trust_independent = at_odds(row.trust_start, w.independent_trusted)
    row.trust_peers = at_odds(row.trust_start, w.peers_trusted)
    row.trust = row.trust_peers
    row.security = row.own_security


@rule
def settle(row, unregistered, here, now, w, host_traits, households):
    """Everything that is known of a unit on arrival but for the risk of removal, which is the one thing that
    levers touch. `now` is the moment of arrival.
    """
    settle_household(row, now.calendar, now.key0, now.key1, host_traits, households)
    settle_person(row, here, now.calendar, now.key0, now.key1, w)
    u_dublin, u_centre, u_which, u_passport = block(row.id, now.calendar, TRAITS_STATUS, now.key0, now.key1)
    if unregistered:
        row.status = UNREGISTERED
        row.abode = PRIVATE
    else:
        row.status = DUBLIN if u_dublin < here.dublin_share else PENDING
        row.abode = CENTRE if u_centre < host_traits.centre_on_arrival else PRIVATE
    row.hope = hope_alone(row.status, here, w)
    row.entry = row.status
    row.status_since = now.month
    if row.status == DUBLIN:
        row.obliged_at = now.month
        row.older_at = now.month + YEAR
    row.berth = u_which
    row.centre = int(math.floor(u_which * host_traits.centres))
    row.passport = u_passport < here.passport_share
    row.removability = removability(row, 0, w)


@rule
def settle_all(rows, unregistered, origins_table, now, first_calendar, w, host_traits, households):
    """Settle every row in its month of arrival."""
    for i in range(rows.shape[0]):
        row = rows[i]
        now.month = row.arrival
        now.calendar = first_calendar + row.arrival
        here = origins_table[row.origin, row.arrival]
        settle(row, unregistered[i], here, now, w, host_traits, households)


@rule
def first_risks(rows, origins_table, policy, now, first_calendar, w):
    """The risk of removal that everybody perceives on arrival: the known one, under that month's levers."""
    for i in range(rows.shape[0]):
        row = rows[i]
        now.month = row.arrival
        now.calendar = first_calendar + row.arrival
        here, lever = origins_table[row.origin, row.arrival], policy[row.arrival]
        ahead = hazard_ahead(row.entry, row.abode, here, lever, now, w)
        row.risk_apply = share_ahead(row.entry, w) * within_a_year(ahead, row.removability)
        row.risk_leave = row.risk_apply


def mean_household(of: Host) -> float:
    """Mean persons in a unit."""
    return sum(share * (adults + minors) for share, adults, minors in of.households)


def expected_units(scenario: Scenario, weights: Mapping[str, float]) -> np.ndarray:
    """Units that arrive, before the lever `inflow_level`: array (2 streams, origins, months); stream 1 never
    registered.
    """
    of = scenario.place
    table = np.zeros((2, len(scenario.origins), scenario.months))
    years = (scenario.start + np.arange(scenario.months)) // 12
    for year in np.unique(years):
        claims = of.claims_in(int(year))
        table[0][:, years == year] = [[claims.get(key, 0.0)] for key in scenario.origins]
    shares = [[of.unregistered_shares.get(key, 0.0)] for key in scenario.origins]
    table[1] = weights["unregistered_inflow"] * np.array(shares)
    return table / (12.0 * mean_household(of))


def units_waiting(scenario: Scenario) -> np.ndarray:
    """Units whose claim is pending when the run starts (`Host.pending_at`), (origins,).

    They join in the run's first month and are taken for new arrivals in all else, for nothing is known of how
    long they have waited.
    """
    of = scenario.place
    stock = of.pending_at(scenario.start // 12)
    persons = np.array([stock.get(key, 0.0) for key in scenario.origins])
    return persons / mean_household(of)


def all_units(scenario: Scenario, weights: Mapping[str, float]) -> float:
    """Units of a whole run, before the lever `inflow_level`: those who arrive and those who wait at the
    start.
    """
    return float(expected_units(scenario, weights).sum() + units_waiting(scenario).sum())


def strategic_factor(policy: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Arrivals against the data's, (origins, months): more where an origin's people are suspected to come for
    the support.

    1 + strength x log(1 + cash of tier A in months of income); the strength is 0 for every origin unless a
    scenario sets it.
    """
    months_of_income = policy["cash_level"] * table["cash_a_adult"] / table["income"]
    return 1.0 + table["strategic_inflow"] * np.log1p(months_of_income)


def inflow(policy: np.recarray, table: np.recarray) -> np.ndarray:
    """Arrivals against the data's under the levers of a run, (origins, months)."""
    return policy["inflow_level"] * strategic_factor(policy, table)


def arrivals(
    expected: np.ndarray, level: np.ndarray, fraction: float, waiting: np.ndarray | float = 0.0
) -> np.ndarray:
    """Every cohort, (cohorts, 4): stream, origin, month, units simulated at `fraction` of them a real
    one; level: arrivals against the data's, (origins, months); waiting: units that join stream 0 in the first
    month whatever the level, (origins,).

    Rounded cumulatively within stream and origin, so the total is right to one unit each and nothing is drawn
    by chance.
    """
    coming = expected * level
    coming[0, :, 0] += waiting
    whole = np.floor(np.cumsum(coming, axis=-1) * fraction + 0.5).astype(np.int64)
    counts = np.diff(whole, prepend=0, axis=-1)
    there = np.nonzero(counts)
    return np.stack([*there, counts[there]], axis=1)


def centres_simulated(of: Host, expected: np.ndarray, fraction: float) -> int:
    """Number of centres so that each has as many residents as a real one, whatever share of people is
    simulated.
    """
    persons_a_month = expected[0].sum(axis=0).mean() * mean_household(of)
    stock = persons_a_month * of.traits["centre_stay_months"] * of.traits["centre_on_arrival"]
    return max(1, round(stock * fraction / of.traits["residents_per_centre"]))


def _host_record(of: Host, centres: int) -> np.record:
    """What rules read of a host."""
    record = np.zeros(1, HOST_DTYPE).view(np.recarray)
    for name, value in of.traits.items():
        record[name] = value
    record["centres"] = centres
    return record[0]


def people(
    scenario: Scenario,
    weights: Mapping[str, float],
    record: np.record,
    policy: np.recarray,
    origins_table: np.recarray,
    now: np.record,
    size: int,
) -> tuple[np.recarray, float, int]:
    """The units of a run, sorted by id: (rows, real units a simulated one, number of centres).

    `size` is the number of units simulated over the whole run at the inflow of the data, those who wait at
    the start among them; a scenario that changes the inflow has more or fewer. Raises ValueError where the
    size is more than ids allow.
    """
    expected = expected_units(scenario, weights)
    waiting, level = units_waiting(scenario), inflow(policy, origins_table)
    fraction = size / float(expected.sum() + waiting.sum())
    rows = _identified(scenario, arrivals(expected, level, fraction, waiting))
    centres = centres_simulated(scenario.place, expected, fraction)
    if centres >= LARGEST_POPULATION:
        raise ValueError(f"{centres} centres are more than a run can hold ({LARGEST_POPULATION - 1})")
    settle_rows(rows, scenario, record, origins_table, now, centres)
    first_risks(rows, origins_table, policy, now, scenario.start, record)
    return rows, 1.0 / fraction, centres


def _identified(scenario: Scenario, cohorts: np.ndarray) -> np.recarray:
    """Rows of the units of some cohorts (as from `arrivals`), sorted by id, of whom nothing more is known
    than who they are.
    """
    streams, origins, months, counts = cohorts.T
    total = int(counts.sum())
    if total >= LARGEST_POPULATION or counts.max(initial=0) >= _OWN_BIT:
        raise ValueError(f"{total} units are more than a run can hold ({LARGEST_POPULATION - 1})")
    rows = empty_rows(total)
    numbers = np.array([scenario.place.countries[key].number for key in scenario.origins], np.int64)
    first_ids = migrant_id(scenario.start + months, numbers[origins], streams, 0)
    ordinals = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    ids = np.repeat(first_ids, counts) + ordinals
    order = np.argsort(ids, kind="stable")
    rows["id"] = ids[order]
    rows["serial"] = np.arange(total)
    rows["origin"] = np.repeat(origins, counts)[order]
    rows["arrival"] = np.repeat(months, counts)[order]
    return rows


def settle_rows(
    rows: np.recarray,
    scenario: Scenario,
    record: np.record,
    origins_table: np.recarray,
    now: np.record,
    centres: int,
) -> None:
    """Everything that is known of some units on arrival but for what they fear (see `first_risks`), in
    place.
    """
    of = scenario.place
    unregistered = (rows["id"] >> _ORDINAL_BITS) & 1 == 1
    households = np.array(of.households, dtype=np.float64)
    host_record = _host_record(of, centres)
    settle_all(rows, unregistered, origins_table, now, scenario.start, record, host_record, households)
