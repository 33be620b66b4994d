"""A whole calibration, small: from an empty folder to a page, over a kill, for somebody's own figures; and
the posterior that the package carries.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from conftest import ROOT, norway
from scipy.special import ndtr

import avrr_sim.posterior as posterior
from avrr_sim.evidence import draw_weights, load_evidence, value_at
from avrr_sim.programme import unknowns_of
from avrr_sim.report.words.sentences import caution_said, limits_said
from avrr_sim.scenario import load_scenario
from avrr_sim.study.calibration import renewal
from avrr_sim.study.calibration.runs import run_point
from avrr_sim.study.calibration.space import Space
from avrr_sim.study.calibration.targets import load_targets
from avrr_sim.study.jobs.plan import make_plan
from avrr_sim.study.summary.cautions import cautions_of_posterior
from avrr_sim.study.summary.limits import on_draws

SMALL = {
    "name": "Mine",
    "scenario": str(ROOT / "scenarios" / "estonia-2010-2016.yaml"),
    "waves": 2,
    "points": 96,
    "size": 300,
    "close_points": 96,
    "close_size": 300,
    "seed": 4,
    "series": {
        "assisted": {
            "figure": "assisted returns",
            "measure": "assisted_departures",
            "years": {"2012": 25, "2013": 25, "2014": 30},
            "standard_error": 5,
            "discrepancy": {"shared": 0.3, "own": 0.3},
            "ratios": [[2014, 2012]],
            "source": "somebody",
        }
    },
    "targets": {
        "departures": {
            "figure": "about 25 a year",
            "measure": "assisted_departures",
            "window": {"from": "2011-01", "to": "2015-12"},
            "value": 25,
            "standard_error": 2,
            "discrepancy": 8,
            "source": "somebody",
        },
        "late": {
            "figure": "few after three years",
            "measure": "departed_after_36",
            "window": {"from": "2010-01", "to": "2016-10"},
            "range": [0, 0.5],
            "discrepancy": 0.1,
            "source": "somebody",
        },
        "check": {
            "figure": "told and not fitted",
            "measure": "drop_out_12",
            "window": {"from": "2011-01", "to": "2015-12"},
            "value": 0.3,
            "standard_error": 0.05,
            "discrepancy": 0.1,
            "source": "somebody",
            "role": "check",
        },
    },
}
KEPT = (
    "wave-1/points.parquet",
    "wave-2/points.parquet",
    "posterior/points.parquet",
    "posterior.parquet",
    "again.parquet",
    *(
        f"{name}.csv"
        for name in (
            *("drivers", "targets", "paths", "whole_paths", "left_out", "tension", "tolerances", "effects"),
            *("methods", "checks", "verdicts", "ranks", "recovery"),
        )
    ),
    "recipe.json",
    "study.json",
    "report.html",
)


def avrr(*words: str) -> list[str]:
    return [sys.executable, "-m", "avrr_sim.cli", *words]


@pytest.fixture(scope="module")
def mine(tmp_path_factory) -> Path:
    """A targets file of somebody's own, with the effect of one scenario."""
    folder = tmp_path_factory.mktemp("mine")
    (folder / "more.yaml").write_text(
        yaml.safe_dump(
            {
                "extends": os.path.relpath(SMALL["scenario"], folder),
                "name": "More cash",
                "asks": "What if?",
                "levers": {"cash_level": 2},
            }
        )
    )
    path = folder / "mine.yaml"
    path.write_text(yaml.safe_dump({**SMALL, "effects": ["more.yaml"]}))
    return path


@pytest.fixture(scope="module")
def done(mine) -> tuple[Path, dict]:
    folder = mine.parent / "done"
    run = subprocess.run(
        avrr("calibrate", "--targets", str(mine), "--out", str(folder), "--json"),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return folder, json.loads(run.stdout)


def test_somebodys_own_figures_are_fitted_and_everything_is_there(done):
    folder, told = done
    for name in KEPT:
        assert (folder / name).is_file(), name
    assert {row["id"]: row["role"] for row in told["targets"]} == {
        "departures": "fit",
        "late": "fit",
        "check": "check",
        **{f"assisted {year}": "fit" for year in (2012, 2013, 2014)},
        "assisted 2014/2012": "related",
    }
    drawn = pd.read_parquet(folder / "posterior.parquet")
    assert len(drawn) == len(drawn.drop_duplicates()) > 10, "no row is repeated"
    assert {*load_evidence()} - {*drawn.columns} == {"unregistered_inflow"}, (
        "what the scenario pins is not fitted"
    )
    page = (folder / "report.html").read_text()
    assert all(f'id="{key}"' in page for key in ("paths", "fit", "drivers", "checks", "limits", "provenance"))
    assert {row["check"] for row in told["verdicts"]} >= {
        "coverage of 90 % intervals",
        "uniform ranks, smallest corrected p",
    }


def test_a_posterior_stays_in_the_range_of_its_weights(done):
    drawn = pd.read_parquet(done[0] / "posterior.parquet")
    for name, weight in load_evidence().items():
        if name not in drawn:
            continue
        values = drawn[name]
        assert values.notna().all()
        if weight.scale == "share":
            assert values.between(0, 1, inclusive="neither").all(), name
        elif weight.scale == "positive":
            assert (values > 0).all(), name


def test_a_killed_calibration_goes_on_and_ends_in_the_same_bytes(mine, done, tmp_path):
    folder = tmp_path / "killed"
    command = avrr("calibrate", "--targets", str(mine), "--out", str(folder), "--quiet")
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 300
    while (
        not list(folder.glob("wave-1/runs/chunk-*.parquet"))
        and process.poll() is None
        and time.monotonic() < end
    ):
        time.sleep(0.02)
    assert process.poll() is None, "killed in mid-run"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    again = subprocess.run([*command, "--resume"], cwd=ROOT, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    for name in KEPT:
        if (done[0] / name).is_file():
            assert (folder / name).read_bytes() == (done[0] / name).read_bytes(), name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {
                "targets": {
                    "departures": {**SMALL["targets"]["departures"], "value": 900_000, "discrepancy": 1000}
                }
            },
            "no run can reach 900000",
        ),
        ({"series": {"assisted": {**SMALL["series"]["assisted"], "measure": "happiness"}}}, "happiness"),
    ],
)
def test_what_cannot_be_fitted_is_refused_with_code_2(tmp_path, change, said):
    path = tmp_path / "bad.yaml"
    path.write_text(yaml.safe_dump({**SMALL, "waves": 1, **change}))
    run = subprocess.run(
        avrr("calibrate", "--targets", str(path), "--out", str(tmp_path / "out"), "--quiet"),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 2 and said in run.stderr and "Traceback" not in run.stderr, run.stderr


def test_a_folder_in_use_is_not_overwritten_and_nothing_to_go_on_with_is_said(mine, done, tmp_path):
    run = subprocess.run(
        avrr("calibrate", "--targets", str(mine), "--out", str(done[0])),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 2 and "in use already" in run.stderr
    run = subprocess.run(
        avrr("calibrate", "--targets", str(mine), "--out", str(tmp_path / "none"), "--resume"),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 2 and "nothing to go on with" in run.stderr


def test_a_plan_runs_nothing_and_says_how_much_there_is_to_do(tmp_path):
    run = subprocess.run(
        avrr("calibrate", "--plan", "--json", "--points", "128", "--out", str(tmp_path / "out")),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    told = json.loads(run.stdout)
    assert (
        run.returncode == 0
        and told["points of a wave"] == told["points of the posterior"] == 128
        and told["runs"] > told["waves"] * 128
        and not (tmp_path / "out").exists()
    )


# What runs say, and what is left alone


def test_a_weight_that_acts_on_no_figure_keeps_its_prior_to_the_last_digit(done):
    folder, _ = done
    recipe = json.loads((folder / "recipe.json").read_text())
    drawn = pd.read_parquet(folder / "posterior.parquet")
    space = Space(load_scenario(SMALL["scenario"]), SMALL["seed"])
    idle = [name for name in space.names if name not in recipe["acting"]]
    assert "resale_value" in idle and "apply_constant" in recipe["acting"] and len(idle) > 10
    for name in idle:
        prior = [value_at(space.priors[name], z) for z in space.prior_column(name, len(drawn))]
        assert np.array_equal(drawn[name].to_numpy(), np.array(prior, "float32")), name
        even = np.sort(space.prior_column(name, len(drawn)))
        assert np.allclose(ndtr(even), (np.arange(len(drawn)) + 0.5) / len(drawn)), (
            "the prior's own quantiles"
        )
    table = pd.read_parquet(folder / "drivers.parquet").set_index("weight")
    assert not table.loc[idle, "informed"].any() and (table.loc[idle, "contraction"] == 0).all()
    assert (table.loc[idle, "posterior_low"] == table.loc[idle, "prior_low"]).all()


# The posterior that the package carries


def test_the_shipped_posterior_belongs_to_this_model():
    """Rules, priors or data have changed since it was fitted: run `avrr calibrate --ship`
    (docs/calibration.md).
    """
    assert posterior.posterior_shipped()
    assert posterior.stale() is None
    assert posterior.recipe()["posterior_hash"] == posterior.posterior_hash()


def test_the_shipped_runs_are_what_this_model_says():
    """A few of the runs that are shipped, made again."""
    assert renewal.points_that_differ(tried=3) == []


def test_a_fingerprint_is_not_renewed_where_a_run_says_something_else(monkeypatch, tmp_path, capsys):
    def another(point):
        return {key: value * 1.001 for key, value in run_point(point).items()}

    before = (posterior.FOLDER / "recipe.json").read_bytes()
    monkeypatch.setattr(renewal, "run_point", another)
    monkeypatch.setattr(renewal, "TRIED", 1)
    assert renewal.renew() is False and "point 0: T" in capsys.readouterr().err
    assert (posterior.FOLDER / "recipe.json").read_bytes() == before


def test_runs_use_the_shipped_posterior_unless_told_otherwise():
    scenario = load_scenario(ROOT / "scenarios" / "baseline-norway.yaml")
    unknowns = unknowns_of(scenario.programmes)
    drawn, prior = (
        make_plan([scenario]).weights_of(0, scenario),
        draw_weights(1, 0, scenario.weights, unknowns),
    )
    assert make_plan([scenario]).weights == "posterior" and drawn == posterior.posterior_weights(
        1, 0, scenario.weights, unknowns
    )
    assert make_plan([scenario], weights="prior").weights_of(0, scenario) == prior and drawn != prior


def test_the_shipped_posterior_is_worth_a_thousand_independent_draws_and_small():
    shipped = pd.read_parquet(posterior.FOLDER / "posterior.parquet")
    assert len(shipped) == len(shipped.drop_duplicates()) == posterior.worth() >= 1000
    assert sum(path.stat().st_size for path in posterior.FOLDER.iterdir()) < 4_000_000


def test_draws_of_the_posterior_are_the_shipped_rows_each_once_and_pins_stand():
    """As many draws as rows: every shipped row comes once, in an order that a seed decides."""
    shipped = pd.read_parquet(posterior.FOLDER / "posterior.parquet")
    unknowns = unknowns_of(load_targets(ROOT / "experiments" / "calibration-norway.yaml").scenario.programmes)
    drawn = [posterior.posterior_weights(1, draw, None, unknowns) for draw in range(len(shipped))]
    assert sorted(tuple(row[name] for name in shipped.columns) for row in drawn) == sorted(
        map(tuple, shipped.astype(float).to_numpy())
    )
    same = posterior.rows_of(1, range(len(shipped)))
    assert len(set(same)) == len(shipped)
    assert (
        list(posterior.rows_of(2, range(50)))
        != list(same[:50])
        == list(posterior.rows_of(1, range(len(shipped), len(shipped) + 50)))
    )
    assert posterior.posterior_weights(1, 0, {"commitment": 3.0})["commitment"] == 3.0


def test_more_draws_than_the_posterior_is_worth_are_warned_of_and_said_in_the_limits():
    enough = int(posterior.worth())
    told = [
        [
            caution_said(each)
            for each in cautions_of_posterior(make_plan([norway()], draws=draws, weights=weights))
            if each["key"] == "posterior_copies"
        ]
        + limits_said(on_draws(make_plan([norway()], draws=draws, weights=weights)))
        for draws, weights in ((enough, "posterior"), (enough + 1, "posterior"), (enough + 1, "prior"))
    ]
    assert [len(texts) for texts in told] == [0, 2, 0] and all(str(enough + 1) in text for text in told[1])


def test_a_posterior_of_another_model_is_said_to_be_out_of_date(monkeypatch):
    before = posterior.fingerprint()
    monkeypatch.setattr(posterior, "fingerprint", lambda: {**before, "rules": "another"})
    assert "the rules changed" in posterior.stale()
