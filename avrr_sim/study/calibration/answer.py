"""The posterior itself: draws of the emulator's posterior, each run with the model, weighed by what its run
says, and taken without replacement.

What a run says of a figure and what the emulator says of it are two measurements of one thing, each with its
own error: chance here, the network's error there. Together they tell the figure more closely than either, and
the likelihood of what is published, given both, over that given the emulator alone, is what a draw counts. A
draw is then taken with a probability in proportion, once or not at all, so that the rows are independent and
equally likely.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from avrr_sim.study.calibration.emulator import FINE
from avrr_sim.study.calibration.runs import Batch, kept_points, make_runs
from avrr_sim.study.calibration.sampler import draw
from avrr_sim.study.calibration.waves import Known, hash_of, near
from avrr_sim.study.folder.frame import Work
from avrr_sim.study.folder.identity import digest_of
from avrr_sim.study.folder.whole import write_csv

FOLDER = "posterior"
WANTED = 1200
"""Rows that a posterior should have at least: where bounded weights would leave fewer, the largest weights
are cut."""
MOST = 2500
"""Rows that are kept at most."""
_ANSWER = 0x3C
_NOTED = ("kinship", "accepted")


@dataclass(frozen=True)
class Answer:
    """The posterior.

    z (rows, acting weights and dummies), whole (rows, weights): quantiles of the priors, all of them, those
    of weights that act on nothing being columns of their priors; rows: their numbers among the draws that
    were run; weights (draws,): what each counts, summing to 1; cut: share of all weight that was cut off;
    left (targets,): standard deviation of the emulator's error there; moved (targets,): by how much it was
    off on average; kinship, accepted: of the sampler (see `sampler.Drawn`).
    """

    z: np.ndarray
    whole: np.ndarray
    rows: np.ndarray
    weights: np.ndarray
    cut: float
    left: np.ndarray
    moved: np.ndarray
    kinship: float
    accepted: float

    @property
    def effective(self) -> float:
        """Number of equally weighted draws that the draws that were run are worth."""
        return float(1.0 / np.sum(self.weights**2))


def answer(known: Known, work: Work) -> Answer:
    """Draw, run, weigh and take the posterior of what is published."""
    targets, chance = known.targets, np.random.default_rng([known.targets.seed, _ANSWER])

    def make() -> np.ndarray:
        drawn = draw(known.emulator, known.start(targets.close_points, chance), known.told(), chance)
        (work.folder / FOLDER).mkdir(parents=True, exist_ok=True)
        note = pd.DataFrame({name: [getattr(drawn, name)] for name in _NOTED})
        write_csv(note, work.folder / FOLDER / "sampler.csv")
        return drawn.z

    way = {"care": asdict(FINE), "points": targets.close_points}
    after = digest_of({"before": known.hash, "asked": hash_of(known.asked), **way})
    points = kept_points(work, FOLDER, after, make)
    note = pd.read_csv(work.folder / FOLDER / "sampler.csv").iloc[0]
    whole = known.space.whole(points, known.active)
    batch = Batch(FOLDER, 40, whole, targets.close_size)
    frame = make_runs(batch, targets, known.space, work, "runs of the posterior")
    at = frame["point"].to_numpy()
    weights, left, moved = weights_of(known, points[at], near(targets, known.asked, frame))
    taken, cut = take(weights, chance_of_taking(known), min(WANTED, len(weights) // 4))
    rows = at[taken][:MOST]
    return Answer(
        points[rows],
        known.space.whole(points[rows], known.active),
        rows,
        weights,
        cut,
        left,
        moved,
        float(note["kinship"]),
        float(note["accepted"]),
    )


def chance_of_taking(known: Known) -> np.random.Generator:
    """The chance by which rows are taken."""
    return np.random.default_rng([known.targets.seed, _ANSWER, 1])


def weights_of(known: Known, z: np.ndarray, figures: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(what each draw z (draws, ...) counts after its run, summing to 1; standard deviation of the emulator's
    error, and its bias, both (targets,)); figures (draws, targets) on their scales.
    """
    size = known.targets.close_size
    before = known.told()(known.emulator(z))
    again = known.judged(z, figures, size)
    mean, error = again.emulator(z), again.emulator.error
    run = again.chance.covariance(mean.mean(axis=0), 1.0 / size) + _JITTER * np.eye(len(error))
    gain = np.linalg.solve(error + run, error)  # how far the run, and not the emulator, is believed
    told = np.isfinite(figures).all(axis=1)
    both = mean + np.where(told[:, None], np.nan_to_num(figures) - mean, 0.0) @ gain
    rest = error - error @ gain
    floor = again.chance.covariance(again.published, 0.0)
    after = known.asked.around(0.5 * (rest + rest.T) + floor)(both)
    log = np.where(told, after - before, 0.0)
    weights = np.exp(log - log.max())
    moved = again.emulator.bias - known.emulator.bias
    return weights / weights.sum(), np.sqrt(np.diag(error)), moved


_JITTER = 1e-9  # variance, so that figures that follow from others do no harm


def take(weights: np.ndarray, chance: np.random.Generator, wanted: int) -> tuple[np.ndarray, float]:
    """(numbers of the draws that are taken, share of the weight that was cut): each once at most, with a
    probability in proportion to its weight. The largest weights are cut where otherwise fewer than `wanted`
    would be taken.
    """
    most = float(weights.max())
    if weights.sum() / most < wanted:
        low, high = 0.0, most
        for _ in range(60):
            middle = 0.5 * (low + high)
            enough = np.minimum(weights / middle, 1.0).sum() >= wanted
            low, high = (middle, high) if enough else (low, middle)
        most = low if low > 0 else most
    cut = float(np.sum(np.maximum(weights - most, 0.0)))
    return np.flatnonzero(chance.random(len(weights)) < weights / most), cut
