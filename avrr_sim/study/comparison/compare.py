"""`compare`: the same people under each policy, over draws of the uncertain weights."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from avrr_sim.measures import MEASURES, TWIN_MEASURES
from avrr_sim.outcomes import ORIGIN_LABELS
from avrr_sim.places.place import host
from avrr_sim.posterior import learned
from avrr_sim.programme import programme, rates
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.study.comparison.limits import LIMITS, ON_WEIGHTS, PAIRED, WITH_TWINS, WITHOUT_TWINS, on_draws
from avrr_sim.study.comparison.store import Store, chunk_tables, write_tables
from avrr_sim.study.folder.provenance import manifest_of
from avrr_sim.study.jobs.executor import RunsFailed, default_workers, in_order
from avrr_sim.study.jobs.job import run_job
from avrr_sim.study.jobs.plan import Plan, make_plan
from avrr_sim.study.jobs.results import JobResult, Results
from avrr_sim.study.summary.changes import changes
from avrr_sim.study.summary.coercion import moves_coercion
from avrr_sim.study.summary.effects import (
    bands_of,
    comparative_of,
    differences_of,
    endings_of,
    levels_of,
)
from avrr_sim.study.summary.flows import flows_of
from avrr_sim.study.summary.sensitivity import spread_of
from avrr_sim.study.summary.statistics import INTERVAL
from avrr_sim.study.summary.tables import StudyTables, framed
from avrr_sim.study.summary.waits import waits_of

CHUNK = 10  # jobs a chunk of the store


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


def run_plan(
    plan: Plan, workers: int, store: Store | None = None, progress: Callable[[int], None] | None = None
) -> tuple[list[JobResult], list[dict]]:
    """Run every job: (results in order, failures). With a store, finished jobs are written chunk by chunk,
    also when it is interrupted.
    """
    results: list[JobResult] = []
    failures: list[dict] = []
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


def tables_of(plan: Plan, results: Results, command: str, failures: Sequence[dict] = ()) -> StudyTables:
    """The tables of a study from the results of its finished jobs; `failures`: dicts of draw, replicate and
    error of the others.
    """
    differences = differences_of(plan, results.runs)
    if len(plan.keys) > 1:
        differences = pd.concat([differences, comparative_of(plan, results)], ignore_index=True)
    first = plan.scenarios[0]
    provenance = manifest_of(
        plan, command, "failed" if failures else "done", list(failures), len(results.jobs)
    )
    provenance |= {
        "interval": INTERVAL,
        "created_by": "avrr_sim",
        "months": first.months,
        "units_represented": round(results.units_represented),
    }
    provenance["twin_jobs"] = sum(replicate < plan.twinned for _, replicate in results.jobs)
    title = "Comparison of scenarios" if len(plan.keys) > 1 else first.name
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
    currency = programme(first.programme).currency
    measures = {
        name: {**asdict(m), "unit": m.unit.replace("currency of the programme", currency)}
        for name, m in MEASURES.items()
        if plan.twinned or name not in TWIN_MEASURES
    }
    provenance |= {
        "currency": currency,
        "rate": f"1 {currency} = {rates()[currency][0]:g} NOK ({rates()[currency][1]})",
    }
    known = learned()
    limits = [
        LIMITS[0],
        ON_WEIGHTS[plan.weights],
        *on_draws(plan),
        *LIMITS[1:-1],
        *(WITH_TWINS if plan.twinned else WITHOUT_TWINS),
        *([PAIRED] if len(plan.keys) > 1 else []),
        LIMITS[-1],
    ]
    if set(first.origins) != set(host(first.host).origins):
        names = ", ".join(ORIGIN_LABELS[key] for key in first.origins)
        limits.insert(
            0,
            (
                f"Only people from these origins are simulated: {names}. Counts are for them, not for "
                "the whole country."
            ),
        )
    return StudyTables(
        title,
        scenarios,
        measures,
        framed("levels", levels_of(plan, results.runs)),
        framed("differences", differences),
        framed("bands", bands_of(plan, results)),
        framed("endings", endings_of(plan, results)),
        provenance,
        limits,
        waits_of(plan, results),
        *flows_of(plan, results),
        spread_of(plan, results),
        **{name: framed(name, known.get(name, ())) for name in ("drivers", "targets", "patterns")},
    )


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
