"""A false, empty or zero value is what it says or is refused, never a silent default; names that look alike
are told apart; files that files name are plain ones; options have one range.
"""

from __future__ import annotations

import json
import os
import socket
import time
from pathlib import Path

import pytest
from commands import avrr, refused
from conftest import SCENARIOS, norway

from avrr_sim.refusals import Refusal
from avrr_sim.scenario import Scenario, load_scenario, slug
from avrr_sim.study.jobs.plan import make_plan
from avrr_sim.study.sweep.experiment import load_experiment

BASE = (SCENARIOS / "baseline-norway.yaml").read_bytes()
EXPERIMENT = "baseline: base.yaml\nvary: {levers: {cash_level: [0, 1]}}\n"
PLAN = ("--draws", "1", "--size", "300", "--plan")


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "base.yaml").write_bytes(BASE)
    return tmp_path


# --- false and empty
# ----------------------------------------------------------------------------------------------------------

EMPTY = ["''", "' '", "[]", "{}", "0", "false", "null"]
KEYS = ("name", "origins", "host", "programme", "extends", "start", "protection_gate", "minimum_cell")


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", EMPTY)
def test_nothing_is_no_value_of_a_scenario(folder, key, value):
    if (key, value) == ("protection_gate", "0"):
        return  # a gate that holds nobody back: what it says
    extends = "" if key == "extends" else "extends: base.yaml\n"
    (folder / "mine.yaml").write_text(f"{extends}{key}: {value}\n")
    with pytest.raises(Refusal):
        load_scenario(folder / "mine.yaml")


@pytest.mark.parametrize(
    "key",
    ["name", "measures", "read_by", "design", "precision", "draws", "size", "months", "weights", "vary"],
)
@pytest.mark.parametrize("value", EMPTY)
def test_nothing_is_no_value_of_an_experiment(folder, key, value):
    text = EXPERIMENT if key != "vary" else "baseline: base.yaml\n"
    (folder / "mine.yaml").write_text(f"{text}{key}: {value}\n")
    with pytest.raises(Refusal):
        load_experiment(folder / "mine.yaml")


def test_zero_and_nothing_are_kept_where_they_are_values(folder):
    text = "extends: base.yaml\nlevers: {cash_level: 0}\nweights: {ties: 0}\nprotection_gate: 0\n"
    (folder / "mine.yaml").write_text(f"{text}country_programmes: []\n")
    mine = load_scenario(folder / "mine.yaml")
    assert mine.levers["cash_level"][0].value == 0 and mine.weights["ties"] == 0
    assert mine.protection_gate == 0 and mine.country_programmes == ()
    assert load_experiment({"baseline": norway(), "vary": {"levers": {"cash_level": [0]}}}).points == (
        (0.0,),
    )
    (folder / "history.yaml").write_bytes((SCENARIOS / "norway-history.yaml").read_bytes())
    (folder / "baseline-norway.yaml").write_bytes(BASE)
    (folder / "none.yaml").write_text("extends: history.yaml\ncountry_programmes: []\nname: none\n")
    assert load_scenario(folder / "history.yaml").country_programmes
    assert load_scenario(folder / "none.yaml").country_programmes == ()
    plan = make_plan([norway()], seed=0, weights="prior")
    assert plan.seed == 0


@pytest.mark.parametrize(
    "option", ["--weights=", "--engine=", "--out=", "--cluster=", "--months=0", "--draws=0"]
)
def test_nothing_is_no_value_of_an_option(capsys, folder, option):
    said = refused(capsys, "run", str(folder / "base.yaml"), *PLAN, option)
    assert option.split("=")[0] in said or "window" in said


@pytest.mark.parametrize("option", ["--measure=", "--shard=", "--precision=0", "--weights=", "--out="])
def test_nor_of_one_of_a_sweep(capsys, folder, option):
    (folder / "mine.yaml").write_text(EXPERIMENT)
    refused(capsys, "sweep", str(folder / "mine.yaml"), "--plan", option)


# --- look-alikes
# ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["Cash", "CASH", " Cash", "\uff23ash"])
def test_scenarios_of_one_display_name_are_told_apart(other):
    one, two = (Scenario.from_mapping({**norway().resolved(), "name": name}) for name in ("Cash", other))
    third = norway().vary(name="Cash differently")
    plan = make_plan([one, two, third], weights="prior")
    names = [scenario.name for scenario in plan.scenarios]
    assert len({name.casefold() for name in names}) == 3 and names[2] == "Cash differently"
    assert all(key in name for key, name in zip(plan.keys[:2], names[:2], strict=True))


def test_keys_of_other_scripts_are_apart_and_stay():
    names = ["計画", "計劃", "план", "پرداخت", "Norges løp", "naïve plan", "Ελλάδα", "=+-", ""]
    keys = [slug(name) for name in names]
    assert len(set(keys[:7])) == 7 and all(key.isascii() for key in keys)
    assert keys[5] == "naive-plan" and keys[7] == keys[8] == "scenario"
    assert keys == [slug(name) for name in names] and slug("cash-doubled") == "cash-doubled"


def test_a_folder_of_results_is_named_in_plain_letters(folder):
    (folder / "計画 =1.yaml").write_text(EXPERIMENT)
    experiment = load_experiment(folder / "計画 =1.yaml")
    assert experiment.key.isascii() and "/" not in experiment.key and " " not in experiment.key


# --- what is named in a file
# ----------------------------------------------------------------------------------------------------------

NAMED = {
    "rows": "baseline: base.yaml\ndesign: {{kind: rows, file: {0}}}\n",
    "baseline": "baseline: {0}\nvary: {{levers: {{cash_level: [1]}}}}\n",
    "extends": "extends: {0}\n",
    "host": "extends: base.yaml\nhost: {0}\n",
    "programme": "extends: base.yaml\nprogramme: {0}\n",
    "scenario": "scenario: {0}\ntargets: {{}}\n",
}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
@pytest.mark.parametrize("how", NAMED)
@pytest.mark.parametrize("target", ["pipe.yaml", "folder.yaml", "zero.yaml", "wide.yaml", "none.yaml"])
def test_only_plain_files_of_some_size_are_read(capsys, folder, how, target):
    os.mkfifo(folder / "pipe.yaml")
    (folder / "folder.yaml").mkdir()
    (folder / "zero.yaml").symlink_to("/dev/zero")
    (folder / "wide.yaml").write_text(f"cash_level\n{'9' * 131_073}\n")
    (folder / "mine.yaml").write_text(NAMED[how].format(target))
    refused(capsys, "check", str(folder / "mine.yaml"))


@pytest.mark.parametrize("kind", ["scenario", "experiment", "targets"])
@pytest.mark.parametrize("strange", [[], [["x"]], {}, {"a": {}}, 3, 1.5, True, [None], "x" * 5000])
def test_no_kind_of_value_is_a_traceback(capsys, folder, kind, strange):
    contents = {
        "scenario": {"extends": "base.yaml"},
        "experiment": {"baseline": "base.yaml", "vary": {"levers": {"cash_level": [0]}}},
        "targets": {"scenario": "base.yaml", "targets": {}},
    }
    keys = (
        "name",
        "asks",
        "extends",
        "levers",
        "window",
        "measures",
        "patterns",
        "effects",
        "targets",
        "vary",
    )
    for key in (*keys, "weights", "read_by", "design", "points", "precision", "host", "series"):
        (folder / "mine.yaml").write_text(json.dumps({**contents[kind], key: strange}))
        code, _, err = avrr(capsys, "check", str(folder / "mine.yaml"))
        assert code in (0, 2) and "Traceback" not in err


# --- a cluster that is none
# ----------------------------------------------------------------------------------------------------------


def test_an_address_that_takes_a_call_and_stays_silent_is_refused_in_time(capsys, folder):
    pytest.importorskip("distributed")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address, begun = f"tcp://127.0.0.1:{silent.getsockname()[1]}", time.monotonic()
        out = folder / "out"
        words = ("run", str(folder / "base.yaml"), "--weights", "prior", "--draws", "1", "--quiet")
        said = refused(capsys, *words, "--cluster", address, "--out", str(out))
    assert "no scheduler answers" in said and not out.exists() and time.monotonic() - begun < 10


@pytest.mark.parametrize("given", ["abc", "-1", "1.5", "99999999999999999", "²"])
def test_a_day_that_is_none_is_refused_before_anything_is_done(capsys, monkeypatch, given):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    assert "SOURCE_DATE_EPOCH: " in refused(capsys, "levers")
