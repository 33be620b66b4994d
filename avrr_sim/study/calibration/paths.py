"""What the posterior predicts, path by path: its rows are run again with chance of their own, and each year
of a series, each ratio between years, and each whole path is set beside what was published.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from avrr_sim.study.calibration.answer import Answer
from avrr_sim.study.calibration.runs import Batch, make_runs
from avrr_sim.study.calibration.targets import Targets
from avrr_sim.study.calibration.waves import Known
from avrr_sim.study.folder.frame import Work
from avrr_sim.study.published.figure import PublishedFigure
from avrr_sim.study.summary.statistics import INTERVAL

PREDICTED = 1000
"""Rows of the posterior that are run again."""
FOLDER = "predicted"
WITHIN = 2.0
"""Errors (standard error and discrepancy together) within which a year of a path is met."""
ENDS = ((1 - INTERVAL) / 2, 0.5, (1 + INTERVAL) / 2)


def predicted(known: Known, found: Answer, work: Work) -> pd.DataFrame:
    """What rows of the posterior say of every target and effect: one row a run."""
    z = found.whole[:PREDICTED]
    effects = len(z) if known.targets.effects else 0
    batch = Batch(FOLDER, 60, z, known.targets.close_size, effects)
    return make_runs(batch, known.targets, known.space, work, "runs of the posterior again")


def before(known: Known, work: Work) -> pd.DataFrame:
    """The same of points of the priors, with effects."""
    targets = known.targets
    count = max(min(PREDICTED, targets.close_points // 8), 2)
    names = known.space.names
    z = np.column_stack([known.space.prior_column(name, count) for name in names])
    batch = Batch("prior", 61, z, targets.close_size, count if targets.effects else 0)
    return make_runs(batch, targets, known.space, work, "runs of the priors")


def paths_table(targets: Targets, prior: pd.DataFrame, posterior: pd.DataFrame) -> pd.DataFrame:
    """One row a year of a series, and one a ratio: series, what (year, or the two of a ratio), id, kind (year
    or ratio), role, published, error (standard error and discrepancy together, in its unit); prior_ and
    posterior_ low, median and high of the model; predictive_low, predictive_high: of what would be published,
    errors included; in_model, inside: whether the published figure lies in the model's interval, and in the
    predictive one.
    """
    rows = []
    for target in (t for t in targets.targets if t.series):
        row: dict[str, Any] = {
            "series": target.series,
            "what": target.id.removeprefix(target.series).strip(),
            "id": target.id,
            "kind": "ratio" if target.ratio else "year",
            "role": target.role,
            "published": target.low,
            "error": target.error,
        }
        for when, runs in (("prior", prior), ("posterior", posterior)):
            ends = np.nanquantile(runs[target.id].to_numpy(float), ENDS)
            row |= {f"{when}_{end}": x for end, x in zip(("low", "median", "high"), ends, strict=True)}
        said = told(target, posterior[target.id].dropna().to_numpy(float), targets.seed)
        low, _, high = np.quantile(said, ENDS)
        row |= {"predictive_low": low, "predictive_high": high}
        row["in_model"] = bool(row["posterior_low"] <= target.low <= row["posterior_high"])
        row["inside"] = bool(low <= target.low <= high)
        rows.append(row)
    return pd.DataFrame(rows, columns=PATHS)


PATHS = [
    *("series", "what", "id", "kind", "role", "published", "error"),
    *(f"{when}_{end}" for when in ("prior", "posterior") for end in ("low", "median", "high")),
    *("predictive_low", "predictive_high", "in_model", "inside"),
]


def whole_paths_table(targets: Targets, prior: pd.DataFrame, posterior: pd.DataFrame) -> pd.DataFrame:
    """One row a series, and one for all of them together: series, years, prior and posterior: shares of runs
    whose whole path lies within WITHIN errors of what was published, in every year at once.
    """
    years = [t for t in targets.targets if t.series and not t.ratio]
    names = list(dict.fromkeys(t.series for t in years))
    rows = []
    for name in [*names, *(["all series"] if len(names) > 1 else [])]:
        chosen = [t for t in years if name in (t.series, "all series")]
        shares = [float(within(chosen, runs).all(axis=1).mean()) for runs in (prior, posterior)]
        rows.append((name, len(chosen), *shares))
    return pd.DataFrame(rows, columns=["series", "years", "prior", "posterior"])


def within(targets: list[PublishedFigure], runs: pd.DataFrame) -> np.ndarray:
    """(runs, targets) whether a run says of each what was published, within WITHIN errors on its scale."""
    return np.column_stack(
        [
            np.abs(t.on_scale(runs[t.id].to_numpy(float)) - t.on_scale(t.low)) <= WITHIN * t.spread
            for t in targets
        ]
    )


def told(target: PublishedFigure, model: np.ndarray, seed: int) -> np.ndarray:
    """What would be published if the model were right: the model's figures with the target's error added on
    its scale.
    """
    repeats = 8  # errors drawn for each run, so that the ends of the interval do not rest on a few
    noise = target.spread * np.random.default_rng([seed, repeats, *target.id.encode()]).standard_normal(
        (repeats, len(model))
    )
    return target.off_scale(target.on_scale(model) + noise).ravel()
