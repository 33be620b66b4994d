"""`study-next`: what would have to be known to settle a policy difference.

In the folder, beside what every study leaves:

    runs/, series/ ...      the jobs of the comparison, as those of `compare`; not where its folder was given
    published/              what runs say of published figures
    value, differences      as .parquet and .csv (see tables.py)
    report.html, figures/   the page
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from avrr_sim.display import Displayed
from avrr_sim.refusals import refusal
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.study.calibration.targets import Targets, load_targets
from avrr_sim.study.comparison.compare import chunks_of, run_jobs
from avrr_sim.study.folder.frame import Work, carry_out, no_page
from avrr_sim.study.folder.order import Execution, library_execution
from avrr_sim.study.folder.run_folder import write_table, write_weights
from avrr_sim.study.jobs.results import Results
from avrr_sim.study.summary.contract import write_facts
from avrr_sim.study.value.candidates import (
    Candidate,
    done_studies,
    dummies_of,
    halved_figures,
    known_weights,
    worth_of,
)
from avrr_sim.study.value.facts import facts_of
from avrr_sim.study.value.figure_runs import figures_by_draw
from avrr_sim.study.value.material import Material
from avrr_sim.study.value.order import FEWEST_DRAWS, ValueOrder, order_in, order_of
from avrr_sim.study.value.studies import NO_STUDIES, load_studies
from avrr_sim.study.value.tables import differences_table, value_rows, value_table


@dataclass(frozen=True, repr=False)
class ValueOfInformation(Displayed):
    """What a study of the value of information found: tables `value` and `differences` (see tables.py),
    failures (dicts of draw, replicate, error), and the folder if one was written.
    """

    order: ValueOrder
    tables: dict[str, pd.DataFrame]
    failures: list[dict[str, Any]]
    folder: Path | None = None

    @property
    def value(self) -> pd.DataFrame:
        """Shares of variance by difference and candidate."""
        return self.tables["value"]

    def _line(self) -> str:
        plan = self.order.plan
        asked = ", ".join(plan.scenarios[k].name for k in self.order.asked)
        return f"what would settle {asked} beside {plan.scenarios[0].name}; draws {plan.draws}; see .value"

    def _excerpt(self) -> pd.DataFrame:
        shown = ["scenario", "measure", "kind", "label", "share", "error", "line"]
        table = self.value
        return table[table["above"] & ~table["kind"].isin(["all"])][shown].head(12)


def perform(
    order: ValueOrder, how: Execution, page: Callable[[ValueOfInformation], object] = no_page
) -> ValueOfInformation:
    """Carry out a study of the value of information, and write everything but the page, which `page` draws.

    Raises `Refusal` for a folder in use or of another study, or where too few draws succeeded; RunsFailed
    where none did; OSError where the disk is full. What was done stays and can be gone on with.
    """

    def body(work: Work) -> ValueOfInformation:
        write_weights(work.folder, order.plan)
        material = Material(order.plan, _jobs(order, work))
        if len(material.draws) < FEWEST_DRAWS:
            raise refusal(
                f"only {len(material.draws)} draws succeeded",
                file=work.folder,
                allowed=f"at least {FEWEST_DRAWS}",
            )
        candidates = _candidates(order, material, work)
        effects = [material.effect(k, measure) for k in order.asked for measure in order.measures]
        dummies = dummies_of(material)
        rows = []
        with how.progress("candidates", len(candidates) * len(effects)) as told:
            for effect in effects:
                found = []
                for candidate in candidates if not effect.settled else ():
                    found.append((candidate, worth_of(candidate, effect, material.rows, dummies)))
                    told(1)
                rows += value_rows(effect, found)
        tables = {"value": value_table(rows), "differences": differences_table(material, effects)}
        for name, table in tables.items():
            write_table(table, work.folder, name)
        write_facts(work.folder, facts_of(order, material, work.folder))
        return ValueOfInformation(order, tables, work.failures, work.folder)

    return carry_out(order, how, body, page)


def _jobs(order: ValueOrder, work: Work) -> Results:
    """The jobs of the comparison: read from its folder, or run."""
    jobs = order.jobs_in(work.folder)
    if order.source is not None:
        return jobs.read(chunks_of(order.plan))
    return run_jobs(order.plan, jobs, work)[0]


def _candidates(order: ValueOrder, material: Material, work: Work) -> list[Candidate]:
    """All that is ranked."""
    found = known_weights(material)
    if order.targets is not None:
        figures = [figure for figure in order.targets.targets if not figure.ranged]
        told = figures_by_draw(order.plan, order.targets, order.digest, work)
        found += halved_figures(
            material, figures, {name: values[material.draws] for name, values in told.items()}
        )
    return found + done_studies(material, order.possible[0], order.arms_of)


def study_next(
    source: str | Path | Sequence[Scenario | str | Path],
    *,
    studies: str | Path | None = None,
    targets: str | Path | Targets | None = None,
    measures: Sequence[str] = (),
    out: str | Path | None = None,
    resume: bool = False,
    workers: int | None = None,
    cluster: str | None = None,
    **numbers: Any,
) -> ValueOfInformation:
    """What would settle a policy difference, from a notebook in one line.

        study_next(["scenarios/baseline-norway.yaml", "scenarios/information-early.yaml"],
                   studies="experiments/studies-norway.yaml", draws=500, replicates=2).value

    source: the folder of a comparison, or scenarios, the first of them the baseline; `numbers`: draws,
    replicates, seed, size, months, weights as for `compare`. Raises `Refusal` for bad input, RunsFailed
    where no run succeeded.
    """
    possible = load_studies(studies) if studies is not None else NO_STUDIES
    figures = targets if isinstance(targets, Targets) or targets is None else load_targets(targets)
    more: dict[str, Any] = {
        "measures": measures,
        "studies": possible,
        "targets": figures,
        "command": f"study-next (library, {sys.version_info.major}.{sys.version_info.minor})",
    }
    if isinstance(source, (str, Path)):
        order = order_in(Path(source), **more)
    else:
        loaded = [each if isinstance(each, Scenario) else load_scenario(Path(each)) for each in source]
        order = order_of(loaded, numbers, **more)
    with library_execution(out, resume, workers, cluster) as how:
        result = perform(order, how)
    return result if out is not None else replace(result, folder=None)
