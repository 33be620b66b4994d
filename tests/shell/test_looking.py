"""Commands that look: tables of a folder and their workbook, the list of studies, the version, completion."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from commands import avrr, refused
from conftest import ROOT
from report_tables import NASTY, SCENARIOS, make_tables

from avrr_sim.fingerprint import model_hash
from avrr_sim.posterior import posterior_hash
from avrr_sim.study.comparison.store import write_tables
from avrr_sim.version import VERSION


@pytest.fixture
def folder(tmp_path) -> Path:
    """A comparison of scenarios with nasty names; one of them is a formula."""
    formula = {"asks": "=1+1", "name": "=HYPERLINK(A1)"}
    tables = make_tables([SCENARIOS[0], *NASTY[:2]])
    study = tmp_path / "study"
    study.mkdir()
    manifest = {"kind": "compare", "date": "2026-01-02", "status": "done", "command": "avrr compare"}
    scenarios = [{"name": "Base", "asks": "Not this?"}, formula, {"name": "Third"}]
    (study / "manifest.json").write_text(
        json.dumps({**manifest, "scenarios": scenarios, "digest": "0" * 16, "identity": {"seed": 1}})
    )
    tables.offers.loc[0, ["scenario", "offer", "item"]] = ["base", "=1+1", "applied_units"]
    write_tables(study, tables)
    return study


def sheets(path: Path) -> dict[str, str]:
    """The XML of every sheet of a workbook, by name."""
    with zipfile.ZipFile(path) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        return {
            name: book.read(f"xl/worksheets/sheet{number}.xml").decode()
            for number, name in enumerate(names, 1)
        }


def test_the_tables_of_a_folder_are_listed(folder, capsys):
    code, said, _ = avrr(capsys, "tables", str(folder), "--json")
    listed = {each["table"]: each for each in json.loads(said)}
    assert code == 0 and {"levels", "differences", "codebook", "measures"} <= set(listed)
    assert listed["levels"]["files"] == ["csv", "parquet"] and listed["levels"]["rows"] > 10
    assert all(each["holds"] for each in listed.values())
    code, said, _ = avrr(capsys, "tables", str(folder))
    assert code == 0 and "What comes out under every scenario" in said


def test_the_workbook_holds_every_table_no_formula_and_the_same_bytes_twice(folder, capsys, tmp_path):
    code, said, _ = avrr(capsys, "tables", str(folder), "--xlsx")
    first = (folder / "results.xlsx").read_bytes()
    assert code == 0 and "results.xlsx" in said
    avrr(capsys, "tables", str(folder), "--out", str(tmp_path / "again.xlsx"))
    assert (tmp_path / "again.xlsx").read_bytes() == first
    found = sheets(folder / "results.xlsx")
    assert list(found)[:3] == ["contents", "codebook", "measures"] and "levels" in found
    assert not [name for name, sheet in found.items() if "<f>" in sheet]
    assert "<t>'=1+1</t>" in found["offers"]
    assert not any(".part" in path.name for path in folder.iterdir())


def test_the_workbook_goes_only_where_it_may(folder, capsys, tmp_path):
    assert "is a folder" in refused(capsys, "tables", str(folder), "--out", str(tmp_path))
    nowhere = str(tmp_path / "none" / "a.xlsx")
    assert "cannot be written" in refused(capsys, "tables", str(folder), "--out", nowhere)
    assert "is no folder" in refused(capsys, "tables", str(tmp_path / "none"))
    (folder / "mine.csv").write_bytes(b"\xff\xfe\n1\n")
    assert "mine.csv: cannot be read" in refused(capsys, "tables", str(folder))
    assert "holds no study.json" in refused(capsys, "tables", str(tmp_path))


def test_the_list_shows_date_and_question(folder, capsys):
    code, said, _ = avrr(capsys, "list", str(folder.parent), "--json")
    [told] = json.loads(said)
    assert code == 0 and told["date"] == "2026-01-02" and told["asks"] == "=1+1 Third"
    code, said, _ = avrr(capsys, "list", str(folder.parent))
    assert "2026-01-02" in said and "=1+1 Third" in said and "without a page" in said


def test_the_version_names_the_model_and_the_posterior(capsys):
    code, said, _ = avrr(capsys, "--version")
    assert code == 0
    assert said.splitlines()[0] == f"avrr_sim {VERSION}, model {model_hash()}, posterior {posterior_hash()}"


@pytest.mark.parametrize(
    ("words", "offered"),
    [("avrr ev", "evidence"), ("avrr evidence apply_c", "apply_constant"), ("avrr schema exp", "experiment")],
)
def test_the_shell_completes_commands_and_names(words, offered):
    asked = {"_AVRR_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    program = "import sys; sys.argv = ['avrr']; from avrr_sim.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={**os.environ, **asked}, capture_output=True, text=True
    )
    assert done.stdout.split() == [offered], done.stderr
