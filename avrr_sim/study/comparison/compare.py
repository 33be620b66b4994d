"""`compare`: the same people under each policy, over draws of the uncertain weights."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pandas as pd

from avrr_sim.measures import MEASURES, TWIN_MEASURES
from avrr_sim.outcomes import ORIGIN_LABELS
from avrr_sim.posterior import learned
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.study.comparison.order import ComparisonOrder
from avrr_sim.study.comparison.store import write_tables
from avrr_sim.study.folder.chunks import Failure, cut
from avrr_sim.study.folder.frame import Block, Work, carry_out, no_page
from avrr_sim.study.folder.order import Execution, library_execution
from avrr_sim.study.folder.provenance import manifest_of
from avrr_sim.study.folder.run_folder import write_weights
from avrr_sim.study.jobs.executor import check_worker
from avrr_sim.study.jobs.job import run_job
from avrr_sim.study.jobs.plan import Plan, make_plan
from avrr_sim.study.jobs.results import JobResult
from avrr_sim.study.summary.changes import changes
from avrr_sim.study.summary.coercion import moves_coercion
from avrr_sim.study.summary.effects import (
    bands_of,
    comparative_of,
    differences_of,
    endings_of,
    levels_of,
    values_of,
)
from avrr_sim.study.summary.flows import flows_of
from avrr_sim.study.summary.limits import limits_of
from avrr_sim.study.summary.sensitivity import spread_of
from avrr_sim.study.summary.statistics import INTERVAL
from avrr_sim.study.summary.tables import StudyTables, framed
from avrr_sim.study.summary.waits import waits_of
from avrr_sim.version import VERSION

CHUNK = 10  # jobs a chunk


@dataclass(frozen=True)
class Comparison:
    """The results of a study: `tables` (see StudyTables), failures (dicts of draw, replicate, error), and the
    folder if one was written.
    """

    plan: Plan
    tables: StudyTables
    failures: list[dict]
    folder: Path | None = None

    @property
    def differences(self) -> pd.DataFrame:
        """Paired differences from the baseline."""
        return self.tables.differences

    @property
    def levels(self) -> pd.DataFrame:
        """Levels by scenario."""
        return self.tables.levels


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


def _run(order: ComparisonOrder, work: Work) -> tuple[list[JobResult], list[Failure]]:
    """Run the jobs that are not on disk yet; gives all of them in order, read from there, and failures."""
    plan, jobs = order.plan, order.jobs_in(work.folder)
    found = work.good_chunks(jobs.chunks)
    jobs.restore_tables(found)
    made_with = (plan.weights_hash(), VERSION)
    chunks = cut(plan.jobs, CHUNK)
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
    return list(jobs.read(chunks)), work.failures


def tables_of(
    plan: Plan, results: Sequence[JobResult], command: str, failures: Sequence[dict] = ()
) -> StudyTables:
    """The tables of a study from its finished jobs; `failures`: dicts of draw, replicate and error of the
    others.
    """
    labels, values, cells = values_of(plan, results)
    differences = differences_of(plan, labels, values, cells)
    if len(plan.keys) > 1:
        differences = pd.concat([differences, comparative_of(plan, results)], ignore_index=True)
    first = plan.scenarios[0]
    provenance = manifest_of(plan, command, "failed" if failures else "done", list(failures), len(results))
    provenance |= {
        "interval": INTERVAL,
        "created_by": "avrr_sim",
        "months": first.months,
        "units_represented": round(plan.size * results[0].scale),
    }
    provenance["twin_jobs"] = sum(r.replicate < plan.twinned for r in results)
    title = "" if len(plan.keys) > 1 else first.name
    scenarios = [
        {
            "key": key,
            "name": s.name,
            "asks": s.asks,
            "coercion": moves_coercion(first, s),
            "changes": changes(first, s),
        }
        for key, s in zip(plan.keys, plan.scenarios, strict=True)
    ]
    paid = first.general_programme
    currency = paid.currency
    measures = {
        name: {**asdict(m), "unit": m.unit.replace("currency of the programme", currency)}
        for name, m in MEASURES.items()
        if plan.twinned or name not in TWIN_MEASURES
    }
    provenance |= {
        "currency": currency,
        "rate": f"1 {currency} = {paid.rate:g} NOK ({paid.rate_source})",
    }
    known = learned()
    names = {key: ORIGIN_LABELS[key] for key in first.origins}
    return StudyTables(
        title,
        scenarios,
        measures,
        framed("levels", levels_of(plan, labels, values, cells)),
        framed("differences", differences),
        framed("bands", bands_of(plan, results)),
        framed("endings", endings_of(plan, results)),
        provenance,
        limits_of(plan, first.place.origins, list(names.values())),
        waits_of(plan, results),
        *flows_of(plan, results),
        spread_of(plan, results),
        **{name: framed(name, known.get(name, ())) for name in ("drivers", "targets", "patterns")},
        origins=names,
    )


def perform(
    order: ComparisonOrder, how: Execution, page: Callable[[Comparison], object] = no_page
) -> Comparison:
    """Carry out a run or comparison, and write everything but the page, which `page` draws.

    Raises `Refusal` for a folder in use or of another study, RunsFailed where no run succeeded, OSError where
    the disk is full (what was done stays readable, and can be gone on with).
    """

    def body(work: Work) -> Comparison:
        write_weights(work.folder, order.plan)
        results, failures = _run(order, work)
        tables = tables_of(order.plan, results, order.command, failures)
        write_tables(work.folder, tables)
        return Comparison(order.plan, tables, failures, work.folder)

    return carry_out(order, how, body, page)


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
    workers: int | None = None,
    cluster: str | None = None,
    out: str | Path | None = None,
    resume: bool = False,
) -> Comparison:
    """Compare scenarios (the first is the baseline), from a notebook in one line.

    Scenarios are `Scenario` objects or paths of scenario files; the numbers are those of the shell's options.
    `twins`: whether the shares who apply under pressure or misinformed are worked out (see
    study/jobs/twins.py), which makes it take about half as long again. With `out`, a run folder is kept
    there, and `resume` goes on with one. Raises `Refusal` for bad input, RunsFailed where no run succeeded.
    """
    loaded = [s if isinstance(s, Scenario) else load_scenario(Path(s)) for s in scenarios]
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
    )
    order = ComparisonOrder(plan, f"compare (library, {sys.version_info.major}.{sys.version_info.minor})")
    with library_execution(out, resume, workers, cluster) as how:
        result = perform(order, how)
    return result if out is not None else replace(result, folder=None)
