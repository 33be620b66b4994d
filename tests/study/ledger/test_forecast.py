"""`avrr predict` freezes, `avrr score` scores: the same bytes from the same inputs, nothing overwritten,
nothing changed unnoticed, every mistake refused.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from commands import avrr, refused
from conftest import ROOT, SCENARIOS

from avrr_sim.documents.forecasts import PREDICTIONS, actuals_of, forecasts_in, page
from avrr_sim.refusals import Refusal
from avrr_sim.study.ledger.forecast import read_forecast
from avrr_sim.study.ledger.series import all_series

DRAWS = 12


@pytest.fixture(scope="module")
def scenario(tmp_path_factory) -> Path:
    """A short scenario of Norway."""
    file = tmp_path_factory.mktemp("scenario") / "short.yaml"
    content = {
        "extends": os.path.relpath(SCENARIOS / "baseline-norway.yaml", file.parent),
        "start": "2013-01",
        "origins": ["iraq", "russia"],
    }
    file.write_text(yaml.safe_dump({**content, "window": {"from": "2014-01", "to": "2015-12"}}))
    return file


def ordered(scenario: Path, home: Path, name: str = "a") -> list[str]:
    out, runs = ("--out", str(home / f"{name}.json")), ("--runs", str(home / f"runs-{name}"))
    small = ("--draws", str(DRAWS), "--size", "300", "--date", "2024-02-29", "--quiet")
    return ["predict", str(scenario), "--from", "2016-01", "--until", "2017-12", *out, *runs, *small]


@pytest.fixture(scope="module")
def frozen(scenario, tmp_path_factory) -> Path:
    """A forecast that was frozen."""

    from avrr_sim import cli

    home = tmp_path_factory.mktemp("frozen")
    old, sys.argv = sys.argv, ["avrr", *ordered(scenario, home)]
    try:
        with pytest.raises(SystemExit) as stop:
            cli.main()
    finally:
        sys.argv = old
    assert not stop.value.code
    return home / "a.json"


def test_the_same_inputs_give_the_same_bytes(frozen, scenario, capsys, tmp_path):
    code, out, _ = avrr(capsys, *ordered(scenario, tmp_path, "b"))
    assert code == 0 and "Assisted departures" in out
    assert (tmp_path / "b.json").read_bytes() == frozen.read_bytes()


def test_a_forecast_says_what_it_is_of_and_made_with(frozen):
    told = read_forecast(frozen)
    assert told.date == "2024-02-29" and told.years == [2016, 2017] and told.until == "2017-12"
    assert {"model_hash", "data_hash", "posterior_hash", "evidence_hash", "seed"} <= told.made_with.keys()
    assert any(fact.startswith("Claims for asylum by origin of Norway") for fact in told.knows)
    assert set(told.series) == {"assisted", "forced", "dublin", "missing", "rejected stock"}
    for name, series in told.series.items():
        assert series.error == all_series()[name].error > 0 and series.basis and series.counted
        for year in series.years.values():
            assert len(year.draws) == DRAWS
            low, high = np.quantile(year.draws, [0.05, 0.95])
            assert year.interval_90 == pytest.approx([low, high], abs=0.11)
            assert year.interval_90[0] <= year.interval_50[0] <= year.median <= year.interval_50[1]
    assert told.series["assisted"].last_published.year == 2015


def test_a_forecast_is_never_overwritten_and_a_changed_one_is_refused(frozen, scenario, capsys, tmp_path):
    again = [str(frozen) if word.endswith("c.json") else word for word in ordered(scenario, tmp_path, "c")]
    assert "is there already" in refused(capsys, *again)
    content = json.loads(frozen.read_text(encoding="utf-8"))
    for change in ({"date": "2015-01-01"}, {"note": "changed"}):
        (tmp_path / "changed.json").write_text(json.dumps({**content, **change}))
        with pytest.raises(Refusal, match="was changed since it was frozen"):
            read_forecast(tmp_path / "changed.json")
    (tmp_path / "other.json").write_text("{}")
    with pytest.raises(Refusal, match="is no forecast"):
        read_forecast(tmp_path / "other.json")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--until", "2017-06"], "are no whole years"),
        (["--until", "2017-13"], "--until '2017-13'"),
        (["--date", "yesterday"], "--date 'yesterday'"),
        (["--until", "2030-12"], "2030-12"),
    ],
)
def test_what_cannot_be_forecast_is_refused(options, said, scenario, capsys, tmp_path):
    assert said in refused(capsys, *ordered(scenario, tmp_path, "d"), *options)


def test_scores_are_those_of_the_figures_that_came(frozen, capsys, tmp_path):
    code, out, _ = avrr(capsys, "score", str(frozen), "--template")
    rows = list(csv.DictReader(out.splitlines()))
    assert code == 0 and len(rows) == 10 and rows[0].keys() == {"series", "year", "value", "source"}
    told = read_forecast(frozen)
    middle = told.series["assisted"].years["2016"].median
    far = 10 * told.series["forced"].years["2017"].interval_90[1] + 1000
    came = f"series,year,value,source\nassisted,2016,{middle},here\nforced,2017,{far},there\ndublin,2016,,\n"
    (tmp_path / "came.csv").write_text(came)
    code, out, _ = avrr(capsys, "score", str(frozen), str(tmp_path / "came.csv"), "--json")
    scored = json.loads(out)
    assert code == 0 and [row["inside_90"] for row in scored["scores"]] == [True, False]
    assert scored["summary"]["coverage_90"] == 0.5 and scored["scores"][0]["crps_unchanged"] == abs(
        1167 - middle
    )
    assert scored["scores"][1]["probability_below"] == 1.0
    code, out, _ = avrr(capsys, "score", str(frozen), str(tmp_path / "came.csv"))
    assert code == 0 and "2 figures; inside the 50 % interval 50 %" in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "begins with"),
        ("series,year\n", "begins with"),
        ("series,year,value,source\nasisted,2016,1,x\n", "did you mean 'assisted'"),
        ("series,year,value,source\nassisted,2011,1,x\n", "'2011' is not forecast"),
        ("series,year,value,source\nassisted,2016,many,x\n", "'many' is no figure"),
        ("series,year,value,source\nassisted,2016,-3,x\n", "'-3' is no figure"),
        ("series,year,value,source\nassisted,2016,nan,x\n", "'nan' is no figure"),
        ("series,year,value,source\nassisted,2016,3,\n", "lacks its source"),
        ("series,year,value,source\nassisted,2016,3,x\nassisted,2016,4,x\n", "stands there twice"),
        ("series,year,value,source\nassisted,2016,,\n", "holds no figure"),
        ("series,year,value,source\nassisted,2016\n", "has 2 columns"),
    ],
)
def test_figures_that_came_are_checked_line_by_line(text, said, frozen, capsys, tmp_path):
    (tmp_path / "came.csv").write_text(text)
    assert said in refused(capsys, "score", str(frozen), str(tmp_path / "came.csv"))


def test_the_page_of_forecasts_holds_every_frozen_file_and_every_score(frozen, tmp_path):
    document = (ROOT / "docs" / "forecasts.md").read_text(encoding="utf-8")
    assert page(document, ROOT / PREDICTIONS) == document
    assert all(file.name in document for file in (ROOT / PREDICTIONS).glob("*.json"))
    (tmp_path / "a.json").write_bytes(frozen.read_bytes())
    assert "no figure has been set beside it yet" in page(document, tmp_path)
    actuals_of(tmp_path / "a.json").write_text("series,year,value,source\nassisted,2016,500,x\n")
    assert "| a.json | 2024-02-29 | Assisted departures | 2016 | 500 |" in page(document, tmp_path)


def test_the_forecast_that_is_shipped_is_whole():
    found = list(forecasts_in(ROOT / PREDICTIONS))
    assert found and all(forecast.years == [2016, 2017, 2018] for _, forecast in found)
