"""What a calibration is to do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from avrr_sim.study.calibration.bank import Bank
from avrr_sim.study.calibration.rivals import check_rivals
from avrr_sim.study.calibration.targets import Targets, load_targets
from avrr_sim.study.folder.chunks import Chunks, Failure
from avrr_sim.study.folder.order import Order
from avrr_sim.study.folder.provenance import library_versions, source_commit
from avrr_sim.study.jobs.numbers import OF_BANKS, whole_number
from avrr_sim.version import VERSION

FIRST_BANK = "bank-1"
"""Folder of the runs through the priors."""


@dataclass(frozen=True)
class CalibrationOrder(Order):
    """What is to be done: the targets with the numbers of the bank, whether rivals are fitted too, and the
    command.
    """

    targets: Targets
    with_rivals: bool = False
    command: str = "calibrate"
    kind = "calibrate"

    @cached_property
    def bank(self) -> Bank:
        """The bank of runs through the priors."""
        return Bank(self.targets)

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Everything that the runs through the priors depend on, in the form in which a manifest gives it."""
        return json.loads(json.dumps(self.bank.simulated))

    def chunks_in(self, folder: Path) -> Chunks:
        """The chunks of the first bank."""
        return Chunks(folder / FIRST_BANK, self.digest)

    def manifest(self, status: str, failures: Sequence[Failure], kept: int) -> dict[str, Any]:
        """What the manifest says; what the posterior comes from in detail is in recipe.json."""
        return {
            "command": self.command,
            "status": status,
            "version": VERSION,
            "commit": source_commit(),
            "targets": self.targets.name,
            "points": self.targets.points,
            "size": self.targets.size,
            "seed": self.targets.seed,
            "runs_done": kept,
            "libraries": library_versions(),
            "failures": list(failures),
        }


def order_of(
    targets: str | Path | Targets,
    numbers: Mapping[str, Any],
    with_rivals: bool = False,
    command: str = "calibrate",
) -> CalibrationOrder:
    """The checked order for a file of targets; `numbers`: points, size, seed in place of the file's, each
    None for what that says. Raises `Refusal`.
    """
    chosen = targets if isinstance(targets, Targets) else load_targets(targets)
    given: dict[str, Any] = {
        name: whole_number(name, value, OF_BANKS) for name, value in numbers.items() if value is not None
    }
    chosen = replace(chosen, **given)
    if with_rivals:
        check_rivals(chosen)
    return CalibrationOrder(chosen, with_rivals, command)
