"""The pictures of the live page: where people are, and how they leave, month by month. Counts are of
simulated units.
"""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from avrr_sim.dates import month_text
from avrr_sim.migrant import ABODES, OUTCOMES, PRESENT
from avrr_sim.policy import STATUS_NAMES
from avrr_sim.report.figures.style import INK
from avrr_sim.report.figures.style import SCENARIOS as COLOURS
from avrr_sim.rules.tally import SERIES
from avrr_sim.watch.model import WatchedModel

FLOWS = ("applications", "assisted", "unassisted", "removed", "gone_under", "stopped")
"""Flows of the month that are drawn; uptake never without what must be read beside it."""
_NAMES = {
    "applications": "apply",
    "assisted": "leave with assistance",
    "unassisted": "return without it",
    "removed": "are removed",
    "gone_under": "go under",
    "stopped": "stopped by the protection gate",
}
_SPAN = 12  # months of a running mean


def month_of(model: WatchedModel) -> str:
    """The last month that was lived, YYYY-MM."""
    return month_text(model.world.scenario.start + max(model.world.month - 1, 0))


def draw_places(model: WatchedModel) -> Figure:
    """Everybody present as a dot, by abode; coloured by legal status."""
    figure = Figure(figsize=(7, 3.4), layout="constrained")
    panels = figure.subplots(1, len(ABODES))
    rows = [migrant.row for migrant in model.present]
    abode = np.array([int(row.abode) for row in rows], int)
    status = np.array([int(row.status) for row in rows], int)
    widest = max(1, math.ceil(math.sqrt(max(np.bincount(abode, minlength=len(ABODES)), default=1))))
    for k, name in enumerate(ABODES):
        _dots(panels[k], status[abode == k], widest)
        panels[k].set_title(f"{name.replace('_', ' ')}: {int((abode == k).sum())}", fontsize=9, color=INK)
    handles = [
        panels[0].plot([], [], "o", ms=4, color=COLOURS[s % len(COLOURS)], label=name.replace("_", " "))[0]
        for s, name in enumerate(STATUS_NAMES)
    ]
    figure.legend(
        handles=handles, loc="outside lower center", ncols=len(STATUS_NAMES), fontsize=7, frameon=False
    )
    figure.suptitle(f"{month_of(model)}: {len(rows)} simulated units present", fontsize=10, color=INK)
    return figure


def _dots(axes: Axes, status: np.ndarray, widest: int) -> None:
    """Dots row by row, those of one status together."""
    ordered = np.sort(status)
    place = np.arange(len(ordered))
    colours = [COLOURS[s % len(COLOURS)] for s in ordered]
    axes.scatter(place % widest, place // widest, s=18, c=colours, linewidths=0)
    axes.set(xlim=(-1, widest), ylim=(-1, widest), xticks=[], yticks=[], aspect="equal")
    for side in axes.spines.values():
        side.set_color("#bbbbbb")


def draw_flows(model: WatchedModel) -> Figure:
    """Flows of the month since the window began, as running means of a year."""
    figure = Figure(figsize=(7, 3.4), layout="constrained")
    axes = figure.subplots()
    counts = model.world.units[: model.world.month]
    first = model.world.scenario.start
    months = np.arange(model.begun, model.world.month)
    for k, name in enumerate(FLOWS):
        monthly = counts[:, SERIES.index(name)].astype(float)
        mean = [monthly[max(0, m - _SPAN + 1) : m + 1].mean() for m in months]
        axes.plot(months, mean, color=COLOURS[k % len(COLOURS)], lw=1.6, label=_NAMES[name])
    ticks = [m for m in range(model.begun, model.world.months) if (first + m) % 12 == 0]
    axes.set_xticks(ticks, [month_text(first + m)[:4] for m in ticks], fontsize=8)
    axes.set(xlim=(model.begun, model.world.months), ylim=(0, None))
    axes.set_ylabel("simulated units a month,\nmean of the last twelve", fontsize=8)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=7, frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def ends_of(model: WatchedModel) -> dict[str, int]:
    """How many units have left by each way so far."""
    ends = model.world.rows["outcome"]
    return {name: int((ends == k).sum()) for k, name in enumerate(OUTCOMES) if k != PRESENT}
