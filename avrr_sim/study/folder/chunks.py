"""The single runs of a study on disk: Parquet chunks by run index, each whole and saying which study it
belongs to.

A chunk is never changed: a killed study writes those that are missing. A chunk that cannot be read, that is
not as its checksum says (see sealed.py), that has none, or that stands under another's name, is taken for
damaged and made again; one of another study is refused.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from avrr_sim.fingerprint import file_hash
from avrr_sim.refusals import Refusal, refusal
from avrr_sim.study.folder.sealed import Damaged, checked_bytes, write_sealed
from avrr_sim.study.folder.stored import ChunkNote, fits
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import MEASURES, RunResult
from avrr_sim.study.jobs.run_table import RunRows, RunTable, gather, labels_of, long_table

FEWEST, MOST, WANTED = 20, 500, 500  # runs a chunk, at least and at most; chunks of a large sweep
_WORDS = ("scenario", "group_by", "group", "measure")
SCHEMA = pa.schema(
    [
        ("scenario", pa.string()),
        ("draw", pa.int64()),
        ("replicate", pa.int64()),
        ("group_by", pa.string()),
        ("group", pa.string()),
        ("measure", pa.string()),
        ("value", pa.float64()),
        ("cell", pa.float64()),
    ]
)
Item = TypeVar("Item")
Failure = dict[str, Any]
"""A run that failed: scenario, draw, replicate (as far as a kind of study has them), error."""
_NAME = re.compile(r"chunk-([0-9]{6})\.parquet")
_KEY = b"avrr_sim"


def chunk_size(runs: int) -> int:
    """Runs a chunk in a study planned for so many: small, so that little is lost, but never very many
    files.
    """
    return min(max(-(-runs // WANTED), FEWEST), MOST)


def cut(items: Sequence[Item], size: int, first: int = 0) -> dict[int, Sequence[Item]]:
    """Items by the number of their chunk, so many a chunk; `first`: number of the first one."""
    return {first + i: items[start : start + size] for i, start in enumerate(range(0, len(items), size))}


@dataclass
class Found:
    """What stands in a folder of chunks: failures of each good chunk by number, what is wrong with each
    damaged one, and parts that a stopped writer left.
    """

    good: dict[int, list[Failure]] = field(default_factory=dict)
    damaged: dict[int, str] = field(default_factory=dict)
    left: list[Path] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing was there."""
        return not (self.good or self.damaged or self.left)


class Chunks:
    """A folder of chunks of one study, known by its digest: `name` in the folder of the study.

    `derived`: what is to be run follows from other runs of the study, which may have changed since; chunks of
    another digest are then out of date, and made again.
    """

    def __init__(self, folder: Path, study: str, name: str = "runs", *, derived: bool = False) -> None:
        self.folder, self.study, self.derived = folder / name, study, derived

    def path(self, number: int) -> Path:
        return self.folder / f"chunk-{number:06d}.parquet"

    def write(
        self,
        number: int,
        table: pa.Table,
        failures: Sequence[Failure],
        beside: Mapping[str, str] | None = None,
    ) -> None:
        """Write one chunk with the failures among its runs; `beside`: hashes of further files of the study's
        folder without which it is worth nothing, by their path in it.
        """
        told = {"study": self.study, "chunk": number, "failures": list(failures)}
        note = json.dumps({**told, **({"beside": dict(beside)} if beside else {})}, ensure_ascii=False)
        self.folder.mkdir(parents=True, exist_ok=True)
        write_sealed(table.replace_schema_metadata({_KEY: note.encode()}), self.path(number))

    def find(self) -> Found:
        """Look at every chunk and change nothing. Raises `Refusal` where one belongs to another study."""
        found = Found()
        for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else []:
            if name := _NAME.fullmatch(path.name):
                self._look(path, int(name[1]), found)
            elif path.name.startswith(".") and path.name.endswith(".part"):
                found.left.append(path)
        return found

    def _look(self, path: Path, number: int, found: Found) -> None:
        try:
            data, sealed = checked_bytes(path)
            note = _note(data)
        except (OSError, ValueError) as error:  # pyarrow's own errors are among these
            if not path.is_file():
                raise refusal("is not a plain file", file=path, allowed="the folder as it was left") from None
            problem = str(error) if isinstance(error, Damaged) else "cannot be read"
            found.damaged[number] = problem
            return
        if note is not None and note["study"] != self.study:
            if self.derived:
                found.damaged[number] = "follows from runs or figures that have changed since"
                return
            raise refusal(
                f"belongs to another study ({note['study']}, not {self.study})",
                file=path,
                allowed="runs of this study, with these scenarios, weights and numbers, only",
            )
        if note is None or note["chunk"] != number:
            found.damaged[number] = "is not what its name says"
        elif not sealed:
            found.damaged[number] = "carries no checksum, as an older version left it"
        elif changed := self._changed(note.get("beside", {})):
            found.damaged[number] = f"{changed} beside it is not as it was written"
        else:
            found.good[number] = note["failures"]

    def _changed(self, beside: Mapping[str, str]) -> str | None:
        """The first of some files of the study's folder that is missing, or not as its hash says."""
        for name, known in beside.items():
            path = self.folder.parent / name
            if not path.is_file() or file_hash(path) != known:
                return name
        return None

    def keep_good(self, found: Found, say: Callable[[str], None]) -> Found:
        """Do away with what was found damaged or half-written, and say so; gives what is good: chunks none of
        whose runs had failed.
        """
        for part in found.left:
            part.unlink(missing_ok=True)
        if left := len(found.left):
            say(
                f"{self.folder.parent}: removed {left} half-written chunk{'s' * (left > 1)}, left by a "
                "writer that was stopped"
            )
        for number, problem in sorted(found.damaged.items()):
            self.path(number).unlink()
            say(f"{self.path(number)}: {problem}; its runs are done again")
        for number, failures in found.good.items():
            if failures:
                say(f"{self.path(number)}: {len(failures)} of its runs had failed; they are tried again")
        return Found({number: [] for number, failures in found.good.items() if not failures})

    def tables(self, numbers: Sequence[int], columns: Sequence[str]) -> Iterator[pa.Table]:
        """The chunks one by one, columns of words as dictionaries."""
        for number in numbers:
            yield pq.read_table(
                self.path(number),
                columns=list(columns),
                partitioning=None,
                read_dictionary=[c for c in columns if c in _WORDS],
            )


def _note(data: bytes) -> dict[str, Any] | None:
    """What a chunk says of itself; None where it says nothing that can be understood. Raises ValueError or
    OSError where it cannot be read at all.
    """
    raw = (pq.read_schema(pa.BufferReader(data)).metadata or {}).get(_KEY)
    try:
        note = json.loads(raw) if raw else None
    except (ValueError, RecursionError):
        return None
    return note if fits(ChunkNote, note) else None


def rows_of(plan: Plan, runs: Sequence[tuple[int, int, int, RunResult]]) -> pa.Table:
    """The rows of finished runs (scenario number, draw, replicate, result), each given to all scenarios that
    run alike.
    """
    rows = [
        RunRows(plan.keys[same], draw, replicate, run.labels, {"value": run.values, "cell": run.cells})
        for k, draw, replicate, run in runs
        for same in (i for i, first in enumerate(plan.alike) if first == k)
    ]
    return long_table(MEASURES, rows).cast(SCHEMA) if rows else SCHEMA.empty_table()


def dense(chunks: Chunks, numbers: Sequence[int], plan: Plan, measures: Sequence[str]) -> RunTable:
    """Some measures of all runs from the chunks, over all draws of the plan; NaN where a run failed, cells 0
    where a group was empty.
    """
    wanted = set(measures)
    words = chunks.tables(numbers, MEASURES.labels)
    return gather(
        MEASURES,
        sorted(label for label in labels_of(words, MEASURES) if label[2] in wanted),
        chunks.tables(numbers, MEASURES.names),
        scenarios=plan.keys,
        draws=range(plan.draws),
        replicates=plan.replicates,
        by_label=True,
    )


def in_use(folder: Path) -> bool:
    """Whether a process is writing into a run folder at this moment; False where the system has no locks."""
    try:
        with Lock(folder):
            return False
    except Refusal:
        return True


@dataclass
class Lock:
    """Keeps a second process from writing into the same run folder; the system lets go of it when the process
    ends, however it ends.
    """

    folder: Path
    handle: int = -1

    def __enter__(self) -> Lock:
        try:
            import fcntl
        except ImportError:  # no such lock on this system
            return self
        try:
            self.handle = os.open(self.folder, os.O_RDONLY)
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self.handle)
            self.handle = -1
            raise refusal(
                "another process is writing here",
                file=self.folder,
                allowed="wait for it, or another folder (--out)",
            ) from None
        except OSError:  # a file system without locks
            pass
        return self

    def __exit__(self, *_: object) -> None:
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1
