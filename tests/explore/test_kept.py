"""What a page keeps of a setting: an address that it reads again, and a scenario file that the command line
runs to the same numbers. One person in two worlds is the same in the page and in the shell.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from avrr_sim.browser.explorer import write_explorer
from avrr_sim.cli import app
from avrr_sim.engines.table import run
from avrr_sim.measures import MEASURES
from avrr_sim.refusals import Refusal
from avrr_sim.report.words.stories import tipped_said
from avrr_sim.scenario import load_scenario
from avrr_sim.shell.explore import _movable
from avrr_sim.simulation import simulate
from avrr_sim.story import Story, builders, ends_of, story_of, who_differ
from avrr_sim.story_names import BELIEFS
from avrr_sim.study.summary.telling import story_told

from .conftest import NAMES, SCENARIOS, WEB

FRAGMENTS = (
    "",
    "cash_level=2.5&from=2013-07&ahead=6&removal_level=0.5",
    "begin=information-early&outreach=3&information_timing=late&from=2014-01",
    "begin=offer-first-500&without=1&work_rights=0.6",
)
MANY = 4
"""People whose lives are compared."""
STORY = "cash_level=4&outreach=5"


def in_node(script: str, page: Path, *arguments: str, given: Any) -> Any:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not on this machine")
    command = [node, str(WEB / "tools" / script), str(page), *arguments]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def whole(plan, tmp_path_factory) -> Path:
    """A page on which every lever can be moved that the command allows."""
    path = tmp_path_factory.mktemp("whole") / "explore.html"
    write_explorer(path, plan, _movable(None))
    return path


@pytest.fixture(scope="module")
def kept(whole) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = in_node("kept.mjs", whole, given=FRAGMENTS)
    return found


@pytest.fixture(scope="module")
def files(kept, tmp_path_factory) -> list[Path]:
    """The scenario files, beside those that they extend."""
    folder = tmp_path_factory.mktemp("kept")
    for name in NAMES:
        shutil.copy(SCENARIOS / f"{name}.yaml", folder)
    paths = [folder / f"explored-{k}.yaml" for k in range(len(kept))]
    for path, each in zip(paths, kept, strict=True):
        path.write_text(each["file"], encoding="utf-8")
    return paths


def test_an_address_is_read_as_it_was_written(kept):
    for fragment, each in zip(FRAGMENTS, kept, strict=True):
        assert each["unknown"] == []
        assert sorted(each["fragment"].split("&")) == sorted(fragment.split("&"))


def test_a_scenario_file_is_found_right(files):
    done = CliRunner().invoke(app, ["check", *map(str, files)])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("k", range(len(FRAGMENTS)))
def test_a_scenario_file_runs_to_the_numbers_of_the_page(k, files, kept, plan):
    scenario = load_scenario(files[k])
    counted = simulate(scenario, plan.weights_of(0, scenario), plan.seed, draw=0, size=plan.size)
    told = kept[k]["measures"]
    assert {"uptake_24", "removals", "gone_under"} <= set(told)
    for name, value in told.items():
        if name in MEASURES:
            assert value == pytest.approx(counted.value(name), rel=1e-9), name


@pytest.fixture(scope="module")
def lives(plan) -> tuple[list[int], list[Story]]:
    """People whose end differs, and their stories."""
    one = plan.scenarios[0]
    other = one.vary(cash_level=4, outreach=5)
    weights = [plan.weights_of(0, each) for each in (one, other)]
    worlds = builders((one, other), weights, (plan.seed, 0, 0), plan.size)
    ids = who_differ(*worlds)
    ends = [
        dict(zip(w.rows["id"].tolist(), ends_of(w).tolist(), strict=True)) for w in (run(b()) for b in worlds)
    ]
    assert set(ids) == {who for who, end in ends[0].items() if end != ends[1][who]}
    assert ids
    return ids[:MANY], [story_of(*worlds, who) for who in ids[:MANY]]


def test_lives_part_once_and_are_the_same_before(lives, plan):
    for story in lives[1]:
        parted = story.parted
        assert parted is not None
        for one, other in list(zip(*story.months, strict=True))[:parted]:
            assert one.where == other.where
        assert story.months[0][parted].where != story.months[1][parted].where
        assert len({each.factor for each in story.tipped}) == len(story.tipped)
        assert tipped_said(story_told(story, plan.scenarios[0]))


def test_a_thing_that_is_the_same_in_both_worlds_is_not_said_to_differ(lives):
    for story in lives[1]:
        names = {each.factor for each in story.tipped}
        assert {"cash_level", "outreach"} <= names
        assert names <= {*BELIEFS, "cash_level", "outreach", "others", "announced"}
        for each in story.tipped:
            if each.factor in ("cash_level", "outreach"):
                assert each.before == 1 and each.after in (4, 5)


def test_a_life_in_the_page_is_the_life_in_the_shell(lives, whole):
    ids, stories = lives
    told = in_node("lives.mjs", whole, STORY, "0", given=ids)
    for each, story in zip(told, stories, strict=True):
        assert each["parted"] == story.parted
        assert each["together"] == story.together
        assert each["months"] == [[list(month.where) for month in life] for life in story.months]
        found = {(t["factor"], t["necessary"], t["enough"]) for t in each["tipped"]}
        assert found == {(t.factor, t.necessary, t.enough) for t in story.tipped}


def test_the_same_scenario_twice_parts_nobody(plan):
    one = plan.scenarios[0]
    worlds = builders((one, one), [plan.weights_of(0, one)] * 2, (plan.seed, 0, 0), 200)
    assert who_differ(*worlds) == []
    who = int(worlds[0]().rows["id"][0])
    assert story_of(*worlds, who).parted is None
    with pytest.raises(Refusal, match="nobody bears the number 1"):
        story_of(*worlds, 1)
