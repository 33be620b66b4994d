"""The worlds that patterns are read off: scenarios as the package itself knows them, and variants of them.

They say what the scenario files of the same names say (a test compares them), so that patterns are the same
wherever the command runs and whatever a user changes in those files.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from avrr_sim.dates import month_number, month_text
from avrr_sim.places.origins import origins
from avrr_sim.scenario import Scenario

SHOCKS = ("2012-02", "2012-08", "2013-02", "2013-08")
"""Months in which, in turn, residents of every centre see one more removal of somebody of their own origin.
In these two years the security series of Iraq and of Afghanistan move in January only."""
SHOCK_MONTHS = 6
"""Months over which the hazards after a shock are followed (the pattern says six)."""

_START = "2006-01"  # of the baseline

BASES: dict[str, dict[str, Any]] = {
    "baseline-norway": {
        "host": "norway",
        "programme": "norway",
        "start": _START,
        "window": {"from": "2012-01", "to": "2016-12"},
    },
    "norway-history": {
        "host": "norway",
        "programme": "norway",
        "start": "2002-01",
        "window": {"from": "2004-01", "to": "2015-12"},
        "country_programmes": [
            "norway-are",
            "norway-irrana",
            "norway-irrini",
            "norway-kosovo",
            "norway-somalia",
        ],
        "levers": {
            "accommodation": [{"from": "2005-01", "value": 0}, {"from": "2006-01", "value": 1}],
            "allowance": [{"from": "2005-01", "value": 0}, {"from": "2006-01", "value": 1}],
            "designated_centres": [{"from": "2006-01", "value": 0.1}, {"from": "2010-08", "value": 0}],
        },
    },
    "france-2014": {
        "host": "france",
        "programme": "france",
        "start": "2011-01",
        "window": {"from": "2014-01", "to": "2015-12"},
        "origins": ["kosovo", "russia", "albania", "bosnia", "china", "algeria"],
        "levers": {
            name: [{"from": "2011-01", "value": value}]
            for name, value in (("advisors", 0), ("channel_noas", 0), ("directorate_places", 600))
        },
        "weights": {"unregistered_inflow": 12000},
    },
}
"""Worlds that others vary, as scenario files of the same names say them."""


def _steps_from_start(origin: str) -> list[dict[str, Any]]:
    """An origin's security from the baseline's start on, as a scenario file writes it."""
    first = month_number(_START)
    steps = sorted(origins()[origin].series["security"], key=lambda step: step.start)
    begun = [step for step in steps if step.start <= first][-1:]
    return [
        {"from": month_text(max(step.start, first)), "value": step.value}
        for step in (*begun, *(step for step in steps if step.start > first))
    ]


def _swapped(weights: Mapping[str, float]) -> dict[str, Any]:
    """The security series of Iraq and Afghanistan changing places."""
    return {
        "series": {
            one: {"security": _steps_from_start(other)}
            for one, other in (("iraq", "afghanistan"), ("afghanistan", "iraq"))
        }
    }


@dataclass(frozen=True)
class Variant:
    """A world that changes another one: the keys of a scenario file that it sets anew. `changes` may depend
    on the weights.
    """

    base: str
    changes: Callable[[Mapping[str, float]], dict[str, Any]]


def _levers(**levers: Any) -> Variant:
    return Variant("baseline-norway", lambda weights: {"levers": levers})


MOST_OUTREACH = 10.0  # the lever's largest value


def _as_many_contacts_outside(weights: Mapping[str, float]) -> float:
    """The outreach at which people outside centres meet those who inform as often as those inside, as far as
    the lever goes.
    """
    return min(weights["contact_centre"] / max(weights["contact_private"], 1e-9), MOST_OUTREACH)


_VARIANTS: dict[str, Variant] = {
    "security-improves": _levers(security_shift=0.1),
    "security-worsens": _levers(security_shift=-0.1),
    "shocks": _levers(),
    "shocks, security swapped": Variant("baseline-norway", _swapped),
    "restrictions-withdrawn": _levers(accommodation=0, allowance=0),
    "designated-centres": _levers(designated_centres=0.5),
    "no country programmes": Variant("norway-history", lambda weights: {"country_programmes": []}),
    "cash-doubled": _levers(cash_level=2),
    "no removal": _levers(removal_level=0),
    "information-early": _levers(information_timing="early"),
    "information-gradual": _levers(information_timing="gradual"),
    "more glossing over": _levers(glossing=0.4),
    "more interest in return": _levers(advisor_interest=0.9),
    "as many contacts outside": Variant(
        "baseline-norway", lambda weights: {"levers": {"outreach": _as_many_contacts_outside(weights)}}
    ),
    "as many contacts outside, contradicting": Variant(
        "baseline-norway",
        lambda weights: {"levers": {"outreach": _as_many_contacts_outside(weights), "contradiction": 0.8}},
    ),
    "embassy at home": Variant(
        "baseline-norway", lambda weights: {"series": {"ethiopia": {"embassy_abroad": 0}}}
    ),
    "clear papers": _levers(document_guidance=1),
}

WORLDS = (*BASES, *_VARIANTS)
"""Names of all worlds. Those with a dash for a blank are shipped as scenario files of the same name."""


@cache
def base_world(name: str) -> Scenario:
    """A scenario that others vary."""
    return Scenario.from_mapping({"name": name, **BASES[name]})


def base_of(name: str) -> str:
    """The name of the world that a world varies: itself, where it varies none."""
    return _VARIANTS[name].base if name in _VARIANTS else name


def world(name: str, weights: Mapping[str, float]) -> Scenario:
    """The scenario of a world. Raises KeyError for an unknown name."""
    if name in BASES:
        return base_world(name)
    return _varied(name, json.dumps(_VARIANTS[name].changes(weights)))


@lru_cache(maxsize=64)
def _varied(name: str, changes: str) -> Scenario:
    base = base_world(_VARIANTS[name].base)
    return base.vary(**json.loads(changes), name=name)
