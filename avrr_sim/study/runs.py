"""One job of a study: all scenarios on the same people, the same weights and the same chance; and its rows for the store."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from avrr_sim.dates import month_text
from avrr_sim.engines import table
from avrr_sim.engines.world import World, branch, build_world, resume, same_past
from avrr_sim.migrant import CLOSINGS, STAGES
from avrr_sim.outcomes import TWIN_MEASURES, Outcomes, outcomes_of
from avrr_sim.simulate import engine, simulate
from avrr_sim.study.flows import FLOW_OUTCOMES, crossing_counts, everybody, flow_counts
from avrr_sim.study.plan import Plan
from avrr_sim.study.twins import twin_measures
from avrr_sim.study.waits import wait_quantiles
from avrr_sim.version import VERSION

CURVES = ("returns", "assisted", "unassisted", "removed")
"""Cumulative curves that comparisons need, persons on the national scale."""


@dataclass(frozen=True)
class JobResult:
    """What is kept of one (draw, replicate): by scenario, measures and cells in the order of `labels`, monthly series, endings, flows.

    curves: {name: (months,)}; cost: total of the window, currency; flows: (FLOW_OUTCOMES baseline, FLOW_OUTCOMES here) units; crossings: as
    `flows.crossing_counts`, simulated persons; waits: as `waits.wait_quantiles`.
    """

    draw: int
    replicate: int
    labels: list[tuple[str, str, str]]
    values: list[np.ndarray]
    cells: list[np.ndarray]
    monthly: list[dict[str, np.ndarray]]
    endings: list[np.ndarray]
    flows: list[np.ndarray]
    crossings: list[np.ndarray]
    waits: list[tuple[np.ndarray, np.ndarray]]
    curves: list[dict[str, np.ndarray]]
    costs: list[float]
    scale: float


def lived(plan: Plan, k: int, draw: int, replicate: int, past: tuple[World, World] | None) -> tuple[World, tuple[World, World]]:
    """(the world of one run, lived to its end; the same before its first month; and at the window's start).

    `past`: the same of the baseline. Where this scenario's people, weights and levers are the same until the window, these months are not lived again.
    """
    scenario = plan.scenarios[k]
    weights = plan.weights_of(draw, scenario)
    world = build_world(scenario, weights, plan.seed, draw, replicate, plan.size)
    begun = branch(world)
    if past is not None and same_past(past[0], world, world.window_start):
        resume(world, past[1])
    else:
        table.advance(world, world.window_start)
    start = branch(world)
    if plan.engine != "table":
        world = branch(begun)  # this engine lives every month itself
    return engine(plan.engine)(world), (begun, start)


def run_job(plan: Plan, job: tuple[int, int]) -> JobResult:
    """Simulate every scenario of a plan for one (draw, replicate), and its twins where the plan asks for them.

    The agents engine lives the runs themselves; twins are lived by the table engine, whose lives are the same.
    """
    draw, replicate = job
    outcomes: list[Outcomes] = []
    tables: list[dict] = []
    people: list[np.ndarray] = []
    past = None
    for k in range(len(plan.scenarios)):
        world, (begun, start) = lived(plan, k, draw, replicate, past)
        past = past or (begun, start)
        outcome = outcomes_of(world)
        people.append(everybody(world))
        rows = {row[:3]: row[3:] for row in outcome.measures()}
        if plan.twinned:
            nothing = dict.fromkeys(TWIN_MEASURES, (float("nan"), float("nan")))  # not run here, which is not the same as nobody
            twins = twin_measures(start, outcome.people) if replicate < plan.twinned else nothing
            rows |= {("all", "all", name): told for name, told in twins.items()}
        outcomes.append(outcome)
        tables.append(rows)
    labels = sorted(set().union(*tables))
    gap = (float("nan"), 0.0)
    first = outcomes[0]
    return JobResult(
        draw, replicate, labels,
        [np.array([t.get(label, gap)[0] for label in labels]) for t in tables], [np.array([t.get(label, gap)[1] for label in labels]) for t in tables],
        [o.monthly() for o in outcomes], [o.endings for o in outcomes], [flow_counts(people[0], these) for these in people],
        [crossing_counts(people[0], these, first.window, first.units.shape[0]) for these in people],
        [wait_quantiles(o.people, len(o.scenario.origins), o.window, o.units.shape[0]) for o in outcomes],
        [{"returns": o.returns(), **{name: np.cumsum(o.flow(name)) for name in CURVES[1:]}} for o in outcomes],
        [o.cost() for o in outcomes], first.scale)


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
    return Task(k, draw, replicate, plan.scenarios[k], plan.amounts_of(k), numbers, tuple(measures), plan.weights_hash(), VERSION)


def run_task(task: Task) -> RunResult:
    """Simulate one run. Raises RuntimeError where this process has another evidence file or version than the study."""
    if (task.plan.weights_hash(), VERSION) != (task.evidence, task.version):
        raise RuntimeError(f"the worker has evidence {task.plan.weights_hash()} of version {VERSION}, the study {task.evidence} of {task.version}")
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
    before, after = np.repeat(FLOW_OUTCOMES, len(FLOW_OUTCOMES)), np.tile(FLOW_OUTCOMES, len(FLOW_OUTCOMES))
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
