"""Approximate Bayesian computation on a bank of runs, with local-linear regression adjustment.

Beaumont, Zhang and Balding (2002), Genetics 162: draws whose simulated figures lie near the published ones are kept, the nearer the more they
count, and each is moved along a local linear regression of the weights on the figures to where the published figures stand. What is moved are
normal quantiles of the priors, so that no weight leaves its range. Errors of the figures and the model's discrepancy are added to the simulated figures as
noise (Wilkinson 2013, Statistical Applications in Genetics and Molecular Biology 12): then the draws kept are draws from the posterior under
that noise, not only near it. Targets known as a range, and patterns, weigh a draw by the probability that it satisfies them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from avrr_sim.study.targets import Target, Targets

KEPT = 0.25
"""Share of the bank that is kept: the nearest quarter. `docs/calibration.md` shows what other shares would give."""

SAMPLE = 1000
"""Draws of a posterior that are kept and shipped."""

_RIDGE = 1e-9  # of the mean square, so that constant figures do no harm
_NOISE = 0x0A


@dataclass(frozen=True)
class Problem:
    """What is conditioned on: quantiles z (points, weights) of the priors, figures (points, targets) on the targets' scales with noise, the published
    figures (targets,) on the same scales, and a factor (points,) in [0, 1] for ranges and patterns. Rows with an undefined figure have factor 0."""

    z: np.ndarray
    figures: np.ndarray
    published: np.ndarray
    factor: np.ndarray


@dataclass(frozen=True)
class Fit:
    """Kept draws: `rows` of the bank, their weights (summing to 1), and the shift of the figures to the published ones (kept, targets)."""

    rows: np.ndarray
    weights: np.ndarray
    gaps: np.ndarray
    radius: float

    @property
    def effective(self) -> float:
        """Number of equally weighted draws that would be as good."""
        return float(1.0 / np.sum(self.weights**2))

    def adjusted(self, values: np.ndarray) -> np.ndarray:
        """Values (points, ...) of the kept draws, moved along their local linear regression on the figures: (kept, ...)."""
        return moved(values[self.rows], self.gaps, self.weights)


def moved(values: np.ndarray, gaps: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Values (kept, columns) less what a weighted linear regression says of their gaps (kept, targets).

    Their spread around the mean is widened by the degrees of freedom that the regression takes, for its residuals are too small by as much.
    """
    centre = weights @ gaps
    x = gaps - centre
    scatter = (x * weights[:, None]).T @ x
    scatter[np.diag_indices_from(scatter)] += _RIDGE * max(float(np.trace(scatter)), 1.0)
    flat = values.reshape(len(values), -1)
    slopes = np.linalg.solve(scatter, (x * weights[:, None]).T @ (flat - weights @ flat))
    out = flat - gaps @ slopes
    mean = weights @ out
    effective = 1.0 / np.sum(weights**2)
    wider = np.sqrt(effective / max(effective - gaps.shape[1] - 1, 1.0))
    return (mean + wider * (out - mean)).reshape(values.shape)


def fit(problem: Problem, kept: float = KEPT, without: int | None = None) -> Fit:
    """Keep the nearest draws and weigh them (Epanechnikov kernel in the scaled distance, times the factor).

    `without`: a row to be left out, whose figures stand for the published ones. Raises ValueError where too few draws could be kept.
    """
    possible = problem.factor > 0
    if without is not None:
        possible[without] = False
    figures = problem.figures[possible]
    middle = np.median(figures, axis=0)
    scale = np.median(np.abs(figures - middle), axis=0)
    gaps = (figures - problem.published) / np.where(scale > 0, scale, 1.0)
    distance = np.sqrt(np.mean(gaps**2, axis=1)) if gaps.shape[1] else np.zeros(len(gaps))
    count = max(int(kept * len(problem.factor)), 1)
    if count > len(distance) or count <= gaps.shape[1] + 1:
        raise ValueError(f"too few runs to fit {gaps.shape[1]} targets: {len(distance)} usable, {count} to be kept")
    radius = float(np.partition(distance, count - 1)[count - 1])
    near = np.flatnonzero(distance <= radius)
    kernel = 1.0 - (distance[near] / radius) ** 2 if radius > 0 else np.ones(len(near))
    weights = kernel * problem.factor[possible][near]
    used = weights > 0
    near, weights = near[used], weights[used]
    return Fit(np.flatnonzero(possible)[near], weights / weights.sum(), gaps[near], radius)


def noise_of(targets: Sequence[Target], points: int, seed: int) -> np.ndarray:
    """(points, targets) draws of every target's error and discrepancy, on its scale; the same for the same seed, whatever the other targets."""
    noise = np.empty((points, len(targets)))
    for i, target in enumerate(targets):
        chance = np.random.default_rng([seed, _NOISE, *target.id.encode()])
        noise[:, i] = target.spread * chance.standard_normal(points)
    return noise


def satisfied(target: Target, values: np.ndarray) -> np.ndarray:
    """Probability, for every simulated figure, that it lies in a target's range when its error is added."""
    low = -np.inf if target.low <= 0 else target.low
    high = np.inf if target.scale == "logit" and target.high >= 1 else target.high
    chance = ndtr((high - values) / target.error) - ndtr((low - values) / target.error)
    return np.where(np.isnan(values), 0.0, chance)


def pattern_chance(z: np.ndarray, statistics: np.ndarray, tolerance: float) -> np.ndarray:
    """Probability at every point (points,) that a pattern's statistic, known at the first points only, exceeds -tolerance.

    Elsewhere it is told from a linear regression on the quantiles of the weights, its residual spread standing for what the regression cannot tell; where the
    statistic is known, that spread is still added, because it is mostly chance of one run.
    """
    known = np.flatnonzero(~np.isnan(statistics))
    x = np.column_stack([np.ones(len(z)), z])
    penalty = np.diag([0.0, *([_SHRINK] * z.shape[1])])
    slopes = np.linalg.solve(x[known].T @ x[known] + penalty, x[known].T @ statistics[known])
    told = x @ slopes
    spread = float(np.std(statistics[known] - told[known])) or 1e-12
    return ndtr((told + tolerance) / spread)


_SHRINK = 30.0  # ridge penalty in units of a point: standard for some hundred points and a hundred weights


def problem_of(targets: Targets, bank: pd.DataFrame, z: np.ndarray, factor: np.ndarray | None = None) -> Problem:
    """The problem that a bank and its targets state; z (rows of the bank, weights)."""
    chosen = targets.fitted
    raw = bank[[t.id for t in chosen]].to_numpy(float)
    figures = np.column_stack([t.on_scale(raw[:, i]) for i, t in enumerate(chosen)]) if chosen else np.empty((len(bank), 0))
    noisy = figures + noise_of(chosen, int(bank["point"].max()) + 1, targets.seed)[bank["point"].to_numpy()]
    chance = np.ones(len(bank)) if factor is None else factor.copy()
    for target in targets.ranges:
        chance *= satisfied(target, bank[target.id].to_numpy(float))
    chance[np.isnan(noisy).any(axis=1)] = 0.0
    return Problem(z, np.nan_to_num(noisy), np.array([float(t.on_scale(t.low)) for t in chosen]), chance)


def sample(weights: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Indices (count,) of draws with the given weights, systematically: no draw comes more than once too often or too rarely; then shuffled."""
    chance = np.random.default_rng([seed, count])
    marks = (np.arange(count) + chance.random()) / count
    index = np.minimum(np.searchsorted(np.cumsum(weights), marks), len(weights) - 1)
    return chance.permutation(index)
