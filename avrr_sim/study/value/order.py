"""What a study of the value of information is to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from avrr_sim.dates import month_text
from avrr_sim.measures import COMPARATIVE, MEASURES, TWIN_MEASURES
from avrr_sim.refusals import Refusal, refusal, unknown_name
from avrr_sim.scenario import Scenario
from avrr_sim.study.calibration.targets import Targets
from avrr_sim.study.comparison.kept import KeptJobs
from avrr_sim.study.comparison.order import ComparisonOrder
from avrr_sim.study.folder.chunks import Chunks, Failure
from avrr_sim.study.folder.identity import digest_of
from avrr_sim.study.folder.manifest import read_manifest
from avrr_sim.study.folder.order import Order
from avrr_sim.study.folder.provenance import manifest_of
from avrr_sim.study.folder.run_folder import recognise
from avrr_sim.study.jobs.plan import Plan, essence, make_plan
from avrr_sim.study.value.figure_runs import NAME
from avrr_sim.study.value.studies import PossibleStudy, Studies, check_fits

RANKED = ("uptake_24", "assisted_departures")
"""Measures whose differences are looked at where nothing else is asked for."""
FEWEST_DRAWS = 50
"""Fewer draws teach a regression nothing."""


@dataclass(frozen=True)
class ValueOrder(Order):
    """What is to be done.

    plan: the comparison, arms of studies among its scenarios; asked: numbers of the scenarios whose
    difference from the first is looked at; measures: of which; studies: that could be done; targets:
    published figures, None where none are looked at; source: the folder of a comparison whose jobs are
    taken, None where they are run.
    """

    plan: Plan
    asked: tuple[int, ...]
    measures: tuple[str, ...]
    studies: Studies
    targets: Targets | None = None
    source: Path | None = None
    command: str = "study-next"
    kind = "study-next"

    @property
    def comparison(self) -> ComparisonOrder:
        """The comparison whose jobs are looked at."""
        return ComparisonOrder(self.plan, self.command, "compare")

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Everything that the results depend on, by name."""
        figures = [figure.stated() for figure in self.targets.targets] if self.targets else None
        base = self.targets.scenario.stated() if self.targets else None
        return {
            **self.comparison.identity,
            "asked": [self.plan.keys[k] for k in self.asked],
            "measures": list(self.measures),
            "studies": digest_of({"studies": [study.stated() for study in self.studies.studies]}),
            "figures": digest_of({"figures": figures, "scenario": base}),
        }

    def jobs_in(self, folder: Path) -> KeptJobs:
        """The jobs of the comparison: those of `source`, else those that this study keeps."""
        if self.source is not None:
            return self.comparison.jobs_in(self.source)
        return KeptJobs(folder, self.plan, self.digest)

    def chunks_in(self, folder: Path) -> Chunks:
        """The chunks by which a folder is known for one of this study."""
        return Chunks(folder, self.digest, NAME) if self.source is not None else self.jobs_in(folder).chunks

    def manifest(self, status: str, failures: Sequence[Failure], kept: int) -> dict[str, Any]:
        """What the manifest says; `kept`: jobs and runs that stand on disk."""
        return manifest_of(self.plan, self.command, status, list(failures), kept)

    def arms_of(self, study: PossibleStudy) -> tuple[int, ...]:
        """Numbers of the scenarios in which a study measures: the baseline, or its two arms. Raises
        LookupError where an arm is not among the scenarios.
        """
        return tuple(_place_of(arm, self.plan) for arm in study.arms) or (0,)

    @property
    def possible(self) -> tuple[list[PossibleStudy], list[PossibleStudy]]:
        """(studies all of whose arms were run, the others)."""
        there, missing = [], []
        for study in self.studies.studies:
            try:
                self.arms_of(study)
                there.append(study)
            except LookupError:
                missing.append(study)
        return there, missing


def _fitted_in(arm: Scenario, baseline: Scenario) -> Scenario:
    """An arm over the months of the baseline."""
    window = {"from": month_text(baseline.window_from), "to": month_text(baseline.window_to)}
    same = (arm.start, arm.window_from, arm.window_to) == (
        baseline.start,
        baseline.window_from,
        baseline.window_to,
    )
    if same:
        return arm
    return replace(arm.vary(start=month_text(baseline.start), window=window, name=arm.name), file=arm.file)


def _place_of(arm: Scenario, plan: Plan) -> int:
    wanted = essence(_fitted_in(arm, plan.scenarios[0]), {})
    for k, scenario in enumerate(plan.scenarios):
        if essence(scenario, {}) == wanted:
            return k
    raise LookupError(arm.name)


def checked_measures(names: Sequence[str]) -> tuple[str, ...]:
    """The measures of which differences are looked at. Raises `Refusal`."""
    known = [name for name in MEASURES if name not in (*COMPARATIVE, *TWIN_MEASURES)]
    for name in names:
        if name not in known:
            raise unknown_name("measure", name, known)
    return tuple(dict.fromkeys(names)) or RANKED


def _check_draws(plan: Plan) -> None:
    if plan.draws < FEWEST_DRAWS or plan.weights == "central":
        raise refusal(
            f"{plan.draws} draws of the {plan.weights} weights say nothing of what is not known",
            allowed=f"at least {FEWEST_DRAWS} draws of the posterior or of the priors; 500 tell more",
        )


def order_of(
    scenarios: Sequence[Scenario],
    numbers: Mapping[str, Any],
    *,
    measures: Sequence[str] = (),
    studies: Studies,
    targets: Targets | None = None,
    command: str = "study-next",
) -> ValueOrder:
    """The checked order for scenarios that are to be run, the first the baseline; arms of studies are run
    too. Raises `Refusal`.
    """
    if len(scenarios) < 2:
        raise refusal(
            "study-next needs a baseline and at least one other scenario",
            allowed="two or more scenario files, or the folder of a comparison",
        )
    asked = make_plan(scenarios, **numbers)
    check_fits(studies, asked.scenarios[0])
    more: dict[str, Scenario] = {}
    for arm in studies.arms:
        fitted = _fitted_in(arm, asked.scenarios[0])
        try:
            _place_of(fitted, asked)
        except LookupError:
            more.setdefault(essence(fitted, {}), fitted)
    months = {key: value for key, value in numbers.items() if key != "months"}
    plan = make_plan([*asked.scenarios, *more.values()], **months)
    _check_draws(plan)
    others = tuple(range(1, len(asked.scenarios)))
    return ValueOrder(
        plan, others, checked_measures(measures), studies, _of_host(targets, plan), command=command
    )


def _of_host(targets: Targets | None, plan: Plan) -> Targets | None:
    """The figures, where they are of the host that is compared."""
    return targets if targets and targets.scenario.host == plan.scenarios[0].host else None


def order_in(
    folder: Path,
    *,
    measures: Sequence[str] = (),
    studies: Studies,
    targets: Targets | None = None,
    command: str = "study-next",
) -> ValueOrder:
    """The checked order for the folder of a finished comparison, whose jobs are not run again; studies one
    of whose arms is not in it are left out. Raises `Refusal` where it is no such folder, or was made with
    another model or other weights.
    """
    manifest = read_manifest(folder)
    if manifest is None or manifest.get("kind") != "compare":
        raise refusal(
            "is not the folder of a comparison", file=folder, allowed="a folder that `avrr compare` left"
        )
    plan = _plan_in(manifest, folder)
    recognise(folder, ComparisonOrder(plan, str(manifest["command"]), "compare"))
    if manifest.get("status") != "done":
        raise refusal(
            f"holds a comparison that is {manifest.get('status')}",
            file=folder,
            allowed="one that is done (`avrr compare ... --resume` goes on with it)",
        )
    check_fits(studies, plan.scenarios[0])
    _check_draws(plan)
    others = tuple(range(1, len(plan.scenarios)))
    return ValueOrder(
        plan, others, checked_measures(measures), studies, _of_host(targets, plan), folder, command
    )


def _plan_in(manifest: Mapping[str, Any], folder: Path) -> Plan:
    """The plan that a manifest tells. Raises `Refusal` where it does not hold together."""
    try:
        told = [dict(each) for each in manifest["scenarios"]]
        keys = tuple(str(each.pop("key")) for each in told)
        draws, replicates, seed, size = (
            int(manifest[name]) for name in ("draws", "replicates", "seed", "size")
        )
        twinned = int(manifest["identity"]["twinned"])
        ceilings, hypotheses = (bool(manifest["identity"][name]) for name in ("ceilings", "hypotheses"))
        engine, weights = str(manifest["engine"]), str(manifest["weights"])
        scenarios = tuple(Scenario.from_mapping(each) for each in told)
        plan = make_plan(
            scenarios,
            draws=draws,
            replicates=replicates,
            seed=seed,
            size=size,
            engine=engine,
            weights=weights,
        )
    except Refusal:
        raise
    except (LookupError, TypeError, ValueError, AttributeError):
        raise refusal(
            "cannot be read as the manifest of a comparison",
            file=folder / "manifest.json",
            allowed="the file as it was written",
        ) from None
    return replace(
        plan,
        scenarios=scenarios,
        keys=keys,
        twinned=twinned,
        ceilings=ceilings,
        hypotheses=hypotheses,
    )
