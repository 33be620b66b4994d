"""Life after return: cash eases the first months, in-kind support becomes something, livelihood moves month
by month.

None of this has been studied empirically for the people modelled here: every weight is a judgement with a
wide prior.
"""

from __future__ import annotations

from avrr_sim.chance import AFTER, block, logistic
from avrr_sim.compiled import rule
from avrr_sim.migrant import (
    BUSINESS,
    BUSINESS_SUPPORT,
    EDUCATION,
    GOODS_SOLD,
    JOB_SUPPORT,
    NO_FORM,
    PLACEMENT,
    TIER_VULNERABLE,
    TRAINING,
)
from avrr_sim.rules.drivers import needs

# months after return at which returnees are monitored (factsheet Norway; Vulnerable Groups leaflet)
FIRST_CHECK, LAST_CHECK = 3, 12


@rule
def form_of_support(level, u_form, w):
    """What in-kind support becomes: business start-up and employment support as promised; free support mostly
    a business, on advice.

    Some goods are sold for cash whatever they were meant for.
    """
    job = w.form_training + w.form_placement + w.form_education
    business = w.form_business
    if level == JOB_SUPPORT:
        business = 0.0
    elif level == BUSINESS_SUPPORT:
        job = 0.0
    point = u_form * (business + job + w.form_goods_sold)
    if point < business:
        return BUSINESS
    if point < business + job * w.form_training / max(
        w.form_training + w.form_placement + w.form_education, 1e-9
    ):
        return TRAINING
    if point < business + job * (w.form_training + w.form_education) / max(
        w.form_training + w.form_placement + w.form_education, 1e-9
    ):
        return EDUCATION
    return PLACEMENT if point < business + job else GOODS_SOLD


@rule
def arrive_home(migrant, here, now, w, assisted):
    """The first day back: support in hand as months of income, in-kind support given a form."""
    _, _, u_form, _ = block(migrant.id, now.calendar, AFTER, now.key0, now.key1)
    migrant.coping = False
    if not assisted:
        migrant.cash = 0.0
        migrant.in_kind = 0.0
    migrant.form = form_of_support(migrant.level, u_form, w) if migrant.in_kind > 0.0 else NO_FORM
    worth = migrant.cash + (w.resale_value * migrant.in_kind if migrant.form == GOODS_SOLD else 0.0)
    migrant.cash_left = worth / (here.income * needs(migrant, w))


@rule
def coping_chance(migrant, here, w):
    """Chance a month that a struggling returnee finds a footing: security, network, cash in hand, an
    activity, and housing and care in kind.
    """
    score = (
        w.coping_base
        + w.coping_security * (here.security - w.liveable_threshold)
        + w.coping_network * migrant.network
    )
    if migrant.cash_left > 0.0:
        score += w.coping_cash
    if migrant.form != NO_FORM and migrant.form != GOODS_SOLD:
        score += w.coping_activity
    if migrant.tier == TIER_VULNERABLE and migrant.in_kind > 0.0:
        score += w.coping_care
    return logistic(score)


@rule
def lasting_income_chance(migrant, w):
    """Chance of a lasting income from a job or business after a year, given that the returnee copes."""
    if migrant.form == BUSINESS:
        return w.income_business
    if migrant.form == TRAINING or migrant.form == PLACEMENT or migrant.form == EDUCATION:
        return w.income_training
    return w.income_unaided


@rule
def live_after_return(migrant, here, now, w):
    """One month after return, until the last monitoring."""
    since = now.month - migrant.left_at
    if since < 1 or since > LAST_CHECK:
        return
    u_move, u_income, _, _ = block(migrant.id, now.calendar, AFTER, now.key0, now.key1)
    if not migrant.coping:
        if u_move < coping_chance(migrant, here, w):
            migrant.coping = True
    elif u_move < w.relapse:
        migrant.coping = False
    migrant.cash_left = max(migrant.cash_left - 1.0, 0.0)
    copes = migrant.coping
    if since == FIRST_CHECK:
        migrant.coping_3 = copes
    if since == LAST_CHECK:
        migrant.coping_12 = copes
        migrant.income_12 = copes and u_income < lasting_income_chance(migrant, w)
