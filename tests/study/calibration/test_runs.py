"""What a run of a calibration says of every figure and effect."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import ROOT

from avrr_sim.engines import table
from avrr_sim.engines.past import Past
from avrr_sim.engines.world import build_world
from avrr_sim.evidence import load_evidence
from avrr_sim.outcomes import counted
from avrr_sim.study.calibration.runs import Batch, figures_of, run_point
from avrr_sim.study.calibration.space import Space
from avrr_sim.study.calibration.targets import load_targets


@pytest.fixture(scope="module")
def norwegian() -> tuple[Batch, object, Space]:
    targets = load_targets(ROOT / "experiments" / "calibration-norway.yaml")
    space = Space(targets.scenario, targets.seed)
    z = np.random.default_rng(1).standard_normal((3, len(space.names)))
    return Batch("some", 1, z, 400, 1), targets, space


def test_a_run_says_of_every_target_what_its_measure_counts(norwegian):
    batch, targets, space = norwegian
    point = batch.point(targets, space, 1)
    world = table.run(
        build_world(point.scenario, dict(point.weights), point.seed, point.number, 0, point.size)
    )
    found = figures_of(world, targets.targets)
    for target in targets.targets:
        plain = counted(world, (target.first, target.last)).value(target.measure)
        if target.over:
            below = counted(world, target.over).value(target.measure)
            plain = plain / below if below else np.nan
        assert found[target.id] == pytest.approx(plain, rel=1e-12, nan_ok=True), target.id


def test_a_shared_past_is_lived_once_and_changes_nothing(monkeypatch, norwegian):
    batch, targets, space = norwegian
    point = batch.point(targets, space, 0)
    once = run_point(point)
    assert len(once) == len(targets.targets) + 4 * len(targets.effects)
    monkeypatch.setattr(Past, "is_of", lambda *_: False)
    twice = run_point(point)
    assert once.keys() == twice.keys() and all(once[key] == twice[key] or np.isnan(once[key]) for key in once)


def test_the_middle_of_the_priors_is_their_median(norwegian):
    _, _, space = norwegian
    weights = space.weights_at(np.zeros(len(space.names)))
    assert all(weights[name] == pytest.approx(weight.central) for name, weight in load_evidence().items())
