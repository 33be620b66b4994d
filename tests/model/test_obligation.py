"""Promises about the obligation to leave, on the full rule book: the own deadline, expulsion orders, removal,
the office's days, and what is counted of them.
"""

from __future__ import annotations

import numpy as np
import pytest
from conftest import norway

from avrr_sim.engines import agents, table
from avrr_sim.engines.world import build_world
from avrr_sim.evidence import central_weights, draw_weights, parameter_record
from avrr_sim.measures import OBLIGED_LATER, OBLIGED_SOON
from avrr_sim.migrant import (
    APPROVED,
    ASSISTED,
    DUBLIN,
    NEVER,
    NONE,
    OBLIGED_AFTER,
    OBLIGED_BEFORE,
    PENDING,
    PRESENT,
    REMOVED,
    TIER_A,
    UNREGISTERED,
)
from avrr_sim.outcomes import outcomes_of
from avrr_sim.rules.legal import deadline_within, months_to_deadline

PLENTY = {"directorate_places": 100_000, "embassy_places": 100}


def lived(weights=None, size=3000, engine=table, months=60, watch=None, **levers):
    """A world lived to its end, under central weights but for the given ones."""
    world = build_world(
        norway(months=months, levers=levers), central_weights() | (weights or {}), 7, 0, 0, size
    )
    return engine.run(world, watch)


def test_the_own_deadline_passes_in_its_month_and_in_no_other():
    seen = set()

    def watch(world):
        rows, month = world.rows[world.rows["arrival"] < world.month], world.month - 1
        here = rows[rows["outcome"] == PRESENT]
        before, after = here[here["status"] == OBLIGED_BEFORE], here[here["status"] == OBLIGED_AFTER]
        assert (before["deadline_at"] > month).all() and (after["deadline_at"] <= month).all()
        assert np.array_equal(after["status_since"], after["deadline_at"])
        assert np.array_equal(before["status_since"], before["obliged_at"])
        seen.update((after["deadline_at"] - after["obliged_at"]).tolist())

    lived(watch=watch)
    assert min(seen) == 1 and len(seen) > 5  # people differ


def test_whoever_was_never_rejected_has_no_deadline_and_no_order():
    rows = lived().rows
    arrived = rows[rows["arrival"] < 60]
    pending = arrived[arrived["status"] == PENDING]
    for field in ("obliged_at", "deadline_at"):
        assert (pending[field] == NEVER).all() and (
            arrived[arrived["entry"] == UNREGISTERED][field] == NEVER
        ).all()
    assert np.array_equal(*(arrived[arrived["entry"] == DUBLIN][name] for name in ("obliged_at", "arrival")))
    assert not arrived["expelled"][arrived["deadline_at"] == NEVER].any()
    assert 0.05 < arrived["expelled"][arrived["deadline_at"] != NEVER].mean() < 0.15


@pytest.mark.parametrize("median, spread", [(3.0, 0.4), (1.0, 0.2), (8.0, 0.7)])
def test_deadlines_are_drawn_as_the_true_risk_counts_them(median, spread):
    """Of ten thousand even ranks, as many within k months as the chance says, to one rank."""
    w = parameter_record(central_weights({"deadline_months": median, "deadline_spread": spread}))
    drawn = np.array([months_to_deadline((i + 0.5) / 10_000, w) for i in range(10_000)])
    for months in range(1, 13):
        assert (drawn <= months).mean() == pytest.approx(deadline_within(float(months), w), abs=1e-4)


def test_orders_change_tiers_and_nothing_of_the_legal_path():
    """The same people are rejected, with the same deadlines, whether every rejection brings an order or
    none.
    """
    never, always = (lived({"expulsion": share}) for share in (0.0, 1.0))
    for field in ("id", "obliged_at", "deadline_at"):
        both = (never.rows["outcome"] == PRESENT) & (always.rows["outcome"] == PRESENT)
        assert np.array_equal(never.rows[field][both], always.rows[field][both])
    rejected = always.rows["applied_status"] >= OBLIGED_BEFORE
    rejected &= (always.rows["applied_status"] <= OBLIGED_AFTER) & (always.rows["applied_at"] != NEVER)
    assert rejected.any() and (always.rows["applied_tier"][rejected] != TIER_A).all()
    assert (never.rows["applied_tier"][never.rows["applied_status"] == OBLIGED_BEFORE] == TIER_A).any()


def test_at_no_difference_everybody_is_removed_alike_and_a_weight_moves_its_group_alone():
    assert (lived(size=1000).rows["removability"] == 1.0).all()
    rows = lived({"removal_minors": np.log(2.0)}, size=1000).rows
    assert np.array_equal(rows["removability"], np.where(rows["minors"] > 0, np.exp(np.log(2.0)), 1.0))


def test_the_hazard_grows_with_whole_years_of_obligation():
    world = lived({"removal_longer": 1.0}, size=1000)
    rows = world.rows
    held = rows[(rows["obliged_at"] != NEVER) & (rows["outcome"] == PRESENT)]
    years = (world.months - 1 - held["obliged_at"]) // 12
    assert held["removability"] == pytest.approx(1.0 + years, rel=1e-12) and years.max() > 2


def test_removal_follows_the_factor():
    """With four times the hazard of those without, units with a passport are removed more often than before,
    and the others are not.
    """
    plain, more = (lived({"removal_passport": value}) for value in (0.0, np.log(4.0)))
    for passport, rises in ((True, True), (False, False)):
        before, after = (
            ((w.rows["outcome"] == REMOVED) & (w.rows["passport"] == passport)).sum() for w in (plain, more)
        )
        assert (after > 1.5 * before) if rises else (abs(int(after) - int(before)) < 0.1 * before)


@pytest.mark.parametrize("engine", [table, agents])
def test_with_papers_in_hand_and_places_free_the_median_is_under_two_months(engine):
    """From application to departure, on the clock of the application; without papers it takes longer."""
    rows = lived(engine=engine, size=3000 if engine is table else 800, **PLENTY).rows
    gone = rows[rows["outcome"] == ASSISTED]
    months = gone["ready_at"] - gone["application_at"] - 0.5
    papers, none = months[gone["passport"]], months[~gone["passport"]]
    assert np.median(papers) < 2.0 < np.median(none)
    assert (months > 0.0).all() and (np.floor(gone["ready_at"]) == gone["left_at"]).all()


def test_nobody_with_a_passport_waits_for_an_embassy_and_several_stages_pass_in_one_month():
    steps = set()

    def watch(world):
        rows = world.rows[world.rows["arrival"] < world.month]
        assert not ((rows["stage"] == APPROVED) & rows["passport"] & (rows["outcome"] == PRESENT)).any()
        now = rows[(rows["application_at"] == world.month - 1)]
        steps.update(zip(now["stage"].tolist(), (now["outcome"] == ASSISTED).tolist(), strict=True))

    lived(watch=watch, **PLENTY)
    assert any(gone for _, gone in steps) and len({stage for stage, _ in steps} - {NONE}) == 4


def test_a_rush_before_the_own_deadline_follows_its_weight():
    """Of those rejected in time, more apply in the three months before the own deadline with the term than
    without, and nobody else's first application can come of it but by word of mouth.
    """
    counts = []
    for rush in (0.0, 5.0):
        rows = lived({"rush_deadline": rush, "support": 1.0}, size=6000).rows
        before = rows["deadline_at"] - rows["applied_at"]
        own = (rows["applied_status"] == OBLIGED_BEFORE) & (rows["applied_at"] != NEVER)
        counts.append(int((own & (before >= 1) & (before <= 3)).sum()))
    assert counts[1] > 1.3 * counts[0] > 0


def test_the_two_memories_of_removal_have_priors_of_their_own():
    drawn = np.array(
        [[draw_weights(3, d)[name] for name in ("risk_decay_apply", "risk_decay_leave")] for d in range(400)]
    )
    assert abs(np.corrcoef(drawn.T)[0, 1]) < 3.3 / np.sqrt(400)
    one, other = (lived({name: 0.9}, size=300).rows for name in ("risk_decay_apply", "risk_decay_leave"))
    assert not np.array_equal(one["risk_apply"], other["risk_apply"])


def test_what_is_counted_of_the_obliged_adds_up():
    found = outcomes_of(lived(size=4000))
    for months in (OBLIGED_SOON, OBLIGED_LATER):
        ends = [m for m in found.measures.frame()["measure"].unique() if m.startswith(f"obliged_{months}_")]
        assert len(ends) == 8 and sum(found.value(end) for end in ends) == pytest.approx(1.0, rel=1e-12)
    tiers = ("a", "b", "vulnerable")
    for whole, part in (("applications", "applications"), ("assisted_departures", "departures")):
        assert sum(found.value(f"{part}_{tier}") for tier in tiers) == pytest.approx(
            found.value(whole), rel=1e-12
        )
    assert found.value("missing_pending") + found.value("missing_rejected") <= found.value("missing")
    assert (
        found.value("rejected_in_centres") < found.value("rejected") and found.value("months_obliged") > 0.0
    )
    assert found.value("obliged_24_there") < found.value("obliged_12_there")


def test_stocks_worked_out_from_dates_are_those_counted_month_by_month():
    seen = []

    def watch(world):
        rows, month = world.rows[world.rows["arrival"] < world.month], world.month - 1
        here = rows[(rows["outcome"] == PRESENT) & (rows["entry"] == PENDING)]
        people = here["adults"] + here["minors"]
        rejected = here["status"] != PENDING
        since = (people * (month - here["obliged_at"]))[rejected]
        seen.append((people[~rejected].sum(), people[rejected].sum(), since.sum()))

    world = lived(size=1500, watch=watch)
    found, window = outcomes_of(world), np.array(seen[world.window_start :], float)
    pending, rejected, since = window.T
    assert found.value("pending") == pytest.approx(pending.mean() * world.scale, rel=1e-12)
    assert found.value("rejected") == pytest.approx(rejected.mean() * world.scale, rel=1e-12)
    assert found.value("months_obliged") == pytest.approx(since.sum() / rejected.sum(), rel=1e-12)
