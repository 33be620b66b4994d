"""Regions of weights in which a difference is above or below zero, and the weights that it varies with, from
the draws of a study; checked on draws that were left out.

*Sign.* Draws count by the rank of the size of their difference (the signed ranks of Wilcoxon), so that draws
in which hardly anything differs hardly count, and none with a huge difference counts for many. The weight
most correlated with that is taken, and a logistic regression of the sign on it says where more and fewer
balance: the tipping point. A second weight that the rest goes with moves the point.

*Size.* The weights most correlated with the ranks of the difference, one after the other.

*Against luck.* Over a hundred weights are looked at, for several measures and policies, and the best of so
many looks good where there is nothing. So the draws of all differences are shuffled together against those of
the weights, many times, and each time the largest correlation of all is kept. What does not exceed 19 of 20
of these is not told: of studies in which nothing depends on any weight, at most one in twenty says that
something does.

*Left out.* The draws are cut in ten parts. Each is predicted from the other nine by the whole procedure,
choice of weights included, and what is told as right is right there. Nothing is told where a side is not
predicted better than by tossing a coin, or where most parts choose another weight.

The search is one product of matrices for all shuffles, weights and differences; growing a tree or a box of a
library for each would take a thousand times as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

FALSE_ALARMS = 0.05
"""Share of studies without any dependence that tell one, at most."""
SHUFFLES = 499
FEWEST = 40
"""Different draws below which nothing is looked for."""
PARTS = 10  # of the draws, each left out once
CHOSEN_BY = 7  # of these parts have to choose the same weight
EDGE = 0.05  # of the draws have to lie beyond a tipping point, on either side
MOST_WEIGHTS = 3  # that a size is told to vary with
COIN = 0.1
"""Chance, at most, of as many right predictions on a side by tossing a coin."""
_AT_ONCE = 4000  # shuffled differences, so that they fit in memory
_STEPS, _SHRINKAGE, _CONVERGED = 50, 0.01, 1e-9
_T_90 = 1.833  # 95th percentile of Student's t with 9 degrees of freedom: parts less one
_QUARTILES = 10, 90


@dataclass(frozen=True)
class Draws:
    """Weights of a study's draws. names: of the weights that vary; values: (draws, weights) in the unit of
    each; scores: the same on the scale of the priors, centred, with variance 1.
    """

    names: Sequence[str]
    values: np.ndarray
    scores: np.ndarray

    def value_at(self, weight: int, score: float) -> float:
        """The value of a weight at a score, between the draws around it."""
        order = np.argsort(self.scores[:, weight])
        return float(np.interp(score, self.scores[order, weight], self.values[order, weight]))


class Tip(NamedTuple):
    """A tipping point of a difference.

    weight: its number; correlation: with the signed ranks; point, low, high: value of the weight at which
    more and fewer balance, with its 90 % interval from leaving parts out; rises: whether the difference is
    above zero above the point; above: share of draws above it; right_above, right_below: share of the draws
    left out and predicted on that side that have its sign; told_above, told_below: how many these are;
    second: number of the weight that moves the point, or -1; second_low, second_high: tenth and ninetieth
    percentile of that one; point_low, point_high: the point there, NaN where no draw reaches it.
    """

    weight: int
    correlation: float
    point: float
    low: float
    high: float
    rises: bool
    above: float
    right_above: float
    right_below: float
    told_above: int
    told_below: int
    second: int = -1
    second_low: float = np.nan
    second_high: float = np.nan
    point_low: float = np.nan
    point_high: float = np.nan


class Variation(NamedTuple):
    """A weight that a difference varies with: its number; correlation with the ranks of the difference, apart
    from what weights before it explain; low_third, high_third: mean difference where the weight is lowest
    and highest; predicted: share of the variance of the ranks that it and those before it predict in draws
    left out.
    """

    weight: int
    correlation: float
    low_third: float
    high_third: float
    predicted: float


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1, their mean where values are equal. Scipy's are the same and take a second to import."""
    return pd.Series(values).rank().to_numpy()


def signed_ranks(difference: np.ndarray) -> np.ndarray:
    """Ranks of sizes with the signs of differences, from -1 to 1; 0 where nothing differs or is unknown."""
    known = np.nan_to_num(difference)
    return np.sign(known) * _ranks(np.abs(known)) / len(known)


def plain_ranks(difference: np.ndarray) -> np.ndarray:
    """Ranks of differences, centred; 0 where one is unknown."""
    known = ~np.isnan(difference)
    found = np.zeros(len(difference))
    if known.any():
        found[known] = _ranks(difference[known])
        found[known] -= found[known].mean()
    return found


def correlations(scores: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Correlation of each weight with an outcome (draws,); zeros where either does not vary."""
    centred = scores - scores.mean(axis=0)
    length, size = np.linalg.norm(centred, axis=0), np.linalg.norm(outcome - outcome.mean())
    both = length * size
    return np.divide(centred.T @ (outcome - outcome.mean()), both, out=np.zeros_like(both), where=both > 0)


def luck(tasks: Sequence[tuple[np.ndarray, np.ndarray]], shuffles: int = SHUFFLES) -> float:
    """The correlation that the largest of all exceeds by luck in `FALSE_ALARMS` of studies.

    tasks: (scores (draws, weights), outcomes (draws, differences)), all over the same draws, which are
    shuffled together.
    """
    ready = []
    for scores, outcomes in tasks:
        parts = [each - each.mean(axis=0) for each in (scores, outcomes)]
        sizes = [np.linalg.norm(each, axis=0) for each in parts]
        ready.append([each / np.where(n > 0, n, np.inf) for each, n in zip(parts, sizes, strict=True)])
    random, draws = np.random.default_rng(0), len(tasks[0][0])
    orders = np.array([random.permutation(draws) for _ in range(shuffles)])
    largest = np.zeros(shuffles)
    for scores, outcomes in ready:
        some = max(1, _AT_ONCE // outcomes.shape[1])
        for start in range(0, shuffles, some):
            shuffled = outcomes[orders[start : start + some]]  # (shuffles, draws, differences)
            found = np.abs(np.tensordot(shuffled, scores, ((1,), (0,)))).max(axis=(1, 2))
            largest[start : start + some] = np.maximum(largest[start : start + some], found)
    return float(np.quantile(largest, 1.0 - FALSE_ALARMS, method="higher"))


def _logistic(scores: np.ndarray, rises: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """(constant, slopes) of a logistic regression; the slopes are shrunk a little, so that signs that a
    weight tells apart without fault still have a finite one.
    """
    design = np.column_stack([np.ones(len(scores)), scores])
    shrunk = np.diag([1e-9, *[_SHRINKAGE * counts.sum()] * scores.shape[1]]) / len(scores)
    fitted = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ fitted, -30, 30)))
        slope = design.T @ (counts * (rises - chance)) - shrunk @ fitted
        bend = (design * (counts * np.maximum(chance * (1 - chance), 1e-6))[:, None]).T @ design + shrunk
        step = np.linalg.solve(bend, slope)
        fitted = fitted + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < _CONVERGED:
            break
    return fitted


class _Fit(NamedTuple):
    """Weights in the order in which they were taken, constant and slopes."""

    weights: list[int]
    fitted: np.ndarray

    def above_zero(self, scores: np.ndarray) -> np.ndarray:
        """Whether a difference is predicted to lie above zero."""
        return np.asarray(self.fitted[0] + scores[:, self.weights] @ self.fitted[1:] > 0)

    def point(self, second: float = 0.0) -> float:
        """Score of the first weight at which more and fewer balance, at a score of the second."""
        rest = self.fitted[0] + (self.fitted[2] * second if len(self.weights) > 1 else 0.0)
        return float(-rest / self.fitted[1]) if self.fitted[1] else np.nan


def _fit_signs(scores: np.ndarray, ranks: np.ndarray, weights: int) -> tuple[_Fit, float]:
    """(regression of the sign on the weights most correlated with it, correlation of the last one)."""
    counts, rises = np.abs(ranks), (ranks > 0).astype(float)
    rest, taken, fitted, last = ranks, list[int](), np.zeros(1), 0.0
    for _ in range(weights):
        free = scores if not taken else _apart(scores, scores[:, taken])
        found = correlations(free, rest)
        found[taken] = 0.0
        best = int(np.argmax(np.abs(found)))
        taken, last = [*taken, best], float(found[best])
        fitted = _logistic(scores[:, taken], rises, counts)
        chance = 1.0 / (1.0 + np.exp(-np.clip(fitted[0] + scores[:, taken] @ fitted[1:], -30, 30)))
        rest = counts * (rises - chance)
    return _Fit(taken, fitted), last


def _apart(scores: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """Weights without what goes with those that were taken."""
    design = np.column_stack([np.ones(len(taken)), taken])
    return np.asarray(scores - design @ np.linalg.lstsq(design, scores, rcond=None)[0])


def _parts(draws: int) -> np.ndarray:
    """The part of each draw; draws come in random order."""
    return np.arange(draws) % PARTS


class _Check(NamedTuple):
    """Of draws left out: what was predicted and what came; the fits; how often each weight came first."""

    predicted: np.ndarray
    fits: list[_Fit]

    def right(self, rises: np.ndarray, counted: np.ndarray, side: bool) -> tuple[float, int]:
        """(share that has its sign, number) of the draws predicted on a side of zero."""
        told = counted & (self.predicted == side)
        return float((rises[told] == side).mean()) if told.any() else np.nan, int(told.sum())


def _check(scores: np.ndarray, ranks: np.ndarray, weights: int) -> _Check:
    part, predicted, fits = _parts(len(ranks)), np.zeros(len(ranks), bool), []
    for k in range(PARTS):
        fit, _ = _fit_signs(scores[part != k], ranks[part != k], weights)
        predicted[part == k] = fit.above_zero(scores[part == k])
        fits.append(fit)
    return _Check(predicted, fits)


def _held(check: _Check, fit: _Fit, ranks: np.ndarray) -> float:
    """Share of draws left out whose sign was predicted; NaN where a side is not predicted better than by
    tossing a coin, or most parts chose other weights.
    """
    from scipy.special import bdtrc  # slow to import, and many studies have nothing to look for

    rises, counted = ranks > 0, ranks != 0
    sides = [check.right(rises, counted, side) for side in (True, False)]
    by_coin = [n == 0 or bdtrc(round(share * n) - 1, n, 0.5) > COIN for share, n in sides]
    if any(by_coin) or sum(each.weights == fit.weights for each in check.fits) < CHOSEN_BY:
        return np.nan
    return float((check.predicted == rises)[counted].mean())


def find_tip(draws: Draws, difference: np.ndarray, least: float) -> Tip | None:
    """The tipping point of a difference (draws,), None where there is none that holds on draws left out.

    least: the correlation that a weight has to exceed (see `luck`).
    """
    ranks = signed_ranks(difference)
    if len(np.unique(np.sign(ranks[ranks != 0]))) < 2:
        return None
    fit, correlation = _fit_signs(draws.scores, ranks, 1)
    if abs(correlation) <= least:
        return None
    check = _check(draws.scores, ranks, 1)
    held = _held(check, fit, ranks)
    if np.isnan(held):
        return None
    both, beyond = _fit_signs(draws.scores, ranks, 2)
    checked = _check(draws.scores, ranks, 2)
    moved = abs(beyond) > least and _held(checked, both, ranks) >= held and _within(draws, both)
    fit, check = (both, checked) if moved else (fit, check)
    return _told(draws, ranks, fit, check, correlation) if _within(draws, fit) else None


def _within(draws: Draws, fit: _Fit) -> bool:
    """Whether enough draws lie on either side of the tipping point."""
    above = float((draws.scores[:, fit.weights[0]] > fit.point()).mean())
    return EDGE <= above <= 1.0 - EDGE


def _told(draws: Draws, ranks: np.ndarray, fit: _Fit, check: _Check, correlation: float) -> Tip:
    weight, point = fit.weights[0], fit.point()
    apart = np.array([each.point() for each in check.fits if each.weights[0] == weight])
    error = np.sqrt((len(apart) - 1) / len(apart) * np.sum((apart - apart.mean()) ** 2))
    rises = bool(fit.fitted[1] > 0)
    more, fewer = (check.right(ranks > 0, ranks != 0, side) for side in (True, False))
    above, below = (more, fewer) if rises else (fewer, more)
    tip = Tip(
        weight,
        correlation,
        draws.value_at(weight, point),
        draws.value_at(weight, point - _T_90 * error),
        draws.value_at(weight, point + _T_90 * error),
        rises,
        float((draws.scores[:, weight] > point).mean()),
        above[0],
        below[0],
        above[1],
        below[1],
    )
    if len(fit.weights) < 2:
        return tip
    second = fit.weights[1]
    ends = np.percentile(draws.scores[:, second], _QUARTILES)
    reach = draws.scores[:, weight].min(), draws.scores[:, weight].max()
    points = [fit.point(end) for end in ends]
    return tip._replace(
        second=second,
        second_low=draws.value_at(second, ends[0]),
        second_high=draws.value_at(second, ends[1]),
        point_low=draws.value_at(weight, points[0]) if reach[0] < points[0] < reach[1] else np.nan,
        point_high=draws.value_at(weight, points[1]) if reach[0] < points[1] < reach[1] else np.nan,
    )


def _taken(scores: np.ndarray, outcome: np.ndarray, most: int) -> list[tuple[int, float]]:
    """(weight, correlation) of the weights most correlated with an outcome, each apart from those before."""
    found: list[tuple[int, float]] = []
    for _ in range(most):
        taken = [weight for weight, _ in found]
        free = _apart(scores, scores[:, taken]) if taken else scores
        rest = _apart(outcome[:, None], scores[:, taken])[:, 0] if taken else outcome
        with_it = correlations(free, rest)
        with_it[taken] = 0.0
        best = int(np.argmax(np.abs(with_it)))
        found.append((best, float(with_it[best])))
    return found


def find_variation(draws: Draws, difference: np.ndarray, least: float) -> list[Variation]:
    """The weights that a difference (draws,) varies with most, as far as they hold on draws left out; least:
    as for `find_tip`.
    """
    ranks, scores = plain_ranks(difference), draws.scores
    if np.abs(correlations(scores, ranks)).max() <= least:
        return []
    taken, part = _taken(scores, ranks, MOST_WEIGHTS), _parts(len(ranks))
    folds = [_taken(scores[part != k], ranks[part != k], MOST_WEIGHTS) for k in range(PARTS)]
    told: list[Variation] = []
    for n, (weight, correlation) in enumerate(taken, 1):
        alike = sum(weight in [w for w, _ in each[:n]] for each in folds)
        predicted = _predicted(scores, ranks, [[w for w, _ in each[:n]] for each in folds])
        before = told[-1].predicted if told else 0.0
        if abs(correlation) <= least or alike < CHOSEN_BY or predicted <= before:
            break
        cut = np.quantile(scores[:, weight], (1 / 3, 2 / 3))
        low, high = scores[:, weight] <= cut[0], scores[:, weight] >= cut[1]
        thirds = float(np.nanmean(difference[low])), float(np.nanmean(difference[high]))
        told.append(Variation(weight, correlation, *thirds, predicted))
    return told


def _predicted(scores: np.ndarray, ranks: np.ndarray, chosen: Sequence[list[int]]) -> float:
    """Share of the variance of the ranks that regressions on the weights that each part chose predict."""
    part, missed = _parts(len(ranks)), 0.0
    for k, weights in enumerate(chosen):
        seen = part != k
        design = np.column_stack([np.ones(len(ranks)), scores[:, weights]])
        fitted = np.linalg.lstsq(design[seen], ranks[seen], rcond=None)[0]
        missed += float(np.sum((ranks[~seen] - design[~seen] @ fitted) ** 2))
    whole = float(np.sum((ranks - ranks.mean()) ** 2))
    return 1.0 - missed / whole if whole else 0.0
