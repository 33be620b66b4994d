"""`calibrate`: fit the weights to published figures, say what was learned, and check the method that did it.

screen/, wave-1/ ..., region/, pairs-.../   runs from which the fit learns (see `study/calibration/waves.py`)
posterior/, predicted/, prior/              runs of the posterior, of its rows again, and of the priors
truths/, checks/, inquiries/                runs and fits of the checks
recipe.json                 what everything was made from
posterior.parquet           draws of the weights after fitting
again.parquet               a few points of the priors with their weights and figures, by which it is told
                            later whether the model still says the same
drivers, targets            what was learned of every weight; figures against what the posterior predicts
                            (Parquet and CSV)
paths, whole_paths          series year by year and ratios between years, before and after; whole paths
left_out                    each of three years, predicted without its figures
tension                     each figure against what others predict for it
tolerances                  which weights are informed at which discrepancies
effects                     differences of scenarios from the baseline, before and after fitting
methods                     two ways of fitting side by side, on truths that are known
checks, verdicts            simulation-based calibration of the method: by quantity, and in a few lines
ranks                       ranks of the truth among the posterior of every truth
recovery                    true effects of every truth, and what the posterior says of them
study.json                  what the tables are about; with them the page is made again
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from avrr_sim.display import Displayed
from avrr_sim.posterior import fingerprint
from avrr_sim.study.calibration.answer import Answer, answer
from avrr_sim.study.calibration.effect_scores import Effects, effects_of
from avrr_sim.study.calibration.facts import write_for_page
from avrr_sim.study.calibration.inquiries import (
    informed_weights,
    inquire,
    left_out_table,
    tension_table,
)
from avrr_sim.study.calibration.method_checks import Checked, check, checks_table, methods_table, verdicts
from avrr_sim.study.calibration.order import CalibrationOrder, order_of
from avrr_sim.study.calibration.paths import before, paths_table, predicted, whole_paths_table
from avrr_sim.study.calibration.runs import effect_names
from avrr_sim.study.calibration.tables import drivers_table, effects_table, targets_table
from avrr_sim.study.calibration.targets import Targets
from avrr_sim.study.calibration.waves import REGION, Known, learn_in_waves
from avrr_sim.study.folder.chunks import Failure
from avrr_sim.study.folder.frame import Work, carry_out, no_page
from avrr_sim.study.folder.order import Execution, library_execution
from avrr_sim.study.folder.provenance import library_versions, source_commit
from avrr_sim.study.folder.run_folder import write_table
from avrr_sim.study.folder.sealed import write_parquet
from avrr_sim.study.folder.whole import write_whole
from avrr_sim.version import VERSION

DEFAULT = Path("experiments/calibration-norway.yaml")
"""The figures that the package's own posterior was fitted to, in a checkout of the project."""
AGAIN = 64
"""Points of the priors that are kept with what the model said there."""


@dataclass(frozen=True, repr=False)
class Calibration(Displayed):
    """A finished calibration: `posterior` (rows, weights) in the units of the weights, the tables by name,
    what the waves taught and what the checks found, what it was made from, runs that failed, and the folder
    if one was kept.
    """

    targets: Targets
    posterior: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    known: Known
    answer: Answer
    checked: Checked
    recipe: dict[str, Any]
    failures: list[Failure]
    folder: Path | None = None

    def _line(self) -> str:
        draws, weights = self.posterior.shape
        informed = int(self.tables["drivers"]["informed"].eq(True).sum())
        return (
            f"{draws} draws of {weights} weights, {informed} of them informed by "
            f"{len(self.tables['targets'])} figures; see .tables"
        )

    def _excerpt(self) -> pd.DataFrame:
        told = ["predictive_low", "predictive_median", "predictive_high"]
        return self.tables["targets"][["id", "figure", "value", *told, "verdict"]]


def perform(
    order: CalibrationOrder, how: Execution, page: Callable[[Calibration], object] = no_page
) -> Calibration:
    """Carry out a calibration: make or go on with its waves, fit, learn, check, and write everything but the
    page, which `page` draws.

    The same targets give the same bytes, however often it was stopped. Raises `Refusal` for a folder in use
    or of another study, and for a target that no run can reach; RunsFailed where no run succeeded; OSError
    where the disk is full.
    """

    def body(work: Work) -> Calibration:
        with threadpool_limits(
            1
        ):  # sums run in one order, whatever the machine; runs have threads of their own
            done = _calibration(order, work)
        work.write_timings()
        write_for_page(work.folder, order.targets, done.tables["verdicts"], done.checked, done.recipe)
        return replace(done, failures=work.failures, folder=work.folder)

    return carry_out(order, how, body, page)


def _calibration(order: CalibrationOrder, work: Work) -> Calibration:
    targets = order.targets
    known = learn_in_waves(targets, work)
    found = answer(known, work)
    names = effect_names(targets)
    told: Effects | None = None
    if names:
        z, figures = known.z[known.region], known.emulator(known.z[known.region])
        told = effects_of(z, figures, known.effects, targets.seed)
    inquired = inquire(known, work)
    tolerances, informed = informed_weights(known, inquired)
    checked = check(known, told, work)
    later, sooner = predicted(known, found, work), before(known, work)
    threshold = float(tolerances["threshold"][tolerances["tolerance"] == 1.0].iloc[0])
    tables = {
        "drivers": drivers_table(known.space.priors, found.whole, known.active, threshold, informed),
        "targets": targets_table(targets, later, sooner),
        "paths": paths_table(targets, sooner, later),
        "whole_paths": whole_paths_table(known, sooner, later),
        "left_out": left_out_table(known, inquired),
        "tension": tension_table(known, inquired),
        "tolerances": tolerances,
        "effects": effects_table(sooner, later, names),
        "methods": methods_table(checked, informed),
        "checks": checks_table(checked),
        "verdicts": verdicts(checked, informed),
    }
    posterior = _posterior(known, found)
    recipe = _recipe(known, found, order.command)
    _write(work.folder, tables, posterior, again_of(known), recipe)
    return Calibration(targets, posterior, tables, known, found, checked, recipe, work.failures)


def _posterior(known: Known, found: Answer) -> pd.DataFrame:
    """The rows in the units of the weights."""
    rows = [known.space.weights_at(each) for each in found.whole]
    return pd.DataFrame(rows)[known.space.names].astype("float32")


def again_of(known: Known) -> pd.DataFrame:
    """Points of the first wave: point, figures by target, and every weight as `weight:<name>`."""
    frame = known.prior.head(AGAIN)
    whole = known.space.whole(known.z[: len(known.prior)], known.active)[: len(frame)]
    weights = pd.DataFrame([known.space.weights_at(each) for each in whole]).add_prefix("weight:")
    figures = frame[["point", *(t.id for t in known.targets.targets)]].reset_index(drop=True)
    return pd.concat([figures, weights], axis=1)


def _recipe(known: Known, found: Answer, command: str) -> dict[str, Any]:
    """Where a posterior comes from, without times or machines: the same calibration gives the same recipe."""
    targets = known.targets
    return {
        **{
            name: getattr(targets, name) for name in ("waves", "points", "size", "close_points", "close_size")
        },
        "targets": [t.stated() for t in targets.targets],
        "effects": [s.key for s in targets.effects],
        "seed": targets.seed,
        "digest": known.hash[:16],
        "runs": known.runs + targets.close_points,
        "fingerprint": fingerprint(),
        "acting": [known.space.names[i] for i in known.active],
        "region_power": REGION,
        "draws": len(found.rows),
        "effective": float(len(found.rows)),
        "worth_before_taking": round(found.effective, 1),
        "runs_believed_less": found.less,
        "weight_cut": round(found.cut, 5),
        "emulator_error": _by_target(targets, found.left),
        "emulator_moved": _by_target(targets, found.moved),
        "world_chance": _by_target(targets, np.sqrt(np.diag(known.chance.covariance(known.published, 0.0)))),
        "kinship": round(found.kinship, 4),
        "accepted": round(found.accepted, 4),
        "command": command,
        "version": VERSION,
        "commit": source_commit(),
        "libraries": library_versions(),
    }


def _by_target(targets: Targets, values: np.ndarray) -> dict[str, float]:
    return {t.id: round(float(each), 4) for t, each in zip(targets.targets, values, strict=True)}


def _write(
    folder: Path,
    tables: dict[str, pd.DataFrame],
    posterior: pd.DataFrame,
    again: pd.DataFrame,
    recipe: dict[str, Any],
) -> None:
    for name, frame in tables.items():
        write_table(frame, folder, name)
    write_parquet(posterior, folder / "posterior.parquet")
    write_parquet(again, folder / "again.parquet")
    write_whole(folder / "recipe.json", json.dumps(recipe, indent=2, ensure_ascii=False))


def calibrate(
    targets: str | Path | Targets = DEFAULT,
    *,
    points: int | None = None,
    size: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    out: str | Path | None = None,
    resume: bool = False,
) -> Calibration:
    """Fit the weights to published figures, from a notebook in one line.

        calibrate("experiments/calibration-norway.yaml", points=512).tables["drivers"]

    `targets`: a file of published figures; points, size, seed: in place of what it says, for all runs. With
    `out`, the folder is kept there, and `resume` goes on with one. Raises `Refusal` for bad input and for
    figures that cannot be met, RunsFailed where no run succeeded.
    """
    order = order_of(
        targets,
        {"points": points, "size": size, "seed": seed},
        command=f"calibrate (library, {sys.version_info.major}.{sys.version_info.minor})",
    )
    with library_execution(out, resume, workers, cluster) as how:
        done = perform(order, how)
    return done if out is not None else replace(done, folder=None)
