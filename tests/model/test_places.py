"""Origins and hosts: which there are, what every number must state, how they are laid over one another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from place_files import HOSTS, LATER, ORIGINS, raw_host, small_origins, write

from avrr_sim.dates import month_number
from avrr_sim.places.host_form import TRAITS
from avrr_sim.places.origins import BASES, SERIES, origin_names, origins, read_origins, series_values
from avrr_sim.places.place import host, host_names
from avrr_sim.policy import Step
from avrr_sim.scenario import Scenario
from avrr_sim.setting import setting_tables

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
}


@pytest.fixture
def content() -> dict:
    return small_origins()


def test_every_origin_of_the_list_is_there():
    assert origin_names() == ORIGINS + LATER and set(SERIES) == REQUIRED
    # part of every migrant's id: never to change
    assert [origins()[key].number for key in ORIGINS + LATER] == list(range(1, 18))
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


def test_norways_shares_add_up():
    norway = host("norway")
    for split in [*norway.shares.values(), norway.unregistered_shares]:
        assert (
            sum(split.values()) == pytest.approx(1.0, abs=1e-9)
            and set(split) == set(ORIGINS)
            and min(split.values()) >= 0
        )
    assert sum(share for share, _, _ in norway.households) == pytest.approx(1.0, abs=1e-9)
    assert (
        norway.arrivals[2012] == 9785
        and norway.arrivals[2015] == 31145
        and set(norway.arrivals) >= set(range(2006, 2017))
    )
    assert set(norway.traits) == set(TRAITS) and norway.currency == "NOK"


@pytest.mark.parametrize("name", HOSTS)
def test_every_number_of_a_host_says_where_it_is_from(name):
    entries = raw_host(name)
    tables = [entries[part] for part in ("arrival_shares", "unregistered_shares", "households")]
    changed = [entry for series in entries.get("series", {}).values() for entry in series.values()]
    for part in [*entries["arrivals"].values(), *tables, *entries["numbers"].values(), *changed]:
        assert part["basis"] in BASES and part["source"].strip()


@pytest.mark.parametrize("name", HOSTS)
def test_a_hosts_origins_are_those_that_a_split_names(name):
    found = host(name)
    named = set(found.unregistered_shares).union(*found.shares.values())
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
    """France: Dublin 0.1 for every origin, permits 0.2 for China; the gap in living standards 0.45 below
    Norway's; incomes in EUR at 9.09 NOK.
    """
    scenario = of_france(
        series={"russia": {"dublin_share": [{"from": "2013-01", "value": 0.6}], "living_gap": 1.0}}
    )
    _, found = setting_tables(scenario)
    at = {key: scenario.origins.index(key) for key in scenario.origins}
    assert (np.delete(found["dublin_share"], at["russia"], axis=0) == 0.1).all()
    assert list(found["dublin_share"][at["russia"]]) == [0.1] * 12 + [0.6] * 12
    assert (found["grant_share"][at["china"]] == 0.2).all() and (
        found["grant_share"][at["kosovo"]] == own(scenario, "kosovo", "grant_share")
    ).all()
    assert found["living_gap"][at["kosovo"]] == pytest.approx(
        own(scenario, "kosovo", "living_gap") - 0.45, rel=1e-12
    )
    assert found["income"][at["kosovo"]] == pytest.approx(own(scenario, "kosovo", "income") / 9.09, rel=1e-12)
    assert not host("norway").series and host("norway").living_gap_shift == 0.0


def own(scenario, key: str, name: str) -> np.ndarray:
    """An origin's own series over the months of a scenario."""
    return series_values(origins()[key].series[name], scenario.start, scenario.months)


def test_a_shifted_gap_does_not_fall_below_nothing():
    scenario = of_france()
    _, found = setting_tables(replace(scenario, place=replace(scenario.place, living_gap_shift=-6.0)))
    assert (found["living_gap"] == 0.0).all()


def test_a_gap_that_a_scenario_sets_is_the_gap_there_is():
    scenario = of_france(series={"russia": {"living_gap": 1.0}})
    _, found = setting_tables(scenario)
    assert (found["living_gap"][scenario.origins.index("russia")] == 1.0).all()
