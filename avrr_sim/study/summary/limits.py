"""What a run, a comparison or a sweep cannot tell: which remarks apply. The words stand in report/words."""

from __future__ import annotations

from collections.abc import Sequence

from avrr_sim.hypotheses import load_hypotheses
from avrr_sim.places.place import host
from avrr_sim.posterior import FITTED_HOST, worth
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.summary.contract import Remark, remark

ALWAYS = (
    "synthetic_people",
    "stage_of_drop_out",
    "three_explanations",
    "life_after_return",
    "security_index",
    "averages_over_window",
    "money_counted",
    "ends_of_intervals",
    "protected_groups",
    "coercion_studied",
)
"""What every report says it cannot tell; what applies besides stands between the first and the last."""


def limits_of(plan: Plan, host_origins: Sequence[str], names: Sequence[str]) -> list[Remark]:
    """What a run or a comparison cannot tell. `host_origins`: all origins of its host, by key; `names` of
    those that it simulates.
    """
    first, *middle, last = (remark(key) for key in ALWAYS)
    narrower = set(plan.scenarios[0].origins) != set(host_origins)
    return [
        *fitted_elsewhere(plan),
        *readings_that_differ(plan),
        *([remark("some_origins", names=", ".join(names))] if narrower else []),
        *hypotheses_in(plan),
        first,
        remark(f"weights_{plan.weights}"),
        *on_draws(plan),
        *middle,
        *map(
            remark, ("pressure_by_twins", "threat_in_minds") if plan.twinned else ("pressure_not_computed",)
        ),
        *([remark("same_luck")] if len(plan.keys) > 1 else []),
        last,
    ]


def limits_of_sweep(plan: Plan) -> list[Remark]:
    """What a sweep cannot tell."""
    return [*fitted_elsewhere(plan), *hypotheses_in(plan), *map(remark, ALWAYS), *on_draws(plan)]


def hypotheses_in(plan: Plan) -> list[Remark]:
    """Under which hypotheses a study's scenarios are run, and what these assume; nothing of the mixture."""
    known = load_hypotheses()
    return [
        remark(
            "hypothesis",
            hypothesis=name,
            scenarios=", ".join(s.name for s in plan.scenarios if s.hypothesis == name),
            meaning=known[name].meaning,
        )
        for name in known
        if any(s.hypothesis == name for s in plan.scenarios)
    ]


def readings_that_differ(plan: Plan) -> list[Remark]:
    """What a comparison has to say first where its scenarios choose different readings of the literature."""
    if len({scenario.hypothesis for scenario in plan.scenarios}) == 1:
        return []
    told = "; ".join(f"{scenario.name}: {scenario.hypothesis}" for scenario in plan.scenarios)
    return [remark("hypotheses_differ", told=told)]


def fitted_elsewhere(plan: Plan) -> list[Remark]:
    """What a study has to say first of a host to whose figures the shipped weights were not fitted; else
    nothing.
    """
    of = plan.scenarios[0]
    if of.host == FITTED_HOST:
        return []
    return [remark("fitted_elsewhere", host=of.place.name, fitted=host(FITTED_HOST).name)]


def on_draws(plan: Plan) -> list[Remark]:
    """What a study has to say where it takes more draws than the posterior is worth; else nothing."""
    return [remark("beyond_worth", worth=worth(), draws=plan.draws)] if plan.beyond_worth else []
