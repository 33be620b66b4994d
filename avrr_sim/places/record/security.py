"""True security of a country in a year, by one formula from what is published of it.

    logit(security) = LEVEL + RIGHTS x rights score - DEATHS x ln(1 + conflict deaths per 100,000)

It rises with the protection of physical integrity and falls with violent deaths, whatever the country is
called. The three constants were fitted once, by least squares, to the index that was judged before this
record was there; they carry over its scale (0 = general war, 1 = as safe as the host), not its values country
by country.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

LEVEL = 0.59
RIGHTS = 0.21  # for each unit of the rights score
DEATHS = 0.39  # for each unit of ln(1 + deaths per 100,000)
SPREAD = 0.33
"""Standard deviation, on the logit, of the judged index around the formula: what the formula leaves open."""

_START = (0.5, 0.2, 0.2)


@dataclass(frozen=True)
class Fit:
    """The constants that come nearest to a judged index, and how near: root mean square of what is left, on
    the index and on the logit.
    """

    level: float
    rights: float
    deaths: float
    left: float
    left_logit: float


def security(
    rights: np.ndarray, deaths: np.ndarray, constants: tuple[float, float, float] = (LEVEL, RIGHTS, DEATHS)
) -> np.ndarray:
    """The index in (0, 1) from rights scores and conflict deaths per 100,000 a year; NaN where either is."""
    level, weight, fall = constants
    return 1.0 / (1.0 + np.exp(-(level + weight * rights - fall * np.log1p(deaths))))


def interval(index: np.ndarray, edge: float = 1.645) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the central 90 per cent of a true security whose formula gives `index`, in (0, 1)."""
    logit = _logit(index)
    low, high = (1.0 / (1.0 + np.exp(-(logit + sign * edge * SPREAD))) for sign in (-1.0, 1.0))
    return low, high


def fitted(rights: np.ndarray, deaths: np.ndarray, judged: np.ndarray) -> Fit:
    """The constants by least squares on the index, all arrays of the same length, without NaN."""

    def left(constants: np.ndarray) -> np.ndarray:
        return security(rights, deaths, (constants[0], constants[1], constants[2])) - judged

    found = least_squares(left, _START, bounds=([-np.inf, 0.0, 0.0], np.inf)).x
    level, weight, fall = (float(value) for value in found)
    ours = security(rights, deaths, (level, weight, fall))
    return Fit(level, weight, fall, _rms(ours - judged), _rms(_logit(ours) - _logit(judged)))


def _logit(index: np.ndarray) -> np.ndarray:
    return np.log(index) - np.log1p(-index)


def _rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(values * values)))
