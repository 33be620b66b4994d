"""Running jobs side by side: one executor, results in the order of the jobs whatever the number of workers."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

AHEAD = 4  # jobs submitted per worker before their results are taken: bounds what is held in memory


def default_workers() -> int:
    """One worker for each processor that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(function: Callable[[Any], Any], jobs: Sequence, workers: int) -> Iterator[tuple[int, Any, Exception | None]]:
    """(index, result, error) of every job, in the order of `jobs`; a job that raises gives its error and the others go on.

    Threads, because compiled rules release the interpreter's lock. Closing the iterator (or an interrupt) cancels what has not begun.
    """
    pool = ThreadPoolExecutor(max_workers=workers)
    waiting: deque = deque()
    try:
        todo = enumerate(jobs)
        while True:
            while len(waiting) < workers * AHEAD and (following := next(todo, None)) is not None:
                waiting.append((following[0], pool.submit(function, following[1])))
            if not waiting:
                return
            index, future = waiting.popleft()
            try:
                result, error = future.result(), None
            except Exception as problem:  # a failing run is recorded and must not stop the study
                result, error = None, problem
            yield index, result, error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
