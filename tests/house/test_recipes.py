"""The recipes of docs/architecture.md are true: each is followed word for word on a copy of the package, and
what it promises is seen there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT

TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
RECIPES = {
    part.split("\n", 1)[0]: part.split("\n", 1)[1]
    for part in re.split(r"^### ", TEXT, flags=re.MULTILINE)[1:]
}
STEP = re.compile(
    r"^(?:(?P<append>Append to)|(?P<write>Write)|In) `(?P<file>[^`]+)`"
    r"(?:, (?P<where>above|below|in place of) the line `(?P<line>[^`]+)`)?[^`]*:\n\n"
    r"```\w+\n(?P<text>.*?)```$",
    flags=re.MULTILINE | re.DOTALL,
)
COMMANDS = re.compile(r"`(avrr (?:evidence|levers|check|programmes)[^`]*)`")

LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules")

LIVES = """
from avrr_sim import load_scenario
from avrr_sim.evidence import central_weights
from avrr_sim.simulation import simulate
scenario, weights = {scenario!r}, {weights!r}
window = {{"from": "2012-07", "to": "2014-12"}}
world = load_scenario(scenario).vary(start="2012-01", window=window, **{changes!r})
print(simulate(world, central_weights(weights), size=400).units.tolist())
"""


def follow(body: str, project: Path) -> None:
    """Does to the project's files what a recipe says, step by step."""
    for step in STEP.finditer(body):
        path = project / step["file"]
        old = path.read_text(encoding="utf-8") if not step["write"] else ""
        if step["append"] or step["write"]:
            new = old + step["text"]
        else:
            line = step["line"] + "\n"
            assert old.count("\n" + line) == 1, f"{step['file']}: {step['line']!r}"
            put = {"above": step["text"] + line, "below": line + step["text"], "in place of": step["text"]}
            new = old.replace("\n" + line, "\n" + put[step["where"]])
        path.write_text(new, encoding="utf-8")


def python(project: Path, *arguments: str) -> str:
    """What Python says in the project, whose package it imports, the rules as plain Python."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env={**os.environ, "AVRR_JIT": "0", "PYTHONPATH": str(project), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@cache
def lives(
    project: Path, scenario: str = "scenarios/baseline-norway.yaml", origin: str = "", **weights: float
) -> str:
    """The monthly counts of a short run in the project, of one origin or of all, at the medians of the priors
    but for some weights.
    """
    changes = {"origins": [origin]} if origin else {}
    return python(project, "-c", LIVES.format(scenario=scenario, weights=weights, changes=changes))


def said(project: Path, heading: str) -> str:
    """What the commands named in a recipe print, one after the other."""
    commands = COMMANDS.findall(RECIPES[heading])
    assert commands, heading
    return "".join(python(project, "-m", "avrr_sim.cli", *each.split()[1:]) for each in commands)


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """A copy of the project in which a recipe, by its heading, has been followed; made when asked for."""
    made: dict[str, Path] = {}

    def project(heading: str) -> Path:
        if heading not in made:
            folder = tmp_path_factory.mktemp("recipe")
            for name in ("avrr_sim", "scenarios", "docs", "tests"):
                shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)
            shutil.copy(ROOT / "pyproject.toml", folder)
            follow(RECIPES[heading], folder)
            made[heading] = folder
        return made[heading]

    return project


CASE = "drivers: an advisor at hand who wants half of all that people return"
DRIVER = "A driver of the decision, with its weight"
LEVER, MEASURE, AMOUNT, PROGRAMME = "A lever", "A measure", "An amount of a programme", "A programme"


def test_every_recipe_with_steps_is_followed_here():
    assert {heading for heading, body in RECIPES.items() if STEP.search(body)} == {
        DRIVER,
        LEVER,
        MEASURE,
        AMOUNT,
        PROGRAMME,
    }
    blocks = sum(body.count("\n```") // 2 for body in RECIPES.values())
    assert blocks == sum(len(STEP.findall(body)) for body in RECIPES.values()), "a block that is no step"


def test_a_driver_moves_people_and_its_weight_shows_its_prior(followed):
    project = followed(DRIVER)
    assert "log-normal" in said(project, DRIVER)
    assert lives(project, encouraged=3.0) != lives(project, encouraged=0.0)


def test_a_driver_passes_its_case_and_is_described(followed):
    project = followed(DRIVER)
    cases = "tests/model/test_cases.py::test_"
    python(
        project,
        *("-m", "pytest", "-q", "-p", "no:cacheprovider"),
        cases + "every_rule_has_a_case",
        *(f"{cases}case[{CASE}-{said}]" for said in ("neutral", "other neutral")),
        "tests/model/test_evidence.py::test_every_weight_is_read_and_every_weight_read_exists",
        "tests/house/test_docs.py::test_every_rule_is_described",
    )


def test_a_lever_is_listed_accepted_and_moves_people(followed):
    project = followed(LEVER)
    assert "travelling_advisors" in said(project, LEVER)
    assert lives(project, "scenarios/travelling-advisors.yaml") != lives(project)


def test_a_lever_at_its_default_changes_nothing(followed):
    assert lives(followed(LEVER)) == lives(ROOT)


def test_a_measure_is_written_by_a_run(followed):
    project = followed(MEASURE)
    small = "--weights prior --draws 1 --replicates 1 --size 50 --months 12 --no-twins --quiet --out out"
    python(project, "-m", "avrr_sim.cli", "run", "scenarios/baseline-norway.yaml", *small.split())
    assert (pd.read_csv(project / "out" / "levels.csv")["measure"] == "drop_outs").any()


def test_an_amount_is_shown_with_its_source_and_paid(followed):
    project = followed(AMOUNT)
    printed = said(project, AMOUNT)
    assert "30,000" in printed and "decree" in printed
    assert lives(project) != lives(ROOT)


def test_a_programme_is_shown_and_its_scenario_moves_people(followed):
    project = followed(PROGRAMME)
    assert "10,000" in said(project, PROGRAMME)
    assert lives(project, "scenarios/return-loan.yaml", "iraq") != lives(project, origin="iraq")


@pytest.mark.parametrize("heading", [DRIVER, LEVER, MEASURE])
def test_the_tables_of_the_description_take_it_up(heading, followed):
    project = followed(heading)
    before = (project / "docs" / "ODD.md").read_text(encoding="utf-8")
    python(project, "-m", "avrr_sim.documents.odd", "docs/ODD.md")
    after = (project / "docs" / "ODD.md").read_text(encoding="utf-8")
    name = {DRIVER: "| `encouraged` |", LEVER: "`travelling_advisors`", MEASURE: "`drop_outs`"}[heading]
    assert name not in before and name in after
