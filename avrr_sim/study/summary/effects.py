"""From the jobs of a study to its tables: levels, differences, bands and endings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from avrr_sim.dates import month_text
from avrr_sim.migrant import CLOSINGS, STAGES
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import JobResult
from avrr_sim.study.summary.coercion import may_be_costed, moves_coercion
from avrr_sim.study.summary.statistics import (
    by_draw,
    chance_share,
    interval,
    mean_interval,
    mean_of,
    monte_carlo_error,
    open_interval,
    sign_share,
    stack,
)

MONEY = ("support_paid", "programme_cost", "cost_per_additional")


def _align(results: Sequence[JobResult]) -> tuple[list, list[np.ndarray]]:
    """All labels of all jobs, and for each job the place of its own labels among them."""
    labels = sorted({label for r in results for label in r.labels})
    place = {label: i for i, label in enumerate(labels)}
    return labels, [np.array([place[label] for label in r.labels]) for r in results]


def values_of(plan: Plan, results: Sequence[JobResult]) -> tuple[list, np.ndarray, np.ndarray]:
    """(labels, values, cells): arrays of shape (scenarios, labels, draws, replicates)."""
    labels, places = _align(results)
    where = dict(zip(map(id, results), places, strict=True))

    def spread(r: JobResult, arrays: list[np.ndarray], empty: float) -> np.ndarray:
        table = np.full((len(plan.keys), len(labels)), empty)
        table[:, where[id(r)]] = np.array(arrays)
        return table

    return (
        labels,
        stack(plan, results, lambda r: spread(r, r.values, np.nan)),
        stack(plan, results, lambda r: spread(r, r.cells, 0.0)),
    )


def _frame(key: str, labels: Sequence[tuple], columns: dict[str, np.ndarray]) -> pd.DataFrame:
    by, group, measure = zip(*labels, strict=True)
    return pd.DataFrame({"scenario": key, "group_by": by, "group": group, "measure": measure, **columns})


def _hidden(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The table with the numbers of suppressed cells taken out."""
    table.loc[table["suppressed"], list(columns)] = np.nan
    return table


def levels_of(plan: Plan, labels: list, values: np.ndarray, cells: np.ndarray) -> pd.DataFrame:
    """Levels by scenario, group and measure; cells below the minimum are suppressed, and money where coercion
    is moved.
    """
    frames = []
    for k, key in enumerate(plan.keys):
        low, high = interval(by_draw(values[k]))
        cell = np.nan_to_num(np.nanmedian(cells[k], axis=(-2, -1)))
        frames.append(
            _frame(
                key,
                labels,
                {
                    "value": mean_of(values[k]),
                    "low": low,
                    "high": high,
                    "mc_error": monte_carlo_error(values[k]),
                    "cell": cell,
                    "suppressed": cell < plan.scenarios[k].minimum_cell,
                },
            )
        )
        if moves_coercion(plan.scenarios[0], plan.scenarios[k]):
            frames[-1] = frames[-1][~frames[-1]["measure"].isin(MONEY)]
    return _hidden(pd.concat(frames, ignore_index=True), ("value", "low", "high", "mc_error"))


def differences_of(plan: Plan, labels: list, values: np.ndarray, cells: np.ndarray) -> pd.DataFrame:
    """Paired differences from the baseline by scenario, group and measure.

    Sums of money are left out where the scenario moves a lever of coercion: coercion is never costed as a
    saving.
    """
    frames = []
    for k in range(1, len(plan.keys)):
        effect = values[k] - values[0]
        low, high = interval(by_draw(effect))
        mean_low, mean_high = mean_interval(effect)
        cell = np.nan_to_num(
            np.minimum(np.nanmedian(cells[k], axis=(-2, -1)), np.nanmedian(cells[0], axis=(-2, -1)))
        )
        frame = _frame(
            plan.keys[k],
            labels,
            {
                "baseline": mean_of(values[0]),
                "value": mean_of(values[k]),
                "difference": mean_of(effect),
                "low": low,
                "high": high,
                "mc_error": monte_carlo_error(effect),
                "mc_low": mean_low,
                "mc_high": mean_high,
                "sign_share": sign_share(by_draw(effect)),
                "chance_share": chance_share(effect),
                "suppressed": cell < max(plan.scenarios[k].minimum_cell, plan.scenarios[0].minimum_cell),
            },
        )
        frames.append(
            frame[~frame["measure"].isin(MONEY)]
            if moves_coercion(plan.scenarios[0], plan.scenarios[k])
            else frame
        )
    if not frames:
        return pd.DataFrame(
            columns=[
                "scenario",
                "group_by",
                "group",
                "measure",
                "baseline",
                "value",
                "difference",
                "low",
                "high",
                "mc_error",
                "mc_low",
                "mc_high",
                "sign_share",
                "chance_share",
                "suppressed",
            ]
        )
    return _hidden(
        pd.concat(frames, ignore_index=True),
        (
            "baseline",
            "value",
            "difference",
            "low",
            "high",
            "mc_error",
            "mc_low",
            "mc_high",
            "sign_share",
            "chance_share",
        ),
    )


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


def comparative_rows(
    extra: dict[str, np.ndarray], costs: np.ndarray, assisted: np.ndarray, policy: bool
) -> list[dict]:
    """Additional returns and what follows from them, by their coupling-free definitions.

    extra: {curve: (months, draws, replicates)} scenario less baseline, cumulative persons; costs: added cost
    (draws, replicates); assisted: (draws, replicates) assisted departures here; policy: whether a
    government's own measures, and no coercion, are all that is moved, for nothing else has a deadweight or a
    price. NaN ('not estimable'): deadweight and cost per additional return where the interval or the mean of
    additional returns does not lie above zero, pulled forward where the interval does not at the course's
    peak either. A draw without additional returns has an infinite price, dearer than any other, so that the
    interval of the price may have no upper end (infinite).
    """
    rows = []
    for measure, curve in (
        ("additional_returns", "returns"),
        ("additional_assisted", "assisted"),
        ("additional_unassisted", "unassisted"),
        ("additional_removed", "removed"),
    ):
        end = extra[curve][-1]
        low, high = interval(by_draw(end))
        rows.append(
            {
                "measure": measure,
                "value": float(mean_of(end)),
                "low": float(low),
                "high": float(high),
                "mc_error": float(monte_carlo_error(end)),
                "sign_share": float(sign_share(by_draw(end))),
                "chance_share": float(chance_share(end)),
            }
        )
    if not policy:
        return rows
    course, additional, low, mean = extra["returns"], extra["returns"][-1], rows[0]["low"], rows[0]["value"]
    nothing = {"value": np.nan, "low": np.nan, "high": np.nan, "mc_error": np.nan}
    bought = bool(low > 0 and mean > 0)  # False where there is no interval
    with np.errstate(invalid="ignore", divide="ignore"):
        wasted, price = (
            1.0 - by_draw(additional) / by_draw(assisted),
            prices(by_draw(costs), by_draw(additional)),
        )
        draws = by_draw(course)
        pulled = np.where(draws.max(axis=0) > 0, 1.0 - draws[-1] / draws.max(axis=0), np.nan)
    peak_low, _ = interval(draws[int(np.argmax(mean_of(course)))])
    rows.append(
        {
            "measure": "deadweight",
            **(
                _estimate_row(
                    lambda a, p: 1.0 - _ratio(a, p),
                    np.where(np.isfinite(wasted), wasted, np.nan),
                    additional,
                    assisted,
                )
                if bought
                else nothing
            ),
        }
    )
    rows.append(
        {
            "measure": "pulled_forward",
            **(_estimate_row(_pulled, pulled, course) if np.isfinite(peak_low) and peak_low > 0 else nothing),
        }
    )
    rows.append(
        {
            "measure": "cost_per_additional",
            **(_estimate_row(_ratio, price, costs, additional) if bought else nothing),
        }
    )
    return rows


def comparative_of(plan: Plan, results: Sequence[JobResult]) -> pd.DataFrame:
    """Rows of the comparative measures, in the form of `differences_of` (baseline NaN: they exist against a
    baseline only).
    """
    rows = []
    for k in range(1, len(plan.keys)):
        extra = {
            name: stack(plan, results, lambda r, n=name, k=k: r.curves[k][n] - r.curves[0][n])
            for name in ("returns", "assisted", "unassisted", "removed")
        }
        costs = stack(plan, results, lambda r, k=k: np.asarray(r.costs[k] - r.costs[0]))
        assisted = stack(plan, results, lambda r, k=k: r.curves[k]["assisted"][-1])
        for row in comparative_rows(
            extra, costs, assisted, may_be_costed(plan.scenarios[0], plan.scenarios[k])
        ):
            rows.append(
                {
                    "scenario": plan.keys[k],
                    "group_by": "all",
                    "group": "all",
                    "baseline": np.nan,
                    "difference": row["value"],
                    "sign_share": np.nan,
                    "chance_share": np.nan,
                    "suppressed": False,
                    **row,
                }
            )
    return pd.DataFrame(rows)


def bands_of(plan: Plan, results: Sequence[JobResult]) -> pd.DataFrame:
    """Monthly series: mean and uncertainty interval by scenario, month and measure."""
    first = plan.scenarios[0]
    months = [month_text(m) for m in range(first.window_from, first.window_to + 1)]
    frames = []
    for k, key in enumerate(plan.keys):
        for name in results[0].monthly[k]:
            values = stack(plan, results, lambda r, n=name, k=k: r.monthly[k][n])
            low, high = interval(by_draw(values))
            frames.append(
                pd.DataFrame(
                    {
                        "scenario": key,
                        "month": months,
                        "measure": name,
                        "value": mean_of(values),
                        "low": low,
                        "high": high,
                    }
                )
            )
    return pd.concat(frames, ignore_index=True)


def endings_of(plan: Plan, results: Sequence[JobResult]) -> pd.DataFrame:
    """Where first applications end up: mean over draws of the shares by stage and closing, adding up to 1 by
    scenario.

    NaN where fewer applied than the minimum cell.
    """
    frames = []
    for k, key in enumerate(plan.keys):
        counts = stack(plan, results, lambda r, k=k: r.endings[k].ravel())
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = counts / np.nansum(counts, axis=0, keepdims=True)
        low, high = interval(by_draw(shares))
        share = mean_of(shares)
        stage, closing = np.repeat(STAGES, len(CLOSINGS)), np.tile(CLOSINGS, len(STAGES))
        frame = pd.DataFrame(
            {"scenario": key, "stage": stage, "closing": closing, "share": share, "low": low, "high": high}
        )
        if np.nansum(mean_of(counts)) < plan.scenarios[k].minimum_cell:
            frame[["share", "low", "high"]] = np.nan  # too few applicants to show
        frames.append(frame[(frame["stage"] != STAGES[0]) & ~(frame["share"] == 0)])
    return pd.concat(frames, ignore_index=True)
