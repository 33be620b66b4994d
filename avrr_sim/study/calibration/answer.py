"""The posterior itself: draws of the emulator's posterior, each run with the model, weighed by what its run
says, and taken without replacement.

What a run says of a figure and what the emulator says of it are two measurements of one thing, each with its
own error: chance here, the network's error there. Together they tell the figure more closely than either, and
the likelihood of what is published, given both, over that given the emulator alone, is what a draw counts. A
draw is then taken with a probability in proportion, once or not at all, so that the rows are equally likely
and as good as independent: a draw that the sampler hardly moved may have a near copy. Where a few draws would
count for too much, runs are told with an error added, and so believed less: what is then known is less, and
still right.
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
"""Rows that a posterior should have at least: where weights as they are would leave fewer, runs are believed
less."""
LESS = (1, 2, 4, 8, 16, 32, 64)
"""By how much what chance does to runs may count as larger than it is, in variance."""
CUT = 0.01
"""Share of all weight that may be cut from the largest weights for as many rows as are wanted."""
SETTLED = 200
"""Steps of the sampler at its end, so that draws that were one before are strangers."""
MOST = 2500
"""Rows that are kept at most."""
_ANSWER = 0x3C
_NOTED = ("kinship", "accepted")


@dataclass(frozen=True)
class Answer:
    """The posterior.

    z (rows, acting weights and dummies), whole (rows, weights): quantiles of the priors, all of them, those
    of weights that act on nothing being columns of their priors; rows: their numbers among the draws that
    were run; weights (draws,): what each counts, summing to 1; less: one of LESS; cut: share of all weight
    that was cut off; left (targets,): standard deviation of the emulator's error there; moved (targets,): by
    how much it was off on average; kinship, accepted: of the sampler (see `sampler.Drawn`).
    """

    z: np.ndarray
    whole: np.ndarray
    rows: np.ndarray
    weights: np.ndarray
    less: int
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
        start = known.start(targets.close_points, chance)
        drawn = draw(known.emulator, start, known.told(), chance, settle=SETTLED)
        (work.folder / FOLDER).mkdir(parents=True, exist_ok=True)
        note = pd.DataFrame({name: [getattr(drawn, name)] for name in _NOTED})
        write_csv(note, work.folder / FOLDER / "sampler.csv")
        return drawn.z

    way = {"care": asdict(FINE), "points": targets.close_points, "steps": SETTLED}
    after = digest_of({"before": known.hash, "asked": hash_of(known.asked), **way})
    points = kept_points(work, FOLDER, after, make)
    note = pd.read_csv(work.folder / FOLDER / "sampler.csv").iloc[0]
    whole = known.space.whole(points, known.active)
    batch = Batch(FOLDER, 40, whole, targets.close_size)
    frame = make_runs(batch, targets, known.space, work, "runs of the posterior")
    at = frame["point"].to_numpy()
    figures = near(targets, known.asked, frame)
    weights, less, cut = weigh(known, points[at], figures, min(WANTED, len(at) // 4))
    taken = take(weights, chance_of_taking(known), min(WANTED, len(at) // 4))
    judged = known.judged(points[at], figures, targets.close_size).emulator
    rows = at[taken][:MOST]
    return Answer(
        points[rows],
        known.space.whole(points[rows], known.active),
        rows,
        weights,
        less,
        cut,
        np.sqrt(np.diag(judged.error)),
        judged.bias - known.emulator.bias,
        float(note["kinship"]),
        float(note["accepted"]),
    )


def chance_of_taking(known: Known) -> np.random.Generator:
    """The chance by which rows are taken."""
    return np.random.default_rng([known.targets.seed, _ANSWER, 1])


def weigh(known: Known, z: np.ndarray, figures: np.ndarray, wanted: int) -> tuple[np.ndarray, int, float]:
    """(what each draw z (draws, ...) counts after its run, summing to 1; by how much less runs are believed;
    share of the weight that is cut for as many rows as are wanted): the least of LESS for which little is
    cut. figures (draws, targets) on their scales.
    """
    for less in LESS:
        weights = weights_of(known, z, figures, less)
        cut = float(np.sum(np.maximum(weights - _most(weights, wanted), 0.0)))
        if cut <= CUT:
            break
    return weights, less, cut


def weights_of(known: Known, z: np.ndarray, figures: np.ndarray, less: int = 1) -> np.ndarray:
    """(draws,) what each draw z counts after its run, summing to 1, if what chance does to runs is `less`
    times as large (an error is added to each for it). Figures that nothing was asked of are not looked at:
    they follow from others.
    """
    asked = known.asked
    before = known.told()(known.emulator(z))
    mean, rest, floor, told = after_runs(known, z, figures, np.r_[asked.at, asked.ranges], less)
    log = np.where(told, asked.around(rest + floor)(mean) - before, 0.0)
    weights = np.exp(log - log.max())
    return weights / weights.sum()


def after_runs(
    known: Known, z: np.ndarray, figures: np.ndarray, looked: np.ndarray, less: int = 1
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """What the emulator and a run at each z say together: (mean (draws, targets), covariance of what is left
    (targets, targets), covariance of what chance does in the world, whether a run said anything (draws,)).

    figures (draws, targets): of the runs, on their scales, of which the columns `looked` are looked at.
    """
    size = known.targets.close_size
    again = known.judged(z, figures, size)
    mean, error = again.emulator(z), again.emulator.error
    run = again.chance.covariance(mean.mean(axis=0), 1.0 / size)[np.ix_(looked, looked)]
    values, vectors = np.linalg.eigh(run)
    chance = np.random.default_rng([known.targets.seed, _ANSWER, 2])
    added = chance.standard_normal((len(z), len(looked))) @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
    seen = figures[:, looked] + np.sqrt(less - 1.0) * added
    told = np.isfinite(seen).all(axis=1)
    off = np.where(told[:, None], np.nan_to_num(seen) - mean[:, looked], 0.0)
    blur = less * run + _JITTER * np.eye(len(looked))
    gain = np.linalg.solve(error[np.ix_(looked, looked)] + blur, error[looked])  # how far a run is believed
    kept = np.eye(len(error))
    kept[:, looked] -= gain.T
    rest = kept @ error @ kept.T + gain.T @ blur @ gain  # Joseph's form, which rounding leaves a covariance
    return mean + off @ gain, rest, again.chance.covariance(again.published, 0.0), told


_JITTER = 1e-9  # variance, so that figures that follow from others do no harm


def take(weights: np.ndarray, chance: np.random.Generator, wanted: int) -> np.ndarray:
    """Numbers of the draws that are taken: each once at most, with a probability in proportion to its weight,
    the largest weights cut where otherwise fewer than `wanted` would be.
    """
    return np.flatnonzero(chance.random(len(weights)) < weights / _most(weights, wanted))


def _most(weights: np.ndarray, wanted: int) -> float:
    """The weight with which a draw is taken for certain."""
    most = float(weights.max())
    if weights.sum() / most >= wanted:
        return most
    low, high = 0.0, most
    for _ in range(60):
        middle = 0.5 * (low + high)
        enough = np.minimum(weights / middle, 1.0).sum() >= wanted
        low, high = (middle, high) if enough else (low, middle)
    return low if low > 0 else most
