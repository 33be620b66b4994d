"""A small case whose posterior is found twice: by the project's sampler, and by an independent library with a
density written down anew; see crosscheck.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from avrr_sim.dates import month_number
from avrr_sim.study.calibration.likelihood import likelihood_of
from avrr_sim.study.calibration.sampler import draw
from avrr_sim.study.published.figure import FIT, PublishedFigure
from avrr_sim.study.summary.statistics import INTERVAL

WEIGHTS = 6
"""The last of them acts on nothing."""
ENDS = ((1 - INTERVAL) / 2, 0.5, (1 + INTERVAL) / 2)


def _figure(
    name: str, measure: str, low: float, high: float, error: float, own: float, **more
) -> PublishedFigure:
    first, last = month_number("2013-01"), month_number("2013-12")
    return PublishedFigure(name, "", measure, first, last, low, high, error, own, FIT, "", "", **more)


FIGURES = (
    _figure("a 2013", "assisted_departures", 1900, 1900, 50, 190, series="a", shared=285),
    _figure("a 2014", "assisted_departures", 1600, 1600, 50, 160, series="a", shared=240),
    _figure("a 2015", "assisted_departures", 1167, 1167, 5, 117, series="a", shared=175),
    _figure("b", "drop_out_12", 0.333, 0.333, 0.05, 0.07),
    _figure("c", "departed_after_36", 0.0, 0.25, 0.0, 0.08),
)
"""A series with a shared discrepancy, a share, and a range that begins at nothing."""


def model(z: np.ndarray) -> np.ndarray:
    """(draws, figures) on their scales, at z (draws, weights): bent, and with two weights that pull against
    one another.
    """
    level = 7.2 + 0.9 * z[:, 0] + 0.5 * np.tanh(1.5 * z[:, 1]) - 0.15 * z[:, 0] ** 2
    trend = 0.35 * z[:, 2] + 0.2 * z[:, 0] * z[:, 2]
    share = -0.9 + 0.8 * z[:, 3] + 0.4 * z[:, 0]
    late = -1.6 + 0.7 * z[:, 4] - 0.5 * z[:, 3]
    return np.column_stack([level, level - 0.5 * trend, level - trend, share, late])


def log_density(z: np.ndarray) -> np.ndarray:
    """(draws,) logarithm of the posterior up to a constant, written down from the figures themselves."""
    said = model(z)
    shares = {"a 2013": (50, 190, 285), "a 2014": (50, 160, 240), "a 2015": (5, 117, 175)}
    at = np.array([1900.0, 1600.0, 1167.0])
    spread = np.array(list(shares.values())) / at[:, None]
    covariance = np.diag(spread[:, 0] ** 2 + spread[:, 1] ** 2) + np.outer(spread[:, 2], spread[:, 2])
    published = np.log(at * 1.01)  # a figure of nothing counts as a hundredth of the published one
    found = stats.multivariate_normal(published, covariance).logpdf(said[:, :3])
    slope = 1 / (0.333 * 0.667)
    found = found + stats.norm(np.log(0.333 / 0.667), np.hypot(0.05, 0.07) * slope).logpdf(said[:, 3])
    found = found + stats.norm(np.log(0.25 / 0.75), 0.08 / (0.25 * 0.75)).logsf(said[:, 4])
    return found + stats.norm.logpdf(z).sum(axis=1)


@dataclass(frozen=True)
class Posterior:
    """Of every weight: low, median, high (ends of the 90 % interval), each (weights,), and draws that it
    rests on."""

    low: np.ndarray
    median: np.ndarray
    high: np.ndarray
    sd: np.ndarray
    draws: float


def summed(z: np.ndarray, draws: float) -> Posterior:
    """Of draws z (draws, weights)."""
    low, median, high = np.quantile(z, ENDS, axis=0)
    return Posterior(low, median, high, z.std(axis=0), draws)


def ours(draws: int, seed: int) -> Posterior:
    """As `avrr calibrate` finds it."""
    chance = np.random.default_rng(seed)
    found = draw(model, chance.standard_normal((draws, WEIGHTS)), likelihood_of(FIGURES), chance)
    return summed(found.z, draws)


def theirs(walkers: int, steps: int, seed: int) -> Posterior:
    """As emcee's affine invariant ensemble finds it (Foreman-Mackey et al. 2013, arXiv:1202.3665)."""
    import emcee

    chance = np.random.default_rng(seed)
    np.random.seed(seed)
    sampler = emcee.EnsembleSampler(walkers, WEIGHTS, log_density, vectorize=True)
    sampler.run_mcmc(0.5 * chance.standard_normal((walkers, WEIGHTS)), steps)
    long = float(np.max(sampler.get_autocorr_time()))
    kept = sampler.get_chain(discard=steps // 4, flat=True)
    return summed(kept, len(kept) / long)
