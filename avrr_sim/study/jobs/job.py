"""One job of a study: all scenarios on the same people, the same weights and the same chance; and its rows
for the store.
"""

from __future__ import annotations

import numpy as np

from avrr_sim.engines import table
from avrr_sim.engines.world import World, branch, build_world, resume, same_past
from avrr_sim.measures import TWIN_MEASURES
from avrr_sim.outcomes import Outcomes, outcomes_of
from avrr_sim.simulate import engine
from avrr_sim.study.jobs.crossings import crossing_counts, everybody, flow_counts
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import JobResult
from avrr_sim.study.jobs.twins import twin_measures
from avrr_sim.study.jobs.waits import wait_quantiles

CURVES = ("returns", "assisted", "unassisted", "removed")
"""Cumulative curves that comparisons need, persons on the national scale."""


def lived(
    plan: Plan, k: int, draw: int, replicate: int, past: tuple[World, World] | None
) -> tuple[World, tuple[World, World]]:
    """(the world of one run, lived to its end; the same before its first month; and at the window's start).

    `past`: the same of the baseline. Where this scenario's people, weights and levers are the same until the
    window, these months are not lived again.
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
    """Simulate every scenario of a plan for one (draw, replicate), and its twins where the plan asks for
    them.

    The agents engine lives the runs themselves; twins are lived by the table engine, whose lives are the
    same.
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
            # not run here, which is not the same as nobody
            nothing = dict.fromkeys(TWIN_MEASURES, (float("nan"), float("nan")))
            twins = twin_measures(start, outcome.people) if replicate < plan.twinned else nothing
            rows |= {("all", "all", name): told for name, told in twins.items()}
        outcomes.append(outcome)
        tables.append(rows)
    labels = sorted(set().union(*tables))
    gap = (float("nan"), 0.0)
    first = outcomes[0]
    return JobResult(
        draw,
        replicate,
        labels,
        [np.array([t.get(label, gap)[0] for label in labels]) for t in tables],
        [np.array([t.get(label, gap)[1] for label in labels]) for t in tables],
        [o.monthly() for o in outcomes],
        [o.endings for o in outcomes],
        [flow_counts(people[0], these) for these in people],
        [crossing_counts(people[0], these, first.window, first.units.shape[0]) for these in people],
        [wait_quantiles(o.people, len(o.scenario.origins), o.window, o.units.shape[0]) for o in outcomes],
        [
            {"returns": o.returns(), **{name: np.cumsum(o.flow(name)) for name in CURVES[1:]}}
            for o in outcomes
        ],
        [o.cost() for o in outcomes],
        first.scale,
    )
