"""Countries of origin as dated series: every number is part of a series that states unit, range, basis and
source.

What the record has of an origin is read from it (`from_record`); steps of the origin's own file lie over it
from their month on; what neither has is the default of every origin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field, create_model

from avrr_sim.dates import month_number
from avrr_sim.files import read_yaml
from avrr_sim.forms import MONTH_FORM, Between, Form, JsonSchema, Kind, Number, OneOf, Text, Whole, read_form
from avrr_sim.places import from_record
from avrr_sim.places.from_record import Row
from avrr_sim.places.record.published import record
from avrr_sim.policy import Step, month_by_month
from avrr_sim.refusals import Refusals, out_of_range, refusal, shown, unknown_name

FILE = Path(__file__).with_name("origins.yaml")
BASES = ("estimated", "elicited", "judgement")
Basis = Annotated[str, OneOf("basis", BASES)]
Steps = tuple[Step, ...]
LARGEST_NUMBER = 63
"""Largest number of an origin of the package; those of the user's own are above it."""

OWN_PREFIX = "own_"
OWN = f"^{OWN_PREFIX}[a-z0-9_]+$"
"""The form of the key of an origin of the user's own, which no origin of the package has."""


@dataclass(frozen=True)
class Series:
    """What one dated series of an origin means: unit, range, basis and source."""

    name: str
    meaning: str
    unit: str
    low: float
    high: float
    basis: str
    source: str


@dataclass(frozen=True)
class Origin:
    """A country of origin: a stable number (part of every migrant's id), a name and its dated series.

    `bases` says of every series what it rests on; `own` are steps of its own that lie over a series of the
    record; `row` is the row of the record that holds its people.
    """

    key: str
    number: int
    name: str
    series: Mapping[str, Steps]
    bases: Mapping[str, str]
    own: Mapping[str, Steps]
    notes: Mapping[str, str]
    row: Row


@dataclass(frozen=True)
class DatedValues(Kind):
    """Values of a series by month, `{2010-01: 0.5}`, as steps in order of time."""

    series: Series

    def read(self, value: Any) -> Steps:
        if not isinstance(value, dict) or not value:
            raise refusal("must be a table of month: value")
        wrong = Refusals()
        steps = [wrong.attempt(self._step, month, each) for month, each in value.items()]
        wrong.raise_any()
        return tuple(sorted((step for step in steps if step), key=lambda step: step.start))

    def _step(self, month: str, value: Any) -> Step:
        try:
            start = month_number(month)
        except ValueError as error:
            raise refusal(str(error)) from None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise refusal(f"{shown(value)} is not a number", path=(month,))
        if not self.series.low <= value <= self.series.high:
            raise out_of_range(value, self.series.low, self.series.high, self.series.unit, path=(month,))
        return Step(start, float(value))

    def schema(self) -> JsonSchema:
        value = {"type": "number", "minimum": self.series.low, "maximum": self.series.high}
        return {
            "type": "object",
            "description": f"{self.series.meaning} ({self.series.unit}), by the month each value begins",
            "patternProperties": {MONTH_FORM: value},
            "additionalProperties": False,
            "minProperties": 1,
        }


class _SeriesForm(Form):
    meaning: Text
    unit: Text
    low: Number
    high: Number
    basis: Basis
    source: Text


class _DefaultsForm(Form):
    """What holds for an origin that says nothing else."""

    basis: Basis
    source: Text
    series: dict[str, Any]


class _OriginsForm(Form):
    series: dict[str, _SeriesForm]
    defaults: _DefaultsForm | None = None
    origins: dict[str, dict[str, Any]]


class _RowForm(Form):
    """The row of the record that holds an origin's people, and their share of it."""

    row: Text
    share: Annotated[float, Between(0.0, 1.0)]
    basis: Basis
    source: Text


class _OriginForm(Form):
    """An origin without its series, whose names stand in the same file."""

    number: Annotated[int, Whole(1, LARGEST_NUMBER)]
    name: Text
    notes: dict[str, str] = Field(default_factory=dict)
    record: _RowForm | None = None


def read_origins(path: Path = FILE) -> tuple[dict[str, Series], dict[str, Origin]]:
    """The series' meanings and the origins of a file.

    Raises `Refusal` where a series lacks meaning, unit, range, basis or source, an origin lacks a series that
    neither the record nor the defaults have (security above all), or a value is out of range.
    """
    return _read(path)[:2]


def _read(path: Path) -> tuple[dict[str, Series], dict[str, Origin], dict[str, Steps]]:
    """As `read_origins`, and the defaults."""
    content = read_form(_OriginsForm, read_yaml(path), file=path)
    series = {name: Series(name, **form.model_dump()) for name, form in content.series.items()}
    if "security" not in series:
        raise refusal("lacks the series 'security'", file=path, path=("series",))
    defaults = _defaults(content.defaults, series, path)
    wrong = Refusals()
    shape = cache(partial(_shape, series))
    read = [
        wrong.attempt(_origin, key, raw, series, defaults, path, shape)
        for key, raw in content.origins.items()
    ]
    wrong.raise_any()
    origins = {origin.key: origin for origin in read if origin}
    if len({origin.number for origin in origins.values()}) < len(origins):
        raise refusal("two origins have the same number", file=path, path=("origins",))
    return series, origins, defaults


def _defaults(form: _DefaultsForm | None, series: Mapping[str, Series], file: Path) -> dict[str, Steps]:
    """The default steps of the series that have some."""
    if form is None:
        return {}
    if "security" in form.series:
        problem = "no origin may have the security of another by default"
        raise refusal(problem, file=file, path=("defaults", "series", "security"))
    dated: dict[str, Any] = {name: (Annotated[Steps, DatedValues(each)], ()) for name, each in series.items()}
    shape = create_model("_DefaultSeries", __base__=_SeriesKeys, **dated)
    read = read_form(shape, form.series, file=file, at=("defaults", "series"))
    return {name: getattr(read, name) for name in read.model_fields_set}


class _SeriesKeys(Form):
    """A key for every series."""

    a_key = "series"


def _shape(series: Mapping[str, Series], needed: frozenset[str]) -> type[_OriginForm]:
    """The form of an origin that must itself give the `needed` series."""
    dated: dict[str, Any] = {
        name: (Annotated[Steps, DatedValues(each)], ... if name in needed else ())
        for name, each in series.items()
    }
    return create_model("_WholeOrigin", __base__=_OriginForm, **dated)


def _origin(
    key: str,
    raw: Mapping[str, Any],
    series: Mapping[str, Series],
    defaults: Mapping[str, Steps],
    file: Path,
    shape: Callable[[frozenset[str]], type[_OriginForm]],
) -> Origin:
    row = raw["record"].get("row", key) if isinstance(raw.get("record"), dict) else key
    recorded = {
        name: steps
        for name, steps in (*from_record.of_country(row).items(), *_of_norway(row))
        if name in series
    }
    below = {**defaults, **recorded}
    read = read_form(shape(frozenset(series) - frozenset(below)), raw, file=file, at=("origins", key))
    own = {name: getattr(read, name) if name in read.model_fields_set else below[name] for name in series}
    laid = {
        name: over(recorded[name], steps) if name in recorded and name in raw else steps
        for name, steps in own.items()
    }
    bases = {
        name: ("estimated" if name in recorded and name not in raw else each.basis)
        for name, each in series.items()
    }
    place = Row(read.record.row, read.record.share) if read.record else Row(key)
    above = {name: own[name] for name in recorded if name in raw}
    return Origin(key, read.number, read.name, laid, bases, above, read.notes, place)


def _of_norway(row: str) -> tuple[tuple[str, Steps], ...]:
    """Series of Norway's record, for which the origins' own series stand."""
    found = from_record.of_host(record("norway"), row)
    return tuple((name, steps) for name, steps in found.items() if name != from_record.CLOSED)


def over(below: Steps, above: Steps) -> Steps:
    """Steps that hold from the first of `above` on as these say, and before it as `below` does."""
    first = min(step.start for step in above)
    return (*(step for step in below if step.start < first), *above)


@cache
def _known() -> tuple[dict[str, Series], dict[str, Origin], dict[str, Steps]]:
    return _read(FILE)


SERIES: dict[str, Series] = _known()[0]
"""Meaning, unit, range, basis and source of every dated series of an origin."""


def origins() -> dict[str, Origin]:
    """Every origin that the package knows."""
    return _known()[1]


def origin_names() -> list[str]:
    """Keys of the known origins, in the order of their numbers."""
    return sorted(origins(), key=lambda key: origins()[key].number)


def defaults() -> dict[str, Steps]:
    """What holds, by series, for an origin that says nothing else."""
    return _known()[2]


@dataclass(frozen=True)
class OriginKey(Kind):
    """The key of an origin of the package, of one of the user's own, or one of `more` names beside them."""

    more: tuple[str, ...] = ()

    def read(self, value: Any) -> str:
        names = (*self.more, *origin_names())
        if not isinstance(value, str) or (value not in names and not re.fullmatch(OWN, value)):
            raise unknown_name("origin", value, names)
        return value

    def schema(self) -> JsonSchema:
        return {"type": "string", "anyOf": [{"enum": [*self.more, *origin_names()]}, {"pattern": OWN}]}


def series_values(steps: Sequence[Step], first_month: int, months: int) -> np.ndarray:
    """A dated series month by month, shape (months,); before its first step the first value holds."""
    first = steps[0].value if len(steps) == 1 else min(steps, key=lambda step: step.start).value
    assert isinstance(first, (int, float))  # series are numbers; only a timing of information is not
    if len(steps) == 1:
        return np.full(months, first, dtype=np.float64)
    return month_by_month(steps, first_month, first, months)
