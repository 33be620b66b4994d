"""Small multiples of a sweep: response curves by group."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure as Canvas

from avrr_sim.report.figures import style
from avrr_sim.report.figures.layout import across_of, grid_of
from avrr_sim.report.figures.response_curves import (
    Drawn,
    Look,
    draw_curve,
    keys_of,
    line_keys,
    looks_of,
)
from avrr_sim.report.figures.sweep_layout import (
    Roles,
    captions_of,
    dress,
    finish,
    points_of,
    roles_of,
    save,
    spread_of,
    sweep_colour,
    value_text,
    values_of,
)
from avrr_sim.report.words import catalogue, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.contract import SweepTables

MOST_GROUPS, MOST_LINES = 12, 4


def draw_multiples(
    folder: Path, sweep: SweepTables, rows: pd.DataFrame, measure: str, by: str
) -> list[style.Figure]:
    """Response curves of one measure, a panel for every group with anything to show, lines for the values of
    the next factor, all further factors as near to the baseline as the design has them; one scale for all.
    Nothing where no group has anything to show.
    """
    roles = roles_of(sweep, rows)
    held = {column: _nearest(sweep, rows, column) for column in roles.slices}
    points = points_of(rows)
    for column, value in held.items():
        points = points[points[column] == value]
    told = set(points.loc[points["difference"].notna(), "group"])
    groups = [group for group in dict.fromkeys(points["group"]) if group in told][:MOST_GROUPS]
    if not groups:
        return []
    more = say("sweep.multiples")
    if held:
        setting = ", ".join(f"{column} {value_text(value)}" for column, value in held.items())
        more = f"{say('sweep.held', setting=setting)} {more}"
    if few := len(set(points["group"])) - len(groups):
        more += f" {say('sweep.few_groups', count=few)}"
    what = say("sweep.by", factors=catalogue.GROUPS.get(by, by).lower())
    captions = captions_of(sweep, measure, what, more)
    draw = partial(_draw, sweep, rows, points, measure, roles, groups, captions[0])
    return [save(folder, f"by-{by}-{measure.replace('_', '-')}", sweep, rows, draw, captions)]


def _nearest(sweep: SweepTables, rows: pd.DataFrame, column: str) -> Any:
    """The value of a factor that the design has and that is the baseline's, or nearest to it."""
    values = values_of(sweep, rows, column)
    base = rows.loc[rows["scenario"] == "baseline", column]
    standing = base.iloc[0] if len(base) else None
    if standing in values:
        return standing
    if pd.api.types.is_numeric_dtype(rows[column]) and sentences.known(standing):
        return min(values, key=lambda value: abs(value - standing))
    return values[0]


def _draw(
    sweep: SweepTables,
    rows: pd.DataFrame,
    points: pd.DataFrame,
    measure: str,
    roles: Roles,
    groups: Sequence[str],
    title: str,
) -> Canvas:
    info, along, told = sweep.measures[measure], roles.along, roles.second
    looks = looks_of(sweep, values_of(sweep, rows, told), MOST_LINES) if told else []
    plain = [(None, Look(sweep_colour(sweep), band=False))]
    across, drawn = across_of(len(groups)), Drawn()
    canvas, axes = grid_of(len(groups), across, 1.15, 0.8, 0.94, (0.2, 0.42), 0.6)
    for i, (ax, group) in enumerate(zip(axes, groups, strict=True)):
        here = points[points["group"] == group]
        for value, look in looks or plain:
            own = here if told is None else here[here[told] == value]
            draw_curve(ax, sweep, own, points_of(rows), along, look, "difference", drawn, chance=False)
        ax.set_ylim(*spread_of(points, "difference"))
        ax.set_title(sweep.origins.get(group, str(group).replace("_", " ")))
        dress(ax, info, i % across == 0, along if i >= len(groups) - across else "")
    keys = line_keys(told, looks) if told else []
    kinds = drawn.kinds - ({"line", "dot"} if told else set())
    finish(canvas, sweep, title, [*keys, *keys_of(Drawn(kinds), sweep_colour(sweep), rows, info)], 4)
    return canvas
