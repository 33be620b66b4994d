"""What the model's input says of the world by year, in the terms of the published record.

Only the files of places are read and nothing is simulated: decisions and pending stock follow from claims,
the first stock that is published, chances and months as if nobody left, moved on or was removed before the
decision.
Weights stand at their central values.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avrr_sim.chance import monthly
from avrr_sim.dates import month_number
from avrr_sim.evidence import central_weights
from avrr_sim.places import place
from avrr_sim.places.from_record import CLOSED
from avrr_sim.places.origins import origin_names, origins, series_values
from avrr_sim.places.record.published import ALL, OTHER, Record
from avrr_sim.setting import host_series

YEAR = 12  # months


@dataclass(frozen=True)
class InputYear:
    """One year of one origin: claims lodged, those of them that are closed on formal grounds, whenever, and
    those for another state (Dublin), claims decided, permits given, claims pending at year end; all in
    persons.
    """

    claims: float
    closed: float
    dublin: float
    decided: float
    permits: float
    pending: float


def input_years(host: str) -> dict[tuple[str, int], InputYear]:
    """By origin of the model (and ALL) and year, for the years in which the host's file has arrivals."""
    of = place.host(host)
    found: dict[tuple[str, int], InputYear] = {}
    for origin in _split_origins(of):
        found |= {(origin, year): each for year, each in _of_origin(of, origin).items()}
    for year in of.claims:
        parts = [found[origin, year] for origin in _split_origins(of)]
        sums = (sum(getattr(part, name) for part in parts) for name in InputYear.__dataclass_fields__)
        found[ALL, year] = InputYear(*sums)
    return found


def series_in_year(host: str, origin: str, name: str, year: int) -> float:
    """Mean over a year of a series of an origin, with what the host changes of it."""
    return float(_series(place.host(host), origin, name, month_number(f"{year}-01"), YEAR).mean())


def recorded_row(origin: str) -> str:
    """Key of the record for an origin of the model."""
    return origins()[origin].row.key


def published_rest(record: Record, host: str, series: str, year: int) -> float | None:
    """The published figure of all origins without a row in the model's split of a host: its own 'other'."""
    whole = record.series[series].at(year)
    if whole is None:
        return None
    own = {recorded_row(origin) for origin in _split_origins(place.host(host)) if origin != OTHER}
    return whole - sum(record.series[series].at(year, row) or 0.0 for row in own)


def _split_origins(of: place.Host) -> list[str]:
    """Origins that a host's claims name."""
    return [key for key in origin_names() if any(key in claims for claims in of.claims.values())]


def _of_origin(of: place.Host, origin: str) -> dict[int, InputYear]:
    years = sorted(of.claims)
    first, months = month_number(f"{years[0]}-01"), YEAR * len(years)
    lodged = np.repeat([of.claims[year].get(origin, 0.0) / YEAR for year in years], YEAR)
    dublin = lodged * _series(of, origin, "dublin_share", first, months)
    closed = lodged * _closed(of, origin, first, months)
    chance = [monthly(mean) for mean in _series(of, origin, "decision_months", first, months)]
    pending, decided, left = 0.0, np.zeros(months), np.zeros(months)
    begins = (min(of.pending, default=years[-1]) + 1 - years[0]) * YEAR
    for month in range(months):
        if month == begins:
            stock = of.pending[min(of.pending)].get(origin, 0.0)
            pending = stock * (1.0 - dublin[month] / lodged[month] if lodged[month] else 1.0)
        decided[month] = pending * chance[month]
        pending += lodged[month] - dublin[month] - decided[month]
        left[month] = pending
    permits = decided * _series(of, origin, "grant_share", first, months)
    flows = (lodged, closed, dublin, decided, permits)
    yearly = (np.reshape(flow, (-1, YEAR)).sum(axis=1) for flow in flows)
    columns = zip(*yearly, left[YEAR - 1 :: YEAR], strict=True)
    return {year: InputYear(*map(float, column)) for year, column in zip(years, columns, strict=True)}


def _closed(of: place.Host, origin: str, first: int, months: int) -> np.ndarray:
    steps = of.published.get(origin, {}).get(CLOSED)
    return series_values(steps, first, months) if steps else np.zeros(months)


def _series(of: place.Host, origin: str, name: str, first: int, months: int) -> np.ndarray:
    if origin in of.countries:
        return host_series(of, origin, name, central_weights(), first, months)
    return series_values(origins()[origin].series[name], first, months)
