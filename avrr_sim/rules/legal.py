"""The legal path and removal by force. A rule that takes no migrant is about the situation (see
`situation`).
"""

from __future__ import annotations

import math

from avrr_sim.chance import OBLIGATION, VERDICT, block, logistic, monthly, safe_exp, safe_log
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

YEAR = 12
RISK_MONTHS = float(YEAR)  # a removal risk, perceived or known, is the chance of being removed within a year
ROUNDING_UP = 0.5  # half a month and more counts as a month
BEYOND_ANY_RUN = 1e6  # months: a deadline that far off never comes


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
    """Situation: chance within the month of a decision while the claim is pending; the deadline after it is a
    date (see `oblige`).
    """
    return monthly(here.decision_months) if status == PENDING else 0.0


@rule
def months_to_deadline(u, w):
    """Whole months from a rejection to the own deadline, from one uniform: log-logistic around the median,
    rounded, 1 at the least.
    """
    odds = safe_log(u) - safe_log(1.0 - u)
    months = safe_exp(safe_log(w.deadline_months) + w.deadline_spread * odds)
    return int(max(math.floor(min(months, BEYOND_ANY_RUN) + ROUNDING_UP), 1))


@rule
def deadline_within(months, w):
    """Situation: chance that the own deadline passes within so many whole months of the rejection, as
    `months_to_deadline` draws them.
    """
    if months < 1.0:
        return 0.0
    apart = safe_log(months + ROUNDING_UP) - safe_log(w.deadline_months)
    return logistic(apart / max(w.deadline_spread, 1e-9))


@rule
def oblige(migrant, now, w):
    """A rejection obliges to leave by a date of one's own, which is known from now on; with some rejections
    an expulsion order comes, which is another condition than the date.
    """
    u_deadline, u_expelled, _, _ = block(migrant.id, now.calendar, OBLIGATION, now.key0, now.key1)
    migrant.status = OBLIGED_BEFORE
    migrant.status_since = now.month
    migrant.obliged_at = now.month
    migrant.older_at = now.month + YEAR
    migrant.deadline_at = now.month + months_to_deadline(u_deadline, w)
    migrant.expelled = u_expelled < w.expulsion


@rule
def legal_path(migrant, situation, here, now, w, u_status, u_regular):
    """One month on the legal path: decision on the claim, the deadline, or a residence permit for another
    reason.

    Returns True where the migrant is granted residence. Each rejection carries a chance of having been wrong.
    """
    if u_regular < w.regularisation:
        return True
    grow_old(migrant, now, w)
    if migrant.status == PENDING and u_status < situation.next_step:
        u_verdict, u_wrong, _, _ = block(migrant.id, now.calendar, VERDICT, now.key0, now.key1)
        if u_verdict < here.grant_share:
            return True
        migrant.wrongly_rejected = u_wrong < w.wrongly_rejected
        oblige(migrant, now, w)
    elif migrant.status == OBLIGED_BEFORE and now.month >= migrant.deadline_at:
        migrant.status = OBLIGED_AFTER
        migrant.status_since = now.month
    return False


@rule
def removal_hazard(status, abode, here, lever, w):
    """Situation: hazard a month of removal by force: status x practicability at the origin x how easily found
    x enforcement.

    None before the deadline. A Dublin transfer goes to another European state, so neither the origin's
    practicability enters nor how much effort goes into removals there this year.
    """
    if status == OBLIGED_AFTER:
        hazard = w.removal_after_deadline * here.practicability * here.enforcement
    elif status == UNREGISTERED:
        hazard = w.removal_unregistered * here.practicability * here.enforcement
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
def hazard_ahead(status, abode, here, lever, now, w):
    """Situation: hazard a month of removal that awaits people in this status: before the deadline the one
    after it. Below the protection gate there is none (but for Dublin).
    """
    if status == PENDING or status == OBLIGED_BEFORE:
        status = OBLIGED_AFTER
    if status != DUBLIN and gate_closed(here, now):
        return 0.0
    return removal_hazard(status, abode, here, lever, w)


@rule
def share_ahead(status, w):
    """Situation: share of the risk of removal that is felt while it is still to come."""
    if status == PENDING:
        return w.risk_ahead_pending
    return w.risk_ahead_deadline if status == OBLIGED_BEFORE else 1.0


@rule
def removability(migrant, years, w):
    """Hazard of removal of this unit, `years` after the obligation to leave began, against that of a single
    man without a passport in the first: household, sex, papers in hand, time. It is kept in the row, for it
    changes once a year.
    """
    value = w.removal_longer * safe_log(1.0 + years)
    if migrant.minors > 0:
        value += w.removal_minors
    if migrant.female:
        value += w.removal_female
    if migrant.passport:
        value += w.removal_passport
    return safe_exp(value)


@rule
def grow_old(migrant, now, w):
    """A further year under an obligation to leave changes the hazard of removal."""
    if now.month == migrant.older_at:
        migrant.removability = removability(migrant, (now.month - migrant.obliged_at) // YEAR, w)
        migrant.older_at += YEAR


@rule
def comes_for(migrant, situation, u):
    """Whether the police come within the month, from one uniform. The hazard itself is never below the
    chance, and spares most an exponential.
    """
    hazard = situation.hazard * migrant.removability
    return u < hazard and u < 1.0 - safe_exp(-hazard)


@rule
def within_a_year(hazard, factor):
    """Chance of a removal within a year at a hazard a month, times a unit's own factor."""
    return 1.0 - safe_exp(-RISK_MONTHS * hazard * factor)


@rule
def known_risk(migrant, situation):
    """The risk of removal within a year as people in this situation know it of themselves, in [0, 1].

    Before the deadline it is a share of what would await after it. What would await is kept in the row with
    its hazard, for few months change it, and an exponential is spared.
    """
    hazard = situation.hazard_ahead * migrant.removability
    if hazard != migrant.hazard_kept:
        migrant.hazard_kept = hazard
        migrant.risk_kept = within_a_year(hazard, 1.0)
    return situation.share_ahead * migrant.risk_kept


@rule
def true_risk(status, abode, here, lever, now, w):
    """Situation: the risk of removal within a year as it truly is, in [0, 1], for someone with a factor of 1
    who stays and does not apply.

    While the claim is pending it follows the legal path: decided in the coming months or not, refused or not,
    and at risk in what is left of the year once the own deadline has passed. Just rejected is whoever is
    before the deadline. Like the known risk it leaves out permits on other grounds, which are rare.
    """
    hazard = hazard_ahead(status, abode, here, lever, now, w)
    if hazard == 0.0 or (status != PENDING and status != OBLIGED_BEFORE):
        return within_a_year(hazard, 1.0)
    stays, decided = safe_exp(-hazard), monthly(here.decision_months)
    # months at risk, each by the chance of being still here, of whoever was rejected `months` ago; and the
    # same of claims, some of which were decided since
    rejected, pending = 0.0, 0.0
    for months in range(1, YEAR):
        pending = (1.0 - decided) * pending + decided * rejected
        rejected = stays * rejected + deadline_within(months, w)
    if status == OBLIGED_BEFORE:
        return (1.0 - stays) * rejected
    return (1.0 - here.grant_share) * (1.0 - stays) * pending


@rule
def own_true_risk(migrant, situation, here, now):
    """The true risk of removal within a year of this very unit, in [0, 1]: with its own deadline, once it has
    one, and its own factor. While the claim is pending, the factor multiplies the log chance of staying of
    the rejected.
    """
    factor, refused = migrant.removability, 1.0 - here.grant_share
    if migrant.status == OBLIGED_BEFORE:
        months = max(RISK_MONTHS - (migrant.deadline_at - now.month), 0.0)
        return 1.0 - safe_exp(-months * situation.hazard_ahead * factor)
    if migrant.status == PENDING:
        stays = 1.0 - situation.true_risk / max(refused, 1e-9)
        return refused * (1.0 - safe_exp(factor * safe_log(stays)))
    return within_a_year(situation.hazard_ahead, factor)


@rule
def leave(migrant, now, outcome):
    """End the migrant's presence with an outcome, this month. An outcome is final."""
    if migrant.outcome == PRESENT:
        migrant.outcome = outcome
        migrant.left_at = now.month
