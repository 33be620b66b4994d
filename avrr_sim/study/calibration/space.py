"""The weights that are fitted, as normal quantiles of their priors: whatever the prior of a weight, in z it
is standard normal.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import ndtri

from avrr_sim.evidence import Weight, load_evidence, value_at
from avrr_sim.programme import unknowns_of
from avrr_sim.scenario import Scenario

DUMMIES = 40
"""Weights that act on nothing, fitted beside the others: what they seem to learn is accident."""


@dataclass(frozen=True)
class Space:
    """The weights that vary in a scenario: all but those that it pins."""

    scenario: Scenario
    seed: int

    @cached_property
    def priors(self) -> dict[str, Weight]:
        """By name: weights, and amounts that no source gives."""
        every = {**load_evidence(), **unknowns_of(self.scenario.programmes)}
        return {name: weight for name, weight in every.items() if name not in self.scenario.weights}

    @property
    def names(self) -> list[str]:
        """Of the weights, in the order of the columns of z."""
        return list(self.priors)

    def weights_at(self, z: Sequence[float] | np.ndarray) -> dict[str, float]:
        """All weights where the varied ones stand at quantiles z (weights,) of their priors."""
        drawn = {
            name: value_at(weight, float(each))
            for (name, weight), each in zip(self.priors.items(), z, strict=True)
        }
        return {**drawn, **self.scenario.weights}

    def prior_column(self, name: str, count: int) -> np.ndarray:
        """(count,) a weight's quantiles in equal steps, in an order of its own: the prior itself, and nothing
        that any figure could have touched.
        """
        steps = ndtri((np.arange(count) + 0.5) / count)
        return np.random.default_rng([self.seed, count, zlib.crc32(name.encode())]).permutation(steps)

    def whole(self, z: np.ndarray, active: np.ndarray) -> np.ndarray:
        """(rows, weights) all quantiles, where those of active weights are the first columns of z (rows,
        ...); the others are columns of their priors.
        """
        out = np.column_stack([self.prior_column(name, len(z)) for name in self.names])
        out[:, active] = z[:, : len(active)]
        return out


def fixed_in(weights: Mapping[str, float], space: Space) -> dict[str, float]:
    """A row of weights with those that the scenario pins."""
    return {**weights, **space.scenario.weights}
