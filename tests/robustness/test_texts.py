"""Foreign text stays text, wherever it is shown: on a terminal, in a page, a picture, a table of a
spreadsheet; and what a terminal would act upon is refused at the door.
"""

from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pandas as pd
import pytest
import yaml
from commands import avrr, refused
from conftest import ROOT, SCENARIOS

from avrr_sim.files import check_plain
from avrr_sim.refusals import Refusal
from avrr_sim.study.folder.whole import write_csv

PACKAGE = ROOT / "avrr_sim"
NUMBERS = ("--draws", "1", "--replicates", "1", "--size", "300", "--months", "24", "--weights", "prior")
NAMES = [
    "Plan [/b]",
    "[doubled] :smile: [link=http://x]y[/link]",
    '<script>alert(1)</script> & "it\'s" ]]> --><!--',
    "=HYPERLINK(1) $x_{$ \\alpha %s {0}",
]
CONTROL = ["\x1b[31m", "\x07", "\x9b2J", "\x7f", "\r", "\u202e", "\u2066", "\u2028", "\x00"]
KINDS_OF_FILE = {
    "scenario": SCENARIOS / "cash-doubled.yaml",
    "experiment": ROOT / "experiments" / "cash-by-timing.yaml",
    "targets": ROOT / "experiments" / "calibration-norway.yaml",
    "host": PACKAGE / "places" / "hosts" / "norway.yaml",
    "programme": PACKAGE / "programmes" / "norway.yaml",
}


def scenario(folder: Path, file: str, **content: object) -> str:
    """A scenario file beside the baseline of Norway, with some content of its own."""
    (folder / "base.yaml").write_bytes((SCENARIOS / "baseline-norway.yaml").read_bytes())
    text = yaml.safe_dump({"extends": "base.yaml", **content}, allow_unicode=True)
    (folder / file).write_text(text, encoding="utf-8")
    return str(folder / file)


@pytest.fixture(scope="module")
def compared(tmp_path_factory) -> Path:
    """A comparison of scenarios with names that other things would take for more than names."""
    from avrr_sim.scenario import load_scenario
    from avrr_sim.shell.report import write_page
    from avrr_sim.study.comparison.compare import perform
    from avrr_sim.study.comparison.order import ComparisonOrder
    from avrr_sim.study.folder.order import Execution
    from avrr_sim.study.jobs.plan import make_plan

    folder = tmp_path_factory.mktemp("texts")
    files = [scenario(folder, f"s{i}.yaml", name=name, asks=name) for i, name in enumerate(NAMES)]
    plan = make_plan([load_scenario(file) for file in files], draws=1, size=300, months=24, weights="prior")
    perform(ComparisonOrder(plan), Execution(folder / "out"), write_page)
    return folder / "out"


def test_a_name_with_markup_is_printed_as_it_stands(capsys, tmp_path):
    mine = scenario(tmp_path, "mine.yaml", name=NAMES[0] + NAMES[1])
    out = str(tmp_path / "out")
    code, said, _ = avrr(capsys, "compare", str(tmp_path / "base.yaml"), mine, *NUMBERS, "--out", out)
    assert code == 0 and NAMES[0] + NAMES[1] in said


def test_only_one_place_opens_a_console():
    """It prints text as it stands; rich would read markup in it otherwise."""
    for path in PACKAGE.rglob("*.py"):
        if path.name != "printing.py":
            assert not re.search(r"\bConsole\(", path.read_text(encoding="utf-8")), path


def test_pictures_are_well_formed_and_pages_run_nothing_foreign(compared):
    pictures = sorted((compared / "figures").glob("*.svg"))
    assert pictures
    for picture in pictures:
        ElementTree.parse(picture)
    page = (compared / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


@pytest.mark.parametrize("kind", KINDS_OF_FILE)
@pytest.mark.parametrize("control", CONTROL[:6])
def test_control_characters_are_refused_at_the_door(capsys, tmp_path, kind, control):
    content = yaml.safe_load(KINDS_OF_FILE[kind].read_text(encoding="utf-8"))
    content["name"] = f"before{control}after"
    (tmp_path / "mine.yaml").write_text(json.dumps(content), encoding="utf-8")  # as escapes
    said = refused(capsys, "check", str(tmp_path / "mine.yaml"))
    assert "cannot be shown" in said and control not in said


@pytest.mark.parametrize("control", CONTROL)
@pytest.mark.parametrize("place", [lambda text: {"a": [{"b": text}]}, lambda text: {"a": {text: 1}}])
def test_so_they_are_anywhere_in_a_file(control, place):
    with pytest.raises(Refusal, match="cannot be shown"):
        check_plain(place(f"x{control}"))


@pytest.mark.parametrize("text", ["two\nlines", "a\ttab", "می‌خواهم", "日本", "🙂", "naïve"])
def test_letters_of_every_language_are_welcome(text):
    check_plain({"a": text})


def test_no_table_of_a_spreadsheet_holds_a_formula(tmp_path):
    texts = ["=1+1", "+1", "-1", "@x", "\uff1d1", "fine", ""]
    table = pd.DataFrame(
        {"=head": texts, "number": [-1.0] * 7, "mixed": ["=x", -1, None, 2.5, True, "y", ""]}
    )
    write_csv(table, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    assert head == ["'=head", "number", "mixed"]
    assert [row[0] for row in rows] == ["'=1+1", "'+1", "'-1", "'@x", "'\uff1d1", "fine", ""]
    assert {row[1] for row in rows} == {"-1.0"}
    assert [row[2] for row in rows] == ["'=x", "-1", "", "2.5", "True", "y", ""]
    assert list(table.columns)[0] == "=head" and table["=head"][0] == "=1+1", "the table itself is untouched"


def test_every_table_is_written_by_the_one_that_quotes():
    for path in PACKAGE.rglob("*.py"):
        found = re.findall(r"\.to_csv\(|\.to_excel\(|csv\.writer", path.read_text(encoding="utf-8"))
        assert not found or path.name == "whole.py", path


def test_a_whole_comparison_holds_none(compared):
    for path in compared.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    assert not cell.startswith(("=", "+", "@")), path
                    assert not cell.startswith("-") or float(cell) <= 0, path
