"""Effects of scenarios as a function of the weights: normal scores of differences from the baseline, told by
a linear regression on the weights and on what the emulator says of the figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import cross_val_predict

PENALTIES = np.geomspace(1.0, 1e4, 13)
FOLDS = 5


@dataclass(frozen=True)
class Effects:
    """known (effects): sorted effects of the region, each an array, in their units; slopes (features,
    effects), offset (effects,): of the score; left (effects,): standard deviation that the regression leaves.
    """

    known: tuple[np.ndarray, ...]
    slopes: np.ndarray
    offset: np.ndarray
    left: np.ndarray

    def scores(self, values: np.ndarray, chance: np.random.Generator) -> np.ndarray:
        """Normal scores of effects (runs, effects) among those of the region; ties stand in any order."""
        out = np.empty(values.shape)
        for j, known in enumerate(self.known):
            low, high = (np.searchsorted(known, values[:, j], side) for side in ("left", "right"))
            place = low + chance.random(len(values)) * (high - low)
            out[:, j] = ndtri((place + 0.5) / (len(known) + 1.0))
        return out

    def told(self, z: np.ndarray, figures: np.ndarray, chance: np.random.Generator) -> np.ndarray:
        """(draws, effects) scores that runs at z (draws, ...), of the given figures, might have."""
        mean = features(z, figures) @ self.slopes + self.offset
        return mean + self.left * chance.standard_normal(mean.shape)

    def off_score(self, scores: np.ndarray) -> np.ndarray:
        """Scores back in units: an effect of exactly nothing stays exactly nothing."""
        columns = [
            np.quantile(known, ndtr(scores[:, j]), method="inverted_cdf")
            for j, known in enumerate(self.known)
        ]
        return np.column_stack(columns) if columns else np.empty(scores.shape)


def features(z: np.ndarray, figures: np.ndarray) -> np.ndarray:
    """What effects are regressed on."""
    return np.hstack([z, figures])


def effects_of(z: np.ndarray, figures: np.ndarray, effects: np.ndarray, seed: int) -> Effects:
    """What runs of the region (runs, ...) teach of effects (runs, effects), NaN where they are not known."""
    known = ~np.isnan(effects).any(axis=1)
    x, values = features(z[known], figures[known]), effects[known]
    plain = Effects(tuple(np.sort(column) for column in values.T), np.empty(0), np.empty(0), np.empty(0))
    y = plain.scores(values, np.random.default_rng([seed, len(values)]))
    slopes, offset, left = np.empty((x.shape[1], y.shape[1])), np.empty(y.shape[1]), np.empty(y.shape[1])
    for j in range(y.shape[1]):
        model = RidgeCV(PENALTIES)
        left[j] = np.std(y[:, j] - cross_val_predict(model, x, y[:, j], cv=min(FOLDS, len(y))))
        model.fit(x, y[:, j])
        slopes[:, j], offset[j] = model.coef_, model.intercept_
    return Effects(plain.known, slopes, offset, left)
