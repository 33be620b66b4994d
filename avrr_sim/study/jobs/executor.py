"""Running jobs side by side: one executor, results in the order of the jobs whatever the number of workers,
on this machine or a cluster. A cluster is sent jobs in blocks, as each sending costs it some milliseconds.
"""

from __future__ import annotations

import logging
import os
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from avrr_sim.refusals import refusal, shown

if TYPE_CHECKING:
    from distributed import Client

AHEAD = 4  # blocks submitted per worker before their results are taken: bounds what is held in memory
BLOCK_SECONDS, BLOCK_MOST = 0.25, 100  # what a cluster is sent at a time: work of about so long, jobs at most
_CLUSTER_ANSWERS = 3.0  # seconds in which a scheduler must take the call
_WELCOME = 20  # seconds in which it must then let a client in
_GOODBYE = 5  # seconds in which it may say goodbye
_LOOK = 2.0  # seconds between looks at whether the pool is still there


class ClusterLost(RuntimeError):
    """The cluster went away in mid-study; what was done is kept."""


def default_workers() -> int:
    """One worker for each processor that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Pool:
    """An executor, how many jobs it runs side by side, whether it is still there, and seconds of work that it
    is sent at a time (0: single jobs).
    """

    executor: Executor
    width: int
    alive: Callable[[], bool] = lambda: True
    block: float = 0.0


@contextmanager
def open_executor(workers: int | None = None, cluster: str | None = None) -> Iterator[Pool]:
    """A pool: threads of this process, or a Dask cluster by the address of its scheduler.

    Threads, because compiled rules release the interpreter's lock. Raises `Refusal` where dask.distributed is
    not installed, or no scheduler answers at the address, or it has no workers.
    """
    if cluster is not None:
        with _cluster(cluster) as pool:
            yield pool
        return
    threads = ThreadPoolExecutor(max_workers=workers or default_workers())
    try:
        yield Pool(threads, workers or default_workers())
    finally:
        threads.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _cluster(address: str) -> Iterator[Pool]:
    client, jobs = _client(address), None
    try:
        if not (threads := sum(client.nthreads().values())):
            raise refusal(
                f"--cluster {shown(address)}: the scheduler has no workers",
                allowed="start them with `dask worker ADDRESS`",
            )
        jobs = client.get_executor(pure=False)
        yield Pool(jobs, threads, lambda: client.status in ("running", "connecting"), BLOCK_SECONDS)
    finally:
        with suppress(Exception):  # a cluster that is gone cannot be asked to stop
            if jobs is not None:
                jobs.shutdown(wait=False)
            client.close(timeout=_GOODBYE)


def _client(address: str) -> Client:
    """Whoever is connected to the scheduler at an address. Raises `Refusal`."""
    import asyncio

    try:
        from distributed import Client
    except ImportError:
        raise refusal(
            f"--cluster {shown(address)}: dask.distributed is not installed",
            allowed='pip install "avrr-sim[cluster]"',
        ) from None
    # they print tracebacks of what is told here in a sentence
    for noisy in ("distributed.client", "distributed.core", "distributed.comm", "tornado.application"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    try:
        with ThreadPoolExecutor(max_workers=1) as apart:  # a notebook has a loop of its own under way
            apart.submit(asyncio.run, _greet(address)).result()
        return Client(address, timeout=_WELCOME, set_as_default=False)
    except Exception as error:  # whatever it is that answers there, it is no scheduler
        raise refusal(
            f"--cluster {shown(address)}: no scheduler answers ({type(error).__name__})",
            allowed="an address such as tcp://host:8786, or tls://host:8786 with certificates",
        ) from None


async def _greet(address: str) -> None:
    """Shake hands with a scheduler. Raises whatever is wrong, and in time: a client would wait without end
    for a host that takes its call and stays silent.
    """
    import asyncio

    from distributed import Security
    from distributed.comm import connect

    how = Security().get_connection_args("client")
    comm = await asyncio.wait_for(connect(address, timeout=_CLUSTER_ANSWERS, **how), _CLUSTER_ANSWERS)
    comm.abort()


def check_worker(study: tuple[str, str], here: tuple[str, str]) -> None:
    """Raises RuntimeError where this process has other (hash of the evidence, version) than the study whose
    run it was given.
    """
    if here != study:
        raise RuntimeError(
            f"the worker has evidence {here[0]} of version {here[1]}, the study {study[0]} of {study[1]}"
        )


Done = tuple[Any, Exception | None]
"""What became of a job: its result, or the error that it raised."""


def _one_by_one(function: Callable[[Any], Any], jobs: list) -> tuple[list[Done], float]:
    """What became of each job of a block, and seconds a job; done by a worker."""
    done: list[Done] = []
    begun = time.monotonic()
    for job in jobs:
        try:
            done.append((function(job), None))
        except Exception as problem:  # a failing run is recorded and must not stop the study
            done.append((None, problem))
    return done, (time.monotonic() - begun) / len(jobs)


class _Sender:
    """Sends blocks of jobs to a pool, and takes what became of them; blocks grow or shrink with the pace."""

    def __init__(self, function: Callable[[Any], Any], pool: Pool) -> None:
        self.function, self.pool, self.size = function, pool, 1
        self.waiting: deque[tuple[list, Future]] = deque()

    def send(self, jobs: list) -> None:
        """Submit a block."""
        work = (self.function, jobs[0]) if not self.pool.block else (_one_by_one, self.function, jobs)
        self.waiting.append((jobs, self.pool.executor.submit(*work)))

    def take(self) -> list[Done]:
        """What became of the jobs of the block sent first. Raises ClusterLost."""
        jobs, future = self.waiting.popleft()
        done, error = self._outcome(future)
        if not self.pool.block:
            return [(done, error)]
        if error is None:
            done, pace = done
            self.size = max(1, min(BLOCK_MOST, 2 * self.size, int(self.pool.block / max(pace, 1e-9))))
            return done
        # the block as a whole: one of its jobs ended the worker, or gave what cannot be sent
        return [(None, error)] if len(jobs) == 1 else [self._alone(job) for job in jobs]

    def _alone(self, job: Any) -> Done:
        done, error = self._outcome(self.pool.executor.submit(_one_by_one, self.function, [job]))
        return (None, error) if error else done[0][0]

    def _outcome(self, future: Future) -> Done:
        while not future.done() and not wait([future], timeout=_LOOK).done:
            # the cancelled ones tell of a line that was cut and mended
            if not self.pool.alive() or any(other.cancelled() for _, other in self.waiting):
                raise ClusterLost("the cluster is gone")
        try:
            return future.result(), None
        except CancelledError:
            raise ClusterLost("the cluster is gone, or gave up a run that nobody cancelled") from None
        except Exception as problem:
            return None, problem


def in_order(
    function: Callable[[Any], Any], jobs: Iterable, workers: int | None = None, pool: Pool | None = None
) -> Generator[tuple[int, Any, Exception | None], None, None]:
    """(index, result, error) of every job, in the order of `jobs`; a job that raises gives its error and the
    others go on.

    On `pool` (see `open_executor`), else on threads of its own. Closing the iterator (or an interrupt)
    cancels what has not begun. Raises ClusterLost where the pool gives up a job that nobody cancelled, or is
    gone.
    """
    if pool is None:
        with open_executor(workers) as own:
            yield from in_order(function, jobs, pool=own)
        return
    sender, todo, index = _Sender(function, pool), iter(jobs), 0
    try:
        while True:
            while len(sender.waiting) < pool.width * AHEAD and (block := list(islice(todo, sender.size))):
                sender.send(block)
            if not sender.waiting:
                return
            for result, error in sender.take():
                yield index, result, error
                index += 1
    finally:
        for _, future in sender.waiting:
            future.cancel()


class RunsFailed(RuntimeError):
    """Every run of a study failed; the message holds the first error."""
