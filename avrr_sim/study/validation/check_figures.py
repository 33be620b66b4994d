"""Check figures: published figures that nothing was fitted to, against what the model says.

Each is judged twice. *Inside* or *outside*: whether the figure lies in the central nine tenths of what the
model predicts over draws, its own error and the stated discrepancy added. *Hit* or *missed*: as for patterns,
by the share of draws that come near it; a very wide prediction holds every figure and still hits none.
"""

from __future__ import annotations

import math

from avrr_sim.study.patterns.statistic import PRESUMED, View, least, log_ratio
from avrr_sim.study.published.figure import CHECK, PublishedFigure
from avrr_sim.study.published.package import package_figures

NEAR = 1.645
"""Near: within this many standard deviations (error and discrepancy together) of the figure, on the log
scale; nine tenths of a normal.
"""
CHECKS: tuple[PublishedFigure, ...] = tuple(f for f in package_figures() if f.role == CHECK)
"""Every figure that is checked: assisted departures of whole years, or the order of origins by them."""


def years_of(figure: PublishedFigure) -> tuple[int, int]:
    """The first and last calendar year of a figure's window."""
    return figure.first // 12, figure.last // 12


def measure_of(figure: PublishedFigure) -> str:
    """What is counted, in words."""
    if figure.order:
        return "rank of assisted departures"
    return f"assisted departures{f', {figure.origin.capitalize()}' if figure.origin else ''}"


def years_in_words(figure: PublishedFigure) -> str:
    """The window in words, such as 2015, or 2010 to 2012."""
    first, last = years_of(figure)
    return str(first) if first == last else f"{first} to {last}"


def check_name(figure: PublishedFigure) -> str:
    """A name of its own for every figure of one id, as stored statistics have it."""
    return f"{figure.id} {measure_of(figure)}, {years_in_words(figure)}"


def measured(figure: PublishedFigure, view: View) -> float:
    """What a life says of a figure, persons on the national scale; NaN for an order."""
    return math.nan if figure.order else view.scale * view.departed(figure.origin, *years_of(figure))


def nearness(figure: PublishedFigure, view: View) -> float:
    """Positive where a life is near a figure: how much is left of what it may be off, on the log scale."""
    if figure.order:
        return _order_margin(figure, view)
    allowed = NEAR * figure.error / figure.low
    here = view.departed(figure.origin, *years_of(figure))
    return allowed - abs(log_ratio(here, figure.low / view.scale, PRESUMED))


def _order_margin(figure: PublishedFigure, view: View) -> float:
    """Least log ratio of neighbours in the published order, the last of them against the largest of the
    other named origins.
    """
    count = {
        origin: view.departed(origin, *years_of(figure))
        for origin in view.scenario.origins
        if origin != "other"
    }
    rest = max(number for origin, number in count.items() if origin not in figure.order)
    order = [*(count[origin] for origin in figure.order), rest]
    return least([log_ratio(one, other, PRESUMED) for one, other in zip(order, order[1:], strict=False)])
