"""A host of one's own from UNHCR's downloads: what is published stands in it as it is, all else says that it
is a judgement, and what cannot be read for certain is refused with what to do.
"""

from __future__ import annotations

import codecs

import pytest
import yaml
from conftest import ROOT
from downloads import YEARS, applications, decisions, made, put, written

from avrr_sim.places.own_host import own_host
from avrr_sim.places.place import read_host
from avrr_sim.places.record.downloads import read_downloads
from avrr_sim.places.record.make import texts
from avrr_sim.places.record.own_record import own_record
from avrr_sim.places.record.published import parse_record
from avrr_sim.places.record.tables import read_tables
from avrr_sim.refusals import Refusal
from avrr_sim.scenario import load_scenario
from avrr_sim.simulation import simulate

SAMPLE = ROOT / "tests" / "documents" / "world_sample"
PUBLISHED = ("grant_share", "decision_months")


@pytest.fixture
def scenario(tmp_path):
    return load_scenario(put(tmp_path, made(tmp_path)))


def refused(folder, country="SWE", **files) -> str:
    with pytest.raises(Refusal) as caught:
        made(folder, country, **files)
    message = str(caught.value)
    assert message.count("\n") == 0
    return message


def test_claims_and_pending_claims_are_those_of_the_files(scenario):
    place = scenario.place
    assert (place.name, tuple(place.claims)) == ("Sweden", tuple(YEARS))
    for year in YEARS:
        told = place.claims[year]
        assert (told["iraq"], told["own_mongolia"], told["somalia"], told["other"]) == (600, 900, 240, 12)
        assert place.pending[year]["own_mongolia"] == 900


def test_published_shares_follow_from_the_files(scenario):
    """30 of 80 decided on the merits get a permit; 900 wait where 900 come a year: twelve months."""
    for origin in ("iraq", "own_mongolia", "somalia"):
        series = scenario.place.published[origin]
        assert series["grant_share"][0].value == pytest.approx(0.375)
        assert series["decision_months"][0].value == pytest.approx(12.0, abs=0.1)
        assert {scenario.place.basis(origin, name) for name in PUBLISHED} == {"estimated"}


def test_everything_that_is_not_published_is_marked_as_a_judgement(tmp_path):
    files = {name: yaml.safe_load(text) for name, text in made(tmp_path).files.items()}
    host, programme = files["host.yaml"], files["programme.yaml"]
    numbers = {key: each["basis"] for key, each in host["numbers"].items()}
    assert numbers.pop("living_gap_shift") == "estimated" and set(numbers.values()) == {"judgement"}
    bases = [each["basis"] for changes in host["series"].values() for each in changes.values()]
    assert {host["households"]["basis"], host["unregistered_shares"]["basis"], *bases} == {"judgement"}
    entries = [each for part in ("amounts", "eligibility") for each in programme[part].values()]
    assert {entry["basis"] for dated in entries for entry in dated} == {"judgement"}
    assert all(entry["value"] == "unknown" for dated in programme["amounts"].values() for entry in dated)


def test_an_origin_that_the_package_does_not_know_has_what_is_published_of_its_country(scenario):
    place = scenario.place
    mongolia = place.countries["own_mongolia"]
    assert (mongolia.number, mongolia.name) == (64, "Mongolia")
    assert {mongolia.bases[name] for name in ("security", "income", "living_gap")} == {"estimated"}
    assert mongolia.bases["practicability"] == "judgement"
    assert 0.6 < mongolia.series["security"][0].value < 0.75


def test_a_host_of_ones_own_runs_the_same_in_both_engines(scenario):
    short = scenario.with_window(12)
    one, two = (simulate(short, size=250, engine_name=name) for name in ("table", "agents"))
    assert one.units.tobytes() == two.units.tobytes()
    assert "own_mongolia" in set(one.measures.frame()["group"])
    assert one.units.size and one.measures.frame().equals(two.measures.frame())


def test_the_same_files_give_the_same_texts_whatever_their_form(tmp_path):
    """A byte order mark, other header words, small letters and no preamble change nothing but the source."""
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    other = applications().partition("\n\n")[2].replace("Country of asylum (ISO)", "coa_iso")
    other = other.replace("Cases / Persons", "unit").replace("applied", "Applications").replace("SWE", "swe")
    text = codecs.BOM_UTF8 + other.encode()
    one, two = made(tmp_path / "a"), made(tmp_path / "b", "swe", applications=text)
    assert one.files == two.files


def test_what_was_made_of_norways_tables_comes_out_of_its_downloads_too():
    made_once = parse_record(texts(read_tables(SAMPLE))["hosts/norway.yaml"], SAMPLE)
    paths = (SAMPLE / f"asylum_{name}.csv" for name in ("applications", "decisions", "pending"))
    given = read_downloads("NOR", *paths)
    again = parse_record(own_record(given, "NOR", "norway", "Norway", ["a.csv"]).text, SAMPLE)
    assert set(again.series) == set(made_once.series)
    for name, series in made_once.series.items():
        if name not in ("living_gap", "other_security"):  # the sample has few countries
            assert again.series[name].values == series.values, name


def test_without_pending_claims_the_wait_is_a_judgement(tmp_path):
    files = written(tmp_path)
    host = own_host("SWE", files["applications"], files["decisions"], None, 2500.0)
    place = read_host(put(tmp_path, host).with_name("host.yaml"))
    assert place.basis("iraq", "decision_months") == "judgement" and not any(place.pending.values())


@pytest.mark.parametrize(
    "kind, stage, said", [("NR", "FA", "New and repeated"), ("R", "FI", "calls repeated")]
)
def test_a_year_told_in_another_way_is_taken_as_it_is_told_and_said(tmp_path, kind, stage, said):
    rows = applications(kind=kind, stage=stage, years=range(2012, 2014)).partition("applied\n")[2]
    text = applications(years=(2010, 2011, 2014, 2015)) + rows
    found = made(tmp_path, applications=text)
    assert any(said in note and note.endswith("2012-2013") for note in found.notes)
    assert read_host(put(tmp_path, found).with_name("host.yaml")).claims[2013]["iraq"] == 600


def test_years_out_of_the_record_are_left_out_and_said(tmp_path):
    found = made(tmp_path, applications=applications(years=range(2010, 2024)))
    assert (found.first, found.last) == (2010, 2018) and "after 2018" in found.notes[0]


def test_size_is_scaled_by_claims(tmp_path):
    """1,752 claims a year against Norway's: a judgement that is said with the number."""
    content = yaml.safe_load(made(tmp_path).files["scenario.yaml"])
    assert 0 < content["weights"]["unregistered_inflow"] < 2500
    assert "Norway's times" in made(tmp_path).files["host.yaml"]


GOOD = applications()


def claims(old: str, new: str) -> dict[str, str]:
    """The file of applications with one text in place of another wherever it stands."""
    return {"applications": GOOD.replace(old, new)}


REFUSED = [
    ({"applications": decisions()}, "lacks the column 'applied'; found: Year, Country of origin"),
    ({"decisions": GOOD}, "lacks the column 'Recognized decisions'"),
    ({"pending": decisions()}, "lacks the column 'Asylum seekers'"),
    ({"applications": ""}, "applications.csv: is empty"),
    ({"applications": GOOD.partition("applied\n")[0] + "applied\n"}, "has no rows under its header"),
    (claims(",", ";"), "has semicolons between its cells; allowed: commas"),
    (claims(",", "\t"), "has tabs between its cells"),
    (claims(",600\n", ',"1,5"\n'), "applied[4]: '1,5' is not a whole number; allowed: whole numbers"),
    (claims(",600\n", ",-600\n"), "'-600' is not a whole number"),
    (claims(",600\n", ",*\n"), "the publisher writes 5 where there are 1 to 4"),
    (claims(",600\n", ",1,600\n"), "line 4: 11 cells, but the header has 10"),
    ({"applications": GOOD.encode("utf-16")}, "is in UTF-16; allowed: UTF-8"),
    ({"applications": GOOD.replace("Iraq", "Ir\xe1k").encode("latin-1")}, "is not in UTF-8 (in Latin-1"),
    ({"applications": b"PK\x03\x04" + b"x" * 50}, "is a ZIP archive or a workbook"),
    ({"applications": applications("DNK")}, "has no rows of 'SWE' as country of asylum; allowed: a country"),
    ({"decisions": decisions("DNK")}, "decisions.csv: has no rows of 'SWE'"),
    ({"applications": applications(years=range(2020, 2024))}, "has rows of SWE in 2020 to 2023 only"),
    ({"applications": applications(years=(2010, 2012))}, "has no applications at first instance in 2011"),
    ({"applications": applications(stage="AR")}, "has no new applications at first instance; allowed: type"),
]


@pytest.mark.parametrize("files, message", REFUSED, ids=[message[:30] for _, message in REFUSED])
def test_a_file_that_cannot_be_read_for_certain_is_refused(tmp_path, files, message):
    assert message in refused(tmp_path, **files)


@pytest.mark.parametrize(
    "country, message",
    [
        ("SE", "--country 'SE' is no code of a country; allowed: the three letters"),
        ("Sweden", "did you mean 'SWE'?"),
        ("SWD", "has no rows of 'SWD' as country of asylum; allowed: a country of the file: SWE; did you"),
    ],
)
def test_a_wrong_country_is_refused(tmp_path, country, message):
    assert message in refused(tmp_path, country)
