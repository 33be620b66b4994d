"""Lives: every world that the patterns of one draw need, lived once.

Worlds that change nothing before the baseline's window go on from the baseline as it stands there, which
saves its years of filling up.
"""

from __future__ import annotations

from collections.abc import Mapping

from avrr_sim.dates import month_number
from avrr_sim.engines.past import Past
from avrr_sim.engines.table import advance
from avrr_sim.engines.world import World, branch
from avrr_sim.evidence import central_weights
from avrr_sim.programme import unknowns_of
from avrr_sim.scenario import Scenario
from avrr_sim.study.patterns.life import Life
from avrr_sim.study.patterns.sums import count
from avrr_sim.study.patterns.worlds import SHOCK_MONTHS, SHOCKS, base_of, world

LOOK_EVERY = 3
"""Months between looks at people as they stand; chances change slowly, so that each month would add
little.
"""


def live_through(life: Life, about_risk: bool) -> None:
    """Live a life to the end, with a look at people at the end of every quarter of the window."""
    w = life.world
    while w.month < w.months:
        quarter_end = LOOK_EVERY - (w.scenario.start + w.month) % LOOK_EVERY
        advance(w, quarter_end)
        if w.month > w.window_start:
            life.look(about_risk)
    count(life)


def live_shocks(life: Life) -> None:
    """Live a life to the end of the last shock's six months; each shock in a world of its own that branches
    off and is left.
    """
    w = life.world
    for month in SHOCKS:
        first = month_number(month) - w.scenario.start
        advance(w, first - w.month)
        shocked = Life(branch(w))
        shocked.sums = life.sums
        shocked.world.policy["removal_news"][first] = 1.0
        for each, flag in ((life, False), (shocked, True)):
            for _ in range(SHOCK_MONTHS):
                advance(each.world, 1)
                each.look_after_shock(flag)


class Lives:
    """The lives of one draw, each lived when it is first asked for. `weights` by name; unknown amounts that
    it lacks stand at their medians.

    `amounts` as in `simulate`. Two of these may be used side by side, one may not be shared between threads.
    """

    def __init__(
        self,
        weights: Mapping[str, float],
        seed: int,
        draw: int,
        size: int,
        replicate: int = 0,
        amounts: Mapping[str, tuple[int, float]] | None = None,
    ) -> None:
        self.weights, self.key, self.size, self.amounts = (
            dict(weights),
            (seed, draw, replicate),
            size,
            amounts,
        )
        self._lives: dict[str, Life] = {}
        self._pasts: dict[str, Past] = {}

    def _weights_of(self, scenario: Scenario) -> dict[str, float]:
        unknowns = central_weights(None, unknowns_of(scenario.programmes))
        return {**unknowns, **self.weights, **scenario.weights}

    def scenario(self, name: str) -> Scenario:
        """The scenario of a world."""
        return world(name, self.weights)

    def _past(self, name: str) -> Past:
        """What a base world shares with those that vary it."""
        if name not in self._pasts:
            base = self.scenario(name)
            self._pasts[name] = Past(base, self._weights_of(base), self.key, self.size, self.amounts)
        return self._pasts[name]

    def _begun(self, name: str) -> World:
        """A world at the beginning of its window."""
        scenario = self.scenario(name)
        return self._past(base_of(name)).at_window(scenario, self._weights_of(scenario), self.amounts)

    def life(self, name: str) -> Life:
        """The life of a world, by its name (see `worlds.WORLDS`)."""
        if name not in self._lives:
            life = Life(self._begun(name))
            if name.startswith("shocks"):
                live_shocks(life)
            else:
                live_through(life, about_risk=base_of(name) == name)
            life.let_go()
            self._lives[name] = life
        return self._lives[name]
