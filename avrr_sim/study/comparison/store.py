"""The chunks and tables of a comparison on disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from avrr_sim.study.folder.provenance import manifest_of
from avrr_sim.study.folder.whole import write_parquet, write_whole
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import TABLES, JobResult, Results, long_tables
from avrr_sim.study.jobs.run_table import spelled_out
from avrr_sim.study.summary.tables import FACTS, FRAMES, StudyTables


def chunk_tables(plan: Plan, results: Sequence[JobResult]) -> dict[str, pd.DataFrame]:
    """The rows of a chunk for every table of the store, in the order of runs."""
    return {name: spelled_out(table).to_pandas() for name, table in long_tables(plan, results).items()}


def read_results(plan: Plan, folder: Path) -> Results:
    """The results whose chunks stand in a folder, read back: the same as those of the jobs that were written
    (`Results.of`), to the bit. Raises OSError, or one of pyarrow's own errors, where a chunk cannot be read.
    """
    return Results.gathered(
        plan,
        {
            name: [
                pq.read_table(path, partitioning=None, read_dictionary=["scenario", *columns.labels])
                for path in sorted((folder / name).glob("chunk-*.parquet"))
            ]
            for name, columns in TABLES.items()
        },
    )


def write_tables(folder: Path, tables: StudyTables) -> None:
    """Write the aggregated tables as Parquet and CSV, and study.json last, so that a folder that has it is
    complete.
    """
    for name in FRAMES:
        frame: pd.DataFrame = getattr(tables, name)
        write_parquet(frame, folder / f"{name}.parquet")
        write_whole(folder / f"{name}.csv", frame.to_csv(index=False))
    facts = {name: getattr(tables, name) for name in FACTS}
    write_whole(folder / "study.json", json.dumps(facts, indent=1, ensure_ascii=False))


class Store:
    """Writes the chunks of one study into its folder, in the order of jobs."""

    def __init__(self, folder: Path, plan: Plan, command: str) -> None:
        self.folder, self.plan, self.command = folder, plan, command
        self.chunks = 0
        self.done = 0
        for name in TABLES:
            (folder / name).mkdir()
        self.manifest("running", [])

    def manifest(self, status: str, failures: list[dict[str, Any]]) -> None:
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
        """Write one chunk of every table; all of them, or none."""
        paths = {name: self.folder / name / f"chunk-{self.chunks:05d}.parquet" for name in TABLES}
        try:
            for name, path in paths.items():
                write_parquet(tables[name], path)
        except BaseException:
            for path in paths.values():
                path.unlink(missing_ok=True)
            raise
        self.chunks += 1
        self.done += jobs
