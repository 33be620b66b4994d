"""What worlds of the same draw and replicate share: their people, and all months before their levers or
series differ.

A month rests on nothing but what came before, its levers, its series, weights and chance, and so does
everybody who arrives in it. Worlds in which all of these are the same up to some month are therefore the same
until then, to the last bit, and a past that is lived once and copied changes no result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from threading import Lock

import numpy as np

from avrr_sim.aimed import aimed_alike
from avrr_sim.engines.table import live_to
from avrr_sim.engines.world import Evenly, World, branch, build_in, build_world
from avrr_sim.migrant import MIGRANT
from avrr_sim.offers.table import offers_alike
from avrr_sim.population import first_risks, inflow, settle_rows
from avrr_sim.records import bits, fill, same_bits
from avrr_sim.scenario import Scenario
from avrr_sim.setting import Setting, before_levers, security_errors, under_levers

Amounts = Mapping[str, tuple[int, float]]
MARKS = 4
"""Months, at most, at which a past is kept as it stands there: with more, much is held and little gained."""
PASTS, MOST_HELD = 8, 2**28
"""Pasts that a process keeps at most, and bytes that their people may take."""


class Past:
    """A world before its first month and as it stands before some later ones, for others to go on from.

    It may be used by several threads at once. `chance`: (seed, draw, replicate); `weights` hold every weight
    by name; `size`: units simulated; `amounts`: as in `under_levers`.
    """

    def __init__(
        self,
        scenario: Scenario,
        weights: Mapping[str, float],
        chance: tuple[int, int, int],
        size: int,
        amounts: Amounts | None = None,
    ) -> None:
        self.scenario, self.weights, self.chance, self.size = scenario, dict(weights), chance, size
        self._before = before_levers(scenario, weights, security_errors(scenario, weights, chance))
        self._setting = under_levers(scenario, self._before, amounts, weights)
        self._new: World | None = None
        self._marks: dict[int, World] = {}
        self._lock = Lock()

    def is_of(
        self, scenario: Scenario, weights: Mapping[str, float], chance: tuple[int, int, int], size: int
    ) -> bool:
        """Whether a world has this one's chance, weights, places, programmes and months, so that nothing
        but levers, series and amounts can differ.
        """
        return (chance, size) == (self.chance, self.size) and (
            all(getattr(scenario, name) == getattr(self.scenario, name) for name in _BEFORE_LEVERS)
            and weights == self.weights
        )

    def at_window(
        self, scenario: Scenario, weights: Mapping[str, float], amounts: Amounts | None = None
    ) -> World:
        """A world of any scenario as it stands at the start of its window, gone on from this past as far as
        it goes; a plan of timing that begins there has not yet begun.
        """
        until, world = scenario.window_from - scenario.start, None
        if self.is_of(scenario, weights, self.chance, self.size):
            world = self.world(scenario, amounts, until)
        if world is None:
            world = build_world(scenario, dict(weights), *self.chance, self.size, amounts=amounts)
        live_to(world, until)
        return world

    def world(
        self, scenario: Scenario, amounts: Amounts | None = None, until: int | None = None
    ) -> World | None:
        """A world of a scenario (see `is_of`), lived as far as it is known to be the same as this one, to the
        month `until` at most; None where other people arrive.
        """
        before = self._before
        if scenario.series != self.scenario.series:
            errors = security_errors(scenario, self.weights, self.chance)
            before = before_levers(scenario, self.weights, errors)
        setting = under_levers(scenario, before, amounts, self.weights)
        if not np.array_equal(inflow(*setting[:2]), inflow(*self._setting[:2])):
            return None
        with self._lock:
            new = self._new = self._new or self._begun()
            alike = months_alike(setting, self._setting)
            mark = self._mark(new, alike if until is None else min(alike, until))
        return self._from(new, mark, scenario, setting)

    def _begun(self) -> World:
        """The world before its first month, kept there and at the start of its window, from which most levers
        are moved.
        """
        new = build_in(self._setting, self.scenario, self.weights, self.chance, self.size)
        new.evenly = Evenly()
        self._keep(new)
        if new.window_start:
            self._live_on(new, new, new.window_start)
        return new

    def _keep(self, world: World) -> World:
        """Keep a world as it stands: of the people only those who have arrived."""
        arrived = world.rows[: world.starts[world.month]].view(np.recarray)
        mark = branch(replace(world, rows=arrived))
        self._marks[world.month] = mark
        return mark

    def _mark(self, new: World, month: int) -> World:
        """The world at the last month that is kept up to one; that month itself is kept from now on, as long
        as few are.
        """
        mark = self._marks[max(kept for kept in self._marks if kept <= month)]
        if mark.month < month < new.months and len(self._marks) < MARKS:
            return self._live_on(new, mark, month)
        return mark

    def _live_on(self, new: World, mark: World, month: int) -> World:
        """The world lived from one month to another, and kept there."""
        world = self._from(new, mark, self.scenario, self._setting)
        live_to(world, month)
        return self._keep(world)

    def _from(self, new: World, mark: World, scenario: Scenario, setting: Setting) -> World:
        """A world that goes on from a month in which it is still the same. Whoever arrives later is settled
        anew where a series differs, and learns the risks under this world's levers.
        """
        policy, table, offers, aimed = setting
        rows, here = np.empty_like(new.rows), len(mark.rows)
        fill(rows[:here], mark.rows)
        fill(rows[here:], new.rows[here:])
        late, now = rows[here:], new.now.copy()[0]
        if not same_bits(table, new.origins):
            settle_rows(late, scenario, new.weights, table, now, new.removals.shape[0])
            first_risks(late, table, policy, now, scenario.start, new.weights)
        elif not same_bits(policy, new.policy):
            first_risks(late, table, policy, now, scenario.start, new.weights)
        carried = branch(replace(mark, rows=mark.rows[:0].view(np.recarray)))
        # where the numbers of offers differ nothing has been on offer yet
        if len(scenario.offers) != len(mark.taken):
            carried.taken = np.zeros(len(scenario.offers), np.int64)
        world = replace(carried, scenario=scenario, policy=policy, origins=table, rows=rows)
        return replace(world, offers=offers, aimed=aimed)


_BEFORE_LEVERS = (
    "host",
    "start",
    "window_from",
    "window_to",
    "origins",
    "protection_gate",
    "place",
    "programmes",
)
"""What a scenario says beside levers and series that a world rests on."""


def months_alike(one: Setting, other: Setting) -> int:
    """Months from the first one in which levers, origins, offers and what is aimed are the same in two
    settings to the last bit. Months of a plan of timing rest on those that follow, so they are never taken
    for the same.
    """
    policy, table = (bits(a) == bits(b) for a, b in zip(one[:2], other[:2], strict=True))
    alike = policy.all(axis=-1) & table.all(axis=(0, -1)) & offers_alike(one[2], other[2])
    alike &= aimed_alike(one[3], other[3])
    alike &= one[0]["information_plan"] == 0.0
    return len(alike) if alike.all() else int(alike.argmin())


class Pasts:
    """The pasts that a process has lived last: few, and of no more people than memory bears. Which ones it
    holds decides how long a run takes, and nothing else.
    """

    def __init__(self) -> None:
        self._pasts: list[Past] = []
        self._lock = Lock()

    def world(
        self,
        scenario: Scenario,
        weights: Mapping[str, float],
        chance: tuple[int, int, int],
        size: int,
        amounts: Amounts | None = None,
    ) -> World:
        """A world of a scenario, before its first month or as far lived as a past of this process goes."""
        room = min(PASTS, MOST_HELD // (2 * size * MIGRANT.itemsize))
        if not room:
            errors = security_errors(scenario, weights, chance)
            setting = under_levers(scenario, before_levers(scenario, weights, errors), amounts, weights)
            return build_in(setting, scenario, dict(weights), chance, size)
        tried: list[Past] = []
        while True:
            past = self._next(tried, room, scenario, weights, chance, size, amounts)
            world = past.world(scenario, amounts)
            if world is not None:
                return world
            tried.append(past)

    def _next(
        self,
        tried: list[Past],
        room: int,
        scenario: Scenario,
        weights: Mapping[str, float],
        chance: tuple[int, int, int],
        size: int,
        amounts: Amounts | None,
    ) -> Past:
        """A past that was not tried yet: one that is kept, else a new one of this very world."""
        with self._lock:
            for past in self._pasts:
                if past not in tried and past.is_of(scenario, weights, chance, size):
                    return past
            past = Past(scenario, weights, chance, size, amounts)
            self._pasts = [*self._pasts, past][-room:]
            return past

    def forget(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._pasts = []
