"""How safe the origin seems, how near removal and how far a permit; and all beliefs of one month.

What people are told of assisted return, and whom they trust, is `advice`.

A rule that takes no migrant is about the situation (see `situation`).
"""

from __future__ import annotations

from avrr_sim.chance import safe_exp, safe_log
from avrr_sim.compiled import rule
from avrr_sim.migrant import CENTRE, OBLIGED_AFTER, OBLIGED_BEFORE, PENDING
from avrr_sim.rules.advice import at_odds, clamp, forget, informed, recover_trust, towards
from avrr_sim.rules.legal import RISK_MONTHS, known_risk, own_true_risk


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
def perceive_security(migrant, situation, reported, w, heard):
    """Perceived security moves towards the weighted mean of own prior, network (`reported`), media and the
    advisors met (`heard`: the trust put in them).
    """
    advisor = w.source_advisor * heard
    total = w.source_own + w.source_network + w.source_media + advisor
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
def hope_alone(status, here, w):
    """Situation: chance of a permit that people see who are told nothing, in [0, 1]: the origin's while the
    claim is pending, at odds of its own; after a rejection what hope is left.
    """
    if status == PENDING:
        return at_odds(here.grant_share, w.hope_bias)
    return clamp(w.hope_before_deadline if status == OBLIGED_BEFORE else w.hope_after_deadline)


@rule
def permit_chance(status, here, w):
    """Situation: the true chance of a permit, in [0, 1]: of the claim while it is pending, else of residence
    on another ground within a year.
    """
    if status == PENDING:
        return here.grant_share
    return 1.0 - safe_exp(RISK_MONTHS * safe_log(1.0 - clamp(w.regularisation)))


@rule
def keep_hoping(migrant, situation, now, w):
    """A step on the legal path lowers hope to what it leaves and never raises it; then hope goes back towards
    what people see by themselves, as fast as advice is forgotten.
    """
    if migrant.status_since == now.month:
        migrant.hope = min(migrant.hope, situation.hope)
    migrant.hope = clamp(towards(migrant.hope, situation.hope, w.forgetting))


@rule
def know_the_truth(migrant, situation, here, now):
    """An experiment: the offer is in mind, known, and believed in full, for it is truly paid; security, the
    chance of a permit and the risk of removal are seen as they are.
    """
    migrant.awareness = 1.0
    migrant.knowledge = 1.0
    migrant.trust = 1.0
    migrant.security = here.security
    migrant.hope = situation.permit
    migrant.risk_apply = own_true_risk(migrant, situation, here, now)
    migrant.risk_leave = migrant.risk_apply


@rule
def believe(migrant, situation, news, here, lever, now, removals, w, u_contact, u_peer):
    """All beliefs of one month. A protected order: information first, then what it changes."""
    forget(migrant, w)
    keep_hoping(migrant, situation, now, w)
    reported = reported_security(migrant, news, here, w)
    heard = informed(migrant, situation, news, reported, here, lever, now, w, u_contact, u_peer)
    recover_trust(migrant, lever, w)
    perceive_security(migrant, situation, reported, w, heard)
    perceive_removal(migrant, situation, news, lever, now, removals, w)
    if lever.true_beliefs > 0.0:
        know_the_truth(migrant, situation, here, now)
