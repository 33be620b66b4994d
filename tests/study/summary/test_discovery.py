"""Scenario discovery: what was put in is found, what was not is not, and what is said is what was tried."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from avrr_sim.study.summary.discovery import FEWEST_UNITS, Condition, cover, find_rule, holds

POINTS = pd.DataFrame([(c, r) for c in range(7) for r in range(3)], columns=["cash", "removal"])


def study(draws: int = 60, weights: int = 20, seed: int = 1) -> tuple[pd.DataFrame, np.ndarray]:
    """(every point under every draw, draw of each row)."""
    of = np.repeat(np.arange(draws), len(POINTS))
    drawn = np.random.default_rng(seed).normal(size=(draws, weights))
    points = pd.concat([POINTS] * draws, ignore_index=True)
    return points.assign(**{f"w{i}": drawn[of, i] for i in range(weights)}), of


@pytest.fixture(scope="module")
def planted():
    inputs, draw = study()
    inside = (inputs["cash"] <= 3) & (inputs["w5"] > 0)
    chance = np.random.default_rng(2).random(len(inputs)) < 0.9
    return inputs, draw, (inside & chance).to_numpy()


def test_a_box_that_was_put_in_is_found_and_nothing_beside_it(planted):
    rule = find_rule(*planted[::2], planted[1])
    by_name = {condition.column: condition for condition in rule.conditions}
    assert set(by_name) == {"cash", "w5"}
    assert (by_name["cash"].low, by_name["cash"].high) == (None, 3)
    assert by_name["w5"].high is None and abs(by_name["w5"].low) < 0.3
    assert rule.density > 2 * rule.base and rule.coverage > 0.9 and rule.doubt < 0.01


def test_coverage_and_density_are_those_of_the_rows_that_were_held_out(planted):
    inputs, draw, outcome = planted
    rule = find_rule(inputs, outcome, draw)
    held = draw % 3 == 2
    inside = holds(rule.conditions, inputs[held])
    assert rule.units == 20 and rule.rows == held.sum()
    assert rule.coverage == pytest.approx((inside & outcome[held]).sum() / outcome[held].sum())
    assert rule.density == pytest.approx(outcome[held][inside].mean())
    assert (rule.base, rule.mass) == pytest.approx((outcome[held].mean(), inside.mean()))


def test_where_nothing_holds_nothing_is_said():
    """Of tables of pure chance about 1 in 20 may give a rule; 40 of them give at most 7 in 999 of 1,000
    cases (binomial).
    """
    found = 0
    for seed in range(40):
        chance = np.random.default_rng(seed)
        inputs = pd.DataFrame(chance.lognormal(size=(50, 15))).add_prefix("w")
        found += find_rule(inputs, chance.random(50) < 0.4) is not None
    assert found <= 7


def test_rows_of_one_draw_are_no_evidence_of_their_own():
    """An outcome that hangs on the draw alone, by no weight of the table, gives no rule though thousands of
    rows agree.
    """
    found = 0
    for seed in range(8):
        inputs, draw = study(draws=40, weights=15, seed=seed)
        hidden = np.random.default_rng(100 + seed).normal(size=40)
        found += find_rule(inputs, hidden[draw] > 0.3, draw) is not None
    assert found <= 3, "at most, in 999 of 1,000 cases (binomial, 1 in 20 each)"


@pytest.mark.parametrize("share", [0.0, 0.01, 1.0])
def test_an_outcome_that_is_hardly_ever_there_is_not_looked_for(share):
    inputs, draw = study(draws=30)
    assert find_rule(inputs, np.random.default_rng(0).random(len(inputs)) < share, draw) is None


def test_too_few_draws_give_nothing(planted):
    inputs, draw, outcome = planted
    few = draw < FEWEST_UNITS - 1
    assert find_rule(inputs[few].reset_index(drop=True), outcome[few], draw[few]) is None


def test_the_same_rows_give_the_same_rule(planted):
    inputs, draw, outcome = planted
    assert find_rule(inputs, outcome, draw) == find_rule(inputs.copy(), outcome.copy(), draw.copy())


def test_a_staircase_is_covered_by_boxes_that_hold_nothing_else():
    outcome = ((POINTS["cash"] <= 3) & (POINTS["removal"] >= 1)) | (POINTS["cash"] <= 1)
    first, second = cover(POINTS, outcome.to_numpy())
    assert first.conditions == (Condition("cash", high=3), Condition("removal", low=1))
    assert second.conditions == (Condition("cash", high=1),)
    assert (first.density, second.density) == (1, 1) and first.coverage == pytest.approx(8 / 10)


def test_words_are_listed_and_what_holds_everywhere_asks_nothing():
    plans = POINTS.assign(plan=["early", "gradual", "late"] * 7)
    (rule,) = cover(plans[["cash", "plan"]], (plans["plan"] != "late").to_numpy())
    assert rule.conditions == (Condition("plan", values=("early", "gradual")),)
    (everywhere,) = cover(POINTS, np.ones(len(POINTS), bool))
    assert everywhere.conditions == () and everywhere.coverage == 1
    assert cover(POINTS, np.zeros(len(POINTS), bool)) == []


def test_points_spread_over_ranges_are_covered_too():
    spread = pd.DataFrame(np.random.default_rng(3).random((64, 3)), columns=["a", "b", "c"])
    outcome = (spread["a"] > 0.5).to_numpy()
    rules = cover(spread, outcome)
    inside = np.any([holds(rule.conditions, spread) for rule in rules], axis=0)
    assert not (inside & ~outcome).any() and (inside & outcome).sum() > 0.8 * outcome.sum()
