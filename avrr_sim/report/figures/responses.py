"""Pictures of a sweep: the chances of its questions, response curves with bands, heat maps over two factors,
small multiples by group; each with its numbers as CSV.

Where a factor is a lever of coercion, pictures are grey, of one hue, and say why: nothing may look like the
better choice.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from avrr_sim.report.figures import style
from avrr_sim.report.figures.chances import draw_chance
from avrr_sim.report.figures.heat_map import draw_heat_map
from avrr_sim.report.figures.multiples import draw_multiples
from avrr_sim.report.figures.response_curves import draw_responses, draw_scatters
from avrr_sim.report.figures.sweep_layout import on_grid, points_of
from avrr_sim.study.summary.contract import SweepTables

MOST_MEASURES = 4  # pictured; the tables hold all
MOST_BY_GROUP = 2  # pictured for every grouping


def draw_sweep(folder: Path, sweep: SweepTables) -> list[style.Figure]:
    """Write every picture that a sweep's tables allow into `folder` as SVG and CSV: of its questions, then of
    the first measures, then by group.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table = sweep.table.replace([np.inf, -np.inf], np.nan)
    whole = table[table["group_by"] == "all"]
    found = [
        figure for number in range(1, len(sweep.answers) + 1) for figure in draw_chance(folder, sweep, number)
    ]
    for measure in pictured(sweep):
        found += _draw_measure(folder, sweep, whole[whole["measure"] == measure], measure)
    for by in [] if sweep.sampled else sweep.read_by:
        own = table[table["group_by"] == by]
        for measure in [m for m in sweep.measures if m in set(own["measure"])][:MOST_BY_GROUP]:
            mine = own[own["measure"] == measure]
            if on_grid(sweep, mine[mine["group"] == mine["group"].iloc[0]]):
                found += draw_multiples(folder, sweep, mine, measure, by)
    return found


def pictured(sweep: SweepTables) -> list[str]:
    """The measures that are drawn: the first that have anything to show, and those that are asked about."""
    whole = sweep.table[(sweep.table["group_by"] == "all") & (sweep.table["scenario"] != "baseline")]
    known = whole[["value", "difference"]].replace([np.inf, -np.inf], np.nan).notna().any(axis=1)
    told = set(whole.loc[known, "measure"])
    shown = [measure for measure in sweep.measures if measure in told]
    asked = {answer["measure"] for answer in sweep.answers}
    return [m for number, m in enumerate(shown) if number < MOST_MEASURES or m in asked]


def _draw_measure(folder: Path, sweep: SweepTables, rows: pd.DataFrame, measure: str) -> list[style.Figure]:
    """Dots where points do not stand on a grid; else curves, and heat maps over two factors."""
    if not on_grid(sweep, rows):
        return draw_scatters(folder, sweep, rows, measure)
    found = draw_responses(folder, sweep, rows, measure)
    if len(sweep.factors) > 1 and points_of(rows)["difference"].notna().any():
        found.append(draw_heat_map(folder, sweep, rows, measure))
    return found
