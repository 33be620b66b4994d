"""The month of one migrant, alone: legal path, beliefs, removal, then the decision or the application, or
life after return.
"""

from __future__ import annotations

import numpy as np

from avrr_sim.chance import STAGE, block, month_numbers
from avrr_sim.compiled import rule
from avrr_sim.migrant import (
    APPROVED,
    ASSISTED,
    DUBLIN,
    GONE_UNDER,
    GRANTED,
    NEVER,
    NONE,
    OVERTAKEN_GRANTED,
    OVERTAKEN_REMOVED,
    PRESENT,
    REMOVED,
    TRANSFERRED,
    UNASSISTED,
    WITHDRAWN,
)
from avrr_sim.rules.advice import aware
from avrr_sim.rules.after_return import arrive_home, live_after_return
from avrr_sim.rules.application import close, go_under, leave_centre, lodge, move_on, stage_month
from avrr_sim.rules.beliefs import believe
from avrr_sim.rules.choice import (
    APPLY,
    GO_UNDER,
    MOVE_ON,
    STAY,
    latest,
    may_win,
    most_apply,
    utility_apply,
    utility_go_under,
    utility_move_on,
    utility_stay,
    utility_unassisted,
    winner,
)
from avrr_sim.rules.choice import UNASSISTED as BY_OWN_MEANS
from avrr_sim.rules.legal import comes_for, gate_closed, leave, legal_path, stopped
from avrr_sim.rules.offers import opened_by_offer
from avrr_sim.rules.situation import situation_of

NOW = np.dtype(
    [("month", "i8"), ("calendar", "i8"), ("key0", "i8"), ("key1", "i8"), ("gate", "f8")], align=True
)
"""The moment: month of the run, calendar month, the run's key, and the protection gate (security index)."""

KIN = np.dtype(
    [(name, "i8") for name in ("present", "applications", "returns", "removals", "coping", "struggling")],
    align=True,
)
"""Counts of last month among compatriots: all that a migrant hears of them."""


@rule
def decide(migrant, situation, ties, here, lever, on_offer, now, w, u_stay, u_apply, u_own, u_move, u_under):
    """One monthly decision of a migrant who is present: picks an option and carries it out. Who is not aware
    of assisted return cannot apply, and what applying is worth is worked out only where it may win the race.

    A wish to return that the protection gate forbids is counted as a protection need, and the migrant stays.
    """
    applying = migrant.stage != NONE
    is_open = situation.open
    if not is_open and opened_by_offer(migrant, on_offer, now):
        migrant.opened_at = now.month
        is_open = True
    if migrant.eligible_at == NEVER and is_open and not gate_closed(here, now):
        migrant.eligible_at = now.month
    may_apply = applying or (is_open and aware(migrant))
    v_stay = utility_stay(migrant, situation, ties, now, w)
    v_apply = 0.0
    if may_apply:
        most = most_apply(migrant, situation, here, lever, on_offer, w)
        may_apply = may_win(u_apply, most, latest(u_stay, v_stay))
        if may_apply:
            v_apply = utility_apply(migrant, situation, here, lever, on_offer, now, w)
            v_apply += w.commitment if applying else 0.0
    option = winner(
        (u_stay, v_stay, True),
        (u_apply, v_apply, may_apply),
        (u_own, utility_unassisted(migrant, w), not applying),
        (u_move, utility_move_on(migrant, situation, lever, w), True),
        (u_under, utility_go_under(migrant, situation, lever, w), migrant.abode != GONE_UNDER),
    )
    if option == STAY:
        close(migrant, now, WITHDRAWN)
    elif option == MOVE_ON:
        move_on(migrant, now)
    elif option == GO_UNDER:
        go_under(migrant, now)
    elif not applying:
        if gate_closed(here, now):
            stopped(migrant, now)
        elif option == APPLY:
            lodge(migrant, here, lever, on_offer, now, w)
        elif option == BY_OWN_MEANS:
            leave(migrant, now, UNASSISTED)
            arrive_home(migrant, here, now, w, False)


@rule
def forced_out(migrant, here, now, w):
    """The police carry out a removal or a Dublin transfer; below the protection gate a removal is stopped and
    counted.
    """
    if migrant.status == DUBLIN:
        close(migrant, now, OVERTAKEN_REMOVED)
        leave(migrant, now, TRANSFERRED)
    elif gate_closed(here, now):
        stopped(migrant, now)
    else:
        close(migrant, now, OVERTAKEN_REMOVED)
        leave(migrant, now, REMOVED)
        arrive_home(migrant, here, now, w, False)


@rule
def live(migrant, situations, news, ties, here, lever, on_offer, now, removals, w, numbers):
    """One month of one migrant. Reads last month's snapshot only, so the order of migrants never matters.

    `situations` and `news` are the origin's (see `situation`), `ties` the utility of ties by months of
    residence; `on_offer` are the month's terms (see `offers`); `removals` counts last month's
    removals by centre and origin (last column: all); `numbers` are the migrant's of this month
    (`chance.month_numbers`).
    """
    if migrant.outcome != PRESENT:
        if migrant.outcome == ASSISTED or migrant.outcome == UNASSISTED or migrant.outcome == REMOVED:
            live_after_return(migrant, here, now, w)
        return
    u_status, u_contact, u_peer, u_removal, u_under, u_regular, u_abode, _, u_stay, u_apply, u_own, u_move = (
        numbers
    )
    situation = situation_of(migrant, situations, lever)
    if legal_path(migrant, situation, here, now, w, u_status, u_regular):
        close(migrant, now, OVERTAKEN_GRANTED)
        leave(migrant, now, GRANTED)
        return
    situation = situation_of(migrant, situations, lever)  # the status may have changed
    believe(migrant, situation, news, here, lever, now, removals, w, u_contact, u_peer)
    if comes_for(migrant, situation, u_removal):
        forced_out(migrant, here, now, w)
    if migrant.outcome == PRESENT:
        decide(
            migrant, situation, ties, here, lever, on_offer, now, w, u_stay, u_apply, u_own, u_move, u_under
        )
    if migrant.outcome == PRESENT:
        leave_centre(migrant, situation, u_abode)
    if migrant.outcome == PRESENT and migrant.stage != NONE:
        u_papers = 1.0
        if migrant.stage == APPROVED:
            u_papers, _, _, _ = block(migrant.id, now.calendar, STAGE, now.key0, now.key1)
        stage_month(migrant, here, lever, now, w, u_papers)


@rule
def live_apart(rows, index, situations, news, ties, origins, policy, on_offer, moment, removals, weighed):
    """`live` of the migrant in row `index`, whose numbers are not dealt together with others'.

    `situations` and `news` by origin, `origins` their series by month, `policy` the levers by month; `moment`
    and `weighed` hold one record each, because a record by itself is slow to hand to a compiled rule.
    """
    migrant, now = rows[index], moment[0]
    here, lever = origins[migrant.origin, now.month], policy[now.month]
    heard, met = situations[migrant.origin], news[migrant.origin]
    numbers = month_numbers(migrant.id, now.calendar, now.key0, now.key1)
    live(migrant, heard, met, ties, here, lever, on_offer, now, removals, weighed[0], numbers)
