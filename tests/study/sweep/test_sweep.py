"""Experiments and designs: what a file may say, which points it means, and what it is refused for."""

from __future__ import annotations

import json
import shutil
import sys

import numpy as np
import pandas as pd
import pytest
from commands import avrr, refused
from conftest import ROOT, SCENARIOS, norway

from avrr_sim import cli, sweep
from avrr_sim.refusals import Refusal
from avrr_sim.study.sweep import task
from avrr_sim.study.sweep.design import Factor, points_of
from avrr_sim.study.sweep.experiment import Experiment, is_experiment, load_experiment
from avrr_sim.study.sweep.order import order_of

EXPERIMENTS = ROOT / "experiments"
BASELINE = str(SCENARIOS / "baseline-norway.yaml")
SMALL = {"draws": 2, "replicates": 2, "size": 200, "months": 12}


def write(tmp_path, text: str, name: str = "mine.yaml"):
    """An experiment file beside a copy of the baseline."""
    shutil.copy(BASELINE, tmp_path / "base.yaml")
    path = tmp_path / name
    path.write_text("baseline: base.yaml\n" + text)
    return path


# --- designs
# ----------------------------------------------------------------------------------------------------------


def test_a_factorial_holds_every_combination_once():
    factors = [Factor("levers", "a", (1, 2, 3)), Factor("levers", "b", ("x", "y"))]
    assert points_of("factorial", factors) == [(1, "x"), (1, "y"), (2, "x"), (2, "y"), (3, "x"), (3, "y")]


def test_zip_takes_values_together():
    assert points_of("zip", [Factor("levers", "a", (1, 2)), Factor("levers", "b", (5, 6))]) == [
        (1, 5),
        (2, 6),
    ]


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_sampled_points_lie_once_in_every_slice_of_every_range(kind):
    factors = [
        Factor("levers", "a", low=2.0, high=6.0),
        Factor("weights", "b", low=0.01, high=100.0, scale="log"),
    ]
    points = np.array(points_of(kind, factors, 32, 7))
    shares = np.column_stack([(points[:, 0] - 2) / 4, (np.log10(points[:, 1]) + 2) / 4])
    for column in shares.T:
        assert sorted(np.floor(column * 32).astype(int)) == list(range(32)), "one point in each of 32 slices"
    assert (
        points_of(kind, factors, 32, 7) == points_of(kind, factors, 32, 7) != points_of(kind, factors, 32, 8)
    )


def test_words_can_be_sampled_each_with_an_equal_part():
    points = points_of(
        "latin_hypercube", [Factor("levers", "information_timing", ("early", "gradual", "late"))], 30, 1
    )
    assert {word: points.count((word,)) for word in ("early", "gradual", "late")} == {
        "early": 10,
        "gradual": 10,
        "late": 10,
    }


# --- files
# ------------------------------------------------------------------------------------------------------------


def test_the_experiments_that_are_shipped_are_good_and_say_what_they_ask(capsys):
    files = sorted(EXPERIMENTS.glob("*.yaml"))
    assert {"cash-by-timing", "security-by-information", "processing-places", "trust"} <= {
        path.stem for path in files
    }
    assert avrr(capsys, "check", *map(str, files))[0] == 0
    for path in filter(is_experiment, files):
        lines = path.read_text().splitlines()
        assert lines[0].startswith("# ") and lines[1].startswith("# ") and load_experiment(path).asks, (
            path.name
        )


def test_cash_by_timing_goes_from_none_to_four_times_by_three_timings():
    experiment = load_experiment(EXPERIMENTS / "cash-by-timing.yaml")
    cash, timing = zip(*experiment.points, strict=True)
    assert (
        {0.0, 4.0} <= set(cash)
        and set(timing) == {"early", "gradual", "late"}
        and "abode" in experiment.read_by
    )


def test_an_experiment_survives_being_written_down():
    for path in filter(is_experiment, EXPERIMENTS.glob("*.yaml")):
        experiment = load_experiment(path)
        again = Experiment.from_resolved(json.loads(json.dumps(experiment.resolved())))
        assert order_of(again).digest == order_of(experiment).digest


def test_factors_reach_levers_amounts_and_weights_from_their_month_on(tmp_path):
    text = (
        "vary:\n  levers:\n    cash_level: {values: [0, 2], from: 2013-01, announced: 2012-07}\n   "
        " information_timing: [late]\n"
        "  amounts: {cash_a_adult: {values: [30000], from: 2014-01}}\n  weights: {ties: [0.1]}\n"
    )
    experiment = load_experiment(write(tmp_path, text))
    scenario, amounts = experiment.scenario_of(experiment.points[1], "second")
    step = scenario.levers["cash_level"][0]
    assert (step.value, step.start, step.announced) == (2, 2013 * 12, 2012 * 12 + 6)
    assert scenario.levers["information_timing"][0].value == "late" and scenario.weights == {"ties": 0.1}
    assert amounts == {"cash_a_adult": (2014 * 12, 30000.0)}


def test_an_amount_pays_what_it_says_from_its_month_on():
    from avrr_sim.engines.world import build_world
    from avrr_sim.evidence import central_weights

    scenario = norway()
    plain = build_world(scenario, central_weights(), 1, 0, 0, 50).origins["cash_a_adult"]
    changed = build_world(
        scenario, central_weights(), 1, 0, 0, 50, amounts={"cash_a_adult": (scenario.start + 12, 31_000.0)}
    ).origins["cash_a_adult"]
    assert (
        (changed[:, :12] == plain[:, :12]).all()
        and (changed[:, 12:] == 31_000).all()
        and (plain[:, 12:] != 31_000).all()
    )


def test_rows_of_a_csv_are_points_and_an_empty_cell_is_as_in_the_baseline(tmp_path):
    (tmp_path / "points.csv").write_text("cash_level,information_timing,weights.ties\n2,early,\n,late,0.5\n")
    experiment = load_experiment(write(tmp_path, "design: {kind: rows, file: points.csv}\n"))
    assert experiment.points == ((2.0, "early", None), (None, "late", 0.5))
    first, second = (experiment.scenario_of(point, "x")[0] for point in experiment.points)
    assert not first.weights and "cash_level" not in second.levers and second.weights == {"ties": 0.5}


LEVERS = "vary: {levers: {cash_level: [0, 1]}}\n"


@pytest.mark.parametrize(
    "text, told",
    [
        ("vary: {levers: {cash_levle: [0]}}\n", ("vary.levers", "cash_levle", "did you mean 'cash_level'")),
        ("vary: {levers: {cash_level: [0, 11]}}\n", ("vary.levers.cash_level[1]", "11", "0 to 10")),
        ("vary: {levers: {cash_level: [two]}}\n", ("vary.levers.cash_level[0]", "two", "0 to 10")),
        (
            "vary: {levers: {information_timing: [erly]}}\n",
            ("information_timing[0]", "erly", "did you mean 'early'"),
        ),
        ("vary: {weights: {tiez: [1]}}\n", ("vary.weights", "tiez", "did you mean 'ties'")),
        ("vary: {amounts: {cash_a_adlt: [1]}}\n", ("vary.amounts", "did you mean 'cash_a_adult'")),
        ("vary: {amounts: {cash_a_adult: [-1]}}\n", ("vary.amounts.cash_a_adult[0]", "-1")),
        ("vary: {cash_level: [1]}\n", ("vary", "cash_level", "did you mean 'levers: cash_level'")),
        ("vary: {}\n", ("vary",)),
        ("draws: 3\n", ("vary", "needs something to vary")),
        ("vary: {levers: {cash_level: 2}}\n", ("cash_level", "neither a list of values nor a range")),
        ("vary: {levers: {cash_level: {low: 0, high: 4}}}\n", ("factorial needs a list",)),
        ("vary: {levers: {cash_level: [1, 1]}}\n", ("twice",)),
        (
            "vary: {levers: {cash_level: {low: 4, high: 0}}}\ndesign: {kind: sobol, points: 8}\n",
            ("no range",),
        ),
        (
            "vary: {levers: {cash_level: {low: 0, high: 4, scale: log}}}\ndesign: {kind: sobol, points: 8}\n",
            ("no range on a log scale",),
        ),
        (
            "vary: {levers: {cash_level: {low: 0, high: 4}}}\ndesign: {kind: sobol, points: 9}\n",
            ("design.points", "power of two", "8 or 16"),
        ),
        (
            "vary: {levers: {cash_level: {low: 0, high: 4}}}\ndesign: {kind: sobol}\n",
            ("needs the key 'points'",),
        ),
        (
            "vary: {levers: {cash_level: {low: 0, hihg: 4}}}\ndesign: {kind: sobol, points: 8}\n",
            ("hihg", "did you mean 'high'"),
        ),
        (LEVERS + "design: factorail\n", ("design", "factorail", "did you mean 'factorial'")),
        (LEVERS + "design: {kind: factorial, points: 3}\n", ("design", "'points'")),
        (LEVERS + "design: {kind: rows, file: nowhere.csv}\n", ("vary", "rows")),
        ("design: {kind: rows, file: nowhere.csv}\n", ("nowhere.csv", "cannot be read")),
        (
            "vary: {levers: {cash_level: [0, 1], outreach: [0, 1, 2]}}\ndesign: zip\n",
            ("zip", "cash_level 2", "outreach 3"),
        ),
        (LEVERS + "mesures: [uptake_24]\n", ("mesures", "did you mean 'measures'")),
        (LEVERS + "measures: [uptake]\n", ("measures[0]", "uptake_24")),
        (LEVERS + "measures: [uptake_24, uptake_24]\n", ("measures[1]", "twice")),
        (LEVERS + "read_by: [country]\n", ("read_by[0]", "origin")),
        (LEVERS + "draws: 0\n", ("draws",)),
        (LEVERS + "draws:\n", ("draws", "has no value")),
        (LEVERS + "draws: 1\ndraws: 2\n", ("duplicate key",)),
        (LEVERS + "precision: {measure: uptake_24}\n", ("precision", "'below'")),
        (LEVERS + "precision: {measure: granted, below: 1}\n", ("precision.measure", "granted")),
        (LEVERS + "precision: {measure: uptake_24, below: 0}\n", ("precision.below", "0")),
        (
            "vary: {levers: {removal_level: {values: [1, 2], announced: 2012-01}}}\n",
            ("removal_level.announced",),
        ),
        ("vary: {weights: {ties: {values: [1], from: 2012-01}}}\n", ("ties.from",)),
        ("vary: {levers: {cash_level: {values: [1], from: 2031-01}}}\n", ("outside",)),
    ],
)
def test_what_is_wrong_in_an_experiment_is_refused_with_file_path_and_hint(capsys, tmp_path, text, told):
    message = refused(capsys, "sweep", str(write(tmp_path, text)), "--plan")
    assert ("mine.yaml" in message or ".csv" in message or "--draws" in message) and all(
        part in message for part in told
    ), message


@pytest.mark.parametrize(
    "content, told",
    [
        ("cash_level\n", "holds no rows"),
        ("cash_levle\n1\n", "did you mean 'cash_level'"),
        ("cash_level,cash_level\n1,2\n", "two columns"),
        ("cash_level\n1,2\n", "2 cells under 1"),
        ("cash_level\n99\n", "row 2.cash_level: 99"),
        ("cash_level\nnan\n", "'nan' is not a number"),
        ("policies.x\n1\n", "policies.x"),
    ],
)
def test_what_is_wrong_in_a_csv_is_refused_with_its_row(capsys, tmp_path, content, told):
    (tmp_path / "points.csv").write_text(content)
    assert told in refused(
        capsys, "sweep", str(write(tmp_path, "design: {kind: rows, file: points.csv}\n")), "--plan"
    )


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
    file = str(write(tmp_path, LEVERS))
    monkeypatch.chdir(tmp_path)
    assert told in refused(capsys, "sweep", file, *arguments)


def test_a_sweep_of_nothing_known_is_refused(capsys, tmp_path):
    assert "no such file" in refused(capsys, "sweep", str(tmp_path / "nowhere.yaml"))
    path = tmp_path / "x.yaml"
    path.write_text("baseline: baseline-norwey.yaml\n" + LEVERS)
    shutil.copy(BASELINE, tmp_path)
    assert "did you mean 'baseline-norway.yaml'" in refused(capsys, "sweep", str(path))


# --- what is run
# ------------------------------------------------------------------------------------------------------


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
        write(
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
    assert (tmp_path / "a" / "sweep.csv").exists() and list((tmp_path / "a" / "figures").glob("*.png"))
    code, _, err = avrr(capsys, "sweep", file, "--quiet", "--resume", "--out", str(tmp_path / "a"))
    assert code == 0 and "tried again" in err
    assert pd.read_parquet(tmp_path / "a" / "runs").groupby(["scenario", "draw", "replicate"]).ngroups == 18


def test_when_every_run_of_a_sweep_fails_there_is_one_message(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(task, "simulate", lambda *a, **k: 1 / 0)
    code, _, err = avrr(
        capsys, "sweep", str(write(tmp_path, LEVERS + "draws: 1\n")), "--quiet", "--out", str(tmp_path / "a")
    )
    assert code == 1 and "every run failed" in err and "Traceback" not in err


def test_sweep_help_needs_no_heavy_library(capsys):
    sys.argv = ["avrr", "sweep", "--help"]
    with pytest.raises(SystemExit):
        cli.main()
    assert "never narrows the uncertainty interval" in " ".join(
        capsys.readouterr().out.replace("│", " ").split()
    )
