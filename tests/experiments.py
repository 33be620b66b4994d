"""What tests of patterns and policy share."""

from __future__ import annotations

from conftest import SCENARIOS

from avrr_sim.scenario import Scenario, load_scenario

SEED = 11


def baseline() -> Scenario:
    """The Norwegian baseline, as shipped."""
    return load_scenario(SCENARIOS / "baseline-norway.yaml")
