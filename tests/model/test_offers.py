"""Offers and redated amounts as lived: promised, paid and counted in both engines, and nothing where there
are none.
"""

from __future__ import annotations

import pickle
import re
from dataclasses import replace

import numpy as np
import pytest
from conftest import ROOT, SCENARIOS, norway
from paid import ENGINES, FAMILY, LATE, MINOR, norway_alone, paid, scenario_of, world_of

from avrr_sim.chance import OFFER_DAY, block
from avrr_sim.engines import agents, table
from avrr_sim.engines.past import Past
from avrr_sim.engines.world import World, build_world
from avrr_sim.evidence import central_weights
from avrr_sim.files import parse_yaml, read_yaml
from avrr_sim.migrant import MEDICAL, MIGRANT, NEVER, TRAFFICKED
from avrr_sim.offers.table import OFFER, quiet
from avrr_sim.outcomes import outcomes_of
from avrr_sim.rules.offers import empty_offers, put_up
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.setting import before_levers, setting_tables, under_levers
from avrr_sim.study.jobs.taking import offers_taken

BONUS = {"name": "Bonus", "from": "2012-01", "gives": {"cash_unit": {"add": 5000}}}


def year_2012() -> Scenario:
    """Norway's baseline in 2012, half a year of burn-in before it."""
    return norway("2012-01", 12, start="2011-07")


def lived_in(world: World) -> tuple[bytes, ...]:
    """What became of everybody, in the order of ids, and what was counted, to the bit."""
    rows = np.asarray(world.rows)[world.position]
    fields = (np.ascontiguousarray(rows[name]).tobytes() for name in MIGRANT.names or ())
    return (
        *fields,
        world.units.tobytes(),
        world.persons.tobytes(),
        world.at_risk.tobytes(),
        world.taken.tobytes(),
    )


def offering(*offers: dict, **more) -> Scenario:
    """Norway's programme alone from 2012-01 on, with offers."""
    return norway_alone().vary(offers=[{**BONUS, **offer} for offer in offers], **more)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_offer_is_paid_to_those_whom_it_is_for(engine):
    """A family 70,000 + 5,000; a person alone the programme's 20,000; a minor alone is left out."""
    scenario = offering({"for": {"minors": True}})
    assert paid(engine, scenario, [FAMILY, {}, MINOR]) == [(75000, 0), (20000, 0), (0, 42000)]


@pytest.mark.parametrize("engine", ENGINES)
def test_minors_alone_and_the_trafficked_are_meant_where_they_are_named(engine):
    """8,000 of the package in cash and 5,000 more; a minor's cash stays in kind, the 5,000 are the offer's
    cash.
    """
    people = [MINOR, {"vulnerability": TRAFFICKED}]
    scenario = offering({"for": {"vulnerability": ["unaccompanied", "trafficked"]}})
    assert paid(engine, scenario, people) == [(5000, 42000), (13000, 34000)]
    assert paid(engine, offering({}), people) == [(0, 42000), (8000, 34000)]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_best_of_several_offers_is_taken_and_they_do_not_add_up(engine):
    """25,000 in place of 20,000 in tier A, against 20,000 and 4,000 more."""
    scenario = offering(
        {"gives": {"cash_a_adult": 25000}},
        {"name": "Other", "gives": {"cash_adult": {"add": 4000}}},
    )
    assert paid(engine, scenario, [{}, LATE]) == [(25000, 0), (11000, 0)]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_level_multiplies_an_offer_too(engine):
    assert paid(engine, offering({}, levers={"cash_level": 2}), [{}]) == [(50000, 0)]


@pytest.mark.parametrize("engine", ENGINES)
def test_fifteen_thousand_within_two_months_of_the_deadline(engine):
    """The form of July 2010: those who come to apply in the month of the deadline or the next, not later."""
    scenario = offering(
        {
            "gives": {"cash_b_adult": 15000},
            "for": {"status": "after_deadline"},
            "within": {"months": 2, "of": "deadline"},
        },
        amounts={"cash_b_adult": 10000},
    )
    world = world_of(scenario, [{**LATE, "arrival": 2}, {**LATE, "arrival": 2}])
    world.rows["status_since"] = [1, 0]
    engine(world, None)
    assert world.rows["cash"].tolist() == [15000, 10000]
    assert world.rows["offer"].tolist() == [0, NEVER] and world.rows["offer_cash"].tolist() == [5000, 0]


@pytest.mark.parametrize("engine", ENGINES)
def test_half_a_month_is_for_those_whose_day_falls_into_it(engine):
    """Everybody applies in the first month; the offer begins in its middle."""
    world = world_of(offering({"from": "2012-01-15"}), [{} for _ in range(40)])
    engine(world, None)
    days = [
        block(int(row.id), world.scenario.start, OFFER_DAY, *world.now[0][["key0", "key1"]])[0]
        for row in world.rows
    ]
    assert world.rows["offer"].tolist() == [0 if day >= 0.5 else NEVER for day in days]
    assert 10 < (world.rows["offer"] == 0).sum() < 30


@pytest.mark.parametrize("engine", ENGINES)
def test_the_first_are_served_and_no_more(engine):
    """Three of five apply in January, two in February; four persons are served, among the later two one by
    chance.
    """
    people = [{"arrival": arrival} for arrival in (0, 0, 0, 1, 1)]
    scenario = offering({"first": 4})
    world = world_of(scenario, people)
    engine(world, None)
    assert (world.rows["offer"][:3] == 0).all() and (world.rows["offer"][3:] == 0).sum() == 1
    assert world.taken.tolist() == [4]
    assert sorted(world.rows["cash"].tolist()) == [20000, 25000, 25000, 25000, 25000]


def test_who_is_served_does_not_depend_on_the_order_of_rows_or_the_engine():
    scenario = year_2012().vary(
        offers=[
            {**BONUS, "first": {"units": 400}, "gives": {"cash_unit": {"add": 2e5}}},
            {**BONUS, "name": "Other"},
        ]
    )
    weights = central_weights(scenario.weights)
    found = []
    for engine, order in ((table, None), (table, -1), (agents, None)):
        world = build_world(scenario, weights, 5, 0, 0, 2000)
        if order:
            world = build_world(scenario, weights, 5, 0, 0, 2000, order=np.arange(len(world.rows))[::-1])
        engine.run(world)
        found.append(lived_in(world))
    assert found[0] == found[1] == found[2]
    # to the nearest simulated unit
    assert 0 < world.taken[0] * world.scale <= 400 + world.scale / 2 and (world.rows["offer"] == 1).any()


@pytest.mark.parametrize("engine", ENGINES)
def test_an_offer_opens_the_programme_only_where_it_says_so_and_never_what_the_gate_closes(engine):
    closed = scenario_of("norway", "2012-01")
    general = replace(closed.programmes[0], eligibility={})
    closed = replace(closed, programmes=(general,))
    opening = [{**BONUS, "opens": True, "for": {"status": "before_deadline"}}]
    for scenario, applies in (
        (closed, False),
        (closed.vary(offers=[BONUS]), False),
        (closed.vary(offers=opening), True),
        (closed.vary(offers=opening, protection_gate=1), False),
    ):
        world = world_of(replace(scenario, programmes=(general,)), [{}])
        engine(world, None)
        assert (world.rows["applied_at"][0] == 0) == applies
        assert (world.rows["opened_at"][0] >= 0) == (scenario.offers != () and scenario.offers[0].opens)


def test_amounts_are_changed_from_their_month_on_and_origins_named_go_first():
    scenario = norway_alone().vary(
        amounts={
            "cash_a_adult": [
                {"from": "2012-03", "add": 1000},
                {"from": "2012-06", "times": 2},
                {"from": "2012-04", "value": 5, "origins": ["iraq"]},
            ],
            "travel_money": [{"from": "2012-08", "value": 100}],
        }
    )
    found = setting_tables(scenario)[1]["cash_a_adult"]
    iraq, other = (scenario.origins.index(name) for name in ("iraq", "russia"))
    assert found[other].tolist() == [20000] * 2 + [21000] * 3 + [40000] * 2 + [40100] * 3
    assert found[iraq].tolist() == [20000] * 2 + [21000] + [5] * 4 + [105] * 3


def test_a_change_is_known_from_its_announcement_on():
    """Told in February of a rise in May: three, two and one month ahead, at the amount then."""
    scenario = norway_alone().vary(
        amounts={"cash_a_adult": [{"from": "2012-05", "add": 1000, "announced": "2012-02"}]}
    )
    offers = under_levers(scenario, before_levers(scenario))[2]
    assert offers["ahead"][0, :6, 1, 0].tolist() == [0, 3, 2, 1, 0, 0]
    assert offers["cash_a_adult"][0, 1:4, 1, 0].tolist() == [21000] * 3
    assert offers["cash_a_adult"][0, :6, 0, 0].tolist() == [20000] * 4 + [21000] * 2


def test_a_surprise_is_not_known_ahead():
    scenario = norway_alone().vary(
        amounts={
            "cash_a_adult": [
                {"from": "2012-05", "add": 1000, "announced": "2012-02"},
                {"from": "2012-04", "add": 9000},
            ]
        }
    )
    offers = under_levers(scenario, before_levers(scenario))[2]
    assert offers["cash_a_adult"][0, 1:3, 1, 0].tolist() == [21000, 21000]


def test_what_the_programme_changes_unannounced_is_not_foreseen_where_something_else_is_announced():
    """The programme's own cash after the deadline falls in January 2012; in-kind support is announced for
    then. Until then people expect the cash to stay.
    """
    scenario = year_2012().vary(
        start="2011-10",
        amounts={"in_kind": [{"from": "2012-01", "value": 500, "announced": "2011-11"}]},
    )
    offers = under_levers(scenario, before_levers(scenario))[2]
    assert offers["in_kind"][0, 1:3, 1, 0].tolist() == [500, 500]
    assert offers["cash_b_adult"][0, 1:3, 1, 0].tolist() == [10000, 10000]
    assert offers["cash_b_adult"][0, :5, 0, 0].tolist() == [10000] * 3 + [7000] * 2


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("named", [False, True])
def test_changed_amounts_reach_minors_alone_and_the_trafficked_only_where_they_are_named(engine, named):
    """Subsistence doubled to 16,000: paid to the sick; to a victim of trafficking if a lever names them."""
    levers = {"incentives_trafficked": 1, "incentives_unaccompanied": 1} if named else {}
    general = {"vulnerable_cash": [{"from": "2012-01", "value": 16_000}]}
    scenario = norway_alone().vary(amounts=general, levers=levers)
    people = [{"vulnerability": MEDICAL}, {"vulnerability": TRAFFICKED}, MINOR]
    own = [(8_000, 34_000), (0, 42_000)]
    assert paid(engine, scenario, people) == [
        (16_000, 34_000),
        *([(16_000, 34_000), (0, 50_000)] if named else own),
    ]


def test_an_offer_is_told_of_as_it_was_announced_and_its_end_with_it():
    """From mid-March to the end of April, told in February: it begins a month ahead in February, and is gone
    in May.
    """
    scenario = offering({"from": "2012-03-15", "until": "2012-04", "announced": "2012-02"})
    offers = under_levers(scenario, before_levers(scenario))[2]
    assert offers["early"][0, :5, 0, 1].tolist() == [0, 0, 0, 1, 0]
    assert offers["late"][0, :5, 0, 1].tolist() == [0, 0, 1, 1, 0]
    assert offers["ahead"][0, :5, 1, 0].tolist() == [0, 1, 2, 1, 0]
    assert offers["early"][0, :5, 1, 1].tolist() == [0, 1, 0, 0, 0]
    assert quiet(offers).tolist() == [True, False, False, False] + [True] * 6


def test_terms_are_put_up_as_they_stand_and_full_ones_as_full():
    offers = np.zeros((1, 2, 1, 3), OFFER).view(np.recarray)
    offers["cash_unit"][0, 1, 0], offers["first"][0, 1, 0, 1:] = [0, 7, 9], [100, 60]
    on_offer = empty_offers(offers)
    put_up(on_offer, offers, 1, np.array([2, 2]), 30.0)
    assert on_offer["cash_unit"].tolist() == [[[0, 7, 9]]]
    assert on_offer["full"].tolist() == [[[0, 0, 1]]]  # 2.5 x 30 is up to 100 and above 60
    assert not offers["full"].any()


def test_people_wait_for_an_offer_and_hurry_before_its_end():
    """Applications a month, of the same people: fewer than without it before, more in its last months."""
    counts = []
    plain = norway("2012-01", 36)
    offer = {"name": "Bonus", "from": "2013-01", "until": "2013-06", "gives": {"cash_unit": {"add": 2e5}}}
    weights = central_weights({"rush": 5.0, "support": 1.0})
    for scenario in (
        plain,
        plain.vary(offers=[{**offer, "announced": "2012-07"}]),
        plain.vary(offers=[offer]),
    ):
        world = build_world(scenario, weights, 5, 0, 0, 3000)
        table.run(world)
        counts.append(world.units[:, 0] + world.units[:, 1])
    first = 36  # months from 2010-01 to 2013-01
    without, told, untold = counts
    assert told[first - 6 : first].sum() < without[first - 6 : first].sum()
    assert np.array_equal(untold[:first], without[:first])
    assert told[first + 3 : first + 6].sum() > without[first + 3 : first + 6].sum()


def test_a_past_is_shared_until_an_offer_is_told_of():
    plain = year_2012()
    scenario = plain.vary(
        offers=[{**BONUS, "from": "2012-06", "first": 300, "gives": {"cash_unit": {"add": 2e5}}}]
    )
    weights = central_weights(plain.weights)
    lent = Past(plain, weights, (3, 0, 0), 600).world(scenario)
    alone = build_world(scenario, weights, 3, 0, 0, 600)
    assert lent is not None and lent.month > 0
    for world in (lent, alone):
        table.run(world)
    assert lived_in(lent) == lived_in(alone)
    assert (alone.rows["offer"] == 0).any()


def test_a_scenario_with_offers_is_written_and_read_as_itself():
    scenario = year_2012().vary(
        offers=[
            {
                **BONUS,
                "from": "2012-03-15",
                "until": "2012-06-15",
                "announced": "2012-01",
                "first": {"units": 300},
                "within": {"months": 2, "of": "deadline"},
                "for": {
                    "status": "after_deadline",
                    "abode": ["private", "gone_under"],
                    "age": "18-24",
                    "vulnerability": ["none", "medical"],
                    "origins": ["iraq"],
                    "household": "family",
                    "minors": False,
                    "arrived": {"to": "2011-12"},
                    "months_since_decision": {"from": 3, "to": 9},
                    "months_since_deadline": {"from": 1},
                },
                "gives": {"cash_adult": 9, "cash_minor": {"add": -5}, "in_kind": {"times": 1.5}},
            },
            {**BONUS, "name": "Other", "opens": True, "within": 2},
        ],
        amounts={
            "cash_b_adult": [{"from": "2012-02", "times": 2, "announced": "2012-01", "origins": ["iraq"]}]
        },
    )
    again = Scenario.from_mapping(scenario.resolved())
    assert again == pickle.loads(pickle.dumps(scenario)) == scenario == scenario.vary(name=scenario.name)
    assert again.offers == scenario.offers and hash(again) == hash(scenario)
    assert "offers" not in year_2012().resolved() and "amounts" not in year_2012().resolved()


def test_an_offer_that_nobody_may_have_changes_no_life():
    plain = year_2012()
    nobody = plain.vary(offers=[{**BONUS, "for": {"arrived": {"to": "1990-01"}}}])
    found = []
    for scenario in (plain, nobody):
        world = build_world(scenario, central_weights(plain.weights), 3, 0, 0, 600)
        table.run(world)
        found.append(lived_in(world))
    assert found[0][:-1] == found[1][:-1]  # but for the places taken, of which only one has any


def test_what_an_offer_cost_is_what_it_paid_beyond_the_programme():
    """A family of five is paid 5,000 more as a unit, a person alone takes the other offer; two real units
    stand behind.
    """
    world = world_of(
        offering({"for": {"household": "family"}}, {"name": "Nobody's", "gives": {"cash_unit": 1}}),
        [FAMILY, {}],
    )
    table.run(world)
    world.scale = 2.0
    found = offers_taken(outcomes_of(world), ["Bonus", "Nobody's", "Another's"])
    assert found[0].tolist() == [2, 10, 2, 10, 10000]
    assert found[1].tolist() == [2, 2, 2, 2, 2] and np.isnan(found[2]).all()


def test_the_examples_of_the_page_on_offers_are_scenarios():
    """And its table names the files that there are."""
    text = (ROOT / "docs" / "how-to-offers.md").read_text(encoding="utf-8")
    examples = [
        parse_yaml(each, "a page") for each in re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
    ]
    assert [list(each) for each in examples] == [["amounts"], ["offers"]]
    for each in examples:
        load_scenario(SCENARIOS / "baseline-norway.yaml").vary(**each)
    named = set(re.findall(r"`([a-z0-9-]+)`", text.split("## Amounts")[0]))
    changed = {path.stem for path in SCENARIOS.glob("*.yaml") if {"amounts", "offers"} & set(read_yaml(path))}
    assert named == changed
    assert all(len((SCENARIOS / f"{name}.yaml").read_text().splitlines()) <= 10 for name in named)
