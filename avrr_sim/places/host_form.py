"""The form of a host country's file: every number states unit, basis and source, and shares add up to 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, Field, WithJsonSchema, create_model, model_validator

from avrr_sim.forms import (
    AYearKey,
    Between,
    Form,
    JsonSchema,
    Kind,
    OneOf,
    Says,
    Text,
    Whole,
    json_schema_of,
    part_schema,
    read_form,
)
from avrr_sim.places.origins import SERIES, Basis, DatedValues, OriginKey, Steps
from avrr_sim.places.record.published import recorded_hosts
from avrr_sim.refusals import refusal, shown
from avrr_sim.thousands import Thousands

_CLOSE = 1e-6  # how near to 1 shares must add up
_MOST_OF_A_KIND = 20  # adults, or minors, of a household
_LARGEST_SHIFT = 6.0  # log ratio of living standards
ALL = "all"

Share = Annotated[float, Between(0.0, 1.0)]
Year = Annotated[int, AYearKey()]
OriginName = Annotated[str, OriginKey()]


def _adds_up(shares: dict[str, float]) -> dict[str, float]:
    if abs(sum(shares.values()) - 1.0) > _CLOSE:
        raise refusal(f"shares add up to {sum(shares.values()):.4f}, not 1")
    return shares


Split = Annotated[dict[OriginName, Share], AfterValidator(_adds_up)]
"""Shares by origin."""


class _ArrivalsForm(Form):
    """Applications for asylum of one year, in persons."""

    persons: Annotated[float, Thousands(0.0, 1e8)]
    basis: Basis
    source: Text


class _SharesForm(Form):
    basis: Basis
    source: Text
    by_year: dict[Year, Split]


class _CountForm(Form):
    """Persons by year and origin."""

    basis: Basis
    source: Text
    by_year: dict[Year, dict[OriginName, Annotated[float, Thousands(0.0, 1e8)]]]


class _UnregisteredForm(Form):
    basis: Basis
    source: Text
    shares: Split


class _KindForm(Form):
    """One kind of household: its share of units, and who is in it."""

    share: Share
    adults: Annotated[int, Whole(0, _MOST_OF_A_KIND)]
    minors: Annotated[int, Whole(0, _MOST_OF_A_KIND)]

    @model_validator(mode="after")
    def _of_somebody(self) -> Self:
        if self.adults + self.minors == 0:
            raise refusal("a household of nobody")
        return self


def _all_households(kinds: list[_KindForm]) -> list[_KindForm]:
    if abs(sum(kind.share for kind in kinds) - 1.0) > _CLOSE:
        raise refusal("shares do not add up to 1")
    return kinds


class _HouseholdsForm(Form):
    basis: Basis
    source: Text
    kinds: Annotated[
        list[_KindForm],
        Says("must be a list of {share, adults, minors}"),
        Field(min_length=1),
        AfterValidator(_all_households),
    ]


class _ShareForm(Form):
    """A share, with where it is from."""

    value: Share
    unit: Text
    basis: Basis
    source: Text


class _PersonsForm(_ShareForm):
    value: Annotated[float, Between(1.0, 1e6)]


class _MonthsForm(_ShareForm):
    value: Annotated[float, Between(0.1, 600.0)]


class _ShiftForm(_ShareForm):
    value: Annotated[float, Between(-_LARGEST_SHIFT, _LARGEST_SHIFT)]


class _NumbersForm(Form):
    """Where people live on arrival, and traits of units."""

    a_key = "number"

    centre_on_arrival: _ShareForm
    residents_per_centre: _PersonsForm
    centre_stay_months: _MonthsForm
    female_share: _ShareForm
    ill_share: _ShareForm
    vulnerable_trafficked: _ShareForm
    vulnerable_aged_out: _ShareForm
    vulnerable_medical: _ShareForm
    vulnerable_other: _ShareForm
    age_18_24: _ShareForm
    age_25_34: _ShareForm
    age_35_44: _ShareForm
    living_gap_shift: _ShiftForm | None = None

    @model_validator(mode="after")
    def _ages_leave_room(self) -> Self:
        if self.age_18_24.value + self.age_25_34.value + self.age_35_44.value > 1.0 + 1e-9:
            raise refusal("the shares of the age bands add up to more than 1")
        return self


TRAITS = tuple(name for name in _NumbersForm.model_fields if name != "living_gap_shift")
"""What rules read of a host, in the order of its record."""


class _ChangeForm(Form):
    """What a host changes of one series of its origins."""

    steps: Steps
    basis: Basis
    source: Text


class _ChangesForm(Form):
    """A key for every series."""

    a_key = "series"


def _changes_form() -> type[_ChangesForm]:
    fields: dict[str, Any] = {}
    for name, series in SERIES.items():
        steps: dict[str, Any] = {"steps": (Annotated[Steps, DatedValues(series)], ...)}
        fields[name] = (create_model(f"_{name}", __base__=_ChangeForm, **steps), None)
    return create_model("_Changes", __base__=_ChangesForm, **fields)


@dataclass(frozen=True)
class Changed:
    """A series as a host's file changes it, and what that rests on."""

    steps: Steps
    basis: str


@dataclass(frozen=True)
class Changes(Kind):
    """Changed series by name, each within the range of the series."""

    form: ClassVar[type[Form]] = _changes_form()

    def read(self, value: Any) -> dict[str, Changed]:
        if not isinstance(value, dict):
            raise refusal(self.form.says)
        read = read_form(self.form, value)
        given = {name: getattr(read, name) for name in SERIES if name in read.model_fields_set}
        return {name: Changed(each.steps, each.basis) for name, each in given.items()}

    def schema(self) -> JsonSchema:
        return part_schema(self.form)


_OriginOrAll = Annotated[str, OriginKey((ALL,))]
_OWN_FILE = "[.]yaml$"


@dataclass(frozen=True)
class _ARecord(Kind):
    """The name of a host of which the package has a record, or the path of a record of the user's own."""

    def read(self, value: Any) -> str:
        if isinstance(value, str) and value.endswith(".yaml"):
            return value
        return OneOf("host with a record", tuple(recorded_hosts())).read(value)

    def schema(self) -> JsonSchema:
        return {"anyOf": [{"enum": recorded_hosts()}, {"type": "string", "pattern": _OWN_FILE}]}


def _is_a_file(value: str) -> str:
    if not value.endswith(".yaml"):
        raise refusal(f"{shown(value)} is no path of a file", allowed="a path that ends in .yaml")
    return value


_Path = Annotated[str, AfterValidator(_is_a_file), WithJsonSchema({"type": "string", "pattern": _OWN_FILE})]


class HostForm(Form):
    """A host country's file."""

    name: Text = Field(description="the country's name, as reports print it")
    currency: Text = Field(description="the country's currency, such as NOK")
    record: Annotated[str, _ARecord()] | None = Field(
        None,
        description="the published record that claims, pending claims and series of origins are read from: "
        "the name of a host, or the path of a record of your own from this file",
    )
    own_origins: _Path | None = Field(
        None, description="the path, from this file, of a file of origins of your own"
    )
    claims: _CountForm | None = Field(
        None, description="applications for asylum by year and origin, in persons; in place of a record"
    )
    pending: _CountForm | None = Field(
        None, description="claims pending at the end of a year, by origin, in persons; may be left out"
    )
    arrivals: dict[Year, _ArrivalsForm] | None = Field(
        None, description="applications for asylum, by year, where they are not known by origin"
    )
    arrival_shares: _SharesForm | None = Field(
        None, description="split of the arrivals by origin, by the year it begins; with `arrivals`"
    )
    unregistered_shares: _UnregisteredForm = Field(description="split of those who never apply, by origin")
    households: _HouseholdsForm = Field(description="kinds of household, with their shares of units")
    numbers: _NumbersForm = Field(description="abode on arrival and traits of units")
    series: dict[_OriginOrAll, Annotated[dict[str, Changed], Changes()]] = Field(
        default_factory=dict,
        description="what the host changes of its origins' series: of all of them, or of single origins",
    )

    @model_validator(mode="after")
    def _arrivals_once(self) -> Self:
        ways = {
            "record": self.record is not None,
            "claims": self.claims is not None,
            "arrivals": self.arrivals is not None or self.arrival_shares is not None,
        }
        given = [name for name, said in ways.items() if said]
        if len(given) > 1:
            problem = f"says who arrives twice, under {given[0]!r} and {given[1]!r}"
            raise refusal(problem, path=(given[1],), allowed="one of them")
        if not given:
            raise refusal("lacks 'record', 'claims' or 'arrivals', of which one says who arrives")
        if self.record is not None and self.pending is not None:
            raise refusal("says twice what is pending, here and by its record", path=("pending",))
        return self

    @model_validator(mode="after")
    def _every_year_has_arrivals(self) -> Self:
        if self.record is not None:
            return self
        if self.claims is not None:
            key, persons = "claims", {year: sum(each.values()) for year, each in self.claims.by_year.items()}
        else:
            key, persons = "arrivals", {year: each.persons for year, each in (self.arrivals or {}).items()}
            if not (self.arrival_shares and self.arrival_shares.by_year):
                raise refusal("needs arrivals and their split", path=(key,))
        if sum(persons.values()) <= 0:
            raise refusal("needs arrivals and their split", path=(key,))
        missing = sorted(set(range(min(persons), max(persons) + 1)) - set(persons))
        if missing:
            raise refusal(f"lacks the year {missing[0]}", path=(key,))
        return self


def json_schema() -> JsonSchema:
    """JSON Schema of a host country's file, for editors to complete and check by."""
    schema = json_schema_of(HostForm, "avrr_sim host")
    changed = schema["properties"]["series"]["properties"]
    shared = {"changes": changed[ALL]}  # the same for every origin, so it is written once
    for keys in ("properties", "patternProperties"):
        table = schema["properties"]["series"][keys]
        table |= {name: {"$ref": "#/$defs/changes"} for name in table}
    return schema | {"$defs": shared}
