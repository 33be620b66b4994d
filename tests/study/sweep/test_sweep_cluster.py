"""A sweep on a Dask cluster: a real scheduler and real worker processes on this machine's own address."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from commands import refused
from conftest import ROOT
from folders import assert_same, command

from avrr_sim.study.jobs.executor import ClusterLost, Pool, in_order

pytest.importorskip("distributed")


def start(folder: Path, *arguments: str) -> subprocess.Popen:
    log = (folder / f"{arguments[0].rsplit('.', 1)[1]}-{time.time_ns()}.log").open("w")
    with log:
        return subprocess.Popen(
            [sys.executable, "-m", *arguments], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
        )


@pytest.fixture
def cluster(tmp_path) -> Iterator[tuple[str, list[subprocess.Popen], subprocess.Popen]]:
    """(address of a scheduler, its two worker processes of one thread, the scheduler)."""
    import json

    known = tmp_path / "scheduler.json"
    scheduler = start(
        tmp_path,
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        str(known),
    )
    workers = []
    try:
        until(known.exists, "a scheduler")
        address = json.loads(known.read_text())["address"]
        workers = [
            start(
                tmp_path,
                "distributed.cli.dask_worker",
                address,
                "--nthreads",
                "1",
                "--no-nanny",
                "--no-dashboard",
                "--host",
                "127.0.0.1",
                "--local-directory",
                str(tmp_path),
            )
            for _ in range(2)
        ]
        until(lambda: threads_of(address) == 2, "two workers")
        yield address, workers, scheduler
    finally:
        for process in [*workers, scheduler]:
            process.kill()
            process.wait()


def until(met, what: str, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.05)


def threads_of(address: str) -> int:
    code = (
        "import sys; from distributed import Client\nwith Client(sys.argv[1], timeout=30) as c: "
        "print(sum(c.nthreads().values()))"
    )
    done = subprocess.run([sys.executable, "-c", code, address], capture_output=True, text=True)
    return int(done.stdout or 0)


def test_two_dask_workers_give_the_same_bytes_as_threads(cluster, experiment, whole, tmp_path):
    done = subprocess.run(
        command(experiment, tmp_path / "a", "--cluster", cluster[0]), cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert_same(tmp_path / "a", whole)


def test_a_worker_killed_in_mid_run_changes_no_byte(cluster, experiment, whole, tmp_path):
    address, workers, _ = cluster
    folder = tmp_path / "a"
    process = subprocess.Popen(
        command(experiment, folder, "--cluster", address),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(
        lambda: process.poll() is not None or (folder / "runs" / "chunk-000001.parquet").exists(),
        "the second chunk",
    )
    workers[0].send_signal(signal.SIGKILL)
    assert process.poll() is None and not (folder / "runs" / "chunk-000009.parquet").exists(), (
        "killed in mid-run"
    )
    said = process.communicate(timeout=120)[1]
    assert process.returncode == 0, said
    assert workers[1].poll() is None
    assert_same(folder, whole)


def test_when_the_scheduler_dies_it_is_said_and_the_sweep_can_be_gone_on_with(
    cluster, experiment, whole, tmp_path
):
    address, _, scheduler = cluster
    folder = tmp_path / "a"
    process = subprocess.Popen(
        command(experiment, folder, "--cluster", address),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(
        lambda: process.poll() is not None or (folder / "runs" / "chunk-000000.parquet").exists(),
        "the first chunk",
    )
    scheduler.send_signal(signal.SIGKILL)
    said = process.communicate(timeout=120)[1]
    assert (
        process.returncode == 1
        and "cluster is gone" in said
        and "--resume" in said
        and "Traceback" not in said
    ), said
    subprocess.run(command(experiment, folder, "--resume"), cwd=ROOT, check=True, capture_output=True)
    assert_same(folder, whole)


def test_a_pool_that_gives_up_a_job_ends_the_study_and_not_only_the_run():
    class GivesUp:
        def submit(self, *_):
            future = Future()
            future.cancel()
            future.set_running_or_notify_cancel()
            return future

    class NeverAnswers:
        def submit(self, *_):
            return Future()

    with pytest.raises(ClusterLost):
        list(in_order(abs, [1, 2], pool=Pool(GivesUp(), 1)))
    with pytest.raises(ClusterLost):
        list(in_order(abs, [1, 2], pool=Pool(NeverAnswers(), 1, lambda: False)))


def test_a_cluster_that_does_not_answer_is_refused(capsys, experiment, tmp_path, monkeypatch):
    from avrr_sim.study.jobs import executor

    monkeypatch.setattr(executor, "_CLUSTER_ANSWERS", 1)
    assert "no scheduler answers" in refused(
        capsys, *command(experiment, tmp_path / "a", "--cluster", "tcp://127.0.0.1:1")[3:]
    )
    assert "no scheduler answers" in refused(
        capsys, *command(experiment, tmp_path / "b", "--cluster", "nonsense://x")[3:]
    )
