"""Verdicts and statistics: rules worked by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from avrr_sim.study.patterns.life import GROUPS, group_of
from avrr_sim.study.patterns.statistic import PRESUMED, Statistic, least, log_ratio, ratio, statistic_of
from avrr_sim.study.validation.verdicts import binomial_interval, judged, verdict_of

NAN = math.nan


@pytest.mark.parametrize(
    "successes, n, low, high",
    [
        (10, 10, 0.05**0.1, 1.0),  # all of ten: low^10 = 0.05
        (0, 10, 0.0, 1 - 0.05**0.1),
        (18, 20, 0.717, 0.982),  # a table of Clopper and Pearson, 90 %
        (0, 0, 0.0, 1.0),
    ],
)
def test_the_interval_is_that_of_clopper_and_pearson(successes, n, low, high):
    assert binomial_interval(successes, n) == pytest.approx((low, high), abs=5e-4)


@pytest.mark.parametrize(
    "low, high, verdict",
    [
        (0.75, 1.0, "hit"),
        (0.74, 1.0, "not decidable"),
        (0.0, 0.25, "missed"),
        (0.0, 0.26, "not decidable"),
        (0.3, 0.7, "not decidable"),
        (0.0, 1.0, "not decidable"),
    ],
)
def test_a_verdict_needs_the_whole_interval_on_one_side_of_a_cut(low, high, verdict):
    assert verdict_of(low, high) == verdict


@pytest.mark.parametrize(
    "value, error, chance, clear",
    [
        (0.1, 0.1, 0.8413, False),
        (-0.1, 0.1, 0.1587, False),
        (0.3, 0.1, 0.9987, True),
        (0.1, 0.0, 1.0, True),
        (-0.1, 0.0, 0.0, True),
        (0.0, 0.0, 0.0, True),
        (NAN, 0.1, 0.5, False),
        (0.1, NAN, 0.5, False),
    ],
)
def test_the_chance_that_a_pattern_holds_in_a_draw(value, error, chance, clear):
    statistic = Statistic(value, error)
    assert statistic.holds == pytest.approx(chance, abs=1e-4)
    assert statistic.clear is clear


def test_nine_in_ten_of_twenty_draws_are_not_enough_for_a_hit_and_of_a_hundred_they_are():
    def share(hold: int, miss: int):
        return judged([Statistic(1.0, 0.0)] * hold + [Statistic(-1.0, 0.0)] * miss)

    few, many = share(18, 2), share(90, 10)
    assert (few.probability, few.verdict, few.draws) == (0.9, "not decidable", 20)
    assert (many.probability, many.verdict) == (0.9, "hit")
    assert share(10, 90).verdict == "missed"


def test_draws_that_cannot_tell_count_by_half_and_never_make_a_verdict():
    blind = judged([Statistic(0.0, 1.0)] * 100)
    assert blind.probability == 0.5 and blind.verdict == "not decidable" and blind.clear == 0.0


def test_without_draws_nothing_is_decided():
    nothing = judged([])
    assert (
        math.isnan(nothing.probability)
        and nothing.verdict == "not decidable"
        and (nothing.low, nothing.high) == (0.0, 1.0)
    )


def test_parts_of_a_statistic():
    assert least([0.3, -0.1]) == -0.1 and math.isnan(least([0.3, NAN])) and math.isnan(least([]))
    assert least([-0.1, NAN]) == -0.1, "one part that fails is enough"
    assert log_ratio(2.0, 1.0) == pytest.approx(math.log(2)) and math.isnan(log_ratio(0.0, 1.0))
    assert log_ratio(0, 0, PRESUMED) == 0.0 and ratio(1, 4) == 0.25 and math.isnan(ratio(1, 0))


def test_the_jackknife_of_a_sum_by_hand():
    """Groups 0, 1, .., 19: squared deviations from 9.5 add up to 665; leaving out in turn gives the root of
    19/20 of them.
    """
    world = SimpleNamespace(scenario=None, weights=None, scale=1.0)
    life = SimpleNamespace(world=world, sums={"x": np.arange(GROUPS, dtype=float)})
    found = statistic_of(lambda view: float(view["x"]), [life])
    assert found.value == 190.0 and found.error == pytest.approx(math.sqrt(0.95 * 665))
    assert math.isnan(statistic_of(lambda view: 1.0, [life], with_error=False).error)


def test_groups_are_of_like_size_and_hold_the_same_person_everywhere():
    # cohorts of five, as in small runs
    ids = (np.arange(20_000, dtype=np.int64) // 5 << 20) + np.arange(20_000) % 5
    groups = group_of(ids)
    assert set(groups) == set(range(GROUPS)) and np.bincount(groups).std() < 3 * math.sqrt(1000)
    assert np.array_equal(group_of(ids[::-1]), groups[::-1])
