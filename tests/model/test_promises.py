"""The promises of the model, by name, on the full rule book."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from conftest import ROOT, norway

from avrr_sim.engines import agents, table
from avrr_sim.engines.world import build_world
from avrr_sim.evidence import central_weights, draw_weights, load_evidence, value_at
from avrr_sim.migrant import (
    ABODE_MOVES,
    FIXED,
    GONE_UNDER,
    MIGRANT,
    NEVER,
    NONE,
    OUTCOME_MOVES,
    PRESENT,
    STAGE_MOVES,
    STATUS_MOVES,
)
from avrr_sim.rules.tally import SERIES
from avrr_sim.simulation import simulate

ENGINES = {"table": table.run, "agents": agents.run}
MONTHS = 24
SIZE = 500
FEW = 120  # in plain Python, a thousand times slower


def lives(scenario, engine="table", weights=None, size=SIZE, order=None, draw=0, replicate=0):
    """(world at the end, after each month the rows of those who have arrived, in the order of ids)."""
    world = build_world(scenario, dict(weights or central_weights()), 7, draw, replicate, size, order)
    months = []

    def watch(w):
        rows = np.asarray(w.rows[w.position])
        months.append(rows[rows["arrival"] < w.month].copy())

    ENGINES[engine](world, watch)
    return world, months


def digest(months) -> str:
    return hashlib.sha256(b"".join(field_bytes(rows) for rows in months)).hexdigest()


def field_bytes(rows) -> bytes:
    """The bytes of all fields, without the padding between them."""
    return b"".join(np.ascontiguousarray(rows[name]).tobytes() for name in MIGRANT.names)


def extreme_weights(z: float) -> dict[str, float]:
    """Every weight far out in its prior: +z and -z standard deviations in turn."""
    return {
        name: value_at(weight, z if i % 2 else -z) for i, (name, weight) in enumerate(load_evidence().items())
    }


EXTREMES = {
    "draw": draw_weights(3, 5),
    "far": extreme_weights(6.0),
    "farther": extreme_weights(-12.0),
    "zero": {n: 0.0 for n in load_evidence()},
}


# --- 1. same scenario, draw and replicate: same trajectories
# ----------------------------------------------------------


def test_promise_1_both_engines_live_the_same_lives(baseline):
    world, ours = lives(baseline, "table")
    other, theirs = lives(baseline, "agents")
    assert len(ours) == len(theirs) == MONTHS
    assert digest(ours) == digest(theirs)
    assert (
        np.array_equal(world.units, other.units)
        and np.array_equal(world.persons, other.persons)
        and np.array_equal(world.at_risk, other.at_risk)
    )
    assert world.units[:, SERIES.index("applications")].sum() > 20, "a comparison of nothing proves nothing"


@pytest.mark.parametrize("name", EXTREMES)
def test_promise_1_holds_at_extreme_weights(baseline, name):
    assert digest(lives(baseline, "table", EXTREMES[name])[1]) == digest(
        lives(baseline, "agents", EXTREMES[name])[1]
    )


def test_promise_1_plain_python_equals_compiled(baseline):
    """The same lives with compilation off, at central and extreme weights, warnings as errors."""
    code = (
        "import test_promises as t\ns = t.norway()\n"
        "print(*[t.digest(t.lives(s, 'table', w, t.FEW)[1]) for w in (None, *t.EXTREMES.values())], "
        "t.digest(t.lives(s, 'agents', None, t.FEW)[1]))"
    )
    env = {
        **os.environ,
        "AVRR_JIT": "0",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}{os.pathsep}{ROOT / 'tests' / 'model'}",
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-c", code],
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    *plain, plain_agents = done.stdout.split()
    assert plain == [digest(lives(baseline, "table", w, FEW)[1]) for w in (None, *EXTREMES.values())]
    assert plain_agents == plain[0]


@pytest.mark.parametrize("engine", ENGINES)
def test_promise_1_the_order_of_migrants_does_not_matter(baseline, engine):
    world, straight = lives(baseline, engine)
    order = np.random.default_rng(1).permutation(len(world.rows))
    shuffled, months = lives(baseline, engine, order=order)
    assert not np.array_equal(world.rows["id"], shuffled.rows["id"])
    assert digest(straight) == digest(months)
    assert np.array_equal(world.units, shuffled.units)


def test_promise_1_a_crowded_office_is_no_exception():
    tight = norway(levers={"directorate_places": 5, "embassy_places": 0.02})
    world, straight = lives(tight, "table", size=2000)
    shuffled, months = lives(
        tight, "table", size=2000, order=np.random.default_rng(2).permutation(len(world.rows))
    )
    assert digest(straight) == digest(months) == digest(lives(tight, "agents", size=2000)[1])
    waiting = world.units[-1, SERIES.index("applying")]
    assert waiting > 1.5 * lives(norway(), size=2000)[0].units[-1, SERIES.index("applying")], (
        "the office is not crowded"
    )


def test_promise_1_any_number_of_workers(baseline):
    jobs = [(draw, replicate) for draw in range(3) for replicate in range(2)]

    def one(job):
        outcome = simulate(baseline, draw_weights(7, job[0]), 7, draw=job[0], replicate=job[1], size=300)
        return outcome.units.tobytes() + outcome.summary.tobytes() + outcome.ends.tobytes()

    results = []
    for workers in (1, 2, 4):
        with ThreadPoolExecutor(workers) as pool:
            results.append(list(pool.map(one, jobs)))
    assert results[0] == results[1] == results[2]
    assert len(set(results[0])) == len(jobs), "different draws and replicates should differ"


# --- 2. no lever, no difference
# ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lever, value",
    [
        ("cash_level", 3.0),
        ("removal_level", 5.0),
        ("accommodation", 0.0),
        ("security_shift", 0.3),
        ("information_timing", "early"),
        ("directorate_places", 1.0),
        ("inflow_level", 2.0),
    ],
)
def test_promise_2_a_lever_beyond_the_horizon_changes_nothing_for_anybody(baseline, lever, value):
    changed = norway(levers={lever: [{"from": "2013-01", "value": value}]})
    assert digest(lives(baseline)[1]) == digest(lives(changed)[1])


@pytest.mark.parametrize(
    "lever, value",
    [
        ("cash_level", 5.0),
        ("removal_level", 5.0),
        ("accommodation", 0.0),
        ("security_shift", 0.3),
        ("information_timing", {"pending": 9.0}),
        ("europe_opportunity", 5.0),
        ("document_guidance", 1.0),
    ],
)
def test_promise_2_a_lever_from_month_24_changes_nothing_before_it(lever, value):
    plain, changed = (
        norway(months=30),
        norway(months=30, levers={lever: [{"from": "2012-01", "value": value}]}),
    )
    ours, theirs = lives(plain, size=1500)[1], lives(changed, size=1500)[1]
    assert all(field_bytes(a) == field_bytes(b) for a, b in zip(ours[:24], theirs[:24], strict=True))
    assert field_bytes(ours[-1]) != field_bytes(theirs[-1])


def test_promise_2_an_announced_lever_changes_nothing_before_its_announcement():
    plain = norway(months=30)
    cut = norway(months=30, levers={"cash_level": [{"from": "2012-07", "value": 0, "announced": "2012-01"}]})
    silent = norway(months=30, levers={"cash_level": [{"from": "2012-07", "value": 0}]})
    ours, announced, unannounced = (lives(s, size=3000)[1] for s in (plain, cut, silent))
    assert all(field_bytes(a) == field_bytes(b) for a, b in zip(ours[:24], announced[:24], strict=True))
    assert all(field_bytes(a) == field_bytes(b) for a, b in zip(ours[:30], unannounced[:30], strict=True))
    assert field_bytes(ours[-1]) != field_bytes(announced[-1]), "the announcement itself should be felt"


# --- 3. people are conserved
# ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["central", *EXTREMES])
def test_promise_3_only_listed_moves_occur_and_nobody_is_lost(name):
    scenario = norway(months=42, levers={"accommodation": 0.3, "designated_centres": 0.5})
    world, months = lives(scenario, weights=EXTREMES.get(name), size=1200)
    first = build_world(scenario, dict(EXTREMES.get(name) or central_weights()), 7, 0, 0, 1200).rows
    for month, after in enumerate(months):
        # ids follow the months of arrival: newcomers stand behind
        before = np.asarray(first[: len(after)]).copy()
        if month:
            before[: len(months[month - 1])] = months[month - 1]
        assert np.array_equal(before["id"], after["id"]), "somebody is lost"
        assert all(np.array_equal(before[field], after[field]) for field in FIXED)
        for field, moves in (
            ("status", STATUS_MOVES),
            ("abode", ABODE_MOVES),
            ("stage", STAGE_MOVES),
            ("outcome", OUTCOME_MOVES),
        ):
            seen = {(int(a), int(b)) for a, b in zip(before[field], after[field], strict=True) if a != b}
            assert all(b in moves.get(a, set()) for a, b in seen), (month, field, seen)
        gone = before["outcome"] != PRESENT
        for field in ("status", "abode", "stage", "outcome", "left_at"):
            assert np.array_equal(before[field][gone], after[field][gone]), f"{field} changed after leaving"
        assert not np.any((after["left_at"] == NEVER) & (after["outcome"] != PRESENT))


def test_promise_3_counts_add_up_every_month():
    world, months = lives(norway(months=42), size=1200)
    series = {name: world.units[:, i] for i, name in enumerate(SERIES)}
    arrived = world.starts[1:]
    left = sum(
        np.cumsum(series[name])
        for name in ("assisted", "unassisted", "removed", "transferred", "moved_on", "granted")
    )
    assert np.array_equal(arrived, left + series["present"])
    assert np.array_equal(series["present"], series["centre"] + series["private"] + series["hidden"])
    final = months[-1]
    assert np.array_equal(series["applications"].sum(), np.sum(final["applied_at"] != NEVER))
    assert series["assisted"].sum() == np.sum(final["outcome"] == 1) > 0
    assert np.sum((final["outcome"] == PRESENT) & (final["stage"] != NONE)) == series["applying"][-1]
    assert np.sum((final["abode"] == GONE_UNDER) & (final["outcome"] == PRESENT)) == series["hidden"][-1]


# --- 4. beliefs stay in range, nothing is NaN
# -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["central", *EXTREMES])
def test_promise_4_beliefs_stay_in_range_and_nothing_is_nan(name):
    levers = {
        "glossing": 1.0,
        "contradiction": 1.0,
        "advisor_interest": 1.0,
        "removal_level": 10,
        "cash_level": 10,
        "security_shift": -0.3,
        "information_intensity": 10,
        "processing_speed": 0.1,
    }
    for scenario in (norway(), norway(levers=levers)):
        for rows in lives(scenario, weights=EXTREMES.get(name))[1]:
            for field in ("knowledge", "self_rated", "trust", "security", "risk_apply", "risk_leave"):
                assert np.all((rows[field] >= 0) & (rows[field] <= 1)), field
            for field in MIGRANT.names:
                if MIGRANT[field].kind == "f":
                    assert np.all(np.isfinite(rows[field])), field
