"""The fingerprint that the shipped posterior carries, renewed after a change of code that changes no run.

    python -m avrr_sim.study.calibration.renewal

Points of the shipped bank through the priors, spread over its length and with effects among them, are
simulated again. Patterns do not count: what their statistics are is not part of the fingerprint. Only where
every figure comes out as it is stored is the fingerprint of today's code written into the recipe; otherwise
the posterior stays out of date, and has to be fitted again.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from avrr_sim import posterior
from avrr_sim.study.calibration.bank import Bank, point_of, run_point
from avrr_sim.study.calibration.calibrate import DEFAULT
from avrr_sim.study.calibration.targets import load_targets
from avrr_sim.study.folder.whole import write_whole

TRIED = 12
"""Points of a bank that are simulated again."""

SAME = 1e-6
"""Relative difference up to which two figures are one: banks are shipped in single precision."""


def points_that_differ(tried: int) -> list[str]:
    """Points of the shipped bank of which today's model says something else, in words.

    Raises FileNotFoundError where no bank is shipped.
    """
    bank = Bank(load_targets(DEFAULT))
    shipped = pd.read_parquet(posterior.FOLDER / "bank-1.parquet").set_index("point")
    found = []
    for number in spread(shipped.index.to_list(), tried):
        stored = shipped.loc[number]
        found += [
            f"point {number}: {key} is {value:.6g}, stored {stored[key]:.6g}"
            for key, value in run_point(replace(point_of(bank, number), patterns=())).items()
            if not _alike(value, float(stored[key]))
        ]
    return found


def spread(numbers: Sequence[int], count: int) -> list[int]:
    """`count` of the numbers, from the first to the last, at even steps."""
    at = np.linspace(0, len(numbers) - 1, min(count, len(numbers))).round().astype(int)
    return [numbers[i] for i in at]


def _alike(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=SAME) or (math.isnan(one) and math.isnan(other))


def renew() -> bool:
    """Write today's fingerprint into the shipped recipe where the model says what it said; whether it did."""
    if differing := points_that_differ(TRIED):
        print("\n".join(differing), file=sys.stderr)
        return False
    recipe = {**posterior.recipe(), "fingerprint": posterior.fingerprint()}
    write_whole(posterior.FOLDER / "recipe.json", json.dumps(recipe, indent=2, ensure_ascii=False))
    return True


if __name__ == "__main__":
    sys.exit(0 if renew() else 1)
