"""The value of information against cases whose answer is known: linear and Gaussian, in closed form; bent,
by nested simulation; and dummies, which are worth nothing.
"""

from __future__ import annotations

import numpy as np
import pytest

from avrr_sim.study.value.candidates import Candidate, worth_of
from avrr_sim.study.value.material import Effect
from avrr_sim.study.value.regression import DUMMIES, explained, permuted

DRAWS = 400
SLOPES = np.array([2.0, 1.0, 0.5, 0.5, *[0.0] * 16])
CHANCE = 1.0  # standard deviation of one replicate


def linear(seed: int) -> tuple[np.ndarray, Effect, np.ndarray]:
    """(weights (draws, 20), a difference that is linear in them with two replicates, dummies)."""
    rng = np.random.default_rng(seed)
    weights = rng.standard_normal((DRAWS, len(SLOPES)))
    values = (weights @ SLOPES)[:, None] + CHANCE * rng.standard_normal((DRAWS, 2))
    return weights, Effect("a", "uptake_24", values), permuted(np.arange(DRAWS), DUMMIES, rng)


def worth(data: list[np.ndarray], effect: Effect, dummies: np.ndarray, half=None):
    each = Candidate("weight", "x", "x", {}, [(one, half) for one in data])
    return worth_of(each, effect, np.arange(len(effect.values)), dummies)


@pytest.fixture(scope="module")
def cases():
    return [linear(seed) for seed in range(4)]


def close(found: list, truth: float, misfit: float = 0.0) -> bool:
    """Whether the mean of some estimates lies within three of their own errors of the truth, and these
    errors are those that the estimates have; misfit: how much less may be found, where bends are beyond
    polynomials.
    """
    shares = np.array([each.share for each in found])
    errors = np.array([each.error for each in found])
    assert errors.mean() > 0.4 * shares.std(ddof=1)
    reach = 3.0 * errors.mean() / np.sqrt(len(found)) + 0.005
    return truth - misfit - reach < shares.mean() < truth + reach


def test_chance_of_finite_runs_is_no_part_of_what_could_be_known(cases):
    for _, effect, _ in cases:
        assert abs(effect.variance / (SLOPES @ SLOPES) - 1.0) < 0.2
        assert abs(effect.chance - (CHANCE**2 / 2) / (SLOPES @ SLOPES + CHANCE**2 / 2)) < 0.03


@pytest.mark.parametrize("some", [[0], [1], [0, 1], [2, 3], range(20)], ids=str)
def test_a_weight_or_group_that_is_linear_is_worth_its_share_in_closed_form(cases, some):
    some = list(some)
    truth = float(SLOPES[some] @ SLOPES[some]) / float(SLOPES @ SLOPES)
    assert close([worth([w[:, some]], effect, dummies) for w, effect, dummies in cases], truth)


@pytest.mark.parametrize("error", [0.5, 2.0])
def test_a_study_that_is_gaussian_is_worth_its_share_in_closed_form(cases, error):
    """Data y = 2 a + b + e: Var(E[d | y]) = Cov(d, y)^2 / Var(y)."""
    truth = 5.0**2 / (5.0 + error**2) / float(SLOPES @ SLOPES)
    found = []
    for number, (weights, effect, dummies) in enumerate(cases):
        rng = np.random.default_rng(100 + number)
        seen = 2.0 * weights[:, 0] + weights[:, 1]
        data = [(seen + error * rng.standard_normal(DRAWS))[:, None] for _ in range(4)]
        found.append(worth(data, effect, dummies, (0, 1)))
    assert close(found, truth)


def test_dummies_are_worth_nothing_and_seldom_lie_above_the_line(cases):
    found = [worth([w[:, [k]]], effect, dummies) for w, effect, dummies in cases[:3] for k in range(4, 20)]
    assert abs(np.mean([each.share for each in found])) < 0.004
    assert (
        np.mean([each.above for each in found]) < 0.17
    )  # 48 of one in twenty: up to 6 in all but 1 of 100 cases


def simulated(
    a: np.ndarray, b: np.ndarray, c: np.ndarray, people: int, rng: np.random.Generator
) -> np.ndarray:
    """A small simulation: the share of people who apply under a policy less that without it, where it works
    on the aware only.
    """
    aware = 1.0 / (1.0 + np.exp(-a))
    before = 1.0 / (1.0 + np.exp(1.5 - b))
    after = before * (1.0 - aware) + aware / (1.0 + np.exp(1.5 - b - c * c))
    return (rng.binomial(people, after) - rng.binomial(people, before)) / people


def nested(known: str, rng: np.random.Generator) -> float:
    """Var(E[d | known]) / Var(E[d | all]) by brute force: an inner simulation for every outer draw."""
    outer, inner = 1500, 400
    weights = {name: rng.standard_normal((outer, inner)) for name in "abc"}
    for name in known:
        weights[name][:] = weights[name][:, :1]
    d = simulated(*weights.values(), 10**9, rng)
    every = simulated(*rng.standard_normal((3, 400_000)), 10**9, rng)
    return (float(np.var(d.mean(axis=1))) - float(np.mean(np.var(d, axis=1))) / inner) / float(np.var(every))


@pytest.mark.parametrize("known", ["a", "c", "ac"])
def test_a_bent_simulation_is_worth_what_a_nested_simulation_says(known):
    truth = nested(known, np.random.default_rng(3))
    found = []
    for seed in range(4):
        rng = np.random.default_rng([seed, 5])
        weights = dict(zip("abc", rng.standard_normal((3, DRAWS)), strict=True))
        values = np.column_stack([simulated(*weights.values(), 2000, rng) for _ in range(2)])
        dummies = permuted(np.arange(DRAWS), DUMMIES, rng)
        data = np.column_stack([weights[name] for name in known])
        found.append(worth([data], Effect("a", "uptake_24", values), dummies))
    assert close(found, truth, misfit=0.02)


def test_copies_of_a_row_of_weights_are_kept_together_by_dummies():
    rows = np.array([0, 0, 1, 2, 2, 2, 3])
    dummies = permuted(rows, 50, np.random.default_rng(1))
    for column in dummies.T:
        for row in set(rows.tolist()):
            assert len(set(rows[column[rows == row]].tolist())) == 1


def test_copies_do_not_make_a_weight_worth_more():
    """Draws that repeat teach nothing new, and the null line knows it."""
    rng = np.random.default_rng(9)
    rows = rng.integers(0, 40, 400)
    weight, y = rng.standard_normal(40)[rows], rng.standard_normal(40)[rows] + 0.1 * rng.standard_normal(400)
    known = explained(weight[:, None], y, rows, permuted(rows, DUMMIES, rng))
    blind = explained(weight[:, None], y, np.arange(400), permuted(np.arange(400), DUMMIES, rng))
    assert np.quantile(known.dummies, 0.95) > 3.0 * np.quantile(blind.dummies, 0.95)
