"""`compare`: the same people under each policy, over draws of the uncertain weights."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from avrr_sim.display import Displayed
from avrr_sim.measured import ALL
from avrr_sim.measures import MEASURES
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.study.comparison.store import Store, chunk_tables, write_tables
from avrr_sim.study.comparison.tables import tables_of
from avrr_sim.study.jobs.executor import RunsFailed, default_workers, in_order
from avrr_sim.study.jobs.job import run_job
from avrr_sim.study.jobs.plan import Plan, make_plan
from avrr_sim.study.jobs.results import JobResult, Results
from avrr_sim.study.summary.tables import StudyTables

CHUNK = 10  # jobs a chunk of the store


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


def run_plan(
    plan: Plan, workers: int, store: Store | None = None, progress: Callable[[int], None] | None = None
) -> tuple[list[JobResult], list[dict[str, Any]]]:
    """Run every job: (results in order, failures). With a store, finished jobs are written chunk by chunk,
    also when it is interrupted.
    """
    results: list[JobResult] = []
    failures: list[dict[str, Any]] = []
    waiting: list[JobResult] = []

    def flush() -> None:
        if store is not None and waiting:
            store.chunk(chunk_tables(plan, waiting), len(waiting))
        waiting.clear()

    runs = in_order(partial(run_job, plan), plan.jobs, workers)
    try:
        for index, result, error in runs:
            draw, replicate = plan.jobs[index]
            if error is not None:
                failures.append(
                    {"draw": draw, "replicate": replicate, "error": f"{type(error).__name__}: {error}"}
                )
            else:
                results.append(result)
                waiting.append(result)
            if len(waiting) >= CHUNK:
                flush()
            if progress is not None:
                progress(len(plan.keys))
        flush()
    except BaseException as stop:
        runs.close()
        if not isinstance(stop, OSError):  # a full disk will not take the rest either
            flush()
        if store is not None:
            store.manifest("interrupted" if isinstance(stop, KeyboardInterrupt) else "failed", failures)
        raise
    return results, failures


def study(
    plan: Plan,
    folder: Path | None = None,
    *,
    command: str = "",
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Comparison:
    """Run a plan and gather its tables; with a folder, write everything but the report.

    Raises RunsFailed where no run succeeded, OSError where the disk is full (what was done stays readable).
    """
    store = Store(folder, plan, command) if folder is not None else None
    if store is not None:
        store.weights()
    results, failures = run_plan(plan, workers or default_workers(), store, progress)
    if not results:
        if store is not None:
            store.manifest("failed", failures)
        raise RunsFailed(failures[0]["error"] if failures else "nothing was run")
    tables = tables_of(plan, Results.of(plan, results), command, failures)
    if store is not None:
        write_tables(store.folder, tables)
        store.manifest("done" if not failures else "failed", failures)
    return Comparison(plan, tables, failures, folder)


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
    workers: int | None = None,
    twins: bool = True,
    out: str | Path | None = None,
) -> Comparison:
    """Compare scenarios (the first is the baseline), from a notebook in one line.

    Scenarios are `Scenario` objects or paths of scenario files; the numbers are those of the shell's options.
    `twins`: whether the shares who apply under pressure or misinformed are worked out (see
    study/jobs/twins.py), which makes it take about half as long again. With `out`, a run folder is written
    there. Raises `Refusal` for bad input.
    """
    from avrr_sim.study.folder.run_folder import new_folder

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
    folder = new_folder("compare", plan, Path(out)) if out is not None else None
    return study(
        plan,
        folder,
        command=f"compare (library, {sys.version_info.major}.{sys.version_info.minor})",
        workers=workers,
    )
