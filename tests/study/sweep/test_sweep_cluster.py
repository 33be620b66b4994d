"""A sweep on a Dask cluster: a real scheduler and real worker processes on this machine's own address."""

from __future__ import annotations

import signal
import subprocess
from concurrent.futures import Future

import pytest
from clusters import until
from commands import refused
from conftest import ROOT
from folders import assert_same, command

from avrr_sim.study.jobs.executor import ClusterLost, Pool, in_order

pytest.importorskip("distributed")


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
