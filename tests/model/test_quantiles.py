"""Quantiles are scipy's, to the last bit."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from avrr_sim.quantiles import normal_quantile


def test_quantiles_are_those_of_scipy_to_the_last_bit():
    random = np.random.default_rng(1)
    shares = np.concatenate(
        [
            random.random(20_000),
            10.0 ** -random.uniform(0, 300, 5_000),
            1.0 - 2.0 ** -random.uniform(1, 53, 2_000),
            (np.array([0, 1, 2**31, 2**32 - 1]) + 0.5) / 2**32,
        ]
    )
    shares = shares[(shares > 0) & (shares < 1)]
    assert [normal_quantile(share) for share in shares.tolist()] == ndtri(shares).tolist()
