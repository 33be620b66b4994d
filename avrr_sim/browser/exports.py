"""What the module for browsers hands out: which functions, and what each is given, by name.

A page knows tables by these names, and their layout from the types that they have here; nothing of it is
written down twice (see `interface`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from avrr_sim import counts, population
from avrr_sim.browser import kernel
from avrr_sim.chance import DEALT
from avrr_sim.engines.table import TOGETHER, run_months
from avrr_sim.engines.world import World
from avrr_sim.migrant import CLOSINGS, STAGES, VULNERABILITIES, empty_rows
from avrr_sim.policy import LEVERS, STATUS_NAMES
from avrr_sim.population import HOST_DTYPE
from avrr_sim.rules.offers import empty_offers
from avrr_sim.rules.situation import empty_news, empty_situations, ties_by_month

Names = tuple[Any, ...]
"""Names of arguments, nested as the arguments are."""


@dataclass(frozen=True)
class Export:
    """One function that the module hands out, and the names of what it is given."""

    function: Callable[..., Any]
    takes: Names


EXPORTS: Mapping[str, Export] = {
    "set_levers": Export(
        kernel.set_levers, ("policy_cells", "steps", "defaults", "plans", "named", "first_calendar")
    ),
    "set_offers": Export(
        kernel.set_offers, ("offers", "steps", "defaults", "first_calendar", "offers_in_force")
    ),
    "set_origins": Export(kernel.set_origins, ("origins", "moved", "closed", "factors", "ratios", "policy")),
    "mark_changes": Export(
        kernel.mark_changes, ("changed", "first_month", "last_month", "policy_bits", "origin_bits", "aimed")
    ),
    "count_arrivals": Export(
        kernel.count_arrivals,
        ("counts", "registered", "hidden", "waiting_units", "origins", "policy", "weights", "fraction"),
    ),
    "name_people": Export(
        kernel.name_people,
        ("rows", "unregistered", "blank", "cohorts", "counts", "arrivals", "starts", "position"),
    ),
    "settle_all": Export(
        population.settle_all,
        ("rows", "unregistered", "origins", "moment", "first_calendar", "weights", "host", "households"),
    ),
    "first_risks": Export(
        population.first_risks, ("rows", "origins", "policy", "moment", "first_calendar", "weights")
    ),
    "ties_by_month": Export(ties_by_month, ("ties", "weights")),
    "run_months": Export(
        run_months,
        (
            ("first_month", "last_month", "first_calendar", "window_start"),
            "n_active",
            ("rows", "position", "arrivals", "starts", "active"),
            ("policy", "origins", "offers", "aimed", "changed", "now"),
            ("removals", "kin"),
            ("situations", "news", "ties", "on_offer"),
            ("queues", "waiting", "carried", "taken", "claimed"),
            ("units", "persons", "at_risk"),
            ("removals_next", "kin_next", ("ids", "dealt")),
            "scale",
            "weights",
        ),
    ),
    "summarise": Export(
        counts.summarise,
        ("rows", "first_counted", "last_counted", "n_origins", "summary", "endings", "curve", "served"),
    ),
    "begin_search": Export(kernel.begin_search, ("search", "contacts")),
    "go_on_searching": Export(kernel.go_on_searching, ("search", "contacts")),
}


def nested(takes: Names, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Arguments by their names, nested as the names are."""
    return tuple(nested(each, values) if isinstance(each, tuple) else values[each] for each in takes)


def flat(takes: Names) -> Iterator[str]:
    """The names of arguments, one after another."""
    for each in takes:
        if isinstance(each, tuple):
            yield from flat(each)
        else:
            yield each


def values_of(world: World) -> dict[str, Any]:
    """Everything that the functions are given, by name: of a world before its first month."""
    n, origins = len(world.rows), len(world.kin)
    span = {
        "first_month": 0,
        "last_month": world.months,
        "first_calendar": world.scenario.start,
        "window_start": world.window_start,
        "first_counted": world.window_start,
        "last_counted": world.months,
        "n_origins": origins,
        "fraction": 1.0 / world.scale,
        "contacts": 1.0,
    }
    room = {
        "removals_next": world.removals.copy(),
        "kin_next": world.kin.copy(),
        "situations": empty_situations(origins),
        "news": empty_news(origins),
        "ties": np.empty(world.months),
        "on_offer": empty_offers(world.offers),
        "claimed": np.empty(n, np.int64),
        "ids": np.empty(TOGETHER, np.int64),
        "dealt": np.empty((DEALT, TOGETHER)),
        "changed": np.ones(world.months, bool),
        "moment": world.now[0],
    }
    return vars(world) | span | room | _counted(world) | _given(world)


def _counted(world: World) -> dict[str, Any]:
    """Room for what is counted at the end of a run."""
    return {
        "summary": np.zeros((len(world.at_risk) + len(STAGES), counts.COLUMNS), np.int64),
        "endings": np.zeros((len(STAGES), len(CLOSINGS)), np.int64),
        "curve": np.zeros((2, world.months), np.int64),
        "served": np.zeros(len(VULNERABILITIES), np.int64),
        "search": np.zeros(1, kernel.SEARCH).view(np.recarray)[0],
    }


def _given(world: World) -> dict[str, Any]:
    """What a page lays out before a run, of the types that it has there."""
    n, origins, months = len(world.rows), len(world.kin), world.months
    return {
        "policy_cells": world.policy.view(np.float64).reshape(months, -1),
        "policy_bits": world.policy.view(np.int64).reshape(months, -1),
        "origin_bits": world.origins.view(np.int64).reshape(origins, months, -1),
        "steps": np.zeros(1, kernel.STEP).view(np.recarray),
        "defaults": np.array([lever.default for lever in LEVERS.values()]),
        "plans": np.ones((1, len(STATUS_NAMES))),
        "named": np.zeros(1, bool),
        "offers_in_force": np.ones(len(world.taken), bool),
        "moved": np.zeros((origins, months), np.int8),
        "closed": np.zeros((origins, months)),
        "factors": np.ones((months, 2)),
        "ratios": np.ones(origins),
        "counts": np.zeros((2, origins, months), np.int64),
        "registered": np.zeros((origins, months)),
        "hidden": np.ones((origins, 2)),
        "waiting_units": np.zeros(origins),
        "unregistered": np.zeros(n, bool),
        "blank": empty_rows(1),
        "cohorts": np.zeros(2 * origins * months, kernel.COHORT).view(np.recarray),
        "host": np.zeros(1, HOST_DTYPE).view(np.recarray)[0],
        "households": np.zeros((1, 3)),
    }
