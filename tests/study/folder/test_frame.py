"""What studies of every kind promise alike: options are checked, a study that was stopped goes on to the same
bytes, a folder of another study is left alone, and what a manifest says of the end is true.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from clusters import until
from commands import avrr, refused
from conftest import ROOT, norway
from folders import content
from studies import BASE, CASH, STUDIES, copied, finished

from avrr_sim import compare, sweep
from avrr_sim.refusals import Refusal
from avrr_sim.study.calibration.calibrate import calibrate
from avrr_sim.study.folder import frame
from avrr_sim.study.folder.order import NOUNS, Execution
from avrr_sim.study.folder.run_folder import choose_folder
from avrr_sim.study.jobs.executor import Pool, RunsFailed
from avrr_sim.study.validation.validate import validate

KINDS = list(STUDIES)
every_kind = pytest.mark.parametrize("kind", KINDS)


def status_of(folder: Path) -> str:
    return json.loads((folder / "manifest.json").read_text())["status"]


class _StopsAt(ThreadPoolExecutor):
    """Threads that are interrupted at a run, counted from one."""

    def __init__(self, stop: int, error: BaseException) -> None:
        super().__init__(1)
        self.left, self.error = stop, error

    def submit(self, function, /, *arguments, **more):
        self.left -= 1
        if self.left == 0:
            future: Future = Future()
            future.set_exception(self.error)
            return future
        return super().submit(function, *arguments, **more)


def stopping(monkeypatch, stop: int, error: BaseException) -> None:
    """Let the next study be stopped by an error at a run."""

    @contextmanager
    def opened(*_) -> Iterator[Pool]:
        with _StopsAt(stop, error) as threads:
            yield Pool(threads, 1)

    monkeypatch.setattr(frame, "open_executor", opened)


# --- options
# ----------------------------------------------------------------------------------------------------------

OPTIONS = [("--workers", value) for value in ("-3", "0", "1025")]
OPTIONS += [("--seed", "-1"), ("--size", "-3"), ("--size", "999999999"), ("--cluster", " ")]
DRAWS = [("--draws", "0"), ("--draws", "-1"), ("--draws", "999999999")]
POINTS = [("--points", "0"), ("--points", "-3"), ("--points", "999999999")]


@pytest.mark.parametrize(
    ("kind", "option", "value"),
    [(kind, *each) for kind in KINDS for each in OPTIONS + (POINTS if kind == "calibrate" else DRAWS)],
)
def test_an_option_out_of_range_is_refused_by_every_command(capsys, tmp_path, kind, option, value):
    out = tmp_path / "a"
    said = refused(capsys, *STUDIES[kind].words, option, value, "--out", str(out))
    assert option in said and "allowed:" in said and not out.exists()


@every_kind
def test_there_is_nothing_to_go_on_with_where_no_folder_is(capsys, tmp_path, kind):
    said = refused(capsys, *STUDIES[kind].words, "--resume", "--out", str(tmp_path / "none"))
    assert "nothing to go on with" in said and not (tmp_path / "none").exists()


def test_functions_check_the_same_ranges_as_options():
    for order in (
        lambda: compare([norway()], draws=1, workers=0),
        lambda: compare([norway()], draws=1, resume=True),
        lambda: sweep({"baseline": norway(), "vary": {"levers": {"cash_level": [0]}}}, cluster=""),
        lambda: validate(draws=0, weights="prior"),
        lambda: validate(draws=1, weights="prior", workers=-1),
        lambda: calibrate(ROOT / "experiments" / "calibration-norway.yaml", points=0),
        lambda: calibrate(ROOT / "experiments" / "calibration-norway.yaml", seed=-1),
    ):
        with pytest.raises(Refusal):
            order()


@every_kind
def test_a_cluster_that_does_not_answer_leaves_nothing(tmp_path, kind, monkeypatch):
    pytest.importorskip("distributed")
    study = STUDIES[kind]
    with pytest.raises(Refusal, match="no scheduler answers"):
        study.perform(study.make(), Execution(tmp_path / "a", cluster="nonsense://x"))
    assert not (tmp_path / "a").exists()


# --- stopped, and gone on with
# ----------------------------------------------------------------------------------------------------------


@every_kind
def test_a_study_that_was_stopped_goes_on_to_the_same_bytes(home, tmp_path, kind, monkeypatch):
    study, said = STUDIES[kind], []
    with monkeypatch.context() as patch:
        stopping(patch, study.stop, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            study.perform(study.make(), Execution(tmp_path / "a"))
    assert status_of(tmp_path / "a") == "interrupted"
    assert not (tmp_path / "a" / "study.json").exists(), "what says that a folder is complete comes last"
    study.perform(study.make(), Execution(tmp_path / "a", resume=True, workers=2, say=said.append))
    assert any("1 chunks of runs are there already" in text for text in said), said
    one, other = content(tmp_path / "a"), content(finished(kind, home))
    assert one.keys() == other.keys() and [name for name in one if one[name] != other[name]] == []


@every_kind
def test_a_finished_study_has_nothing_left_to_run(home, tmp_path, kind, monkeypatch):
    study = STUDIES[kind]
    copy, before = copied(finished(kind, home), tmp_path / "a")
    stopping(monkeypatch, 1, AssertionError("a run was done again"))
    result = study.perform(study.make(), Execution(copy, resume=True))
    assert not result.failures and content(copy) == before


@every_kind
def test_runs_that_failed_are_told_and_tried_again(home, tmp_path, kind, monkeypatch):
    study, said = STUDIES[kind], []
    with monkeypatch.context() as patch:
        stopping(patch, 1, ValueError("no luck"))
        result = study.perform(study.make(), Execution(tmp_path / "a"))
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text())
    assert manifest["status"] == "failed" and manifest["failures"] == result.failures
    assert [failure["error"] for failure in result.failures] == ["ValueError: no luck"]
    study.perform(study.make(), Execution(tmp_path / "a", resume=True, say=said.append))
    assert any("1 of its runs had failed; they are tried again" in text for text in said)
    assert content(tmp_path / "a") == content(finished(kind, home))


@every_kind
def test_where_every_run_fails_there_is_one_error(tmp_path, kind, monkeypatch):
    def fails(function, tasks, **_):
        yield from ((i, None, ValueError("no luck")) for i, _ in enumerate(tasks))

    monkeypatch.setattr(frame, "in_order", fails)
    with pytest.raises(RunsFailed, match="ValueError: no luck"):
        STUDIES[kind].perform(STUDIES[kind].make(), Execution(tmp_path / "a"))
    assert status_of(tmp_path / "a") == "failed"


def command(folder: Path, *more: str) -> list[str]:
    numbers = ("--draws", "25", "--size", "300", "--months", "24", "--weights", "prior", "--no-twins")
    return [
        *(sys.executable, "-m", "avrr_sim.cli", "compare", BASE, CASH, *numbers, "--quiet"),
        *("--out", str(folder), *more),
    ]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> Path:
    """The folder of a comparison that nobody killed."""
    folder = tmp_path_factory.mktemp("undisturbed") / "a"
    subprocess.run(command(folder), cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_comparison_that_was_killed_goes_on_to_the_same_bytes(undisturbed, tmp_path, number):
    folder = tmp_path / "a"
    process = subprocess.Popen(command(folder, "--workers", "1"), cwd=ROOT, stderr=subprocess.PIPE, text=True)
    until(
        lambda: process.poll() is not None or (folder / "totals" / "chunk-000001.parquet").exists(),
        "the second chunk",
    )
    assert process.poll() is None, "killed in mid-run"
    process.send_signal(number)
    said = process.communicate(timeout=60)[1]
    if number == signal.SIGTERM:
        assert process.returncode == 130 and "interrupted" in said and "Traceback" not in said
    assert status_of(folder) == ("interrupted" if number == signal.SIGTERM else "unfinished")
    subprocess.run(command(folder, "--resume"), cwd=ROOT, check=True, capture_output=True)
    one, other = content(folder), content(undisturbed)
    assert one.keys() == other.keys() and [name for name in one if one[name] != other[name]] == []


# --- folders
# ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "other"), [(a, b) for a in KINDS for b in KINDS if a != b])
def test_a_folder_of_another_kind_is_refused_and_left_alone(home, tmp_path, kind, other):
    copy, before = copied(finished(other, home), tmp_path / "a")
    study = STUDIES[kind]
    with pytest.raises(Refusal, match=f"is the folder of {NOUNS[other]}, not of {NOUNS[kind]}"):
        study.perform(study.make(), Execution(copy, resume=True))
    assert content(copy) == before


@pytest.mark.parametrize("damage", [None, b"{", b"[" * 200_000, b'{"identity": null}'])
@pytest.mark.parametrize(
    ("kind", "other"), [("sweep", "compare"), ("compare", "validate"), ("calibrate", "run")]
)
def test_so_is_one_whose_manifest_is_lost_or_damaged(home, tmp_path, kind, other, damage):
    copy, _ = copied(finished(other, home), tmp_path / "a")
    (copy / "manifest.json").unlink() if damage is None else (copy / "manifest.json").write_bytes(damage)
    before, study = content(copy), STUDIES[kind]
    with pytest.raises(Refusal, match="is no folder of|belongs to another study"):
        study.perform(study.make(), Execution(copy, resume=True))
    assert content(copy) == before


@every_kind
def test_a_lost_manifest_is_written_anew(home, tmp_path, kind):
    copy, before = copied(finished(kind, home), tmp_path / "a")
    (copy / "manifest.json").unlink()
    study, said = STUDIES[kind], []
    study.perform(study.make(), Execution(copy, resume=True, say=said.append))
    assert any("written anew" in text for text in said) and content(copy) == before


@every_kind
def test_kind_and_identity_stand_in_the_folder(home, kind):
    folder, order = finished(kind, home), STUDIES[kind].make()
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["kind"], manifest["digest"]) == (kind, order.digest)
    assert manifest["identity"] == json.loads(json.dumps(order.identity))
    assert json.loads((folder / "study.json").read_text())["kind"] == kind


@every_kind
def test_without_a_folder_the_newest_of_the_study_is_gone_on_with(home, tmp_path, kind, monkeypatch):
    monkeypatch.chdir(tmp_path)
    order = STUDIES[kind].make()
    for day in ("20240101-000000", "20240102-000000"):
        copied(finished(kind, home), order.home / f"{day}{order.folder_end}")
    assert choose_folder(order, None, True) == order.home / f"20240102-000000{order.folder_end}"


# --- how it ended
# ----------------------------------------------------------------------------------------------------------


@every_kind
def test_a_study_is_done_when_its_page_is_drawn_and_not_before(home, tmp_path, kind):
    study, seen = STUDIES[kind], []
    copy, _ = copied(finished(kind, home), tmp_path / "a")
    assert status_of(copy) == "done"

    def full(_: object) -> None:
        seen.append(status_of(copy))
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "figures")

    with pytest.raises(OSError, match="No space left"):
        study.perform(study.make(), Execution(copy, resume=True), full)
    assert seen == ["unfinished"] and status_of(copy) == "failed"


@every_kind
def test_a_disk_that_is_full_from_the_start_leaves_no_false_status(tmp_path, kind, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "manifest.json")

    monkeypatch.setattr(frame, "write_whole", full)
    with pytest.raises(OSError, match="No space left"):
        STUDIES[kind].perform(STUDIES[kind].make(), Execution(tmp_path / "a"))
    assert list((tmp_path / "a").iterdir()) == [], "and the folder can be used once there is room"


def test_the_shell_says_what_another_command_left(capsys, home):
    folder = finished("compare", home)
    said = refused(capsys, *STUDIES["sweep"].words, "--resume", "--out", str(folder))
    assert "is the folder of a comparison, not of a sweep" in said


# --- from a notebook, and on a cluster
# ----------------------------------------------------------------------------------------------------------


def test_functions_give_results_without_keeping_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tried = validate(draws=1, size=100, weights="prior")
    fitted = calibrate(STUDIES["calibrate"].make().targets)
    assert tried.folder is None and len(tried.tables["patterns"])
    assert fitted.folder is None and len(fitted.posterior) > 10
    assert list(tmp_path.iterdir()) == []


def test_functions_keep_a_folder_where_one_is_named(tmp_path):
    kept = validate(draws=1, size=100, weights="prior", out=tmp_path / "a")
    again = validate(draws=1, size=100, weights="prior", out=tmp_path / "a", resume=True)
    assert kept.folder == again.folder == tmp_path / "a" and status_of(tmp_path / "a") == "done"


def test_every_kind_of_study_runs_on_a_cluster_to_the_same_bytes(home, tmp_path, cluster):
    for kind, study in STUDIES.items():
        study.perform(study.make(), Execution(tmp_path / kind, cluster=cluster[0]))
        one, other = content(tmp_path / kind), content(finished(kind, home))
        assert one.keys() == other.keys() and [name for name in one if one[name] != other[name]] == [], kind


def test_the_options_of_a_cluster_reach_a_validation(capsys, tmp_path, cluster):
    words = ("--draws", "1", "--size", "100", "--weights", "prior", "--quiet", "--out", str(tmp_path / "v"))
    assert avrr(capsys, "validate", *words, "--cluster", cluster[0])[0] == 0
    assert json.loads((tmp_path / "v" / "timings.json").read_text())["cluster"] == cluster[0]
