"""A second way to the posterior, for comparison: an ensemble smoother with multiple data assimilation
(Emerick and Reynolds 2013, Computers and Geosciences 55).

The ensemble is moved towards the figures by linear updates, the figures' errors inflated so that the updates
together count once. It is exact where figures are linear in normal weights, and approximate elsewhere.
"""

from __future__ import annotations

import numpy as np

from avrr_sim.study.calibration.likelihood import Likelihood
from avrr_sim.study.calibration.sampler import Surface

UPDATES = 8


def smooth(
    surface: Surface,
    start: np.ndarray,
    asked: Likelihood,
    chance: np.random.Generator,
    updates: int = UPDATES,
) -> tuple[np.ndarray, np.ndarray]:
    """(draws z of the size of `start` (draws, weights), their figures (draws, all figures)): from draws of
    what the likelihood multiplies to draws of the product. Ranges are left out: a linear update cannot use
    them.
    """
    z = start.copy()
    for _ in range(updates):
        said = surface(z)[:, asked.at]
        noise = updates * asked.covariance
        x, d = z - z.mean(axis=0), said - said.mean(axis=0)
        gain = np.linalg.solve(d.T @ d / (len(z) - 1) + noise, d.T @ x / (len(z) - 1))
        errors = chance.standard_normal(said.shape) @ np.linalg.cholesky(noise).T
        z = z + (asked.published + errors - said) @ gain
    return z, surface(z)
