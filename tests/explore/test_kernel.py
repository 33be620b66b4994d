"""What a page does before a run's months is what the command line does, to the last bit where no logarithm is
in it.
"""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

from avrr_sim.browser import kernel, portable
from avrr_sim.browser.contents import arrivals_known
from avrr_sim.browser.draws import moved_by
from avrr_sim.browser.exports import EXPORTS, nested, values_of
from avrr_sim.browser.pack import Packer, planes
from avrr_sim.engines import table
from avrr_sim.engines.world import World, build_world
from avrr_sim.migrant import empty_rows
from avrr_sim.policy import ANNOUNCEABLE, LEVERS, STATUS_NAMES, TIMING, TIMINGS, Step, policy_table
from avrr_sim.population import centres_simulated, expected_units, units_waiting
from avrr_sim.rules.situation import months_of_change
from avrr_sim.scenario import Scenario
from avrr_sim.setting import before_levers, security_errors, under_levers


def world_of(scenario: Scenario, plan: Any, draw: int = 0) -> World:
    return build_world(scenario, plan.weights_of(draw, scenario), plan.seed, draw, 0, plan.size)


def in_ulps(found: float, true: float) -> float:
    return abs(found - true) / math.ulp(true)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("exp", -700, 700), ("exp", -3, 3), ("log", 1e-300, 1), ("log", 0.9, 1.1), ("cos", 0, 6.28)],
)
def test_portable_functions_are_within_a_unit_in_the_last_place(name, low, high):
    chance = random.Random(1)
    numbers = [low, high, *(chance.uniform(low, high) for _ in range(5000))]
    found = [(getattr(portable, name)(x), getattr(math, name)(x)) for x in numbers]
    assert max(in_ulps(here, there) for here, there in found) <= 1.0


def test_portable_functions_at_their_edges():
    assert (portable.exp(0.0), portable.log(1.0), portable.cos(0.0)) == (1.0, 0.0, 1.0)
    assert math.isnan(portable.exp(math.nan)) and math.isnan(portable.log(math.nan))
    assert portable.log(math.inf) == math.inf


def random_steps(chance: random.Random, first: int, months: int) -> dict[str, list[Step]]:
    """Dated steps of some levers, some of support announced, some before the run, and a timing."""
    settings: dict[str, list[Step]] = {}
    for name in {*chance.sample(sorted(LEVERS), 6), *ANNOUNCEABLE}:
        starts = sorted(chance.sample(range(first - 6, first + months), chance.randint(0, 3)))
        settings[name] = [
            Step(
                start,
                round(chance.uniform(0, 2), 2),
                start - chance.randint(1, 12) if name in ANNOUNCEABLE and chance.random() < 0.7 else None,
            )
            for start in starts
        ]
    settings[TIMING] = [Step(first + chance.randrange(months), chance.choice([*TIMINGS, {"pending": 2.0}]))]
    return settings


def as_records(settings: dict[str, list[Step]]) -> dict[str, Any]:
    """The arguments of `kernel.set_levers` for some settings."""
    plans = [[plan[status] for status in STATUS_NAMES] for plan in TIMINGS.values()]
    named = [name != "even" for name in TIMINGS]
    rows = []
    for name, steps in settings.items():
        for step in steps:
            plan, value = 0, step.value
            if name == TIMING and isinstance(value, str):
                plan = list(TIMINGS).index(value)
            elif name == TIMING:
                plan = len(plans)
                plans.append([value.get(status, 1.0) for status in STATUS_NAMES])
                named.append(False)
            lever = kernel.TIMING if name == TIMING else list(LEVERS).index(name)
            announced = -1 if step.announced is None else step.announced
            rows.append((lever, step.start, announced, plan, value if name != TIMING else 0.0))
    return {
        "steps": np.array(rows, kernel.STEP).view(np.recarray),
        "defaults": np.array([lever.default for lever in LEVERS.values()]),
        "plans": np.array(plans),
        "named": np.array(named),
    }


def test_the_even_timing_is_the_first_plan():
    assert next(iter(TIMINGS)) == "even"


def test_levers_as_a_page_sets_them_are_those_of_a_scenario():
    chance, first, months = random.Random(2), 12 * 2012, 60
    for _ in range(60):
        settings = random_steps(chance, first, months)
        wanted = policy_table(settings, first, months)
        found = np.zeros_like(wanted)
        given = as_records(settings)
        kernel.set_levers(found.view(np.float64).reshape(months, -1), *given.values(), first)
        for name in wanted.dtype.names:
            np.testing.assert_array_equal(found[name], wanted[name], err_msg=f"{name}: {settings}")


def test_draws_give_the_tables_of_the_command_line_to_the_last_bit(plan):
    for k in (0, len(plan.scenarios) - 1):
        scenario = plan.scenarios[k]
        weights = [plan.weights_of(d, scenario) for d in range(plan.draws)]
        found = moved_by(scenario, weights, plan.seed)
        for d, each in enumerate(weights):
            before = before_levers(scenario, each, security_errors(scenario, each, (plan.seed, d, 0)))
            policy, wanted, offers, _ = under_levers(scenario, before, None, each)
            here = found.origins.copy().view(np.recarray)
            for level in found.levels:
                here[level.name] = level.values[d][level.which].reshape(here.shape)
            moved = (found.moved, found.closed, found.factors[d], found.ratios[d])
            kernel.set_origins(here, *moved, policy)
            assert here.tobytes() == wanted.tobytes()
            beside = found.offers.copy()
            for level in found.of_offers:
                beside[level.name] = level.values[d][level.which].reshape(beside.shape)
            assert beside.tobytes() == offers.tobytes()


def test_the_moved_cells_are_few_numbers_a_draw(plan):
    found = moved_by(plan.scenarios[0], [plan.weights_of(d, plan.scenarios[0]) for d in range(2)], plan.seed)
    assert not {"security", "enforcement", "dublin_share"} & {level.name for level in found.levels}


def test_people_of_a_page_are_those_of_the_command_line(plan):
    scenario = plan.scenarios[0].vary(inflow_level=[{"from": "2013-01", "value": 1.4}])
    weights = plan.weights_of(0, scenario)
    world = world_of(scenario, plan)
    values = values_of(world)
    expected, waiting = expected_units(scenario, weights), units_waiting(scenario)
    fraction = plan.size / float(expected.sum() + waiting.sum())
    given = people_given(scenario, values, fraction)
    total = EXPORTS["count_arrivals"].function(*nested(EXPORTS["count_arrivals"].takes, given))
    assert total == len(world.rows)
    given["rows"] = empty_rows(total)
    given["host"]["centres"] = centres_simulated(scenario.place, expected, fraction)
    for name in ("name_people", "settle_all", "first_risks"):
        EXPORTS[name].function(*nested(EXPORTS[name].takes, given))
    assert (
        given["rows"].tobytes() == build_world(scenario, weights, plan.seed, 0, 0, plan.size).rows.tobytes()
    )
    for name in ("arrivals", "starts", "position"):
        np.testing.assert_array_equal(given[name], getattr(world, name))


def people_given(scenario: Scenario, values: dict[str, Any], fraction: float) -> dict[str, Any]:
    """Arguments of the functions that make the people, as a page lays them out."""
    found = values | arrivals_known(scenario)
    found["host"] = found["host"].view(np.recarray)[0]
    n = len(values["rows"])
    fresh = {name: np.zeros_like(values[name]) for name in ("arrivals", "starts", "position")}
    return found | fresh | {"fraction": fraction, "unregistered": np.zeros(n, bool)}


def test_months_of_change_are_marked_alike(plan):
    world = world_of(plan.scenarios[1], plan)
    values = values_of(world) | {"first_month": 3, "last_month": 40}
    EXPORTS["mark_changes"].function(*nested(EXPORTS["mark_changes"].takes, values))
    span = slice(3, 40)
    wanted = months_of_change(world.policy[span], world.origins[:, span], world.aimed[:, span])
    np.testing.assert_array_equal(values["changed"][:37], wanted)


def test_a_run_by_the_names_of_its_arguments_is_a_run(plan):
    world, other = (world_of(plan.scenarios[0], plan) for _ in range(2))
    values = values_of(world)
    for name in ("ties_by_month", "mark_changes", "run_months"):
        EXPORTS[name].function(*nested(EXPORTS[name].takes, values))
    table.run(other)
    assert world.rows.tobytes() == other.rows.tobytes()
    assert world.units.tobytes() == other.units.tobytes()


def test_the_factor_of_a_plan_is_found_alike(plan, monkeypatch):
    world = world_of(plan.scenarios[1], plan)
    tried: list[tuple[float | None, int]] = []
    unnoted = table._tried

    def noting(world: World, planned: np.ndarray, factor: float | None) -> tuple[World, int]:
        copy, made = unnoted(world, planned, factor)
        tried.append((factor, made))
        return copy, made

    monkeypatch.setattr(table, "_tried", noting)
    table.run(world)
    (_, wanted), *steps = tried
    search = np.zeros(1, kernel.SEARCH).view(np.recarray)[0]
    kernel.begin_search(search, float(wanted))
    for factor, made in steps:
        assert not search.done and search.factor == pytest.approx(factor, rel=1e-12)
        kernel.go_on_searching(search, float(made))
    assert search.done and search.step == pytest.approx(search.nearest)


def test_planes_hold_a_table_whole():
    numbers = np.array([1.5, 1.5, -2.0, math.nan])
    laid = np.frombuffer(planes(numbers), np.uint8).reshape(8, 4)
    back = np.bitwise_xor.accumulate(laid, axis=1)
    assert np.ascontiguousarray(back.T).tobytes() == numbers.tobytes()


def test_equal_tables_are_kept_once():
    packer = Packer()
    assert packer.add(np.arange(3)) == packer.add(np.arange(3)) != packer.add(np.arange(3.0))
    assert len(packer.tables) == 2
