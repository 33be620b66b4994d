"""What the page of a sweep says and its table does not hold, as study.json has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from avrr_sim.measures import MEASURES
from avrr_sim.policy import LEVERS
from avrr_sim.study.folder.provenance import library_versions, source_commit
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.summary.cautions import cautions_of_sweep
from avrr_sim.study.summary.coercion import is_coercion
from avrr_sim.study.summary.limits import limits_of_sweep
from avrr_sim.study.sweep.design import SAMPLED, Factor
from avrr_sim.study.sweep.experiment import Experiment
from avrr_sim.study.sweep.order import SweepOrder
from avrr_sim.study.sweep.precision import Reached


def facts_of(
    order: SweepOrder, plan: Plan, failures: Sequence[object], reached: Reached | None
) -> dict[str, Any]:
    """The facts of a finished sweep; see `study.summary.contract.SweepTables`. `plan`: as it came to be."""
    experiment = order.experiment
    places = experiment.baseline.place.countries
    return {
        "kind": "sweep",
        "title": experiment.name,
        "asks": experiment.asks,
        "baseline": experiment.baseline.name,
        "points": len(experiment.points),
        "sampled": experiment.kind in SAMPLED,
        "rows": experiment.kind == "rows",
        "factors": factors_told(experiment),
        "read_by": list(experiment.read_by),
        "measures": measures_told(experiment),
        "origins": {key: places[key].name for key in experiment.baseline.origins},
        "coercion": any(is_coercion(factor.place, factor.name) for factor in experiment.factors),
        "failed": len(failures),
        "precision": "" if reached is None else reached.text(),
        "limits": limits_of_sweep(plan),
        "cautions": cautions_of_sweep(plan),
        "provenance": {
            "command": order.command,
            "digest": order.digest,
            "commit": source_commit(),
            **{key: getattr(plan, key) for key in _NUMBERS},
            "libraries": library_versions(),
        },
    }


_NUMBERS = ("seed", "draws", "replicates", "size", "engine", "weights")


def measures_told(experiment: Experiment) -> dict[str, dict[str, str]]:
    """The measures kept, in order, sums of money in the currency of the baseline's programme."""
    told = {name: asdict(MEASURES[name]) for name in experiment.measures}
    currency = experiment.baseline.general_programme.currency
    for each in told.values():
        each["unit"] = each["unit"].replace("currency of the programme", currency)
    return told


def factors_told(experiment: Experiment) -> list[dict[str, Any]]:
    """What was varied, a table a factor; see `study.summary.contract.SweepTables`."""
    return [{**_factor(factor), **_money(experiment, factor)} for factor in experiment.factors]


def _money(experiment: Experiment, factor: Factor) -> dict[str, Any]:
    """What a level of cash of 1 is in money: cash to an adult who applies before the deadline, and after it,
    as the general programme has it when the points begin to differ, and its currency. Nothing of other
    factors, nor where no source gives the amounts.
    """
    if (factor.place, factor.name) != ("levers", "cash_level"):
        return {}
    baseline = experiment.baseline
    programme, first = (
        baseline.general_programme,
        baseline.window_from if factor.start is None else factor.start,
    )
    if any(entry.value is None for name in ("cash_a", "cash_b") for entry in programme.amounts.get(name, ())):
        return {}
    origins = [origin for origin in baseline.origins if not programme.names(origin)]
    paid = programme.month_by_month((origins or list(baseline.origins))[0], np.zeros(1, bool), first, {})
    cash = [float(paid[f"cash_{tier}_adult"][0]) for tier in ("a", "b")]
    return {"cash": cash, "currency": programme.currency} if any(cash) else {}


def _factor(factor: Factor) -> dict[str, Any]:
    """What was varied; a lever of a number with what is known of it."""
    facts = {
        "column": factor.column,
        "place": factor.place,
        "values": list(factor.values),
        "low": factor.low,
        "high": factor.high,
        "scale": factor.scale,
    }
    lever = LEVERS.get(factor.name) if factor.place == "levers" else None
    if lever is None:
        return facts
    return {**facts, **{key: getattr(lever, key) for key in ("kind", "unit", "meaning", "source")}}
