"""`validate`: every pattern of the literature and every check target, hit, missed or not decidable, over
draws of the weights.

A draw is the unit of work: all worlds of a draw are lived side by side, reduced to one statistic a pattern,
and stored as a chunk. A study that was stopped goes on with the draws that are missing and ends in the same
bytes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from avrr_sim.evidence import evidence_hash
from avrr_sim.study.folder.chunks import rows_of
from avrr_sim.study.folder.frame import Block, Work, carry_out, no_page
from avrr_sim.study.folder.order import Execution, library_execution
from avrr_sim.study.folder.run_folder import write_weights
from avrr_sim.study.jobs.executor import check_worker
from avrr_sim.study.jobs.results import RunResult
from avrr_sim.study.patterns.catalogue import PATTERNS, result_of
from avrr_sim.study.patterns.lives import Lives
from avrr_sim.study.patterns.statistic import Statistic, View, statistic_of
from avrr_sim.study.validation.check_figures import CHECKS
from avrr_sim.study.validation.folder import results_in, write_tables
from avrr_sim.study.validation.order import Validated, ValidationOrder, draws_by_chunk, order_of
from avrr_sim.version import VERSION


@dataclass(frozen=True)
class Task:
    """One draw of a validation, small enough to be sent elsewhere."""

    draw: int
    weights: Mapping[str, float]
    seed: int
    size: int
    made_with: tuple[str, str]


def run_draw(task: Task) -> RunResult:
    """Every statistic of one draw. Raises RuntimeError where this process has another evidence file or
    version than the study.
    """
    check_worker(task.made_with, (evidence_hash(), VERSION))
    begun = time.thread_time()
    lives = Lives(task.weights, task.seed, task.draw, task.size)
    found: dict[tuple[str, str, str], float] = {}

    def note(kind: str, name: str, result: Statistic) -> None:
        found[kind, name, "statistic"], found[kind, name, "error"] = result.value, result.error

    for pattern in PATTERNS.values():
        if pattern.statistic is not None:
            note("pattern", pattern.id, result_of(pattern, lives))
        if pattern.beside is not None:
            note(
                "beside",
                pattern.id,
                statistic_of(pattern.beside[1], [lives.life(name) for name in pattern.needs]),
            )
    for check in CHECKS:
        life = lives.life(check.world)
        note("check", check.name, statistic_of(check.near, [life]))
        found["check", check.name, "measured"] = check.measured(View(life))
    labels = sorted(found)
    return RunResult(
        labels,
        np.array([found[label] for label in labels]),
        np.zeros(len(labels)),
        time.thread_time() - begun,
    )


def perform(
    order: ValidationOrder, how: Execution, page: Callable[[Validated], object] = no_page
) -> Validated:
    """Carry out a validation, and write everything but the page, which `page` draws.

    Raises `Refusal` for a folder in use or of another study, RunsFailed where no draw succeeded, OSError
    where the disk is full; what was done stays.
    """

    def body(work: Work) -> Validated:
        write_weights(work.folder, order.plan)
        _run(order, work)
        work.write_timings()
        result = results_in(work.folder, order, work.failures)
        write_tables(result, work.folder)
        return result

    return carry_out(order, how, body, page)


def _run(order: ValidationOrder, work: Work) -> None:
    """Run the draws that are not on disk yet."""
    plan, chunks = order.plan, order.chunks_in(work.folder)
    made_with = (evidence_hash(), VERSION)
    work.run_some(
        Block(
            draws_by_chunk(order),
            work.good_chunks(chunks),
            task_of=lambda draw: Task(draw, plan.weights_of(draw, None), plan.seed, plan.size, made_with),
            worker=run_draw,
            named=lambda draw: {"scenario": "all worlds", "draw": draw, "replicate": 0},
            write=lambda number, done, failed: chunks.write(
                number, rows_of(order.stored, [(0, draw, 0, result) for draw, result in done]), failed
            ),
            seconds=lambda result: result.seconds,
            unit="draws",
        )
    )


def validate(
    *,
    draws: int | None = None,
    size: int | None = None,
    seed: int | None = None,
    weights: str | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    out: str | Path | None = None,
    resume: bool = False,
) -> Validated:
    """Try every pattern of the literature, from a notebook in one line.

        validate(draws=20, size=5000).tables["patterns"]

    The numbers are those of the shell's options. With `out`, the folder is kept there, and `resume` goes on
    with one. Raises `Refusal` for bad input, RunsFailed where no draw succeeded.
    """
    order = order_of(
        {"draws": draws, "size": size, "seed": seed, "weights": weights},
        f"validate (library, {sys.version_info.major}.{sys.version_info.minor})",
    )
    with library_execution(out, resume, workers, cluster) as how:
        result = perform(order, how)
    return result if out is not None else replace(result, folder=None)
