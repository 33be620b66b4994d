"""The page of `avrr explore` in Firefox: its numbers are those of the command line there too. Skipped, with a
reason, where there is no Firefox or what drives it is not installed.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from avrr_sim.browser.explorer import write_explorer
from avrr_sim.scenario import load_scenario
from avrr_sim.simulation import simulate
from avrr_sim.study.jobs.plan import make_plan
from browser.conftest import HERE
from browser.pages import SHIPPED

FIREFOX = next((found for name in ("firefox-esr", "firefox") if (found := shutil.which(name))), None)
DRIVER = HERE / "firefox"
MEASURES = ("uptake_24", "drop_out_12", "assisted_departures", "removals", "gone_under", "protection_needs")


@pytest.mark.skipif(FIREFOX is None, reason="no Firefox here; on Debian: apt-get install firefox-esr")
@pytest.mark.skipif(
    not (DRIVER / "node_modules").is_dir(), reason="npm ci --prefix tests/browser/firefox --ignore-scripts"
)
def test_numbers_in_firefox_are_those_of_the_command_line(tmp_path: Path):
    names = ("baseline-norway", "cash-doubled")
    scenarios = [load_scenario(SHIPPED / f"{name}.yaml").with_window(36) for name in names]
    plan = make_plan(scenarios, draws=3, replicates=1, size=400)
    file = tmp_path / "explore.html"
    write_explorer(file, plan, ["cash_level"])
    command = ["node", str(DRIVER / "numbers.mjs"), str(FIREFOX), str(file), "begin=cash-doubled"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["heard"] == []
    told = {row["measure"]: row for row in csv.DictReader(io.StringIO(found["csv"]))}
    runs = [
        [simulate(s, plan.weights_of(d, s), plan.seed, draw=d, size=plan.size) for d in range(plan.draws)]
        for s in scenarios
    ]
    for name in MEASURES:
        before, after = ([run.value(name) for run in of] for of in runs)
        mean = sum(b - a for a, b in zip(before, after, strict=True)) / plan.draws
        assert float(told[name]["baseline"]) == pytest.approx(sum(before) / plan.draws, rel=1e-9), name
        assert float(told[name]["difference"]) == pytest.approx(mean, rel=1e-9, abs=1e-12), name
