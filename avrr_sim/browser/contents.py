"""What a page carries of a plan: its scenarios' tables, the draws, the people to come, and the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from avrr_sim.browser.draws import Level, moved_by
from avrr_sim.browser.kernel import COHORT
from avrr_sim.browser.pack import Packer
from avrr_sim.chance import run_key
from avrr_sim.dates import month_text
from avrr_sim.evidence import parameter_record
from avrr_sim.measures import MEASURES
from avrr_sim.migrant import empty_rows
from avrr_sim.policy import LEVERS, TIMINGS, Step
from avrr_sim.population import (
    HOST_DTYPE,
    centres_simulated,
    expected_units,
    mean_household,
    migrant_id,
    units_waiting,
)
from avrr_sim.scenario import Scenario
from avrr_sim.setting import service_costs
from avrr_sim.study.jobs.plan import Plan


def contents(plan: Plan) -> tuple[dict[str, Any], str]:
    """(what is told as it is, the packed tables) of a plan's scenarios and draws: all that the page needs
    besides the module.
    """
    packer, first = Packer(), plan.scenarios[0]
    about = {
        "time": {
            "start": first.start,
            "months": first.months,
            "window": first.window_from - first.start,
            "from": month_text(first.window_from),
            "to": month_text(first.window_to),
        },
        "plan": {
            "seed": plan.seed,
            "size": plan.size,
            "draws": plan.draws,
            "replicates": plan.replicates,
            "weights": plan.weights,
        },
        "origins": [{"key": key, "name": first.place.countries[key].name} for key in first.origins],
        "people": {name: packer.add(known) for name, known in arrivals_known(first).items()},
        "keys": packer.add(_keys(plan)),
        "timings": TIMINGS,
        "levers": [asdict(lever) for lever in LEVERS.values()],
        "measures": [asdict(measure) for measure in MEASURES.values()],
    }
    weights = [plan.weights_of(d, first) for d in range(plan.draws)]
    base = np.array([parameter_record(each).tolist() for each in weights])
    about["weights"] = packer.add(base.T)
    about["scenarios"] = [_scenario(plan, k, base, packer) for k in range(len(plan.scenarios))]
    return {"about": about, "tables": packer.tables}, packer.text()


def _keys(plan: Plan) -> np.ndarray:
    """Of the streams of chance: (draws, replicates, 2)."""
    return np.array(
        [[run_key(plan.seed, d, r) for r in range(plan.replicates)] for d in range(plan.draws)], np.int64
    )


def arrivals_known(scenario: Scenario) -> dict[str, np.ndarray]:
    """Who arrives, which all scenarios of a plan share but for the level of arrivals: tables by the names
    that the module's functions give them (see `exports`).
    """
    of, months, keys = scenario.place, scenario.months, scenario.origins
    streams, origins, month = (each.ravel() for each in np.indices((2, len(keys), months)))
    numbers = np.array([of.countries[key].number for key in keys], np.int64)
    ids = migrant_id(scenario.start + month, numbers[origins], streams, 0)
    cohorts = np.zeros(len(ids), COHORT)
    for name, values in zip(COHORT.names or (), (ids, streams, origins, month), strict=True):
        cohorts[name] = values
    shares = [of.unregistered_shares.get(key, 0.0) for key in keys]
    host = np.zeros(1, HOST_DTYPE)
    for name, value in of.traits.items():
        host[name] = value
    return {
        "cohorts": np.sort(cohorts, order="first_id").view(np.recarray),
        "registered": expected_units(scenario, {"unregistered_inflow": 0.0})[0],
        "hidden": np.stack([np.array(shares), np.full(len(keys), 12.0 * mean_household(of))], axis=1),
        "waiting_units": units_waiting(scenario),
        "blank": empty_rows(1),
        "host": host,
        "households": np.array(of.households, dtype=np.float64),
    }


def _scenario(plan: Plan, k: int, base: np.ndarray, packer: Packer) -> dict[str, Any]:
    """One scenario: its words and levers as they are, its tables by number."""
    scenario = plan.scenarios[k]
    weights = [plan.weights_of(d, scenario) for d in range(plan.draws)]
    record = np.array([parameter_record(each).tolist() for each in weights])
    other = np.flatnonzero((record != base).any(axis=0))
    found = moved_by(scenario, weights, plan.seed)
    programme = scenario.general_programme
    return {
        "key": plan.keys[k],
        "name": scenario.name,
        "asks": scenario.asks,
        "file": scenario.file or f"{plan.keys[k]}.yaml",
        "gate": scenario.protection_gate,
        "minimum_cell": scenario.minimum_cell,
        "currency": programme.currency,
        "rate": programme.rate,
        "levers": {name: [_step(each) for each in steps] for name, steps in scenario.levers.items()},
        "offers": [offer.name for offer in scenario.offers],
        "written": [offer.written() for offer in scenario.offers],
        "information": [entry.told() for entry in scenario.information],
        "weights": {"columns": other.tolist(), "values": packer.add(record[:, other].T)},
        "scale": packer.add(_scales(scenario, weights, plan.size)),
        "service_costs": packer.add(np.array([service_costs(scenario, each) for each in weights])),
        "tables": {
            name: packer.add(getattr(found, name))
            for name in ("origins", "offers", "aimed", "moved", "closed", "factors", "ratios")
        },
        "levels": {"origins": _levels(found.levels, packer), "offers": _levels(found.of_offers, packer)},
    }


def _step(step: Step) -> dict[str, Any]:
    value = step.value if isinstance(step.value, (int, float, str)) else dict(step.value)
    return {"start": step.start, "value": value, "announced": step.announced}


def _scales(scenario: Scenario, weights: Sequence[dict[str, float]], size: int) -> np.ndarray:
    """(draws, 2): simulated units a real one, and the number of centres, as in `population.people`."""
    waiting, found = units_waiting(scenario), []
    for each in weights:
        expected = expected_units(scenario, each)
        fraction = size / float(expected.sum() + waiting.sum())
        found.append((fraction, centres_simulated(scenario.place, expected, fraction)))
    return np.array(found, dtype=np.float64)


def _levels(levels: Sequence[Level], packer: Packer) -> list[dict[str, Any]]:
    return [
        {"field": each.name, "which": packer.add(each.which), "values": packer.add(each.values)}
        for each in levels
    ]
