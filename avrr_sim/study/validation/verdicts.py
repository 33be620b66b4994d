"""Verdicts: hit, missed or not decidable, with an interval that is honest about how many draws there were.

A pattern's *probability* is the mean over draws of the chance that it holds in the draw (see
`patterns.statistic`): the share of draws in which it holds, where a draw that cannot tell counts by half. Its
interval is the binomial one of Clopper and Pearson (1934). A verdict is given only where the whole interval
lies on one side of a cut.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from avrr_sim.study.patterns.statistic import Statistic
from avrr_sim.study.summary.statistics import INTERVAL

HIT, MISS = 0.75, 0.25
"""Hit: holds in at least three quarters of draws. Missed: in at most a quarter. Readings of "it holds" that
leave room for draws at the edge.
"""
VERDICTS = ("hit", "missed", "not decidable")


@dataclass(frozen=True)
class Verdict:
    """The verdict on a pattern or target: probability, its interval, draws, and the share of draws whose sign
    is clear of chance within them.

    The probability is NaN, and the interval all of [0, 1], where there is no draw to judge by.
    """

    verdict: str
    probability: float
    low: float
    high: float
    draws: int
    clear: float


def binomial_interval(successes: float, n: int, mass: float = INTERVAL) -> tuple[float, float]:
    """(low, high) of the Clopper-Pearson interval of a share; `successes` may be a sum of chances. (0, 1)
    where n is 0.
    """
    from scipy.special import betaincinv

    if n == 0:
        return 0.0, 1.0
    tail = (1.0 - mass) / 2.0
    low = float(betaincinv(successes, n - successes + 1.0, tail)) if successes > 0.0 else 0.0
    high = float(betaincinv(successes + 1.0, n - successes, 1.0 - tail)) if successes < n else 1.0
    return low, high


def verdict_of(low: float, high: float) -> str:
    """The verdict that an interval of the probability allows."""
    if low >= HIT:
        return "hit"
    return "missed" if high <= MISS else "not decidable"


def judged(statistics: Sequence[Statistic]) -> Verdict:
    """The verdict on a pattern from its statistic in every draw; none: nothing in the model answers to it."""
    n = len(statistics)
    chances = sum(statistic.holds for statistic in statistics)
    low, high = binomial_interval(chances, n)
    return Verdict(
        verdict_of(low, high),
        chances / n if n else math.nan,
        low,
        high,
        n,
        sum(s.clear for s in statistics) / n if n else math.nan,
    )
