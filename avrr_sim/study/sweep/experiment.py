"""Experiment files: what to vary, how, and how often. Strict, as scenario files are; all that is wrong is
refused in one message.

baseline: ../scenarios/baseline-norway.yaml
vary:
  levers: {cash_level: [0, 1, 2, 4], information_timing: [early, gradual, late]}
design: factorial
draws: 50
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from avrr_sim.files import check_plain, read_yaml
from avrr_sim.form_values import scenario_beside
from avrr_sim.forms import JsonSchema, read_form
from avrr_sim.mistaken import refuse_other_kind
from avrr_sim.policy import Step
from avrr_sim.refusals import Refusal, Refusals, refusal, shown, unknown_name
from avrr_sim.scenario import Scenario, slug
from avrr_sim.schema import LONGEST_NAME, Given, write_steps
from avrr_sim.study.sweep.against import SWEPT, kept_measures
from avrr_sim.study.sweep.asked import SIDES, Ask
from avrr_sim.study.sweep.design import Factor
from avrr_sim.study.sweep.experiment_form import AskForm, ExperimentForm, PrecisionForm, experiment_schema
from avrr_sim.study.sweep.factors import Point, spread_factors
from avrr_sim.study.sweep.offer_factors import PLACE, changed_offers, check_offers
from avrr_sim.study.sweep.stored_experiment import read_stored
from avrr_sim.study.sweep.values import read_rows

NUMBERS = ("draws", "replicates", "seed", "size", "months", "engine", "weights")
"""Keys of an experiment that the options of the command replace."""
DEFAULT_MEASURES = (
    "uptake_24",
    "application_hazard",
    "drop_out_12",
    "assisted_departures",
    "unassisted_returns",
    "removals",
    "moved_on",
    "gone_under",
    "missing",
    "protection_needs",
    "wrongly_rejected_returns",
)


@dataclass(frozen=True)
class Precision:
    """Runs are added until the Monte Carlo error of the mean difference in `measure` is below `below` at
    every point, or a cap is met.
    """

    measure: str
    below: float
    most_draws: int = 1000
    most_replicates: int = 8


@dataclass(frozen=True)
class Experiment:
    """A checked experiment: the baseline, the factors, and `points`: a value a factor each. `numbers` as in
    the file (see NUMBERS).

    `read_by`: groups for small multiples. `asked`: questions about every point; they do not change what is
    run. `read_as`: how its file of rows was read, where that is not plain CSV.
    """

    name: str
    asks: str
    key: str
    baseline: Scenario
    factors: tuple[Factor, ...]
    points: tuple[Point, ...]
    kind: str
    numbers: Mapping[str, Any] = field(default_factory=dict)
    measures: tuple[str, ...] = DEFAULT_MEASURES
    read_by: tuple[str, ...] = ()
    precision: Precision | None = None
    asked: tuple[Ask, ...] = ()
    read_as: str = ""

    @property
    def kept(self) -> tuple[str, ...]:
        """What every run keeps, so that the measures can be told."""
        return kept_measures(self.measures)

    @property
    def columns(self) -> list[str]:
        """Names of the factors as tables have them."""
        return [factor.column for factor in self.factors]

    def resolved(self) -> dict[str, Any]:
        """The whole experiment as plain values that need no other file; `from_resolved` makes it again."""
        rule = self.precision
        return {
            "name": self.name,
            "asks": self.asks,
            "key": self.key,
            "baseline": self.baseline.resolved(),
            "factors": [asdict(f) for f in self.factors],
            "points": [list(point) for point in self.points],
            "kind": self.kind,
            "numbers": dict(self.numbers),
            "measures": list(self.measures),
            "read_by": list(self.read_by),
            "precision": asdict(rule) if rule else None,
            **({"ask": [ask.told() for ask in self.asked]} if self.asked else {}),
            **({"own_files": own} if (own := self.baseline.own_files) else {}),
        }

    @classmethod
    def from_resolved(cls, content: Mapping[str, Any]) -> Experiment:
        """The experiment that `resolved` wrote. Raises `Refusal` where it did not."""
        read = read_stored(content)
        return cls(
            read.name,
            read.asks,
            read.key,
            Scenario.from_mapping(read.baseline, read.own_files),
            tuple(Factor(**{**each.known(), "values": tuple(each.values)}) for each in read.factors),
            tuple(map(tuple, read.points)),
            read.kind,
            {name: number for name, number in read.numbers.items() if name in NUMBERS},
            tuple(read.measures),
            tuple(read.read_by),
            Precision(**read.precision.known()) if read.precision else None,
            tuple(Ask(**each.known()) for each in read.ask),
        )

    def names(self) -> list[str]:
        """Every point in words, such as 'cash_level 2, information_timing early'."""
        return [
            ", ".join(f"{c} {_said(v)}" for c, v in zip(self.columns, point, strict=True) if v is not None)[
                :LONGEST_NAME
            ]
            or "as the baseline"
            for point in self.points
        ]

    def scenario_of(self, point: Sequence[Any], name: str) -> tuple[Scenario, dict[str, tuple[int, float]]]:
        """(scenario, amounts) of a point; amounts: {name: (first calendar month, value)}. Values of None stay
        as in the baseline.
        """
        levers: dict[str, list[dict[str, Any]]] = {}
        weights: dict[str, float] = {}
        amounts: dict[str, tuple[int, float]] = {}
        offered: list[tuple[str, Any]] = []
        for factor, value in zip(self.factors, point, strict=True):
            start = self.baseline.window_from if factor.start is None else factor.start
            if value is None:
                continue
            if factor.place == "levers":
                levers[factor.name] = write_steps([Step(start, value, factor.announced)])
            elif factor.place == "weights":
                weights[factor.name] = value
            elif factor.place == PLACE:
                offered.append((factor.name, value))
            else:
                amounts[factor.name] = (start, value)
        more = {"offers": changed_offers(self.baseline.offers, offered)} if offered else {}
        return self.baseline.vary(name=name, levers=levers, weights=weights, **more), amounts


def load_experiment(source: str | Path | Mapping[str, Any] | Experiment) -> Experiment:
    """The experiment in a file, or in a mapping of the same form whose baseline may be a `Scenario`. Raises
    one `Refusal` of whatever is wrong.
    """
    if isinstance(source, Experiment):
        return source
    if isinstance(source, (str, Path)):
        read = read_yaml(source)
        refuse_other_kind(read, "experiment", source)
        return _experiment(read, Path(source))
    if not isinstance(source, Mapping):
        raise refusal(
            f"{shown(source)} is no experiment",
            allowed="a file, or a mapping of its keys: {'baseline': ..., 'vary': {'levers': {...}}}",
        )
    content = dict(source)
    check_plain({key: value for key, value in content.items() if not isinstance(value, Scenario)})
    return _experiment(content, None)


def is_experiment(path: str | Path) -> bool:
    """Whether a file is meant as an experiment: it varies something or states a design. Raises `Refusal`
    where it cannot be read.
    """
    return not {"vary", "design"}.isdisjoint(read_yaml(path))


def json_schema() -> JsonSchema:
    """JSON Schema (draft 2020-12) of experiment files, for editors to complete and check by."""
    return experiment_schema()


def _experiment(content: Mapping[str, Any], file: Path | None) -> Experiment:
    """The experiment that a file, or a mapping, states. Raises one `Refusal` of all that is wrong in it."""
    wrong = Refusals()
    try:
        form = read_form(ExperimentForm, content, file=file)
    except Refusal as error:
        wrong.add(error)
        _look_on(content, error, file, wrong)
        wrong.raise_any()
        raise
    measures = tuple(form.measures or DEFAULT_MEASURES)
    told = form.precision
    precision = wrong.attempt(_precision, told, measures, file, ("precision",)) if told else None
    baseline = wrong.attempt(_baseline, form.baseline, file)
    read: Sequence[Any] | None = None
    if form.vary is None:
        read = wrong.attempt(read_rows, (file.parent if file else Path()) / form.design.file)
    elif baseline is not None:
        read = wrong.attempt(spread_factors, content["vary"], form.vary, form.design, baseline, file)
    if baseline is not None and read is not None:
        wrong.attempt(check_offers, read[0], baseline.offers, Given(None, ("vary",), file, 0))
    asked = [wrong.attempt(_ask, each, measures, file, i) for i, each in enumerate(form.ask)]
    wrong.raise_any()
    assert baseline is not None and read is not None
    factors, points, *more = read
    return Experiment(
        form.name or (file.stem.replace("-", " ").capitalize() if file else "Sweep"),
        form.asks,
        slug(file.stem, "sweep") if file else "sweep",
        baseline,
        tuple(factors),
        tuple(points),
        form.design.kind,
        {key: content[key] for key in NUMBERS if key in content},
        measures,
        tuple(form.read_by),
        precision,
        tuple(ask for ask in asked if ask),
        str(*more),
    )


def _baseline(given: Any, file: Path | None) -> Scenario:
    return given if isinstance(given, Scenario) else scenario_beside(given, file, ("baseline",))


def _look_on(content: Mapping[str, Any], error: Refusal, file: Path | None, wrong: Refusals) -> None:
    """Keep what else is wrong in an experiment whose form is refused, as far as that can be told without the
    keys that are broken.
    """
    broken = {str(mistake.path[0]) for mistake in error.mistakes if mistake.path}
    broken |= {"precision"} if "measures" in broken else set()
    rest = {
        key: value for key, value in content.items() if key in ExperimentForm.keys() and key not in broken
    }
    if {"baseline", "vary"} <= rest.keys():
        further = Refusals()
        further.attempt(_experiment, rest, file)
        whole = "design" not in broken  # else it is not known how values go together
        wrong.add_some(further, lambda each: whole or each.path[:1] != ("vary",) or len(each.path) in (2, 4))
    elif "baseline" in rest and "baseline" not in broken:
        wrong.attempt(_baseline, rest["baseline"], file)


def _ask(form: AskForm, measures: Sequence[str], file: Path | None, number: int) -> Ask:
    """A question of the file, the `number`-th, about one of the experiment's measures."""
    if form.measure not in measures:
        raise unknown_name(
            "measure of the experiment",
            form.measure,
            measures,
            file=file,
            path=("ask", str(number), "measure"),
        )
    side = next(side for side in SIDES if getattr(form, side) is not None)
    return Ask(form.measure, side, getattr(form, side), form.difference and form.measure not in SWEPT)


def _said(value: Any) -> str:
    return (
        f"{value:.4g}"
        if isinstance(value, float)
        else ", ".join(f"{k} {v:g}" for k, v in value.items())
        if isinstance(value, Mapping)
        else str(value)
    )


def read_precision(raw: Mapping[str, Any], measures: Sequence[str], file: Path | None = None) -> Precision:
    """A stopping rule as the options state it, for one of some measures. Raises `Refusal`."""
    return _precision(read_form(PrecisionForm, raw, file=file), measures, file, ())


def _precision(
    form: PrecisionForm, measures: Sequence[str], file: Path | None, path: tuple[str, ...]
) -> Precision:
    known = [name for name in measures if name not in SWEPT]
    if form.measure not in known:
        raise unknown_name(
            "measure of the experiment", form.measure, known, file=file, path=(*path, "measure")
        )
    return Precision(form.measure, form.below, form.most_draws, form.most_replicates)
