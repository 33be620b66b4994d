"""The table `tipping`: for every pair of policies the weights on which the sign of a difference turns, and
those that the difference varies with. What is found, and what is not told, `regions` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from avrr_sim.evidence import Weight, load_evidence
from avrr_sim.hypotheses import MIXTURE, under
from avrr_sim.measured import ALL
from avrr_sim.programme import unknowns_of
from avrr_sim.scenario import Scenario
from avrr_sim.study.answers.regions import (
    FEWEST,
    Draws,
    Tip,
    Variation,
    find_tip,
    find_variation,
    luck,
    plain_ranks,
    signed_ranks,
)
from avrr_sim.study.jobs.conditions import TOLD
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.run_table import RunTable
from avrr_sim.study.summary.coercion import moves_coercion
from avrr_sim.study.summary.sensitivity import scored
from avrr_sim.study.summary.statistics import by_draw, paired
from avrr_sim.study.summary.tables import framed

SIGN, SIZE = "sign", "size"
"""Kinds of rows: the sign of a difference turns, or its size varies."""


class _Question(NamedTuple):
    """One difference: of scenario number `k` from number `against`, of a measure, (draws,)."""

    k: int
    against: int
    measure: str
    difference: np.ndarray


def tipping_of(plan: Plan, runs: RunTable, draws: Sequence[int], choices: bool = True) -> pd.DataFrame:
    """The table; empty where weights are not drawn, or different draws are fewer than `FEWEST`.

    runs: the measures of all runs; draws: those of which some job finished; choices: whether scenarios are
    set against one another too (see `pairs_of`). Of draws with the same fitted weights only the first counts.
    """
    rows = plan.rows_of(draws)
    kept = np.sort(np.unique(rows, return_index=True)[1])
    if plan.weights == "central" or len(kept) < FEWEST:
        return framed("tipping")
    asked = list(_questions(plan, runs, kept, pairs_of(plan, choices)))
    if not asked:
        return framed("tipping")
    weights = _Weights(plan, [draws[i] for i in kept])
    told = {pair: weights.of(*pair) for pair in dict.fromkeys((q.k, q.against) for q in asked)}
    tasks = [(found.scores, _outcomes(asked, pair)) for pair, found in told.items()]
    least = luck(tasks)
    return framed("tipping", [row for q in asked for row in weights.rows(q, told[q.k, q.against], least)])


def _outcomes(asked: Sequence[_Question], pair: tuple[int, int]) -> np.ndarray:
    """What the weights of a pair of scenarios are correlated with: (draws, differences)."""
    own = [q.difference for q in asked if (q.k, q.against) == pair]
    return np.array([ranks(difference) for difference in own for ranks in (signed_ranks, plain_ranks)]).T


def pairs_of(plan: Plan, choices: bool = True) -> list[tuple[int, int]]:
    """(scenario, what it is set against) by number: each scenario against the baseline, then, with `choices`,
    each against those after it. Those that move coercion stand beside the baseline alone, for they are never
    set against a choice; and what runs alike is not compared.
    """
    first, different = plan.scenarios[0], [k for k in plan.distinct if k]
    chosen = [k for k in different if choices and not moves_coercion(first, plan.scenarios[k])]
    return [(k, 0) for k in different] + list(combinations(chosen, 2))


def _questions(
    plan: Plan, runs: RunTable, kept: np.ndarray, pairs: Sequence[tuple[int, int]]
) -> Iterator[_Question]:
    there = {measure for by, _, measure in runs.labels if by == ALL}
    for measure in (m for m in TOLD if m in there):
        values = by_draw(runs.of("value", group_by=ALL, measure=measure)[:, 0])[:, kept]
        cells = np.nanmedian(runs.of("cell", group_by=ALL, measure=measure)[:, 0], axis=(-2, -1))
        for k, against in pairs:
            if min(cells[k], cells[against]) < plan.scenarios[0].minimum_cell:
                continue
            difference = paired(values[k], values[against])
            if np.nan_to_num(difference).any():
                yield _Question(k, against, measure, difference)


class _Weights:
    """The weights of a plan's draws, for pairs of its scenarios."""

    def __init__(self, plan: Plan, draws: Sequence[int]) -> None:
        self.plan = plan
        self._known: dict[str, Weight] = {
            **load_evidence(),
            **unknowns_of(each for s in plan.scenarios for each in s.programmes),
        }
        self._drawn = [plan.weights_of(draw, None) for draw in draws]

    def of(self, k: int, against: int) -> Draws:
        """Those that vary in a pair, under the hypothesis that both share."""
        pair = self.plan.scenarios[k], self.plan.scenarios[against]
        shared = pair[0].hypothesis if pair[0].hypothesis == pair[1].hypothesis else MIXTURE
        drawn = [under(shared, row) for row in self._drawn]
        free = [name for name in self._known if not all(name in s.weights for s in pair)]
        free = [name for name in free if _belongs(name, pair)]
        values = np.array([[row[name] for name in free] for row in drawn])
        scores = np.column_stack([scored(self._known[name], values[:, i]) for i, name in enumerate(free)])
        varies = np.flatnonzero(scores.any(axis=0))
        return Draws([free[i] for i in varies], values[:, varies], scores[:, varies])

    def rows(self, question: _Question, draws: Draws, least: float) -> Iterator[dict[str, Any]]:
        """What is told of one difference."""
        keys, k, against, measure = self.plan.keys, *question[:3]
        head = {"scenario": keys[k], "against": keys[against], "measure": measure, "luck": least}
        if (tip := find_tip(draws, question.difference, least)) is not None:
            yield {**head, "kind": SIGN, "place": 1, **self._tip(draws, tip)}
        for place, found in enumerate(find_variation(draws, question.difference, least), 1):
            yield {**head, "kind": SIZE, "place": place, **self._variation(draws, found)}

    def _tip(self, draws: Draws, tip: Tip) -> dict[str, Any]:
        row = {**self._named(draws, tip.weight), **tip._asdict()}
        moved = self._named(draws, tip.second, "second") if tip.second >= 0 else {"second": ""}
        return row | self._named(draws, tip.weight) | moved

    def _variation(self, draws: Draws, found: Variation) -> dict[str, Any]:
        return found._asdict() | self._named(draws, found.weight)

    def _named(self, draws: Draws, weight: int, which: str = "weight") -> dict[str, str]:
        """A weight by name, and what a reader is told of it."""
        name, end = draws.names[weight], "" if which == "weight" else f"{which}_"
        known = self._known[name]
        return {which: name, f"{end}meaning": known.meaning, f"{end}unit": known.unit}


def _belongs(name: str, pair: Sequence[Scenario]) -> bool:
    """Whether a weight, which may be an unknown amount of a programme, has a part in a pair of scenarios."""
    programme = name.partition(".")[0] if "." in name else ""
    return not programme or any(programme == each.key for s in pair for each in s.programmes)
