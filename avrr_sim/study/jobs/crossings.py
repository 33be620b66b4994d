"""The same persons under two policies: who ends where, who is displaced, who is held up."""

from __future__ import annotations

import numpy as np

from avrr_sim.engines.world import World
from avrr_sim.migrant import (
    APPLIED,
    APPROVED,
    ASSISTED,
    DEPARTED,
    NEVER,
    NONE,
    OPEN,
    OUTCOMES,
    PRESENT,
    REFUSED,
    TIERS,
)
from avrr_sim.outcomes import PEOPLE, people_of
from avrr_sim.records import picked

FLOW_OUTCOMES = (OUTCOMES[PRESENT], "applying", *OUTCOMES[PRESENT + 1 :])
"""Outcomes of the flows: those of `migrant.OUTCOMES`, with those who are present and have an application
running apart.
"""
FLOW_TIERS = (*TIERS, "none")
"""Tiers of the flows between tiers: that of the first application in the window, or none."""
CROSSINGS = (
    "in_both_runs",
    "assisted_in_baseline",
    "assisted_here",
    "assisted_in_both",
    "held_up",
    "displaced_in_queue",
)
"""What `crossing_counts` counts, in order: everybody in both runs; departed with assistance in the baseline,
here, in both; waiting or lost while waiting here; of those, departed with assistance in the baseline and
waited longer here than that took.
"""


def everybody(world: World) -> np.ndarray:
    """Everybody in a lived world as `outcomes.people_of`, with the month in which the first application was
    closed beside it.
    """
    people = people_of(world)
    kept = np.empty(len(people), [*people.dtype.descr, ("closed_at", "i8")])
    for name in PEOPLE:
        kept[name] = people[name]
    kept["closed_at"] = world.rows["closed_at"][world.rows["serial"].argsort()]
    return kept


def endings(people: np.ndarray) -> np.ndarray:
    """Index into FLOW_OUTCOMES of everybody (`outcomes.people_of`)."""
    applying = (people["outcome"] == PRESENT) & (people["stage"] != NONE)
    return np.where(applying, 1, np.where(people["outcome"] == PRESENT, 0, people["outcome"] + 1))


def same_people(baseline: np.ndarray, here: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Those who exist in both runs, in the same order; of people in the order of their ids."""
    if np.array_equal(baseline["id"], here["id"]):
        return baseline, here
    _, ours, theirs = np.intersect1d(baseline["id"], here["id"], assume_unique=True, return_indices=True)
    return picked(baseline, ours), picked(here, theirs)


def flow_counts(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Units by outcome in the baseline (rows) and here (columns), FLOW_OUTCOMES twice, of `same_people`."""
    counts = np.zeros((len(FLOW_OUTCOMES), len(FLOW_OUTCOMES)), np.int64)
    np.add.at(counts, (endings(before), endings(after)), 1)
    return counts


def tiers(people: np.ndarray, window: int) -> np.ndarray:
    """Index into FLOW_TIERS of everybody (`outcomes.people_of`), by first applications from month `window`
    on.
    """
    return np.where(people["applied_at"] >= window, people["applied_tier"], len(TIERS))


def tier_counts(before: np.ndarray, after: np.ndarray, window: int) -> np.ndarray:
    """Units by tier in the baseline (rows) and here (columns), FLOW_TIERS twice, of `same_people`."""
    counts = np.zeros((len(FLOW_TIERS), len(FLOW_TIERS)), np.int64)
    np.add.at(counts, (tiers(before, window), tiers(after, window)), 1)
    return counts


def held_up(people: np.ndarray) -> np.ndarray:
    """Who applied and is still waiting, or was lost while waiting for the directorate or an embassy: truths
    (units,).

    Lost while waiting: the first application ended at one of these two stages by anything but a refusal, and
    nothing came of a later one.
    """
    waiting = (people["outcome"] == PRESENT) & (people["stage"] != NONE)
    ended = (people["closing"] != OPEN) & (people["closing"] != DEPARTED) & (people["closing"] != REFUSED)
    lost = ended & ((people["closed_stage"] == APPLIED) | (people["closed_stage"] == APPROVED))
    return (people["applied_at"] != NEVER) & (people["outcome"] != ASSISTED) & (waiting | lost)


def months_waited(people: np.ndarray, months: int) -> np.ndarray:
    """Months since the application of those who wait at the end, and from application to its end of those
    lost while waiting (see `held_up`).
    """
    waiting = (people["outcome"] == PRESENT) & (people["stage"] != NONE)
    return np.where(
        waiting, months - 1 - people["application_at"], people["closed_at"] - people["applied_at"]
    )


def crossing_counts(before: np.ndarray, after: np.ndarray, window: int, months: int) -> np.ndarray:
    """Simulated persons of `same_people` in the baseline and here, by CROSSINGS; departures count from month
    `window` on, of `months`; people as from `everybody`. Displaced in the queue is who departed in the
    baseline, and here waited longer than that took and still waits or was lost: at that time they would have
    been gone. Who withdrew sooner, or applied too late to be through, is lost for another reason.
    """
    persons = before["adults"] + before["minors"]
    first, second = (
        (people["outcome"] == ASSISTED) & (people["left_at"] >= window) for people in (before, after)
    )
    queue = held_up(after)
    longer = months_waited(after, months) >= before["left_at"] - before["application_at"]
    return np.array(
        [
            persons.sum(),
            persons[first].sum(),
            persons[second].sum(),
            persons[first & second].sum(),
            persons[queue].sum(),
            persons[first & queue & longer].sum(),
        ],
        dtype=np.int64,
    )
