"""The form of an experiment file: its keys, and what may stand at each; what depends on the baseline and on
the thing that is varied is checked in `experiment` and `factors`.
"""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from avrr_sim.form_values import SCENARIO_FILE, APath, EachOnce, Quantity, Words
from avrr_sim.forms import Between, Form, JsonSchema, Month, OneOf, Says, Whole, json_schema_of
from avrr_sim.measures import COMPARATIVE, MEASURES, TWIN_MEASURES
from avrr_sim.policy import LEVERS, STATUS_NAMES, TIMING, TIMING_RANGE, TIMINGS
from avrr_sim.refusals import Refusals, refusal, shown, unknown_name
from avrr_sim.scenario import Scenario
from avrr_sim.schema import LONGEST_NAME, LONGEST_TEXT
from avrr_sim.simulation import ENGINES
from avrr_sim.study.jobs.numbers import RANGES
from avrr_sim.study.jobs.plan import WEIGHTS
from avrr_sim.study.sweep.against import SWEPT
from avrr_sim.study.sweep.asked import SIDES
from avrr_sim.study.sweep.design import GIVEN, KINDS, MOST_POINTS, PLACES, SAMPLED
from avrr_sim.study.sweep.offer_factors import PLACE
from avrr_sim.study.sweep.values import names_of, range_of

GROUPS = ("origin", "abode", "status", "tier", "household")
KEPT = tuple(name for name in MEASURES if name in SWEPT or name not in (*COMPARATIVE, *TWIN_MEASURES))
"""Measures that a sweep can tell."""
SCALES = ("linear", "log")
VALUES = "such as [0, 1, 2], or {low: 0, high: 4}"
A_DESIGN = (
    f"{', '.join(GIVEN)}; or {{kind: {' or '.join(SAMPLED)}, points: 64, seed: 1}}; or {{kind: rows, "
    "file: points.csv}"
)
MOST_QUESTIONS = 8
_LONGEST_WINDOW = 1200  # months, far beyond what a scenario allows, which says itself how many
_SMALLEST, _LARGEST = 1e-12, 1e12  # of a precision


class FactorForm(Form):
    """One thing that varies: a list of values, or a table of them, or a range."""

    values: Annotated[list[Any] | None, Field(min_length=1), Says("{value} is not a list of values")] = Field(
        None, description=VALUES
    )
    low: Any = Field(None, description="the lower end of a range, for latin_hypercube and sobol")
    high: Any = Field(None, description="the upper end")
    scale: Annotated[str, OneOf("scale", SCALES)] = Field("linear", description="linear or log")
    start: Month | None = Field(None, alias="from", description="the month it starts, written YYYY-MM")
    announced: Month | None = Field(
        None, description="the month from which people know of it; for levers of support"
    )

    @model_validator(mode="before")
    @classmethod
    def _listed(cls, content: Any) -> Any:
        """A bare list stands for its values."""
        if not isinstance(content, (list, dict)) or not content:
            raise refusal(f"{shown(content)} is neither a list of values nor a range", allowed=VALUES)
        return {"values": content} if isinstance(content, list) else content

    @model_validator(mode="after")
    def _fits(self) -> Self:
        ends = {"low", "high"} & self.model_fields_set
        if (self.values is None) != (len(ends) == 2) or (self.values is not None and ends):
            raise refusal("is neither a list of values nor a range", allowed=VALUES)
        return self


_Named = Annotated[dict[str, FactorForm] | None, Field(min_length=1)]
_FACTORS = "factors by name, each with its values"


class VaryForm(Form):
    """Factors, by the place where they stand."""

    says = "{value} is not what belongs here"
    also = {name: f"levers: {name}" for name in (*LEVERS, TIMING)}

    levers: _Named = Field(None, description=_FACTORS)
    amounts: _Named = Field(None, description=_FACTORS)
    weights: _Named = Field(None, description=_FACTORS)
    offers: _Named = Field(
        None,
        description="factors by an offer of the baseline and its part, such as Families.cash_adult or "
        "Families.from, each with its values",
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.model_fields_set:
            raise refusal("{} is not what belongs here", allowed=f"{', '.join(PLACES)}, each with {_FACTORS}")
        return self


class DesignForm(Form):
    """Which combinations of factors are run."""

    says = "{value} is not what belongs here"
    lacks = "needs the key {key}"

    kind: Annotated[str, OneOf("design", KINDS)] = Field(description=A_DESIGN)
    points: Annotated[int, Whole(2, MOST_POINTS)] = Field(default=0, description="how many points are spread")
    seed: Annotated[int, Whole(0, 2**32 - 1)] = Field(
        default=1, description="seed of the points, not of the runs"
    )
    file: Annotated[str, APath("a CSV file, by its path from this one")] = Field(
        default="", description="a CSV file whose rows are the points, by its path from this one"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """Keys belong to kinds."""
        allowed = {"rows": ("kind", "file"), **dict.fromkeys(SAMPLED, ("kind", "points", "seed"))}
        keys = allowed.get(self.kind, ("kind",))
        wrong = Refusals()
        for key in sorted(self.model_fields_set - set(keys)):
            wrong.add(unknown_name("key", key, keys))
        for key in keys[1:2]:
            if key not in self.model_fields_set:
                wrong.add(refusal(f"needs the key {key!r}", allowed=A_DESIGN))
        if self.kind == "sobol" and self.points & (self.points - 1):
            power = 2 ** self.points.bit_length()
            wrong.add(
                refusal(
                    f"{self.points} is not a power of two, without which a Sobol sequence loses its balance",
                    path=("points",),
                    allowed=f"such as {power // 2} or {power}",
                )
            )
        wrong.raise_any()
        return self


def _bare_kind(value: Any) -> Any:
    """A design that needs nothing but its kind may be written as a word."""
    if isinstance(value, str) and value not in KINDS:
        raise unknown_name("design", value, KINDS)
    return {"kind": value} if isinstance(value, str) else value


class PrecisionForm(Form):
    """When a sweep has run enough."""

    says = "{value} is not what belongs here"
    lacks = "needs the key {key}"

    measure: str = Field(description="a measure of the experiment")
    below: Annotated[float, Quantity(_SMALLEST, _LARGEST, "unit of the measure")] = Field(
        description="the Monte Carlo error that is enough"
    )
    most_draws: Annotated[int, Whole(*RANGES["draws"])] = Field(1000, description="draws at the most")
    most_replicates: Annotated[int, Whole(*RANGES["replicates"])] = Field(
        8, description="replicates at the most"
    )


A_MARK = "one of above and below, with a number in the unit of the measure, such as 0.4 for 40 %"


class AskForm(Form):
    """A question about every point: on which side of a mark is a measure?"""

    says = "{value} is not what belongs here"
    lacks = "needs the key {key}"

    measure: str = Field(description="a measure of the experiment")
    above: Annotated[float | None, Between(-_LARGEST, _LARGEST)] = Field(
        None, description="the mark that it is to lie above, in the unit of the measure, such as 0.4 for 40 %"
    )
    below: Annotated[float | None, Between(-_LARGEST, _LARGEST)] = Field(
        None, description="the mark that it is to lie below"
    )
    difference: Annotated[bool, Says("{value} is neither true nor false")] = Field(
        False, description="true: the difference from the baseline is meant, not the level"
    )

    @model_validator(mode="after")
    def _says_one_side(self) -> Self:
        sides = [side for side in SIDES if getattr(self, side) is not None]
        if len(sides) != 1:
            raise refusal("says not exactly one of above and below", allowed=A_MARK)
        if (known := MEASURES.get(self.measure)) is not None and known.per == "share":
            lowest = -1.0 if self.difference or self.measure in SWEPT else 0.0
            if not lowest <= (mark := getattr(self, sides[0])) <= 1.0:
                raise refusal(
                    f"{mark:g} is no share",
                    path=(sides[0],),
                    allowed=f"from {lowest:g} to 1; 40 % is written 0.4",
                )
        return self


def _listed_questions(value: Any) -> Any:
    """One question may stand without a list."""
    return [value] if isinstance(value, dict) else value


def _a_baseline(value: Any) -> Any:
    return value if isinstance(value, Scenario) else APath(SCENARIO_FILE).read(value)


class ExperimentForm(Form):
    """An experiment: what to vary, how, and how often."""

    lacks = "needs the key {key}"

    name: Annotated[str, Words(LONGEST_NAME, blank=False)] = Field(
        "", description=f"a name on one line, up to {LONGEST_NAME} characters"
    )
    asks: Annotated[str, Words(LONGEST_TEXT)] = Field(
        "", description=f"what the experiment asks, in words, up to {LONGEST_TEXT} characters"
    )
    baseline: Annotated[Any, BeforeValidator(_a_baseline), WithJsonSchema({"type": "string"})] = Field(
        description="the scenario file to vary, by its path from this one"
    )
    vary: VaryForm | None = Field(
        None,
        description=(
            f"factors by place ({', '.join(PLACES)}), each a list of values or a range such as "
            "{low: 0, high: 4}"
        ),
    )
    design: Annotated[DesignForm, BeforeValidator(_bare_kind)] = Field(
        DesignForm(kind="factorial"), description=A_DESIGN
    )
    draws: Annotated[int | None, Whole(*RANGES["draws"])] = Field(None, description="draws of the weights")
    replicates: Annotated[int | None, Whole(*RANGES["replicates"])] = Field(
        None, description="streams of chance a draw"
    )
    seed: Annotated[int | None, Whole(*RANGES["seed"])] = Field(None, description="master seed")
    size: Annotated[int | None, Whole(*RANGES["size"])] = Field(None, description="units simulated in a run")
    months: Annotated[int | None, Whole(1, _LONGEST_WINDOW)] = Field(None, description="length of the window")
    engine: Annotated[str | None, OneOf("engine", ENGINES)] = Field(None, description="table or agents")
    weights: Annotated[str | None, OneOf("set of weights", WEIGHTS)] = Field(
        None, description=", ".join(WEIGHTS)
    )
    measures: Annotated[
        list[Annotated[str, OneOf("measure", KEPT)]] | None,
        Field(min_length=1),
        EachOnce,
        Says("{value} is not a list of names"),
    ] = Field(None, description="a list of measures to keep, such as [uptake_24]")
    read_by: Annotated[
        list[Annotated[str, OneOf("group", GROUPS)]],
        Field(min_length=1),
        EachOnce,
        Says("{value} is not a list of names"),
    ] = Field([], description=f"groups for small multiples: {', '.join(GROUPS)}")
    ask: Annotated[
        list[AskForm],
        BeforeValidator(_listed_questions),
        Field(min_length=1, max_length=MOST_QUESTIONS),
        Says("{value} is not a question, nor a list of them"),
    ] = Field([], description="questions about every point, such as {measure: drop_out_12, above: 0.4}")
    precision: PrecisionForm | None = Field(
        None, description="{measure: uptake_24, below: 0.002, most_draws: 1000, most_replicates: 8}"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """Factors stand in the file, or in the rows of another one."""
        if self.design.kind == "rows" and self.vary:
            problem, allowed = "a design of rows takes its factors from the file", "leave 'vary' out"
        elif self.design.kind != "rows" and not self.vary:
            problem, allowed = "needs something to vary", self.keys()["vary"]
        else:
            return self
        raise refusal(problem, path=("vary",), allowed=allowed)


def experiment_schema() -> JsonSchema:
    """JSON Schema of experiment files, with every lever, amount and weight that may vary."""
    schema = json_schema_of(ExperimentForm, "avrr_sim experiment")
    fields = schema["properties"]
    table = fields["design"]
    fields["design"] = {
        "description": table.pop("description", A_DESIGN),
        "anyOf": [{"enum": list(GIVEN)}, table],
    }
    questions = fields["ask"]
    fields["ask"] = {
        "description": questions.pop("description"),
        "anyOf": [questions["items"], {key: each for key, each in questions.items() if key != "default"}],
    }
    for place in (each for each in PLACES if each != PLACE):
        part = fields["vary"]["properties"][place]
        form = part.pop("additionalProperties")
        part |= {
            "properties": {name: _factor_schema(place, name) for name in names_of(place)},
            "additionalProperties": False,
        }
    return {**schema, "$defs": {key: form["properties"][key] for key in _OF_A_RANGE}}


_OF_A_RANGE = ("scale", "from", "announced")
"""Keys that are the same for every factor; there are some two hundred, so that they are written once."""


def _factor_schema(place: str, name: str) -> JsonSchema:
    """The schema of one factor: a list of values, or a table."""
    value, meaning = _value_schema(place, name)
    values = {"type": "array", "minItems": 1, "items": value}
    shared = {key: {"$ref": f"#/$defs/{key}"} for key in _OF_A_RANGE}
    table = {
        "type": "object",
        "properties": {"values": values, "low": value, "high": value, **shared},
        "additionalProperties": False,
    }
    return {"description": meaning, "anyOf": [values, table]}


def _value_schema(place: str, name: str) -> tuple[JsonSchema, str]:
    if name == TIMING:
        by_status = {status: _number(*TIMING_RANGE) for status in STATUS_NAMES}
        table = {
            "type": "object",
            "properties": by_status,
            "additionalProperties": False,
            "minProperties": 1,
        }
        return {"anyOf": [{"enum": list(TIMINGS)}, table]}, "when in the asylum path advisors make contact"
    low, high, unit = range_of(place, name)
    meaning = f"{LEVERS[name].meaning} ({unit})" if place == "levers" else unit
    return _number(low, high), meaning


def _number(low: float, high: float) -> JsonSchema:
    return {"type": "number", "minimum": low, "maximum": high}
