"""The form of a file of targets: its keys, and what may stand at each; what depends on the scenario that it
names is checked in `targets`.
"""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, GetJsonSchemaHandler, model_validator

from avrr_sim.form_values import EachOnce, Quantity, ScenarioFile, Words
from avrr_sim.forms import AYearKey, Form, JsonSchema, Month, OneOf, Says, Whole, json_schema_of
from avrr_sim.measures import COMPARATIVE, MEASURES, TWIN_MEASURES
from avrr_sim.refusals import Refusals, out_of_range, refusal, shown
from avrr_sim.schema import LONGEST_NAME, LONGEST_TEXT
from avrr_sim.study.jobs.numbers import OF_WAVES
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
    over: MonthsForm | None = Field(
        None, description="for a ratio between two windows, the months of its denominator"
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
    share = MEASURES[form.measure].per == "share" and form.over is None
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


class YearForm(Form):
    """The figure of one year, in the unit of the measure: a number, or a table with an error of its own."""

    says = "{value} is no figure of a year"

    value: _Figure = Field(description="the figure")
    standard_error: _Figure | None = Field(None, description="how well it is known, where not as the others")

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, content: Any) -> Any:
        """A bare number stands for the figure."""
        return content if isinstance(content, dict) else {"value": content}

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: GetJsonSchemaHandler) -> JsonSchema:
        """A number, or a table."""
        table = handler.resolve_ref_schema(handler(schema))
        return {"anyOf": [Quantity(0.0, LARGEST, "unit of the measure").schema(), {**table}]}


_Share = Annotated[float, Quantity(0.0, 10.0, "share of the figure")]


class DiscrepancyForm(Form):
    """How far a good model may be off a series, as shares of its figures."""

    says = "{value} is not a table of the shares 'shared' and 'own'"

    shared: _Share = Field(
        0.0, description="by how much in all years alike: a share of the figure, which ratios do not feel"
    )
    own: _Share = Field(description="by how much in each year by itself: a share of the figure")


class SeriesForm(Form):
    """Published figures of one measure year by year."""

    says = "must hold figure, measure, years and discrepancy"

    figure: Annotated[str, Words(LONGEST_TEXT, blank=False)] = Field(
        description="what is published, in words"
    )
    measure: Annotated[str, OneOf("measure", COUNTED)] = Field(description="what the model reports for it")
    years: Annotated[
        dict[Annotated[int, AYearKey()], YearForm], Field(min_length=2), Says("must be a table of years")
    ] = Field(description="figures by year, such as {2013: 1900, 2015: {value: 1167, standard_error: 5}}")
    month: Annotated[int | None, Whole(1, 12)] = Field(
        None, description="for a stock, the month at whose end it was counted; without it the whole year"
    )
    standard_error: _Figure = Field(description="how well a figure is known, in the unit of the measure")
    discrepancy: DiscrepancyForm = Field(
        description="how far a good model may be off: {shared: ..., own: ...}"
    )
    ratios: Annotated[list[list[int]], Says("{value} is not a list of pairs of years")] = Field(
        [], description="pairs of years whose ratio is told too, such as [[2015, 2013]]"
    )
    role: Annotated[str, OneOf("role", ROLES)] = Field(FIT, description=f"one of {', '.join(ROLES)}")
    source: Annotated[str, Words(LONGEST_TEXT, blank=False)] = Field(description="who published it")
    note: Annotated[str, Words(LONGEST_TEXT)] = Field("", description="what a reader should know of it")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        wrong = Refusals()
        share = MEASURES[self.measure].per == "share"
        for year, each in self.years.items():
            if not 0.0 < each.value < (1.0 if share else LARGEST):
                wrong.add(
                    refusal(
                        f"{shown(each.value)} lies at the edge of what is possible",
                        path=("years", str(year)),
                        allowed="a figure inside it",
                    )
                )
        for i, pair in enumerate(self.ratios):
            if len(pair) != 2 or pair[0] == pair[1] or any(year not in self.years for year in pair):
                wrong.add(
                    refusal(
                        f"{shown(pair)} is not a pair of years of the series",
                        path=("ratios", i),
                        allowed=f"two of {', '.join(map(str, self.years))}",
                    )
                )
        if self.discrepancy.own <= 0 and not self.standard_error:
            wrong.add(
                refusal(
                    "standard_error and discrepancy.own are both 0: no model answers to a figure exactly",
                    allowed="a positive discrepancy.own",
                )
            )
        wrong.raise_any()
        return self


POINT = "point"
"""The column of a wave that numbers its points, beside which every target has a column of its name."""
_A_NAME = f"a name on one line, up to {LONGEST_NAME} characters, other than {POINT!r}"


class TargetsForm(Form):
    """A file of targets, as it is written."""

    name: Annotated[str, Words(LONGEST_NAME, blank=False)] = Field("", description="a name on one line")
    scenario: ScenarioFile = Field(
        description="the scenario file that is simulated, by its path from this one"
    )
    targets: Annotated[dict[str, FigureForm], Says("must be a table of targets by their names")] = Field(
        {}, description="published figures by name, such as T01: {figure: ..., measure: ..., ...}"
    )
    series: Annotated[dict[str, SeriesForm], Says("must be a table of series by their names")] = Field(
        {}, description="figures year by year, such as assisted: {figure: ..., years: {...}, ...}"
    )
    effects: Annotated[list[ScenarioFile], EachOnce, Says("{value} is not a list")] = Field(
        [], description="a list of scenario files whose effects are followed"
    )
    baseline: ScenarioFile | None = Field(
        None,
        description="the scenario file that effects are set against; without it the one that is simulated",
    )
    waves: Annotated[int, Whole(*OF_WAVES["waves"])] = Field(
        3, description="waves of runs, the first through the priors, each nearer to the figures"
    )
    points: Annotated[int, Whole(*OF_WAVES["points"])] = Field(4000, description="runs of each wave")
    size: Annotated[int, Whole(*OF_WAVES["size"])] = Field(1000, description="units simulated in such a run")
    close_points: Annotated[int, Whole(*OF_WAVES["close_points"])] = Field(
        4000, description="runs of the posterior itself, of which its rows are taken"
    )
    close_size: Annotated[int, Whole(*OF_WAVES["close_size"])] = Field(
        4000, description="units simulated in such a run"
    )
    seed: Annotated[int, Whole(*OF_WAVES["seed"])] = Field(1, description="master seed")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        wrong = Refusals()
        for at, names in (("targets", [*self.targets]), ("series", [*self.series])):
            for name in names:
                if name == POINT or not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
                    wrong.add(refusal(f"{shown(name)} cannot name a target", path=(at,), allowed=_A_NAME))
        for name in sorted({*self.targets} & {*self.series}):
            wrong.add(
                refusal(f"{shown(name)} names a target and a series", path=("series",), allowed="two names")
            )
        roles = {*(t.role for t in self.targets.values()), *(t.role for t in self.series.values())}
        if FIT not in roles:
            wrong.add(
                refusal("no target is to be fitted", path=("targets",), allowed="at least one with role: fit")
            )
        wrong.raise_any()
        return self


def targets_schema() -> JsonSchema:
    """JSON Schema of files of targets."""
    return json_schema_of(TargetsForm, "avrr_sim targets")
