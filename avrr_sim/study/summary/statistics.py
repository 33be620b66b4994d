"""Intervals and errors. Two things are kept apart everywhere.

*Uncertainty interval*: quantiles over draws of the effect averaged over replicates: what the weights leave
open. *Monte Carlo error*: the standard error of the mean effect that finite draws and replicates leave: it
shrinks with more runs, the interval does not.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

INTERVAL = 0.9
"""Mass of the uncertainty interval."""
_DUST = 1e-12  # relative to levels: what rounding leaves of a difference that is none
_CANCELLED = 1e-9  # relative to the largest of what is averaged: what rounding leaves of a mean of zero


def paired(here: np.ndarray, base: np.ndarray) -> np.ndarray:
    """`here` less `base`, exactly zero where no more than rounding is between them: a level is a sum whose
    order may differ, and a sign must not be read off its last bit.
    """
    effect = here - base
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(effect) <= _DUST * np.maximum(np.abs(here), np.abs(base)), 0.0, effect)


def by_draw(values: np.ndarray) -> np.ndarray:
    """Mean over replicates: (..., draws, replicates) -> (..., draws), NaN replicates left out; exactly zero
    where differences cancel.
    """
    with warnings.catch_warnings():
        # a draw in which nothing is defined is NaN, which is meant
        warnings.simplefilter("ignore", RuntimeWarning)
        return _mean(values)


def _mean(values: np.ndarray) -> np.ndarray:
    """Mean over the last axis without NaN, exactly zero where it is the rounding of one."""
    mean = np.nanmean(values, axis=-1)
    largest = np.nanmax(np.abs(values), axis=-1)
    return np.where(np.abs(mean) <= _CANCELLED * largest, 0.0, mean)


def interval(per_draw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(low, high) of the uncertainty interval over the last axis; NaN with fewer than two draws."""
    if per_draw.shape[-1] < 2:
        nothing = np.full(per_draw.shape[:-1], np.nan)
        return nothing, nothing.copy()
    low, high = _quantiles(per_draw, [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2])
    lonely = np.sum(~np.isnan(per_draw), axis=-1) < 2
    return np.where(lonely, np.nan, low), np.where(lonely, np.nan, high)


def _quantiles(per_draw: np.ndarray, at: Sequence[float]) -> np.ndarray:
    """`numpy.nanquantile` over the last axis, to the last bit: (quantiles, ...). Numpy goes through rows one
    by one, which only those with a NaN need.
    """
    gaps = np.isnan(per_draw).any(axis=-1)
    found = np.empty((len(at), *gaps.shape))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        found[:, ~gaps] = np.quantile(per_draw[~gaps], at, axis=-1)
        if gaps.any():
            found[:, gaps] = np.nanquantile(per_draw[gaps], at, axis=-1)
    return found


def open_interval(per_draw: np.ndarray) -> tuple[float, float]:
    """As `interval`, of (draws,) of which some may be +infinite, larger than all others: an end in which one
    of these has a part is infinite.
    """
    endless = np.isposinf(per_draw)
    finite = per_draw[np.isfinite(per_draw)]
    ends = interval(np.where(endless, finite.max() if finite.size else np.nan, per_draw))
    if not endless.any() or np.sum(~np.isnan(per_draw)) < 2:
        return float(ends[0]), float(ends[1])
    reached = np.nanquantile(per_draw, [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2], method="higher")
    low, high = (float(np.inf if np.isposinf(top) else end) for end, top in zip(ends, reached, strict=True))
    return low, high


def mean_of(values: np.ndarray) -> np.ndarray:
    """Mean over draws of the mean over replicates: (..., draws, replicates) -> (...)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return _mean(by_draw(values))


def monte_carlo_error(values: np.ndarray) -> np.ndarray:
    """Standard error of `mean_of`: (..., draws, replicates) -> (...).

    Draws count as independent, so the spread of their means holds both what draws and what replicates leave.
    With one draw only the replicates speak; with one of each the error is unknown (NaN).

    Draws of a posterior repeat (`posterior.rows_of`). For the distribution that is shipped the error is right
    all the same. For the posterior that this stands for it is too small by about the root of 1 + draws /
    `posterior.worth`: little with the default draws, and a study with more draws than the posterior is worth
    says so in its limits.
    """
    means = by_draw(values)
    if means.shape[-1] == 1:
        means = values[..., 0, :]
    n = np.sum(~np.isnan(means), axis=-1)
    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.where(n > 1, np.nanstd(means, axis=-1, ddof=1) / np.sqrt(n), np.nan)


def chance_share(values: np.ndarray) -> np.ndarray:
    """Share of the variance between draws' means that is chance within draws, in [0, 1]; NaN with one
    replicate or one draw.

    Where it is large the uncertainty interval is wide for want of replicates, not because the weights leave
    much open.
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
    """Share of the draws whose effect has the sign of the mean: (..., draws) -> (...). A draw without any
    effect does not have it; one in which nothing is defined is left out. NaN where the mean is zero or
    undefined.
    """
    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        sign = np.sign(_mean(per_draw))
        known = np.sum(~np.isnan(per_draw), axis=-1)
        share = np.sum(np.sign(per_draw) == sign[..., None], axis=-1) / known
    return np.where((sign == 0) | np.isnan(sign), np.nan, share)


def mean_interval(values: np.ndarray, mass: float = INTERVAL) -> tuple[np.ndarray, np.ndarray]:
    """(low, high) of the Monte Carlo confidence interval of the mean effect: (..., draws, replicates) ->
    (...).

    It says where the mean of ever more runs of this model would lie, and nothing of how uncertain the effect
    is. Of draws that repeat holds what `monte_carlo_error` says. Effects are skewed over draws, as most
    weights have log-normal priors, so that normal quantiles cover far too rarely and Student's t still does.
    The interval therefore holds both Student's and one that corrects for skewness: a studentised bootstrap
    (Efron and Tibshirani 1993) with few draws, Hall's transformation (1992, Journal of the Royal Statistical
    Society B 54) with more. An end may be infinite where so few draws cannot tell.
    """
    from scipy.special import stdtrit

    means = by_draw(values)
    if means.shape[-1] == 1:
        means = values[..., 0, :]
    flat = means.reshape(-1, means.shape[-1])
    low, high = np.full(len(flat), np.nan), np.full(len(flat), np.nan)
    for i, row in enumerate(flat):
        known = row[~np.isnan(row)]
        if len(known) < 2:
            continue
        reach = stdtrit(len(known) - 1, (1 + mass) / 2) / np.sqrt(len(known))
        spread = np.std(known, ddof=1)
        corrected = (-reach, reach)
        if spread > _NOTHING * np.max(np.abs(known)):
            corrected = _bootstrapped(known, mass) if len(known) < _FEW else _transformed(known, reach)
        low[i], high[i] = (
            np.mean(known) - spread * edge if spread else np.mean(known)
            for edge in (max(reach, corrected[1]), min(-reach, corrected[0]))
        )
    return low.reshape(means.shape[:-1]), high.reshape(means.shape[:-1])


_FEW = 20  # draws below which the bootstrap is used
_RESAMPLES = 399
_NOTHING = 1e-12  # relative spread that is rounding only


def _bootstrapped(known: np.ndarray, mass: float) -> tuple[float, float]:
    """Quantiles of (resampled mean - mean) / resampled standard deviation, both ends; always the same
    resamples.
    """
    index = np.random.default_rng(len(known)).integers(0, len(known), (_RESAMPLES, len(known)))
    again = known[index]
    off, spread = again.mean(axis=1) - known.mean(), again.std(axis=1, ddof=1)
    alike = spread <= _NOTHING * np.max(np.abs(known))  # one value drawn over and over: as far off as can be
    with np.errstate(invalid="ignore"):
        ratio = np.where(alike, np.sign(off) * np.inf, off / np.where(alike, 1.0, spread))
    ratio = np.where(alike & (off == 0), 0.0, ratio)
    low, high = np.quantile(ratio, [(1 - mass) / 2, (1 + mass) / 2], method="inverted_cdf")
    return float(low), float(high)


def _transformed(known: np.ndarray, reach: float) -> tuple[float, float]:
    """Hall's correction of -reach and reach (in standard deviations) for the skewness of what is known."""
    n, spread = len(known), np.std(known, ddof=1)
    skewness = np.mean((known - known.mean()) ** 3) / spread**3
    if abs(skewness) < 1e-6:
        return -reach, reach
    low, high = (
        3.0 / skewness * (np.cbrt(1.0 + skewness * (edge - skewness / (6.0 * n))) - 1.0)
        for edge in (-reach, reach)
    )
    return float(low), float(high)
