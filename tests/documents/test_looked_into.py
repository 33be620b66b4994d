"""What is tried where the fitted model misses a pattern: the worlds that it is tried in."""

from __future__ import annotations

import numpy as np
import pytest

from avrr_sim.dates import month_number
from avrr_sim.documents import looked_into
from avrr_sim.documents.looked_into import SWAPPED, JudgedLives
from avrr_sim.places.origins import origins, series_values
from avrr_sim.study.patterns.lives import Lives

MONTH = month_number("2012-06")


def security(lives: Lives, world: str, origin: str) -> float:
    of_scenario = lives.scenario(world).series.get(origin, {})
    steps = of_scenario.get("security", origins()[origin].series["security"])
    return float(series_values(steps, MONTH, 1)[0])


@pytest.mark.parametrize("world", ["shocks", "norway-history"])
def test_security_is_as_it_was_judged_where_it_was_and_of_the_record_elsewhere(world):
    plain, judged = (kind({}, 1, 0, 200) for kind in (Lives, JudgedLives))
    assert security(judged, world, "iraq") == pytest.approx(0.52)
    assert security(judged, world, "afghanistan") == pytest.approx(0.3)
    assert security(judged, world, "eritrea") == security(plain, world, "eritrea")
    assert abs(security(plain, world, "iraq") - 0.52) > 0.05, "the record does not say what was judged"


def test_judged_security_changes_places_in_the_world_where_the_record_does():
    judged = JudgedLives({}, 1, 0, 200)
    assert security(judged, SWAPPED, "iraq") == pytest.approx(0.3)
    assert security(judged, SWAPPED, "afghanistan") == pytest.approx(0.52)


def test_the_table_tells_every_pattern_in_every_way(monkeypatch):
    monkeypatch.setattr(looked_into, "WAYS", {"as validated": (Lives, 300)})
    lines = looked_into.table(draws=1, weights="prior").splitlines()
    assert len(lines) == 2 + len(looked_into.ASKED) + 1
    assert all("%" in line for line in lines[2:]) and np.all([line.count("|") == 3 for line in lines])
