"""An emulator: networks that say what the model's figures are at any weights, learned from its runs, and how
far off they are.

What a run says of a figure is the figure and the chance of a run of that size. A network that is fitted by
least squares to many runs learns the figure; what runs held back leave unexplained is chance and the
network's own error, and the two are told apart by what runs of the same weights differ by (`chance_of`).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import nnls
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPRegressor
from threadpoolctl import threadpool_limits

HIDDEN = (96, 64)  # units of the layers
BATCH, RATE = 512, 1e-3  # runs a step, and rate of learning


def sums_in_one_order() -> None:
    """Let sums of this process run in one order from here on, whatever the machine: called by what may run on
    a worker elsewhere. For good, since tasks that share a worker would undo one another's limit.
    """
    threadpool_limits(1)


@dataclass(frozen=True)
class Care:
    """How much care a network is learned with.

    members: networks, of which the mean is taken; epochs: passes over the runs, at most; penalty: on squared
    weights; held: share of the runs held back to say how far off the networks are; weighed: whether weights
    that a first network finds to matter little are made small before the others are learned, so that they are
    heard less.
    """

    members: int
    epochs: int
    penalty: float
    held: float
    weighed: bool


ROUGH = Care(3, 80, 15.0, 0.1, False)
"""Enough to say where a wave should look."""
FINE = Care(4, 120, 4.0, 0.0, True)
"""For the emulator that is fitted by; what it leaves is judged by runs that it has not seen."""
_HEARD = 10  # the weight by whose relevance that of others is measured
_LEAST_HEARD, _MOST_HEARD, _POWER = 0.02, 1.5, 0.5

Layers = tuple[tuple[np.ndarray, np.ndarray], ...]


@dataclass(frozen=True)
class Chance:
    """How a run's figures scatter around those of a run without end, on their scales: with variances floor +
    slope * units / amount, where units is one over the size of the run, and amount (see `amounts`) what the
    figure counts. floor, slope (figures,); shares (figures,): whether it is a share; alike (figures,
    figures): correlations.
    """

    floor: np.ndarray
    slope: np.ndarray
    shares: np.ndarray
    alike: np.ndarray

    def covariance(self, figures: np.ndarray, units: float) -> np.ndarray:
        """(figures, figures) in runs whose figures (figures,) are about these."""
        spread = np.sqrt(self.floor + self.slope * units / amounts(figures, self.shares))
        return self.alike * np.outer(spread, spread)


def amounts(figures: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """(..., figures) what chance shrinks with: the count itself of a figure on the scale of logarithms, p (1
    - p) of a share p on that of logits."""
    odds = np.exp(np.clip(figures, -_FAR, _FAR))
    return np.where(shares, odds / (1.0 + odds) ** 2, odds)


_FAR = 12.0


def chance_of(
    first: np.ndarray, second: np.ndarray, units: np.ndarray, shares: np.ndarray, published: np.ndarray
) -> Chance:
    """The chance of runs from pairs of runs (pairs, figures) of the same weights with chances of their own,
    at `units` (pairs,) real units a simulated one. Pairs far from what is published (figures,) do not count.
    """
    floor, slope = np.zeros(first.shape[1]), np.zeros(first.shape[1])
    for k in range(first.shape[1]):
        middle, half = 0.5 * (first[:, k] + second[:, k]), 0.5 * (first[:, k] - second[:, k]) ** 2
        near = np.isfinite(half) & (np.abs(middle - published[k]) < NEAR)
        if near.sum() < _FEW:
            near = np.isfinite(half)
        of = units[near] / amounts(middle[near, None], shares[k : k + 1])[:, 0]
        x = np.column_stack([np.ones(near.sum()), of])
        weight = 1.0 / (np.median(half[near]) + of / np.median(of) * np.median(half[near]) + _LEAST)
        floor[k], slope[k] = nnls(x * weight[:, None], half[near] * weight)[0]
    return Chance(floor, slope, shares, _correlations(first - second))


def _correlations(values: np.ndarray) -> np.ndarray:
    """(columns, columns) correlations of values (rows, columns), those of rows that are not known left out; 0
    where a column does not vary.
    """
    known = values[np.isfinite(values).all(axis=1)]
    spread = known.std(axis=0) if len(known) else np.zeros(values.shape[1])
    x = np.divide(known, spread, out=np.zeros_like(known), where=spread > 0)
    found = x.T @ x / max(len(known), 1)
    np.fill_diagonal(found, 1.0)
    return np.clip(found, -1.0, 1.0)


NEAR = 1.0  # on a figure's scale, within which pairs of runs tell its chance
_FEW, _LEAST = 20, 1e-9


@dataclass(frozen=True)
class Emulator:
    """What the model's figures are at weights z (draws, weights), called with z: (draws, figures).

    members: networks, each as its layers; centre, spread (figures,): of what they give; bias (figures,): what
    is added to them; error (figures, figures): covariance of what they leave.
    """

    members: tuple[Layers, ...]
    centre: np.ndarray
    spread: np.ndarray
    bias: np.ndarray
    error: np.ndarray

    def __call__(self, z: np.ndarray) -> np.ndarray:
        x = np.asarray(z, np.float32)
        total = sum(_forward(layers, x) for layers in self.members)
        return np.asarray(total, float) / len(self.members) * self.spread + self.centre + self.bias

    def judged(self, z: np.ndarray, figures: np.ndarray, chance: np.ndarray) -> Emulator:
        """The same with bias and error as runs say that were not learned from: figures (runs, figures) at z,
        NaN where not known, which chance scatters with a covariance (figures, figures).
        """
        left = figures - self(z)
        left = left[np.isfinite(left).all(axis=1)]
        bias = left.mean(axis=0)
        total = np.cov(left.T).reshape(len(bias), -1)
        return replace(self, bias=self.bias + bias, error=_no_less(total - chance, LEAST * np.diag(total)))


def _no_less(covariance: np.ndarray, least: np.ndarray) -> np.ndarray:
    """The nearest covariance, in which no variance is less than some (columns,)."""
    values, vectors = np.linalg.eigh(0.5 * (covariance + covariance.T))
    found = (vectors * np.maximum(values, 0.0)) @ vectors.T
    return found + np.diag(np.maximum(least - np.diag(found), 0.0))


LEAST = 0.05
"""Share of what an emulator leaves unexplained that counts as its error at least: what chance explains is
itself an estimate."""


def _forward(layers: Layers, x: np.ndarray) -> np.ndarray:
    for i, (weights, offset) in enumerate(layers):
        x = x @ weights
        x += offset
        if i < len(layers) - 1:
            np.maximum(x, 0.0, out=x)
    return x


def learn(
    z: np.ndarray,
    figures: np.ndarray,
    seed: int,
    counts: np.ndarray | None = None,
    care: Care = ROUGH,
) -> Emulator:
    """Networks for figures (runs, figures) at weights z (runs, weights). Figures that are not known are taken
    for the middle of the others. `counts` (runs,): by how much a run counts.

    What it leaves is judged by the runs that were held back, chance included, if any were: see
    `Emulator.judged` for it alone.
    """
    chance = np.random.default_rng([seed, len(z)])
    filled = np.where(np.isfinite(figures), figures, np.nanmedian(figures, axis=0))
    centre, spread = filled.mean(axis=0), np.maximum(filled.std(axis=0), 1e-6)
    y = ((filled - centre) / spread).astype(np.float32)
    x, order = z.astype(np.float32), chance.permutation(len(z))
    held, used = order[: int(care.held * len(z))], order[int(care.held * len(z)) :]
    x, y, count = x[used], y[used], None if counts is None else counts[used]
    heard = np.ones(x.shape[1], np.float32)
    if care.weighed:
        heard = _heard(_network(x, y, seed, count, care), x)
    members = [_network(x * heard, y, seed + k, count, care) for k in range(care.members)]
    found = tuple(_heard_by(layers, heard) for layers in members)
    zero = np.zeros(len(centre))
    plain = Emulator(found, centre, spread, zero, np.diag(zero))
    if not len(held):
        return plain
    return replace(plain, error=np.cov((filled[held] - plain(z[held])).T).reshape(len(centre), -1))


def _heard(layers: Layers, x: np.ndarray) -> np.ndarray:
    """(weights,) by how much each is heard: the root mean square of a network's slopes along it over some of
    the runs x, against that of the weight that matters _HEARD th most.
    """
    slopes = np.zeros(x.shape[1])
    for each in x[:: max(len(x) // 300, 1)]:
        jacobian, value = np.eye(x.shape[1], dtype=np.float32), each
        for i, (weights, offset) in enumerate(layers):
            value = value @ weights + offset
            jacobian = jacobian @ weights
            if i < len(layers) - 1:
                jacobian, value = jacobian * (value > 0), np.maximum(value, 0.0)
        slopes += np.sum(jacobian**2, axis=1)
    relevance = np.sqrt(slopes)
    most = np.sort(relevance)[-min(_HEARD, len(relevance))]
    share = np.clip(relevance / most, _LEAST_HEARD, _MOST_HEARD) if most > 0 else np.ones(len(relevance))
    return (share**_POWER).astype(np.float32)


def _heard_by(layers: Layers, heard: np.ndarray) -> Layers:
    """A network that was learned from weights times `heard`, as one of the weights themselves."""
    (first, offset), *rest = layers
    return ((first * heard[:, None], offset), *rest)


def _network(x: np.ndarray, y: np.ndarray, seed: int, counts: np.ndarray | None, care: Care) -> Layers:
    network = MLPRegressor(
        hidden_layer_sizes=HIDDEN,
        alpha=care.penalty,
        batch_size=min(BATCH, len(x) // 2),
        learning_rate_init=RATE,
        max_iter=care.epochs,
        random_state=seed,
        early_stopping=True,
        n_iter_no_change=6,
        tol=1e-4,
    )
    with warnings.catch_warnings(), threadpool_limits(1):  # sums in one order; small sums gain by no more
        warnings.simplefilter("ignore", ConvergenceWarning)
        network.fit(x, y if y.shape[1] > 1 else y[:, 0], counts)
    return tuple(zip(network.coefs_, network.intercepts_, strict=True))
