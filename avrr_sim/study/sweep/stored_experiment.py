"""The form of an experiment as the manifest of a sweep holds it, from which shards are merged: it may have
come from another machine, and is checked as a file of an experiment is.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from pydantic import Field

from avrr_sim.form_values import every
from avrr_sim.forms import OneOf
from avrr_sim.measures import MEASURES
from avrr_sim.refusals import refusal
from avrr_sim.schema import EARLIEST, LATEST, Given
from avrr_sim.study.folder.stored import AS_WRITTEN, Slug, Stored, fit
from avrr_sim.study.sweep.asked import SIDES
from avrr_sim.study.sweep.design import KINDS, MOST_POINTS, PLACES
from avrr_sim.study.sweep.values import value_reader

_Month = Annotated[int, Field(ge=EARLIEST, le=LATEST)]
_Measure = Annotated[str, OneOf("measure", tuple(MEASURES))]


class _Factor(Stored):
    place: Annotated[str, OneOf("place", PLACES)]
    name: str
    values: list[Any]
    low: float | None
    high: float | None
    scale: Annotated[str, OneOf("scale", ("linear", "log"))]
    start: _Month | None
    announced: _Month | None


class _Precision(Stored):
    measure: _Measure
    below: Annotated[float, Field(gt=0)]
    most_draws: Annotated[int, Field(ge=1)]
    most_replicates: Annotated[int, Field(ge=1)]


class _Ask(Stored):
    measure: _Measure
    side: Annotated[str, OneOf("side", SIDES)]
    mark: float
    difference: bool


class StoredExperiment(Stored):
    """An experiment. own_files: the text of the host and programme files of its baseline that do not come
    with the package, by their names.
    """

    name: str
    asks: str
    key: Slug
    baseline: dict[str, Any]
    factors: list[_Factor]
    points: Annotated[list[list[Any]], Field(min_length=1, max_length=MOST_POINTS)]
    kind: Annotated[str, OneOf("design", KINDS)]
    numbers: dict[str, int | str]
    measures: Annotated[list[_Measure], Field(min_length=1)]
    read_by: list[str]
    precision: _Precision | None
    ask: list[_Ask] = Field(default_factory=list)
    own_files: dict[str, str] = Field(default_factory=dict)


def read_stored(content: Any) -> StoredExperiment:
    """What `Experiment.resolved` wrote, checked: its form, and every value of every point. Raises `Refusal`
    where it did not write this.
    """
    form = fit(StoredExperiment, content)
    at = Given(None, ("points",), None, 0)
    readers = every(partial(value_reader, at, each.place, each.name) for each in form.factors)
    for number, point in enumerate(form.points):
        if len(point) != len(readers):
            raise refusal(f"point {number} has {len(point)} values", path=("points",), allowed=AS_WRITTEN)
        for read, value in zip(readers, point, strict=True):
            if value is not None:
                read(value, number)
    return form
