"""The legal path and removal by force. A rule that takes no migrant is about the situation (see
`situation`).
"""

from __future__ import annotations

from avrr_sim.chance import VERDICT, block, monthly, safe_exp
from avrr_sim.compiled import rule
from avrr_sim.migrant import (
    CENTRE,
    DUBLIN,
    GONE_UNDER,
    NEVER,
    OBLIGED_AFTER,
    OBLIGED_BEFORE,
    PENDING,
    PRESENT,
    UNREGISTERED,
)

RISK_MONTHS = 12.0  # a removal risk, perceived or known, is the chance of being removed within a year


@rule
def gate_closed(here, now):
    """Situation: the protection gate: the *true* security of the origin is below it, so no return there is
    carried out.
    """
    return here.security < now.gate


@rule
def stopped(migrant, now):
    """Note the month in which the protection gate first stopped a return, wished for or forced: a protection
    need.
    """
    if migrant.stopped_at == NEVER:
        migrant.stopped_at = now.month


@rule
def next_step_chance(status, here, w):
    """Situation: chance within the month of the next step on the legal path: a decision while the claim is
    pending, then the deadline.
    """
    if status == PENDING:
        return monthly(here.decision_months)
    return monthly(w.deadline_months) if status == OBLIGED_BEFORE else 0.0


@rule
def legal_path(migrant, situation, here, now, w, u_status, u_regular):
    """One month on the legal path: decision on the claim, the deadline, or a residence permit for another
    reason.

    Returns True where the migrant is granted residence. Each rejection carries a chance of having been wrong.
    """
    if u_regular < w.regularisation:
        return True
    if migrant.status == PENDING and u_status < situation.next_step:
        u_verdict, u_wrong, _, _ = block(migrant.id, now.calendar, VERDICT, now.key0, now.key1)
        if u_verdict < here.grant_share:
            return True
        migrant.status = OBLIGED_BEFORE
        migrant.status_since = now.month
        migrant.decided_at = now.month
        migrant.wrongly_rejected = u_wrong < w.wrongly_rejected
    elif migrant.status == OBLIGED_BEFORE and u_status < situation.next_step:
        migrant.status = OBLIGED_AFTER
        migrant.status_since = now.month
    return False


@rule
def removal_hazard(status, abode, here, lever, w):
    """Situation: hazard a month of removal by force: status x practicability at the origin x how easily found
    x enforcement.

    None before the deadline. A Dublin transfer goes to another European state, so the origin's practicability
    does not enter.
    """
    if status == OBLIGED_AFTER:
        hazard = w.removal_after_deadline * here.practicability
    elif status == UNREGISTERED:
        hazard = w.removal_unregistered * here.practicability
    elif status == DUBLIN:
        hazard = w.removal_dublin
    else:
        return 0.0
    if abode == GONE_UNDER:
        hazard *= w.hidden_from_removal
    elif abode != CENTRE:
        hazard *= w.private_from_removal
    return hazard * lever.removal_level


@rule
def removal_chance(status, abode, here, lever, w):
    """Situation: chance that the police come within the month."""
    hazard = removal_hazard(status, abode, here, lever, w)
    return 1.0 - safe_exp(-hazard) if hazard > 0.0 else 0.0


@rule
def known_risk(status, abode, here, lever, now, w):
    """Situation: the risk of removal within a year as people in this status know it, in [0, 1].

    Before the deadline it is a share of what would await after it; below the protection gate there is none
    (but for Dublin).
    """
    share = 1.0
    if status == PENDING:
        status, share = OBLIGED_AFTER, w.risk_ahead_pending
    elif status == OBLIGED_BEFORE:
        status, share = OBLIGED_AFTER, w.risk_ahead_deadline
    if status != DUBLIN and gate_closed(here, now):
        return 0.0
    return share * (1.0 - safe_exp(-RISK_MONTHS * removal_hazard(status, abode, here, lever, w)))


@rule
def true_risk(status, abode, here, lever, now, w):
    """Situation: the risk of removal within a year as it truly is, in [0, 1], for someone who stays
    where they are and does not apply.

    Before the deadline it follows the legal path month by month: the chance of being still here after 1, 2,
    ... months is worked out backwards for the claim pending, for before and for after the deadline. Like the
    known risk it leaves out permits on other grounds, which are rare.
    """
    if status != DUBLIN and gate_closed(here, now):
        return 0.0
    if status != PENDING and status != OBLIGED_BEFORE:
        return 1.0 - safe_exp(-RISK_MONTHS * removal_hazard(status, abode, here, lever, w))
    stays = safe_exp(-removal_hazard(OBLIGED_AFTER, abode, here, lever, w))
    decided, over, refused = monthly(here.decision_months), monthly(w.deadline_months), 1.0 - here.grant_share
    pending, before, after = 1.0, 1.0, 1.0
    for _ in range(int(RISK_MONTHS)):
        pending = (1.0 - decided) * pending + decided * (1.0 - refused + refused * before)
        before = (1.0 - over) * before + over * after
        after = after * stays
    return 1.0 - (pending if status == PENDING else before)


@rule
def leave(migrant, now, outcome):
    """End the migrant's presence with an outcome, this month. An outcome is final."""
    if migrant.outcome == PRESENT:
        migrant.outcome = outcome
        migrant.left_at = now.month
