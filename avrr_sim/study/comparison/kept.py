"""Finished jobs of a comparison on disk, exact to the last bit, so that a study that was stopped can be gone
on with.

A chunk of jobs stands in `jobs/`, a row an array: draw, replicate, scenario number, what it is, its name, its
kind of number, its shape and its bytes. The tables that a reader opens (runs, series, endings, flows) are
made from the same jobs and written just before, so that where a chunk of jobs is, they are too.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from avrr_sim.study.comparison.store import TABLES, chunk_tables
from avrr_sim.study.folder.chunks import Chunks, Failure, Found
from avrr_sim.study.folder.whole import write_parquet
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import JobResult

_SCHEMA = pa.schema(
    [
        ("draw", pa.int64()),
        ("replicate", pa.int64()),
        ("scenario", pa.int64()),
        ("what", pa.string()),
        ("name", pa.string()),
        ("number", pa.string()),
        ("shape", pa.list_(pa.int64())),
        ("data", pa.binary()),
    ]
)
_PLAIN = ("values", "cells", "endings", "flows", "crossings")  # an array a scenario
_NAMED = ("monthly", "curves")  # arrays by name, a scenario
_WAITS = ("to_apply", "in_process")
_Parts = dict[str, dict[int, dict[str, np.ndarray]]]


class KeptJobs:
    """The finished jobs of a plan in a study's folder; `study`: its digest."""

    def __init__(self, folder: Path, plan: Plan, study: str) -> None:
        self.folder, self.plan = folder, plan
        self.chunks = Chunks(folder, study, "jobs")

    def write_chunk(self, number: int, jobs: Sequence[JobResult], failures: Sequence[Failure]) -> None:
        """Keep a chunk of jobs, in all its tables or in none; failures: those of its jobs that failed."""
        rows = [row for job in jobs for row in _rows_of(job)]
        try:
            self._write_tables(number, jobs)
            self.chunks.write(number, pa.Table.from_pylist(rows, schema=_SCHEMA), failures)
        except BaseException:
            for name in TABLES:
                self._path(name, number).unlink(missing_ok=True)
            raise

    def restore_tables(self, found: Found) -> None:
        """Write the tables beside the good chunks again: of these it is not known whether they are whole."""
        for number in found.good:
            self._write_tables(number, list(self.read([number])))

    def read(self, numbers: Iterable[int]) -> Iterator[JobResult]:
        """The jobs of some chunks, in the order of jobs."""
        for table in self.chunks.tables(list(numbers), _SCHEMA.names):
            jobs: dict[tuple[int, int], _Parts] = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
            for row in table.to_pylist():
                array = np.frombuffer(row["data"], np.dtype(row["number"])).reshape(row["shape"]).copy()
                jobs[row["draw"], row["replicate"]][row["what"]][row["scenario"]][row["name"]] = array
            for (draw, replicate), parts in jobs.items():
                yield _job_of(draw, replicate, parts)

    def _write_tables(self, number: int, jobs: Sequence[JobResult]) -> None:
        for name, table in chunk_tables(self.plan, jobs).items() if jobs else ():
            (self.folder / name).mkdir(exist_ok=True)
            write_parquet(table, self._path(name, number))

    def _path(self, name: str, number: int) -> Path:
        return self.folder / name / f"chunk-{number:05d}.parquet"


def _rows_of(job: JobResult) -> Iterator[dict[str, Any]]:
    for what, scenario, name, array in _arrays_of(job):
        yield {
            "draw": job.draw,
            "replicate": job.replicate,
            "scenario": scenario,
            "what": what,
            "name": name,
            "number": array.dtype.str,
            "shape": list(array.shape),
            "data": array.tobytes(),
        }


def _arrays_of(job: JobResult) -> Iterator[tuple[str, int, str, np.ndarray]]:
    """(what, scenario number, name, array) of everything that a job gave back."""
    yield "labels", 0, "", np.frombuffer(json.dumps(job.labels).encode(), np.uint8)
    yield "scale", 0, "", np.array([job.scale], float)
    yield "costs", 0, "", np.array(job.costs, float)
    for what in _PLAIN:
        for k, array in enumerate(getattr(job, what)):
            yield what, k, "", array
    for what in _NAMED:
        for k, arrays in enumerate(getattr(job, what)):
            for name, array in arrays.items():
                yield what, k, name, array
    for k, pair in enumerate(job.waits):
        for name, array in zip(_WAITS, pair, strict=True):
            yield "waits", k, name, array


def _job_of(draw: int, replicate: int, parts: _Parts) -> JobResult:
    plain: dict[str, Any] = {what: [arrays[""] for arrays in parts[what].values()] for what in _PLAIN}
    named: dict[str, Any] = {what: [dict(arrays) for arrays in parts[what].values()] for what in _NAMED}
    return JobResult(
        draw,
        replicate,
        [(by, group, measure) for by, group, measure in json.loads(parts["labels"][0][""].tobytes())],
        waits=[(arrays[_WAITS[0]], arrays[_WAITS[1]]) for arrays in parts["waits"].values()],
        costs=[float(cost) for cost in parts["costs"][0][""]],
        scale=float(parts["scale"][0][""][0]),
        **plain,
        **named,
    )
