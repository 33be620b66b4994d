"""Levels of support, services and money: whom they reach, what they cost, in which currency."""

from __future__ import annotations

import pytest
from paid import ENGINES, FAMILY, LEAVES, MINOR, france, lived, norway_alone, paid, scenario_of, world_of

from avrr_sim.engines import table
from avrr_sim.migrant import (
    AGED_OUT,
    MEDICAL,
    OTHER_VULNERABLE,
    TRAFFICKED,
)
from avrr_sim.outcomes import outcomes_of
from avrr_sim.scenario import Scenario
from avrr_sim.setting import setting_tables

DOUBLED = {"cash_level": 2, "in_kind_level": 2}


PEOPLE = [
    MINOR,
    {"vulnerability": TRAFFICKED},
    {"vulnerability": TRAFFICKED, "adults": 2},
    {"vulnerability": MEDICAL},
    {},
]


@pytest.fixture(scope="module")
def norway_2012() -> Scenario:
    return norway_alone()


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
    # a year, of a window of ten months
    assert found.value("support_paid") == pytest.approx(230_000 * 12 / 10, rel=1e-12)
    assert found.value("programme_cost") == pytest.approx(365_520 * 12 / 10, rel=1e-12)


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
    found = outcomes_of(lived(table.run, later, [{"arrival": 4}, {"arrival": 5}], travel_cost=9_000))
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
