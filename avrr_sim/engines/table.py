"""The table engine: the rule book, compiled, over a table of rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from avrr_sim.chance import deal, dealt_to
from avrr_sim.compiled import announce_compilation, rule
from avrr_sim.engines.world import World
from avrr_sim.rules.claims import hand_out
from avrr_sim.rules.hearing import hear, silence, still_active, tell
from avrr_sim.rules.month import live
from avrr_sim.rules.offers import empty_offers, put_up
from avrr_sim.rules.office import AT_DIRECTORATE, AT_EMBASSY, LARGEST_POPULATION, line_up, serve
from avrr_sim.rules.situation import (
    empty_news,
    empty_situations,
    gather_news,
    months_of_change,
    survey,
    ties_by_month,
)
from avrr_sim.rules.tally import count

TOGETHER = 256
"""People whose numbers of a month are worked out together: enough to work side by side, few enough to stay
in the nearest memory.
"""


@rule
def admit(active: np.ndarray, n_active: int, arrivals: np.ndarray, first: int, last: int) -> int:
    """Add the rows that arrive this month to the active ones. Returns their new number."""
    for k in range(first, last):
        active[n_active] = arrivals[k]
        n_active += 1
    return n_active


@rule
def take_over(removals_next, kin_next, removals, kin):
    """What was gathered for the month to come is now what is heard. One by one: assigning whole arrays would
    bring a check with a message into the machine code, which takes long to compile.
    """
    for centre in range(removals.shape[0]):
        for o in range(removals.shape[1]):
            removals[centre, o] = removals_next[centre, o]
    for o in range(kin.shape[0]):
        kin[o] = kin_next[o]


@rule
def live_and_count(
    rows, active, n_active, here, lever, on_offer, now, w, around, office, tallies, heard_next
):
    """One pass over the active rows: each lives its month, lines up at an office if its case is ready, and
    else is counted and heard of at once; the office changes nobody but those in line. Rows without a part in
    the month any more are dropped. Returns the number kept.

    around: (situations, news, ties, removals); office: (queues, waiting); tallies and heard_next: as
    `count_line` takes them.
    """
    situations, news, ties, removals = around
    queues, waiting = office
    in_window, units, persons, at_risk = tallies
    removals_next, kin_next = heard_next
    ids, dealt, kept = np.empty(TOGETHER, np.int64), np.empty((12, TOGETHER)), 0
    for begin in range(0, n_active, TOGETHER):
        many = min(TOGETHER, n_active - begin)
        for i in range(many):
            ids[i] = rows[active[begin + i]].id
        deal(ids[:many], now.calendar, now.key0, now.key1, dealt)
        for i in range(many):
            row = rows[active[begin + i]]
            if not still_active(row, now.month):
                continue
            active[kept] = active[begin + i]
            kept += 1
            o = row.origin
            live(
                row,
                situations[o],
                news[o],
                ties,
                here[o],
                lever,
                on_offer,
                now,
                removals,
                w,
                dealt_to(dealt, i),
            )
            if not line_up(row, here[o], lever, now, w, queues, waiting):
                count(row, here[o], now.month, in_window, now.gate, units, persons, at_risk)
                if still_active(row, now.month + 1):
                    tell(row, now.month, removals_next, kin_next[o])
    return kept


@rule
def count_line(rows, position, queue, ready, here, now, tallies, heard_next):
    """Count and hear of those who stood in line, as the office left them.

    tallies: (whether the month is measured, units, persons, at_risk); heard_next: (removals, kin) of which
    the next month hears.
    """
    in_window, units, persons, at_risk = tallies
    removals_next, kin_next = heard_next
    for k in range(ready):
        row = rows[position[queue[k] & (LARGEST_POPULATION - 1)]]
        count(row, here[row.origin], now.month, in_window, now.gate, units, persons, at_risk)
        tell(row, now.month, removals_next, kin_next[row.origin])


@rule
def run_months(span, n_active, people, setting, heard, around, office, counted, scale, w):
    """The months of a run from one to before another, each in three phases: hear, live, office; then
    counting. Returns the active rows' number.

    span: (first month, last month + 1, calendar month of month 0, month at which the window starts); people:
    (rows, position, arrivals, starts, active); setting: (policy, origins, offers, whether a month's differ
    from the one before, now); heard: (removals, kin); around: (situations, news, ties, terms on offer);
    office: (queues, waiting, carried, places taken of offers, room for a queue of claims); counted: (units,
    persons, at_risk). What the first month hears is counted over all active rows; each later month's is
    gathered while the one before it is counted.
    """
    first, last, first_calendar, window_start = span
    rows, position, arrivals, starts, active = people
    policy, origins, offers, changed, now = setting
    removals, kin = heard
    situations, news, ties, on_offer = around
    queues, waiting, carried, taken, claimed = office
    units, persons, at_risk = counted
    moment, removals_next, kin_next = now[0], removals.copy(), kin.copy()
    n_active = hear(rows, active, n_active, first, removals, kin)
    for month in range(first, last):
        moment.month = month
        moment.calendar = first_calendar + month
        lever, here = policy[month], origins[:, month]
        if month > first:
            take_over(removals_next, kin_next, removals, kin)
        silence(removals_next, kin_next)
        n_active = admit(active, n_active, arrivals, starts[month], starts[month + 1])
        if changed[month - first]:
            survey(situations, here, lever, moment, w)
        gather_news(news, here, lever, kin, w)
        put_up(on_offer, offers, month, taken, scale)
        waiting[:] = 0
        tallies = (month >= window_start, units[month], persons[month], at_risk)
        heard_next = (removals_next, kin_next)
        met = (situations, news, ties, removals)
        line = (queues, waiting)
        n_active = live_and_count(
            rows, active, n_active, here, lever, on_offer, moment, w, met, line, tallies, heard_next
        )
        hand_out(rows, active, n_active, position, here, lever, moment, w, on_offer, taken, scale, claimed)
        at_directorate, at_embassy = waiting[AT_DIRECTORATE], waiting[AT_EMBASSY]
        serve(rows, position, here, lever, moment, w, carried, scale, queues, waiting)
        for line_of, ready in ((AT_DIRECTORATE, at_directorate), (AT_EMBASSY, at_embassy)):
            count_line(rows, position, queues[line_of], ready, here, moment, tallies, heard_next)
    return n_active


def advance(world: World, months: int) -> None:
    """Live `months` further months of a world."""
    last = min(world.month + months, world.months)
    ties = np.empty(world.months)
    ties_by_month(ties, world.weights)
    changed = months_of_change(world.policy[world.month : last], world.origins[:, world.month : last])
    world.n_active = run_months(
        (world.month, last, world.scenario.start, world.window_start),
        world.n_active,
        (world.rows, world.position, world.arrivals, world.starts, world.active),
        (world.policy, world.origins, world.offers, changed, world.now),
        (world.removals, world.kin),
        (
            empty_situations(len(world.kin)),
            empty_news(len(world.kin)),
            ties,
            empty_offers(world.offers),
        ),
        (world.queues, world.waiting, world.carried, world.taken, np.empty(len(world.rows), np.int64)),
        (world.units, world.persons, world.at_risk),
        world.scale,
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
