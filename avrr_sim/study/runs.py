"""One job of a study: all scenarios on the same people, the same weights and the same chance; and its rows for the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from avrr_sim.dates import month_text
from avrr_sim.migrant import CLOSINGS, OUTCOMES, STAGES
from avrr_sim.outcomes import Outcomes
from avrr_sim.simulate import simulate
from avrr_sim.study.plan import Plan

CURVES = ("returns", "assisted", "unassisted", "removed")
"""Cumulative curves that comparisons need, persons on the national scale."""


@dataclass(frozen=True)
class JobResult:
    """What is kept of one (draw, replicate): by scenario, measures and cells in the order of `labels`, monthly series, endings, flows.

    curves: {name: (months,)}; cost: total of the window, currency; flows: (outcomes baseline, outcomes here) units.
    """

    draw: int
    replicate: int
    labels: list[tuple[str, str, str]]
    values: list[np.ndarray]
    cells: list[np.ndarray]
    monthly: list[dict[str, np.ndarray]]
    endings: list[np.ndarray]
    flows: list[np.ndarray]
    curves: list[dict[str, np.ndarray]]
    costs: list[float]
    scale: float


def flows_of(baseline: Outcomes, here: Outcomes) -> np.ndarray:
    """Units by outcome in the baseline (rows) and here (columns), of the people who exist in both."""
    _, ours, theirs = np.intersect1d(baseline.ids, here.ids, assume_unique=True, return_indices=True)
    table = np.zeros((len(OUTCOMES), len(OUTCOMES)), np.int64)
    np.add.at(table, (baseline.ends[ours], here.ends[theirs]), 1)
    return table


def run_job(plan: Plan, job: tuple[int, int]) -> JobResult:
    """Simulate every scenario of a plan for one (draw, replicate)."""
    draw, replicate = job
    outcomes = [simulate(s, plan.weights_of(draw, s), plan.seed, plan.engine, draw=draw, replicate=replicate, size=plan.size) for s in plan.scenarios]
    tables = [{row[:3]: row[3:] for row in o.measures()} for o in outcomes]
    labels = sorted(set().union(*tables))
    gap = (float("nan"), 0.0)
    return JobResult(
        draw, replicate, labels,
        [np.array([t.get(label, gap)[0] for label in labels]) for t in tables], [np.array([t.get(label, gap)[1] for label in labels]) for t in tables],
        [o.monthly() for o in outcomes], [o.endings for o in outcomes], [flows_of(outcomes[0], o) for o in outcomes],
        [{"returns": o.returns(), **{name: np.cumsum(o.flow(name)) for name in CURVES[1:]}} for o in outcomes],
        [o.cost() for o in outcomes], outcomes[0].scale)


def _long(pairs: list[tuple[dict, dict]]) -> pd.DataFrame:
    """Stack (constant columns, array columns) into one table."""
    return pd.concat([pd.DataFrame({**{k: [v] * len(next(iter(arrays.values()))) for k, v in constant.items()}, **arrays})
                      for constant, arrays in pairs], ignore_index=True)


def chunk_tables(plan: Plan, results: Sequence[JobResult]) -> dict[str, pd.DataFrame]:
    """The rows of a chunk for every table of the store, in the order of runs."""
    first = plan.scenarios[0]
    months = np.array([month_text(m) for m in range(first.window_from, first.window_to + 1)])
    stages, closings = np.repeat(STAGES, len(CLOSINGS)), np.tile(CLOSINGS, len(STAGES))
    before, after = np.repeat(OUTCOMES, len(OUTCOMES)), np.tile(OUTCOMES, len(OUTCOMES))
    runs, series, endings, flows = [], [], [], []
    for r in results:
        by, group, measure = (np.array(column, dtype=object) for column in zip(*r.labels, strict=True))
        for k, key in enumerate(plan.keys):
            head = {"scenario": key, "draw": r.draw, "replicate": r.replicate}
            runs.append((head, {"group_by": by, "group": group, "measure": measure, "value": r.values[k], "cell": r.cells[k]}))
            names, lines = list(r.monthly[k]), list(r.monthly[k].values())
            series.append((head, {"month": np.tile(months, len(names)), "measure": np.repeat(names, len(months)), "value": np.concatenate(lines)}))
            endings.append((head, {"stage": stages, "closing": closings, "count": r.endings[k].ravel()}))
            flows.append((head, {"baseline_outcome": before, "outcome": after, "units": r.flows[k].ravel()}))
    return {"runs": _long(runs), "series": _long(series), "endings": _long(endings), "flows": _long(flows)}
