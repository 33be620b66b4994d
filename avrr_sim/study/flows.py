"""The same persons in two runs: where they end up here, set against where they end up in the baseline.

Paired person by person, because each has the same chance in both worlds. How many end where in each world (the margins) is what the model
says; which of the baseline's people they are (the joint table) is assumed with the pairing. Beside each joint figure stand the Frechet bounds:
the least and the most that the two margins alone allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from avrr_sim.migrant import APPLIED, APPROVED, ASSISTED, DEPARTED, NEVER, NONE, OPEN, OUTCOMES, PRESENT, REFUSED
from avrr_sim.outcomes import people_of
from avrr_sim.study.statistics import by_draw, interval, mean_of, monte_carlo_error, stack
from avrr_sim.study.tables import framed

if TYPE_CHECKING:
    from avrr_sim.engines.world import World
    from avrr_sim.study.plan import Plan
    from avrr_sim.study.runs import JobResult

FLOW_OUTCOMES = (OUTCOMES[PRESENT], "applying", *OUTCOMES[PRESENT + 1:])
"""Outcomes of the flows: those of `migrant.OUTCOMES`, with those who are present and have an application running apart."""

PEOPLE_OF, ASSISTED_BEFORE, ASSISTED_HERE, BOTH, HELD_UP, DISPLACED = range(6)
"""Columns of `crossing_counts`: everybody in both runs; departed with assistance in the baseline, here, in both; waiting or lost while waiting
here; of those, departed with assistance in the baseline and waited longer here than that took."""

PER = 1000  # units that a flow is told of


def everybody(world: World) -> np.ndarray:
    """Everybody in a lived world as `outcomes.people_of`, with the month in which the first application was closed beside it."""
    people = people_of(world)
    kept = np.empty(len(people), [*people.dtype.descr, ("closed_at", "i8")])
    for name in people.dtype.names:
        kept[name] = people[name]
    kept["closed_at"] = world.rows["closed_at"][world.rows["serial"].argsort()]
    return kept


def endings(people: np.ndarray) -> np.ndarray:
    """Index into FLOW_OUTCOMES of everybody (`outcomes.people_of`)."""
    applying = (people["outcome"] == PRESENT) & (people["stage"] != NONE)
    return np.where(applying, 1, np.where(people["outcome"] == PRESENT, 0, people["outcome"] + 1))


def same_people(baseline: np.ndarray, here: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Those who exist in both runs, in the same order."""
    _, ours, theirs = np.intersect1d(baseline["id"], here["id"], assume_unique=True, return_indices=True)
    return baseline[ours], here[theirs]


def flow_counts(baseline: np.ndarray, here: np.ndarray) -> np.ndarray:
    """Units by outcome in the baseline (rows) and here (columns), FLOW_OUTCOMES twice, of those who exist in both."""
    before, after = same_people(baseline, here)
    counts = np.zeros((len(FLOW_OUTCOMES), len(FLOW_OUTCOMES)), np.int64)
    np.add.at(counts, (endings(before), endings(after)), 1)
    return counts


def held_up(people: np.ndarray) -> np.ndarray:
    """Who applied and is still waiting, or was lost while waiting for the directorate or an embassy: truths (units,).

    Lost while waiting: the first application ended at one of these two stages by anything but a refusal, and nothing came of a later one.
    """
    waiting = (people["outcome"] == PRESENT) & (people["stage"] != NONE)
    ended = (people["closing"] != OPEN) & (people["closing"] != DEPARTED) & (people["closing"] != REFUSED)
    lost = ended & ((people["closed_stage"] == APPLIED) | (people["closed_stage"] == APPROVED))
    return (people["applied_at"] != NEVER) & (people["outcome"] != ASSISTED) & (waiting | lost)


def months_waited(people: np.ndarray, months: int) -> np.ndarray:
    """Months since the application of those who wait at the end, and from application to its end of those lost while waiting (see `held_up`)."""
    waiting = (people["outcome"] == PRESENT) & (people["stage"] != NONE)
    return np.where(waiting, months - 1 - people["application_at"], people["closed_at"] - people["applied_at"])


def crossing_counts(baseline: np.ndarray, here: np.ndarray, window: int, months: int) -> np.ndarray:
    """Simulated persons of the units that exist in both runs, by the columns above; departures count from month `window` on, of `months`; people as
    from `everybody`. Displaced in the queue is who departed in the baseline, and here waited longer than that took and still waits or was lost: at that time they
    would have been gone. Who withdrew sooner, or applied too late to be through, is lost for another reason.
    """
    before, after = same_people(baseline, here)
    persons = before["adults"] + before["minors"]
    first, second = ((people["outcome"] == ASSISTED) & (people["left_at"] >= window) for people in (before, after))
    queue = held_up(after)
    longer = months_waited(after, months) >= before["left_at"] - before["application_at"]
    return np.array([persons.sum(), persons[first].sum(), persons[second].sum(), persons[first & second].sum(), persons[queue].sum(),
                     persons[first & queue & longer].sum()], dtype=np.int64)


def frechet(first: np.ndarray, second: np.ndarray, whole: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
    """(least, most) of those in both of two groups of sizes `first` and `second` among `whole` (Frechet 1951)."""
    return np.maximum(first + second - whole, 0.0), np.minimum(first, second)


def _told(values: np.ndarray) -> dict[str, np.ndarray]:
    """Mean, uncertainty interval and Monte Carlo error of (..., draws, replicates)."""
    low, high = interval(by_draw(values))
    return {"value": mean_of(values), "low": low, "high": high, "mc_error": monte_carlo_error(values)}


def _mean_bounds(first: np.ndarray, second: np.ndarray, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Frechet bounds on the mean over draws, from each draw's own margins (..., draws, replicates)."""
    least, most = frechet(by_draw(first), by_draw(second), by_draw(whole))
    return np.nanmean(least, axis=-1), np.nanmean(most, axis=-1)


def flow_rows(counts: np.ndarray) -> pd.DataFrame:
    """The flows of one scenario from counts (outcomes, outcomes, draws, replicates): the table `flows` without its scenario."""
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = PER * counts / counts.sum(axis=(0, 1), keepdims=True)
    told = _told(rates)
    n = len(FLOW_OUTCOMES)
    first = np.broadcast_to(rates.sum(axis=1)[:, None], rates.shape)
    second = np.broadcast_to(rates.sum(axis=0)[None, :], rates.shape)
    least, most = _mean_bounds(first, second, np.full(rates.shape, float(PER)))
    told["per_1000"] = told.pop("value")
    return pd.DataFrame({"baseline_outcome": np.repeat(FLOW_OUTCOMES, n), "outcome": np.tile(FLOW_OUTCOMES, n),
                         **{name: values.ravel() for name, values in told.items()}, "frechet_low": least.ravel(), "frechet_high": most.ravel()})


def crossing_rows(counts: np.ndarray) -> pd.DataFrame:
    """Who crosses between departing with assistance and not, from persons (columns of `crossing_counts`, draws, replicates), national scale.

    Of the people who exist in both runs, so where arrivals differ the net is not that of all departures. Gained and lost follow from how many depart in both; so do their bounds. The net is the difference of the margins, so its bounds are itself.
    """
    whole, before, here, both, queue, displaced = counts
    least, most = _mean_bounds(before, here, whole)
    mean_before, mean_here = mean_of(before), mean_of(here)
    _, queue_most = _mean_bounds(before, queue, whole)  # how long they waited is no margin, so nothing bounds it from below
    net = float(mean_here - mean_before)
    items = {"net": (here - before, net, net), "gained": (here - both, mean_here - most, mean_here - least),
             "lost": (before - both, mean_before - most, mean_before - least), "displaced_in_queue": (displaced, 0.0, queue_most)}
    rows = []
    for item, (values, low, high) in items.items():
        rows.append({"item": item, **{name: float(value) for name, value in _told(values).items()}, "frechet_low": float(low), "frechet_high": float(high)})
    return pd.DataFrame(rows)


def flows_of(plan: Plan, results: Sequence[JobResult]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(flows, crossings) of every scenario but the baseline; empty with one scenario."""
    flows, crossings = [], []
    for k, key in enumerate(plan.keys[1:], 1):
        flows.append(flow_rows(stack(plan, results, lambda r, k=k: r.flows[k])).assign(scenario=key))
        crossings.append(crossing_rows(stack(plan, results, lambda r, k=k: r.crossings[k] * r.scale)).assign(scenario=key))
    return tuple(framed(name, pd.concat(frames) if frames else ()) for name, frames in (("flows", flows), ("crossings", crossings)))
