"""What a forecast is to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from avrr_sim.dates import month_text
from avrr_sim.evidence import evidence_hash
from avrr_sim.fingerprint import model_hash
from avrr_sim.posterior import recipe
from avrr_sim.refusals import refusal
from avrr_sim.scenario import Scenario
from avrr_sim.study.folder.chunks import Chunks, Failure, chunk_size, cut
from avrr_sim.study.folder.order import Order
from avrr_sim.study.folder.provenance import manifest_of
from avrr_sim.study.jobs.plan import Plan, make_plan
from avrr_sim.study.ledger.series import all_series
from avrr_sim.version import VERSION

NUMBERS = {"draws": 500, "seed": 1, "size": 20_000}
"""What the command does where it is not told otherwise: a count of a year needs a large run."""


@dataclass(frozen=True)
class PredictionOrder(Order):
    """What is to be done: the plan of one scenario whose window is the years that are forecast, and the
    command.
    """

    plan: Plan
    command: str = "predict"
    kind = "predict"

    @property
    def scenario(self) -> Scenario:
        """What is forecast."""
        return self.plan.scenarios[0]

    @property
    def years(self) -> list[int]:
        """The years that are forecast."""
        return list(range(self.scenario.window_from // 12, self.scenario.window_to // 12 + 1))

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Everything that the results depend on, by name."""
        plan = self.plan
        return {
            **{name: getattr(plan, name) for name in ("seed", "draws", "size", "weights")},
            "evidence_hash": plan.weights_hash(),
            "scenario_hashes": plan.scenario_hashes(),
            "model_hash": model_hash(),
            "series": {name: [each.measure, each.error] for name, each in all_series().items()},
        }

    def chunks_in(self, folder: Path) -> Chunks:
        """The chunks in which runs are kept."""
        return Chunks(folder, self.digest)

    @property
    def draws_by_chunk(self) -> dict[int, Sequence[int]]:
        """Draws by chunk."""
        return cut(range(self.plan.draws), chunk_size(self.plan.draws))

    def manifest(self, status: str, failures: Sequence[Failure], kept: int) -> dict[str, Any]:
        """What the manifest says; `kept`: runs that stand on disk."""
        return manifest_of(self.plan, self.command, status, list(failures), kept)

    @property
    def made_with(self) -> tuple[str, str]:
        """What a worker must have too."""
        return evidence_hash(), VERSION


def last_fitted(weights: str) -> int | None:
    """The last calendar month of the figures that the shipped posterior was fitted to; None for other
    weights, or where its recipe does not say. Ranges are left out, whose windows only bound what they are
    about.
    """
    targets = recipe().get("targets", []) if weights == "posterior" else []
    return max((int(each["last"]) for each in targets if each["low"] == each["high"]), default=None)


def order_of(
    scenario: Scenario,
    first: int | None,
    until: int,
    numbers: Mapping[str, Any],
    command: str = "predict",
) -> PredictionOrder:
    """The checked order. first, until: the first and last calendar month of the forecast; None: the month
    after the last figure that the posterior was fitted to, or of the scenario's window. Raises `Refusal`.
    """
    chosen = {**NUMBERS, **{key: value for key, value in numbers.items() if value is not None}}
    plan = make_plan([scenario], replicates=1, **chosen)
    if first is None:
        known = last_fitted(plan.weights)
        first = scenario.window_from if known is None else known + 1
    if first % 12 or until % 12 != 11 or until < first:
        raise refusal(
            f"{month_text(first)} to {month_text(until)} are no whole years",
            allowed="--from a January, --until a December after it",
        )
    window = {"from": month_text(first), "to": month_text(until)}
    varied = replace(scenario.vary(window=window, name=scenario.name, asks=scenario.asks), file=scenario.file)
    plan = make_plan([varied], replicates=1, **chosen)
    return PredictionOrder(plan, command)
