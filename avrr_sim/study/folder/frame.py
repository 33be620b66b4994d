"""The frame of every study: an order, its folder, the loop over chunks of runs, tables, page.

    carry_out(order, execution, body, page)

opens an executor, makes a folder or recognises the one to go on with, and gives the body a `Work`, whose
`run` does the runs that are not on disk yet. Whoever computes a chunk, and when, its bytes are the same; a
study that was stopped goes on with the chunks that are missing and ends in the same bytes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from avrr_sim.refusals import printable
from avrr_sim.study.folder.chunks import Chunks, Failure, Found, Lock
from avrr_sim.study.folder.manifest import date_of, today
from avrr_sim.study.folder.order import Execution, Order
from avrr_sim.study.folder.run_folder import choose_folder, make_folder, recognise, refuse_strange
from avrr_sim.study.folder.whole import write_whole
from avrr_sim.study.jobs.executor import Pool, RunsFailed, in_order, open_executor

Item = TypeVar("Item")
Task = TypeVar("Task")
Result = TypeVar("Result")

UNFINISHED, INTERRUPTED, FAILED, DONE = "unfinished", "interrupted", "failed", "done"
"""How a study ended, as its manifest says. `unfinished` is what it says from the beginning, so that it stays
true where nobody can write the end: the process was killed, the disk is full."""


@dataclass(frozen=True)
class Block(Generic[Item, Task, Result]):
    """Runs to be done, in chunks.

    cut: what is to be run, by number of the chunk; found: chunks that are on disk already; task_of: what a
    worker is sent; worker: what it does with it; named: how a run that failed is named; write: keeps a chunk
    (its number, what was run with its results, failures); seconds: processor time of a run; unit and each:
    what progress counts, and how many of them a run is.
    """

    cut: Mapping[int, Sequence[Item]]
    found: Found
    task_of: Callable[[Item], Task]
    worker: Callable[[Task], Result]
    named: Callable[[Item], Failure]
    write: Callable[[int, list[tuple[Item, Result]], list[Failure]], None]
    seconds: Callable[[Result], float] = lambda result: 0.0
    unit: str = "runs"
    each: int = 1


@dataclass
class Work:
    """A study under way: its order and folder, what runs it, and what has been done.

    failures: runs that failed; kept: runs that stand on disk; ran: those of them that this execution did;
    seconds: their processor time; further: what the manifest is to say when the study has ended well; date:
    the day on which it was begun, which whoever goes on with it keeps.
    """

    order: Order
    folder: Path
    pool: Pool
    how: Execution
    failures: list[Failure] = field(default_factory=list)
    kept: int = 0
    ran: int = 0
    seconds: float = 0.0
    further: dict[str, Any] = field(default_factory=dict)
    date: str = field(default_factory=today)
    begun: float = field(default_factory=time.monotonic)
    _found: dict[Path, Found] = field(default_factory=dict)

    def begin(self) -> None:
        """Recognise the folder, do away with what is damaged in it, and write the manifest. Raises `Refusal`,
        before anything is written, where the folder is of another study.
        """
        chunks = self.order.chunks_in(self.folder)
        if self.how.resume:
            known, found = recognise(self.folder, self.order), chunks.find()
            self.date = date_of(self.folder) or self.date
            if not known:
                refuse_strange(self.folder, self.order, found)
                self.how.say(
                    f"{self.folder}: manifest.json is missing or damaged; the {len(found.good)} chunks of "
                    "runs say that they belong to this study, so it is written anew"
                )
            self._found[chunks.folder] = self._good(chunks, found)
        self.record(UNFINISHED)

    def good_chunks(self, chunks: Chunks) -> Found:
        """What of some chunks is on disk already, damage done away with. Raises `Refusal` where they are of
        another study.
        """
        if chunks.folder not in self._found:
            self._found[chunks.folder] = self._good(chunks, chunks.find())
        return self._found[chunks.folder]

    def _good(self, chunks: Chunks, found: Found) -> Found:
        good = chunks.keep_good(found, self.how.say)
        if self.how.resume and not found.empty:
            self.how.say(f"{chunks.folder.parent}: {len(good.good)} chunks of runs are there already")
        return good

    def run(self, block: Block[Item, Task, Result]) -> int:
        """Do the runs of a block that are not on disk yet, and keep every chunk as soon as all of it is done;
        gives how many runs of the block have succeeded by then.
        """
        before = sum(len(block.cut[number]) for number in block.cut if number in block.found.good)
        todo = [
            (number, item)
            for number in block.cut
            if number not in block.found.good
            for item in block.cut[number]
        ]
        self.kept += before
        ran, done, failed = self.ran, [], []
        tasks = (block.task_of(item) for _, item in todo)
        with (
            self.how.progress(block.unit, len(todo) * block.each) as told,
            closing(in_order(block.worker, tasks, pool=self.pool)) as results,
        ):
            for (number, item), (_, result, error) in zip(todo, results, strict=True):
                if error is None:
                    done.append((item, result))
                else:
                    failed.append(
                        {**block.named(item), "error": printable(f"{type(error).__name__}: {error}")}
                    )
                if len(done) + len(failed) == len(block.cut[number]):
                    block.write(number, done, failed)
                    self._count(failed, [block.seconds(each) for _, each in done])
                    done, failed = [], []
                told(block.each)
        return before + self.ran - ran

    def run_some(self, block: Block[Item, Task, Result]) -> None:
        """The same for a block without which there is nothing to tell. Raises RunsFailed where none of its
        runs succeeded.
        """
        if not self.run(block):
            raise RunsFailed(self.failures[0]["error"] if self.failures else "nothing was run")

    def _count(self, failed: Sequence[Failure], seconds: Sequence[float]) -> None:
        self.failures = sorted([*self.failures, *failed], key=in_run_order)
        self.kept += len(seconds)
        self.ran += len(seconds)
        self.seconds += sum(seconds)

    def record(self, status: str) -> None:
        """Write the manifest with a status (see UNFINISHED and the others)."""
        manifest = {
            "kind": self.order.kind,
            "date": self.date,
            **self.order.manifest(status, self.failures, self.kept),
            "digest": self.order.digest,
            "identity": self.order.identity,
            **self.further,
        }
        write_whole(self.folder / "manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False))

    def write_timings(self) -> None:
        """Write timings.json: of this execution, not of what others had done before."""
        facts = {
            "runs": self.ran,
            "seconds": round(time.monotonic() - self.begun, 3),
            # which not every kind of study measures
            "processor_seconds_of_runs": round(self.seconds, 3) if self.seconds or not self.ran else None,
            "workers": self.how.workers,
            "cluster": self.how.cluster,
        }
        write_whole(self.folder / "timings.json", json.dumps(facts, indent=2))


def in_run_order(failure: Failure) -> tuple[int, int, str]:
    """A key by which failures stand in the order of runs."""
    return failure.get("draw", 0), failure.get("replicate", 0), failure.get("scenario", "")


def no_page(result: object) -> None:
    """For a study of which no page is to be drawn."""


def carry_out(
    order: Order,
    how: Execution,
    body: Callable[[Work], Result],
    page: Callable[[Result], object] = no_page,
) -> Result:
    """Carry out a study in its folder: `body` runs it and writes its tables, `page` draws what is seen of
    them; only then does the manifest say that it is done.

    Raises `Refusal` for a folder in use or of another study, and where no cluster answers (nothing is written
    then); RunsFailed where no run succeeded; OSError where the disk is full. What was done stays and can be
    gone on with.
    """
    folder = choose_folder(order, how.out, how.resume)
    with open_executor(how.workers, how.cluster) as pool:
        if not how.resume:
            make_folder(folder)
        with Lock(folder):
            work = Work(order, folder, pool, how)
            work.begin()
            try:
                result = body(work)
                page(result)
            except BaseException as stop:
                with suppress(OSError):  # on a full disk it stays unfinished, which is true too
                    work.record(INTERRUPTED if isinstance(stop, KeyboardInterrupt) else FAILED)
                raise
            work.record(FAILED if work.failures else DONE)
            return result
