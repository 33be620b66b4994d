"""The form of a scenario file, and its JSON Schema.

The form checks what kind of value stands where; ranges and dates are checked when a file and those it extends
are put together (see `scenario_parts`). Whatever the loader accepts, the JSON Schema accepts too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from avrr_sim.forms import MONTH_FORM, NOT_HERE, Form, JsonSchema, json_schema_of
from avrr_sim.hypotheses import hypothesis_names
from avrr_sim.migrant import ABODES, CHANNELS
from avrr_sim.offers.form import LARGEST, MOST_OFFERS, AmountForm, OfferForm
from avrr_sim.places.origins import OWN, SERIES, OriginKey, origin_names
from avrr_sim.places.place import host_names
from avrr_sim.policy import ANNOUNCEABLE, LEVERS, STATUS_NAMES, TIMING, TIMING_RANGE, TIMINGS
from avrr_sim.programme import country_programme_names, programme_names
from avrr_sim.programmes.amounts import AMOUNTS
from avrr_sim.schema import LONGEST_NAME, LONGEST_TEXT, known_weights, weight_range

SETTING = "a number, or a list of dated steps such as {from: 2014-01, value: 2}"
LARGEST_CELL = 1_000_000


class _Part(Form):
    says = NOT_HERE
    lacks = "needs the key {key}"


class StepForm(_Part):
    """One dated step of a lever or series. `start` is None where a file gave a bare value, which holds from
    the window's start on.
    """

    start: str | None = Field(alias="from", description="the month it starts, written YYYY-MM")
    value: Any = Field(description="the value from then on")
    announced: str | None = Field(
        None,
        description="the month from which people know of it, written YYYY-MM; for levers of support only",
    )


def _as_list(value: Any) -> Any:
    """A name alone is a list of one."""
    return [value] if isinstance(value, str) else value


def _some(what: str, known: Sequence[str]) -> str:
    return f"{what}: one or a list of {', '.join(known)}; where left out, all"


_REACHED = "; an advisor informs in centres alone, an ngo outside them alone"
_Name = Annotated[str, Field(description="a name")]
_SomeNames = Annotated[list[_Name] | None, BeforeValidator(_as_list), WithJsonSchema({})]


class AimedForm(_Part):
    """One entry of aimed information."""

    channel: _SomeNames = Field(None, min_length=1, description=_some("through whom", CHANNELS) + _REACHED)
    abode: _SomeNames = Field(None, min_length=1, description=_some("where people live", ABODES))
    status: _SomeNames = Field(None, min_length=1, description=_some("their legal status", STATUS_NAMES))
    origin: _SomeNames = Field(None, min_length=1, description=_some("where from", ["the origins"]))
    start: str | None = Field(
        None,
        alias="from",
        description="the first month, written YYYY-MM; where left out, the window's first",
    )
    end: str | None = Field(
        None,
        alias="until",
        description="the last month, included, written YYYY-MM; where left out, the window's last",
    )
    intensity: Any = Field(
        None, description=f"times the contacts otherwise made, a number from 0 to {TIMING_RANGE[1]:g}"
    )
    trust_official: Any = Field(
        None,
        description="share of the way to full trust, 0 to 1, that a contact with an official source builds",
    )
    trust_independent: Any = Field(None, description="the same of a contact with an independent source")


class WindowForm(_Part):
    """The months that results are about."""

    first: str | None = Field(
        None, alias="from", description="the first month of the window, written YYYY-MM"
    )
    last: str | None = Field(None, alias="to", description="the last month of the window, written YYYY-MM")


def _as_steps(value: Any) -> Any:
    """A bare value is one step without a date; steps in a list must be dated."""
    bare = [StepForm.model_construct(start=None, value=value, announced=None)]
    return value if isinstance(value, list) else bare


_Step = Annotated[StepForm, Field(description="a dated step such as {from: 2014-01, value: 2}")]
Setting = Annotated[
    list[_Step], BeforeValidator(_as_steps), Field(min_length=1, description=SETTING), WithJsonSchema({})
]
_Series = Annotated[dict[str, Setting], Field(description="a table of series")]
_Origin = Annotated[str, Field(description="the name of a country of origin")]
_CountryProgramme = Annotated[str, Field(description="the name of a country programme")]
_Weight = Annotated[float, Field(description="a number")]


def _as_amounts(value: Any) -> Any:
    """A bare number is one step without a date."""
    return value if isinstance(value, list) else [{"value": value}]


_Amounts = Annotated[
    list[AmountForm],
    BeforeValidator(_as_amounts),
    Field(min_length=1, description="a number, or a list of dated steps such as {from: 2014-01, add: 5000}"),
]


class ScenarioForm(_Part):
    """A scenario: one policy situation, as a file writes it."""

    also = {name: f"levers: {name}" for name in (*LEVERS, TIMING)}

    name: str | None = Field(
        None,
        min_length=1,
        max_length=LONGEST_NAME,
        description=f"a name on one line, up to {LONGEST_NAME} characters",
    )
    asks: str | None = Field(
        None,
        max_length=LONGEST_TEXT,
        description=f"what the scenario asks, in words, up to {LONGEST_TEXT} characters",
    )
    extends: str | None = Field(
        None, min_length=1, description="the scenario file that this one changes, by its path from this one"
    )
    host: str | None = Field(
        None, description="the name of a host country, or the path of a file of your own"
    )
    programme: str | None = Field(
        None, description="the name of a programme of assisted return, or the path of a file of your own"
    )
    country_programmes: list[_CountryProgramme] | None = Field(
        None, description="a list of country programmes that add to the general one, or an empty list"
    )
    start: str | None = Field(None, description="the first simulated month, written YYYY-MM")
    window: WindowForm | None = Field(
        None, description="the months that results are about, as {from: YYYY-MM, to: YYYY-MM}, both included"
    )
    origins: list[_Origin] | None = Field(
        None, min_length=1, description="a list of at least one country of origin"
    )
    levers: dict[str, Setting] | None = Field(
        None, description="what governments and circumstances do, lever by lever"
    )
    series: dict[str, _Series] | None = Field(
        None, description="dated series of an origin that replace its own, by origin and series"
    )
    amounts: dict[str, _Amounts] | None = Field(
        None, description="amounts of the programme that are changed from some month on, by name"
    )
    offers: list[OfferForm] | None = Field(
        None, max_length=MOST_OFFERS, description=f"offers beside the programme, up to {MOST_OFFERS}"
    )
    weights: dict[str, _Weight] | None = Field(
        None, description="weights of evidence pinned at a value, by name"
    )
    hypothesis: str | None = Field(
        None,
        description="the reading of what is disputed, by name; mixture: all of them, as wide as they are",
    )
    information: list[AimedForm] | None = Field(
        None, description="information that is aimed, a list of entries {channel, abode, status, origin, ...}"
    )
    protection_gate: float | None = Field(
        None, ge=0, le=1, description="true security below which nobody is returned, a number from 0 to 1"
    )
    minimum_cell: int | None = Field(
        None,
        ge=1,
        le=LARGEST_CELL,
        description=f"groups of fewer people are not shown, a whole number from 1 to {LARGEST_CELL}",
    )


def json_schema() -> JsonSchema:
    """JSON Schema (draft 2020-12) of scenario files, with every name, range and meaning, for editors to
    complete and check by.
    """
    schema = json_schema_of(ScenarioForm, "avrr_sim scenario")
    fields, about = schema["properties"], ScenarioForm.keys()
    window = {key: _MONTH | {"description": text} for key, text in WindowForm.keys().items()}
    fields["start"] |= _MONTH
    fields["window"] = {**_closed(window, about["window"]), "minProperties": 1}
    for key, names in (("host", host_names()), ("programme", programme_names())):
        fields[key] = {"description": about[key], "anyOf": [{"enum": names}, _OWN_FILE]}
    fields["country_programmes"] |= _names(country_programme_names())
    fields["origins"] |= {"items": OriginKey().schema(), "uniqueItems": True}
    fields["levers"] = _closed(_levers_schema(), about["levers"])
    own = {"patternProperties": {OWN: {"$ref": "#/$defs/series"}}}
    fields["series"] = _closed(_by_origin(), about["series"]) | own
    amount_steps = fields["amounts"]["additionalProperties"]
    fields["amounts"] = _closed(_amounts_schema(), about["amounts"])
    fields["weights"] = _closed(_weights_schema(), about["weights"])
    fields["hypothesis"] |= {"enum": hypothesis_names()}
    fields["information"] |= {"items": _aimed_schema()}
    whole = {
        "required": ["host", "programme", "start", "window"],
        "properties": {"window": {"required": ["from", "to"]}},
    }
    shared = {"series": _closed(_series_schema(), "dated series of one origin"), "amount": amount_steps}
    return schema | {"anyOf": [{"required": ["extends"]}, whole], "$defs": shared}


_MONTH: JsonSchema = {"type": "string", "pattern": MONTH_FORM}
_OWN_FILE: JsonSchema = {"type": "string", "pattern": "[.]yaml$"}


def _levers_schema() -> JsonSchema:
    levers = {
        lever.name: _setting(
            _number(lever.low, lever.high),
            f"{lever.meaning} ({lever.unit}; {lever.default:g} where not set)",
            announced=lever.name in ANNOUNCEABLE,
        )
        for lever in LEVERS.values()
    }
    by_status = _closed({name: _number(*TIMING_RANGE) for name in STATUS_NAMES}, "intensity by status")
    timing = {"anyOf": [{"enum": list(TIMINGS)}, {**by_status, "minProperties": 1}]}
    about = "When in the asylum path advisors make contact (even where not set)"
    return levers | {TIMING: _setting(timing, about)}


def _series_schema() -> JsonSchema:
    return {name: _setting(_number(s.low, s.high), f"{s.meaning} ({s.unit})") for name, s in SERIES.items()}


def _aimed_schema() -> JsonSchema:
    """The schema of one entry of aimed information."""
    names = {"channel": CHANNELS, "abode": ABODES, "status": STATUS_NAMES, "origin": origin_names()}
    numbers = dict.fromkeys(("trust_official", "trust_independent"), (0.0, 1.0)) | {"intensity": TIMING_RANGE}
    parts: JsonSchema = {"from": _MONTH, "until": _MONTH}
    for key, known in names.items():
        name: JsonSchema = {"enum": sorted(known)}
        parts[key] = {"anyOf": [name, {"type": "array", "minItems": 1, "items": name}]}
    for key, (low, high) in numbers.items():
        parts[key] = _number(low, high)
    about = AimedForm.keys()
    entry = _closed({key: parts[key] | {"description": about[key]} for key in about}, "aimed information")
    return entry | {"anyOf": [{"required": [key]} for key in sorted(numbers)]}


def _by_origin() -> JsonSchema:
    """The same series for every origin, written once for all."""
    series = {"$ref": "#/$defs/series"}
    return {name: {**series, "description": f"series of {name}"} for name in sorted(origin_names())}


def _amounts_schema() -> JsonSchema:
    """The steps of every amount that the programme may state, written once for all, or a bare number."""
    return {
        name: {"description": meaning, "anyOf": [_number(0.0, LARGEST), {"$ref": "#/$defs/amount"}]}
        for name, meaning in AMOUNTS.items()
    }


def _weights_schema() -> JsonSchema:
    return {
        name: {**_number(*weight_range(name)), "description": f"{weight.meaning} ({weight.unit})"}
        for name, weight in sorted(known_weights().items())
    }


def _setting(value: JsonSchema, description: str, *, announced: bool = False) -> JsonSchema:
    """The schema of a lever or series: a bare value, or a list of dated steps."""
    about = StepForm.keys()
    step = {"from": _MONTH | {"description": about["from"]}, "value": value}
    if announced:
        step["announced"] = _MONTH | {"description": about["announced"]}
    items = {
        "type": "object",
        "properties": step,
        "required": ["from", "value"],
        "additionalProperties": False,
    }
    steps = {"type": "array", "minItems": 1, "items": items}
    return {"description": description, "anyOf": [value, steps]}


def _number(low: float, high: float) -> JsonSchema:
    return {"type": "number", "minimum": _plain(low), "maximum": _plain(high)}


def _plain(number: float) -> float:
    """A whole number without its point."""
    return int(number) if float(number).is_integer() else number


def _names(names: list[str]) -> JsonSchema:
    return {"items": {"type": "string", "enum": sorted(names)}, "uniqueItems": True}


def _closed(properties: JsonSchema, description: str) -> JsonSchema:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "additionalProperties": False,
    }
