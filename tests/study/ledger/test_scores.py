"""Scores against closed forms, and what they promise."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from avrr_sim.study.ledger.scores import crps, interval_score, probability_below

NORMAL = NormalDist()


def crps_of_normal(mean: float, sd: float, actual: float) -> float:
    """Gneiting and Raftery (2007), in closed form."""
    z = (actual - mean) / sd
    return sd * (z * (2 * NORMAL.cdf(z) - 1) + 2 * NORMAL.pdf(z) - 1 / np.sqrt(np.pi))


@pytest.mark.parametrize("actual", [-3.0, 80.0, 100.0, 125.0])
def test_crps_of_many_draws_is_that_of_their_distribution(actual):
    draws = np.array([NormalDist(100, 15).inv_cdf((k + 0.5) / 4000) for k in range(4000)])
    assert crps(draws, actual) == pytest.approx(crps_of_normal(100, 15, actual), abs=0.02)


def test_crps_of_few_draws_is_as_worked_out_by_hand():
    assert crps(np.array([3.0]), 5.0) == 2.0
    assert crps(np.array([2.0, 6.0]), 5.0) == pytest.approx((3 + 1) / 2 - 4 / 4)
    draws = np.array([1.0, 4.0, 4.0, 9.0])
    pairs = np.abs(draws[:, None] - draws).mean() / 2
    assert crps(draws, 3.0) == pytest.approx(np.abs(draws - 3.0).mean() - pairs)


def test_the_interval_score_is_the_width_and_what_lies_outside():
    assert interval_score(10, 30, 0.9, 20) == 20
    assert interval_score(10, 30, 0.9, 7) == pytest.approx(20 + 2 / 0.1 * 3)
    assert interval_score(10, 30, 0.5, 31) == pytest.approx(20 + 2 / 0.5 * 1)


@pytest.mark.parametrize("mass", [0.5, 0.9])
def test_the_interval_score_is_least_for_the_quantiles_of_the_truth(mass):
    rng = np.random.default_rng(1)
    came = rng.normal(0, 1, 20_000)
    edge = NORMAL.inv_cdf((1 + mass) / 2)
    means = [
        np.mean([interval_score(-edge * k, edge * k, mass, each) for each in came[:4000]])
        for k in (0.7, 1.0, 1.4)
    ]
    assert means[1] == min(means)


def test_the_probability_below_counts_ties_by_half():
    assert probability_below(np.array([1.0, 2.0, 2.0, 3.0]), 2.0) == 0.5
    assert probability_below(np.array([1.0, 2.0]), 9.0) == 1.0
