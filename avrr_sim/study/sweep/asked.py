"""What an experiment asks of its points: at which of them is a measure above, or below, some mark, and with
what chance?

The chance is over draws of the weights: the share of the draws in which it is so. Draws are few, so it has a
Monte Carlo error; below FEW_DRAWS it is worked out, and no answer is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from avrr_sim.measured import ALL
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.run_table import Label, RunTable
from avrr_sim.study.summary.coercion import moves_coercion
from avrr_sim.study.summary.effects import MONEY
from avrr_sim.study.summary.statistics import by_draw, paired
from avrr_sim.study.sweep.against import SWEPT, against_by_draw

SIDES = ("above", "below")
FEW_DRAWS = 20
"""Draws below which a chance is not to be used."""
HALF = 0.5
"""The chance from which on a point counts as one where it is so."""
COLUMNS = (
    *("scenario", "question", "group_by", "group", "measure", "side", "mark", "difference"),
    *("draws", "chance", "chance_error", "suppressed"),
)
"""Columns of `chances_of`."""


@dataclass(frozen=True)
class Ask:
    """One question: is `measure`, or its difference from the baseline, on this side (of SIDES) of `mark`?"""

    measure: str
    side: str
    mark: float
    difference: bool = False

    def told(self) -> dict[str, Any]:
        """The question as plain values."""
        return asdict(self)

    def met(self, values: np.ndarray) -> np.ndarray:
        """Where values meet it; False where they are unknown."""
        with np.errstate(invalid="ignore"):
            return values > self.mark if self.side == "above" else values < self.mark


def values_by_draw(ask: Ask, plan: Plan, runs: RunTable) -> tuple[list[Label], np.ndarray]:
    """(labels, what a question is about: (scenarios, labels, draws)); NaN where a run failed or it means
    nothing. `runs`: of all that the question's measure needs.
    """
    if ask.measure in SWEPT:
        return [(ALL, ALL, ask.measure)], against_by_draw(plan, runs, ask.measure)[:, None]
    places = [i for i, label in enumerate(runs.labels) if label[2] == ask.measure]
    values = runs["value"][:, places]
    means = by_draw(paired(values, values[:1]) if ask.difference else values)
    return [runs.labels[i] for i in places], means


def _error(met: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Monte Carlo error of a share: the standard deviation of what may lie behind it (Jeffreys' prior), which
    is not 0 where all draws agree.
    """
    share = (met + 0.5) / (known + 1.0)
    return np.sqrt(share * (1.0 - share) / (known + 2.0))


def chances_of(number: int, ask: Ask, plan: Plan, runs: RunTable) -> pd.DataFrame:
    """The chance of a question, the `number`-th, at every point: a row a scenario and group.

    scenario, question, group_by, group, measure, side, mark, difference; draws: those in which it is known;
    chance, chance_error: share of these in which it is so and its Monte Carlo error; suppressed: whether the
    cell is too small to show. The baseline has no row where the question is of a difference, nor has a point
    that moves coercion where it is of money.
    """
    labels, values = values_by_draw(ask, plan, runs)
    known, met = (~np.isnan(values)).sum(-1), (ask.met(values)).sum(-1)
    cell = _cells(ask, plan, runs, labels)
    share = np.divide(met, known, out=np.full(met.shape, np.nan), where=known > 0)
    error = np.where(known > 0, _error(met, known), np.nan)
    first = 1 if ask.difference or ask.measure in SWEPT else 0
    frames = []
    for k in range(first, len(plan.keys)):
        if ask.measure in MONEY and moves_coercion(plan.scenarios[0], plan.scenarios[k]):
            continue
        few = cell[k] < plan.scenarios[k].minimum_cell
        frames.append(
            pd.DataFrame(
                {
                    "scenario": plan.keys[k],
                    "question": number,
                    "group_by": [label[0] for label in labels],
                    "group": [label[1] for label in labels],
                    **ask.told(),
                    "draws": known[k],
                    "chance": np.where(few, np.nan, share[k]),
                    "chance_error": np.where(few, np.nan, error[k]),
                    "suppressed": few,
                }
            )
        )
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(COLUMNS))


def _cells(ask: Ask, plan: Plan, runs: RunTable, labels: Sequence[Label]) -> np.ndarray:
    """Denominators by scenario and label; of a difference the smaller of the two."""
    if ask.measure in SWEPT:
        return np.full((len(plan.keys), 1), float(plan.size))
    places = [runs.labels.index(label) for label in labels]
    cells = np.nan_to_num(np.nanmedian(runs["cell"][:, places], axis=(-2, -1)))
    return np.minimum(cells, cells[:1]) if ask.difference else cells
