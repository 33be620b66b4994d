"""What differs between two scenarios, field by field, and month by month where a thing changes over time.

`changes` says in a line what each scenario sets; here the months are told in which they differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from avrr_sim.dates import month_text
from avrr_sim.offers.offer import AmountStep, Offer
from avrr_sim.places.origins import SERIES
from avrr_sim.policy import LEVERS, TIMING, TIMINGS, Step
from avrr_sim.scenario import Scenario
from avrr_sim.schema import known_weights
from avrr_sim.study.summary.changes import (
    AS_STATED,
    TIMING_TOLD,
    announced_text,
    change_text,
    offer_text,
    value_text,
    weight_text,
)

NONE = "none"
"""What is said of a thing that a scenario does not have."""


@dataclass(frozen=True)
class Contrast:
    """One thing that differs: its field as a file names it, the first and last month in which it does
    (YYYY-MM; empty where it has no dates), what either scenario says, and the unit.
    """

    field: str
    first: str
    last: str
    one: str
    other: str
    unit: str = ""


def contrasts(one: Scenario, other: Scenario) -> list[Contrast]:
    """Every difference between two scenarios, in the order of a file's keys; names and questions are not
    among them. What has dates is compared over the months that both simulate.
    """
    months = range(max(one.start, other.start), min(one.window_to, other.window_to) + 1)
    return [
        *_plain(one, other),
        *_levers(one, other, months),
        *_series(one, other, months),
        *_amounts(one, other, months),
        *_offers(one, other),
        *_weights(one, other),
        *_information(one, other),
    ]


def _plain(one: Scenario, other: Scenario) -> Iterator[Contrast]:
    """What has one value a scenario."""
    for field, told in _PLAIN.items():
        ours, theirs = told(one), told(other)
        if ours != theirs:
            yield Contrast(field, "", "", ours, theirs)
    for field, of in _SEVERAL.items():
        if field != "origins" or one.host == other.host:
            pairs = ((of(one), of(other)), (of(other), of(one)))
            kept = [", ".join(name for name in mine if name not in its) or NONE for mine, its in pairs]
            if kept != [NONE, NONE]:
                yield Contrast(f"{field} that the other lacks", "", "", *kept)


_PLAIN: Mapping[str, Callable[[Scenario], str]] = {
    "host": lambda s: s.host,
    "programme": lambda s: s.programme,
    "start": lambda s: month_text(s.start),
    "window": lambda s: f"{month_text(s.window_from)} to {month_text(s.window_to)}",
    "hypothesis": lambda s: s.hypothesis,
    "protection_gate": lambda s: f"{s.protection_gate:g}",
    "minimum_cell": lambda s: f"{s.minimum_cell}",
}

_SEVERAL: Mapping[str, Callable[[Scenario], tuple[str, ...]]] = {
    "country_programmes": lambda s: s.country_programmes,
    "origins": lambda s: s.origins,
}


def _ranges(
    field: str, months: Sequence[int], unit: str, told: Callable[[int], tuple[str, str]]
) -> Iterator[Contrast]:
    """The months in which two texts differ, put together where they follow one another with the same."""
    said = ((month, *told(month)) for month in months)
    for (ours, theirs), run in groupby(said, key=lambda each: each[1:]):
        if ours != theirs:
            held = [month for month, *_ in run]
            yield Contrast(field, month_text(held[0]), month_text(held[-1]), ours, theirs, unit)


def _step_text(steps: Sequence[Step], month: int, default: str) -> str:
    """The step in force in a month, with its announcement, as text."""
    begun = [step for step in steps if step.start <= month]
    if not begun:
        return default
    step = max(begun, key=lambda each: each.start)
    return value_text(step.value) + announced_text(step.announced)


def _levers(one: Scenario, other: Scenario, months: Sequence[int]) -> Iterator[Contrast]:
    for name in (*LEVERS, TIMING):
        steps = one.levers.get(name, ()), other.levers.get(name, ())
        unit = TIMING_TOLD["unit"] if name == TIMING else LEVERS[name].unit
        default = next(iter(TIMINGS)) if name == TIMING else f"{LEVERS[name].default:g}"
        if steps[0] != steps[1]:
            yield from _dated(f"levers.{name}", months, unit, steps, (default, default))


def _dated(
    field: str,
    months: Sequence[int],
    unit: str,
    steps: tuple[Sequence[Step], Sequence[Step]],
    defaults: tuple[str, str],
) -> Iterator[Contrast]:
    def told(month: int) -> tuple[str, str]:
        return _step_text(steps[0], month, defaults[0]), _step_text(steps[1], month, defaults[1])

    return _ranges(field, months, unit, told)


def _series(one: Scenario, other: Scenario, months: Sequence[int]) -> Iterator[Contrast]:
    """Series of origins that either scenario sets; those of hosts are the hosts' own."""
    for origin in sorted({*one.series, *other.series}):
        for name in sorted({*one.series.get(origin, ()), *other.series.get(origin, ())}):
            steps = _known(one, origin, name), _known(other, origin, name)
            field = f"series.{origin}.{name}"
            yield from _dated(field, months, SERIES[name].unit, steps, (NONE, NONE))


def _known(scenario: Scenario, origin: str, name: str) -> Sequence[Step]:
    """The steps of a series: the scenario's own, laid over those of its host."""
    country = scenario.place.countries.get(origin)
    of_host = country.series[name] if country is not None and origin in scenario.origins else ()
    own = scenario.series.get(origin, {}).get(name, ())
    return (*of_host, *own) if not own else (*(s for s in of_host if s.start < own[0].start), *own)


def _amounts(one: Scenario, other: Scenario, months: Sequence[int]) -> Iterator[Contrast]:
    for name in sorted({*one.amounts, *other.amounts}):
        ours, theirs = one.amounts.get(name, ()), other.amounts.get(name, ())

        def told(month: int, ours: _Changes = ours, theirs: _Changes = theirs) -> tuple[str, str]:
            return _amount_text(ours, month), _amount_text(theirs, month)

        yield from _ranges(f"amounts.{name}", months, other.general_programme.currency, told)


_Changes = Sequence[AmountStep]


def _amount_text(steps: Sequence[AmountStep], month: int) -> str:
    """The changes of an amount in force in a month, one for each set of origins, as text."""
    begun = {step.origins: step for step in sorted(steps, key=lambda each: each.start) if step.start <= month}
    said = [
        change_text(step.change)
        + (f", for {', '.join(step.origins)}" if step.origins else "")
        + announced_text(step.announced)
        for step in begun.values()
    ]
    return "; ".join(said) or AS_STATED


def _offers(one: Scenario, other: Scenario) -> Iterator[Contrast]:
    ours, theirs = ({offer.name: offer for offer in s.offers} for s in (one, other))
    for name in dict.fromkeys([*ours, *theirs]):
        mine, its = ours.get(name), theirs.get(name)
        if mine is None or its is None:
            yield Contrast(
                f"offers.{name}", "", "", *(NONE if o is None else offer_text(o) for o in (mine, its))
            )
            continue
        flat = _flat(mine), _flat(its)
        for key in dict.fromkeys([*flat[0], *flat[1]]):
            said = [each.get(key, NONE) for each in flat]
            if said[0] != said[1]:
                yield Contrast(f"offers.{name}.{key}", "", "", *said)


def _flat(offer: Offer) -> dict[str, str]:
    """What an offer says, by keys as for.status and gives.cash_adult."""

    def inside(path: str, value: Any) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict):
            for key, each in value.items():
                yield from inside(f"{path}.{key}" if path else key, each)
        elif path != "name":
            told = ", ".join(map(str, value)) if isinstance(value, list) else value
            yield path, f"{told:g}" if isinstance(told, float) else str(told)

    return dict(inside("", offer.written()))


def _weights(one: Scenario, other: Scenario) -> Iterator[Contrast]:
    known = known_weights()
    for name in sorted({*one.weights, *other.weights}):
        ours, theirs = one.weights.get(name), other.weights.get(name)
        if ours != theirs:
            yield Contrast(
                f"weights.{name}", "", "", weight_text(ours), weight_text(theirs), known[name].unit
            )


def _information(one: Scenario, other: Scenario) -> Iterator[Contrast]:
    """Entries of aimed information that only one of the scenarios has."""
    for entry in dict.fromkeys([*one.information, *other.information]):
        counts = one.information.count(entry), other.information.count(entry)
        if counts[0] != counts[1]:
            last = min(one.window_to, other.window_to) if entry.end is None else entry.end
            said = (entry.told() if count else NONE for count in counts)
            yield Contrast("information", month_text(entry.start), month_text(last), *said)
