"""Measures of a comparison, worked out by hand on small arrays."""

from __future__ import annotations

import json
import math
import re
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import SCENARIOS, norway

from avrr_sim.evidence import load_evidence
from avrr_sim.report.words import sentences
from avrr_sim.scenario import load_scenario
from avrr_sim.study.jobs.results import MEASURES
from avrr_sim.study.jobs.run_table import RunTable
from avrr_sim.study.summary import effects
from avrr_sim.study.summary.changes import changes
from avrr_sim.study.summary.coercion import (
    COERCIVE_WEIGHTS,
    REACTION_WEIGHTS,
    may_be_costed,
    moves_coercion,
    pressing,
)
from avrr_sim.study.summary.contract import read_facts
from avrr_sim.study.summary.statistics import (
    by_draw,
    chance_share,
    interval,
    mean_of,
    monte_carlo_error,
    open_interval,
    paired,
    sign_share,
)


def curves(*draws: list[float]) -> np.ndarray:
    """(months, draws, 1) from each draw's course."""
    return np.array(draws).T[:, :, None]


def rows(returns, assisted=None, costs=None, policy=True) -> dict:
    extra = {
        "returns": returns,
        "assisted": assisted if assisted is not None else returns,
        "unassisted": 0 * returns,
        "removed": 0 * returns,
    }
    paid = assisted[-1] if assisted is not None else np.full(returns.shape[1:], 40.0)
    found = effects.comparative_rows(extra, costs if costs is not None else 0 * returns[-1], paid, policy)
    return {row["measure"]: row for row in found}


def test_additional_deadweight_pulled_forward_and_cost_by_hand():
    """Two draws: additional returns end at 8 and 12, so 10 on the mean; the mean course peaks at (16 + 24) /
    2 = 20.

    Paid departures 40 and 60: deadweight 1 - 10 / 50 = 0.8 (each draw: 1 - 8/40 = 1 - 12/60 = 0.8). Pulled
    forward 1 - 10 / 20 = 0.5. Added cost 400 and 1,200: 800 / 10 = 80 (draws: 50 and 100).
    """
    found = rows(
        curves([4, 16, 8], [6, 24, 12]), curves([0, 0, 40], [0, 0, 60]), np.array([[400.0], [1200.0]])
    )
    assert found["additional_returns"]["value"] == 10 and found["additional_returns"]["sign_share"] == 1
    assert found["additional_assisted"]["value"] == 50
    assert found["deadweight"]["value"] == pytest.approx(0.8) and found["deadweight"]["low"] == pytest.approx(
        0.8
    )
    assert found["pulled_forward"]["value"] == pytest.approx(0.5) and found["pulled_forward"][
        "high"
    ] == pytest.approx(0.5)
    assert found["cost_per_additional"]["value"] == pytest.approx(80)
    assert found["cost_per_additional"]["low"] == pytest.approx(50 + 0.05 * 50)
    # jackknife over two draws: leaving one out gives 1200 / 12 = 100 or 400 / 8 = 50; sqrt(1/2 x (25^2 +
    # 25^2)) = 25
    assert found["cost_per_additional"]["mc_error"] == pytest.approx(25)


def test_not_estimable_where_additional_returns_hold_zero():
    found = rows(curves([1, -8], [1, 12]), costs=np.array([[400.0], [400.0]]))
    for name in ("deadweight", "cost_per_additional", "pulled_forward"):
        assert math.isnan(found[name]["value"]), name


def test_a_rush_that_ends_below_zero_is_pulled_forward_and_has_no_deadweight():
    """Mean course 10 then -5: 1 - (-5) / 10 = 1.5, more than all that was gained; returns fall, so support
    bought none: no deadweight.

    Money saved 100 and 200 over returns lost 4 and 6 buys nothing either: no price.
    """
    found = rows(curves([8, -4], [12, -6]), costs=np.array([[-100.0], [-200.0]]))
    assert found["pulled_forward"]["value"] == pytest.approx(1.5)
    assert math.isnan(found["deadweight"]["value"])
    assert all(
        math.isnan(found["cost_per_additional"][part]) for part in ("value", "low", "high", "mc_error")
    )


def test_a_draw_without_additional_returns_is_dearer_than_any_other():
    """41 draws that cost 100: 38 with 2 more returns (50 each), 1 with 1 (100), one with 0.5 (200), and one
    with -10 or 0.

    The 5 % quantile of additional returns is the third lowest, 1: above zero. Of the prices the 95 % quantile
    is the third highest: 100, neither wrapped round to -10 nor without end. With 40 draws it lies between the
    second and third lowest, prices 200 and infinity where two draws bring nothing.
    """
    for last in (-10.0, 0.0):
        ends = [2.0] * 38 + [1.0, 0.5, last]
        found = rows(curves(*([end] for end in ends)), costs=np.full((41, 1), 100.0))["cost_per_additional"]
        assert (found["low"], found["high"]) == (pytest.approx(50), pytest.approx(100))
        assert found["value"] == pytest.approx(4100 / sum(ends))
    # 5 %: 0.05 x 39 = 1.95 of the way from the lowest, so between -0.01 and 2
    ends = [2.0] * 38 + [-0.01, -0.01]
    found = rows(curves(*([end] for end in ends)), costs=np.full((40, 1), 100.0))["cost_per_additional"]
    assert found["low"] == pytest.approx(50) and found["high"] == math.inf and found["value"] > 0


def test_prices_and_their_interval_by_hand():
    priced = effects.prices(
        np.array([100.0, 100.0, -100.0, 0.0, np.nan]), np.array([4.0, -4.0, 0.0, 5.0, 1.0])
    )
    assert list(priced[:4]) == [25, math.inf, math.inf, 0] and math.isnan(priced[4])
    # with one more, endless: 95 % is number 19 of 20, which stands; with one less it is between 18 and what
    # is endless
    twenty = np.arange(20.0)
    assert open_interval(np.append(twenty, np.inf)) == (pytest.approx(1), pytest.approx(19))
    assert open_interval(np.append(twenty[:19], np.inf)) == (pytest.approx(0.95), math.inf)
    assert open_interval(twenty) == tuple(map(float, interval(twenty))) and math.isnan(
        open_interval(np.array([np.inf]))[1]
    )


def test_costs_and_deadweight_with_replicates_by_hand():
    """Two draws of two replicates: additional returns 6 and 10, so 8, and 14 and 10, so 12: 10 on the mean.
    Departures 30 and 50, 40 and 80: 40 and 60, so 50.

    Deadweight 1 - 10 / 50 = 0.8, in each draw 1 - 8 / 40 and 1 - 12 / 60. Added cost 100 and 300, 500 and
    700: 200 and 600, so 400; 400 / 10 = 40 for each.
    """
    course = np.array([[[6.0, 10.0], [14.0, 10.0]]])
    assisted = np.array([[[30.0, 50.0], [40.0, 80.0]]])
    found = rows(course, assisted, np.array([[100.0, 300.0], [500.0, 700.0]]))
    assert found["additional_returns"]["value"] == 10 and found["additional_returns"]["low"] == pytest.approx(
        8.2
    )
    assert found["deadweight"]["value"] == pytest.approx(0.8) and found["deadweight"][
        "high"
    ] == pytest.approx(0.8)
    assert (
        found["cost_per_additional"]["value"] == pytest.approx(40) and found["pulled_forward"]["value"] == 0
    )


def test_support_that_everybody_would_have_done_without_and_support_that_nobody_would():
    """Of 100 paid departures in either draw, 1 and 1 are additional: 99 % deadweight. All of 100: none. Of
    40, 60 (others return unpaid): -50 %.
    """
    for additional, paid, expected in ((1.0, 100.0, 0.99), (100.0, 100.0, 0.0), (60.0, 40.0, -0.5)):
        found = rows(curves([additional], [additional]), curves([paid], [paid]))
        assert found["deadweight"]["value"] == pytest.approx(expected)


@pytest.mark.parametrize(
    "ends",
    [(0.0, 0.0), (0.0, 0.0, 0.0, 5.0), (-3.0, 3.0), (7.0,)],
    ids=["no effect", "an end at zero", "both signs", "one draw"],
)
def test_what_follows_from_returns_is_not_estimable_where_their_sign_is_not_settled(ends):
    found = rows(curves(*([end] for end in ends)), costs=np.full((len(ends), 1), 900.0))
    for name in ("deadweight", "cost_per_additional"):
        assert all(math.isnan(found[name][part]) for part in ("value", "low", "high", "mc_error")), name
    assert found["additional_returns"]["value"] == pytest.approx(sum(ends) / len(ends))


def test_nothing_is_pulled_forward_where_returns_only_grow_and_all_where_they_come_back_to_nothing():
    """A(h) grows to the end: 1 - 9 / 9 = 0. A rush of 10 and 14 of which 1 and 1 are left: 1 - 1 / 12. A
    course below zero throughout has no peak.
    """
    assert rows(curves([2, 5, 8], [3, 6, 10]))["pulled_forward"]["value"] == 0
    assert rows(curves([10, 5, 1], [14, 3, 1]))["pulled_forward"]["value"] == pytest.approx(1 - 1 / 12)
    assert math.isnan(rows(curves([-1, -5, -8], [-2, -4, -6]))["pulled_forward"]["value"])


def test_circumstances_and_coercion_have_neither_deadweight_nor_price():
    assert set(rows(curves([1, 8], [1, 12]), policy=False)) == {
        "additional_returns",
        "additional_assisted",
        "additional_unassisted",
        "additional_removed",
    }
    base = norway()
    costed = {"cash_level": 2.0, "outreach": 3.0, "directorate_places": 100.0}
    for lever, value in costed.items():
        assert may_be_costed(base, base.vary(**{lever: value})) and not moves_coercion(
            base, base.vary(**{lever: value})
        )
    for change in (
        {"removal_level": 2.0},
        {"accommodation": 0.0},
        {"designated_centres": 0.5},
        {"work_rights": 0.0},
        {"weights": {"removal_after_deadline": 0.1}},
        {"weights": {"hidden_from_removal": 0.9}},
        {"weights": {"private_from_removal": 0.9}},
        {"series": {"iraq": {"practicability": 1.0}}},
        {"series": {"iraq": {"enforcement": 1.0}}},
    ):
        assert moves_coercion(base, base.vary(**change)) and not may_be_costed(base, base.vary(**change)), (
            change
        )
    assert not may_be_costed(base, base.vary(security_shift=0.1)) and not moves_coercion(
        base, base.vary(security_shift=0.1)
    )


def test_every_weight_that_speaks_of_pressure_is_decided_on():
    """Either it sets removal, and moving it is coercion, or it says how people take it; a new weight has to
    be put into one of the two.
    """
    weights = load_evidence()
    speak = {
        name
        for name, w in weights.items()
        if re.search(
            r"remov|transfer|threat|\bban\b|expulsion|withdrawn|provision|\brights\b|deadline passes|"
            r"rejection to the own deadline",
            f"{name} {w.meaning} {w.unit}",
            re.IGNORECASE,
        )
    }
    assert not COERCIVE_WEIGHTS & REACTION_WEIGHTS and COERCIVE_WEIGHTS | REACTION_WEIGHTS <= set(weights)
    assert speak <= COERCIVE_WEIGHTS | REACTION_WEIGHTS, sorted(speak - COERCIVE_WEIGHTS - REACTION_WEIGHTS)
    acts = r"\bhazard\b|effort of removal|rejection to the own deadline|come with an expulsion order"
    assert {
        name for name in speak if re.search(acts, weights[name].meaning, re.IGNORECASE)
    } == COERCIVE_WEIGHTS


@pytest.mark.parametrize(
    "change",
    [
        {"weights": {"hidden_from_removal": 0.9}},
        {"series": {"iraq": {"practicability": 1.0}}},
        {"series": {"iraq": {"enforcement": 1.0}}},
        {"work_rights": 0.0},
        {"removal_level": 2.0},
        {"cash_level": 2.0},
        {"weights": {"threat_apply": 2.0}},
        {"security_shift": 0.1},
    ],
    ids=str,
)
def test_an_older_folder_that_does_not_say_so_is_judged_by_its_changes(change, tmp_path):
    base = norway()
    other = base.vary(**change)
    here = moves_coercion(base, other)
    assert here is (
        "cash" not in str(change) and "threat" not in str(change) and "security" not in str(change)
    )
    pair = (("base", base), ("other", other))
    scenarios = [{"key": key, "name": key, "asks": "", "changes": changes(base, s)} for key, s in pair]
    older = {"title": "", "measures": {}, "provenance": {}, "scenarios": scenarios, "limits": ["A limit."]}
    (tmp_path / "study.json").write_text(json.dumps(older))
    facts = read_facts(tmp_path)
    assert facts["kind"] == "compare" and [s["coercion"] for s in facts["scenarios"]] == [False, here]
    assert sentences.limits_said(facts["limits"]) == ["A limit."] and facts["origins"]["iraq"] == "Iraq"


def test_notes_beside_effects_name_what_is_coercion():
    base, removal, cash = (
        load_scenario(SCENARIOS / f"{name}.yaml")
        for name in ("baseline-norway", "removal-doubled", "cash-doubled")
    )
    keys = pressing(base, [cash, removal])
    first, second = sentences.notes_on_effects(keys, {"removal-doubled", "cash-doubled"})
    assert keys == ["removal-doubled"] and "removal doubled" in first and "cash" not in first
    assert sentences.notes_on_effects(keys, {"cash-doubled"}) == [second]


def test_changes_say_what_differs_with_kind_and_source():
    base = norway()
    (line,) = changes(base, base.vary(cash_level=2))
    assert (line["lever"], line["kind"], line["baseline"], line["here"]) == (
        "cash_level",
        "support",
        "1",
        "2 from 2010-07",
    )
    assert changes(base, base) == []
    (gate,) = changes(base, base.vary(protection_gate=0.3))
    assert gate["kind"] == "safeguard"


def test_an_interval_leaves_out_what_is_not_known():
    random = np.random.default_rng(1)
    per_draw = random.normal(size=(30, 20)).round(1)
    per_draw[random.random(per_draw.shape) < np.linspace(0.0, 0.8, 30)[:, None]] = np.nan
    for row, *ends in zip(per_draw, *interval(per_draw), strict=True):
        assert np.array_equal(ends, interval(row[~np.isnan(row)]), equal_nan=True)


def test_interval_error_and_sign_by_hand():
    """Draw means 1, 2, 3, 4 from two replicates each (mean +- 1): 90 % interval from 1.15 to 3.85, mean 2.5.

    Standard error: sd of the means sqrt(5/3) over sqrt(4). Within: variance of two replicates 2, of their
    mean 1; between 5/3: share 0.6.
    """
    values = np.array([[0.0, 2.0], [1.0, 3.0], [2.0, 4.0], [3.0, 5.0]])
    low, high = interval(values.mean(axis=-1))
    assert (float(low), float(high)) == (pytest.approx(1.15), pytest.approx(3.85)) and mean_of(values) == 2.5
    assert monte_carlo_error(values) == pytest.approx(math.sqrt(5 / 3) / 2)
    assert chance_share(values) == pytest.approx(0.6)
    assert sign_share(np.array([-1.0, 2.0, 3.0, 0.0])) == pytest.approx(2 / 4), "no effect does not agree"
    assert sign_share(np.array([-1.0, 2.0, 3.0, np.nan])) == pytest.approx(2 / 3), (
        "what is undefined is no draw"
    )
    assert math.isnan(sign_share(np.zeros(3))) and math.isnan(interval(np.array([1.0]))[0])
    assert monte_carlo_error(np.array([[1.0, 3.0]])) == pytest.approx(1.0), "one draw: the replicates speak"


def test_differences_that_are_rounding_count_as_none():
    """Draws: the same level summed in two orders; two replicates that cancel but for the last bit; one more,
    one fewer. The levels are 0.1 + 0.2 and thirds, so that rounding is there to be left out.
    """
    base = np.array([[0.3, 0.3], [7 / 3, 8 / 3], [5.0, 5.0], [5.0, 5.0]])
    here = np.array([[0.1 + 0.2, 0.3], [8 / 3, 7 / 3], [7.0, 5.0], [5.0, 4.0]])
    assert (here - base)[0].any(), "a plain difference is not zero"
    effect = paired(here, base)
    assert by_draw(effect).tolist() == [0.0, 0.0, 1.0, -0.5]
    assert by_draw(effect + [0, 1e-16]).tolist()[1] == 0.0, "a mean that is rounding"
    assert sign_share(by_draw(effect)) == pytest.approx(1 / 4)
    assert float(interval(by_draw(effect)[:2])[0]) == 0.0
    tiny = paired(np.array([1e-9]), np.array([2e-9]))
    assert tiny[0] == pytest.approx(-1e-9), "what is small is not rounding"


def test_small_cells_are_hidden():
    """The median over runs counts: 50 and 9, 9, 50 units in three draws."""
    plan = SimpleNamespace(keys=("a",), scenarios=(SimpleNamespace(minimum_cell=10),))
    labels = [("all", "all", "x"), ("origin", "iraq", "x")]
    values, cells = np.ones((1, 2, 3, 1)), np.array([[[[50.0], [50.0], [9.0]], [[9.0], [9.0], [50.0]]]])
    plan.scenarios[0].__dict__.update(
        levers={},
        series={},
        weights={},
        protection_gate=0.1,
        country_programmes=(),
        hypothesis="mixture",
        information=(),
        general_programme=None,
        amounts={},
        offers=(),
    )
    found = effects.levels_of(plan, RunTable(MEASURES, labels, {"value": values, "cell": cells}))
    assert (
        list(found["suppressed"]) == [False, True] and math.isnan(found["value"][1]) and found["cell"][1] == 9
    )
