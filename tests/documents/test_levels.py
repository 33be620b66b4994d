"""Levels by origin: what a published count says of them, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import ROOT

from avrr_sim.documents.levels import DISCREPANCY, PRESUMED, PRIOR_SPREAD, Counts, level_of, returns_of
from avrr_sim.evidence import central_weights
from avrr_sim.scenario import load_scenario


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
    halves = tuple(
        Counts(name, "", first, last, True, {"russia": 1, "ukraine": 1})
        for name, first, last in (
            ("all", "2010-01", "2016-10"),
            ("early", "2010-01", "2012-12"),
            ("late", "2013-01", "2016-10"),
        )
    )
    found = returns_of(scenario, halves, 1500, (0, central_weights(scenario.weights)))
    for origin in ("russia", "ukraine"):
        assert (
            found["all", origin] == pytest.approx(found["early", origin] + found["late", origin])
            and found["all", origin] > 0
        )
