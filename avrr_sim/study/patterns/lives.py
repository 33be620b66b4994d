"""Lives: every world that the patterns of one draw need, lived once, and reduced to sums over twenty groups
of its people.

Worlds that change nothing before the baseline's window go on from the baseline as it stands there, which
saves its years of filling up. The sums of each group are kept apart, so that a statistic can be computed with
each group left out in turn: the jackknife of its error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from avrr_sim.dates import month_number
from avrr_sim.engines.table import advance
from avrr_sim.engines.world import World, branch, build_world, resume, same_past
from avrr_sim.evidence import central_weights
from avrr_sim.migrant import CENTRE, NONE, OBLIGED_AFTER, PRESENT, UNREGISTERED
from avrr_sim.programme import unknowns_of
from avrr_sim.rules.situation import empty_situations, survey, ties_by_month
from avrr_sim.setting import programmes_of
from avrr_sim.study.patterns import sums
from avrr_sim.study.patterns.chances import (
    ANSWERS,
    APPLIES,
    AT_RISK,
    LEAVES,
    UNDER_FULL_RISK,
    UNDER_HALF_RISK,
    UNDER_NO_RISK,
    ask,
)
from avrr_sim.study.patterns.worlds import SHOCK_MONTHS, SHOCKS, base_of, world

GROUPS = 20
"""Groups of people for the jackknife; its relative error is about one over the root of twice as many, a
sixth.
"""
LOOK_EVERY = 3
"""Months between looks at people as they stand; chances change slowly, so that each month would add
little.
"""
# Knuth's multiplier, 2^64 over the golden ratio: neighbours fall into different groups
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


def group_of(ids: np.ndarray) -> np.ndarray:
    """The jackknife group of each person, by id alone, so that the same person is in the same group in every
    world.
    """
    with np.errstate(over="ignore"):
        return ((ids.astype(np.uint64) * _SPREAD) >> np.uint64(33)).astype(np.int64) % GROUPS


class Life:
    """A world under way, and its sums: name -> array with the groups first. `scale`: real units a simulated
    one.
    """

    def __init__(self, of: World) -> None:
        self.world = of
        self.sums: dict[str, np.ndarray] = {}
        self.group = group_of(of.rows["id"])
        self.persons = of.rows["adults"] + of.rows["minors"]
        self.ties = np.zeros(of.months)
        ties_by_month(self.ties, of.weights)

    def add(
        self,
        name: str,
        shape: tuple[int, ...],
        rows: np.ndarray,
        index: tuple[np.ndarray, ...],
        amount: np.ndarray | None = None,
    ) -> None:
        """Add `amount` (default 1) of each of `rows` to its group's entry `index` of a sum of this shape."""
        total = self.sums.setdefault(name, np.zeros((GROUPS, *shape)))
        flat = np.ravel_multi_index((self.group[rows], *index), total.shape)
        total += np.bincount(flat, weights=amount, minlength=total.size).reshape(total.shape)

    def answers(self, about_risk: bool) -> tuple[np.ndarray, np.ndarray]:
        """(numbers of the rows that are present, their answers) at the end of the month last lived; see
        `asking.ask`.
        """
        w = self.world
        chosen = np.flatnonzero((w.rows["outcome"] == PRESENT) & (w.rows["arrival"] < w.month))
        found = np.zeros((len(chosen), ANSWERS))
        month = w.origins[:, w.month - 1], w.policy[w.month - 1], w.now[0]
        situations = empty_situations(len(w.kin))
        survey(situations, *month, w.weights)
        ask(w.rows, chosen, situations, self.ties, *month, w.weights, found, about_risk)
        return chosen, found

    def look(self, about_risk: bool = True) -> None:
        """Add people as they stand now to the sums."""
        rows, w = self.world.rows, self.world
        chosen, found = self.answers(about_risk)
        origin, abode, status = (rows[name][chosen] for name in ("origin", "abode", "status"))
        n = len(w.scenario.origins)
        for name, column in (("at_risk", AT_RISK), ("applying", APPLIES)):
            self.add(name, (n, 3, 5), chosen, (origin, abode, status), found[:, column])
        above = (rows["network"][chosen] > w.origins["network_mean"][origin, w.month - 1]).astype(int)
        for name, column in (("at_risk_by_network", AT_RISK), ("applying_by_network", APPLIES)):
            self.add(name, (n, 2), chosen, (origin, above), found[:, column])
        removable = (
            np.flatnonzero((found[:, AT_RISK] > 0) & ((status == OBLIGED_AFTER) | (status == UNREGISTERED)))
            if about_risk
            else ()
        )
        for k, column in enumerate((UNDER_NO_RISK, UNDER_HALF_RISK, UNDER_FULL_RISK) if about_risk else ()):
            self.add(
                "asked",
                (3, n),
                chosen[removable],
                (np.full(len(removable), k), origin[removable]),
                found[removable, column],
            )
        self.add("people", (3,), chosen, (abode,))
        for name in ("knowledge", "trust", "self_rated"):
            self.add(name, (3,), chosen, (abode,), rows[name][chosen])
        calendar = w.scenario.start + w.month - 1
        if calendar % 12 == 11:
            years = sums.years_of(w)
            self.add(
                "stock",
                (years, n, 5),
                chosen,
                (np.full(len(chosen), calendar // 12 - w.scenario.start // 12), origin, status),
                self.persons[chosen],
            )

    def look_after_shock(self, shocked: bool) -> None:
        """Add the residents of centres to the sums of the months after a shock, in the world with it or
        without.
        """
        rows = self.world.rows
        chosen, found = self.answers(False)
        inside = (rows["abode"][chosen] == CENTRE) & (rows["stage"][chosen] == NONE)
        some, n = chosen[inside], len(self.world.scenario.origins)
        for k, column in enumerate((AT_RISK, APPLIES, LEAVES)):
            self.add(
                "shock",
                (2, 3, n),
                some,
                (np.full(len(some), int(shocked)), np.full(len(some), k), rows["origin"][some]),
                found[inside, column],
            )

    def live_through(self, about_risk: bool) -> None:
        """Live to the end, with a look at people at the end of every quarter of the window."""
        w = self.world
        while w.month < w.months:
            quarter_end = LOOK_EVERY - (w.scenario.start + w.month) % LOOK_EVERY
            advance(w, quarter_end)
            if w.month > w.window_start:
                self.look(about_risk)
        sums.count(self)

    def live_shocks(self) -> None:
        """Live to the end of the last shock's six months; each shock in a world of its own that branches off
        and is left.
        """
        w = self.world
        for month in SHOCKS:
            first = month_number(month) - w.scenario.start
            advance(w, first - w.month)
            shocked = Life(branch(w))
            shocked.sums = self.sums
            shocked.world.policy["removal_news"][first] = 1.0
            for life, flag in ((self, False), (shocked, True)):
                for _ in range(SHOCK_MONTHS):
                    advance(life.world, 1)
                    life.look_after_shock(flag)

    def let_go(self) -> None:
        """Let go of the people, who take much memory, and keep their sums."""
        self.world = replace(self.world, rows=self.world.rows[:0].copy())
        self.group = self.persons = self.group[:0]


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
        self._filled: dict[str, tuple[World, World]] = {}

    def _built(self, name: str) -> World:
        scenario = world(name, self.weights)
        weights = {
            **central_weights(None, unknowns_of(programmes_of(scenario))),
            **self.weights,
            **scenario.weights,
        }
        return build_world(scenario, weights, *self.key, self.size, amounts=self.amounts)

    def _bases(self, name: str) -> tuple[World, World]:
        """A base world before its first month, and at the beginning of its window."""
        if name not in self._filled:
            new = self._built(name)
            filled = branch(new)
            advance(filled, filled.window_start)
            self._filled[name] = new, filled
        return self._filled[name]

    def _begun(self, name: str) -> World:
        """A world at the beginning of its window where it may go on from its base as that stands there, else
        before its first month.
        """
        base = base_of(name)
        new, filled = self._bases(base)
        if base == name:
            return branch(filled)
        built = self._built(name)
        if built.scenario.protection_gate == new.scenario.protection_gate and same_past(
            new, built, filled.month
        ):
            resume(built, filled)
        return built

    def life(self, name: str) -> Life:
        """The life of a world, by its name (see `worlds.WORLDS`)."""
        if name not in self._lives:
            life = Life(self._begun(name))
            if name.startswith("shocks"):
                life.live_shocks()
            else:
                life.live_through(about_risk=base_of(name) == name)
            life.let_go()
            self._lives[name] = life
        return self._lives[name]
