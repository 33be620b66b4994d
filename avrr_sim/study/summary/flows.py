"""The same persons in two runs: where they end up here, set against where they end up in the baseline.

Paired person by person, because each has the same chance in both worlds. How many end where in each world
(the margins) is what the model says; which of the baseline's people they are (the joint table) is assumed
with the pairing. Beside each joint figure stand the Frechet bounds: the least and the most that the two
margins alone allow.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from avrr_sim.study.jobs.crossings import FLOW_OUTCOMES, FLOW_TIERS
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import Results
from avrr_sim.study.summary.statistics import by_draw, interval, mean_of, monte_carlo_error
from avrr_sim.study.summary.tables import framed

PER = 1000  # units that a flow is told of


def frechet(
    first: np.ndarray, second: np.ndarray, whole: np.ndarray | float
) -> tuple[np.ndarray, np.ndarray]:
    """(least, most) of those in both of two groups of sizes `first` and `second` among `whole` (Frechet
    1951).
    """
    return np.maximum(first + second - whole, 0.0), np.minimum(first, second)


def _told(values: np.ndarray) -> dict[str, np.ndarray]:
    """Mean, uncertainty interval and Monte Carlo error of (..., draws, replicates)."""
    low, high = interval(by_draw(values))
    return {"value": mean_of(values), "low": low, "high": high, "mc_error": monte_carlo_error(values)}


def _mean_bounds(first: np.ndarray, second: np.ndarray, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Frechet bounds on the mean over draws, from each draw's own margins (..., draws, replicates)."""
    least, most = frechet(by_draw(first), by_draw(second), by_draw(whole))
    return np.nanmean(least, axis=-1), np.nanmean(most, axis=-1)


def flow_rows(
    counts: np.ndarray, names: Sequence[str] = FLOW_OUTCOMES, what: str = "outcome"
) -> pd.DataFrame:
    """The flows of one scenario from counts (names, names, draws, replicates) between outcomes, or tiers: the
    table `flows`, or `tiers`, without its scenario.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = PER * counts / counts.sum(axis=(0, 1), keepdims=True)
    told = _told(rates)
    n = len(names)
    first = np.broadcast_to(rates.sum(axis=1)[:, None], rates.shape)
    second = np.broadcast_to(rates.sum(axis=0)[None, :], rates.shape)
    least, most = _mean_bounds(first, second, np.full(rates.shape, float(PER)))
    told["per_1000"] = told.pop("value")
    return pd.DataFrame(
        {
            f"baseline_{what}": np.repeat(names, n),
            what: np.tile(names, n),
            **{name: values.ravel() for name, values in told.items()},
            "frechet_low": least.ravel(),
            "frechet_high": most.ravel(),
        }
    )


def crossing_rows(counts: np.ndarray) -> pd.DataFrame:
    """Who crosses between departing with assistance and not, from persons (columns of `crossing_counts`,
    draws, replicates), national scale.

    Of the people who exist in both runs, so where arrivals differ the net is not that of all departures.
    Gained and lost follow from how many depart in both; so do their bounds. The net is the difference of the
    margins, so its bounds are itself.
    """
    whole, before, here, both, queue, displaced = counts
    least, most = _mean_bounds(before, here, whole)
    mean_before, mean_here = mean_of(before), mean_of(here)
    # how long they waited is no margin, so nothing bounds it from below
    _, queue_most = _mean_bounds(before, queue, whole)
    net = float(mean_here - mean_before)
    items = {
        "net": (here - before, net, net),
        "gained": (here - both, mean_here - most, mean_here - least),
        "lost": (before - both, mean_before - most, mean_before - least),
        "displaced_in_queue": (displaced, 0.0, queue_most),
    }
    rows = []
    for item, (values, low, high) in items.items():
        rows.append(
            {
                "item": item,
                **{name: float(value) for name, value in _told(values).items()},
                "frechet_low": float(low),
                "frechet_high": float(high),
            }
        )
    return pd.DataFrame(rows)


def tiers_of(plan: Plan, results: Results) -> pd.DataFrame:
    """Flows between tiers of every scenario but the baseline; empty with one scenario."""
    units = results.tiers["units"]
    square = units.reshape(units.shape[0], len(FLOW_TIERS), -1, *units.shape[2:])
    rows = [
        flow_rows(square[k], FLOW_TIERS, "tier").assign(scenario=key)
        for k, key in enumerate(plan.keys[1:], 1)
    ]
    return framed("tiers", pd.concat(rows) if rows else ())


def flows_of(plan: Plan, results: Results) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(flows, crossings) of every scenario but the baseline; empty with one scenario."""
    units = results.flows["units"]
    square = units.reshape(units.shape[0], len(FLOW_OUTCOMES), -1, *units.shape[2:])
    persons = results.crossings["persons"] * results.totals["scale"]
    flows, crossings = [], []
    for k, key in enumerate(plan.keys[1:], 1):
        flows.append(flow_rows(square[k]).assign(scenario=key))
        crossings.append(crossing_rows(persons[k]).assign(scenario=key))
    return (
        framed("flows", pd.concat(flows) if flows else ()),
        framed("crossings", pd.concat(crossings) if crossings else ()),
    )
