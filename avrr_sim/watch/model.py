"""The model that a live page steps: a scenario from the first month of its window on, levers as arguments."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from avrr_sim.engines.agents import ReturnModel
from avrr_sim.policy import LEVERS, TIMING, in_force
from avrr_sim.scenario import Scenario, load_scenario

MOVED = (
    "cash_level",
    "in_kind_level",
    "outreach",
    "information_intensity",
    "trust_building",
    "online_application",
    "processing_speed",
)
"""Levers that a page has sliders for: support, information and process. Levers of coercion are none of them:
they are set in a scenario, and studied for their consequences."""


@cache
def _scenario(file: str) -> Scenario:
    return load_scenario(file)


def standing(scenario: Scenario) -> dict[str, float]:
    """The value of every lever of MOVED when the window begins."""
    found = {}
    for name in MOVED:
        value = in_force(scenario.levers.get(name, ()), scenario.window_from, LEVERS[name].default)
        assert isinstance(value, (int, float)), f"{name} is no {TIMING}"
        found[name] = float(value)
    return found


def moved(scenario: Scenario, levers: Mapping[str, float]) -> Scenario:
    """The scenario with those levers set, from its window on, that differ from what it has."""
    before = standing(scenario)
    changed = {name: value for name, value in levers.items() if value != before[name]}
    return scenario.vary(**changed, name=scenario.name) if changed else scenario


class WatchedModel(ReturnModel):
    """A `ReturnModel` of the scenario in a file, that has lived the months before its window. `kwargs`:
    levers of MOVED. Made anew with the same arguments it lives the same lives.
    """

    def __init__(self, file: str, size: int = 500, seed: int = 1, **kwargs: float) -> None:
        super().__init__(moved(_scenario(file), kwargs), seed=seed, size=size)
        while self.world.month < self.world.window_start:
            super().step()
        self.begun = self.world.month
