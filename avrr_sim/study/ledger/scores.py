"""Scores of a forecast against what came: interval score, CRPS and coverage (Gneiting and Raftery 2007,
Journal of the American Statistical Association 102). Of scores less is better.
"""

from __future__ import annotations

import numpy as np

INTERVALS = (0.5, 0.9)
"""Masses of the intervals that a forecast tells."""


def interval_score(low: float, high: float, mass: float, actual: float) -> float:
    """Width of the interval of this mass, and 2 / (1 - mass) times the distance by which the actual value
    lies outside, in the unit of the value.
    """
    missed = max(low - actual, 0.0) + max(actual - high, 0.0)
    return high - low + 2.0 / (1.0 - mass) * missed


def crps(draws: np.ndarray, actual: float) -> float:
    """The continuous ranked probability score of equally likely draws (draws,), in the unit of the value:
    the mean distance to the actual value less half the mean distance between two draws. Of a single draw it
    is the distance.
    """
    ordered = np.sort(np.asarray(draws, float))
    n = len(ordered)
    rank = 2.0 * np.arange(1, n + 1) - n - 1.0
    return float(np.mean(np.abs(ordered - actual)) - np.sum(rank * ordered) / (n * n))


def probability_below(draws: np.ndarray, actual: float) -> float:
    """The share of draws below the actual value, those equal to it by half: uniform over many forecasts
    that are right.
    """
    draws = np.asarray(draws, float)
    return float(np.mean(draws < actual) + 0.5 * np.mean(draws == actual))
