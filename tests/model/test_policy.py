"""Levers month by month: what is known when, and plans of information that differ in timing, not in
volume.
"""

from __future__ import annotations

import numpy as np
import pytest

from avrr_sim.engines import table
from avrr_sim.engines.world import build_world
from avrr_sim.evidence import central_weights
from avrr_sim.migrant import CENTRE, GONE_UNDER, PENDING, PRESENT, UNREGISTERED
from avrr_sim.policy import KINDS, LEVERS, STATUS_NAMES, TIMINGS, Step, policy_table
from experiments import baseline


def test_every_lever_has_a_known_kind_unit_meaning_source_and_a_default_in_range():
    for lever in LEVERS.values():
        assert (
            lever.kind in KINDS
            and lever.unit
            and lever.meaning
            and lever.source
            and lever.low <= lever.default <= lever.high
        )


def test_an_unannounced_step_is_never_foreseen_while_another_is_announced():
    found = policy_table(
        {"cash_level": [Step(112, 0.0, announced=101)], "in_kind_level": [Step(106, 0.0)]}, 100, 20
    )
    assert list(found["months_to_change"][:13]) == [0, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert list(found["next_in_kind_level"][1:12]) == [1.0] * 5 + [0.0] * 6, (
        "known from the month in which it has begun"
    )
    assert list(found["next_cash_level"][1:12]) == [0.0] * 11


def test_two_changes_of_the_same_month_are_known_each_from_its_own_announcement():
    found = policy_table(
        {"cash_level": [Step(112, 0.0, announced=101)], "in_kind_level": [Step(112, 0.0, announced=106)]},
        100,
        20,
    )
    assert list(found["next_in_kind_level"][1:12]) == [1.0] * 5 + [0.0] * 6


@pytest.mark.slow
def test_named_plans_of_information_have_as_many_contacts_in_the_baseline():
    """Expected contacts of advisors and organisations in the measured window under each plan, the same people
    at the same places; within 2 %.
    """
    weights, totals = central_weights(), np.zeros(5)

    def watch(world):
        if world.month <= world.window_start:
            return
        rows = np.asarray(world.rows)
        here = (rows["outcome"] == PRESENT) & (rows["arrival"] < world.month)
        place = np.where(rows["abode"] == CENTRE, weights["contact_centre"], weights["contact_private"])
        rate = (
            place
            + weights["contact_iom"]
            + np.where(rows["status"] != UNREGISTERED, weights["contact_directorate"], 0.0)
        )
        rate += np.where(rows["status"] <= PENDING + 1, weights["contact_noas"], 0.0)
        rate = np.where(rows["abode"] == GONE_UNDER, weights["contact_hidden"], rate)
        totals[:] += np.bincount(rows["status"][here], weights=rate[here], minlength=5)

    table.run(build_world(baseline(), weights, 1, 0, 0, 30_000), watch)
    for name, plan in TIMINGS.items():
        contacts = sum(plan[status] * total for status, total in zip(STATUS_NAMES, totals, strict=True))
        assert contacts == pytest.approx(totals.sum(), rel=0.02), name
