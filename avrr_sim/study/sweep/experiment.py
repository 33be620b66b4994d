"""Experiment files: what to vary, how, and how often. Strict, as scenario files are; whatever is wrong is
refused with one message.

baseline: ../scenarios/baseline-norway.yaml
vary:
  levers: {cash_level: [0, 1, 2, 4], information_timing: [early, gradual, late]}
design: factorial draws: 50
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from avrr_sim.dates import month_text
from avrr_sim.files import check_plain, is_file, read_yaml
from avrr_sim.measures import COMPARATIVE, MEASURES, TWIN_MEASURES
from avrr_sim.policy import LEVERS, TIMING, Step
from avrr_sim.refusals import nearest, refusal, shown, unknown_name
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.schema import LONGEST_NAME, LONGEST_TEXT, Given, read_month, read_number, write_steps
from avrr_sim.study.sweep.design import GIVEN, KINDS, MOST_POINTS, PLACES, SAMPLED, Factor, points_of
from avrr_sim.study.sweep.values import read_rows, value_reader

NUMBERS = ("draws", "replicates", "seed", "size", "months", "engine", "weights")
"""Keys of an experiment that the options of the command replace."""
KEYS = {
    "name": "a name on one line",
    "asks": "what the experiment asks, in words",
    "baseline": "the scenario file to vary, by its path from this one",
    "vary": (
        f"factors by place ({', '.join(PLACES)}), each a list of values or a range such as {{low: 0, "
        f"high: 4}}"
    ),
    "design": (
        f"{', '.join(GIVEN)}; or {{kind: latin_hypercube or sobol, points: 64, seed: 1}}; or {{kind: "
        f"rows, file: points.csv}}"
    ),
    "draws": "draws of the weights",
    "replicates": "streams of chance a draw",
    "seed": "master seed",
    "size": "units simulated in a run",
    "months": "length of the window",
    "engine": "table or agents",
    "weights": "prior or central",
    "measures": "a list of measures to keep",
    "read_by": "groups for small multiples: origin, abode, status, tier, household",
    "precision": "{measure: uptake_24, below: 0.002, most_draws: 1000, most_replicates: 8}",
}
GROUPS = ("origin", "abode", "status", "tier", "household")
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
_FACTOR_KEYS = ("values", "low", "high", "scale", "from", "announced")


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

    `read_by`: groups for small multiples.
    """

    name: str
    asks: str
    key: str
    baseline: Scenario
    factors: tuple[Factor, ...]
    points: tuple[tuple[Any, ...], ...]
    kind: str
    numbers: Mapping[str, Any] = field(default_factory=dict)
    measures: tuple[str, ...] = DEFAULT_MEASURES
    read_by: tuple[str, ...] = ()
    precision: Precision | None = None

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
        }

    @classmethod
    def from_resolved(cls, content: Mapping[str, Any]) -> Experiment:
        """The experiment that `resolved` wrote. Raises KeyError, TypeError or ValueError where it did not."""
        rule = content["precision"]
        factors = tuple(Factor(**{**f, "values": tuple(f["values"])}) for f in content["factors"])
        return cls(
            content["name"],
            content["asks"],
            content["key"],
            Scenario.from_mapping(content["baseline"]),
            factors,
            tuple(tuple(point) for point in content["points"]),
            content["kind"],
            content["numbers"],
            tuple(content["measures"]),
            tuple(content["read_by"]),
            Precision(**rule) if rule else None,
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
        levers, weights, amounts = {}, {}, {}
        for factor, value in zip(self.factors, point, strict=True):
            start = self.baseline.window_from if factor.start is None else factor.start
            if value is None:
                continue
            if factor.place == "levers":
                levers[factor.name] = write_steps([Step(start, value, factor.announced)])
            elif factor.place == "weights":
                weights[factor.name] = value
            else:
                amounts[factor.name] = (start, value)
        return self.baseline.vary(name=name, levers=levers, weights=weights), amounts


def load_experiment(source: str | Path | Mapping[str, Any] | Experiment) -> Experiment:
    """The experiment in a file, or in a mapping of the same form whose baseline may be a `Scenario`. Raises
    `Refusal`.
    """
    if isinstance(source, Experiment):
        return source
    if not isinstance(source, Mapping):
        path = Path(source)
        return _Reader(read_yaml(path), path).experiment()
    content = dict(source)
    check_plain({key: value for key, value in content.items() if not isinstance(value, Scenario)})
    return _Reader(content, None).experiment()


def is_experiment(path: str | Path) -> bool:
    """Whether a file is meant as an experiment: it varies something or states a design. Raises `Refusal`
    where it cannot be read.
    """
    return not {"vary", "design"}.isdisjoint(read_yaml(path))


class _Reader:
    """Reads the content of one experiment, key by key."""

    def __init__(self, content: dict[str, Any], file: Path | None) -> None:
        self.content, self.file = content, file
        for key in content:
            if key not in KEYS:
                raise unknown_name("key", key, KEYS, file=file)
            if content[key] is None:
                raise refusal("has no value", file=file, path=(key,), allowed=KEYS[key])

    def given(self, *path: str | int) -> Given:
        value: Any = self.content
        for part in path:
            value = value[part]
        return Given(value, path, self.file, 0)

    def experiment(self) -> Experiment:
        baseline = self._baseline()
        kind, count, seed, file = self._design()
        factors, points = (
            self._rows(file, baseline) if kind == "rows" else self._spread(kind, count, seed, baseline)
        )
        measures = self._names(
            "measures", [m for m in MEASURES if m not in (*COMPARATIVE, *TWIN_MEASURES)], DEFAULT_MEASURES
        )
        name = self._words("name", LONGEST_NAME) or (
            self.file.stem.replace("-", " ").capitalize() if self.file else "Sweep"
        )
        return Experiment(
            name,
            self._words("asks", LONGEST_TEXT),
            self.file.stem if self.file else "sweep",
            baseline,
            tuple(factors),
            tuple(points),
            kind,
            {key: self.content[key] for key in NUMBERS if key in self.content},
            measures,
            self._names("read_by", GROUPS, ()),
            self._precision(measures),
        )

    def _baseline(self) -> Scenario:
        baseline = self.content.get("baseline")
        if isinstance(baseline, Scenario):
            return baseline
        if not isinstance(baseline, str) or not baseline:
            problem = "needs the key 'baseline'" if baseline is None else f"{shown(baseline)} is not a path"
            raise refusal(
                problem,
                file=self.file,
                path=("baseline",) if baseline is not None else (),
                allowed=KEYS["baseline"],
            )
        path = self.file.parent / baseline if self.file else Path(baseline)
        if not is_file(path):
            beside = (
                [p.name for p in path.parent.glob("*.yaml")]
                if "\0" not in baseline and path.parent.is_dir()
                else []
            )
            raise refusal(
                f"there is no file {shown(baseline)}",
                file=self.file,
                path=("baseline",),
                allowed=KEYS["baseline"],
                suggestion=nearest(path.name, beside),
            )
        return load_scenario(path)

    def _words(self, key: str, longest: int) -> str:
        text = self.content.get(key, "")
        if not isinstance(text, str) or len(text) > longest or not " ".join(text.split()).isprintable():
            raise refusal(
                f"{shown(text)} is not what belongs here",
                file=self.file,
                path=(key,),
                allowed=f"{KEYS[key]}, up to {longest} characters",
            )
        return " ".join(text.split())

    def _names(self, key: str, known: Iterable[str], default: tuple[str, ...]) -> tuple[str, ...]:
        found = self.content.get(key, list(default))
        if not isinstance(found, list) or (key in self.content and not found):
            raise refusal(
                f"{shown(found)} is not a list of names",
                file=self.file,
                path=(key,),
                allowed=", ".join(known),
            )
        for i, name in enumerate(found):
            if name not in (names := list(known)):
                raise unknown_name(
                    "measure" if key == "measures" else "group", name, names, file=self.file, path=(key, i)
                )
            if name in found[:i]:
                raise refusal(f"{shown(name)} stands there twice", file=self.file, path=(key, i))
        return tuple(found)

    def _precision(self, measures: tuple[str, ...]) -> Precision | None:
        raw = self.content.get("precision")
        if raw is None:
            return None
        return read_precision(raw, measures, self.file)

    def _design(self) -> tuple[str, int, int, Path | None]:
        raw = self.content.get("design", "factorial")
        table = raw if isinstance(raw, dict) else {"kind": raw}
        kind = table.get("kind")
        if kind not in KINDS:
            raise unknown_name(
                "design",
                kind,
                KINDS,
                file=self.file,
                path=("design",) if raw is not table else ("design", "kind"),
            )
        allowed = {"rows": ("kind", "file"), **{k: ("kind", "points", "seed") for k in SAMPLED}}.get(
            kind, ("kind",)
        )
        for key in table:
            if key not in allowed:
                raise unknown_name("key", key, allowed, file=self.file, path=("design",))
        for key in allowed[1:2]:
            if key not in table:
                raise refusal(
                    f"needs the key {key!r}", file=self.file, path=("design",), allowed=KEYS["design"]
                )
        if kind == "rows":
            if not isinstance(table["file"], str) or not table["file"]:
                raise refusal(
                    f"{shown(table['file'])} is not a path",
                    file=self.file,
                    path=("design", "file"),
                    allowed="a CSV file, by its path from this one",
                )
            return kind, 0, 0, (self.file.parent if self.file else Path()) / table["file"]
        count, seed = table.get("points", 0), table.get("seed", 1)
        for key, value, low, high in (
            ("points", count, 0 if kind in GIVEN else 2, MOST_POINTS),
            ("seed", seed, 0, 2**32 - 1),
        ):
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                raise refusal(
                    f"{shown(value)} is not what belongs here",
                    file=self.file,
                    path=("design", key),
                    allowed=f"a whole number from {low} to {high}",
                )
        if kind == "sobol" and count & (count - 1):
            raise refusal(
                f"{count} is not a power of two, without which a Sobol sequence loses its balance",
                file=self.file,
                path=("design", "points"),
                allowed=f"such as {2 ** (count.bit_length() - 1)} or {2 ** count.bit_length()}",
            )
        return kind, count, seed, None

    def _spread(
        self, kind: str, count: int, seed: int, baseline: Scenario
    ) -> tuple[list[Factor], list[tuple]]:
        """Factors and points of every design but rows."""
        vary = self.content.get("vary")
        if not isinstance(vary, dict) or not vary:
            raise refusal(
                "needs something to vary" if vary is None else f"{shown(vary)} is not what belongs here",
                file=self.file,
                path=("vary",),
                allowed=KEYS["vary"],
            )
        factors = []
        for place, named in vary.items():
            if place not in PLACES:
                hint = f"levers: {place}" if place in LEVERS or place == TIMING else None
                known = ", ".join(PLACES)
                raise refusal(
                    f"unknown key {shown(place)}",
                    file=self.file,
                    path=("vary",),
                    allowed=known,
                    suggestion=hint or nearest(place, PLACES),
                )
            if not isinstance(named, dict) or not named:
                raise refusal(
                    f"{shown(named)} is not what belongs here",
                    file=self.file,
                    path=("vary", place),
                    allowed="factors by name, each with its values",
                )
            factors += [self._factor(place, name, kind, baseline) for name in named]
        lengths = {factor.column: len(factor.values) for factor in factors}
        if kind == "zip" and len(set(lengths.values())) > 1:
            raise refusal(
                f"zip needs lists of one length, not {', '.join(f'{k} {n}' for k, n in lengths.items())}",
                file=self.file,
                path=("vary",),
            )
        total = 1
        for n in lengths.values():
            total *= n if kind == "factorial" else 1
        if total > MOST_POINTS:
            raise refusal(
                f"{total} points are too many",
                file=self.file,
                path=("vary",),
                allowed=f"up to {MOST_POINTS}; latin_hypercube or sobol spread fewer",
            )
        return factors, points_of(kind, factors, count, seed)

    def _factor(self, place: str, name: str, kind: str, baseline: Scenario) -> Factor:
        item = self.given("vary", place, name)
        reader = value_reader(item, place, name)
        raw = item.value
        table = raw if isinstance(raw, dict) else {"values": raw}
        for key in table:
            if key not in _FACTOR_KEYS:
                raise unknown_name("key", key, _FACTOR_KEYS, file=self.file, path=item.path)
        start, announced = self._dates(item, table, place, name, baseline)
        if "values" in table:
            deeper = ("values",) if table is raw else ()
            values = table["values"]
            if not isinstance(values, list) or not values or {"low", "high"} & set(table):
                raise item.refuse(
                    f"{shown(raw)} is neither a list of values nor a range",
                    allowed="such as [0, 1, 2], or {low: 0, high: 4}",
                )
            found = tuple(reader(value, *deeper, i) for i, value in enumerate(values))
            if kind != "zip" and len({str(v) for v in found}) < len(found):
                raise item.refuse("a value stands there twice", *deeper)
            return Factor(place, name, found, start=start, announced=announced)
        if kind in GIVEN:
            raise item.refuse(
                f"the design {kind} needs a list of values",
                allowed="such as [0, 1, 2]; latin_hypercube and sobol take ranges",
            )
        if name == TIMING or not {"low", "high"} <= set(table):
            raise item.refuse(
                f"{shown(raw)} is neither a list of values nor a range",
                allowed="such as [0, 1, 2], or {low: 0, high: 4}",
            )
        low, high, scale = (
            reader(table["low"], "low"),
            reader(table["high"], "high"),
            table.get("scale", "linear"),
        )
        if scale not in ("linear", "log"):
            raise item.unknown("scale", ("linear", "log"), scale, "scale")
        if not low < high or (scale == "log" and low <= 0):
            raise item.refuse(
                f"{low:g} to {high:g} is no range on a {scale} scale",
                allowed="low below high" + (", both above 0" if scale == "log" else ""),
            )
        return Factor(place, name, low=low, high=high, scale=scale, start=start, announced=announced)

    def _dates(
        self, item: Given, table: dict, place: str, name: str, baseline: Scenario
    ) -> tuple[int | None, int | None]:
        """(start, announced) of a factor; weights have no dates, and only support is announced ahead."""
        found: list[int | None] = []
        for key in ("from", "announced"):
            if key not in table:
                found.append(None)
                continue
            if place == "weights" or (
                key == "announced" and (place != "levers" or name == TIMING or LEVERS[name].kind != "support")
            ):
                raise item.refuse(
                    f"{place[:-1]} {name} cannot be dated by {key!r}",
                    key,
                    allowed="from: levers and amounts; announced: levers of support",
                )
            month = read_month(item, table[key], key)
            if not baseline.start <= month <= baseline.window_to:
                raise item.refuse(
                    f"{month_text(month)} is outside the simulated months",
                    key,
                    allowed=f"{month_text(baseline.start)} to {month_text(baseline.window_to)}",
                )
            found.append(month)
        start, announced = found
        if announced is not None and announced > (baseline.window_from if start is None else start):
            raise item.refuse(f"announced in {month_text(announced)}, after it starts", "announced")
        return start, announced

    def _rows(self, path: Path, baseline: Scenario) -> tuple[list[Factor], list[tuple]]:
        """Factors and points of a CSV file: a column a factor, a row a point, an empty cell as in the
        baseline.
        """
        if "vary" in self.content:
            raise refusal(
                "a design of rows takes its factors from the file",
                file=self.file,
                path=("vary",),
                allowed="leave 'vary' out",
            )
        return read_rows(path)


def _said(value: Any) -> str:
    return (
        f"{value:.4g}"
        if isinstance(value, float)
        else ", ".join(f"{k} {v:g}" for k, v in value.items())
        if isinstance(value, Mapping)
        else str(value)
    )


def read_precision(raw: Any, measures: Sequence[str], file: object = None) -> Precision:
    """A stopping rule as a file or the options state it. Raises `Refusal`."""
    if not isinstance(raw, Mapping):
        raise refusal(
            f"{shown(raw)} is not what belongs here",
            file=file,
            path=("precision",),
            allowed=KEYS["precision"],
        )
    known = ("measure", "below", "most_draws", "most_replicates")
    for key in raw:
        if key not in known:
            raise unknown_name("key", key, known, file=file, path=("precision",))
    for key in known[:2]:
        if key not in raw:
            raise refusal(f"needs the key {key!r}", file=file, path=("precision",), allowed=KEYS["precision"])
    if raw["measure"] not in measures:
        raise unknown_name(
            "measure of the experiment", raw["measure"], measures, file=file, path=("precision", "measure")
        )
    item = Given(raw, ("precision",), file, 0)
    below = read_number(item, raw["below"], 1e-12, 1e12, "unit of the measure", "below")
    caps = {}
    for key, high in (("most_draws", 100_000), ("most_replicates", 10_000)):
        caps[key] = raw.get(key, getattr(Precision, key))
        if isinstance(caps[key], bool) or not isinstance(caps[key], int) or not 1 <= caps[key] <= high:
            raise item.refuse(
                f"{shown(caps[key])} is not what belongs here",
                key,
                allowed=f"a whole number from 1 to {high}",
            )
    return Precision(raw["measure"], below, **caps)
