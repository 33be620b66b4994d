"""Statistics of patterns: positive in the model as it is, negative in a world made so that the pattern cannot
hold; and the runs behind them.
"""

from __future__ import annotations

import numpy as np
import pytest
from conftest import SCENARIOS

from avrr_sim.engines.table import advance
from avrr_sim.engines.world import build_world
from avrr_sim.evidence import central_weights
from avrr_sim.programme import unknowns_of
from avrr_sim.refusals import Refusal
from avrr_sim.scenario import load_scenario
from avrr_sim.study.patterns.catalogue import PATTERNS, pattern_results, pattern_statistics, result_of
from avrr_sim.study.patterns.chances import APPLIES, AT_RISK, UNDER_FULL_RISK
from avrr_sim.study.patterns.lives import Life, Lives
from avrr_sim.study.patterns.worlds import BASES, WORLDS, world

SEED, SIZE = 3, 4000
TWO = ("P01", "P05")

CONTRIVED = {
    "P01": {"security": -4.0, "liveable_width": 50.0},  # security repels, and nothing else follows it
    "P02": {"network": 0.0, "network_view": 0.0},
    "P03": {"threat_apply": 0.0, "ban": 0.0},  # then a removal only drives people away
    "P04": {"liveable_width": 50.0},  # every origin seems as liveable as any other
    "P05": {"threat_move": 0.0, "threat_under": 0.0},
    "P06": {"threat_apply": 0.0, "ban": 0.0},
    "P07": {"destitution_apply": 4.0, "destitution_move": 0.01, "destitution_under": 0.01},
    "P08": {"designated_move": -2.0, "designated_under": -2.0},
    "P09": {"support": 0.0},
    "P15": {"support": 8.0, "security": 0.01},
    "P16": {"contact_centre": 0.001, "contact_private": 2.0},
    "P17": {"self_rated_start": 0.01, "feeling_informed": 0.0},
    "P18": {"receptivity": 0.9},
    "P19": {"trust_interest": 0.0, "trust_glossing": 0.0},
    "P20": {"contradiction_outside": -1.0},
    "P22": {"form_business": 0.01},
    "P27": {"threat_apply": 0.0, "ban": 0.0},
    "P28": {"documents_failing": 0.0},
}
"""Weights, far outside their priors, under which a pattern cannot hold."""


@pytest.fixture(scope="module")
def as_it_is():
    """Every statistic at the medians of the priors."""
    return pattern_results([p for p in CONTRIVED], central_weights(), SEED, 0, SIZE)


@pytest.mark.slow
@pytest.mark.parametrize("name", CONTRIVED)
def test_a_statistic_turns_where_the_world_is_made_so_that_the_pattern_cannot_hold(name, as_it_is):
    turned = pattern_statistics([name], central_weights() | CONTRIVED[name], SEED, 0, SIZE)[name]
    assert turned < 0, turned
    assert as_it_is[name].value > turned
    if name not in ("P09", "P22", "P27"):  # small or uncertain effects in a run of this size
        assert as_it_is[name].value > 0, as_it_is[name]


def test_late_applications_that_pay_more_turn_P26():
    usual, turned = (
        result_of(PATTERNS["P26"], Lives(central_weights(), SEED, 0, SIZE, amounts=amounts))
        for amounts in (
            None,
            {
                "cash_a_adult": (0, 7_000.0),
                "cash_a_minor": (0, 2_000.0),
                "cash_b_adult": (0, 20_000.0),
                "cash_b_minor": (0, 10_000.0),
            },
        )
    )
    assert usual.value > 0 > turned.value


def test_runs_are_shared_and_change_nothing():
    """A pattern says the same alone and among others, with and without its error; an unknown one is
    refused.
    """
    weights = central_weights()
    together = pattern_statistics(TWO, weights, SEED, 0, 600)
    assert list(together) == list(TWO)
    for name in TWO:
        alone = pattern_results([name], weights, SEED, 0, 600)[name]
        assert alone.value == together[name] and alone.error > 0
    with pytest.raises(Refusal, match="P99"):
        pattern_statistics(["P99"], weights, SEED, 0, 600)


@pytest.mark.parametrize(
    "name", ["cash-doubled", "embassy at home", "shocks, security swapped", "no country programmes"]
)
def test_a_world_goes_on_from_its_base_where_it_can_and_lives_as_if_from_the_start(name):
    """Those that differ before the window, or in their programmes, live all months themselves."""
    weights = central_weights()
    scenario = world(name, weights)
    known = {**central_weights(None, unknowns_of(scenario.programmes)), **dict(scenario.weights)}
    late, whole = Lives(weights, SEED, 0, 400)._begun(name), build_world(scenario, known, SEED, 0, 0, 400)
    assert late.month == late.window_start
    for run in (late, whole):
        advance(run, 200)
    assert (
        np.array_equal(late.rows, whole.rows)
        and np.array_equal(late.persons, whole.persons)
        and np.array_equal(late.at_risk, whole.at_risk)
    )


def test_worlds_say_what_the_scenario_files_of_the_same_name_say():
    weights = central_weights()
    files = [name for name in WORLDS if (SCENARIOS / f"{name}.yaml").is_file()]
    assert set(BASES) | {
        "security-improves",
        "restrictions-withdrawn",
        "cash-doubled",
        "information-early",
    } <= set(files)
    for name in files:
        ours, theirs = (
            scenario.resolved()
            for scenario in (world(name, weights), load_scenario(SCENARIOS / f"{name}.yaml"))
        )
        assert {k: v for k, v in ours.items() if k not in ("name", "asks")} == {
            k: v for k, v in theirs.items() if k not in ("name", "asks")
        }, name


@pytest.mark.slow
def test_the_chances_that_people_are_asked_for_are_those_with_which_they_apply():
    """Chances at a month's end, added up, against applications of the same people in the next month, over 36
    months.
    """
    weights = central_weights()
    run = build_world(world("baseline-norway", weights), weights, SEED, 0, 0, 20_000)
    advance(run, 40)
    expected = counted = 0.0
    life = Life(run)
    for _ in range(36):
        before = run.rows.copy()
        chosen, answers = life.answers(about_risk=True)
        assert np.array_equal(run.rows, before), "asking changes nobody"
        advance(run, 1)
        at_risk = answers[:, AT_RISK] > 0
        expected += answers[at_risk, APPLIES].sum()
        counted += (run.rows["application_at"][chosen[at_risk]] == run.month - 1).sum()
        in_mind = before["heed"][chosen] <= before["awareness"][chosen]
        assert (answers[at_risk & in_mind, UNDER_FULL_RISK] > 0).all()
        assert (answers[~in_mind, APPLIES] == 0).all() and (at_risk & ~in_mind).any()
    assert counted > 200 and abs(counted / expected - 1) < 4 / np.sqrt(counted), (counted, expected)
