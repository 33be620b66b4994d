"""Studies that could be done, from a file, strictly checked.

    name: Norway
    studies:
      awareness survey:
        asks: Who knows that assisted return is open to them?
        kind: survey
        whom: residents of centres, drawn from the register
        measured:
          - {measure: aware_centre, people: 600, discrepancy: 0.03}
        clusters: 30
        correlation: 0.05
        source: judgement

What a study measures is a measure of the model, over the window of the scenarios that are compared, or a
weight.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from avrr_sim.columns import OF_EVERYBODY
from avrr_sim.files import read_yaml
from avrr_sim.form_values import every, scenario_beside
from avrr_sim.forms import read_form
from avrr_sim.measures import MEASURES
from avrr_sim.mistaken import refuse_other_kind
from avrr_sim.outcomes import group_names
from avrr_sim.refusals import refusal, unknown_name
from avrr_sim.scenario import Scenario
from avrr_sim.study.published.figure import EVERYBODY
from avrr_sim.study.value.study_form import AnswerForm, StudiesForm, StudyForm


@dataclass(frozen=True)
class Answer:
    """One thing that a study measures; the fields are those of `study_form.AnswerForm`, `group` as (group_by,
    group).
    """

    measure: str | None
    weight: str | None
    group: tuple[str, str]
    people: int | None
    spread: float | None
    standard_error: float | None
    discrepancy: float

    @property
    def is_share(self) -> bool:
        """Whether a share of people is measured, whose error follows from how many they are."""
        return self.measure is not None and MEASURES[self.measure].per == "share"


@dataclass(frozen=True)
class PossibleStudy:
    """A study that could be done; `arms`: two scenarios of which it measures the difference, or none."""

    name: str
    asks: str
    kind: str
    whom: str
    measured: tuple[Answer, ...]
    arms: tuple[Scenario, ...]
    clusters: int | None
    correlation: float
    source: str

    def alike(self, people: float) -> float:
        """The design effect of a sample of so many in clusters, by which the variance of its mean is larger
        (Kish 1965, Survey Sampling).
        """
        return 1.0 + max(people / self.clusters - 1.0, 0.0) * self.correlation if self.clusters else 1.0

    def error(self, each: Answer, *arms: np.ndarray) -> np.ndarray:
        """Standard deviation of what is measured, given its true value in each arm (draws,), one arm or
        two.
        """
        if each.standard_error is not None:
            variance = np.full(arms[0].shape, each.standard_error**2)
        else:
            people = (each.people or 0) / len(arms)
            effect = self.alike(people * len(arms))
            of_one = [
                np.clip(arm, 0.0, 1.0) * (1.0 - np.clip(arm, 0.0, 1.0))
                if each.is_share
                else np.full(arm.shape, (each.spread or 0.0) ** 2)
                for arm in arms
            ]
            variance = effect * np.sum(of_one, axis=0) / people
        return np.sqrt(variance + each.discrepancy**2)

    def stated(self) -> dict[str, Any]:
        """All that its value depends on, as plain values."""
        told = {**vars(self), "measured": [asdict(each) for each in self.measured]}
        return {**told, "arms": [scenario.stated() for scenario in self.arms]}


@dataclass(frozen=True)
class Studies:
    """A file of studies."""

    name: str
    studies: tuple[PossibleStudy, ...]
    file: Path | None = None

    @property
    def arms(self) -> list[Scenario]:
        """The scenarios that are arms of some study."""
        return [arm for study in self.studies for arm in study.arms]


NO_STUDIES = Studies("", ())


def load_studies(path: str | Path) -> Studies:
    """The studies in a file. Raises one `Refusal` of whatever is wrong, with the places in the file."""
    path = Path(path)
    content = read_yaml(path)
    refuse_other_kind(content, "studies", path)
    form = read_form(StudiesForm, content, file=path)
    studies = every(partial(_study, name, each, path) for name, each in form.studies.items())
    return Studies(form.name or path.stem, tuple(studies), path)


def _study(name: str, form: StudyForm, path: Path) -> PossibleStudy:
    at = ("studies", name, "arms")
    arms = every(partial(scenario_beside, arm, path, (*at, i)) for i, arm in enumerate(form.arms or ()))
    return PossibleStudy(
        name,
        form.asks,
        form.kind,
        form.whom,
        tuple(_answer(each) for each in form.measured),
        tuple(arms),
        form.clusters,
        form.correlation,
        form.source,
    )


def _answer(form: AnswerForm) -> Answer:
    group = EVERYBODY if form.group is None else next(iter(form.group.items()))
    return Answer(
        form.measure, form.weight, group, form.people, form.spread, form.standard_error, form.discrepancy
    )


def check_fits(studies: Studies, baseline: Scenario) -> None:
    """Raises `Refusal` where a study measures a group that the scenarios do not have, or has arms of another
    host.
    """
    known: dict[str, list[str]] = {}
    for by, name in group_names(baseline)[1:]:
        known.setdefault(by, []).append(name)
    for study in studies.studies:
        for i, each in enumerate(study.measured):
            by, name = each.group
            at = ("studies", study.name, "measured", i, "group")
            if each.group != EVERYBODY and by not in known:
                raise unknown_name("group", by, known, file=studies.file, path=at)
            if each.group != EVERYBODY and name not in known[by]:
                raise unknown_name(by, name, known[by], file=studies.file, path=(*at, by))
            if each.group != EVERYBODY and each.measure in OF_EVERYBODY:
                raise refusal(
                    f"{each.measure} is not counted by group",
                    file=studies.file,
                    path=at,
                    allowed="no group, or a share or rate of people such as uptake_24",
                )
        for i, arm in enumerate(study.arms):
            if arm.host != baseline.host:
                raise refusal(
                    f"is of the host {arm.host}, the baseline of {baseline.host}",
                    file=studies.file,
                    path=("studies", study.name, "arms", i),
                    allowed="arms of the host that is compared, or another file (--studies)",
                )
