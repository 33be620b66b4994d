"""The marks that several kinds of figures share: intervals, points, and the keys that explain them."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from avrr_sim.report.figures import style
from avrr_sim.report.words.language import numeral

BAR = 2.2  # width of an interval, in points
SHORT_DASHES = (0, (4, 2))
LOG_TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)


def interval(
    axes: Axes, low: float, high: float, y: float, colour: str, *, width: float = BAR, above: int = 3
) -> None:
    """An interval as a bar from `low` to `high`, in the layer `above`."""
    axes.plot([low, high], [y, y], color=colour, lw=width, solid_capstyle="butt", zorder=above)


def point(
    axes: Axes, x: float, y: float, colour: str, marker: str, size: float, edge: float = 0.5, above: int = 4
) -> None:
    """One marked number."""
    axes.plot([x], [y], marker=marker, ms=size, mfc=colour, mec=style.INK, mew=edge, ls="", zorder=above)


def whisker(axes: Axes, low: float, high: float, y: float) -> None:
    """A thin black bar with ends: a Monte Carlo error, or the uncertainty of a median."""
    axes.plot([low, high], [y] * 2, color=style.INK, lw=0.8, marker="|", ms=4, mew=0.8, zorder=4)


def whisker_key(label: str) -> Line2D:
    """The key of `whisker`."""
    return Line2D([0, 1], [0, 0], color=style.INK, lw=0.8, marker="|", ms=4, mew=0.8, label=label)


def marked_key(
    label: str, colour: str, marker: str, size: float, *, width: float = BAR, edge: float = 0.5
) -> Line2D:
    """The key of an interval with its point."""
    return Line2D(
        [], [], color=colour, lw=width, marker=marker, ms=size, mec=style.INK, mew=edge, label=label
    )


def ratio_axis(axes: Axes, label: str) -> None:
    """A logarithmic axis of ratios, 1 marked by a line."""
    axes.set_xscale("log")
    axes.axvline(1, color=style.BASELINE, lw=0.9, zorder=1)
    low, high = axes.get_xlim()
    at: Sequence[float] = [v for v in LOG_TICKS if low <= v <= high]
    axes.set_xticks(at, [numeral(v, "g") for v in at])
    axes.minorticks_off()
    axes.set_xlabel(label)
