"""What a fit has taught: every weight before and after, every figure, every scenario's effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from avrr_sim.evidence import Weight, value_at
from avrr_sim.study.calibration.paths import ENDS, told
from avrr_sim.study.calibration.targets import Targets


def drivers_table(
    priors: Mapping[str, Weight],
    whole: np.ndarray,
    acting: np.ndarray,
    threshold: float,
    informed: list[str],
) -> pd.DataFrame:
    """One row a weight, the most contracted first: weight, meaning, unit, grade, basis, source; prior_low,
    prior_median, prior_high, posterior_low, posterior_median, posterior_high (ends of the 90 % intervals, in
    the unit of the weight); contraction: 1 - standard deviation of the quantiles z (rows, weights) of the
    posterior's rows; acts: whether it acts on any fitted figure; threshold: contraction from which on it
    counts as informed; informed: whether it does at every tolerance.
    """
    after = np.quantile(whole, ENDS, axis=0)
    ends = ("low", "median", "high")
    acts = np.isin(np.arange(len(priors)), acting)
    rows = []
    for j, (name, weight) in enumerate(priors.items()):
        before = [value_at(weight, float(ndtri(end))) for end in ENDS]
        later = before if not acts[j] else [value_at(weight, float(each)) for each in after[:, j]]
        rows.append(
            {
                "weight": name,
                "meaning": weight.meaning,
                "unit": weight.unit,
                "grade": weight.grade,
                "basis": weight.basis,
                "source": weight.source,
                **{f"prior_{end}": value for end, value in zip(ends, before, strict=True)},
                **{f"posterior_{end}": value for end, value in zip(ends, later, strict=True)},
                "contraction": 1.0 - float(whole[:, j].std()) if acts[j] else 0.0,
                "acts": bool(acts[j]),
                "threshold": threshold,
                "informed": name in informed,
            }
        )
    table = pd.DataFrame(rows).sort_values("contraction", ascending=False, kind="stable")
    return table.reset_index(drop=True)


def targets_table(targets: Targets, predicted: pd.DataFrame, prior: pd.DataFrame) -> pd.DataFrame:
    """One row a target: what is published, and what the posterior predicts.

    predicted, prior: figures by target, a row a run of the posterior and of the priors. predictive_low,
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
            "discrepancy": float(np.hypot(target.discrepancy, target.shared)),
            "scale": target.scale,
            "note": target.note,
        }
        if not len(model):
            rows.append({**row, "verdict": "not tested"})
            continue
        low, median, high = np.quantile(told(target, model, targets.seed), ENDS)
        row |= {"predictive_low": low, "predictive_median": median, "predictive_high": high}
        for when, values in (("model", model), ("prior", prior[target.id])):
            ends = np.nanquantile(values, ENDS)
            row |= {f"{when}_{end}": x for end, x in zip(("low", "median", "high"), ends, strict=True)}
        held = np.mean((model >= target.low) & (model <= target.high))
        row["held"] = float(held) if target.ranged else np.nan
        row["verdict"] = "inside" if low <= target.high and high >= target.low else "outside"
        rows.append(row)
    return pd.DataFrame(rows)


def effects_table(prior: pd.DataFrame, posterior: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Effects before and after fitting, one row a scenario and measure (`names` are "scenario:measure"): low,
    median and high of prior and posterior (90 % intervals, in the unit of the measure), and the shares of
    runs of either (a row a run) in which the effect is above and below zero.
    """
    whens = (("prior", prior), ("posterior", posterior))
    columns = [
        f"{when}_{what}" for when, _ in whens for what in ("low", "median", "high", "positive", "negative")
    ]
    rows = []
    for name in names:
        row: list[Any] = name.split(":")
        for _, runs in whens:
            values = runs[name].dropna().to_numpy(float)
            row += [*np.quantile(values, ENDS), float(np.mean(values > 0)), float(np.mean(values < 0))]
        rows.append(row)
    return pd.DataFrame(rows, columns=["scenario", "measure", *columns])
