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

Every figure has the window over which the measure is taken (for cohorts and first applications the follow-up
lies within it), a standard error (how well the figure is known) and a discrepancy (how well the model can be
expected to say the same thing), both in the figure's own unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from avrr_sim.dates import month_text
from avrr_sim.files import read_yaml
from avrr_sim.form_values import every, scenario_beside
from avrr_sim.forms import JsonSchema, read_form
from avrr_sim.measures import DROP_OUT_MONTHS, MEASURES, UPTAKE_MONTHS
from avrr_sim.mistaken import refuse_other_kind
from avrr_sim.outcomes import group_names
from avrr_sim.refusals import Refusals, refusal, shown, unknown_name
from avrr_sim.rules.after_return import LAST_CHECK
from avrr_sim.scenario import Scenario
from avrr_sim.study.calibration.target_form import FigureForm, TargetsForm, targets_schema
from avrr_sim.study.published.figure import EVERYBODY, FIT, PublishedFigure

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
    """A file of targets: the scenario that is simulated, the targets, scenarios whose effects are followed,
    patterns to condition on.

    Points, size and seed are of the bank of runs (see `study/calibration/bank.py`).
    """

    name: str
    scenario: Scenario
    targets: tuple[PublishedFigure, ...]
    effects: tuple[Scenario, ...] = ()
    patterns: tuple[str, ...] = ()
    points: int = 4096
    size: int = 5000
    seed: int = 1
    file: Path | None = None

    @property
    def fitted(self) -> list[PublishedFigure]:
        """Those with a figure, conditioned on."""
        return [t for t in self.targets if t.role == FIT and not t.ranged]

    @property
    def ranges(self) -> list[PublishedFigure]:
        """Those with a range, which weigh draws."""
        return [t for t in self.targets if t.role == FIT and t.ranged]


def load_targets(path: str | Path) -> Targets:
    """The targets in a file. Raises one `Refusal` of whatever is wrong, with the places in the file."""
    path = Path(path)
    content = read_yaml(path)
    refuse_other_kind(content, "targets", path)
    form = read_form(TargetsForm, content, file=path)
    named = [(form.scenario, ("scenario",)), *((name, ("effects", i)) for i, name in enumerate(form.effects))]
    scenario, *effects = every(partial(scenario_beside, name, path, at) for name, at in named)
    figures = every(partial(_figure, name, each, scenario, path) for name, each in form.targets.items())
    return Targets(
        form.name or path.stem,
        scenario,
        tuple(figures),
        _of_different_names(effects, path),
        tuple(form.patterns),
        form.points,
        form.size,
        form.seed,
        path,
    )


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
    wrong.attempt(_check_window, form, scenario, path, (*at, "window"))
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
    )


def _check_window(form: FigureForm, scenario: Scenario, path: Path, at: _Place) -> None:
    """Refuse a window that the run does not hold, or that is too short for its measure."""
    first, last = form.window.first, form.window.last
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
    need = _FOLLOW_UP.get(MEASURES[form.measure].unit, 0)
    if last - first + 1 <= need:
        raise refusal(
            (
                f"{last - first + 1} months are too short for {form.measure}, which follows people for "
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
