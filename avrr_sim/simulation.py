"""One run: simulate(scenario, weights, ...) -> Outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from avrr_sim.refusals import refusal, shown

if TYPE_CHECKING:
    from avrr_sim.engines.world import World
    from avrr_sim.outcomes import Outcomes
    from avrr_sim.scenario import Scenario

ENGINES = ("table", "agents")


def engine(name: str) -> Callable[..., World]:
    """The `run` function of an engine. Mesa is imported only where the agents engine is asked for. Raises
    ValueError for another name.
    """
    if name == "table":
        from avrr_sim.engines import table

        return table.run
    if name == "agents":
        from avrr_sim.engines import agents

        return agents.run
    raise ValueError(f"unknown engine {name!r}; allowed: {', '.join(ENGINES)}")


def warm(engine_name: str = "table") -> None:
    """Compile what a run needs and keep it (see `compiled`), so that the first command does not wait: a few
    people live a few months. Raises ValueError for an engine that there is not.
    """
    from avrr_sim.compiled import announce_compilation
    from avrr_sim.scenario import Scenario

    announce_compilation()
    window = {"from": "2012-01", "to": "2012-12"}
    scenario = Scenario.from_mapping(
        {"name": "Warm", "host": "norway", "programme": "norway", "start": "2011-01", "window": window}
    )
    simulate(scenario, engine_name=engine_name, size=50)


def simulate(
    scenario: Scenario,
    weights: Mapping[str, float] | None = None,
    seed: int = 1,
    engine_name: str = "table",
    *,
    draw: int = 0,
    replicate: int = 0,
    size: int = 5000,
    watch: Callable[[World], None] | None = None,
    amounts: Mapping[str, tuple[int, float]] | None = None,
) -> Outcomes:
    """Simulate one scenario once.

    `weights` by name (default: the medians of the priors under the scenario's hypothesis, its pinned weights
    set); `size` units over the whole run; (`seed`, `draw`, `replicate`) key the chance; `watch(world)` is
    called after every month; `amounts` replace the programme's by name, each from a calendar month on: {name:
    (month, value)}. Same arguments, same lives, to the bit.
    """
    if isinstance(scenario, (str, Path)):
        raise refusal(f"{shown(scenario)} is no scenario", allowed=f"load_scenario({shown(scenario)})")
    from avrr_sim.engines.world import build_world
    from avrr_sim.hypotheses import medians
    from avrr_sim.outcomes import outcomes_of

    run = engine(engine_name)
    world = build_world(
        scenario,
        dict(weights or medians(scenario.hypothesis, scenario.weights)),
        seed,
        draw,
        replicate,
        size,
        amounts=amounts,
    )
    return outcomes_of(run(world, watch))
