"""`validate`: every pattern of the literature and every check target, hit, missed or not decidable, over
draws of the weights.

A draw is the unit of work: all worlds of a draw are lived side by side, reduced to one statistic a pattern,
and stored as a chunk. A study that was stopped goes on with the draws that are missing and ends in the same
bytes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from avrr_sim.evidence import evidence_hash
from avrr_sim.refusals import refusal
from avrr_sim.study.folder.chunks import Chunks, Found, Lock, rows_of
from avrr_sim.study.folder.run_folder import latest, new_folder, write_timings
from avrr_sim.study.jobs.executor import Pool, in_order, open_executor
from avrr_sim.study.jobs.results import RunResult
from avrr_sim.study.patterns.catalogue import PATTERNS, result_of
from avrr_sim.study.patterns.lives import Lives
from avrr_sim.study.patterns.statistic import Statistic, View, statistic_of
from avrr_sim.study.validation import folder as store
from avrr_sim.study.validation.check_figures import CHECKS, check_name, measured, nearness
from avrr_sim.study.validation.order import Validated, Validation, cut_of
from avrr_sim.version import VERSION

Say = Callable[[str], None]
Progress = Callable[[int], AbstractContextManager]


@dataclass(frozen=True)
class Task:
    """One draw of a validation, small enough to be sent elsewhere."""

    draw: int
    weights: Mapping[str, float]
    seed: int
    size: int
    known: tuple[str, str]


def run_draw(task: Task) -> RunResult:
    """Every statistic of one draw. Raises RuntimeError where this process has another evidence file or
    version than the study.
    """
    if (evidence_hash(), VERSION) != task.known:
        raise RuntimeError("the worker has other evidence or another version than the study")
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
        life, name = lives.life(check.scenario), check_name(check)
        note("check", name, statistic_of(partial(nearness, check), [life]))
        found["check", name, "measured"] = measured(check, View(life))
    labels = sorted(found)
    return RunResult(
        labels,
        np.array([found[label] for label in labels]),
        np.zeros(len(labels)),
        time.thread_time() - begun,
    )


def folder_of(order: Validation, out: Path | None, resume: bool) -> Path:
    """The folder of a validation: `out`, or a new one under results/; to resume, the newest of this very
    study. Raises `Refusal`.
    """
    if not resume:
        return new_folder(
            "validate",
            order.plan,
            out or Path("results") / "validate" / f"{time.strftime('%Y%m%d-%H%M%S')}-{order.digest}",
        )
    folder = out or latest(Path("results") / "validate", order.digest)
    if folder is None or not folder.is_dir():
        raise refusal(
            "there is nothing to go on with"
            + ("" if out else f" under results/validate with the digest {order.digest}"),
            file=out,
            allowed="the folder of this validation (--out), or without --resume a new one",
        )
    return folder


def carry_out(
    order: Validation,
    out: Path | None = None,
    *,
    workers: int | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    say: Say = lambda text: None,
) -> Validated:
    """Run, or go on with, a validation and write its folder.

    Raises `Refusal` for a folder in use or of another study, RunsFailed where no draw succeeded, OSError
    where the disk is full; what was done stays.
    """
    folder = folder_of(order, out, resume)
    with Lock(folder):
        found = store.begin(folder, order, resume, say)
        begun, seconds = time.time(), 0.0
        failures = [failure for each in found.good.values() for failure in each]
        try:
            with open_executor(workers) as pool:
                seconds = _run(
                    order,
                    Chunks(folder, order.digest),
                    found,
                    failures,
                    pool,
                    progress or (lambda n: nullcontext(lambda done: None)),
                )
        except BaseException as stop:
            store.finish(
                folder, order, "interrupted" if isinstance(stop, KeyboardInterrupt) else "failed", failures
            )
            raise
        write_timings(folder, order.runs, time.time() - begun, seconds, workers, None)
        return store.gather(order, folder, sorted(failures, key=lambda failure: failure["draw"]))


def _tasks(order: Validation, draws: Sequence[int]) -> Iterator[Task]:
    plan = order.plan
    for draw in draws:
        yield Task(draw, plan.weights_of(draw, None), plan.seed, plan.size, (evidence_hash(), VERSION))


def _run(
    order: Validation, chunks: Chunks, found: Found, failures: list[dict], pool: Pool, progress: Progress
) -> float:
    """Run the draws that are not on disk yet, chunk by chunk; gives the seconds of processor time."""
    cut = cut_of(order)
    left = [number for number in cut if number not in found.good]
    draws = [draw for number in left for draw in cut[number]]
    done, failed, seconds = [], [], 0.0
    with progress(len(draws)) as told:
        results = in_order(run_draw, _tasks(order, draws), pool=pool)
        try:
            for index, result, error in results:
                if error is None:
                    done.append((0, draws[index], 0, result))
                    seconds += result.seconds
                else:
                    failed.append(
                        {
                            "scenario": "all worlds",
                            "draw": draws[index],
                            "replicate": 0,
                            "error": f"{type(error).__name__}: {error}",
                        }
                    )
                if len(done) + len(failed) == len(cut[left[0]]):
                    chunks.write(left.pop(0), rows_of(order.stored, done), failed)
                    failures += failed
                    done, failed = [], []
                told(1)
        finally:
            results.close()
    return seconds
