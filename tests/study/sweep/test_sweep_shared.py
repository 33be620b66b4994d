"""Points of a sweep share people and months, and each gives what it gives alone, to the bit."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import norway

from avrr_sim.engines import past, table
from avrr_sim.engines.past import Past, Pasts
from avrr_sim.engines.world import build_world
from avrr_sim.evidence import central_weights
from avrr_sim.policy import LEVERS
from avrr_sim.study.jobs.executor import in_order
from avrr_sim.study.sweep import task
from avrr_sim.study.sweep.order import order_of
from avrr_sim.study.sweep.task import run_task, task_of

SIZE, CHANCE = 500, (5, 1, 0)
BASELINE = norway(months=12)
WINDOW, LATER, EARLIER = "2010-07", "2011-01", "2010-03"


def from_month(month, value, **more):
    return [{"from": month, "value": value, **more}]


def other_value(name):
    lever = LEVERS[name]
    return lever.high if lever.default != lever.high else lever.low


CHANGES = {
    **{
        f"{name} from {month}": {"levers": {name: from_month(month, other_value(name))}}
        for name in LEVERS
        for month in (WINDOW, LATER)
    },
    **{
        f"announced {known}": {"levers": {"cash_level": from_month(LATER, 3, announced=known)}}
        for known in (EARLIER, WINDOW, "2010-10")
    },
    "timing": {"levers": {"information_timing": from_month(WINDOW, "early")}},
    "timing from the start": {"levers": {"information_timing": from_month("2010-01", "late")}},
    "inflow and removal": {
        "levers": {"inflow_level": from_month(LATER, 2), "removal_level": from_month(EARLIER, 3)}
    },
    "aimed information": {
        "information": [{"channel": "iom", "status": "pending", "from": LATER, "intensity": 5}]
    },
    "security": {"series": {"iraq": {"security": from_month(LATER, 0.05)}}},
    "papers": {"series": {"iraq": {"passport_share": from_month(LATER, 0.9)}}},
    "suspicion": {"series": {"iraq": {"strategic_inflow": 0.5}}, "levers": {"cash_level": 4}},
    "weights": {"weights": {"ties": 0.4}},
    "weights of arrivals": {"weights": {"unregistered_inflow": 9000}},
    "gate": {"protection_gate": 0.3},
    "the same": {},
}
AMOUNTS = {"cash_a_adult": (BASELINE.start + 9, 31_000.0)}


def alone(scenario, amounts=None, weights=None):
    weights = weights or central_weights(dict(scenario.weights))
    return table.run(build_world(scenario, weights, *CHANCE, SIZE, amounts=amounts))


def shared(pasts, scenario, amounts=None):
    weights = central_weights(dict(scenario.weights))
    return table.run(pasts.world(scenario, weights, CHANCE, SIZE, amounts))


def assert_same_lives(one, other):
    for name in one.rows.dtype.names:
        assert np.array_equal(one.rows[name], other.rows[name]), name
    for name in ("units", "persons", "at_risk", "removals", "carried", "waiting", "service_costs"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    for name in ("policy", "origins", "weights", "kin"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name
    assert (one.scale, one.window_start, one.month) == (other.scale, other.window_start, other.month)
    assert np.array_equal(one.active[: one.n_active], other.active[: other.n_active])


def test_every_lever_series_weight_and_amount_lives_beside_others_as_it_lives_alone():
    pasts = Pasts()
    assert_same_lives(shared(pasts, BASELINE), alone(BASELINE))
    for name, changes in CHANGES.items():
        scenario = BASELINE.vary(**changes)
        for amounts in ({}, AMOUNTS) if name in ("the same", "timing", "security") else ({},):
            assert_same_lives(shared(pasts, scenario, amounts), alone(scenario, amounts))


def test_a_window_is_begun_from_a_shared_past_as_it_is_begun_alone():
    """The baseline's past is never gone on with beyond the window's start, from which twins part."""
    weights = central_weights()
    one = Past(BASELINE, weights, CHANCE, SIZE)
    for changes in CHANGES.values():
        scenario = BASELINE.vary(**changes)
        begun = one.at_window(scenario, weights | dict(scenario.weights))
        assert begun.month == begun.window_start == 6
        assert_same_lives(table.run(begun), alone(scenario))
    assert one.at_window(BASELINE, weights, AMOUNTS).origins["cash_a_adult"].max() == 31_000


def test_whichever_point_comes_first_the_others_are_the_same():
    for first in (
        "inflow_level from 2010-07",
        "announced 2010-03",
        "security_shift from 2011-01",
        "security",
    ):
        pasts = Pasts()
        for scenario in (BASELINE.vary(**CHANGES[first]), BASELINE, BASELINE.vary(cash_level=2)):
            for amounts in (AMOUNTS, {}):
                assert_same_lives(shared(pasts, scenario, amounts), alone(scenario, amounts))


def test_even_is_lived_once_for_all_plans_that_are_made_equal_to_it(monkeypatch):
    """Two plans beside each other need one `even`; other cash, other amounts, other months, an offer and what
    is aimed one of their own. All live as they live alone.
    """
    evens, unnoted = [], table._tried

    def noting(world, planned, factor):
        evens.extend([planned.sum()] if factor is None else [])
        return unnoted(world, planned, factor)

    offers = [
        {"name": f"Offer {more}", "from": LATER, "gives": {"cash_adult": {"add": more}}}
        for more in (900, 1800)
    ]
    settings = (
        (WINDOW, {}, {}),
        (WINDOW, {"levers": {"cash_level": from_month(WINDOW, 2)}}, {}),
        (LATER, {}, {}),
        (WINDOW, {}, AMOUNTS),
        *((WINDOW, {"offers": [offer]}, {}) for offer in offers),
        (WINDOW, CHANGES["aimed information"], {}),
    )
    pasts, lived = Pasts(), []
    monkeypatch.setattr(table, "_tried", noting)
    for timing in ("early", "late"):
        for month, changes, amounts in settings:
            levers = {"information_timing": from_month(month, timing), **changes.get("levers", {})}
            scenario = BASELINE.vary(**{**changes, "levers": levers})
            lived.append((shared(pasts, scenario, amounts), scenario, amounts))
    assert len(evens) == len(settings)
    assert sorted(set(evens)) == [BASELINE.months - 12, BASELINE.months - 6]
    monkeypatch.undo()
    for one, scenario, amounts in lived:
        assert_same_lives(one, alone(scenario, amounts))


def test_months_are_shared_up_to_the_first_that_differs():
    one = Past(BASELINE, central_weights(), CHANCE, SIZE)

    def reached(**changes):
        world = one.world(BASELINE.vary(**changes))
        return None if world is None else world.month

    assert reached() == reached(levers={"removal_level": from_month(WINDOW, 3)}) == 6
    assert reached(levers={"removal_level": from_month(LATER, 3)}) == 12
    assert reached(levers={"cash_level": from_month(LATER, 3, announced=EARLIER)}) == 2
    security = {"security_shift": from_month("2010-10", 0.1)}
    assert reached(levers=security) == 6, "as many months as may be are kept, so this one goes further back"
    assert reached(levers={"removal_level": from_month("2010-01", 3)}) == 0
    assert reached(**CHANGES["security"]) == 12
    assert reached(levers={"inflow_level": from_month(LATER, 2)}) is None, "other people arrive"
    assert Past(BASELINE, central_weights(), CHANCE, SIZE).world(BASELINE.vary(levers=security)).month == 9


def test_a_past_is_of_one_chance_and_of_what_levers_do_not_touch():
    weights = central_weights()
    one = Past(BASELINE, weights, CHANCE, SIZE)
    assert one.is_of(BASELINE.vary(cash_level=3), weights, CHANCE, SIZE)
    assert not one.is_of(BASELINE, {**weights, "ties": 0.4}, CHANCE, SIZE)
    assert not one.is_of(BASELINE, weights, (5, 1, 1), SIZE) and not one.is_of(BASELINE, weights, CHANCE, 400)
    for changes in ({"protection_gate": 0.3}, {"origins": ["iraq", "somalia"]}):
        assert not one.is_of(BASELINE.vary(**changes), weights, CHANCE, SIZE)


@pytest.mark.parametrize("room", [0, 100, 100_000])
def test_what_is_held_changes_no_result(monkeypatch, room):
    """A grid with levers, amounts and weights, on three threads, with memory for nothing, little or all."""
    monkeypatch.setattr(past, "MOST_HELD", room * 1000)
    content = {
        "baseline": BASELINE,
        "vary": {
            "levers": {
                "cash_level": {"values": [1, 3], "from": LATER, "announced": "2010-10"},
                "inflow_level": [1, 1.5],
            },
            "amounts": {"cash_b_adult": [9000]},
            "weights": {"ties": [0.1, 0.4]},
        },
    }
    order = order_of(content, {"draws": 2, "replicates": 2, "size": 150})
    plan, names = order.plan, ("uptake_24", "removals", "assisted_departures")
    runs = [(k, draw, replicate) for draw, replicate in plan.jobs for k in plan.distinct]
    task.PASTS.forget()
    tasks = [task_of(plan, *run, names) for run in runs]
    for (_, found, error), (k, draw, replicate) in zip(in_order(run_task, tasks, 3), runs, strict=True):
        assert error is None
        weights = plan.weights_of(draw, plan.scenarios[k])
        world = build_world(
            plan.scenarios[k], weights, plan.seed, draw, replicate, plan.size, amounts=plan.amounts_of(k)
        )
        told = task.counted(table.run(world)).measures.only(names)
        assert told.names == found.labels
        assert np.array_equal(told.value, found.values, equal_nan=True)
        assert np.array_equal(told.cell, found.cells)
    task.PASTS.forget()
