"""Worlds in which a few people live and depart with a programme for sure, and what they are paid."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from avrr_sim.dates import month_number, month_text
from avrr_sim.engines import agents, table
from avrr_sim.engines.world import World, build_world
from avrr_sim.evidence import central_weights
from avrr_sim.migrant import (
    ASSISTED,
    OBLIGED_AFTER,
    OBLIGED_BEFORE,
    UNACCOMPANIED,
    empty_rows,
)
from avrr_sim.programme import unknowns_of
from avrr_sim.rules.tally import SERIES
from avrr_sim.scenario import Scenario

ENGINES = [pytest.param(table.run, id="table"), pytest.param(agents.run, id="agents")]


LEAVES = 0  # months from application to departure


SURE = {
    "apply_constant": 1000,
    "unassisted_constant": -1000,
    "move_on_constant": -1000,
    "go_under_constant": -1000,
    "commitment": 5,
    "regularisation": 0,
    "deadline_months": 1e15,
    "removal_after_deadline": 0,
    "removal_unregistered": 0,
    "removal_dublin": 0,
    "directorate_months": 1e-6,
    "refusal": 0,
    "booking_months": 1e-6,
    "departure_months": 1e-6,
}
"""Weights by which nothing is left to chance: see tests/cases/lives.yaml."""


def scenario_of(host: str, month: str, **levers) -> Scenario:
    """A host under its programme from a month on, for ten months; places for all at the office, and nobody
    kept back by the gate.
    """
    more = {key: levers.pop(key) for key in ("country_programmes", "weights", "series") if key in levers}
    window = {"from": month, "to": month_text(month_number(month) + 9)}
    return Scenario.from_mapping(
        {
            "host": host,
            "programme": host,
            "start": month,
            "window": window,
            "protection_gate": 0,
            "levers": {"directorate_places": 100_000, **levers},
            **more,
        }
    )


def world_of(scenario: Scenario, people: list[dict], **weights: float) -> World:
    """A world in which only these people live. What is not said: arrives in the first month, one adult,
    rejected, before the deadline, not vulnerable.
    """
    values = central_weights(SURE | dict(scenario.weights) | weights, unknowns_of(scenario.programmes))
    world = build_world(scenario, values, 1, 0, 0, 50)
    rows = empty_rows(len(people))
    rows["id"] = 10**9 + np.arange(len(people))
    rows["serial"] = np.arange(len(people))
    rows["adults"], rows["passport"], rows["status"] = 1, True, OBLIGED_BEFORE
    for row, person in zip(rows, people, strict=True):
        for name, value in person.items():
            row[name] = scenario.origins.index(value) if name == "origin" else value
    rows["entry"], rows["status_since"] = rows["status"], rows["arrival"]
    rows["deadline_at"], rows["removability"] = 1000, 1.0
    n = len(rows)
    order = np.argsort(rows["arrival"], kind="stable")
    return replace(
        world,
        rows=rows,
        position=np.arange(n),
        arrivals=order,
        active=np.empty(n, np.int64),
        queues=np.empty((3, n), np.int64),
        scale=1.0,
        starts=np.searchsorted(rows["arrival"][order], np.arange(world.months + 1)).astype(np.int64),
    )


def lived(engine, scenario: Scenario, people: list[dict], **weights: float) -> World:
    """The world lived to its end, where all have departed with the programme in the month of arrival."""
    world = engine(world_of(scenario, people, **weights), None)
    assert (world.rows["outcome"] == ASSISTED).all() and np.array_equal(
        world.rows["left_at"], world.rows["arrival"] + LEAVES
    )
    assert np.array_equal(world.rows["applied_at"], world.rows["arrival"])
    return world


def paid(engine, scenario: Scenario, people: list[dict], **weights: float) -> list[tuple[float, float]]:
    """(cash, in kind) that each of the people was paid; the tally of money adds up to them."""
    world = lived(engine, scenario, people, **weights)
    found = [(float(row.cash), float(row.in_kind)) for row in world.rows]
    for column, each in zip(("cash_paid", "in_kind_paid"), zip(*found, strict=True), strict=True):
        assert world.units[:, SERIES.index(column)].sum() == sum(int(money) for money in each)
    return found


FAMILY = {"adults": 2, "minors": 3}


MINOR = {"adults": 0, "minors": 1, "vulnerability": UNACCOMPANIED}


LATE = {"status": OBLIGED_AFTER}


def norway_alone() -> Scenario:
    """Norway's general programme alone, from 2012-01 on."""
    return scenario_of("norway", "2012-01")


def france(month: str = "2014-01", **levers) -> Scenario:
    """France under its programme."""
    return scenario_of("france", month, **levers)
