"""Asking people as they stand at a month's end: what is the chance that you will apply, or disappear, next?

A chance is known to the last digit from the utilities, where a count of who did apply is mostly noise in a
run of a few thousand people. Statistics of patterns rest on these chances wherever a pattern is about a
hazard.
"""

from __future__ import annotations

from avrr_sim.chance import safe_exp
from avrr_sim.compiled import rule
from avrr_sim.migrant import GONE_UNDER, NONE, PRESENT
from avrr_sim.rules.advice import aware
from avrr_sim.rules.choice import (
    utility_apply,
    utility_go_under,
    utility_move_on,
    utility_stay,
    utility_unassisted,
)
from avrr_sim.rules.legal import gate_closed
from avrr_sim.rules.offers import opened_by_offer
from avrr_sim.rules.situation import situation_of

AT_RISK, APPLIES, LEAVES, UNDER_NO_RISK, UNDER_HALF_RISK, UNDER_FULL_RISK = range(6)
"""Columns of the answers: whether at risk of applying (1 or 0); chances a month of applying, and of moving on
or going under; chances of applying were the perceived risk of removal 0, a half, 1, all else as it is."""
ANSWERS = 6


@rule
def chances(migrant, situation, ties, here, lever, on_offer, now, w):
    """(chance of applying, chance of moving on or going under) in a month, of somebody who is present and not
    applying.
    """
    stay = safe_exp(utility_stay(migrant, situation, ties, now, w))
    may_apply = aware(migrant) and (situation.open or opened_by_offer(migrant, on_offer, now))
    apply = safe_exp(utility_apply(migrant, situation, here, lever, on_offer, now, w)) if may_apply else 0.0
    own = safe_exp(utility_unassisted(migrant, w))
    move = safe_exp(utility_move_on(migrant, situation, lever, w))
    under = safe_exp(utility_go_under(migrant, situation, lever, w)) if migrant.abode != GONE_UNDER else 0.0
    total = stay + apply + own + move + under
    return apply / total, (move + under) / total


@rule
def chance_at_risk(migrant, situation, ties, here, lever, on_offer, now, w, risk):
    """Chance of applying in a month if both perceived risks of removal were `risk`. The migrant is left as it
    was.
    """
    for_apply, for_leave = migrant.risk_apply, migrant.risk_leave
    migrant.risk_apply = risk
    migrant.risk_leave = risk
    applies, _ = chances(migrant, situation, ties, here, lever, on_offer, now, w)
    migrant.risk_apply = for_apply
    migrant.risk_leave = for_leave
    return applies


@rule
def ask(rows, chosen, situations, ties, here, lever, on_offer, now, w, answers, about_risk):
    """Fill `answers` (chosen, ANSWERS) for the rows numbered in `chosen`; zeros for who is not at risk of
    applying.

    At risk is who is present, not applying, eligible, and from an origin that the protection gate leaves
    open. `situations`: the month's (`rules.situation.survey`); `ties`: by months of residence; `here`: the
    month's row of each origin; `on_offer`: its terms (see `rules.offers`); `now`: the month last lived;
    `about_risk`: whether the last three columns are asked for, else they stay 0.
    """
    for i in range(chosen.shape[0]):
        row = rows[chosen[i]]
        at, situation = here[row.origin], situation_of(row, situations[row.origin], lever)
        is_open = situation.open or opened_by_offer(row, on_offer, now)
        if row.outcome == PRESENT and row.stage == NONE and is_open and not gate_closed(at, now):
            applies, leaves = chances(row, situation, ties, at, lever, on_offer, now, w)
            answers[i, AT_RISK] = 1.0
            answers[i, APPLIES] = applies
            answers[i, LEAVES] = leaves
            if about_risk:
                answers[i, UNDER_NO_RISK] = chance_at_risk(
                    row, situation, ties, at, lever, on_offer, now, w, 0.0
                )
                answers[i, UNDER_HALF_RISK] = chance_at_risk(
                    row, situation, ties, at, lever, on_offer, now, w, 0.5
                )
                answers[i, UNDER_FULL_RISK] = chance_at_risk(
                    row, situation, ties, at, lever, on_offer, now, w, 1.0
                )
