"""From the results of a study's jobs to its tables: levels, differences, bands and endings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from avrr_sim.measured import ALL
from avrr_sim.migrant import STAGES
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import Results
from avrr_sim.study.jobs.run_table import RunTable
from avrr_sim.study.summary.coercion import may_be_costed, moves_coercion
from avrr_sim.study.summary.statistics import (
    by_draw,
    chance_share,
    interval,
    mean_interval,
    mean_of,
    monte_carlo_error,
    open_interval,
    paired,
    sign_share,
)
from avrr_sim.study.summary.tables import FRAMES, NUMBER

MONEY = ("support_paid", "programme_cost", "cost_per_additional")


def _frame(key: str, runs: RunTable, columns: dict[str, np.ndarray]) -> pd.DataFrame:
    named = {name: runs.label(name) for name in runs.columns.labels}
    return pd.DataFrame({"scenario": key, **named, **columns})


def _hidden(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The table with the numbers of suppressed cells taken out."""
    table.loc[table["suppressed"], list(columns)] = np.nan
    return table


def _without_money(plan: Plan, k: int, frame: pd.DataFrame) -> pd.DataFrame:
    """Sums of money are left out where scenario `k` moves a lever of coercion: coercion is never costed as a
    saving.
    """
    coercion = moves_coercion(plan.scenarios[0], plan.scenarios[k])
    return frame[~frame["measure"].isin(MONEY)] if coercion else frame


def _median_cell(runs: RunTable, k: int) -> np.ndarray:
    """Denominators of scenario `k` as most runs have them: median over draws and replicates, by label."""
    return np.nanmedian(runs["cell"][k], axis=(-2, -1))


def levels_of(plan: Plan, runs: RunTable) -> pd.DataFrame:
    """Levels by scenario, group and measure, from the measures of all runs; cells below the minimum are
    suppressed, and money where coercion is moved.
    """
    frames = []
    for k, key in enumerate(plan.keys):
        values, cell = runs["value"][k], np.nan_to_num(_median_cell(runs, k))
        low, high = interval(by_draw(values))
        columns = {
            "value": mean_of(values),
            "low": low,
            "high": high,
            "mc_error": monte_carlo_error(values),
            "cell": cell,
            "suppressed": cell < plan.scenarios[k].minimum_cell,
        }
        frames.append(_without_money(plan, k, _frame(key, runs, columns)))
    return _hidden(pd.concat(frames, ignore_index=True), ("value", "low", "high", "mc_error"))


def differences_of(plan: Plan, runs: RunTable) -> pd.DataFrame:
    """Paired differences from the baseline by scenario, group and measure; suppressed as `levels_of`, and
    where the baseline's cell is too small.
    """
    frames = [
        _without_money(plan, k, _frame(plan.keys[k], runs, _difference(plan, runs, k)))
        for k in range(1, len(plan.keys))
    ]
    if not frames:
        return pd.DataFrame(columns=list(FRAMES["differences"]))
    numbers = [name for name, kind in FRAMES["differences"].items() if kind == NUMBER]
    return _hidden(pd.concat(frames, ignore_index=True), numbers)


def _difference(plan: Plan, runs: RunTable, k: int) -> dict[str, np.ndarray]:
    """The columns of `differences_of` for scenario number `k`, by label."""
    base, here = runs["value"][0], runs["value"][k]
    effect = paired(here, base)
    low, high = interval(by_draw(effect))
    mean_low, mean_high = mean_interval(effect)
    cell = np.nan_to_num(np.minimum(_median_cell(runs, k), _median_cell(runs, 0)))
    return {
        "baseline": mean_of(base),
        "value": mean_of(here),
        "difference": mean_of(effect),
        "low": low,
        "high": high,
        "mc_error": monte_carlo_error(effect),
        "mc_low": mean_low,
        "mc_high": mean_high,
        "sign_share": sign_share(by_draw(effect)),
        "chance_share": chance_share(effect),
        "suppressed": cell < max(plan.scenarios[k].minimum_cell, plan.scenarios[0].minimum_cell),
    }


def _jackknife(estimate: Callable[..., float], *arrays: np.ndarray) -> float:
    """Standard error of an estimate over draws (second axis from the end), leaving out one draw at a time;
    NaN with fewer than two.
    """
    n = arrays[0].shape[-2]
    if n < 2:
        return float("nan")
    left = np.array([estimate(*(np.delete(array, i, axis=-2) for array in arrays)) for i in range(n)])
    return float(np.sqrt((n - 1) / n * np.sum((left - left.mean()) ** 2)))


def _ratio(top: np.ndarray, bottom: np.ndarray) -> float:
    """Ratio of means; NaN where the lower one is 0."""
    below = float(mean_of(bottom))
    return float(mean_of(top)) / below if below else float("nan")


def _estimate_row(
    estimate: Callable[..., float], per_draw: np.ndarray, *arrays: np.ndarray
) -> dict[str, float]:
    """An estimate from means, with the quantiles of the draws' own values as its interval and a jackknife as
    its Monte Carlo error.
    """
    low, high = open_interval(per_draw)
    return {
        "value": estimate(*arrays),
        "low": float(low),
        "high": float(high),
        "mc_error": _jackknife(estimate, *arrays),
    }


def prices(costs: np.ndarray, additional: np.ndarray) -> np.ndarray:
    """Cost per additional return by draw: infinite where there is none or fewer than none, NaN where either
    is unknown.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(
            np.isnan(costs) | np.isnan(additional),
            np.nan,
            np.where(additional > 0, costs / additional, np.inf),
        )


def _pulled(course: np.ndarray) -> float:
    """1 - A(H) / max A(h) of a mean course (months, draws, replicates)."""
    mean = mean_of(course)
    return 1.0 - float(mean[-1]) / float(np.max(mean)) if np.max(mean) > 0 else float("nan")


ADDITIONAL = {
    "additional_returns": "returns",
    "additional_assisted": "assisted",
    "additional_unassisted": "unassisted",
    "additional_removed": "removed",
}
"""Measure of what a scenario adds -> the curve that it is the end of."""
_NOT_ESTIMABLE = {"value": np.nan, "low": np.nan, "high": np.nan, "mc_error": np.nan}


def comparative_rows(
    extra: dict[str, np.ndarray], costs: np.ndarray, assisted: np.ndarray, policy: bool
) -> list[dict[str, Any]]:
    """Additional returns and what follows from them, by their coupling-free definitions.

    extra: {curve: (months, draws, replicates)} scenario less baseline, cumulative persons; costs: added cost
    (draws, replicates); assisted: (draws, replicates) assisted departures here; policy: whether a
    government's own measures, and no coercion, are all that is moved, for nothing else has a deadweight or a
    price. NaN ('not estimable'): deadweight and cost per additional return where the interval or the mean of
    additional returns does not lie above zero, pulled forward where the interval does not at the course's
    peak either. A draw without additional returns has an infinite price, dearer than any other, so that the
    interval of the price may have no upper end (infinite).
    """
    rows = [_additional(measure, extra[curve][-1]) for measure, curve in ADDITIONAL.items()]
    if not policy:
        return rows
    low, mean, additional = rows[0]["low"], rows[0]["value"], extra["returns"][-1]
    # False where there is no interval
    bought = _bought(costs, additional, assisted) if low > 0 and mean > 0 else {}
    return [
        *rows,
        {"measure": "deadweight", **bought.get("deadweight", _NOT_ESTIMABLE)},
        {"measure": "pulled_forward", **_pulled_forward(extra["returns"])},
        {"measure": "cost_per_additional", **bought.get("cost_per_additional", _NOT_ESTIMABLE)},
    ]


def _additional(measure: str, end: np.ndarray) -> dict[str, Any]:
    """The row of what is added by the end of the window, persons (draws, replicates)."""
    low, high = interval(by_draw(end))
    return {
        "measure": measure,
        "value": float(mean_of(end)),
        "low": float(low),
        "high": float(high),
        "mc_error": float(monte_carlo_error(end)),
        "sign_share": float(sign_share(by_draw(end))),
        "chance_share": float(chance_share(end)),
    }


def _bought(costs: np.ndarray, additional: np.ndarray, assisted: np.ndarray) -> dict[str, dict[str, float]]:
    """Deadweight and cost per additional return, from (draws, replicates) each."""
    with np.errstate(invalid="ignore", divide="ignore"):
        wasted = 1.0 - by_draw(additional) / by_draw(assisted)
        price = prices(by_draw(costs), by_draw(additional))
    finite = np.where(np.isfinite(wasted), wasted, np.nan)
    return {
        "deadweight": _estimate_row(lambda a, p: 1.0 - _ratio(a, p), finite, additional, assisted),
        "cost_per_additional": _estimate_row(_ratio, price, costs, additional),
    }


def _pulled_forward(course: np.ndarray) -> dict[str, float]:
    """The estimate from a course of additional returns (months, draws, replicates)."""
    draws = by_draw(course)
    with np.errstate(invalid="ignore", divide="ignore"):
        pulled = np.where(draws.max(axis=0) > 0, 1.0 - draws[-1] / draws.max(axis=0), np.nan)
    peak_low, _ = interval(draws[int(np.argmax(mean_of(course)))])
    if not (np.isfinite(peak_low) and peak_low > 0):
        return _NOT_ESTIMABLE
    return _estimate_row(_pulled, pulled, course)


def cumulated(results: Results, measure: str) -> np.ndarray:
    """A monthly series added up month by month: (scenarios, months, draws, replicates)."""
    monthly = np.moveaxis(results.series.of("value", measure=measure), (-2, -1), (0, 1))
    return np.moveaxis(np.cumsum(monthly, axis=-1), (0, 1), (-2, -1))


def comparative_of(plan: Plan, results: Results) -> pd.DataFrame:
    """Rows of the comparative measures, in the form of `differences_of` (baseline NaN: they exist against a
    baseline only).
    """
    curves = {name: cumulated(results, name) for name in ("assisted", "unassisted", "removed")}
    curves["returns"] = results.series.of("value", measure="returns_cumulative")
    costs = results.totals["cost"][:, 0]
    rows = []
    for k in range(1, len(plan.keys)):
        found = comparative_rows(
            {name: paired(curve[k], curve[0]) for name, curve in curves.items()},
            paired(costs[k], costs[0]),
            curves["assisted"][k, -1],
            may_be_costed(plan.scenarios[0], plan.scenarios[k]),
        )
        rows += [
            {
                "scenario": plan.keys[k],
                "group_by": ALL,
                "group": ALL,
                "baseline": np.nan,
                "difference": row["value"],
                "sign_share": np.nan,
                "chance_share": np.nan,
                "suppressed": False,
                **row,
            }
            for row in found
        ]
    return pd.DataFrame(rows)


def bands_of(plan: Plan, results: Results) -> pd.DataFrame:
    """Monthly series: mean and uncertainty interval by scenario, month and measure, and those of the paired
    difference from the baseline (NaN of the baseline itself).
    """
    series = results.series
    frames = []
    base = series["value"][0]
    for k, key in enumerate(plan.keys):
        values = series["value"][k]
        named = {name: series.label(name) for name in ("month", "measure")}
        gained = paired(values, base) if k else np.full_like(values, np.nan)
        told = _mean_and_interval(values), _mean_and_interval(gained)
        columns = dict(zip(_BAND, (each for three in told for each in three), strict=True))
        frames.append(pd.DataFrame({"scenario": key, **named, **columns}))
    return pd.concat(frames, ignore_index=True)


_BAND = ("value", "low", "high", "difference", "difference_low", "difference_high")


def _mean_and_interval(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(mean, low, high) over (..., draws, replicates)."""
    return mean_of(values), *interval(by_draw(values))


BY_DRAW = (
    "uptake_24",
    "drop_out_12",
    "assisted_departures",
    "unassisted_returns",
    "removals",
    "gone_under",
    "missing",
    "moved_on",
    "protection_needs",
    "wrongly_rejected_returns",
)
"""Measures that are told draw by draw."""


def draws_of(plan: Plan, runs: RunTable) -> pd.DataFrame:
    """Every draw of the measures of `BY_DRAW` under the baseline and a scenario, over everybody, mean over
    replicates; empty where there is one scenario.
    """
    labels = zip(runs.label("group_by"), runs.label("measure"), strict=True)
    places = {measure: i for i, (by, measure) in enumerate(labels) if by == ALL}
    base, frames = by_draw(runs["value"][0]), []
    for k, key in enumerate(plan.keys[1:], 1):
        here, gained = by_draw(runs["value"][k]), by_draw(paired(runs["value"][k], runs["value"][0]))
        frames += [
            pd.DataFrame(
                {
                    "scenario": key,
                    "draw": np.arange(here.shape[-1]),
                    "measure": measure,
                    "baseline": base[places[measure]],
                    "value": here[places[measure]],
                    "difference": gained[places[measure]],
                }
            )
            for measure in BY_DRAW
            if measure in places
        ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(FRAMES["draws"]))


def endings_of(plan: Plan, results: Results) -> pd.DataFrame:
    """Where first applications end up: mean over draws of the shares by stage and closing, adding up to 1 by
    scenario.

    NaN where fewer applied than the minimum cell.
    """
    endings = results.endings
    frames = []
    for k, key in enumerate(plan.keys):
        counts = endings["count"][k]
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = counts / np.nansum(counts, axis=0, keepdims=True)
        low, high = interval(by_draw(shares))
        named = {name: endings.label(name) for name in endings.columns.labels}
        frame = pd.DataFrame({"scenario": key, **named, "share": mean_of(shares), "low": low, "high": high})
        if np.nansum(mean_of(counts)) < plan.scenarios[k].minimum_cell:
            frame[["share", "low", "high"]] = np.nan  # too few applicants to show
        frames.append(frame[(frame["stage"] != STAGES[0]) & ~(frame["share"] == 0)])
    return pd.concat(frames, ignore_index=True)
