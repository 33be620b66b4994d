"""Income of a working adult at the origin, by one formula from GDP a head at exchange rates.

    ln(NOK a month) = LEVEL + POWER x ln(US dollars a head a month)

Incomes rise with GDP less than in proportion: where money is scarce more of what people live on is outside
it, and prices are lower. The two constants were fitted once, by least squares on the logarithm, to the
incomes that were judged before this record was there, with GDP of MIDDLE; they carry over its scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEVEL = 5.12
POWER = 0.495
SPREAD = 0.17
"""Standard deviation, on the logarithm, of the judged incomes around the formula."""

MIDDLE = 2012
"""Year of the GDP to which the judged incomes were held."""

_MONTHS = 12.0


@dataclass(frozen=True)
class IncomeFit:
    """The constants that come nearest to judged incomes, and the root mean square of what is left."""

    level: float
    power: float
    left: float


def income(gdp: float) -> float:
    """NOK a month of a working adult where GDP a head is `gdp` US dollars a year."""
    return round(float(np.exp(LEVEL + POWER * np.log(gdp / _MONTHS))), 0)


def fitted(gdp: Sequence[float], judged: Sequence[float]) -> IncomeFit:
    """The constants by least squares on the logarithm."""
    dollars, crowns = np.log(np.asarray(gdp) / _MONTHS), np.log(np.asarray(judged))
    power, level = np.polyfit(dollars, crowns, 1)
    left = crowns - level - power * dollars
    return IncomeFit(float(level), float(power), float(np.sqrt(np.mean(left * left))))
