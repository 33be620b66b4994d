"""What published figures say of a model's figures: a joint normal likelihood on the figures' scales, and the
chance that ranges are met.

Of every figure the error of measurement is its own, and so is a part of the discrepancy; another part is
shared by all figures of a series, for what makes a model say too much in one year does so in the next. So a
ratio between two years of a series is judged by the own parts alone, as it should be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.special import log_ndtr, ndtr

from avrr_sim.study.published.figure import PublishedFigure


def _lower(covariance: np.ndarray) -> np.ndarray:
    """Lower factor of a covariance, or of the nearest one: what few runs tell of chance may be none."""
    try:
        return np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(covariance)
        least = _LEAST_SHARE * float(values.max())
        return np.linalg.cholesky((vectors * np.maximum(values, least)) @ vectors.T)


_LEAST_SHARE = 1e-6


@dataclass(frozen=True)
class Likelihood:
    """The figures that are conditioned on, all on their scales.

    at (figures,)          their columns among the model's figures
    published (figures,)   what was published
    error, own, shared     (figures,) standard deviations: of measurement, of the figure's own discrepancy, of
                           the one that it shares with its block
    blocks (figures,)      number of the series that it belongs to; alone where no other has the number
    ranges (ranges,)       columns of the figures of which only a range is known
    low, high, width       (ranges,) its ends, infinite where it is open, and the standard deviation of the
                           discrepancy at them
    extra                  (all figures, all figures) covariance of what is not known of the model's figures
                           themselves, added to the rest
    """

    at: np.ndarray
    published: np.ndarray
    error: np.ndarray
    own: np.ndarray
    shared: np.ndarray
    blocks: np.ndarray
    ranges: np.ndarray
    low: np.ndarray
    high: np.ndarray
    width: np.ndarray
    extra: np.ndarray

    @property
    def covariance(self) -> np.ndarray:
        """(figures, figures) of what is published around the model's figures."""
        together = np.outer(self.shared, self.shared) * (self.blocks[:, None] == self.blocks)
        return together + np.diag(self.error**2 + self.own**2) + self.extra[np.ix_(self.at, self.at)]

    @cached_property
    def _factor(self) -> tuple[np.ndarray, float]:
        """(inverse of the lower factor of the covariance, logarithm of the normal's constant)."""
        lower = _lower(self.covariance)
        constant = -float(np.log(np.diag(lower)).sum()) - 0.5 * len(self.at) * float(np.log(2.0 * np.pi))
        return np.linalg.inv(lower), constant

    def __call__(self, figures: np.ndarray) -> np.ndarray:
        """(runs,) log likelihood of the model's figures (runs, all figures)."""
        inverse, constant = self._factor
        gap = (self.published - figures[:, self.at]) @ inverse.T
        found = constant - 0.5 * np.einsum("ij,ij->i", gap, gap)
        return found + np.log(self._held(figures)).sum(axis=1)

    def _held(self, figures: np.ndarray) -> np.ndarray:
        """(runs, ranges) chance that a range is met, never quite 0."""
        width = np.sqrt(self.width**2 + np.diag(self.extra)[self.ranges])
        below = (self.low - figures[:, self.ranges]) / width
        above = (self.high - figures[:, self.ranges]) / width
        rare = _RARE * np.exp(np.minimum(log_ndtr(above), log_ndtr(-below)))
        return np.maximum(ndtr(above) - ndtr(below), np.maximum(rare, _LEAST))

    def observed(self, figures: np.ndarray, chance: np.random.Generator) -> np.ndarray:
        """(runs, figures) what would be published if the model's figures (runs, all figures) were the
        truth.
        """
        number = np.unique(self.blocks, return_inverse=True)[1]
        common = chance.standard_normal((len(figures), number.max() + 1))[:, number]
        alone = np.sqrt(self.error**2 + self.own**2) * chance.standard_normal((len(figures), len(self.at)))
        return figures[:, self.at] + self.shared * common + alone

    def seen(self, figures: np.ndarray, chance: np.random.Generator) -> np.ndarray:
        """(runs, all figures) what the figures themselves might be where they are known up to `extra` only,
        as what is published tells of that: figures (runs, all figures) are what the model is known to give.
        """
        part = self.extra[:, self.at]
        gain = np.linalg.solve(self.covariance, part.T)
        rest = self.extra - part @ gain
        values, vectors = np.linalg.eigh(0.5 * (rest + rest.T))
        scatter = (vectors * np.sqrt(np.maximum(values, 0.0))).T
        told = figures + (self.published - figures[:, self.at]) @ gain
        return told + chance.standard_normal(figures.shape) @ scatter

    @property
    def spread(self) -> np.ndarray:
        """(figures,) standard deviation of error and discrepancy together."""
        return np.sqrt(self.error**2 + self.own**2 + self.shared**2)

    def around(self, extra: np.ndarray) -> Likelihood:
        """The same of figures that are known up to a covariance (all figures, all figures)."""
        return replace(self, extra=extra)

    def of(self, published: np.ndarray) -> Likelihood:
        """The same of other published figures (figures,)."""
        return replace(self, published=published)

    def alone(self) -> Likelihood:
        """The same without ranges."""
        none = np.zeros(0)
        return replace(self, ranges=np.zeros(0, int), low=none, high=none, width=none)

    def scaled(self, factor: float) -> Likelihood:
        """The same with every discrepancy so many times as large."""
        return replace(self, own=factor * self.own, shared=factor * self.shared, width=factor * self.width)

    def without(self, left_out: Sequence[int]) -> Likelihood:
        """The same without the figures in some columns of the model's."""
        kept = ~np.isin(self.at, left_out)
        names = ("at", "published", "error", "own", "shared", "blocks")
        return replace(self, **{name: getattr(self, name)[kept] for name in names})


_RARE, _LEAST = 1e-9, 1e-300  # of what is surely missed, so that its logarithm stays a number


def likelihood_of(figures: Sequence[PublishedFigure]) -> Likelihood:
    """The likelihood that figures state, in the order in which the model gives them; those of other roles
    than `fit` are left out.
    """
    fitted = [i for i, each in enumerate(figures) if each.fitted and not each.ranged]
    ranged = [i for i, each in enumerate(figures) if each.fitted and each.ranged]
    series = {name: k for k, name in enumerate(dict.fromkeys(figures[i].series for i in fitted))}
    blocks = [series[figures[i].series] if figures[i].series else len(series) + i for i in fitted]
    chosen, open_ended = [figures[i] for i in fitted], [figures[i] for i in ranged]
    return Likelihood(
        np.array(fitted, int),
        np.array([float(each.on_scale(each.low)) for each in chosen]),
        np.array([each.slope * each.standard_error for each in chosen]),
        np.array([each.slope * each.discrepancy for each in chosen]),
        np.array([each.slope * each.shared for each in chosen]),
        np.array(blocks, int),
        np.array(ranged, int),
        np.array([-np.inf if e.low <= 0 else float(e.on_scale(e.low)) for e in open_ended]),
        np.array([np.inf if e.open_above else float(e.on_scale(e.high)) for e in open_ended]),
        np.array([each.spread for each in open_ended]),
        np.zeros((len(figures), len(figures))),
    )
