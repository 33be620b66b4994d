"""One run of a sweep, as it is sent to a worker."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from avrr_sim.engines.past import Pasts
from avrr_sim.engines.world import build_world
from avrr_sim.outcomes import Counted, counted
from avrr_sim.scenario import Scenario
from avrr_sim.simulation import engine
from avrr_sim.study.jobs.executor import check_worker
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import RunResult
from avrr_sim.version import VERSION


@dataclass(frozen=True)
class Task:
    """One run of a sweep, small enough to be sent to another machine: scenario number `k` of a plan, one
    draw, one replicate.

    `measures` are those to keep; `evidence` and `version` those of the study, checked where the run is done.
    """

    k: int
    draw: int
    replicate: int
    scenario: Scenario
    amounts: Mapping[str, tuple[int, float]]
    plan: Plan
    measures: tuple[str, ...]
    evidence: str
    version: str


def task_of(plan: Plan, k: int, draw: int, replicate: int, measures: Sequence[str]) -> Task:
    """The task of one run. It carries the plan's numbers, not its other scenarios."""
    numbers = replace(plan, scenarios=(), keys=(), amounts=())
    return Task(
        k,
        draw,
        replicate,
        plan.scenarios[k],
        plan.amounts_of(k),
        numbers,
        tuple(measures),
        plan.weights_hash(),
        VERSION,
    )


PASTS = Pasts()
"""What this process has lived of the draws and replicates that it is at."""


def simulate(
    scenario: Scenario,
    plan: Plan,
    amounts: Mapping[str, tuple[int, float]],
    *,
    draw: int,
    replicate: int,
) -> Counted:
    """Simulate one run. Points of a draw and replicate share people and the months before their levers
    differ, which changes nothing (see `Past`); the agents engine lives every month itself.
    """
    weights, chance = plan.weights_of(draw, scenario), (plan.seed, draw, replicate)
    if plan.engine == "table":
        world = PASTS.world(scenario, weights, chance, plan.size, amounts)
    else:
        world = build_world(scenario, weights, *chance, plan.size, amounts=amounts)
    return counted(engine(plan.engine)(world))


def run_task(task: Task) -> RunResult:
    """Simulate one run. Raises RuntimeError where this process has another evidence file or version than the
    study.
    """
    check_worker((task.evidence, task.version), (task.plan.weights_hash(), VERSION))
    begun = time.thread_time()
    told = simulate(task.scenario, task.plan, task.amounts, draw=task.draw, replicate=task.replicate)
    kept = told.measures.only(task.measures)
    return RunResult(kept.names, kept.value, kept.cell, time.thread_time() - begun)
