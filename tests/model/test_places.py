"""Origins and hosts: which there are, what every number must state, how they are laid over one another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from conftest import SCENARIOS
from place_files import (
    HOSTS,
    LATER,
    ORIGINS,
    host_by_claims,
    host_by_shares,
    raw_host,
    small_origins,
    write,
)

from avrr_sim.dates import month_number
from avrr_sim.evidence import central_weights, draw_weights
from avrr_sim.places.host_form import TRAITS
from avrr_sim.places.origins import BASES, SERIES, origin_names, origins, read_origins, series_values
from avrr_sim.places.place import host, host_names, read_host
from avrr_sim.places.record.published import countries, record
from avrr_sim.policy import Step
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.setting import security_errors, setting_tables

REQUIRED = {
    "security",
    "living_gap",
    "practicability",
    "grant_share",
    "decision_months",
    "income",
    "europe",
    "embassy_months",
    "embassy_abroad",
    "embassy_places",
    "passport_share",
    "dublin_share",
    "network_mean",
    "links_mean",
    "diaspora",
    "strategic_inflow",
    "visa_free",
    "enforcement",
}


@pytest.fixture
def content() -> dict:
    return small_origins()


def test_every_origin_of_the_list_is_there():
    assert origin_names() == ORIGINS + LATER and set(SERIES) == REQUIRED
    # part of every migrant's id: never to change
    assert [origins()[key].number for key in ORIGINS + LATER] == list(range(1, 33))
    assert host_names() == HOSTS


def test_every_series_says_what_it_is():
    for series in SERIES.values():
        assert (
            series.meaning
            and series.unit
            and series.source
            and series.basis in BASES
            and series.low < series.high
        )


def test_every_origin_has_every_series_in_range_and_in_order():
    for origin in origins().values():
        for name, steps in origin.series.items():
            starts = [step.start for step in steps]
            assert starts == sorted(set(starts)) and all(
                SERIES[name].low <= step.value <= SERIES[name].high for step in steps
            )


def test_security_alone_tells_origins_apart_in_the_ways_that_are_known():
    """Kosovo is safer than Iraq, Iraq in 2012 safer than Afghanistan, and Syria at war is below the
    protection gate where Afghanistan is not.
    """

    def security(key: str, month: str) -> float:
        return series_values(origins()[key].series["security"], month_number(month), 1)[0]

    from avrr_sim.scenario import PROTECTION_GATE

    assert (
        security("kosovo", "2012-01")
        > security("iraq", "2012-01")
        > security("afghanistan", "2012-01")
        > PROTECTION_GATE
    )
    assert security("syria", "2013-01") < PROTECTION_GATE < security("syria", "2010-01")


def test_no_origin_has_a_constant_of_its_own():
    """Nothing but what has a meaning elsewhere tells origins apart: network and links are the same for
    all.
    """
    for name in ("network_mean", "links_mean"):
        assert len({tuple(origin.series[name]) for origin in origins().values()}) == 1


def test_a_series_holds_its_first_value_before_its_first_step():
    steps = (Step(month_number("2004-06"), 0.7), Step(month_number("2002-03"), 0.5))
    assert list(series_values(steps, month_number("2001-12"), 4)) == [0.5, 0.5, 0.5, 0.5]
    assert list(series_values(steps, month_number("2004-04"), 4)) == [0.5, 0.5, 0.7, 0.7]
    for origin in origins().values():
        for each in origin.series.values():
            first = min(each, key=lambda step: step.start)
            assert set(series_values(each, first.start - 24, 25)) == {first.value}


def test_a_scenario_replaces_a_series_from_its_first_step_on(baseline):
    changed = baseline.vary(series={"iraq": {"security": [{"from": "2010-07", "value": 0.9}]}})
    (_, before), (_, after) = setting_tables(baseline), setting_tables(changed)
    iraq, start = baseline.origins.index("iraq"), month_number("2010-07") - baseline.start
    assert (after["security"][iraq, start:] == 0.9).all()
    after["security"][iraq, start:] = before["security"][iraq, start:]
    assert (after == before).all()


def test_the_security_shift_moves_every_origin_and_stays_in_range(baseline):
    _, table = setting_tables(baseline.vary(security_shift=0.5))
    _, plain = setting_tables(baseline)
    first = baseline.window_from - baseline.start  # a lever without a date holds from the window on
    assert np.array_equal(table["security"][:, first:], np.minimum(plain["security"][:, first:] + 0.5, 1.0))
    assert np.array_equal(table["security"][:, :first], plain["security"][:, :first]) and first > 0
    assert (plain["security"][:, first:] > 0.5).any()  # so that some origin would exceed 1


def test_a_complete_file_is_read(tmp_path, content):
    series, found = read_origins(write(tmp_path, content))
    assert series["security"].high == 1 and found["here"].series["security"][1] == Step(
        month_number("2004-06"), 0.7
    )


def test_norways_claims_are_those_that_are_published():
    norway = host("norway")
    assert sum(norway.unregistered_shares.values()) == pytest.approx(1.0, abs=1e-9)
    assert sum(share for share, _, _ in norway.households) == pytest.approx(1.0, abs=1e-9)
    assert (norway.arrivals[2012], norway.arrivals[2015]) == pytest.approx((9778, 30503))
    assert norway.claims[2015]["syria"] == 10517 and norway.pending[2015]["syria"] == 9128
    assert norway.claims[2010]["kosovo"] + norway.claims[2010]["serbia"] == pytest.approx(444)
    assert set(norway.claims) == set(range(2002, 2019)) and set(norway.pending) == set(range(2006, 2019))
    assert set(norway.traits) == set(TRAITS) and norway.currency == "NOK"


def test_origins_without_a_row_are_below_15_per_cent_of_norways_claims_in_every_year():
    norway = host("norway")
    for year, claims in norway.claims.items():
        assert claims["other"] < 0.15 * norway.arrivals[year], year


def test_no_series_of_norway_that_is_published_is_judged():
    """But for Syria's security, of whose war the source of deaths is silent."""
    norway, own = host("norway"), countries().series
    judged = []
    for key in norway.origins:
        row = norway.countries[key].row.key
        published = {"grant_share", "decision_months"}
        published |= {"security"} if own["security"].known_years(row) or key == "other" else set()
        published |= {"income"} if own["gdp_usd"].known_years(row) else set()
        published |= {"living_gap"} if record("norway").series["living_gap"].known_years(row) else set()
        judged += [(key, name) for name in published if norway.basis(key, name) not in ("estimated",)]
        assert "closed_share" in norway.published[key]
    assert judged == [("syria", "security")]
    assert norway.basis("iraq", "enforcement") == "estimated"
    assert norway.basis("stateless", "security") == norway.basis("iraq", "europe") == "judgement"


def test_no_return_to_syria_from_2012_on_and_afghanistan_is_open_in_2012():
    """In every draw: what is not known of the true security opens no return to a country at war."""
    for draw in range(200):
        baseline = load_scenario(SCENARIOS / "baseline-norway.yaml").with_window(84)
        weights = draw_weights(1, draw)
        errors = security_errors(baseline, weights, (1, draw, 0))
        _, table = setting_tables(baseline, weights, errors)
        syria, afghanistan = (table["security"][baseline.origins.index(o)] for o in ("syria", "afghanistan"))
        since = month_number("2012-01") - baseline.start
        assert (syria[since:] < baseline.protection_gate).all()
    _, table = setting_tables(baseline)
    assert (table["security"][baseline.origins.index("afghanistan")] > baseline.protection_gate).all()
    assert len(syria) - since == 84


def test_the_error_of_security_is_a_draw_of_its_own_for_every_origin():
    """The same in every scenario and replicate; its spread is that of the weight."""
    baseline = load_scenario(SCENARIOS / "baseline-norway.yaml")
    weights = central_weights()
    one = security_errors(baseline, weights, (1, 3, 0))
    assert one == security_errors(baseline.vary(cash_level=2), weights, (1, 3, 5))
    assert one != security_errors(baseline, weights, (1, 4, 0)) and len(set(one.values())) == len(one)
    many = [each for draw in range(100) for each in security_errors(baseline, weights, (1, draw, 0)).values()]
    # 3,200 normal numbers of standard deviation 0.33: five standard errors of the mean and of the deviation
    assert abs(np.mean(many)) < 5 * 0.33 / np.sqrt(3200) and abs(np.std(many) - 0.33) < 5 * 0.33 / np.sqrt(
        6400
    )
    _, plain = setting_tables(baseline)
    _, moved = setting_tables(baseline, weights, one)
    iraq = baseline.origins.index("iraq")
    shift = logit(moved["security"][iraq]) - logit(plain["security"][iraq])
    assert shift == pytest.approx(one["iraq"]) and (moved["living_gap"] == plain["living_gap"]).all()
    told = baseline.vary(series={"iraq": {"security": [{"from": "2006-01", "value": 0.4}]}})
    assert (setting_tables(told, weights, one)[1]["security"][iraq] == 0.4).all(), (
        "what a scenario says holds"
    )


def logit(share):
    return np.log(share / (1 - share))


def test_dublin_is_a_share_of_what_is_closed_and_enforcement_a_path():
    """Weights of 0.2 (2010) and 0.8 (2015): 0.2 until the middle of 2010, 0.5 halfway, since their logits are
    each other's negative.
    """
    baseline = load_scenario(SCENARIOS / "baseline-norway.yaml")
    weights = central_weights(
        {"dublin_of_closed_2010": 0.2, "dublin_of_closed_2015": 0.8, "enforcement_2013": 4}
    )
    _, table = setting_tables(baseline, weights)
    iraq = baseline.origins.index("iraq")
    closed = host("norway").published["iraq"]["closed_share"]
    of_year = {step.start // 12: step.value for step in closed}
    # 291 of 1,417 decisions closed in 2010, 164 of 512 in 2011: of both years together
    assert of_year[2010] == pytest.approx((291 + 164) / (1417 + 512))
    assert table["dublin_share"][iraq, 0] == pytest.approx(0.2 * of_year[2006])
    halfway = month_number("2012-12") - baseline.start
    assert table["dublin_share"][iraq, halfway] == pytest.approx(0.5 * of_year[2012], rel=0.02)
    # Norway's path is 0.63 until 2013 and 1.37 from 2015 on; 4 times in 2013, once in 2011 and 2015
    at = {
        month: month_number(month) - baseline.start for month in ("2010-01", "2013-06", "2013-07", "2016-12")
    }
    effort = table["enforcement"][iraq]
    assert effort[at["2010-01"]] == pytest.approx(0.63) and effort[at["2016-12"]] == pytest.approx(1.37)
    assert effort[at["2013-06"]] == pytest.approx(0.63 * 4, rel=0.05)


def test_a_file_says_its_claims_by_origin_or_by_shares(tmp_path):
    by_claims = read_host(write(tmp_path, host_by_claims()))
    assert by_claims.claims[2010] == {"iraq": 460, "other": 1000} and by_claims.arrivals[2011] == 357
    assert by_claims.pending == {2009: {"iraq": 1769}} and not by_claims.published
    by_shares = read_host(write(tmp_path, host_by_shares()))
    assert by_shares.claims[2010] == pytest.approx({"iraq": 603.84, "afghanistan": 1006.4, "other": 8453.76})
    assert (
        by_shares.claims[2011] == pytest.approx({"iraq": 4526.5, "other": 4526.5}) and not by_shares.pending
    )


@pytest.mark.parametrize("name", HOSTS)
def test_every_number_of_a_host_says_where_it_is_from(name):
    entries = raw_host(name)
    tables = [entries[part] for part in ("unregistered_shares", "households")]
    changed = [entry for series in entries.get("series", {}).values() for entry in series.values()]
    for part in [*tables, *entries["numbers"].values(), *changed]:
        assert part["basis"] in BASES and part["source"].strip()
    assert entries["record"] == name


@pytest.mark.parametrize("name", HOSTS)
def test_a_hosts_origins_are_those_that_a_split_names(name):
    found = host(name)
    named = set(found.unregistered_shares).union(*found.claims.values())
    assert found.origins == tuple(key for key in ORIGINS + LATER if key in named)
    years = sorted(found.arrivals)
    assert years == list(range(years[0], years[-1] + 1)), (
        "every year between the first and the last has its arrivals"
    )


def of_france(**changes):
    """France in its own setting for two years, all its origins."""
    content = {
        "host": "france",
        "programme": "france",
        "start": "2012-01",
        "window": {"from": "2012-01", "to": "2013-12"},
        **changes,
    }
    return Scenario.from_mapping(content)


def test_a_host_lays_its_changes_over_the_origins_series_and_a_scenario_its_own_over_both():
    """France: Dublin 0.1 for every origin; permits and gap in living standards by its own record, or else by
    the origin's own, the gap 0.45 below Norway's; incomes in EUR at 9.09 NOK.
    """
    scenario = of_france(
        series={"russia": {"dublin_share": [{"from": "2013-01", "value": 0.6}], "living_gap": 1.0}}
    )
    _, found = setting_tables(scenario)
    at = {key: scenario.origins.index(key) for key in scenario.origins}
    assert (np.delete(found["dublin_share"], at["russia"], axis=0) == 0.1).all()
    assert list(found["dublin_share"][at["russia"]]) == [0.1] * 12 + [0.6] * 12
    france = host("france").published["kosovo"]
    for name in ("grant_share", "living_gap"):
        published = series_values(france[name], scenario.start, scenario.months)
        assert (found[name][at["kosovo"]] == published).all(), name
        assert (published != own(scenario, "kosovo", name)).any(), name
    assert found["living_gap"][at["somalia"]] == pytest.approx(
        own(scenario, "somalia", "living_gap") - 0.45, rel=1e-12
    )
    assert found["income"][at["kosovo"]] == pytest.approx(own(scenario, "kosovo", "income") / 9.09, rel=1e-12)
    assert host("norway").living_gap_shift == 0.0


def own(scenario, key: str, name: str) -> np.ndarray:
    """An origin's own series over the months of a scenario."""
    return series_values(origins()[key].series[name], scenario.start, scenario.months)


def test_a_shifted_gap_does_not_fall_below_nothing():
    scenario = of_france(origins=["somalia", "eritrea"])
    _, found = setting_tables(replace(scenario, place=replace(scenario.place, living_gap_shift=-6.0)))
    assert (found["living_gap"] == 0.0).all()


def test_a_gap_that_a_scenario_sets_is_the_gap_there_is():
    scenario = of_france(series={"russia": {"living_gap": 1.0}})
    _, found = setting_tables(scenario)
    assert (found["living_gap"][scenario.origins.index("russia")] == 1.0).all()
