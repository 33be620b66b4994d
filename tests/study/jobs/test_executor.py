"""Jobs in blocks: a cluster is sent many at a time, and nobody can tell from the results."""

from __future__ import annotations

import os
import socket
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from commands import refused
from folders import command

from avrr_sim.refusals import Refusal
from avrr_sim.study.jobs.executor import AHEAD, BLOCK_MOST, Pool, in_order, open_executor


class _Counted(ThreadPoolExecutor):
    """Two threads that count what is sent them, and the jobs of each sending."""

    def __init__(self) -> None:
        super().__init__(2)
        self.sent: list[int] = []

    def submit(self, function, /, *arguments, **more):
        self.sent.append(len(arguments[-1]) if isinstance(arguments[-1], list) else 1)
        return super().submit(function, *arguments, **more)


def _odd_fails(job: int) -> int:
    if job % 2:
        raise ValueError(f"odd {job}")
    return -job


def test_results_and_errors_of_blocks_come_in_the_order_of_the_jobs():
    with _Counted() as threads:
        given = list(in_order(_odd_fails, iter(range(1000)), pool=Pool(threads, 2, block=0.25)))
    assert [index for index, _, _ in given] == list(range(1000))
    assert [result for _, result, _ in given] == [None if job % 2 else -job for job in range(1000)]
    assert [str(error) for _, _, error in given[1::2]] == [f"odd {job}" for job in range(1, 1000, 2)]
    assert sum(threads.sent) == 1000 and len(threads.sent) < 200


def test_blocks_grow_from_one_job_to_the_most_and_stay_at_one_where_jobs_are_long():
    with _Counted() as threads:
        list(in_order(abs, range(5000), pool=Pool(threads, 2, block=0.25)))
        assert threads.sent[: 2 * AHEAD] == [1] * 2 * AHEAD and max(threads.sent) == BLOCK_MOST
        threads.sent.clear()
        list(in_order(lambda _: time.sleep(0.02), range(20), pool=Pool(threads, 2, block=0.01)))
    assert threads.sent == [1] * 20


class _LosesBlocks(_Counted):
    """Gives up every block with job 13, as a cluster does whose workers it ended."""

    def submit(self, function, /, *arguments, **more):
        if 13 in arguments[-1]:
            self.sent.append(len(arguments[-1]))
            lost: Future = Future()
            lost.set_exception(MemoryError("the worker is gone"))
            return lost
        return super().submit(function, *arguments, **more)


def test_a_job_that_ends_its_worker_takes_none_of_its_block_with_it():
    with _LosesBlocks() as threads:
        given = list(in_order(abs, range(100), pool=Pool(threads, 1, block=0.25)))
    assert [(i, type(error)) for i, _, error in given if error is not None] == [(13, MemoryError)]
    assert [result for _, result, _ in given] == [None if job == 13 else job for job in range(100)]


def test_two_workers_of_a_real_cluster_share_the_blocks(cluster):
    def which(job: int) -> tuple[int, int]:  # in here, so that it is sent as it is: workers know no tests
        return os.getpid(), job

    with open_executor(cluster=cluster[0]) as pool:
        given = [result for _, result, _ in in_order(which, range(1000), pool=pool)]
    assert [job for _, job in given] == list(range(1000))
    assert {process for process, _ in given} == {worker.pid for worker in cluster[1]}


@pytest.mark.parametrize("answer", [None, b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_an_address_where_no_scheduler_is_is_refused_within_five_seconds(
    capsys, experiment, tmp_path, monkeypatch, answer
):
    """None: nobody listens; nothing: somebody takes the call and stays silent; or talks of something else."""
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    with socket.socket() as other, ThreadPoolExecutor(1) as speaker:
        other.bind(("127.0.0.1", 0))
        if answer is not None:
            other.listen()
        if answer:
            speaker.submit(lambda: other.accept()[0].sendall(answer))
        address = f"tcp://127.0.0.1:{other.getsockname()[1]}"
        # the shell first: what it takes to read the libraries is not counted
        said = refused(capsys, *command(experiment, tmp_path / "a", "--cluster", address)[3:])
        begun = time.monotonic()
        with pytest.raises(Refusal, match="no scheduler answers"), open_executor(cluster=address):
            pass
        assert time.monotonic() - begun < 5
    assert "no scheduler answers" in said and "Traceback" not in said
    assert sorted(tmp_path.iterdir()) == before
