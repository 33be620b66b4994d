"""What a user should know before a study is run."""

from __future__ import annotations

from avrr_sim.dates import month_text
from avrr_sim.evidence import central_weights
from avrr_sim.measures import UPTAKE_MONTHS
from avrr_sim.population import all_units
from avrr_sim.posterior import FITTED_HOST, stale, worth
from avrr_sim.rules.office import expected_places
from avrr_sim.scenario import PROTECTION_GATE, Scenario
from avrr_sim.setting import setting_tables
from avrr_sim.study.jobs.plan import Plan

_DEFAULT_SIZE = 5000
_FEW_PLACES = 10
FEW_DRAWS = 20
"""Below this many draws the ends of a 90 % interval are the outermost draws themselves."""


def warnings_of(scenario: Scenario, size: int = _DEFAULT_SIZE) -> list[str]:
    """What a reader should know before running a scenario: small offices, a lowered gate, steps that lie
    outside the window, fewer origins.
    """
    policy, table = setting_tables(scenario)
    scale = all_units(scenario, central_weights(scenario.weights)) / size
    found = [
        f"{name}: {places:.2g} simulated places a month with --size {size}; below 1, waits depend on --size"
        for name, places in expected_places(table, policy, scale).items()
        if places < 1.0
    ]
    if scenario.protection_gate < PROTECTION_GATE:
        found.append(
            f"protection_gate: {scenario.protection_gate:g} is below {PROTECTION_GATE:g}; people "
            "may be returned to places at war"
        )
    found += _late_steps(scenario) + _coarse_offers(scenario, scale, size)
    followed = scenario.window_to - scenario.window_from + 1 - UPTAKE_MONTHS + 1
    if followed < 12:
        found.append(
            f"window: uptake within {UPTAKE_MONTHS} months rests on arrivals of {max(followed, 0)} "
            f"month{'' if followed == 1 else 's'}; a longer window holds more"
        )
    if set(scenario.origins) != set(scenario.place.origins):
        found.append(
            "origins: fewer than the host has; centres and offices are then shared by fewer "
            "people, so results of an origin differ from those in the full set"
        )
    return found


def _late_steps(scenario: Scenario) -> list[str]:
    """Steps of levers, amounts and aimed information that begin after the window."""
    dated = {
        **{f"levers.{name}": [step.start for step in steps] for name, steps in scenario.levers.items()},
        **{f"amounts.{name}": [step.start for step in steps] for name, steps in scenario.amounts.items()},
        **{f"information.{i}": [entry.start] for i, entry in enumerate(scenario.information)},
    }
    return [
        f"{place}: a step from {month_text(late[0])} lies after the window's "
        f"end, {month_text(scenario.window_to)}, and changes nothing"
        for place, starts in dated.items()
        if (late := [start for start in starts if start > scenario.window_to])
    ]


def _coarse_offers(scenario: Scenario, scale: float, size: int) -> list[str]:
    """Offers for so few people that hardly a simulated unit stands for them."""
    return [
        f"offers: the first {offer.first} {offer.counted} of {offer.name!r} are {offer.first / scale:.2g} "
        f"simulated with --size {size}; below {_FEW_PLACES}, who gets it depends on --size"
        for offer in scenario.offers
        if offer.first is not None and offer.first / scale < _FEW_PLACES
    ]


def opened_origins(baseline: Scenario, scenario: Scenario) -> list[str]:
    """Origins that the baseline's protection gate closes in some month of the window in which the scenario
    opens them.
    """
    tables = [setting_tables(s)[1]["security"] >= s.protection_gate for s in (baseline, scenario)]
    first = baseline.window_from - baseline.start
    return [
        origin
        for o, origin in enumerate(baseline.origins)
        if (tables[1][o, first:] & ~tables[0][o, first:]).any()
    ]


def posterior_warnings(plan: Plan) -> list[str]:
    """What a user of the shipped posterior has to know: that it is out of date, was fitted to another
    country's figures, or is worth fewer draws.
    """
    if plan.weights != "posterior":
        return []
    told = []
    if reason := stale():
        told.append(
            f"the shipped posterior is out of date: {reason}; fit it again with `avrr calibrate "
            "--ship`, or use --weights prior"
        )
    if plan.scenarios[0].host != FITTED_HOST:
        told.append(
            f"the weights were fitted to figures of {FITTED_HOST}, not of {plan.scenarios[0].place.name}; "
            "--weights prior leaves them out"
        )
    if plan.beyond_worth:
        told.append(
            f"the fitted weights are worth about {worth():.0f} independent draws; of {plan.draws} "
            "many are copies of one another, and Monte Carlo errors over them too small"
        )
    return told
