"""Fitting and its checks on a world whose answer is known: figures that are linear in normal weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from avrr_sim.study.calibration.fitting import Fit, Problem, fit, moved, pattern_chance, sample
from avrr_sim.study.calibration.method_checks import binomial, check, holm, standing_out, uniform_p, verdicts
from avrr_sim.study.calibration.proposal import Proposal
from avrr_sim.study.calibration.tables import contraction_of, dummies_of, effects_table, quantiles_of, scores

POINTS, WEIGHTS = 3000, 12
SLOPES = np.zeros((2, WEIGHTS))
# figure 1 = 2 a + b / 2 + noise; figure 2 = c + noise
SLOPES[0, 0], SLOPES[0, 1], SLOPES[1, 2] = 2.0, 0.5, 1.0
NOISE = np.array([0.5, 0.5])
PUBLISHED = np.array([1.0, -0.8])


def posterior() -> tuple[np.ndarray, np.ndarray]:
    """(mean, covariance) of the weights given the published figures, by the normal distribution's own
    formula.
    """
    precision = np.eye(WEIGHTS) + SLOPES.T @ np.diag(1 / NOISE**2) @ SLOPES
    covariance = np.linalg.inv(precision)
    return covariance @ SLOPES.T @ (PUBLISHED / NOISE**2), covariance


def linear(seed: int = 5) -> Problem:
    chance = np.random.default_rng(seed)
    z = chance.standard_normal((POINTS, WEIGHTS))
    figures = z @ SLOPES.T + NOISE * chance.standard_normal((POINTS, 2))
    return Problem(z, figures, PUBLISHED, np.ones(POINTS), np.ones(POINTS))


def moments(found: Fit, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    kept = found.adjusted(z)
    mean = found.weights @ kept
    return mean, np.sqrt(found.weights @ (kept - mean) ** 2)


def test_the_posterior_of_a_linear_world_is_found():
    problem = linear()
    mean, covariance = posterior()
    found, spread = moments(fit(problem), problem.z)
    sigma = np.sqrt(np.diag(covariance))
    error = sigma / np.sqrt(fit(problem).effective)
    assert np.all(np.abs(found - mean) < 4.5 * error), "each mean within 4.5 standard errors"
    assert np.all(np.abs(spread / sigma - 1) < 4.5 / np.sqrt(2 * fit(problem).effective))


def test_weights_of_a_bank_that_looked_closer_are_brought_back_to_the_prior():
    chance = np.random.default_rng(3)
    proposal = Proposal(SLOPES, np.zeros(2), PUBLISHED, np.diag(2 * NOISE**2))
    z = proposal.moved(chance.standard_normal((POINTS, WEIGHTS)))
    figures = z @ SLOPES.T + NOISE * chance.standard_normal((POINTS, 2))
    problem = Problem(z, figures, PUBLISHED, np.ones(POINTS), proposal.importance(z))
    mean, covariance = posterior()
    found, spread = moments(fit(problem), z)
    sigma, effective = np.sqrt(np.diag(covariance)), fit(problem).effective
    assert np.all(np.abs(found - mean) < 4.5 * sigma / np.sqrt(effective))
    assert np.all(np.abs(spread / sigma - 1) < 4.5 / np.sqrt(2 * effective))
    _, twice = moments(fit(replace(problem, importance=np.ones(POINTS))), z)
    # the proposal's loose likelihood is worth half a likelihood more
    precision = np.eye(WEIGHTS) + 1.5 * SLOPES.T @ np.diag(1 / NOISE**2) @ SLOPES
    narrower = np.sqrt(np.linalg.inv(precision)[0, 0]) / sigma[0]
    assert twice[0] < (1 + narrower) / 2 * spread[0], (
        "without importance the figures would count more than once"
    )


def test_a_second_bank_lies_nearer_to_the_figures():
    proposal = Proposal(SLOPES, np.zeros(2), np.array([6.0, 3.0]), np.diag(NOISE**2))
    z = proposal.moved(np.random.default_rng(1).standard_normal((2000, WEIGHTS)))
    assert np.all(np.abs((z @ SLOPES.T).mean(axis=0) - [6.0, 3.0]) < [2.0, 1.0])
    assert np.all(np.abs(np.cov(z[:, 3:].T) - np.eye(WEIGHTS - 3)) < 0.15), (
        "weights that the figures say nothing of keep their prior"
    )


def test_a_factor_of_nothing_leaves_a_draw_out():
    problem = linear()
    found = fit(replace(problem, factor=(problem.z[:, 5] > 0).astype(float)))
    assert np.all(problem.z[found.rows, 5] > 0)


def test_too_few_usable_runs_are_said():
    problem = linear()
    with pytest.raises(ValueError, match="too few runs"):
        fit(replace(problem, factor=np.where(np.arange(POINTS) < 4, 1.0, 0.0)))


def test_the_run_that_plays_the_world_is_left_out():
    problem = linear()
    assert 7 in fit(replace(problem, published=problem.figures[7])).rows
    assert 7 not in fit(replace(problem, published=problem.figures[7]), without=7).rows


def test_regression_takes_out_exactly_what_is_linear():
    gaps = np.random.default_rng(2).standard_normal((50, 2))
    values = 3.0 + gaps @ np.array([[2.0], [-1.0]])
    assert moved(values, gaps, np.full(50, 0.02)) == pytest.approx(np.full((50, 1), 3.0), abs=1e-6)


def test_draws_are_sampled_in_proportion_and_in_no_order():
    weights = np.array([0.5, 0.25, 0.125, 0.125])
    drawn = sample(weights, 800, 1)
    assert np.abs(np.bincount(drawn) - 800 * weights).max() <= 1
    assert not np.all(np.diff(drawn) >= 0)


def test_a_pattern_that_depends_on_one_weight_is_told_where_it_was_not_tried():
    z = np.random.default_rng(4).standard_normal((2000, 10))
    statistics = np.full(2000, np.nan)
    statistics[:400] = 2 * z[:400, 3] + 0.5
    chance = pattern_chance(z, [(z, statistics)])
    assert np.all(chance[400:][z[400:, 3] > 0.3] > 0.95) and np.all(chance[400:][z[400:, 3] < -0.8] < 0.05)


def test_weights_that_act_on_nothing_do_not_contract():
    problem = linear()
    found = fit(problem)
    dummies = contraction_of(found, dummies_of(POINTS, 1))
    assert abs(dummies.mean()) < 0.03
    contraction = contraction_of(found, problem.z)
    assert contraction[0] > 0.5 > np.percentile(dummies, 95) and np.all(contraction[4:] < 0.1)


def test_quantiles_of_equal_weights_are_the_usual_ones():
    values = np.random.default_rng(6).standard_normal((2001, 1))
    assert quantiles_of(values, np.full(2001, 1 / 2001))[:, 0] == pytest.approx(
        np.quantile(values, [0.05, 0.5, 0.95]), abs=0.01
    )


def test_scores_keep_the_order_and_leave_the_unknown_unknown():
    scored = scores(np.array([[3.0], [100.0], [np.nan], [5.0]]))[:, 0]
    assert np.isnan(scored[2]) and scored[0] < scored[3] < scored[1] and scored[3] == pytest.approx(0.0)


# The checks of the method


def effects_of(problem: Problem) -> np.ndarray:
    """An effect that follows the first weight, skewed, known at half of the points; and one that no figure
    says anything of.
    """
    effects = np.column_stack([np.exp(problem.z[:, 0]), problem.z[:, 6]])
    effects[POINTS // 2 :] = np.nan
    return effects


def checked(problem: Problem, **options):
    return check(
        problem,
        [f"w{i}" for i in range(WEIGHTS)],
        effects_of(problem),
        ["s:uptake_24", "s:missing_24"],
        1,
        count=128,
        **options,
    )


def test_a_sound_method_passes_its_checks():
    table = verdicts(checked(linear()), ["w0", "w2"])
    table = table[table["of"] != "s:missing_24"]  # no figure speaks of this effect
    assert table["passed"].all(), table.to_string()


def test_a_posterior_equal_to_the_prior_fails_recovery_though_it_covers():
    problem = linear()

    def nothing_learned(problem, without=None):
        rows = np.delete(np.arange(POINTS), [] if without is None else [without])[::4]
        return Fit(rows, np.full(len(rows), 1 / len(rows)), np.zeros((len(rows), 2)), 0.0)

    table = verdicts(checked(problem, fitted=nothing_learned), ["w0", "w2"]).set_index(["check", "of"])[
        "passed"
    ]
    assert (
        table["coverage of 90 % intervals", "all weights"]
        and table["coverage of 90 % intervals", "scenario effects"]
    )
    assert not table["contraction beyond that of weights that act on nothing", "informed weights"]
    assert not table["narrower than the prior, share of width", "s:uptake_24"]


def test_an_effect_that_no_figure_speaks_of_fails_recovery():
    table = verdicts(checked(linear()), ["w0", "w2"]).set_index(["check", "of"])["passed"]
    assert (
        table["narrower than the prior, share of width", "s:uptake_24"]
        and not table["narrower than the prior, share of width", "s:missing_24"]
    )


def test_weights_called_informed_by_accident_fail_recovery():
    # Of the weights that act on nothing, those that a fit to this very bank narrowed most: chosen as informed
    # ones are.
    problem = linear()
    chance = np.random.default_rng(77).standard_normal((POINTS, 60))
    found = fit(problem)
    lucky = np.argsort(contraction_of(found, chance))[-3:]
    wide = replace(problem, z=np.column_stack([problem.z, chance[:, lucky]]))
    done = check(
        wide,
        [f"w{i}" for i in range(WEIGHTS + 3)],
        effects_of(problem),
        ["s:uptake_24", "s:missing_24"],
        1,
        count=128,
    )
    table = verdicts(done, [f"w{WEIGHTS + i}" for i in range(3)]).set_index(["check", "of"])["passed"]
    assert not table["contraction beyond that of weights that act on nothing", "informed weights"]
    out = standing_out(done)
    assert "w0" in out and "w2" in out and not {f"w{WEIGHTS + i}" for i in range(3)} & set(out)


def test_effects_of_exactly_zero_stay_so_after_fitting():
    problem = linear()
    effects = effects_of(problem)
    # about 70 % zeros
    effects[:, 1] = np.where(problem.z[:, 6] > 0.5, 1.0, np.where(np.isnan(effects[:, 1]), np.nan, 0.0))
    effects[POINTS // 2 :, 1] = np.nan
    table = effects_table(fit(problem), effects, effects, ["s:uptake_24", "s:missing_24"]).set_index(
        "measure"
    )
    row = table.loc["missing_24"]
    assert row["posterior_negative"] == 0.0 and row["posterior_median"] == 0.0
    assert row["posterior_positive"] == pytest.approx(row["prior_positive"], abs=0.08)


def test_a_posterior_that_is_too_sure_fails_coverage():
    class Sure(Fit):
        def adjusted(self, values):
            kept = super().adjusted(values)
            return self.weights @ kept + 0.6 * (kept - self.weights @ kept)

    def too_sure(problem, without=None):
        found = fit(problem, without=without)
        return Sure(found.rows, found.weights, found.gaps, found.radius)

    table = verdicts(checked(linear(), fitted=too_sure), ["w0", "w2"]).set_index(["check", "of"])["passed"]
    assert not table["coverage of 90 % intervals", "informed weights"]


def test_p_values_are_corrected_for_their_number():
    # 3 x 0.01; 2 x 0.03; then no smaller than the one before
    assert holm(np.array([0.01, 0.04, 0.03])) == pytest.approx([0.03, 0.06, 0.06])
    assert holm(np.array([0.9, 0.5])) == pytest.approx([1.0, 1.0])


def test_ranks_that_pile_up_at_one_end_are_not_uniform():
    chance = np.random.default_rng(8).random((256, 1))
    assert uniform_p(chance)[0] > 0.001 > uniform_p(chance**2)[0]


def test_the_binomial_interval_is_that_of_clopper_and_pearson():
    assert binomial(9, 10) == pytest.approx((0.5550, 0.9975), abs=1e-4)


def test_effects_are_told_before_and_after_fitting():
    problem = linear()
    found = fit(problem)
    table = effects_table(
        found, effects_of(problem), effects_of(problem), ["s:uptake_24", "s:missing_24"]
    ).set_index("measure")
    mean, covariance = posterior()
    assert table.loc["uptake_24", "posterior_median"] == pytest.approx(np.exp(mean[0]), rel=0.12)
    width = table["posterior_high"] - table["posterior_low"]
    assert width["uptake_24"] < 0.5 * (table["prior_high"] - table["prior_low"])["uptake_24"]
    assert table.loc["missing_24", "posterior_positive"] == pytest.approx(0.5, abs=0.1)
    assert isinstance(table, pd.DataFrame) and table.loc["uptake_24", "prior_positive"] == 1.0
