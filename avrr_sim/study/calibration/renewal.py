"""The fingerprint that the shipped posterior carries, renewed after a change of code that changes no run.

    python -m avrr_sim.study.calibration.renewal

Points of the priors that are shipped with what the model said of them are simulated again. Only where every
figure comes out as it is stored is the fingerprint of today's code written into the recipe; otherwise the
posterior stays out of date, and has to be fitted again.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence

import numpy as np
import pandas as pd

from avrr_sim import posterior
from avrr_sim.evidence import evidence_hash
from avrr_sim.study.calibration.calibrate import DEFAULT
from avrr_sim.study.calibration.runs import APART, Point, run_point
from avrr_sim.study.calibration.targets import load_targets
from avrr_sim.study.folder.whole import write_whole
from avrr_sim.version import VERSION

TRIED = 24
"""Points that are simulated again."""

SAME = 1e-9
"""Relative difference up to which two figures are one."""
_WEIGHT = "weight:"


def points_that_differ(tried: int) -> list[str]:
    """Points of those that are shipped of which today's model says something else, in words.

    Raises FileNotFoundError where none are shipped.
    """
    targets = load_targets(DEFAULT)
    shipped = pd.read_parquet(posterior.FOLDER / "again.parquet").set_index("point")
    names = [name for name in shipped if name.startswith(_WEIGHT)]
    found = []
    for number in spread(shipped.index.to_list(), tried):
        stored = shipped.loc[number]
        weights = {name.removeprefix(_WEIGHT): float(stored[name]) for name in names}
        made_with = (evidence_hash(), VERSION)
        point = Point(
            APART + number,
            weights,
            targets.scenario,
            targets.targets,
            None,
            (),
            targets.seed,
            targets.size,
            made_with,
        )
        found += [
            f"point {number}: {key} is {value:.6g}, stored {stored[key]:.6g}"
            for key, value in run_point(point).items()
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
