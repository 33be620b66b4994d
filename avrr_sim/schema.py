"""Single values of a file - numbers, months, dated steps, timings, weights - read with what a message about
them needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from avrr_sim.dates import month_number, month_text
from avrr_sim.evidence import Weight, load_evidence
from avrr_sim.policy import LEVERS, STATUS_NAMES, TIMING_RANGE, TIMINGS, Step
from avrr_sim.programme import all_unknowns
from avrr_sim.refusals import (
    Pointed,
    Refusal,
    Refusals,
    hint_on,
    out_of_range,
    refusal,
    refusal_of,
    shown,
    unknown_name,
)

_MOST_TIMES = 100.0  # a weight's central value: counts of persons of the largest hosts
_LARGEST_WEIGHT = 1000.0  # far beyond any weight's prior: room for extreme tests, none for overflow
_THOUSAND = 1000.0  # a lever that reaches it is a number of people, and thousands may be meant
LONGEST_NAME = 120  # characters
LONGEST_TEXT = 2000  # characters
EARLIEST, LATEST = month_number("1990-01"), month_number("2099-12")


@dataclass(frozen=True)
class Given:
    """One value as one file gave it, with what a message about it needs; files that extend others are later
    layers.
    """

    value: Any
    path: tuple[str | int, ...]
    file: Path | None
    layer: int

    def refuse(self, problem: str, *deeper: str | int, allowed: str | None = None) -> Refusal:
        return refusal(problem, file=self.file, path=(*self.path, *deeper), allowed=allowed)

    def unknown(self, what: str, known: Iterable[str], name: object, *deeper: str | int) -> Refusal:
        return unknown_name(what, name, known, file=self.file, path=(*self.path, *deeper))


def read_month(item: Given, text: Any = None, *deeper: str | int) -> int:
    """The number of the month in an item, or in a text within it."""
    text = item.value if text is None else text
    try:
        number = month_number(text)
    except ValueError:
        raise item.refuse(
            f"{shown(text)} is not a month", *deeper, allowed="YYYY-MM, such as 2012-01"
        ) from None
    if not EARLIEST <= number <= LATEST:
        raise item.refuse(
            f"{shown(text)} is out of range",
            *deeper,
            allowed=f"{month_text(EARLIEST)} to {month_text(LATEST)}",
        )
    return number


class GivenStep(Protocol):
    """A dated step as a file writes it; without a start where it gave a bare value."""

    @property
    def start(self) -> str | None: ...
    @property
    def value(self) -> Any: ...
    @property
    def announced(self) -> str | None: ...


def read_steps(
    item: Given, value: Callable[..., Any], start: int, first: int, *, announceable: bool
) -> tuple[Step, ...]:
    """The dated steps of a setting in order of time; a bare value holds from the window's first month on.
    `value(given, *deeper path)` reads the value of a step. Raises one `Refusal` of all steps.
    """
    given: Sequence[GivenStep] = item.value
    if given[0].start is None:
        return (Step(first, value(given[0].value)),)
    wrong = Refusals()
    steps: dict[int, Step] = {}
    for number, each in enumerate(given):
        wrong.attempt(_read_step, item, each, number, value, start, steps, announceable)
    wrong.raise_any()
    return tuple(steps[begins] for begins in sorted(steps))


def _read_step(
    item: Given,
    step: GivenStep,
    number: int,
    value: Callable[..., Any],
    start: int,
    earlier: dict[int, Step],
    announceable: bool,
) -> None:
    """Read one step and put it among the earlier ones."""
    begins = read_month(item, step.start, number, "from")
    if begins in earlier:
        raise item.refuse(f"two steps at one date, {month_text(begins)}", number, "from")
    announced = None
    if step.announced is not None:
        announced = _read_announcement(item, step.announced, number, begins, announceable)
    for key, month in (("from", begins), ("announced", announced)):
        if month is not None and month < start:
            raise item.refuse(
                f"{month_text(month)} is before the scenario's start",
                number,
                key,
                allowed=f"{month_text(start)} or later",
            )
    earlier[begins] = Step(begins, value(step.value, number, "value"), announced)


def _read_announcement(item: Given, text: str, number: int, begins: int, announceable: bool) -> int:
    place = (number, "announced")
    announced = read_month(item, text, *place)
    if not announceable:
        support = ", ".join(name for name, lever in LEVERS.items() if lever.kind == "support")
        raise item.refuse(
            "only support can be announced ahead in this version", *place, allowed=f"in steps of {support}"
        )
    if announced > begins:
        raise item.refuse(
            f"announced in {month_text(announced)}, after it starts",
            *place,
            allowed=f"{month_text(begins)} or earlier",
        )
    return announced


def read_number(item: Given, value: Any, low: float, high: float, unit: str, *deeper: str | int) -> float:
    """A finite number in [low, high]."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        alone = not deeper and item.path[0] != "weights"
        dated = ", or dated steps such as [{from: 2014-01, value: 2}]" if alone else ""
        raise item.refuse(
            f"{shown(value)} is not a number{hint_on(value)}",
            *deeper,
            allowed=f"{low:g} to {high:g} ({unit}){dated}",
        )
    if isinstance(value, Pointed) and item.path[0] == "levers" and high >= _THOUSAND:
        raise refusal_of(each.within(item.file, (*item.path, *deeper)) for each in value.refused().mistakes)
    if not low <= value <= high:
        raise out_of_range(value, low, high, unit, file=item.file, path=(*item.path, *deeper))
    return as_float(value)


def as_float(value: float) -> float:
    """The number as a float, without a negative zero, which would make two equal scenarios differ in their
    bytes.
    """
    return float(value) + 0.0


def read_timing(item: Given, value: Any, *deeper: str | int) -> str | dict[str, float]:
    """A named timing of information, or its intensity by status."""
    allowed = f"{', '.join(TIMINGS)}, or a table of intensity by status"
    if isinstance(value, str):
        if value not in TIMINGS:
            raise item.unknown("information timing", TIMINGS, value, *deeper)
        return value
    if not isinstance(value, dict) or not value:
        raise item.refuse(f"{shown(value)} is not an information timing", *deeper, allowed=allowed)
    for status in value:
        if status not in STATUS_NAMES:
            raise item.unknown("status", STATUS_NAMES, status, *deeper)
    low, high = TIMING_RANGE
    return {
        status: read_number(item, value[status], low, high, "times the contacts", *deeper, status)
        for status in sorted(value)
    }


def known_weights() -> dict[str, Weight]:
    """Every weight that a scenario can pin: those of evidence, and the amounts of programmes that no source
    gives.
    """
    return load_evidence() | all_unknowns()


def weight_range(name: str) -> tuple[float, float]:
    """The values at which a weight can be pinned, by its scale; 0 switches a positive one off."""
    weight = known_weights()[name]
    largest = 1.0 if weight.scale == "share" else max(_LARGEST_WEIGHT, _MOST_TIMES * abs(weight.central))
    return 0.0 if weight.scale in ("positive", "share") else -largest, largest


def write_steps(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Steps as a file writes them, keys sorted."""
    written = []
    for step in steps:
        said = {} if step.announced is None else {"announced": month_text(step.announced)}
        written.append({**said, "from": month_text(step.start), "value": step.value})
    return written
