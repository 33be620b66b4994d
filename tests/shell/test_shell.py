"""The shell as a user meets it: exit codes, messages, what is printed where, and what a stopped study leaves
behind.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from commands import SMALL, avrr, code_of, refused
from conftest import ROOT, SCENARIOS, heed_interrupts

from avrr_sim.study.comparison import kept
from avrr_sim.study.jobs import job
from avrr_sim.study.jobs.results import TABLES

BASE, CASH = str(SCENARIOS / "baseline-norway.yaml"), str(SCENARIOS / "cash-doubled.yaml")
BARE = ["--no-twins", "--no-conditions"]


@pytest.fixture(scope="module")
def compared(tmp_path_factory) -> Path:
    """The folder of a small comparison by one worker."""
    folder = tmp_path_factory.mktemp("compared") / "a"
    assert code_of("compare", BASE, CASH, *SMALL, "--workers", "1", "--quiet", "--out", str(folder)) == 0
    return folder


def test_compare_leaves_a_folder_that_stands_alone(capsys, tmp_path):
    code, out, err = avrr(capsys, "compare", BASE, CASH, *SMALL, "--out", str(tmp_path / "a"))
    assert code == 0 and "8 of 8 runs" in err and "Report:" in out and "Uptake" in out
    folder = tmp_path / "a"
    table = pd.read_parquet(folder / "runs")
    assert list(table.columns) == [
        "scenario",
        "draw",
        "replicate",
        "group_by",
        "group",
        "measure",
        "value",
        "cell",
    ]
    assert (
        set(table["scenario"]) == {"baseline-norway", "cash-doubled"}
        and table.groupby(["draw", "replicate"]).ngroups == 4
    )
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (
        manifest["status"] == "done"
        and manifest["jobs_done"] == 4
        and manifest["command"].startswith("avrr compare ")
    )
    assert (folder / "report.html").exists() and pd.read_parquet(folder / "weights.parquet").shape[0] == 2
    flows = pd.read_parquet(folder / "flows")
    one = flows[(flows["draw"] == 0) & (flows["replicate"] == 0)]
    same = one[one["scenario"] == "baseline-norway"]
    assert same["units"].sum() > 880 and same[same["baseline_outcome"] != same["outcome"]]["units"].sum() == 0


def test_results_do_not_depend_on_the_number_of_workers(compared, tmp_path):
    other = tmp_path / "a"
    assert code_of("compare", BASE, CASH, *SMALL, "--workers", "2", "--quiet", "--out", str(other)) == 0
    one, two = (
        {p.relative_to(folder): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
        for folder in (compared, other)
    )
    assert one.keys() == two.keys()
    assert [str(p) for p in one if one[p] != two[p]] == []


def test_differences_are_paired_and_recomputable_from_the_runs(compared):
    table = pd.read_parquet(compared / "runs")
    mine = table[(table["group_by"] == "all") & (table["measure"] == "applications")].pivot_table(
        index=["draw", "replicate"], columns="scenario", values="value"
    )
    effect = (mine["cash-doubled"] - mine["baseline-norway"]).groupby("draw").mean()
    found = (
        pd.read_parquet(compared / "differences.parquet")
        .query("group_by == 'all' and measure == 'applications'")
        .iloc[0]
    )
    assert found["difference"] == pytest.approx(effect.mean())
    assert found["low"] == pytest.approx(effect.quantile(0.05)) and found["high"] == pytest.approx(
        effect.quantile(0.95)
    )
    assert found["mc_error"] == pytest.approx(effect.std(ddof=1) / 2**0.5)


def test_a_scenario_equal_to_the_baseline_differs_by_exactly_zero(capsys, tmp_path):
    code, out, _ = avrr(
        capsys, "compare", BASE, BASE, *SMALL, *BARE, "--json", "--quiet", "--out", str(tmp_path / "a")
    )
    differences = pd.read_parquet(tmp_path / "a" / "differences.parquet")
    shown = differences[~differences["suppressed"] & differences["difference"].notna()]
    assert code == 0 and len(shown) > 40 and (shown["difference"] == 0).all()
    assert {row["scenario"] for row in json.loads(out)["rows"]} == {"baseline-norway-2"}


def test_coercion_is_never_set_against_money(capsys, tmp_path):
    files = [
        str(SCENARIOS / f"{name}.yaml")
        for name in ("removal-doubled", "restrictions-withdrawn", "designated-centres", "cash-doubled")
    ]
    avrr(capsys, "compare", BASE, *files, *SMALL, *BARE, "--quiet", "--out", str(tmp_path / "a"))
    money = pd.read_parquet(tmp_path / "a" / "differences.parquet").query(
        "measure in ['support_paid', 'programme_cost', 'cost_per_additional']"
    )
    assert set(money["scenario"]) == {"cash-doubled"}


def test_run_prints_json_to_standard_output(capsys, tmp_path):
    code, out, _ = avrr(
        capsys,
        "run",
        BASE,
        "--draws",
        "1",
        "--weights",
        "central",
        *SMALL[2:],
        "--json",
        "--out",
        str(tmp_path / "a"),
    )
    summary = json.loads(out)
    assert code == 0 and summary["interval"] == 0.9
    uptake = next(row for row in summary["rows"] if row["measure"] == "application_hazard")
    assert uptake["value"] > 0 and uptake["low"] is None, "one draw gives no interval"


def test_both_engines_give_the_same_folder_but_for_their_name(capsys, tmp_path):
    tables = []
    for engine in ("table", "agents"):
        avrr(
            capsys,
            "run",
            BASE,
            "--draws",
            "1",
            "--replicates",
            "1",
            "--size",
            "200",
            "--months",
            "12",
            "--engine",
            engine,
            "--quiet",
            "--out",
            str(tmp_path / engine),
        )
        tables.append(pd.read_parquet(tmp_path / engine / "runs"))
    pd.testing.assert_frame_equal(*tables)


def test_plan_runs_nothing(capsys, tmp_path):
    code, out, _ = avrr(capsys, "compare", BASE, CASH, "--plan", "--out", str(tmp_path / "a"))
    assert code == 0 and "200" in out and "nothing was run" in out and not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--draws", "0"], "--draws 0"),
        (["--draws", "-3"], "--draws -3"),
        (["--replicates", "0"], "--replicates 0"),
        (["--size", "1"], "--size 1"),
        (["--months", "0"], "0 months"),
        (["--engine", "mesa"], "'mesa'"),
        (["--weights", "postprior"], "'postprior'"),
        (["--workers", "0"], "--workers 0"),
        (["--seed", "-1"], "--seed -1"),
        (["--weights", "central"], "--draws 1"),
        (["--draws", "many"], "--draws"),
    ],
)
def test_bad_options_are_refused(capsys, arguments, message):
    assert message in refused(capsys, "compare", BASE, CASH, *arguments)


def test_missing_file_unknown_command_and_single_scenario_are_refused(capsys, tmp_path):
    assert "no such file" in refused(capsys, "compare", BASE, str(tmp_path / "nowhere.yaml"))
    assert "baseline" in refused(capsys, "compare", BASE)
    assert "compar" in refused(capsys, "compar", BASE)
    assert "contact_center" in refused(capsys, "evidence", "contact_center") and "contact_centre" in refused(
        capsys, "evidence", "contact_center"
    )
    assert "norway" in refused(capsys, "programmes", "norwey")


def test_a_folder_that_is_in_use_or_cannot_be_written_is_refused(capsys, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep")
    assert "never overwritten" in refused(capsys, "run", BASE, *SMALL, "--out", str(tmp_path / "full"))
    assert (tmp_path / "full" / "mine.txt").read_text() == "keep"
    (tmp_path / "file").write_text("")
    assert "file" in refused(capsys, "run", BASE, *SMALL, "--out", str(tmp_path / "file"))
    assert "cannot be written" in refused(
        capsys, "run", BASE, *SMALL, "--out", str(tmp_path / "file" / "below")
    )
    assert "cannot be written" in refused(capsys, "run", BASE, *SMALL, "--out", "/proc/avrr")


def test_scenarios_over_other_months_cannot_be_compared(capsys, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(
        f"name: other\nasks: what?\nextends: {os.path.relpath(BASE, tmp_path)}\nwindow: {{from: "
        f"2013-01, to: 2014-12}}\n"
    )
    assert "window.from differs" in refused(capsys, "compare", BASE, str(other), *SMALL[:6])


def test_check_schema_evidence_programmes_levers_print(capsys):
    every = sorted(str(p) for p in SCENARIOS.glob("*.yaml"))
    code, out, err = avrr(capsys, "check", *every)
    assert code == 0 and out.count(": good") == len(every) >= 35
    assert "levers" in json.loads(avrr(capsys, "schema")[1])["properties"]
    assert (
        "Fafo" in avrr(capsys, "evidence", "security")[1]
        and len(json.loads(avrr(capsys, "evidence", "--json")[1])) > 100
    )
    shown = avrr(capsys, "programmes", "norway")[1]
    assert "20,000 NOK" in shown and "24,000 NOK" in shown and "factsheet" in shown.lower()
    assert "removal_level" in avrr(capsys, "levers")[1]


def test_check_warns_below_one_place_a_month(capsys, tmp_path):
    tight = tmp_path / "tight.yaml"
    tight.write_text(
        f"name: tight\nasks: what?\nextends: {os.path.relpath(BASE, tmp_path)}\nlevers: "
        f"{{directorate_places: 5}}\n"
    )
    code, _, err = avrr(capsys, "check", str(tight))
    assert code == 0 and "few simulated places at directorate" in err


def test_every_scenario_opens_with_two_lines_that_say_what_it_asks():
    for path in SCENARIOS.glob("*.yaml"):
        lines = path.read_text().splitlines()
        words = [line for line in lines if not line.startswith("# yaml-language-server: ")]
        assert words[0].startswith("# ") and words[1].startswith("# ") and not words[2].startswith("#"), (
            path.name
        )


def test_a_failing_run_is_recorded_and_the_others_go_on(capsys, tmp_path, monkeypatch):
    lived = job.lived

    def sometimes(plan, k, draw, replicate, past):
        if (draw, replicate) == (1, 0):
            raise ArithmeticError("a made-up failure")
        return lived(plan, k, draw, replicate, past)

    monkeypatch.setattr(job, "lived", sometimes)
    code, _, err = avrr(capsys, "compare", BASE, CASH, *SMALL, "--quiet", "--out", str(tmp_path / "a"))
    assert code == 1 and "1 of 4 jobs failed" in err and "made-up failure" in err and "Traceback" not in err
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text())
    assert manifest["status"] == "failed" and manifest["failures"][0]["draw"] == 1
    assert pd.read_parquet(tmp_path / "a" / "runs").groupby(["draw", "replicate"]).ngroups == 3
    assert (tmp_path / "a" / "report.html").exists()


def test_when_every_run_fails_there_is_one_message(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(job, "lived", lambda *a, **k: 1 / 0)
    code, _, err = avrr(capsys, "run", BASE, *SMALL, "--quiet", "--out", str(tmp_path / "a"))
    assert code == 1 and "every run failed" in err and "Traceback" not in err


def test_a_full_disk_leaves_the_finished_runs_readable(capsys, tmp_path, monkeypatch):
    write, written = kept.write_parquet, []

    def until_full(table, path):
        if len(written) > 2 * len(TABLES):  # in the middle of the third chunk
            path.with_name(path.name + ".part").write_bytes(b"half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        written.append(path)
        write(table, path)

    monkeypatch.setattr(kept, "write_parquet", until_full)
    code, _, err = avrr(
        capsys, "run", BASE, "--draws", "15", *SMALL[2:], "--quiet", "--out", str(tmp_path / "a")
    )
    assert code == 1 and "No space left" in err and "stays readable" in err and "Traceback" not in err
    assert json.loads((tmp_path / "a" / "manifest.json").read_text())["status"] == "failed"
    done = pd.concat(pd.read_parquet(path) for path in sorted((tmp_path / "a" / "runs").glob("*.parquet")))
    assert done.groupby(["draw", "replicate"]).ngroups == 20, "two chunks of ten jobs"
    kept_chunks = {name: len(list((tmp_path / "a" / name).glob("chunk-*.parquet"))) for name in TABLES}
    assert set(kept_chunks.values()) == {2}, "the third, half written, is in none of the tables"


def test_ctrl_c_leaves_the_finished_runs_readable(tmp_path):
    folder = tmp_path / "a"
    command = [
        sys.executable,
        "-m",
        "avrr_sim.cli",
        "run",
        BASE,
        "--draws",
        "5000",
        "--size",
        "2000",
        "--quiet",
        "--workers",
        "2",
        "--out",
        str(folder),
    ]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=heed_interrupts,
    )
    try:
        for _ in range(1200):
            if (folder / "totals" / "chunk-000001.parquet").exists() or process.poll() is not None:
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130, err
    assert "interrupted" in err and "Traceback" not in err
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["status"] == "interrupted" and manifest["jobs_done"] >= 20
    assert pd.read_parquet(folder / "runs").groupby(["draw", "replicate"]).ngroups == manifest["jobs_done"]


HEAVY = ("numba", "mesa", "pandas", "pyarrow", "matplotlib", "scipy", "numpy")
"""Libraries that take long to import."""


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["--help"], []),
        (["run", "scenarios/baseline-norway.yaml", "--plan"], ["numpy"]),
        (["compare", "scenarios/baseline-norway.yaml", "scenarios/cash-doubled.yaml", "--plan"], ["numpy"]),
        (["run", "scenarios/nowhere.yaml"], ["numpy"]),  # a refusal does not keep anybody waiting either
    ],
    ids=["help", "plan of a run", "plan of a comparison", "refusal"],
)
def test_what_needs_no_run_is_said_without_what_runs_need(arguments, needed):
    code = (
        f"import sys; sys.argv = ['avrr', *{arguments}]\nfrom avrr_sim import cli\ntry: "
        "cli.main()\nexcept SystemExit: pass\n"
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip().endswith(str(needed)), done.stdout[-200:] + done.stderr


def test_warm_says_what_it_did(capsys):
    code, out, _ = avrr(capsys, "warm")
    assert code == 0 and (out.startswith(("Compiled ", "Already compiled: ", "Nothing is compiled: ")))
    assert "allowed: table, agents" in refused(capsys, "warm", "--engine", "steam")
