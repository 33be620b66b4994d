"""One job of a study: all scenarios on the same people, the same weights and the same chance; and its rows for the store."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

import avrr_sim
from avrr_sim.dates import month_text
from avrr_sim.migrant import CLOSINGS, OUTCOMES, STAGES
from avrr_sim.outcomes import Outcomes
from avrr_sim.simulate import simulate
from avrr_sim.study.plan import Plan

CURVES = ("returns", "assisted", "unassisted", "removed")
"""Cumulative curves that comparisons need, persons on the national scale."""


@dataclass(frozen=True)
class JobResult:
    """What is kept of one (draw, replicate): by scenario, measures and cells in the order of `labels`, monthly series, endings, flows.

    curves: {name: (months,)}; cost: total of the window, currency; flows: (outcomes baseline, outcomes here) units.
    """

    draw: int
    replicate: int
    labels: list[tuple[str, str, str]]
    values: list[np.ndarray]
    cells: list[np.ndarray]
    monthly: list[dict[str, np.ndarray]]
    endings: list[np.ndarray]
    flows: list[np.ndarray]
    curves: list[dict[str, np.ndarray]]
    costs: list[float]
    scale: float


def flows_of(baseline: Outcomes, here: Outcomes) -> np.ndarray:
    """Units by outcome in the baseline (rows) and here (columns), of the people who exist in both."""
    _, ours, theirs = np.intersect1d(baseline.ids, here.ids, assume_unique=True, return_indices=True)
    table = np.zeros((len(OUTCOMES), len(OUTCOMES)), np.int64)
    np.add.at(table, (baseline.ends[ours], here.ends[theirs]), 1)
    return table


def run_job(plan: Plan, job: tuple[int, int]) -> JobResult:
    """Simulate every scenario of a plan for one (draw, replicate)."""
    draw, replicate = job
    outcomes = [simulate(s, plan.weights_of(draw, s), plan.seed, plan.engine, draw=draw, replicate=replicate, size=plan.size) for s in plan.scenarios]
    tables = [{row[:3]: row[3:] for row in o.measures()} for o in outcomes]
    labels = sorted(set().union(*tables))
    gap = (float("nan"), 0.0)
    return JobResult(
        draw, replicate, labels,
        [np.array([t.get(label, gap)[0] for label in labels]) for t in tables], [np.array([t.get(label, gap)[1] for label in labels]) for t in tables],
        [o.monthly() for o in outcomes], [o.endings for o in outcomes], [flows_of(outcomes[0], o) for o in outcomes],
        [{"returns": o.returns(), **{name: np.cumsum(o.flow(name)) for name in CURVES[1:]}} for o in outcomes],
        [o.cost() for o in outcomes], outcomes[0].scale)


@dataclass(frozen=True)
class Task:
    """One run of a sweep, small enough to be sent to another machine: scenario number `k` of a plan, one draw, one replicate.

    `measures` are those to keep; `evidence` and `version` those of the study, checked where the run is done.
    """

    k: int
    draw: int
    replicate: int
    scenario: object
    amounts: Mapping[str, tuple[int, float]]
    plan: Plan
    measures: tuple[str, ...]
    evidence: str
    version: str


@dataclass(frozen=True)
class RunResult:
    """What a sweep keeps of a run: values and cells of its labels (group_by, group, measure), in their order, and seconds of processor time."""

    labels: list[tuple[str, str, str]]
    values: np.ndarray
    cells: np.ndarray
    seconds: float


def task_of(plan: Plan, k: int, draw: int, replicate: int, measures: Sequence[str]) -> Task:
    """The task of one run. It carries the plan's numbers, not its other scenarios."""
    numbers = replace(plan, scenarios=(), keys=(), amounts=())
    return Task(k, draw, replicate, plan.scenarios[k], plan.amounts_of(k), numbers, tuple(measures), plan.weights_hash(), avrr_sim.__version__)


def run_task(task: Task) -> RunResult:
    """Simulate one run. Raises RuntimeError where this process has another evidence file or version than the study."""
    if (task.plan.weights_hash(), avrr_sim.__version__) != (task.evidence, task.version):
        raise RuntimeError(f"the worker has evidence {task.plan.weights_hash()} of version {avrr_sim.__version__}, the study {task.evidence} of {task.version}")
    begun, plan = time.thread_time(), task.plan
    outcomes = simulate(task.scenario, plan.weights_of(task.draw, task.scenario), plan.seed, plan.engine, draw=task.draw, replicate=task.replicate,
                        size=plan.size, amounts=task.amounts)
    kept = [row for row in outcomes.measures() if row[2] in task.measures]
    kept.sort(key=lambda row: row[:3])
    return RunResult([row[:3] for row in kept], np.array([row[3] for row in kept]), np.array([row[4] for row in kept]), time.thread_time() - begun)


def _long(pairs: list[tuple[dict, dict]]) -> pd.DataFrame:
    """Stack (constant columns, array columns) into one table."""
    return pd.concat([pd.DataFrame({**{k: [v] * len(next(iter(arrays.values()))) for k, v in constant.items()}, **arrays})
                      for constant, arrays in pairs], ignore_index=True)


def chunk_tables(plan: Plan, results: Sequence[JobResult]) -> dict[str, pd.DataFrame]:
    """The rows of a chunk for every table of the store, in the order of runs."""
    first = plan.scenarios[0]
    months = np.array([month_text(m) for m in range(first.window_from, first.window_to + 1)])
    stages, closings = np.repeat(STAGES, len(CLOSINGS)), np.tile(CLOSINGS, len(STAGES))
    before, after = np.repeat(OUTCOMES, len(OUTCOMES)), np.tile(OUTCOMES, len(OUTCOMES))
    runs, series, endings, flows = [], [], [], []
    for r in results:
        by, group, measure = (np.array(column, dtype=object) for column in zip(*r.labels, strict=True))
        for k, key in enumerate(plan.keys):
            head = {"scenario": key, "draw": r.draw, "replicate": r.replicate}
            runs.append((head, {"group_by": by, "group": group, "measure": measure, "value": r.values[k], "cell": r.cells[k]}))
            names, lines = list(r.monthly[k]), list(r.monthly[k].values())
            series.append((head, {"month": np.tile(months, len(names)), "measure": np.repeat(names, len(months)), "value": np.concatenate(lines)}))
            endings.append((head, {"stage": stages, "closing": closings, "count": r.endings[k].ravel()}))
            flows.append((head, {"baseline_outcome": before, "outcome": after, "units": r.flows[k].ravel()}))
    return {"runs": _long(runs), "series": _long(series), "endings": _long(endings), "flows": _long(flows)}
