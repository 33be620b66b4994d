"""What the model reads of the record: dated series and numbers of persons, by written formulas.

Each year's value begins in its January. Where the record has no value for an origin in a year, a formula says
what stands in; nothing is judged here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from avrr_sim.places.record.income import income
from avrr_sim.places.record.published import ALL, OTHER, Record, RecordedSeries, countries
from avrr_sim.policy import Step

Steps = tuple[Step, ...]
Persons = dict[int, dict[str, float]]
"""Persons by year and origin."""

FEWEST = 20.0
"""Persons below which no share is formed, as in the record."""

CLOSED = "closed_share"
"""Share of the claims of a year that end without a decision on the merits: the bound of the Dublin share."""

NEEDED = (
    "applications recognised other_protection rejected closed review_permits review_rejected pending "
    "final_months permit_chance living_gap other_security"
).split()
"""Series of a host's record that are read here."""

_PERMITS = ("recognised", "other_protection")
_MERITS = (*_PERMITS, "rejected")
_REVIEWED = ("review_permits", "review_rejected")
_YEAR = 12  # months


@dataclass(frozen=True)
class Row:
    """The row of the record that an origin reads, and the share of its persons that are the origin's."""

    key: str
    share: float = 1.0


@cache
def of_country(row: str) -> dict[str, Steps]:
    """Security and income of an origin, those that its country has: security by the formula of the record,
    income by that of `income` from GDP a head.
    """
    found = {
        "security": _dated(lambda year: countries().series["security"].at(year, row)),
        "income": _dated(lambda year: _income(countries(), row, year)),
    }
    return {name: steps for name, steps in found.items() if steps}


@cache
def of_host(of: Record, row: str) -> dict[str, Steps]:
    """Chance of a permit, months to a decision, gap in living standards and share closed of an origin at a
    host, those that its record gives; of the row of all others also the security.
    """
    found = {
        "grant_share": _dated(lambda year: permit_chance(of, row, year)),
        "decision_months": _dated(lambda year: months(of, row, year)),
        "living_gap": _dated(lambda year: of.series["living_gap"].at(year, row)),
        CLOSED: _dated(lambda year: closed_share(of, row, year)),
    }
    if row == OTHER:
        found["security"] = _dated(lambda year: of.series["other_security"].at(year, row))
    return {name: steps for name, steps in found.items() if steps}


def persons(of: RecordedSeries, rows: Mapping[str, Row], years: Iterable[int] | None = None) -> Persons:
    """Persons of a published count by year and origin, for the years in which it has one: each origin's share
    of its row; the origin `other` is what is left of all.
    """
    found: Persons = {}
    for year in of.known_years() if years is None else years:
        own = {key: row.share * (of.at(year, row.key) or 0.0) for key, row in rows.items() if key != OTHER}
        own[OTHER] = (of.at(year) or 0.0) - sum(own.values())
        found[year] = {key: number for key, number in own.items() if number > 0.0}
    return found


def permit_chance(of: Record, row: str, year: int) -> float | None:
    """Chance that a claim ends with a permit, review included: p + (1 - p) x r.

    p is the year's chance at first instance; where too few were decided, that of all years together, and
    where these are too few, the year's of all applicants. r is the share of reviews decided on the merits, in
    this year and the next together, that end with a permit, as if everybody rejected asked for one; where too
    few were decided, of all years, else of all applicants.
    """
    everybody = of.series["permit_chance"].at(year)
    if everybody is None:
        return None
    own = of.series["permit_chance"].at(year, row)
    pooled = _pooled(of, row, _PERMITS, _MERITS, of.years)
    first = next(chance for chance in (own, pooled, everybody) if chance is not None)
    return first + (1.0 - first) * (_first_pooled(of, row, year, _REVIEWED[:1], _REVIEWED) or 0.0)


def months(of: Record, row: str, year: int) -> float | None:
    """Mean months until the last decision: the pace that leaves the stock published at year end.

    Where the origin's stock gives none, that of all applicants times the origin's usual ratio to it, the
    geometric mean over the years that have both.
    """
    pace = of.series["final_months"]
    own, everybody = pace.at(year, row), pace.at(year)
    if own is not None or everybody is None:
        return own
    both = [(pace.at(each, row), pace.at(each)) for each in of.years]
    logs = [math.log(one / two) for one, two in both if one is not None and two is not None]
    return everybody * math.exp(sum(logs) / len(logs)) if logs else everybody


def closed_share(of: Record, row: str, year: int) -> float | None:
    """Share of the claims of a year that are closed on formal grounds: closed over all decisions of this year
    and the next together, for a claim waits; where these are too few, of all years, else of all applicants.
    """
    return _first_pooled(of, row, year, ("closed",), (*_MERITS, "closed"))


def _first_pooled(
    of: Record, row: str, year: int, part: tuple[str, ...], whole: tuple[str, ...]
) -> float | None:
    """A pooled share of the row in a year and the next, or of the row in all years, or of all applicants in a
    year and the next: the first that is not of too few.
    """
    near = (year, year + 1)
    for whose, years in ((row, near), (row, of.years), (ALL, near), (ALL, of.years)):
        share = _pooled(of, whose, part, whole, years)
        if share is not None:
            return share
    return None


@cache
def _pooled(
    of: Record, row: str, part: tuple[str, ...], whole: tuple[str, ...], years: tuple[int, ...]
) -> float | None:
    """Sum of some counts over that of others in some years together; None where there are too few."""
    below = _sum(of, row, whole, years)
    return _sum(of, row, part, years) / below if below >= FEWEST else None


def _sum(of: Record, row: str, names: Iterable[str], years: Iterable[int]) -> float:
    return sum(of.series[name].at(year, row) or 0.0 for name in names for year in years)


def _income(of: Record, row: str, year: int) -> float | None:
    gdp = of.series["gdp_usd"].at(year, row)
    return None if gdp is None else income(gdp)


def _dated(value: Callable[[int], float | None]) -> Steps:
    """A value by year as steps, those of the years that have one and differ from the one before."""
    steps: list[Step] = []
    for year in countries().years:
        found = value(year)
        if found is not None and not (steps and steps[-1].value == found):
            steps.append(Step(_YEAR * year, float(found)))
    return tuple(steps)
