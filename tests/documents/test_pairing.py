"""What pairing persons is worth, in small; docs/pairing.md holds the measured tables."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import norway
from scipy.stats import f as fisher

from avrr_sim.documents.pairing import InTurn, gains, table
from avrr_sim.simulation import simulate


def test_chance_in_turn_gives_other_lives_that_are_as_reproducible():
    scenario = norway()
    plain, turned, again = (
        simulate(scenario, size=300),
        simulate(scenario, size=300, watch=InTurn()),
        simulate(scenario, size=300, watch=InTurn()),
    )
    assert (turned.units == again.units).all() and (turned.units != plain.units).any()
    assert (turned.units[0] == plain.units[0]).all(), "the first month is lived with the chance of one's own"


@pytest.mark.slow
def test_paired_persons_need_fewer_runs_than_the_same_seed_and_that_fewer_than_independent_seeds():
    """Ratios of variances of 100 pairs; each ratio beyond what equal variances give once in a thousand
    times.
    """
    runs = 100
    found = gains(
        norway(months=36),
        {"small": norway(months=36, cash_level=1.2)},
        ["applications", "moved_on"],
        runs=runs,
        size=500,
    )
    beyond = fisher.ppf(0.999, runs - 1, runs - 1)
    for gain in found:
        same, apart = gain.ratios()
        assert apart > same > beyond, table(found)
        assert np.isfinite(gain.mean)
