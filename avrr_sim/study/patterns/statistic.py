"""A statistic of a pattern: one number in one draw, positive where the pattern holds, with the error that the
size of the run leaves.

Statistics are log ratios wherever two things are compared, so that 0.1 reads as "a tenth more". The error is
a jackknife over groups of people: each group is left out in turn, in all worlds at once. It knows nothing of
what one person does to another (peers, queues), which is little.

*Why not simply count signs?* A noisy sign says "holds" or "does not" even where the run cannot tell. The
chance that a pattern holds in a draw is therefore Phi(value / error): about 1 or 0 where the effect is clear
of its error, about a half where it is not. Summed over draws that leans towards "not decidable", never away
from it, and larger runs sharpen it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from avrr_sim.study.patterns.life import GROUPS, Life

PRESUMED = 0.5
"""Added to both counts of a ratio of counts, so that none in a small run is not "infinitely few"
(Haldane).
"""
CLEARLY = math.log(1.01)
"""Tolerance of a direction: a ratio must move by at least one per cent, or "more" would hold for next to
nothing.
"""
NO_RISE = math.log(1.05)
"""Tolerance of "does not rise": less than five per cent. A reading."""
A_PART = 0.02
"""Origins with at least this part of all people at risk are compared with one another; in smaller ones chance
decides who is there. A reading.
"""
CLEAR = 2.0
"""A statistic this many errors from zero is clear of chance within its draw."""


@dataclass(frozen=True)
class Statistic:
    """A value (positive: the pattern holds) and its standard error (0: nothing was drawn by chance). NaN:
    nobody to judge by.
    """

    value: float
    error: float

    @property
    def holds(self) -> float:
        """Chance that the pattern holds in this draw, in [0, 1]: Phi(value / error); a half where there is
        nobody to judge by.
        """
        if math.isnan(self.value):
            return 0.5
        if math.isnan(self.error):
            return 0.5
        if self.error == 0.0:
            return 1.0 if self.value > 0.0 else 0.0
        return NormalDist().cdf(self.value / self.error)

    @property
    def clear(self) -> bool:
        """Whether chance within the draw can hardly turn the sign."""
        return (
            not math.isnan(self.value)
            and not math.isnan(self.error)
            and abs(self.value) >= CLEAR * self.error
        )


class View:
    """The sums of a life, over all its people or with one group left out, and questions that are asked of
    them.
    """

    def __init__(self, life: Life, without: int | None = None) -> None:
        self._life, self._without = life, without
        self.scenario = life.world.scenario
        self.weights = life.world.weights
        self.scale = life.world.scale

    def __getitem__(self, name: str) -> np.ndarray:
        """A sum by name, without its groups."""
        part = self._life.sums[name]
        return part.sum(axis=0) if self._without is None else part.sum(axis=0) - part[self._without]

    def place(self, origin: str) -> int:
        """The number of an origin."""
        return self.scenario.origins.index(origin)

    def hazard(
        self, origin: str | Sequence[str] | None = None, abode: int | None = None, status: int | None = None
    ) -> float:
        """Mean chance a month of applying, of everybody at risk or of a group; NaN where nobody is."""
        names = () if origin is None else (origin,) if isinstance(origin, str) else origin
        chosen = (
            [self.place(name) for name in names] if names else slice(None),
            slice(None) if abode is None else abode,
        )
        applying, at_risk = (
            self[name][chosen][..., slice(None) if status is None else status].sum()
            for name in ("applying", "at_risk")
        )
        return ratio(applying, at_risk)

    def large(self) -> list[str]:
        """Origins with at least A_PART of all people at risk, over the months of the window."""
        at_risk = self["at_risk"]
        by_origin = at_risk.reshape(len(at_risk), -1).sum(axis=1)
        return [o for o in self.scenario.origins if by_origin[self.place(o)] >= A_PART * by_origin.sum()]

    def open_throughout(self, origin: str) -> bool:
        """Whether the protection gate leaves an origin open in every month of the window."""
        w = self._life.world
        return bool(
            (
                w.origins["security"][self.place(origin), w.window_start :] >= self.scenario.protection_gate
            ).all()
        )

    def departed(self, origin: str | None, first: int, last: int) -> float:
        """Persons who departed with assistance in the years `first` to `last`, of one origin or all."""
        years, origins = self._years(first, last), slice(None) if origin is None else self.place(origin)
        return float(self["departed"][years, origins].sum())

    def departed_from(self, origin: str, status: int, first: int, last: int) -> float:
        """As `departed`, of those who left from one legal status."""
        return float(self["departed"][self._years(first, last), self.place(origin), status].sum())

    def stock(self, origin: str, status: int, first: int, last: int) -> float:
        """Persons of an origin present in a legal status, added up over the ends of some years."""
        return float(self["stock"][self._years(first, last), self.place(origin), status].sum())

    def assisted(self) -> float:
        """Persons who departed with assistance in the window."""
        return self.departed(None, self.scenario.window_from // 12, self.scenario.window_to // 12)

    def mean(self, name: str, abode: int) -> float:
        """Mean of a belief (knowledge, trust, self_rated) in an abode."""
        return ratio(self[name][abode], self["people"][abode])

    def _years(self, first: int, last: int) -> slice:
        start = self.scenario.start // 12
        return slice(first - start, last - start + 1)


def ratio(top: float, bottom: float) -> float:
    """top / bottom; NaN where the bottom is 0."""
    return float(top) / float(bottom) if bottom else math.nan


def log_ratio(one: float, other: float, presumed: float = 0.0) -> float:
    """log(one / other), NaN where either is not positive. For counts give PRESUMED, which is added to
    both.
    """
    one, other = one + presumed, other + presumed
    return math.log(one / other) if one > 0.0 and other > 0.0 else math.nan


def least(values: Sequence[float]) -> float:
    """The least of some values: a pattern of several parts holds where all of them do.

    A part that is not known (NaN) leaves the whole unknown, unless another part fails already.
    """
    known = [value for value in values if not math.isnan(value)]
    lowest = min(known, default=math.nan)
    return lowest if len(known) == len(values) or lowest <= 0.0 else math.nan


def statistic_of(function: Callable[..., float], lives: Sequence[Life], with_error: bool = True) -> Statistic:
    """The value of a function of views of some lives, with its jackknife error over the groups of people (NaN
    where it is not asked for).
    """
    value = float(function(*(View(life) for life in lives)))
    if not with_error:
        return Statistic(value, math.nan)
    left_out = np.array([function(*(View(life, k) for life in lives)) for k in range(GROUPS)])
    spread = left_out - left_out.mean()
    return Statistic(value, float(math.sqrt((GROUPS - 1) / GROUPS * float(spread @ spread))))
