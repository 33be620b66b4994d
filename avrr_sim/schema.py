"""What a scenario file may hold: its form as a pydantic model, its single values, and both as a JSON Schema.

The model checks form only, the readers of values check ranges and dates, and `scenario` how a whole file
hangs together. Whatever the loader accepts, the JSON Schema accepts too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema

from avrr_sim.dates import month_number, month_text
from avrr_sim.evidence import Weight, load_evidence
from avrr_sim.places.place import SERIES, host_names, origin_names
from avrr_sim.policy import ANNOUNCEABLE, LEVERS, STATUS_NAMES, TIMING, TIMING_RANGE, TIMINGS, Step
from avrr_sim.programme import all_unknowns, country_programme_names, programme_names
from avrr_sim.refusals import Refusal, nearest, out_of_range, refusal, shown, unknown_name

MONTH_FORM = "^[0-9]{4}-(0[1-9]|1[0-2])$"
SETTING = "a number, or a list of dated steps such as {from: 2014-01, value: 2}"
_LARGEST_WEIGHT = 1000.0  # far beyond any weight's prior: room for extreme tests, none for overflow
LONGEST_NAME = 120  # characters
LONGEST_TEXT = 2000  # characters
LARGEST_CELL = 1_000_000
EARLIEST, LATEST = month_number("1990-01"), month_number("2099-12")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class StepForm(_Part):
    """One dated step of a lever or series. `start` is None where a file gave a bare value, which holds from
    the window's start on.
    """

    start: str = Field(alias="from", description="the month it starts, written YYYY-MM")
    value: Any = Field(description="the value from then on")
    announced: str = Field(
        None,
        description="the month from which people know of it, written YYYY-MM; for levers of support only",
    )


class WindowForm(_Part):
    """The months that results are about."""

    first: str = Field(None, alias="from", description="the first month of the window, written YYYY-MM")
    last: str = Field(None, alias="to", description="the last month of the window, written YYYY-MM")


def _as_steps(value: Any) -> Any:
    """A bare value is one step without a date; steps in a list must be dated."""
    return (
        value
        if isinstance(value, list)
        else [StepForm.model_construct(start=None, value=value, announced=None)]
    )


Setting = Annotated[list[StepForm], BeforeValidator(_as_steps), Field(min_length=1), WithJsonSchema({})]


class ScenarioForm(_Part):
    """A scenario: one policy situation, as a file writes it."""

    name: str = Field(
        None,
        min_length=1,
        max_length=LONGEST_NAME,
        description=f"a name on one line, up to {LONGEST_NAME} characters",
    )
    asks: str = Field(
        None,
        max_length=LONGEST_TEXT,
        description=f"what the scenario asks, in words, up to {LONGEST_TEXT} characters",
    )
    extends: str = Field(
        None, min_length=1, description="the scenario file that this one changes, by its path from this one"
    )
    host: str = Field(None, description="the name of a host country, or the path of a file of your own")
    programme: str = Field(
        None, description="the name of a programme of assisted return, or the path of a file of your own"
    )
    country_programmes: list[str] = Field(
        None, description="a list of country programmes that add to the general one, or an empty list"
    )
    start: str = Field(None, description="the first simulated month, written YYYY-MM")
    window: WindowForm = Field(
        None, description="the months that results are about, as {from: YYYY-MM, to: YYYY-MM}, both included"
    )
    origins: list[str] = Field(None, min_length=1, description="a list of at least one country of origin")
    levers: dict[str, Setting] = Field(
        None, description="what governments and circumstances do, lever by lever"
    )
    series: dict[str, dict[str, Setting]] = Field(
        None, description="dated series of an origin that replace its own, by origin and series"
    )
    weights: dict[str, float] = Field(None, description="weights of evidence pinned at a value, by name")
    protection_gate: float = Field(
        None, ge=0, le=1, description="true security below which nobody is returned, a number from 0 to 1"
    )
    minimum_cell: int = Field(
        None,
        ge=1,
        le=LARGEST_CELL,
        description=f"groups of fewer people are not shown, a whole number from 1 to {LARGEST_CELL}",
    )


def keys_of(form: type[BaseModel]) -> dict[str, str]:
    """The keys of a form as files write them, each with its description."""
    return {field.alias or name: field.description for name, field in form.model_fields.items()}


def read_form(content: Mapping[str, Any], *, file: object = None) -> ScenarioForm:
    """The content of a scenario file, its form checked. Raises `Refusal` in plain words for the first thing
    that is wrong.
    """
    for path in _nothings(content):
        raise refusal("has no value", file=file, path=path, allowed="a value, or leave the key out")
    try:
        return ScenarioForm.model_validate(content)
    except ValidationError as error:
        raise _in_plain_words(error.errors(include_url=False, include_context=False)[0], file) from None


def _nothings(value: Any, path: tuple = ()):
    """Paths at which a key stands without a value."""
    if value is None:
        yield path
    elif isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _nothings(item, (*path, key))


def _in_plain_words(error: Mapping[str, Any], file: object) -> Refusal:
    """What the form found wrong, as a refusal that a reader of the file understands."""
    path = tuple(part for part in error["loc"] if part != "[key]")
    known = keys_of(_form_at(path[:-1]))
    if error["type"] == "extra_forbidden":
        key = path[-1]
        suggestion = nearest(key, known)
        if len(path) == 1 and not suggestion and (lever := nearest(key, [*LEVERS, TIMING])):
            suggestion = f"levers: {lever}"
        return refusal(
            f"unknown key {shown(key)}",
            file=file,
            path=path[:-1],
            allowed=", ".join(known),
            suggestion=suggestion,
        )
    if error["type"] == "missing":
        return refusal(f"needs the key {path[-1]!r}", file=file, path=path[:-1], allowed=known.get(path[-1]))
    return refusal(
        f"{shown(error['input'])} is not what belongs here", file=file, path=path, allowed=_meaning(path)
    )


def _form_at(path: tuple) -> type[BaseModel]:
    """The form whose keys stand at a path."""
    if not path:
        return ScenarioForm
    return WindowForm if path[0] == "window" else StepForm


def _meaning(path: tuple) -> str:
    """What is allowed at a path, in words."""
    if len(path) == 1 and not isinstance(path[0], int):
        return keys_of(ScenarioForm).get(path[0], "")
    if path and isinstance(path[-1], int):
        return (
            "the name of a country of origin"
            if path[0] == "origins"
            else "a dated step such as {from: 2014-01, value: 2}"
        )
    if path[:1] == ("weights",):
        return "a number"
    if path[:1] == ("series",) and len(path) == 2:
        return "a table of series"
    if path[:1] in (("levers",), ("series",)) and not isinstance(path[-2], int):
        return SETTING
    return keys_of(_form_at(path[:-1])).get(path[-1], "keys and values") if path else "keys and values"


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


def read_steps(item: Given, value: Any, start: int, first: int, *, announceable: bool) -> tuple[Step, ...]:
    """The dated steps of a setting in order of time; a bare value holds from the window's first month on."""
    steps: dict[int, Step] = {}
    for number, step in enumerate(item.value):
        if step.start is None:
            return (Step(first, value(step.value)),)
        begins = read_month(item, step.start, number, "from")
        if begins in steps:
            raise item.refuse(f"two steps at one date, {month_text(begins)}", number, "from")
        announced = None
        if step.announced is not None:
            announced = read_month(item, step.announced, number, "announced")
            if not announceable:
                support = ", ".join(name for name, lever in LEVERS.items() if lever.kind == "support")
                raise item.refuse(
                    "only support can be announced ahead in this version",
                    number,
                    "announced",
                    allowed=f"in steps of {support}",
                )
            if announced > begins:
                raise item.refuse(
                    f"announced in {month_text(announced)}, after it starts",
                    number,
                    "announced",
                    allowed=f"{month_text(begins)} or earlier",
                )
        for key, month in (("from", begins), ("announced", announced)):
            if month is not None and month < start:
                raise item.refuse(
                    f"{month_text(month)} is before the scenario's start",
                    number,
                    key,
                    allowed=f"{month_text(start)} or later",
                )
        steps[begins] = Step(begins, value(step.value, number, "value"), announced)
    return tuple(steps[begins] for begins in sorted(steps))


def read_number(item: Given, value: Any, low: float, high: float, unit: str, *deeper: str | int) -> float:
    """A finite number in [low, high]."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        text = value if isinstance(value, str) else ""
        hint = (
            " (write 0.5, not 50 %)"
            if "%" in text
            else " (write a point, not a comma)"
            if re.match(r"\s*[-+\d]+,\d", text)
            else " (take the quotes away, or write it in digits)"
            if re.match(r"\s*[-+.\d]", text)
            else ""
        )
        dated = (
            ""
            if deeper
            else ", or dated steps such as [{from: 2014-01, value: 2}]"
            if item.path[0] != "weights"
            else ""
        )
        raise item.refuse(
            f"{shown(value)} is not a number{hint}", *deeper, allowed=f"{low:g} to {high:g} ({unit}){dated}"
        )
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
    largest = 1.0 if weight.scale == "share" else max(_LARGEST_WEIGHT, 10 * abs(weight.central))
    return 0.0 if weight.scale in ("positive", "share") else -largest, largest


def write_steps(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Steps as a file writes them, keys sorted."""
    written = []
    for step in steps:
        said = {} if step.announced is None else {"announced": month_text(step.announced)}
        written.append({**said, "from": month_text(step.start), "value": step.value})
    return written


def _number(low: float, high: float) -> dict[str, Any]:
    return {"type": "number", "minimum": low, "maximum": high}


def _setting(value: dict[str, Any], description: str, *, announced: bool = False) -> dict[str, Any]:
    """The schema of a lever or series: a bare value, or a list of dated steps."""
    month = {"type": "string", "pattern": MONTH_FORM}
    keys = keys_of(StepForm)
    step = {"from": {**month, "description": keys["from"]}, "value": value}
    if announced:
        step["announced"] = {**month, "description": keys["announced"]}
    steps = {
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "properties": step,
            "required": ["from", "value"],
            "additionalProperties": False,
        },
    }
    return {"description": description, "anyOf": [value, steps]}


def _closed(properties: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "additionalProperties": False,
    }


def read_json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of scenario files, with every name, range and meaning, for editors to
    complete and check by.
    """
    schema = ScenarioForm.model_json_schema(by_alias=True)
    schema.pop("$defs", None)
    fields = schema["properties"]
    for field in fields.values():
        field.pop("default", None)
        field.pop("title", None)
    month = {"type": "string", "pattern": MONTH_FORM}
    about = keys_of(ScenarioForm)
    window = {key: {**month, "description": text} for key, text in keys_of(WindowForm).items()}
    timing = {
        "anyOf": [
            {"enum": list(TIMINGS)},
            {
                **_closed({s: _number(*TIMING_RANGE) for s in STATUS_NAMES}, "intensity by status"),
                "minProperties": 1,
            },
        ]
    }
    levers = {
        lever.name: _setting(
            _number(lever.low, lever.high),
            f"{lever.meaning} ({lever.unit}; {lever.default:g} where not set)",
            announced=lever.name in ANNOUNCEABLE,
        )
        for lever in LEVERS.values()
    }
    levers[TIMING] = _setting(timing, "When in the asylum path advisors make contact (even where not set)")
    series = {name: _setting(_number(s.low, s.high), f"{s.meaning} ({s.unit})") for name, s in SERIES.items()}
    fields["start"] |= month
    fields["window"] = {**_closed(window, about["window"]), "minProperties": 1}
    for key, names in (("host", host_names()), ("programme", programme_names())):
        fields[key] = {
            "description": fields[key]["description"],
            "anyOf": [{"enum": sorted(names)}, {"type": "string", "pattern": "[.]yaml$"}],
        }
    fields["country_programmes"] |= {
        "items": {"type": "string", "enum": sorted(country_programme_names())},
        "uniqueItems": True,
    }
    fields["origins"] |= {"items": {"type": "string", "enum": sorted(origin_names())}, "uniqueItems": True}
    fields["levers"] = _closed(levers, about["levers"])
    fields["series"] = _closed(
        {origin: _closed(series, f"series of {origin}") for origin in sorted(origin_names())}, about["series"]
    )
    weights = {
        name: {**_number(*weight_range(name)), "description": f"{weight.meaning} ({weight.unit})"}
        for name, weight in sorted(known_weights().items())
    }
    fields["weights"] = _closed(weights, about["weights"])
    whole = {
        "required": ["host", "programme", "start", "window"],
        "properties": {"window": {"required": ["from", "to"]}},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "avrr_sim scenario",
        "anyOf": [{"required": ["extends"]}, whole],
    }
