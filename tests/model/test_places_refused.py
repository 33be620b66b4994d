"""Files of origins and hosts that are refused, and what the message says."""

from __future__ import annotations

import copy

import pytest
from place_files import host_by_claims, host_by_shares, raw_host, raw_origins, refused, small_origins

from avrr_sim.places.host_form import TRAITS
from avrr_sim.places.origins import read_origins
from avrr_sim.places.place import read_host

SERIES_PARTS = ["meaning", "unit", "low", "high", "basis", "source"]


@pytest.fixture
def content() -> dict:
    return small_origins()


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


def test_an_origin_without_security_is_refused(tmp_path, content):
    del content["origins"]["there"]["security"]
    message = refused(read_origins, tmp_path, content)
    assert "origins.there" in message and "lacks 'security'" in message


def test_any_of_the_origins_without_security_is_refused(tmp_path):
    """One without a record of its own has the security that its file gives, or none."""
    content = raw_origins()
    del content["origins"]["stateless"]["security"]
    assert "origins.stateless: lacks 'security'" in refused(read_origins, tmp_path, content)
    content = raw_origins()
    content["origins"]["elsewhere"] = {"number": 63, "name": "Elsewhere", "living_gap": {"2002-01": 1}}
    message = refused(read_origins, tmp_path, content)
    assert "origins.elsewhere: lacks 'security'" in message and "lacks 'income'" in message
    content["defaults"]["series"]["security"] = {"2002-01": 0.5}
    message = refused(read_origins, tmp_path, content)
    assert "defaults.series.security: no origin may have the security of another by default" in message


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


@pytest.mark.parametrize("where", [("arrival_shares", "by_year", "2009"), ("unregistered_shares", "shares")])
def test_shares_that_do_not_add_up_are_refused(tmp_path, where):
    content = host_by_shares()
    split = content
    for key in where:
        split = split[key]
    split["iraq"] += 0.02
    message = refused(read_host, tmp_path, content)
    assert "shares add up to 1.0200, not 1" in message and where[0] in message


def test_households_that_do_not_add_up_are_refused(tmp_path):
    content = host_by_shares()
    content["households"]["kinds"][0]["share"] -= 0.01
    assert "households.kinds: shares do not add up to 1" in refused(read_host, tmp_path, content)


@pytest.mark.parametrize("name", TRAITS)
def test_a_number_without_value_unit_basis_or_source_is_refused(tmp_path, name):
    for part in ("value", "unit", "basis", "source"):
        content = host_by_shares()
        del content["numbers"][name][part]
        assert f"numbers.{name}: lacks {part!r}" in refused(read_host, tmp_path, content)
    content = host_by_shares()
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
    assert f"land.yaml: {message}" in refused(read_host, tmp_path, put(host_by_shares(), path, value))


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
    content = host_by_shares() | {"series": {"iraq": {"grant_share": dict(CHANGE)}}}
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
        (("arrivals", "2010"), None, "arrivals"),
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
    assert f"land.yaml: {place}" in refused(read_host, tmp_path, put(host_by_shares(), path, value))


@pytest.mark.parametrize(
    "content, path, value, message",
    [
        (host_by_shares, ("record",), "norway", "arrivals: says who arrives twice, under 'record' and"),
        (
            host_by_claims,
            ("record",),
            "norway",
            "claims: says who arrives twice, under 'record' and 'claims'",
        ),
        (host_by_claims, ("claims",), None, "lacks 'record', 'claims' or 'arrivals'"),
        (raw_host, ("record",), "norwya", "record: unknown host with a record 'norwya'"),
        (raw_host, ("record",), None, "lacks 'record', 'claims' or 'arrivals'"),
        (host_by_claims, ("claims", "by_year", "2012"), {"irak": 1}, "claims.by_year.2012: unknown origin"),
        (host_by_claims, ("claims", "by_year", "2013"), {"iraq": 1}, "claims: lacks the year 2012"),
        (host_by_claims, ("claims", "by_year", "2010"), {"iraq": -1}, "claims.by_year.2010.iraq: -1 is not"),
        (host_by_claims, ("claims", "source"), None, "claims: lacks 'source'"),
        (host_by_claims, ("claims", "by_year"), {}, "claims: needs arrivals"),
    ],
)
def test_who_arrives_is_said_once_and_whole(tmp_path, content, path, value, message):
    assert f"land.yaml: {message}" in refused(read_host, tmp_path, put(content(), path, value))


def test_a_host_with_a_record_does_not_say_again_what_is_pending(tmp_path):
    content = raw_host() | {"pending": host_by_claims()["pending"]}
    assert "pending: says twice what is pending" in refused(read_host, tmp_path, content)
