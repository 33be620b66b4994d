"""Running jobs side by side: one executor, results in the order of the jobs whatever the number of workers,
on this machine or a cluster.
"""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from avrr_sim.refusals import refusal, shown

AHEAD = 4  # jobs submitted per worker before their results are taken: bounds what is held in memory
_CLUSTER_ANSWERS = 20  # seconds in which a scheduler must answer
_GOODBYE = 5  # seconds in which it may say goodbye
_LOOK = 2.0  # seconds between looks at whether the pool is still there


class ClusterLost(RuntimeError):
    """The cluster went away in mid-study; what was done is kept."""


def default_workers() -> int:
    """One worker for each processor that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Pool:
    """An executor, how many jobs it runs side by side, and whether it is still there."""

    executor: Executor
    width: int
    alive: Callable[[], bool] = lambda: True


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
    try:
        from distributed import Client
    except ImportError:
        raise refusal(
            f"--cluster {shown(address)}: dask.distributed is not installed",
            allowed='pip install "avrr-sim[cluster]"',
        ) from None
    # they print tracebacks of what is told here in a sentence
    for noisy in ("distributed.client", "distributed.core", "tornado.application"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=_CLUSTER_ANSWERS, set_as_default=False)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise refusal(
            f"--cluster {shown(address)}: no scheduler answers ({type(error).__name__})",
            allowed="an address such as tcp://host:8786",
        ) from None
    jobs = None
    try:
        if not (threads := sum(client.nthreads().values())):
            raise refusal(
                f"--cluster {shown(address)}: the scheduler has no workers",
                allowed="start them with `dask worker ADDRESS`",
            )
        jobs = client.get_executor(pure=False)
        yield Pool(jobs, threads, lambda: client.status in ("running", "connecting"))
    finally:
        with suppress(Exception):  # a cluster that is gone cannot be asked to stop
            if jobs is not None:
                jobs.shutdown(wait=False)
            client.close(timeout=_GOODBYE)


def check_worker(study: tuple[str, str], here: tuple[str, str]) -> None:
    """Raises RuntimeError where this process has other (hash of the evidence, version) than the study whose
    run it was given.
    """
    if here != study:
        raise RuntimeError(
            f"the worker has evidence {here[0]} of version {here[1]}, the study {study[0]} of {study[1]}"
        )


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
    waiting: deque = deque()
    todo = enumerate(jobs)
    try:
        while True:
            while len(waiting) < pool.width * AHEAD and (following := next(todo, None)) is not None:
                waiting.append((following[0], pool.executor.submit(function, following[1])))
            if not waiting:
                return
            index, future = waiting.popleft()
            while not future.done() and not wait([future], timeout=_LOOK).done:
                # the cancelled ones tell of a line that was cut and mended
                if not pool.alive() or any(other.cancelled() for _, other in waiting):
                    raise ClusterLost("the cluster is gone")
            try:
                result, error = future.result(), None
            except CancelledError:
                raise ClusterLost("the cluster is gone, or gave up a run that nobody cancelled") from None
            except Exception as problem:  # a failing run is recorded and must not stop the study
                result, error = None, problem
            yield index, result, error
    finally:
        for _, future in waiting:
            future.cancel()


class RunsFailed(RuntimeError):
    """Every run of a study failed; the message holds the first error."""
