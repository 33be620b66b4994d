"""Offers beside the programme: whom one is for, the best of them, what comes next, and the claims on one that
only so many get.

`offers` are the terms of the month for the migrant's origin: an array (groups, terms) of dtype
`offers.table.OFFER`. Group 0 is the month itself; each further group is a coming change that is known of, the
nearest first, `ahead` months away (0: no more are known). Terms 0 are the programme's own, terms k those of
offer k - 1. A scenario without offers has no groups at all, and no rule here then does anything. `on_offer`
holds the same for every origin.
"""

from __future__ import annotations

import numpy as np

from avrr_sim.chance import OFFER_DAY, block
from avrr_sim.compiled import rule, rule_apart
from avrr_sim.migrant import DUBLIN, NEVER, OBLIGED_AFTER, OBLIGED_BEFORE
from avrr_sim.rules.drivers import (
    as_believed,
    incentive_level,
    is_late,
    nearness,
    support_on_offer,
    worth_on_offer,
)

NO_WINDOW, OF_ELIGIBILITY, OF_DECISION, OF_DEADLINE, OF_ARRIVAL = range(5)
"""From when the months count within which an offer must be claimed."""
NO_END = 100_000
"""Months after which a time to claim counts as never over."""


@rule
def second_half(migrant, offers, now):
    """Whether the migrant's day of decision falls in the second half of the month, by a number of its own;
    asked for only where an offer begins or ends in the middle of the month.
    """
    for k in range(1, offers.shape[1]):
        if offers[0, k].early != offers[0, k].late:
            u_day, _, _, _ = block(migrant.id, now.calendar, OFFER_DAY, now.key0, now.key1)
            return u_day >= 0.5
    return False


@rule
def among(number, names):
    """Whether the number of a status, abode, band or kind is among those of a set, held as bits."""
    return (int(names) >> int(number)) & 1 == 1


@rule
def within_months(since, month, low, high):
    """Whether the months from `since` to `month` lie in [low, high]; where something never was they do not.
    No bounds (`low` below 0) hold always.
    """
    if low < 0:
        return True
    return since != NEVER and low <= month - since <= high


@rule
def rejected_at(migrant):
    """The month in which the claim was rejected, or never: under Dublin the obligation to leave begins with
    the arrival, and no claim was decided.
    """
    return NEVER if migrant.status == DUBLIN else migrant.obliged_at


@rule
def passed_deadline(migrant):
    """The month in which the obligatory date of return passed, or never."""
    return migrant.status_since if migrant.status == OBLIGED_AFTER else NEVER


@rule
def window_opened(migrant, offer, month):
    """The month from which the migrant's time to claim an offer counts, or never."""
    if offer.since == OF_DECISION:
        return rejected_at(migrant)
    if offer.since == OF_DEADLINE:
        return passed_deadline(migrant)
    if offer.since == OF_ARRIVAL:
        return migrant.arrival
    return max(offer.began, migrant.eligible_at if migrant.eligible_at != NEVER else month)


@rule
def is_for(migrant, offer, month, late):
    """Whether an offer is for the migrant in a month of the run, and there are places left; `late`: in the
    month's second half. Unaccompanied minors and victims of trafficking are meant only where the offer names
    them.
    """
    if offer.full or not (offer.late if late else offer.early):
        return False
    if not (
        among(migrant.status, offer.statuses)
        and among(migrant.abode, offer.abodes)
        and among(migrant.age_band, offer.ages)
        and among(migrant.vulnerability, offer.vulnerabilities)
        and among(min(migrant.minors, 1), offer.minors)
        and among(min(migrant.adults + migrant.minors - 1, 1), offer.households)
    ):
        return False
    if not (
        offer.arrived_from <= migrant.arrival <= offer.arrived_to
        and within_months(rejected_at(migrant), month, offer.decided_from, offer.decided_to)
        and within_months(passed_deadline(migrant), month, offer.obliged_from, offer.obliged_to)
    ):
        return False
    if offer.since == NO_WINDOW:
        return True
    return within_months(window_opened(migrant, offer, month), month, 0, offer.within - 1)


@rule
def worth_under(migrant, offer, lever, w):
    """What support under the terms of an offer is worth, in the programme's currency: as the programme's is,
    and what a unit gets whatever its size.
    """
    return (
        worth_on_offer(migrant, offer, lever, is_late(migrant), offer.cash_level, offer.in_kind_level, w)
        + incentive_level(migrant, offer.cash_level, lever) * offer.cash_unit
        + w.in_kind_value * incentive_level(migrant, offer.in_kind_level, lever) * offer.in_kind_unit
    )


@rule
def best_terms(migrant, lever, terms, month, late, capped, w):
    """(worth, number) of the terms of a group that are worth most to the migrant in a month of the run.
    Number 0 is the programme; offers do not add up. `capped`: whether offers that only so many get count too.
    """
    best, number = worth_under(migrant, terms[0], lever, w), 0
    for k in range(1, terms.shape[0]):
        if (capped or terms[k].first == 0.0) and is_for(migrant, terms[k], month, late):
            worth = worth_under(migrant, terms[k], lever, w)
            if worth > best:
                best, number = worth, k
    return best, number


@rule
def months_to_claim(migrant, offer, month):
    """Months until the migrant's own time to claim an offer is over; 0 where there is no such end."""
    end = month + NO_END
    if offer.since != NO_WINDOW:
        end = min(end, window_opened(migrant, offer, month) + offer.within)
    if offer.obliged_from >= 0 and offer.obliged_to < NO_END:
        end = min(end, passed_deadline(migrant) + offer.obliged_to + 1)
    if offer.decided_from >= 0 and offer.decided_to < NO_END:
        end = min(end, rejected_at(migrant) + offer.decided_to + 1)
    return end - month if end < month + NO_END else 0


@rule
def next_change(migrant, lever, offers, month, late, worth, number, w):
    """(months ahead, worth then) of the next change of the support that the migrant may have, as far as it is
    known; 0 months where none is. The end of one's own time to claim is a change like a date that is
    announced; it is looked at in the same half of the month.
    """
    end = months_to_claim(migrant, offers[0, number], month) if number > 0 else 0
    for g in range(1, offers.shape[0]):
        ahead = offers[g, 0].ahead
        if ahead == 0 or 0 < end <= ahead:
            break
        then, _ = best_terms(migrant, lever, offers[g], month + ahead, False, True, w)
        if then != worth:
            return ahead, then
    if end > 0:
        then, _ = best_terms(migrant, lever, offers[0], month + end, late, True, w)
        return end, then
    return 0, worth


@rule
def worth_when_late(migrant, lever, offers, late, w):
    """Worth of the best of this month's terms that the migrant could have once the own deadline has passed:
    asked as if it had, in the same half of the month; nothing in the row is changed.
    """
    status, since = migrant.status, migrant.status_since
    migrant.status = OBLIGED_AFTER
    migrant.status_since = migrant.deadline_at
    worth, _ = best_terms(migrant, lever, offers[0], migrant.deadline_at, late, True, w)
    migrant.status = status
    migrant.status_since = since
    return worth


@rule
def support_in_view(migrant, here, lever, on_offer, now, w):
    """Support on offer raises applying, as far as it is known and believed: the best terms that the migrant
    may have, and the difference to the next ones, discounted by the months until then; and to those after
    the own deadline.
    """
    if on_offer.shape[1] == 0:
        return support_on_offer(migrant, here, lever, now, w)
    return support_of_offers(migrant, here, lever, on_offer[migrant.origin], now, w)


@rule_apart
def support_of_offers(migrant, here, lever, offers, now, w):
    """`support_in_view` where there are offers, or amounts that are announced."""
    late = second_half(migrant, offers, now)
    worth, number = best_terms(migrant, lever, offers[0], now.month, late, True, w)
    in_force = as_believed(migrant, here, worth, w)
    ahead, then = next_change(migrant, lever, offers, now.month, late, worth, number, w)
    value = in_force
    if ahead > 0:
        later = as_believed(migrant, here, then, w)
        value += w.rush * (in_force - later) * nearness(ahead, w)
    if migrant.status == OBLIGED_BEFORE:  # under an expulsion order too: offers may end with the date
        missed = as_believed(migrant, here, worth_when_late(migrant, lever, offers, late, w), w)
        value += w.rush_deadline * (in_force - missed) * nearness(migrant.deadline_at - now.month, w)
    return w.support * value


@rule
def opened_by_offer(migrant, on_offer, now):
    """Whether an offer opens the programme to the migrant, whatever the status."""
    return on_offer.shape[1] > 0 and some_offer_opens(migrant, on_offer[migrant.origin], now)


@rule_apart
def some_offer_opens(migrant, offers, now):
    """`opened_by_offer` where there are offers."""
    late = second_half(migrant, offers, now)
    for k in range(1, offers.shape[1]):
        if offers[0, k].opens and is_for(migrant, offers[0, k], now.month, late):
            return True
    return False


@rule
def put_up(on_offer, offers, month, taken, scale):
    """Write the terms of a month into `on_offer` (origins, groups, terms), from those of all months (origins,
    months, groups, terms). An offer of which no place is left, at `taken` simulated units or persons, is
    full.
    """
    for o in range(on_offer.shape[0]):
        for g in range(on_offer.shape[1]):
            for k in range(on_offer.shape[2]):
                on_offer[o, g, k] = offers[o, month, g, k]
                if k > 0 and offers[o, month, g, k].first > 0.0:
                    on_offer[o, g, k].full = not has_place(offers[o, month, g, k], taken[k - 1], 1, scale)


@rule
def has_place(offer, taken, more, scale):
    """Whether so many more simulated units or persons still fit, to the nearest one, among the first that an
    offer is for; `scale` real ones stand behind each.
    """
    return (taken + 0.5 * more) * scale <= offer.first


def empty_offers(offers: np.recarray) -> np.recarray:
    """The terms of one month, not yet put up: (origins, groups, terms), from those of all months."""
    return np.empty((offers.shape[0], offers.shape[2], offers.shape[3]), offers.dtype).view(np.recarray)
