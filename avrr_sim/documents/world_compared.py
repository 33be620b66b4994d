"""The model's input beside the published record: by year for a host as a whole, and by origin over a span of
years.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from avrr_sim.documents.world_input import (
    InputYear,
    input_years,
    published_rest,
    recorded_row,
    series_in_year,
)
from avrr_sim.places.origins import origin_names
from avrr_sim.places.record.published import ALL, OTHER, Record, RecordedSeries, countries, record

FAR = 1.5
"""Input and record lie far apart where one is more than this many times the other."""

SPAN = tuple(range(2008, 2019))
"""Years over which origins are compared."""


PERMITS = ("recognised", "other_protection")
MERITS = (*PERMITS, "rejected")
"""Series of the record that add up to permits, and to decisions on the merits, at first instance."""


@dataclass(frozen=True)
class Compared:
    """One figure of a host by year: input and published, None where there is none; `share` shows as per
    cent.
    """

    title: str
    years: tuple[int, ...]
    given: tuple[float | None, ...]
    published: tuple[float | None, ...]
    share: bool = False

    def ratios(self) -> tuple[float | None, ...]:
        """Input over published by year, None where either is missing or nothing is published."""
        return tuple(ratio(g, p) for g, p in zip(self.given, self.published, strict=True))


@dataclass(frozen=True)
class OriginCompared:
    """One origin over SPAN: claims in all, chance of a permit, mean security and living gap; (input,
    published).
    """

    key: str
    name: str
    claims: tuple[float | None, float | None]
    permit_chance: tuple[float | None, float | None]
    security: tuple[float | None, float | None]
    living_gap: tuple[float | None, float | None]


def ratio(given: float | None, published: float | None) -> float | None:
    """given / published, None where either is missing or nothing is published."""
    return given / published if given is not None and published else None


def compared(host: str) -> dict[str, Compared]:
    """The yearly figures of a host as a whole, for the years of the record."""
    of, told = record(host), input_years(host)
    by_year = {year: told.get((ALL, year)) for year in of.years}
    months = {year: _input_months(host, told, year) if by_year[year] else None for year in of.years}

    def given(name: str) -> tuple[float | None, ...]:
        return tuple(getattr(each, name) if each else None for each in by_year.values())

    def shares(part: str, *whole: str) -> tuple[float | None, ...]:
        return tuple(
            ratio(getattr(each, part), sum(getattr(each, name) for name in whole)) if each else None
            for each in by_year.values()
        )

    return {
        "arrivals": _whole("Claims lodged, persons", of, given("claims"), "applications"),
        "other": _other_share(host, of, told),
        "decided": _summed("Claims decided on the merits, persons", of, given("decided"), MERITS),
        "permits": _summed("Permits, persons", of, given("permits"), PERMITS),
        "permit_chance": _whole(
            "Chance of a permit, %", of, shares("permits", "decided"), "permit_chance", share=True
        ),
        "closed": _whole(
            "Closed on formal grounds, %",
            of,
            shares("closed", "claims"),
            "closed_share",
            share=True,
        ),
        "pending": _whole("Claims pending at year end, persons", of, given("pending"), "pending"),
        "months": _whole(
            "Months until the last decision", of, tuple(months[year] for year in of.years), "final_months"
        ),
    }


def origins_compared(host: str) -> list[OriginCompared]:
    """Every row of a host's record over SPAN, those that the input has no row for with None as input."""
    of, told = record(host), input_years(host)
    split = {origin for origin, _ in told if origin not in (ALL, OTHER)}
    return [
        _origin(of, host, row, [origin for origin in split if recorded_row(origin) == row], told)
        for row in of.origins
    ]


def published_sum(of: Record, names: Sequence[str], year: int, row: str = ALL) -> float | None:
    """Sum of published counts of a row in a year; None where nobody of the host has a value in one of
    them.
    """
    if any(of.series[name].at(year) is None for name in names):
        return None
    return sum(of.series[name].at(year, row) or 0.0 for name in names)


def _other_share(host: str, of: Record, told: Mapping[tuple[str, int], InputYear]) -> Compared:
    """Share of claims by origins that the input keeps together in its 'other'."""

    def given(year: int) -> float | None:
        return ratio(told[OTHER, year].claims, told[ALL, year].claims) if (ALL, year) in told else None

    def published(year: int) -> float | None:
        return ratio(published_rest(of, host, "applications", year), of.series["applications"].at(year))

    title = "Origins in the input's 'other', % of claims"
    return Compared(title, of.years, tuple(map(given, of.years)), tuple(map(published, of.years)), share=True)


def _summed(title: str, of: Record, given: tuple[float | None, ...], names: Sequence[str]) -> Compared:
    return Compared(title, of.years, given, tuple(published_sum(of, names, year) for year in of.years))


def _whole(
    title: str, of: Record, given: tuple[float | None, ...], series: str, share: bool = False
) -> Compared:
    return Compared(title, of.years, given, tuple(of.series[series].at(year) for year in of.years), share)


def _input_months(host: str, told: Mapping[tuple[str, int], InputYear], year: int) -> float:
    """Mean months until a decision of the claims of a year, over origins."""
    claims = {origin: each.claims for (origin, at), each in told.items() if at == year and origin != ALL}
    months = {origin: series_in_year(host, origin, "decision_months", year) for origin in claims}
    return sum(months[origin] * claims[origin] for origin in claims) / sum(claims.values())


def _origin(
    of: Record, host: str, row: str, split: Sequence[str], told: Mapping[tuple[str, int], InputYear]
) -> OriginCompared:
    spanned = [told[origin, year] for origin in split for year in SPAN]

    def total(name: str) -> float | None:
        return sum(getattr(each, name) for each in spanned) if spanned else None

    def published(names: Sequence[str]) -> float | None:
        sums = [published_sum(of, names, year, row) for year in SPAN]
        return sum(each for each in sums if each is not None)

    return OriginCompared(
        row,
        of.rows[row],
        (total("claims"), published(("applications",))),
        (ratio(total("permits"), total("decided")), ratio(published(PERMITS), published(MERITS))),
        (_mean_input(host, row, "security"), _mean(countries().series["security"], row)),
        (_mean_input(host, row, "living_gap"), _mean(of.series["living_gap"], row)),
    )


def _mean_input(host: str, row: str, name: str) -> float | None:
    """Mean over SPAN of a series that the model holds for an origin, in the host's split or not."""
    known = {recorded_row(origin): origin for origin in origin_names() if origin != OTHER}
    if row not in known:
        return None
    return sum(series_in_year(host, known[row], name, year) for year in SPAN) / len(SPAN)


def _mean(series: RecordedSeries, row: str) -> float | None:
    values = [value for year in SPAN if (value := series.at(year, row)) is not None]
    return sum(values) / len(values) if values else None
