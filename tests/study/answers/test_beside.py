"""What stands beside the effects of a comparison: ceilings and hypotheses are the runs of the scenarios that
they say, and only what may be set side by side is.
"""

from __future__ import annotations

import json

import numpy as np
import pytest
from conftest import norway

from avrr_sim.evidence import central_weights
from avrr_sim.hypotheses import load_hypotheses
from avrr_sim.simulation import simulate
from avrr_sim.study.answers.tipping import pairs_of
from avrr_sim.study.answers.told import depends_of, moved_by
from avrr_sim.study.comparison.compare import Comparison, compare
from avrr_sim.study.jobs.conditions import CEILINGS, TOLD, ceiling_of, conditions_of, moves_information
from avrr_sim.study.jobs.plan import make_plan

BASE = norway(months=24)
NONE = BASE.vary(name="None", information_intensity=0, channel_diaspora=0)
EARLY = BASE.vary(name="Early", information_timing="early")
CASH = BASE.vary(name="Cash", cash_level=2)
REMOVAL = BASE.vary(name="Removal", removal_level=2)
NUMBERS = {"draws": 4, "replicates": 1, "size": 400, "weights": "prior", "twins": False, "workers": 1}


@pytest.fixture(scope="module")
def study() -> Comparison:
    return compare([BASE, NONE, EARLY, CASH, REMOVAL], **NUMBERS)


def row(table, **named):
    for name, value in named.items():
        table = table[table[name] == value]
    (found,) = table.to_dict("records")
    return found


def test_a_ceiling_is_the_run_of_the_scenario_that_it_stands_for(study):
    """Nobody told is both a scenario and a ceiling here; the same people give the same numbers."""
    for measure in TOLD:
        there = row(study.tables.ceilings, ceiling="information_none", measure=measure)
        here = row(study.differences, scenario=study.plan.keys[1], measure=measure, group_by="all")
        assert there["suppressed"] == here["suppressed"]
        for name in ("baseline", "value", "difference", "low", "high", "sign_share"):
            assert there[name] == pytest.approx(here[name], rel=1e-12, nan_ok=True), (measure, name)


def test_ceilings_bracket_what_is(study):
    ends = {name: row(study.tables.ceilings, ceiling=name, measure="uptake_24") for name in CEILINGS}
    assert ends["information_none"]["difference"] < 0 < ends["information_perfect"]["difference"]
    assert ends["cash_none"]["difference"] <= 0
    assert len(study.tables.ceilings) == len(CEILINGS) * len(TOLD)


def test_where_there_is_none_the_ceiling_of_none_is_zero():
    """A baseline without information, cash or threat has nothing of these to lose; what perfect information
    would do is the whole of it.
    """
    bare = BASE.vary(information_intensity=0, channel_diaspora=0, cash_level=0, removal_level=0)
    found = compare([bare, bare.vary(cash_level=1)], **{**NUMBERS, "draws": 2}).tables.ceilings
    for name in ("information_none", "cash_none", "threat_none"):
        own = found[(found["ceiling"] == name) & ~found["suppressed"]]
        assert len(own) >= len(TOLD) - 1, "few apply, so that drop-out may be hidden"
        assert (own["difference"] == 0).all() and (own["low"] == 0).all(), name
    assert row(found, ceiling="information_perfect", measure="uptake_24")["difference"] > 0


def test_nobody_is_removed_and_nothing_paid_at_the_ceilings():
    weights = central_weights()
    there = {name: simulate(ceiling_of(BASE, name), weights, size=400, seed=3) for name in CEILINGS}
    assert there["threat_none"].value("removals") == 0 < there["cash_none"].value("removals")
    assert there["cash_none"].paid() < 0.5 * there["threat_none"].paid()


def test_a_ceiling_begins_with_the_window_and_keeps_what_was_before():
    dated = BASE.vary(cash_level=[{"from": "2010-03", "value": 3}, {"from": "2010-11", "value": 2}])
    steps = ceiling_of(dated, "cash_none").levers["cash_level"]
    assert [(step.start - BASE.start, step.value) for step in steps] == [(2, 3), (6, 0.0)]


def test_an_effect_under_a_hypothesis_is_that_of_scenarios_that_choose_it(study):
    for name in load_hypotheses():
        pair = [BASE.vary(hypothesis=name), EARLY.vary(hypothesis=name)]
        other = compare(pair, **NUMBERS, conditions=False)
        for measure in TOLD:
            here = row(other.differences, measure=measure, group_by="all")
            named = {"scenario": study.plan.keys[2], "hypothesis": name, "measure": measure}
            there = row(study.tables.readings, **named)
            assert there["suppressed"] == here["suppressed"]
            assert there["difference"] == pytest.approx(here["difference"], nan_ok=True)
    mixed = row(study.tables.readings, scenario=study.plan.keys[2], hypothesis="mixture", measure=TOLD[0])
    told = row(study.differences, scenario=study.plan.keys[2], measure=TOLD[0], group_by="all")
    assert mixed["difference"] == told["difference"]


def test_hypotheses_are_tried_where_information_is_moved_and_none_was_chosen(study):
    assert set(study.tables.readings["scenario"]) == {study.plan.keys[1], study.plan.keys[2]}
    assert [moves_information(BASE, s) for s in (BASE, NONE, EARLY, CASH, REMOVAL)] == [
        False,
        True,
        True,
        *[False] * 2,
    ]
    aimed = BASE.vary(information=[{"channel": "ngo", "intensity": 4}])
    assert moves_information(BASE, aimed)
    chosen = [s.vary(hypothesis="relevance") for s in (BASE, EARLY)]
    assert conditions_of(chosen, False, True) == () == conditions_of([BASE, CASH], False, True)


def test_only_the_first_replicate_is_lived_under_conditions():
    plan = make_plan([BASE, EARLY], draws=3, replicates=2, ceilings=True, hypotheses=True, weights="prior")
    assert plan.condition_runs == 3 * (len(CEILINGS) + 2 * len(load_hypotheses()))
    assert make_plan([BASE, EARLY], weights="prior").conditions == ()


def test_coercion_stands_beside_the_baseline_alone(study):
    """Removal (4) is never set against what could be chosen (1 to 3)."""
    assert pairs_of(study.plan) == [(1, 0), (2, 0), (3, 0), (4, 0), (1, 2), (1, 3), (2, 3)]


def test_ceilings_are_told_of_what_an_unsettled_scenario_moves(study):
    moved = [moved_by(study.plan, k) for k in range(1, 5)]
    assert moved == [["information"], ["information"], ["cash"], ["threat"]]
    said = depends_of(study.plan, study.tables)
    assert json.loads(json.dumps(said, allow_nan=False)) == said == study.tables.depends
    table = study.differences[study.differences["group_by"] == "all"]
    for k, what in ((3, "cash"), (4, "threat")):
        effect = row(table, scenario=study.plan.keys[k], measure=TOLD[0])
        unsettled = bool(effect["low"] <= 0 <= effect["high"] and effect["low"] < effect["high"])
        assert (f"ceiling_{what}" in [each["key"] for each in said]) == unsettled


def test_too_few_draws_tell_nothing(study):
    assert study.tables.tipping.empty and np.isfinite(study.tables.ceilings["difference"]).any()
