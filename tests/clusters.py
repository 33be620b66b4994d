"""A real Dask scheduler with real worker processes on this machine's own address."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
Cluster = tuple[str, list[subprocess.Popen], subprocess.Popen]


def _start(folder: Path, *arguments: str) -> subprocess.Popen:
    log = (folder / f"{arguments[0].rsplit('.', 1)[1]}-{time.time_ns()}.log").open("w")
    with log:
        return subprocess.Popen(
            [sys.executable, "-m", *arguments], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
        )


@contextmanager
def dask_cluster(folder: Path, width: int = 2) -> Iterator[Cluster]:
    """(address of a scheduler, its worker processes of one thread, the scheduler)."""
    known = folder / "scheduler.json"
    here = ("--host", "127.0.0.1", "--no-dashboard")
    scheduler = _start(
        folder, "distributed.cli.dask_scheduler", "--port", "0", "--scheduler-file", str(known), *here
    )
    workers = []
    try:
        until(lambda: bool(_address_in(known)), "a scheduler")
        address = _address_in(known)
        alone = ("--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
        workers = [
            _start(folder, "distributed.cli.dask_worker", address, *alone, *here) for _ in range(width)
        ]
        until(lambda: _threads_of(address) == width, f"{width} workers")
        yield address, workers, scheduler
    finally:
        for process in [*workers, scheduler]:
            process.kill()
            process.wait()


def _address_in(known: Path) -> str:
    """The address that a scheduler wrote down; empty while the file is not there or not whole yet."""
    try:
        return str(json.loads(known.read_text(encoding="utf-8"))["address"])
    except (OSError, ValueError):
        return ""


def until(met: Callable[[], bool], what: str, seconds: float = 90) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.05)


def _threads_of(address: str) -> int:
    code = (
        "import sys; from distributed import Client\nwith Client(sys.argv[1], timeout=30) as c: "
        "print(sum(c.nthreads().values()))"
    )
    done = subprocess.run([sys.executable, "-c", code, address], capture_output=True, text=True)
    return int(done.stdout or 0)
