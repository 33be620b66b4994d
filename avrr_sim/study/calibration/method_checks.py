"""Checks of the method of fitting, by its own means: simulation-based calibration (Talts et al. 2018,
arXiv:1804.06788).

A run of the bank is taken for the world: its figures, errors included, stand for the published ones, the run
itself is left out, and the fit is made. Where the method is sound, the weights with which that run was made
lie anywhere in the posterior with equal probability, and 90 % intervals hold them nine times in ten. A
posterior that is no more than the prior passes that test, so recovery is checked too: the weights called
informed must contract, and intervals of scenario effects must be narrower than the prior's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from avrr_sim.study.calibration.fitting import Fit, Problem, fit
from avrr_sim.study.calibration.tables import (
    PERCENTILE,
    contraction_of,
    dummies_of,
    effect_posterior,
    quantiles_of,
    scores,
)
from avrr_sim.study.summary.statistics import INTERVAL

PSEUDO = 256
"""Pseudo-observations: runs of the bank taken for the world."""

IDLE = 60
"""Effects that nothing acts on, known at the same points as the effects: how much narrower an interval looks
by accident of the bank.
"""

BINS = 8  # of ranks: 256 pseudo-observations give 32 a bin
ALPHA = 0.05  # of the tests, after Holm's correction for their number


@dataclass(frozen=True)
class Checked:
    """ranks, effect_ranks: (pseudo-observations, columns) share of the posterior below the truth; contraction
    (pseudo-observations, weights); dummies (pseudo-observations, dummies): contraction of the weights that
    act on nothing and were called informed by accident; widths, prior_widths: (pseudo-observations, effects),
    (effects,) of the intervals, on the scale of normal scores; truth, found: (pseudo, effects) effect in the
    run, and the posterior median, on that scale; idle (pseudo-observations, IDLE): width over prior width of
    effects that nothing acts on.
    """

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
    idle: np.ndarray


def below(values: np.ndarray, weights: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """(columns,) weighted share of values (kept, columns) below the truth, ties by half."""
    return weights @ ((values < truth) + 0.5 * (values == truth))


def chosen_rows(problem: Problem, effects: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Rows that play the world: drawn without replacement in proportion to factor and importance, so that
    they come from the priors and satisfy ranges and patterns, among those whose effects are known."""
    usable = problem.factor * problem.importance * ~np.isnan(effects).any(axis=1)
    count = min(count, int(np.sum(usable > 0)))
    return np.sort(
        np.random.default_rng([seed, count]).choice(
            len(usable), count, replace=False, p=usable / usable.sum()
        )
    )


def check(
    problem: Problem,
    names: list[str],
    effects: np.ndarray,
    effect_names: list[str],
    seed: int,
    count: int = PSEUDO,
    fitted: Callable[..., Fit] = fit,
) -> Checked:
    """Fit `count` pseudo-observations. `effects` (points, effects): NaN where they are not known. `fitted`:
    the method under test, as it is used.

    Ranges and patterns are part of what the pseudo-observations are drawn from; they are not observed anew.
    """
    scored = scores(effects)
    rows = chosen_rows(problem, effects, count, seed)
    known = ~np.isnan(scored).any(axis=1)
    spread = quantiles_of(scored[known], problem.importance[known] / problem.importance[known].sum())
    idle = np.where(known[:, None], dummies_of(len(problem.z), seed)[:, :IDLE], np.nan)
    idle_spread = np.ptp(
        quantiles_of(idle[known], problem.importance[known] / problem.importance[known].sum())[[0, 2]], axis=0
    )
    nothing = dummies_of(len(problem.z), seed)
    nothing = nothing[:, accidental(fitted(problem), nothing)]
    ranks, effect_ranks, contraction, dummies, widths, middle, idle_widths = [], [], [], [], [], [], []
    for row in rows:
        found = fitted(replace(problem, published=problem.figures[row]), without=int(row))
        ranks.append(below(found.adjusted(problem.z), found.weights, problem.z[row]))
        contraction.append(contraction_of(found, problem.z))
        dummies.append(contraction_of(found, nothing))
        values, weights = effect_posterior(found, scored)
        effect_ranks.append(below(values, weights, scored[row]))
        low, median, high = quantiles_of(values, weights)
        widths.append(high - low)
        idle_widths.append(np.ptp(quantiles_of(*effect_posterior(found, idle))[[0, 2]], axis=0) / idle_spread)
        middle.append(median)
    return Checked(
        names,
        effect_names,
        np.array(ranks),
        np.array(effect_ranks),
        np.array(contraction),
        np.array(dummies),
        np.array(widths),
        spread[2] - spread[0],
        scored[rows],
        np.array(middle),
        np.array(idle_widths),
    )


def accidental(found: Fit, nothing: np.ndarray) -> np.ndarray:
    """Numbers of the weights that act on nothing (points, dummies) that a fit would call informed all the
    same.
    """
    contraction = contraction_of(found, nothing)
    return np.flatnonzero(contraction > np.percentile(contraction, PERCENTILE))


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
    """One row a weight or effect: quantity, kind, coverage of 90 % intervals with its binomial interval (low,
    high), p and p_corrected of the test that ranks are uniform, contraction (mean over pseudo-observations;
    for effects 1 - mean width over the prior's)."""
    rows = []
    for kind, names, ranks, contraction in (
        ("weight", done.weights, done.ranks, done.contraction.mean(axis=0)),
        ("effect", done.effects, done.effect_ranks, 1 - done.widths.mean(axis=0) / done.prior_widths),
    ):
        if not names:
            continue
        p = uniform_p(ranks)
        for j, (name, corrected) in enumerate(zip(names, holm(p), strict=True)):
            hits = covered(ranks[:, j])
            low, high = binomial(int(hits.sum()), len(hits))
            rows.append(
                {
                    "quantity": name,
                    "kind": kind,
                    "coverage": float(hits.mean()),
                    "low": low,
                    "high": high,
                    "p": float(p[j]),
                    "p_corrected": float(corrected),
                    "contraction": float(contraction[j]),
                }
            )
    return pd.DataFrame(rows)


def verdicts(done: Checked, informed: list[str]) -> pd.DataFrame:
    """The checks in a few lines: check, of, value, low, high, passed.

    coverage pooled over weights, over informed weights and over effects (passed where the binomial interval
    holds 90 %, or the share lies above it by no more than two points: too wide is a lesser fault than too
    narrow); uniformity (no corrected p below 5 %); recovery: informed weights contract more, over
    pseudo-observations, than weights that act on nothing and were called informed by the same accident of
    this bank (Mann and Whitney's test); intervals are narrower than the prior's, effect by effect, by more
    than 95 % of effects that nothing acts on.
    """
    place = [done.weights.index(name) for name in informed]
    asked = (
        ("all weights", done.ranks),
        ("informed weights", done.ranks[:, place]),
        ("scenario effects", done.effect_ranks),
    )
    rows = [
        row for of, ranks in asked if ranks.size for row in (_coverage(of, ranks), _uniformity(of, ranks))
    ]
    rows.append(_recovery(done, place))
    rows += [_narrowing(done, j, name) for j, name in enumerate(done.effects)]
    return pd.DataFrame(rows, columns=["check", "of", "value", "low", "high", "passed"])


_Row = tuple[str, str, float, float, float, bool]


def _coverage(of: str, ranks: np.ndarray) -> _Row:
    hits = covered(ranks)
    share = float(hits.mean())
    low, high = _pooled(hits)
    passed = bool(low <= INTERVAL <= high or INTERVAL < share <= INTERVAL + _WIDE)
    return "coverage of 90 % intervals", of, share, low, high, passed


def _uniformity(of: str, ranks: np.ndarray) -> _Row:
    p = float(holm(uniform_p(ranks)).min())
    return "uniform ranks, smallest corrected p", of, p, np.nan, np.nan, p >= ALPHA


def _recovery(done: Checked, place: Sequence[int]) -> _Row:
    gains, accidents = done.contraction[:, place].mean(axis=0), done.dummies.mean(axis=0)
    name = "contraction beyond that of weights that act on nothing"
    if not (len(gains) and len(accidents)):
        return name, "informed weights", np.nan, np.nan, np.nan, False
    beyond = float(gains.mean() - accidents.mean())
    chance = stats.mannwhitneyu(gains, accidents, alternative="greater").pvalue
    return name, "informed weights", beyond, np.nan, np.nan, bool(chance < ALPHA)


def _narrowing(done: Checked, j: int, name: str) -> _Row:
    narrower = 1.0 - done.widths[:, j] / done.prior_widths[j]
    mean = float(narrower.mean())
    low, high = stats.t.interval(0.95, len(narrower) - 1, mean, max(stats.sem(narrower), _NOTHING))
    by_chance = np.percentile(1.0 - done.idle.mean(axis=0), PERCENTILE)
    return NARROWER, name, mean, float(low), float(high), bool(mean > max(by_chance, 0.0))


_NOTHING = 1e-12  # standard error of widths that are all alike
_WIDE = 0.02  # coverage above the nominal by which intervals may be too wide


NARROWER = "narrower than the prior, share of width"
"""The check that says something of a scenario effect and not of the method: an effect that no figure speaks
of keeps its prior.
"""


def verdict_of(row: Mapping[str, Any]) -> str:
    """A row of `verdicts` in a word or two."""
    if row["check"] == NARROWER:
        return "narrower" if row["passed"] else "not narrower"
    return "passed" if row["passed"] else "failed"


def standing_out(done: Checked) -> list[str]:
    """Weights that contract more, in the mean of pseudo-observations, than every weight that acts on nothing
    and was called informed by accident.
    """
    most = done.dummies.mean(axis=0).max() if done.dummies.size else 0.0
    return [
        name for name, gain in zip(done.weights, done.contraction.mean(axis=0), strict=True) if gain > most
    ]


def _pooled(hits: np.ndarray) -> tuple[float, float]:
    """95 % interval of pooled coverage: binomial, with as many trials as the pseudo-observations are worth
    (columns of one are not independent).
    """
    by_world = hits.mean(axis=1)
    share = float(hits.mean())
    variance = float(np.var(by_world, ddof=1)) / len(by_world)
    worth = hits.size if variance == 0 else min(hits.size, share * (1 - share) / variance)
    n = max(int(worth), 1)
    return binomial(round(share * n), n)
