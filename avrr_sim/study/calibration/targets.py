"""Targets: published figures that a model has to answer to, from a file, strictly checked.

    name: Norway
    scenario: ../scenarios/baseline-norway.yaml
    targets:
      T02:
        figure: about 1,000 of 3,000 applications a year drop out
        measure: drop_out_12
        window: {from: 2012-01, to: 2013-12}
        value: 0.333
        standard_error: 0.03
        discrepancy: 0.05
        source: IOM Norway (about 2012)
    series:
      assisted:
        figure: assisted returns a year
        measure: assisted_departures
        years: {2013: 1900, 2014: 1600, 2015: {value: 1167, standard_error: 5}}
        standard_error: 50
        discrepancy: {shared: 0.15, own: 0.1}
        ratios: [[2015, 2013]]
        source: Directorate of immigration

Every figure has the window over which the measure is taken (for cohorts and first applications the follow-up
lies within it), a standard error (how well the figure is known) and a discrepancy (how well the model can be
expected to say the same thing), both in the figure's own unit; of a series the discrepancy is told as shares
of its figures, in a part that all years share and a part of each year by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from avrr_sim.dates import month_number, month_text
from avrr_sim.files import read_yaml
from avrr_sim.form_values import every, scenario_beside
from avrr_sim.forms import JsonSchema, read_form
from avrr_sim.measures import DROP_OUT_MONTHS, MEASURES, UPTAKE_MONTHS
from avrr_sim.mistaken import refuse_other_kind
from avrr_sim.outcomes import group_names
from avrr_sim.refusals import Refusals, refusal, shown, unknown_name
from avrr_sim.rules.after_return import LAST_CHECK
from avrr_sim.scenario import Scenario
from avrr_sim.study.calibration.target_form import FigureForm, SeriesForm, TargetsForm, targets_schema
from avrr_sim.study.published.figure import EVERYBODY, RELATED, PublishedFigure

_FOLLOW_UP = {
    "share of the cohort": UPTAKE_MONTHS,
    "share of asylum arrivals": UPTAKE_MONTHS,
    "share of applicants": DROP_OUT_MONTHS,
    "share of assisted returnees": LAST_CHECK,
}
GROUPED = {
    name
    for name, m in MEASURES.items()
    if m.unit in (*_FOLLOW_UP, "share of assisted departures", "months since arrival", "months")
}
"""Measures that can be taken by group over any window."""
_Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Targets:
    """A file of targets: the scenario that is simulated, the targets, scenarios whose effects are followed
    and the one that they are set against (None: the one that is simulated).

    waves, points, size: waves of runs, runs of each and units of a run; close_points, close_size: the same of
    runs of the posterior itself; seed: of all of them (see `study/calibration/waves.py`).
    """

    name: str
    scenario: Scenario
    targets: tuple[PublishedFigure, ...]
    effects: tuple[Scenario, ...] = ()
    baseline: Scenario | None = None
    waves: int = 3
    points: int = 4000
    size: int = 1000
    close_points: int = 4000
    close_size: int = 4000
    seed: int = 1
    file: Path | None = None

    @property
    def fitted(self) -> list[PublishedFigure]:
        """Those that are conditioned on, figures and ranges."""
        return [t for t in self.targets if t.fitted]

    @property
    def shares(self) -> np.ndarray:
        """(targets,) whether each is a share."""
        return np.array([t.share for t in self.targets])

    def on_scale(self, raw: np.ndarray) -> np.ndarray:
        """Simulated figures (runs, targets) on the targets' scales, NaN where nobody was in them."""
        return np.column_stack([t.on_scale(raw[:, i]) for i, t in enumerate(self.targets)])

    def off_scale(self, x: np.ndarray) -> np.ndarray:
        """The same back in the units of the measures."""
        return np.column_stack([t.off_scale(x[:, i]) for i, t in enumerate(self.targets)])


def load_targets(path: str | Path) -> Targets:
    """The targets in a file. Raises one `Refusal` of whatever is wrong, with the places in the file."""
    path = Path(path)
    content = read_yaml(path)
    refuse_other_kind(content, "targets", path)
    form = read_form(TargetsForm, content, file=path)
    named: list[tuple[str, _Place]] = [
        (form.scenario, ("scenario",)),
        *((name, ("effects", i)) for i, name in enumerate(form.effects)),
        *([(form.baseline, ("baseline",))] if form.baseline else []),
    ]
    found = every(partial(scenario_beside, name, path, at) for name, at in named)
    scenario, effects = found[0], found[1 : 1 + len(form.effects)]
    figures = every(partial(_figure, name, each, scenario, path) for name, each in form.targets.items())
    years = every(partial(_series, name, each, scenario, path) for name, each in form.series.items())
    return Targets(
        form.name or path.stem,
        scenario,
        (*figures, *(figure for series in years for figure in series)),
        _of_different_names(effects, path),
        found[-1] if form.baseline else None,
        form.waves,
        form.points,
        form.size,
        form.close_points,
        form.close_size,
        form.seed,
        path,
    )


def check_reach(targets: Targets, runs: pd.DataFrame) -> None:
    """Raises `Refusal` for a fitted target that no run (a row, a column a target) comes near: then no weights
    within their priors could reach it.
    """
    for target in targets.fitted:
        values = target.on_scale(runs[target.id].dropna())
        low, high = (target.on_scale(end) for end in (target.low, target.high))
        reach = _REACH * target.spread
        if not len(values) or values.max() < low - reach or values.min() > high + reach:
            column = runs[target.id]
            span = f"{column.min():.4g} to {column.max():.4g}" if len(values) else "nobody"
            raise refusal(
                f"no run can reach {target.low:g}{f' to {target.high:g}' if target.ranged else ''} "
                f"({target.measure}, {target.window}): runs at all {len(runs)} points of the priors give "
                f"{span}",
                file=targets.file,
                path=("targets", target.id),
                allowed="a figure that the model can give, a larger discrepancy, or role: check",
            )


_REACH = 2.0  # standard deviations of a target's own error by which it may lie outside all runs


def json_schema() -> JsonSchema:
    """JSON Schema (draft 2020-12) of files of targets, for editors to complete and check by."""
    return targets_schema()


def _of_different_names(effects: list[Scenario], path: Path) -> tuple[Scenario, ...]:
    keys = [scenario.key for scenario in effects]
    for i, key in enumerate(keys):
        if key in keys[:i]:
            raise refusal(
                f"two scenarios of the name {shown(key)}",
                file=path,
                path=("effects", i),
                allowed="scenario files of different names, by which their effects are told apart",
            )
    return tuple(effects)


def _figure(name: str, form: FigureForm, scenario: Scenario, path: Path) -> PublishedFigure:
    """A figure whose window and group are those of the scenario."""
    at: _Place = ("targets", name)
    wrong = Refusals()
    windows = {"window": form.window, **({"over": form.over} if form.over else {})}
    for key, window in windows.items():
        wrong.attempt(_check_window, form.measure, window.first, window.last, scenario, path, (*at, key))
    group = wrong.attempt(_group, form, scenario, path, (*at, "group"))
    wrong.raise_any()
    low, high = form.ends
    return PublishedFigure(
        name,
        form.figure,
        form.measure,
        form.window.first,
        form.window.last,
        low,
        high,
        form.standard_error or 0.0,
        form.discrepancy,
        form.role,
        form.source,
        form.note,
        group or EVERYBODY,
        over=(form.over.first, form.over.last) if form.over else None,
    )


def _series(name: str, form: SeriesForm, scenario: Scenario, path: Path) -> list[PublishedFigure]:
    """The figures of a series, year by year, and then the ratios between years that are to be told."""
    wrong, figures = Refusals(), {}
    for year, each in form.years.items():
        first, last = (
            month_number(f"{year}-{month:02d}") for month in ((form.month or 1), (form.month or 12))
        )
        at = ("series", name, "years", str(year))
        wrong.attempt(_check_window, form.measure, first, last, scenario, path, at)
        figures[year] = PublishedFigure(
            f"{name} {year}",
            f"{form.figure}: {each.value:,g} in {year}",
            form.measure,
            first,
            last,
            each.value,
            each.value,
            form.standard_error if each.standard_error is None else each.standard_error,
            form.discrepancy.own * each.value,
            form.role,
            form.source,
            form.note,
            series=name,
            shared=form.discrepancy.shared * each.value,
        )
    wrong.raise_any()
    return [*figures.values(), *(ratio_of(figures[a], figures[b]) for a, b in form.ratios)]


def ratio_of(later: PublishedFigure, sooner: PublishedFigure) -> PublishedFigure:
    """The ratio between two figures of a series, which follows from them: what they share does not touch
    it.
    """
    value = later.low / sooner.low
    errors = [np.hypot(a / later.low, b / sooner.low) * value for a, b in _own_errors(later, sooner)]
    return PublishedFigure(
        f"{later.id}/{sooner.id.removeprefix(later.series).strip()}",
        f"{later.series}: {later.window} over {sooner.window}",
        later.measure,
        later.first,
        later.last,
        value,
        value,
        float(errors[0]),
        float(errors[1]),
        RELATED,
        later.source,
        "Follows from the figures of the series.",
        series=later.series,
        over=(sooner.first, sooner.last),
    )


def _own_errors(later: PublishedFigure, sooner: PublishedFigure) -> list[tuple[float, float]]:
    return [(later.standard_error, sooner.standard_error), (later.discrepancy, sooner.discrepancy)]


def _check_window(measure: str, first: int, last: int, scenario: Scenario, path: Path, at: _Place) -> None:
    """Refuse a window that the run does not hold, or that is too short for a measure."""
    if not scenario.start <= first <= last <= scenario.window_to:
        raise refusal(
            f"{month_text(first)} to {month_text(last)} does not lie within the run",
            file=path,
            path=at,
            allowed=(
                f"months from {month_text(scenario.start)} to {month_text(scenario.window_to)}, the "
                "first before the last"
            ),
        )
    need = _FOLLOW_UP.get(MEASURES[measure].unit, 0)
    if last - first + 1 <= need:
        raise refusal(
            (
                f"{last - first + 1} months are too short for {measure}, which follows people for "
                f"{need} months within the window"
            ),
            file=path,
            path=at,
            allowed=f"more than {need} months",
        )


def _group(form: FigureForm, scenario: Scenario, path: Path, at: _Place) -> tuple[str, str]:
    """The group that a figure is about."""
    if form.group is None:
        return EVERYBODY
    ((by, name),) = form.group.items()
    known: dict[str, list[str]] = {}
    for kind, each in group_names(scenario)[1:]:
        known.setdefault(kind, []).append(each)
    if by not in known:
        raise unknown_name("group", by, known, file=path, path=at)
    if name not in known[by]:
        raise unknown_name(by, name, known[by], file=path, path=(*at, by))
    if form.measure not in GROUPED:
        raise refusal(
            f"{form.measure} is not counted by group within a window",
            file=path,
            path=at,
            allowed=", ".join(sorted(GROUPED)),
        )
    return (by, name)
