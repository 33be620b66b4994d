"""The page on what the answers depend on has a place for everything that is made, and all of it was made."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import ROOT
from report_tables import make_tables

from avrr_sim.documents import answers
from avrr_sim.documents.markdown import filled

PAGE = (ROOT / "docs" / "answers.md").read_text(encoding="utf-8")


def test_the_page_has_a_place_for_every_table():
    made = filled(PAGE, tables={name: lambda: "| a |" for name in answers.made()})
    assert made.count("| a |") == len(answers.made())


@pytest.mark.parametrize("name", answers.made())
def test_every_part_of_the_page_was_made(name):
    told = PAGE.split(f"<!-- generated: {name} -->")[1].split("<!-- end")[0].strip()
    assert told and "nan" not in told.split()
    assert name.endswith(("tips", "varies")) or told.count("\n|") >= 3


@pytest.mark.parametrize("part", [*answers.PARTS.values(), answers.readings], ids=lambda part: part.__name__)
def test_parts_are_told_of_made_up_tables(part):
    tables = make_tables(draws=60)
    told = part(tables)
    assert "nan" not in told.split() and told.count("\n") >= 1
    names = [scenario["name"] for scenario in tables.scenarios[1:]]
    assert any(name in told for name in names)


def test_a_change_is_told_in_whole_units_of_a_thousand_or_persons():
    assert answers.changed({"measure": "uptake_24"}, 0.0124) == "12 more of 1,000 who arrive"
    assert answers.changed({"measure": "gone_under"}, np.float64(-3.4)) == "3 fewer persons a year"
