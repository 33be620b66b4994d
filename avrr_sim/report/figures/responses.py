"""Pictures of a sweep: response curves with bands, heat maps over two factors, small multiples by group; each
with its numbers as CSV.

Where a factor is a lever of coercion, pictures are grey, of one hue, and say why: nothing may look like the
better choice.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from avrr_sim.report.figures import style
from avrr_sim.report.figures.heat_map import draw_heat_map
from avrr_sim.report.figures.multiples import draw_multiples
from avrr_sim.report.figures.response_curves import draw_response, draw_scatter
from avrr_sim.report.figures.sweep_layout import on_grid, points_of
from avrr_sim.study.summary.contract import SweepTables

MOST_MEASURES = 4  # pictured; the tables hold all
MOST_BY_GROUP = 2  # pictured for every grouping


def draw_sweep(folder: Path, sweep: SweepTables) -> list[style.Figure]:
    """Write every picture that a sweep's table allows into `folder` as SVG and CSV; the first measures
    only.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table = sweep.table.replace([np.inf, -np.inf], np.nan)
    whole = table[table["group_by"] == "all"]
    points = points_of(whole)
    told = set(points.loc[points["difference"].notna(), "measure"])
    # empty pictures only where all would be
    measures = [m for m in sweep.measures if m in (told or set(whole["measure"]))][:MOST_MEASURES]
    found = []
    for measure in measures:
        found += _draw_measure(folder, sweep, whole[whole["measure"] == measure], measure)
    for by in [] if sweep.sampled else sweep.read_by:
        own = table[table["group_by"] == by]
        for measure in [m for m in sweep.measures if m in set(own["measure"])][:MOST_BY_GROUP]:
            found.append(draw_multiples(folder, sweep, own[own["measure"] == measure], measure, by))
    return found


def _draw_measure(folder: Path, sweep: SweepTables, rows: pd.DataFrame, measure: str) -> list[style.Figure]:
    """Dots where points are spread over ranges; else curves, and a heat map over two factors."""
    if (sweep.sampled or sweep.rows) and not on_grid(sweep, rows):
        return [draw_scatter(folder, sweep, rows, measure)]
    found = [draw_response(folder, sweep, rows, measure)]
    if len(sweep.factors) == 2 and on_grid(sweep, rows):
        found.append(draw_heat_map(folder, sweep, rows, measure))
    return found
