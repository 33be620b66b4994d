"""Who tells people of assisted return, how open they are to it, whom they trust, and what one contact leaves.

Sources are of three kinds: official (the directorate, advisors in centres), independent (IOM, NOAS, other
organisations) and peers (compatriots). A rule that takes no migrant is about the situation (see `situation`).
"""

from __future__ import annotations

from avrr_sim.chance import safe_exp, safe_log
from avrr_sim.compiled import rule
from avrr_sim.migrant import (
    ADVISOR,
    CENTRE,
    DIRECTORATE,
    DUBLIN,
    GONE_UNDER,
    IOM,
    NEVER,
    NGO,
    NOAS,
    OBLIGED_AFTER,
    OBLIGED_BEFORE,
    PENDING,
    UNREGISTERED,
)
from avrr_sim.rules.legal import gate_closed, own_true_risk


@rule
def clamp(x):
    """x kept in [0, 1]."""
    return min(max(x, 0.0), 1.0)


@rule
def towards(x, target, share):
    """x moved a share of the way to a target."""
    return x + clamp(share) * (target - x)


@rule
def at_odds(share, ratio):
    """A share in [0, 1] whose odds are multiplied by a ratio of 0 or more."""
    return share * ratio / max(1.0 - share + share * ratio, 1e-12)


# --- contacts: how often, with whom --------------------------------------------------------------------


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
def aim(status, abode, which, aims):
    """Situation: what a scenario aims at this status and abode of an origin, by channel or kind of source;
    nothing where it aims nothing at all, and `aims` has no statuses.
    """
    return aims[status, abode, which] if aims.shape[0] > 0 else 0.0


@rule
def aimed_at(status, abode, channel, aims):
    """Situation: how much more than elsewhere a channel informs people of this origin, status and abode."""
    return 1.0 + aim(status, abode, channel, aims)


@rule
def official_rate(status, abode, advised, aims, lever, w):
    """Situation: contacts a month with official sources, before any are cut short: the directorate writes to
    whoever is registered, an advisor works in the centre. Nobody of them reaches who has gone under.
    """
    if abode == GONE_UNDER:
        return 0.0
    rate = 0.0
    if status != UNREGISTERED:
        rate += w.contact_directorate * lever.channel_directorate * aimed_at(status, abode, DIRECTORATE, aims)
    if abode == CENTRE and advised:
        rate += w.contact_centre * aimed_at(status, abode, ADVISOR, aims)
    return rate * intensity(status, lever)


@rule
def independent_rate(status, abode, here, aims, lever, w):
    """Situation: the same with independent sources: IOM is met in centres and privately, NOAS while a claim
    is open or just refused; other organisations reach people outside, more so where the diaspora is large,
    and they alone reach who has gone under.
    """
    outside = lever.outreach * here.diaspora * aimed_at(status, abode, NGO, aims)
    if abode == GONE_UNDER:
        return w.contact_hidden * outside * intensity(status, lever)
    rate = w.contact_iom * lever.channel_iom * aimed_at(status, abode, IOM, aims)
    if status == PENDING or status == OBLIGED_BEFORE:
        rate += w.contact_noas * lever.channel_noas * aimed_at(status, abode, NOAS, aims)
    if abode != CENTRE:
        rate += w.contact_private * outside
    return rate * intensity(status, lever)


@rule
def chance_of(rate):
    """Chance within a month of what comes at a rate a month."""
    return 1.0 - safe_exp(-rate)


@rule
def offered(rate, here, now):
    """Situation: chance within a month of being offered a contact. Nobody informs on return to an origin
    below the protection gate.
    """
    return 0.0 if gate_closed(here, now) else chance_of(rate)


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
    return chance_of(peer_rate(here, lever, kin, w))


@rule
def receptivity(status, w):
    """Situation: how open people are to information on return, in [0, 1], before (claim pending) and after
    the decision. One level, the geometric mean of both, and one ratio of after to before.
    """
    apart = safe_exp(0.5 * safe_log(w.receptivity_ratio))
    return clamp(w.receptivity / max(apart, 1e-6) if status == PENDING else w.receptivity * apart)


@rule
def openness(migrant, situation, w):
    """How open this person is to information, in [0, 1]: by status, more after an earlier contact, and as
    relevant as hope of a permit leaves it.
    """
    again = migrant.official_at != NEVER or migrant.independent_at != NEVER
    relevant = migrant.hope + (1.0 - migrant.hope) * w.relevance
    return clamp(situation.receptivity * (w.receptivity_again if again else 1.0) * relevant)


@rule
def contact_share(migrant, openness, w):
    """Share of the contacts offered that is made, in [0, 1]: advisors give less to the unreceptive, and who
    feels informed asks for less.
    """
    return (1.0 - w.less_to_unreceptive * (1.0 - openness)) * (
        1.0 - w.informed_asks_less * migrant.self_rated
    )


# --- trust: a relation with each kind of source ---------------------------------------------------------


@rule
def earned(status, abode, which, aims, w):
    """Situation: share of the way to full trust that one honest contact with a kind of source builds
    (`which`: its place in what a scenario aims).
    """
    return clamp(1.0 - (1.0 - w.trust_built) * (1.0 - aim(status, abode, which, aims)))


@rule
def trust_lost(migrant, situation, interest, reported, lever, w):
    """Share of trust that one contact costs: a perceived interest in return (as seen in this kind of source,
    in [0, 1]), glossing over what one's own network reports, contradiction (more outside centres).
    """
    glossed = max(situation.claimed - reported, 0.0)
    apart = lever.contradiction * (1.0 if migrant.abode == CENTRE else 1.0 + w.contradiction_outside)
    return clamp(w.trust_interest * interest + w.trust_glossing * glossed + w.trust_contradiction * apart)


@rule
def trust_on_meeting(migrant, trust, last, w):
    """Trust in a kind of source as a contact begins: a dialogue that has begun (`last`: month of the latest
    contact) carries over; one begun only once the claim is refused starts from other odds.
    """
    refused = migrant.status == OBLIGED_BEFORE or migrant.status == OBLIGED_AFTER
    return at_odds(trust, w.late_dialogue) if last == NEVER and refused else trust


@rule
def trust_after(trust, lost, built):
    """Trust after a contact: a share is lost, and what was honest of it builds."""
    return towards(trust * (1.0 - lost), 1.0, built * (1.0 - lost))


@rule
def recover_trust(migrant, lever, w):
    """Trust in each kind of source goes back towards where it started, or towards what is built up for good.
    Kinds start from odds of their own against the official one.
    """
    official = migrant.trust_start
    independent = at_odds(official, w.independent_trusted)
    peers = at_odds(official, w.peers_trusted)
    speed, built = w.trust_recovery, lever.trust_building
    migrant.trust_official = clamp(towards(migrant.trust_official, towards(official, 1.0, built), speed))
    migrant.trust_independent = clamp(
        towards(migrant.trust_independent, towards(independent, 1.0, built), speed)
    )
    migrant.trust_peers = clamp(towards(migrant.trust_peers, peers, speed))


# --- what a contact leaves -------------------------------------------------------------------------------


@rule
def aware(migrant):
    """Whether the person has assisted return in mind, and that it is open to them: without it, applying is
    not among the options. Each person loses sight of it at a point of their own (`heed`).
    """
    return migrant.heed <= migrant.awareness


@rule
def told(migrant, openness, trust, quality, w):
    """Whoever tells: assisted return comes to mind as far as one listens; what is learnt rests on listening,
    trust and quality; one feels informed.
    """
    migrant.awareness = towards(migrant.awareness, 1.0, openness)
    migrant.knowledge = towards(migrant.knowledge, 1.0, openness * trust * quality)
    migrant.self_rated = towards(migrant.self_rated, 1.0, w.feeling_informed)


@rule
def taught_prospects(migrant, situation, share, here, now):
    """Advice on prospects: hope of a permit and the perceived risks of removal move a share of the way to how
    they truly are, up or down.
    """
    migrant.hope = towards(migrant.hope, situation.permit, share)
    truly = own_true_risk(migrant, situation, here, now)
    migrant.risk_apply = towards(migrant.risk_apply, truly, share)
    migrant.risk_leave = towards(migrant.risk_leave, truly, share)


@rule
def advised(migrant, situation, openness, trust, here, lever, now, w):
    """What advice leaves, from whatever kind of advisor, as far as one is open to it and trusts."""
    told(migrant, openness, trust, lever.information_quality, w)
    taught_prospects(migrant, situation, openness * trust * lever.information_quality, here, now)


@rule
def meet_official(migrant, situation, openness, reported, here, lever, now, w):
    """A contact with an official source: it tells, and the relation changes."""
    trust = trust_on_meeting(migrant, migrant.trust_official, migrant.official_at, w)
    advised(migrant, situation, openness, trust, here, lever, now, w)
    lost = trust_lost(migrant, situation, lever.advisor_interest, reported, lever, w)
    migrant.trust_official = trust_after(trust, lost, situation.earned_official)
    migrant.trust = towards(migrant.trust, migrant.trust_official, openness)
    migrant.official_at = now.month


@rule
def meet_independent(migrant, situation, openness, reported, here, lever, now, w):
    """A contact with an independent source, in which less interest in return is seen."""
    trust = trust_on_meeting(migrant, migrant.trust_independent, migrant.independent_at, w)
    advised(migrant, situation, openness, trust, here, lever, now, w)
    interest = lever.advisor_interest * w.interest_independent
    lost = trust_lost(migrant, situation, interest, reported, lever, w)
    migrant.trust_independent = trust_after(trust, lost, situation.earned_independent)
    migrant.trust = towards(migrant.trust, migrant.trust_independent, openness)
    migrant.independent_at = now.month


@rule
def meet_peers(migrant, openness, now, w):
    """Word of mouth from compatriots who applied or returned: they have no interest in it and gloss nothing
    over, and know less.
    """
    told(migrant, openness, migrant.trust_peers, w.peer_quality, w)
    migrant.trust_peers = trust_after(migrant.trust_peers, 0.0, w.trust_built)
    migrant.trust = towards(migrant.trust, migrant.trust_peers, openness)
    migrant.peers_at = now.month


@rule
def forget(migrant, w):
    """What is known of assisted return fades and becomes outdated, and it slips from mind, both towards how
    it is on arrival.
    """
    migrant.knowledge = min(migrant.knowledge, towards(migrant.knowledge, w.knowledge_start, w.forgetting))
    migrant.awareness = min(
        migrant.awareness, towards(migrant.awareness, w.awareness_start, w.awareness_fading)
    )


@rule
def informed(migrant, situation, news, reported, here, lever, now, w, u_contact, u_peer):
    """The contacts of a month, and what they leave. Returns the trust that is put in the advisors met, added
    up: 0 where none was.

    One number stands for both kinds of advisor: official ones come at its low end, independent ones at its
    high end, so that more of one kind never takes a contact of the other away or adds one.
    """
    heard = 0.0
    if u_contact < situation.official or 1.0 - u_contact < situation.independent:
        listening = openness(migrant, situation, w)
        share = contact_share(migrant, listening, w)
        if u_contact < situation.official * share:
            meet_official(migrant, situation, listening, reported, here, lever, now, w)
            heard += migrant.trust_official
        if 1.0 - u_contact < situation.independent * share:
            meet_independent(migrant, situation, listening, reported, here, lever, now, w)
            heard += migrant.trust_independent
    if u_peer < news.contact:
        meet_peers(migrant, openness(migrant, situation, w), now, w)
    return heard
