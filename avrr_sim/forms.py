"""Forms of files: pydantic models whose mistakes are told in plain words, all of a file in one message, and
the JSON Schema that editors complete and check by.

A validator of a form refuses by `refusals.refusal`, `unknown_name` and the like, without the file; where it
stands in the file is added here.
"""

from __future__ import annotations

import re
import types
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, core_schema

from avrr_sim.dates import month_number
from avrr_sim.refusals import (
    Mistake,
    Refusal,
    hint_on,
    hint_on_key,
    nearest,
    refusal,
    refusal_of,
    shown,
    unknown_name,
    without_value,
)

MONTH_FORM = "^[0-9]{4}-(0[1-9]|1[0-2])$"
_YEAR_FORM = "^[1-9][0-9]{3}$"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_UNKNOWN, _MISSING = "extra_forbidden", "missing"  # pydantic's names of these errors
_NUMBERS = ("float_type", "int_type")
NOT_HERE = "{value} is not what belongs here"

JsonSchema = dict[str, Any]
Place = tuple[str | int, ...]
_AForm = TypeVar("_AForm", bound="Form")


@dataclass(frozen=True)
class Says:
    """Beside a type in `Annotated`: what a message says where a value of another kind stands, such as
    Says("must hold keys and values"). {value} is the value.
    """

    problem: str


class Form(BaseModel):
    """A table of a file: known keys only, values of the very type, `Field(description=...)` for what is
    allowed.

    `says`: what a message says where no table stands; `lacks`: where a key is missing; `a_key`: what its keys
    are called; `also`: keys that belong elsewhere, each with the place, to be suggested where nothing nearer
    is known.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    says: ClassVar[str] = "must hold keys and values"
    lacks: ClassVar[str] = "lacks {key}"
    a_key: ClassVar[str] = "key"
    also: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def keys(cls) -> dict[str, str]:
        """The keys as files write them, each with what is allowed."""
        return {field.alias or name: field.description or "" for name, field in cls.model_fields.items()}


def read_form(
    form: type[_AForm], content: Mapping[str, Any], *, file: object = None, at: Place = ()
) -> _AForm:
    """The content of a file, or of what stands at one place in it, in its form. Raises one `Refusal` of
    everything that is wrong, keys without a value among it.
    """
    empty = without_value(content)
    split = {path[:-1] for path in empty if hint_on_key(path[-1])}
    found: list[Mistake] = []
    try:
        read = form.model_validate(content)
    except ValidationError as error:
        told = (each for each in mistakes_in(error, form) if each.path not in empty)
        found = [each for each in told if each.path not in split or "unknown key" not in each.problem]
    if empty or found:
        raise refusal_of(mistake.within(file, at) for mistake in [*empty.values(), *found])
    return read


def mistakes_in(error: ValidationError, form: type[Form]) -> list[Mistake]:
    """What a form found wrong, in words that a reader of the file understands. A key that is missing because
    it is misspelt is one mistake.
    """
    told: list[Mistake] = []
    meant: set[Place] = set()
    for found in sorted(error.errors(include_url=False), key=lambda each: each["type"] == _MISSING):
        if found["loc"] in meant:
            continue
        mistakes = list(_in_plain_words(found, form))
        told += mistakes
        if found["type"] == _UNKNOWN:
            meant |= {(*each.path, each.suggestion) for each in mistakes if each.suggestion}
    return told


def _in_plain_words(error: ErrorDetails, form: type[Form]) -> Iterator[Mistake]:
    path = error["loc"]
    if path[-1:] == ("[key]",):  # a key that may not stand there is a mistake of the table around it
        path = path[:-2]
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, Refusal):
        yield from (mistake.within(None, path) for mistake in cause.mistakes)
    elif error["type"] == _UNKNOWN:
        yield _unknown_key(path, _form_at(form, path[:-1]))
    elif error["type"] == _MISSING:
        around = _form_at(form, path[:-1])
        allowed = around.keys().get(str(path[-1])) or None
        yield Mistake(around.lacks.replace("{key}", repr(path[-1])), None, path[:-1], allowed)
    else:
        spot = _spot_at(form, path)
        said = spot.says.replace("{value}", shown(error["input"]))
        meant = hint_on(error["input"]) if error["type"] in _NUMBERS else ""
        yield Mistake(f"{said}{meant}", None, path, spot.description)


def _unknown_key(path: Place, form: type[Form]) -> Mistake:
    key, known = path[-1], form.keys()
    suggestion = nearest(key, known)
    if not suggestion and (elsewhere := nearest(key, form.also)):
        suggestion = form.also[elsewhere]
    return Mistake(f"unknown {form.a_key} {shown(key)}", None, path[:-1], ", ".join(known), suggestion)


@dataclass(frozen=True)
class _Spot:
    """What may stand at one place of a form: its type, what a message says where it does not, and what is
    allowed.
    """

    kind: Any
    says: str = NOT_HERE
    description: str | None = None


def _form_at(form: type[Form], path: Iterable[str | int]) -> type[Form]:
    """The form whose keys stand at a path."""
    kind = _spot_at(form, path).kind
    return kind if isinstance(kind, type) and issubclass(kind, Form) else form


def _spot_at(form: type[Form], path: Iterable[str | int]) -> _Spot:
    spot = _Spot(form, form.says)
    for part in path:
        spot = _spot_of(_inside(spot.kind, part), form.says)
    return spot


def _inside(kind: Any, part: str | int) -> Any:
    """The type, or field, of what stands under a key or number within a type."""
    if isinstance(kind, type) and issubclass(kind, Form):
        fields = {field.alias or name: field for name, field in kind.model_fields.items()}
        return fields.get(str(part), Any)
    inner = get_args(kind)
    return inner[-1 if isinstance(part, str) else 0] if inner else Any


def _spot_of(found: Any, no_table: str) -> _Spot:
    """A type or field without what is written beside it; `no_table` is said where a table should stand."""
    beside: list[Any] = []
    description = None
    if isinstance(found, FieldInfo):
        beside, description, found = [*found.metadata], found.description, found.annotation
    while get_origin(found) in (Annotated, Union, types.UnionType):
        if get_origin(found) is Annotated:
            found, *more = get_args(found)
            beside += more
        else:
            found = next(each for each in get_args(found) if each is not type(None))
    described = (each.description for each in beside if isinstance(each, FieldInfo) and each.description)
    said = (each.problem for each in beside if isinstance(each, Says))
    is_form = isinstance(found, type) and issubclass(found, Form)
    default = found.says if is_form else no_table if get_origin(found) is dict else NOT_HERE
    return _Spot(found, next(said, default), description or next(described, None))


class Kind(ABC):
    """A kind of single value, to stand in `Annotated` beside its type: how it is read and what its schema
    is.
    """

    @abstractmethod
    def read(self, value: Any) -> Any:
        """The value, or a `Refusal`."""

    @abstractmethod
    def schema(self) -> JsonSchema:
        """Its JSON Schema."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchema:
        return self.schema()


@dataclass(frozen=True)
class AText(Kind):
    """A text that is not blank."""

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise refusal(f"{shown(value)} is not text")
        return value

    def schema(self) -> JsonSchema:
        return {"type": "string", "pattern": r"\S"}


Text = Annotated[str, AText()]


@dataclass(frozen=True)
class ANumber(Kind):
    """A number, kept as it is written."""

    def read(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise refusal(f"{shown(value)} is not a number{hint_on(value)}")
        return value

    def schema(self) -> JsonSchema:
        return {"type": "number"}


Number = Annotated[float, ANumber()]


@dataclass(frozen=True)
class Between(Kind):
    """A number in [low, high], as a float."""

    low: float
    high: float

    def read(self, value: Any) -> float:
        wrong_type = isinstance(value, bool) or not isinstance(value, (int, float))
        if wrong_type or not self.low <= value <= self.high:
            raise refusal(
                f"{shown(value)} is not a number from {self.low:g} to {self.high:g}{hint_on(value)}"
            )
        return float(value)

    def schema(self) -> JsonSchema:
        return {"type": "number", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number in [low, high]."""

    low: int
    high: int

    def read(self, value: Any) -> int:
        wrong_type = isinstance(value, bool) or not isinstance(value, int)
        if wrong_type or not self.low <= value <= self.high:
            told = f"{shown(value)} is not a whole number from {self.low} to {self.high}"
            raise refusal(told + hint_on(value))
        return int(value)

    def schema(self) -> JsonSchema:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class AMonth(Kind):
    """A month written YYYY-MM, as its number (see `dates`)."""

    def read(self, value: Any) -> int:
        try:
            return month_number(value)
        except ValueError as error:
            raise refusal(str(error)) from None

    def schema(self) -> JsonSchema:
        return {"type": "string", "pattern": MONTH_FORM}


Month = Annotated[int, AMonth()]


_YEARS = (1000, 9999)


@dataclass(frozen=True)
class AYear(Kind):
    """A year of four digits."""

    def read(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not _YEARS[0] <= value <= _YEARS[1]:
            raise refusal(f"{shown(value)} is not a year")
        return value

    def schema(self) -> JsonSchema:
        return {"type": "integer", "minimum": _YEARS[0], "maximum": _YEARS[1]}


@dataclass(frozen=True)
class AYearKey(Kind):
    """A year as a key, which is text."""

    def read(self, value: Any) -> int:
        if not isinstance(value, str) or not re.fullmatch(_YEAR_FORM, value):
            raise refusal(f"{shown(value)} is not a year")
        return int(value)

    def schema(self) -> JsonSchema:
        return {"type": "string", "pattern": _YEAR_FORM}


@dataclass(frozen=True)
class OneOf(Kind):
    """One of some names; `what` says what they are names of."""

    what: str
    names: tuple[str, ...]

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.names:
            raise unknown_name(self.what, value, self.names)
        return value

    def schema(self) -> JsonSchema:
        return {"type": "string", "enum": list(self.names)}


def json_schema_of(form: type[Form], title: str) -> JsonSchema:
    """The JSON Schema (draft 2020-12) of a form, every part written out where it stands."""
    return {"$schema": _DRAFT, "title": title, **part_schema(form)}


def part_schema(form: type[Form]) -> JsonSchema:
    """The JSON Schema of a form within another."""
    schema = form.model_json_schema(by_alias=True)
    return _written_out(schema, schema.pop("$defs", {}))


def _written_out(schema: Any, parts: Mapping[str, JsonSchema]) -> Any:
    """A schema without references, generated titles and defaults, whole numbers without a point, and without
    the null that stands for a key left out.
    """
    if isinstance(schema, list):
        return [_written_out(each, parts) for each in schema]
    if isinstance(schema, float) and schema.is_integer():
        return int(schema)
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return _written_out(parts[schema["$ref"].rpartition("/")[2]] | beside, parts)
    if {"type": "null"} in schema.get("anyOf", ()):
        beside = {key: value for key, value in schema.items() if key != "anyOf"}
        return _written_out(schema["anyOf"][0] | beside, parts)
    found = {}
    for key, value in schema.items():
        if key == "properties":
            found[key] = {name: _written_out(each, parts) for name, each in value.items()}
        elif key not in ("title", "default"):
            found[key] = _written_out(value, parts)
    return _closed(found)


def _closed(schema: JsonSchema) -> JsonSchema:
    """A table whose keys have a form as one that has no others; one whose keys are among some names, or of a
    form, as one with these keys, which editors complete.
    """
    if "patternProperties" in schema:
        return schema | {"additionalProperties": False}
    keys = schema.get("propertyNames", {})
    ways = [keys, *keys.get("anyOf", ())]
    names = [name for way in ways for name in way.get("enum", ())]
    if not names:
        return schema
    value = schema["additionalProperties"]
    found = {key: each for key, each in schema.items() if key != "propertyNames"}
    found |= {"properties": {name: value for name in names}, "additionalProperties": False}
    patterns = {way["pattern"]: value for way in ways if "pattern" in way}
    return found | ({"patternProperties": patterns} if patterns else {})
