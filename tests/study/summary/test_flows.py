"""Flows of the same persons between outcomes, crossings, Frechet bounds and waiting times, worked out by
hand.
"""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import norway
from people import people as plain

from avrr_sim.migrant import (
    APPLIED,
    APPROVED,
    ASSISTED,
    BOOKED,
    DEPARTED,
    DISAPPEARED,
    MOVED_ON,
    NEVER,
    OPEN,
    OVERTAKEN_REMOVED,
    PRESENT,
    REFUSED,
    REMOVED,
    TIERS,
    UNASSISTED,
    WITHDRAWN,
)
from avrr_sim.report.words.sentences import limits_said
from avrr_sim.study.comparison.compare import compare
from avrr_sim.study.jobs import crossings
from avrr_sim.study.jobs import waiting as job_waits
from avrr_sim.study.jobs.crossings import CROSSINGS, FLOW_OUTCOMES
from avrr_sim.study.jobs.crossings import same_people as both
from avrr_sim.study.summary import flows
from avrr_sim.study.summary.tables import FRAMES


def people(**fields) -> np.ndarray:
    """As in the tests of twins, with the month in which the first application was closed."""
    made = plain(**{name: values for name, values in fields.items() if name != "closed_at"})
    kept = np.zeros(len(made), [*made.dtype.descr, ("closed_at", "i8")])
    for name in made.dtype.names:
        kept[name] = made[name]
    kept["closed_at"] = fields.get("closed_at", 0)
    return kept


def told(frame, **where) -> dict:
    """The one row of a table in which the columns have these values."""
    for name, value in where.items():
        frame = frame[frame[name] == value]
    (row,) = frame.to_dict("records")
    return row


def test_the_same_people_are_counted_by_outcome_in_both_runs():
    """Ids 2 to 5 exist in both. 2: moved on in both; 3: present before, now applying; 4: applying before,
    departed here; 5: departed before, removed here.
    """
    before = people(
        id=[1, 2, 3, 4, 5],
        outcome=[PRESENT, MOVED_ON, PRESENT, PRESENT, ASSISTED],
        stage=[0, 0, 0, APPROVED, BOOKED],
    )
    here = people(
        id=[2, 3, 4, 5, 6],
        outcome=[MOVED_ON, PRESENT, ASSISTED, REMOVED, PRESENT],
        stage=[0, APPLIED, BOOKED, 0, 0],
    )
    counts = crossings.flow_counts(*both(before, here))
    found = {
        (FLOW_OUTCOMES[i], FLOW_OUTCOMES[j]): int(counts[i, j])
        for i, j in zip(*np.nonzero(counts), strict=True)
    }
    assert found == {
        ("moved_on", "moved_on"): 1,
        ("present", "applying"): 1,
        ("applying", "assisted"): 1,
        ("assisted", "removed"): 1,
    }


def test_who_is_held_up_in_the_queue():
    """Waiting at any stage; or lost while at the directorate or the embassy by anything but a refusal. Not:
    refused, lost when booked, gone home, never applied.
    """
    cases = [
        (True, dict(outcome=PRESENT, stage=APPLIED, closing=OPEN)),
        (True, dict(outcome=PRESENT, stage=BOOKED, closing=OPEN)),
        (True, dict(outcome=MOVED_ON, closing=DISAPPEARED, closed_stage=APPLIED)),
        (True, dict(outcome=REMOVED, closing=OVERTAKEN_REMOVED, closed_stage=APPROVED)),
        (True, dict(outcome=PRESENT, closing=WITHDRAWN, closed_stage=APPLIED)),
        (False, dict(outcome=PRESENT, closing=REFUSED, closed_stage=APPLIED)),
        (False, dict(outcome=PRESENT, closing=WITHDRAWN, closed_stage=BOOKED)),
        (False, dict(outcome=ASSISTED, stage=BOOKED, closing=DEPARTED, closed_stage=BOOKED)),
        (False, dict(outcome=ASSISTED, stage=BOOKED, closing=WITHDRAWN, closed_stage=APPLIED)),
        (False, dict(outcome=PRESENT, applied_at=NEVER)),
    ]
    made = people(
        **{
            name: [case.get(name, 0) for _, case in cases]
            for name in ("outcome", "stage", "closing", "closed_stage", "applied_at")
        }
    )
    assert crossings.held_up(made).tolist() == [expected for expected, _ in cases]


def test_flows_between_tiers_by_hand():
    """Of five: A in both; B there and A here; none there and A here; before the window, so none in both; and
    one who is in one run only.
    """
    never, first = NEVER, TIERS.index("A")
    before = people(
        id=[1, 2, 3, 4, 5], applied_at=[12, 14, never, 3, 12], applied_tier=[first, 1, never, 1, 0]
    )
    here = people(id=[1, 2, 3, 4], applied_at=[13, 11, 20, 3], applied_tier=[first, first, first, 1])
    counts = crossings.tier_counts(*both(before, here), 10)
    expected = np.zeros((4, 4), int)
    expected[0, 0] = expected[1, 0] = expected[3, 0] = expected[3, 3] = 1
    assert np.array_equal(counts, expected)
    assert crossings.FLOW_TIERS == ("A", "B", "vulnerable", "none")


def test_crossings_by_hand():
    """Window from month 10, 40 months. Households of 1 to 7 persons, 28 in all.

    1: departs in both. 2: departs before after 4 months, here withdrew in the directorate's queue after 5. 3:
    before only, here moved on, never applied. 4: here only. 5: departed in both, but before the window. 6: in
    neither, waiting here. 7: before after 4 months, here withdrew after 3, so not for the queue. Before 1 + 2
    + 3 + 7 = 13, here 1 + 4 = 5, both 1, waiting or lost while waiting here 2 + 6 + 7 = 15, displaced 2.
    """
    size = [1, 2, 3, 4, 5, 6, 7]
    before = people(
        id=range(7),
        adults=size,
        outcome=[ASSISTED, ASSISTED, ASSISTED, PRESENT, ASSISTED, PRESENT, ASSISTED],
        left_at=[12, 14, 30, -1, 9, -1, 24],
        application_at=[11, 10, 20, -1, 5, -1, 20],
    )
    here = people(
        id=range(7),
        adults=size,
        outcome=[ASSISTED, PRESENT, MOVED_ON, ASSISTED, ASSISTED, PRESENT, PRESENT],
        left_at=[12, -1, 30, 20, 9, -1, -1],
        applied_at=[11, 10, NEVER, 10, 5, 35, 20],
        application_at=[11, 10, NEVER, 10, 5, 35, 20],
        stage=[BOOKED, 0, 0, BOOKED, BOOKED, APPLIED, 0],
        closing=[DEPARTED, WITHDRAWN, OPEN, DEPARTED, DEPARTED, OPEN, WITHDRAWN],
        closed_at=[12, 15, -1, 20, 9, -1, 23],
        closed_stage=[BOOKED, APPLIED, -1, BOOKED, BOOKED, -1, APPLIED],
    )
    assert crossings.crossing_counts(*both(before, here), 10, 40).tolist() == [28, 13, 5, 1, 15, 2]


def test_who_applied_too_late_to_be_through_is_not_displaced():
    """Gone after 8 months in the baseline. Waiting here at the end of 40 months since month 30, 9 months:
    displaced. Since month 33, 6 months: not.
    """
    before = people(id=[1], adults=[1], outcome=[ASSISTED], left_at=[38], application_at=[30])
    for since, displaced in ((30, 1), (31, 1), (32, 0), (33, 0)):
        here = people(
            id=[1],
            adults=[1],
            outcome=[PRESENT],
            stage=[APPLIED],
            applied_at=[since],
            application_at=[since],
            closing=[OPEN],
        )
        counts = crossings.crossing_counts(*both(before, here), 10, 40)
        assert counts[CROSSINGS.index("displaced_in_queue")] == displaced, since


def test_frechet_bounds_by_hand():
    """Of 1,000, 700 and 500: at least 200 are in both, at most 500. Of 1,000, 100 and 200: at least none, at
    most 100.
    """
    assert [float(x) for x in flows.frechet(700.0, 500.0, 1000.0)] == [200.0, 500.0]
    assert [float(x) for x in flows.frechet(100.0, 200.0, 1000.0)] == [0.0, 100.0]


def test_crossing_rows_by_hand():
    """Two draws of one replicate, among 100 persons. Before 20 and 30, here 26 and 34, both 15 and 25, held
    up 10 and 4, displaced 3 and 2.

    Gained 11 and 9, so 10; lost 5 and 5; net 6 and 4, so 5 = 10 - 5. Interval of 9 and 11: 9.1 to 10.9; error
    |11 - 9| / 2 = 1.
    At most min(20, 26) and min(30, 34) depart in both, so 25 on the mean, at least 0: gained from 30 - 25 = 5
    to 30, lost from 25 - 25 = 0 to 25. Displaced at most min(20, 10) and min(30, 4), so 7.
    """
    counts = np.array([[100, 100], [20, 30], [26, 34], [15, 25], [10, 4], [3, 2]], float)[:, :, None]
    rows = flows.crossing_rows(counts)
    gained = told(rows, item="gained")
    assert gained == {
        "item": "gained",
        "value": 10,
        "low": pytest.approx(9.1),
        "high": pytest.approx(10.9),
        "mc_error": pytest.approx(1),
        "frechet_low": 5,
        "frechet_high": 30,
    }
    assert [told(rows, item="lost")[name] for name in ("value", "frechet_low", "frechet_high")] == [5, 0, 25]
    assert [told(rows, item="net")[name] for name in ("value", "frechet_low", "frechet_high")] == [5, 5, 5]
    assert [
        told(rows, item="displaced_in_queue")[name] for name in ("value", "frechet_low", "frechet_high")
    ] == [2.5, 0, 7]


def test_flow_rows_by_hand():
    """Present and departed, 200 people in each of two draws of one replicate. Draw 1: 80 stay in both, 20
    present -> departed, 10 departed -> present, 90 depart in both; draw 2: 90, 30, 10, 70. Present ->
    departed per 1,000: 100 and 150, so 125 (error 25). Bounds: present before 500 and 600, departed here 550
    and 500: at least 50 and 100, so 75; at most 500 and 500.
    """
    counts = np.zeros((8, 8, 2, 1))
    i, j = FLOW_OUTCOMES.index("present"), FLOW_OUTCOMES.index("assisted")
    counts[i, i, :, 0], counts[i, j, :, 0], counts[j, i, :, 0], counts[j, j, :, 0] = (
        (80, 90),
        (20, 30),
        (10, 10),
        (90, 70),
    )
    rows = flows.flow_rows(counts)
    row = told(rows, baseline_outcome="present", outcome="assisted")
    assert [row[name] for name in ("per_1000", "mc_error", "frechet_low", "frechet_high")] == pytest.approx(
        [125, 25, 75, 500]
    )
    assert rows["per_1000"].sum() == pytest.approx(1000) and len(rows) == 64
    assert (rows["frechet_low"] <= rows["per_1000"] + 1e-9).all() and (
        rows["per_1000"] <= rows["frechet_high"] + 1e-9
    ).all()


def test_flows_of_a_comparison_add_up():
    """A tight office: the net crossing is the difference of assisted departures, it lies within its parts,
    and a scenario like the baseline flows nowhere.
    """
    base = norway(months=24)
    scenarios = [base, base.vary(directorate_places=40), base.vary(cash_level=4, directorate_places=40), base]
    tables = compare(scenarios, draws=3, replicates=2, size=1200, twins=False).tables
    assert list(tables.flows.columns) == list(FRAMES["flows"]) and list(tables.crossings.columns) == list(
        FRAMES["crossings"]
    )
    for key in (s["key"] for s in tables.scenarios[1:]):
        net, gained, lost, queue = (
            told(tables.crossings, scenario=key, item=item)
            for item in ("net", "gained", "lost", "displaced_in_queue")
        )
        more = told(tables.differences, scenario=key, measure="additional_assisted")
        assert net["value"] == pytest.approx(more["value"]) and net["value"] == pytest.approx(
            gained["value"] - lost["value"]
        )
        assert (
            net["mc_error"] == pytest.approx(more["mc_error"], abs=1e-9)
            and queue["value"] <= lost["value"] + 1e-9
        )
        for row in (gained, lost, queue):
            assert row["frechet_low"] - 1e-9 <= row["value"] <= row["frechet_high"] + 1e-9, row
        mine = tables.flows[tables.flows["scenario"] == key]
        assert (
            mine["per_1000"].sum() == pytest.approx(1000)
            and (mine["frechet_low"] <= mine["per_1000"] + 1e-9).all()
        )
        assert (mine["per_1000"] <= mine["frechet_high"] + 1e-9).all()
    tight, same = tables.scenarios[1]["key"], tables.scenarios[3]["key"]
    assert told(tables.crossings, scenario=tight, item="displaced_in_queue")["value"] > 0, (
        "a tight office displaces"
    )
    moved = tables.flows[
        (tables.flows["scenario"] == same) & (tables.flows["baseline_outcome"] != tables.flows["outcome"])
    ]
    assert (moved["per_1000"] == 0).all() and (
        tables.crossings[tables.crossings["scenario"] == same]["value"] == 0
    ).all()
    assert any("same luck" in text for text in limits_said(tables.limits))


def test_one_scenario_flows_nowhere():
    tables = compare([norway(months=24)], draws=1, replicates=1, size=300, twins=False).tables
    assert (
        tables.flows.empty
        and tables.crossings.empty
        and not any("same luck" in text for text in limits_said(tables.limits))
    )


# --- waiting times
# ----------------------------------------------------------------------------------------------------


def test_waits_by_hand():
    """Window from month 10 of 40 months; origins 0 and 1. First applications from month 10 to 28 count: waits
    of 1, 2, 3, 4 and 10 months, median 3, quartiles 2 and 4; a tenth: 0.4 of the way from 1 to 2. Departed
    within the window: two of origin 0, after 4 and 6 months, median 5, nine tenths 5.8.
    """
    made = people(
        arrival=[9, 10, 10, 10, 10, 0, 20, 10],
        applied_at=[10, 12, 13, 14, 20, 9, 29, NEVER],
        application_at=[10, 14, 13, 14, 20, 9, 29, NEVER],
        origin=[0, 0, 1, 1, 1, 0, 0, 0],
        outcome=[ASSISTED, ASSISTED, UNASSISTED, 0, 0, ASSISTED, 0, 0],
        left_at=[14, 20, 30, -1, -1, 9, -1, -1],
        adults=[1] * 8,
    )
    values, units = job_waits.wait_quantiles(made, 2, 10, 40)
    assert values.shape == (2, 1 + 2 + 3 + 5 + 3 + 3, 5) and units[:, 0].tolist() == [5, 2]
    assert values[0, 0].tolist() == pytest.approx([1.4, 2, 3, 4, 7.6])
    assert values[1, 0, 2] == 5 and values[1, 0, 4] == pytest.approx(5.8)
    assert (
        units[:, 1].tolist() == [2, 2]
        and units[:, 2].tolist() == [3, 0]
        and values[0, 1, 2] == 1.5
        and math.isnan(values[1, 2, 2])
    )


def test_waits_of_a_study_agree_with_the_mean_waits_and_hide_small_groups():
    tables = compare([norway(months=30)], draws=2, replicates=2, size=1500, twins=False).tables
    for what, measure in (("to_apply", "months_to_apply"), ("in_process", "months_in_process")):
        mine = tables.waits[(tables.waits["what"] == what) & (tables.waits["group_by"] == "all")]
        assert (
            mine["quantile"].tolist() == [0.1, 0.25, 0.5, 0.75, 0.9] and mine["value"].is_monotonic_increasing
        )
        mean = told(tables.levels, measure=measure, group_by="all")["value"]
        assert mine["value"].iloc[0] < mean < mine["value"].iloc[-1]
        levels = tables.levels[
            (tables.levels["measure"] == measure) & (tables.levels["group_by"] == "origin")
        ]
        hidden = (
            tables.waits[(tables.waits["what"] == what) & (tables.waits["group_by"] == "origin")]
            .groupby("group")["suppressed"]
            .first()
        )
        assert (
            hidden.to_dict() == levels.set_index("group")["suppressed"].reindex(hidden.index).to_dict()
            and hidden.any()
            and not hidden.all()
        )
    assert tables.waits.loc[tables.waits["suppressed"], "value"].isna().all()


def test_nobody_waits_where_nobody_applies():
    tables = compare(
        [norway(months=24, weights={"apply_constant": -60.0})], draws=1, replicates=1, size=300
    ).tables
    assert (
        set(tables.waits["group_by"]) == {"all"}
        and tables.waits["suppressed"].all()
        and tables.waits["value"].isna().all()
    )
    assert tables.levels.query("measure == 'pressure_dependent'")["suppressed"].all()


def test_knowledge_and_trust_are_told_month_by_month():
    tables = compare([norway(months=24)], draws=2, replicates=1, size=600, twins=False).tables
    for name in (
        "knowledge_centre",
        "knowledge_private",
        "trust_centre",
        "trust_private",
        "self_rated_centre",
        "self_rated_private",
    ):
        mine = tables.bands[tables.bands["measure"] == name]
        assert (
            len(mine) == 24 and mine["value"].between(0, 1).all() and (mine["low"] <= mine["high"]).all()
        ), name


def test_crossings_of_persons_are_on_the_national_scale():
    """Two draws of one replicate, each of one simulated person for ten real ones."""

    def numbers(*labels: float) -> np.ndarray:
        return np.broadcast_to(np.array(labels)[None, :, None, None], (2, len(labels), 2, 1))

    results = SimpleNamespace(
        flows={"units": numbers(*np.eye(8).ravel())},
        crossings={"persons": numbers(100, 20, 26, 15, 10, 3)},
        totals={"scale": numbers(10.0)},
    )
    found = flows.flows_of(SimpleNamespace(keys=("a", "b")), results)[1]
    assert told(found, item="gained")["value"] == 110 and told(found, item="net")["value"] == 60
