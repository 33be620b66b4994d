"""What the project says of itself in its own files is one thing: version, licence, name, Python, tools."""

from __future__ import annotations

import json
import tomllib

import pytest
import yaml
from conftest import ROOT

from avrr_sim.version import VERSION

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
CODEMETA = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]


def test_the_version_is_that_of_the_package():
    assert CITATION["version"] == CODEMETA["version"] == VERSION


def test_licence_and_authors_are_the_same_everywhere():
    assert CITATION["license"] == PROJECT["project"]["license"] == "MIT"
    assert CODEMETA["license"].endswith("/MIT")
    assert [each["name"] for each in CITATION["authors"]] == [each["name"] for each in CODEMETA["author"]]


def test_a_citation_has_what_its_format_asks_for():
    assert CITATION["cff-version"] == "1.2.0" and CITATION["title"] and CITATION["message"]
    assert CITATION["type"] == "software"


def test_hooks_need_no_network_and_check_what_lint_checks():
    assert [each["repo"] for each in HOOKS] == ["local"]
    for hook in HOOKS[0]["hooks"]:
        assert hook["language"] == "system"
        program = hook["entry"].removeprefix(".venv/bin/python -m ")
        assert f"python -m {program}" in MAKEFILE, hook["id"]


@pytest.mark.parametrize("extra", PROJECT["project"]["optional-dependencies"])
def test_every_tool_is_pinned(extra):
    pinned = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    }
    asked = {
        need.split(">=")[0].split("[")[0].lower()
        for need in PROJECT["project"]["optional-dependencies"][extra]
    }
    assert asked - {"avrr-sim"} <= pinned


def test_the_first_thing_that_is_checked_is_style():
    targets = [
        line for line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines() if "make " in line
    ]
    assert [line for line in targets if line.startswith("make ")][0] == "make lint"


def test_the_package_says_that_it_is_typed():
    assert (ROOT / "avrr_sim" / "py.typed").exists()
    assert "py.typed" in PROJECT["tool"]["setuptools"]["package-data"]["avrr_sim"]
