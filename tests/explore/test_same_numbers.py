"""What a page works out is what the command line works out: every count the same, rows but for last bits."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avrr_sim.browser.explorer import write_explorer
from avrr_sim.engines.table import run
from avrr_sim.engines.world import World, build_world
from avrr_sim.migrant import MIGRANT
from avrr_sim.outcomes import Counted, outcomes_of
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.study.jobs.plan import Plan, make_plan

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
TABLES = ("units", "persons", "at_risk", "summary", "endings", "curve")
LAST_BITS = 1e-12
"""How far a number of a row may be off: exp and log differ in their last bit, and a life adds some up."""
MOVED: dict[str, Any] = {
    "cash_level": [
        {"from": "2013-01", "value": 1.5, "announced": "2012-07"},
        {"from": "2015-01", "value": 0.5},
    ],
    "removal_level": 2,
    "inflow_level": [{"from": "2014-01", "value": 1.3}],
    "security_shift": 0.05,
    "information_timing": [{"from": "2013-03", "value": "late"}],
}
"""Levers of every sort: announced, coercion, one that changes who comes, one that changes series, a plan."""


def native(plan: Plan, scenario: Scenario, draw: int) -> tuple[World, Counted]:
    """The world of one run, lived to its end, and its outcomes."""
    weights = plan.weights_of(draw, scenario)
    world = run(build_world(scenario, weights, plan.seed, draw, 0, plan.size))
    return world, outcomes_of(world)


def as_told(scenario: Scenario) -> dict[str, list[dict[str, Any]]]:
    """A scenario's levers as a page is told of them."""
    return {
        name: [{"start": s.start, "value": s.value, "announced": s.announced} for s in steps]
        for name, steps in scenario.levers.items()
    }


def assert_same(answer: dict[str, Any], world: World, counted: Counted) -> tuple[int, float]:
    """Every count and measure the same, and the rows but for last bits. Returns how many rows differ, and the
    largest difference.
    """
    for name in TABLES:
        np.testing.assert_array_equal(answer["counts"][name], getattr(counted, name).ravel(), err_msg=name)
    excerpt = counted.measures.frame()
    for _, line in excerpt[(excerpt["group_by"] == "all") & excerpt["value"].notna()].iterrows():
        assert answer["measures"][line["measure"]] == pytest.approx(line["value"], rel=1e-12), line["measure"]
    rows = np.frombuffer(base64.b64decode(answer["rows"]), MIGRANT)
    differ, most = np.zeros(len(rows), bool), 0.0
    for name in MIGRANT.names or ():
        here, there = rows[name], world.rows[name]
        if MIGRANT[name].kind == "f":
            off = np.abs(here - there) / np.maximum(1.0, np.abs(there))
            assert off.max() <= LAST_BITS, name
            most = max(most, float(off.max()))
        else:
            np.testing.assert_array_equal(here, there, err_msg=name)
        differ |= here != there
    return int(differ.sum()), most


def test_counts_of_a_page_are_those_of_the_command_line(plan, page, in_node):
    wanted = [(k, d) for k in range(len(plan.scenarios)) for d in range(plan.draws)]
    answers = in_node(page, [{"scenario": k, "draw": d} for k, d in wanted])
    for (k, d), answer in zip(wanted, answers, strict=True):
        assert_same(answer, *native(plan, plan.scenarios[k], d))


def test_levers_moved_on_a_page_are_a_scenario_with_those_levers(plan, page, in_node):
    moved = plan.scenarios[0].vary(levers=MOVED)
    answer, repeated = in_node(page, [{"scenario": 0, "draw": 1, "levers": as_told(moved)}] * 2)
    assert_same(answer, *native(plan, moved, 1))
    assert answer["rows"] == repeated["rows"]


def test_an_offer_taken_off_a_page_is_a_scenario_without_it(plan, page, in_node):
    k = len(plan.scenarios) - 1
    without = plan.scenarios[k].vary(offers=[])
    answer, *_ = in_node(page, [{"scenario": k, "draw": 0, "offers": [False]}])
    assert_same(answer, *native(plan, without, 0))


@pytest.mark.skipif("AVRR_WIDE" not in os.environ, reason="twenty scenarios by five draws: AVRR_WIDE=1")
def test_counts_are_the_same_over_twenty_scenarios_and_five_draws(in_node, tmp_path):
    every = [load_scenario(path) for path in sorted(SCENARIOS.glob("*.yaml"))]
    baseline = load_scenario(SCENARIOS / "baseline-norway.yaml")
    alike = [
        s
        for s in every
        if (s.host, s.start, s.window_to) == (baseline.host, baseline.start, baseline.window_to)
    ]
    plan = make_plan([baseline, *alike][:21], draws=5, replicates=1, size=2000)
    write_explorer(tmp_path / "wide.html", plan, [])
    wanted = [(k, d) for k in range(len(plan.scenarios)) for d in range(5)]
    answers = in_node(tmp_path / "wide.html", [{"scenario": k, "draw": d} for k, d in wanted])
    times, differ, units, most = [], 0, 0, 0.0
    for (k, d), answer in zip(wanted, answers, strict=True):
        world, counted = native(plan, plan.scenarios[k], d)
        rows, off = assert_same(answer, world, counted)
        differ, most, units = differ + rows, max(most, off), units + len(world.rows)
        times.append(answer["milliseconds"]["months"])
    told = f"{differ} of {units} rows differ, by {most:.1e} at most; median {np.median(times):.0f} ms in node"
    print(f"{len(wanted)} runs, every count the same; {told}")
