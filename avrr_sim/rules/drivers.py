"""The drivers of the decision, one function each: what makes staying, applying, leaving or disappearing more
or less attractive.

Every function returns utility in logit units unless it says otherwise. `migrant` is a row
(`migrant.MIGRANT`), `situation` the month's situation that the migrant is in (`situation.SITUATION`), `here`
the month's row of the origin (`setting.HERE`), `lever` the month's policy row (`policy.POLICY`), `w` the
weights (`evidence.yaml`), where each weight's grade, prior and reference stand. A driver that takes no
migrant is about the situation: `status`, `abode`, and `advised`, whether an advisor is at hand.
Grades quoted are those of Sonsterudbraten 2018 (Fafo), table of independent variables.
"""

from __future__ import annotations

from avrr_sim.chance import logistic, safe_exp, safe_log
from avrr_sim.compiled import rule
from avrr_sim.migrant import (
    CENTRE,
    DOCUMENTED,
    DUBLIN,
    GONE_UNDER,
    MEDICAL,
    NOT_VULNERABLE,
    OBLIGED_AFTER,
    OBLIGED_BEFORE,
    PENDING,
    PRIVATE,
    TIER_A,
    TIER_B,
    TIER_VULNERABLE,
    TRAFFICKED,
    UNACCOMPANIED,
)

MONTHS_A_YEAR = 12.0


@rule
def has_advisor(migrant, lever):
    """Whether the migrant lives in a centre that has a return advisor.

    Simulated centres are as large as real ones and therefore few, so a share of centres is taken as that
    share of their residents."""
    return migrant.abode == CENTRE and migrant.berth < lever.advisors


@rule
def in_designated_centre(migrant, lever):
    """Whether the centre is a designated one for this migrant: deadline passed, and the centre among those
    turned."""
    return (
        migrant.abode == CENTRE
        and migrant.status == OBLIGED_AFTER
        and 1.0 - migrant.berth < lever.designated_centres
    )


# --- origin --------------------------------------------------------------------------------------------


@rule
def liveable(migrant, w):
    """How liveable the origin seems, in [0, 1]: logistic distance of perceived security from the liveable
    threshold."""
    return logistic((migrant.security - w.liveable_threshold) / max(w.liveable_width, 1e-3))


@rule
def origin_security(migrant, w):
    """Better perceived security at the origin raises any return (confirmed)."""
    return w.security * (migrant.security - w.liveable_threshold)


@rule
def origin_network(migrant, w):
    """A network and resources at the origin (trait, 0 = average) raise any return: the same situation is
    lived differently."""
    return w.network * migrant.network


@rule
def stake_in_staying(here, w):
    """Situation: the gap in living standards between host and origin (log ratio of GDP per head) raises
    staying."""
    return w.stake * here.living_gap


# --- programme -----------------------------------------------------------------------------------------


@rule
def is_late(migrant):
    """Whether an application made now is late: after the obligatory date of return, or under an expulsion
    order, two conditions that the sources keep apart."""
    return migrant.status == OBLIGED_AFTER or migrant.expelled


@rule
def tier_of(migrant, here, late):
    """The tier that an application falls into, in time or late: vulnerable where the programme has a package,
    else B if late, else A."""
    if migrant.vulnerability != NOT_VULNERABLE and here.vulnerable_cash + here.vulnerable_in_kind > 0.0:
        return TIER_VULNERABLE
    return TIER_B if late else TIER_A


@rule
def left_out(migrant, lever):
    """Whether incentives leave this unit out: unaccompanied minors and victims of trafficking, unless asked
    for by name."""
    if migrant.vulnerability == UNACCOMPANIED:
        return lever.incentives_unaccompanied == 0.0
    return migrant.vulnerability == TRAFFICKED and lever.incentives_trafficked == 0.0


@rule
def incentive_level(migrant, level, lever):
    """The level of support a scenario sets, or today's (1) for people whom incentives leave out."""
    return 1.0 if left_out(migrant, lever) else level


@rule
def cash_each(migrant, here, lever, late):
    """(cash for each adult, cash for each minor), in time or late; the programme's own for people whom
    incentives leave out, whatever a scenario changes of it."""
    if left_out(migrant, lever):
        return (
            here.own_cash_b_adult if late else here.own_cash_a_adult,
            here.own_cash_b_minor if late else here.own_cash_a_minor,
        )
    return here.cash_b_adult if late else here.cash_a_adult, here.cash_b_minor if late else here.cash_a_minor


@rule
def vulnerable_cash(migrant, here, lever):
    """Subsistence of the vulnerable person; the programme's own for people whom incentives leave out."""
    return here.own_vulnerable_cash if left_out(migrant, lever) else here.vulnerable_cash


@rule
def cash_amount(migrant, here, lever, tier, late):
    """Cash of a tier for the whole unit, in time or late, in the programme's currency.

    A and B pay each adult and each minor. In the vulnerable tier one person gets the vulnerable package
    (subsistence in cash, in kind for an unaccompanied minor), the others what A or B would pay them. Severe
    medical needs may bring more."""
    adult, minor = cash_each(migrant, here, lever, late)
    extra = here.medical_extra if migrant.vulnerability == MEDICAL else 0.0
    if tier != TIER_VULNERABLE:
        return migrant.adults * adult + migrant.minors * minor + extra
    if migrant.vulnerability == UNACCOMPANIED:
        return max(migrant.minors - 1, 0) * minor + extra
    others = max(migrant.adults - 1, 0) * adult + migrant.minors * minor
    return vulnerable_cash(migrant, here, lever) + others + extra


@rule
def in_kind_amount(migrant, here, lever, tier):
    """In-kind support of a tier for the whole unit, in the programme's currency; employment and business
    support apart."""
    people = migrant.adults + migrant.minors
    each, package = here.in_kind, here.vulnerable_in_kind
    if left_out(migrant, lever):
        each, package = here.own_in_kind, here.own_vulnerable_in_kind
    if tier != TIER_VULNERABLE:
        return people * each
    if migrant.vulnerability == UNACCOMPANIED:
        package += vulnerable_cash(migrant, here, lever)
    return package + (people - 1) * each


@rule
def level_amounts(migrant, here, lever):
    """(employment with training, business start-up) for a unit that takes it, in kind; the programme's own
    for people whom incentives leave out."""
    if left_out(migrant, lever):
        return here.own_job, here.own_business
    return here.job, here.business


@rule
def needs(migrant, w):
    """What the unit needs against a person alone, by an equivalence scale: 1 for the first person, less for
    each further adult and minor."""
    adults = max(migrant.adults - 1, 0)
    minors = migrant.minors if migrant.adults > 0 else migrant.minors - 1
    return 1.0 + w.needs_adult * adults + w.needs_minor * minors


@rule
def worth_on_offer(migrant, here, lever, late, cash_level, in_kind_level, w):
    """What support on offer is worth at these levels, for an application in time or late, in the programme's
    currency: cash + kappa x in-kind. What only a share of units gets (exceptional money, employment or
    business support) counts by that share."""
    tier = tier_of(migrant, here, late)
    exceptional = 0.0 if left_out(migrant, lever) else lever.exceptional_share
    cash = (
        cash_amount(migrant, here, lever, tier, late)
        + exceptional * (migrant.adults + migrant.minors) * here.exceptional
    )
    job, business = level_amounts(migrant, here, lever)
    in_kind = (
        in_kind_amount(migrant, here, lever, tier) + here.job_share * job + here.business_share * business
    )
    return (
        incentive_level(migrant, cash_level, lever) * cash
        + w.in_kind_value * incentive_level(migrant, in_kind_level, lever) * in_kind
    )


@rule
def months_believed(migrant, here, worth, w):
    """1 + knowledge x trust x worth / (monthly income at origin x needs): months of income, believed."""
    return 1.0 + migrant.knowledge * migrant.trust * worth / (here.income * needs(migrant, w))


@rule
def as_believed(migrant, here, worth, w):
    """Utility of support, before its weight: the logarithm of `months_believed`."""
    return safe_log(months_believed(migrant, here, worth, w))


@rule
def believed_support(migrant, here, lever, late, cash_level, in_kind_level, w):
    """The programme's support at these levels, as believed, for an application in time or late."""
    worth = worth_on_offer(migrant, here, lever, late, cash_level, in_kind_level, w)
    return as_believed(migrant, here, worth, w)


@rule
def nearness(distance, w):
    """How much of a change that many months off is felt today, in [0, 1]."""
    return safe_exp(distance * safe_log(w.rush_patience))


@rule
def support_on_offer(migrant, here, lever, now, w):
    """Support on offer raises applying, as far as it is known and believed.

    A change announced for later adds the difference, discounted by the months until then: a rush before a
    cut. So does the own deadline, after which an application is late."""
    late = is_late(migrant)
    offered = believed_support(migrant, here, lever, late, lever.cash_level, lever.in_kind_level, w)
    value = offered
    if lever.months_to_change > 0.0:
        next_cash, next_in_kind = lever.next_cash_level, lever.next_in_kind_level
        later = believed_support(migrant, here, lever, late, next_cash, next_in_kind, w)
        value += w.rush * (offered - later) * nearness(lever.months_to_change, w)
    if migrant.status == OBLIGED_BEFORE and not late:
        missed = believed_support(migrant, here, lever, True, lever.cash_level, lever.in_kind_level, w)
        value += w.rush_deadline * (offered - missed) * nearness(migrant.deadline_at - now.month, w)
    return w.support * value


@rule
def promised_support(migrant, here, w):
    """Support promised to an applicant keeps raising going on, as far as it is trusted: it is the day of
    application that counts."""
    worth = migrant.cash + w.in_kind_value * migrant.in_kind
    return w.support * safe_log(1.0 + migrant.trust * worth / (here.income * needs(migrant, w)))


@rule
def eligible(status, here):
    """Situation: whether the programme is open to the status."""
    if status == PENDING:
        return here.open_pending > 0.0
    if status == OBLIGED_BEFORE:
        return here.open_before_deadline > 0.0
    if status == OBLIGED_AFTER:
        return here.open_after_deadline > 0.0
    if status == DUBLIN:
        return here.open_dublin > 0.0
    return here.open_unregistered > 0.0


@rule
def access(abode, advised, lever, w):
    """Situation: applying without an advisor at hand costs effort, less so online; more so for people who
    have gone under (probable)."""
    if advised:
        return 0.0
    effort = w.access_effort * (1.0 + (w.hidden_effort if abode == GONE_UNDER else 0.0))
    return -effort * (1.0 - w.online_relief * lever.online_application)


@rule
def knowing(migrant, w):
    """Knowledge of assisted return raises applying (probable)."""
    return w.knowing * migrant.knowledge


@rule
def embassy_wait(here, w):
    """Situation: expected months for a travel document: longer where the responsible embassy lies in another
    country."""
    return here.embassy_months * (1.0 + w.embassy_abroad * here.embassy_abroad)


@rule
def hassle(migrant, situation):
    """Missing papers lower applying, until a passport or a travel document is in hand."""
    return 0.0 if migrant.passport or migrant.stage >= DOCUMENTED else situation.papers


@rule
def missing_papers(here, lever, w):
    """Situation: what missing papers and the delay they bring take from applying; clear guidance makes it
    less."""
    return -(
        w.hassle_documents * (1.0 - lever.document_guidance)
        + w.hassle_delay * embassy_wait(here, w) / lever.processing_speed
    )


# --- host ----------------------------------------------------------------------------------------------


@rule
def provision(status, abode, lever, w):
    """Situation: share of housing and subsistence that people have, in [0, 1]."""
    if abode == CENTRE:
        if status != OBLIGED_AFTER:
            return 1.0
        return w.housing_share * lever.accommodation + (1.0 - w.housing_share) * lever.allowance
    return w.private_means if abode == PRIVATE else w.private_means * w.hidden_means


@rule
def livelihood_here(status, abode, lever, w):
    """Situation: rights to work, study, housing and subsistence raise staying (probable)."""
    return w.livelihood * (
        w.work_share * lever.work_rights + (1.0 - w.work_share) * provision(status, abode, lever, w)
    )


@rule
def destitution(status, abode, lever, w):
    """Situation: how destitute people are, in [0, 1]: what provision lacks."""
    return 1.0 - provision(status, abode, lever, w)


@rule
def hope(migrant, w):
    """Hope of residence, a perceived chance of a permit, raises staying."""
    return w.hope * migrant.hope


@rule
def threat(risk):
    """Threat felt from a perceived risk of removal: convex, so that a remote risk hardly counts and an
    imminent one does."""
    return risk * risk


@rule
def felt(risk, lever):
    """The part of a perceived risk of removal that enters the decision: all of it, but in experiments that
    take the threat out of people's minds."""
    return risk * lever.threat_felt


@rule
def residence_ties(months, w):
    """Situation: ties that grow with months of residence: log(1 + years), sign unknown (inconclusive)."""
    return w.ties * safe_log(1.0 + months / MONTHS_A_YEAR)


@rule
def person(migrant, w):
    """Age, sex, family, children at school and health on applying: signs unknown (inconclusive). It is worked
    out on arrival and kept as `inclination`, for none of them changes."""
    value = w.age * migrant.age_band
    if migrant.female:
        value += w.female
    if migrant.adults + migrant.minors > 1:
        value += w.family
    if migrant.minors > 0:
        value += w.school
    if migrant.ill:
        value += w.health
    return value


# --- Europe --------------------------------------------------------------------------------------------


@rule
def mobility(migrant, situation):
    """What other European countries offer this migrant, 0 upwards: the origin's opportunity x own links (in
    [0, 1])."""
    return situation.europe * migrant.links


@rule
def reentry(migrant, situation, risk, seems, w):
    """Leaving with assistance avoids a ban: counts only with a real prospect of removal (`risk`, as felt) to
    a liveable origin (`seems`, in [0, 1]) (probable). An expulsion order brings a ban of its own, and leaves
    a part to be avoided."""
    avoided = w.ban_under_order if migrant.expelled else 1.0
    return situation.ban * avoided * risk * seems * mobility(migrant, situation)
