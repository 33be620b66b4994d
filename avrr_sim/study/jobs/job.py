"""One job of a study: all scenarios on the same people, the same weights and the same chance; and what it
adds to the tables of the study.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from avrr_sim.dates import month_text
from avrr_sim.engines.past import Past
from avrr_sim.engines.world import World, branch, build_world
from avrr_sim.measured import Measured
from avrr_sim.measures import TWIN_MEASURES
from avrr_sim.migrant import CLOSINGS, STAGES
from avrr_sim.outcomes import Outcomes, counted, group_names, outcomes_of
from avrr_sim.records import fill
from avrr_sim.scenario import Scenario
from avrr_sim.simulation import engine
from avrr_sim.study.jobs.conditions import REPLICATES, Condition, told_under
from avrr_sim.study.jobs.crossings import (
    CROSSINGS,
    FLOW_OUTCOMES,
    FLOW_TIERS,
    crossing_counts,
    everybody,
    flow_counts,
    same_people,
    tier_counts,
)
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import JobResult, JobTable
from avrr_sim.study.jobs.run_table import Label
from avrr_sim.study.jobs.taking import TAKEN, offers_taken
from avrr_sim.study.jobs.twins import twin_measures
from avrr_sim.study.jobs.waiting import QUANTILES, WAITS, wait_quantiles


def lived(plan: Plan, k: int, draw: int, replicate: int, past: Past) -> tuple[World, World | None]:
    """(the world of one run, lived to its end; the same at the window's start, where twins part from it, and
    None where none do).

    `past`: the baseline's. Where this scenario's people, weights and levers are the same until the window,
    these months are not lived again.
    """
    scenario = plan.scenarios[k]
    weights = plan.weights_of(draw, scenario)
    parting = replicate < plan.twinned
    start = past.at_window(scenario, weights) if parting or plan.engine == "table" else None
    if plan.engine != "table" or start is None:  # the agents engine lives every month itself
        world = build_world(scenario, weights, *past.chance, plan.size)
    else:
        world = branch(start) if parting else start
    world = engine(plan.engine)(world)
    if not parting or start is None:
        return world, None
    fill(start.policy, world.policy)  # with what the run made of its plan of timing
    return world, start


def run_job(plan: Plan, job: tuple[int, int]) -> JobResult:
    """Simulate every scenario of a plan for one (draw, replicate), and its twins where the plan asks for
    them.

    The agents engine lives the runs themselves; twins are lived by the table engine, whose lives are the
    same.
    """
    draw, replicate = job
    outcomes: list[Outcomes] = []
    measures: list[Measured] = []
    people: list[np.ndarray] = []
    first = plan.scenarios[0]
    past = Past(first, plan.weights_of(draw, first), (plan.seed, draw, replicate), plan.size)
    for k in range(len(plan.scenarios)):
        world, start = lived(plan, k, draw, replicate, past)
        outcome = outcomes_of(world)
        outcomes.append(outcome)
        people.append(everybody(world))
        told = outcome.measures
        if plan.twinned:
            # not run here, which is not the same as nobody
            nothing = dict.fromkeys(TWIN_MEASURES, (float("nan"), float("nan")))
            told = told.beside(twin_measures(start, outcome.people) if start is not None else nothing)
        measures.append(told)
    tables = {"runs": _measures(measures), **_of_each(outcomes), **_of_pairs(outcomes[0], people)}
    conditions = plan.conditions if replicate < REPLICATES else ()
    return JobResult(draw, replicate, tables | {"conditions": _under(plan, conditions, draw, past)})


def _under(plan: Plan, conditions: Sequence[Condition], draw: int, past: Past) -> JobTable:
    """What is told of the same people under some conditions. `past`: the baseline's; people who
    hold another reading have a past of their own, which all scenarios share under it.
    """
    latest = {plan.scenarios[0].hypothesis: past}

    def live(k: int, scenario: Scenario) -> Measured:
        weights = plan.weights_of(draw, scenario)
        if scenario.hypothesis not in latest:
            latest.clear()  # conditions come hypothesis by hypothesis; one past at a time is held
            latest[scenario.hypothesis] = Past(scenario, weights, past.chance, plan.size)
        return counted(engine("table")(latest[scenario.hypothesis].at_window(scenario, weights))).measures

    return JobTable(*told_under(conditions, live, len(plan.scenarios)))


def _measures(told: Sequence[Measured]) -> JobTable:
    """Measures of all scenarios, by every label that one of them has."""
    rows = reduce(np.union1d, [one.rows for one in told])
    value, cell = np.full((len(told), len(rows)), np.nan), np.zeros((len(told), len(rows)))
    for k, one in enumerate(told):
        at = np.searchsorted(rows, one.rows)
        value[k, at], cell[k, at] = one.value, one.cell
    names = told[0].labels.names
    return JobTable([names[row] for row in rows.tolist()], {"value": value, "cell": cell})


def _of_each(outcomes: Sequence[Outcomes]) -> dict[str, JobTable]:
    """What is told of each run by itself."""
    scenario, monthly = outcomes[0].scenario, [one.monthly() for one in outcomes]
    months = [month_text(month) for month in range(scenario.window_from, scenario.window_to + 1)]
    offers = list(dict.fromkeys(offer.name for one in outcomes for offer in one.scenario.offers))
    waits = [
        wait_quantiles(one.people, len(one.scenario.origins), one.window, one.units.shape[0])
        for one in outcomes
    ]
    return {
        "series": _table(
            [(month, name) for name in monthly[0] for month in months],
            value=[np.concatenate(list(series.values())) for series in monthly],
        ),
        "endings": _table(
            [(stage, closing) for stage in STAGES for closing in CLOSINGS],
            count=[one.endings for one in outcomes],
        ),
        "waits": _table(
            [(what, *group, q) for what in WAITS for group in group_names(scenario) for q in QUANTILES],
            months=[months for months, _ in waits],
            units=[np.repeat(units, len(QUANTILES)) for _, units in waits],
        ),
        "offers": _table(
            [(name, item) for name in offers for item in TAKEN],
            value=[offers_taken(one, offers) for one in outcomes],
        ),
        "totals": _table(
            [()],
            cost=[np.array(one.cost()) for one in outcomes],
            scale=[np.array(one.scale) for one in outcomes],
        ),
    }


def _of_pairs(baseline: Outcomes, people: Sequence[np.ndarray]) -> dict[str, JobTable]:
    """What is told of the same persons in the baseline and in each run, the baseline itself included."""
    window, months = baseline.window, baseline.units.shape[0]
    pairs = [same_people(people[0], these) for these in people]
    return {
        "flows": _table(
            [(before, after) for before in FLOW_OUTCOMES for after in FLOW_OUTCOMES],
            units=[flow_counts(*pair) for pair in pairs],
        ),
        "tiers": _table(
            [(before, after) for before in FLOW_TIERS for after in FLOW_TIERS],
            units=[tier_counts(*pair, window) for pair in pairs],
        ),
        "crossings": _table(
            [(name,) for name in CROSSINGS],
            persons=[crossing_counts(*pair, window, months) for pair in pairs],
        ),
    }


def _table(labels: Sequence[Label], **columns: Sequence[np.ndarray]) -> JobTable:
    """A table from one array a scenario, of any shape, in the order of the labels."""
    return JobTable(labels, {name: np.array([one.ravel() for one in each]) for name, each in columns.items()})
