"""Series that follow from published counts by a written formula: pace of decisions, chance of a permit, share
closed, gap in living standards.

Frames have one row an origin and one column a year, as in `tables`; NaN is "not published", or too few to
divide by.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import brentq

FEWEST = 20
"""Persons below which no share or pace is formed: cells of 1 to 4 are published as 5."""

UNKNOWN = "UNK"
"""Code of persons whose origin the publisher does not know."""

MOST_UNKNOWN = 0.5
"""Share of a year's persons of unknown origin up to which the counts by origin are taken as they stand."""

MONTHS = 12.0
_SLOWEST, _FASTEST = 1e-6, 50.0  # hazards a month between which a pace is sought


def published(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame of counts with 0 where the publisher has no row for an origin, in years in which it has rows
    for others.

    Where half or more of a year's persons are of unknown origin, nothing is known of any origin: NaN.
    """
    total = frame.sum(axis=0, min_count=1)
    unknown = frame.reindex([UNKNOWN]).loc[UNKNOWN].fillna(0.0)
    told = (total.notna() & ~(unknown > MOST_UNKNOWN * total)).to_numpy()
    filled = frame.fillna(0.0).where(np.broadcast_to(told, frame.shape))
    if UNKNOWN in filled.index:
        filled.loc[UNKNOWN] = frame.loc[UNKNOWN].fillna(0.0).where(total.notna())
    return filled


def ratio(part: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """part / whole where the whole is at least FEWEST persons."""
    return part / whole.where(whole >= FEWEST)


def at_start(pending: pd.DataFrame) -> pd.DataFrame:
    """Claims pending at the start of each year: those at the end of the year before."""
    return pending.shift(1, axis=1)


def months_until(at_first: float, new: float, left_over: float) -> float:
    """Mean months until a decision, at the steady pace at which `left_over` claims are still pending at the
    end of a year that began with `at_first` and brought `new` ones, spread evenly.

    NaN where no steady pace gives that: where all or more than all were decided, or none, or the claims are
    few.
    """
    claims = at_first + new
    if not (claims >= FEWEST and 0.0 < left_over < claims):
        return float("nan")

    def beyond(pace: float) -> float:
        gone = np.exp(-MONTHS * pace)
        return float(at_first * gone + new * (1.0 - gone) / (MONTHS * pace) - left_over)

    if beyond(_SLOWEST) * beyond(_FASTEST) > 0.0:
        return float("nan")
    return 1.0 / float(brentq(beyond, _SLOWEST, _FASTEST))


def months_of(at_first: pd.DataFrame, new: pd.DataFrame, left_over: pd.DataFrame) -> pd.DataFrame:
    """`months_until` cell by cell."""
    new, left_over = new.reindex_like(at_first), left_over.reindex_like(at_first)
    cells = zip(*(frame.to_numpy().ravel().tolist() for frame in (at_first, new, left_over)), strict=True)
    found = np.array([months_until(*cell) for cell in cells]).reshape(at_first.shape)
    return pd.DataFrame(found, index=at_first.index, columns=at_first.columns)


def weighted_mean(frame: pd.DataFrame, weights: pd.DataFrame) -> pd.Series:
    """Mean over origins by year, weighted by applications, of those origins that have a value."""
    weights = weights.reindex_like(frame).fillna(0.0).where(frame.notna(), 0.0)
    total = weights.sum(axis=0)
    return (frame.fillna(0.0) * weights).sum(axis=0) / total.where(total > 0.0)
