"""The form in which a scenario file writes offers and dated amounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from avrr_sim.dates import half_number
from avrr_sim.forms import NOT_HERE, Between, Form, JsonSchema, Kind, Month, OneOf, Text, Whole
from avrr_sim.migrant import ABODES, VULNERABILITIES
from avrr_sim.offers.offer import (
    AGE_BANDS,
    HOUSEHOLDS,
    NAMED_ONLY,
    OFFERED,
    SINCE,
    AmountStep,
    Change,
    Offer,
    Recipients,
)
from avrr_sim.policy import STATUS_NAMES
from avrr_sim.refusals import Refusals, refusal, shown
from avrr_sim.thousands import Thousands

LARGEST = 1e7  # currency units
MOST_TIMES = 100.0
MOST_OFFERS = 12
_LONGEST = 600  # months
_HALF_FORM = "^[0-9]{4}-(0[1-9]|1[0-2])(-15)?$"
_CHANGE = "a number in the programme's currency, or one of {value: 5000}, {add: 1000}, {times: 1.5}"
_KINDS = {
    "value": Thousands(0.0, LARGEST),
    "add": Thousands(-LARGEST, LARGEST),
    "times": Between(0.0, MOST_TIMES),
}
_FIRST = "a whole number of persons from 1 on, or one of {persons: 500}, {units: 300}"
_WITHIN = "a whole number of months from 1 on since one could first apply, or {months: 2, of: deadline}"


def change_of(said: dict[str, Any]) -> Change:
    """The change that one of value, add and times says. Raises `Refusal` for none or several."""
    stated = [key for key in _KINDS if key in said]
    if len(stated) != 1:
        raise refusal("says not exactly one of value, add and times", allowed=_CHANGE)
    key = stated[0]
    number = _KINDS[key].read(said[key]) + 0.0
    return Change(*{"value": (0.0, number), "add": (1.0, number), "times": (number, 0.0)}[key])


def _change_schema() -> JsonSchema:
    return {key: kind.schema() for key, kind in _KINDS.items()}


@dataclass(frozen=True)
class _AChange(Kind):
    """A number in place of an amount, or a table of one of value, add and times."""

    def read(self, value: Any) -> Change:
        if not isinstance(value, dict):
            return change_of({"value": value})
        if unknown := [key for key in value if key not in _KINDS]:
            raise refusal(f"unknown key {shown(unknown[0])}", allowed=_CHANGE)
        return change_of(value)

    def schema(self) -> JsonSchema:
        table = {"type": "object", "properties": _change_schema(), "additionalProperties": False}
        return {"anyOf": [_KINDS["value"].schema(), table | {"minProperties": 1, "maxProperties": 1}]}


@dataclass(frozen=True)
class _AHalf(Kind):
    """A month, or the middle of one, as the number of its first half month."""

    def read(self, value: Any) -> int:
        try:
            return half_number(value)
        except ValueError as error:
            raise refusal(str(error)) from None

    def schema(self) -> JsonSchema:
        return {"type": "string", "pattern": _HALF_FORM}


@dataclass(frozen=True)
class _AFirst(Kind):
    """On how many persons or units an offer ends: (number, what is counted)."""

    def read(self, value: Any) -> tuple[int, str]:
        said = value if isinstance(value, dict) else {"persons": value}
        if len(said) != 1 or next(iter(said)) not in ("persons", "units"):
            raise refusal(f"{shown(value)} is not a number of persons or units", allowed=_FIRST)
        counted, number = next(iter(said.items()))
        return Whole(1, int(LARGEST)).read(number), counted

    def schema(self) -> JsonSchema:
        number = Whole(1, int(LARGEST)).schema()
        table = {"type": "object", "properties": {"persons": number, "units": number}}
        return {
            "anyOf": [number, table | {"additionalProperties": False, "minProperties": 1, "maxProperties": 1}]
        }


@dataclass(frozen=True)
class _AWithin(Kind):
    """The months within which an offer must be claimed: (months, from when they count)."""

    def read(self, value: Any) -> tuple[int, str]:
        said = value if isinstance(value, dict) else {"months": value}
        if not {"months"} <= set(said) <= {"months", "of"}:
            raise refusal(f"{shown(value)} is not a time to claim an offer", allowed=_WITHIN)
        return Whole(1, _LONGEST).read(said["months"]), OneOf("of", SINCE).read(said.get("of", SINCE[0]))

    def schema(self) -> JsonSchema:
        number = Whole(1, _LONGEST).schema()
        table = {"type": "object", "properties": {"months": number, "of": OneOf("of", SINCE).schema()}}
        return {"anyOf": [number, table | {"additionalProperties": False, "required": ["months"]}]}


@dataclass(frozen=True)
class _Names(Kind):
    """Some of the known names, each once, as a tuple in their order; one alone may stand without a list."""

    what: str
    names: tuple[str, ...]

    def read(self, value: Any) -> tuple[str, ...]:
        given = value if isinstance(value, list) and value else [value]
        found = [OneOf(self.what, self.names).read(each) for each in given]
        return tuple(name for name in self.names if name in found)

    def schema(self) -> JsonSchema:
        one = {"type": "string", "enum": list(self.names)}
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


@dataclass(frozen=True)
class _Texts(Kind):
    """A list of names that are checked elsewhere; one alone may stand without a list."""

    def read(self, value: Any) -> tuple[str, ...]:
        given = value if isinstance(value, list) else [value]
        if not given or not all(isinstance(each, str) for each in given):
            raise refusal(f"{shown(value)} is not a list of origins")
        return tuple(dict.fromkeys(given))

    def schema(self) -> JsonSchema:
        one = {"type": "string"}
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


class _Part(Form):
    says = NOT_HERE
    lacks = "needs the key {key}"


class _RangeForm(_Part):
    @model_validator(mode="after")
    def _in_order(self) -> Self:
        low, high = self.ends()
        if low is None and high is None:
            raise refusal("needs from, to, or both")
        if low is not None and high is not None and high < low:
            raise refusal("ends before it begins", path=("to",))
        return self

    def ends(self) -> tuple[int | None, int | None]:
        """(from, to), None where one is not said."""
        return getattr(self, "first", None), getattr(self, "last", None)


_Span = Annotated[int | None, Whole(0, _LONGEST)]


class MonthsForm(_RangeForm):
    """A number of months, at least `from` and at most `to`."""

    first: _Span = Field(None, alias="from", description="months at the least")
    last: _Span = Field(None, alias="to", description="months at the most")


_AMonth = Annotated[int | None, *Month.__metadata__]


class ArrivedForm(_RangeForm):
    """Months of arrival, both included."""

    first: _AMonth = Field(None, alias="from", description="the first month of arrival, written YYYY-MM")
    last: _AMonth = Field(None, alias="to", description="the last month of arrival, written YYYY-MM")


class RecipientsForm(_Part):
    """Whom an offer is for: whoever meets all that is said."""

    status: Annotated[tuple[str, ...], _Names("status", STATUS_NAMES)] = Field((), description="legal status")
    abode: Annotated[tuple[str, ...], _Names("abode", ABODES)] = Field((), description="where they live")
    age: Annotated[tuple[str, ...], _Names("age", AGE_BANDS)] = Field((), description="bands of age")
    vulnerability: Annotated[tuple[str, ...], _Names("vulnerability", VULNERABILITIES)] = Field(
        (), description=f"kinds of vulnerability; left out: all but {' and '.join(NAMED_ONLY)}"
    )
    origins: Annotated[tuple[str, ...], _Texts()] = Field((), description="countries of origin")
    household: Annotated[str | None, OneOf("household", HOUSEHOLDS)] = Field(
        None, description="alone, or family: more than one person"
    )
    minors: bool | None = Field(None, description="true: with minors; false: without")
    arrived: ArrivedForm | None = Field(
        None, description="months of arrival, both included, as {from: 2010-01, to: 2012-12}"
    )
    months_since_decision: MonthsForm | None = Field(
        None,
        description="months since the claim was rejected, both ends included: more than 12 is {from: 13}",
    )
    months_since_deadline: MonthsForm | None = Field(
        None,
        description="months since the obligatory date of return, both ends included, as {from: 12, to: 24}",
    )

    def recipients(self) -> Recipients:
        """What the form says."""
        return Recipients(
            status=self.status,
            abode=self.abode,
            age=self.age,
            vulnerability=self.vulnerability,
            origins=self.origins,
            household=self.household,
            minors=self.minors,
            arrived=_ends(self.arrived),
            months_since_decision=_ends(self.months_since_decision),
            months_since_deadline=_ends(self.months_since_deadline),
        )


def _ends(form: _RangeForm | None) -> tuple[int | None, int | None] | None:
    return None if form is None else form.ends()


class OfferForm(_Part):
    """An offer beside the programme."""

    name: Text = Field(description="a name of its own, as tables print it")
    recipients: RecipientsForm | None = Field(
        None, alias="for", description="whom it is for; left out: everybody"
    )
    gives: Annotated[
        dict[Annotated[str, OneOf("amount", tuple(OFFERED))], Annotated[Change, _AChange()]],
        Field(min_length=1, description=f"amounts ({', '.join(OFFERED)}), each {_CHANGE}"),
    ]
    start: Annotated[int, _AHalf()] = Field(
        alias="from", description="when it begins: YYYY-MM, or YYYY-MM-15 for the middle of the month"
    )
    until: Annotated[int | None, _AHalf()] = Field(
        None, description="the last month of it, YYYY-MM, or YYYY-MM-15 where it ends in the middle"
    )
    announced: _AMonth = Field(None, description="the month from which people know of it, written YYYY-MM")
    first: Annotated[tuple[int, str] | None, _AFirst()] = Field(None, description="for the first: " + _FIRST)
    within: Annotated[tuple[int, str] | None, _AWithin()] = Field(
        None, description="the time to claim it: " + _WITHIN
    )
    opens: bool = Field(
        False, description="true: whom it is for may apply though the programme is closed to the status"
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        wrong = Refusals()
        if self.until is not None and self._end() <= self.start:
            wrong.add(refusal("ends before it begins", path=("until",)))
        if self.announced is not None and self.announced > self.start // 2:
            wrong.add(refusal("is announced after it begins", path=("announced",)))
        if self.opens and self.first is not None:
            wrong.add(
                refusal("an offer that opens the programme cannot be for the first only", path=("first",))
            )
        wrong.raise_any()
        return self

    def _end(self) -> int:
        """The half month before which it ends: a month counts whole, its middle ends its first half."""
        assert self.until is not None
        return self.until if self.until % 2 else self.until + 2

    def offer(self) -> Offer:
        """What the form says."""
        first, counted = self.first or (None, "persons")
        within, since = self.within or (None, SINCE[0])
        return Offer(
            name=self.name,
            recipients=self.recipients.recipients() if self.recipients else Recipients(),
            gives=tuple((name, self.gives[name]) for name in OFFERED if name in self.gives),
            start=self.start,
            end=None if self.until is None else self._end(),
            announced=self.announced,
            first=first,
            counted=counted,
            within=within,
            since=since,
            opens=self.opens,
        )


class AmountForm(_Part):
    """A dated change of an amount of the general programme."""

    start: _AMonth = Field(
        None, alias="from", description="the month it begins, written YYYY-MM; left out: the window's first"
    )
    value: Annotated[float | None, _KINDS["value"]] = Field(
        None, description="the amount from then on, in the programme's currency"
    )
    add: Annotated[float | None, _KINDS["add"]] = Field(
        None, description="how much more than the programme's from then on"
    )
    times: Annotated[float | None, _KINDS["times"]] = Field(
        None, description="how many times the programme's from then on"
    )
    announced: _AMonth = Field(None, description="the month from which people know of it, written YYYY-MM")
    origins: Annotated[tuple[str, ...], _Texts()] = Field(
        (), description="countries of origin; left out: all"
    )

    @model_validator(mode="after")
    def _says_one_change(self) -> Self:
        self.change()
        return self

    def change(self) -> Change:
        """What becomes of the amount."""
        return change_of({key: each for key in _KINDS if (each := getattr(self, key)) is not None})

    def step(self, first: int) -> AmountStep:
        """What the form says; `first`: the month that it means where it names none. Raises `Refusal`."""
        start = first if self.start is None else self.start
        if self.announced is not None and self.announced > start:
            raise refusal("is announced after it begins", path=("announced",))
        return AmountStep(start, self.change(), self.announced, self.origins)
