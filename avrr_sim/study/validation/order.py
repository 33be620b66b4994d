"""What a validation is: its order, known by a digest, and its results by pattern and draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from avrr_sim.display import Displayed
from avrr_sim.fingerprint import model_hash, statistics_hash
from avrr_sim.study.folder.chunks import Failure, chunk_size, cut
from avrr_sim.study.folder.order import Order
from avrr_sim.study.folder.provenance import manifest_of
from avrr_sim.study.jobs.plan import Plan, make_plan
from avrr_sim.study.patterns.catalogue import PATTERNS
from avrr_sim.study.patterns.statistic import Statistic
from avrr_sim.study.patterns.worlds import BASES, WORLDS, base_world
from avrr_sim.study.summary.statistics import INTERVAL
from avrr_sim.study.validation.verdicts import HIT, MISS, VERDICTS, judged

NUMBERS = {"draws": 100, "size": 20_000, "seed": 1}
"""What the command does where it is not told otherwise. Counts of single origins need a large run; hazards do
not.
"""


@dataclass(frozen=True)
class ValidationOrder(Order):
    """What is to be done: the plan, whose scenarios are the worlds that others vary, and the command."""

    plan: Plan
    command: str = "validate"
    kind = "validate"

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Everything that the results depend on, by name."""
        plan = self.plan
        return {
            "seed": plan.seed,
            "draws": plan.draws,
            "size": plan.size,
            "weights": plan.weights,
            "evidence_hash": plan.weights_hash(),
            "scenario_hashes": plan.scenario_hashes(),
            "model_hash": model_hash(),
            "statistics_hash": statistics_hash(),
        }

    @property
    def stored(self) -> Plan:
        """The plan in whose terms results are stored: one row of scenarios for all worlds of a draw."""
        return replace(self.plan, scenarios=self.plan.scenarios[:1], keys=("all worlds",), replicates=1)

    @property
    def runs(self) -> int:
        """Lives of worlds."""
        return len(WORLDS) * self.plan.draws

    def manifest(self, status: str, failures: Sequence[Failure], kept: int) -> dict[str, Any]:
        """What the manifest says."""
        manifest = manifest_of(self.plan, self.command, status, list(failures), kept)
        for key in ("jobs_done", "window", "start"):
            manifest.pop(key)
        return manifest | {"interval": INTERVAL, "runs_planned": self.runs, "hit": HIT, "missed": MISS}


@dataclass(repr=False)
class Validated(Displayed):
    """A finished validation: the statistic of every pattern and check in every draw that succeeded, figures
    of the checks, failures, the folder if one was kept, and the tables by name (statistics, patterns,
    targets).

    statistics: (kind, name) -> one a draw; kinds: "pattern", "beside", "check". measured: name of a check ->
    its figures, one a draw.
    """

    order: ValidationOrder
    folder: Path | None
    draws: list[int]
    statistics: dict[tuple[str, str], list[Statistic]] = field(default_factory=dict)
    measured: dict[str, list[float]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)

    def _line(self) -> str:
        plan, verdicts = self.order.plan, self._excerpt()["verdict"]
        told = ", ".join(f"{(verdicts == verdict).sum()} {verdict}" for verdict in VERDICTS)
        return f"{len(verdicts)} patterns: {told}; {len(self.draws)} of {plan.draws} draws"

    def _excerpt(self) -> pd.DataFrame:
        found = {name: judged(each) for (kind, name), each in self.statistics.items() if kind == "pattern"}
        return pd.DataFrame(
            {
                "pattern": list(found),
                "statement": [PATTERNS[name].statement for name in found],
                "verdict": [verdict.verdict for verdict in found.values()],
                "probability": [verdict.probability for verdict in found.values()],
            }
        )


def order_of(numbers: Mapping[str, Any], command: str = "validate") -> ValidationOrder:
    """The checked order; `numbers`: draws, seed, size, weights, each None for the default. Raises
    `Refusal`.
    """
    chosen = {**NUMBERS, **{key: value for key, value in numbers.items() if value is not None}}
    plan = make_plan([base_world("baseline-norway")], replicates=1, **chosen)
    return ValidationOrder(
        replace(plan, scenarios=tuple(base_world(name) for name in BASES), keys=tuple(BASES)), command
    )


def draws_by_chunk(order: ValidationOrder) -> dict[int, Sequence[int]]:
    """Draws by chunk: few, because every draw is many lives."""
    return cut(range(order.plan.draws), max(1, chunk_size(order.runs) // len(WORLDS)))
