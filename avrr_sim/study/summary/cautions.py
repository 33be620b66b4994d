"""What a reader should know before a study is run, and beside its results: small offices, offers for few,
entries that reach nobody, a lowered gate, too few draws. The words stand in report/words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from avrr_sim.dates import month_text
from avrr_sim.evidence import central_weights
from avrr_sim.measures import UPTAKE_MONTHS
from avrr_sim.population import all_units
from avrr_sim.posterior import FITTED_HOST, stale, worth
from avrr_sim.rules.office import expected_places
from avrr_sim.scenario import PROTECTION_GATE, Scenario
from avrr_sim.setting import setting_tables
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.summary.contract import Remark, remark
from avrr_sim.study.summary.reach import reaching_nobody

_DEFAULT_SIZE = 5000
_FEW_PLACES = 10
_SHORT = 12  # months of arrivals
FEW_DRAWS = 20
"""Below this many draws the ends of a 90 % interval are the outermost draws themselves."""


def cautions_of(scenario: Scenario, size: int = _DEFAULT_SIZE) -> list[Remark]:
    """What a reader should know before running a scenario with so many units simulated."""
    policy, table = setting_tables(scenario)
    scale = all_units(scenario, central_weights(scenario.weights)) / size
    return [
        *(
            remark("office_small", office=name, places=f"{places:.2g}", size=size)
            for name, places in expected_places(table, policy, scale).items()
            if places < 1.0
        ),
        *_gate_low(scenario),
        *reaching_nobody(scenario),
        *_late_steps(scenario),
        *_offers_of_few(scenario, scale, size),
        *_short_window(scenario),
        *([remark("origins_fewer")] if set(scenario.origins) != set(scenario.place.origins) else []),
    ]


def _gate_low(scenario: Scenario) -> Iterator[Remark]:
    if scenario.protection_gate < PROTECTION_GATE:
        yield remark("gate_low", gate=f"{scenario.protection_gate:g}", default=f"{PROTECTION_GATE:g}")


def _short_window(scenario: Scenario) -> Iterator[Remark]:
    followed = scenario.window_to - scenario.window_from + 1 - UPTAKE_MONTHS + 1
    if followed < _SHORT:
        yield remark("window_short", horizon=UPTAKE_MONTHS, followed=max(followed, 0))


def _late_steps(scenario: Scenario) -> Iterator[Remark]:
    """Steps of levers and amounts that begin after the window."""
    dated = {
        **{f"levers.{name}": [step.start for step in steps] for name, steps in scenario.levers.items()},
        **{f"amounts.{name}": [step.start for step in steps] for name, steps in scenario.amounts.items()},
    }
    for place, starts in dated.items():
        if late := [start for start in starts if start > scenario.window_to]:
            end = month_text(scenario.window_to)
            yield remark("step_late", place=place, start=month_text(late[0]), end=end)


def _offers_of_few(scenario: Scenario, scale: float, size: int) -> Iterator[Remark]:
    """Offers for so few people that hardly a simulated unit stands for them."""
    for offer in scenario.offers:
        if offer.first is not None and offer.first / scale < _FEW_PLACES:
            yield remark(
                "offer_of_few",
                offer=offer.name,
                first=offer.first,
                counted=offer.counted,
                places=f"{offer.first / scale:.2g}",
                size=size,
                fewest=_FEW_PLACES,
            )


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


def cautions_of_plan(plan: Plan, scenarios: Iterable[int] | None = None) -> list[Remark]:
    """What a reader should know of a study: of its scenarios, each with its key as `scenario`, and of all of
    it. What holds for an earlier scenario too is said once. `scenarios`: numbers of those that are looked
    into; all where none are given.
    """
    told: list[Remark] = []
    for k in range(len(plan.keys)) if scenarios is None else scenarios:
        opened = opened_origins(plan.scenarios[0], plan.scenarios[k])
        gate = [remark("gate_opened", names=", ".join(opened))] if opened else []
        known = [{name: value for name, value in each.items() if name != "scenario"} for each in told]
        for each in (*cautions_of(plan.scenarios[k], plan.size), *gate):
            if each not in known:
                told.append({**each, "scenario": plan.keys[k]})
    return [*told, *_few_draws(plan), *cautions_of_posterior(plan)]


def _few_draws(plan: Plan) -> list[Remark]:
    if plan.weights == "central" or plan.draws >= FEW_DRAWS:
        return []
    return [remark("draws_one") if plan.draws == 1 else remark("draws_few", draws=plan.draws)]


def cautions_of_sweep(plan: Plan) -> list[Remark]:
    """The same of a sweep: of its baseline, and of the origins that any of its points opens."""
    opened = {origin for scenario in plan.scenarios for origin in opened_origins(plan.scenarios[0], scenario)}
    gate = [remark("gate_opened", names=", ".join(sorted(opened)))] if opened else []
    return [*cautions_of_plan(plan, [0]), *gate]


def cautions_of_posterior(plan: Plan) -> list[Remark]:
    """What a user of the shipped posterior has to know: that it is out of date, was fitted to another
    country's figures, or is worth fewer draws.
    """
    if plan.weights != "posterior":
        return []
    told = []
    if reason := stale():
        told.append(remark("posterior_stale", reason=reason))
    if plan.scenarios[0].host != FITTED_HOST:
        name = plan.scenarios[0].place.name
        told.append(remark("posterior_elsewhere", fitted=FITTED_HOST, host=name))
    if plan.beyond_worth:
        told.append(remark("posterior_copies", worth=f"{worth():.0f}", draws=plan.draws))
    return told
