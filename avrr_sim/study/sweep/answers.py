"""From the chances of a question to its answer: at which points it is so with a chance of at least one half,
as conditions on the factors; and on which factors and weights it depends, draw by draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from avrr_sim.evidence import load_evidence
from avrr_sim.measured import ALL
from avrr_sim.programme import all_unknowns
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.run_table import RunTable
from avrr_sim.study.summary.discovery import Condition, Rule, cover, find_rule, holds
from avrr_sim.study.summary.statistics import mean_of
from avrr_sim.study.sweep.asked import FEW_DRAWS, HALF, Ask, values_by_draw

MOST_ROWS = 60_000
"""Points times draws among which conditions are looked for; of more, points are taken at even distances."""
_WEIGHT = "weight "  # before the name of a weight among the inputs, where a factor may have the same name


def answer_of(
    ask: Ask, chances: pd.DataFrame, points: pd.DataFrame, plan: Plan, runs: RunTable, factors: Sequence[str]
) -> dict[str, Any]:
    """The answer to one question, as plain values.

    The question (measure, side, mark, difference); draws; enough: whether these are enough to answer; points:
    those at which the chance is known; yes: those where it is at least one half; open: those whose chance
    lies within two Monte Carlo errors of one half; smallest, largest: ends of the chance over the points;
    means: the smallest and the largest mean over draws, None where none is known; rules: conditions on the
    factors that cover those that say yes; covered: how many of them; found: conditions on factors and weights
    under which it is so more often, None where none held on draws that were held out; baseline: the chance at
    the baseline (None: none). `points`: as of `point_table`.
    """
    whole = chances[(chances["group_by"] == ALL) & chances["chance"].notna()]
    here = whole[whole["scenario"] != "baseline"]
    base = whole.loc[whole["scenario"] == "baseline", "chance"]
    enough = plan.draws >= FEW_DRAWS and plan.weights != "central"
    yes = (here["chance"] >= HALF).to_numpy()
    unsure = (here["chance"] - HALF).abs() <= 2 * here["chance_error"]
    set_as = points.set_index("scenario").loc[here["scenario"], list(factors)].reset_index(drop=True)
    rules = cover(set_as, yes) if enough and len(here) else []
    covered = sum((holds(rule.conditions, set_as) for rule in rules), np.zeros(len(yes), bool))
    labels, values = values_by_draw(ask, plan, runs)
    means = _finite_mean(values[1:, labels.index((ALL, ALL, ask.measure))])
    return {
        **ask.told(),
        "draws": plan.draws,
        "enough": enough,
        "points": len(here),
        "yes": int(yes.sum()),
        "open": int(unsure.sum()),
        "covered": int((covered & yes).sum()),
        "smallest": float(here["chance"].min()) if len(here) else None,
        "largest": float(here["chance"].max()) if len(here) else None,
        "means": [float(np.nanmin(means)), float(np.nanmax(means))] if np.isfinite(means).any() else None,
        "baseline": float(base.iloc[0]) if len(base) else None,
        "rules": [_rule(rule) for rule in rules],
        "found": _found(ask, points, plan, runs, factors) if enough and len(here) else None,
    }


def _finite_mean(values: np.ndarray) -> np.ndarray:
    """Mean over draws, NaN where any is infinite or none is known: (scenarios, draws) -> (scenarios,)."""
    means = mean_of(values[..., None])
    return np.where(np.isfinite(means), means, np.nan)


def _found(
    ask: Ask, points: pd.DataFrame, plan: Plan, runs: RunTable, factors: Sequence[str]
) -> dict[str, Any] | None:
    """What find_rule finds over every distinct point and draw."""
    labels, values = values_by_draw(ask, plan, runs)
    values = values[:, labels.index((ALL, ALL, ask.measure))]
    distinct = [k for k in plan.distinct if k or not ask.difference]
    step = -(-len(distinct) * plan.draws // MOST_ROWS)
    chosen = distinct[::step]
    number = np.repeat(np.arange(plan.draws), len(chosen))
    set_as = points[list(factors)].iloc[np.tile(chosen, plan.draws)].reset_index(drop=True)
    drawn = _weights(plan, factors)
    inputs = pd.concat([set_as, drawn.iloc[number].reset_index(drop=True)], axis=1)
    each = values[chosen].T.ravel()  # point by point within a draw, as the rows of the inputs
    known = ~np.isnan(each)
    fitted = plan.rows_of(range(plan.draws))
    rule = find_rule(
        inputs[known].reset_index(drop=True), ask.met(each)[known], fitted[number][known]
    )  # draws of the same fitted weights are held out together
    return None if rule is None else _rule(rule, drawn)


def _weights(plan: Plan, factors: Sequence[str]) -> pd.DataFrame:
    """The weights of every draw that differ between draws and that no factor sets, a column each."""
    table = pd.DataFrame([plan.weights_of(draw, plan.scenarios[0]) for draw in range(plan.draws)])
    kept = [name for name in table.columns if table[name].nunique() > 1 and f"weights.{name}" not in factors]
    return table[kept].add_prefix(_WEIGHT)


def _rule(rule: Rule, drawn: pd.DataFrame | None = None) -> dict[str, Any]:
    """A rule as plain values; of a condition on a weight with its name, meaning, and share of the draws."""
    return {**asdict(rule), "conditions": [_condition(each, drawn) for each in rule.conditions]}


def _condition(condition: Condition, drawn: pd.DataFrame | None) -> dict[str, Any]:
    told = {**asdict(condition), "values": list(condition.values)}
    if drawn is None or condition.column not in drawn:
        return told
    name = condition.column.removeprefix(_WEIGHT)
    known = {**load_evidence(), **all_unknowns()}
    return {
        **told,
        "column": name,
        "meaning": known[name].meaning if name in known else name,
        "unit": known[name].unit if name in known else "",
        "share": float(condition.holds(drawn).mean()),
    }
