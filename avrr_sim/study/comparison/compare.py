"""`compare`: the same people under each policy, over draws of the uncertain weights."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from avrr_sim.display import Displayed
from avrr_sim.measured import ALL
from avrr_sim.measures import MEASURES
from avrr_sim.refusals import refusal, shown
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.study.comparison.kept import KeptJobs
from avrr_sim.study.comparison.order import ComparisonOrder
from avrr_sim.study.comparison.store import write_tables
from avrr_sim.study.comparison.tables import tables_of
from avrr_sim.study.folder.chunks import Failure, cut
from avrr_sim.study.folder.frame import Block, Work, carry_out, no_page
from avrr_sim.study.folder.order import Execution, library_execution
from avrr_sim.study.folder.run_folder import write_weights
from avrr_sim.study.jobs.executor import check_worker
from avrr_sim.study.jobs.job import run_job
from avrr_sim.study.jobs.plan import Plan, make_plan
from avrr_sim.study.jobs.results import JobResult, Results
from avrr_sim.study.summary.tables import StudyTables
from avrr_sim.version import VERSION

CHUNK = 10  # jobs a chunk


_FIRST_TO_READ = (
    "uptake_24",
    "application_hazard",
    "drop_out_12",
    "missing_24",
    "gone_under",
    "removals",
    "protection_needs",
    "pressure_dependent",
    "assisted_departures",
    "additional_returns",
)
"""Measures of an excerpt: uptake never without what must be read beside it."""

_MOST_NAMED = 3  # scenarios beside the baseline that a line names


@dataclass(frozen=True, repr=False)
class Comparison(Displayed):
    """The results of a study: `tables` (see StudyTables), failures (dicts of draw, replicate, error), and the
    folder if one was written.
    """

    plan: Plan
    tables: StudyTables
    failures: list[dict[str, Any]]
    folder: Path | None = None

    @property
    def differences(self) -> pd.DataFrame:
        """Paired differences from the baseline."""
        return self.tables.differences

    @property
    def levels(self) -> pd.DataFrame:
        """Levels by scenario."""
        return self.tables.levels

    def _line(self) -> str:
        plan, failed = self.plan, len(self.failures)
        first, *others = (scenario.name for scenario in plan.scenarios)
        told = [*others[:_MOST_NAMED], *([f"{more} more"] if (more := len(others) - _MOST_NAMED) > 0 else [])]
        return (
            f"{', '.join(told)}{' beside ' if told else ''}{first}; draws {plan.draws}, replicates "
            f"{plan.replicates}{f', {failed} jobs failed' if failed else ''}; see .tables"
        )

    def _excerpt(self) -> pd.DataFrame:
        alone = len(self.plan.keys) == 1
        table = self.levels if alone else self.differences
        table = table[(table["group_by"] == ALL) & table["measure"].isin(_FIRST_TO_READ)]
        labels = {name: MEASURES[name].label for name in _FIRST_TO_READ}
        rank = {name: i for i, name in enumerate((*self.plan.keys, *_FIRST_TO_READ))}
        table = table.sort_values(["scenario", "measure"], key=lambda column: column.map(rank))
        shown = ["value", "low", "high"] if alone else ["baseline", "value", "difference", "low", "high"]
        return table.assign(measure=table["measure"].map(labels))[["scenario", "measure", *shown]]


@dataclass(frozen=True)
class JobTask:
    """One job of a comparison, as it is sent to a worker; evidence: hash of the study's weights and version,
    checked where the job is done.
    """

    plan: Plan
    draw: int
    replicate: int
    made_with: tuple[str, str]


def run_task(task: JobTask) -> JobResult:
    """Do one job. Raises RuntimeError where this process has other evidence or another version."""
    check_worker(task.made_with, (task.plan.weights_hash(), VERSION))
    return run_job(task.plan, (task.draw, task.replicate))


def chunks_of(plan: Plan) -> dict[int, Sequence[tuple[int, int]]]:
    """The jobs of a plan by the number of the chunk in which they are kept."""
    return cut(plan.jobs, CHUNK)


def run_jobs(plan: Plan, jobs: KeptJobs, work: Work) -> tuple[Results, list[Failure]]:
    """Run the jobs of a plan that are not on disk yet; gives the results of all, read from there, and
    failures.
    """
    found = work.good_chunks(jobs.chunks)
    made_with = (plan.weights_hash(), VERSION)
    chunks = chunks_of(plan)
    work.run_some(
        Block(
            chunks,
            found,
            task_of=lambda job: JobTask(plan, *job, made_with),
            worker=run_task,
            named=lambda job: {"draw": job[0], "replicate": job[1]},
            write=lambda number, done, failed: jobs.write_chunk(number, [job for _, job in done], failed),
            each=len(plan.keys),
        )
    )
    return jobs.read(chunks), work.failures


def perform(
    order: ComparisonOrder, how: Execution, page: Callable[[Comparison], object] = no_page
) -> Comparison:
    """Carry out a run or comparison, and write everything but the page, which `page` draws.

    Raises `Refusal` for a folder in use or of another study, RunsFailed where no run succeeded, OSError where
    the disk is full (what was done stays readable, and can be gone on with).
    """

    def body(work: Work) -> Comparison:
        write_weights(work.folder, order.plan)
        results, failures = run_jobs(order.plan, order.jobs_in(work.folder), work)
        tables = tables_of(order.plan, results, order.command, failures)
        write_tables(work.folder, tables)
        return Comparison(order.plan, tables, failures, work.folder)

    return carry_out(order, how, body, page)


def _scenario(given: object) -> Scenario:
    """A scenario, read where its file is named. Raises `Refusal` for anything else."""
    if isinstance(given, Scenario):
        return given
    if not isinstance(given, (str, Path)):
        raise refusal(f"{shown(given)} is no scenario", allowed="a Scenario, or the path of a scenario file")
    return load_scenario(given)


def compare(
    scenarios: Sequence[Scenario | str | Path],
    *,
    draws: int = 50,
    replicates: int = 2,
    seed: int = 1,
    size: int = 5000,
    months: int | None = None,
    engine: str = "table",
    weights: str | None = None,
    twins: bool = True,
    conditions: bool = True,
    workers: int | None = None,
    cluster: str | None = None,
    out: str | Path | None = None,
    resume: bool = False,
) -> Comparison:
    """Compare scenarios (the first is the baseline), from a notebook in one line.

    Scenarios are `Scenario` objects or paths of scenario files; the numbers are those of the shell's options.
    `twins`: whether the shares who apply under pressure or misinformed are worked out (see
    study/jobs/twins.py), which makes it take about half as long again; `conditions`: whether ceilings and
    named hypotheses stand beside the effects (see study/jobs/conditions.py). With `out`, a run folder is kept
    there, and `resume` goes on with one. Raises `Refusal` for bad input, RunsFailed where no run succeeded.
    """
    if isinstance(scenarios, (Scenario, str, Mapping)) or not isinstance(scenarios, Iterable):
        raise refusal(
            f"{shown(scenarios)} alone is no list of scenarios",
            allowed="a list such as [baseline, other]; for one scenario [baseline], or simulate(baseline)",
        )
    loaded = [_scenario(each) for each in scenarios]
    plan = make_plan(
        loaded,
        draws=draws,
        replicates=replicates,
        seed=seed,
        size=size,
        months=months,
        engine=engine,
        weights=weights,
        twins=twins,
        ceilings=conditions and len(loaded) > 1,
        hypotheses=conditions,
    )
    order = ComparisonOrder(plan, f"compare (library, {sys.version_info.major}.{sys.version_info.minor})")
    with library_execution(out, resume, workers, cluster) as how:
        result = perform(order, how)
    return result if out is not None else replace(result, folder=None)
