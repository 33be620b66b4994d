"""The form of a file of studies that could be done: its keys, and what may stand at each; scenarios that it
names are read in `studies`.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from avrr_sim.evidence import weight_names
from avrr_sim.form_values import EachOnce, Quantity, ScenarioFile, Words
from avrr_sim.forms import Form, JsonSchema, OneOf, Says, Whole, json_schema_of
from avrr_sim.measures import COMPARATIVE, MEASURES, TWIN_MEASURES
from avrr_sim.refusals import Refusals, refusal
from avrr_sim.schema import LONGEST_NAME, LONGEST_TEXT

WITH_ARMS = ("trial", "dose")
KINDS = ("survey", "register", *WITH_ARMS)
"""survey: people are asked; register: a cohort is followed in what offices record; trial: randomised, two
policies side by side; dose: a step of an amount, in a part of the country.
"""
OUTCOMES = tuple(name for name in MEASURES if name not in (*COMPARATIVE, *TWIN_MEASURES))
"""What a study can measure: the measures of a single run."""
_LARGEST, _MOST_PEOPLE, _MOST_CLUSTERS = 1e12, 10_000_000, 100_000
_Size = Annotated[float, Quantity(0.0, _LARGEST, "unit of the measure")]


class AnswerForm(Form):
    """One thing that a study measures."""

    says = "must hold a measure or a weight"

    measure: Annotated[str, OneOf("measure", OUTCOMES)] | None = Field(
        None, description="a measure of the model, such as aware_centre"
    )
    weight: Annotated[str, OneOf("weight", tuple(weight_names()))] | None = Field(
        None, description="a weight that the study estimates directly"
    )
    group: Annotated[
        dict[str, str] | None, Field(min_length=1, max_length=1), Says("{value} is not a group")
    ] = Field(None, description="one group that is measured, such as {status: after_deadline}")
    people: Annotated[int, Whole(2, _MOST_PEOPLE)] | None = Field(
        None, description="how many are in the sample, both arms together"
    )
    spread: _Size | None = Field(
        None, description="standard deviation between people, in the measure's unit; not needed for shares"
    )
    standard_error: _Size | None = Field(
        None,
        description="in place of people: of the estimate, in the measure's unit; of a weight on the scale of "
        "its prior (log of positive ones, logit of shares)",
    )
    discrepancy: _Size = Field(
        0.0,
        description="how far the answer may be off however many are asked (who does not answer, another "
        "setting), in the same unit",
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.measure is None) == (self.weight is None):
            raise refusal(
                "needs either 'measure' or 'weight'", allowed="measure: aware_centre, or weight: trust_mean"
            )
        wrong = Refusals()
        wrong.attempt(_check_size, self)
        if self.weight is not None and (self.group is not None or self.people is not None):
            wrong.add(
                refusal("'weight' stands with group or people", allowed="weight with standard_error, alone")
            )
        wrong.raise_any()
        return self


def _check_size(form: AnswerForm) -> None:
    """Refuse what does not say how well it is measured."""
    if (form.people is None) == (form.standard_error is None):
        raise refusal(
            "needs either 'people' or 'standard_error'", allowed="people: 500, or standard_error: 0.02"
        )
    if form.standard_error is not None and form.standard_error + form.discrepancy <= 0:
        raise refusal("no study measures exactly", path=("standard_error",), allowed="a number above 0")
    share = form.measure is not None and MEASURES[form.measure].per == "share"
    if form.people is not None and not share and form.spread is None:
        raise refusal(
            "lacks 'spread'", allowed="the standard deviation between people, in the unit of the measure"
        )


class StudyForm(Form):
    """One study that could be done."""

    says = "must hold asks, kind, whom, measured and source"

    asks: Annotated[str, Words(LONGEST_TEXT, blank=False)] = Field(
        description="the question, in one sentence"
    )
    kind: Annotated[str, OneOf("kind of study", KINDS)] = Field(description=f"one of {', '.join(KINDS)}")
    whom: Annotated[str, Words(LONGEST_TEXT, blank=False)] = Field(
        description="who would be in it, and how they would be found"
    )
    measured: Annotated[list[AnswerForm], Field(min_length=1, max_length=10), Says("must be a list")] = Field(
        description="what is measured, each with how well"
    )
    arms: Annotated[
        list[ScenarioFile] | None,
        Field(min_length=2, max_length=2),
        EachOnce,
        Says("{value} are not two arms"),
    ] = Field(
        None,
        description="of a trial or dose: two scenario files; what is measured is the second less the first",
    )
    clusters: Annotated[int, Whole(2, _MOST_CLUSTERS)] | None = Field(
        None, description="centres or regions in all, where people of one place are alike"
    )
    correlation: Annotated[float, Quantity(0.0, 1.0, "share of variance")] = Field(
        0.0, description="how alike people of one cluster are: the share of variance between clusters"
    )
    source: Annotated[str, Words(LONGEST_TEXT, blank=False)] = Field(
        description="where sizes and errors come from; judgement where nobody says"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.arms is not None) != (self.kind in WITH_ARMS):
            raise refusal(
                f"a {self.kind} {'has' if self.arms else 'needs two'} arms",
                path=("arms",) if self.arms else (),
                allowed=f"arms for {' and '.join(WITH_ARMS)}, and for these only",
            )
        if self.correlation and not self.clusters:
            raise refusal("lacks 'clusters'", allowed="how many centres or regions there are")
        if self.arms and any(each.weight for each in self.measured):
            raise refusal(
                "arms differ in measures, not in a weight", path=("measured",), allowed="measure: uptake_24"
            )
        return self


class StudiesForm(Form):
    """A file of studies that could be done, as it is written."""

    name: Annotated[str, Words(LONGEST_NAME, blank=False)] = Field("", description="a name on one line")
    studies: Annotated[
        dict[Annotated[str, Words(LONGEST_NAME, blank=False)], StudyForm],
        Field(min_length=1),
        Says("must be a table of studies by their names"),
    ] = Field(description="studies by name, such as survey: {asks: ..., kind: survey, ...}")


def json_schema() -> JsonSchema:
    """JSON Schema (draft 2020-12) of files of studies, for editors to complete and check by."""
    return json_schema_of(StudiesForm, "avrr_sim studies")
