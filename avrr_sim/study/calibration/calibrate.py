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
ranks                       ranks of the truth among the posterior of every pseudo-observation
recovery                    true effects of every pseudo-observation, and what the posterior says of them
study.json                  what the tables are about; with them the page is made again
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from avrr_sim.display import Displayed
from avrr_sim.posterior import FOLDER
from avrr_sim.refusals import refusal
from avrr_sim.study.calibration.bank import (
    Bank,
    Point,
    bank_hash,
    check_reach,
    effect_names,
    make_bank,
    point_of,
    run_point,
)
from avrr_sim.study.calibration.facts import write_for_page
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
from avrr_sim.study.calibration.order import FIRST_BANK, CalibrationOrder, order_of
from avrr_sim.study.calibration.rivals import rivals as fit_rivals
from avrr_sim.study.calibration.tables import (
    drivers_table,
    effects_table,
    kept_table,
    targets_table,
    tension_table,
)
from avrr_sim.study.calibration.targets import Targets
from avrr_sim.study.folder.chunks import Failure, Found
from avrr_sim.study.folder.frame import Block, Work, carry_out, no_page
from avrr_sim.study.folder.order import Execution, library_execution
from avrr_sim.study.folder.provenance import library_versions, source_commit
from avrr_sim.study.folder.run_folder import write_table
from avrr_sim.study.folder.sealed import write_parquet
from avrr_sim.study.folder.whole import write_csv, write_whole
from avrr_sim.version import VERSION

PREDICTED = 400
"""Draws of the posterior that are simulated again to see what they predict."""

TABLES = ("drivers", "targets", "tension", "patterns", "effects", "kept", "checks", "verdicts")

DEFAULT = Path("experiments/calibration-norway.yaml")
"""The figures that the package's own posterior was fitted to, in a checkout of the project."""


@dataclass(frozen=True, repr=False)
class Calibration(Displayed):
    """A finished calibration: `posterior` (draws, weights) in the units of the weights, the tables by name,
    the fit and what it was made from, runs that failed, rivals where they were asked for (see
    `study/calibration/rivals.py`), and the folder if one was kept.
    """

    targets: Targets
    bank: Bank
    posterior: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    checked: Checked
    problem: Problem
    fit: Fit
    recipe: dict[str, Any]
    failures: list[Failure]
    rivals: pd.DataFrame | None = None
    folder: Path | None = None

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
class _Runs:
    """What the fit rests on: the runs through the priors, and the bank that is fitted, which is the same or
    looks nearer to the figures, with its runs, the quantiles of its points, and the problem that they set.
    """

    prior: pd.DataFrame
    bank: Bank
    table: pd.DataFrame
    z: np.ndarray
    problem: Problem


def perform(
    order: CalibrationOrder, how: Execution, page: Callable[[Calibration], object] = no_page
) -> Calibration:
    """Carry out a calibration: make or go on with its banks, fit, learn, check, and write everything but the
    page, which `page` draws.

    The same targets give the same bytes, wherever and however often it was stopped. Raises `Refusal` for a
    folder in use or of another study, and for a target that no run can reach; RunsFailed where no run
    succeeded; OSError where the disk is full.
    """

    def body(work: Work) -> Calibration:
        done = _calibration(order, work)
        rivals = fit_rivals(order.targets, work) if order.with_rivals else None
        work.write_timings()
        write_for_page(work.folder, order.targets, done.tables["verdicts"], done.checked, done.recipe)
        return replace(done, rivals=rivals, failures=work.failures, folder=work.folder)

    return carry_out(order, how, body, page)


def _calibration(order: CalibrationOrder, work: Work) -> Calibration:
    targets, runs = order.targets, _runs(order, work)
    bank, problem, found = runs.bank, runs.problem, _fitted(order, runs.problem)
    posterior = _posterior(bank, found, runs.z)
    predicted = _again(bank, posterior, work)
    names = effect_names(targets)
    effects = runs.table[names].to_numpy(float)
    checked = check(problem, list(bank.priors), effects, names, targets.seed)
    plain = fit(problem_of(replace(targets, patterns=()), runs.table, runs.z, problem.importance))
    drivers = drivers_table(bank.priors, found, runs.z, targets.seed, plain)
    drivers["stands_out"] = drivers["weight"].isin(standing_out(checked))
    tables = {
        "drivers": drivers,
        "targets": targets_table(targets, predicted, runs.prior),
        "tension": tension_table(targets, problem, runs.table),
        "patterns": _patterns(targets, runs.prior, runs.table, found),
        "effects": effects_table(found, effects, runs.prior[names].to_numpy(float), names),
        "checks": checks_table(checked),
        "kept": kept_table(problem, list(bank.priors), targets.seed),
        "verdicts": verdicts(checked, list(drivers["weight"][drivers["informed"]])),
    }
    recipe = _recipe(bank, runs.table, found, problem, order.command)
    _write(work.folder, tables, posterior, checked, recipe)
    return Calibration(targets, bank, posterior, tables, checked, problem, found, recipe, work.failures)


def _runs(order: CalibrationOrder, work: Work) -> _Runs:
    """The bank through the priors, and a second one where few of its points come near the figures."""
    targets, first = order.targets, order.bank
    prior = make_bank(first, work, FIRST_BANK, "runs through the priors")
    check_reach(first, prior)
    before = first.z[prior["point"].to_numpy()]
    close = near(targets, prior)
    if close >= ENOUGH:
        return _Runs(prior, first, prior, before, problem_of(targets, prior, before))
    work.how.say(f"{close} of {len(prior)} points come near every figure at once; a second bank looks closer")
    proposal = proposal_of(targets, prior, before)
    bank = Bank(targets, proposal=proposal)
    table = make_bank(bank, work, "bank-2", "runs near the figures")
    z = bank.z[table["point"].to_numpy()]
    problem = problem_of(targets, table, z, proposal.importance(z), (prior, before))
    return _Runs(prior, bank, table, z, problem)


def _fitted(order: CalibrationOrder, problem: Problem) -> Fit:
    try:
        return fit(problem)
    except ValueError as error:
        raise refusal(
            str(error),
            file=order.targets.file,
            path=("points",),
            allowed="more points, fewer targets, or looser patterns and ranges",
        ) from None


def _posterior(bank: Bank, found: Fit, z: np.ndarray) -> pd.DataFrame:
    """SAMPLE draws of the weights, equally likely, one row each, in the units of the weights."""
    drawn = found.adjusted(z)[sample(found.weights, SAMPLE, bank.targets.seed)]
    rows = [bank.weights_at(each) for each in drawn]
    return pd.DataFrame(rows)[list(bank.priors)].astype("float32")


def _again(bank: Bank, posterior: pd.DataFrame, work: Work) -> pd.DataFrame:
    """What the first PREDICTED draws of the posterior say of every target, simulated anew with chance of
    their own. They are few, and not kept.
    """
    pinned = {**bank.targets.scenario.weights, **bank.pins}
    rows: list[dict[str, float]] = []

    def task_of(draw: int) -> Point:
        weights = {**posterior.iloc[draw].astype(float).to_dict(), **pinned}
        point = point_of(bank, 0)
        return replace(point, number=bank.points + draw, weights=weights, effects=(), patterns=())

    work.run_some(
        Block(
            {0: range(min(PREDICTED, len(posterior)))},
            Found(),
            task_of,
            worker=run_point,
            named=lambda draw: {"scenario": "posterior", "draw": draw, "replicate": 0},
            write=lambda number, done, failed: rows.extend(row for _, row in done),
            unit="posterior runs",
        )
    )
    return pd.DataFrame(rows)


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


def _recipe(bank: Bank, table: pd.DataFrame, found: Fit, problem: Problem, command: str) -> dict[str, Any]:
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
    folder: Path,
    tables: dict[str, pd.DataFrame],
    posterior: pd.DataFrame,
    checked: Checked,
    recipe: dict[str, Any],
) -> None:
    for name, frame in tables.items():
        write_table(frame, folder, name)
    write_parquet(posterior, folder / "posterior.parquet")
    ranks = pd.DataFrame(
        np.hstack([checked.ranks, checked.effect_ranks]), columns=[*checked.weights, *checked.effects]
    )
    write_csv(ranks, folder / "ranks.csv", "%.5f")
    write_whole(folder / "recipe.json", json.dumps(recipe, indent=2, ensure_ascii=False))


def ship(recipe: dict[str, Any], folder: Path, date: str) -> list[Path]:
    """Put what a user needs into the package: posterior, drivers, targets, bank and recipe, from the folder
    of a calibration; `date` as YYYY-MM-DD. Gives the files written.
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
        if (folder / name).is_file():
            written.append(FOLDER / name.replace("/bank.", "."))
            write_whole(written[-1], (folder / name).read_bytes())
    content = {
        **recipe,
        "date": date,
        "posterior_hash": hashlib.sha256((FOLDER / "posterior.parquet").read_bytes()).hexdigest()[:16],
    }
    write_whole(FOLDER / "recipe.json", json.dumps(content, indent=2, ensure_ascii=False))
    return [*written, FOLDER / "recipe.json"]


def calibrate(
    targets: str | Path | Targets = DEFAULT,
    *,
    points: int | None = None,
    size: int | None = None,
    seed: int | None = None,
    rivals: bool = False,
    workers: int | None = None,
    cluster: str | None = None,
    out: str | Path | None = None,
    resume: bool = False,
) -> Calibration:
    """Fit the weights to published figures, from a notebook in one line.

        calibrate("experiments/calibration-norway.yaml", points=512).tables["drivers"]

    `targets`: a file of published figures; points, size, seed: in place of what it says; `rivals`: whether
    rivals of the model are fitted too. With `out`, the folder is kept there, and `resume` goes on with one.
    Raises `Refusal` for bad input and for figures that cannot be met, RunsFailed where no run succeeded.
    """
    order = order_of(
        targets,
        {"points": points, "size": size, "seed": seed},
        with_rivals=rivals,
        command=f"calibrate (library, {sys.version_info.major}.{sys.version_info.minor})",
    )
    with library_execution(out, resume, workers, cluster) as how:
        done = perform(order, how)
    return done if out is not None else replace(done, folder=None)
