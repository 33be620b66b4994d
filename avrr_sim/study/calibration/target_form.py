"""The form of a file of targets: its keys, and what may stand at each; what depends on the scenario that it
names is checked in `targets`.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from avrr_sim.form_values import EachOnce, Quantity, ScenarioFile, Words
from avrr_sim.forms import Form, JsonSchema, Month, OneOf, Says, Whole, json_schema_of
from avrr_sim.measures import COMPARATIVE, MEASURES, TWIN_MEASURES
from avrr_sim.refusals import Refusals, out_of_range, refusal, shown
from avrr_sim.schema import LONGEST_NAME, LONGEST_TEXT
from avrr_sim.study.jobs.numbers import OF_BANKS
from avrr_sim.study.patterns.catalogue import PATTERNS
from avrr_sim.study.published.figure import FIT, ROLES

LARGEST = 1e12  # of a figure
COUNTED = tuple(name for name in MEASURES if name not in (*COMPARATIVE, *TWIN_MEASURES))
_Figure = Annotated[float, Quantity(0.0, LARGEST, "unit of the measure")]


class MonthsForm(Form):
    """The months over which a figure is taken."""

    says = "{value} is not a window"

    first: Month = Field(alias="from", description="the first month, written YYYY-MM")
    last: Month = Field(alias="to", description="the last month, written YYYY-MM")


class FigureForm(Form):
    """One published figure, as a file of targets writes it."""

    says = "must hold figure, measure, window and value"

    figure: Annotated[str, Words(LONGEST_TEXT, blank=False)] = Field(
        description="what is published, in words"
    )
    measure: Annotated[str, OneOf("measure", COUNTED)] = Field(description="what the model reports for it")
    window: MonthsForm = Field(
        description="the months over which it is taken, as {from: YYYY-MM, to: YYYY-MM}"
    )
    group: Annotated[
        dict[str, str] | None, Field(min_length=1, max_length=1), Says("{value} is not a group")
    ] = Field(None, description="one group that it is about, such as {origin: iraq}")
    value: _Figure | None = Field(None, description="the figure, in the unit of the measure")
    range: Annotated[
        list[_Figure] | None, Field(min_length=2, max_length=2), Says("{value} is not a range")
    ] = Field(None, description="[low, high], where only a range is known")
    standard_error: _Figure | None = Field(None, description="how well the figure is known, in its unit")
    discrepancy: _Figure = Field(description="how far a good model may be off, in the figure's unit")
    role: Annotated[str, OneOf("role", ROLES)] = Field(FIT, description=f"one of {', '.join(ROLES)}")
    source: Annotated[str, Words(LONGEST_TEXT, blank=False)] = Field(description="who published it")
    note: Annotated[str, Words(LONGEST_TEXT)] = Field("", description="what a reader should know of it")

    @property
    def ends(self) -> tuple[float, float]:
        """(low, high), the two equal where there is one figure."""
        low, high = self.range or (self.value or 0.0, self.value or 0.0)
        return low, high

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.value is None) == (self.range is None):
            raise refusal("needs either 'value' or 'range'", allowed="value: 0.33, or range: [0.5, 0.85]")
        wrong = Refusals()
        wrong.attempt(_check_ends, self)
        wrong.attempt(_check_errors, self)
        wrong.raise_any()
        return self


def _check_ends(form: FigureForm) -> None:
    """Refuse figures beyond what the measure can be, or at its edge."""
    share = MEASURES[form.measure].per == "share"
    top, unit = (1.0, "share") if share else (LARGEST, MEASURES[form.measure].unit)
    for path, end in [(("value",), form.value)] if form.range is None else _places(form.range):
        if end is not None and end > top:
            raise out_of_range(end, 0.0, top, unit, path=path)
    low, high = form.ends
    if form.range is None and not 0.0 < low < top:
        raise refusal(
            f"{shown(form.value)} lies at the edge of what is possible",
            path=("value",),
            allowed="a figure inside it, or a range",
        )
    if form.range is not None and not low < high:
        raise refusal(
            f"{shown(form.range)} runs the wrong way",
            path=("range",),
            allowed="[low, high] with low below high",
        )
    if form.range is not None and low <= 0 and high >= top:
        raise refusal(
            f"{shown(form.range)} holds every possible figure",
            path=("range",),
            allowed="a range that leaves something out",
        )


def _places(ends: list[float]) -> list[tuple[tuple[str | int, ...], float | None]]:
    return [(("range", i), end) for i, end in enumerate(ends)]


def _check_errors(form: FigureForm) -> None:
    if form.standard_error is None and form.range is None:
        raise refusal("lacks 'standard_error'", allowed="how well the figure is known, in its unit")
    if not form.standard_error and form.discrepancy <= 0:
        raise refusal(
            "standard_error and discrepancy are both 0: no model answers to a figure exactly",
            allowed="a positive discrepancy",
        )


POINT = "point"
"""The column of a bank that numbers its points, beside which every target has a column of its name."""
_A_NAME = f"a name on one line, up to {LONGEST_NAME} characters, other than {POINT!r}"


class TargetsForm(Form):
    """A file of targets, as it is written."""

    name: Annotated[str, Words(LONGEST_NAME, blank=False)] = Field("", description="a name on one line")
    scenario: ScenarioFile = Field(
        description="the scenario file that is simulated, by its path from this one"
    )
    targets: Annotated[
        dict[str, FigureForm], Field(min_length=1), Says("must be a table of targets by their names")
    ] = Field(description="published figures by name, such as T01: {figure: ..., measure: ..., ...}")
    effects: Annotated[list[ScenarioFile], EachOnce, Says("{value} is not a list")] = Field(
        [], description="a list of scenario files whose effects are followed"
    )
    patterns: Annotated[
        list[Annotated[str, OneOf("pattern", tuple(PATTERNS))]], EachOnce, Says("{value} is not a list")
    ] = Field([], description="a list of patterns to condition on, such as [P01]")
    points: Annotated[int, Whole(*OF_BANKS["points"])] = Field(4096, description="points of the bank of runs")
    size: Annotated[int, Whole(*OF_BANKS["size"])] = Field(5000, description="units simulated in a run")
    seed: Annotated[int, Whole(*OF_BANKS["seed"])] = Field(1, description="master seed")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        wrong = Refusals()
        for name in self.targets:
            if name == POINT or not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
                wrong.add(refusal(f"{shown(name)} cannot name a target", path=("targets",), allowed=_A_NAME))
        if not any(target.role == FIT for target in self.targets.values()):
            wrong.add(
                refusal("no target is to be fitted", path=("targets",), allowed="at least one with role: fit")
            )
        wrong.raise_any()
        return self


def targets_schema() -> JsonSchema:
    """JSON Schema of files of targets."""
    return json_schema_of(TargetsForm, "avrr_sim targets")
