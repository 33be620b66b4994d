"""The table engine: the rule book, compiled, over a table of rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from avrr_sim.chance import deal, dealt_to
from avrr_sim.compiled import announce_compilation, rule
from avrr_sim.engines.world import World
from avrr_sim.rules.hearing import hear
from avrr_sim.rules.month import live
from avrr_sim.rules.office import directorate, embassies
from avrr_sim.rules.situation import (
    empty_news,
    empty_situations,
    gather_news,
    months_of_change,
    survey,
    ties_by_month,
)
from avrr_sim.rules.tally import tally

TOGETHER = 256
"""People whose numbers of a month are worked out together: enough to work side by side, few enough to stay
in the nearest memory.
"""


@rule
def admit(active, n_active, arrivals, first, last):
    """Add the rows that arrive this month to the active ones. Returns their new number."""
    for k in range(first, last):
        active[n_active] = arrivals[k]
        n_active += 1
    return n_active


@rule
def run_months(
    first,
    last,
    rows,
    position,
    arrivals,
    starts,
    active,
    n_active,
    policy,
    origins,
    now,
    removals,
    kin,
    changed,
    situations,
    news,
    ties,
    queue,
    marks,
    carried,
    units,
    persons,
    at_risk,
    scale,
    window_start,
    first_calendar,
    w,
):
    """Months `first` to `last` - 1 of a run, each in three phases: hear, live, office; then counting. Returns
    the active rows' number.
    """
    moment = now[0]
    ids, dealt = np.empty(TOGETHER, np.int64), np.empty((12, TOGETHER))
    for month in range(first, last):
        moment.month = month
        moment.calendar = first_calendar + month
        lever = policy[month]
        here = origins[:, month]
        n_active = hear(rows, active, n_active, month, removals, kin)
        n_active = admit(active, n_active, arrivals, starts[month], starts[month + 1])
        if changed[month - first]:
            survey(situations, here, lever, moment, w)
        gather_news(news, here, lever, kin, w)
        for begin in range(0, n_active, TOGETHER):
            many = min(TOGETHER, n_active - begin)
            for i in range(many):
                ids[i] = rows[active[begin + i]].id
            deal(ids[:many], moment.calendar, moment.key0, moment.key1, dealt)
            for i in range(many):
                row = rows[active[begin + i]]
                o = row.origin
                numbers = dealt_to(dealt, i)
                live(row, situations[o], news[o], ties, here[o], lever, moment, removals, w, numbers)
        carried[0] = directorate(
            rows, active, n_active, position, here, lever, moment, w, carried[0], scale, queue
        )
        embassies(rows, active, n_active, position, here, lever, moment, w, carried[1:], scale, queue, marks)
        tally(
            rows,
            active,
            n_active,
            month,
            month >= window_start,
            here,
            moment.gate,
            units[month],
            persons[month],
            at_risk,
        )
    return n_active


def advance(world: World, months: int) -> None:
    """Live `months` further months of a world."""
    last = min(world.month + months, world.months)
    ties = np.empty(world.months)
    ties_by_month(ties, world.weights)
    world.n_active = run_months(
        world.month,
        last,
        world.rows,
        world.position,
        world.arrivals,
        world.starts,
        world.active,
        world.n_active,
        world.policy,
        world.origins,
        world.now,
        world.removals,
        world.kin,
        months_of_change(world.policy[world.month : last], world.origins[:, world.month : last]),
        empty_situations(len(world.kin)),
        empty_news(len(world.kin)),
        ties,
        world.queue,
        world.marks,
        world.carried,
        world.units,
        world.persons,
        world.at_risk,
        world.scale,
        world.window_start,
        world.scenario.start,
        world.weights,
    )
    world.month = last


def run(world: World, watch: Callable[[World], None] | None = None) -> World:
    """Live all months. `watch`, if given, is called after each month."""
    announce_compilation()
    if watch is None:
        advance(world, world.months)
        return world
    while world.month < world.months:
        advance(world, 1)
        watch(world)
    return world
