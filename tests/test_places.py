"""Origins and hosts: which there are, what every number must state, and what is refused."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest
import yaml

from avrr_sim.dates import month_number
from avrr_sim.places import place
from avrr_sim.places.place import BASES, SERIES, TRAITS, host, host_names, origin_names, origins, read_host, read_origins, series_values
from avrr_sim.policy import Step
from avrr_sim.refusals import Refusal
from avrr_sim.setting import setting_tables

FOLDER = Path(place.__file__).parent
ORIGINS = ["iraq", "afghanistan", "ethiopia", "somalia", "kosovo", "nigeria", "russia", "syria", "other"]
REQUIRED = {"security", "living_gap", "practicability", "grant_share", "decision_months", "income", "europe", "embassy_months", "embassy_abroad",
            "embassy_places", "passport_share", "dublin_share", "network_mean", "links_mean"}
SERIES_PARTS = ["meaning", "unit", "low", "high", "basis", "source"]


def raw_origins() -> dict:
    return yaml.safe_load((FOLDER / "origins.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def content() -> dict:
    """A small file of origins that is complete."""
    meaning = {"meaning": "True security", "unit": "index", "low": 0, "high": 1, "basis": "judgement", "source": "No source"}
    income = {"meaning": "Income", "unit": "NOK a month", "low": 1, "high": 100000, "basis": "judgement", "source": "No source"}
    return {"series": {"security": meaning, "income": income},
            "origins": {"here": {"number": 1, "name": "Here", "security": {"2002-01": 0.5, "2004-06": 0.7}, "income": {"2002-01": 1000}},
                        "there": {"number": 2, "name": "There", "security": {"2002-01": 0.4}, "income": {"2002-01": 2000}}}}


def write(folder: Path, what: dict) -> Path:
    path = folder / "land.yaml"
    path.write_text(yaml.safe_dump(what), encoding="utf-8")
    return path


def refused(read, folder: Path, what: dict) -> str:
    with pytest.raises(Refusal) as caught:
        read(write(folder, what))
    message = str(caught.value)
    assert "land.yaml: " in message and "\n" not in message
    return message


def raw_host() -> dict:
    return yaml.safe_load((FOLDER / "hosts" / "norway.yaml").read_text(encoding="utf-8"))


def test_every_origin_of_the_list_is_there():
    assert origin_names() == ORIGINS and set(SERIES) == REQUIRED
    assert [origins()[key].number for key in ORIGINS] == list(range(1, 10))  # part of every migrant's id: never to change
    assert host_names() == ["norway"]


def test_every_series_says_what_it_is():
    for series in SERIES.values():
        assert series.meaning and series.unit and series.source and series.basis in BASES and series.low < series.high


def test_every_origin_has_every_series_in_range_and_in_order():
    for origin in origins().values():
        for name, steps in origin.series.items():
            starts = [step.start for step in steps]
            assert starts == sorted(set(starts)) and all(SERIES[name].low <= step.value <= SERIES[name].high for step in steps)


def test_security_alone_tells_origins_apart_in_the_ways_that_are_known():
    """Kosovo is safer than Iraq, Iraq in 2012 safer than Afghanistan, and Syria at war is below the protection gate where Afghanistan is not."""
    def security(key: str, month: str) -> float:
        return series_values(origins()[key].series["security"], month_number(month), 1)[0]

    from avrr_sim.scenario import PROTECTION_GATE

    assert security("kosovo", "2012-01") > security("iraq", "2012-01") > security("afghanistan", "2012-01") > PROTECTION_GATE
    assert security("syria", "2013-01") < PROTECTION_GATE < security("syria", "2010-01")


def test_no_origin_has_a_constant_of_its_own():
    """Nothing but what has a meaning elsewhere tells origins apart: network and links are the same for all."""
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
    assert series["security"].high == 1 and found["here"].series["security"][1] == Step(month_number("2004-06"), 0.7)


def test_an_origin_without_security_is_refused(tmp_path, content):
    del content["origins"]["there"]["security"]
    message = refused(read_origins, tmp_path, content)
    assert "origins.there" in message and "lacks the series security" in message


def test_any_of_the_origins_without_security_is_refused(tmp_path):
    for key in ORIGINS:
        content = raw_origins()
        del content["origins"][key]["security"]
        assert f"origins.{key}: lacks the series security" in refused(read_origins, tmp_path, content)


@pytest.mark.parametrize("part", SERIES_PARTS)
def test_a_series_without_a_part_is_refused(tmp_path, content, part):
    del content["series"]["security"][part]
    assert f"series.security: lacks {part!r}" in refused(read_origins, tmp_path, content)


@pytest.mark.parametrize("steps, message", [
    ({"2002-01": 1.5}, "1.5 is out of range; allowed: 0 to 1 (index)"),
    ({"2002-01": "safe"}, "'safe' is not a number"),
    ({"2002-01": True}, "True is not a number"),
    ({"2002": 0.5}, "'2002' is not a month"),
    ({}, "must be a table of month: value"),
    (0.5, "must be a table of month: value"),
])
def test_a_series_that_does_not_fit_is_refused(tmp_path, content, steps, message):
    content["origins"]["here"]["security"] = steps
    found = refused(read_origins, tmp_path, content)
    assert message in found and "origins.here.security" in found


def test_unknown_series_bases_and_doubled_numbers_are_refused(tmp_path, content):
    broken = copy.deepcopy(content)
    broken["origins"]["here"]["secuirty"] = {"2002-01": 1}
    assert "did you mean 'security'?" in refused(read_origins, tmp_path, broken)
    broken = copy.deepcopy(content)
    broken["series"]["security"]["basis"] = "guess"
    assert "unknown basis 'guess'" in refused(read_origins, tmp_path, broken)
    content["origins"]["there"]["number"] = 1
    assert "two origins have the same number" in refused(read_origins, tmp_path, content)


def test_norways_shares_add_up():
    norway = host("norway")
    for split in [*norway.shares.values(), norway.unregistered_shares]:
        assert sum(split.values()) == pytest.approx(1.0, abs=1e-9) and set(split) == set(ORIGINS) and min(split.values()) >= 0
    assert sum(share for share, _, _ in norway.households) == pytest.approx(1.0, abs=1e-9)
    assert norway.arrivals[2012] == 9785 and norway.arrivals[2015] == 31145 and set(norway.arrivals) >= set(range(2006, 2017))
    assert set(norway.traits) == set(TRAITS) and norway.currency == "NOK"


def test_every_number_of_norway_says_where_it_is_from():
    entries = host("norway").entries
    tables = [entries[name] for name in ("arrival_shares", "unregistered_shares", "households")]
    for part in [*entries["arrivals"].values(), *tables, *entries["numbers"].values()]:
        assert part["basis"] in BASES and part["source"]


@pytest.mark.parametrize("where", [("arrival_shares", "by_year", "2009"), ("unregistered_shares", "shares")])
def test_shares_that_do_not_add_up_are_refused(tmp_path, where):
    content = raw_host()
    split = content
    for key in where:
        split = split[key]
    split["iraq"] += 0.02
    message = refused(read_host, tmp_path, content)
    assert "shares add up to 1.0200, not 1" in message and where[0] in message


def test_households_that_do_not_add_up_are_refused(tmp_path):
    content = raw_host()
    content["households"]["kinds"][0]["share"] -= 0.01
    assert "households.kinds: shares do not add up to 1" in refused(read_host, tmp_path, content)


@pytest.mark.parametrize("name", TRAITS)
def test_a_number_without_value_unit_basis_or_source_is_refused(tmp_path, name):
    for part in ("value", "unit", "basis", "source"):
        content = raw_host()
        del content["numbers"][name][part]
        assert f"numbers.{name}: needs value, unit, basis and source" in refused(read_host, tmp_path, content)
    content = raw_host()
    del content["numbers"][name]
    assert f"numbers.{name}" in refused(read_host, tmp_path, content)
