"""Offers and redated amounts that are refused, in one line that says where, what, and what is allowed."""

from __future__ import annotations

import pytest
from bad_scenarios import BASE, refused
from commands import avrr
from commands import refused as refused_by_shell
from conftest import SCENARIOS, norway

from avrr_sim.programme import programme
from avrr_sim.refusals import Refusal
from avrr_sim.study.jobs.plan import make_plan

GOOD = "name: Bonus, from: 2013-01, gives: {cash_adult: 5000}"

OFFERS = [
    (
        "{GOOD, for: {status: rejected}}",
        "offers[0].for.status: unknown status 'rejected'; allowed: after_deadline",
    ),
    ("{GOOD, for: {status: [pending, befor_deadline]}}", "did you mean 'before_deadline'?"),
    ("{GOOD, until: 2012-06}", "offers[0].until: ends before it begins"),
    (
        "{name: B, from: 2013-01-15, until: 2013-01-15, gives: {cash_adult: 1}}",
        "offers[0].until: ends before it begins",
    ),
    ("{GOOD, announced: 2013-02}", "offers[0].announced: is announced after it begins"),
    (
        "{GOOD, announced: 2009-02}",
        "offers[0].announced: 2009-02 is before the scenario's start; allowed: 2010-01 or later",
    ),
    (
        "{name: B, from: 2009-12, gives: {cash_adult: 1}}",
        "offers[0].from: 2009-12 is before the scenario's start",
    ),
    (
        "{name: B, from: 2017-01, gives: {cash_adult: 1}}",
        "offers[0].from: begins in 2017-01, after the window",
    ),
    (
        "{name: B, from: 2013-01-20, gives: {cash_adult: 1}}",
        "offers[0].from: '2013-01-20' is not a date; write YYYY-MM",
    ),
    ("{name: B, from: 2013, gives: {cash_adult: 1}}", "offers[0].from: 2013 is not a date; write YYYY-MM"),
    ("{GOOD, first: 0}", "offers[0].first: 0 is not a whole number from 1 to 10000000"),
    ("{GOOD, first: {people: 5}}", "offers[0].first: {'people': 5} is not a number of persons or units"),
    ("{GOOD, within: 0}", "offers[0].within: 0 is not a whole number from 1 to 600"),
    (
        "{GOOD, within: {months: 2, of: obligation}}",
        "offers[0].within: unknown of 'obligation'; allowed: arrival, deadline",
    ),
    (
        "{name: B, from: 2013-01, gives: {cash: 5000}}",
        "offers[0].gives: unknown amount 'cash'; allowed: business",
    ),
    ("{name: B, from: 2013-01, gives: {cash_adlt: 5000}}", "did you mean 'cash_adult'?"),
    (
        "{name: B, from: 2013-01, gives: {cash_adult: -5}}",
        "offers[0].gives.cash_adult: -5 is not a number from 0 to 1e+07",
    ),
    (
        "{name: B, from: 2013-01, gives: {cash_adult: {plus: 5}}}",
        "offers[0].gives.cash_adult: unknown key 'plus'",
    ),
    (
        "{name: B, from: 2013-01, gives: {cash_adult: {add: 5, times: 2}}}",
        "offers[0].gives.cash_adult: says not exactly one of value, add and times",
    ),
    (
        "{name: B, from: 2013-01, gives: {job: 5000}}",
        "offers[0].gives.job: norway has no job, so that no share of units",
    ),
    ("{name: B, from: 2013-01}", "offers[0]: needs the key 'gives'"),
    ("{GOOD, to: 2014-01}", "offers[0]: unknown key 'to'; allowed: name, for, gives, from, until"),
    ("{GOOD, for: {origins: [irak]}}", "offers[0].for.origins: unknown origin of this scenario 'irak'"),
    (
        "{GOOD, for: {age: 18-30}}",
        "offers[0].for.age: unknown age '18-30'; allowed: 18-24, 25-34, 35-44, 45+",
    ),
    (
        "{GOOD, for: {months_since_obligation: {from: 2}}}",
        "offers[0].for: unknown key 'months_since_obligation'",
    ),
    (
        "{GOOD, for: {months_since_deadline: {from: 9, to: 2}}}",
        "offers[0].for.months_since_deadline.to: ends before",
    ),
    (
        "{GOOD, for: {months_since_deadline: {}}}",
        "offers[0].for.months_since_deadline: needs from, to, or both",
    ),
    ("{GOOD, for: {minors: 2}}", "offers[0].for.minors: 2 is not what belongs here"),
    (
        "{GOOD, opens: true, first: 9}",
        "offers[0].first: an offer that opens the programme cannot be for the first only",
    ),
    ("{GOOD}, {GOOD}", "offers[1].name: two offers are called 'Bonus'"),
]
AMOUNTS = [
    ("cash_c_adult: 5", "amounts: unknown amount 'cash_c_adult'; allowed: business"),
    ("cash_a_adult: lots", "amounts.cash_a_adult[0].value: 'lots' is not a number from 0 to 1e+07"),
    (
        "cash_a_adult: [{from: 2013-01, add: 5, value: 6}]",
        "amounts.cash_a_adult[0]: says not exactly one of value, add",
    ),
    (
        "cash_a_adult: [{from: 2013-01}]",
        "amounts.cash_a_adult[0]: says not exactly one of value, add and times",
    ),
    ("cash_a_adult: [{from: 2013-13, add: 5}]", "amounts.cash_a_adult[0].from: '2013-13' is not a month"),
    (
        "cash_a_adult: [{from: 2013-01, add: 5, announced: 2013-05}]",
        "amounts.cash_a_adult[0].announced: is announced after it begins",
    ),
    (
        "cash_a_adult: [{from: 2013-01, add: 5}, {from: 2013-01, add: 6}]",
        "amounts.cash_a_adult[1].from: two steps at one date, 2013-01",
    ),
    (
        "cash_a_adult: [{from: 2009-01, add: 5}]",
        "amounts.cash_a_adult[0].from: 2009-01 is before the scenario's start",
    ),
    (
        "cash_a_adult: [{from: 2013-01, add: 5, origins: [narnia]}]",
        "amounts.cash_a_adult[0].origins: unknown origin",
    ),
    ("business: 5", "amounts.business: norway has no business, so that no share of units takes it"),
]


@pytest.mark.parametrize(("offers", "told"), OFFERS)
def test_a_wrong_offer_is_refused(tmp_path, offers, told):
    path = tmp_path / "wrong.yaml"
    path.write_text(BASE + f"offers: [{offers.replace('GOOD', GOOD)}]\n")
    message = refused(path)
    assert message.startswith(str(path)) and told in message


@pytest.mark.parametrize(("amounts", "told"), AMOUNTS)
def test_a_wrong_change_of_an_amount_is_refused(tmp_path, amounts, told):
    path = tmp_path / "wrong.yaml"
    path.write_text(BASE + f"amounts: {{{amounts}}}\n")
    message = refused(path)
    assert message.startswith(str(path)) and told in message


def test_the_shell_refuses_with_two(capsys, tmp_path):
    path = tmp_path / "wrong.yaml"
    path.write_text(BASE + f"offers: [{{{GOOD}, first: 0}}]\n")
    assert "offers[0].first: 0 is not" in refused_by_shell(capsys, "check", str(path))


def test_a_file_of_amounts_alone_is_a_scenario(capsys):
    assert "good" in avrr(capsys, "check", str(SCENARIOS / "cash-a-raised-announced.yaml"))[1]


def test_a_programme_is_a_policy_that_may_be_swapped(tmp_path):
    """Another programme in the same currency is compared; one in another currency is not."""
    other = programme("norway").text.replace("value: 20000", "value: 5000")
    (tmp_path / "other.yaml").write_text(other)
    baseline = norway(months=12)
    swapped = baseline.vary(programme=str(tmp_path / "other.yaml"), name="Other")
    plan = make_plan([baseline, swapped], draws=1)
    assert (
        plan.distinct == [0, 1]
        and plan.scenarios[1].general_programme.amounts["cash_a_adult"][0].value == 5000
    )
    assert set(programme("norway").unknowns()) < set(plan.weights_of(0, None))
    with pytest.raises(Refusal, match="programme pays in EUR, the baseline .* in NOK"):
        make_plan([baseline, baseline.vary(programme="france")], draws=1)
