"""The page of the world: the model's input beside the record, and the formulas by which it is read."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from avrr_sim.documents import world
from avrr_sim.documents.markdown import filled
from avrr_sim.documents.world_compared import compared
from avrr_sim.documents.world_input import input_years
from avrr_sim.documents.world_tables import income_points
from avrr_sim.places import from_record
from avrr_sim.places.place import host
from avrr_sim.places.record import income, make
from avrr_sim.places.record.published import ALL, read_record, record

SAMPLE = Path(__file__).parent / "world_sample"
PAGE = (ROOT / "docs" / "world.md").read_text(encoding="utf-8")


def test_the_tables_of_the_page_are_those_of_input_and_record():
    assert filled(PAGE, tables=world.TABLES) == PAGE, "python -m avrr_sim.documents.world docs/world.md"


def test_the_page_and_its_pictures_are_made_anew_as_they_stand(tmp_path, capsys):
    page = tmp_path / "world.md"
    page.write_text(re.sub(r"(<!-- generated: [a-z-]+ -->\n).*?(<!-- end)", r"\1\2", PAGE, flags=re.DOTALL))
    assert world.main([str(page)]) == 0 and page.read_text(encoding="utf-8") == PAGE
    for name in re.findall(r"figures/(world-\w+\.svg)", PAGE):
        assert (tmp_path / "figures" / name).read_text(encoding="utf-8").startswith("<svg"), name
    assert world.main([str(tmp_path / "none.md")]) == 2 and world.main([]) == 2
    assert "none.md" in capsys.readouterr().err


def test_what_the_input_implies_worked_by_hand():
    """Everybody who comes waits, is decided, or is for another state; nobody is lost on the way, from the
    stock of 2006 on.
    """
    told, norway = input_years("norway"), host("norway")
    for origin in ("iraq", "other", ALL):
        claims, dublin, decided = (
            sum(getattr(told[origin, year], name) for year in range(2008, 2019))
            for name in ("claims", "dublin", "decided")
        )
        left = told[origin, 2007].pending + claims - dublin - decided
        assert left == pytest.approx(told[origin, 2018].pending), origin
    # 2,929 claims from Iraq in 2015; 281 of 356 decisions closed that year, 930 of 2,211 the next
    iraq = told["iraq", 2015]
    assert (iraq.claims, norway.claims[2015]["iraq"]) == (pytest.approx(2929), 2929)
    decisions = (20 + 5 + 50 + 281) + (187 + 34 + 1060 + 930)
    assert iraq.closed == pytest.approx(2929 * (281 + 930) / decisions)
    assert iraq.dublin == pytest.approx(iraq.closed * 0.5)


def test_a_ratio_is_input_over_published():
    claims = compared("norway")["arrivals"]
    place = claims.years.index(2015)
    assert claims.given[place] == pytest.approx(30503) and claims.published[place] == 30503
    pending = compared("norway")["pending"]
    place = pending.years.index(2015)
    assert pending.ratios()[place] == pytest.approx(pending.given[place] / 25274)
    assert pending.ratios()[pending.years.index(2005)] is None


def test_the_input_waits_as_long_as_the_record_says():
    """From the first published stock on, pending claims are within 15 per cent of the published ones, the
    peak of 2015 among them: what is missing are Dublin cases, which a run keeps apart.
    """
    pending = compared("norway")["pending"]
    for year, each in zip(pending.years, pending.ratios(), strict=True):
        assert each is None or year == 2006 or 0.85 < each < 1.0, year


def test_chances_and_months_of_the_input_worked_by_hand():
    """Iraq in Norway, 2010: 382 permits of 1,126 decisions on the merits; on review 45 permits and
    1,020 rejections in 2010, 53 and 752 in 2011. Belarus in 2010 has too few decisions, so those of all
    years stand in.
    """
    of = record("norway")
    first, review = 382 / 1126, (45 + 53) / (45 + 53 + 1020 + 752)
    chance = first + (1 - first) * review
    assert from_record.permit_chance(of, "iraq", 2010) == pytest.approx(chance, abs=5e-4)
    assert of.series["permit_chance"].at(2010, "belarus") is None
    permits, merits = (
        sum(of.series[name].at(year, "belarus") or 0.0 for name in names for year in of.years)
        for names in (("recognised", "other_protection"), ("recognised", "other_protection", "rejected"))
    )
    assert from_record.permit_chance(of, "belarus", 2010) >= permits / merits > 0
    pace = of.series["final_months"]
    assert from_record.months(of, "iraq", 2010) == pace.at(2010, "iraq") == 13.7
    assert pace.at(2014, "iraq") is None and pace.at(2014) == 8.1
    logs = [np.log(pace.at(y, "iraq") / pace.at(y)) for y in of.years if pace.at(y, "iraq") and pace.at(y)]
    assert from_record.months(of, "iraq", 2014) == pytest.approx(8.1 * np.exp(np.mean(logs)))
    assert from_record.months(of, "iraq", 2004) is None


def test_the_input_follows_from_the_sample_as_from_the_shipped_record(tmp_path):
    """What is read of the sample's record is what is read of the shipped one, in the years that the sample
    has whole.
    """
    assert make.main([str(SAMPLE), str(tmp_path)]) == 0
    shipped, sample = record("norway"), read_record(tmp_path / "hosts" / "norway.yaml")
    for row in ("iraq", "afghanistan", "russia"):
        assert row in sample.rows
        for formula, years in ((from_record.months, (2010, 2011)), (from_record.closed_share, (2009, 2010))):
            for year in years:
                assert formula(sample, row, year) == formula(shipped, row, year) is not None, (row, year)


def test_income_follows_the_formula_fitted_to_what_was_judged():
    found = income.fitted(*zip(*income_points(), strict=True))
    assert (found.level, found.power) == pytest.approx((income.LEVEL, income.POWER), abs=0.005)
    assert found.left == pytest.approx(income.SPREAD, abs=0.005)
    # Iraq 2012: 6,478 US dollars a head are 539.8 a month; exp(5.12 + 0.495 x ln 539.8)
    assert income.income(6478.0) == round(np.exp(5.12 + 0.495 * np.log(6478 / 12)))
