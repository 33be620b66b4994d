"""Sweeps: what is run, what it leaves, and what is refused."""

from __future__ import annotations

import json
import shutil
import sys

import pandas as pd
import pytest
from commands import avrr, refused
from conftest import ROOT, SCENARIOS, norway

from avrr_sim import cli, sweep
from avrr_sim.refusals import Refusal
from avrr_sim.study.sweep import task
from avrr_sim.study.sweep.order import order_of
from experiments import experiment_file

EXPERIMENTS = ROOT / "experiments"
BASELINE = str(SCENARIOS / "baseline-norway.yaml")
LEVERS = "vary: {levers: {cash_level: [0, 1]}}\n"
SMALL = {"draws": 2, "replicates": 2, "size": 200, "months": 12}


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["--shard", "3/2"], "--shard '3/2'"),
        (["--shard", "0/2"], "1/4 to 4/4"),
        (["--workers", "0"], "--workers 0"),
        (["--draws", "0"], "--draws 0"),
        (["--precision", "0.01"], "of which measure"),
        (["--measure", "uptake_24"], "without --precision"),
        (["--precision", "0.01", "--measure", "uptake"], "uptake_24"),
        (["--precision", "-1", "--measure", "uptake_24"], "-1"),
        (["--precision", "0.01", "--measure", "uptake_24", "--shard", "1/2"], "cannot be split"),
        (["--resume"], "nothing to go on with"),
        (["--engine", "mesa"], "'mesa'"),
    ],
)
def test_bad_options_of_sweep_are_refused(capsys, tmp_path, monkeypatch, arguments, told):
    file = str(experiment_file(tmp_path, LEVERS))
    monkeypatch.chdir(tmp_path)
    assert told in refused(capsys, "sweep", file, *arguments)


def test_a_sweep_of_nothing_known_is_refused(capsys, tmp_path):
    assert "no such file" in refused(capsys, "sweep", str(tmp_path / "nowhere.yaml"))
    path = tmp_path / "x.yaml"
    path.write_text("baseline: baseline-norwey.yaml\n" + LEVERS)
    shutil.copy(BASELINE, tmp_path)
    assert "did you mean 'baseline-norway.yaml'" in refused(capsys, "sweep", str(path))


def test_plan_counts_and_estimates_and_runs_nothing(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(task, "simulate", lambda *a, **k: 1 / 0)
    code, out, _ = avrr(
        capsys, "sweep", str(EXPERIMENTS / "processing-places.yaml"), "--plan", "--out", str(tmp_path / "a")
    )
    assert code == 0 and "nothing was run" in out and not (tmp_path / "a").exists()
    facts = json.loads(
        avrr(capsys, "sweep", str(EXPERIMENTS / "processing-places.yaml"), "--plan", "--json")[1]
    )
    assert facts["points"] == 16 and facts["runs"] == 16 * 50 * 2, (
        "17 scenarios, one of them equal to the baseline"
    )
    assert facts["expected_seconds"] > 1
    half = json.loads(
        avrr(
            capsys, "sweep", str(EXPERIMENTS / "processing-places.yaml"), "--plan", "--json", "--shard", "1/2"
        )[1]
    )
    assert half["runs"] == 800


def test_the_estimate_goes_by_the_last_sweep_of_a_telling_size(tmp_path, monkeypatch):
    from avrr_sim.study.sweep import duration

    monkeypatch.setattr(duration, "_file", lambda: tmp_path / "pace.json")
    large = order_of(
        {"baseline": norway(), "vary": {"levers": {"cash_level": [0, 2]}}}, {"size": 5000, "draws": 10}
    ).plan
    first, ground = duration.expected_seconds(large, 1)
    assert "ordinary processor" in ground and first == pytest.approx(
        3 * 10 * 2 * (5000 * 24 * duration.ORDINARY["table"] + duration._EACH)
    )
    (tmp_path / "timings.json").write_text(
        json.dumps({"runs": 60, "cluster": None, "processor_seconds_of_runs": 60 * 5000 * 24 * 1e-6})
    )
    duration.remember_pace(
        order_of({"baseline": norway(), "vary": {"levers": {"cash_level": [0]}}}, {"size": 100}).plan,
        tmp_path,
    )
    assert "ordinary processor" in duration.expected_seconds(large, 1)[1], "small runs say nothing"
    duration.remember_pace(large, tmp_path)
    again, ground = duration.expected_seconds(large, 1)
    assert "last sweep" in ground and again == pytest.approx(60 * (0.12 + duration._EACH))


def test_points_that_run_alike_are_run_once(tmp_path, monkeypatch):
    seen = []
    simulate = task.simulate
    monkeypatch.setattr(
        task,
        "simulate",
        lambda scenario, *a, **k: (seen.append(scenario.name), simulate(scenario, *a, **k))[1],
    )
    content = {
        "baseline": norway(),
        "vary": {"levers": {"cash_level": [0, 1], "information_timing": ["even", "late"]}},
    }
    table = sweep(content, draws=2, replicates=1, size=150, workers=1, out=tmp_path / "a")
    assert len(seen) == 2 * 4, "baseline and three other points; cash 1 with even timing is the baseline"
    points = pd.read_csv(tmp_path / "a" / "points.csv", keep_default_na=False)
    assert dict(zip(points["scenario"], points["same_as"], strict=True)) == {
        "baseline": "",
        "p0001": "",
        "p0002": "",
        "p0003": "baseline",
        "p0004": "",
    }
    alike = table[table["scenario"] == "p0003"]
    shown = alike[~alike["difference_suppressed"] & alike["difference"].notna()]
    assert len(shown) > 10 and (shown["difference"] == 0).all()
    stored = pd.read_parquet(tmp_path / "a" / "runs")
    assert set(stored["scenario"]) == set(points["scenario"]), "rows stand there for every point all the same"


def test_differences_of_a_sweep_are_those_of_a_comparison():
    from avrr_sim import compare

    table = sweep(
        {"baseline": norway(), "vary": {"levers": {"cash_level": [3]}}}, draws=3, replicates=2, size=300
    )
    other = compare([norway(), norway(cash_level=3)], draws=3, replicates=2, size=300).differences
    mine = (
        table[table["scenario"] == "p0001"].set_index(["group_by", "group", "measure"])["difference"].dropna()
    )
    theirs = other.set_index(["group_by", "group", "measure"])["difference"]
    assert len(mine) > 20 and (mine == theirs.loc[mine.index]).all()


def test_a_notebook_gets_a_dataframe_in_a_few_lines():
    table = sweep({"baseline": BASELINE, "vary": {"levers": {"cash_level": [0, 2]}}}, **SMALL)
    assert isinstance(table, pd.DataFrame) and {
        "cash_level",
        "measure",
        "difference",
        "difference_low",
        "difference_mc_error",
    } <= set(table.columns)
    assert set(table["cash_level"]) == {0, 1, 2} and table.attrs["failures"] == []
    with pytest.raises(Refusal):
        sweep({"baseline": BASELINE, "vary": {"levers": {"cash_level": [99]}}})
    with pytest.raises(TypeError):
        sweep({"baseline": BASELINE, "vary": {"levers": {"cash_level": [0]}}}, drawz=3)


def test_a_failing_run_is_recorded_and_the_sweep_goes_on(capsys, tmp_path, monkeypatch):
    simulate = task.simulate

    def sometimes(scenario, *a, draw, replicate, **k):
        if (draw, replicate) == (1, 0) and "cash_level 2" in scenario.name:
            raise ArithmeticError("a made-up failure")
        return simulate(scenario, *a, draw=draw, replicate=replicate, **k)

    file = str(
        experiment_file(
            tmp_path, "vary: {levers: {cash_level: [0, 2]}}\ndraws: 3\nreplicates: 2\nsize: 150\nmonths: 12\n"
        )
    )
    with monkeypatch.context() as patch:
        patch.setattr(task, "simulate", sometimes)
        code, _, err = avrr(capsys, "sweep", file, "--quiet", "--out", str(tmp_path / "a"))
    assert (
        code == 1
        and "1 runs failed" in err
        and "p0002 draw 1 replicate 0" in err
        and "made-up failure" in err
        and "Traceback" not in err
    )
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text())
    assert manifest["status"] == "failed" and manifest["failures"] == [
        {"scenario": "p0002", "draw": 1, "replicate": 0, "error": "ArithmeticError: a made-up failure"}
    ]
    assert pd.read_parquet(tmp_path / "a" / "runs").groupby(["scenario", "draw", "replicate"]).ngroups == 17
    assert (tmp_path / "a" / "sweep.csv").exists() and list((tmp_path / "a" / "figures").glob("*.svg"))
    code, _, err = avrr(capsys, "sweep", file, "--quiet", "--resume", "--out", str(tmp_path / "a"))
    assert code == 0 and "tried again" in err
    assert pd.read_parquet(tmp_path / "a" / "runs").groupby(["scenario", "draw", "replicate"]).ngroups == 18


def test_when_every_run_of_a_sweep_fails_there_is_one_message(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(task, "simulate", lambda *a, **k: 1 / 0)
    code, _, err = avrr(
        capsys,
        "sweep",
        str(experiment_file(tmp_path, LEVERS + "draws: 1\n")),
        "--quiet",
        "--out",
        str(tmp_path / "a"),
    )
    assert code == 1 and "every run failed" in err and "Traceback" not in err


def test_sweep_help_needs_no_heavy_library(capsys):
    sys.argv = ["avrr", "sweep", "--help"]
    with pytest.raises(SystemExit):
        cli.main()
    assert "never narrows the uncertainty interval" in " ".join(
        capsys.readouterr().out.replace("│", " ").split()
    )
