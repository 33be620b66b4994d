"""One synthetic person in both worlds on the page of a comparison: chosen by the rule that is told, told in
the words of `avrr story`, and the same whatever the workers and after a stop.
"""

from __future__ import annotations

import json
import os

import numpy as np
import pandas as pd
import pytest
from conftest import SCENARIOS
from typer.testing import CliRunner

from avrr_sim import compare
from avrr_sim.cli import app
from avrr_sim.migrant import ASSISTED, MOVED_ON, REMOVED
from avrr_sim.refusals import Refusal
from avrr_sim.report.html.elements import Section
from avrr_sim.report.html.page import write_page
from avrr_sim.report.pages.story import story_parts
from avrr_sim.report.words.catalogue import STORIES
from avrr_sim.report.words.stories import parted_said, tipped_said
from avrr_sim.story import end_by
from avrr_sim.study.comparison.stories import middle_draw, who_is_told
from avrr_sim.study.summary.tables import load_tables

SIZE, DRAWS = 600, 3


def files(folder):
    """A baseline, a policy that acts, one that moves coercion, and one that changes nothing."""
    folder.mkdir(parents=True)
    text = {
        "baseline": "name: As it was\nstart: 2010-01\nwindow: {from: 2010-07, to: 2013-06}\n",
        "cash": "name: Much cash\nlevers: {cash_level: 5}\n",
        "removal": "name: Removals\nlevers: {removal_level: 4}\n",
        "same": "name: The same\n",
    }
    beside = os.path.relpath(SCENARIOS / "baseline-norway.yaml", folder)
    for name, more in text.items():
        first = f"extends: {beside}\n" if name == "baseline" else "extends: baseline.yaml\n"
        (folder / f"{name}.yaml").write_text(first + more, encoding="utf-8")
    return [folder / f"{name}.yaml" for name in text]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """(files, folder, tables) of a comparison."""
    home = tmp_path_factory.mktemp("stories")
    scenarios = files(home / "scenarios")
    folder = home / "one"
    compare(
        scenarios, draws=DRAWS, replicates=1, size=SIZE, conditions=False, twins=False, workers=1, out=folder
    )
    return scenarios, folder, load_tables(folder)


def test_each_policy_that_changes_a_life_has_one_story_and_one_that_does_not_has_none(study):
    _, _, tables = study
    assert [each["scenario"] for each in tables.stories] == ["cash", "removal"]
    for each in tables.stories:
        assert each["size"] == SIZE and 0 <= each["draw"] < DRAWS and each["months"]
        assert each["step"][0] != each["step"][1]


def test_a_policy_that_moves_coercion_is_told_by_what_is_most_frequent(study):
    rules = {each["scenario"]: each["rule"] for each in study[2].stories}
    assert rules["removal"] == "changed" and rules["cash"] in ("gained", "lost")


def test_the_same_bytes_with_other_workers_and_after_a_stop(study, tmp_path):
    scenarios, folder, _ = study
    again, numbers = tmp_path / "again", {"draws": DRAWS, "replicates": 1, "size": SIZE}
    compare(scenarios, **numbers, conditions=False, twins=False, workers=2, out=again)
    (again / "study.json").unlink()
    compare(scenarios, **numbers, conditions=False, twins=False, workers=2, out=again, resume=True)
    told = [json.loads((each / "study.json").read_text(encoding="utf-8")) for each in (folder, again)]
    assert told[0]["stories"] == told[1]["stories"] != []


def test_the_shell_tells_the_same_story(study):
    scenarios, _, tables = study
    story = tables.stories[0]
    options = {"--draw": story["draw"], "--size": story["size"], "--person": story["number"]}
    arguments = [str(part) for pair in options.items() for part in pair]
    told = CliRunner().invoke(app, ["story", *map(str, scenarios[:2]), *arguments])
    assert told.exit_code == 0, told.output
    assert parted_said(story) in told.stdout and tipped_said(story) in told.stdout


def test_the_page_tells_it_behind_a_fold_says_that_it_is_synthetic_and_by_which_rule(study, tmp_path):
    _, _, tables = study
    page = write_page(tmp_path, "", [Section("people", "", story_parts(tables))]).read_text(encoding="utf-8")
    fold = page[page.index("One synthetic person, two worlds") :]
    fold = fold[: fold.index("</details>")]
    assert STORIES["story_caution"] in fold and "Chosen by a rule" in fold
    assert parted_said(tables.stories[0]) in fold and f"--person {tables.stories[0]['number']}" in fold


def test_a_folder_without_stories_has_a_page_without_them(study):
    tables = study[2]
    assert story_parts(type(tables)(**{**vars(tables), "stories": []})) == []


@pytest.mark.parametrize(
    "spoil",
    [
        {"rule": "best"},
        {"step": ["outcome nowhere", "step nothing"]},
        {
            "tipped": [
                {"factor": "x", "lever": "", "necessary": True, "enough": True, "before": None, "after": None}
            ]
        },
        {"parted": "<b>"},
    ],
)
def test_a_story_that_is_not_as_it_was_written_is_refused(study, tmp_path, spoil):
    content = json.loads((study[1] / "study.json").read_text(encoding="utf-8"))
    content["stories"][0] |= spoil
    (tmp_path / "study.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(Refusal, match=next(iter(spoil))):
        load_tables(tmp_path)


def test_the_middle_draw_is_the_one_in_the_middle_of_the_differences():
    of = {"scenario": "a", "measure": "assisted_departures"}
    draws = pd.DataFrame([{**of, "draw": d, "difference": x} for d, x in enumerate([5.0, -1.0, 2.0, np.nan])])
    assert middle_draw(draws, "a") == (2, 2.0)
    assert middle_draw(draws, "b") is None


def test_who_is_told_differs_in_the_direction_of_the_difference():
    ids = np.array([7, 3, 5, 9])
    before = np.array([end_by(MOVED_ON), end_by(ASSISTED), end_by(MOVED_ON), end_by(MOVED_ON)])
    after = np.array([end_by(ASSISTED), end_by(REMOVED), end_by(ASSISTED), end_by(REMOVED)])
    assert who_is_told((ids, before, after), 1.5) == ("gained", [5, 7])
    assert who_is_told((ids, before, after), -1.5) == ("lost", [3])
    assert who_is_told((ids, before, after), 0.0) == ("changed", [5, 7, 3, 9])
    assert who_is_told((ids[3:], before[3:], after[3:]), 1.5) == ("changed", [9])
