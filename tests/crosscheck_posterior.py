"""Posteriors of the cross-check, and planted quantities whose posterior is known; see crosscheck.py."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from avrr_sim.study.calibration.tables import quantiles_of
from avrr_sim.study.summary.statistics import INTERVAL

ENDS = ((1 - INTERVAL) / 2, 0.5, (1 + INTERVAL) / 2)
NORMAL_ENDS = ndtri(np.array(ENDS))

PLANTED = ("planted: straight", "planted: bent, uneven", "planted: nothing")
_STRAIGHT = 0.8  # slope of the first planted quantity, whose prior variance is 1
# of the second: slope within the tangent, spread where the second figure is at its mean, and how that grows
_BEND, _SPREAD, _UNEVEN = 2.0, 0.3, 0.5
_PLANT = 0x9A


@dataclass(frozen=True)
class Posterior:
    """Of every quantity, on scales on which it is about normal: low, median, high (ends of the 90 % interval)
    and sd, each (quantities,).
    """

    low: np.ndarray
    median: np.ndarray
    high: np.ndarray
    sd: np.ndarray


def planted(figures: np.ndarray, published: np.ndarray) -> tuple[np.ndarray, Posterior]:
    """Quantities (points, 3) made from the figures and chance, and what their posterior is exactly, at any
    prior and factor of the points.
    """
    middle, spread = figures.mean(axis=0), figures.std(axis=0)
    x, at = (figures - middle) / spread, (published - middle) / spread
    chance = np.random.default_rng(_PLANT).standard_normal((len(x), len(PLANTED)))
    rest = float(np.sqrt(1 - _STRAIGHT**2))
    values = np.column_stack(
        [
            _STRAIGHT * x[:, 0] + rest * chance[:, 0],
            np.tanh(_BEND * x[:, 0]) + _SPREAD * np.exp(_UNEVEN * x[:, 1]) * chance[:, 1],
            chance[:, 2],
        ]
    )
    median = np.array([_STRAIGHT * at[0], np.tanh(_BEND * at[0]), 0.0])
    sd = np.array([rest, _SPREAD * np.exp(_UNEVEN * at[1]), 1.0])
    return values, Posterior(median + NORMAL_ENDS[0] * sd, median, median + NORMAL_ENDS[2] * sd, sd)


def summed(values: np.ndarray, weights: np.ndarray | None = None) -> Posterior:
    """Of values (draws, quantities) with weights."""
    weights = np.full(len(values), 1 / len(values)) if weights is None else weights / weights.sum()
    low, median, high = quantiles_of(values, weights)
    return Posterior(low, median, high, np.sqrt(weights @ (values - weights @ values) ** 2))


def beside(*parts: Posterior) -> Posterior:
    """Posteriors of different quantities as one."""
    return Posterior(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("low", "median", "high", "sd"))
    )
