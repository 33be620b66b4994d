"""The application: from applying to departure, and every way in which it can end before."""

from __future__ import annotations

from avrr_sim.chance import monthly, safe_exp
from avrr_sim.compiled import rule
from avrr_sim.migrant import (
    APPLIED,
    APPROVED,
    ASSISTED,
    BOOKED,
    CENTRE,
    DEPARTED,
    DISAPPEARED,
    DOCUMENTED,
    DOCUMENTS,
    GONE_UNDER,
    MOVED_ON,
    NEVER,
    NONE,
    OBLIGED_AFTER,
    OPEN,
    PRIVATE,
    PROTECTED,
    REFUSED,
    WITHDRAWN,
)
from avrr_sim.rules.after_return import arrive_home
from avrr_sim.rules.drivers import cash_amount, embassy_wait, in_kind_amount, tier_of
from avrr_sim.rules.legal import gate_closed, leave


@rule
def lodge(migrant, here, lever, now):
    """Apply: the tier and the support promised are those of the day of application."""
    migrant.stage = APPLIED
    migrant.stage_since = now.month
    migrant.application_at = now.month
    migrant.tier = tier_of(migrant)
    migrant.cash = lever.cash_level * cash_amount(migrant, here, migrant.tier)
    migrant.in_kind = lever.in_kind_level * in_kind_amount(migrant, here, migrant.tier)
    if migrant.applied_at == NEVER:
        migrant.applied_at = now.month
        migrant.applied_status = migrant.status
        migrant.applied_abode = migrant.abode
        migrant.applied_tier = migrant.tier


@rule
def close(migrant, now, reason):
    """End the running application, if there is one; how the *first* one ended is kept."""
    if migrant.stage == NONE:
        return
    if migrant.closing == OPEN:
        migrant.closing = reason
        migrant.closed_at = now.month
        migrant.closed_stage = migrant.stage
    if reason == WITHDRAWN or reason == REFUSED or reason == DOCUMENTS or reason == DISAPPEARED:
        migrant.ended_at = now.month
    if reason != DEPARTED:
        migrant.stage = NONE
        migrant.stage_since = now.month


@rule
def advance(migrant, stage, now):
    """Move the application to its next stage."""
    migrant.stage = stage
    migrant.stage_since = now.month


@rule
def disappear_from(migrant, now):
    """Note the month of the first unannounced leaving of a centre."""
    if migrant.abode == CENTRE and migrant.missing_at == NEVER:
        migrant.missing_at = now.month


@rule
def go_under(migrant, now):
    """Go under: out of the authorities' sight, from a centre unannounced; a running application lapses."""
    if migrant.abode == GONE_UNDER:
        return
    disappear_from(migrant, now)
    close(migrant, now, DISAPPEARED)
    migrant.abode = GONE_UNDER
    migrant.under_at = now.month


@rule
def move_on(migrant, now):
    """Move on to another European country; a running application lapses."""
    disappear_from(migrant, now)
    close(migrant, now, DISAPPEARED)
    leave(migrant, now, MOVED_ON)


@rule
def leave_centre(migrant, now, lever, w, u_abode):
    """Leave the centre for private housing: by own choice, or because housing after the deadline was withdrawn."""
    hazard = w.private_choice
    if migrant.status == OBLIGED_AFTER:
        hazard += w.housing_lost * (1.0 - lever.accommodation)
    if migrant.abode == CENTRE and u_abode < 1.0 - safe_exp(-hazard):
        migrant.abode = PRIVATE


@rule
def stage_month(migrant, here, lever, now, w, u_papers, u_travel):
    """One month of the stages that need no place in an office: papers in hand, papers failing, booking, departure.

    `u_papers` and `u_travel` are this month's numbers. Places at the directorate and embassies are given in `office`.
    """
    if migrant.stage_since == now.month:
        return
    if migrant.stage == APPROVED:
        if migrant.passport:
            advance(migrant, DOCUMENTED, now)
        elif u_papers < 1.0 - safe_exp(-w.documents_failing * (1.0 - lever.document_guidance)):
            close(migrant, now, DOCUMENTS)
    elif migrant.stage == DOCUMENTED:
        if gate_closed(here, now):
            migrant.protected = True
            close(migrant, now, PROTECTED)
        elif u_travel < monthly(w.booking_months / lever.processing_speed):
            advance(migrant, BOOKED, now)
    elif migrant.stage == BOOKED:
        if gate_closed(here, now):
            migrant.protected = True
            close(migrant, now, PROTECTED)
        elif u_travel < monthly(w.departure_months / lever.processing_speed):
            close(migrant, now, DEPARTED)
            leave(migrant, now, ASSISTED)
            arrive_home(migrant, here, now, w, True)


@rule
def ready_for_directorate(migrant, lever, now, w, u_papers):
    """Whether the directorate could decide this case this month, if it has a place."""
    return migrant.stage == APPLIED and migrant.stage_since < now.month and u_papers < monthly(w.directorate_months / lever.processing_speed)


@rule
def ready_for_embassy(migrant, here, lever, now, w, u_travel):
    """Whether the embassy could issue this case's travel document this month, if it has a place."""
    if migrant.stage != APPROVED or migrant.passport or migrant.stage_since >= now.month:
        return False
    return u_travel < monthly(embassy_wait(here, w) / lever.processing_speed)
