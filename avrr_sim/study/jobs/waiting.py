"""How long people wait in one run."""

from __future__ import annotations

import numpy as np

from avrr_sim.counts import HOUSEHOLDS
from avrr_sim.measures import DROP_OUT_MONTHS
from avrr_sim.migrant import ABODES, ASSISTED, NEVER, TIERS
from avrr_sim.policy import STATUS_NAMES

WAITS = ("to_apply", "in_process")
"""Months from arrival to the first application, of first applications of the window followed for 12 months;
months from the application to the departure, of assisted departures of the window. The same people as in the
measures `months_to_apply` and `months_in_process`.
"""
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


def households(people: np.ndarray) -> np.ndarray:
    """Index into `counts.HOUSEHOLDS` of everybody."""
    return np.where(people["adults"] == 0, 2, np.where(people["adults"] + people["minors"] == 1, 0, 1))


def groupings(people: np.ndarray, n_origins: int) -> list[tuple[np.ndarray, int]]:
    """The groups of `outcomes.group_names` in their order: (group of each of `people`, number of groups) for
    every way to group them; all of these have applied.
    """
    return [
        (np.zeros(len(people), int), 1),
        (people["origin"], n_origins),
        (people["applied_abode"], len(ABODES)),
        (people["applied_status"], len(STATUS_NAMES)),
        (people["applied_tier"], len(TIERS)),
        (households(people), len(HOUSEHOLDS)),
    ]


def quantiles_by_group(length: np.ndarray, group: np.ndarray, groups: int) -> tuple[np.ndarray, np.ndarray]:
    """(`QUANTILES` of the lengths of each group, its members): arrays (groups, QUANTILES), NaN where a group
    is empty, and (groups,). To the last bit as `numpy.quantile` of one group after the other, which takes ten
    times as long where groups are small.
    """
    inside = (group >= 0) & (group < groups)
    length, group = length[inside], group[inside]
    units = np.bincount(group, minlength=groups)
    found, there = np.full((groups, len(QUANTILES)), np.nan), units > 0
    if not there.any():
        return found, units
    ordered = length[np.lexsort((length, group))]
    first, last = (units.cumsum() - units)[there, None], (units.cumsum() - 1)[there, None]
    place = (last - first) * np.array(QUANTILES)
    below = np.floor(place).astype(int)
    share, low = place - below, ordered[first + below]
    step = ordered[np.minimum(first + below + 1, last)] - low
    found[there] = np.where(share < 0.5, low + step * share, low + step - step * (1.0 - share))
    return found, units


def wait_quantiles(
    people: np.ndarray, n_origins: int, window: int, months: int
) -> tuple[np.ndarray, np.ndarray]:
    """(quantiles, units) of one run: arrays (waits, groups, QUANTILES) and (waits, groups); NaN where a group
    is empty.
    """
    early = people[
        (people["applied_at"] != NEVER)
        & (people["applied_at"] >= window)
        & (people["applied_at"] <= months - DROP_OUT_MONTHS)
    ]
    left = people[(people["outcome"] == ASSISTED) & (people["left_at"] >= window)]
    found, units = [], []
    for those, length in (
        (early, early["applied_at"] - early["arrival"]),
        (left, left["left_at"] - left["application_at"]),
    ):
        each = [quantiles_by_group(length, *grouping) for grouping in groupings(those, n_origins)]
        found.append(np.concatenate([quantiles for quantiles, _ in each]))
        units.append(np.concatenate([members for _, members in each]))
    return np.array(found), np.array(units)
