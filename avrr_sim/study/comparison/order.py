"""What a run or a comparison is to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from avrr_sim.fingerprint import model_hash
from avrr_sim.study.comparison.kept import KeptJobs
from avrr_sim.study.folder.chunks import Chunks, Failure
from avrr_sim.study.folder.order import Order
from avrr_sim.study.folder.provenance import manifest_of
from avrr_sim.study.jobs.plan import Plan


@dataclass(frozen=True)
class ComparisonOrder(Order):
    """What is to be done: the plan, the command, and whether it is called a run or a comparison (`kind`)."""

    plan: Plan
    command: str = "compare"
    kind: str = "compare"

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Everything that the results depend on, by name."""
        plan = self.plan
        names = (
            "seed",
            "draws",
            "replicates",
            "size",
            "engine",
            "weights",
            "twinned",
            "ceilings",
            "hypotheses",
        )
        return {
            **{name: getattr(plan, name) for name in names},
            "evidence_hash": plan.weights_hash(),
            "scenario_hashes": plan.scenario_hashes(),
            "model_hash": model_hash(),
        }

    def jobs_in(self, folder: Path) -> KeptJobs:
        """The jobs that are kept in a folder."""
        return KeptJobs(folder, self.plan, self.digest)

    def chunks_in(self, folder: Path) -> Chunks:
        """The chunks by which a folder is known for one of this study."""
        return self.jobs_in(folder).chunks

    def manifest(self, status: str, failures: Sequence[Failure], kept: int) -> dict[str, Any]:
        """What the manifest says; `kept`: jobs that stand on disk."""
        return manifest_of(self.plan, self.command, status, list(failures), kept)
