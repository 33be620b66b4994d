"""Countries of origin as dated series: every number is part of a series that states unit, range, basis and
source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field, create_model

from avrr_sim.dates import month_number
from avrr_sim.files import read_yaml
from avrr_sim.forms import MONTH_FORM, Form, JsonSchema, Kind, Number, OneOf, Text, Whole, read_form
from avrr_sim.policy import Step, month_by_month
from avrr_sim.refusals import Refusals, out_of_range, refusal, shown

FILE = Path(__file__).with_name("origins.yaml")
BASES = ("estimated", "elicited", "judgement")
Basis = Annotated[str, OneOf("basis", BASES)]
Steps = tuple[Step, ...]
_LARGEST_NUMBER = 63  # six bits of a migrant's id


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
    """A country of origin: a stable number (part of every migrant's id), a name and its dated series."""

    key: str
    number: int
    name: str
    series: Mapping[str, Steps]
    notes: Mapping[str, str]


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


class _OriginsForm(Form):
    series: dict[str, _SeriesForm]
    origins: dict[str, dict[str, Any]]


class _OriginForm(Form):
    """An origin without its series, whose names stand in the same file."""

    number: Annotated[int, Whole(1, _LARGEST_NUMBER)]
    name: Text
    notes: dict[str, str] = Field(default_factory=dict)


def read_origins(path: Path = FILE) -> tuple[dict[str, Series], dict[str, Origin]]:
    """The series' meanings and the origins of a file.

    Raises `Refusal` where a series lacks meaning, unit, range, basis or source, an origin lacks a series
    (security above all), or a value is out of range.
    """
    content = read_form(_OriginsForm, read_yaml(path), file=path)
    series = {name: Series(name, **form.model_dump()) for name, form in content.series.items()}
    if "security" not in series:
        raise refusal("lacks the series 'security'", file=path, path=("series",))
    wrong = Refusals()
    read = [wrong.attempt(_origin, key, raw, series, path) for key, raw in content.origins.items()]
    wrong.raise_any()
    origins = {origin.key: origin for origin in read if origin}
    if len({origin.number for origin in origins.values()}) < len(origins):
        raise refusal("two origins have the same number", file=path, path=("origins",))
    return series, origins


def _origin(key: str, raw: Mapping[str, Any], series: Mapping[str, Series], file: Path) -> Origin:
    dated: dict[str, Any] = {
        name: (Annotated[Steps, DatedValues(each)], ...) for name, each in series.items()
    }
    form = create_model("_WholeOrigin", __base__=_OriginForm, **dated)
    read = read_form(form, raw, file=file, at=("origins", key))
    return Origin(key, read.number, read.name, {name: getattr(read, name) for name in series}, read.notes)


@cache
def _known() -> tuple[dict[str, Series], dict[str, Origin]]:
    return read_origins()


SERIES: dict[str, Series] = _known()[0]
"""Meaning, unit, range, basis and source of every dated series of an origin."""


def origins() -> dict[str, Origin]:
    """Every origin that the package knows."""
    return _known()[1]


def origin_names() -> list[str]:
    """Keys of the known origins, in the order of their numbers."""
    return sorted(origins(), key=lambda key: origins()[key].number)


def series_values(steps: Sequence[Step], first_month: int, months: int) -> np.ndarray:
    """A dated series month by month, shape (months,); before its first step the first value holds."""
    first = min(steps, key=lambda step: step.start).value
    assert isinstance(first, (int, float))  # series are numbers; only a timing of information is not
    return month_by_month(steps, first_month, first, months)
