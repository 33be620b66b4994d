"""Designs: which combinations of factors a sweep runs.

A *factor* is one thing that varies: a lever, an amount of the programme or a weight. A *point* is one value
for every factor.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

GIVEN, SAMPLED = ("factorial", "zip"), ("latin_hypercube", "sobol")
KINDS = (*GIVEN, *SAMPLED, "rows")
"""factorial: every combination of listed values; zip: the first values together, the second together, and so
on; latin_hypercube and sobol (scrambled): so many points spread over ranges; rows: the rows of a CSV file."""

MOST_POINTS = 20_000

PLACES = ("levers", "amounts", "weights", "offers")
"""Where a factor may stand: levers of policy, amounts of the programme, weights of the evidence, offers of
the baseline."""


@dataclass(frozen=True)
class Factor:
    """One thing that varies, in one of PLACES: listed `values`, or a range from `low` to `high` on a `linear`
    or `log` scale.

    Levers and amounts hold from calendar month `start` (None: the window's first month); `announced` as in
    scenario files.
    """

    place: str
    name: str
    values: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None
    scale: str = "linear"
    start: int | None = None
    announced: int | None = None

    @property
    def column(self) -> str:
        """The factor's name in tables: levers by their own name, others with their place before it, such as
        weights.ties.
        """
        return self.name if self.place == "levers" else f"{self.place}.{self.name}"

    def at(self, u: float) -> Any:
        """The value at a share u in [0, 1) of the range; of listed values, each has an equal part of it."""
        if self.values:
            return self.values[min(int(u * len(self.values)), len(self.values) - 1)]
        if self.low is None or self.high is None:
            raise ValueError(f"{self.column} has neither values nor a range")
        if self.scale == "log":
            return math.exp(math.log(self.low) + u * (math.log(self.high) - math.log(self.low)))
        return self.low + u * (self.high - self.low)


def points_of(kind: str, factors: Sequence[Factor], count: int = 0, seed: int = 1) -> list[tuple[Any, ...]]:
    """The points of a design, each a value a factor, in the order of the factors.

    In a factorial the last factor moves fastest. `count` and `seed` are for the sampled kinds; a Sobol
    sequence keeps its balance for powers of two only. The same arguments give the same points.
    """
    if kind == "factorial":
        return list(itertools.product(*(factor.values for factor in factors)))
    if kind == "zip":
        return list(zip(*(factor.values for factor in factors), strict=True))
    from scipy.stats import qmc  # slow to import, and most commands need no design

    # a generator, not a number: what a bare seed means has changed between versions of scipy
    chance = np.random.default_rng(seed)
    sampler = (
        qmc.LatinHypercube(len(factors), seed=chance)
        if kind == "latin_hypercube"
        else qmc.Sobol(len(factors), scramble=True, seed=chance)
    )
    return [
        tuple(factor.at(float(u)) for factor, u in zip(factors, row, strict=True))
        for row in sampler.random(count)
    ]
