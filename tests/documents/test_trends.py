"""The page on trends: trials that change nothing before their date, and a place for every table."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from avrr_sim.dates import month_number
from avrr_sim.documents import trends
from avrr_sim.documents.markdown import filled
from avrr_sim.documents.mechanisms import lives

ROOT = Path(__file__).resolve().parents[2]


def test_a_trial_is_the_fitted_scenario_until_its_date_and_another_afterwards():
    scenarios = [trends.scenario_of(changes) for changes in trends.TRIALS.values()]
    until = month_number("2013-07") - scenarios[0].start
    (of_draw,) = lives(scenarios, lambda world: world.units.copy(), draws=1, size=1500)
    for label, other in zip(list(trends.TRIALS)[1:], of_draw[1:], strict=True):
        assert np.array_equal(of_draw[0][:until], other[:until]), label
    assert sum(not np.array_equal(of_draw[0], other) for other in of_draw[1:]) > len(of_draw) // 2


def test_ratios_are_those_that_the_fit_tells(monkeypatch):
    values = trends.found.__wrapped__("posterior", 2, 1500)
    assert values.shape == (2, len(trends.TRIALS), len(trends.RATIOS))
    monkeypatch.setattr(trends, "found", lambda: values)
    line = trends.trials().splitlines()[2]
    assert line.startswith("| as it is |") and line.count("%") == len(trends.RATIOS)


def test_the_page_has_a_place_for_every_table():
    page = (ROOT / "docs" / "trends.md").read_text(encoding="utf-8")
    made = filled(page, tables={name: lambda: "| a |" for name in trends.TABLES})
    assert made.count("| a |") == len(trends.TABLES)
