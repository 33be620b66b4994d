"""`compare`: the same people under each policy, over draws of the uncertain weights."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from avrr_sim.outcomes import MEASURES, ORIGIN_LABELS, TWIN_MEASURES
from avrr_sim.places.place import host
from avrr_sim.posterior import learned, worth
from avrr_sim.programme import programme, rates
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.study.changes import changes, moves_coercion
from avrr_sim.study.effects import bands_of, comparative_of, differences_of, endings_of, levels_of, values_of
from avrr_sim.study.execute import default_workers, in_order
from avrr_sim.study.flows import flows_of
from avrr_sim.study.plan import Plan, make_plan
from avrr_sim.study.runs import JobResult, chunk_tables, run_job
from avrr_sim.study.sensitivity import spread_of
from avrr_sim.study.statistics import INTERVAL
from avrr_sim.study.store import Store, manifest_of, write_tables
from avrr_sim.study.tables import StudyTables, framed
from avrr_sim.study.waits import waits_of

CHUNK = 10  # jobs a chunk of the store

LIMITS = [
    "The people are synthetic. Nothing here is about a real person, and nothing may be used to judge one.",
    "The stage at which applicants drop out is not identified by any published figure; the split by stage is an assumption.",
    "That most leave within two years can come from growing ties, from lasting differences between people, or from a shrinking group at risk; the data cannot tell these apart.",
    "Life after return has not been studied empirically for these people; its figures rest on judgement alone.",
    "Security at the origin stands on an index set by judgement. Return may be refused to people who need protection, and a rejection can be wrong: both are counted, neither is measured.",
    "Figures are averages over the whole measured window, also where a change starts in the middle of it; the curves over time show when it bites.",
    "Money counts support, travel and services for those who depart. What contacts, outreach, trust or offices cost is not counted.",
    "The ends of an interval rest on the outer draws and move from seed to seed; with fewer than 20 draws they are not to be used.",
    "Unaccompanied minors and victims of trafficking keep today's support in every scenario, unless a scenario asks for them by name.",
    "Levers of coercion are studied for their consequences. They are not ranked, optimised, or costed as savings.",
]
"""What every report says it cannot tell, beside a sentence on its weights (`ON_WEIGHTS`) and, as they apply, those below."""

ON_WEIGHTS = {
    "posterior": "The weights were fitted to a small number of published figures of one country. Most of them are hardly narrowed by these and remain judgements with wide priors, whose widths the intervals restate.",
    "prior": "The weights of this study were not fitted to data: most sizes are judgements with wide priors, and the intervals restate those widths.",
    "central": "This study has one set of weights, the medians of their priors, most of them judgements. It shows nothing of how uncertain its figures are.",
}

WITH_TWINS = [
    "The shares who apply under pressure or misinformed come from running the same people again without threat or restrictions, or with true beliefs. They are the model's answer, as uncertain as its weights, and no count of real people; "
    "other pressure, such as poverty or want of anywhere else to go, is not in them. Read no uptake figure as a measure of free choice.",
    "In those twin runs removals go on as before: the threat is taken out of people's minds, not out of the world.",
]
WITHOUT_TWINS = ["The share of applicants who apply under pressure, and the share who would not have applied with true beliefs, were not computed in this study; read no uptake figure as a measure of free choice."]
BEYOND_WORTH = ("The fitted weights are worth about {worth:.0f} independent draws, and this study takes {draws}: many of these are copies of one another. More draws tell nothing more of "
                "the weights, and Monte Carlo errors over draws are too small.")
PAIRED = "Who changes from one outcome to another is assumed: the same person is taken to have the same luck under both policies. How many end in each outcome does not rest on that; the bounds beside each flow show what is left without it."


class RunsFailed(RuntimeError):
    """Every run of a study failed; the message holds the first error."""


@dataclass(frozen=True)
class Comparison:
    """The results of a study: `tables` (see StudyTables), failures (dicts of draw, replicate, error), and the folder if one was written."""

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


def run_plan(plan: Plan, workers: int, store: Store | None = None, progress: Callable[[int], None] | None = None) -> tuple[list[JobResult], list[dict]]:
    """Run every job: (results in order, failures). With a store, finished jobs are written chunk by chunk, also when it is interrupted."""
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
                failures.append({"draw": draw, "replicate": replicate, "error": f"{type(error).__name__}: {error}"})
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


def on_draws(plan: Plan) -> list[str]:
    """What a study has to say where it takes more draws than the posterior is worth; else nothing."""
    return [BEYOND_WORTH.format(worth=worth(), draws=plan.draws)] if plan.beyond_worth else []


def tables_of(plan: Plan, results: Sequence[JobResult], command: str, failures: Sequence[dict] = ()) -> StudyTables:
    """The tables of a study from its finished jobs; `failures`: dicts of draw, replicate and error of the others."""
    labels, values, cells = values_of(plan, results)
    differences = differences_of(plan, labels, values, cells)
    if len(plan.keys) > 1:
        differences = pd.concat([differences, comparative_of(plan, results)], ignore_index=True)
    first = plan.scenarios[0]
    provenance = manifest_of(plan, command, "failed" if failures else "done", list(failures), len(results))
    provenance |= {"interval": INTERVAL, "created_by": "avrr_sim", "months": first.months, "units_represented": round(plan.size * results[0].scale)}
    provenance["twin_jobs"] = sum(r.replicate < plan.twinned for r in results)
    title = "Comparison of scenarios" if len(plan.keys) > 1 else first.name
    scenarios = [{"key": key, "name": s.name, "asks": s.asks, "coercion": moves_coercion(first, s), "changes": changes(first, s)} for key, s in zip(plan.keys, plan.scenarios, strict=True)]
    currency = programme(first.programme).currency
    measures = {name: {**asdict(m), "unit": m.unit.replace("currency of the programme", currency)} for name, m in MEASURES.items()
                if plan.twinned or name not in TWIN_MEASURES}
    provenance |= {"currency": currency, "rate": f"1 {currency} = {rates()[currency][0]:g} NOK ({rates()[currency][1]})"}
    known = learned()
    limits = [LIMITS[0], ON_WEIGHTS[plan.weights], *on_draws(plan), *LIMITS[1:-1], *(WITH_TWINS if plan.twinned else WITHOUT_TWINS), *([PAIRED] if len(plan.keys) > 1 else []), LIMITS[-1]]
    if set(first.origins) != set(host(first.host).origins):
        names = ", ".join(ORIGIN_LABELS[key] for key in first.origins)
        limits.insert(0, f"Only people from these origins are simulated: {names}. Counts are for them, not for the whole country.")
    return StudyTables(title, scenarios, measures, framed("levels", levels_of(plan, labels, values, cells)), framed("differences", differences),
                       framed("bands", bands_of(plan, results)), framed("endings", endings_of(plan, results)), provenance, limits,
                       waits_of(plan, results), *flows_of(plan, results), spread_of(plan, results),
                       **{name: framed(name, known.get(name, ())) for name in ("drivers", "targets", "patterns")})


def study(plan: Plan, folder: Path | None = None, *, command: str = "", workers: int | None = None,
          progress: Callable[[int], None] | None = None) -> Comparison:
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
    tables = tables_of(plan, results, command, failures)
    if store is not None:
        write_tables(store.folder, tables)
        store.manifest("done" if not failures else "failed", failures)
    return Comparison(plan, tables, failures, folder)


def compare(scenarios: Sequence[Scenario | str | Path], *, draws: int = 50, replicates: int = 2, seed: int = 1, size: int = 5000,
            months: int | None = None, engine: str = "table", weights: str | None = None, workers: int | None = None,
            twins: bool = True, out: str | Path | None = None) -> Comparison:
    """Compare scenarios (the first is the baseline), from a notebook in one line.

    Scenarios are `Scenario` objects or paths of scenario files; the numbers are those of the shell's options. `twins`: whether
    the shares who apply under pressure or misinformed are worked out (see study/twins.py), which makes it take about half as long again. With `out`,
    a run folder is written there. Raises `Refusal` for bad input.
    """
    from avrr_sim.study.store import new_folder

    loaded = [s if isinstance(s, Scenario) else load_scenario(Path(s)) for s in scenarios]
    plan = make_plan(loaded, draws=draws, replicates=replicates, seed=seed, size=size, months=months, engine=engine, weights=weights, twins=twins)
    folder = new_folder("compare", plan, Path(out)) if out is not None else None
    return study(plan, folder, command=f"compare (library, {sys.version_info.major}.{sys.version_info.minor})", workers=workers)
