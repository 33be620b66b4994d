"""`calibrate`: fit the weights to published figures, say what was learned, and check the method that did it.

bank-1/                     runs through the priors (see `study/calibration/bank.py`)
bank-2/                     runs nearer to the figures, where few points of the priors come near them all
recipe.json                 what everything was made from
posterior.parquet           draws of the weights after fitting
drivers, targets            what was learned of every weight; figures against what the posterior predicts
                            (Parquet and CSV)
tension                     each figure against what others predict for it
kept                        what keeping other shares of the runs would give
patterns                    share of the prior and of the posterior in which each fitted pattern holds
effects                     differences of scenarios from the baseline, before and after fitting
checks, verdicts            simulation-based calibration of the method: by quantity, and in a few lines
ranks.csv                   ranks of the truth among the posterior of every pseudo-observation
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from avrr_sim.display import Displayed
from avrr_sim.posterior import FOLDER
from avrr_sim.refusals import refusal
from avrr_sim.study.calibration.bank import (
    EFFECT_MEASURES,
    Bank,
    bank_hash,
    check_reach,
    figures_of,
    live,
    make_bank,
)
from avrr_sim.study.calibration.fitting import (
    ENOUGH,
    KEPT,
    SAMPLE,
    Fit,
    Problem,
    fit,
    near,
    problem_of,
    proposal_of,
    sample,
)
from avrr_sim.study.calibration.method_checks import Checked, check, checks_table, standing_out, verdicts
from avrr_sim.study.calibration.tables import (
    drivers_table,
    effects_table,
    kept_table,
    targets_table,
    tension_table,
)
from avrr_sim.study.calibration.targets import Target, Targets
from avrr_sim.study.folder.provenance import library_versions, source_commit
from avrr_sim.study.folder.whole import write_parquet, write_whole
from avrr_sim.study.jobs.executor import in_order, open_executor
from avrr_sim.version import VERSION

PREDICTED = 400
"""Draws of the posterior that are simulated again to see what they predict."""

TABLES = ("drivers", "targets", "tension", "patterns", "effects", "kept", "checks", "verdicts")
Progress = Callable[[str, int], AbstractContextManager]


@dataclass(frozen=True, repr=False)
class Calibration(Displayed):
    """A finished calibration: `posterior` (draws, weights) in the units of the weights, the tables by name,
    the fit and what it was made from.
    """

    targets: Targets
    bank: Bank
    posterior: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    checked: Checked
    problem: Problem
    fit: Fit
    recipe: dict
    folder: Path

    def _line(self) -> str:
        draws, weights = self.posterior.shape
        informed = int(self.tables["drivers"]["informed"].eq(True).sum())
        return (
            f"{draws} draws of {weights} weights, {informed} of them informed by "
            f"{len(self.tables['targets'])} figures; see .tables"
        )

    def _excerpt(self) -> pd.DataFrame:
        predicted = ["predictive_low", "predictive_median", "predictive_high"]
        return self.tables["targets"][["id", "figure", "value", *predicted, "verdict"]]


@dataclass(frozen=True)
class _Again:
    """One draw of the posterior to be simulated."""

    number: int
    weights: dict[str, float]
    scenario: object
    targets: tuple[Target, ...]
    seed: int
    size: int


def _predict(task: _Again) -> dict[str, float]:
    return figures_of(live(task.scenario, task.weights, task.seed, task.number, task.size)[0], task.targets)


def calibrate(
    targets: Targets,
    folder: Path,
    *,
    workers: int | None = None,
    cluster: str | None = None,
    progress: Progress,
    say: Callable[[str], None] = print,
    command: str = "calibrate (library)",
) -> Calibration:
    """Make or go on with the bank in `folder`, fit, learn, check, and write every table.

    The same targets give the same bytes, wherever and however often it was stopped. Raises `Refusal` for a
    folder of another bank, and for a target that no run can reach; RuntimeError where no run succeeded.
    """
    make = partial(make_bank, workers=workers, cluster=cluster, say=say)
    first = Bank(targets)
    prior = make(first, folder / "bank-1", progress=partial(progress, "runs through the priors"))
    check_reach(first, prior)
    before = first.z[prior["point"].to_numpy()]
    bank, table, z, problem = first, prior, before, problem_of(targets, prior, before)
    close = near(targets, prior)
    if close < ENOUGH:
        say(f"{close} of {len(prior)} points come near every figure at once; a second bank looks closer")
        bank = Bank(targets, proposal=proposal_of(targets, prior, before))
        table = make(bank, folder / "bank-2", progress=partial(progress, "runs near the figures"))
        z = bank.z[table["point"].to_numpy()]
        problem = problem_of(targets, table, z, bank.proposal.importance(z), (prior, before))
    try:
        found = fit(problem)
    except ValueError as error:
        raise refusal(
            str(error),
            file=targets.file,
            path=("points",),
            allowed="more points, fewer targets, or looser patterns and ranges",
        ) from None
    posterior = _posterior(bank, found, z)
    predicted = _again(bank, posterior, workers, cluster, progress)
    effects, names = _effects(targets, table)
    checked = check(problem, list(bank.priors), effects, names, targets.seed)
    plain = fit(problem_of(replace(targets, patterns=()), table, z, problem.importance))
    drivers = drivers_table(bank.priors, found, z, targets.seed, plain)
    drivers["stands_out"] = drivers["weight"].isin(standing_out(checked))
    tables = {
        "drivers": drivers,
        "targets": targets_table(targets, predicted, prior),
        "tension": tension_table(targets, problem, table),
        "patterns": _patterns(targets, prior, table, found),
        "effects": effects_table(found, effects, _effects(targets, prior)[0], names),
        "checks": checks_table(checked),
        "kept": kept_table(problem, list(bank.priors), targets.seed),
        "verdicts": verdicts(checked, list(drivers["weight"][drivers["informed"]])),
    }
    recipe = _recipe(bank, table, found, problem, command)
    _write(folder, tables, posterior, checked, recipe)
    return Calibration(targets, bank, posterior, tables, checked, problem, found, recipe, folder)


def _posterior(bank: Bank, found: Fit, z: np.ndarray) -> pd.DataFrame:
    """SAMPLE draws of the weights, equally likely, one row each, in the units of the weights."""
    drawn = found.adjusted(z)[sample(found.weights, SAMPLE, bank.targets.seed)]
    rows = [bank.weights_at(each) for each in drawn]
    return pd.DataFrame(rows)[list(bank.priors)].astype("float32")


def _again(
    bank: Bank, posterior: pd.DataFrame, workers: int | None, cluster: str | None, progress: Progress
) -> pd.DataFrame:
    """What the first PREDICTED draws of the posterior say of every target, simulated anew with chance of
    their own.
    """
    chosen = bank.targets
    pinned = {**chosen.scenario.weights, **bank.pins}
    tasks = [
        _Again(
            bank.points + i,
            {**posterior.iloc[i].astype(float).to_dict(), **pinned},
            chosen.scenario,
            chosen.targets,
            chosen.seed,
            chosen.size,
        )
        for i in range(min(PREDICTED, len(posterior)))
    ]
    rows = []
    with open_executor(workers, cluster) as pool, progress("posterior runs", len(tasks)) as told:
        for _, result, error in in_order(_predict, tasks, pool=pool):
            if error is None:
                rows.append(result)
            told(1)
    if not rows:
        raise RuntimeError("no draw of the posterior could be simulated")
    return pd.DataFrame(rows)


def _effects(targets: Targets, table: pd.DataFrame) -> tuple[np.ndarray, list[str]]:
    """(effects (points, effects), their names) of a bank."""
    names = [f"{scenario.key}:{measure}" for scenario in targets.effects for measure in EFFECT_MEASURES]
    return table[names].to_numpy(float).reshape(len(table), len(names)), names


def _patterns(targets: Targets, prior: pd.DataFrame, table: pd.DataFrame, found: Fit) -> pd.DataFrame:
    """Patterns that are fitted: id, points through the priors at which it was tried, share of them in which
    it holds, points kept, share after fitting.
    """
    rows = []
    for name in targets.patterns:
        before, after = (
            prior[f"pattern:{name}"].dropna().to_numpy(float),
            table[f"pattern:{name}"].to_numpy(float)[found.rows],
        )
        kept = ~np.isnan(after)
        weights = found.weights[kept]
        rows.append(
            {
                "id": name,
                "points": len(before),
                "prior_share": float(np.mean(before > 0)),
                "kept": int(kept.sum()),
                "effective": float(weights.sum() ** 2 / (weights**2).sum()) if weights.size else 0.0,
                "posterior_share": float(weights @ (after[kept] > 0) / weights.sum())
                if weights.size
                else np.nan,
            }
        )
    return pd.DataFrame(rows, columns=["id", "points", "prior_share", "kept", "effective", "posterior_share"])


def _recipe(bank: Bank, table: pd.DataFrame, found: Fit, problem: Problem, command: str) -> dict:
    """Where a posterior comes from, without times or machines: the same calibration gives the same recipe."""
    return {
        **bank.identity,
        "digest": bank.digest,
        "bank_hash": bank_hash(table),
        "points_done": len(table),
        "kept_share": KEPT,
        "kept": len(found.rows),
        "effective": round(found.effective, 1),
        "radius": round(found.radius, 6),
        "importance_effective": round(
            float(problem.importance.sum() ** 2 / (problem.importance**2).sum()), 1
        ),
        "importance_largest": round(float(problem.importance.max() / problem.importance.sum()), 5),
        "draws": SAMPLE,
        "command": command,
        "version": VERSION,
        "commit": source_commit(),
        "libraries": library_versions(),
    }


def _write(
    folder: Path, tables: dict[str, pd.DataFrame], posterior: pd.DataFrame, checked: Checked, recipe: dict
) -> None:
    for name, frame in tables.items():
        write_parquet(frame, folder / f"{name}.parquet")
        write_whole(folder / f"{name}.csv", frame.to_csv(index=False))
    write_parquet(posterior, folder / "posterior.parquet")
    ranks = pd.DataFrame(
        np.hstack([checked.ranks, checked.effect_ranks]), columns=[*checked.weights, *checked.effects]
    )
    write_whole(folder / "ranks.csv", ranks.to_csv(index=False, float_format="%.5f"))
    write_whole(folder / "recipe.json", json.dumps(recipe, indent=2, ensure_ascii=False))


def ship(done: Calibration, date: str) -> list[Path]:
    """Put what a user needs into the package: posterior, drivers, targets, bank and recipe; `date` as
    YYYY-MM-DD. Gives the files written.
    """
    FOLDER.mkdir(exist_ok=True)
    written = []
    for name in (
        "posterior.parquet",
        "drivers.csv",
        "targets.csv",
        "bank-1/bank.parquet",
        "bank-2/bank.parquet",
    ):
        if (done.folder / name).is_file():
            written.append(FOLDER / name.replace("/bank.", "."))
            write_whole(written[-1], (done.folder / name).read_bytes())
    content = {
        **done.recipe,
        "date": date,
        "posterior_hash": hashlib.sha256((FOLDER / "posterior.parquet").read_bytes()).hexdigest()[:16],
    }
    write_whole(FOLDER / "recipe.json", json.dumps(content, indent=2, ensure_ascii=False))
    return [*written, FOLDER / "recipe.json"]
