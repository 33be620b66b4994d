"""Approximate Bayesian computation on a bank of runs, with local-linear regression adjustment.

Beaumont, Zhang and Balding (2002), Genetics 162: draws whose simulated figures lie near the published ones
are kept, the nearer the more they count, and each is moved along a local linear regression of the weights on
the figures to where the published figures stand. What is moved are normal quantiles of the priors, so that no
weight leaves its range. Errors of the figures and the model's discrepancy are added to the simulated figures
as noise (Wilkinson 2013, Statistical Applications in Genetics and Molecular Biology 12): then the draws kept
are draws from the posterior under that noise, not only near it. Targets known as a range, and patterns, weigh
a draw by the probability that it satisfies them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from avrr_sim.study.calibration.proposal import Proposal
from avrr_sim.study.calibration.targets import Targets
from avrr_sim.study.published.figure import PublishedFigure

KEPT = 0.25
"""Share of the bank that is kept: the nearest quarter. `docs/calibration.md` shows what other shares would
give.
"""

CLOSE = 2.0  # errors of a figure within which a run is near it
ENOUGH = 400  # points near every figure with which one bank will do
LOOSE = 2.0  # times the variance: room in where a second bank looks

SAMPLE = 1000
"""Rows of a posterior that are kept and shipped; runs that count more stand in it more than once."""

_RIDGE = 1e-9  # of the mean square, so that constant figures do no harm
_NOISE = 0x0A


@dataclass(frozen=True)
class Problem:
    """What is conditioned on: quantiles z (points, weights) of the priors, figures (points, targets) on the
    targets' scales with noise, the published figures (targets,) on the same scales, and a factor (points,) in
    [0, 1] for ranges and patterns. Rows with an undefined figure have factor 0. `importance` (points,): prior
    over the density that the points were drawn from.
    """

    z: np.ndarray
    figures: np.ndarray
    published: np.ndarray
    factor: np.ndarray
    importance: np.ndarray


@dataclass(frozen=True)
class Fit:
    """Kept draws: `rows` of the bank, their weights (summing to 1), and the shift of the figures to the
    published ones (kept, targets).
    """

    rows: np.ndarray
    weights: np.ndarray
    gaps: np.ndarray
    radius: float

    @property
    def effective(self) -> float:
        """Number of equally weighted draws that would be as good."""
        return float(1.0 / np.sum(self.weights**2))

    def adjusted(self, values: np.ndarray) -> np.ndarray:
        """Values (points, ...) of the kept draws, moved along their local linear regression on the figures:
        (kept, ...).
        """
        return moved(values[self.rows], self.gaps, self.weights)


def moved(values: np.ndarray, gaps: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Values (kept, columns) less what a weighted linear regression says of their gaps (kept, targets).

    Their spread around the mean is widened for what the regression costs: its residuals are too small by the
    degrees of freedom it takes, and where it puts the mean is itself uncertain by as much, so that for n
    draws and p coefficients the variance grows by (n + p) / (n - p).
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
    taken = gaps.shape[1] + 1
    wider = np.sqrt((effective + taken) / max(effective - taken, 1.0))
    return (mean + wider * (out - mean)).reshape(values.shape)


def fit(problem: Problem, kept: float = KEPT, without: int | None = None) -> Fit:
    """Keep the nearest draws and weigh them (Epanechnikov kernel in the scaled distance, times the factor).

    `without`: a row to be left out, whose figures stand for the published ones. Raises ValueError where too
    few draws could be kept.
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
        raise ValueError(
            f"too few runs to fit {gaps.shape[1]} targets: {len(distance)} usable, {count} to be kept"
        )
    radius = float(np.partition(distance, count - 1)[count - 1])
    near = np.flatnonzero(distance <= radius)
    kernel = 1.0 - (distance[near] / radius) ** 2 if radius > 0 else np.ones(len(near))
    weights = kernel * (problem.factor * problem.importance)[possible][near]
    used = weights > 0
    near, weights = near[used], weights[used]
    return Fit(np.flatnonzero(possible)[near], weights / weights.sum(), gaps[near], radius)


def noise_of(targets: Sequence[PublishedFigure], points: int, seed: int) -> np.ndarray:
    """(points, targets) draws of every target's error and discrepancy, on its scale; the same for the same
    seed, whatever the other targets.

    Targets of one measure share their discrepancy: what makes the model say another thing in one year does so
    in the next.
    """
    noise = np.empty((points, len(targets)))
    for i, target in enumerate(targets):
        own, shared = (
            np.random.default_rng([seed, _NOISE, *key.encode()]).standard_normal(points)
            for key in (target.id, f"of {target.measure}")
        )
        noise[:, i] = (
            target.spread / target.error * (target.standard_error * own + target.discrepancy * shared)
        )
    return noise


def satisfied(target: PublishedFigure, values: np.ndarray) -> np.ndarray:
    """Probability, for every simulated figure, that it lies in a target's range when its error is added."""
    low = -np.inf if target.low <= 0 else target.low
    high = np.inf if target.scale == "logit" and target.high >= 1 else target.high
    chance = ndtr((high - values) / target.error) - ndtr((low - values) / target.error)
    return np.where(np.isnan(values), 0.0, chance)


def pattern_chance(z: np.ndarray, tried: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Probability at every point z (points, weights) that a pattern holds: that its statistic, tolerance
    taken off, is above zero.

    tried: pairs of (quantiles (n, weights), statistics (n,)) where it was looked at, NaN where it was not. It
    is told for all points alike by a linear regression on the quantiles of the weights; what the regression
    cannot tell is the tolerance with which the pattern weighs a draw.
    """
    x = np.vstack([quantiles for quantiles, _ in tried])
    y = np.concatenate([statistics for _, statistics in tried])
    x, y = x[~np.isnan(y)], y[~np.isnan(y)]
    y = np.clip(y, *np.quantile(y, _OUTER))  # a few extreme runs would bend the line
    ones = np.column_stack([np.ones(len(x)), x])
    penalty = np.diag([0.0, *([_SHRINK] * x.shape[1])])
    slopes = np.linalg.solve(ones.T @ ones + penalty, ones.T @ y)
    told = slopes[0] + z @ slopes[1:]
    spread = float(np.std(y - ones @ slopes))
    return ndtr(told / spread) if spread > 0 else (told > 0).astype(float)


_SHRINK = 30.0  # ridge penalty in units of a point: standard for some hundred points and a hundred weights
_OUTER = (0.01, 0.99)  # statistics beyond these quantiles count as these


def problem_of(
    targets: Targets,
    bank: pd.DataFrame,
    z: np.ndarray,
    importance: np.ndarray | None = None,
    before: tuple[pd.DataFrame, np.ndarray] | None = None,
) -> Problem:
    """The problem that a bank and its targets state; z (rows of the bank, weights); importance: 1 where it is
    not given.

    `before`: an earlier bank and its quantiles, which also tell where patterns hold.
    """
    chosen, figures = targets.fitted, figures_on_scale(targets, bank)
    numbers = bank["point"].to_numpy()
    noisy = figures + noise_of(chosen, int(numbers.max()) + 1, targets.seed)[numbers]
    chance = np.ones(len(bank))
    for target in targets.ranges:
        chance *= satisfied(target, bank[target.id].to_numpy(float))
    for name in targets.patterns:
        tried = [(bank, z), *([before] if before else [])]
        chance *= pattern_chance(z, [(at, runs[f"pattern:{name}"].to_numpy(float)) for runs, at in tried])
    chance[np.isnan(noisy).any(axis=1)] = 0.0
    return Problem(
        z,
        np.nan_to_num(noisy),
        published_of(targets),
        chance,
        np.ones(len(bank)) if importance is None else importance,
    )


def published_of(targets: Targets) -> np.ndarray:
    """(targets,) the published figures that are fitted, on their scales."""
    return np.array([float(t.on_scale(t.low)) for t in targets.fitted])


def figures_on_scale(targets: Targets, bank: pd.DataFrame) -> np.ndarray:
    """(points, targets) the simulated figures that are fitted, on their scales, without noise."""
    chosen = targets.fitted
    raw = bank[[t.id for t in chosen]].to_numpy(float)
    return (
        np.column_stack([t.on_scale(raw[:, i]) for i, t in enumerate(chosen)])
        if chosen
        else np.empty((len(bank), 0))
    )


def near(targets: Targets, bank: pd.DataFrame) -> int:
    """How many points come within CLOSE errors of every published figure at once."""
    errors = np.array([t.spread for t in targets.fitted])
    return int(
        np.sum(
            np.all(np.abs(figures_on_scale(targets, bank) - published_of(targets)) <= CLOSE * errors, axis=1)
        )
    )


def proposal_of(targets: Targets, bank: pd.DataFrame, z: np.ndarray) -> Proposal:
    """Where to look next, from a first bank: a loose wave of history matching (Vernon, Goldstein and Bower
    2010, Bayesian Analysis 5).

    The figures are taken as linear in the quantiles over the nearer half of the points; what that leaves
    unexplained, and the figures' errors, are doubled.
    """
    figures, published = figures_on_scale(targets, bank), published_of(targets)
    known = ~np.isnan(figures).any(axis=1)
    figures, z = figures[known], z[known]
    errors = np.array([t.spread for t in targets.fitted])
    distance = np.max(np.abs(figures - published) / errors, axis=1)
    half = distance <= np.median(distance)
    x = np.column_stack([np.ones(half.sum()), z[half]])
    penalty = np.diag([0.0, *([_SHRINK] * z.shape[1])])
    slopes = np.linalg.solve(x.T @ x + penalty, x.T @ figures[half])
    left = figures[half] - x @ slopes
    return Proposal(
        slopes[1:].T,
        slopes[0],
        published,
        LOOSE * (np.cov(left.T).reshape(len(errors), -1) + np.diag(errors**2)),
    )


def sample(weights: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Indices (count,) of draws with the given weights, systematically: no draw comes more than once too
    often or too rarely; then shuffled.
    """
    chance = np.random.default_rng([seed, count])
    marks = (np.arange(count) + chance.random()) / count
    index = np.minimum(np.searchsorted(np.cumsum(weights), marks), len(weights) - 1)
    return chance.permutation(index)
