"""One person in two worlds: the same person lives under a baseline and under a policy, month by month, until
the two lives part. Then that month is lived again with one thing taken from the other world, by the same
rules, to see what tipped it.

A thing is *needed* where the policy's month goes as in the baseline once it is as in the baseline, and
*enough* where the baseline's month goes as with the policy once it is as with the policy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from avrr_sim.engines.table import advance, run
from avrr_sim.engines.world import World, branch, build_world
from avrr_sim.migrant import GONE_UNDER, NONE, PRESENT
from avrr_sim.policy import LEVERS, TIMING
from avrr_sim.refusals import refusal
from avrr_sim.scenario import Scenario
from avrr_sim.story_names import ANNOUNCED, BELIEFS, OTHERS

WHERE = ("status", "abode", "stage", "outcome")
"""Fields that say where a life stands: lives part where one of these differs at a month's end."""
SEEN = (
    *("awareness", "heed", "knowledge", "trust", "trust_official", "trust_independent", "trust_peers"),
    *("hope", "security", "risk_apply", "risk_leave", "official_at", "independent_at", "peers_at"),
)
"""What is kept of every month besides: beliefs, and the months of the last contacts."""
PERSON = ("id", "arrival", "origin", "adults", "minors")
_APART = 10  # between the numbers of two outcomes, with room for where those present stand

Build = Callable[[], World]
Change = Callable[[World, World], None]


@dataclass(frozen=True)
class Month:
    """Where a life stood at a month's end, and what the person believed: fields WHERE and SEEN by name."""

    values: dict[str, float]

    @property
    def where(self) -> tuple[float, ...]:
        """Status, abode, stage and outcome, as numbers of the model."""
        return tuple(self.values[name] for name in WHERE)

    @property
    def aware(self) -> bool:
        """Whether the person has assisted return in mind."""
        return self.values["heed"] <= self.values["awareness"]


@dataclass(frozen=True)
class Tipped:
    """One thing that differed in the month in which the lives part. `before`, `after`: its value in the
    baseline and with the policy, None where it has none.
    """

    factor: str
    necessary: bool
    enough: bool
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Story:
    """Two lives of one person: `months` of the baseline and of the policy, by month of the run; `parted`: the
    first month in which they differ, None where none does; `together`: whether all that differed, put as in
    the baseline at once, makes the policy's month go as there.
    """

    person: dict[str, int]
    months: tuple[list[Month], list[Month]]
    parted: int | None
    tipped: tuple[Tipped, ...]
    together: bool


def end_by(outcome: int) -> int:
    """How a life stands that ended by an outcome, as `ends_of` has it."""
    return outcome * _APART


def ends_of(world: World) -> np.ndarray:
    """How lives stand at the end of a world, one number a row: outcome, and for those present whether they
    are applying or gone under.
    """
    rows = world.rows
    ends = rows["outcome"].astype(np.int64) * _APART
    present = rows["outcome"] == PRESENT
    ends[present & (rows["abode"] == GONE_UNDER)] += 2
    ends[present & (rows["stage"] != NONE)] = 1
    return ends


def builders(
    scenarios: Sequence[Scenario],
    weights: Sequence[dict[str, float]],
    chance: tuple[int, int, int],
    size: int,
) -> list[Build]:
    """What makes the world of each scenario before its first month; `chance`: (seed, draw, replicate)."""
    return [
        partial(build_world, scenario, of, *chance, size)
        for scenario, of in zip(scenarios, weights, strict=True)
    ]


def fates(baseline: Build, policy: Build) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(ids, ends in the baseline, ends with the policy) of those who are in both worlds and end otherwise, by
    id; ends as of `ends_of`.
    """
    one, other = run(baseline()), run(policy())
    ids, ours, theirs = np.intersect1d(
        one.rows["id"], other.rows["id"], assume_unique=True, return_indices=True
    )
    before, after = ends_of(one)[ours], ends_of(other)[theirs]
    changed = before != after
    return ids[changed], before[changed], after[changed]


def by_frequency(ids: np.ndarray, before: np.ndarray, after: np.ndarray) -> list[int]:
    """Ids of `fates`, those of the most frequent change first."""
    kinds, kind = np.unique(before * 100 + after, return_inverse=True)
    many = np.bincount(kind, minlength=len(kinds))
    return [int(each) for each in ids[np.lexsort((ids, kind, -many[kind]))]]


def who_differ(baseline: Build, policy: Build) -> list[int]:
    """Ids of those who are in both worlds and end otherwise, those of the most frequent change first."""
    return by_frequency(*fates(baseline, policy))


def story_of(baseline: Build, policy: Build, who: int) -> Story:
    """The two lives of a person by id, and what tipped the month in which they part. Raises `Refusal` where
    nobody in both worlds bears the id.
    """
    makers = (baseline, policy)
    starts = [make() for make in makers]
    places = [_place(world, who) for world in starts]
    person = {name: int(starts[0].rows[name][places[0]]) for name in PERSON}
    lives = [_life(world, place) for world, place in zip(starts, places, strict=True)]
    parted = next((m for m, (a, b) in enumerate(zip(*lives, strict=True)) if a.where != b.where), None)
    if parted is None:
        return Story(person, (lives[0], lives[1]), None, (), False)
    worlds = [make() for make in makers]
    for world in worlds:
        advance(world, parted)
    ends = (lives[0][parted], lives[1][parted])
    tipped, together = _tipped_by(worlds, places, ends)
    return Story(person, (lives[0], lives[1]), parted, tipped, together)


def _place(world: World, who: int) -> int:
    found = np.flatnonzero(world.rows["id"] == who)
    if not len(found):
        raise refusal(
            f"nobody bears the number {who} in both worlds",
            allowed="a number that the command lists without --person, with the same --size and --seed",
        )
    return int(found[0])


def _life(world: World, place: int) -> list[Month]:
    months: list[Month] = []
    run(world, lambda lived: months.append(_month(lived, place)))
    return months


def _month(world: World, place: int) -> Month:
    return Month({name: world.rows[name][place].item() for name in (*WHERE, *SEEN)})


def _tipped_by(
    worlds: Sequence[World], places: Sequence[int], ends: tuple[Month, Month]
) -> tuple[tuple[Tipped, ...], bool]:
    """Everything that differs between two worlds before a month, each tried in both directions."""
    one, other = worlds
    changes = {**_beliefs(worlds, places), **_others(worlds), **_policy(worlds)}

    def as_in_baseline(names: Sequence[str]) -> bool:
        return _trial(other, one, places[1], [changes[name] for name in names]).where == ends[0].where

    tipped = tuple(
        Tipped(
            name,
            as_in_baseline([name]),
            _trial(one, other, places[0], [change]).where == ends[1].where,
            _shown(one, name, places[0]),
            _shown(other, name, places[1]),
        )
        for name, change in changes.items()
    )
    return tipped, as_in_baseline(list(changes))


def _trial(world: World, source: World, place: int, changes: Sequence[Change]) -> Month:
    """The end of the next month of a copy of `world` with things taken from `source`."""
    copy = branch(world)
    copy.evenly = None  # for people are changed by more than rules
    for change in changes:
        change(copy, source)
    advance(copy, 1)
    return _month(copy, place)


def _beliefs(worlds: Sequence[World], places: Sequence[int]) -> dict[str, Change]:
    one, other = (world.rows[place] for world, place in zip(worlds, places, strict=True))
    who = int(one["id"])

    def taking(fields: tuple[str, ...]) -> Change:
        def take(to: World, source: World) -> None:
            here, there = (np.flatnonzero(world.rows["id"] == who)[0] for world in (to, source))
            for name in fields:
                to.rows[name][here] = source.rows[name][there]

        return take

    return {
        name: taking(fields)
        for name, fields in BELIEFS.items()
        if any(one[field] != other[field] for field in fields)
    }


def _others(worlds: Sequence[World]) -> dict[str, Change]:
    one, other = worlds
    same_centres = one.removals.shape == other.removals.shape
    if bool(np.all(one.kin == other.kin)) and (
        not same_centres or np.array_equal(one.removals, other.removals)
    ):
        return {}

    def take(to: World, source: World) -> None:
        to.kin[:] = source.kin
        if same_centres:
            to.removals[:] = source.removals

    return {OTHERS: take}


def _policy(worlds: Sequence[World]) -> dict[str, Change]:
    """The levers that differ in the month to be lived, by name."""
    one, other = (world.policy[world.month] for world in worlds)
    columns: dict[str, list[str]] = {}
    for column in worlds[0].policy.dtype.names or ():
        if one[column] != other[column]:
            columns.setdefault(_factor(column), []).append(column)

    def taking(names: list[str]) -> Change:
        def take(to: World, source: World) -> None:
            for name in names:
                to.policy[name][to.month] = source.policy[name][source.month]

        return take

    return {name: taking(names) for name, names in columns.items()}


def _factor(column: str) -> str:
    """Under what name a column of the month's policy is told."""
    if column in LEVERS:
        return column
    return TIMING if column.startswith("information_") else ANNOUNCED


def _shown(world: World, factor: str, place: int) -> float | None:
    if factor in BELIEFS:
        return float(world.rows[BELIEFS[factor][0]][place])
    return float(world.policy[factor][world.month]) if factor in LEVERS else None
