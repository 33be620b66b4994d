"""What a sweep is to do: experiment, plan, stopping rule, shard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from avrr_sim.fingerprint import model_hash
from avrr_sim.refusals import refusal
from avrr_sim.study.folder.chunks import Failure
from avrr_sim.study.folder.order import Order
from avrr_sim.study.folder.provenance import manifest_of
from avrr_sim.study.jobs.plan import Plan, make_plan
from avrr_sim.study.summary.statistics import INTERVAL
from avrr_sim.study.sweep.experiment import NUMBERS, Experiment, Precision, load_experiment, read_precision


@dataclass(frozen=True)
class SweepOrder(Order):
    """What is to be done: the experiment, its plan, the stopping rule, the shard (i, n) if only a part of the
    chunks is wanted, the command.
    """

    experiment: Experiment
    plan: Plan
    precision: Precision | None = None
    shard: tuple[int, int] | None = None
    command: str = "sweep"
    kind = "sweep"

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Everything that the results depend on, by name."""
        plan = self.plan
        names = ("seed", "draws", "replicates", "size", "engine", "weights")
        return {
            **{name: getattr(plan, name) for name in names},
            "evidence_hash": plan.weights_hash(),
            "scenario_hashes": plan.scenario_hashes(),
            "model_hash": model_hash(),
            "measures": list(self.experiment.measures),
            "factors": self.experiment.columns,
            "precision": asdict(self.precision) if self.precision else None,
        }

    @property
    def part(self) -> str | None:
        """The shard as it is written, i/n."""
        return f"{self.shard[0]}/{self.shard[1]}" if self.shard else None

    @property
    def home(self) -> Path:
        """Where folders of the experiment stand."""
        return Path("results") / self.experiment.key

    def manifest(self, status: str, failures: Sequence[Failure], kept: int) -> dict[str, Any]:
        """What the manifest says: enough to make the order again without the experiment's file."""
        manifest = manifest_of(self.plan, self.command, status, list(failures), kept)
        for key in ("scenarios", "jobs_done"):
            manifest.pop(key)
        points = {
            key: list(point) for key, point in zip(self.plan.keys[1:], self.experiment.points, strict=True)
        }
        return manifest | {
            "shard": self.part,
            "interval": INTERVAL,
            "runs_planned": self.plan.distinct_runs,
            "experiment": {**self.experiment.resolved(), "points": points},
            "precision": None,
        }


def order_of(
    source: Any,
    numbers: Mapping[str, Any] | None = None,
    *,
    precision: tuple[float, str | None] | None = None,
    shard: tuple[int, int] | None = None,
    command: str = "sweep",
) -> SweepOrder:
    """The checked order for an experiment; `numbers` that are not None replace the file's; precision: (below,
    measure). Raises `Refusal`.
    """
    experiment = load_experiment(source)
    for name in numbers or {}:
        if name not in NUMBERS:
            raise TypeError(f"a sweep has no number {name!r}; it has {', '.join(NUMBERS)}")
    given = {key: value for key, value in (numbers or {}).items() if value is not None}
    chosen = {**experiment.numbers, **given}
    plan = _plan_of(experiment, chosen)
    rule = _rule_of(experiment, precision)
    if rule is not None and shard is not None:
        raise refusal(
            "a sweep that grows until a precision is reached cannot be split into shards",
            allowed="--cluster, or no precision",
        )
    if rule is not None and plan.weights == "central" and rule.most_draws > 1:
        rule = replace(rule, most_draws=1)
    return SweepOrder(replace(experiment, numbers=chosen), plan, rule, shard, command)


def _plan_of(experiment: Experiment, numbers: Mapping[str, Any]) -> Plan:
    """The baseline and every point as scenarios of one plan."""
    variants = [
        experiment.scenario_of(point, name)
        for point, name in zip(experiment.points, experiment.names(), strict=True)
    ]
    plan = make_plan([experiment.baseline, *(scenario for scenario, _ in variants)], **numbers)
    width = max(4, len(str(len(variants))))
    keys = ("baseline", *(f"p{i:0{width}d}" for i in range(1, len(variants) + 1)))
    return replace(plan, keys=keys, amounts=({}, *(amounts for _, amounts in variants)))


def _rule_of(experiment: Experiment, precision: tuple[float, str | None] | None) -> Precision | None:
    """The stopping rule that was asked for, or else the experiment's."""
    rule = experiment.precision
    if precision is None:
        return rule
    below, measure = precision
    if measure is None and rule is None:
        raise refusal(
            f"--precision {below:g} of which measure?",
            allowed=f"--measure with one of {', '.join(experiment.measures)}",
        )
    asked: dict[str, Any] = {"below": below, "measure": measure}
    if rule is not None:
        asked |= {"most_draws": rule.most_draws, "most_replicates": rule.most_replicates}
        asked["measure"] = measure or rule.measure
    return read_precision(asked, experiment.measures)
