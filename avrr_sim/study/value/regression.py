"""How much of the variance of a policy difference would go if some data were known: Var(E[d | data]) /
Var(d), by regression on draws (Strong, Oakley and Brennan 2014, Medical Decision Making 34; for data of a
study that could be done: Strong and others 2015, Medical Decision Making 35).

The regression is a Gaussian process with a polynomial kernel: Hermite polynomials of the normal scores of
every column, and their products where columns are few, shrunk evenly, with shrinkage and the weight of
bends against straight lines chosen by marginal likelihood. What is explained is the expectation of Var(g)
over what is not known of g, which is right on average where the fit's mean alone would be too small. What
dummies, the same data given to other draws, seem to explain is taken out, as an adjusted R squared does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import factorial

import numpy as np
import pandas as pd

DUMMIES = 100
"""Permutations of the data: their mean is taken out, their 95th percentile is the null line."""
NULL_LINE = 0.95
BLOCKS = 10  # of the jackknife, and of what is predicted unseen
_BENDS = (0.0, 0.3, 1.0)  # weight of an order of polynomials against the one below it
_PENALTIES = np.logspace(-4, 5, 37)  # relative to the mean squared singular value
_DEGREES = ((2, 5), (4, 4), (6, 3), (12, 2))
# (columns up to which, degree up to which) products are taken in; each column alone is up to _ALONE at least
_ALONE = 3
_NOTHING, _ROUNDING = 1e-12, 1e-9


def normal_scores(columns: np.ndarray) -> np.ndarray:
    """Columns (draws, k) as quantiles of a normal by rank, ties sharing it; zeros where nothing varies."""
    from scipy.special import ndtri

    if not columns.shape[1]:
        return np.zeros(columns.shape)
    scores = ndtri((pd.DataFrame(columns).rank().to_numpy() - 0.5) / len(columns))
    spread = scores.std(axis=0)
    return np.where(spread > _NOTHING, scores / np.where(spread > _NOTHING, spread, 1.0), 0.0)


def _hermite(z: np.ndarray, degree: int) -> np.ndarray:
    """Hermite polynomials (of probabilists) of degree 0 to `degree`, each of variance 1 under a normal:
    (degree + 1, *z.shape).
    """
    found = [np.ones(z.shape), z]
    for n in range(1, degree):
        found.append(z * found[n] - n * found[n - 1])
    return np.array([each / np.sqrt(factorial(n)) for n, each in enumerate(found[: degree + 1])])


def _polynomials(scores: np.ndarray) -> list[np.ndarray]:
    """Features by degree, from the first on, each (draws, features): all products of polynomials up to a
    degree that falls with the number of columns, and beyond that of each column alone.
    """
    k = scores.shape[1]
    whole = next((degree for most, degree in _DEGREES if k <= most), 1)
    alone = max(whole, _ALONE)
    bends = _hermite(scores, alone)
    orders = []
    for degree in range(1, alone + 1):
        sets = (
            combinations_with_replacement(range(k), degree)
            if degree <= whole
            else ((j,) * degree for j in range(k))
        )
        orders.append(
            np.column_stack(
                [np.prod([bends[times, :, j] for j, times in Counter(each).items()], axis=0) for each in sets]
            )
        )
    return orders


@dataclass(frozen=True)
class _Basis:
    """Features under one weight of bends: their means, left singular vectors, singular values and right
    ones.
    """

    mean: np.ndarray
    left: np.ndarray
    size: np.ndarray
    right: np.ndarray


def _weighted(orders: Sequence[np.ndarray], bend: float) -> list[np.ndarray]:
    """Features under a weight of bends; straight lines only where it is 0."""
    return [bend**m * each for m, each in enumerate(orders) if bend or not m]


def _basis(features: np.ndarray) -> _Basis:
    mean = features.mean(axis=0)
    left, size, right = np.linalg.svd(features - mean, full_matrices=False)
    kept = size > _ROUNDING * max(float(size.max(initial=0.0)), _NOTHING)
    return _Basis(mean, left[:, kept], size[kept], right[kept])


def _bases(orders: Sequence[np.ndarray]) -> list[tuple[float, _Basis]]:
    """(weight of bends, basis) for every weight that is tried."""
    return [(bend, _basis(np.column_stack(_weighted(orders, bend)))) for bend in _BENDS]


def _likelihoods(basis: _Basis, penalties: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(log marginal likelihood, squared scale) by penalty and column of `y` (draws, columns), means taken
    out.
    """
    n, squared = len(y) - 1, basis.size**2
    turned = (basis.left.T @ y) ** 2
    rest = np.maximum((y * y).sum(axis=0) - turned.sum(axis=0), 0.0)
    shrunk = squared[None, :] + penalties[:, None]
    fit = (turned[None] / shrunk[:, :, None]).sum(axis=1) + rest / penalties[:, None]
    scale = np.maximum(fit, _NOTHING) / n
    sizes = np.log(shrunk).sum(axis=1) + (n - len(squared)) * np.log(penalties)
    return -0.5 * (n * np.log(scale) + sizes[:, None]), scale


def _penalties(basis: _Basis) -> np.ndarray:
    return _PENALTIES * max(float(np.mean(basis.size**2)) if len(basis.size) else 1.0, _NOTHING)


def _explained(bases: Sequence[tuple[float, _Basis]], y: np.ndarray) -> tuple[np.ndarray, int, np.ndarray]:
    """(share of the variance of each column of `y` that is explained, number of the basis of the first
    column, penalties chosen).
    """
    best = np.full(y.shape[1], -np.inf)
    share, chosen, penalty = np.zeros(y.shape[1]), np.zeros(y.shape[1], int), np.ones(y.shape[1])
    total = np.maximum((y * y).sum(axis=0), _NOTHING)
    for number, (_, basis) in enumerate(bases):
        if not len(basis.size):
            continue
        penalties = _penalties(basis)
        likelihood, scale = _likelihoods(basis, penalties, y)
        at = likelihood.argmax(axis=0)
        here = np.arange(y.shape[1])
        better = likelihood[at, here] > best
        best = np.where(better, likelihood[at, here], best)
        keep = basis.size[:, None] ** 2 / (basis.size[:, None] ** 2 + penalties[at])
        turned = basis.left.T @ y
        mean_square = ((keep * turned) ** 2).sum(axis=0)
        open_square = scale[at, here] * penalties[at] * keep.sum(axis=0)
        share = np.where(better, (mean_square + open_square) / total, share)
        chosen, penalty = np.where(better, number, chosen), np.where(better, penalties[at], penalty)
    return share, int(chosen[0]), penalty


def _centred(y: np.ndarray) -> np.ndarray:
    return y - y.mean(axis=0)


def permuted(rows: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """(draws, count) numbers of draws: dummies in which every distinct row of weights is given what happened
    under another one; rows: for each draw a number that copies of its row share.
    """
    _, which = np.unique(rows, return_inverse=True)
    members = [np.flatnonzero(which == r) for r in range(which.max() + 1)]
    dummies = np.empty((len(rows), count), int)
    for column in range(count):
        given = rng.permutation(len(members))
        spot = rng.random(len(rows))
        sizes = np.array([len(members[r]) for r in given[which]])
        dummies[:, column] = [
            members[r][k] for r, k in zip(given[which], (spot * sizes).astype(int), strict=True)
        ]
    return dummies


def blocks_of(rows: np.ndarray) -> np.ndarray:
    """The block of each draw, copies of one row of weights in one block; rows come in random order."""
    _, first, which = np.unique(rows, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[which] % BLOCKS


@dataclass(frozen=True)
class Explained:
    """What some data explain of the variance of y, in squared units of y.

    variance: bias taken out, may lie below nothing; left_out: the same without each block of the jackknife;
    dummies: the same of each dummy; unseen: what is predicted of draws left out, which is less than could be
    known, as fewer draws teach worse.
    """

    variance: float
    left_out: np.ndarray
    dummies: np.ndarray
    unseen: float


def explained(data: np.ndarray, y: np.ndarray, rows: np.ndarray, dummies: np.ndarray) -> Explained:
    """What data (draws, k) explain of y (draws,); rows and dummies as for `permuted`."""
    orders = _polynomials(normal_scores(data))
    bases = _bases(orders)
    shares, chosen, _ = _explained(bases, _centred(np.column_stack([y, y[dummies]])))
    null, of_y = float(shares[1:].mean()), float(np.var(y))
    bend = bases[chosen][0]
    features = np.column_stack(_weighted(orders, bend))
    left_out, unseen = _without_blocks(features, y, blocks_of(rows))
    unbiased = (shares - null) / (1.0 - null) * of_y
    return Explained(
        float(unbiased[0]), (left_out[0] - null) / (1.0 - null) * left_out[1], unbiased[1:], of_y - unseen
    )


def _without_blocks(
    features: np.ndarray, y: np.ndarray, block: np.ndarray
) -> tuple[tuple[np.ndarray, np.ndarray], float]:
    """((share explained without each block, variance without it), mean squared error of what is then
    predicted of the block).
    """
    share, variance, missed = np.full(BLOCKS, np.nan), np.full(BLOCKS, np.nan), 0.0
    for b in np.unique(block):
        out = block == b
        basis, inside = _basis(features[~out]), y[~out]
        found, _, penalty = _explained([(0.0, basis)], _centred(inside[:, None]))
        share[b], variance[b] = found[0], np.var(inside)
        slope = basis.right.T @ (
            basis.size / (basis.size**2 + penalty[0]) * (basis.left.T @ (inside - inside.mean()))
        )
        told = inside.mean() + (features[out] - basis.mean) @ slope
        missed += float(np.sum((y[out] - told) ** 2))
    return (share, variance), missed / len(y)
