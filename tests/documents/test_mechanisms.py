"""The page on mechanisms: what it counts, by hand, and that it has a place for every table."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from conftest import ROOT

from avrr_sim.documents import mechanisms
from avrr_sim.documents.markdown import filled
from avrr_sim.migrant import MIGRANT, NEVER


def people(*rows):
    """A world of these rows only, over forty months."""
    table = np.zeros(len(rows), MIGRANT).view(np.recarray)
    for name in ("deadline_at", "applied_at", "left_at"):
        table[name] = NEVER
    for i, row in enumerate(rows):
        for name, value in row.items():
            table[name][i] = value
    return SimpleNamespace(rows=table, months=40)


def test_first_applications_are_counted_over_those_at_risk_before_the_own_deadline():
    world = people(
        {"obliged_at": 10, "deadline_at": 16},  # at risk in all six months
        {"obliged_at": 10, "deadline_at": 16, "applied_at": 14},  # 3 months far off, 2 of the last three
        {"obliged_at": 10, "deadline_at": 16, "left_at": 11},  # 2 months far off
        {"obliged_at": 12, "deadline_at": 16, "applied_at": 14},  # too short a deadline for both spans
        {"obliged_at": 3},  # under Dublin: no deadline of its own
    )
    assert mechanisms._chances_before_deadline(world) == (1 / 5, 0 / 8)


def test_spreads_are_told_as_medians_with_the_middle_nine_tenths():
    assert mechanisms.spread(np.arange(101) / 100, 100, 0) == "50 (5 to 95)"


def test_the_scenarios_of_a_draw_are_lived_by_the_same_people():
    scenarios = [mechanisms._scenario("baseline-norway"), mechanisms._scenario("cash-doubled")]
    of_draws = mechanisms.lives(scenarios, lambda world: world.rows["id"].copy(), draws=2, size=200)
    assert len(of_draws) == 2 and all(np.array_equal(a, b) for a, b in of_draws)


def test_the_page_has_a_place_for_every_table():
    page = (ROOT / "docs" / "mechanisms.md").read_text(encoding="utf-8")
    made = filled(page, tables={name: lambda: "| a |" for name in mechanisms.TABLES})
    assert made.count("| a |") == len(mechanisms.TABLES)


@pytest.mark.parametrize("name", mechanisms.TABLES)
def test_every_table_of_the_page_was_made(name):
    page = (ROOT / "docs" / "mechanisms.md").read_text(encoding="utf-8")
    table = page.split(f"<!-- generated: {name} -->")[1].split("<!-- end")[0]
    assert table.count("\n|") >= 3 and "nan" not in table
