"""Which weights act on any fitted figure at all.

At some points of the priors every weight is moved by itself to the edges of its prior, the same people,
chance and everything else left alone. A weight that leaves every fitted figure what it was, to the last bit,
at all of these points cannot be told anything by them, and keeps its prior.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from avrr_sim.study.calibration.runs import Batch, Point, make_runs
from avrr_sim.study.calibration.space import Space
from avrr_sim.study.calibration.targets import Targets
from avrr_sim.study.folder.frame import Work

BASES, A_BASE = 8, 600
"""Points of the priors at which weights are moved, at most; and runs of a wave for each of them."""
EDGE = 2.326
"""Normal quantile of the edges: one per cent, and ninety-nine."""
FOLDER = "screen"
_SCREEN = 0x5C


class Screen(Batch):
    """A batch whose points of one base have one chance."""

    def point(self, targets: Targets, space: Space, number: int) -> Point:
        told = super().point(targets, space, number)
        moved = 1 + 2 * len(space.names)
        return Point(**{**vars(told), "number": self.number + number // moved})


def bases_of(targets: Targets) -> int:
    """How many points of the priors are the bases of a screen: few where waves are small."""
    return min(max(targets.points // A_BASE, 1), BASES)


def screen_runs(targets: Targets, weights: int) -> int:
    """Runs of a screen."""
    return bases_of(targets) * (1 + 2 * weights)


def screen_points(bases: int, weights: int, seed: int) -> np.ndarray:
    """(bases x (1 + 2 x weights), weights) quantiles: each base, and then each weight moved down and up."""
    blocks = []
    for base in np.random.default_rng([seed, _SCREEN]).standard_normal((bases, weights)):
        block = np.repeat(base[None], 1 + 2 * weights, axis=0)
        block[1 + 2 * np.arange(weights), np.arange(weights)] = -EDGE
        block[2 + 2 * np.arange(weights), np.arange(weights)] = EDGE
        blocks.append(block)
    return np.vstack(blocks)


def active_of(frame: pd.DataFrame, fitted: list[str], weights: int) -> np.ndarray:
    """Numbers of the weights that move some fitted figure somewhere. A point that failed counts as moved."""
    block = 1 + 2 * weights
    bases = int(frame["point"].max()) // block + 1
    figures = frame.set_index("point")[fitted].reindex(range(bases * block)).to_numpy(np.float64)
    bits = np.ascontiguousarray(figures).view(np.int64).reshape(bases, block, len(fitted))
    moved = (bits[:, 1:] != bits[:, :1]).any(axis=(0, 2))
    return np.flatnonzero(moved.reshape(weights, 2).any(axis=1))


def screen_batch(targets: Targets, space: Space) -> Screen:
    """The runs of the screen."""
    z = screen_points(bases_of(targets), len(space.names), targets.seed)
    return Screen(FOLDER, 0, z, targets.size)


def active_weights(targets: Targets, space: Space, work: Work) -> tuple[np.ndarray, bool]:
    """(numbers of the weights that act on a fitted figure, in the order of the weights; whether no run of the
    screen failed, so that nobody else would find others).
    """
    batch = screen_batch(targets, space)
    frame = make_runs(batch, targets, space, work, "runs of single weights")
    acting = active_of(frame, [t.id for t in targets.fitted], len(space.names))
    return acting, len(frame) == len(batch.z)
