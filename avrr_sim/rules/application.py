"""The application: from applying to departure, and every way in which it can end before."""

from __future__ import annotations

from avrr_sim.chance import SUPPORT, WAITS, block, safe_exp, waiting_time
from avrr_sim.compiled import rule, rule_apart
from avrr_sim.migrant import (
    APPLIED,
    APPROVED,
    ASSISTED,
    BASIC,
    BOOKED,
    BUSINESS_SUPPORT,
    CENTRE,
    DEPARTED,
    DISAPPEARED,
    DOCUMENTED,
    DOCUMENTS,
    GONE_UNDER,
    JOB_SUPPORT,
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
from avrr_sim.rules.drivers import (
    cash_amount,
    embassy_wait,
    in_kind_amount,
    incentive_level,
    is_late,
    left_out,
    level_amounts,
    tier_of,
)
from avrr_sim.rules.legal import gate_closed, leave, stopped
from avrr_sim.rules.offers import best_terms, second_half

MID_MONTH = 0.5  # an application is taken as lodged in the middle of its month


@rule
def promise_terms(migrant, here, lever, cash_level, in_kind_level, now):
    """The tier and the support that some terms promise on the day of application, in the programme's
    currency.

    Exceptional money is granted to a share of units; employment or business support is taken by the shares
    that the programme states.
    """
    u_exceptional, u_level, _, _ = block(migrant.id, now.calendar, SUPPORT, now.key0, now.key1)
    late = is_late(migrant)
    migrant.tier = tier_of(migrant, here, late)
    cash = cash_amount(migrant, here, lever, migrant.tier, late)
    if u_exceptional < lever.exceptional_share and not left_out(migrant, lever):
        cash += (migrant.adults + migrant.minors) * here.exceptional
    in_kind = in_kind_amount(migrant, here, lever, migrant.tier)
    job, business = level_amounts(migrant, here, lever)
    migrant.level = BASIC
    if u_level < here.job_share:
        migrant.level = JOB_SUPPORT
        in_kind += job
    elif u_level < here.job_share + here.business_share:
        migrant.level = BUSINESS_SUPPORT
        in_kind += business
    migrant.cash = incentive_level(migrant, cash_level, lever) * cash
    migrant.in_kind = incentive_level(migrant, in_kind_level, lever) * in_kind


@rule
def promise(migrant, here, lever, on_offer, now, w, capped):
    """The programme's promise, or that of the best offer that the migrant may have, and what this is more.
    The tier is the programme's.

    `capped`: whether offers that only so many get count too. Who claims one of these is told at the month's
    end whether there was a place (see `claims`).
    """
    promise_terms(migrant, here, lever, lever.cash_level, lever.in_kind_level, now)
    migrant.offer = NEVER
    migrant.offer_cash = 0.0
    migrant.offer_in_kind = 0.0
    if on_offer.shape[1] > 0:
        promise_offer(migrant, lever, on_offer[migrant.origin], now, w, capped)


@rule_apart
def promise_offer(migrant, lever, offers, now, w, capped):
    """Put the best offer in place of the programme's promise, if it is better; note what it is more."""
    late = second_half(migrant, offers, now)
    _, number = best_terms(migrant, lever, offers[0], now.month, late, capped, w)
    if number > 0:
        terms, tier, cash, in_kind = offers[0, number], migrant.tier, migrant.cash, migrant.in_kind
        promise_terms(migrant, terms, lever, terms.cash_level, terms.in_kind_level, now)
        migrant.tier = tier
        migrant.cash += incentive_level(migrant, terms.cash_level, lever) * terms.cash_unit
        migrant.in_kind += incentive_level(migrant, terms.in_kind_level, lever) * terms.in_kind_unit
        migrant.offer = number - 1
        migrant.offer_cash = migrant.cash - cash
        migrant.offer_in_kind = migrant.in_kind - in_kind


@rule
def lodge(migrant, here, lever, on_offer, now, w):
    """Apply. The status, abode and tier of the first application are kept; who applies has assisted return in
    mind.
    """
    migrant.awareness = 1.0
    migrant.application_at = now.month
    migrant.ready_at = now.month + MID_MONTH
    enter(migrant, APPLIED, w.directorate_months / lever.processing_speed, now)
    promise(migrant, here, lever, on_offer, now, w, True)
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
def enter(migrant, stage, mean_months, now):
    """Move the application to its next stage, whose wait begins when the one before was over, or with the
    month if a place came free only then. How long it is, is drawn once, so a ready case stays ready.
    """
    u_directorate, u_embassy, u_booking, u_departure = block(
        migrant.id, now.calendar - now.month + migrant.application_at, WAITS, now.key0, now.key1
    )
    u = u_directorate
    if stage == APPROVED:
        u = u_embassy
    elif stage == DOCUMENTED:
        u = u_booking
    elif stage == BOOKED:
        u = u_departure
    migrant.stage = stage
    migrant.stage_since = now.month
    migrant.ready_at = max(migrant.ready_at, float(now.month)) + waiting_time(mean_months, u)


@rule
def is_ready(migrant, now):
    """Whether the wait of the present stage is over within the month."""
    return migrant.ready_at < now.month + 1


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
def leaving_chance(status, lever, w):
    """Situation: chance within the month of leaving a centre for private housing: by own choice, or because
    housing after the deadline was withdrawn.
    """
    hazard = w.private_choice
    if status == OBLIGED_AFTER:
        hazard += w.housing_lost * (1.0 - lever.accommodation)
    return 1.0 - safe_exp(-hazard)


@rule
def leave_centre(migrant, situation, u_abode):
    """Leave the centre for private housing."""
    if migrant.abode == CENTRE and u_abode < situation.to_private:
        migrant.abode = PRIVATE


@rule
def approve(migrant, here, lever, now, w):
    """The directorate approves: with a passport travel is booked at once, else the embassy is asked."""
    if migrant.passport:
        enter(migrant, DOCUMENTED, w.booking_months / lever.processing_speed, now)
    else:
        enter(migrant, APPROVED, embassy_wait(here, w) / lever.processing_speed, now)


@rule
def proceed(migrant, here, lever, now, w):
    """The stages that need no place in an office, booking and departure, as far as they are over within the
    month.
    """
    if migrant.stage != DOCUMENTED and migrant.stage != BOOKED:
        return
    if gate_closed(here, now):
        stopped(migrant, now)
        close(migrant, now, PROTECTED)
        return
    if migrant.stage == DOCUMENTED and is_ready(migrant, now):
        enter(migrant, BOOKED, w.departure_months / lever.processing_speed, now)
    if migrant.stage == BOOKED and is_ready(migrant, now):
        close(migrant, now, DEPARTED)
        leave(migrant, now, ASSISTED)
        arrive_home(migrant, here, now, w, True)


@rule
def stage_month(migrant, here, lever, now, w, u_papers):
    """One month of an application before the offices open: papers may fail while the embassy is waited for,
    and booking and departure proceed. `u_papers` is this month's number.
    """
    if migrant.stage == APPROVED:
        if u_papers < 1.0 - safe_exp(-w.documents_failing * (1.0 - lever.document_guidance)):
            close(migrant, now, DOCUMENTS)
    else:
        proceed(migrant, here, lever, now, w)


@rule
def ready_for_directorate(migrant, now):
    """Whether the directorate can decide this case, if it has a place."""
    return migrant.stage == APPLIED and is_ready(migrant, now)


@rule
def ready_for_embassy(migrant, now):
    """Whether the embassy can issue this case's travel document, if it has a place."""
    return migrant.stage == APPROVED and is_ready(migrant, now)
