"""Factors that are a part of an offer of the baseline: an amount that it gives, or when it begins or ends.

Such a factor is called after the offer and its part, `Families.cash_adult` or `Families.from`. An amount
stays what it is in the baseline - in place of the programme's, more than it, or a multiple - and gets another
number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from avrr_sim.dates import half_number, half_text
from avrr_sim.offers.form import LARGEST
from avrr_sim.offers.offer import OFFERED, Offer
from avrr_sim.refusals import Refusals, unknown_name
from avrr_sim.schema import Given, read_number
from avrr_sim.study.sweep.design import Factor

PLACE = "offers"
DATES = ("from", "until")
PARTS = (*OFFERED, *DATES)
"""What of an offer may vary."""


def split_name(name: str) -> tuple[str, str]:
    """(name of the offer, its part) of a factor's name."""
    offer, _, part = name.rpartition(".")
    return offer, part


def is_date(name: str) -> bool:
    """Whether a factor is a date."""
    return split_name(name)[1] in DATES


def offer_reader(item: Given, name: str) -> Callable[..., Any]:
    """A function that checks one value of a factor and gives it back, a number or a date: f(value, *deeper
    path). Raises `Refusal` where no part of an offer is called so.
    """
    part = split_name(name)[1]
    if part not in PARTS:
        raise unknown_name("part of an offer", part, PARTS, file=item.file, path=item.path[:-1])

    def date(value: Any, *deeper: str | int) -> str:
        try:
            return half_text(half_number(value))
        except ValueError as error:
            raise item.refuse(str(error), *deeper) from None

    def amount(value: Any, *deeper: str | int) -> float:
        return read_number(item, value, -LARGEST, LARGEST, "currency of the programme, or times", *deeper)

    return date if part in DATES else amount


def check_offers(factors: Iterable[Factor], offers: Sequence[Offer], item: Given) -> None:
    """Raises one `Refusal` of the factors whose offer, or amount of it, the baseline has not."""
    known = {offer.name: offer for offer in offers}
    wrong = Refusals()
    for factor in factors:
        if factor.place != PLACE:
            continue
        name, part = split_name(factor.name)
        path = (*item.path, PLACE, factor.name)
        if name not in known:
            wrong.add(unknown_name("offer of the baseline", name, list(known), file=item.file, path=path))
        elif part not in DATES and part not in (given := dict(known[name].gives)):
            what = f"amount of the offer {name}"
            wrong.add(unknown_name(what, part, list(given), file=item.file, path=path))
    wrong.raise_any()


def standing_part(offers: Sequence[Offer], name: str) -> Any:
    """What the baseline has of a factor; None for an offer without an end."""
    offer, part = split_name(name)
    told = next(each.written() for each in offers if each.name == offer)
    return told.get(part) if part in DATES else next(iter(told["gives"][part].values()))


def changed_offers(offers: Sequence[Offer], changes: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    """The offers as a file writes them, with (name of a factor, value) put in."""
    written = {offer.name: offer.written() for offer in offers}
    for name, value in changes:
        offer, part = split_name(name)
        told = written[offer]
        if part in DATES:
            told[part] = value
        else:
            told["gives"][part] = {kind: value for kind in told["gives"][part]}
    return list(written.values())
