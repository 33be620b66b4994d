"""What tests of patterns, policy and experiments share."""

from __future__ import annotations

import shutil
from pathlib import Path

from conftest import SCENARIOS

from avrr_sim.scenario import Scenario, load_scenario

SEED = 11


def baseline() -> Scenario:
    """The Norwegian baseline, as shipped."""
    return load_scenario(SCENARIOS / "baseline-norway.yaml")


def experiment_file(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    """An experiment file beside a copy of the baseline, which it names."""
    shutil.copy(SCENARIOS / "baseline-norway.yaml", folder / "base.yaml")
    path = folder / name
    path.write_text("baseline: base.yaml\n" + text)
    return path
