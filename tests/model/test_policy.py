"""Levers month by month: what is known when."""

from __future__ import annotations

from avrr_sim.policy import KINDS, LEVERS, Step, policy_table


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
