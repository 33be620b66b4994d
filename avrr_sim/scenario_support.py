"""The support that a scenario changes beside the programme - redated amounts and offers - read from merged
layers and checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from avrr_sim.dates import month_text
from avrr_sim.layers import Merged
from avrr_sim.offers.form import AmountForm
from avrr_sim.offers.offer import AmountStep, Offer
from avrr_sim.programme import Programme
from avrr_sim.programmes.amounts import AMOUNTS
from avrr_sim.refusals import Refusal, Refusals, refusal_of, shown, unknown_name
from avrr_sim.scenario_parts import Named, Period, by_name
from avrr_sim.schema import Given


@dataclass(frozen=True)
class Beside:
    """What amounts and offers are checked against: the months, the origins and the general programme (None
    where it was refused).
    """

    period: Period
    origins: tuple[str, ...]
    programme: Named[Programme] | None

    def check_origins(self, item: Given, names: Sequence[str], *deeper: str | int) -> None:
        """Refuse origins that are not among the scenario's."""
        for name in names:
            if name not in self.origins:
                raise item.unknown("origin of this scenario", self.origins, name, *deeper)

    def check_month(self, item: Given, month: int | None, *deeper: str | int) -> None:
        """Refuse a month before the scenario's start."""
        if month is not None and month < self.period.start:
            raise item.refuse(
                f"{month_text(month)} is before the scenario's start",
                *deeper,
                allowed=f"{month_text(self.period.start)} or later",
            )

    def check_taken(self, item: Given, name: str, *deeper: str | int) -> None:
        """Refuse support that nobody takes, because the programme states none of it and no share of units."""
        if name in ("job", "business") and self.programme and name not in self.programme.loaded.amounts:
            problem = f"{self.programme.loaded.key} has no {name}, so that no share of units takes it"
            raise item.refuse(problem, *deeper)


def read_support(
    merged: Merged, beside: Beside, wrong: Refusals
) -> tuple[dict[str, tuple[AmountStep, ...]], tuple[Offer, ...]]:
    """The changes of every amount that is changed, and the offers."""
    amounts = by_name(merged, "amounts", lambda name, item: _amount(name, item, beside), wrong)
    return amounts, _offers(merged, beside, wrong)


def _amount(name: str, item: Given, beside: Beside) -> tuple[AmountStep, ...]:
    if name not in AMOUNTS:
        raise unknown_name("amount", name, AMOUNTS, file=item.file, path=item.path[:-1])
    beside.check_taken(item, name)
    wrong = Refusals()
    steps: list[AmountStep] = []
    for number, form in enumerate(item.value):
        step = wrong.attempt(_step_of, form, item, number, beside)
        if step and any((step.start, step.origins) == (s.start, s.origins) for s in steps):
            wrong.add(item.refuse(f"two steps at one date, {month_text(step.start)}", number, "from"))
        steps += [step] if step else []
    wrong.raise_any()
    return tuple(sorted(steps, key=lambda step: (step.start, step.origins)))


def _step_of(form: AmountForm, item: Given, number: int, beside: Beside) -> AmountStep:
    try:
        step = form.step(beside.period.first)
    except Refusal as error:
        raise refusal_of(each.within(item.file, (*item.path, number)) for each in error.mistakes) from None
    for key, month in (("from", step.start), ("announced", step.announced)):
        beside.check_month(item, month, number, key)
    beside.check_origins(item, step.origins, number, "origins")
    return step


def _offers(merged: Merged, beside: Beside, wrong: Refusals) -> tuple[Offer, ...]:
    """The offers, in the file's order."""
    item = merged.given.get(("offers",))
    offers = [form.offer() for form in item.value] if item else []
    for number, offer in enumerate(offers):
        assert item
        if any(offer.name == other.name for other in offers[:number]):
            wrong.add(item.refuse(f"two offers are called {shown(offer.name)}", number, "name"))
        wrong.attempt(_check_offer, offer, item, number, beside)
    return tuple(offers)


def _check_offer(offer: Offer, item: Given, number: int, beside: Beside) -> None:
    """Refuse an offer that could act on nobody in this scenario."""
    period = beside.period
    for key, month in (("from", offer.begins), ("announced", offer.announced)):
        beside.check_month(item, month, number, key)
    if offer.begins > period.last:
        raise item.refuse(
            f"begins in {month_text(offer.begins)}, after the window",
            number,
            "from",
            allowed=f"{month_text(period.last)} or earlier",
        )
    beside.check_origins(item, offer.recipients.origins, number, "for", "origins")
    for name, _ in offer.gives:
        beside.check_taken(item, name, number, "gives", name)
