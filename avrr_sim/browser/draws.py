"""What a draw of the weights moves in the tables of a scenario, in few numbers a draw.

A table of origins by months is a megabyte; but a draw moves only some series of it, and those by a factor a
month or a ratio an origin. What is kept is tried against the tables that the command line makes: a series
that the few numbers do not give to the last bit is kept as it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from avrr_sim.browser.kernel import OF_DUBLIN, OF_ENFORCEMENT, OF_SECURITY
from avrr_sim.places.from_record import CLOSED
from avrr_sim.places.origins import series_values
from avrr_sim.scenario import Scenario
from avrr_sim.setting import (
    before_levers,
    dublin_of_closed,
    enforcement,
    security_errors,
    under_levers,
)

Weights = Mapping[str, float]
_Varied = dict[str, dict[int, np.ndarray]]  # a field, and what stands in it in the draws that move it

_BITS = {"enforcement": OF_ENFORCEMENT, "dublin_share": OF_DUBLIN, "security": OF_SECURITY}


@dataclass(frozen=True)
class Level:
    """A field of a table that takes a few values in a draw: which of them stands in each cell, (cells,), and
    the values, (draws, values).
    """

    name: str
    which: np.ndarray
    values: np.ndarray


@dataclass
class Moved:
    """The tables of a scenario and what its draws move (see `kernel.set_origins`).

    origins: (origins, months) before draws and levers; offers, aimed: as in `setting.Setting`; moved, closed:
    (origins, months); factors: (draws, months, 2); ratios: (draws, origins); levels, of_offers: fields that
    are kept as they are, by cells of origins or of offers.
    """

    origins: np.ndarray
    offers: np.ndarray
    aimed: np.ndarray
    moved: np.ndarray
    closed: np.ndarray
    factors: np.ndarray
    ratios: np.ndarray
    levels: list[Level] = field(default_factory=list)
    of_offers: list[Level] = field(default_factory=list)


def moved_by(scenario: Scenario, weights: Sequence[Weights], seed: int) -> Moved:
    """What the draws of a scenario move; `weights`: of each draw, in their order."""
    first, months = scenario.start, scenario.months
    neutral = dict(weights[0]) | {name: 1.0 for name in weights[0] if name.startswith("enforcement_")}
    origins, offers, aimed = _tables(scenario, neutral, {})
    errors = [security_errors(scenario, each, (seed, d, 0)) for d, each in enumerate(weights)]
    found = Moved(
        origins,
        offers,
        aimed,
        np.zeros(origins.shape, np.int8),
        _closed(scenario),
        np.array([_factors(each, first, months) for each in weights]),
        np.array([[_ratio(each[key]) for key in scenario.origins] for each in errors]),
    )
    varied: tuple[_Varied, _Varied] = ({}, {})
    for d, each in enumerate(weights):
        of_draw = _tables(scenario, each, errors[d])
        _note(varied[0], d, of_draw[0], origins)
        _note(varied[1], d, of_draw[1], offers)
    for name, by_draw in varied[0].items():
        values = np.array([by_draw.get(d, origins[name]) for d in range(len(weights))])
        if (cells := _moved_cells(found, name, values)) is not None:
            found.moved[cells] |= _BITS[name]
        else:
            found.levels.append(_level(name, values))
    for name, by_draw in varied[1].items():
        values = np.array([by_draw.get(d, offers[name]) for d in range(len(weights))])
        found.of_offers.append(_level(name, values))
    return found


def _note(varied: _Varied, d: int, table: np.ndarray, base: np.ndarray) -> None:
    """Keep the fields of a draw's table that are not those of the base."""
    for name in base.dtype.names or ():
        if not np.array_equal(table[name], base[name]):
            varied.setdefault(name, {})[d] = table[name].copy()


def _tables(
    scenario: Scenario, weights: Weights, errors: Mapping[str, float]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(origins, offers, aimed) of one draw, security as it is before the lever that shifts it."""
    before = before_levers(scenario, weights, errors)
    _, origins, offers, aimed = under_levers(scenario, before, None, weights)
    origins["security"] = before["security"]
    return np.asarray(origins), np.asarray(offers), aimed


def _factors(weights: Weights, first: int, months: int) -> np.ndarray:
    return np.stack([enforcement(weights, first, months), dublin_of_closed(weights, first, months)], axis=-1)


def _ratio(error: float) -> float:
    """Of the odds of security (see `setting.with_error`)."""
    return math.exp(min(max(error, -50.0), 50.0))


def _closed(scenario: Scenario) -> np.ndarray:
    """Shares of claims closed on formal grounds, (origins, months); 0 where the host's record has none."""
    found = np.zeros((len(scenario.origins), scenario.months))
    for o, key in enumerate(scenario.origins):
        published = scenario.place.published.get(key, {})
        if CLOSED in published:
            found[o] = series_values(published[CLOSED], scenario.start, scenario.months)
    return found


def _moved_cells(found: Moved, name: str, values: np.ndarray) -> np.ndarray | None:
    """The cells in which the few numbers of each draw give its series to the last bit, where they give all;
    else None.
    """
    if name not in _BITS:
        return None
    cells = (values != found.origins[name]).any(axis=0)
    for d, of_draw in enumerate(values):
        made = _made(found, name, d)
        if not np.array_equal(made[cells], of_draw[cells]):
            return None
    return cells


def _made(found: Moved, name: str, d: int) -> np.ndarray:
    """A series of a draw as `kernel.set_origins` makes it."""
    if name == "enforcement":
        return found.origins[name] * found.factors[d, :, 0]
    if name == "dublin_share":
        return found.closed * found.factors[d, :, 1]
    inside = np.clip(found.origins[name], 1e-9, 1.0 - 1e-9)
    odds = inside / (1.0 - inside) * found.ratios[d][:, None]
    return odds / (1.0 + odds)


def _level(name: str, values: np.ndarray) -> Level:
    """Values of all draws, by the cells that are alike in every one."""
    flat = values.reshape(len(values), -1)
    alike, which = np.unique(flat, axis=1, return_inverse=True)
    return Level(name, which.ravel().astype(np.uint32), np.ascontiguousarray(alike))
