"""What the posterior predicts, path by path: its rows are run again with chance of their own, and each year
of a series, each ratio between years, and each whole path is set beside what was published.

A run of some thousand units scatters more than the world does. What the emulator and the run of a row say
together, with what is left unknown and the world's own chance drawn anew, stands for the row.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from avrr_sim.study.calibration.answer import Answer, after_runs
from avrr_sim.study.calibration.runs import Batch, make_runs
from avrr_sim.study.calibration.targets import Targets
from avrr_sim.study.calibration.waves import Known, near
from avrr_sim.study.folder.frame import Work
from avrr_sim.study.published.figure import PublishedFigure
from avrr_sim.study.summary.statistics import INTERVAL

PREDICTED = 1000
"""Rows of the posterior that are run again."""
FOLDER = "predicted"
_WORLD, _RECORD = 0x3E, 0x3F
RECORDS = 200
"""Records that the fitted model could have left, for the share of draws that would meet one."""
WITHIN = 2.0
"""Errors (standard error and discrepancy together) within which a year of a path is met."""
ENDS = ((1 - INTERVAL) / 2, 0.5, (1 + INTERVAL) / 2)


def predicted(known: Known, found: Answer, work: Work) -> pd.DataFrame:
    """What rows of the posterior say of every target, as in the world, and of every effect: one row a run."""
    z, targets = found.whole[:PREDICTED], known.targets
    effects = len(z) if targets.effects else 0
    batch = Batch(FOLDER, 60, z, targets.close_size, effects)
    frame = make_runs(batch, targets, known.space, work, "runs of the posterior again")
    return in_the_world(known, found.z[frame["point"].to_numpy()], frame)


def in_the_world(known: Known, z: np.ndarray, frame: pd.DataFrame) -> pd.DataFrame:
    """Runs (`frame`) at z (runs, acting weights and dummies) with their figures as in the world: see above.
    A run that lacks a figure is told by the emulator alone.
    """
    targets = known.targets.targets
    runs = near(known.targets, known.asked, frame)
    mean, rest, floor, _ = after_runs(known, z, runs, np.arange(len(targets)))
    values, vectors = np.linalg.eigh(rest + floor)
    chance = np.random.default_rng([known.targets.seed, _WORLD])
    scatter = (vectors * np.sqrt(np.maximum(values, 0.0))).T
    figures = mean + chance.standard_normal(mean.shape) @ scatter
    told = {t.id: t.off_scale(column) for t, column in zip(targets, figures.T, strict=True)}
    return frame.assign(**told)


def before(known: Known, work: Work) -> pd.DataFrame:
    """What points of the priors say of every target and effect, run by run: the chance of a run is little
    beside what priors leave open.
    """
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


def whole_paths_table(known: Known, prior: pd.DataFrame, posterior: pd.DataFrame) -> pd.DataFrame:
    """One row a series, and one for all of them together: series, years, prior and posterior: shares of runs
    whose whole path lies within WITHIN errors of what was published, in every year at once; expected: the
    share that would do so if one of the posterior's own paths, with errors, had been published, on average.
    """
    years = [t for t in known.targets.targets if t.series and not t.ratio]
    names = list(dict.fromkeys(t.series for t in years))
    own = _records_met(known, years, posterior) if years else np.empty(0)
    rows = []
    for name in [*names, *(["all series"] if len(names) > 1 else [])]:
        here = [k for k, t in enumerate(years) if name in (t.series, "all series")]
        chosen = [years[k] for k in here]
        shares = [float(within(chosen, runs).all(axis=1).mean()) for runs in (prior, posterior)]
        rows.append((name, len(chosen), *shares, float(own[:, :, here].all(axis=2).mean())))
    return pd.DataFrame(rows, columns=["series", "years", "prior", "posterior", "expected"])


def _records_met(known: Known, years: list[PublishedFigure], posterior: pd.DataFrame) -> np.ndarray:
    """(records, runs, years) whether a run is within WITHIN errors of a record that another run, with errors
    drawn for it, would have left.
    """
    targets, asked = known.targets.targets, known.asked
    runs = np.column_stack([t.on_scale(posterior[t.id].to_numpy(float)) for t in targets])
    chance = np.random.default_rng([known.targets.seed, _RECORD])
    records = asked.observed(runs[:RECORDS], chance)
    of = {targets[column].id: k for k, column in enumerate(asked.at)}
    place = {t.id: k for k, t in enumerate(targets)}
    met = [
        np.abs(runs[None, :, place[t.id]] - records[:, None, of[t.id]]) <= WITHIN * t.spread
        if t.id in of
        else np.ones((len(records), len(runs)), bool)
        for t in years
    ]
    return np.stack(met, axis=2) & (np.arange(len(records))[:, None] != np.arange(len(runs)))[:, :, None]


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
