"""Whatever passes `check` also runs: generated scenarios, in the compiled engine, over a short time."""

from __future__ import annotations

import numpy as np
from fuzz import often
from hypothesis import given
from strategies import scenario_files

from avrr_sim.evidence import draw_weights
from avrr_sim.refusals import Refusal
from avrr_sim.scenario import Scenario
from avrr_sim.simulation import simulate
from avrr_sim.study.summary.cautions import cautions_of


@often(60)
@given(scenario_files())
def test_whatever_passes_check_also_runs(content):
    try:
        scenario = Scenario.from_mapping({key: value for key, value in content.items() if key != "extends"})
    except Refusal:
        return
    cautions_of(scenario)
    outcomes = simulate(scenario, draw_weights(1, 0, scenario.weights), size=150)
    assert np.all(outcomes.units >= 0)
    assert len(outcomes.measures) > 20 and np.isfinite(outcomes.measures.cell).all()
