"""One check of the method: what fitting says where the truth is known.

A run of the region is the truth: its figures, with errors and discrepancies drawn anew, stand for the
published ones, and are fitted by either method with the region as the prior. What comes out is told of every
quantity: where the truth lies in the posterior (its rank), how wide the interval is, how far the spread
shrank.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avrr_sim.study.calibration.effect_scores import Effects
from avrr_sim.study.calibration.emulator import Emulator, sums_in_one_order
from avrr_sim.study.calibration.ensemble import smooth
from avrr_sim.study.calibration.likelihood import Likelihood
from avrr_sim.study.calibration.sampler import Term, draw
from avrr_sim.study.summary.statistics import INTERVAL

CHOSEN, RIVAL = "sequential Monte Carlo", "ensemble smoother"
METHODS = (CHOSEN, RIVAL)
SETTLE = 30
ENDS = ((1 - INTERVAL) / 2, (1 + INTERVAL) / 2)
TOLD = ("rank", "width", "spread", "middle")
"""What is told of every quantity: rank of the truth, width of the interval, standard deviation, median."""


@dataclass(frozen=True)
class Truth:
    """One truth, and all that it is fitted with.

    emulator: of the figures; told: of effects, None without; asked: what is published of this truth, and
    what is not known of figures that the emulator tells of such a run; given: what the region multiplies the
    prior with; start (draws, width): draws of the region; z (width,), figures (targets,), effects (scores):
    of the truth.
    """

    emulator: Emulator
    told: Effects | None
    asked: Likelihood
    given: tuple[Term, ...]
    start: np.ndarray
    z: np.ndarray
    figures: np.ndarray
    effects: np.ndarray
    seed: tuple[int, ...]


def fit_truth(truth: Truth) -> dict[str, np.ndarray]:
    """By `<method>:<what>` (see TOLD): an array over weights, dummies, targets and effects, in this order;
    and by `<method>:energy` the energy score of the weights (Gneiting and Raftery 2007, Journal of the
    American Statistical Association 102), as one number.
    """
    sums_in_one_order()
    found: dict[str, np.ndarray] = {}
    for k, method in enumerate(METHODS):
        chance = np.random.default_rng([*truth.seed, k])
        if method == CHOSEN:
            drawn = draw(truth.emulator, truth.start, truth.asked, chance, truth.given, SETTLE)
            z, figures = drawn.z, drawn.figures
        else:
            z, figures = smooth(truth.emulator, truth.start, truth.asked, chance)
        values = _quantities(truth, z, figures, chance)
        at = np.concatenate([truth.z, truth.figures, truth.effects])
        low, high = np.quantile(values, ENDS, axis=0)
        told = (rank_of(at, values), high - low, values.std(axis=0), np.median(values, axis=0))
        found |= {f"{method}:{what}": each for what, each in zip(TOLD, told, strict=True)}
        found[f"{method}:energy"] = np.array([energy(truth.z, z)])
    return found


def _quantities(truth: Truth, z: np.ndarray, figures: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """(draws, quantities): weights and dummies, figures of a run like the truth's, scores of effects."""
    seen = truth.asked.seen(figures, chance)
    scores = truth.told.told(z, figures, chance) if truth.told else np.empty((len(z), 0))
    return np.hstack([z, seen, scores])


def scatter(covariance: np.ndarray, count: int, chance: np.random.Generator) -> np.ndarray:
    """(count, columns) normal numbers of a covariance, which may be singular."""
    values, vectors = np.linalg.eigh(covariance)
    return chance.standard_normal((count, len(values))) @ (vectors * np.sqrt(np.maximum(values, 0.0))).T


def rank_of(truth: np.ndarray, values: np.ndarray) -> np.ndarray:
    """(columns,) share of values (draws, columns) below the truth, ties by half; NaN where it is not
    known.
    """
    share = np.mean((values < truth) + 0.5 * (values == truth), axis=0)
    return np.where(np.isnan(truth), np.nan, share)


def energy(truth: np.ndarray, z: np.ndarray) -> float:
    """Energy score: mean distance of the draws from the truth less half that between draws; less is
    better.
    """
    half = len(z) // 2
    apart = np.linalg.norm(z[:half] - z[half : 2 * half], axis=1).mean()
    return float(np.linalg.norm(z - truth, axis=1).mean() - 0.5 * apart)
