"""The points of a sweep as tables: what each sets, and what each does beside the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from avrr_sim.measures import MEASURES
from avrr_sim.policy import LEVERS, TIMING, TIMINGS, in_force
from avrr_sim.study.folder.chunks import Chunks, dense
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.summary.effects import differences_of, levels_of
from avrr_sim.study.sweep.against import BASES, COST, SWEPT, against_of, kept_measures
from avrr_sim.study.sweep.answers import answer_of
from avrr_sim.study.sweep.asked import Ask, chances_of
from avrr_sim.study.sweep.design import Factor
from avrr_sim.study.sweep.experiment import Experiment
from avrr_sim.study.sweep.offer_factors import PLACE, standing_part

_LARGEST = 64_000_000  # bytes of values held at a time; more measures are gone through in turn
_DIFFERENCE = {
    "difference": "difference",
    "low": "difference_low",
    "high": "difference_high",
    "mc_error": "difference_mc_error",
    "mc_low": "difference_mc_low",
    "mc_high": "difference_mc_high",
    "sign_share": "sign_share",
    "chance_share": "chance_share",
    "suppressed": "difference_suppressed",
}


def standing(experiment: Experiment, factor: Factor) -> Any:
    """What the baseline has of a factor when the points begin to differ; None for amounts and for weights
    that are drawn.
    """
    scenario = experiment.baseline
    if factor.place == "weights":
        return scenario.weights.get(factor.name)
    if factor.place == "amounts":
        return None
    if factor.place == PLACE:
        return standing_part(scenario.offers, factor.name)
    default = next(iter(TIMINGS)) if factor.name == TIMING else LEVERS[factor.name].default
    return in_force(
        scenario.levers.get(factor.name, ()),
        scenario.window_from if factor.start is None else factor.start,
        default,
    )


def point_table(experiment: Experiment, plan: Plan) -> pd.DataFrame:
    """One row a point, the baseline first: scenario (its key), name, same_as (key of the point that runs
    alike), a column a factor.
    """
    rows = [
        (
            "baseline",
            experiment.baseline.name,
            [standing(experiment, factor) for factor in experiment.factors],
        )
    ]
    rows += [
        (key, name, list(point))
        for key, name, point in zip(plan.keys[1:], experiment.names(), experiment.points, strict=True)
    ]
    base = rows[0][2]
    table = pd.DataFrame(
        {
            "scenario": [key for key, _, _ in rows],
            "name": [name for _, name, _ in rows],
            "same_as": [plan.keys[first] if first != k else "" for k, first in enumerate(plan.alike)],
        }
    )
    for i, column in enumerate(experiment.columns):
        table[column] = [_plain(base[i] if values[i] is None else values[i]) for _, _, values in rows]
    return table


def _plain(value: Any) -> Any:
    return (
        ", ".join(f"{key} {item:g}" for key, item in value.items()) if isinstance(value, Mapping) else value
    )


def sweep_table(
    points: pd.DataFrame, plan: Plan, chunks: Chunks, numbers: Sequence[int], measures: Sequence[str]
) -> pd.DataFrame:
    """One row a point, group and measure: the factors' values; scenario, name; group_by, group, measure;
    `measures`: those of the experiment.

    value, low, high, mc_error, cell, suppressed: the level, its uncertainty interval over draws, its Monte
    Carlo error; difference, difference_low, difference_high: from the baseline, paired, with its uncertainty
    interval; difference_mc_error, _mc_low, _mc_high: its Monte Carlo error and the confidence interval of the
    mean that this leaves; sign_share, chance_share. NaN for the baseline itself, for cells too small to show,
    and for sums of money where a point moves a lever of coercion. Of measures against the baseline (see
    `against`) value and difference are the same number.
    """
    parts = []
    for some in _batches(plan, [name for name in measures if name not in SWEPT]):
        runs = dense(chunks, numbers, plan, some)
        if not runs.labels:
            continue
        levels, differences = levels_of(plan, runs), differences_of(plan, runs)
        keys = ["scenario", "group_by", "group", "measure"]
        parts.append(
            levels.merge(
                differences[[*keys, *_DIFFERENCE]].rename(columns=_DIFFERENCE),
                how="left",
                on=keys,
                suffixes=("", "_of_difference"),
            )
        )
    if any(name in SWEPT for name in measures):
        bases = dense(chunks, numbers, plan, [*BASES.values(), COST])
        parts.append(against_of(plan, bases, measures) if bases.labels else pd.DataFrame())
    whole = pd.concat([part for part in parts if len(part)], ignore_index=True)
    place = {key: k for k, key in enumerate(plan.keys)}
    rank = {name: i for i, name in enumerate(MEASURES)}
    whole = (
        whole.assign(_k=whole["scenario"].map(place), _m=whole["measure"].map(rank))
        .sort_values(["_k", "_m"], kind="stable")
        .drop(columns=["_k", "_m"])
    )
    whole["difference_suppressed"] = whole["difference_suppressed"].eq(True)
    table = points.drop(columns="same_as").merge(whole, on="scenario", how="right")
    return table.reset_index(drop=True)


def answered(
    asked: Sequence[Ask], points: pd.DataFrame, plan: Plan, chunks: Chunks, numbers: Sequence[int]
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """(the chances of every question at every point, with the factors' values: see `chances_of`; the answers:
    see `answer_of`). Questions count from 1.
    """
    factors = [name for name in points.columns if name not in ("scenario", "name", "same_as")]
    tables, answers = [], []
    for number, ask in enumerate(asked, 1):
        runs = dense(chunks, numbers, plan, kept_measures([ask.measure]))
        chances = chances_of(number, ask, plan, runs)
        tables.append(chances)
        answers.append(answer_of(ask, chances, points, plan, runs, factors))
    whole = pd.concat(tables, ignore_index=True)
    return points.drop(columns="same_as").merge(whole, on="scenario", how="right"), answers


def _batches(plan: Plan, measures: Sequence[str]) -> list[list[str]]:
    """Measures in batches whose values fit in memory together, however many runs there are."""
    groups = 30  # at most, of one measure
    room = max(1, _LARGEST // (16 * groups * len(plan.keys) * plan.draws * plan.replicates))
    return [list(measures[i : i + room]) for i in range(0, len(measures), room)]
