"""Finished jobs of a comparison on disk, exact to the last bit, so that a study that was stopped can be gone
on with.

The rows of a chunk of jobs stand in a folder a table (see `jobs.results.TABLES`), and are what a reader opens
too. The chunk of `totals` is written last and says what those beside it are, so that where it is, they are
too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from avrr_sim.fingerprint import file_hash
from avrr_sim.study.folder.chunks import Chunks, Failure
from avrr_sim.study.folder.sealed import write_parquet
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import TABLES, JobResult, Results, long_tables
from avrr_sim.study.jobs.run_table import spelled_out

_LAST = "totals"


class KeptJobs:
    """The finished jobs of a plan in a study's folder; `study`: its digest."""

    def __init__(self, folder: Path, plan: Plan, study: str) -> None:
        self.folder, self.plan = folder, plan
        self.chunks = Chunks(folder, study, _LAST)

    def write_chunk(self, number: int, jobs: Sequence[JobResult], failures: Sequence[Failure]) -> None:
        """Keep a chunk of jobs, in all tables or in none; failures: those of its jobs that failed."""
        tables = {name: spelled_out(table) for name, table in long_tables(self.plan, jobs).items()}
        last = tables.pop(_LAST)
        paths = {name: self._path(name, number) for name in tables} if jobs else {}
        try:
            for name, path in paths.items():
                path.parent.mkdir(exist_ok=True)
                write_parquet(tables[name].to_pandas(), path)
            beside = {path.relative_to(self.folder).as_posix(): file_hash(path) for path in paths.values()}
            self.chunks.write(number, last, failures, beside)
        except BaseException:
            for path in paths.values():
                path.unlink(missing_ok=True)
            raise

    def read(self, numbers: Iterable[int]) -> Results:
        """The results of the jobs of some chunks, as they were written. Raises OSError, or one of pyarrow's
        own errors, where a chunk cannot be read.
        """
        numbers = list(numbers)
        return Results.gathered(self.plan, {name: self._tables(name, numbers) for name in TABLES})

    def _tables(self, name: str, numbers: Sequence[int]) -> list[pa.Table]:
        words = ["scenario", *TABLES[name].labels]
        paths = [self.chunks.path(n) if name == _LAST else self._path(name, n) for n in numbers]
        return [
            pq.read_table(path, partitioning=None, read_dictionary=words) for path in paths if path.exists()
        ]

    def _path(self, name: str, number: int) -> Path:
        return self.folder / name / f"chunk-{number:05d}.parquet"
