"""What a version before lived is lived to the bit: digests of whole runs over several settings.

    PYTHONPATH=tests python tests/model/test_digest.py > tests/model/digests.json   where the model changes

Hashed are whole numbers only: who did what in which month, and what was counted. Work on speed must leave the
file as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from conftest import SCENARIOS

from avrr_sim.engines import agents, table
from avrr_sim.engines.world import build_world
from avrr_sim.evidence import central_weights, draw_weights, load_evidence, value_at
from avrr_sim.migrant import MIGRANT
from avrr_sim.scenario import Scenario, load_scenario

KEPT = Path(__file__).with_name("digests.json")
SETTINGS = {
    "baseline": {},
    "housing": {"levers": {"accommodation": 0.3, "designated_centres": 0.5}},
    "crowded offices": {"levers": {"directorate_places": 50, "embassy_places": 0.2}},
    "announced cut": {
        "levers": {
            "cash_level": [{"from": "2012-01", "value": 0, "announced": "2011-01"}],
            "removal_level": 10,
            "security_shift": -0.3,
            "glossing": 1.0,
            "contradiction": 1.0,
            "advisor_interest": 1.0,
            "information_intensity": 10,
            "processing_speed": 0.1,
            "advisors": 0.5,
            "online_application": 0.5,
        }
    },
    "true beliefs": {
        "levers": {
            "true_beliefs": 1,
            "europe_opportunity": 3,
            "removal_news": 0.5,
            "exceptional_share": 0.3,
        }
    },
}


def far_out(z: float) -> dict[str, float]:
    """Every weight far out in its prior: +z and -z standard deviations in turn."""
    known = load_evidence().items()
    return {name: value_at(weight, z if i % 2 else -z) for i, (name, weight) in enumerate(known)}


WEIGHTS = {"central": central_weights(), "a draw": draw_weights(3, 5), "far out": far_out(6.0)}
NAMES = [f"{setting}, {weights}" for setting in SETTINGS for weights in WEIGHTS]


def digest(scenario: Scenario, weights: Mapping[str, float], engine=table, size: int = 1000) -> str:
    """Hash of everybody's whole numbers and truths at the end, and of what was counted."""
    world = build_world(scenario, dict(weights), 7, 0, 1, size)
    engine.run(world)
    rows = np.asarray(world.rows[world.position])
    found = hashlib.sha256()
    for name in sorted(MIGRANT.names):
        if MIGRANT[name].kind in "ib":
            found.update(name.encode() + np.ascontiguousarray(rows[name]).astype("<i8").tobytes())
    for counts in (world.units, world.persons, world.at_risk):
        found.update(np.ascontiguousarray(counts).astype("<i8").tobytes())
    return found.hexdigest()[:16]


def found_now(name: str, engine=table) -> str:
    setting, weights = name.split(", ")
    scenario = load_scenario(SCENARIOS / "baseline-norway.yaml").vary(**SETTINGS[setting])
    return digest(scenario, WEIGHTS[weights], engine)


@pytest.mark.parametrize("name", NAMES)
def test_a_run_is_lived_as_before(name):
    assert found_now(name) == json.loads(KEPT.read_text(encoding="utf-8"))[name]


@pytest.mark.parametrize("name", ["crowded offices, a draw", "announced cut, central"])
def test_the_agents_engine_lives_it_too(name):
    assert found_now(name, agents) == json.loads(KEPT.read_text(encoding="utf-8"))[name]


def test_different_settings_are_lived_differently():
    """But where a lever finds nobody to act on."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert list(kept) == NAMES and len(set(kept.values())) >= len(kept) - 2


if __name__ == "__main__":
    print(json.dumps({name: found_now(name) for name in NAMES}, indent=1))
