"""The store of a sweep: killed, damaged, split or spread over workers, it ends in the same bytes, or says why
it does not.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pandas as pd
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest
from commands import avrr, refused
from conftest import ROOT, heed_interrupts
from folders import EXPERIMENT, assert_same, command, content

from avrr_sim.study.folder import chunks
from avrr_sim.study.folder import whole as files_whole


def copy_of(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "copy"))


def go_on(capsys, experiment: Path, folder: Path) -> str:
    """Resume in this process; what was said on standard error."""
    code, _, err = avrr(capsys, *command(experiment, folder, "--resume")[3:])
    assert code == 0 and "Traceback" not in err, err
    return err


# --- bytes
# ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", ["2", "4"])
def test_any_number_of_workers_gives_the_same_bytes(capsys, experiment, whole, tmp_path, workers):
    assert avrr(capsys, *command(experiment, tmp_path / "a", "--workers", workers)[3:])[0] == 0
    assert_same(tmp_path / "a", whole)


def test_five_kills_at_random_moments_and_resuming_give_the_same_bytes(experiment, whole, tmp_path):
    chance, folder, killed = random.Random(20240611), tmp_path / "a", 0
    runs = folder / "runs"
    for _ in range(5):
        process = subprocess.Popen(
            command(experiment, folder, "--workers", "2", *(["--resume"] if folder.exists() else [])),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        begun = len(list(runs.glob("chunk-*"))) if runs.exists() else 0
        while process.poll() is None and (len(list(runs.glob("chunk-*"))) if runs.exists() else 0) < min(
            begun + 1, 9
        ):
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.15))
        process.send_signal(signal.SIGKILL)
        said = process.communicate()[1]
        killed += process.returncode == -signal.SIGKILL
        assert "Traceback" not in said, said
        for path in runs.glob("chunk-*.parquet"):
            pq.read_table(path)  # whatever the moment, what is there can be read
    assert killed >= 3 and not (folder / "sweep.csv").exists(), f"killed {killed} times in mid-run"
    done = subprocess.run(command(experiment, folder, "--resume"), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert_same(folder, whole)


def test_ctrl_c_says_so_keeps_whole_chunks_and_can_be_gone_on_with(capsys, experiment, whole, tmp_path):
    folder = tmp_path / "a"
    process = subprocess.Popen(
        command(experiment, folder),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=heed_interrupts,
    )
    while process.poll() is None and not (folder / "runs" / "chunk-000001.parquet").exists():
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 130 and "interrupted" in said and "Traceback" not in said, said
    assert json.loads((folder / "manifest.json").read_text())["status"] == "interrupted"
    go_on(capsys, experiment, folder)
    assert_same(folder, whole)


def test_shards_merge_into_the_same_bytes(capsys, experiment, whole, tmp_path):
    folders = [tmp_path / f"s{i}" for i in (1, 2, 3)]
    for i, folder in enumerate(folders, 1):
        assert avrr(capsys, *command(experiment, folder, "--shard", f"{i}/3")[3:])[0] == 0
    assert "shard 2 of 3 missing" in refused(
        capsys, "merge", str(folders[0]), str(folders[2]), "--out", str(tmp_path / "m")
    )
    assert "once more" in refused(
        capsys, "merge", str(folders[0]), str(folders[0]), "--out", str(tmp_path / "m")
    )
    code, out, _ = avrr(capsys, "merge", *map(str, reversed(folders)), "--out", str(tmp_path / "m"))
    assert code == 0 and str(tmp_path / "m") in out
    assert_same(tmp_path / "m", whole)
    next((folders[1] / "runs").iterdir()).unlink()
    assert "missing or damaged" in refused(capsys, "merge", *map(str, folders), "--out", str(tmp_path / "n"))


def test_a_finished_sweep_has_nothing_left_to_do(capsys, experiment, whole, tmp_path):
    folder = copy_of(whole, tmp_path)
    assert "10 chunks of runs are there already" in go_on(capsys, experiment, folder)
    assert json.loads((folder / "timings.json").read_text())["runs"] == 0
    assert_same(folder, whole)


# --- damage
# -----------------------------------------------------------------------------------------------------------


def test_a_half_written_chunk_is_noticed_and_made_again(capsys, experiment, whole, tmp_path):
    folder = copy_of(whole, tmp_path)
    path = folder / "runs" / "chunk-000003.parquet"
    path.write_bytes(path.read_bytes()[:1000])
    said = go_on(capsys, experiment, folder)
    assert "chunk-000003.parquet: cannot be read" in said and "done again" in said
    assert_same(folder, whole)


def test_a_part_left_by_a_killed_writer_is_removed(capsys, experiment, whole, tmp_path):
    folder = copy_of(whole, tmp_path)
    path = folder / "runs" / "chunk-000004.parquet"
    path.rename(folder / "runs" / ".chunk-000004.parquet.part")
    assert len(pd.read_parquet(folder / "runs")) > 0, "and meanwhile the folder can be read"
    assert "removed 1 half-written chunk" in go_on(capsys, experiment, folder)
    assert_same(folder, whole)


def test_a_flipped_bit_is_noticed(capsys, experiment, whole, tmp_path):
    folder = copy_of(whole, tmp_path)
    path = folder / "runs" / "chunk-000005.parquet"
    data = bytearray(path.read_bytes())
    values = pq.read_metadata(path).row_group(0).column(6)  # the values, in the middle of which a bit counts
    data[values.data_page_offset + values.total_compressed_size // 2] ^= 1
    path.write_bytes(data)
    assert "chunk-000005.parquet: is not as it was written" in go_on(capsys, experiment, folder)
    assert_same(folder, whole)


def test_a_chunk_under_another_name_is_noticed(capsys, experiment, whole, tmp_path):
    folder = copy_of(whole, tmp_path)
    shutil.copy(folder / "runs" / "chunk-000001.parquet", folder / "runs" / "chunk-000002.parquet")
    assert "chunk-000002.parquet: is not what its name says" in go_on(capsys, experiment, folder)
    assert_same(folder, whole)


@pytest.mark.parametrize(
    "damage", [Path.unlink, lambda path: path.write_text('{"command": '), lambda path: path.write_text("[]")]
)
def test_a_lost_or_broken_manifest_is_written_anew(capsys, experiment, whole, tmp_path, damage):
    folder = copy_of(whole, tmp_path)
    damage(folder / "manifest.json")
    said = go_on(capsys, experiment, folder)
    assert "manifest.json is missing or damaged" in said and "written anew" in said
    assert_same(folder, whole)


def test_a_lost_table_is_made_again(capsys, experiment, whole, tmp_path):
    folder = copy_of(whole, tmp_path)
    (folder / "sweep.parquet").unlink()
    shutil.rmtree(folder / "figures")
    go_on(capsys, experiment, folder)
    assert_same(folder, whole)


@pytest.mark.parametrize(
    "change, told",
    [
        (("draws: 10", "draws: 11"), "draws 10 -> 11"),
        (("size: 150", "size: 151"), "size 150 -> 151"),
        (("[0, 2, 4]", "[0, 2, 5]"), "scenarios (p0007, p0008, p0009)"),
        (("months: 12", "months: 13"), "scenarios (baseline"),
        (("application_hazard, ", ""), "measures"),
    ],
)
def test_a_changed_experiment_under_an_old_folder_is_refused_by_name(
    capsys, experiment, whole, tmp_path, change, told
):
    folder = copy_of(whole, tmp_path)
    before = content(folder)
    changed = experiment.with_name("changed.yaml")
    changed.write_text(EXPERIMENT.replace(*change))
    message = refused(capsys, *command(changed, folder, "--resume")[3:])
    assert told in message and "another study" in message and content(folder) == before


def test_a_changed_scenario_under_an_old_folder_is_refused(capsys, experiment, whole, tmp_path):
    folder = copy_of(whole, tmp_path)
    shutil.copy(experiment, tmp_path / "mine.yaml")
    base = (experiment.parent / "base.yaml").read_text()
    (tmp_path / "base.yaml").write_text(base + "levers: {outreach: 2}\n")
    assert "scenarios (baseline, p0001" in refused(
        capsys, *command(tmp_path / "mine.yaml", folder, "--resume")[3:]
    )


@pytest.mark.parametrize(
    "name, told", [("evidence_hash", "the evidence"), ("model_hash", "the rules or data of the model")]
)
def test_changed_evidence_or_rules_under_an_old_folder_are_refused(
    capsys, experiment, whole, tmp_path, monkeypatch, name, told
):
    from avrr_sim.study.jobs import plan
    from avrr_sim.study.sweep import order

    folder = copy_of(whole, tmp_path)
    monkeypatch.setattr(plan if name == "evidence_hash" else order, name, lambda: "something else")
    assert told in refused(capsys, *command(experiment, folder, "--resume")[3:])


def test_chunks_of_another_study_without_a_manifest_are_refused(capsys, experiment, whole, tmp_path):
    folder = copy_of(whole, tmp_path)
    (folder / "manifest.json").unlink()
    other = experiment.with_name("other.yaml")
    other.write_text(EXPERIMENT.replace("draws: 10", "draws: 12"))
    assert "belongs to another study" in refused(capsys, *command(other, folder, "--resume")[3:])


def test_a_folder_in_use_or_of_something_else_is_refused(capsys, experiment, whole, tmp_path):
    assert "never overwritten" in refused(capsys, *command(experiment, copy_of(whole, tmp_path))[3:])
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "mine.txt").write_text("keep")
    assert "no folder of a sweep" in refused(capsys, *command(experiment, tmp_path / "else", "--resume")[3:])
    assert (tmp_path / "else" / "mine.txt").read_text() == "keep"


def test_two_processes_do_not_write_into_one_folder(capsys, experiment, whole, tmp_path):
    folder = copy_of(whole, tmp_path)
    with chunks.Lock(folder):
        assert "another process is writing here" in refused(
            capsys, *command(experiment, folder, "--resume")[3:]
        )
    go_on(capsys, experiment, folder)


def test_resume_without_a_folder_finds_the_newest_of_the_study(
    capsys, experiment, whole, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(
        whole,
        tmp_path
        / "results"
        / "mine"
        / f"20240101-000000-{json.loads((whole / 'manifest.json').read_text())['digest']}",
    )
    code, out, err = avrr(capsys, "sweep", str(experiment), "--quiet", "--resume")
    assert code == 0 and "20240101-000000" in out and "10 chunks" in err


def test_a_full_disk_leaves_chunks_that_can_be_gone_on_with(capsys, experiment, whole, tmp_path, monkeypatch):
    written, write = [], chunks.Chunks.write

    def until_full(self, number, table, failures):
        if len(written) == 4:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path(number)))
        written.append(number)
        write(self, number, table, failures)

    with monkeypatch.context() as patch:
        patch.setattr(chunks.Chunks, "write", until_full)
        code, _, err = avrr(capsys, *command(experiment, tmp_path / "a")[3:])
    assert code == 1 and "No space left" in err and "Traceback" not in err
    assert json.loads((tmp_path / "a" / "manifest.json").read_text())["status"] == "failed"
    assert "4 chunks" in go_on(capsys, experiment, tmp_path / "a")
    assert_same(tmp_path / "a", whole)


def test_a_file_is_there_whole_or_not_at_all(tmp_path):
    with pytest.raises(KeyboardInterrupt), files_whole.whole(tmp_path / "a.txt") as part:
        part.write_text("half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


# --- reading
# ----------------------------------------------------------------------------------------------------------


def test_the_runs_open_in_one_line(whole):
    table = pd.read_parquet(whole / "runs")
    assert (
        list(table.columns) == list(chunks.SCHEMA.names)
        and table.groupby(["scenario", "draw", "replicate"]).ngroups == 200
    )
    assert table["scenario"].drop_duplicates().tolist()[:2] == ["baseline", "p0001"]
    assert pyarrow.dataset.dataset(whole / "runs").to_table().num_rows == len(table)


def test_polars_and_duckdb_open_the_runs_in_one_line(whole):
    polars, duckdb = pytest.importorskip("polars"), pytest.importorskip("duckdb")
    rows = len(pd.read_parquet(whole / "runs"))
    assert polars.read_parquet(f"{whole}/runs/*.parquet").height == rows
    assert duckdb.sql(f"select count(*) from '{whole}/runs/*.parquet'").fetchall() == [(rows,)]


def test_a_folder_stands_alone(whole, tmp_path):
    """Moved elsewhere, without the experiment's files, it still says all that is needed to know the study."""
    from avrr_sim.study.sweep.merge import order_in

    folder = copy_of(whole, tmp_path)
    order = order_in(folder)
    assert (
        order.plan.draws == 10
        and len(order.experiment.points) == 9
        and order.experiment.baseline.host == "norway"
    )
    weights = pd.read_parquet(folder / "weights.parquet")
    assert len(weights) == 10 and weights.equals(
        pd.DataFrame([{"draw": d, **order.plan.weights_of(d, order.plan.scenarios[0])} for d in range(10)])
    )


def test_differences_can_be_made_again_from_the_runs(whole):
    table = pd.read_parquet(whole / "runs").query("group_by == 'all' and measure == 'assisted_departures'")
    wide = table.pivot_table(index=["draw", "replicate"], columns="scenario", values="value")
    effect = (wide["p0007"] - wide["baseline"]).groupby("draw").mean()
    found = (
        pd.read_parquet(whole / "sweep.parquet")
        .query("scenario == 'p0007' and group_by == 'all' and measure == 'assisted_departures'")
        .iloc[0]
    )
    assert found["difference"] == pytest.approx(effect.mean()) and found["difference_high"] == pytest.approx(
        effect.quantile(0.95)
    )
    assert found["difference_mc_error"] == pytest.approx(effect.std(ddof=1) / 10**0.5)
