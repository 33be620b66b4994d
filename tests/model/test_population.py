"""The people: fixed ids, counts that follow the data, and lives before a change that the change does not
touch.
"""

from __future__ import annotations

import numpy as np
import pytest
from conftest import norway

from avrr_sim.engines.world import build_world
from avrr_sim.evidence import central_weights
from avrr_sim.migrant import (
    AGED_OUT,
    DUBLIN,
    FIXED,
    MEDICAL,
    MIGRANT,
    NEVER,
    NOT_VULNERABLE,
    OTHER_VULNERABLE,
    PENDING,
    PRIVATE,
    TRAFFICKED,
    UNACCOMPANIED,
    UNREGISTERED,
)
from avrr_sim.places.origins import origins, series_values
from avrr_sim.places.place import host
from avrr_sim.population import (
    HOST_DTYPE,
    all_units,
    arrivals,
    centres_simulated,
    expected_units,
    mean_household,
    migrant_id,
    strategic_factor,
    units_waiting,
    vulnerability_of,
)
from avrr_sim.rules.office import LARGEST_POPULATION
from avrr_sim.rules.tally import MILLION
from avrr_sim.scenario import Scenario
from avrr_sim.scenario_parts import LONGEST_RUN
from avrr_sim.setting import setting_tables

SIZE = 3000
SIZES = (300, 3000, 30_000)
OTHER_LEVERS = [
    {"cash_level": 3},
    {"information_timing": "early"},
    {"removal_level": 5},
    {"designated_centres": 1, "accommodation": 0},
    {"europe_opportunity": 4},
    {"security_shift": 0.2},
    {"directorate_places": 1},
]


def world(scenario: Scenario, size: int = SIZE, draw: int = 0, replicate: int = 0, **weights: float):
    return build_world(scenario, central_weights(scenario.weights) | weights, 1, draw, replicate, size)


def same_rows(a: np.ndarray, b: np.ndarray, fields=None) -> bool:
    """Byte for byte, field by field (padding between fields means nothing)."""
    return all(a[name].tobytes() == b[name].tobytes() for name in fields or MIGRANT.names)


@pytest.fixture(scope="module")
def expected():
    scenario = norway()
    return expected_units(scenario, central_weights())


def test_an_id_says_cohort_origin_stream_and_ordinal(baseline):
    rows, known = world(baseline).rows, origins()
    whole = migrant_id(24120, 9, True, 17)
    assert (whole & 0xFFFFF, (whole >> 20) & 1, (whole >> 21) & 63, whole >> 27) == (17, 1, 9, 24120)
    assert np.array_equal(rows["id"] >> 27, baseline.start + rows["arrival"])
    numbers = np.array([known[key].number for key in baseline.origins])
    assert np.array_equal((rows["id"] >> 21) & 63, numbers[rows["origin"]])
    assert np.array_equal(((rows["id"] >> 20) & 1) == 1, rows["status"] == UNREGISTERED)


def test_ids_are_unique_sorted_and_numbered(baseline):
    rows = world(baseline).rows
    assert (np.diff(rows["id"]) > 0).all()
    assert np.array_equal(rows["serial"], np.arange(len(rows)))
    cohort = rows["id"] >> 20
    first = np.flatnonzero(np.diff(cohort, prepend=-1))
    assert (rows["id"][first] & 0xFFFFF == 0).all()  # ordinals of a cohort run from 0 without gaps
    assert np.array_equal(
        rows["id"] & 0xFFFFF, np.arange(len(rows)) - np.repeat(first, np.diff(np.append(first, len(rows))))
    )


@pytest.mark.parametrize("levers", OTHER_LEVERS, ids=lambda levers: "-".join(levers))
def test_the_same_people_live_in_every_scenario(baseline, levers):
    """Ids and all traits; but for the own view of the origin where its true security differs."""
    a, b = world(baseline), world(baseline.vary(**levers))
    fields = [name for name in FIXED if name != "own_security" or "security_shift" not in levers]
    assert same_rows(a.rows, b.rows, fields) and a.scale == b.scale


def test_draws_and_replicates_are_other_people_of_the_same_cohorts(baseline):
    a, b, c = world(baseline), world(baseline, draw=1), world(baseline, replicate=1)
    for other in (b, c):
        assert same_rows(a.rows, other.rows, ["id", "origin", "arrival"]) and not same_rows(
            a.rows, other.rows, ["taste_return"]
        )


@pytest.mark.parametrize("size", SIZES)
def test_cohorts_are_within_one_of_expectation(baseline, expected, size):
    fraction = size / expected.sum()
    counts = np.zeros_like(expected)
    for stream, origin, month, units in arrivals(expected, np.ones(expected.shape[1:]), fraction):
        counts[stream, origin, month] = units
    assert np.abs(counts - expected * fraction).max() < 1.0 + 1e-9
    # and nothing adds up over time
    assert np.abs(counts.cumsum(axis=2) - expected.cumsum(axis=2) * fraction).max() <= 0.5 + 1e-6
    assert abs(counts.sum() - size) <= expected.shape[0] * expected.shape[1]


@pytest.mark.parametrize("size", SIZES[:2])
def test_the_total_is_the_size_within_one_for_each_stream_and_origin(baseline, size):
    found = world(baseline, size)
    assert abs(len(found.rows) - size) <= 2 * len(baseline.origins)
    assert found.scale * size == pytest.approx(all_units(baseline, central_weights()), rel=1e-12)


def test_expected_units_follow_the_arrival_series(baseline, expected):
    """A year's units times the mean household are the year's persons: 10,047 applicants in 2010, 460 of them
    Iraqis.
    """
    persons = expected * mean_household(host("norway"))
    assert persons[0, :, :12].sum() == pytest.approx(10_047, rel=1e-12)
    assert persons[0, baseline.origins.index("iraq"), :12].sum() == pytest.approx(460, rel=1e-12)
    assert persons[1, :, :12].sum() == pytest.approx(central_weights()["unregistered_inflow"], rel=1e-12)


def test_claims_pending_at_the_end_of_the_year_before_wait_when_the_run_starts(baseline, expected):
    """16,621 persons at the end of 2009, 1,769 of them Iraqis; a start in 2006 takes the first stock that is
    published, and one before it finds nobody.
    """
    waiting = units_waiting(baseline) * mean_household(host("norway"))
    iraq = baseline.origins.index("iraq")
    assert waiting.sum() == pytest.approx(16_621) and waiting[iraq] == pytest.approx(1769)
    rows, scale = world(baseline, 30_000).rows, world(baseline, 30_000).scale
    first = (rows["arrival"] == 0) & (rows["origin"] == iraq) & (rows["status"] != UNREGISTERED)
    assert first.sum() * scale * mean_household(host("norway")) == pytest.approx(1769 + 460 / 12, rel=0.02)
    for start, stock in (("2006-01", 7924), ("2005-01", 0), ("2010-07", 16_621)):
        scenario = norway(start=start, window_from="2011-01", months=6)
        assert units_waiting(scenario).sum() * 1.32 == pytest.approx(stock), start


def test_those_who_wait_are_no_part_of_the_inflow(baseline):
    """No one else comes at a level of 0 from the start, and they are there all the same."""
    stopped = baseline.vary(inflow_level=[{"from": "2010-01", "value": 0}])
    rows = world(stopped, 3000).rows
    assert len(rows) > 500 and (rows["arrival"] == 0).all()


def test_mean_household_is_that_of_the_table():
    """0.78 x 1 + 0.06 x 1 + 0.04 x 2 + 0.05 x 2 + 0.05 x 4 + 0.02 x 5 = 1.32."""
    assert mean_household(host("norway")) == pytest.approx(1.32, rel=1e-12)


@pytest.mark.parametrize("level", [0, 0.4, 3])
def test_another_inflow_leaves_those_who_came_before_as_they_were(baseline, level):
    month = 12
    changed = baseline.vary(inflow_level=[{"from": "2011-01", "value": level}])
    a, b = world(baseline).rows, world(changed).rows
    assert changed.start == 2010 * 12
    before, after = a[a["arrival"] < month], b[b["arrival"] < month]
    assert len(before) > 500 and same_rows(before, after)
    common, i, j = np.intersect1d(a["id"], b["id"], return_indices=True)  # and so are those who come anyway
    assert same_rows(a[i], b[j], [name for name in MIGRANT.names if name != "serial"])
    assert len(common) >= len(before) and (len(b) == len(before)) == (level == 0)


def test_nobody_comes_after_a_stop_and_three_times_as_many_at_three(baseline):
    """The lever holds from the window on; each stream and origin is right to one unit."""
    first = baseline.window_from - baseline.start
    counts = {
        level: int((world(baseline.vary(inflow_level=level)).rows["arrival"] >= first).sum())
        for level in (0, 1, 3)
    }
    assert counts[0] == 0 and abs(counts[3] - 3 * counts[1]) <= 4 * 2 * len(baseline.origins)


@pytest.mark.parametrize("size", [2000, 20_000, 200_000])
def test_residents_of_a_simulated_centre_do_not_depend_on_size(baseline, expected, size):
    """Simulated residents over simulated centres are those of a real centre, but for rounding the number of
    centres.
    """
    norwegian = host("norway")
    traits = norwegian.traits
    fraction = size / expected.sum()
    centres = centres_simulated(norwegian, expected, fraction)
    stock = (
        expected[0].sum(axis=0).mean()
        * mean_household(norwegian)
        * traits["centre_stay_months"]
        * traits["centre_on_arrival"]
        * fraction
    )
    assert abs(stock / traits["residents_per_centre"] - centres) <= 0.5 + 1e-9 or centres == 1
    if centres > 1:
        assert stock / centres == pytest.approx(
            traits["residents_per_centre"], rel=0.5 / (centres - 0.5) + 1e-9
        )


def test_people_are_spread_over_the_centres_there_are(baseline):
    found = world(baseline, 30_000)
    centres = found.removals.shape[0]
    assert (
        centres
        == centres_simulated(host("norway"), expected_units(baseline, central_weights()), 1 / found.scale)
        > 5
    )
    share = np.bincount(found.rows["centre"], minlength=centres) / len(found.rows)
    # Each share is binomial with mean 1 / centres; five standard errors over at most 200 centres fail with a
    # chance below 1.2e-4.
    assert len(share) == centres < 200 and np.abs(share - 1 / centres).max() < 5 * np.sqrt(
        1 / centres / len(found.rows)
    )


def test_everybody_starts_as_an_arrival_does(baseline):
    rows = world(baseline).rows
    for name in (
        "stage_since",
        "applied_at",
        "application_at",
        "left_at",
        "closed_at",
        "ended_at",
        "under_at",
        "missing_at",
        "stopped_at",
        "tier",
    ):
        assert (rows[name] == NEVER).all()
    assert (rows["berth"] > 0).all() and (rows["berth"] < 1).all() and (rows["level"] == 0).all()
    assert (
        (rows["outcome"] == 0).all()
        and (rows["stage"] == 0).all()
        and (rows["entry"] == rows["status"]).all()
    )
    assert (rows["status_since"] == rows["arrival"]).all() and (rows["trust"] == rows["trust_start"]).all()
    assert (rows["security"] == rows["own_security"]).all() and (
        rows["risk_apply"] == rows["risk_leave"]
    ).all()
    for name in ("knowledge", "self_rated", "trust", "security", "risk_apply", "links"):
        assert (rows[name] >= 0).all() and (rows[name] <= 1).all()
    assert (
        set(rows["status"]) == {PENDING, DUBLIN, UNREGISTERED}
        and (rows["abode"][rows["status"] == UNREGISTERED] == PRIVATE).all()
    )


def test_households_hang_together(baseline):
    rows = world(baseline).rows
    kinds = {(adults, minors) for _, adults, minors in host("norway").households}
    assert set(zip(rows["adults"].tolist(), rows["minors"].tolist(), strict=True)) <= kinds
    assert ((rows["vulnerability"] == UNACCOMPANIED) == (rows["adults"] == 0)).all()
    assert rows["ill"][rows["vulnerability"] == MEDICAL].all() and (rows["age_band"] <= 3).all()
    assert (rows["age_band"][rows["vulnerability"] == AGED_OUT] == 0).all() and (
        rows["vulnerability"] == AGED_OUT
    ).any()


def test_only_the_youngest_adults_have_aged_out():
    """Edges of the kinds for somebody of 18 to 24: 0.1, 0.3, 0.6 and 1; without ageing out 0.1, 0.4 and
    0.8.
    """
    traits = np.zeros(1, HOST_DTYPE).view(np.recarray)
    (
        traits["vulnerable_trafficked"],
        traits["vulnerable_aged_out"],
        traits["vulnerable_medical"],
        traits["vulnerable_other"],
    ) = 0.1, 0.2, 0.3, 0.4
    young = {
        0.09: TRAFFICKED,
        0.11: AGED_OUT,
        0.29: AGED_OUT,
        0.31: MEDICAL,
        0.59: MEDICAL,
        0.61: OTHER_VULNERABLE,
        0.99: OTHER_VULNERABLE,
    }
    older = {
        0.09: TRAFFICKED,
        0.11: MEDICAL,
        0.39: MEDICAL,
        0.41: OTHER_VULNERABLE,
        0.79: OTHER_VULNERABLE,
        0.81: NOT_VULNERABLE,
    }
    assert {u: vulnerability_of(u, 1, 0, traits[0]) for u in young} == young
    for band in (1, 2, 3):
        assert {u: vulnerability_of(u, 1, band, traits[0]) for u in older} == older
    assert vulnerability_of(0.11, 0, 0, traits[0]) == UNACCOMPANIED


def test_strategic_arrivals_follow_the_months_of_income_that_cash_is_worth(baseline):
    """Kosovo at 0.5: an adult's cash under A of 20,000 over an income m is 1 + 0.5 x log(1 + 20,000 / m)
    times the data's arrivals; all others 1.
    """
    changed = baseline.vary(
        series={"kosovo": {"strategic_inflow": 0.5}}, cash_level=[{"from": "2011-01", "value": 2}]
    )
    policy, table = setting_tables(changed)
    factor, at, first = (
        strategic_factor(policy, table),
        changed.origins.index("kosovo"),
        changed.window_from - changed.start,
    )
    income = series_values(origins()["kosovo"].series["income"], changed.start, changed.months)
    assert first == 6 and (np.delete(factor, at, axis=0) == 1.0).all() and (factor[at, :first] == 1.0).all()
    assert factor[at, first:12] == pytest.approx(1 + 0.5 * np.log(1 + 20_000 / income[first:12]), rel=1e-12)
    assert factor[at, 12:] == pytest.approx(1 + 0.5 * np.log(1 + 40_000 / income[12:]), rel=1e-12)


def test_strategic_arrivals_come_on_top_of_those_who_come_anyway(baseline):
    plain, changed = (
        world(baseline).rows,
        world(baseline.vary(series={"kosovo": {"strategic_inflow": 2}})).rows,
    )
    common, i, j = np.intersect1d(plain["id"], changed["id"], return_indices=True)
    assert len(common) == len(plain) < len(changed)
    assert same_rows(plain[i], changed[j], [name for name in MIGRANT.names if name != "serial"])
    more = ~np.isin(changed["id"], plain["id"])
    assert (
        set(changed["origin"][more]) == {baseline.origins.index("kosovo")}
        and changed["arrival"][more].min() >= 6
    )


def test_no_origin_is_taken_for_strategic_unless_a_scenario_says_so():
    for origin in origins().values():
        assert {step.value for step in origin.series["strategic_inflow"]} == {0.0}


def test_what_the_door_lets_in_fits_into_fields_of_32_bits():
    """Units, centres and months, and a household's millionths of knowledge; a host's file may name at most 20
    adults and 20 minors.
    """
    largest = np.iinfo(MIGRANT["serial"]).max
    assert LARGEST_POPULATION <= largest and LONGEST_RUN <= largest
    assert (20 + 20) * MILLION <= largest
    assert MIGRANT["id"] == np.int64


def test_more_than_fits_is_refused(monkeypatch):
    for name, most in (("LARGEST_POPULATION", 100), ("LARGEST_POPULATION", 0)):
        monkeypatch.setattr(f"avrr_sim.population.{name}", most)
        with pytest.raises(ValueError, match="more than a run can hold"):
            build_world(norway(), central_weights(), 7, 0, 0, 300)
