"""Where a second bank of runs looks: a distribution of weights nearer to the figures."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

EDGE = 1e-9  # quantiles are kept inside (0, 1)


@dataclass(frozen=True)
class Proposal:
    """Where a second bank looks: the priors times a loose, linear likelihood of the figures.

    slopes (figures, weights), offset (figures,): the figures on their scales as a linear function of the
    quantiles z; published (figures,); loose (figures, figures): covariance of what that function leaves, the
    figures' errors, and room. A density q(z) = prior(z) N(published; offset + slopes z, loose).
    """

    slopes: np.ndarray
    offset: np.ndarray
    published: np.ndarray
    loose: np.ndarray

    def moved(self, normal: np.ndarray) -> np.ndarray:
        """Standard normal points (points, weights) as points of the proposal."""
        precision = np.eye(self.slopes.shape[1]) + self.slopes.T @ np.linalg.solve(self.loose, self.slopes)
        mean = np.linalg.solve(
            precision, self.slopes.T @ np.linalg.solve(self.loose, self.published - self.offset)
        )
        lower = np.linalg.cholesky(np.linalg.inv(precision))
        return mean + normal @ lower.T

    def importance(self, z: np.ndarray) -> np.ndarray:
        """Prior over proposal at z (points, weights), up to a constant; the largest cut off at sqrt(points)
        times the mean (Ionides 2008, Journal of Computational and Graphical Statistics 17), so that no single
        point speaks for all."""
        gap = self.published - self.offset - z @ self.slopes.T
        log = 0.5 * np.einsum("ij,ij->i", gap, np.linalg.solve(self.loose, gap.T).T)
        weights = np.exp(log - log.max())
        return np.minimum(weights, weights.mean() * np.sqrt(len(weights)))

    @property
    def digest(self) -> str:
        """Hash of the proposal, rounded to what different machines agree on."""
        parts = [np.round(part, 6) + 0.0 for part in (self.slopes, self.offset, self.published, self.loose)]
        return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()[
            :16
        ]
