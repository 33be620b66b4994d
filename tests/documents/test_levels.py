"""Levels by origin: what a published count says of them, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from conftest import ROOT

from avrr_sim.dates import month_number
from avrr_sim.documents.levels import DISCREPANCY, PRESUMED, PRIOR_SPREAD, departures_of_draw, level_of
from avrr_sim.evidence import central_weights
from avrr_sim.scenario import load_scenario
from avrr_sim.study.published.package import package_figures


def test_a_level_lies_between_its_prior_and_what_the_count_says():
    # 400 published, 100 simulated: the count says log 4 = 1.386 with variance 1/400 + 0.15^2 = 0.025; the
    # prior 0 with 0.64.
    # Posterior mean of the logarithm: 1.386 x 0.64 / (0.64 + 0.025) = 1.334; variance 0.025 x 0.64 / 0.665 =
    # 0.02406.
    assert (DISCREPANCY, PRIOR_SPREAD, PRESUMED) == (0.15, 0.8, 0.5)
    logs = np.log(level_of(400.0, np.full(20_000, 99.5), np.random.default_rng(1)))
    assert logs.mean() == pytest.approx(1.334, abs=4 * 0.155 / np.sqrt(20_000))
    assert logs.std() == pytest.approx(np.sqrt(0.02406), rel=0.02)


def test_nobody_in_a_run_gives_a_large_level_and_no_error():
    assert np.isfinite(level_of(15.0, np.zeros(10), np.random.default_rng(1))).all()


def test_returns_are_counted_in_persons_by_origin_and_window():
    scenario = load_scenario(ROOT / "scenarios" / "estonia-2010-2016.yaml")
    one = next(figure for figure in package_figures() if figure.scenario == scenario.key)
    windows = (("2010-01", "2016-10"), ("2010-01", "2012-12"), ("2013-01", "2016-10"))
    asked = tuple(
        replace(one, first=month_number(first), last=month_number(last), group=("origin", origin))
        for origin in ("russia", "ukraine")
        for first, last in windows
    )
    found = departures_of_draw(scenario, asked, 1500, (0, central_weights(scenario.weights)))
    for whole, early, late in (found[:3], found[3:]):
        assert whole == pytest.approx(early + late) and whole > 0
