"""The race between options is decided by bounds where they suffice: they never leave out what would win."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from avrr_sim.chance import open_unit
from avrr_sim.rules.choice import STAY, arrival_time, first_of, latest, may_win, time_before, winner

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
