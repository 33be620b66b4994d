"""Which levers, weights and series are coercion or a reaction to it, and what may be said of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from avrr_sim.policy import LEVERS
from avrr_sim.scenario import Scenario
from avrr_sim.study.summary.changes import _SERIES, _WEIGHT, changes

COERCIVE_KINDS = ("coercion", "restriction")
"""Kinds of levers that press people."""
COERCIVE_SERIES = ("practicability", "enforcement")
"""Series of origins that set how many can be removed, and how hard that is tried."""
COERCIVE_WEIGHTS = frozenset(
    {
        "removal_after_deadline",
        "removal_dublin",
        "removal_unregistered",
        "removal_minors",
        "removal_female",
        "removal_passport",
        "removal_longer",
        "enforcement_2011",
        "enforcement_2013",
        "enforcement_2015",
        "expulsion",
        "deadline_months",
        "deadline_spread",
        "private_from_removal",
        "hidden_from_removal",
    }
)
"""Weights that set how often people are removed, transferred or expelled: moving one is moving removal."""
REACTION_WEIGHTS = frozenset(
    {
        "threat_apply",
        "threat_move",
        "threat_under",
        "ban",
        "ban_under_order",
        "risk_ahead_pending",
        "risk_ahead_deadline",
        "witness",
        "witness_other",
        "peer_removal",
        "ordered_departure",
        "livelihood",
        "housing_share",
        "housing_lost",
        "private_means",
        "hidden_means",
    }
)
"""Weights that speak of removal or withdrawn rights and say only how people take them: assumptions about
people, no act of a state.
"""


def is_coercion(place: str, name: str) -> bool:
    """Whether a lever, an origin's series or a weight (`place`: levers, series or weights) presses people;
    all else (amounts) does not.
    """
    if place == "levers":
        return name in LEVERS and LEVERS[name].kind in COERCIVE_KINDS
    return name in {"series": COERCIVE_SERIES, "weights": COERCIVE_WEIGHTS}.get(place, ())


def presses(line: Mapping[str, Any]) -> bool:
    """Whether a line of `changes`, also one that was stored, moves coercion or a restriction."""
    if line["kind"] in COERCIVE_KINDS:
        return True
    if line["lever"].startswith(_WEIGHT):
        return is_coercion("weights", line["lever"].removeprefix(_WEIGHT))
    return _SERIES in line["lever"] and is_coercion("series", line["lever"].rpartition(_SERIES)[2])


def moves_coercion(baseline: Scenario, scenario: Scenario) -> bool:
    """Whether a scenario moves coercion or a restriction, by lever, weight or series: then no sum of money is
    set against its effects.
    """
    return any(map(presses, changes(baseline, scenario)))


def pressing(baseline: Scenario, scenarios: Iterable[Scenario]) -> list[str]:
    """Keys of the scenarios that move coercion or a restriction."""
    return [scenario.key for scenario in scenarios if moves_coercion(baseline, scenario)]


def may_be_costed(baseline: Scenario, scenario: Scenario) -> bool:
    """Whether a cost per additional return means anything: only measures that a government pays for are
    moved, and no coercion.
    """
    return all(line["kind"] in ("support", "information", "process") for line in changes(baseline, scenario))
