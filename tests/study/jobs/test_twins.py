"""Twin runs: shares of applicants worked out by hand, and worlds in which there is nothing to depend on."""

from __future__ import annotations

import math

import numpy as np
import pytest
from conftest import norway
from people import people

from avrr_sim.engines import table
from avrr_sim.engines.world import branch, build_world
from avrr_sim.evidence import central_weights
from avrr_sim.measures import MEASURES, TWIN_MEASURES
from avrr_sim.migrant import NEVER
from avrr_sim.outcomes import people_of
from avrr_sim.policy import LEVERS
from avrr_sim.report.words.sentences import limits_said
from avrr_sim.study.comparison.compare import compare
from avrr_sim.study.jobs import twins
from avrr_sim.study.jobs.job import run_job
from avrr_sim.study.jobs.plan import make_plan


def world_at_the_window(weights=None, size=1500, **changes):
    """A world of 30 months of window, lived up to its first month."""
    scenario = norway(months=30, **changes)
    world = build_world(scenario, central_weights(dict(scenario.weights) | (weights or {})), 5, 0, 0, size)
    table.advance(world, world.window_start)
    return world


def same_rows(one, other) -> bool:
    return all(np.array_equal(one.rows[name], other.rows[name]) for name in one.rows.dtype.names)


def measured(start) -> dict:
    """The twins' measures of a world that stands at the window's start."""
    return twins.twin_measures(start, twins.twin_of(start, {}))


# --- by hand
# ----------------------------------------------------------------------------------------------------------


def test_early_applicants_by_hand():
    """Window from month 10, 40 months in all, so whoever is able to apply from month 10 to 28 is followed for
    twelve months (28 to 39).
    """
    able = [9, 10, 10, 10, 28, 29, NEVER, 15]
    applied = [9, 10, 21, 22, 39, 30, NEVER, NEVER]
    told = [False, True, True, False, True, False, False, False]
    assert twins.early_applicants(people(eligible_at=able, applied_at=applied), 10, 40).tolist() == told


def test_shares_by_hand():
    """Ten people. Six apply here; of these four apply there too, and two more who do not apply here: 2 of 6
    depend on it; net 6 - 6 = 0 of 6.

    With one of the two others left out, net 6 - 5 = 1 of 6; with four others, 6 - 8 = -2 of 6: more apply
    where it is gone.
    """
    here = np.array([1, 1, 1, 1, 1, 1, 0, 0, 0, 0], bool)
    assert twins.shares(here, np.array([1, 1, 1, 1, 0, 0, 1, 1, 0, 0], bool)) == (pytest.approx(2 / 6), 0.0)
    assert twins.shares(here, np.array([1, 1, 1, 1, 0, 0, 1, 0, 0, 0], bool)) == (
        pytest.approx(2 / 6),
        pytest.approx(1 / 6),
    )
    assert twins.shares(here, np.array([1, 1, 1, 1, 0, 0, 1, 1, 1, 1], bool)) == (
        pytest.approx(2 / 6),
        pytest.approx(-2 / 6),
    )
    assert twins.shares(here, here) == (0.0, 0.0) and twins.shares(here, ~here) == (1.0, pytest.approx(2 / 6))
    assert all(math.isnan(share) for share in twins.shares(here & False, here)), "nobody applies: no share"


# --- what a twin is
# ---------------------------------------------------------------------------------------------------


def test_every_lever_that_presses_is_taken_away_in_a_twin():
    """Levers of restriction and coercion are either set to full rights, or act through the threat that is not
    felt.
    """
    pressing = {name for name, lever in LEVERS.items() if lever.kind in ("restriction", "coercion")}
    assert pressing == set(twins.UNRESTRICTED) | {"removal_level", "reentry_ban"}
    assert twins.UNRESTRICTED == {
        "work_rights": LEVERS["work_rights"].high,
        "accommodation": LEVERS["accommodation"].high,
        "allowance": LEVERS["allowance"].high,
        "designated_centres": LEVERS["designated_centres"].low,
    }
    assert set(TWIN_MEASURES) == {f"{name}{net}" for name in twins.TWINS for net in ("", "_net")} and set(
        TWIN_MEASURES
    ) <= set(MEASURES)


def test_a_twin_lives_on_from_the_window_and_leaves_the_run_alone():
    start = world_at_the_window(size=4500)
    before = start.rows.copy()
    same, other = twins.twin_of(start, {}), twins.twin_of(start, twins.UNTHREATENED)
    assert (
        all(np.array_equal(start.rows[name], before[name]) for name in before.dtype.names)
        and start.month == start.window_start
    )
    assert np.array_equal(same["id"], other["id"]), "the same people"
    early = (same["applied_at"] != NEVER) & (same["applied_at"] < start.window_start)
    assert early.sum() > 5 and np.array_equal(same["applied_at"][early], other["applied_at"][early])
    assert not np.array_equal(same["applied_at"], other["applied_at"])
    table.run(start)
    assert np.array_equal(people_of(start), same), "without other levers a branch lives the run's own life"


def test_a_threat_that_is_not_felt_is_as_a_threat_that_does_not_weigh():
    """Nobody minds: the weights of the threat and of the ban at 0. And removals go on: the police remove as
    many who never apply.
    """
    start = world_at_the_window()
    unfelt = branch(start, twins.UNTHREATENED)
    weightless = branch(start)
    weightless.weights = start.weights.copy()
    for name in ("threat_apply", "threat_move", "threat_under", "ban"):
        weightless.weights[name] = 0.0
    for world in (unfelt, weightless):
        table.advance(world, world.months)
    assert same_rows(unfelt, weightless)
    assert unfelt.units[start.window_start :, 4].sum() > 0, "removals are carried out"


# --- nothing to depend on
# ---------------------------------------------------------------------------------------------


def test_shares_are_zero_where_nobody_is_threatened():
    """No removals, and no threat in the order to leave: nothing changes for anybody when the threat is taken
    away.
    """
    start = world_at_the_window(weights={"ordered_departure": 0.0}, removal_level=0)
    calm = branch(start, twins.UNTHREATENED)
    for field in ("risk_apply", "risk_leave"):
        # what was felt before the window, and what people bring along
        calm.rows[field] = start.rows[field] = 0.0
    found = measured(start)
    assert (
        found["pressure_threat"] == (0.0, found["pressure_threat"][1])
        and found["pressure_threat_net"][0] == 0.0
    )
    assert found["pressure_threat"][1] > 20, "a share of nobody proves nothing"
    assert twins.twin_of(start, {}).tobytes() == twins.twin_of(start, twins.UNTHREATENED).tobytes()


def test_shares_are_zero_where_nothing_is_restricted():
    found = measured(world_at_the_window(**twins.UNRESTRICTED))
    assert found["pressure_restrictions"][0] == found["pressure_restrictions_net"][0] == 0.0
    assert found["pressure_dependent"] == found["pressure_threat"], (
        "without restrictions only the threat is left"
    )


def test_nobody_is_misinformed_where_beliefs_are_true():
    found = measured(world_at_the_window(true_beliefs=1))
    assert found["misinformed"][0] == found["misinformed_net"][0] == 0.0 and found["misinformed"][1] > 20
    rosy = measured(
        world_at_the_window(
            weights={
                "knowing": 0.0,
                "hope": 0.0,
                "awareness_start": 1.0,
                "source_advisor": 20.0,
                "security_lag": 0.9,
            },
            size=3000,
            glossing=1,
            cash_level=0,
            in_kind_level=0,
        )
    )
    assert rosy["misinformed"][0] > 0.05 and rosy["misinformed_net"][0] > 0.05, (
        "told that home is safe, more apply than would"
    )
    told = measured(world_at_the_window(size=3000))
    assert told["misinformed_net"][0] < -0.05, "knowing the offer in full, more would apply"


def test_people_who_apply_only_out_of_fear_are_all_found():
    """Applying is worth it through the threat alone: 1,000 logit units less otherwise, and far more than that
    under certain removal.
    """
    start = world_at_the_window(
        weights={
            "apply_constant": -300.0,
            "threat_apply": 1e6,
            "risk_ahead_pending": 0.9,
            "liveable_width": 0.5,
        }
    )
    found = measured(start)
    assert (
        found["pressure_threat"] == (1.0, found["pressure_threat"][1])
        and found["pressure_threat_net"][0] == 1.0
    )
    assert found["pressure_restrictions"][0] < 0.2 and found["pressure_threat"][1] > 20


# --- in a study
# -------------------------------------------------------------------------------------------------------


def test_the_shares_stand_in_levels_and_differences_and_can_be_left_out():
    scenarios = [norway(months=24), norway(months=24, cash_level=3)]
    told = compare(scenarios, draws=3, replicates=2, size=900, seed=4).tables
    for name in TWIN_MEASURES:
        row = told.levels.query("measure == @name and scenario == @told.scenarios[0]['key']").iloc[0]
        assert (
            row["group_by"] == "all"
            and np.isfinite(row["value"])
            and np.isfinite(row["mc_error"])
            and row["cell"] >= 10
        ), name
        assert told.measures[name]["per"] == "share"
    assert len(told.differences.query("measure == 'pressure_dependent'")) == 1
    assert told.provenance["twin_jobs"] == 3 and any(
        "true beliefs" in text and "uncertain" in text for text in limits_said(told.limits)
    )
    plain = compare(scenarios, draws=3, replicates=2, size=900, seed=4, twins=False).tables
    assert (
        not set(TWIN_MEASURES) & set(plain.measures) and not plain.levels["measure"].isin(TWIN_MEASURES).any()
    )
    assert plain.provenance["twin_jobs"] == 0 and any(
        "were not computed" in text for text in limits_said(plain.limits)
    )
    kept = told.levels[~told.levels["measure"].isin(TWIN_MEASURES)].reset_index(drop=True)
    assert kept.equals(plain.levels), "twins change nothing in the runs themselves"


@pytest.mark.parametrize(
    "changes",
    [
        {"cash_level": 3},
        {"removal_level": 4},
        {"inflow_level": 1.5},
        {"security_shift": 0.1},
        {"weights": {"ties": 0.4}},
        {"levers": {"cash_level": [{"from": "2011-01", "value": 0, "announced": "2010-04"}]}},
    ],
)
def test_months_that_scenarios_share_are_lived_once_and_nothing_changes(changes):
    """Each scenario beside a baseline gives what it gives alone, to the bit, whether or not the months before
    the window are shared.
    """
    baseline, other = (
        norway(window_from="2010-07", months=12),
        norway(window_from="2010-07", months=12, **changes),
    )
    both = run_job(make_plan([baseline, other], draws=2, size=600), (1, 0))
    alone = run_job(make_plan([other], draws=2, size=600), (1, 0))
    for name in ("runs", "series", "endings", "waits", "totals"):
        ours, theirs = both.tables[name], alone.tables[name]
        at = [ours.labels.index(label) for label in theirs.labels]
        for column, values in theirs.numbers.items():
            assert np.array_equal(ours.numbers[column][1, at], values[0], equal_nan=True), (name, column)
