"""The table of offers that the rules read: month by month the programme's terms, now and at the changes that
are known to come, and beside them those of every offer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from avrr_sim.migrant import ABODES, VULNERABILITIES
from avrr_sim.offers.offer import (
    AGE_BANDS,
    HOUSEHOLDS,
    NAMED_ONLY,
    OFFERED,
    SINCE,
    AmountStep,
    Offer,
    coming_months,
)
from avrr_sim.policy import STATUS_NAMES, Step, level_known
from avrr_sim.programmes.amounts import CHANGEABLE, OWN, PAID
from avrr_sim.records import bits
from avrr_sim.rules.offers import NO_END, NO_WINDOW, OF_ARRIVAL, OF_DEADLINE, OF_DECISION, OF_ELIGIBILITY

_MONEY = (*PAID, *OWN, "cash_unit", "in_kind_unit")
_LEVELS = ("cash_level", "in_kind_level")
_SETS = ("statuses", "abodes", "ages", "vulnerabilities", "minors", "households")
_RANGES = ("arrived_from", "arrived_to", "decided_from", "decided_to", "obliged_from", "obliged_to")

OFFER = np.dtype(
    [
        *((name, "f8") for name in (*_MONEY, *_LEVELS, "first")),
        *((name, "i8") for name in ("ahead", *_SETS, *_RANGES, "began", "within", "since")),
        *((name, "i8") for name in ("early", "late", "persons", "opens", "full")),
    ],
    align=True,
)
"""Terms of one month for one origin: the programme's own, or those of an offer.

Amounts as `setting.HERE` has them, levels of levers, `first` (0: for no number only), of persons or units;
months ahead; sets as bits; months of the run; whether it is in force in the first and in the second half of
the month.
"""

_NEVER = -1  # a month before every calendar: nothing is announced yet

MOST_AHEAD = 3
"""Coming changes that people look at, the nearest ones."""

_SINCE = dict(zip(SINCE, (OF_ELIGIBILITY, OF_DECISION, OF_DEADLINE, OF_ARRIVAL), strict=True))


@dataclass(frozen=True)
class Months:
    """The months of a run: the calendar month of the first one, and how many."""

    first: int
    number: int

    def place(self, calendar: np.ndarray) -> np.ndarray:
        """Their places in the run; what lies beyond its end stands at its end."""
        return np.clip(calendar - self.first, 0, self.number - 1)


def no_offers(origins: int, months: int) -> np.recarray:
    """The table of a scenario without offers: (origins, months, no groups, no terms)."""
    return np.zeros((origins, months, 0, 0), OFFER).view(np.recarray)


def offer_table(
    offers: Sequence[Offer],
    steps: Sequence[AmountStep],
    levers: Mapping[str, Sequence[Step]],
    months: Months,
    origins: Sequence[str],
    paid: Callable[[int | None], np.ndarray],
) -> np.recarray:
    """(origins, months, groups, 1 + offers) of dtype OFFER; `steps`: all changes of amounts.

    `paid(month)`: what the programmes pay, (origins, months) of records that hold PAID, as it is known in a
    calendar month; None: as it comes.
    """
    changes = _changes(offers, steps, levers, months)
    groups = 1 + changes.shape[1]
    table = np.zeros((len(origins), months.number, groups, 1 + len(offers)), OFFER)
    calendar = months.first + np.arange(months.number)
    at = np.concatenate([calendar[:, None], np.where(changes < 0, calendar[:, None], changes)], axis=1)
    table["ahead"] = (at - calendar[:, None])[None, :, :, None]
    _programme(table, steps, levers, months, at, paid)
    for k, offer in enumerate(offers, 1):
        _offer(table[..., k], offer, months, origins, at)
    return table.view(np.recarray)


def _changes(
    offers: Sequence[Offer],
    steps: Sequence[AmountStep],
    levers: Mapping[str, Sequence[Step]],
    months: Months,
) -> np.ndarray:
    """The calendar months of the nearest coming changes, (months, groups); -1 where there are no more."""
    told = [(step.announced, step.start) for name in _LEVELS for step in levers.get(name, ())]
    found = [coming_months(offers, steps, told, months.first + m)[:MOST_AHEAD] for m in range(months.number)]
    table = np.full((months.number, max(map(len, found))), -1)
    for m, each in enumerate(found):
        table[m, : len(each)] = each
    return table


def _programme(
    table: np.ndarray,
    steps: Sequence[AmountStep],
    levers: Mapping[str, Sequence[Step]],
    months: Months,
    at: np.ndarray,
    paid: Callable[[int | None], np.ndarray],
) -> None:
    """Fill in the programme's amounts and levels, which the offers start from too.

    Of what comes only the changes that a scenario announces are known: an amount that none of them touches
    then is expected to stay as the programme's file has it in the month itself.
    """
    places, now, own = months.place(at), paid(None), paid(_NEVER)
    for name in (*PAID, *OWN):
        table[name][:, :, 0] = now[name][..., None]
    states: dict[tuple[bool, ...], np.ndarray] = {}
    for m in range(months.number):
        month = months.first + m
        known = tuple(step.known_in(month) for step in steps)
        there = states[known] if known in states else states.setdefault(known, paid(month))
        for name in (*PAID, *OWN):
            then, unchanged = there[name][:, places[m, 1:]], own[name][:, places[m, 1:]]
            expected = np.where(then == unchanged, own[name][:, m : m + 1], then)
            table[name][:, m, 1:] = expected[..., None]
        for name in _LEVELS:
            levels = [level_known(levers.get(name, ()), name, month, int(then)) for then in at[m]]
            table[name][:, m] = np.array(levels)[None, :, None]


def _offer(rows: np.ndarray, offer: Offer, months: Months, origins: Sequence[str], at: np.ndarray) -> None:
    """Fill in the terms of one offer, (origins, months, groups), that hold the programme's amounts so far."""
    for name, change in offer.gives:
        for read in OFFERED[name]:
            rows[read] = change.of(rows[read])
            if read in CHANGEABLE:
                rows[f"own_{read}"] = change.of(rows[f"own_{read}"])
    calendar = months.first + np.arange(months.number)
    known = np.array([offer.known_in(month) for month in calendar.tolist()])
    early, late = offer.holds_in(2 * at), offer.holds_in(2 * at + 1)
    either = early | late
    early[:, 1:], late[:, 1:] = either[:, 1:], either[:, 1:]  # a change to come is looked at month by month
    there = np.array([not offer.recipients.origins or key in offer.recipients.origins for key in origins])
    for name, halves in (("early", early), ("late", late)):
        rows[name] = there[:, None, None] & (halves & known[:, None])[None]
    rows["first"] = offer.first or 0
    rows["persons"] = offer.counted == "persons"
    rows["opens"] = offer.opens
    rows["began"] = offer.begins - months.first
    rows["within"] = offer.within or 0
    rows["since"] = NO_WINDOW if offer.within is None else _SINCE[offer.since]
    _conditions(rows, offer, months.first)


def _conditions(rows: np.ndarray, offer: Offer, first: int) -> None:
    """Fill in whom an offer is for."""
    who = offer.recipients
    meant = who.vulnerability or tuple(name for name in VULNERABILITIES if name not in NAMED_ONLY)
    sets = {
        "statuses": _bits(STATUS_NAMES, who.status or STATUS_NAMES),
        "abodes": _bits(ABODES, who.abode or ABODES),
        "ages": _bits(AGE_BANDS, who.age or AGE_BANDS),
        "vulnerabilities": _bits(VULNERABILITIES, meant),
        "minors": 3 if who.minors is None else 2 if who.minors else 1,
        "households": _bits(HOUSEHOLDS, (who.household,) if who.household else HOUSEHOLDS),
    }
    came_from, came_to = who.arrived or (None, None)
    sets["arrived_from"] = -NO_END if came_from is None else came_from - first
    sets["arrived_to"] = NO_END if came_to is None else came_to - first
    for name, span in (("decided", who.months_since_decision), ("obliged", who.months_since_deadline)):
        low, high = span or (None, None)
        sets[f"{name}_from"] = -1 if span is None else low or 0
        sets[f"{name}_to"] = NO_END if high is None else high
    for name, number in sets.items():
        rows[name] = number


def _bits(names: Sequence[str], chosen: Sequence[str]) -> int:
    return sum(1 << i for i, name in enumerate(names) if name in chosen)


def quiet(offers: np.ndarray) -> np.ndarray:
    """In which months of a table nothing is on offer beside the programme and no change is known to come:
    truths (months,).
    """
    something = (offers["early"] != 0) | (offers["late"] != 0) | (offers["ahead"] != 0)
    return ~something.any(axis=(0, 2, 3))


def offers_alike(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """In which months two tables of offers are lived alike: truths (months,)."""
    if one.shape == other.shape:
        return (bits(one) == bits(other)).all(axis=(0, 2, 3, 4))
    return quiet(one) & quiet(other)
