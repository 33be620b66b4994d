"""What the programme files state is paid to the right person: hand-made people live through both engines,
chance pinned away.

Everybody here wants to apply in the month of arrival, is approved, holds a passport, books and departs a
month each, so leaves in the fourth month after. A test is named after the table of a programme that it reads;
sums are worked out beside it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from avrr_sim.dates import month_number, month_text
from avrr_sim.engines import agents, table
from avrr_sim.engines.world import World, build_world
from avrr_sim.evidence import central_weights
from avrr_sim.migrant import (
    AGED_OUT,
    ASSISTED,
    BASIC,
    BUSINESS_SUPPORT,
    JOB_SUPPORT,
    MEDICAL,
    OBLIGED_AFTER,
    OBLIGED_BEFORE,
    OTHER_VULNERABLE,
    TIER_A,
    TIER_B,
    TIER_VULNERABLE,
    TRAFFICKED,
    UNACCOMPANIED,
    empty_rows,
)
from avrr_sim.outcomes import outcomes_of
from avrr_sim.programme import programme, unknowns_of
from avrr_sim.rules.tally import SERIES
from avrr_sim.scenario import Scenario
from avrr_sim.setting import programmes_of, setting_tables

ENGINES = [pytest.param(table.run, id="table"), pytest.param(agents.run, id="agents")]
LEAVES = 4  # months from application to departure
SURE = {
    "apply_constant": 1000,
    "unassisted_constant": -1000,
    "move_on_constant": -1000,
    "go_under_constant": -1000,
    "commitment": 5,
    "regularisation": 0,
    "deadline_months": 1e15,
    "removal_after_deadline": 0,
    "removal_unregistered": 0,
    "removal_dublin": 0,
    "directorate_months": 1e-6,
    "refusal": 0,
    "booking_months": 1e-6,
    "departure_months": 1e-6,
}
"""Weights by which nothing is left to chance: see tests/cases/lives.yaml."""


def scenario_of(host: str, month: str, **levers) -> Scenario:
    """A host under its programme from a month on, for ten months; places for all at the office, and nobody
    kept back by the gate.
    """
    more = {key: levers.pop(key) for key in ("country_programmes", "weights", "series") if key in levers}
    window = {"from": month, "to": month_text(month_number(month) + 9)}
    return Scenario.from_mapping(
        {
            "host": host,
            "programme": host,
            "start": month,
            "window": window,
            "protection_gate": 0,
            "levers": {"directorate_places": 100_000, **levers},
            **more,
        }
    )


def world_of(scenario: Scenario, people: list[dict], **weights: float) -> World:
    """A world in which only these people live. What is not said: arrives in the first month, one adult,
    rejected, before the deadline, not vulnerable.
    """
    values = central_weights(SURE | dict(scenario.weights) | weights, unknowns_of(programmes_of(scenario)))
    world = build_world(scenario, values, 1, 0, 0, 50)
    rows = empty_rows(len(people))
    rows["id"] = 10**9 + np.arange(len(people))
    rows["serial"] = np.arange(len(people))
    rows["adults"], rows["passport"], rows["status"] = 1, True, OBLIGED_BEFORE
    for row, person in zip(rows, people, strict=True):
        for name, value in person.items():
            row[name] = scenario.origins.index(value) if name == "origin" else value
    rows["entry"], rows["status_since"] = rows["status"], rows["arrival"]
    n = len(rows)
    order = np.argsort(rows["arrival"], kind="stable")
    return replace(
        world,
        rows=rows,
        position=np.arange(n),
        arrivals=order,
        active=np.empty(n, np.int64),
        queues=np.empty((2, n), np.int64),
        scale=1.0,
        starts=np.searchsorted(rows["arrival"][order], np.arange(world.months + 1)).astype(np.int64),
    )


def lived(engine, scenario: Scenario, people: list[dict], **weights: float) -> World:
    """The world lived to its end, where all have departed with the programme four months after they came."""
    world = engine(world_of(scenario, people, **weights), None)
    assert (world.rows["outcome"] == ASSISTED).all() and np.array_equal(
        world.rows["left_at"], world.rows["arrival"] + LEAVES
    )
    assert np.array_equal(world.rows["applied_at"], world.rows["arrival"])
    return world


def paid(engine, scenario: Scenario, people: list[dict], **weights: float) -> list[tuple[float, float]]:
    """(cash, in kind) that each of the people was paid; the tally of money adds up to them."""
    world = lived(engine, scenario, people, **weights)
    found = [(float(row.cash), float(row.in_kind)) for row in world.rows]
    for column, each in zip(("cash_paid", "in_kind_paid"), zip(*found, strict=True), strict=True):
        assert world.units[:, SERIES.index(column)].sum() == sum(int(money) for money in each)
    return found


FAMILY = {"adults": 2, "minors": 3}
MINOR = {"adults": 0, "minors": 1, "vulnerability": UNACCOMPANIED}
LATE = {"status": OBLIGED_AFTER}


# --- Norway
# -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def norway_2012() -> Scenario:
    """The general programme alone."""
    return scenario_of("norway", "2012-01")


@pytest.mark.parametrize("engine", ENGINES)
def test_norway_a(engine, norway_2012):
    """2 x 20,000 + 3 x 10,000 = 70,000; an adult alone 20,000."""
    assert paid(engine, norway_2012, [FAMILY, {}]) == [(70_000, 0), (20_000, 0)]


@pytest.mark.parametrize("engine", ENGINES)
def test_norway_b(engine, norway_2012):
    """After the obligatory date 2 x 7,000 + 3 x 2,000 = 20,000; an adult alone 7,000."""
    world = lived(engine, norway_2012, [FAMILY | LATE, LATE, {}])
    assert list(world.rows["tier"]) == list(world.rows["applied_tier"]) == [TIER_B, TIER_B, TIER_A]
    assert list(world.rows["cash"]) == [20_000, 7_000, 20_000] and not world.rows["in_kind"].any()


@pytest.mark.parametrize("engine", ENGINES)
def test_norway_vulnerable_unaccompanied_minor(engine, norway_2012):
    """No cash; 8,000 of subsistence, 8,000 of accommodation, 24,000 of activity and 2,000 of medical support
    in kind: 42,000. Late or not.
    """
    assert paid(engine, norway_2012, [MINOR, MINOR | LATE]) == [(0, 42_000), (0, 42_000)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", [TRAFFICKED, AGED_OUT, MEDICAL, OTHER_VULNERABLE])
def test_norway_vulnerable_adult(engine, norway_2012, kind):
    """8,000 in cash and 34,000 in kind; a second adult before the deadline gets A's 20,000, a second adult
    and a minor after it B's 7,000 and 2,000.
    """
    people = [
        {"vulnerability": kind},
        {"vulnerability": kind} | LATE,
        {"vulnerability": kind, "adults": 2},
        {"vulnerability": kind, "adults": 2, "minors": 1} | LATE,
    ]
    world = lived(engine, norway_2012, people)
    assert (world.rows["tier"] == TIER_VULNERABLE).all() and (world.rows["in_kind"] == 34_000).all()
    assert list(world.rows["cash"]) == [8_000, 8_000, 28_000, 17_000]


@pytest.mark.parametrize("engine", ENGINES)
def test_norway_before_2010(engine):
    """Travel money of an amount that no source gives, the same for all, as the weight says; from January 2010
    on the published amounts.

    Applied in December 2009: 5 x 3,000; a vulnerable person has no package and gets travel money; in January
    2010: 70,000 and 42,000.
    """
    people = [FAMILY, FAMILY | LATE, MINOR, FAMILY | {"arrival": 1}, MINOR | {"arrival": 1}]
    found = paid(engine, scenario_of("norway", "2009-12"), people, **{"norway.travel_money": 3_000})
    assert found == [(15_000, 0), (15_000, 0), (3_000, 0), (70_000, 0), (0, 42_000)]


# --- Norway's country programmes
# --------------------------------------------------------------------------------------

COUNTRY = {
    "norway-irrana": "afghanistan",
    "norway-irrini": "iraq",
    "norway-are": "ethiopia",
    "norway-somalia": "somalia",
}


@pytest.mark.parametrize("engine", ENGINES)
def test_return_to_somalia(engine):
    """Pinned at 1,000 in cash and 3,000 in kind, from January 2014: 20,000 + 1,000 and 7,000 + 1,000, in kind
    3,000; before, and for others, nothing.
    """
    scenario = scenario_of("norway", "2013-12", country_programmes=["norway-somalia"])
    people = [
        {"origin": origin, "arrival": month} | late
        for origin in ("somalia", "iraq")
        for month in (0, 1)
        for late in ({}, LATE)
    ]
    found = paid(
        engine, scenario, people, **{"norway-somalia.cash_adult": 1_000, "norway-somalia.in_kind": 3_000}
    )
    assert found == [
        (20_000, 0),
        (7_000, 0),
        (21_000, 3_000),
        (8_000, 3_000),
        (20_000, 0),
        (7_000, 0),
        (20_000, 0),
        (7_000, 0),
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_return_to_somalia_household(engine):
    """Cash for each adult, 70,000 + 2 x 1,000; in kind for each person, 5 x 3,000. Whoever gets the
    vulnerable package gets neither, a second adult both.
    """
    scenario = scenario_of("norway", "2014-01", country_programmes=["norway-somalia"])
    people = [
        {"origin": "somalia"} | more
        for more in (FAMILY, MINOR, {"vulnerability": MEDICAL}, {"vulnerability": MEDICAL, "adults": 2})
    ]
    pinned = {"norway-somalia.cash_adult": 1_000, "norway-somalia.in_kind": 3_000}
    found = paid(engine, scenario, people, **pinned)
    assert found == [(72_000, 15_000), (0, 42_000), (8_000, 34_000), (29_000, 37_000)]


@pytest.mark.parametrize("engine", ENGINES)
def test_country_programmes_each_pay_their_own(engine):
    """In 2014, pinned at 100, 200, 300 and 400 in cash, each comes on top of A's 20,000 for its origin alone;
    Nigeria has none.
    """
    cash = {f"{name}.cash_adult": 100.0 * (i + 1) for i, name in enumerate(COUNTRY)}
    in_kind = {f"{name}.in_kind": 1_000.0 * (i + 1) for i, name in enumerate(COUNTRY)}
    scenario = scenario_of("norway", "2014-01", country_programmes=sorted(COUNTRY))
    found = paid(
        engine, scenario, [{"origin": origin} for origin in (*COUNTRY.values(), "nigeria")], **cash, **in_kind
    )
    assert found == [(20_100, 1_000), (20_200, 2_000), (20_300, 3_000), (20_400, 4_000), (20_000, 0)]


@pytest.mark.parametrize("engine", ENGINES)
def test_irrini_follows_its_weight(engine):
    """What no source gives is whatever the weight `norway-irrini.cash_adult` is pinned at, and its central
    10,000 otherwise; minors get none of it.
    """

    def cash(**pinned: float) -> list[float]:
        scenario = scenario_of("norway", "2012-01", country_programmes=["norway-irrini"], weights=pinned)
        return [
            money for money, _ in paid(engine, scenario, [{"origin": "iraq"}, {"origin": "iraq"} | FAMILY])
        ]

    assert cash() == [30_000, 90_000]
    assert cash(**{"norway-irrini.cash_adult": 0}) == [20_000, 70_000]
    assert cash(**{"norway-irrini.cash_adult": 2_500}) == [22_500, 75_000]


@pytest.mark.parametrize("engine", ENGINES)
def test_kosovo_terminated(engine):
    """Pinned at 700 of cash and 500 of travel money: 1,200 until December 2005, and 500 from January 2006;
    for others 500 throughout.
    """
    scenario = scenario_of("norway", "2006-01", country_programmes=["norway-kosovo"])
    pinned = {"norway-kosovo.cash_adult": 700, "norway.travel_money": 500}
    assert paid(engine, scenario, [{"origin": "kosovo"}, {"origin": "iraq"}], **pinned) == [
        (500, 0),
        (500, 0),
    ]
    rules = programme("norway-kosovo").month_by_month(
        "kosovo", np.zeros(3, bool), month_number("2005-11"), pinned
    )
    # no host's arrivals reach back to 2005, so the months are read from the file
    assert list(rules["cash_a_adult"]) == [700, 700, 0]


# --- France
# -----------------------------------------------------------------------------------------------------------


def france(month: str = "2014-01", **levers) -> Scenario:
    """France under its programme."""
    return scenario_of("france", month, **levers)


def at_level(
    engine, scenario: Scenario, people: list[dict], level: int, **weights: float
) -> list[tuple[float, float]]:
    """What people are paid who take a level of reintegration assistance; which they take is chance, so each
    stands there in a hundred copies.
    """
    world = lived(engine, scenario, [person for person in people for _ in range(100)], **weights)
    found = []
    for i in range(len(people)):
        rows = world.rows[100 * i : 100 * i + 100]
        amounts = {(float(row.cash), float(row.in_kind)) for row in rows if row.level == level}
        assert len(amounts) == 1
        found += amounts
    return found


@pytest.mark.parametrize("engine", ENGINES)
def test_france_travel_money_and_level_1(engine):
    """Kosovo 300 EUR of travel money, Russia 650, each person; reintegration level 1: 400 EUR an adult and
    300 EUR a child.

    Alone: 300 + 400 = 700 and 650 + 400 = 1,050. Two adults and three children: 5 x 300 + 2 x 400 + 3 x 300 =
    3,200 and 5 x 650 + 1,700 = 4,950.
    """
    people = [{"origin": origin} | more for origin in ("kosovo", "russia") for more in ({}, FAMILY)]
    assert at_level(engine, france(), people, BASIC) == [(700, 0), (3_200, 0), (1_050, 0), (4_950, 0)]
    # no tiers
    assert at_level(engine, france(), [person | LATE for person in people], BASIC) == [
        (700, 0),
        (3_200, 0),
        (1_050, 0),
        (4_950, 0),
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_france_exceptional_money(engine):
    """Granted to all: 350 EUR more for each person, so 1,050 and 3,200 + 1,750 = 4,950 to Kosovo, 1,400 to
    Russia; granted to nobody unless set.
    """
    people = [{"origin": "kosovo"}, {"origin": "kosovo"} | FAMILY, {"origin": "russia"}]
    assert at_level(engine, france(exceptional_share=1), people, BASIC) == [
        (1_050, 0),
        (4_950, 0),
        (1_400, 0),
    ]
    assert at_level(engine, france(exceptional_share=0), people, BASIC) == [(700, 0), (3_200, 0), (1_050, 0)]


@pytest.mark.parametrize("engine", ENGINES)
def test_france_levels_2_and_3(engine):
    """Pinned at 2,000 EUR for employment and 5,000 EUR for a business: once for the unit, in kind, on top of
    everything else.
    """
    pinned, people = (
        {"france.job": 2_000, "france.business": 5_000},
        [{"origin": "russia"}, {"origin": "russia"} | FAMILY],
    )
    assert at_level(engine, france(), people, JOB_SUPPORT, **pinned) == [(1_050, 2_000), (4_950, 2_000)]
    assert at_level(engine, france(), people, BUSINESS_SUPPORT, **pinned) == [(1_050, 5_000), (4_950, 5_000)]


def test_france_levels_are_taken_by_the_shares_of_the_file():
    """Employment 0.03, business 0.1 of units; of 4,000 within five standard errors, which chance leaves once
    in a million.
    """
    rows = lived(table.run, france(), [{"origin": "russia"}] * 4_000).rows
    for level, share in ((JOB_SUPPORT, 0.03), (BUSINESS_SUPPORT, 0.1)):
        assert abs(np.mean(rows["level"] == level) - share) < 5 * np.sqrt(share * (1 - share) / len(rows))


@pytest.mark.parametrize("engine", ENGINES)
def test_france_has_no_package_for_the_vulnerable(engine):
    """An unaccompanied minor: 650 + 300 = 950 EUR in cash; an adult with medical needs as any other,
    1,050.
    """
    assert at_level(
        engine,
        france(),
        [{"origin": "russia"} | MINOR, {"origin": "russia", "vulnerability": MEDICAL}],
        BASIC,
    ) == [(950, 0), (1_050, 0)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("start", ["2014-01", "2010-12"])
def test_france_visa_free(engine, start):
    """Albania and Bosnia need no visa since December 2010, so 300 + 400 = 700 EUR; China and Algeria do,
    1,050.
    """
    people = [{"origin": origin} for origin in ("albania", "bosnia", "china", "algeria")]
    assert at_level(engine, france(start), people, BASIC) == [(700, 0), (700, 0), (1_050, 0), (1_050, 0)]


@pytest.mark.parametrize("engine", ENGINES)
def test_france_visa_free_from_a_month_on(engine):
    """A run that begins in November 2010: an Albanian who applies in that month gets 650 + 400, one who
    applies in December 300 + 400.
    """
    people = [{"origin": "albania"}, {"origin": "albania", "arrival": 1}]
    assert at_level(engine, france("2010-11"), people, BASIC) == [(1_050, 0), (700, 0)]


# --- Estonia
# ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_estonia(engine):
    """200 EUR for each person, 400 where the upper end is granted; a plan in kind pinned at 900 EUR a person,
    and 600 EUR once for medical needs.

    An unaccompanied minor keeps the 200: money granted by a lever is an incentive, which leaves minors out.
    """
    people = [
        {"origin": "russia"},
        {"origin": "ukraine"} | FAMILY | LATE,
        {"origin": "russia", "vulnerability": MEDICAL},
        {"origin": "russia", "vulnerability": MEDICAL} | FAMILY,
        {"origin": "russia"} | MINOR,
    ]
    pinned = {"estonia.in_kind": 900, "estonia.medical_extra": 600}
    lower, upper = (
        paid(engine, scenario_of("estonia", "2014-01", exceptional_share=share), people, **pinned)
        for share in (0, 1)
    )
    assert lower == [(200, 900), (1_000, 4_500), (800, 900), (1_600, 4_500), (200, 900)]
    assert upper == [(400, 900), (2_000, 4_500), (1_000, 900), (2_600, 4_500), (200, 900)]


# --- levels of support
# ------------------------------------------------------------------------------------------------

DOUBLED = {"cash_level": 2, "in_kind_level": 2}
PEOPLE = [
    MINOR,
    {"vulnerability": TRAFFICKED},
    {"vulnerability": TRAFFICKED, "adults": 2},
    {"vulnerability": MEDICAL},
    {},
]


@pytest.mark.parametrize("engine", ENGINES)
def test_levels_leave_out_unaccompanied_minors_and_victims_of_trafficking(engine):
    """Doubled with medical needs and for an adult alone; today's (0, 42,000), (8,000, 34,000), with a second
    adult (28,000, 34,000), for the others.
    """
    found = paid(engine, scenario_of("norway", "2012-01", **DOUBLED), PEOPLE)
    assert found == [(0, 42_000), (8_000, 34_000), (28_000, 34_000), (16_000, 68_000), (40_000, 0)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "name, expected",
    [
        ("incentives_unaccompanied", [(0, 84_000), (8_000, 34_000), (28_000, 34_000)]),
        ("incentives_trafficked", [(0, 42_000), (16_000, 68_000), (56_000, 68_000)]),
    ],
)
def test_levels_reach_them_where_asked_for_by_name(engine, name, expected):
    """Twice 42,000 in kind for the minor; twice 8,000 and 34,000, and twice 28,000, for the victims of
    trafficking.
    """
    found = paid(engine, scenario_of("norway", "2012-01", **DOUBLED, **{name: 1}), PEOPLE)
    assert found == [*expected, (16_000, 68_000), (40_000, 0)]


@pytest.mark.parametrize("engine", ENGINES)
def test_levels_count_on_the_day_of_application(engine, norway_2012):
    """Cash halved from the second month on: 20,000 for whoever applied in the first, 10,000 for whoever
    applies in the second.
    """
    half = norway_2012.vary(cash_level=[{"from": "2012-02", "value": 0.5}])
    assert paid(engine, half, [{}, {"arrival": 1}]) == [(20_000, 0), (10_000, 0)]


# --- services and money
# -----------------------------------------------------------------------------------------------

BASE = 2_000 + 0.72 * 1_000 + 0.5 * 500 + 0.7 * 500 + 0.5 * 800  # Norway, for everybody: 3,720
VULNERABLE = BASE + 0.3 * 20_000 + 3_000  # escort and monitoring: 12,720
SERVICES = {
    "none": BASE,
    "trafficked": VULNERABLE + 5_000,
    "unaccompanied": VULNERABLE + 8_000,
    "aged_out": VULNERABLE,
    "medical": VULNERABLE + 0.8 * 1_500,
    "other": VULNERABLE,
}
KINDS = [
    {},
    {"vulnerability": TRAFFICKED},
    MINOR,
    {"vulnerability": AGED_OUT},
    {"vulnerability": MEDICAL},
    {"vulnerability": OTHER_VULNERABLE},
]


@pytest.mark.parametrize("engine", ENGINES)
def test_services_enter_the_cost_of_the_programme(engine, norway_2012):
    """One departure of each kind of vulnerability, travel pinned at 9,000.

    Support 20,000 for one and 42,000 for five; travel 6 x 9,000; services 3,720 + 17,720 + 20,720 + 12,720 +
    13,920 + 12,720 = 81,520.
    """
    assert list(SERVICES.values()) == pytest.approx(
        [3_720, 17_720, 20_720, 12_720, 13_920, 12_720], rel=1e-12
    )
    found = outcomes_of(lived(engine, norway_2012, KINDS, travel_cost=9_000))
    assert found.services == pytest.approx(81_520, rel=1e-12)
    assert found.cost() == pytest.approx(230_000 + 54_000 + 81_520, rel=1e-12)
    measured = {name: value for by, _, name, value, _ in found.measures() if by == "all"}
    # a year, of a window of ten months
    assert measured["support_paid"] == pytest.approx(230_000 * 12 / 10, rel=1e-12)
    assert measured["programme_cost"] == pytest.approx(365_520 * 12 / 10, rel=1e-12)


def test_a_service_costs_what_its_weight_says(norway_2012):
    """Family tracing pinned at 1,000 in place of 8,000, for the minor alone: 81,520 - 7,000; a departure
    without children costs what it did.
    """
    pinned = {"norway.service.family_tracing": 1_000}
    assert outcomes_of(lived(table.run, norway_2012, KINDS, **pinned)).services == pytest.approx(
        74_520, rel=1e-12
    )
    assert outcomes_of(lived(table.run, norway_2012, [{}], **pinned)).services == pytest.approx(
        3_720, rel=1e-12
    )


def test_a_familys_services_are_for_each_person(norway_2012):
    """Five persons, 5 x 3,720, and travel for five."""
    found = outcomes_of(lived(table.run, norway_2012, [FAMILY], travel_cost=9_000))
    assert found.services == pytest.approx(18_600, rel=1e-12) and found.cost() == pytest.approx(
        70_000 + 45_000 + 18_600, rel=1e-12
    )


def test_only_departures_of_the_window_cost(norway_2012):
    """Of two who leave in May and in June, a window from June on holds the second alone: 20,000 + 9,000 +
    3,720.
    """
    later = norway_2012.vary(window={"from": "2012-06", "to": "2012-10"})
    found = outcomes_of(lived(table.run, later, [{}, {"arrival": 1}], travel_cost=9_000))
    assert found.cost() == pytest.approx(32_720, rel=1e-12)


@pytest.mark.parametrize("engine", ENGINES)
def test_money_is_in_the_programmes_currency(engine):
    """From Estonia to Russia: 200 EUR and a plan of 900 EUR; travel pinned at 9,090 NOK is 1,000 EUR.

    Services are 200 + 0.5 x 100 + 0.3 x 50 + 0.5 x 50 + 0.3 x 80 = 314 EUR.
    """
    scenario = scenario_of("estonia", "2014-01")
    world = lived(engine, scenario, [{"origin": "russia"}], travel_cost=9_090, **{"estonia.in_kind": 900})
    found = outcomes_of(world)
    assert (
        found.currency == "EUR"
        and found.travel_cost == pytest.approx(1_000, rel=1e-12)
        and found.services == pytest.approx(314, rel=1e-12)
    )
    assert found.cost() == pytest.approx(200 + 900 + 1_000 + 314, rel=1e-12)


@pytest.mark.parametrize("engine", ENGINES)
def test_months_of_income_are_counted_in_one_money(engine):
    """An income of 1,818 NOK a month is 200 EUR at 9.09 NOK, so 200 EUR are one month; in Norway 20,000 NOK
    of an income of 5,000 are four.
    """
    for host, income, months in (("estonia", 1_818, 1), ("norway", 5_000, 4)):
        scenario = scenario_of(
            host, "2014-01", series={"russia": {"income": [{"from": "2014-01", "value": income}]}}
        )
        seen = []
        world = world_of(scenario, [{"origin": "russia"}], **{"estonia.in_kind": 0})
        engine(world, lambda w, seen=seen: seen.append(float(w.rows[0].cash_left)))
        assert world.origins["income"][scenario.origins.index("russia"), 0] == pytest.approx(
            income / (9.09 if host == "estonia" else 1), rel=1e-12
        )
        assert seen[LEAVES] == pytest.approx(months, rel=1e-12)


def test_every_income_is_turned_into_the_programmes_currency():
    """The same origin in the same month: 9.09 times as many kroner as euros."""
    (_, in_euros), (_, in_kroner) = setting_tables(france()), setting_tables(scenario_of("norway", "2014-01"))
    for key in ("kosovo", "russia"):
        euros, kroner = (
            in_euros["income"][france().origins.index(key)],
            in_kroner["income"][scenario_of("norway", "2014-01").origins.index(key)],
        )
        assert kroner == pytest.approx(9.09 * euros, rel=1e-12)
