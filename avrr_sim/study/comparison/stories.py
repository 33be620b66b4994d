"""One synthetic person in both worlds, for the page of a comparison: one a policy, chosen by a rule.

The draw is the one whose difference in assisted departures is the middle one of all. Of those who end
otherwise in its first replicate, the first by number is taken who departs assisted in the one world alone
in which more do; of the first few such, one whose month was tipped by something that can be named. Where
nobody does, and where a policy moves a lever of coercion, it is somebody of the most frequent change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from avrr_sim.migrant import ASSISTED
from avrr_sim.story import Build, Story, builders, by_frequency, end_by, fates, story_of
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.summary.coercion import moves_coercion
from avrr_sim.study.summary.telling import story_told

MOST_UNITS = 5000
"""Units that are lived for a story at most: it takes as long as a few runs of them."""
TRIED = 4
"""People of whom it is asked what tipped their lives, until something that can be named is found."""
MEASURE = "assisted_departures"
GAINED, LOST, CHANGED = "gained", "lost", "changed"
"""Departs assisted with the policy alone, in the baseline alone; the most frequent change."""


def stories_of(plan: Plan, draws: pd.DataFrame, jobs: Iterable[tuple[int, int]]) -> list[dict[str, Any]]:
    """For each policy whose people end otherwise: scenario (its key), draw, size, rule (gained, lost or
    changed) and what `telling.story_told` tells. `draws`: the study's table; `jobs`: those that were done.
    """
    done = [draw for draw, replicate in jobs if replicate == 0]
    draws = draws[draws["draw"].isin(done)]
    found = (_story(plan, k, draws) for k in range(1, len(plan.keys)) if plan.alike[k] != 0)
    return [story for story in found if story is not None]


def middle_draw(draws: pd.DataFrame, scenario: str) -> tuple[int, float] | None:
    """(draw, difference in assisted departures) of the draw in the middle of a scenario's; None where no draw
    has one. Of draws that are equal, and of two in the middle, the first.
    """
    own = draws[(draws["scenario"] == scenario) & (draws["measure"] == MEASURE)]
    own = own[np.isfinite(own["difference"].to_numpy())]
    if own.empty:
        return None
    ordered = own.sort_values(["difference", "draw"], kind="stable")
    middle = ordered.iloc[(len(ordered) - 1) // 2]
    return int(middle["draw"]), float(middle["difference"])


def _story(plan: Plan, k: int, draws: pd.DataFrame) -> dict[str, Any] | None:
    """The story of scenario number `k`; None where nobody ends otherwise in its draw."""
    middle = middle_draw(draws, plan.keys[k])
    if middle is None:
        return None
    draw, difference = middle
    scenarios, size = (plan.scenarios[0], plan.scenarios[k]), min(plan.size, MOST_UNITS)
    weights = [plan.weights_of(draw, scenario) for scenario in scenarios]
    baseline, policy = builders(scenarios, weights, (plan.seed, draw, 0), size)
    presses = moves_coercion(*scenarios)
    rule, ids = who_is_told(fates(baseline, policy), 0.0 if presses else difference)
    if not ids:
        return None
    story = _first_told(baseline, policy, ids)
    told = story_told(story, scenarios[0])
    return {"scenario": plan.keys[k], "draw": draw, "size": size, "rule": rule, **told}


def who_is_told(
    differing: tuple[np.ndarray, np.ndarray, np.ndarray], difference: float
) -> tuple[str, list[int]]:
    """(rule, ids in the order in which they are looked at) of those of `story.fates`; `difference`: in
    assisted departures, whose sign says in which direction a life is to differ.
    """
    ids, before, after = differing
    departed = end_by(ASSISTED)
    if difference != 0.0:
        here, there = (after, before) if difference > 0 else (before, after)
        chosen = ids[(here == departed) & (there != departed)]
        if len(chosen):
            return (GAINED if difference > 0 else LOST), [int(each) for each in np.sort(chosen)]
    return CHANGED, by_frequency(ids, before, after)


def _first_told(baseline: Build, policy: Build, ids: Sequence[int]) -> Story:
    """The first story of a few in which one thing was needed; else the first."""
    first: Story | None = None
    for who in ids[:TRIED]:
        story = story_of(baseline, policy, who)
        if any(each.necessary for each in story.tipped):
            return story
        first = first or story
    assert first is not None  # there is somebody
    return first
