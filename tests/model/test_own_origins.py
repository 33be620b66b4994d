"""Origins of one's own, in a file beside the host: keys of chance apart from the package's, and refusals."""

from __future__ import annotations

import pytest
import yaml
from downloads import made, put

from avrr_sim.places.origins import LARGEST_NUMBER, origins
from avrr_sim.places.own_origins import LAST_NUMBER
from avrr_sim.places.place import read_host
from avrr_sim.population import migrant_id
from avrr_sim.refusals import Refusal
from avrr_sim.scenario import load_scenario

SERIES = {"steps": {"2002-01": 0.5}, "basis": "judgement", "source": "No source"}
INCOME = {**SERIES, "steps": {"2002-01": 1500}}


@pytest.fixture
def folder(tmp_path):
    put(tmp_path, made(tmp_path))
    return tmp_path


def change(folder, file: str, path: tuple, value: object) -> None:
    """Replace the value at a path of a file of the folder; None takes the key away."""
    content = yaml.safe_load((folder / file).read_text(encoding="utf-8"))
    at = content
    for key in path[:-1]:
        at = at[key]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    (folder / file).write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def refused(folder, read=read_host, file="host.yaml") -> str:
    with pytest.raises(Refusal) as caught:
        read(folder / file)
    return str(caught.value)


def test_ids_of_the_packages_origins_are_what_they_were_and_those_of_own_ones_apart():
    assert migrant_id(24120, 5, True, 7) == (((24120 * 64 + 5) * 2 + 1) << 20) | 7
    numbers = range(1, LAST_NUMBER + 1)
    ids = {migrant_id(24120, number, stream, 0) for number in numbers for stream in (False, True)}
    assert len(ids) == 2 * len(numbers)
    assert max(ids) < migrant_id(24121, 1, False, 0), "a later month has later ids"
    assert max(origin.number for origin in origins().values()) <= LARGEST_NUMBER


def test_an_origin_may_say_any_series_and_name_its_row(folder):
    change(folder, "origins.yaml", ("own_origins", "own_mongolia", "series", "europe"), SERIES)
    place = read_host(folder / "host.yaml")
    assert place.countries["own_mongolia"].series["europe"][0].value == 0.5
    other = {"number": 70, "name": "Elsewhere", "series": {"security": SERIES, "income": INCOME}}
    change(folder, "origins.yaml", ("own_origins", "own_elsewhere"), {**other, "row": "mongolia"})
    change(folder, "origins.yaml", ("own_origins", "own_mongolia"), None)
    change(folder, "host.yaml", ("unregistered_shares", "shares"), {"other": 1})
    place = read_host(folder / "host.yaml")
    assert place.claims[2010]["own_elsewhere"] == 900 and "own_mongolia" not in place.countries


@pytest.mark.parametrize(
    "path, value, message",
    [
        (("number",), 5, "own_mongolia.number: 5 is not a whole number from 64 to 127"),
        (("number",), None, "own_mongolia: lacks 'number'"),
        (("series", "security"), None, "own_mongolia.series: lacks the series 'security'; allowed: security"),
        (("series", "safety"), SERIES, "own_mongolia.series: unknown series 'safety'"),
        (("series", "security", "basis"), None, "own_mongolia.series.security: lacks 'basis'"),
        (("series", "security", "steps"), {"2002-01": 2}, "2 is out of range; allowed: 0 to 1"),
        (("nmae",), "x", "own_mongolia: unknown key 'nmae'"),
    ],
)
def test_an_origin_that_is_not_whole_is_refused(folder, path, value, message):
    change(folder, "origins.yaml", ("own_origins", "own_mongolia", *path), value)
    said = refused(folder)
    assert message in said and "origins.yaml: " in said


def test_two_origins_of_one_number_are_refused(folder):
    other = {"number": 64, "name": "Elsewhere", "series": {"security": SERIES, "income": INCOME}}
    change(folder, "origins.yaml", ("own_origins", "own_elsewhere"), other)
    change(folder, "origins.yaml", ("own_origins", "own_elsewhere", "series", "living_gap"), SERIES)
    assert "own_origins: two origins have the same number" in refused(folder)


@pytest.mark.parametrize(
    "file, path, value, message",
    [
        ("host.yaml", ("series", "own_mongola"), {"europe": SERIES}, "series: unknown origin 'own_mongola'"),
        ("host.yaml", ("own_origins",), "origins.yml", "own_origins: 'origins.yml' is no path of a file"),
        ("host.yaml", ("own_origins",), "./none.yaml", "none.yaml: no such file"),
        ("host.yaml", ("record",), "./none.yaml", "none.yaml: no such file"),
        (
            "record.yaml",
            ("series", "applications"),
            None,
            "record.yaml: series: lacks the series 'applications'",
        ),
        ("record.yaml", ("years",), [2002], "record.yaml: years: [2002] are no years; allowed: {first: YEAR"),
        ("record.yaml", ("series", "closed"), 3, "record.yaml: series.closed: must hold keys and values"),
        ("record.yaml", ("series",), 3, "record.yaml: series: must hold keys and values"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(folder, file, path, value, message):
    change(folder, file, path, value)
    assert message in refused(folder)


def test_a_misspelt_origin_of_ones_own_is_refused_with_the_nearest(folder):
    for file, path, value in (
        ("scenario.yaml", ("origins",), ["own_mongola"]),
        ("scenario.yaml", ("series",), {"own_mongola": {"europe": 2}}),
    ):
        change(folder, file, path, value)
        said = refused(folder, load_scenario, "scenario.yaml")
        assert "unknown origin 'own_mongola'" in said and "did you mean 'own_mongolia'?" in said
        change(folder, file, path, None)


def test_a_programme_may_pay_an_origin_of_ones_own_that_the_host_has_and_no_other(folder):
    path = ("amounts", "cash_adult", 0, "origins")
    change(folder, "programme.yaml", path, ["own_mongolia"])
    assert load_scenario(folder / "scenario.yaml").general_programme.amounts["cash_adult"][0].origins
    change(folder, "programme.yaml", path, ["own_peru"])
    said = refused(folder, load_scenario, "scenario.yaml")
    assert "programme: the programme names the origin 'own_peru', which the host has not" in said
