"""Checks of the method of fitting, by its own means: simulation-based calibration (Talts et al. 2018,
arXiv:1804.06788).

Runs of the *region* (the prior of the weights times the likelihood of what is published, to the power REGION,
as the final emulator tells it) are taken for the world in turn. The figures of each, errors and discrepancies
drawn anew, stand for the published ones, and are fitted with the region as the prior. Where the method is
sound, the truth lies anywhere in the posterior with equal probability, and 90 % intervals hold it nine times
in ten. This is so for truths from that region, and says nothing of others; it holds the emulator, the sampler
and what is assumed of chance to account, for every truth is a run of the model itself.

A posterior that is no more than the prior passes that, so recovery is checked too: the weights called
informed must contract more than dummies, which act on nothing and are fitted beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import stats

from avrr_sim.study.calibration.effect_scores import Effects
from avrr_sim.study.calibration.likelihood import Likelihood
from avrr_sim.study.calibration.pseudo import CHOSEN, METHODS, TOLD, Truth, fit_truth, scatter
from avrr_sim.study.calibration.runs import Batch, effect_names, make_runs, runs_hash
from avrr_sim.study.calibration.sampler import Drawn, draw
from avrr_sim.study.calibration.space import DUMMIES
from avrr_sim.study.calibration.waves import REGION, Known, hash_of, near
from avrr_sim.study.folder.chunks import Chunks, cut
from avrr_sim.study.folder.frame import Block, Work
from avrr_sim.study.folder.identity import digest_of
from avrr_sim.study.summary.statistics import INTERVAL

PSEUDO = 200
"""Truths that are fitted; fewer where the waves are small."""
SHARE = 20  # runs of the posterior for every truth
DRAWS = 500
"""Draws of each fit."""
POOL = 4000  # draws of the region, of which truths and starts are taken
BINS = 8  # of ranks
ALPHA = 0.05  # of the tests, after Holm's correction for their number
FOLDER, FITS = "truths", "checks"
CHUNK = 10
_CHECK = 0x4C


@dataclass(frozen=True)
class Checked:
    """What the checks found, by method and what is told (see `pseudo.TOLD`): (truths, quantities); and
    `energy`: (truths,).

    names and kinds: of the quantities: weight, dummy, figure, effect; truth (truths, quantities); before
    (quantities,): standard deviation in the region; width_before (quantities,): of the interval there.
    """

    names: list[str]
    kinds: np.ndarray
    truth: np.ndarray
    before: np.ndarray
    width_before: np.ndarray
    found: Mapping[str, np.ndarray]

    def of(self, kind: str, what: str = "rank", method: str = CHOSEN) -> np.ndarray:
        """(truths, quantities of a kind) of what is told."""
        return self.found[f"{method}:{what}"][:, self.kinds == kind]

    def contraction(self, kind: str, method: str = CHOSEN) -> np.ndarray:
        """(quantities of a kind,) 1 - mean spread over that of the region."""
        return 1.0 - np.nanmean(self.of(kind, "spread", method), axis=0) / self.before[self.kinds == kind]

    def named(self, kind: str) -> list[str]:
        """Names of the quantities of a kind."""
        return [name for name, each in zip(self.names, self.kinds, strict=True) if each == kind]


def check(known: Known, told: Effects | None, work: Work) -> Checked:
    """Make or go on with the runs and fits of the checks."""
    targets, chance = known.targets, np.random.default_rng([known.targets.seed, _CHECK])
    count = max(min(PSEUDO, targets.close_points // SHARE), 2)
    region = known.told(targets.close_size)
    first = known.start(max(POOL, DRAWS + count), chance)
    pool = draw(known.emulator, first, region, chance, until=REGION)
    z, start = pool.z[:count].astype("float32").astype(float), pool.z[count : count + DRAWS]
    whole = known.space.whole(z, known.active)
    effects = count if targets.effects else 0
    batch = Batch(FOLDER, 50, whole, targets.close_size, effects)
    frame = make_runs(batch, targets, known.space, work, "runs taken for the truth")
    figures = near(targets, known.asked, frame)
    usable = np.isfinite(figures).all(axis=1)
    frame, figures, z = frame[usable], figures[usable], z[frame["point"].to_numpy()][usable]
    scores = np.empty((len(z), 0))
    if told is not None:
        scores = told.scores(frame[effect_names(targets)].to_numpy(float), chance)
    observed = known.asked.observed(figures, chance)
    truths = [
        Truth(
            known.emulator,
            told,
            _of_truth(known, observed[i]),
            ((REGION, region),),
            start,
            z[i],
            figures[i],
            scores[i],
            (targets.seed, _CHECK, i),
        )
        for i in range(len(z))
    ]
    digest = digest_of(
        {"before": known.hash, "truths": runs_hash(frame), "asked": hash_of(known.asked), "draws": DRAWS}
    )
    found = _fits(truths, digest, work)
    before = _before(known, told, pool)
    names = [*(known.space.names[i] for i in known.active), *(f"dummy {i + 1}" for i in range(DUMMIES))]
    kinds = ["weight"] * len(known.active) + ["dummy"] * DUMMIES + ["figure"] * figures.shape[1]
    return Checked(
        [*names, *(t.id for t in targets.targets), *(effect_names(targets) if told else [])],
        np.array([*kinds, *["effect"] * scores.shape[1]]),
        np.hstack([z, figures, scores]),
        before.std(axis=0),
        np.ptp(np.quantile(before, ((1 - INTERVAL) / 2, (1 + INTERVAL) / 2), axis=0), axis=0),
        found,
    )


def _of_truth(known: Known, observed: np.ndarray) -> Likelihood:
    """What is asked where these figures (figures,) of a run of the region are the published ones."""
    about = known.published.copy()
    about[known.asked.at] = observed
    return known.asked.alone().of(observed).around(known.extra(known.targets.close_size, about))


def _before(known: Known, told: Effects | None, pool: Drawn) -> np.ndarray:
    """(draws, quantities) of the region: weights and dummies, figures of a run, scores of effects."""
    chance = np.random.default_rng([known.targets.seed, _CHECK, 1])
    seen = pool.figures + scatter(known.extra(known.targets.close_size), len(pool.z), chance)
    scores = told.told(pool.z, pool.figures, chance) if told else np.empty((len(pool.z), 0))
    return np.hstack([pool.z, seen, scores])


def _fits(truths: Sequence[Truth], digest: str, work: Work) -> dict[str, np.ndarray]:
    """Every truth fitted, as `Checked.found`."""
    chunks, every = Chunks(work.folder / FITS, digest, derived=True), cut(range(len(truths)), CHUNK)
    work.run_some(
        Block(
            every,
            work.good_chunks(chunks),
            task_of=truths.__getitem__,
            worker=fit_truth,
            named=lambda number: {"scenario": FITS, "draw": number, "replicate": 0},
            write=lambda number, done, failed: chunks.write(number, _rows(done), failed),
            unit="fits of known truths",
        )
    )
    names = [f"{method}:{what}" for method in METHODS for what in (*TOLD, "energy")]
    table = pa.concat_tables(chunks.tables(list(every), names))
    return {name: np.vstack(table[name].to_pylist()).astype(float) for name in names}


def _rows(done: list[tuple[int, dict[str, np.ndarray]]]) -> pa.Table:
    names = [f"{method}:{what}" for method in METHODS for what in (*TOLD, "energy")]
    kind = pa.list_(pa.float64())
    return pa.table({name: pa.array([found[name].tolist() for _, found in done], kind) for name in names})


def covered(ranks: np.ndarray) -> np.ndarray:
    """Whether the truth lies in the interval, by rank."""
    return np.abs(ranks - 0.5) <= INTERVAL / 2


def binomial(hits: int, n: int) -> tuple[float, float]:
    """Clopper and Pearson's 95 % interval of a share."""
    found = stats.binomtest(hits, n).proportion_ci(0.95)
    return float(found.low), float(found.high)


def uniform_p(ranks: np.ndarray) -> np.ndarray:
    """(columns,) p-values of a chi-squared test that ranks are uniform."""
    counts = np.array([np.histogram(column, bins=BINS, range=(0, 1))[0] for column in ranks.T])
    return stats.chisquare(counts, axis=1).pvalue


def holm(p: np.ndarray) -> np.ndarray:
    """p-values corrected for their number (Holm 1979, Scandinavian Journal of Statistics 6)."""
    order = np.argsort(p)
    corrected = np.maximum.accumulate(np.minimum(p[order] * (len(p) - np.arange(len(p))), 1.0))
    out = np.empty_like(corrected)
    out[order] = corrected
    return out


KINDS = ("weight", "figure", "effect")
"""Kinds of quantities that are told one by one."""


def checks_table(done: Checked) -> pd.DataFrame:
    """One row a weight, figure or effect: quantity, kind, coverage of 90 % intervals with its binomial
    interval (low, high), p and p_corrected of the test that ranks are uniform, contraction (mean over truths,
    against the region).
    """
    rows = []
    for kind in KINDS:
        ranks = done.of(kind)
        if not ranks.size:
            continue
        p, gain = uniform_p(ranks), done.contraction(kind)
        for j, (name, corrected) in enumerate(zip(done.named(kind), holm(p), strict=True)):
            hits = covered(ranks[:, j])
            low, high = binomial(int(hits.sum()), len(hits))
            rows.append(
                (name, kind, float(hits.mean()), low, high, float(p[j]), float(corrected), float(gain[j]))
            )
    columns = ["quantity", "kind", "coverage", "low", "high", "p", "p_corrected", "contraction"]
    return pd.DataFrame(rows, columns=columns)


def methods_table(done: Checked, informed: Sequence[str]) -> pd.DataFrame:
    """One row a method: method, coverage of weights, figures and effects, smallest corrected p of uniform
    ranks of each, width of figures and informed weights (of intervals, over those of the region), energy.
    """
    rows = []
    for method in METHODS:
        row: dict[str, Any] = {"method": method}
        for kind in KINDS:
            ranks = done.of(kind, "rank", method)
            row[f"coverage_{kind}"] = float(covered(ranks).mean()) if ranks.size else np.nan
            row[f"p_{kind}"] = float(holm(uniform_p(ranks)).min()) if ranks.size else np.nan
        widths = done.found[f"{method}:width"].mean(axis=0) / done.width_before
        chosen = np.isin(done.names, list(informed)) & (done.kinds == "weight")
        of_figures = widths[done.kinds == "figure"]
        row["width_figures"] = float(of_figures.mean()) if of_figures.size else np.nan
        row["width_informed"] = float(widths[chosen].mean()) if chosen.any() else np.nan
        row["energy"] = float(done.found[f"{method}:energy"].mean())
        rows.append(row)
    return pd.DataFrame(rows)


_Row = tuple[str, str, float, float, float, bool]
VERDICTS = ["check", "of", "value", "low", "high", "passed"]


def verdicts(done: Checked, informed: Sequence[str]) -> pd.DataFrame:
    """The checks in a few lines: check, of, value, low, high, passed.

    coverage pooled over weights, informed weights, dummies, figures and effects (passed where its interval
    holds 90 %); uniformity (no corrected p below 5 %); recovery: informed weights contract more, over truths,
    than dummies (Mann and Whitney's test); effects: how much narrower than in the region their intervals are.
    What failed comes first.
    """
    place = [i for i, name in enumerate(done.named("weight")) if name in set(informed)]
    asked = (
        ("all weights that act", done.of("weight")),
        ("informed weights", done.of("weight")[:, place]),
        ("weights that act on nothing", done.of("dummy")),
        ("figures", done.of("figure")),
        ("scenario effects", done.of("effect")),
    )
    rows = [
        row for of, ranks in asked if ranks.size for row in (_coverage(of, ranks), _uniformity(of, ranks))
    ]
    rows.append(_recovery(done, place))
    rows.sort(key=lambda row: row[-1])
    rows += [_narrowing(done, j, name) for j, name in enumerate(done.named("effect"))]
    return pd.DataFrame(rows, columns=VERDICTS)


def _coverage(of: str, ranks: np.ndarray) -> _Row:
    hits = covered(ranks)
    low, high = _pooled(hits)
    return "coverage of 90 % intervals", of, float(hits.mean()), low, high, bool(low <= INTERVAL <= high)


def _uniformity(of: str, ranks: np.ndarray) -> _Row:
    p = float(holm(uniform_p(ranks)).min())
    return "uniform ranks, smallest corrected p", of, p, np.nan, np.nan, p >= ALPHA


def _recovery(done: Checked, place: Sequence[int]) -> _Row:
    gains, accidents = done.contraction("weight")[list(place)], done.contraction("dummy")
    name = "contraction beyond that of weights that act on nothing"
    if not len(gains):
        return name, "informed weights", np.nan, np.nan, np.nan, False
    beyond = float(gains.mean() - accidents.mean())
    chance = stats.mannwhitneyu(gains, accidents, alternative="greater").pvalue
    return name, "informed weights", beyond, np.nan, np.nan, bool(chance < ALPHA)


def _narrowing(done: Checked, j: int, name: str) -> _Row:
    narrower = 1.0 - done.of("effect", "width")[:, j] / done.width_before[done.kinds == "effect"][j]
    mean = float(narrower.mean())
    low, high = stats.t.interval(0.95, max(len(narrower) - 1, 1), mean, max(stats.sem(narrower), _NOTHING))
    return NARROWER, name, mean, float(low), float(high), bool(low > 0.0)


_NOTHING = 1e-12  # standard error of widths that are all alike


NARROWER = "narrower than in the region, share of width"
"""The check that says something of a scenario effect and not of the method: an effect that no figure speaks
of stays as wide as it was.
"""


def verdict_of(row: Mapping[str, Any]) -> str:
    """A row of `verdicts` in a word or two."""
    if row["check"] == NARROWER:
        return "narrower" if row["passed"] else "not narrower"
    return "passed" if row["passed"] else "failed"


def _pooled(hits: np.ndarray) -> tuple[float, float]:
    """95 % interval of pooled coverage: binomial, with as many trials as the truths are worth (columns of one
    are not independent).
    """
    by_world = hits.mean(axis=1)
    share = float(hits.mean())
    variance = float(np.var(by_world, ddof=1)) / len(by_world)
    worth = hits.size if variance == 0 else min(hits.size, share * (1 - share) / variance)
    n = max(int(worth), 1)
    return binomial(round(share * n), n)
