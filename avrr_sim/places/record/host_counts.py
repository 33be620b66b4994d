"""Counts of a host by origin and year as published: claims, decisions, review, pending stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from avrr_sim.places.record.choice import rows_of
from avrr_sim.places.record.described import Described
from avrr_sim.places.record.formulas import UNKNOWN, published
from avrr_sim.places.record.published import ALL, OTHER
from avrr_sim.places.record.tables import (
    FIRST_INSTANCE,
    NEW,
    REVIEW,
    UNHCR,
    YEARS,
    Tables,
    by_origin,
    new_claims,
)

HOSTS = {"norway": ("NOR", "Norway"), "france": ("FRA", "France"), "estonia": ("EST", "Estonia")}
"""ISO code and name of every host of the record."""

MUCH_UNKNOWN = 0.1
"""Share of a year's persons of unknown origin from which a series says so."""

_MAKER = "avrr_sim.places.record.host_counts: host_counts"
_NO_ROW = "~ in a year with other rows: the publisher has no row, so none or too few to be published"
_SERBIA = "Serbia and Kosovo are one origin with the publisher in every year, and one row here"
_ROUNDED = 5.0  # the publisher writes 5 for 1 to 4


@dataclass(frozen=True)
class HostCounts:
    """Counts of persons by origin (ISO code) and year, NaN where the publisher has no row; all frames with
    the same origins.
    """

    applications: pd.DataFrame
    appeals: pd.DataFrame
    recognised: pd.DataFrame
    other_protection: pd.DataFrame
    rejected: pd.DataFrame
    closed: pd.DataFrame
    review_permits: pd.DataFrame
    review_rejected: pd.DataFrame
    review_closed: pd.DataFrame
    pending: pd.DataFrame


_MEANINGS = {
    "applications": "New applications for asylum, first instance",
    "appeals": "Appeals and requests for review lodged",
    "recognised": "Claims decided at first instance: recognised as refugees",
    "other_protection": "Claims decided at first instance: other protection or residence",
    "rejected": "Claims decided at first instance: rejected",
    "closed": (
        "Claims closed at first instance without a decision on the merits: withdrawn, Dublin, formal grounds"
    ),
    "review_permits": "Decisions on review: recognised or other protection",
    "review_rejected": "Decisions on review: rejected",
    "review_closed": "Reviews closed without a decision on the merits",
    "pending": "Claims pending, all stages together",
}


def host_counts(given: Tables, iso3: str) -> HostCounts:
    """What the tables hold of a host."""

    def decided(column: str, levels: Sequence[str]) -> pd.DataFrame:
        return by_origin(given.decisions, iso3, column, levels)

    found = [
        new_claims(given, iso3, FIRST_INSTANCE),
        new_claims(given, iso3, REVIEW),
        *(
            decided(column, FIRST_INSTANCE)
            for column in ("recognized", "other_protection", "rejected", "closed")
        ),
        decided("recognized", REVIEW).add(decided("other_protection", REVIEW), fill_value=0.0),
        *(decided(column, REVIEW) for column in ("rejected", "closed")),
        by_origin(given.pending, iso3, "pending_asylum_seekers"),
    ]
    origins = sorted({str(origin) for frame in found for origin in frame.index})
    return HostCounts(*(frame.reindex(index=origins, columns=list(YEARS)) for frame in found))


@dataclass(frozen=True)
class Rows:
    """The rows of a host's record: origins (ISO codes) with a row of their own, and every origin's key and
    name.
    """

    chosen: tuple[str, ...]
    names: Mapping[str, tuple[str, str]]

    @classmethod
    def of(cls, counts: HostCounts, names: Mapping[str, tuple[str, str]]) -> Rows:
        """Rows by the rule of `choice`."""
        return cls(tuple(rows_of(counts.applications)), names)

    def named(self) -> dict[str, str]:
        """Key and name of every row: all applicants, each origin with a row of its own, the others."""
        own = {self.names[iso3][0]: self.names[iso3][1] for iso3 in self.chosen}
        return {ALL: "All applicants", **own, OTHER: "Origins without a row of their own"}

    def own(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A frame by ISO code reduced to the origins with a row, by their keys."""
        return frame.reindex(list(self.chosen)).rename(
            index={iso3: self.names[iso3][0] for iso3 in self.chosen}
        )

    def as_published(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Counts by row as they stand, with the sums over all origins and over those without a row."""
        found = self.own(frame)
        found.loc[ALL] = frame.sum(axis=0, min_count=1)
        found.loc[OTHER] = frame.drop(index=list(self.chosen)).sum(axis=0, min_count=1)
        return found

    def filled(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Counts by row to work with: 0 where there is no row (see `published`), people of unknown origin
        left out.
        """
        known = published(frame).drop(index=UNKNOWN, errors="ignore")
        found = self.own(known)
        found.loc[ALL] = known.sum(axis=0, min_count=1)
        found.loc[OTHER] = known.drop(index=list(self.chosen)).sum(axis=0, min_count=1)
        return found


def described_counts(given: Tables, iso3: str, counts: HostCounts, rows: Rows) -> list[Described]:
    """The published series of a host's file."""
    return [
        Described(
            name,
            meaning,
            "persons at year end" if name == "pending" else "persons a year",
            "published",
            UNHCR,
            _MAKER,
            rows.as_published(getattr(counts, name)),
            0,
            (
                _NO_ROW,
                _SERBIA,
                *(_kinds_and_rounding(given, iso3, counts) if name == "applications" else ()),
                *_unknown(getattr(counts, name)),
            ),
        )
        for name, meaning in _MEANINGS.items()
    ]


def _kinds_and_rounding(given: Tables, iso3: str, counts: HostCounts) -> list[str]:
    """Notes on applications: cells that may be rounded, years in which kinds or levels were told together."""
    fives = int((counts.applications == _ROUNDED).sum().sum())
    table = given.applications
    own = table[(table["host"] == iso3) & table["level"].isin(FIRST_INSTANCE)]
    found = []
    if fives:
        found.append(
            f"{fives} cells stand at 5, as which 1 to 4 are published: together up to {4 * fives:,} "
            "persons too many"
        )
    for what, column, code in (
        ("New and repeated claims not told apart", "application_type", NEW[1]),
        ("First instance and appeal told together", "level", FIRST_INSTANCE[1]),
    ):
        years = sorted(own[own[column] == code]["year"].unique())
        found += [f"{what} in {', '.join(map(str, years))}"] if years else []
    return found


def _unknown(counts: pd.DataFrame) -> list[str]:
    """A note where many of a year's persons are of unknown origin."""
    if UNKNOWN not in counts.index:
        return []
    share = counts.loc[UNKNOWN] / counts.sum(axis=0, min_count=1)
    years = [f"{year} {share[year]:.0%}" for year in YEARS if share[year] >= MUCH_UNKNOWN]
    return [f"Of unknown origin, counted among the others: {', '.join(years)}"] if years else []
