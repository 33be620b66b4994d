"""What the programme files state is paid to the right person: hand-made people live through both engines,
chance pinned away.

Everybody here wants to apply in the month of arrival, is approved, holds a passport, books and departs a
month each, so leaves in the fourth month after. A test is named after the table of a programme that it reads;
sums are worked out beside it.
"""

from __future__ import annotations

import numpy as np
import pytest
from paid import ENGINES, FAMILY, LATE, MINOR, france, lived, norway_alone, paid, scenario_of

from avrr_sim.dates import month_number
from avrr_sim.engines import table
from avrr_sim.migrant import (
    AGED_OUT,
    BASIC,
    BUSINESS_SUPPORT,
    JOB_SUPPORT,
    MEDICAL,
    OTHER_VULNERABLE,
    TIER_A,
    TIER_B,
    TIER_VULNERABLE,
    TRAFFICKED,
)
from avrr_sim.programme import programme
from avrr_sim.scenario import Scenario


@pytest.fixture(scope="module")
def norway_2012() -> Scenario:
    return norway_alone()


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
    """Travel money of an amount that no source gives, the same for all, as the weight says; in January 2010
    the published flat amount of 10,000 for each person.

    Applied in December 2009: 5 x 3,000; a vulnerable person has no package and gets travel money; in January
    2010: 5 x 10,000, and 42,000 in kind.
    """
    people = [FAMILY, FAMILY | LATE, MINOR, FAMILY | {"arrival": 1}, MINOR | {"arrival": 1}]
    found = paid(engine, scenario_of("norway", "2009-12"), people, **{"norway.travel_money": 3_000})
    assert found == [(15_000, 0), (15_000, 0), (3_000, 0), (50_000, 0), (0, 42_000)]


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
