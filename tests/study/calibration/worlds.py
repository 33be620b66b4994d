"""A world whose posterior is known: figures that are linear in normal weights."""

from __future__ import annotations

import numpy as np

from avrr_sim.study.calibration.likelihood import Likelihood

WEIGHTS, FIGURES = 60, 9
SERIES = 4
"""The first figures are of one series, and share a discrepancy."""
NONE = np.zeros(0)


def slopes(seed: int = 3) -> np.ndarray:
    """(weights, figures): every figure rests on some of the first forty weights, the others on nothing."""
    chance = np.random.default_rng(seed)
    found = 0.8 * chance.standard_normal((WEIGHTS, FIGURES)) * (chance.random((WEIGHTS, FIGURES)) < 0.2)
    found[40:] = 0.0
    return found


def asked(published: np.ndarray | None = None) -> Likelihood:
    """What is published of the figures, of which an emulator leaves a little."""
    if published is None:
        published = 1.5 * np.random.default_rng(4).standard_normal(FIGURES)
    of_series = np.arange(FIGURES) < SERIES
    return Likelihood(
        np.arange(FIGURES),
        published,
        np.full(FIGURES, 0.05),
        np.full(FIGURES, 0.1),
        np.where(of_series, 0.2, 0.0),
        np.where(of_series, 0, np.arange(FIGURES)),
        np.zeros(0, int),
        NONE,
        NONE,
        NONE,
        0.01 * np.eye(FIGURES),
    )


def surface(z: np.ndarray) -> np.ndarray:
    """Figures at weights."""
    return z @ slopes()


def posterior(what: Likelihood) -> tuple[np.ndarray, np.ndarray]:
    """(mean, covariance) of the weights given what is published, by the normal distribution's own formula."""
    a, covariance = slopes(), what.covariance
    found = np.linalg.inv(np.eye(WEIGHTS) + a @ np.linalg.solve(covariance, a.T))
    return found @ a @ np.linalg.solve(covariance, what.published), found
