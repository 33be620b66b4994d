"""Draws from a posterior whose likelihood is cheap: sequential Monte Carlo from the prior, the likelihood let
in by degrees (Del Moral, Doucet and Jasra 2006, Journal of the Royal Statistical Society B 68).

The prior is standard normal in every weight. At each degree draws are resampled and moved by steps that leave
a normal reference alone (Cotter, Roberts, Stuart and White 2013, Statistical Science 28; the reference is the
posterior as it would be if the figures were linear in the weights), accepted by Metropolis and Hastings'
rule. So weights that no figure touches move freely, however many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from avrr_sim.study.calibration.likelihood import Likelihood

Surface = Callable[[np.ndarray], np.ndarray]
"""Figures of the model (draws, all figures) at weights z (draws, weights)."""

Term = tuple[float, Likelihood]
"""A power, and the likelihood that is raised to it."""

HALF = 0.5  # of the draws by which their worth may fall at one degree
ACCEPTED = 0.3  # share of steps at which the length of steps settles
MOVES, SETTLE = 4, 40  # steps at each degree, and at the last one
_RIDGE = 1e-3  # of a draw's own variance, in the linear reference
_SHORTEST, _LONGEST = 0.02, 0.99


@dataclass(frozen=True)
class Drawn:
    """Draws z (draws, weights) from a posterior, equally likely; figures (draws, all figures) of the surface
    there; degrees: how many were needed; accepted: share of the last steps; kinship: correlation between
    draws and those that they were moved from since the last resampling, in the weight in which it is largest.
    """

    z: np.ndarray
    figures: np.ndarray
    degrees: int
    accepted: float
    kinship: float


class _Moving:
    """Draws under way."""

    def __init__(
        self, surface: Surface, z: np.ndarray, given: Sequence[Term], asked: Likelihood, until: float
    ) -> None:
        self.surface, self.given, self.asked, self.until = surface, given, asked, until
        self.degree, self.step = 0.0, 0.5
        self.z = z
        self.figures, self.fixed, self.like = self.look(z)
        self.seen = [(self.z, self.figures)]

    def look(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(figures, log density of what is given, log likelihood that is let in) at some weights."""
        figures = self.surface(z)
        fixed = -0.5 * np.einsum("ij,ij->i", z, z)
        for power, likelihood in self.given:
            fixed = fixed + power * likelihood(figures)
        return figures, fixed, self.asked(figures)

    def next_degree(self) -> float:
        """The degree at which draws weighed anew are worth HALF of their number, the last one at most."""
        low, high = self.degree, self.until
        if _worth((high - self.degree) * self.like) >= HALF * len(self.z):
            return self.until
        for _ in range(40):
            middle = 0.5 * (low + high)
            enough = _worth((middle - self.degree) * self.like) >= HALF * len(self.z)
            low, high = (middle, high) if enough else (low, middle)
        return min(max(low, self.degree + 1e-6), self.until)

    def resample(self, degree: float, chance: np.random.Generator) -> None:
        """Draws in proportion to what a further degree makes of them."""
        log = (degree - self.degree) * self.like
        rows = systematic(np.exp(log - log.max()), len(self.z), chance)
        self.z, self.figures, self.fixed, self.like = (
            part[rows] for part in (self.z, self.figures, self.fixed, self.like)
        )
        self.degree = degree

    def reference(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(mean, precision, lower factor of the covariance) of the normal that steps leave alone: the
        posterior if the figures were linear, as regression over the last steps tells.
        """
        z, figures = (np.concatenate(part) for part in zip(*self.seen, strict=True))
        middle, at = z.mean(axis=0), figures.mean(axis=0)
        x = z - middle
        scatter = x.T @ x
        scatter[np.diag_indices_from(scatter)] += _RIDGE * len(z)
        slopes = np.linalg.solve(scatter, x.T @ (figures - at))
        precision, pull = np.eye(z.shape[1]), np.zeros(z.shape[1])
        for power, likelihood in (*self.given, (self.degree, self.asked)):
            of = slopes[:, likelihood.at]
            counted = power * np.linalg.solve(likelihood.covariance, of.T).T
            precision += counted @ of.T
            pull += counted @ (likelihood.published - at[likelihood.at] + middle @ of)
        covariance = np.linalg.inv(precision)
        return covariance @ pull, precision, np.linalg.cholesky(0.5 * (covariance + covariance.T))

    def move(self, steps: int, chance: np.random.Generator) -> float:
        """Move every draw some steps; gives the share that was accepted in the last half of them."""
        mean, precision, lower = self.reference()
        told, self.seen = [], [(self.z.copy(), self.figures.copy())]
        for _ in range(steps):
            kept = np.sqrt(1.0 - self.step**2)
            x = self.z - mean
            there = mean + kept * x + self.step * chance.standard_normal(x.shape) @ lower.T
            figures, fixed, like = self.look(there)
            self.seen = [*self.seen[-MOVES:], (there, figures)]
            y = there - mean
            gain = fixed + self.degree * like - self.fixed - self.degree * self.like
            gain += 0.5 * (np.einsum("ij,ij->i", y @ precision, y) - np.einsum("ij,ij->i", x @ precision, x))
            taken = np.log(chance.random(len(gain))) < gain
            self.z[taken], self.figures[taken] = there[taken], figures[taken]
            self.fixed[taken], self.like[taken] = fixed[taken], like[taken]
            told.append(float(taken.mean()))
            self.step = float(np.clip(self.step * np.exp(told[-1] - ACCEPTED), _SHORTEST, _LONGEST))
        return float(np.mean(told[len(told) // 2 :]))


def draw(
    surface: Surface,
    start: np.ndarray,
    asked: Likelihood,
    chance: np.random.Generator,
    given: Sequence[Term] = (),
    settle: int = SETTLE,
    until: float = 1.0,
) -> Drawn:
    """As many draws as `start` (draws, weights) holds, which come from the standard normal prior times the
    terms that are `given`; the draws come from that times the likelihood that is `asked`, to the power
    `until`, and stand in no order.
    """
    moving = _Moving(surface, start.copy(), given, asked, until)
    degrees = 0
    while moving.degree < until:
        moving.resample(moving.next_degree(), chance)
        degrees += 1
        if moving.degree < until:
            moving.move(MOVES, chance)
    before = moving.z.copy()
    accepted = moving.move(settle, chance)
    order = chance.permutation(len(moving.z))
    return Drawn(
        moving.z[order],
        moving.figures[order],
        degrees,
        accepted,
        float(np.max(_correlation(before, moving.z))),
    )


def _correlation(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    x, y = before - before.mean(axis=0), after - after.mean(axis=0)
    scale = np.sqrt((x**2).sum(axis=0) * (y**2).sum(axis=0))
    return np.divide((x * y).sum(axis=0), scale, out=np.zeros(len(scale)), where=scale > 0)


def _worth(log: np.ndarray) -> float:
    """Number of equally weighted draws that draws of such log weights are worth."""
    weights = np.exp(log - log.max())
    return float(weights.sum() ** 2 / np.sum(weights**2))


def systematic(weights: np.ndarray, count: int, chance: np.random.Generator) -> np.ndarray:
    """Indices (count,) of draws in proportion to their weights: none comes more than once too often or too
    rarely.
    """
    marks = (np.arange(count) + chance.random()) / count
    return np.minimum(np.searchsorted(np.cumsum(weights / weights.sum()), marks), len(weights) - 1)
