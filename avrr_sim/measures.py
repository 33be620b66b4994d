"""Every measure by name, as measures.yaml defines it once: label, unit, what it is a kind of, window and
horizon, meaning.

How each is counted stands in `outcomes`, in study/summary/effects.py (against a baseline) and in
study/jobs/twins.py (with twin runs).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from avrr_sim.files import read_yaml
from avrr_sim.forms import Form, OneOf, Text, Whole, read_form

_FILE = Path(__file__).with_name("measures.yaml")
_PER = ("share", "rate", "count", "months", "index", "NOK")
_Months = Annotated[int, Whole(1, 120)]


@dataclass(frozen=True)
class Measure:
    """One measure: label, unit, what it is a kind of, window and horizon, meaning."""

    name: str
    label: str
    unit: str
    per: str
    window: str
    meaning: str


class _MeasureForm(Form):
    label: Text
    unit: Text
    per: Annotated[str, OneOf("kind of measure", _PER)]
    window: Text
    meaning: Text


class _HorizonsForm(Form):
    uptake: _Months
    drop_out: _Months
    pressure: _Months
    early: _Months
    late: _Months
    obliged_soon: _Months
    obliged_later: _Months


class _MeasuresForm(Form):
    horizons: _HorizonsForm
    windows: dict[str, Text]
    measures: dict[str, _MeasureForm]
    with_twins: dict[str, _MeasureForm]
    against_a_baseline: dict[str, _MeasureForm]


_READ = read_form(_MeasuresForm, read_yaml(_FILE), file=_FILE)
_HORIZONS = _READ.horizons

UPTAKE_MONTHS = _HORIZONS.uptake  # horizon of the cumulative incidence of applying
DROP_OUT_MONTHS = _HORIZONS.drop_out  # horizon of the cumulative incidence of drop-out
PRESSURE_MONTHS = _HORIZONS.pressure  # from being able to apply until an application counts as early
OBLIGED_SOON, OBLIGED_LATER = _HORIZONS.obliged_soon, _HORIZONS.obliged_later  # since the obligation to leave
EARLY_MONTHS, LATE_MONTHS = _HORIZONS.early, _HORIZONS.late  # "within two years", "after three years"


def _measure(name: str, form: _MeasureForm) -> Measure:
    window = _READ.windows[form.window].format(**_HORIZONS.model_dump())
    return Measure(name, form.label, form.unit, form.per, window, form.meaning)


MEASURES: dict[str, Measure] = {
    name: _measure(name, form)
    for part in (_READ.measures, _READ.with_twins, _READ.against_a_baseline)
    for name, form in part.items()
}
"""Every measure by name."""

COMPARATIVE = tuple(_READ.against_a_baseline)
"""Measures that exist against a baseline only (see study/summary/effects.py)."""

TWIN_MEASURES = tuple(_READ.with_twins)
"""Measures that need twin runs (see study/jobs/twins.py)."""
