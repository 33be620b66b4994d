"""Scenario discovery: where in a table of inputs an outcome happens, as conditions that a sentence can say.

`find_rule` is for rows of chance, such as the draws of a study: of the inputs that go with the outcome it
peels the table by the patient rule induction method (Friedman and Fisher 1999, Statistics and Computing 9),
and believes a condition only if it still tells the outcome apart in units that were held out. Where nothing
holds there, nothing is given. An input that matters only together with another is not found.

`cover` is for rows that are as they are, such as the points of a design: boxes that hold only rows with the
outcome, until a few of them hold most.

*Coverage*: of the rows with the outcome, the share in the box. *Density*: of the rows in the box, the share
with the outcome (Bryant and Lempert 2010, Technological Forecasting and Social Change 77).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

FEWEST_UNITS = 20
"""Independent units below which no rule of chance is looked for."""
HELD_OUT = 3
"""Every how-many-th unit is held out."""
_PEEL = 0.1  # share of the rows that a step takes away, at most
_SMALLEST = 0.1  # share of the rows that a box holds, at least
_WORTH = 0.05  # share of its quality that a condition must bring, or it is left out
_DOUBT = 0.05  # level of the test on what was held out, for all conditions together
_RARE = 0.02  # share of the rows below which an outcome is too rare, or too common, to look for
_DIGITS = 3  # of the ends of a condition, where there are many values
_MANY = 12  # values of an input above which they are many


@dataclass(frozen=True)
class Condition:
    """What a box asks of one input: a number from `low` to `high` (None: no such end), or one of `values`."""

    column: str
    low: float | None = None
    high: float | None = None
    values: tuple[Any, ...] = ()

    def holds(self, inputs: pd.DataFrame) -> np.ndarray:
        """For each row whether it holds: (rows,) bool."""
        given = inputs[self.column]
        if self.values:
            return given.isin(self.values).to_numpy()
        numbers = given.to_numpy(float)
        above = np.ones(len(numbers), bool) if self.low is None else numbers >= self.low
        return above if self.high is None else above & (numbers <= self.high)


@dataclass(frozen=True)
class Rule:
    """A box: all of its `conditions` hold.

    coverage, density: see the module; base: share of all rows with the outcome; mass: share of all rows in
    the box; rows: how many were looked at. Of `find_rule` these are of the held-out units, `units` of them,
    and `doubt` is how often chance alone would tell the outcome apart so well there (p); of `cover`, of all.
    """

    conditions: tuple[Condition, ...]
    coverage: float
    density: float
    base: float
    mass: float
    rows: int
    units: int = 0
    doubt: float = 0.0


def holds(conditions: Iterable[Condition], inputs: pd.DataFrame) -> np.ndarray:
    """For each row whether all conditions hold: (rows,) bool."""
    inside = np.ones(len(inputs), bool)
    for condition in conditions:
        inside &= condition.holds(inputs)
    return inside


def find_rule(inputs: pd.DataFrame, outcome: np.ndarray, units: np.ndarray | None = None) -> Rule | None:
    """The conditions on `inputs` under which an outcome (rows,) bool is much more frequent than elsewhere.

    `units`: (rows,) what each row belongs to, such as its draw: rows of one unit are no independent evidence
    and are held out together; None: each row is a unit. Every third unit is held out, in their order. None
    where there are fewer than FEWEST_UNITS, where the outcome is hardly ever there or hardly ever not, or
    where no condition holds on what was held out. The same rows give the same rule. Raises ValueError where
    lengths differ.
    """
    of = np.arange(len(inputs)) if units is None else np.asarray(units)
    happened = np.asarray(outcome, bool)
    if not len(inputs) == len(happened) == len(of):
        raise ValueError("inputs, outcome and units differ in length")
    names, unit = np.unique(of, return_inverse=True)
    base = happened.mean() if len(happened) else 0.0
    if len(names) < FEWEST_UNITS or not _RARE <= base <= 1 - _RARE:
        return None
    held = unit % HELD_OUT == HELD_OUT - 1
    seen = _screened(inputs[~held].reset_index(drop=True), happened[~held], unit[~held])
    found = _simplified(seen, happened[~held], _peeled(seen, happened[~held]))
    rest, told, whose = inputs[held].reset_index(drop=True), happened[held], unit[held]
    kept = _confirmed(rest, told, whose, found)
    doubt = _doubt(holds(kept, rest), told, whose) if kept else 1.0
    if not kept or doubt > _DOUBT:
        return None
    return replace(_measured(kept, rest, told), units=len(np.unique(whose)), doubt=doubt)


def cover(inputs: pd.DataFrame, outcome: np.ndarray, most: int = 3) -> list[Rule]:
    """Boxes that hold only rows with the outcome, the one that holds most of them first, at most `most`; each
    adds rows that those before it do not hold. A rule without conditions: all rows have the outcome.
    """
    happened = np.asarray(outcome, bool)
    columns = [_Column.of(inputs[name]) for name in inputs]
    left, rules = happened.copy(), list[Rule]()
    while left.any() and len(rules) < most:
        seeds = np.flatnonzero(left)[:_SEEDS]
        boxes = [_grown(columns, happened, left, seed) for seed in seeds]
        best = max(boxes, key=lambda box: int((_inside(columns, box) & left).sum()))
        conditions = _conditions(columns, best)
        rules.append(_measured(conditions, inputs, happened))
        left &= ~holds(conditions, inputs)
    return rules


_SEEDS = 100  # rows from which a box is grown


def _measured(conditions: tuple[Condition, ...], inputs: pd.DataFrame, happened: np.ndarray) -> Rule:
    inside = holds(conditions, inputs)
    both, there = int((inside & happened).sum()), int(happened.sum())
    return Rule(
        conditions,
        both / there if there else 0.0,
        both / int(inside.sum()) if inside.any() else 0.0,
        float(happened.mean()),
        float(inside.mean()),
        len(happened),
    )


@dataclass(frozen=True)
class _Column:
    """One input as steps: `code` (rows,), the smallest and largest value of each step, whether they have an
    order.
    """

    name: str
    code: np.ndarray
    low: tuple[Any, ...]
    high: tuple[Any, ...]
    number: bool

    @classmethod
    def of(cls, given: pd.Series, most: int = _MANY) -> _Column:
        number = pd.api.types.is_numeric_dtype(given)
        if not number:
            words, code = np.unique(given.astype(str).to_numpy(), return_inverse=True)
            return cls(str(given.name), code, tuple(words), tuple(words), False)
        values, code = np.unique(given.to_numpy(float), return_inverse=True)
        if len(values) > most:
            edges = np.quantile(given.to_numpy(float), np.linspace(0, 1, most + 1))
            step = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, most - 1)
            steps, step = np.unique(step, return_inverse=True)
            spans = [values[step == i] for i in range(len(steps))]
            return cls(
                str(given.name), step[code], tuple(s[0] for s in spans), tuple(s[-1] for s in spans), True
            )
        return cls(str(given.name), code, tuple(values), tuple(values), True)


_Box = list[np.ndarray]
"""For every column which of its steps are in the box."""


def _inside(columns: Sequence[_Column], box: _Box) -> np.ndarray:
    inside = np.ones(len(columns[0].code), bool)
    for column, kept in zip(columns, box, strict=True):
        inside &= kept[column.code]
    return inside


def _conditions(columns: Sequence[_Column], box: _Box) -> tuple[Condition, ...]:
    """What a box asks, of the inputs on which it asks anything."""
    found = []
    for column, kept in zip(columns, box, strict=True):
        if kept.all():
            continue
        steps = np.flatnonzero(kept)
        if not column.number:
            found.append(Condition(column.name, values=tuple(column.low[i] for i in steps)))
            continue
        low = None if kept[0] else float(column.low[steps[0]])
        high = None if kept[-1] else float(column.high[steps[-1]])
        found.append(Condition(column.name, low, high))
    return tuple(found)


def _grown(columns: Sequence[_Column], happened: np.ndarray, left: np.ndarray, seed: int) -> _Box:
    """The box around one row that grows, step by step, by what adds most rows that are `left`, while it holds
    none without the outcome.
    """
    box = [np.arange(len(column.low)) == column.code[seed] for column in columns]
    inside = _inside(columns, box)
    while True:
        best: tuple[int, int, np.ndarray, np.ndarray] | None = None
        for i, column in enumerate(columns):
            for step in _next_steps(column, box[i]):
                kept = box[i].copy()
                kept[step] = True
                larger = _inside(columns, [*box[:i], kept, *box[i + 1 :]])
                if (larger & ~happened).any():
                    continue
                gain = int((larger & left).sum()) - int((inside & left).sum())
                if best is None or gain > best[0]:
                    best = (gain, i, kept, larger)
        if best is None:
            return box
        _, i, box[i], inside = best


def _next_steps(column: _Column, kept: np.ndarray) -> list[int]:
    """Steps by which a box may grow along one input: the neighbours of an interval, any of words."""
    steps = np.flatnonzero(kept)
    if not column.number:
        return np.flatnonzero(~kept).tolist()
    return [i for i in (int(steps[0]) - 1, int(steps[-1]) + 1) if 0 <= i < len(kept)]


def _screened(inputs: pd.DataFrame, happened: np.ndarray, unit: np.ndarray) -> pd.DataFrame:
    """The inputs that go with the outcome by themselves, up or down, more than one of them all would by
    chance: among a hundred that do not matter, peeling finds its way to nowhere.
    """
    kept = []
    for name in inputs:
        column = _Column.of(inputs[name])
        steps = [column.code.astype(float)]
        if not column.number:
            steps = [(column.code == i).astype(float) for i in range(len(column.low))]
        doubts = [_doubt(sign * step, happened, unit) for step in steps for sign in (1.0, -1.0)]
        if 2 * min(doubts, default=1.0) <= 1.0 / len(inputs.columns):
            kept.append(name)
    return inputs[kept]


def _peeled(inputs: pd.DataFrame, happened: np.ndarray) -> tuple[Condition, ...]:
    """The best box on the way down: a step at a time that end of an input goes whose going raises the density
    most a row.
    """
    columns = [_Column.of(inputs[name], 200) for name in inputs]
    columns = [column for column in columns if len(column.low) > 1]
    if not columns:
        return ()
    box = [np.ones(len(column.low), bool) for column in columns]
    best, quality = [kept.copy() for kept in box], 0.0
    while True:
        inside = _inside(columns, box)
        step = _best_peel(columns, box, inside, happened)
        if step is None:
            return _rounded(_conditions(columns, best), inputs)
        i, kept = step
        box[i] = kept
        here = _quality(_inside(columns, box), happened)
        if here > quality:
            best, quality = [kept.copy() for kept in box], here


def _best_peel(
    columns: Sequence[_Column], box: _Box, inside: np.ndarray, happened: np.ndarray
) -> tuple[int, np.ndarray] | None:
    """(number of the column, its steps that stay) of the best peel; None where none raises the density or too
    few rows would stay.
    """
    count, hits = int(inside.sum()), int((inside & happened).sum())
    density, room = hits / count, count - max(2, int(_SMALLEST * len(inside)))
    best, found = 0.0, None
    for i, column in enumerate(columns):
        size = len(column.low)
        many = np.bincount(column.code[inside], minlength=size)
        good = np.bincount(column.code[inside & happened], minlength=size)
        for gone in _ends(column, box[i], many, count):
            away = int(many[gone].sum())
            if not 0 < away <= room:
                continue
            gain = ((hits - int(good[gone].sum())) / (count - away) - density) / away
            if gain > best:
                best, found = gain, (i, box[i] & ~gone)
    return found


def _ends(column: _Column, kept: np.ndarray, many: np.ndarray, count: int) -> list[np.ndarray]:
    """Which steps may go at once: from either end as many as hold a share of the rows, one at the least; of
    words, any one.
    """
    there = np.flatnonzero(kept & (many > 0))
    if len(there) < 2:
        return []
    size = len(kept)
    if not column.number:
        return [np.arange(size) == i for i in there]
    share = max(1, int(_PEEL * count))
    up, down = np.cumsum(many[there]), np.cumsum(many[there][::-1])
    first = max(1, int(np.searchsorted(up, share, side="right")))
    last = max(1, int(np.searchsorted(down, share, side="right")))
    steps = np.arange(size)
    return [steps <= there[first - 1], steps >= there[len(there) - last]]


def _quality(inside: np.ndarray, happened: np.ndarray) -> float:
    """How much a box says: its mass times what its density is above that of all (weighted relative
    accuracy).
    """
    if not inside.any():
        return 0.0
    return float(inside.mean() * (happened[inside].mean() - happened.mean()))


def _rounded(conditions: tuple[Condition, ...], inputs: pd.DataFrame) -> tuple[Condition, ...]:
    """Ends of many values in few digits, so that what is said is what was tried."""

    def short(end: float | None) -> float | None:
        return None if end is None else float(f"{end:.{_DIGITS}g}")

    return tuple(
        each
        if each.values or inputs[each.column].nunique() <= _MANY
        else replace(each, low=short(each.low), high=short(each.high))
        for each in conditions
    )


def _simplified(
    inputs: pd.DataFrame, happened: np.ndarray, conditions: tuple[Condition, ...]
) -> tuple[Condition, ...]:
    """The conditions without those that hardly bring anything, the least of them first."""
    while len(conditions) > 1:
        whole = _quality(holds(conditions, inputs), happened)
        fewer = [tuple(c for c in conditions if c is not each) for each in conditions]
        worths = [whole - _quality(holds(some, inputs), happened) for some in fewer]
        least = int(np.argmin(worths))
        if worths[least] > _WORTH * whole:
            break
        conditions = fewer[least]
    return conditions


def _confirmed(
    inputs: pd.DataFrame, happened: np.ndarray, unit: np.ndarray, conditions: tuple[Condition, ...]
) -> tuple[Condition, ...]:
    """The conditions that each tell the outcome apart among held-out rows on which the others hold; the most
    doubtful goes first. The level is shared by all that were tried.
    """
    level = _DOUBT / max(1, len(conditions))
    while conditions:
        doubts = []
        for each in conditions:
            others = holds((c for c in conditions if c is not each), inputs)
            inside = each.holds(inputs)
            doubts.append(_doubt(inside[others], happened[others], unit[others]))
        worst = int(np.argmax(doubts))
        if doubts[worst] <= level:
            break
        conditions = tuple(c for i, c in enumerate(conditions) if i != worst)
    return conditions


def _doubt(measured: np.ndarray, happened: np.ndarray, unit: np.ndarray) -> float:
    """How often chance alone makes an outcome so much more frequent where `measured` (rows,) is large, or
    holds (p, one-sided): Student's t of the units' shares in the covariance of the two; 1 where nothing can
    be told.
    """
    from scipy.special import stdtr

    if len(measured) == 0 or measured.min() == measured.max():
        return 1.0
    parts = (measured - measured.mean()) * (happened - happened.mean())
    _, place = np.unique(unit, return_inverse=True)
    each = np.bincount(place, parts)
    spread = float(np.std(each, ddof=1)) if len(each) > 2 else 0.0
    if spread == 0.0:
        return 1.0
    return float(stdtr(len(each) - 1, -float(each.mean()) / (spread / np.sqrt(len(each)))))
