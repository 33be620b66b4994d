"""What a fit has taught: every weight before and after, which of them the figures moved at all, and how the
figures pull against one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import ndtr, ndtri

from avrr_sim.evidence import Weight, value_at
from avrr_sim.study.calibration.fitting import KEPT, Fit, Problem, fit, moved, noise_of
from avrr_sim.study.calibration.targets import Targets
from avrr_sim.study.published.figure import PublishedFigure
from avrr_sim.study.summary.statistics import INTERVAL

DUMMIES = 300
"""Weights that act on nothing, treated like the others: how much narrower a posterior looks by accident."""

PERCENTILE = 95.0
"""A weight is called informed where it contracts more than this percentile of the dummies; of weights that
act on nothing, one in twenty does.
"""

_ENDS = ((1 - INTERVAL) / 2, 0.5, (1 + INTERVAL) / 2)


def dummies_of(points: int, seed: int) -> np.ndarray:
    """(points, DUMMIES) standard normal numbers that no run depends on."""
    return np.random.default_rng([seed, DUMMIES]).standard_normal((points, DUMMIES))


def contraction_of(found: Fit, z: np.ndarray, prior: np.ndarray | float = 1.0) -> np.ndarray:
    """1 - posterior standard deviation over that before fitting (`prior`; 1 for quantiles of the priors) of
    every column of z.
    """
    kept = found.adjusted(z)
    centred = kept - found.weights @ kept
    return 1.0 - np.sqrt(found.weights @ centred**2) / prior


def quantiles_of(values: np.ndarray, weights: np.ndarray, at: tuple[float, ...] = _ENDS) -> np.ndarray:
    """(at, columns) quantiles of weighted values (kept, columns)."""
    out = np.empty((len(at), values.shape[1]))
    for j in range(values.shape[1]):
        order = np.argsort(values[:, j], kind="stable")
        mass = np.cumsum(weights[order]) - 0.5 * weights[order]
        out[:, j] = np.interp(at, mass, values[order, j])
    return out


def drivers_table(
    priors: Mapping[str, Weight], found: Fit, z: np.ndarray, seed: int, plain: Fit | None = None
) -> pd.DataFrame:
    """One row a weight: weight, meaning, unit, grade, basis, source; prior_low, prior_median, prior_high,
    posterior_low, posterior_median, posterior_high (ends of the 90 % intervals, in the unit of the weight);
    contraction; threshold (PERCENTILE of the dummies); informed; contraction_figures and informed_figures:
    the same by figures alone, from `plain`, a fit without patterns (as `found` where it is not given).
    """
    plain = plain or found
    alone = contraction_of(plain, z)
    bar = float(np.percentile(contraction_of(plain, dummies_of(len(z), seed)), PERCENTILE))
    contraction = contraction_of(found, z)
    threshold = float(np.percentile(contraction_of(found, dummies_of(len(z), seed)), PERCENTILE))
    after = quantiles_of(found.adjusted(z), found.weights)
    rows = []
    for j, (name, weight) in enumerate(priors.items()):
        before = [value_at(weight, float(ndtri(end))) for end in _ENDS]
        later = [value_at(weight, float(each)) for each in after[:, j]]
        rows.append(
            {
                "weight": name,
                "meaning": weight.meaning,
                "unit": weight.unit,
                "grade": weight.grade,
                "basis": weight.basis,
                "source": weight.source,
                **dict(
                    zip(
                        (
                            "prior_low",
                            "prior_median",
                            "prior_high",
                            "posterior_low",
                            "posterior_median",
                            "posterior_high",
                        ),
                        before + later,
                        strict=True,
                    )
                ),
                "contraction": float(contraction[j]),
                "threshold": threshold,
                "informed": bool(contraction[j] > threshold),
                "contraction_figures": float(alone[j]),
                "informed_figures": bool(alone[j] > bar),
            }
        )
    return (
        pd.DataFrame(rows).sort_values("contraction", ascending=False, kind="stable").reset_index(drop=True)
    )


def targets_table(targets: Targets, predicted: pd.DataFrame, prior: pd.DataFrame) -> pd.DataFrame:
    """One row a target: what is published, and what the posterior predicts.

    predicted, prior: figures by target, a row a run of the posterior and of the bank. predictive_low,
    _median, _high: interval of the figure that would be published if the model were right, its errors
    included; model_low, model_high: of the model alone; prior_low, prior_high: of the model before fitting;
    verdict: inside or outside the predictive interval (ranges: whether it and the range meet); held: share of
    runs inside a range.
    """
    rows = []
    for target in targets.targets:
        model = predicted[target.id].dropna().to_numpy(float)
        row = {
            "id": target.id,
            "figure": target.figure,
            "measure": target.measure,
            "window": target.window,
            "source": target.source,
            "role": target.role,
            "value": target.low if not target.ranged else np.nan,
            "range_low": target.low,
            "range_high": target.high,
            "standard_error": target.standard_error,
            "discrepancy": target.discrepancy,
            "scale": target.scale,
            "note": target.note,
        }
        if not len(model):
            rows.append({**row, "verdict": "not tested"})
            continue
        said = told(target, model, targets.seed)
        low, median, high = np.quantile(said, _ENDS)
        rows.append(
            {
                **row,
                "predictive_low": low,
                "predictive_median": median,
                "predictive_high": high,
                **dict(
                    zip(("model_low", "model_median", "model_high"), np.quantile(model, _ENDS), strict=True)
                ),
                **dict(
                    zip(
                        ("prior_low", "prior_median", "prior_high"),
                        np.nanquantile(prior[target.id], _ENDS),
                        strict=True,
                    )
                ),
                "held": float(np.mean((model >= target.low) & (model <= target.high)))
                if target.ranged
                else np.nan,
                "verdict": "inside" if low <= target.high and high >= target.low else "outside",
            }
        )
    return pd.DataFrame(rows)


def told(target: PublishedFigure, model: np.ndarray, seed: int) -> np.ndarray:
    """What would be published if the model were right: the model's figures with the target's error added on
    its scale.
    """
    repeats = 8  # errors drawn for each run, so that the ends of the interval do not rest on a few
    noise = target.spread * np.random.default_rng([seed, repeats, *target.id.encode()]).standard_normal(
        (repeats, len(model))
    )
    return target.off_scale(target.on_scale(model) + noise).ravel()


def tension_table(targets: Targets, problem: Problem, bank: pd.DataFrame) -> pd.DataFrame:
    """One row a figure: what other figures predict for it, without it.

    A fitted figure is predicted from all fitted ones but those of the same measure (two years of one series
    share their faults); the others, which are not fitted, from all that are. low, median, high: predictive
    interval, errors included; pull: distance of the published figure from their median, in standard
    deviations of the prediction on the target's scale. A pull far from zero is tension: this figure says
    something else than the others.
    """
    rows = []
    chosen = targets.fitted
    for target in (t for t in targets.targets if not t.ranged):
        others = [j for j, t in enumerate(chosen) if target.role != "fit" or t.measure != target.measure]
        if not others:
            continue
        found = fit(replace(problem, figures=problem.figures[:, others], published=problem.published[others]))
        noise = noise_of([target], int(bank["point"].max()) + 1, targets.seed)[bank["point"].to_numpy(), 0]
        figure = found.adjusted((target.on_scale(bank[target.id]) + noise)[:, None])
        low, median, high = quantiles_of(figure, found.weights)[:, 0]
        spread = float(np.sqrt(found.weights @ (figure[:, 0] - found.weights @ figure[:, 0]) ** 2))
        rows.append(
            {
                "id": target.id,
                "figure": target.figure,
                "role": target.role,
                "published": target.low,
                "low": float(target.off_scale(low)),
                "median": float(target.off_scale(median)),
                "high": float(target.off_scale(high)),
                "pull": float((target.on_scale(target.low) - median) / spread),
            }
        )
    return pd.DataFrame(rows)


def kept_table(problem: Problem, names: list[str], seed: int) -> pd.DataFrame:
    """What keeping other shares of the bank would give: share, runs, effective, informed (number of weights),
    and the names of those.
    """
    rows = []
    for share in (0.1, KEPT, 0.4, 0.6):
        try:
            found = fit(problem, share)
        except ValueError:
            continue
        bar = np.percentile(contraction_of(found, dummies_of(len(problem.z), seed)), PERCENTILE)
        informed = [
            name for name, gain in zip(names, contraction_of(found, problem.z), strict=True) if gain > bar
        ]
        rows.append(
            {
                "share": share,
                "runs": len(found.rows),
                "effective": found.effective,
                "informed": len(informed),
                "names": ", ".join(informed),
            }
        )
    return pd.DataFrame(rows)


def scores(values: np.ndarray) -> np.ndarray:
    """Normal scores of every column (points, columns), NaN kept: a monotone scale on which skewed effects are
    normal.
    """
    out = np.full(values.shape, np.nan)
    for j in range(values.shape[1]):
        known = ~np.isnan(values[:, j])
        out[known, j] = stats.norm.ppf((stats.rankdata(values[known, j]) - 0.5) / known.sum())
    return out


def effect_posterior(found: Fit, effects: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(values (kept, effects), weights): the effects of the kept draws for which they are known, moved along
    their regression on the figures.
    """
    known = ~np.isnan(effects[found.rows]).any(axis=1)
    weights = found.weights[known] / found.weights[known].sum()
    return moved(effects[found.rows[known]], found.gaps[known], weights), weights


def effects_table(found: Fit, effects: np.ndarray, prior: np.ndarray, names: list[str]) -> pd.DataFrame:
    """Effects before and after fitting, one row a scenario and measure (`names` are "scenario:measure"): low,
    median and high of prior and posterior (90 % intervals, in the unit of the measure), and the shares of
    either in which the effect is above and below zero. `effects` (points of the fitted bank, effects) and
    `prior` (points through the priors, effects), NaN where not known."""
    columns = [
        f"{when}_{what}"
        for when in ("prior", "posterior")
        for what in ("low", "median", "high", "positive", "negative")
    ]
    if not names:
        return pd.DataFrame(columns=["scenario", "measure", *columns])
    scored = scores(effects)
    values, weights = effect_posterior(found, scored)
    rows = []
    for j, name in enumerate(names):
        known, before = effects[~np.isnan(effects[:, j]), j], prior[~np.isnan(prior[:, j]), j]
        # back by rank: effects of exactly zero stay exactly zero
        after = np.quantile(known, ndtr(values[:, j]), method="inverted_cdf")
        low, median, high = quantiles_of(after[:, None], weights)[:, 0]
        rows.append(
            [
                *name.split(":"),
                *np.quantile(before, _ENDS),
                float(np.mean(before > 0)),
                float(np.mean(before < 0)),
                low,
                median,
                high,
                float(weights @ (after > 0)),
                float(weights @ (after < 0)),
            ]
        )
    return pd.DataFrame(rows, columns=["scenario", "measure", *columns])
