"""What a calibration is to do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from avrr_sim.study.calibration.activity import FOLDER as SCREEN
from avrr_sim.study.calibration.activity import screen_batch
from avrr_sim.study.calibration.runs import digest_of_runs, simulated
from avrr_sim.study.calibration.space import Space
from avrr_sim.study.calibration.targets import Targets, load_targets
from avrr_sim.study.folder.chunks import Chunks, Failure
from avrr_sim.study.folder.order import Order
from avrr_sim.study.folder.provenance import library_versions, source_commit
from avrr_sim.study.jobs.numbers import OF_WAVES, whole_number
from avrr_sim.version import VERSION


@dataclass(frozen=True)
class CalibrationOrder(Order):
    """What is to be done: the targets with the numbers of the waves, and the command."""

    targets: Targets
    command: str = "calibrate"
    kind = "calibrate"

    @cached_property
    def space(self) -> Space:
        """The weights that are fitted."""
        return Space(self.targets.scenario, self.targets.seed)

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Everything that the first runs depend on, in the form in which a manifest gives it."""
        numbers = {name: getattr(self.targets, name) for name in OF_WAVES}
        return json.loads(json.dumps({**simulated(self.targets, self.space), **numbers}))

    def chunks_in(self, folder: Path) -> Chunks:
        """The chunks of the first runs."""
        batch = screen_batch(self.targets, self.space)
        return Chunks(folder / SCREEN, digest_of_runs(batch, self.targets, self.space))

    def manifest(self, status: str, failures: Sequence[Failure], kept: int) -> dict[str, Any]:
        """What the manifest says; what the posterior comes from in detail is in recipe.json."""
        numbers = {name: getattr(self.targets, name) for name in OF_WAVES}
        return {
            "command": self.command,
            "status": status,
            "version": VERSION,
            "commit": source_commit(),
            "targets": self.targets.name,
            **numbers,
            "runs_done": kept,
            "libraries": library_versions(),
            "failures": list(failures),
        }


def order_of(
    targets: str | Path | Targets, numbers: Mapping[str, Any], command: str = "calibrate"
) -> CalibrationOrder:
    """The checked order for a file of targets; `numbers`: points, size and seed in place of the file's, each
    None for what that says. Points and size hold for all runs, those of the posterior too. Raises `Refusal`.
    """
    chosen = targets if isinstance(targets, Targets) else load_targets(targets)
    given: dict[str, Any] = {
        name: whole_number(name, value, OF_WAVES) for name, value in numbers.items() if value is not None
    }
    given |= {f"close_{name}": given[name] for name in ("points", "size") if name in given}
    return CalibrationOrder(replace(chosen, **given), command)
