"""The agents engine: the same rules run in Mesa, agent by agent. Each agent is a window onto one row of the
table.

    from avrr_sim import ReturnModel
    model = ReturnModel(scenario, size=500)
    for _ in range(model.world.months): model.step()
    model.datacollector.get_model_vars_dataframe()

Chance comes from the published generator, keyed on the row; nothing is drawn from `model.random`, so stepping
agents in any order gives the same lives.
"""

from __future__ import annotations

from collections.abc import Callable

import mesa
import numpy as np

from avrr_sim.compiled import announce_compilation
from avrr_sim.engines.table import begin_plan
from avrr_sim.engines.world import World, build_world
from avrr_sim.hypotheses import medians
from avrr_sim.migrant import ABODES, OUTCOMES, PRESENT, STAGES
from avrr_sim.policy import STATUS_NAMES
from avrr_sim.rules.claims import hand_out
from avrr_sim.rules.hearing import hear
from avrr_sim.rules.month import live_apart
from avrr_sim.rules.offers import empty_offers, put_up
from avrr_sim.rules.office import run_offices
from avrr_sim.rules.situation import empty_news, empty_situations, gather_news, survey, ties_by_month
from avrr_sim.rules.tally import SERIES, tally
from avrr_sim.scenario import Scenario


class Migrant(mesa.Agent):
    """One decision-making unit: reads and changes its row of the world's table (`row`, dtype MIGRANT)."""

    def __init__(self, model: ReturnModel, index: int) -> None:
        super().__init__(model)
        self.index = index
        self.row = model.world.rows[index]

    def step(self) -> None:
        """Live one month alone: legal path, beliefs, removal, decision or application, life after return."""
        live_apart(self.model.rows, self.index, *self.model.handed)

    @property
    def status(self) -> str:
        """Legal status, by name."""
        return STATUS_NAMES[self.row.status]

    @property
    def abode(self) -> str:
        """Abode, by name."""
        return ABODES[self.row.abode]

    @property
    def stage(self) -> str:
        """Stage of the running application, by name."""
        return STAGES[self.row.stage]

    @property
    def outcome(self) -> str:
        """Outcome, by name; 'present' while the migrant is in the country."""
        return OUTCOMES[self.row.outcome]

    @property
    def origin(self) -> str:
        """Key of the country of origin."""
        return self.model.world.scenario.origins[self.row.origin]

    @property
    def knowledge(self) -> float:
        """Knowledge of assisted return, in [0, 1]."""
        return float(self.row.knowledge)

    @property
    def trust(self) -> float:
        """Trust in advisors, in [0, 1]."""
        return float(self.row.trust)


class ReturnModel(mesa.Model):
    """The model as a Mesa model: `step()` lives one month; `datacollector` holds the monthly counts of
    simulated units.

    `scenario` as from `load_scenario`; `weights` by name (default: the medians of their priors); `size` units
    over the whole run; `seed`, `draw` and `replicate` key the chance. `world` may be given instead of all of
    these. Raises TypeError where neither a scenario nor a world is given.
    """

    def __init__(
        self,
        scenario: Scenario | None = None,
        weights: dict[str, float] | None = None,
        seed: int = 1,
        draw: int = 0,
        replicate: int = 0,
        size: int = 500,
        world: World | None = None,
    ) -> None:
        super().__init__(rng=int(seed))
        announce_compilation()
        if world is None:
            if scenario is None:
                raise TypeError("a ReturnModel needs a scenario or a world")
            chosen = weights or medians(scenario.hypothesis, scenario.weights)
            world = build_world(scenario, chosen, seed, draw, replicate, size)
        self.world = world
        self.moment = self.world.now[0]
        origins = len(self.world.kin)
        self.all_situations, self.all_news = empty_situations(origins), empty_news(origins)
        self.on_offer = np.asarray(empty_offers(self.world.offers))
        self.claimed = np.empty(len(self.world.rows), np.int64)
        self.ties = np.zeros(self.world.months)
        ties_by_month(self.ties, self.world.weights)
        self.rows, self.handed = self._handed()
        self.by_index: dict[int, Migrant] = {}
        self._look(0)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "month": lambda m: m.world.month,
                **{name: _column(i) for i, name in enumerate(SERIES)},
            },
            agent_reporters={
                name: name for name in ("origin", "status", "abode", "stage", "outcome", "knowledge", "trust")
            },
        )

    def _handed(self) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        """The rows, and what else `live_apart` is handed for every agent: plain arrays of the same memory.
        Handing a record, or an array of records that numpy calls so, takes several times as long as a month.
        """
        world = self.world
        weights = np.array([world.weights], world.weights.dtype)
        tables = (world.origins, world.policy, self.on_offer, world.now, world.removals, weights)
        before = (self.all_situations, self.all_news, self.ties)
        return np.asarray(world.rows), tuple(np.asarray(each) for each in (*before, *tables))

    def _look(self, month: int) -> None:
        self.lever = self.world.policy[month]
        self.here = self.world.origins[:, month]

    def step(self) -> None:
        """One month in three phases: hear, live, office; then counting."""
        world, month = self.world, self.world.month
        if month >= world.months:
            self.running = False
            return
        begin_plan(world)
        self.moment.month = month
        self.moment.calendar = world.scenario.start + month
        self._look(month)
        world.n_active = hear(world.rows, world.active, world.n_active, month, world.removals, world.kin)
        self._renew_agents(month)
        survey(
            self.all_situations,
            self.here,
            world.aimed[:, month],
            self.lever,
            self.moment,
            world.weights,
        )
        gather_news(self.all_news, self.here, self.lever, world.kin, world.weights)
        put_up(self.on_offer, world.offers, month, world.taken, world.scale)
        for migrant in list(self.agents):
            migrant.step()
        self._office()
        tally(
            world.rows,
            world.active,
            world.n_active,
            month,
            month >= world.window_start,
            self.here,
            self.moment.gate,
            world.units[month],
            world.persons[month],
            world.at_risk,
        )
        world.month += 1
        self.datacollector.collect(self)

    def _renew_agents(self, month: int) -> None:
        """Agents of people who arrive are made; those of people who no longer take part are removed."""
        world = self.world
        kept = set(world.active[: world.n_active].tolist())
        for index in [i for i in self.by_index if i not in kept]:
            self.by_index.pop(index).remove()
        for index in world.arrivals[world.starts[month] : world.starts[month + 1]].tolist():
            world.active[world.n_active] = index
            world.n_active += 1
            self.by_index[index] = Migrant(self, index)

    def _office(self) -> None:
        w = self.world
        people = (w.rows, w.active, w.n_active, w.position)
        setting = (self.here, self.lever, self.moment, w.weights)
        hand_out(*people, *setting, self.on_offer, w.taken, w.scale, self.claimed)
        run_offices(*people, *setting, w.carried, w.scale, w.queues, w.waiting)

    @property
    def present(self) -> list[Migrant]:
        """Agents who are in the country."""
        return [migrant for migrant in self.agents if migrant.row.outcome == PRESENT]


def _column(i: int) -> Callable[[ReturnModel], int]:
    return lambda model: int(model.world.units[model.world.month - 1, i]) if model.world.month else 0


def run(world: World, watch: Callable[[World], None] | None = None) -> World:
    """Live all months of a world in Mesa. `watch`, if given, is called after each month."""
    model = ReturnModel(world=world)
    # the world keeps the counts; a caller who wants Mesa's makes the model
    model.datacollector = mesa.DataCollector()
    while world.month < world.months:
        model.step()
        if watch is not None:
            watch(world)
    model.remove_all_agents()
    # Mesa 3.3 keeps every model alive through this table; 3.5 has none
    getattr(mesa.Agent, "_ids", {}).pop(model, None)
    return world
