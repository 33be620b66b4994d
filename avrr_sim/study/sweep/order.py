"""What a sweep is to do: experiment, plan, stopping rule, shard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from avrr_sim.fingerprint import model_hash
from avrr_sim.refusals import refusal
from avrr_sim.study.folder.identity import digest_of
from avrr_sim.study.jobs.plan import Plan, make_plan
from avrr_sim.study.sweep.experiment import NUMBERS, Experiment, Precision, load_experiment, read_precision

if TYPE_CHECKING:
    from avrr_sim.study.sweep.experiment import Experiment, Precision

    pass


@dataclass(frozen=True)
class Order:
    """What is to be done: the experiment, its plan, the stopping rule, the shard (i, n) if only a part of the
    chunks is wanted, the command.
    """

    experiment: Experiment
    plan: Plan
    precision: Precision | None = None
    shard: tuple[int, int] | None = None
    command: str = "sweep"

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Everything that the results depend on, by name."""
        return identity_of(self.experiment, self.plan, self.precision)

    @cached_property
    def digest(self) -> str:
        """Hash of the identity."""
        return digest_of(self.identity)


def order_of(
    source: Any,
    numbers: Mapping[str, Any] | None = None,
    *,
    precision: tuple[float, str | None] | None = None,
    shard: tuple[int, int] | None = None,
    command: str = "sweep",
) -> Order:
    """The checked order for an experiment; `numbers` that are not None replace the file's; precision: (below,
    measure). Raises `Refusal`.
    """
    experiment = load_experiment(source)
    chosen = {
        **experiment.numbers,
        **{key: value for key, value in (numbers or {}).items() if value is not None},
    }
    variants = [
        experiment.scenario_of(point, name)
        for point, name in zip(experiment.points, experiment.names(), strict=True)
    ]
    plan = make_plan(
        [experiment.baseline, *(scenario for scenario, _ in variants)],
        **{key: chosen[key] for key in NUMBERS if key in chosen},
    )
    width = max(4, len(str(len(variants))))
    keys = ("baseline", *(f"p{i:0{width}d}" for i in range(1, len(variants) + 1)))
    plan = replace(plan, keys=keys, amounts=({}, *(amounts for _, amounts in variants)))
    rule = experiment.precision
    if precision is not None:
        below, measure = precision
        if measure is None and rule is None:
            raise refusal(
                f"--precision {below:g} of which measure?",
                allowed=f"--measure with one of {', '.join(experiment.measures)}",
            )
        caps = {"most_draws": rule.most_draws, "most_replicates": rule.most_replicates} if rule else {}
        rule = read_precision(
            {"below": below, "measure": measure or rule.measure, **caps}, experiment.measures
        )
    if rule is not None and shard is not None:
        raise refusal(
            "a sweep that grows until a precision is reached cannot be split into shards",
            allowed="--cluster, or no precision",
        )
    if rule is not None and plan.weights == "central" and rule.most_draws > 1:
        rule = replace(rule, most_draws=1)
    return Order(replace(experiment, numbers=chosen), plan, rule, shard, command)


def _known(numbers: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in numbers:
        if name not in NUMBERS:
            raise TypeError(f"sweep() has no argument {name!r}; it takes {', '.join(NUMBERS)}")
    return numbers


def identity_of(experiment: Experiment, plan: Plan, precision: Precision | None) -> dict[str, Any]:
    """Everything that the results depend on, by name."""
    numbers = {
        key: getattr(plan, key) for key in ("seed", "draws", "replicates", "size", "engine", "weights")
    }
    return {
        **numbers,
        "evidence_hash": plan.weights_hash(),
        "scenario_hashes": plan.scenario_hashes(),
        "model_hash": model_hash(),
        "measures": list(experiment.measures),
        "factors": experiment.columns,
        "precision": asdict(precision) if precision else None,
    }
