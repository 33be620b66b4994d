"""The forms of `study.json`, one a kind of study: what a page takes from it, checked before it is made."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from avrr_sim.refusals import refusal, shown
from avrr_sim.story_names import EVENTS, FACTORS
from avrr_sim.study.folder.stored import Slug, Stored, fitting

_Words = dict[str, str]


class _Remark(Stored):
    key: str


class _Caution(_Remark):
    scenario: str = ""


class _Change(Stored):
    lever: str
    kind: str
    unit: str
    meaning: str
    baseline: str
    here: str
    source: str


class _Scenario(Stored):
    key: Slug
    name: str
    asks: str
    coercion: bool
    changes: list[_Change]


class _Measure(Stored):
    label: str
    unit: str
    per: str
    window: str
    meaning: str


class _Window(Stored):
    first: str = Field(alias="from")
    last: str = Field(alias="to")


class _Provenance(Stored):
    """Where results come from; what a kind of study need not say has a value of its own."""

    command: str = ""
    seed: int = 1
    draws: int = 1
    replicates: int = 1
    size: int = 1
    weights: str = ""
    interval: float = 0.9
    failures: list[Any] = Field(default_factory=list)
    window: _Window | None = None
    scenario_hashes: _Words = Field(default_factory=dict)
    libraries: _Words = Field(default_factory=dict)


class _SweepProvenance(_Provenance):
    command: str
    digest: str
    draws: int


class _FitProvenance(Stored):
    command: str
    version: str
    commit: str
    digest: str
    runs: int
    waves: int
    points: int
    size: int
    close_points: int
    close_size: int
    draws: int
    worth_before_taking: float
    runs_believed_less: int
    weight_cut: float
    seed: int


class _Factor(Stored):
    column: str
    place: str
    values: list[Any]
    low: float | None
    high: float | None
    scale: str
    cash: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    currency: str = ""


class _Condition(Stored):
    column: str
    low: float | None
    high: float | None
    values: list[Any]
    meaning: str = ""
    unit: str = ""
    share: float | None = None


class _Rule(Stored):
    conditions: list[_Condition]
    coverage: float
    density: float
    base: float
    mass: float
    rows: int
    units: int


class _Answer(Stored):
    measure: str
    side: str
    mark: float
    difference: bool
    draws: int
    enough: bool
    points: int
    yes: int
    open: int
    covered: int
    smallest: float | None
    largest: float | None
    means: Annotated[list[float], Field(min_length=2, max_length=2)] | None
    baseline: float | None
    rules: list[_Rule]
    found: _Rule | None


def _of(names: frozenset[str]) -> AfterValidator:
    """Beside a text in `Annotated`: it is one of these names."""

    def known(name: str) -> str:
        if name not in names:
            raise refusal(f"{shown(name)} is not what belongs here")
        return name

    return AfterValidator(known)


_Event = Annotated[str, _of(EVENTS)]
_AMonth = Annotated[str, fitting("[0-9]{4}-[0-9]{2}")]


class _Tipped(Stored):
    factor: Annotated[str, _of(FACTORS)]
    lever: str
    necessary: bool
    enough: bool
    before: float | None
    after: float | None


class _Lived(Stored):
    """A month in which anything happened in either world."""

    month: _AMonth
    baseline: list[_Event]
    policy: list[_Event]


class _Story(Stored):
    """One synthetic person in both worlds."""

    scenario: Slug
    draw: int
    size: int
    rule: Literal["gained", "lost", "changed"]
    number: int
    origin: str
    adults: int
    minors: int
    parted: _AMonth
    since: int
    step: Annotated[list[_Event], Field(min_length=2, max_length=2)]
    tipped: list[_Tipped]
    together: bool
    months: list[_Lived]


class StudyFacts(Stored):
    """Of a run or a comparison."""

    title: str
    scenarios: Annotated[list[_Scenario], Field(min_length=1)]
    measures: dict[str, _Measure]
    origins: _Words
    provenance: _Provenance
    limits: list[_Remark]
    cautions: list[_Caution] = Field(default_factory=list)
    depends: list[_Remark] = Field(default_factory=list)
    stories: list[_Story] = Field(default_factory=list)


class SweepFacts(Stored):
    """Of a sweep."""

    title: str
    asks: str
    baseline: str
    points: int
    sampled: bool
    rows: bool
    factors: list[_Factor]
    read_by: list[str]
    measures: dict[str, _Measure]
    origins: _Words
    coercion: bool
    failed: int
    precision: str
    limits: list[_Remark]
    cautions: list[_Caution] = Field(default_factory=list)
    depends: list[_Remark] = Field(default_factory=list)
    provenance: _SweepProvenance
    answers: list[_Answer] = Field(default_factory=list)


class CalibrationFacts(Stored):
    """Of a calibration."""

    title: str
    interval: float
    bins: Annotated[int, Field(ge=1, le=1000)]
    answers: list[str]
    pressing: list[str]
    measures: dict[str, _Measure]
    limits: list[_Remark]
    provenance: _FitProvenance


class ValidationFacts(Stored):
    """Of a validation."""

    interval: float
    hit: float
    missed: float
    limits: list[_Remark]
    provenance: _Provenance


class _Asked(Stored):
    """A scenario whose difference from the baseline is looked at."""

    key: Slug
    name: str
    asks: str
    coercion: bool


class _ValueProvenance(_Provenance):
    studies: str
    figures: str
    version: str
    commit: str
    evidence_hash: str


class ValueFacts(Stored):
    """Of a study of the value of information."""

    baseline: str
    scenarios: Annotated[list[_Asked], Field(min_length=1)]
    measures: dict[str, _Measure]
    not_run: list[str]
    limits: list[_Remark]
    provenance: _ValueProvenance


FORMS: dict[str, type[Stored]] = {
    "run": StudyFacts,
    "compare": StudyFacts,
    "sweep": SweepFacts,
    "calibrate": CalibrationFacts,
    "validate": ValidationFacts,
    "study-next": ValueFacts,
}
"""By kind of study."""
