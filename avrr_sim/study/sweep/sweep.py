"""`sweep`: many points of a design over the same people, stored as they come, gone on with after a stop,
split over machines.

    runs/chunk-000000.parquet ...   scenario, draw, replicate, group_by, group, measure, value, cell
    points.csv                      what each scenario sets: a column a factor
    sweep.parquet, sweep.csv        levels and paired differences, a row a point, group and measure
    tipping.parquet, tipping.csv    where signs turn and what differences vary with (see turning.py)
    chances.parquet, chances.csv    where the experiment asks: a row a point, group and question
    sweep.html, figures/            the page and its pictures, with the numbers of each as CSV

Runs stand in one order, by draw, replicate and point, cut into chunks. Points that run alike (such as one
equal to the baseline) are run once. Growing a study for precision appends blocks of runs behind the first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from avrr_sim.display import Displayed
from avrr_sim.measured import ALL
from avrr_sim.study.folder.chunks import Failure, chunk_size, cut, rows_of
from avrr_sim.study.folder.frame import Block, Work, carry_out, no_page
from avrr_sim.study.folder.order import Execution, library_execution
from avrr_sim.study.folder.run_folder import write_weights
from avrr_sim.study.folder.sealed import write_parquet
from avrr_sim.study.folder.whole import write_csv
from avrr_sim.study.jobs.executor import RunsFailed
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.summary.contract import write_facts
from avrr_sim.study.sweep.experiment import Experiment
from avrr_sim.study.sweep.facts import facts_of
from avrr_sim.study.sweep.order import SweepOrder, order_of
from avrr_sim.study.sweep.precision import Reached, next_size, reached_at
from avrr_sim.study.sweep.tables import answered, point_table, sweep_table
from avrr_sim.study.sweep.task import PASTS, run_task, task_of
from avrr_sim.study.sweep.turning import write_turning


@dataclass(frozen=True, repr=False)
class Sweep(Displayed):
    """A finished sweep: `table` (see `sweep_table`; empty for a shard), failures, the folder, the command and
    digest, how the search for precision ended, and the answers to its questions (see `answer_of`).
    """

    experiment: Experiment
    plan: Plan
    table: pd.DataFrame
    failures: list[Failure]
    folder: Path
    command: str
    digest: str
    reached: Reached | None = None
    answers: Sequence[Mapping[str, Any]] = ()

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


def perform(order: SweepOrder, how: Execution, page: Callable[[Sweep], object] = no_page) -> Sweep:
    """Carry out a sweep, or its shard, and write everything but the page, which `page` draws.

    Raises `Refusal` for a folder in use or of another study, RunsFailed where no run succeeded, OSError where
    the disk is full; what was done stays and can be gone on with.
    """

    def body(work: Work) -> Sweep:
        numbers, plan, reached = _grow(order, work)
        work.write_timings()
        if order.shard is None:
            return tables_from_chunks(order, work, plan, numbers, reached)
        return Sweep(
            order.experiment, plan, pd.DataFrame(), work.failures, work.folder, order.command, order.digest
        )

    try:
        return carry_out(order, how, body, page)
    finally:
        PASTS.forget()


def _grow(order: SweepOrder, work: Work) -> tuple[list[int], Plan, Reached | None]:
    """Run the first block, then further ones until the precision is reached or a cap met: (numbers of all
    chunks, the plan as it came to be, how it ended).
    """
    plan, rule = order.plan, order.precision
    write_weights(work.folder, plan)
    numbers = _run(order, work, plan, plan.jobs, first=0)
    if rule is None:
        return numbers, plan, None
    while True:
        state = reached_at(order.chunks_in(work.folder), numbers, plan, rule)
        draws, replicates = next_size(state, plan, rule)
        if (draws, replicates) == (plan.draws, plan.replicates):
            return numbers, plan, state
        work.how.say(f"{state.text()}; going on with {draws} draws and {replicates} replicates")
        larger = replace(plan, draws=draws, replicates=replicates)
        write_weights(work.folder, larger)
        before = set(plan.jobs)
        new = [job for job in larger.jobs if job not in before]
        numbers += _run(order, work, larger, new, first=len(numbers))
        plan = larger


def _run(order: SweepOrder, work: Work, plan: Plan, jobs: Sequence[tuple[int, int]], first: int) -> list[int]:
    """Run the jobs of a plan (of the shard's chunks) that are not on disk yet; gives the numbers of all their
    chunks, which count from `first`.
    """
    chunks, measures = order.chunks_in(work.folder), order.experiment.kept
    runs = [(k, draw, replicate) for draw, replicate in jobs for k in plan.distinct]
    every = cut(runs, chunk_size(order.plan.distinct_runs), first)
    part, parts = order.shard or (1, 1)
    work.run(
        Block(
            {number: chunk for number, chunk in every.items() if number % parts == part - 1},
            work.good_chunks(chunks),
            task_of=lambda run: task_of(plan, *run, measures),
            worker=run_task,
            named=lambda run: {"scenario": plan.keys[run[0]], "draw": run[1], "replicate": run[2]},
            write=lambda number, done, failed: chunks.write(
                number, rows_of(plan, [(*run, result) for run, result in done]), failed
            ),
            seconds=lambda result: result.seconds,
        )
    )
    return list(every)


def tables_from_chunks(
    order: SweepOrder, work: Work, plan: Plan, numbers: Sequence[int], reached: Reached | None = None
) -> Sweep:
    """Write the tables of a folder whose chunks are complete. Raises RunsFailed where no run succeeded."""
    if len(work.failures) >= plan.distinct_runs:
        raise RunsFailed(work.failures[0]["error"])
    folder, experiment = work.folder, order.experiment
    points = point_table(experiment, plan)
    table = sweep_table(points, plan, order.chunks_in(folder), numbers, experiment.measures)
    write_csv(points, folder / "points.csv")
    write_parquet(table, folder / "sweep.parquet")
    write_csv(table, folder / "sweep.csv")
    result = Sweep(experiment, plan, table, work.failures, folder, order.command, order.digest, reached)
    answers: list[dict[str, Any]] = []
    if experiment.asked:
        chances, answers = answered(experiment.asked, points, plan, order.chunks_in(folder), numbers)
        write_parquet(chances, folder / "chances.parquet")
        write_csv(chances, folder / "chances.csv")
    result = replace(result, answers=answers)
    depends = write_turning(folder, plan, order.chunks_in(folder), numbers, experiment.measures)
    facts = {**facts_of(order, plan, work.failures, reached), "answers": answers}
    write_facts(folder, facts | ({"depends": depends} if depends else {}))
    work.further = {"draws": plan.draws, "replicates": plan.replicates, "runs_planned": plan.distinct_runs}
    if reached is not None:
        told = {"text": reached.text(), "reached": reached.stable, "error": reached.error}
        work.further["precision"] = told
    return result


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
        numbers,
        precision=None if precision is None else (precision, measure),
        command=f"sweep (library, {sys.version_info.major}.{sys.version_info.minor})",
    )
    with library_execution(out, resume, workers, cluster) as how:
        result = perform(order, how)
    result.table.attrs["failures"] = result.failures
    if result.reached is not None:
        result.table.attrs["precision"] = result.reached.text()
    return result.table
