"""What one job gives back, and the results of all jobs of a study as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.run_table import Columns, Label, RunRows, RunTable, gather, labels_of, long_table

_NONE = float("nan")
MEASURES = Columns(("group_by", "group", "measure"), {"value": _NONE, "cell": 0.0})
"""The table of measures: a value, and its denominator in simulated units, 0 where a group is empty."""
TABLES: dict[str, Columns] = {
    "runs": MEASURES,
    "series": Columns(("month", "measure"), {"value": _NONE}),
    "endings": Columns(("stage", "closing"), {"count": _NONE}),
    "flows": Columns(("baseline_outcome", "outcome"), {"units": _NONE}),
    "tiers": Columns(("baseline_tier", "tier"), {"units": _NONE}),
    "crossings": Columns(("item",), {"persons": _NONE}),
    "waits": Columns(("what", "group_by", "group", "quantile"), {"months": _NONE, "units": _NONE}),
    "offers": Columns(("offer", "item"), {"value": _NONE}),
    "conditions": Columns(("kind", "condition", "measure"), {"value": _NONE, "cell": 0.0}),
    "totals": Columns((), {"cost": _NONE, "scale": _NONE}),
}
"""The tables of a comparison's jobs.

runs: measures by group; series: of every month of the window; endings: first applications; flows: units of
those who exist in both runs, by outcome in the baseline and here; tiers: the same by tier of the first
application; crossings: simulated persons (as `crossings.crossing_counts`); waits: quantiles of months, and
the units they are of; offers: who took each and what it cost (see `taking`), no row where no scenario has
one; conditions: what stands beside the effects (see `conditions`), no row where nothing does; totals: one
row a run, cost of the window in the programme's currency, and real units a simulated one.
"""


@dataclass(frozen=True)
class JobTable:
    """One job's part of a table: labels, and numbers as {column: (scenarios, labels)}."""

    labels: Sequence[Label]
    numbers: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class JobResult:
    """What is kept of one (draw, replicate): its part of every table of TABLES, by name."""

    draw: int
    replicate: int
    tables: Mapping[str, JobTable]


@dataclass(frozen=True)
class RunResult:
    """What a sweep keeps of a run: values and cells of its labels (group_by, group, measure), in their order,
    and seconds of processor time.
    """

    labels: list[tuple[str, str, str]]
    values: np.ndarray
    cells: np.ndarray
    seconds: float


def long_tables(plan: Plan, jobs: Sequence[JobResult]) -> dict[str, pa.Table]:
    """The rows of some jobs for every table of TABLES, in the order of runs."""
    return {name: long_table(columns, _rows(plan, jobs, name)) for name, columns in TABLES.items()}


def _rows(plan: Plan, jobs: Iterable[JobResult], name: str) -> Iterator[RunRows]:
    for job in jobs:
        part = job.tables[name]
        for k, key in enumerate(plan.keys):
            numbers = {column: values[k] for column, values in part.numbers.items()}
            yield RunRows(key, job.draw, job.replicate, part.labels, numbers)


@dataclass(frozen=True)
class Results:
    """The results of a study's jobs: (draw, replicate) of those that finished, and the tables of TABLES, each
    over the plan's scenarios, the draws of which some job finished, and replicates.
    """

    plan: Plan
    jobs: list[tuple[int, int]]
    runs: RunTable
    series: RunTable
    endings: RunTable
    flows: RunTable
    tiers: RunTable
    crossings: RunTable
    waits: RunTable
    offers: RunTable
    conditions: RunTable
    totals: RunTable

    @classmethod
    def of(cls, plan: Plan, jobs: Sequence[JobResult]) -> Results:
        """The results of jobs that were just run."""
        return cls.gathered(plan, {name: [table] for name, table in long_tables(plan, jobs).items()})

    @classmethod
    def gathered(cls, plan: Plan, tables: Mapping[str, Sequence[pa.Table]]) -> Results:
        """The results of jobs whose rows stand in long tables: for each name of TABLES one table or more, as
        from `long_tables`, in memory or read back.
        """
        jobs = _jobs(tables["totals"])
        draws = sorted({draw for draw, _ in jobs})
        made = {}
        for name, columns in TABLES.items():
            labels = labels_of(tables[name], columns)
            made[name] = gather(
                columns,
                sorted(labels) if columns is MEASURES else labels,  # runs do not all have the same
                tables[name],
                scenarios=plan.keys,
                draws=draws,
                replicates=plan.replicates,
            )
        return cls(plan, jobs, **made)

    @property
    def draws(self) -> list[int]:
        """Draws of which some job finished."""
        return sorted({draw for draw, _ in self.jobs})

    @property
    def units_represented(self) -> float:
        """Real units that all simulated units of a run stand for."""
        draw, replicate = self.jobs[0]
        return self.plan.size * float(self.totals["scale"][0, 0, self.draws.index(draw), replicate])


def _jobs(tables: Iterable[pa.Table]) -> list[tuple[int, int]]:
    pairs = (zip(t["draw"].to_pylist(), t["replicate"].to_pylist(), strict=True) for t in tables)
    return list(dict.fromkeys(pair for each in pairs for pair in each))
