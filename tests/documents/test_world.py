"""The record of the world as published: what the maker makes of public tables, and what the package ships.

`world_sample/` holds a few rows of the public tables: seven origins in Norway, 2009 to 2011, two years of
Estonia.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from avrr_sim.documents.world_tables import fit_points
from avrr_sim.places.record import make, security
from avrr_sim.places.record.choice import LARGEST_OTHER
from avrr_sim.places.record.formulas import months_until
from avrr_sim.places.record.published import (
    BASES,
    OTHER,
    countries,
    published_outcomes,
    read_record,
    record,
    recorded_hosts,
)
from avrr_sim.refusals import Refusal

SAMPLE = Path(__file__).parent / "world_sample"
PAGE = (ROOT / "docs" / "world.md").read_text(encoding="utf-8")
COUNTS = ("applications", "appeals", "recognised", "other_protection", "rejected", "closed", "pending")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """The record that the maker makes of the sample."""
    folder = tmp_path_factory.mktemp("record")
    assert make.main([str(SAMPLE), str(folder)]) == 0
    return folder


@pytest.fixture
def tables(tmp_path) -> Path:
    """A copy of the sample to spoil."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "tables"))


# The maker
def test_the_shipped_record_of_norway_is_what_the_maker_makes_of_the_same_rows(made):
    ours, shipped = read_record(made / "hosts" / "norway.yaml"), record("norway")
    compared_cells = 0
    for name, series in ours.series.items():
        for row in ours.origins:
            for year in (2009, 2010, 2011):
                assert series.at(year, row) == shipped.series[name].at(year, row), (name, row, year)
                compared_cells += series.at(year, row) is not None
    assert compared_cells > 250


def test_the_shipped_countries_are_what_the_maker_makes_of_the_same_rows(made):
    ours, shipped = read_record(made / "countries.yaml"), countries()
    for name, series in ours.series.items():
        for row in set(ours.rows) - {"syria"}:  # Syria's index hangs on the worst death rate of all countries
            for year in (2009, 2010, 2011):
                if series.at(year, row) is not None:
                    assert series.at(year, row) == shipped.series[name].at(year, row), (name, row, year)
    assert series.at(2010, "iraq") is not None


def test_the_same_tables_give_the_same_bytes(made, tmp_path):
    assert make.main([str(SAMPLE), str(tmp_path)]) == 0
    for path in made.rglob("*.yaml"):
        assert path.read_bytes() == (tmp_path / path.relative_to(made)).read_bytes()


def test_figures_of_iraq_2010_worked_by_hand(made):
    of = read_record(made / "hosts" / "norway.yaml")
    # rows of the tables: 137 recognised, 245 other protection, 744 rejected, 291 closed; on review 28 and 17
    # permits; 1,769 pending at the end of 2009, 1,044 at the end of 2010, 460 new claims
    of_iraq = {name: series.at(2010, "iraq") for name, series in of.series.items()}
    counts = (
        "recognised",
        "other_protection",
        "rejected",
        "closed",
        "review_permits",
        "applications",
        "pending",
    )
    assert [of_iraq[name] for name in counts] == [137, 245, 744, 291, 45, 460, 1044]
    assert of_iraq["permit_chance"] == pytest.approx(382 / 1126, abs=5e-4)
    assert of_iraq["permit_chance_reviewed"] == pytest.approx(427 / 1126, abs=5e-4)
    assert of_iraq["closed_share"] == pytest.approx(291 / 1417, abs=5e-4)
    assert of_iraq["throughput"] == pytest.approx(1417 / (1769 + 460), abs=5e-4)
    # GDP a head 2011 international dollars: Norway 78,476, Iraq 10,274.3
    assert of_iraq["living_gap"] == pytest.approx(np.log(78476 / 10274.3), abs=0.005)


def test_cases_are_no_persons_and_repeated_claims_are_not_new(tables):
    file = tables / "asylum_applications.csv"
    more = "2010,NOR,IRQ,Iraq,N,FI,C,1000\n2010,NOR,IRQ,Iraq,R,FI,P,1000\n2010,NOR,IRQ,Iraq,R,RA,P,1000\n"
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert make.main([str(tables), str(tables)]) == 0
    of = read_record(tables / "hosts" / "norway.yaml")
    assert of.series["applications"].at(2010, "iraq") == 460
    assert of.series["appeals"].at(2010, "iraq") == 1295


def test_nothing_is_filled_in_where_nothing_is_published(made):
    norway, estonia = (read_record(made / "hosts" / f"{host}.yaml") for host in ("norway", "estonia"))
    assert norway.series["applications"].at(2008) is None
    assert norway.series["throughput"].at(2009) is not None and norway.series["throughput"].at(2008) is None
    assert estonia.series["applications"].at(2006, "iraq") is None, "no row is not nought"
    assert estonia.series["pending"].values == {}
    assert "First instance and appeal told together in 2005, 2006" in estonia.series["applications"].notes


def test_shares_of_few_people_are_not_formed(tables):
    text = (tables / "asylum_decisions.csv").read_text(encoding="utf-8").splitlines()
    few = [text[0]] + [re.sub(r"(NOR,RUS,.*,FI,P),.*", r"\1,5,0,14,0,19", line) for line in text[1:]]
    (tables / "asylum_decisions.csv").write_text("\n".join(few) + "\n", encoding="utf-8")
    assert make.main([str(tables), str(tables)]) == 0
    of = read_record(tables / "hosts" / "norway.yaml")
    assert of.series["rejected"].at(2010, "russia") == 14
    assert of.series["permit_chance"].at(2010, "russia") is None


def test_a_year_mostly_of_unknown_origin_says_nothing_of_any_origin(tables):
    file = tables / "asylum_pending.csv"
    text = file.read_text(encoding="utf-8") + "2009,NOR,UNK,Unknown,50000,0\n"
    file.write_text(text, encoding="utf-8")
    assert make.main([str(tables), str(tables)]) == 0
    of = read_record(tables / "hosts" / "norway.yaml")
    assert of.series["pending"].at(2009, "iraq") == 1769, "what is published stands"
    assert (
        of.series["throughput"].at(2010, "iraq") is None
        and of.series["throughput"].at(2011, "iraq") is not None
    )
    assert any("Of unknown origin" in note for note in of.series["pending"].notes)


@pytest.mark.parametrize(
    "name, old, new, message",
    [
        (
            "asylum_pending",
            "pending_asylum_seekers",
            "waiting",
            r"lacks the column 'pending_asylum_seekers'; it has",
        ),
        ("asylum_applications", ",FI,P,460", ",FI,P,many", r"applied\[17\]: 'many' is not a number"),
        ("asylum_applications", ",FI,P,460", ",FI,P,-460", r"-460.0 is out of range"),
        ("country_year", None, None, "no such file; allowed: asylum_applications.csv"),
    ],
    ids=["column", "text", "negative", "missing"],
)
def test_tables_that_are_not_as_they_must_be_are_refused_with_one_message(
    tables, capsys, name, old, new, message
):
    file = tables / f"{name}.csv"
    if old is None:
        file.unlink()
    else:
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert make.main([str(tables), str(tables)]) == 2
    said = capsys.readouterr().err
    assert re.search(message, said) and said.count("\n") == 1 and f"{name}.csv" in said


def test_a_steady_stock_gives_the_months_that_people_wait():
    # 240 a year and 200 pending all year: everybody waits 200 / 20 = 10 months
    assert months_until(200.0, 240.0, 200.0) == pytest.approx(10.0)
    assert months_until(1000.0, 0.0, 1000.0 * np.exp(-1.0)) == pytest.approx(12.0)
    for none in ((200.0, 240.0, 0.0), (200.0, 240.0, 440.0), (5.0, 5.0, 5.0), (float("nan"), 240.0, 200.0)):
        assert np.isnan(months_until(*none)), none


# Security
def test_security_rises_with_rights_and_falls_with_deaths_and_stays_inside():
    scores, deaths = np.linspace(-3, 5, 20), np.linspace(0, 500, 20)
    assert (np.diff(security.security(scores, np.zeros(20))) > 0).all()
    assert (np.diff(security.security(np.zeros(20), deaths)) < 0).all()
    index = security.security(scores, deaths)
    low, high = security.interval(index)
    assert (low > 0).all() and (low < index).all() and (index < high).all() and (high < 1).all()


def test_the_constants_are_those_that_come_nearest_to_the_judged_index():
    rights, deaths, judged = (np.concatenate([each[i] for each in fit_points().values()]) for i in range(3))
    fit = security.fitted(rights, deaths, judged)
    assert (fit.level, fit.rights, fit.deaths) == pytest.approx(
        (security.LEVEL, security.RIGHTS, security.DEATHS), abs=0.005
    )
    assert fit.left_logit == pytest.approx(security.SPREAD, abs=0.005)
    assert fit.left < 0.08


def test_a_fit_finds_the_constants_that_made_an_index():
    chance = np.random.default_rng(1)
    rights, deaths = chance.normal(0, 1.5, 200), chance.exponential(5, 200)
    fit = security.fitted(rights, deaths, security.security(rights, deaths, (0.2, 0.5, 0.6)))
    assert (fit.level, fit.rights, fit.deaths, fit.left) == pytest.approx((0.2, 0.5, 0.6, 0.0), abs=1e-6)


def test_the_shipped_index_follows_the_formula_but_for_syria():
    of = countries()
    for row in set(of.rows) - {"syria"}:
        for year in of.years:
            rights, deaths = of.series["rights"].at(year, row), of.series["conflict_deaths"].at(year, row)
            if rights is not None and deaths is not None:
                index = security.security(np.array(rights), np.array(deaths))
                assert of.series["security"].at(year, row) == pytest.approx(float(index), abs=6e-4), (
                    row,
                    year,
                )
    assert of.series["conflict_deaths"].known_years("syria") == ()
    deadliest = min(
        value
        for row in set(of.rows) - {"syria"}
        for value in of.series["security"].values.get(row, ())
        if value
    )
    assert all(of.series["security"].at(year, "syria") < deadliest for year in range(2011, 2019))
    assert any("Syria" in note and "judgement" in note for note in of.series["security"].notes)


# What is shipped
@pytest.mark.parametrize("host", recorded_hosts())
def test_origins_without_a_row_are_below_15_per_cent_of_the_claims_of_every_year(host):
    claims = record(host).series["applications"]
    for year in record(host).years:
        assert (claims.at(year, OTHER) or 0.0) < LARGEST_OTHER * claims.at(year), year
    assert LARGEST_OTHER == 0.15


@pytest.mark.parametrize("host", recorded_hosts())
def test_rows_and_other_add_up_to_all(host):
    of = record(host)
    for name in COUNTS:
        series = of.series[name]
        for year in series.known_years():
            rows = sum(series.at(year, row) or 0.0 for row in (*of.origins, OTHER))
            assert rows == series.at(year), (name, year)


def test_every_series_says_what_it_is_and_rests_on():
    for of in (*map(record, recorded_hosts()), countries(), published_outcomes("norway")):
        for series in of.series.values():
            for text in (series.meaning, series.unit, series.source, series.maker):
                assert text.strip(), (of.key, series.name)
            assert series.basis in BASES
            assert len(of.years) == 17 and all(len(values) == 17 for values in series.values.values())


def test_norway_holds_what_its_statistics_office_counts():
    claims = record("norway").series["applications"]
    assert (claims.at(2009), claims.at(2015)) == (17205, 30503)
    rows = set(record("norway").rows)
    asked = (
        "eritrea iran sudan stateless pakistan sri_lanka serbia_and_kosovo bosnia albania ukraine "
        "belarus algeria"
    )
    assert {*asked.split(), "turkey", "bangladesh", "iraq", "syria"} <= rows


def test_the_record_is_small():
    folder = ROOT / "avrr_sim" / "places" / "record"
    assert sum(path.stat().st_size for path in folder.rglob("*.yaml")) < 400_000
    assert not list(folder.rglob("*.csv"))


@pytest.mark.parametrize("read, name", [(record, "norwya"), (published_outcomes, "france")])
def test_a_host_without_a_record_is_refused_with_those_that_have_one(read, name):
    with pytest.raises(Refusal, match=f"unknown host.* '{name}'; allowed: .*norway"):
        read(name)


@pytest.mark.parametrize(
    "old, new, message",
    [
        ('    unit: "persons a year"\n', "", "series.applications: lacks 'unit'"),
        (
            'basis: "published"',
            'basis: "hearsay"',
            "unknown basis 'hearsay'; allowed: derived, judgement, published",
        ),
        ("460, 357, ~", "460, ~", "series.applications.values.iraq: must be a list of 17 values"),
        ("460, 357", "460, some", "'some' is not a number"),
        ("      iraq: [", "      irak: [", "unknown row 'irak'.*did you mean 'iraq'"),
    ],
    ids=["unit", "basis", "length", "text", "row"],
)
def test_a_record_that_lacks_something_is_refused_with_its_place(made, tmp_path, old, new, message):
    text = (made / "hosts" / "norway.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "own.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refusal, match=message):
        read_record(tmp_path / "own.yaml")
