"""The tutorial does what it says: its files are written, its commands run, its numbers are those that come
out.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT, SCENARIOS

from avrr_sim import cli
from avrr_sim.measures import MEASURES
from avrr_sim.shell.printing import in_words, span_in_words

TEXT = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"Save as `([^`]+)`:\n\n```yaml\n(.*?)```", TEXT, flags=re.DOTALL))
COMMANDS = re.findall(r"^    avrr (.+)$", TEXT, flags=re.MULTILINE)
LABELS = {measure.label: measure for measure in MEASURES.values()}


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Path:
    """The folder in which all commands of the tutorial were run, one after the other."""
    folder = tmp_path_factory.mktemp("tutorial")
    shutil.copytree(SCENARIOS, folder / "scenarios")
    (folder / "experiments").mkdir()
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in COMMANDS:
            patch.setattr(sys, "argv", ["avrr", *shlex.split(command)])
            with pytest.raises(SystemExit) as stop:
                cli.main()
            assert not stop.value.code, command
    return folder


def rows_under(head: str) -> list[list[str]]:
    """The cells of the table whose first column has this head."""
    table = re.search(rf"^\| {head} \|.*\n\|[-|]+\n((?:\|.*\n)+)", TEXT, flags=re.MULTILINE)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1].splitlines()]


def said(row: pd.Series, per: str, value: str, of: str, low: str, high: str) -> list[str]:
    """Level, difference and interval in the words of the shell; a cell that is too small is said to be."""
    if row["suppressed"]:
        return ["-", "-", "too few"]
    span = "not estimable" if pd.isna(row[of]) else span_in_words(row[low], row[high], per, True)
    return [in_words(row[value], per), in_words(row[of], per, True), span]


def test_the_commands_and_files_are_there_to_be_run():
    assert set(FILES) == {"scenarios/my-cash.yaml", "experiments/my-cash.yaml"}
    assert {command.split()[0] for command in COMMANDS} == {
        "levers",
        "programmes",
        "check",
        "compare",
        "evidence",
        "sweep",
    }
    assert all(
        "--weights prior" in command for command in COMMANDS if command.split()[0] in ("compare", "sweep")
    )


def test_the_files_it_names_are_left_behind(told):
    for folder, names in (
        (
            "my-cash",
            (
                "report.html",
                "differences.csv",
                "levels.csv",
                "bands.csv",
                "endings.csv",
                "flows.csv",
                "crossings.csv",
                "waits.csv",
                "weights.parquet",
                "manifest.json",
            ),
        ),
        ("my-sweep", ("sweep.html", "sweep.csv", "runs")),
    ):
        for name in names:
            assert f"{name}`" in TEXT or f"{name}/`" in TEXT, name
            assert (told / "results" / folder / name).exists(), name


def test_the_sections_it_names_are_in_the_report(told):
    page = (told / "results" / "my-cash" / "report.html").read_text(encoding="utf-8")
    for heading in re.findall(r'"([A-Z][^"]+)"', TEXT):
        assert heading in page, heading


def test_the_differences_it_quotes_are_those_that_come_out(told):
    table = pd.read_csv(told / "results" / "my-cash" / "differences.csv")
    everybody = table[table["group_by"] == "all"].set_index("measure")
    for label, *quoted, agreeing in rows_under("measure"):
        measure = LABELS[label]
        row = everybody.loc[measure.name]
        assert quoted == said(row, measure.per, "baseline", "difference", "low", "high"), label
        assert agreeing == ("-" if pd.isna(row["sign_share"]) else f"{100 * row['sign_share']:.0f} %"), label
    assert (
        f"assisted departures rise by {everybody.loc['additional_assisted', 'difference']:.0f} persons"
        in TEXT
    )
    assert f"returns of every kind by {everybody.loc['additional_returns', 'difference']:.0f}:" in TEXT


def test_the_persons_it_says_cross_are_those_that_come_out(told):
    item = pd.read_csv(told / "results" / "my-cash" / "crossings.csv").set_index("item")["value"]
    assert f"{item['gained']:.0f} persons depart with assistance who would not have" in TEXT
    assert (
        f"and {item['lost']:.0f} no longer do, {item['displaced_in_queue']:.0f} of them" in TEXT
        and f"net {item['net']:.0f}." in TEXT
    )


def test_the_groups_it_quotes_are_those_that_come_out(told):
    table = pd.read_csv(told / "results" / "my-cash" / "differences.csv")
    uptake = table[table["measure"] == "uptake_24"].set_index(["group_by", "group"])
    for group, *quoted in rows_under("group"):
        assert quoted == said(
            uptake.loc[tuple(group.split(": "))], "share", "baseline", "difference", "low", "high"
        ), group


def test_the_curve_it_quotes_is_the_one_that_comes_out(told):
    table = pd.read_csv(told / "results" / "my-sweep" / "sweep.csv")
    points = table[
        (table["group_by"] == "all") & (table["measure"] == "uptake_24") & (table["scenario"] != "baseline")
    ].set_index("cash_level")
    for level, *quoted in rows_under("cash_level"):
        assert quoted == said(
            points.loc[float(level)], "share", "value", "difference", "difference_low", "difference_high"
        ), level
