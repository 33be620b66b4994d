"""From the results of a comparison's jobs to everything that its report shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import pandas as pd

from avrr_sim.measures import MEASURES, TWIN_MEASURES
from avrr_sim.posterior import FITTED_HOST, learned
from avrr_sim.scenario import Scenario
from avrr_sim.study.answers.beside import ceilings_of, readings_of
from avrr_sim.study.answers.tipping import tipping_of
from avrr_sim.study.answers.told import depends_of
from avrr_sim.study.comparison.stories import stories_of
from avrr_sim.study.folder.provenance import manifest_of
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import Results
from avrr_sim.study.summary.cautions import cautions_of_plan
from avrr_sim.study.summary.changes import changes
from avrr_sim.study.summary.coercion import moves_coercion
from avrr_sim.study.summary.effects import (
    bands_of,
    comparative_of,
    differences_of,
    draws_of,
    endings_of,
    levels_of,
)
from avrr_sim.study.summary.flows import flows_of, tiers_of
from avrr_sim.study.summary.limits import limits_of
from avrr_sim.study.summary.offered import offers_of
from avrr_sim.study.summary.sensitivity import spread_of
from avrr_sim.study.summary.statistics import INTERVAL
from avrr_sim.study.summary.tables import StudyTables, framed
from avrr_sim.study.summary.waits import waits_of


def tables_of(
    plan: Plan, results: Results, command: str, failures: Sequence[dict[str, Any]] = ()
) -> StudyTables:
    """The tables of a study from the results of its finished jobs; `failures`: dicts of draw, replicate and
    error of the others.
    """
    first = plan.scenarios[0]
    known = _learned(plan)
    names = {key: first.place.countries[key].name for key in first.origins}
    flows, crossings = flows_of(plan, results)
    draws = framed("draws", draws_of(plan, results.runs))
    tables = StudyTables(
        "" if len(plan.keys) > 1 else first.name,
        [_told(key, first, scenario) for key, scenario in zip(plan.keys, plan.scenarios, strict=True)],
        _measures(plan),
        framed("levels", levels_of(plan, results.runs)),
        framed("differences", _differences(plan, results)),
        framed("bands", bands_of(plan, results)),
        framed("endings", endings_of(plan, results)),
        _provenance(plan, results, command, failures),
        limits_of(plan, first.place.origins, list(names.values())),
        waits_of(plan, results),
        flows,
        tiers_of(plan, results),
        crossings,
        spread_of(plan, results),
        offers=offers_of(plan, results),
        **{name: framed(name, known.get(name, ())) for name in ("drivers", "targets", "patterns")},
        origins=names,
        draws=draws,
        cautions=cautions_of_plan(plan),
        tipping=tipping_of(plan, results.runs, results.draws),
        ceilings=ceilings_of(plan, results),
        readings=readings_of(plan, results),
        stories=stories_of(plan, draws, results.jobs),
    )
    return replace(tables, depends=depends_of(plan, tables))


def _learned(plan: Plan) -> dict[str, pd.DataFrame]:
    """What was learned of the weights that is about this study: of a host to which nothing was fitted no
    targets and patterns, no weights of another's programme, and no posterior but where it was drawn from.
    """
    first, known = plan.scenarios[0], learned()
    if first.host == FITTED_HOST or "drivers" not in known:
        return known
    drivers = known["drivers"]
    programmes = {each.key for each in first.programmes}
    own = ["." not in name or name.partition(".")[0] in programmes for name in drivers["weight"]]
    drivers = drivers[own]
    return {"drivers": drivers if plan.weights == "posterior" else drivers.drop(columns=_OF_A_FIT)}


_OF_A_FIT = [
    "posterior_low",
    "posterior_median",
    "posterior_high",
    "contraction",
    "threshold",
    "informed",
]


def _differences(plan: Plan, results: Results) -> pd.DataFrame:
    """Differences by measure and group, then what exists against a baseline only."""
    differences = differences_of(plan, results.runs)
    if len(plan.keys) == 1:
        return differences
    return pd.concat([differences, comparative_of(plan, results)], ignore_index=True)


def _told(key: str, baseline: Scenario, scenario: Scenario) -> dict[str, Any]:
    """What the report says of a scenario."""
    return {
        "key": key,
        "name": scenario.name,
        "asks": scenario.asks,
        "coercion": moves_coercion(baseline, scenario),
        "changes": changes(baseline, scenario),
    }


def _measures(plan: Plan) -> dict[str, dict[str, Any]]:
    """What the report says of every measure, with the currency of the programme."""
    currency = plan.scenarios[0].general_programme.currency
    return {
        name: {**asdict(m), "unit": m.unit.replace("currency of the programme", currency)}
        for name, m in MEASURES.items()
        if plan.twinned or name not in TWIN_MEASURES
    }


def _provenance(
    plan: Plan, results: Results, command: str, failures: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Where the numbers come from: the manifest, and what it does not say."""
    status = "failed" if failures else "done"
    paid = plan.scenarios[0].general_programme
    return {
        **manifest_of(plan, command, status, list(failures), len(results.jobs)),
        "interval": INTERVAL,
        "created_by": "avrr_sim",
        "months": plan.scenarios[0].months,
        "units_represented": round(results.units_represented),
        "twin_jobs": sum(replicate < plan.twinned for _, replicate in results.jobs),
        "currency": paid.currency,
        "rate": f"1 {paid.currency} = {paid.rate:g} NOK ({paid.rate_source})",
    }
