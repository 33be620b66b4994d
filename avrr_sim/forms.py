"""Forms of files: pydantic models whose mistakes are told in plain words, all of a file in one message, and
the JSON Schema that editors complete and check by.

A validator of a form refuses by `refusals.refusal`, `unknown_name` and the like, without the file; where it
stands in the file is added here.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, core_schema

from avrr_sim.dates import month_number
from avrr_sim.refusals import Mistake, Refusal, nearest, refusal, refusal_of, shown, unknown_name

MONTH_FORM = "^[0-9]{4}-(0[1-9]|1[0-2])$"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_FILL = "a value, or leave the key out"
NOT_HERE = "{value} is not what belongs here"

JsonSchema = dict[str, Any]
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

    `says`: what a message says where no table stands; `lacks`: where a key is missing; `also`: keys that
    belong elsewhere, each with the place, to be suggested where nothing nearer is known.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    says: ClassVar[str] = "must hold keys and values"
    lacks: ClassVar[str] = "lacks {key}"
    also: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def keys(cls) -> dict[str, str]:
        """The keys as files write them, each with what is allowed."""
        return {field.alias or name: field.description or "" for name, field in cls.model_fields.items()}


def read_form(form: type[_AForm], content: Mapping[str, Any], *, file: object = None) -> _AForm:
    """The content of a file in its form. Raises one `Refusal` of everything that is wrong, keys without a
    value among it.
    """
    empty = {path: Mistake("has no value", file, path, _FILL) for path in _nothings(content)}
    found: list[Mistake] = []
    try:
        read = form.model_validate(content)
    except ValidationError as error:
        found = [mistake for mistake in mistakes_in(error, form, file) if mistake.path not in empty]
    if empty or found:
        raise refusal_of([*empty.values(), *found])
    return read


def _nothings(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Paths at which a key stands without a value."""
    if value is None:
        yield path
    elif isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _nothings(item, (*path, key))


def mistakes_in(error: ValidationError, form: type[Form], file: object = None) -> list[Mistake]:
    """What a form found wrong, in words that a reader of the file understands."""
    return [
        mistake for found in error.errors(include_url=False) for mistake in _in_plain_words(found, form, file)
    ]


def _in_plain_words(error: ErrorDetails, form: type[Form], file: object) -> Iterator[Mistake]:
    path = tuple(part for part in error["loc"] if part != "[key]")
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, Refusal):
        yield from (mistake.within(file, path) for mistake in cause.mistakes)
    elif error["type"] == "extra_forbidden":
        yield _unknown_key(path, _form_at(form, path[:-1]), file)
    elif error["type"] == "missing":
        around = _form_at(form, path[:-1])
        allowed = around.keys().get(str(path[-1])) or None
        yield Mistake(around.lacks.replace("{key}", repr(path[-1])), file, path[:-1], allowed)
    else:
        spot = _spot_at(form, path)
        yield Mistake(spot.says.replace("{value}", shown(error["input"])), file, path, spot.description)


def _unknown_key(path: tuple[str | int, ...], form: type[Form], file: object) -> Mistake:
    key, known = path[-1], form.keys()
    suggestion = nearest(key, known)
    if not suggestion and (elsewhere := nearest(key, form.also)):
        suggestion = form.also[elsewhere]
    return Mistake(f"unknown key {shown(key)}", file, path[:-1], ", ".join(known), suggestion)


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
        spot = _spot_of(_inside(spot.kind, part))
    return spot


def _inside(kind: Any, part: str | int) -> Any:
    """The type, or field, of what stands under a key or number within a type."""
    if isinstance(kind, type) and issubclass(kind, Form):
        fields = {field.alias or name: field for name, field in kind.model_fields.items()}
        return fields.get(str(part), Any)
    inner = get_args(kind)
    return inner[-1 if isinstance(part, str) else 0] if inner else Any


def _spot_of(found: Any) -> _Spot:
    """A type or field without what is written beside it."""
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
    default = found.says if isinstance(found, type) and issubclass(found, Form) else NOT_HERE
    return _Spot(found, next(said, default), description or next(described, None))


class _Kind:
    """A kind of single value, to stand in `Annotated` beside its type: how it is read and what its schema
    is.
    """

    def read(self, value: Any) -> Any:
        """The value, or a `Refusal`."""
        raise NotImplementedError

    def schema(self) -> JsonSchema:
        """Its JSON Schema."""
        raise NotImplementedError

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchema:
        return self.schema()


@dataclass(frozen=True)
class AText(_Kind):
    """A text that is not blank."""

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise refusal(f"{shown(value)} is not text")
        return value

    def schema(self) -> JsonSchema:
        return {"type": "string", "pattern": r"\S"}


Text = Annotated[str, AText()]


@dataclass(frozen=True)
class Between(_Kind):
    """A number in [low, high], as a float."""

    low: float
    high: float

    def read(self, value: Any) -> float:
        wrong_type = isinstance(value, bool) or not isinstance(value, (int, float))
        if wrong_type or not self.low <= value <= self.high:
            raise refusal(f"{shown(value)} is not a number from {self.low:g} to {self.high:g}")
        return float(value)

    def schema(self) -> JsonSchema:
        return {"type": "number", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class Whole(_Kind):
    """A whole number in [low, high]."""

    low: int
    high: int

    def read(self, value: Any) -> int:
        wrong_type = isinstance(value, bool) or not isinstance(value, int)
        if wrong_type or not self.low <= value <= self.high:
            raise refusal(f"{shown(value)} is not a whole number from {self.low} to {self.high}")
        return int(value)

    def schema(self) -> JsonSchema:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class AMonth(_Kind):
    """A month written YYYY-MM, as its number (see `dates`)."""

    def read(self, value: Any) -> int:
        try:
            return month_number(value)
        except ValueError as error:
            raise refusal(str(error)) from None

    def schema(self) -> JsonSchema:
        return {"type": "string", "pattern": MONTH_FORM}


Month = Annotated[int, AMonth()]


@dataclass(frozen=True)
class OneOf(_Kind):
    """One of some names; `what` says what they are names of."""

    what: str
    names: tuple[str, ...]

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.names:
            raise unknown_name(self.what, value, self.names)
        return value

    def schema(self) -> JsonSchema:
        return {"enum": list(self.names)}


def json_schema_of(form: type[Form], title: str) -> JsonSchema:
    """The JSON Schema (draft 2020-12) of a form, every part written out where it stands."""
    schema = form.model_json_schema(by_alias=True)
    parts = schema.pop("$defs", {})
    return {"$schema": _DRAFT, **_written_out(schema, parts), "title": title}


def _written_out(schema: Any, parts: Mapping[str, JsonSchema]) -> Any:
    """A schema without references, generated titles and empty defaults."""
    if isinstance(schema, list):
        return [_written_out(each, parts) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return _written_out(parts[schema["$ref"].rpartition("/")[2]] | beside, parts)
    found = {}
    for key, value in schema.items():
        if key == "properties":
            found[key] = {name: _written_out(each, parts) for name, each in value.items()}
        elif key == "anyOf" and {"type": "null"} in value:  # a key that may be left out, but not be empty
            found |= _written_out(value[0], parts)
        elif key not in ("title", "default"):
            found[key] = _written_out(value, parts)
    return found
