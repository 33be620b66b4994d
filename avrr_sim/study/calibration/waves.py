"""Waves of runs, each nearer to the published figures, and the emulator that is learned from them.

The first wave goes through the priors. Each later one is drawn from the prior times what the figures would
say if a run of the wave were all that one knew of the model: the emulator of all runs before tells the
figures, and what it leaves unexplained of single runs, its own error and their chance, is added to theirs. So
waves come near the figures and stay wider than the posterior. (History matching asks the same questions:
Vernon, Goldstein and Bower 2010, Bayesian Analysis 5.) After them the *region* is run with more units and
with the effects of scenarios, and then the posterior as it is known by then, to learn where it matters most.

    wave-1 ... wave-n   runs through the priors, and nearer
    region              runs of the prior times the likelihood to the power REGION
    pairs               runs of its points, twice with other chances, which tell what chance does
    closest             runs of the posterior as the emulator of all these tells it
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field, fields, replace

import numpy as np
import pandas as pd

from avrr_sim.refusals import refusal
from avrr_sim.study.calibration.activity import active_weights, screen_runs
from avrr_sim.study.calibration.emulator import FINE, ROUGH, Care, Chance, Emulator, chance_of, learn
from avrr_sim.study.calibration.likelihood import Likelihood, likelihood_of
from avrr_sim.study.calibration.runs import Batch, effect_names, kept_points, make_runs, runs_hash
from avrr_sim.study.calibration.sampler import draw
from avrr_sim.study.calibration.space import DUMMIES, Space
from avrr_sim.study.calibration.targets import Targets, check_reach
from avrr_sim.study.folder.frame import Work
from avrr_sim.study.folder.identity import digest_of

REGION = 0.25
"""Power of the likelihood in the region in which the method is checked: errors and discrepancies twice as
large."""
REGION_SHARE, CLOSEST_SHARE, EFFECT_SHARE = 0.25, 0.375, 0.25
"""Runs of the region and the closest runs, as shares of those of the posterior; and of the region's, with
effects."""
PAIRS = 400
"""Points of the region that are run twice more, at either size."""
HELD = 0.2
"""Share of the region's runs from which nothing is learned: by them the emulator is judged."""
LEAST_UNSEEN = 2
"""Of these runs, as many as must tell every figure for an error to be told at all; a sound fit has
hundreds.
"""
REACH = 2.5
"""How far from what is published, on its scale, a figure counts as where it is: beyond, as so far away."""
COUNTED = 3.0
"""By how much a run of the region counts where the emulator is learned, a run of a wave being one."""


_WAVE, _PAIRS, _CLOSEST = 0x3A, 0x3B, 0x3D


@dataclass(frozen=True)
class Known:
    """What waves have taught.

    active (acting weights,): their numbers among all; z (points, acting weights and dummies) and figures
    (points, targets, on their scales): of all waves, the region and the closest runs; region (points of the
    region,): its rows among them, those that nothing is learned from last; effects (points of the region,
    effects): NaN where not told; emulator: judged in the region; chance: of a run; asked: the likelihood of
    what is published; prior: the runs through the priors, in units; runs: how many were made; hash: of all
    figures.
    """

    targets: Targets
    space: Space
    active: np.ndarray
    z: np.ndarray
    figures: np.ndarray
    region: np.ndarray
    effects: np.ndarray
    emulator: Emulator
    chance: Chance
    asked: Likelihood
    prior: pd.DataFrame
    runs: int
    hash: str

    def start(self, draws: int, chance: np.random.Generator) -> np.ndarray:
        """(draws, acting weights and dummies) draws of the prior."""
        return chance.standard_normal((draws, len(self.active) + DUMMIES))

    def extra(self, size: int | None = None, figures: np.ndarray | None = None) -> np.ndarray:
        """(targets, targets) covariance of what is not known of the figures where the emulator tells them:
        its error, and what chance does in a run of so many units, or (None) in the world. `figures`
        (targets,): about which they are; None: what is published.
        """
        at = self.published if figures is None else figures
        return self.emulator.error + self.chance.covariance(at, 1.0 / size if size else 0.0)

    def told(self, size: int | None = None, figures: np.ndarray | None = None) -> Likelihood:
        """The likelihood of what is published, of figures as the emulator tells them (see `extra`)."""
        return self.asked.around(self.extra(size, figures))

    @property
    def published(self) -> np.ndarray:
        """(targets,) what is published, on the targets' scales; the middles of ranges."""
        return middles(self.targets)

    def judged(self, z: np.ndarray, figures: np.ndarray, size: int) -> Known:
        """The same with the emulator's error as runs say that it has not learned from: figures (runs,
        targets) of so many units at z. Raises `Refusal` where too few of them tell every figure.
        """
        complete = int(np.isfinite(figures).all(axis=1).sum())
        if complete < LEAST_UNSEEN:
            raise refusal(
                f"{len(figures)} runs are left to judge by what was learned, and {complete} of them "
                f"tell{'s' if complete == 1 else ''} all {figures.shape[1]} figures; at least "
                f"{LEAST_UNSEEN} must",
                file=self.targets.file,
                path=("close_points",),
                allowed="more runs (close_points, --points), larger ones (close_size, --size), fewer figures",
            )
        chance = self.chance.covariance(self.emulator(z).mean(axis=0), 1.0 / size)
        return replace(self, emulator=self.emulator.judged(z, figures, chance))


def middles(targets: Targets) -> np.ndarray:
    """(targets,) what is published, on the targets' scales; the middles of ranges."""
    return np.array([float(t.on_scale(0.5 * (t.low + t.high))) for t in targets.targets])


@dataclass
class _Going:
    """Waves under way: z and figures so far, the hash of what was run, runs made."""

    targets: Targets
    space: Space
    active: np.ndarray
    asked: Likelihood
    work: Work
    z: list[np.ndarray] = field(default_factory=list)
    figures: list[np.ndarray] = field(default_factory=list)
    counts: list[np.ndarray] = field(default_factory=list)
    runs: int = 0
    hash: str = ""

    def learned(self, care: Care) -> Emulator:
        """The emulator of all runs so far."""
        z, figures = np.vstack(self.z), np.vstack(self.figures)
        return learn(z, figures, self.targets.seed, np.concatenate(self.counts), care)

    def run(
        self, batch: str, number: int, points: np.ndarray, size: int, unit: str, effects: int = 0
    ) -> pd.DataFrame:
        """Runs at points (points, acting weights and dummies), in units."""
        whole = self.space.whole(points, self.active)
        made = Batch(batch, number, whole, size, effects)
        frame = make_runs(made, self.targets, self.space, self.work, unit)
        self.runs += len(frame) + int(effects * (1 + len(self.targets.effects)))
        self.hash = digest_of({"before": self.hash, "here": runs_hash(frame)})
        return frame

    def points(self, batch: str, count: int, power: float) -> np.ndarray:
        """Points of the prior times the likelihood to a power, as the emulator of all runs so far tells, for
        single runs.
        """
        chance = np.random.default_rng([self.targets.seed, _WAVE, *batch.encode()])

        def make() -> np.ndarray:
            start = chance.standard_normal((count, len(self.active) + DUMMIES))
            if not power:
                return start
            emulator = self.learned(ROUGH)
            return draw(emulator, start, self.asked.around(emulator.error), chance, until=power).z

        after = digest_of(
            {"before": self.hash, "asked": hash_of(self.asked), "points": count, "power": power}
        )
        return kept_points(self.work, batch, after, make)

    def keep(self, frame: pd.DataFrame, points: np.ndarray, counted: float) -> None:
        """Learn from runs in what follows."""
        self.z.append(points[frame["point"].to_numpy()])
        self.figures.append(near(self.targets, self.asked, frame))
        self.counts.append(np.full(len(frame), counted))


def near(targets: Targets, asked: Likelihood, frame: pd.DataFrame) -> np.ndarray:
    """(runs, targets) figures on their scales, none further than REACH from what is published."""
    figures = targets.on_scale(frame[[t.id for t in targets.targets]].to_numpy(float))
    low = np.array([float(t.on_scale(t.low)) for t in targets.targets])
    high = np.array([float(t.on_scale(t.high)) for t in targets.targets])
    return np.clip(figures, low - REACH, high + REACH)


def hash_of(asked: Likelihood) -> str:
    """Hash of a likelihood."""
    return hashlib.sha256(
        b"".join(np.ascontiguousarray(part).tobytes() for part in _parts(asked))
    ).hexdigest()


def _parts(asked: Likelihood) -> list[np.ndarray]:
    return [getattr(asked, each.name) for each in fields(asked)]


def learn_in_waves(targets: Targets, work: Work) -> Known:
    """Make or go on with all waves, the region and its pairs, and learn from them."""
    space, asked = Space(targets.scenario, targets.seed), likelihood_of(targets.targets)
    active, complete = active_weights(targets, space, work)
    going = _Going(targets, space, active, asked, work)
    if not complete:  # points of other weights are not those of these
        going.hash = digest_of({"acting": active.tolist()})
    going.runs = screen_runs(targets, len(space.names))
    prior = pd.DataFrame()
    for k in range(targets.waves):
        name = f"wave-{k + 1}"
        points = going.points(name, targets.points, 1.0 if k else 0.0)
        frame = going.run(
            name, k + 1, points, targets.size, "runs through the priors" if not k else f"runs of wave {k + 1}"
        )
        if not k:
            check_reach(targets, frame)
        going.keep(frame, points, 1.0)
        prior = prior if k else frame
    count = int(REGION_SHARE * targets.close_points)
    points = going.points("region", count, REGION)
    effects = int(EFFECT_SHARE * count) if targets.effects else 0
    frame = going.run("region", 20, points, targets.close_size, "runs of the region", effects)
    return _closest(going, _known(going, prior, points, frame))


def _closest(going: _Going, known: Known) -> Known:
    """The same with runs of the posterior as it is known by then, and an emulator that has learned from them
    too.
    """
    targets, count = going.targets, int(CLOSEST_SHARE * going.targets.close_points)
    chance = np.random.default_rng([targets.seed, _CLOSEST])

    def make() -> np.ndarray:
        return draw(known.emulator, known.start(count, chance), known.told(), chance).z

    way = {"care": asdict(FINE), "points": count, "region": REGION_SHARE}
    after = digest_of({"before": going.hash, "asked": hash_of(going.asked), **way})
    points = kept_points(going.work, "closest", after, make)
    frame = going.run("closest", 21, points, targets.close_size, "runs closest to the figures")
    going.keep(frame, points, COUNTED)
    held = known.region[-int(HELD * len(known.region)) :]
    return replace(
        known,
        z=np.vstack([known.z, going.z[-1]]),
        figures=np.vstack([known.figures, going.figures[-1]]),
        emulator=going.learned(FINE),
        runs=going.runs,
        hash=going.hash,
    ).judged(known.z[held], known.figures[held], targets.close_size)


def _known(going: _Going, prior: pd.DataFrame, points: np.ndarray, frame: pd.DataFrame) -> Known:
    """What the waves teach, with the emulator judged by a part of the region that it has not seen."""
    targets, held = going.targets, int(HELD * len(frame))
    going.keep(frame.iloc[held:], points, COUNTED)
    emulator = going.learned(FINE)
    chance = _chance(going, points)
    unseen, figures = points[frame["point"].to_numpy()[:held]], near(targets, going.asked, frame.iloc[:held])
    z, told = np.vstack([*going.z, unseen]), np.vstack([*going.figures, figures])
    first = len(z) - len(frame)
    names = effect_names(targets)
    known = Known(
        targets,
        going.space,
        going.active,
        z,
        told,
        np.r_[first : len(z)],
        np.vstack([frame[names].to_numpy(float)[held:], frame[names].to_numpy(float)[:held]]),
        emulator,
        chance,
        going.asked,
        prior,
        going.runs,
        going.hash,
    )
    return known.judged(unseen, figures, targets.close_size)


def _chance(going: _Going, points: np.ndarray) -> Chance:
    """What chance does, from pairs of runs at points of the region, in runs of either size."""
    targets = going.targets
    count = min(PAIRS, len(points))
    sides: list[list[np.ndarray]] = [[], []]
    for i, size in enumerate((targets.size, targets.close_size)):
        for side in (0, 1):
            number = 30 + 2 * i + side
            frame = going.run(f"pairs-{number}", number, points[:count], size, "runs in pairs")
            whole = pd.DataFrame({"point": range(count)}).merge(frame, how="left", on="point")
            sides[side].append(targets.on_scale(whole[[t.id for t in targets.targets]].to_numpy(float)))
    units = np.repeat([1.0 / targets.size, 1.0 / targets.close_size], count)
    first, second = (np.vstack(side) for side in sides)
    return chance_of(first, second, units, targets.shares, middles(targets))
