"""What runs say of published figures: the scenario that figures are of, lived twice in every draw, with
streams of chance that no job of the comparison has.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from avrr_sim.engines import table
from avrr_sim.engines.world import build_world
from avrr_sim.evidence import evidence_hash
from avrr_sim.scenario import Scenario
from avrr_sim.study.calibration.runs import figures_of
from avrr_sim.study.calibration.targets import Targets
from avrr_sim.study.folder.chunks import Chunks, chunk_size, cut, dense, rows_of
from avrr_sim.study.folder.frame import Block, Work
from avrr_sim.study.jobs.executor import check_worker
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import RunResult
from avrr_sim.study.published.figure import PublishedFigure
from avrr_sim.version import VERSION

REPLICATES = 2
"""Runs of every draw, by which the chance in them is known."""
NAME = "published"
"""Folder of the chunks in that of the study."""
_MEASURE = "says"  # column of measures in which the names of figures stand as groups


@dataclass(frozen=True)
class FigureTask:
    """One run for figures, as it is sent to a worker."""

    scenario: Scenario
    weights: Mapping[str, float]
    figures: tuple[PublishedFigure, ...]
    chance: tuple[int, int, int]
    size: int
    made_with: tuple[str, str]


def run_figures(task: FigureTask) -> RunResult:
    """What one run says of every figure. Raises RuntimeError where this process has other evidence or another
    version than the study.
    """
    check_worker(task.made_with, (evidence_hash(), VERSION))
    begun = time.thread_time()
    world = table.run(build_world(task.scenario, dict(task.weights), *task.chance, task.size))
    found = figures_of(world, task.figures)
    labels = [("figure", name, _MEASURE) for name in sorted(found)]
    values = np.array([found[name] for _, name, _ in labels])
    return RunResult(labels, values, np.zeros(len(labels)), time.thread_time() - begun)


def figures_by_draw(plan: Plan, targets: Targets, study: str, work: Work) -> dict[str, np.ndarray]:
    """What runs of every draw say of every figure, by its name: (draws, REPLICATES), NaN where a run failed
    or nobody is in it. Runs that are on disk are not made again; study: digest of the study.
    """
    chunks = Chunks(work.folder, study, NAME)
    jobs = [(draw, replicate) for draw in range(plan.draws) for replicate in range(REPLICATES)]
    every = cut(jobs, chunk_size(len(jobs)))
    stored = _stored(plan, targets)
    made_with, figures = (evidence_hash(), VERSION), tuple(targets.targets)
    work.run_some(
        Block(
            every,
            work.good_chunks(chunks),
            task_of=lambda job: FigureTask(
                targets.scenario,
                plan.weights_of(job[0], targets.scenario),
                figures,
                (plan.seed, job[0], plan.replicates + job[1]),
                plan.size,
                made_with,
            ),
            worker=run_figures,
            named=lambda job: {"scenario": "published figures", "draw": job[0], "replicate": job[1]},
            write=lambda number, done, failed: chunks.write(
                number, rows_of(stored, [(0, *job, result) for job, result in done]), failed
            ),
            seconds=lambda result: result.seconds,
            unit="runs for published figures",
        )
    )
    table_of = dense(chunks, list(every), stored, (_MEASURE,))
    return {str(name): table_of["value"][0, i] for i, (_, name, _) in enumerate(table_of.labels)}


def _stored(plan: Plan, targets: Targets) -> Plan:
    """The plan in whose terms these runs are stored."""
    return replace(
        plan, scenarios=(targets.scenario,), keys=("published",), replicates=REPLICATES, amounts=()
    )
