"""What a page does before the months of a run, compiled with the rules: levers as they are moved, the series
of one draw, the people who arrive.

Beside the rules, which a page has word for word, these are the few things that the command line works out in
numpy before a run (`policy.policy_table`, `setting.under_levers`, `population.people`,
`situation.months_of_change`, `table.begin_plan`). Each is tried against it, to the last bit where no
logarithm is in it.
"""

from __future__ import annotations

import math

import numpy as np

from avrr_sim.chance import safe_exp, safe_log
from avrr_sim.compiled import rule
from avrr_sim.engines.table import SAME_CONTACTS
from avrr_sim.policy import ANNOUNCEABLE, LEVERS, POLICY, STATUS_NAMES

TIMING = len(LEVERS)
"""Stands for the timing of information among the numbers of levers."""

STEP = np.dtype([*((name, "i8") for name in ("lever", "start", "announced", "plan")), ("value", "f8")])
"""One dated step of a lever: its number in the order of `policy.LEVERS`, or TIMING; the calendar months from
which it holds and from which it is known (-1: never before); the row of `plans` of a timing; the value.
"""

SEARCH = np.dtype(
    [
        *((name, "f8") for name in ("wanted", "step", "nearest", "least", "few", "few_miss")),
        *((name, "f8") for name in ("many", "many_miss", "factor")),
        *((name, "i8") for name in ("attempt", "done")),
    ]
)
"""Where the search for a plan's factor stands: logarithms of factors and of misses."""

COHORT = np.dtype([(name, "i8") for name in ("first_id", "stream", "origin", "month")])
"""People of one stream, origin and month of arrival, and the id of the first of them."""

OF_SECURITY, OF_ENFORCEMENT, OF_DUBLIN = 1, 2, 4
"""Bits of what a draw moves in one origin and month."""

_COLUMNS = POLICY.names or ()
_NEXT = tuple(_COLUMNS.index(f"next_{name}") for name in ANNOUNCEABLE)
_OF_NEXT = tuple(list(LEVERS).index(name) for name in ANNOUNCEABLE)
_CHANGE, _PLAN = _COLUMNS.index("months_to_change"), _COLUMNS.index("information_plan")
_TIMED, _STATUSES = _COLUMNS.index(f"information_{STATUS_NAMES[0]}"), len(STATUS_NAMES)
_EVEN = 0  # row of plans
_TRIES, _LONGEST_STEP = 16, math.log(1000.0)
_INFINITE = math.inf


@rule
def in_force_at(steps, lever, month, known):
    """The place among steps of a lever's latest one that has begun by a month, of those known of in another;
    -1 where there is none.
    """
    found = -1
    for k in range(steps.shape[0]):
        step = steps[k]
        if step.lever != lever or step.start > month:
            continue
        if step.start > known and not 0 <= step.announced <= known:
            continue
        if found < 0 or step.start > steps[found].start:
            found = k
    return found


@rule
def next_change(steps, month):
    """The first calendar month after `month` in which support is known in it to change; -1 for none."""
    found = -1
    for k in range(steps.shape[0]):
        step = steps[k]
        if step.lever == _OF_NEXT[0] or step.lever == _OF_NEXT[1]:
            if 0 <= step.announced <= month < step.start and (found < 0 or step.start < found):
                found = step.start
    return found


@rule
def level_at(steps, lever, month, known, default):
    """The value of a lever in a month, as far as it is known in another."""
    place = in_force_at(steps, lever, month, known)
    return steps[place].value if place >= 0 else default


@rule
def set_levers(policy, steps, defaults, plans, named, first):
    """Fill in the levers month by month from calendar month `first` on, as `policy.policy_table` does.

    policy: (months, columns of POLICY); defaults: of all levers; plans: (plans of timing, statuses), the even
    one first; named: which of them are made equal to it in contacts made.
    """
    for m in range(policy.shape[0]):
        month = first + m
        for lever in range(defaults.shape[0]):
            policy[m, lever] = level_at(steps, lever, month, month, defaults[lever])
        place = in_force_at(steps, TIMING, month, month)
        plan = steps[place].plan if place >= 0 else _EVEN
        for status in range(_STATUSES):
            policy[m, _TIMED + status] = plans[plan, status]
        policy[m, _PLAN] = 1.0 if named[plan] else 0.0
        change = next_change(steps, month)
        policy[m, _CHANGE] = change - month if change >= 0 else 0.0
        for which in range(2):
            lever = _OF_NEXT[which]
            then = change if change >= 0 else month
            policy[m, _NEXT[which]] = level_at(steps, lever, then, month, defaults[lever])


@rule
def set_offers(offers, steps, defaults, first, in_force):
    """Put the levels of support that the levers set into a table of offers, and take out the offers that are
    not in force. The coming changes of a table are those it was made with.
    """
    for o in range(offers.shape[0]):
        for m in range(offers.shape[1]):
            for g in range(offers.shape[2]):
                for k in range(offers.shape[3]):
                    terms = offers[o, m, g, k]
                    month = first + m
                    then = month + terms.ahead
                    terms.cash_level = level_at(steps, _OF_NEXT[0], then, month, defaults[_OF_NEXT[0]])
                    terms.in_kind_level = level_at(steps, _OF_NEXT[1], then, month, defaults[_OF_NEXT[1]])
                    if k > 0 and not in_force[k - 1]:
                        terms.early = 0
                        terms.late = 0


@rule
def set_origins(here, moved, closed, factors, ratios, policy):
    """What a draw makes of the origins' series, and the lever `security_shift`, as `setting.before_levers`
    and `under_levers` do.

    here: (origins, months); moved: bits of what the draw moves there; closed: share of claims closed on
    formal grounds; factors: (months, 2) of enforcement, and of Dublin among the closed; ratios: of the odds
    of security, (origins,).
    """
    for o in range(here.shape[0]):
        for m in range(here.shape[1]):
            place, bits = here[o, m], moved[o, m]
            if bits & OF_ENFORCEMENT:
                place.enforcement = place.enforcement * factors[m, 0]
            if bits & OF_DUBLIN:
                place.dublin_share = closed[o, m] * factors[m, 1]
            if bits & OF_SECURITY:
                inside = min(max(place.security, 1e-9), 1.0 - 1e-9)
                odds = inside / (1.0 - inside) * ratios[o]
                place.security = odds / (1.0 + odds)
            place.security = min(max(place.security + policy[m].security_shift, 0.0), 1.0)


@rule
def mark_changes(changed, first, last, policy, here, aimed):
    """Whether the situations of each month from `first` to before `last` differ from those of the month
    before, the first one's always, as `situation.months_of_change`: changed[0] is the first month's. policy
    and here: bits of the records, as whole numbers.
    """
    for m in range(first, last):
        changed[m - first] = m == first
        if m == first:
            continue
        for k in range(policy.shape[1]):
            if policy[m, k] != policy[m - 1, k]:
                changed[m - first] = True
        for o in range(here.shape[0]):
            for k in range(here.shape[2]):
                if here[o, m, k] != here[o, m - 1, k]:
                    changed[m - first] = True
            for status in range(aimed.shape[2]):
                for abode in range(aimed.shape[3]):
                    for k in range(aimed.shape[4]):
                        if aimed[o, m, status, abode, k] != aimed[o, m - 1, status, abode, k]:
                            changed[m - first] = True


@rule
def count_arrivals(counts, registered, hidden, waiting, here, policy, w, fraction):
    """Units that arrive, by stream, origin and month, as `population.arrivals` counts them. Returns all.

    registered: expected units of stream 0, (origins, months); hidden: (origins, 2) shares of those who never
    register and what they are divided by; waiting: (origins,) who wait at the start; fraction: simulated ones
    a real one.
    """
    everybody = 0
    for stream in range(2):
        for o in range(here.shape[0]):
            coming, before = 0.0, 0
            for m in range(here.shape[1]):
                place = here[o, m]
                cash = policy[m].cash_level * place.cash_a_adult / place.income
                level = policy[m].inflow_level * (1.0 + place.strategic_inflow * safe_log(1.0 + cash))
                expected = registered[o, m]
                if stream == 1:
                    expected = w.unregistered_inflow * hidden[o, 0] / hidden[o, 1]
                now = expected * level
                if stream == 0 and m == 0:
                    now += waiting[o]
                coming += now
                whole = int(math.floor(coming * fraction + 0.5))
                counts[stream, o, m] = whole - before
                everybody += whole - before
                before = whole
    return everybody


@rule
def name_people(rows, unregistered, blank, cohorts, counts, arrivals, starts, position):
    """Rows of those who arrive, by id, of whom nothing more is known than who they are; and in which order
    they come, as `world.build_in` has it. cohorts: by the ids of their first; blank: one empty row.
    """
    i = 0
    for k in range(cohorts.shape[0]):
        cohort = cohorts[k]
        for ordinal in range(counts[cohort.stream, cohort.origin, cohort.month]):
            rows[i] = blank[0]
            row = rows[i]
            row.id = cohort.first_id + ordinal
            row.serial = i
            row.origin = cohort.origin
            row.arrival = cohort.month
            unregistered[i] = cohort.stream == 1
            position[i] = i
            i += 1
    months = starts.shape[0] - 1
    starts[:] = 0
    for i in range(rows.shape[0]):
        starts[rows[i].arrival + 1] += 1
    for m in range(months):
        starts[m + 1] += starts[m]
    for i in range(rows.shape[0]):
        month = rows[i].arrival
        arrivals[starts[month]] = i
        starts[month] += 1
    for m in range(months, 0, -1):
        starts[m] = starts[m - 1]
    starts[0] = 0


@rule
def begin_search(search, wanted):
    """Begin to look for the factor of a plan of timing, as `table.begin_plan` does; `wanted`: contacts under
    the even one.
    """
    search.wanted = wanted
    search.step = 0.0
    search.nearest = 0.0
    search.least = _INFINITE
    search.few, search.few_miss = -_INFINITE, 0.0
    search.many, search.many_miss = _INFINITE, 0.0
    search.attempt, search.done = 0, 0
    search.factor = 1.0


@rule
def go_on_searching(search, made):
    """Take in how many contacts were made at `factor`; `factor` is then the next one to try, or, where `done`
    is set, the one to take.
    """
    if made == 0.0 or search.wanted == 0.0:
        search.done = 1
    else:
        miss = safe_log(made / search.wanted)
        if abs(miss) < search.least:
            search.nearest, search.least = search.step, abs(miss)
        if search.least <= SAME_CONTACTS:
            search.done = 1
        else:
            next_to_try(search, miss)
            search.attempt += 1
            if search.attempt == _TRIES:
                search.done = 1
    search.factor = safe_exp(search.nearest if search.done else search.step)


@rule
def next_to_try(search, miss):
    """Ever longer steps until some factor makes too few and another too many, then false position."""
    if miss < 0.0:
        search.few, search.few_miss = search.step, miss
    else:
        search.many, search.many_miss = search.step, miss
    if search.few == -_INFINITE or search.many == _INFINITE:
        longer = 1.5
        for _ in range(search.attempt):
            longer *= 2.0
        search.step = min(search.step - miss * longer, _LONGEST_STEP)
    else:
        share = 0.5 if search.attempt % 3 == 2 else search.few_miss / (search.few_miss - search.many_miss)
        search.step = search.few + share * (search.many - search.few)
