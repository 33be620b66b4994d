"""How much of an effect's spread over draws comes from weights of each grade of evidence.

Group Shapley values of explained variance: what each grade adds to a regression on the draws' weights,
averaged over all orders in which the four grades can be taken in (Shapley 1953; Owen 2014, SIAM/ASA Journal
on Uncertainty Quantification 2). Explained is what is predicted of draws that the regression has not seen.
What remains is chance (replicates that differ within a draw) and lack of fit. It restates the widths that
grade and basis assign to the weights, and says nothing of which weight is wrong.

The regression is a ridge in which weights that matter little are shrunk more, round by round (many weights
hardly matter for one measure, and with as few draws as weights an even shrinkage drowns those that do);
products of weights that matter by themselves are taken in where they predict better; other bends are lack of
fit. With the default number of draws it seldom predicts four fifths of the variance; then no shares are
shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd

from avrr_sim.evidence import GRADES, Weight, load_evidence
from avrr_sim.measured import ALL
from avrr_sim.programme import unknowns_of
from avrr_sim.scenario import Scenario
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import Results
from avrr_sim.study.summary.statistics import by_draw, chance_share
from avrr_sim.study.summary.tables import framed

MEASURES = ("uptake_24", "drop_out_12", "additional_returns")
"""Measures whose spread is taken apart: of the baseline the spread of the level, of other scenarios that of
the difference from the baseline.
"""
COMPONENTS = (*GRADES, "chance", "lack_of_fit")

TOLD_FROM = 0.8  # share of variance that has to be predicted for the shares to be shown
# different ones; below these five folds hold fewer than four draws each, and no regression on a hundred
# weights means anything
FEWEST_DRAWS = 20
MOST_DRAWS = 500  # more are not used: work grows with the cube of the draws
_FOLDS = 5
# of shrinking; further ones changed what was predicted of trial studies by less than 0.02 of the variance
_ROUNDS = 3
_PENALTIES = np.logspace(-4, 4, 33)  # relative to the largest eigenvalue
_BENDS = (0.3, 1.0, 3.0)  # how much products count against the weights themselves
_EDGE = 1e-12  # keeps logits finite
_NOTHING = 1e-12  # relative variance that is rounding only


def scored(weight: Weight, values: np.ndarray) -> np.ndarray:
    """A weight's draws on the scale of its prior (log, logit or as it is), centred, with variance 1; zeros
    where it does not vary.
    """
    if weight.scale == "positive":
        values = np.log(np.maximum(values, _EDGE))
    elif weight.scale == "share":
        inside = np.clip(values, _EDGE, 1.0 - _EDGE)
        values = np.log(inside / (1.0 - inside))
    spread = values.std()
    return (
        (values - values.mean()) / spread
        if spread > _NOTHING * (1.0 + np.abs(values).max())
        else np.zeros(len(values))
    )


def _solve(kernel: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """(sum of squared leave-one-out errors, coefficients of the rows) of a ridge with the penalty that makes
    the former least; both centred.
    """
    size, axes = np.linalg.eigh(kernel)
    size, turned = np.maximum(size, 0.0), axes.T @ y
    least, best = np.inf, np.zeros(len(y))
    for penalty in _PENALTIES * max(size[-1], _EDGE):
        rows = axes @ (turned / (size + penalty))
        # the mean is fitted too, unpenalised
        own = np.maximum((axes * axes) @ (1.0 / (size + penalty)) - 1.0 / (len(y) * penalty), _EDGE)
        error = float(np.sum((rows / own) ** 2))
        if error < least:
            least, best = error, rows
    return least, best


def _centred(kernel: np.ndarray, unseen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Kernels of the seen draws, and of the unseen with the seen, with the mean of the seen taken out."""
    means = kernel.mean(axis=0)
    return kernel - means - means[:, None] + kernel.mean(), unseen - unseen.mean(
        axis=1, keepdims=True
    ) - means + kernel.mean()


def predict(seen: np.ndarray, y: np.ndarray, unseen: np.ndarray) -> np.ndarray:
    """Predictions for `unseen` draws (draws, weights) from `seen` ones and their values `y`."""
    mean, scale = y.mean(), np.ones(seen.shape[1])
    least, best, shrunk = np.inf, np.full(len(unseen), mean), scale
    for _ in range(_ROUNDS):
        a, b = seen * scale, unseen * scale
        kernel, cross = _centred(a @ a.T, b @ a.T)
        error, rows = _solve(kernel, y - mean)
        if error < least:
            least, best, shrunk = error, mean + cross @ rows, scale
        slope = np.abs(scale * ((a - a.mean(axis=0)).T @ rows))
        scale = np.sqrt(slope / max(slope.max(), _EDGE))
    a, b = seen * shrunk, unseen * shrunk
    length = max(np.sqrt(np.sum(a * a, axis=1).mean()), _EDGE)
    for bend in _BENDS:
        a1, b1 = a * bend / length, b * bend / length
        kernel, cross = _centred((1.0 + a1 @ a1.T) ** 2, (1.0 + b1 @ a1.T) ** 2)
        error, rows = _solve(kernel, y - mean)
        if error < least:
            least, best = error, mean + cross @ rows
    return best


def folds(rows: np.ndarray) -> np.ndarray:
    """The fold of each draw: copies of one row of weights fall in one fold, or the fold left out would have
    been seen. Rows come in random order.
    """
    _, first, which = np.unique(rows, return_index=True, return_inverse=True)
    return (np.argsort(np.argsort(first)) % _FOLDS)[which.ravel()]


def explained(scores: np.ndarray, y: np.ndarray, rows: np.ndarray | None = None) -> float:
    """Share of the variance of `y` (draws,) that the weights `scores` (draws, weights) predict in draws left
    out, fold by fold; 0 at the least.

    rows: a number for each draw that copies of it share; without it every draw is its own.
    """
    if not scores.shape[1]:
        return 0.0
    fold = folds(np.arange(len(y)) if rows is None else rows)
    missed = 0.0
    for k in np.unique(fold):
        out = fold == k
        missed += float(np.sum((y[out] - predict(scores[~out], y[~out], scores[out])) ** 2))
    return max(1.0 - missed / float(np.sum((y - y.mean()) ** 2)), 0.0)


def shapley(worth: Callable[[frozenset[str]], float], players: Sequence[str]) -> dict[str, float]:
    """Exact Shapley values: what each player adds to the worth of the others, averaged over all orders of
    coming.
    """
    known = {
        frozenset(some): worth(frozenset(some))
        for n in range(len(players) + 1)
        for some in combinations(players, n)
    }
    values = {}
    for player in players:
        others = [p for p in players if p != player]
        values[player] = sum(
            (known[frozenset(some) | {player}] - known[frozenset(some)])
            / (len(players) * comb(len(others), n))
            for n in range(len(others) + 1)
            for some in combinations(others, n)
        )
    return values


def spread_shares(
    scores: np.ndarray, grades: Sequence[str], values: np.ndarray, rows: np.ndarray | None = None
) -> tuple[dict[str, float], float]:
    """(share of the spread by component, share of variance predicted) of one effect.

    scores: (draws, weights) as from `scored`; grades: of each weight; values: (draws, replicates); rows: as
    for `explained`. The shares sum to 1; they are NaN where less than four fifths are predicted, or draws are
    too few, and the share predicted is NaN where there is no spread or too few draws. A grade that seems to
    lower prediction counts as 0. With one replicate chance cannot be told and is part of the lack of fit.
    """
    known = ~np.isnan(by_draw(values))
    rows = (np.arange(len(values)) if rows is None else rows)[known][:MOST_DRAWS]
    scores, values = scores[known][:MOST_DRAWS], values[known][:MOST_DRAWS]
    nothing = dict.fromkeys(COMPONENTS, float("nan"))
    y = by_draw(values)
    if len(np.unique(rows)) < FEWEST_DRAWS or np.var(y) <= _NOTHING * np.mean(y) ** 2:
        return nothing, float("nan")
    y = (y - y.mean()) / y.std()
    of = np.array(grades)
    whole = explained(scores, y, rows)
    if whole < TOLD_FROM:
        return nothing, whole
    present = [grade for grade in GRADES if (of == grade).any()]
    worth = {frozenset(present): whole, frozenset(): 0.0}
    added = shapley(
        lambda some: worth[some] if some in worth else explained(scores[:, np.isin(of, list(some))], y, rows),
        present,
    )
    added = {grade: max(added.get(grade, 0.0), 0.0) for grade in GRADES}
    total = sum(added.values())
    chance = float(np.nan_to_num(chance_share(values)))
    shares = {grade: value * whole / total for grade, value in added.items()}
    shares["chance"] = min(chance, 1.0 - whole)
    shares["lack_of_fit"] = 1.0 - whole - shares["chance"]
    return shares, whole


def drawn_scores(
    plan: Plan, draws: Sequence[int], scenarios: Sequence[Scenario]
) -> tuple[np.ndarray, list[str]]:
    """(scores (draws, weights), grade of each weight) of the weights that vary and are not pinned in all of
    `scenarios`.
    """
    weights: Mapping[str, Weight] = {
        **load_evidence(),
        **unknowns_of(each for s in scenarios for each in s.programmes),
    }
    rows = [plan.weights_of(draw, None) for draw in draws]
    columns, grades = [], []
    for name, weight in weights.items():
        if all(name in s.weights for s in scenarios):
            continue
        score = scored(weight, np.array([row[name] for row in rows]))
        if score.any():
            columns.append(score)
            grades.append(weight.grade)
    return np.array(columns).T.reshape(len(rows), len(columns)), grades


def spread_of(plan: Plan, results: Results) -> pd.DataFrame:
    """The table `spread` of a study; empty where the weights are not drawn."""
    if plan.weights == "central":
        return framed("spread")
    draws, rows = results.draws, []
    for k, key in enumerate(plan.keys):
        compared = [plan.scenarios[i] for i in dict.fromkeys((0, k))]
        scores, grades = drawn_scores(plan, draws, compared)
        for measure in MEASURES:
            if measure == "additional_returns" and not k:
                continue
            shares, r2 = spread_shares(scores, grades, _effect(results, measure, k), plan.rows_of(draws))
            rows += [
                {
                    "scenario": key,
                    "measure": measure,
                    "component": name,
                    "share": shares[name],
                    "r2": r2,
                    "shown": bool(r2 >= TOLD_FROM),
                }
                for name in COMPONENTS
            ]
    return framed("spread", rows)


def _effect(results: Results, measure: str, k: int) -> np.ndarray:
    """What is taken apart of scenario number `k`, see MEASURES: (draws, replicates)."""
    if measure == "additional_returns":
        values = results.series.of("value", measure="returns_cumulative")[:, -1]
    else:
        values = results.runs.of("value", group_by=ALL, measure=measure)[:, 0]
    return values[k] - values[0] if k else values[0]
