"""Origins and hosts: which there are, what every number must state, and what is refused."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from avrr_sim.dates import month_number
from avrr_sim.places import place
from avrr_sim.places.host_form import TRAITS
from avrr_sim.places.origins import BASES, SERIES, origin_names, origins, read_origins, series_values
from avrr_sim.places.place import host, host_names, read_host
from avrr_sim.policy import Step
from avrr_sim.refusals import Refusal
from avrr_sim.scenario import Scenario
from avrr_sim.setting import setting_tables

FOLDER = Path(place.__file__).parent
# those of Norway
ORIGINS = ["iraq", "afghanistan", "ethiopia", "somalia", "kosovo", "nigeria", "russia", "syria", "other"]
# append only
LATER = ["albania", "bosnia", "china", "algeria", "ukraine", "georgia", "belarus", "bangladesh"]
HOSTS = ["estonia", "france", "norway"]
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
SERIES_PARTS = ["meaning", "unit", "low", "high", "basis", "source"]


def raw_origins() -> dict:
    return yaml.safe_load((FOLDER / "origins.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def content() -> dict:
    """A small file of origins that is complete."""
    meaning = {
        "meaning": "True security",
        "unit": "index",
        "low": 0,
        "high": 1,
        "basis": "judgement",
        "source": "No source",
    }
    income = {
        "meaning": "Income",
        "unit": "NOK a month",
        "low": 1,
        "high": 100000,
        "basis": "judgement",
        "source": "No source",
    }
    return {
        "series": {"security": meaning, "income": income},
        "origins": {
            "here": {
                "number": 1,
                "name": "Here",
                "security": {"2002-01": 0.5, "2004-06": 0.7},
                "income": {"2002-01": 1000},
            },
            "there": {
                "number": 2,
                "name": "There",
                "security": {"2002-01": 0.4},
                "income": {"2002-01": 2000},
            },
        },
    }


def write(folder: Path, what: dict) -> Path:
    path = folder / "land.yaml"
    path.write_text(yaml.safe_dump(what), encoding="utf-8")
    return path


def refused(read, folder: Path, what: dict) -> str:
    with pytest.raises(Refusal) as caught:
        read(write(folder, what))
    message = str(caught.value)
    assert all("land.yaml: " in line for line in message.splitlines())
    return message


def raw_host(name: str = "norway") -> dict:
    return yaml.safe_load((FOLDER / "hosts" / f"{name}.yaml").read_text(encoding="utf-8"))


def put(content: dict, path: tuple, value: object) -> dict:
    """The content with the value at a path replaced; a value of None takes the key away."""
    at = content
    for key in path[:-1]:
        at = at[key]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return content


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


def test_an_origin_without_security_is_refused(tmp_path, content):
    del content["origins"]["there"]["security"]
    message = refused(read_origins, tmp_path, content)
    assert "origins.there" in message and "lacks 'security'" in message


def test_any_of_the_origins_without_security_is_refused(tmp_path):
    for key in ORIGINS:
        content = raw_origins()
        del content["origins"][key]["security"]
        assert f"origins.{key}: lacks 'security'" in refused(read_origins, tmp_path, content)


@pytest.mark.parametrize("part", SERIES_PARTS)
def test_a_series_without_a_part_is_refused(tmp_path, content, part):
    del content["series"]["security"][part]
    assert f"series.security: lacks {part!r}" in refused(read_origins, tmp_path, content)


@pytest.mark.parametrize(
    "steps, message",
    [
        ({"2002-01": 1.5}, "1.5 is out of range; allowed: 0 to 1 (index)"),
        ({"2002-01": "safe"}, "'safe' is not a number"),
        ({"2002-01": True}, "True is not a number"),
        ({"2002": 0.5}, "'2002' is not a month"),
        ({}, "must be a table of month: value"),
        (0.5, "must be a table of month: value"),
    ],
)
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
        assert f"numbers.{name}: lacks {part!r}" in refused(read_host, tmp_path, content)
    content = raw_host()
    del content["numbers"][name]
    assert f"numbers: lacks {name!r}" in refused(read_host, tmp_path, content)


CHANGE = {"steps": {"2010-01": 0.5}, "basis": "judgement", "source": "No source"}
SHIFT = {"value": -0.5, "unit": "log ratio", "basis": "judgement", "source": "No source"}


@pytest.mark.parametrize(
    "path, value, message",
    [
        (("currency",), None, "lacks 'currency'"),
        (("name",), " ", "name: ' ' is not text"),
        (("arrival_shares",), [], "arrival_shares: must hold keys and values"),
        (("arrival_shares", "basis"), "guess", "arrival_shares.basis: unknown basis 'guess'"),
        (("unregistered_shares",), None, "lacks 'unregistered_shares'"),
        (("unregistered_shares", "source"), "", "unregistered_shares.source: '' is not text"),
        (("unregistered_shares", "shares"), "all", "unregistered_shares.shares: must hold keys and values"),
        (("households", "kinds"), [], "households.kinds: must be a list of {share, adults, minors}"),
        (("households", "kinds", 0, "adults"), 0, "households.kinds[0]: a household of nobody"),
        (
            ("households", "kinds", 0, "adults"),
            21,
            "households.kinds[0].adults: 21 is not a whole number from 0 to 20",
        ),
        (
            ("households", "kinds", 0, "share"),
            True,
            "households.kinds[0].share: True is not a number from 0 to 1",
        ),
        (("households", "kinds", 0, "shar"), 0.5, "households.kinds[0]: unknown key 'shar'"),
        (("arrivals", "2010", "persons"), -1, "arrivals.2010.persons: -1 is not a number from 0 to 1e+08"),
        (("arrivals", "2010", "persons"), "10064", "arrivals.2010.persons: '10064' is not a number"),
        (("arrivals", "2010", "source"), None, "arrivals.2010: lacks 'source'"),
        (("arrivals", "2010", "source"), " ", "arrivals.2010.source: ' ' is not text"),
        (("arrivals", "2010", "basis"), "guess", "arrivals.2010.basis: unknown basis 'guess'"),
        (
            ("arrivals", "2010", "person"),
            1,
            "arrivals.2010: unknown key 'person'; allowed: persons, basis, source; did you mean 'persons'?",
        ),
        (
            ("arrivals", "201"),
            {"persons": 1, "basis": "judgement", "source": "No source"},
            "arrivals: '201' is not a year",
        ),
        (("arrival_shares", "by_year", "two"), {"iraq": 1}, "arrival_shares.by_year: 'two' is not a year"),
        (("arrival_shares", "by_year"), {}, "arrivals: needs arrivals and their split"),
        (
            ("arrival_shares", "by_year", "2009", "irak"),
            0.0,
            "arrival_shares.by_year.2009: unknown origin 'irak'",
        ),
        (
            ("arrival_shares", "by_year", "2009", "iraq"),
            -0.06,
            "arrival_shares.by_year.2009.iraq: -0.06 is not a number from 0 to 1",
        ),
        (("numbers", "ill_share", "value"), 1.1, "numbers.ill_share.value: 1.1 is not a number from 0 to 1"),
        (
            ("numbers", "ill_share", "value"),
            "0.1",
            "numbers.ill_share.value: '0.1' is not a number from 0 to 1",
        ),
        (("numbers", "ill_share", "basis"), "guess", "numbers.ill_share.basis: unknown basis 'guess'"),
        (("numbers", "ill_share", "source"), " ", "numbers.ill_share.source: ' ' is not text"),
        (("numbers", "ill_share", "note"), "more", "numbers.ill_share: unknown key 'note'"),
        (
            ("numbers", "residents_per_centre", "value"),
            0,
            "numbers.residents_per_centre.value: 0 is not a number from 1 to 1e+06",
        ),
        (
            ("numbers", "centre_stay_months", "value"),
            0,
            "numbers.centre_stay_months.value: 0 is not a number from 0.1 to 600",
        ),
        (
            ("numbers", "age_35_44", "value"),
            0.99,
            "numbers: the shares of the age bands add up to more than 1",
        ),
        (
            ("numbers", "living_gap_shift"),
            SHIFT | {"value": 7},
            "numbers.living_gap_shift.value: 7 is not a number from -6 to 6",
        ),
        (("numbers", "living_gap_shift"), {"value": -0.5}, "numbers.living_gap_shift: lacks 'unit'"),
        (("series",), {"irak": {"grant_share": CHANGE}}, "series: unknown origin 'irak'"),
        (("series",), {"all": {"grant_shar": CHANGE}}, "series.all: unknown series 'grant_shar'"),
        (("series",), {"iraq": {"grant_share": {"2010-01": 0.5}}}, "series.iraq.grant_share: lacks 'steps'"),
        (
            ("series",),
            {"iraq": {"grant_share": CHANGE | {"steps": {"2010-01": 2}}}},
            "series.iraq.grant_share.steps.2010-01: 2 is out of range; allowed: 0 to 1",
        ),
        (
            ("series",),
            {"iraq": {"grant_share": CHANGE | {"steps": {"2010": 0.5}}}},
            "series.iraq.grant_share.steps: '2010' is not a month",
        ),
        (
            ("series",),
            {"iraq": {"grant_share": CHANGE | {"steps": {}}}},
            "series.iraq.grant_share.steps: must be a table of month: value",
        ),
    ],
)
def test_a_host_that_does_not_fit_is_refused(tmp_path, path, value, message):
    assert f"land.yaml: {message}" in refused(read_host, tmp_path, put(raw_host(), path, value))


@pytest.mark.parametrize(
    "path, value, message",
    [
        (("series",), None, "lacks 'series'"),
        (("origins",), None, "lacks 'origins'"),
        (("series", "security"), None, "series: lacks the series 'security'"),
        (("series", "security"), [0, 1], "series.security: must hold keys and values"),
        (("series", "security", "low"), "0", "series.security.low: '0' is not a number"),
        (("series", "security", "high"), True, "series.security.high: True is not a number"),
        (("series", "security", "source"), "", "series.security.source: '' is not text"),
        (("series", "security", "unit"), 5, "series.security.unit: 5 is not text"),
        (("series", "security", "note"), "more", "series.security: unknown key 'note'"),
        (("origins", "here"), ["iraq"], "origins.here: must hold keys and values"),
        (("origins", "here", "number"), None, "origins.here: lacks 'number'"),
        (("origins", "here", "number"), 0, "origins.here.number: 0 is not a whole number from 1 to 63"),
        (("origins", "here", "number"), 64, "origins.here.number: 64 is not a whole number from 1 to 63"),
        (("origins", "here", "number"), "1", "origins.here.number: '1' is not a whole number"),
        (("origins", "here", "number"), True, "origins.here.number: True is not a whole number"),
        (("origins", "here", "number"), 1.5, "origins.here.number: 1.5 is not a whole number"),
        (("origins", "here", "name"), None, "origins.here: lacks 'name'"),
        (("origins", "here", "name"), " ", "origins.here.name: ' ' is not text"),
    ],
)
def test_origins_that_do_not_fit_are_refused(tmp_path, content, path, value, message):
    assert f"land.yaml: {message}" in refused(read_origins, tmp_path, put(content, path, value))


@pytest.mark.parametrize(
    "path", [("arrivals",), ("numbers",), ("series",), ("arrival_shares", "by_year"), ("series", "iraq")]
)
def test_a_part_of_a_host_that_is_no_table_is_refused(tmp_path, path):
    content = raw_host() | {"series": {"iraq": {"grant_share": dict(CHANGE)}}}
    assert f"land.yaml: {'.'.join(path)}: must " in refused(read_host, tmp_path, put(content, path, ["iraq"]))


@pytest.mark.parametrize("part", ["series", "origins"])
def test_a_part_of_the_origins_that_is_no_table_is_refused(tmp_path, content, part):
    assert f"land.yaml: {part}: must " in refused(read_origins, tmp_path, put(content, (part,), ["iraq"]))


@pytest.mark.parametrize(
    "path, value, place",
    [
        (("numbers", "living_gap_shfit"), SHIFT, "numbers"),
        (("arivals",), {}, ""),
        (("households", "kinds", 0, "adults"), 1.5, "households.kinds[0].adults"),
        (
            ("series",),
            {"iraq": {"grant_share": CHANGE | {"basis": "guess"}}},
            "series.iraq.grant_share.basis",
        ),
        (("series",), {"iraq": {"grant_share": CHANGE | {"source": " "}}}, "series.iraq.grant_share.source"),
        (("series",), {"iraq": {"grant_share": CHANGE | {"note": "more"}}}, "series.iraq.grant_share"),
        (("arrivals", "2011"), None, "arrivals"),
    ],
    ids=[
        "misspelt number",
        "misspelt part",
        "one and a half adults",
        "unknown basis",
        "no source",
        "unknown key",
        "a year between is missing",
    ],
)
def test_what_a_host_cannot_mean_is_refused(tmp_path, path, value, place):
    assert f"land.yaml: {place}" in refused(read_host, tmp_path, put(raw_host(), path, value))


def test_a_gap_that_a_scenario_sets_is_the_gap_there_is():
    scenario = of_france(series={"russia": {"living_gap": 1.0}})
    _, found = setting_tables(scenario)
    assert (found["living_gap"][scenario.origins.index("russia")] == 1.0).all()
