"""Programme files: Norway's published amounts as they stand in its file, and what a file means.

Whether the amounts are paid to the right people is tests/model/test_programmes_paid.py.
"""

from __future__ import annotations

import copy

import numpy as np
import pytest
from programme_files import GOOD, SERVICE, UNKNOWN, amount, months_of, write, written

from avrr_sim.dates import month_number, month_text
from avrr_sim.evidence import WIDTH, central_weights, draw_weights, load_evidence, prior_of, value_at
from avrr_sim.policy import STATUS_NAMES
from avrr_sim.programme import (
    Programme,
    all_unknowns,
    country_programme_names,
    programme,
    programme_names,
    read_programme,
    unknowns_of,
)
from avrr_sim.programmes.amounts import AMOUNTS, PAID, RECIPIENTS, STAGES, rates

# The published amounts in NOK, by programme table: Norway A, Norway B, Norway vulnerable.
NORWAY_A = {"cash_a_adult": 20_000, "cash_a_minor": 10_000}


NORWAY_B = {"cash_b_adult": 7_000, "cash_b_minor": 2_000}


NORWAY_VULNERABLE = {
    "vulnerable_cash": 8_000,
    "vulnerable_activity": 24_000,
    "vulnerable_medical": 2_000,
    "vulnerable_accommodation": 8_000,
}


VULNERABLE_TOTAL = 42_000


ALL = [*programme_names(), *country_programme_names()]


def in_force(month: str) -> dict[str, float]:
    return {name: float(values[0]) for name, values in months_of(programme("norway"), month, 1).items()}


def stated(name: str) -> float | None:
    """The amount that Norway's file gives under a name for 2012 and later; 0 where none holds then."""
    holds = [entry for entry in programme("norway").amounts[name] if entry.end is None]
    assert len(holds) <= 1
    return holds[0].value if holds else 0.0


@pytest.mark.parametrize(
    "table", [NORWAY_A, NORWAY_B, NORWAY_VULNERABLE], ids=["Norway A", "Norway B", "Norway vulnerable"]
)
def test_norway_pays_the_published_amounts(table):
    assert {name: stated(name) for name in table} == table


def test_the_vulnerable_package_adds_up():
    assert (
        sum(NORWAY_VULNERABLE.values()) == VULNERABLE_TOTAL == sum(stated(name) for name in NORWAY_VULNERABLE)
    )
    for month in ("2010-01", "2012-06", "2016-12"):
        paid = in_force(month)
        assert paid["vulnerable_cash"] == 8_000 and paid["vulnerable_in_kind"] == 34_000
        assert paid["vulnerable_cash"] + paid["vulnerable_in_kind"] == VULNERABLE_TOTAL


def test_norway_pays_nothing_else():
    published = {**NORWAY_A, **NORWAY_B, **NORWAY_VULNERABLE}
    assert {name for name in programme("norway").amounts if stated(name)} == set(published) <= set(AMOUNTS)
    unknown = {
        name for name, dated in programme("norway").amounts.items() if any(e.value is None for e in dated)
    }
    assert unknown == {"travel_money"}
    assert in_force("2014-01")["in_kind"] == 0
    assert set(in_force("2014-01")) == {*PAID, *(f"open_{status}" for status in STATUS_NAMES)}


def test_norway_states_currency_year_readings_and_sources():
    norway = programme("norway")
    assert norway.currency == "NOK" and norway.price_year == 2015 and len(norway.readings) >= 5
    for part in ("amounts", "eligibility"):
        for entries in norway.content[part].values():
            for entry in entries:
                assert norway.content["references"][entry["reference"]] and entry["locator"].strip()
    assert programme_names() == ["estonia", "france", "norway"]
    assert (
        country_programme_names()
        == country_programme_names("norway")
        == ["norway-are", "norway-irrana", "norway-irrini", "norway-kosovo", "norway-somalia"]
    )


def test_country_programmes_cover_the_origins_and_years_of_the_review():
    """Sonsterudbraten (2018): Afghanistan 2006, Iraq 2008, Ethiopia 2012, Somalia 2014; Kosovo terminated."""
    assert {
        name: (
            programme(name).covers,
            *(month_text(entry.start) for entry in programme(name).amounts["cash_adult"]),
        )
        for name in country_programme_names("norway")
    } == {
        "norway-irrana": (("afghanistan",), "2006-01"),
        "norway-irrini": (("iraq",), "2008-01"),
        "norway-are": (("ethiopia",), "2012-01"),
        "norway-somalia": (("somalia",), "2014-01"),
        "norway-kosovo": (("kosovo",), "2002-01"),
    }
    kosovo = months_of(programme("norway-kosovo"), "2005-11", 3, origin="kosovo")
    assert list(kosovo["cash_a_adult"]) == list(kosovo["cash_b_adult"]) == [10_000, 10_000, 0]


@pytest.mark.parametrize("name", ALL)
def test_every_programme_says_who_says_so(name):
    found = programme(name)
    assert found.currency in rates() and found.readings
    assert all(text.strip() for text in (*found.readings, *found.content["references"].values()))
    entries = [
        entry for part in (found.amounts, found.eligibility) for dated in part.values() for entry in dated
    ]
    for entry in [*entries, *found.services]:
        assert entry.reference in found.content["references"] and entry.locator.strip()
    for service in found.services:
        assert service.stage in STAGES and service.recipients in RECIPIENTS and 0 <= service.uptake <= 1


def test_rates_turn_every_currency_into_kroner():
    """20,000 NOK are about 2,200 EUR, so one euro is 9.09 kroner."""
    assert rates()["NOK"][0] == 1.0 and rates()["EUR"][0] == pytest.approx(20_000 / 2_200, rel=1e-3)
    assert all(source.strip() for _, source in rates().values())


def test_a_currency_with_a_rate_of_its_own_is_worth_that(tmp_path):
    found = written(tmp_path, currency="SEK", rate={"nok": 0.9, "source": "Made up, an example"})
    assert (found.currency, found.rate, found.rate_source) == ("SEK", 0.9, "Made up, an example")


def test_norway_is_open_to_every_status():
    assert all(in_force("2012-01")[f"open_{status}"] == 1 for status in STATUS_NAMES)


def test_norway_before_2010_pays_travel_money_of_an_unknown_amount_and_no_package():
    """10,000 stands for it unless a weight says otherwise, and is published for the first half of 2010."""
    before, drawn = (
        in_force("2009-12"),
        months_of(programme("norway"), "2009-12", 2, weights={"norway.travel_money": 1234.5}),
    )
    assert {
        name: value for name, value in before.items() if value and not name.startswith("open_")
    } == dict.fromkeys(("cash_a_adult", "cash_a_minor", "cash_b_adult", "cash_b_minor"), 10_000)
    assert list(drawn["cash_a_adult"]) == list(drawn["cash_b_minor"]) == [1234.5, 10_000]
    assert sum(value for name, value in in_force("2001-12").items()) == 0


def test_norway_pays_more_to_those_who_apply_in_time_from_july_2010():
    """A flat 10,000 a person until June 2010; then 20,000 before the deadline and 10,000 after it, 7,000 from
    2012 on, with the factsheet's amounts for minors."""
    found = {
        month: tuple(in_force(month)[f"cash_{tier}_{who}"] for tier in "ab" for who in ("adult", "minor"))
        for month in ("2010-06", "2010-07", "2011-12", "2012-01")
    }
    assert found == {
        "2010-06": (10_000, 10_000, 10_000, 10_000),
        "2010-07": (20_000, 10_000, 10_000, 2_000),
        "2011-12": (20_000, 10_000, 10_000, 2_000),
        "2012-01": (20_000, 10_000, 7_000, 2_000),
    }


def test_nothing_is_paid_before_the_first_entry_and_a_step_holds_until_the_next(tmp_path):
    found = read_programme(write(tmp_path, GOOD))
    table = months_of(found, "2009-12", 36)
    assert table["cash_a_adult"][0] == 0 and table["open_pending"][0] == 0
    assert table["cash_a_adult"][1] == table["cash_a_adult"][30] == 20_000
    assert table["cash_a_adult"][31] == table["cash_a_adult"][35] == 15_000
    assert table["cash_b_adult"].max() == 0 and table["open_dublin"].max() == 0


def test_stated_amounts_add_up_to_what_the_rules_read(tmp_path):
    """Cash before the deadline: 20,000 + 400 + 300 an adult, 300 + 300 a minor; after it 400 + 300 and 300 +
    300; in kind 8 + 24 + 2."""
    table = months_of(
        written(
            tmp_path,
            amounts={
                "cash_a_adult": [amount()],
                "cash_adult": [amount(value=400)],
                "cash_minor": [amount(value=300)],
                "travel_money": [amount(value=300)],
                "vulnerable_accommodation": [amount(value=8)],
                "vulnerable_activity": [amount(value=24)],
                "vulnerable_medical": [amount(value=2)],
                "job": [amount(value=3000, share=0.03)],
                "business": [amount(value=4000)],
            },
        ),
        "2010-01",
        1,
    )
    found = {name: float(values[0]) for name, values in table.items() if values[0]}
    assert found == {
        "cash_a_adult": 20_700,
        "cash_a_minor": 600,
        "cash_b_adult": 700,
        "cash_b_minor": 600,
        "vulnerable_in_kind": 34,
        "job": 3000,
        "job_share": 0.03,
        "business": 4000,
        "business_share": 1.0,
        "open_pending": 1,
    }


def test_an_entry_ends_with_its_last_month_and_gives_way_to_the_next(tmp_path):
    """`to` is the last month paid; an entry without an end holds until the next one; a gap pays nothing;
    months before and after the run do not matter."""
    rules = written(
        tmp_path,
        amounts={
            "cash_adult": [
                amount(**{"from": "2010-03", "to": "2010-04"}),
                amount(**{"from": "2010-06", "value": 5}),
                amount(**{"from": "2010-08", "to": "2010-12", "value": 7}),
            ]
        },
    )
    assert list(months_of(rules, "2010-01", 9)["cash_a_adult"]) == [0, 0, 20_000, 20_000, 0, 5, 5, 7, 7]
    assert list(months_of(rules, "2010-04", 3)["cash_a_adult"]) == [20_000, 0, 5]
    assert list(months_of(rules, "2009-01", 3)["cash_a_adult"]) == [0, 0, 0]


def test_amounts_go_to_the_origins_they_are_for(tmp_path):
    """Named origins go before groups of origins, groups before all, whatever the order of the file and of
    months; then the later entry holds.
    """
    groups = [
        amount(value=310, origins=["kosovo"]),
        amount(value=300, origins="visa_free"),
        amount(value=650, origins="visa_required"),
        amount(value=700, origins="visa_required", **{"from": "2011-01"}),
    ]
    for entries in (groups, groups[::-1]):
        rules = written(tmp_path, amounts={"travel_money": entries})

        def paid(origin: str, visa_free: bool, rules: Programme = rules) -> list[float]:
            return list(months_of(rules, "2010-12", 2, origin, visa_free)["cash_a_adult"])

        assert [
            paid("russia", False),
            paid("albania", True),
            paid("kosovo", False),
            paid("kosovo", True),
        ] == [[650, 700], [300, 300], [310, 310], [310, 310]]
    rules = written(
        tmp_path,
        amounts={
            "travel_money": [amount(value=5, origins="visa_free"), amount(value=7, **{"from": "2011-01"})]
        },
    )
    assert [
        list(months_of(rules, "2010-12", 2, "albania", free)["cash_a_adult"]) for free in (True, False)
    ] == [[5, 5], [0, 7]]


def test_the_visa_rule_is_that_of_the_month(tmp_path):
    rules = written(
        tmp_path,
        amounts={
            "travel_money": [
                amount(value=300, origins="visa_free"),
                amount(value=650, origins="visa_required"),
            ]
        },
    )
    table = rules.month_by_month("albania", np.array([False, False, True]), month_number("2010-10"), {})
    assert list(table["cash_a_adult"]) == [650, 650, 300]


def test_a_country_programme_is_for_the_origins_it_covers(tmp_path):
    rules = written(tmp_path, part_of="norway", covers=["somalia", "iraq"])
    assert rules.part_of == "norway" and rules.covers == ("somalia", "iraq")
    for origin, times in (("somalia", 1), ("iraq", 1), ("kosovo", 0)):
        table = months_of(rules, "2010-01", 1, origin)
        assert table["cash_a_adult"][0] == times * 20_000 and table["open_pending"][0] == times


@pytest.mark.parametrize("name", ALL)
def test_unknown_amounts_are_weights_with_wide_priors(name):
    """Log-normal around the central value, as wide as a judgement: two thirds of draws within a factor of
    exp(0.8) = 2.2.
    """
    found, unknowns = programme(name), programme(name).unknowns()
    entries = {
        f"{name}.{key}": entry.central
        for key, dated in found.amounts.items()
        for entry in dated
        if entry.value is None
    }
    costs = {
        f"{name}.service.{service.name}": service.central
        for service in found.services
        if service.cost is None
    }
    assert {key: weight.central for key, weight in unknowns.items()} == entries | costs
    for key, weight in unknowns.items():
        assert (
            weight.name == key
            and weight.grade == "ungraded"
            and weight.basis == "judgement"
            and weight.meaning
            and weight.source
            and weight.locator
        )
        assert found.currency in weight.unit
        assert prior_of(weight) == ("exp", pytest.approx(np.log(weight.central)), WIDTH["judgement"])
        assert value_at(weight, 0.0) == pytest.approx(weight.central, rel=1e-12)


def test_unknown_amounts_are_drawn_and_pinned_like_weights():
    unknowns = unknowns_of(map(programme, ("norway", "norway-irrini")))
    assert {
        "norway.travel_money",
        "norway.service.escort",
        "norway-irrini.cash_adult",
        "norway-irrini.in_kind",
    } <= set(unknowns)
    assert not any(name.startswith("norway-somalia") for name in unknowns) and set(unknowns) < set(
        all_unknowns()
    )
    assert not set(all_unknowns()) & set(load_evidence())
    drawn, other, plain = (
        draw_weights(1, draw, unknowns=u) for draw, u in ((5, unknowns), (6, unknowns), (5, None))
    )
    assert drawn == plain | {name: drawn[name] for name in unknowns}  # no other weight is drawn otherwise
    assert all(drawn[name] > 0 and drawn[name] != other[name] for name in unknowns)
    # each by itself
    assert len({round(np.log(drawn[name] / weight.central), 9) for name, weight in unknowns.items()}) == len(
        unknowns
    )
    pinned = draw_weights(1, 5, {"norway-irrini.cash_adult": 7}, unknowns)
    assert pinned == drawn | {"norway-irrini.cash_adult": 7}
    assert central_weights({"norway-irrini.in_kind": 3}, unknowns) == central_weights() | {
        n: w.central for n, w in unknowns.items()
    } | {"norway-irrini.in_kind": 3}


def test_services_cost_what_is_taken_up_by_whom_they_are_for(tmp_path):
    """All: 0.5 x 100. Vulnerable: 0.2 x 2,000 more, and medical needs 0.8 x an unknown 150 on top; the weight
    goes before the central value.
    """
    rules = written(
        tmp_path,
        services={
            "counselling": SERVICE,
            "escort": SERVICE | {"for": "vulnerable", "uptake": 0.2, "value": 2000},
            "screening": SERVICE | UNKNOWN | {"for": "medical", "uptake": 0.8, "central": 150},
            "tracing": SERVICE | {"for": "unaccompanied", "uptake": 1},
        },
    )
    found = {
        kind: rules.service_cost(kind, {})
        for kind in ("none", "trafficked", "unaccompanied", "aged_out", "medical", "other")
    }
    assert found == {
        "none": 50,
        "trafficked": 450,
        "unaccompanied": 550,
        "aged_out": 450,
        "medical": pytest.approx(570),
        "other": 450,
    }
    assert rules.service_cost("medical", {"land.service.screening": 1000.0}) == pytest.approx(450 + 800)
    assert (
        set(rules.unknowns()) == {"land.service.screening"}
        and rules.unknowns()["land.service.screening"].central == 150
    )


def test_eligibility_and_services_may_be_left_out(tmp_path):
    content = copy.deepcopy(GOOD)
    del content["eligibility"]
    found = read_programme(write(tmp_path, content))
    assert not found.eligibility and not found.services and not found.unknowns()


def test_an_entry_without_an_end_holds_until_the_next_one(tmp_path):
    rules = written(
        tmp_path, amounts={"cash_adult": [amount(), amount(value=5, **{"from": "2010-02", "to": "2010-03"})]}
    )
    assert list(months_of(rules, "2010-01", 4)["cash_a_adult"]) == [20_000, 5, 5, 0]
