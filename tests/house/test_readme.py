"""The README is true: its commands are those of `avrr`, its targets those of the Makefile, and ten places are
named where a newcomer looks first.
"""

from __future__ import annotations

import re

import pytest
from conftest import ROOT
from typer.main import get_command

from avrr_sim import cli

README = (ROOT / "README.md").read_text(encoding="utf-8")
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")}
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PLACES = README.split("## Where is what")[1].split("\n## ")[0]


def test_the_table_of_commands_is_whole():
    told = set(re.findall(r"^\| `avrr ([\w-]+)", README, flags=re.MULTILINE))
    assert told == set(get_command(cli.app).commands)


@pytest.mark.parametrize("name", TEXTS)
def test_targets_of_make_that_are_named_exist(name):
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.MULTILINE))
    named = set(re.findall(r"(?:^ +|`)make ([a-z-]+)", TEXTS[name], flags=re.MULTILINE))
    assert named and named <= targets, named - targets


def test_every_target_of_make_is_phony():
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.MULTILINE))
    assert set(MAKEFILE.split(".PHONY:")[1].split("\n")[0].split()) == targets


def test_ten_places_are_named_and_each_is_there():
    rows = [line for line in PLACES.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == 10
    for row in rows:
        for place in re.findall(r"\]\(([^)]+)\)", row):
            assert (ROOT / place).exists(), place
