"""`sweep`: many points of a design over the same people, stored as they come, gone on with after a stop,
split over machines.

Runs stand in one order, by draw, replicate and point, cut into chunks; whoever computes a chunk, and when,
its bytes are the same. Points that run alike (such as one equal to the baseline) are run once. Growing a
study for precision appends blocks of runs behind the first.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from avrr_sim.display import Displayed
from avrr_sim.measured import ALL
from avrr_sim.refusals import refusal
from avrr_sim.study.folder.chunks import Chunks, Found, Lock, chunk_size, rows_of
from avrr_sim.study.folder.run_folder import latest, new_folder, write_draws, write_timings
from avrr_sim.study.folder.whole import write_parquet, write_whole
from avrr_sim.study.jobs.executor import Pool, RunsFailed, in_order, open_executor
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.sweep.experiment import Experiment
from avrr_sim.study.sweep.folder import begin, finish
from avrr_sim.study.sweep.order import Order, _known, order_of
from avrr_sim.study.sweep.precision import Reached, next_size, reached_at
from avrr_sim.study.sweep.tables import point_table, sweep_table
from avrr_sim.study.sweep.task import run_task, task_of

Say = Callable[[str], None]
Progress = Callable[[int], AbstractContextManager]


@dataclass(frozen=True, repr=False)
class Sweep(Displayed):
    """A finished sweep: `table` (see `sweep_table`), failures, the folder, the command and digest, and how
    the search for precision ended.
    """

    experiment: Experiment
    plan: Plan
    table: pd.DataFrame
    failures: list[dict]
    folder: Path
    command: str
    digest: str
    reached: Reached | None = None

    def _line(self) -> str:
        plan, asked, failed = self.plan, self.experiment, len(self.failures)
        return (
            f"{asked.name}; {len(plan.keys) - 1} points beside {asked.baseline.name}, draws {plan.draws}, "
            f"replicates {plan.replicates}{f', {failed} runs failed' if failed else ''}; see .table"
        )

    def _excerpt(self) -> pd.DataFrame:
        table = self.table[self.table["group_by"] == ALL]
        shown = ["measure", "value", "difference", "difference_low", "difference_high"]
        return table[[*self.experiment.columns, *shown]]


@dataclass
class Work:
    """A sweep under way."""

    order: Order
    folder: Path
    pool: Pool
    progress: Progress
    say: Say
    found: Found
    failures: list[dict] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    seconds: float = 0.0
    done: int = 0

    @property
    def chunks(self) -> Chunks:
        return Chunks(self.folder, self.order.digest)


def carry_out(
    order: Order,
    out: Path | None = None,
    *,
    workers: int | None = None,
    cluster: str | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    say: Say = lambda text: None,
) -> Sweep:
    """Run, or go on with, a sweep and write its folder.

    Raises `Refusal` for a folder in use or of another study, RunsFailed where no run succeeded, OSError where
    the disk is full; what was done stays and can be gone on with.
    """
    folder = folder_of(order, out, resume)
    with Lock(folder):
        found = begin(folder, order, resume, say)
        begun = time.time()
        with open_executor(workers, cluster) as pool:
            work = Work(
                order, folder, pool, progress or (lambda n: nullcontext(lambda done: None)), say, found
            )
            try:
                plan, reached = _grow(work)
            except BaseException as stop:
                finish(
                    folder,
                    order,
                    "interrupted" if isinstance(stop, KeyboardInterrupt) else "failed",
                    work.failures,
                )
                raise
        write_timings(folder, work.done, time.time() - begun, work.seconds, workers, cluster)
        return _close(work, plan, reached)


def folder_of(order: Order, out: Path | None, resume: bool) -> Path:
    """The folder of a sweep: `out`, or a new one under results/; to resume, the newest that belongs to this
    very study.
    """
    key, digest = order.experiment.key, order.digest
    if resume:
        folder = out or latest(Path("results") / key, digest)
        if folder is None or not folder.is_dir():
            raise refusal(
                "there is nothing to go on with"
                + ("" if out else f" under results/{key} with the digest {digest}"),
                file=out,
                allowed="the folder of this sweep (--out), or without --resume a new one",
            )
        return folder
    shard = f"-{order.shard[0]}of{order.shard[1]}" if order.shard else ""
    return new_folder(
        key, order.plan, out or Path("results") / key / f"{time.strftime('%Y%m%d-%H%M%S')}-{digest}{shard}"
    )


def _grow(work: Work) -> tuple[Plan, Reached | None]:
    """Run the first block, then further ones until the precision is reached or a cap met: (the plan as it
    came to be, how it ended).
    """
    plan, rule = work.order.plan, work.order.precision
    write_draws(work.folder, plan)
    _block(work, plan, plan.jobs)
    if rule is None:
        return plan, None
    while True:
        state = reached_at(work.chunks, work.numbers, plan, rule)
        draws, replicates = next_size(state, plan, rule)
        if (draws, replicates) == (plan.draws, plan.replicates):
            return plan, state
        work.say(f"{state.text()}; going on with {draws} draws and {replicates} replicates")
        larger = replace(plan, draws=draws, replicates=replicates)
        write_draws(work.folder, larger)
        before = set(plan.jobs)
        _block(work, larger, [job for job in larger.jobs if job not in before])
        plan = larger


def _block(work: Work, plan: Plan, jobs: Sequence[tuple[int, int]]) -> None:
    """Run every job of a block that is not on disk yet; finished chunks are written one by one."""
    size = chunk_size(work.order.plan.distinct_runs)
    runs = [(k, draw, replicate) for draw, replicate in jobs for k in plan.distinct]
    first = len(work.numbers)
    cut = {first + i: runs[start : start + size] for i, start in enumerate(range(0, len(runs), size))}
    part, parts = work.order.shard or (1, 1)
    mine = [number for number in cut if number % parts == part - 1]
    todo = [number for number in mine if number not in work.found.good]
    work.numbers += list(cut)
    work.failures += [
        failure for number in mine if number in work.found.good for failure in work.found.good[number]
    ]
    measures = work.order.experiment.measures

    def tasks() -> Iterator:
        for number in todo:
            for k, draw, replicate in cut[number]:
                yield task_of(plan, k, draw, replicate, measures)

    places = iter([(number, run) for number in todo for run in cut[number]])
    done, failed = [], []
    with work.progress(sum(len(cut[number]) for number in todo)) as told:
        results = in_order(run_task, tasks(), pool=work.pool)
        try:
            for _, result, error in results:
                number, (k, draw, replicate) = next(places)
                if error is None:
                    done.append((k, draw, replicate, result))
                    work.seconds += result.seconds
                else:
                    failed.append(
                        {
                            "scenario": plan.keys[k],
                            "draw": draw,
                            "replicate": replicate,
                            "error": f"{type(error).__name__}: {error}",
                        }
                    )
                if len(done) + len(failed) == len(cut[number]):
                    work.chunks.write(number, rows_of(plan, done), failed)
                    work.failures += failed
                    work.done += len(done)
                    done, failed = [], []
                told(1)
        finally:
            results.close()


def _close(work: Work, plan: Plan, reached: Reached | None) -> Sweep:
    """The tables of a sweep whose runs are all there; a shard has none before it is merged."""
    order, folder = work.order, work.folder
    failures = in_run_order(work.failures)
    if order.shard is not None:
        finish(folder, order, "done" if not failures else "failed", failures)
        return Sweep(order.experiment, plan, pd.DataFrame(), failures, folder, order.command, order.digest)
    return gather(order, folder, plan, work.numbers, failures, reached)


def gather(
    order: Order,
    folder: Path,
    plan: Plan,
    numbers: Sequence[int],
    failures: list[dict],
    reached: Reached | None = None,
) -> Sweep:
    """Write the tables of a folder whose chunks are complete. Raises RunsFailed where no run succeeded."""
    if len(failures) >= plan.distinct_runs:
        finish(folder, order, "failed", failures)
        raise RunsFailed(failures[0]["error"])
    points = point_table(order.experiment, plan)
    table = sweep_table(points, plan, Chunks(folder, order.digest), numbers, order.experiment.measures)
    write_whole(folder / "points.csv", points.to_csv(index=False))
    write_parquet(table, folder / "sweep.parquet")
    write_whole(folder / "sweep.csv", table.to_csv(index=False))
    finish(folder, order, "done" if not failures else "failed", failures, plan, reached)
    return Sweep(order.experiment, plan, table, failures, folder, order.command, order.digest, reached)


def in_run_order(failures: Sequence[dict]) -> list[dict]:
    """Failures in the order of runs."""
    return sorted(failures, key=lambda f: (f["draw"], f["replicate"], f["scenario"]))


def sweep(
    experiment: str | Path | Mapping[str, Any] | Experiment,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    resume: bool = False,
    precision: float | None = None,
    measure: str | None = None,
    **numbers: Any,
) -> pd.DataFrame:
    """Run an experiment from a notebook: a DataFrame, one row a point, group and measure (see `sweep_table`
    for its columns).

        sweep({"baseline": "scenarios/baseline-norway.yaml", "vary": {"levers": {"cash_level": [0, 1, 2]}}},
        draws=20)

    `experiment`: a file, or a mapping of the same form whose baseline may be a `Scenario`. `numbers`: draws,
    replicates, seed, size, months, engine, weights. Without `out` nothing is kept on disk. Failed runs are
    listed in `.attrs["failures"]`. Raises `Refusal`, RunsFailed.
    """
    order = order_of(
        experiment,
        _known(numbers),
        precision=None if precision is None else (precision, measure),
        command=f"sweep (library, {sys.version_info.major}.{sys.version_info.minor})",
    )
    with tempfile.TemporaryDirectory() if out is None else nullcontext(out) as folder:
        result = carry_out(order, Path(folder), workers=workers, cluster=cluster, resume=resume)
    result.table.attrs["failures"] = result.failures
    if result.reached is not None:
        result.table.attrs["precision"] = result.reached.text()
    return result.table
