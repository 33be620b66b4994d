"""The tables of a run or comparison on disk.

    runs/       Parquet chunks: scenario, draw, replicate, group_by, group, measure, value, cell
    series/     Parquet chunks: scenario, draw, replicate, month, measure, value
    endings/    Parquet chunks: scenario, draw, replicate, stage, closing, count
    flows/      Parquet chunks: scenario, draw, replicate, baseline_outcome, outcome, units  (the same
                persons, baseline to scenario)
    jobs/       the same jobs in the form in which a stopped study reads them again (see kept.py)
    levels, differences, bands, endings, waits, flows, crossings, spread, drivers, targets, patterns
                each as .parquet and .csv: over all jobs

Each of the first four folders is read whole with `pandas.read_parquet("runs")`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from avrr_sim.dates import month_text
from avrr_sim.migrant import CLOSINGS, STAGES
from avrr_sim.study.folder.run_folder import write_study, write_table
from avrr_sim.study.jobs.crossings import FLOW_OUTCOMES
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import JobResult
from avrr_sim.study.summary.tables import FACTS, FRAMES, StudyTables

TABLES = ("runs", "series", "endings", "flows")


def _long(pairs: list[tuple[dict, dict]]) -> pd.DataFrame:
    """Stack (constant columns, array columns) into one table."""
    return pd.concat(
        [
            pd.DataFrame(
                {**{k: [v] * len(next(iter(arrays.values()))) for k, v in constant.items()}, **arrays}
            )
            for constant, arrays in pairs
        ],
        ignore_index=True,
    )


def chunk_tables(plan: Plan, results: Sequence[JobResult]) -> dict[str, pd.DataFrame]:
    """The rows of a chunk for every table of the store, in the order of runs."""
    first = plan.scenarios[0]
    months = np.array([month_text(m) for m in range(first.window_from, first.window_to + 1)])
    stages, closings = np.repeat(STAGES, len(CLOSINGS)), np.tile(CLOSINGS, len(STAGES))
    before, after = np.repeat(FLOW_OUTCOMES, len(FLOW_OUTCOMES)), np.tile(FLOW_OUTCOMES, len(FLOW_OUTCOMES))
    runs, series, endings, flows = [], [], [], []
    for r in results:
        by, group, measure = (np.array(column, dtype=object) for column in zip(*r.labels, strict=True))
        for k, key in enumerate(plan.keys):
            head = {"scenario": key, "draw": r.draw, "replicate": r.replicate}
            runs.append(
                (
                    head,
                    {
                        "group_by": by,
                        "group": group,
                        "measure": measure,
                        "value": r.values[k],
                        "cell": r.cells[k],
                    },
                )
            )
            names, lines = list(r.monthly[k]), list(r.monthly[k].values())
            series.append(
                (
                    head,
                    {
                        "month": np.tile(months, len(names)),
                        "measure": np.repeat(names, len(months)),
                        "value": np.concatenate(lines),
                    },
                )
            )
            endings.append((head, {"stage": stages, "closing": closings, "count": r.endings[k].ravel()}))
            flows.append((head, {"baseline_outcome": before, "outcome": after, "units": r.flows[k].ravel()}))
    return {"runs": _long(runs), "series": _long(series), "endings": _long(endings), "flows": _long(flows)}


def write_tables(folder: Path, tables: StudyTables, kind: str = "compare") -> None:
    """Write the aggregated tables as Parquet and CSV, and study.json last, so that a folder that has it is
    complete.
    """
    for name in FRAMES:
        write_table(getattr(tables, name), folder, name)
    write_study(folder, kind, {name: getattr(tables, name) for name in FACTS})
