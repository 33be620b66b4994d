"""The page of `avrr explore`: what it holds, what it forbids itself, what the command refuses."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from avrr_sim.browser import build
from avrr_sim.browser.explorer import BEFOREHAND, embedded, write_explorer
from avrr_sim.browser.machine_code import linker, versions
from avrr_sim.cli import app
from avrr_sim.measures import MEASURES
from avrr_sim.policy import LEVERS
from avrr_sim.refusals import Refusal
from avrr_sim.shell.explore import _check_out, _movable

WEB = Path(build.__file__).with_name("web")
SCENARIO = "scenarios/baseline-norway.yaml"
LARGEST = 1_500_000
"""Bytes of a page of a hundred draws."""


def element(page: str, key: str) -> str:
    found = re.search(rf'<script type="[a-z/]+" id="{key}">([^<]*)</script>', page)
    assert found, key
    return found[1]


@pytest.fixture(scope="module")
def text(page) -> str:
    return page.read_text(encoding="utf-8")


def test_the_module_that_ships_is_that_of_these_rules():
    assert build.stale() is None


@pytest.mark.skipif("AVRR_WIDE" not in os.environ, reason="compiles the rules anew: AVRR_WIDE=1")
@pytest.mark.skipif(linker() is None, reason="no linker for WebAssembly (lld)")
def test_the_module_that_ships_can_be_built_again_to_the_same_bytes(tmp_path):
    module, told = build.built()
    build.build(tmp_path)
    again = json.loads((tmp_path / build.INTERFACE).read_text(encoding="utf-8"))
    assert {**again, "versions": None} == {**told, "versions": None}
    if told["versions"] == versions():
        assert (tmp_path / build.MODULE).read_bytes() == module


def test_the_module_asks_for_nothing(in_node_module):
    assert in_node_module["imports"] == []
    assert {"memory", "run_months", "summarise"} <= set(in_node_module["exports"])


def test_a_stale_module_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(build, "rules_hash", lambda: "another")
    done = CliRunner().invoke(app, ["explore", SCENARIO, "--out", str(tmp_path / "x.html")])
    assert isinstance(done.exception, Refusal)
    assert "changed since the module was built" in str(done.exception)
    assert not (tmp_path / "x.html").exists()


def test_a_page_forbids_itself_everything_but_its_own_script_and_module(text):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    parts = dict(part.strip().split(" ", 1) for part in policy[1].split(";"))
    assert parts["default-src"] == "'none'"
    assert "'unsafe-inline'" not in policy[1] and "'unsafe-eval'" not in policy[1]
    assert set(parts["script-src"].split()) - {"'wasm-unsafe-eval'", "blob:"} == {
        next(each for each in parts["script-src"].split() if each.startswith("'sha256-"))
    }
    assert not re.search(r'(src|href)="(?!#)', text)
    assert "https:" not in re.sub(r'<script type="text/plain"[^<]*</script>', "", text)


def test_a_page_is_readable_without_its_script(text, plan):
    class Read(HTMLParser):
        rows = 0
        hidden = 0

        def handle_starttag(self, tag, attrs):
            self.rows += tag == "tr"

    reader = Read()
    reader.feed(text)
    assert reader.rows == 1 + len(BEFOREHAND)
    for name in BEFOREHAND:
        assert MEASURES[name].label in text
    assert "<noscript>" in text


def test_uptake_is_never_told_alone():
    assert {"uptake_24", "drop_out_12", "protection_needs", "removals", "missing"} <= set(BEFOREHAND)


def test_words_of_a_scenario_cannot_leave_their_element(plan, tmp_path):
    wicked = replace(plan.scenarios[0], name="</script><script>alert(1)</script>", asks="<!--")
    write_explorer(
        tmp_path / "x.html", replace(plan, scenarios=(wicked,), keys=("one",), draws=1, size=50), []
    )
    text = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "<script>alert" not in text and "<!--" not in text
    assert json.loads(element(text, "head"))["about"]["scenarios"][0]["name"] == wicked.name
    assert json.loads(embedded("</script>")) == "</script>"


def test_a_page_of_a_hundred_draws_is_small_enough(plan, page, text):
    """What does not grow with draws, and a hundred times what two more draws add."""
    tables = element(text, "tables")
    assert len(text) + 50 * len(tables) / 4 < LARGEST


def test_levers_that_can_be_moved_are_all_but_those_to_be_asked_for():
    assert {"cash_level", "removal_level", "information_timing"} <= set(_movable(None))
    assert not {
        name for name in _movable(None) if name in LEVERS and LEVERS[name].kind in ("safeguard", "probe")
    }
    assert _movable(["incentives_trafficked", "coercion"])[0] == "incentives_trafficked"


def test_an_unknown_lever_is_refused_with_the_nearest():
    with pytest.raises(Refusal, match="cash_level"):
        _movable(["cash_levle"])


def test_another_file_is_not_written_over(tmp_path):
    mine = tmp_path / "notes.html"
    mine.write_text("mine")
    with pytest.raises(Refusal, match="is there already"):
        _check_out(mine)
    with pytest.raises(Refusal, match="is a folder"):
        _check_out(tmp_path)


def test_a_page_is_replaced_by_a_later_one(page):
    _check_out(page)


def test_the_scripts_that_ship_are_those_of_the_sources():
    digest = hashlib.sha256()
    for path in sorted((WEB / "src").iterdir()):
        digest.update(f"{path.name}\0{path.read_text(encoding='utf-8')}\0".encode())
    told = json.loads((build.BUILT / "scripts.json").read_text(encoding="utf-8"))
    assert told["sources"] == digest.hexdigest()[:16], "npm run build, in avrr_sim/browser/web"


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not on this machine")
def test_the_scripts_pass_their_own_tests():
    done = subprocess.run(["node", "--test"], cwd=WEB, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
