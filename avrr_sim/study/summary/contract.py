"""What a study leaves in its folder for its page: `study.json`, and the tables that it speaks of.

`study.json` has the study's `kind` and all that a page says and no table holds: the title, what was asked,
labels, which limits apply, where it comes from, when it was begun. Limits and notes stand there as keys of
sentences with the numbers that belong in them; the words are the report's.

    run, compare    the tables of `tables.StudyTables`
    sweep           sweep.parquet
    calibrate       drivers, targets, paths, whole_paths, left_out, tension, tolerances, effects, methods,
                    checks, verdicts, ranks, recovery
    validate        patterns, targets
    study-next      value, differences

Pages read nothing else, and no module of a study but this one and `tables`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

import pandas as pd

from avrr_sim.files import read_json
from avrr_sim.measures import COMPARATIVE, MEASURES
from avrr_sim.places.place import origins
from avrr_sim.refusals import Refusal, refusal
from avrr_sim.study.folder.manifest import read_manifest
from avrr_sim.study.folder.sealed import read_checked
from avrr_sim.study.folder.stored import AS_WRITTEN, fit
from avrr_sim.study.folder.whole import write_whole
from avrr_sim.study.summary.coercion import presses
from avrr_sim.study.summary.datapackage import describe
from avrr_sim.study.summary.facts_form import FORMS

FILE = "study.json"
KINDS = tuple(FORMS)
AGAINST_ONLY = frozenset(MEASURES[name].label for name in COMPARATIVE)
"""Labels of measures that exist against the baseline only, so that they have no level."""
FITTED = (
    "drivers",
    "targets",
    "paths",
    "whole_paths",
    "left_out",
    "tension",
    "tolerances",
    "effects",
    "methods",
    "checks",
    "verdicts",
    "ranks",
    "recovery",
)
"""Tables of a calibration."""
JUDGED = ("patterns", "targets")
"""Tables of a validation."""
VALUED = ("value", "differences")
"""Tables of a study of the value of information."""
BEGUN = ("date", "digest")
"""What study.json takes from the manifest."""
LEFT = (
    "a folder that `avrr run`, `compare`, `sweep`, `calibrate`, `validate` or `study-next` left when it was "
    "done"
)

Remark = dict[str, Any]
"""Something that a page has to say: `key`, of a sentence of the report, and a value for every place in it."""


def remark(key: str, /, **values: Any) -> Remark:
    """A remark with the values of its places."""
    return {"key": key, **values}


def write_facts(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write what the folder says of its tables, and study.json last of all: a folder that has it is complete.
    `facts`: `kind` and the rest; the day on which the study was begun and its digest are those of the
    folder's manifest.
    """
    describe(folder, facts)
    told = read_manifest(folder) or {}
    begun = {name: told[name] for name in BEGUN if isinstance(told.get(name), str)}
    write_whole(folder / FILE, json.dumps({**facts, **begun}, indent=1, ensure_ascii=False))


def read_facts(folder: Path, needed: Iterable[str] = ()) -> dict[str, Any]:
    """What study.json says, `kind` among it. `needed`: keys that have to be there.

    Raises `Refusal` where the folder holds no finished study, or the file is not as it was written.
    """
    file = folder / FILE
    if not file.exists():
        raise refusal(f"holds no {FILE}", file=folder, allowed=LEFT)
    content = read_json(file)
    try:
        facts = _renewed(content)
        form = FORMS[facts["kind"]]
        lacking = [key for key in needed if key not in facts]
    except (KeyError, TypeError, AttributeError):
        raise _no_facts(file) from None
    if lacking:
        raise _no_facts(file)
    fit(form, facts, file)
    return facts


def _no_facts(file: Path) -> Refusal:
    return refusal("cannot be read as the facts of a study", file=file, allowed=AS_WRITTEN)


def _renewed(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts that an older version left, in today's form: it named neither kind nor origins, said its limits
    in sentences, and not always which scenarios move coercion.
    """
    if "kind" in facts:
        return facts
    scenarios = [
        {**scenario, "coercion": scenario.get("coercion", any(map(presses, scenario["changes"])))}
        for scenario in facts["scenarios"]
    ]
    return {
        **facts,
        "kind": "run" if len(scenarios) == 1 else "compare",
        "scenarios": scenarios,
        "origins": {key: origin.name for key, origin in origins().items()},
        "limits": [remark("as_written", text=text) for text in facts["limits"]],
    }


def told_provenance(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The provenance that study.json tells, with the day on which the study was begun (`date`) and its
    `digest`, where it says them.
    """
    return {**facts["provenance"], **{name: facts[name] for name in BEGUN if name in facts}}


def read_table(folder: Path, name: str, columns: Iterable[str] = ()) -> pd.DataFrame:
    """The table `name` of a folder, which has at least these columns. Raises `Refusal`."""
    path = folder / f"{name}.parquet"
    frame = read_checked(path).to_pandas()
    if missing := [column for column in columns if column not in frame.columns]:
        raise refusal(f"lacks the column {missing[0]}", file=path, allowed=AS_WRITTEN)
    return frame


@dataclass(frozen=True)
class SweepTables:
    """What the page of a sweep is made of.

    title, asks    of the experiment
    baseline       name of the scenario that points are compared with
    points         how many there are
    sampled        whether factors were drawn from ranges
    rows           whether points were given row by row
    factors        what was varied: column (its name in the table), place (levers, amounts, weights), values,
                   or low, high and scale; of levers of a number also kind, unit, meaning, source
    read_by        groups of which there are small multiples
    measures       those kept, in order: name -> label, unit, per, window, meaning
    origins        key -> name, for people's eyes
    coercion       whether a factor is coercion or a restriction
    failed         runs that failed
    precision      how the search for precision ended, a sentence; empty where there was none
    limits         what the sweep cannot tell
    provenance     command, digest, commit, seed, draws, replicates, size, engine, weights, libraries
    table          a row a point, group and measure; columns as of `study.sweep.tables.sweep_table`
    cautions       what a reader should know beside the results (see study/summary/cautions.py)
    answers        to the questions of the experiment, in order; see `study.sweep.answers.answer_of`
    chances        a row a point, group and question; see `study.sweep.asked.chances_of`; None where
                   nothing is asked
    """

    title: str
    asks: str
    baseline: str
    points: int
    sampled: bool
    rows: bool
    factors: list[dict[str, Any]]
    read_by: list[str]
    measures: dict[str, dict[str, str]]
    origins: dict[str, str]
    coercion: bool
    failed: int
    precision: str
    limits: list[Remark]
    provenance: dict[str, Any]
    table: pd.DataFrame
    cautions: list[Remark] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    chances: pd.DataFrame | None = None

    @property
    def columns(self) -> list[str]:
        """Names of the factors as the table has them."""
        return [factor["column"] for factor in self.factors]


@dataclass(frozen=True)
class CalibrationTables:
    """What the page of a calibration is made of.

    title          of the targets
    interval       mass of every interval
    bins           of the histograms of ranks
    answers        of the checks of the method, one a row of `verdicts`: passed, failed, narrower or not
                   narrower
    pressing       scenarios of the effects that move coercion or a restriction, by key
    measures       those of effects: name -> label, unit, per, window, meaning
    limits         what the fit cannot tell
    provenance     command, version, commit, digest, numbers of runs: see `study.calibration.facts`
    ranks          a row a truth: rank of the truth, a column a weight, figure or effect
    recovery       a row an effect and truth: effect, truth, posterior (its median), width over the region's

    The other tables are those of `study.calibration.tables`, `paths`, `inquiries` and `method_checks`.
    """

    title: str
    interval: float
    bins: int
    answers: list[str]
    pressing: list[str]
    measures: dict[str, dict[str, str]]
    limits: list[Remark]
    provenance: dict[str, Any]
    drivers: pd.DataFrame
    targets: pd.DataFrame
    paths: pd.DataFrame
    whole_paths: pd.DataFrame
    left_out: pd.DataFrame
    tension: pd.DataFrame
    tolerances: pd.DataFrame
    effects: pd.DataFrame
    methods: pd.DataFrame
    checks: pd.DataFrame
    verdicts: pd.DataFrame
    ranks: pd.DataFrame
    recovery: pd.DataFrame


@dataclass(frozen=True)
class ValidationTables:
    """What the page of a validation is made of.

    interval       mass of the interval of a probability
    hit, missed    where verdicts are cut
    limits         what a verdict cannot tell
    provenance     command, seed, draws, size, weights, version, commit, digest, evidence_hash
    patterns, targets   see `study.validation.tables`
    """

    interval: float
    hit: float
    missed: float
    limits: list[Remark]
    provenance: dict[str, Any]
    patterns: pd.DataFrame
    targets: pd.DataFrame


@dataclass(frozen=True)
class ValueTables:
    """What the page of a study of the value of information is made of.

    baseline       name of the scenario that the others are set against scenarios      those whose
    differences are looked at: key, name, asks, coercion measures       name -> label, unit, per, window,
    meaning not_run        studies one of whose arms was not among the scenarios limits         what such a
    study cannot tell provenance     command, seed, draws, replicates, size, weights, interval, studies,
    figures, version, commit value, differences   see `study.value.tables`
    """

    baseline: str
    scenarios: list[dict[str, Any]]
    measures: dict[str, dict[str, str]]
    not_run: list[str]
    limits: list[Remark]
    provenance: dict[str, Any]
    value: pd.DataFrame
    differences: pd.DataFrame


def load_sweep(folder: Path) -> SweepTables:
    """What a sweep left in its folder, as it was written. Raises `Refusal`."""
    facts = _facts_for(SweepTables, folder, ("table", "chances"))
    columns = ("scenario", *(factor["column"] for factor in facts["factors"]))
    asked = bool(facts.get("answers"))
    chances = read_table(folder, "chances", (*columns, "question", "chance")) if asked else None
    return SweepTables(**facts, table=read_table(folder, "sweep", columns), chances=chances)


def load_calibration(folder: Path) -> CalibrationTables:
    """What a calibration left in its folder, as it was written. Raises `Refusal`."""
    facts = _facts_for(CalibrationTables, folder, FITTED)
    return CalibrationTables(**facts, **{name: read_table(folder, name) for name in FITTED})


def load_validation(folder: Path) -> ValidationTables:
    """What a validation left in its folder, as it was written. Raises `Refusal`."""
    facts = _facts_for(ValidationTables, folder, JUDGED)
    return ValidationTables(**facts, **{name: read_table(folder, name) for name in JUDGED})


def load_value(folder: Path) -> ValueTables:
    """What a study of the value of information left in its folder, as it was written. Raises `Refusal`."""
    facts = _facts_for(ValueTables, folder, VALUED)
    return ValueTables(**facts, **{name: read_table(folder, name) for name in VALUED})


def _facts_for(kind: type, folder: Path, tables: Iterable[str]) -> dict[str, Any]:
    """The facts of a folder that a class of this module takes beside its `tables`."""
    stored = [each for each in fields(kind) if each.name not in tables]
    needed = [each.name for each in stored if each.default_factory is MISSING]
    facts = read_facts(folder, needed)
    told = {each.name: facts[each.name] for each in stored if each.name in facts}
    return {**told, "provenance": told_provenance(facts)}


def measured_in(measure: str) -> dict[str, str]:
    """What a measure is counted in: its `unit` and `per` (see `measures`). Raises KeyError."""
    found = MEASURES[measure]
    return {"unit": found.unit, "per": found.per}
