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


def members(people: np.ndarray, n_origins: int) -> list[np.ndarray]:
    """For every group of `outcomes.group_names` in its order, the places of its members among `people`; all
    of these have applied.
    """
    codes = (
        (np.zeros(len(people), int), 1),
        (people["origin"], n_origins),
        (people["applied_abode"], len(ABODES)),
        (people["applied_status"], len(STATUS_NAMES)),
        (people["applied_tier"], len(TIERS)),
        (households(people), len(HOUSEHOLDS)),
    )
    return [np.flatnonzero(code == i) for code, n in codes for i in range(n)]


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
        groups = members(those, n_origins)
        found.append(
            [np.quantile(length[g], QUANTILES) if len(g) else np.full(len(QUANTILES), np.nan) for g in groups]
        )
        units.append([len(g) for g in groups])
    return np.array(found), np.array(units)
