"""Check targets: published figures that nothing was fitted to, against what the model says.

Each is judged twice. *Inside* or *outside*: whether the figure lies in the central nine tenths of what the
model predicts over draws, its own error and the stated discrepancy added. *Hit* or *missed*: as for patterns,
by the share of draws that come near it; a very wide prediction holds every figure and still hits none.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from avrr_sim.study.patterns.statistic import PRESUMED, View, least, log_ratio

NEAR = 1.645
"""Near: within this many standard deviations (error and discrepancy together) of the figure, on the log
scale; nine tenths of a normal.
"""
ERRORS = {"T03": (200.0, 300.0), "T08": (0.0, 0.3)}
"""(standard error, discrepancy) of a figure: T03 in persons, "about" and a directorate that counted a tenth
fewer; T08 as a share of the figure: a count, and arrivals by origin without a source, set near the figures of
2014. Judgements."""


@dataclass(frozen=True)
class Check:
    """A published figure, where it is read off the model, and how near is near.

    `value` NaN: a rank. `standard_error`, `discrepancy`: how well the figure is known, and how far a good
    model may be off, in its unit. `measured`: f(view) in the figure's unit. `near`: f(view), positive where
    the model is near.
    """

    id: str
    figure: str
    measure: str
    window: str
    source: str
    value: float
    standard_error: float
    discrepancy: float
    world: str
    measured: Callable[[View], float]
    near: Callable[[View], float]
    note: str

    @property
    def name(self) -> str:
        """A name of its own for every figure of a target."""
        return f"{self.id} {self.measure}, {self.window}"


def national(view: View, origin: str | None, year: int) -> float:
    """Assisted departures of a year, persons on the national scale."""
    return view.scale * view.departed(origin, year, year)


def _figure(
    id: str, figure: str, value: float, origin: str | None, year: int, world: str, source: str, note: str
) -> Check:
    error, discrepancy = ERRORS[id] if id == "T03" else tuple(share * value for share in ERRORS[id])
    allowed = NEAR * math.hypot(error, discrepancy) / value

    def near(view: View) -> float:
        return allowed - abs(log_ratio(view.departed(origin, year, year), value / view.scale, PRESUMED))

    who = f", {origin.capitalize()}" if origin else ""
    return Check(
        id,
        figure,
        f"assisted departures{who}",
        str(year),
        source,
        value,
        error,
        discrepancy,
        world,
        lambda view: national(view, origin, year),
        near,
        note,
    )


RANKED = ("iraq", "russia", "afghanistan")
"""The first three of the directorate's list of 2015; the fourth and fifth are not told apart from other
origins in the model.
"""


def rank_margin(view: View) -> float:
    """Least log ratio of neighbours in the published order of 2015, the third against the largest of the
    named others.
    """
    count = {
        origin: view.departed(origin, 2015, 2015) for origin in view.scenario.origins if origin != "other"
    }
    rest = max(number for origin, number in count.items() if origin not in RANKED)
    order = [*(count[origin] for origin in RANKED), rest]
    return least([log_ratio(one, other, PRESUMED) for one, other in zip(order, order[1:], strict=False)])


_FACTSHEET = "AVR country factsheets, France (2010-2016)"
_RANKS = "AVR country factsheets, Norway (2010-2016)"

CHECKS: tuple[Check, ...] = (
    _figure(
        "T03",
        "about 2,000 travel a year",
        2000.0,
        None,
        2012,
        "baseline-norway",
        "IOM Norway, embassies seminar news (about 2012)",
        (
            "follows from applications less drop-out; the directorate counted 1,800 in 2012, both "
            "cannot be met with one definition"
        ),
    ),
    Check(
        "T06",
        "rank of return countries: Iraq, Russia, Afghanistan, Bangladesh, Ukraine",
        "rank of assisted departures",
        "2015",
        _RANKS,
        math.nan,
        math.nan,
        math.nan,
        "baseline-norway",
        lambda view: math.nan,
        rank_margin,
        (
            "the first three in this order, before all other named origins; Bangladesh and Ukraine are "
            "in 'other'"
        ),
    ),
    *(
        _figure(
            "T08",
            f"France 2015: {origin.capitalize()} {value}",
            value,
            origin,
            2015,
            "france-2014",
            _FACTSHEET,
            "levels of 2014 were set near the figures, 2015 was left alone",
        )
        for origin, value in (
            ("china", 473),
            ("albania", 463),
            ("russia", 385),
            ("kosovo", 282),
            ("algeria", 281),
        )
    ),
)
"""Every figure that is checked."""
