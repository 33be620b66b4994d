"""A published figure: what was counted, when and of whom, how well it is known, and the scale on which
figures are compared.

Every figure has a standard error (how well it is known) and a discrepancy (how well the model can be expected
to say the same thing), both in the figure's own unit.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from avrr_sim.dates import month_text
from avrr_sim.measures import MEASURES

FIT, CHECK, RELATED, LEVEL = "fit", "check", "related", "level"
ROLES = (FIT, CHECK, RELATED)
"""`fit`: the weights are conditioned on it; `check`: only compared with afterwards; `related`: compared too,
but no test, for it follows from figures that are fitted, or priors were set by it. A fourth, `level`, is for
figures of the package alone: it sets the arrivals of an origin, and no weight."""

NEAR_ZERO = 0.01  # a simulated figure of nothing counts as this share of the published one, for logarithms
NEAR_ONE = 0.999  # shares are kept this far from 0 and 1 on the logit scale
EVERYBODY = ("all", "all")
_OF_THE_PACKAGE = ("scenario", "order")


@dataclass(frozen=True)
class PublishedFigure:
    """One published figure.

    id, figure      its name, and what is published, in words
    measure         what the model reports for it (a name of `MEASURES`)
    first, last     calendar months of the window over which the measure is taken
    low, high       equal for a figure, the ends of the range where only a range is known (it then only weighs
                    draws, without pulling them to its middle); NaN where only an order is known
    standard_error, discrepancy
                    in the unit of the measure; NaN where nothing is stated
    role            one of ROLES, or LEVEL
    group           (group_by, group) that it is about
    scenario        name of the scenario that answers to it; empty where the file of targets says it
    series          name of the table or path of figures that it stands in, if any
    order           origins in their published order, the largest first, where only that is known
    over            calendar months of the window of the figure's denominator, where it is a ratio of the
                    measure between two windows
    shared          the part of the discrepancy that it shares with the others of its series; `discrepancy` is
                    then its own part
    """

    id: str
    figure: str
    measure: str
    first: int
    last: int
    low: float
    high: float
    standard_error: float
    discrepancy: float
    role: str
    source: str
    note: str
    group: tuple[str, str] = EVERYBODY
    scenario: str = ""
    series: str = ""
    order: tuple[str, ...] = ()
    over: tuple[int, int] | None = None
    shared: float = 0.0

    @property
    def fitted(self) -> bool:
        """Whether weights are conditioned on it."""
        return self.role == FIT

    @property
    def ratio(self) -> bool:
        """Whether it is a ratio between two windows."""
        return self.over is not None

    @property
    def share(self) -> bool:
        """Whether it is a share."""
        return MEASURES[self.measure].per == "share" and not self.ratio

    @property
    def open_above(self) -> bool:
        """Whether its range has no upper end but that of the measure."""
        return self.share and self.high >= 1

    @property
    def ranged(self) -> bool:
        """Whether only a range is known."""
        return self.high > self.low

    @property
    def origin(self) -> str | None:
        """The origin that it is about; None where it is about everybody, or another kind of group."""
        by, name = self.group
        return name if by == "origin" else None

    @property
    def scale(self) -> str:
        """The scale on which it is compared: logit for shares, log for rates, counts, ratios and the like."""
        return "logit" if self.share else "log"

    @property
    def error(self) -> float:
        """Standard deviation of standard error and discrepancy together, in the unit of the measure."""
        return float(np.hypot(np.hypot(self.standard_error, self.discrepancy), self.shared))

    @property
    def spread(self) -> float:
        """The same on the figure's own scale."""
        return self.error * self.slope

    @property
    def slope(self) -> float:
        """Slope of the figure's scale at the figure (ranges: at their lower end, or the upper one where they
        begin at nothing).
        """
        at = self.low if not self.ranged else self.high if self.low <= 0 else self.low
        return 1.0 / (at * (1.0 - at) if self.scale == "logit" else at)

    @property
    def window(self) -> str:
        """The window in words."""
        return " over ".join(
            month_text(first) if first == last else f"{month_text(first)} to {month_text(last)}"
            for first, last in ((self.first, self.last), *([self.over] if self.over else []))
        )

    def on_scale(self, value: ArrayLike) -> np.ndarray:
        """A figure, or simulated figures, on the figure's scale."""
        value = np.asarray(value, float)
        if self.scale == "logit":
            kept = np.clip(value, 1.0 - NEAR_ONE, NEAR_ONE)
            return np.log(kept / (1.0 - kept))
        return np.log(np.maximum(value, 0.0) + self._floor)

    def off_scale(self, x: ArrayLike) -> np.ndarray:
        """Back from the scale to the unit of the measure."""
        x = np.asarray(x, float)
        if self.scale == "logit":
            return 1.0 / (1.0 + np.exp(-x))
        return np.maximum(np.exp(x) - self._floor, 0.0)

    def factor_off(self, value: float) -> float:
        """By how much a value is off, either way: 1 within the range, else its ratio to the nearer end,
        written above 1 (inf where the value is nothing).
        """
        edge = min(max(value, self.low), self.high)
        if edge == value:
            return 1.0
        return max(value / edge, edge / value) if value > 0 and edge > 0 else float("inf")

    def stated(self) -> dict[str, Any]:
        """What a file of targets says of it, as plain values by name."""
        return {name: value for name, value in asdict(self).items() if name not in _OF_THE_PACKAGE}

    @property
    def _floor(self) -> float:
        return NEAR_ZERO * (self.high if self.low <= 0 else self.low)
