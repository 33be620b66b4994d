"""The factors that an experiment file states, checked against the baseline, and the points of its design."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from avrr_sim.dates import month_text
from avrr_sim.form_values import every
from avrr_sim.policy import LEVERS, TIMING
from avrr_sim.refusals import Refusals, refusal
from avrr_sim.scenario import Scenario
from avrr_sim.schema import Given
from avrr_sim.study.sweep.design import GIVEN, MOST_POINTS, Factor, points_of
from avrr_sim.study.sweep.experiment_form import DesignForm, FactorForm, VaryForm
from avrr_sim.study.sweep.offer_factors import PLACE, is_date
from avrr_sim.study.sweep.values import value_reader

Point = tuple[Any, ...]
"""A value a factor: a number, a timing of information, or None for what stays as in the baseline."""


def spread_factors(
    written: Mapping[str, Mapping[str, Any]],
    vary: VaryForm,
    design: DesignForm,
    baseline: Scenario,
    file: Path | None,
) -> tuple[list[Factor], list[Point]]:
    """The factors under `vary`, in the order in which they are `written`, and the points of their design.
    Raises one `Refusal` of all that is wrong.
    """
    named = [(place, name) for place, table in written.items() for name in table]
    factors = every(
        partial(
            _Reader(Given(written[place][name], ("vary", place, name), file, 0), place, name).factor,
            getattr(vary, place)[name],
            design.kind,
            baseline,
        )
        for place, name in named
    )
    _check_number(factors, design.kind, file)
    return factors, points_of(design.kind, factors, design.points, design.seed)


def _check_number(factors: Sequence[Factor], kind: str, file: Path | None) -> None:
    """Refuse lists that do not go together, and too many points."""
    lengths = {factor.column: len(factor.values) for factor in factors}
    if kind == "zip" and len(set(lengths.values())) > 1:
        raise refusal(
            f"zip needs lists of one length, not {', '.join(f'{k} {n}' for k, n in lengths.items())}",
            file=file,
            path=("vary",),
        )
    total = math.prod(lengths.values()) if kind == "factorial" else 1
    if total > MOST_POINTS:
        raise refusal(
            f"{total} points are too many",
            file=file,
            path=("vary",),
            allowed=f"up to {MOST_POINTS}; latin_hypercube or sobol spread fewer",
        )


@dataclass(frozen=True)
class _Reader:
    """Reads one factor: as it was written, where it stands, and what it is."""

    item: Given
    place: str
    name: str

    def factor(self, form: FactorForm, kind: str, baseline: Scenario) -> Factor:
        """The factor that a form states, for one kind of design."""
        wrong = Refusals()
        wrong.attempt(self._check_dates, form, baseline)
        if form.values is not None:
            values = wrong.attempt(self._values, form.values, kind)
            wrong.raise_any()
            return Factor(self.place, self.name, values or (), start=form.start, announced=form.announced)
        ends = wrong.attempt(self._range, form, kind)
        wrong.raise_any()
        low, high = ends or (None, None)
        return Factor(
            self.place, self.name, (), low, high, form.scale, start=form.start, announced=form.announced
        )

    def _values(self, values: list[Any], kind: str) -> tuple[Any, ...]:
        """A list of values; where they are not taken together, each stands there once."""
        deeper = () if isinstance(self.item.value, list) else ("values",)
        reader = value_reader(self.item, self.place, self.name)
        found = tuple(every(partial(reader, value, *deeper, i) for i, value in enumerate(values)))
        if kind != "zip" and len({str(v) for v in found}) < len(found):
            raise self.item.refuse("a value stands there twice", *deeper)
        return found

    def _range(self, form: FactorForm, kind: str) -> tuple[float, float]:
        """The ends of a range."""
        reader = value_reader(self.item, self.place, self.name)
        if kind in GIVEN:
            raise self.item.refuse(
                f"the design {kind} needs a list of values",
                allowed="such as [0, 1, 2]; latin_hypercube and sobol take ranges",
            )
        if self.name == TIMING:
            raise self.item.refuse("a timing has no range", allowed="such as [early, gradual, late]")
        if self.place == PLACE and is_date(self.name):
            raise self.item.refuse("a date has no range", allowed="such as [2014-01, 2014-07]")
        low, high = every(partial(reader, getattr(form, end), end) for end in ("low", "high"))
        if not low < high or (form.scale == "log" and low <= 0):
            raise self.item.refuse(
                f"{low:g} to {high:g} is no range on a {form.scale} scale",
                allowed="low below high" + (", both above 0" if form.scale == "log" else ""),
            )
        return low, high

    def _check_dates(self, form: FactorForm, baseline: Scenario) -> None:
        """Weights have no dates, only support is announced ahead, and both within the run."""
        lever = LEVERS.get(self.name) if self.place == "levers" else None
        announceable = lever is not None and lever.kind == "support"
        for key, month in (("from", form.start), ("announced", form.announced)):
            if month is None:
                continue
            if self.place in ("weights", PLACE) or (key == "announced" and not announceable):
                raise self.item.refuse(
                    f"{self.place[:-1]} {self.name} cannot be dated by {key!r}",
                    key,
                    allowed="from: levers and amounts; announced: levers of support",
                )
            if not baseline.start <= month <= baseline.window_to:
                raise self.item.refuse(
                    f"{month_text(month)} is outside the simulated months",
                    key,
                    allowed=f"{month_text(baseline.start)} to {month_text(baseline.window_to)}",
                )
        start = baseline.window_from if form.start is None else form.start
        if form.announced is not None and form.announced > start:
            raise self.item.refuse(f"announced in {month_text(form.announced)}, after it starts", "announced")
