"""Every lever that a government can move, and every circumstance that a scenario may vary, as levers.yaml
says them: unit, range, default, meaning.

A lever is set in a scenario file by one number or by dated steps; `policy_table` turns the settings into one
row a month. The kind of a lever matters: levers of coercion are never optimised, ranked or counted as savings
anywhere in the package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field

from avrr_sim.files import read_yaml
from avrr_sim.forms import Form, Number, OneOf, Text, read_form


@dataclass(frozen=True)
class Lever:
    """One lever: its kind, unit, range [low, high], default, meaning, and the source of the default."""

    name: str
    kind: str
    unit: str
    low: float
    high: float
    default: float
    meaning: str
    source: str


@dataclass(frozen=True)
class Step:
    """From calendar month `start` on, the lever has `value`; people know of it from month `announced` on."""

    start: int
    value: float | str | Mapping[str, float]
    announced: int | None = None


KINDS = ("support", "information", "process", "restriction", "coercion", "circumstance", "safeguard", "probe")
_FILE = Path(__file__).with_name("levers.yaml")


class _LeverForm(Form):
    meaning: Text
    kind: Annotated[str, OneOf("kind of lever", KINDS)]
    unit: Text
    range: Annotated[list[Number], Field(min_length=2, max_length=2)]
    default: Number
    source: Text


class _LeversForm(Form):
    levers: dict[str, _LeverForm]
    timings: dict[str, dict[str, float]]


def _lever(name: str, form: _LeverForm) -> Lever:
    low, high = form.range
    return Lever(name, form.kind, form.unit, low, high, form.default, form.meaning, form.source)


_READ = read_form(_LeversForm, read_yaml(_FILE), file=_FILE)

LEVERS: dict[str, Lever] = {name: _lever(name, form) for name, form in _READ.levers.items()}
"""Every lever by name, in the order of the table that rules read."""

STATUS_NAMES = ("pending", "before_deadline", "after_deadline", "dublin", "unregistered")
"""Legal statuses as files and reports name them, in the order of their numbers."""

TIMING = "information_timing"
TIMINGS: dict[str, dict[str, float]] = _READ.timings
"""Named timings of information: intensity of contacts by status, up to one factor on the asylum path, which
makes a run's contacts as many as under `even`.
"""

ASYLUM_PATH = STATUS_NAMES[:3]
"""The statuses among which a plan of timing divides contacts."""

TIMING_RANGE = (0.0, 10.0)

_EXTRA = (
    "next_cash_level",
    "next_in_kind_level",
    "months_to_change",
    *(f"information_{name}" for name in STATUS_NAMES),
    "information_plan",
)

POLICY = np.dtype([(name, "f8") for name in (*LEVERS, *_EXTRA)], align=True)
"""One row a month: every lever in force, the support announced for later, and the months until then (0:
nothing announced); `information_plan`: 1 where a named plan of timing is in force that is not yet made equal
to `even` in contacts made (see `engines.table.begin_plan`), else 0.
"""

ANNOUNCEABLE = ("cash_level", "in_kind_level")  # levers whose change may be announced


def in_force(
    steps: Sequence[Step], month: int, default: float | str | Mapping[str, float]
) -> float | str | Mapping[str, float]:
    """The value of the latest step that has started by `month`, or the default."""
    begun = [step for step in steps if step.start <= month]
    return max(begun, key=lambda step: step.start).value if begun else default


def level_known(steps: Sequence[Step], name: str, month: int, then: int) -> float:
    """The level of a lever of support in the month `then`, as far as it is known in a month."""
    known = [s for s in steps if s.start <= month or (s.announced is not None and s.announced <= month)]
    value = in_force(known, then, LEVERS[name].default)
    assert isinstance(value, (int, float))  # only a timing of information is no number
    return float(value)


def month_by_month(
    steps: Sequence[Step], first_month: int, base: float | np.ndarray, months: int
) -> np.ndarray:
    """Numeric steps over `months` months from calendar month `first_month`, laid over a base value or
    series.
    """
    values = (
        np.full(months, base, dtype=np.float64) if np.isscalar(base) else np.array(base, dtype=np.float64)
    )
    for step in sorted(steps, key=lambda step: step.start):
        assert isinstance(step.value, (int, float))  # only a timing of information is no number
        values[max(step.start - first_month, 0) :] = step.value
    return values


def timing_plan(value: float | str | Mapping[str, float]) -> Mapping[str, float]:
    """Intensity by status of a named timing, or of a table that names some statuses (the others: 1). Raises
    TypeError for a number.
    """
    if isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is no timing of information")
    return TIMINGS[value] if isinstance(value, str) else {**TIMINGS["even"], **value}


def policy_table(levers: Mapping[str, Sequence[Step]], first_month: int, months: int) -> np.recarray:
    """The levers month by month: record array of shape (months,) and dtype `POLICY`, from calendar month
    `first_month` on.
    """
    table = np.zeros(months, POLICY)
    for name, lever in LEVERS.items():
        table[name] = month_by_month(levers.get(name, ()), first_month, lever.default, months)
    timing = levers.get(TIMING, ())
    for status in STATUS_NAMES:
        steps = [Step(step.start, timing_plan(step.value)[status]) for step in timing]
        table[f"information_{status}"] = month_by_month(steps, first_month, TIMINGS["even"][status], months)
    named = [Step(step.start, float(isinstance(step.value, str) and step.value != "even")) for step in timing]
    table["information_plan"] = month_by_month(named, first_month, 0.0, months)
    for name in ANNOUNCEABLE:
        table[f"next_{name}"] = table[name]
    steps_of = [step for name in ANNOUNCEABLE for step in levers.get(name, ())]
    coming = [(s.announced, s.start) for s in steps_of if s.announced is not None]
    for m in range(months) if coming else ():
        month = first_month + m
        change = min((start for known, start in coming if known <= month < start), default=None)
        if change is not None:
            table["months_to_change"][m] = change - month
            # what is known of that month today: what has begun, and what was announced
            for name in ANNOUNCEABLE:
                table[f"next_{name}"][m] = level_known(levers.get(name, ()), name, month, change)
    return table.view(np.recarray)
