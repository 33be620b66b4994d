"""The table engine: the rule book, compiled, over a table of rows."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from avrr_sim.chance import DEALT, deal, dealt_to
from avrr_sim.compiled import announce_compilation, rule
from avrr_sim.engines.world import World, branch
from avrr_sim.policy import ASYLUM_PATH
from avrr_sim.records import copied, fill
from avrr_sim.rules.claims import hand_out
from avrr_sim.rules.hearing import hear, silence, still_active, tell
from avrr_sim.rules.month import live
from avrr_sim.rules.offers import empty_offers, put_up
from avrr_sim.rules.office import IN_LINE, LARGEST_POPULATION, line_up, serve
from avrr_sim.rules.situation import (
    empty_news,
    empty_situations,
    gather_news,
    months_of_change,
    survey,
    ties_by_month,
)
from avrr_sim.rules.tally import N_INDEPENDENT, N_OFFICIAL, count

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
    rows, active, n_active, here, lever, on_offer, now, w, around, office, tallies, heard_next, hand
):
    """One pass over the active rows: each lives its month, lines up at an office if its case is ready, and
    else is counted and heard of at once; the office changes nobody but those in line. Rows without a part in
    the month any more are dropped. Returns the number kept.

    around: (situations, news, ties, removals); office: (queues, waiting); tallies and heard_next: as
    `count_line` takes them; hand: (ids, dealt), room for those of `TOGETHER` people.
    """
    situations, news, ties, removals = around
    queues, waiting = office
    in_window, units, persons, at_risk = tallies
    removals_next, kin_next = heard_next
    (ids, dealt), kept = hand, 0
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
            if not line_up(row, now, queues, waiting):
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
def run_months(span, n_active, people, setting, heard, around, office, counted, room, scale, w):
    """The months of a run from one to before another, each in three phases: hear, live, office; then
    counting. Returns the active rows' number.

    span: (first month, last month + 1, calendar month of month 0, month at which the window starts); people:
    (rows, position, arrivals, starts, active); setting: (policy, origins, offers, aimed, whether a month's
    differ from the one before, now); heard: (removals, kin); around: (situations, news, ties, terms on
    offer); office: (queues, waiting, carried, places taken of offers, room for a queue of claims); counted:
    (units, persons, at_risk); room: (removals, kin, hand) to be filled. What the first month hears is counted
    over all active rows; each later month's is gathered while the one before it is counted.
    """
    first, last, first_calendar, window_start = span
    rows, position, arrivals, starts, active = people
    policy, origins, offers, aimed, changed, now = setting
    removals, kin = heard
    situations, news, ties, on_offer = around
    queues, waiting, carried, taken, claimed = office
    units, persons, at_risk = counted
    removals_next, kin_next, hand = room
    moment = now[0]
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
            survey(situations, here, aimed[:, month], lever, moment, w)
        gather_news(news, here, lever, kin, w)
        put_up(on_offer, offers, month, taken, scale)
        waiting[:] = 0
        tallies = (month >= window_start, units[month], persons[month], at_risk)
        heard_next = (removals_next, kin_next)
        met = (situations, news, ties, removals)
        line = (queues, waiting)
        n_active = live_and_count(
            rows, active, n_active, here, lever, on_offer, moment, w, met, line, tallies, heard_next, hand
        )
        hand_out(rows, active, n_active, position, here, lever, moment, w, on_offer, taken, scale, claimed)
        serve(rows, position, here, lever, moment, w, carried, scale, queues, waiting)
        count_line(rows, position, queues[IN_LINE], waiting[IN_LINE], here, moment, tallies, heard_next)
    return n_active


def advance(world: World, months: int) -> None:
    """Live `months` further months of a world. A plan of timing that begins then is made equal to `even` in
    contacts made (see `begin_plan`).
    """
    live_to(world, min(world.month + months, world.months))
    begin_plan(world)


def live_to(world: World, last: int) -> None:
    """Live the months of a world up to one, in which a plan of timing may then begin."""
    while world.month < last:
        future = begin_plan(world)
        if future is not None and future.month <= last:
            vars(world).update(vars(future))
        else:
            _live_until(world, min(last, _plan_begins(world)))


SAME_CONTACTS = 0.005
"""How far contacts made under a plan may be from those under `even`, as a share of these."""
_TRIES, _LONGEST_STEP = 16, math.log(1000.0)


def begin_plan(world: World) -> World | None:
    """Where a named plan of timing begins in the month to be lived next, give it the one factor, on the
    asylum path, with which this run makes as many contacts with advisors as it would under `even` while such
    a plan is in force. Found by living these months on copies of the world: how long people stay in a status,
    who leaves, and who is receptive rests on the plan itself. The same world always finds the same factor.

    Returns the copy with that factor, lived to the end of the plan: this world's own future (None where no
    plan begins).
    """
    if world.month == world.months or _plan_begins(world) != world.month:
        return None
    future = _under_plan(world, world.policy["information_plan"] > 0.0)
    fill(world.policy, future.policy)
    return future


def _plan_begins(world: World) -> int:
    """The first month not lived yet with a plan that is not made equal; the run's end where there is none."""
    ahead = np.flatnonzero(world.policy["information_plan"][world.month :] > 0.0)
    return world.month + int(ahead[0]) if len(ahead) else world.months


def _tried(world: World, planned: np.ndarray, factor: float | None) -> tuple[World, int]:
    """A copy of the world, lived to the end of the planned months at a factor (None: under `even`), and the
    contacts with advisors in these months.
    """
    copy = branch(world)
    copy.policy = _levers_at(world, planned, factor)
    _live_until(copy, int(np.flatnonzero(planned)[-1]) + 1)
    return copy, int(copy.units[planned][:, [N_OFFICIAL, N_INDEPENDENT]].sum())


def _levers_at(world: World, planned: np.ndarray, factor: float | None) -> np.recarray:
    """The levers of a world with its plan at a factor (None: under `even`)."""
    policy = copied(world.policy)
    for status in ASYLUM_PATH:
        column = policy[f"information_{status}"]
        column[planned] = 1.0 if factor is None else column[planned] * factor
    policy["information_plan"] = 0.0
    return policy


def _made_evenly(world: World, planned: np.ndarray) -> int:
    """Contacts with advisors in the planned months under `even`."""
    levers = _levers_at(world, planned, None)
    tables = (levers, world.origins, world.offers, world.aimed, planned.astype(np.int64))

    def live() -> int:
        return _tried(world, planned, None)[1]

    return world.evenly.made(tables, live) if world.evenly else live()


def _under_plan(world: World, planned: np.ndarray) -> World:
    """The copy of the world with the factor with which contacts come near enough to those under `even`, or
    with the nearest one tried: ever longer steps until some factor makes too few and another too many, then
    false position in logarithms between these, with every third step in the middle.
    """
    wanted = _made_evenly(world, planned)
    nearest, step, least = None, 0.0, math.inf  # logarithms of factors and of misses
    few, many = (-math.inf, 0.0), (math.inf, 0.0)
    for attempt in range(_TRIES):
        copy, made = _tried(world, planned, math.exp(step))
        nearest = nearest or copy
        if not made or not wanted:
            break
        miss = math.log(made / wanted)
        if abs(miss) < least:
            nearest, least = copy, abs(miss)
        if least <= SAME_CONTACTS:
            break
        few, many = ((step, miss), many) if miss < 0.0 else (few, (step, miss))
        if few[0] == -math.inf or many[0] == math.inf:
            step = min(step - miss * 1.5 * 2.0**attempt, _LONGEST_STEP)
        else:
            share = 0.5 if attempt % 3 == 2 else few[1] / (few[1] - many[1])
            step = few[0] + share * (many[0] - few[0])
        del copy  # which takes as much memory as the next
    assert nearest is not None
    return nearest


def _live_until(world: World, last: int) -> None:
    """Live the months of a world up to one."""
    ties = np.empty(world.months)
    ties_by_month(ties, world.weights)
    span = slice(world.month, last)
    changed = months_of_change(world.policy[span], world.origins[:, span], world.aimed[:, span])
    world.n_active = run_months(
        (world.month, last, world.scenario.start, world.window_start),
        world.n_active,
        (world.rows, world.position, world.arrivals, world.starts, world.active),
        (world.policy, world.origins, world.offers, world.aimed, changed, world.now),
        (world.removals, world.kin),
        (
            empty_situations(len(world.kin)),
            empty_news(len(world.kin)),
            ties,
            empty_offers(world.offers),
        ),
        (world.queues, world.waiting, world.carried, world.taken, np.empty(len(world.rows), np.int64)),
        (world.units, world.persons, world.at_risk),
        (
            world.removals.copy(),
            world.kin.copy(),
            (np.empty(TOGETHER, np.int64), np.empty((DEALT, TOGETHER))),
        ),
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
