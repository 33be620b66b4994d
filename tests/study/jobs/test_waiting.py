"""How long people wait in one run."""

import numpy as np

from avrr_sim.study.jobs.waiting import QUANTILES, quantiles_by_group


def test_quantiles_of_groups_are_those_of_one_group_after_the_other():
    random = np.random.default_rng(1)
    for many in (0, 1, 2, 7, 40, 3000):
        length, group = random.integers(0, 90, many), random.integers(-1, 9, many)  # some in no group
        found, units = quantiles_by_group(length, group, 8)
        for i in range(8):
            mine = length[group == i]
            assert units[i] == len(mine)
            one = np.quantile(mine, QUANTILES) if len(mine) else np.full(len(QUANTILES), np.nan)
            assert found[i].tobytes() == one.tobytes()
