"""Numbers that may run into thousands, which many countries part by a point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from avrr_sim.forms import Between
from avrr_sim.refusals import Pointed


@dataclass(frozen=True)
class Thousands(Between):
    """An amount of money or a number of persons in [low, high], as a float. Three decimals, which neither
    has, are refused: 15.000 is how many countries write fifteen thousand, and in a file it is fifteen.
    """

    def read(self, value: Any) -> float:
        """The number. Raises `Refusal` where it is none, outside the range, or has three decimals."""
        if isinstance(value, Pointed):
            raise value.refused()
        return super().read(value)
