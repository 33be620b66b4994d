"""Shared by the tests of the model in a browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from avrr_sim.browser.build import BUILT, MODULE
from avrr_sim.browser.explorer import write_explorer
from avrr_sim.scenario import load_scenario
from avrr_sim.study.jobs.plan import Plan, make_plan

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "scenarios"
WEB = ROOT / "avrr_sim" / "browser" / "web"
NAMES = ("baseline-norway", "information-early", "offer-first-500")


def plan_of(names: Sequence[str], draws: int, size: int) -> Plan:
    scenarios = [load_scenario(SCENARIOS / f"{name}.yaml") for name in names]
    return make_plan(scenarios, draws=draws, replicates=1, size=size)


@pytest.fixture(scope="package")
def plan() -> Plan:
    """A few scenarios of every kind of table: none beside the programme, a plan of timing, a capped offer."""
    return plan_of(NAMES, draws=2, size=300)


@pytest.fixture(scope="package")
def page(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their page."""
    path = tmp_path_factory.mktemp("page") / "explore.html"
    write_explorer(path, plan, ["cash_level", "removal_intensity"])
    return path


@pytest.fixture(scope="session")
def in_node() -> Callable[[Path, list[dict[str, Any]]], list[dict[str, Any]]]:
    """What node makes of settings over a page (see web/tools/numbers.mjs)."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not on this machine")

    def ask(page: Path, settings: list[dict[str, Any]]) -> list[dict[str, Any]]:
        done = subprocess.run(
            [node, str(WEB / "tools" / "numbers.mjs"), str(page)],
            input=json.dumps(settings),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found

    return ask


@pytest.fixture(scope="session")
def in_node_module() -> dict[str, list[Any]]:
    """What the module that ships asks for and hands out."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not on this machine")
    told = """
        const module = new WebAssembly.Module(require("fs").readFileSync(process.argv[1]));
        const exports = WebAssembly.Module.exports(module).map((each) => each.name);
        console.log(JSON.stringify({imports: WebAssembly.Module.imports(module), exports}));
    """
    done = subprocess.run([node, "-e", told, str(BUILT / MODULE)], capture_output=True, text=True, check=True)
    found: dict[str, list[Any]] = json.loads(done.stdout)
    return found
