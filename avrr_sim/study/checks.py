"""Checks of the method of fitting, by its own means: simulation-based calibration (Talts et al. 2018, arXiv:1804.06788).

A run of the bank is taken for the world: its figures, errors included, stand for the published ones, the run itself is left out, and the fit is made. Where the method
is sound, the weights with which that run was made lie anywhere in the posterior with equal probability, and 90 % intervals hold them nine times in
ten. A posterior that is no more than the prior passes that test, so recovery is checked too: the weights called informed must contract, and intervals
of scenario effects must be narrower than the prior's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from avrr_sim.study.fitting import Problem, fit
from avrr_sim.study.learned import contraction_of, dummies_of, effect_posterior, quantiles_of, scores
from avrr_sim.study.statistics import INTERVAL

PSEUDO = 256
"""Pseudo-observations: runs of the bank taken for the world."""

BINS = 8  # of ranks: 256 pseudo-observations give 32 a bin
ALPHA = 0.05  # of the tests, after Holm's correction for their number


@dataclass(frozen=True)
class Checked:
    """ranks, effect_ranks: (pseudo-observations, columns) share of the posterior below the truth; contraction (pseudo-observations, weights);
    dummies (pseudo-observations,): mean contraction of weights that act on nothing; widths, prior_widths: (pseudo-observations, effects), (effects,) of the intervals, on the scale of normal scores; truth, found: (pseudo, effects)
    effect in the run, and the posterior median, on that scale."""

    weights: list[str]
    effects: list[str]
    ranks: np.ndarray
    effect_ranks: np.ndarray
    contraction: np.ndarray
    dummies: np.ndarray
    widths: np.ndarray
    prior_widths: np.ndarray
    truth: np.ndarray
    found: np.ndarray


def below(values: np.ndarray, weights: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """(columns,) weighted share of values (kept, columns) below the truth, ties by half."""
    return weights @ ((values < truth) + 0.5 * (values == truth))


def chosen_rows(problem: Problem, effects: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Rows that play the world: drawn without replacement in proportion to their factor, among those whose effects are known."""
    usable = problem.factor * ~np.isnan(effects).any(axis=1)
    count = min(count, int(np.sum(usable > 0)))
    return np.sort(np.random.default_rng([seed, count]).choice(len(usable), count, replace=False, p=usable / usable.sum()))


def check(problem: Problem, names: list[str], effects: np.ndarray, effect_names: list[str], seed: int, count: int = PSEUDO, fitted=fit) -> Checked:
    """Fit `count` pseudo-observations. `effects` (points, effects): NaN where they are not known. `fitted`: the method under test.

    What the bank was drawn from plays the prior, so that a second bank, which looks closer, is checked where it is used.
    """
    problem = replace(problem, importance=np.ones(len(problem.z)))
    before = np.std(problem.z, axis=0)
    scored = scores(effects)
    rows = chosen_rows(problem, effects, count, seed)
    spread = np.quantile(scored[~np.isnan(scored).any(axis=1)], [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2], axis=0)
    nothing = dummies_of(len(problem.z), seed)
    ranks, effect_ranks, contraction, dummies, widths, middle = [], [], [], [], [], []
    for row in rows:
        found = fitted(replace(problem, published=problem.figures[row]), without=int(row))
        ranks.append(below(found.adjusted(problem.z), found.weights, problem.z[row]))
        contraction.append(contraction_of(found, problem.z, before))
        dummies.append(contraction_of(found, nothing).mean())
        values, weights = effect_posterior(found, scored)
        effect_ranks.append(below(values, weights, scored[row]))
        low, median, high = quantiles_of(values, weights)
        widths.append(high - low)
        middle.append(median)
    return Checked(names, effect_names, np.array(ranks), np.array(effect_ranks), np.array(contraction), np.array(dummies), np.array(widths), spread[1] - spread[0], scored[rows], np.array(middle))


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


def checks_table(done: Checked) -> pd.DataFrame:
    """One row a weight or effect: quantity, kind, coverage of 90 % intervals with its binomial interval (low, high), p and p_corrected of the test that ranks are
    uniform, contraction (mean over pseudo-observations; for effects 1 - mean width over the prior's)."""
    rows = []
    for kind, names, ranks, contraction in (("weight", done.weights, done.ranks, done.contraction.mean(axis=0)),
                                            ("effect", done.effects, done.effect_ranks, 1 - done.widths.mean(axis=0) / done.prior_widths)):
        if not names:
            continue
        p = uniform_p(ranks)
        for j, (name, corrected) in enumerate(zip(names, holm(p), strict=True)):
            hits = covered(ranks[:, j])
            low, high = binomial(int(hits.sum()), len(hits))
            rows.append({"quantity": name, "kind": kind, "coverage": float(hits.mean()), "low": low, "high": high, "p": float(p[j]), "p_corrected": float(corrected),
                         "contraction": float(contraction[j])})
    return pd.DataFrame(rows)


def verdicts(done: Checked, informed: list[str]) -> pd.DataFrame:
    """The checks in a few lines: check, of, value, low, high, passed.

    coverage pooled over weights, over informed weights and over effects (passed where the binomial interval holds 90 %, or the share lies above it by no more than
    two points: too wide is a lesser fault than too narrow); uniformity (no corrected p below 5 %); recovery (informed weights contract more than dummies
    in the mean of pseudo-observations; intervals of effects narrower than the prior's, by a one-sided t-test).
    """
    place = [done.weights.index(name) for name in informed]
    rows = []
    for of, ranks in (("all weights", done.ranks), ("informed weights", done.ranks[:, place]), ("scenario effects", done.effect_ranks)):
        if not ranks.size:
            continue
        hits = covered(ranks)
        low, high = _pooled(hits)
        rows.append({"check": "coverage of 90 % intervals", "of": of, "value": float(hits.mean()), "low": low, "high": high,
                     "passed": bool(low <= INTERVAL <= high or INTERVAL < hits.mean() <= INTERVAL + _WIDE)})
        p = float(holm(uniform_p(ranks)).min())
        rows.append({"check": "uniform ranks, smallest corrected p", "of": of, "value": p, "low": np.nan, "high": np.nan, "passed": p >= ALPHA})
    rows += [_recovered("contraction beyond that of dummies", "informed weights", done.contraction[:, place].mean(axis=1) - done.dummies if place else np.zeros(0)),
             _recovered("narrower than the prior, share of width", "scenario effects", (1 - done.widths / done.prior_widths).mean(axis=1) if done.effects else np.zeros(0))]
    return pd.DataFrame(rows)


_WIDE = 0.02  # coverage above the nominal by which intervals may be too wide


def _pooled(hits: np.ndarray) -> tuple[float, float]:
    """95 % interval of pooled coverage: binomial, with as many trials as the pseudo-observations are worth (columns of one are not independent)."""
    by_world = hits.mean(axis=1)
    share = float(hits.mean())
    variance = float(np.var(by_world, ddof=1)) / len(by_world)
    worth = hits.size if variance == 0 else min(hits.size, share * (1 - share) / variance)
    n = max(int(worth), 1)
    return binomial(round(share * n), n)


def _recovered(check_name: str, of: str, gains: np.ndarray) -> dict:
    """Whether a gain (pseudo-observations,) is above zero in the mean."""
    if len(gains) < 2 or np.ptp(gains) == 0:
        return {"check": check_name, "of": of, "value": float(gains.mean()) if len(gains) else np.nan, "low": np.nan, "high": np.nan, "passed": False}
    error = stats.sem(gains)
    low, high = stats.t.interval(0.95, len(gains) - 1, gains.mean(), error)
    return {"check": check_name, "of": of, "value": float(gains.mean()), "low": float(low), "high": float(high),
            "passed": bool(stats.ttest_1samp(gains, 0.0, alternative="greater").pvalue < ALPHA)}
