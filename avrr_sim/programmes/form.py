"""The form of a programme's file: every amount states since when it holds, what it is, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from avrr_sim.forms import (
    AYear,
    Between,
    Form,
    JsonSchema,
    Kind,
    Month,
    OneOf,
    Says,
    Text,
    json_schema_of,
)
from avrr_sim.places.origins import Basis, OriginKey
from avrr_sim.policy import STATUS_NAMES
from avrr_sim.programmes.amounts import AMOUNTS, RECIPIENTS, STAGES, VISA, rates
from avrr_sim.refusals import Refusals, nearest, refusal, shown, unknown_name
from avrr_sim.thousands import Thousands

_LARGEST = 1e7  # currency units
_UNKNOWN = "unknown"

Share = Annotated[float, Between(0.0, 1.0)]
_Central = Annotated[float, Thousands(0.0, _LARGEST)]


@dataclass(frozen=True)
class _Stated(Kind):
    """A number from 0 on, or None where the file says `unknown`."""

    high: float

    def read(self, value: Any) -> float | None:
        return None if value == _UNKNOWN else Thousands(0.0, self.high).read(value)

    def schema(self) -> JsonSchema:
        return {"anyOf": [Between(0.0, self.high).schema(), {"const": _UNKNOWN}]}


@dataclass(frozen=True)
class _Origins(Kind):
    """A list of known origins, as a tuple; or one of some groups, as its name."""

    groups: tuple[str, ...] = ()

    def read(self, value: Any) -> tuple[str, ...] | str:
        if isinstance(value, str) and self.groups:
            return OneOf("group of origins", self.groups).read(value)
        if not isinstance(value, list) or not value:
            raise refusal("must be a list of origins", allowed=", ".join(self.groups) or None)
        return tuple(OriginKey().read(name) for name in value)

    def schema(self) -> JsonSchema:
        names = {"type": "array", "items": OriginKey().schema(), "minItems": 1}
        return {"anyOf": [names, {"enum": list(self.groups)}]} if self.groups else names


class _Sourced(Form):
    """A stated number, or an unknown one with a central guess, and who says so."""

    value: Annotated[float | None, _Stated(_LARGEST)] = Field(
        description="a number in the programme's currency, or unknown"
    )
    central: _Central = Field(0.0, description="a guess at an unknown value, the median of its prior")
    basis: Basis | None = Field(None, description="judgement, where the value is unknown")
    reference: Text = Field(description="a name among the references")
    locator: Text = Field(description="where in the reference it stands")

    @model_validator(mode="after")
    def _unknown_is_guessed(self) -> Self:
        if self.value is not None:
            return self
        if self.basis != "judgement" or "central" not in self.model_fields_set:
            raise refusal("an unknown amount needs `central` and `basis: judgement`")
        if self.central <= 0:
            raise refusal("the central value of an unknown amount must be above 0", path=("central",))
        return self


class EntryForm(_Sourced):
    """One dated amount; `to` is the last month in which it holds."""

    says = "must hold from, value, reference and locator"

    start: Month = Field(alias="from", description="the month it begins, written YYYY-MM")
    to: Month | None = Field(None, description="the last month in which it holds, written YYYY-MM")
    origins: Annotated[tuple[str, ...] | str | None, _Origins(VISA)] = Field(
        None, description="whom it is for: a list of origins, visa_free or visa_required; left out: all"
    )
    share: Share = Field(1.0, description="the share of units that take it")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.to is not None and self.to < self.start:
            raise refusal("ends before it begins", path=("to",))
        return self


class OpenForm(EntryForm):
    """Dated eligibility: 1 open, 0 closed, for all or for named origins."""

    value: Annotated[float | None, _Stated(1.0)] = Field(description="1 open, 0 closed")

    @model_validator(mode="after")
    def _goes_by_named_origins(self) -> Self:
        if self.value is None:
            raise refusal("eligibility cannot be unknown")
        if isinstance(self.origins, str):
            raise refusal("eligibility goes by named origins, not by visa rule", path=("origins",))
        return self


def _one_at_a_time(entries: list[Any]) -> list[Any]:
    """Refuse entries for the same origins that begin together or overlap by their stated ends."""
    wrong = Refusals()
    for i, one in enumerate(entries):
        for j, other in enumerate(entries[:i]):
            wrong.attempt(_apart, one, other, i, j)
    wrong.raise_any()
    if sum(entry.value is None for entry in entries) > 1:
        raise refusal("two unknown entries of one amount would share one prior")
    return entries


def _apart(one: EntryForm, other: EntryForm, i: int, j: int) -> None:
    if one.origins != other.origins:
        return
    if one.start == other.start:
        raise refusal(f"starts in the same month as entry [{j}]", path=(i,))
    early, late = sorted((one, other), key=lambda entry: entry.start)
    if early.to is not None and early.to >= late.start:
        raise refusal(f"overlaps with entry [{j}]", path=(i,))


_A_LIST = Says("must be a list of dated entries")
Amounts = Annotated[list[EntryForm], _A_LIST, Field(min_length=1), AfterValidator(_one_at_a_time)]
Openings = Annotated[list[OpenForm], _A_LIST, Field(min_length=1), AfterValidator(_one_at_a_time)]


class ServiceForm(_Sourced):
    """A service of the process: when, for whom, the share that takes it up, and its cost a person."""

    says = "must hold stage, for, uptake, value, reference and locator"

    stage: Annotated[str, OneOf("stage", STAGES)]
    recipients: Annotated[str, OneOf("for", RECIPIENTS)] = Field(alias="for")
    uptake: Share


class RateForm(Form):
    """What one unit of a currency is worth, with who says so."""

    nok: Annotated[float, Between(1e-6, 1e6)] = Field(description="NOK for one unit of the currency")
    source: Text = Field(description="who says so, and for which year")


class ProgrammeForm(Form):
    """A programme's file."""

    name: Text = Field(description="the programme's name, as reports print it")
    currency: Annotated[str, Says("{value} is no code of a currency"), Field(pattern="^[A-Z]{3}$")] = Field(
        description="of every amount: a code of three capital letters, such as EUR"
    )
    rate: RateForm | None = Field(
        None, description=f"the worth of its currency; {', '.join(rates())} have one already"
    )
    price_year: Annotated[int, AYear()] = Field(description="the year whose money it is")
    references: dict[str, Text] = Field(description="the sources, each by a short name")
    amounts: dict[Annotated[str, OneOf("amount", tuple(AMOUNTS))], Amounts] = Field(
        description="dated amounts; those under different names add up"
    )
    eligibility: dict[Annotated[str, OneOf("status", STATUS_NAMES)], Openings] = Field(
        default_factory=dict, description="in which status people can apply; one left out cannot"
    )
    services: dict[str, ServiceForm] = Field(
        default_factory=dict, description="what comes with return besides money"
    )
    readings: Annotated[list[Text], Says("must be a list of sentences")] = Field(
        default_factory=list, description="which reading is taken where a source is ambiguous or silent"
    )
    part_of: Text | None = Field(None, description="the general programme that a country programme adds to")
    covers: Annotated[tuple[str, ...], _Origins()] = Field(
        (), description="the origins of a country programme; left out: all"
    )

    @model_validator(mode="after")
    def _currency_has_one_rate(self) -> Self:
        known = rates()
        if self.rate is None and self.currency not in known:
            allowed = f"{', '.join(known)}, or another one beside `rate: {{nok: NUMBER, source: TEXT}}`"
            problem = f"unknown currency {shown(self.currency)}"
            near = nearest(self.currency, known)
            raise refusal(problem, path=("currency",), allowed=allowed, suggestion=near)
        if self.rate is not None and self.currency in known:
            problem = f"{self.currency} has a rate already, {known[self.currency][0]:g} NOK"
            raise refusal(problem, path=("rate",), allowed="no rate here")
        return self

    @model_validator(mode="after")
    def _references_are_known(self) -> Self:
        wrong = Refusals()
        for part in ("amounts", "eligibility"):
            for name, entries in getattr(self, part).items():
                for i, entry in enumerate(entries):
                    wrong.attempt(self._is_known, entry, (part, name, i))
        for name, service in self.services.items():
            wrong.attempt(self._is_known, service, ("services", name))
        wrong.raise_any()
        return self

    def _is_known(self, entry: _Sourced, path: tuple[str | int, ...]) -> None:
        if entry.reference not in self.references:
            raise unknown_name("reference", entry.reference, self.references, path=(*path, "reference"))


def json_schema() -> JsonSchema:
    """JSON Schema of a programme's file, for editors to complete and check by."""
    schema = json_schema_of(ProgrammeForm, "avrr_sim programme")
    for name, meaning in AMOUNTS.items():
        schema["properties"]["amounts"]["properties"][name] |= {"description": meaning}
    return schema
