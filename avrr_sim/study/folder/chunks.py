"""The single runs of a study on disk: Parquet chunks by run index, each whole and saying which study it
belongs to.

A chunk is never changed: a killed study writes those that are missing. A chunk that cannot be read, or whose
pages fail their checksums, or that stands under another's name, is taken for damaged and made again; one of
another study is refused.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from avrr_sim.refusals import refusal
from avrr_sim.study.folder.whole import whole
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import RunResult

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

    def write(self, number: int, table: pa.Table, failures: Sequence[Failure]) -> None:
        """Write one chunk with the failures among its runs."""
        note = json.dumps(
            {"study": self.study, "chunk": number, "failures": list(failures)}, ensure_ascii=False
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        with whole(self.path(number)) as part:
            pq.write_table(
                table.replace_schema_metadata({_KEY: note.encode()}), part, write_page_checksum=True
            )

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
            note = _note(path)
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
                return
            pq.read_table(path, partitioning=None, page_checksum_verification=True)
            found.good[number] = note["failures"]
        except (pa.ArrowException, OSError) as error:
            found.damaged[number] = f"cannot be read ({str(error).splitlines()[0][:80]})"

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


def _note(path: Path) -> dict[str, Any] | None:
    """What a chunk says of itself; None where it says nothing that can be understood. Raises where it cannot
    be read at all.
    """
    raw = (pq.read_schema(path).metadata or {}).get(_KEY)
    try:
        note = json.loads(raw) if raw else None
        return note if isinstance(note, dict) and {"study", "chunk", "failures"} <= set(note) else None
    except ValueError:
        return None


def rows_of(plan: Plan, runs: Sequence[tuple[int, int, int, RunResult]]) -> pa.Table:
    """The rows of finished runs (scenario number, draw, replicate, result), each given to all scenarios that
    run alike.
    """
    heads, bodies = [], []
    for k, draw, replicate, result in runs:
        for twin in (i for i, first in enumerate(plan.twins) if first == k):
            heads.append((plan.keys[twin], draw, replicate, len(result.labels)))
            bodies.append(result)
    if not any(body.labels for body in bodies):
        return SCHEMA.empty_table()
    counts = [head[3] for head in heads]
    known: dict[tuple, int] = {}
    spots = np.array([known.setdefault(label, len(known)) for body in bodies for label in body.labels])
    words = list(zip(*known, strict=True))
    where = np.repeat(np.arange(len(heads)), counts)
    numbers = [np.array([head[i] for head in heads], np.int64)[where] for i in (1, 2)]
    columns = [
        pa.array([head[0] for head in heads]).take(pa.array(where)),
        *map(pa.array, numbers),
        *(pa.array(column).take(pa.array(spots)) for column in words),
        pa.array(np.concatenate([b.values for b in bodies])),
        pa.array(np.concatenate([b.cells for b in bodies])),
    ]
    return pa.table(columns, schema=SCHEMA)


def dense(
    chunks: Chunks, numbers: Sequence[int], plan: Plan, measures: Sequence[str]
) -> tuple[list, np.ndarray, np.ndarray]:
    """(labels, values, cells) of some measures from the chunks: arrays (scenarios, labels, draws,
    replicates); NaN where a run failed, cells 0 where a group was empty."""
    wanted = set(measures)
    labels = sorted(
        {
            label
            for table in chunks.tables(numbers, _WORDS[1:])
            for label in _labels(table)[0]
            if label[2] in wanted
        }
    )
    place = {label: i for i, label in enumerate(labels)}
    row_of = {key: k for k, key in enumerate(plan.keys)}
    shape = (len(plan.keys), len(labels), plan.draws, plan.replicates)
    values, cells = np.full(shape, np.nan), np.full(shape, np.nan)
    ran = np.zeros((shape[0], *shape[2:]), bool)
    for table in chunks.tables(numbers, SCHEMA.names):
        if not table.num_rows:
            continue
        combined = table.combine_chunks()
        found, code = _labels(combined)
        spot = np.array([place.get(label, -1) for label in found])[code]
        scenario = combined["scenario"].combine_chunks()
        k = np.array([row_of[key] for key in scenario.dictionary.to_pylist()])[scenario.indices.to_numpy()]
        draw, replicate, kept = combined["draw"].to_numpy(), combined["replicate"].to_numpy(), spot >= 0
        at = (k[kept], spot[kept], draw[kept], replicate[kept])
        values[at], cells[at] = combined["value"].to_numpy()[kept], combined["cell"].to_numpy()[kept]
        ran[k, draw, replicate] = True
    return labels, values, np.where(ran[:, None] & np.isnan(cells), 0.0, cells)


def _labels(table: pa.Table) -> tuple[list[tuple[str, str, str]], np.ndarray]:
    """(labels of a table, for each of its rows the number of its label)."""
    parts = [table[name].combine_chunks() for name in _WORDS[1:]]
    parts = [part.chunk(0) if isinstance(part, pa.ChunkedArray) else part for part in parts]
    sizes = [max(len(part.dictionary), 1) for part in parts]
    code = np.ravel_multi_index([part.indices.to_numpy() for part in parts], sizes)
    used, code = np.unique(code, return_inverse=True)
    words = [part.dictionary.to_pylist() for part in parts]
    return [
        tuple(word[i] for word, i in zip(words, index, strict=True))
        for index in zip(*np.unravel_index(used, sizes), strict=True)
    ], code


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
