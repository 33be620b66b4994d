"""Intervals and errors. Two things are kept apart everywhere.

*Uncertainty interval*: quantiles over draws of the effect averaged over replicates: what the weights leave open. *Monte Carlo error*: the
standard error of the mean effect that finite draws and replicates leave: it shrinks with more runs, the interval does not.
"""

from __future__ import annotations

import warnings

import numpy as np

INTERVAL = 0.9
"""Mass of the uncertainty interval."""


def by_draw(values: np.ndarray) -> np.ndarray:
    """Mean over replicates: (..., draws, replicates) -> (..., draws), NaN replicates left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a draw in which nothing is defined is NaN, which is meant
        return np.nanmean(values, axis=-1)


def interval(per_draw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(low, high) of the uncertainty interval over the last axis; NaN with fewer than two draws."""
    if per_draw.shape[-1] < 2:
        nothing = np.full(per_draw.shape[:-1], np.nan)
        return nothing, nothing.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        low, high = np.nanquantile(per_draw, [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2], axis=-1)
    lonely = np.sum(~np.isnan(per_draw), axis=-1) < 2
    return np.where(lonely, np.nan, low), np.where(lonely, np.nan, high)


def mean_of(values: np.ndarray) -> np.ndarray:
    """Mean over draws of the mean over replicates: (..., draws, replicates) -> (...)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmean(by_draw(values), axis=-1)


def monte_carlo_error(values: np.ndarray) -> np.ndarray:
    """Standard error of `mean_of`: (..., draws, replicates) -> (...).

    Draws are independent, so the spread of their means holds both what draws and what replicates leave. With one draw only the replicates
    speak; with one of each the error is unknown (NaN).
    """
    means = by_draw(values)
    if means.shape[-1] == 1:
        means = values[..., 0, :]
    n = np.sum(~np.isnan(means), axis=-1)
    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.where(n > 1, np.nanstd(means, axis=-1, ddof=1) / np.sqrt(n), np.nan)


def chance_share(values: np.ndarray) -> np.ndarray:
    """Share of the variance between draws' means that is chance within draws, in [0, 1]; NaN with one replicate or one draw.

    Where it is large the uncertainty interval is wide for want of replicates, not because the weights leave much open.
    """
    draws, replicates = values.shape[-2:]
    if draws < 2 or replicates < 2:
        return np.full(values.shape[:-2], np.nan)
    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        within = np.nanmean(np.nanvar(values, axis=-1, ddof=1), axis=-1) / replicates
        between = np.nanvar(by_draw(values), axis=-1, ddof=1)
        return np.clip(within / between, 0.0, 1.0)


def sign_share(per_draw: np.ndarray) -> np.ndarray:
    """Share of draws whose effect has the sign of the mean effect; NaN where every effect is zero or undefined."""
    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        sign = np.sign(np.nanmean(per_draw, axis=-1, keepdims=True))
        share = np.nansum(np.sign(per_draw) == sign, axis=-1) / np.sum(~np.isnan(per_draw), axis=-1)
    return np.where(sign[..., 0] == 0, np.nan, share)


def mean_interval(values: np.ndarray, mass: float = INTERVAL) -> tuple[np.ndarray, np.ndarray]:
    """(low, high) of the Monte Carlo confidence interval of the mean effect: (..., draws, replicates) -> (...).

    Student's t over the draws' means, because normal quantiles cover too rarely with few draws. It says where the mean of ever more runs
    of this model would lie, and nothing of how uncertain the effect is.
    """
    from scipy.special import stdtrit

    means = by_draw(values)
    if means.shape[-1] == 1:
        means = values[..., 0, :]
    n = np.sum(~np.isnan(means), axis=-1)
    reach = stdtrit(np.maximum(n - 1, 1), (1 + mass) / 2) * monte_carlo_error(values)
    return mean_of(values) - reach, mean_of(values) + reach
