"""The chunks and tables of a comparison on disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from avrr_sim.dates import month_text
from avrr_sim.migrant import CLOSINGS, STAGES
from avrr_sim.study.folder.provenance import manifest_of
from avrr_sim.study.folder.whole import write_parquet, write_whole
from avrr_sim.study.jobs.crossings import FLOW_OUTCOMES
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import JobResult
from avrr_sim.study.summary.contract import FILE, facts_text
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


def write_tables(folder: Path, tables: StudyTables) -> None:
    """Write the aggregated tables as Parquet and CSV, and study.json last, so that a folder that has it is
    complete.
    """
    for name in FRAMES:
        frame: pd.DataFrame = getattr(tables, name)
        write_parquet(frame, folder / f"{name}.parquet")
        write_whole(folder / f"{name}.csv", frame.to_csv(index=False))
    write_whole(folder / FILE, facts_text({name: getattr(tables, name) for name in FACTS}))


class Store:
    """Writes the chunks of one study into its folder, in the order of jobs."""

    def __init__(self, folder: Path, plan: Plan, command: str) -> None:
        self.folder, self.plan, self.command = folder, plan, command
        self.chunks = 0
        self.done = 0
        for name in TABLES:
            (folder / name).mkdir()
        self.manifest("running", [])

    def manifest(self, status: str, failures: list[dict]) -> None:
        """Write manifest.json with a status: running, done, interrupted or failed."""
        write_whole(
            self.folder / "manifest.json",
            json.dumps(
                manifest_of(self.plan, self.command, status, failures, self.done),
                indent=2,
                ensure_ascii=False,
            ),
        )

    def weights(self) -> None:
        """Write weights.parquet: one row a draw. A scenario's pinned weights are in the manifest."""
        rows = [{"draw": draw, **self.plan.weights_of(draw, None)} for draw in range(self.plan.draws)]
        write_parquet(pd.DataFrame(rows), self.folder / "weights.parquet")

    def chunk(self, tables: dict[str, pd.DataFrame], jobs: int) -> None:
        """Write one chunk of every table; all of them, or none is counted."""
        for name in TABLES:
            write_parquet(tables[name], self.folder / name / f"chunk-{self.chunks:05d}.parquet")
        self.chunks += 1
        self.done += jobs
