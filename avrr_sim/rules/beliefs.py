"""What a migrant knows, whom they trust, how safe the origin seems and how near removal seems.

A rule that takes no migrant is about the situation (see `situation`).
"""

from __future__ import annotations

from avrr_sim.chance import safe_exp
from avrr_sim.compiled import rule
from avrr_sim.migrant import CENTRE, DUBLIN, GONE_UNDER, OBLIGED_AFTER, OBLIGED_BEFORE, PENDING, UNREGISTERED
from avrr_sim.rules.legal import known_risk, own_true_risk


@rule
def clamp(x):
    """x kept in [0, 1]."""
    return min(max(x, 0.0), 1.0)


@rule
def towards(x, target, share):
    """x moved a share of the way to a target."""
    return x + clamp(share) * (target - x)


@rule
def intensity(status, lever):
    """Situation: intensity of information by legal status under the timing in force (1 = today's)."""
    if status == PENDING:
        value = lever.information_pending
    elif status == OBLIGED_BEFORE:
        value = lever.information_before_deadline
    elif status == OBLIGED_AFTER:
        value = lever.information_after_deadline
    elif status == DUBLIN:
        value = lever.information_dublin
    else:
        value = lever.information_unregistered
    return value * lever.information_intensity


@rule
def contact_rate(status, abode, advised, here, lever, w):
    """Situation: contacts a month with those who inform on return, over all channels.

    The directorate writes to whoever is registered; IOM is met in centres and privately, NOAS while a claim
    is open; an advisor works in the centre; NGOs reach people outside, more so where the diaspora is large.
    Whoever has gone under is reached by NGOs alone.
    """
    if abode == GONE_UNDER:
        return w.contact_hidden * lever.outreach * here.diaspora * intensity(status, lever)
    rate = w.contact_iom * lever.channel_iom
    if status != UNREGISTERED:
        rate += w.contact_directorate * lever.channel_directorate
    if status == PENDING or status == OBLIGED_BEFORE:
        rate += w.contact_noas * lever.channel_noas
    if abode == CENTRE:
        rate += w.contact_centre if advised else 0.0
    else:
        rate += w.contact_private * lever.outreach * here.diaspora
    return rate * intensity(status, lever)


@rule
def contact_chance(status, abode, advised, here, lever, w):
    """Situation: chance of such a contact within the month."""
    return 1.0 - safe_exp(-contact_rate(status, abode, advised, here, lever, w))


@rule
def receptivity(status, w):
    """Situation: how open people are to information on return, in [0, 1]: low before the decision and low
    after it, for different reasons.
    """
    if status == PENDING:
        return w.receptivity_pending
    if status == OBLIGED_BEFORE or status == DUBLIN:
        return w.receptivity_before_deadline
    return w.receptivity_after_deadline


@rule
def claimed_security(here, lever):
    """Situation: how safe the origin is according to the advisor: the truth plus what is glossed over."""
    return clamp(here.security + lever.glossing)


@rule
def view_of_media(here, w):
    """Situation: how safe the origin is according to the media, times the weight of that source."""
    return w.source_media * clamp(here.security - w.media_gloom)


@rule
def reports_of_returned(kin, w):
    """Situation: how much safer the origin sounds for what returned peers report (below 0: less safe)."""
    reports = kin.coping + kin.struggling
    balance = (kin.coping - kin.struggling) / reports if reports > 0 else 0.0
    return w.peer_reports * balance


@rule
def reported_security(migrant, news, here, w):
    """How safe the origin is according to the person's own network, and to what peers who returned report."""
    return clamp(here.security + w.network_view * migrant.network + news.reports)


@rule
def trust_lost(migrant, situation, news, here, lever, w):
    """Share of trust that one contact costs: a perceived interest in return (less outside centres, where
    organisations of other kinds inform), glossing over, contradiction (more outside centres)."""
    glossed = max(situation.claimed - reported_security(migrant, news, here, w), 0.0)
    inside = migrant.abode == CENTRE
    apart = lever.contradiction * (1.0 if inside else 1.0 + w.contradiction_outside)
    interest = lever.advisor_interest * (1.0 if inside else w.interest_outside)
    return clamp(w.trust_interest * interest + w.trust_glossing * glossed + w.trust_contradiction * apart)


@rule
def informed_by_advisor(migrant, situation, news, here, lever, w):
    """One contact: teaches receptivity x trust x quality of what is not yet known; makes one feel informed;
    may cost trust.
    """
    migrant.knowledge = towards(
        migrant.knowledge, 1.0, situation.receptivity * migrant.trust * lever.information_quality
    )
    migrant.self_rated = towards(migrant.self_rated, 1.0, w.feeling_informed)
    migrant.trust = migrant.trust * (1.0 - trust_lost(migrant, situation, news, here, lever, w))


@rule
def informed_by_peers(migrant, situation, w):
    """Word of mouth from compatriots who applied or returned: no advisor's trust is involved, quality is
    lower.
    """
    migrant.knowledge = towards(migrant.knowledge, 1.0, situation.receptivity * w.peer_quality)
    migrant.self_rated = towards(migrant.self_rated, 1.0, w.feeling_informed)


@rule
def forget(migrant, w):
    """What is known of assisted return fades and becomes outdated, towards what people know on arrival."""
    migrant.knowledge = min(migrant.knowledge, towards(migrant.knowledge, w.knowledge_start, w.forgetting))


@rule
def peer_rate(here, lever, kin, w):
    """Situation: contacts a month with compatriots who applied or returned last month, per compatriot
    present; more in a large diaspora.
    """
    return (
        w.contact_peer
        * here.diaspora
        * lever.channel_diaspora
        * (kin.applications + kin.returns)
        / max(kin.present, 1)
    )


@rule
def peer_chance(here, lever, kin, w):
    """Situation: chance of such a contact within the month."""
    return 1.0 - safe_exp(-peer_rate(here, lever, kin, w))


@rule
def perceive_security(migrant, situation, news, here, w, met_advisor):
    """Perceived security moves towards the weighted mean of own prior, network, media and, if met, the
    advisor (weight: trust).
    """
    advisor = w.source_advisor * migrant.trust if met_advisor else 0.0
    total = w.source_own + w.source_network + w.source_media + advisor
    reported = reported_security(migrant, news, here, w)
    told = w.source_own * migrant.own_security + w.source_network * reported
    told += situation.media + advisor * situation.claimed
    migrant.security = clamp(towards(migrant.security, told / max(total, 1e-9), w.security_lag))


@rule
def removal_seen(migrant, lever, removals):
    """How much of a removal was witnessed in the own centre last month: (same origin, another origin), each 0
    to 1.
    """
    if migrant.abode != CENTRE:
        return 0.0, 0.0
    same = 1.0 if removals[migrant.centre, migrant.origin] > 0 else 0.0
    other = (
        1.0
        if removals[migrant.centre, removals.shape[1] - 1] > removals[migrant.centre, migrant.origin]
        else 0.0
    )
    return max(same, lever.removal_news), other


@rule
def removals_heard(kin, w):
    """Situation: jump of the perceived risk at last month's removals among compatriots, in [0, 1]."""
    return 1.0 - safe_exp(-w.peer_removal * kin.removals / max(kin.present, 1))


@rule
def perceive_removal(migrant, situation, news, lever, now, removals, w):
    """Both perceived risks decay to what is known for the status and jump at a removal seen or heard of, or
    an ordered departure.
    """
    known = known_risk(migrant, situation)
    same, other = removal_seen(migrant, lever, removals)
    jump = max(w.witness * same, w.witness * w.witness_other * other)
    if migrant.status == OBLIGED_AFTER and migrant.status_since == now.month:
        jump = max(jump, w.ordered_departure)
    jump = clamp(max(jump, news.removals))
    migrant.risk_apply = clamp(towards(towards(migrant.risk_apply, known, w.risk_decay_apply), 1.0, jump))
    migrant.risk_leave = clamp(towards(towards(migrant.risk_leave, known, w.risk_decay_leave), 1.0, jump))


@rule
def know_the_truth(migrant, situation, here, now):
    """An experiment: the offer is known and believed in full, for it is truly paid; security and the risk of
    removal are seen as they are.
    """
    migrant.knowledge = 1.0
    migrant.trust = 1.0
    migrant.security = here.security
    migrant.risk_apply = own_true_risk(migrant, situation, here, now)
    migrant.risk_leave = migrant.risk_apply


@rule
def believe(migrant, situation, news, here, lever, now, removals, w, u_contact, u_peer):
    """All beliefs of one month. A protected order: information first, then what it changes."""
    forget(migrant, w)
    met = u_contact < situation.contact
    if met:
        informed_by_advisor(migrant, situation, news, here, lever, w)
    if u_peer < news.contact:
        informed_by_peers(migrant, situation, w)
    migrant.trust = clamp(
        towards(migrant.trust, towards(migrant.trust_start, 1.0, lever.trust_building), w.trust_recovery)
    )
    perceive_security(migrant, situation, news, here, w, met)
    perceive_removal(migrant, situation, news, lever, now, removals, w)
    if lever.true_beliefs > 0.0:
        know_the_truth(migrant, situation, here, now)
