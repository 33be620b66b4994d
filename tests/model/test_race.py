"""The race between options is decided by bounds where they suffice: they never leave out what would win."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hand_cases import here_row, now_row
from hypothesis import example, given, settings
from hypothesis import strategies as st

from avrr_sim.chance import open_unit
from avrr_sim.evidence import draw_weights, parameter_record
from avrr_sim.migrant import APPLIED, OBLIGED_BEFORE, empty_rows
from avrr_sim.offers.table import OFFER, no_offers
from avrr_sim.policy import policy_table
from avrr_sim.programmes.amounts import PAID
from avrr_sim.rules.choice import (
    STAY,
    arrival_time,
    first_of,
    latest,
    log_at_most,
    may_win,
    most_apply,
    time_before,
    utility_apply,
    winner,
)
from avrr_sim.rules.situation import SITUATION

UNIFORMS = st.one_of(
    st.integers(0, 2**32 - 1),
    st.sampled_from([0, 1, 2**31, 2**32 - 1]),
    st.integers(0, 256).map(lambda k: max(min(k * 2**24, 2**32) - 1, 0)),  # beside the edges of the grid
).map(open_unit)
UTILITIES = st.one_of(
    st.floats(-60.0, 60.0),
    st.floats(-1e308, 1e308),
    st.integers(-600, 600).map(lambda k: k / 8.0),  # on the edges of the grid
    st.integers(-600, 600).map(lambda k: float(np.nextafter(k / 8.0, -math.inf))),
)
MANY = settings(max_examples=400, deadline=None)


@MANY
@given(UNIFORMS, UTILITIES, UNIFORMS, UTILITIES)
def test_what_finishes_before_another_may_win(u, v, u_other, v_other):
    other = arrival_time(u_other, v_other, True)
    if arrival_time(u, v, True) < other:
        assert may_win(u, v, other)
    assert may_win(u, v, math.inf)


@MANY
@given(UNIFORMS, UTILITIES)
@example(open_unit(0), -700.0)
@example(open_unit(2**32 - 1), 700.0)
def test_the_latest_time_is_never_too_early(u, v):
    assert latest(u, v) >= arrival_time(u, v, True)


@MANY
@given(UNIFORMS, UTILITIES, st.booleans(), UNIFORMS, UTILITIES)
def test_a_time_before_another_is_the_time_itself_or_never(u, v, is_open, u_other, v_other):
    other = arrival_time(u_other, v_other, True)
    time, found = arrival_time(u, v, is_open), time_before(u, v, is_open, other)
    assert found == time or (found == math.inf and time >= other)


@MANY
@given(
    st.tuples(*[UNIFORMS] * 5),
    st.tuples(*[UTILITIES] * 5),
    st.tuples(*[st.booleans()] * 4),
)
def test_the_winner_is_that_of_the_race_without_bounds(uniforms, utilities, are_open):
    options = list(zip(uniforms, utilities, (True, *are_open), strict=True))
    assert winner(*options) == first_of(*(arrival_time(*option) for option in options))


def test_bounds_settle_most_races_among_likely_utilities():
    """Else they would cost more than they save: staying at 2, the others around -4."""
    rng = np.random.default_rng(1)
    settled = 0
    for _ in range(2000):
        by_then = latest(rng.random(), 2.0)
        settled += not any(
            may_win(u, v, by_then) for u, v in zip(rng.random(4), rng.normal(-4, 1, 4), strict=True)
        )
    assert settled > 1700 and STAY == 0


@MANY
@given(st.floats(1.0, 1e308))
@example(1.0)
@example(1.0000000000000002)
def test_the_bound_on_a_logarithm_is_one(x):
    assert log_at_most(x) >= math.log(x)


def somebody(rng: np.random.Generator) -> tuple:
    """A migrant, situation, origin, levers and weights, each far and wide: (arguments of `utility_apply`)."""
    row, situation = empty_rows(1), np.zeros(1, SITUATION).view(np.recarray)
    for name in ("network", "taste_return", "inclination"):
        row[name] = rng.normal(0.0, 2.0)
    for name in ("awareness", "knowledge", "trust", "security", "risk_apply", "links", "berth"):
        row[name] = rng.random()
    row["adults"], row["minors"] = rng.integers(1, 4), rng.integers(0, 4)
    row["vulnerability"], row["status"] = rng.integers(0, 6), rng.choice([0, 2, 3, 4])
    row["abode"], row["passport"], row["expelled"] = (
        rng.integers(0, 3),
        rng.random() < 0.3,
        rng.random() < 0.3,
    )
    for name in SITUATION.names[1:]:
        situation[name] = rng.normal(0.0, 1.0) * (name != "europe")
    here, lever = here_row({}, False), policy_table({}, 24000, 1)[0]
    for name in (*PAID, "income"):
        here[name] = rng.random() * 10.0 ** rng.integers(0, 6)
    lever.cash_level, lever.designated_centres = 3.0 * rng.random(), rng.random()
    drawn = parameter_record(draw_weights(int(rng.integers(1, 2**31)), 0))
    return row[0], situation[0], here, lever, no_offers(1, 1)[:, 0], now_row({}), drawn


def test_applying_is_never_worth_more_than_its_bound_says():
    rng, near = np.random.default_rng(3), 0
    for _ in range(3000):
        row, situation, here, lever, on_offer, now, w = somebody(rng)
        value = utility_apply(row, situation, here, lever, on_offer, now, w)
        most = most_apply(row, situation, here, lever, on_offer, w)
        assert value <= most < math.inf
        near += most - value < 2.0
    assert near > 1000  # a bound far off would spare nothing


@pytest.mark.parametrize("change", ["promised", "deadline ahead", "announced", "offers"])
def test_there_is_no_bound_where_applying_is_worth_more_than_its_terms(change):
    row, situation, here, lever, on_offer, _, w = somebody(np.random.default_rng(4))
    if change == "promised":
        row.stage = APPLIED
    elif change == "deadline ahead":
        row.status = OBLIGED_BEFORE
    elif change == "announced":
        lever.months_to_change = 3.0
    else:
        on_offer = np.zeros((1, 1, 1), OFFER).view(np.recarray)
    assert most_apply(row, situation, here, lever, on_offer, w) == math.inf
