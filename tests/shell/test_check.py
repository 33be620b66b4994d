"""`avrr check` on every kind of file, and `avrr schema`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from commands import avrr
from conftest import ROOT, SCENARIOS

from avrr_sim.kinds import KINDS
from avrr_sim.places import place

TEMPLATE = Path(place.__file__).with_name("template")
FILES = {
    "scenario": SCENARIOS / "baseline-norway.yaml",
    "experiment": ROOT / "experiments" / "trust.yaml",
    "targets": ROOT / "experiments" / "calibration-norway.yaml",
    "studies": ROOT / "experiments" / "studies-norway.yaml",
    "host": TEMPLATE / "host.yaml",
    "programme": TEMPLATE / "programme.yaml",
}


def test_a_file_of_every_kind_is_checked(capsys):
    code, out, err = avrr(capsys, "check", *map(str, FILES.values()))
    assert code == 0 and err == ""
    assert [line.partition(": good (")[0] for line in out.splitlines()] == [*map(str, FILES.values())]
    assert "32 points)" in out and set(FILES) == set(KINDS)


def test_all_mistakes_of_all_files_are_listed(capsys, tmp_path):
    shutil.copytree(TEMPLATE, tmp_path / "mine")
    bad, programme = (tmp_path / "mine" / name for name in ("bad.yaml", "programme.yaml"))
    bad.write_text(
        "extends: scenario.yaml\nminimum_cell: 0\nlevers: {cash_level: 99, advisors: [{from: 2009-01, value: "
        "3}, {from: x, value: 1}], cash: 1}\nweights: {ties: a}\norigins: [irak, iraq, iraq]\n"
    )
    text = programme.read_text(encoding="utf-8").replace("currency: EUR", "currency: EURO")
    programme.write_text(text.replace("price_year:", "price_yr:"), encoding="utf-8")
    host = tmp_path / "mine" / "host.yaml"
    code, out, err = avrr(capsys, "check", str(host), str(programme), str(bad))
    assert code == 2 and out == f"{host}: good (Exampleland)\n"
    assert {line.partition(";")[0] for line in err.splitlines()} == {
        f"avrr: {programme}: currency: 'EURO' is no code of a currency",
        f"avrr: {programme}: unknown key 'price_yr'",
        f"avrr: {bad}: minimum_cell: 0 is not what belongs here",
        f"avrr: {bad}: weights.ties: 'a' is not what belongs here",
        f"avrr: {bad}: levers.cash_level: 99 is out of range",
        f"avrr: {bad}: levers.advisors[0].from: 2009-01 is before the scenario's start",
        f"avrr: {bad}: levers.advisors[1].from: 'x' is not a month",
        f"avrr: {bad}: levers: unknown lever 'cash'",
        f"avrr: {bad}: origins[0]: unknown origin 'irak'",
        f"avrr: {bad}: origins[2]: 'iraq' stands there twice",
    }


def test_a_misspelt_host_is_named_by_its_own_file(capsys, tmp_path):
    shutil.copytree(TEMPLATE, tmp_path / "mine")
    host = tmp_path / "mine" / "host.yaml"
    host.write_text(host.read_text(encoding="utf-8").replace("female_share:", "femal_share:"))
    code, _, err = avrr(capsys, "check", str(tmp_path / "mine" / "scenario.yaml"))
    assert code == 2 and len(err.splitlines()) == 1
    assert f"{host}: numbers: unknown number 'femal_share'" in err and "'female_share'?" in err


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_of_every_kind_is_printed(capsys, kind):
    code, out, _ = avrr(capsys, "schema", kind)
    assert code == 0 and json.loads(out)["title"] == f"avrr_sim {kind}"


def test_the_schema_is_that_of_scenarios_unless_said_otherwise(capsys):
    assert json.loads(avrr(capsys, "schema")[1])["title"] == "avrr_sim scenario"
    code, _, err = avrr(capsys, "schema", "scenrio")
    assert code == 2 and "unknown kind of file 'scenrio'" in err and "did you mean 'scenario'?" in err


def test_a_file_of_no_kind_is_said_to_be_none_in_one_line(capsys, tmp_path):
    (tmp_path / "recipe.yaml").write_text("flour: 500 g\nwater: 3 dl\nyeast: 7 g\n")
    for file in (ROOT / "avrr_sim" / "evidence.yaml", tmp_path / "recipe.yaml"):
        code, out, err = avrr(capsys, "check", str(file))
        assert code == 2 and out == "" and len(err.splitlines()) == 1 and "none of the six kinds" in err


def test_a_scenario_of_misspelt_keys_is_told_the_nearest_ones(capsys, tmp_path):
    (tmp_path / "mine.yaml").write_text("extend: base.yaml\nlever: {cash_level: 2}\n")
    code, _, err = avrr(capsys, "check", str(tmp_path / "mine.yaml"))
    assert code == 2 and "extends" in err and "levers" in err
