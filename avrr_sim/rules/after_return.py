"""Life after return: cash eases the first months, in-kind support becomes something, livelihood moves month by month.

None of this has been studied empirically for the people modelled here: every weight is a judgement with a wide prior.
"""

from __future__ import annotations

from avrr_sim.chance import AFTER, block, logistic
from avrr_sim.compiled import rule
from avrr_sim.migrant import BUSINESS, COPING, GOODS_SOLD, NO_FORM, PLACEMENT, STRUGGLING, TRAINING

FIRST_CHECK, LAST_CHECK = 3, 12  # months after return at which returnees are monitored (factsheet Norway; Vulnerable Groups leaflet)


@rule
def form_of_support(u_form, w):
    """What in-kind support becomes: most follow the advice to start a business; some sell the goods for cash."""
    total = w.form_business + w.form_training + w.form_placement + w.form_goods_sold
    point = u_form * total
    if point < w.form_business:
        return BUSINESS
    if point < w.form_business + w.form_training:
        return TRAINING
    if point < w.form_business + w.form_training + w.form_placement:
        return PLACEMENT
    return GOODS_SOLD


@rule
def arrive_home(migrant, here, now, w, assisted):
    """The first day back: support in hand as months of income, in-kind support given a form."""
    _, _, u_form, _ = block(migrant.id, now.calendar, AFTER, now.key0, now.key1)
    migrant.livelihood = STRUGGLING
    if not assisted:
        migrant.cash = 0.0
        migrant.in_kind = 0.0
    migrant.form = form_of_support(u_form, w) if migrant.in_kind > 0.0 else NO_FORM
    worth = migrant.cash + (w.resale_value * migrant.in_kind if migrant.form == GOODS_SOLD else 0.0)
    migrant.cash_left = worth / (here.income * max(migrant.adults, 1))


@rule
def coping_chance(migrant, here, w):
    """Chance a month that a struggling returnee finds a footing: security, network, cash in hand, an activity supported in kind."""
    score = w.coping_base + w.coping_security * (here.security - w.liveable_threshold) + w.coping_network * migrant.network
    if migrant.cash_left > 0.0:
        score += w.coping_cash
    if migrant.form != NO_FORM and migrant.form != GOODS_SOLD:
        score += w.coping_activity
    return logistic(score)


@rule
def lasting_income_chance(migrant, w):
    """Chance of a lasting income from a job or business after a year, given that the returnee copes."""
    if migrant.form == BUSINESS:
        return w.income_business
    if migrant.form == TRAINING or migrant.form == PLACEMENT:
        return w.income_training
    return w.income_unaided


@rule
def live_after_return(migrant, here, now, w):
    """One month after return, until the last monitoring."""
    since = now.month - migrant.left_at
    if since < 1 or since > LAST_CHECK:
        return
    u_move, u_income, _, _ = block(migrant.id, now.calendar, AFTER, now.key0, now.key1)
    if migrant.livelihood == STRUGGLING:
        if u_move < coping_chance(migrant, here, w):
            migrant.livelihood = COPING
    elif u_move < w.relapse:
        migrant.livelihood = STRUGGLING
    migrant.cash_left = max(migrant.cash_left - 1.0, 0.0)
    copes = migrant.livelihood == COPING
    if since == FIRST_CHECK:
        migrant.coping_3 = copes
    if since == LAST_CHECK:
        migrant.coping_12 = copes
        migrant.income_12 = copes and u_income < lasting_income_chance(migrant, w)

