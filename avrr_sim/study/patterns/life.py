"""One life: a world under way, reduced to sums over twenty groups of its people.

The sums of each group are kept apart, so that a statistic can be computed with each group left out in turn:
the jackknife of its error.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from avrr_sim.engines.world import World
from avrr_sim.migrant import CENTRE, NONE, OBLIGED_AFTER, PRESENT, UNREGISTERED
from avrr_sim.rules.offers import empty_offers, put_up
from avrr_sim.rules.situation import empty_situations, survey, ties_by_month
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

GROUPS = 20
"""Groups of people for the jackknife; its relative error is about one over the root of twice as many, a
sixth.
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
        `chances.ask`.
        """
        w = self.world
        chosen = np.flatnonzero((w.rows["outcome"] == PRESENT) & (w.rows["arrival"] < w.month))
        found = np.zeros((len(chosen), ANSWERS))
        here, lever, now = w.origins[:, w.month - 1], w.policy[w.month - 1], w.now[0]
        situations, on_offer = empty_situations(len(w.kin)), empty_offers(w.offers)
        survey(situations, here, w.aimed[:, w.month - 1], lever, now, w.weights)
        put_up(on_offer, w.offers, w.month - 1, w.taken, w.scale)
        ask(w.rows, chosen, situations, self.ties, here, lever, on_offer, now, w.weights, found, about_risk)
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
            years = years_of(w)
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

    def let_go(self) -> None:
        """Let go of the people, who take much memory, and keep their sums."""
        self.world = replace(self.world, rows=self.world.rows[:0].copy().view(np.recarray))
        self.group = self.persons = self.group[:0]


def years_of(world: World) -> int:
    """Calendar years that a run touches."""
    return (world.scenario.start + world.months - 1) // 12 - world.scenario.start // 12 + 1
