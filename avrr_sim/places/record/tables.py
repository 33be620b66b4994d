"""The public tables that the record is made from, read from a folder of the user's own: which columns they
must have, and which of their rows count as what.

The tables themselves are no part of the package. A frame here has one row an origin (ISO code) and one column
a year; NaN is a cell that the publisher has no row for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from avrr_sim.files import is_file
from avrr_sim.refusals import out_of_range, refusal, shown

FIRST_YEAR, LAST_YEAR = 2002, 2018
YEARS = tuple(range(FIRST_YEAR, LAST_YEAR + 1))

NEW = ("N", "V")
"""Kinds of application that count as new: new ones, and those where new and repeated were not told apart."""

FIRST_INSTANCE = ("FI", "FA")
"""Levels that count as first instance; FA stands where first instance and appeal were told together."""

REVIEW = ("AR", "JR")
"""Administrative and judicial review. Reopened cases (RA) are left out: of France they repeat the permits of
the review, for most origins to within five persons.
"""

UNHCR = "UNHCR Refugee Data Finder, by way of the R package refugees 2025.12.1; CC BY 4.0"
RIGHTS = "Fariss, Kenwick and Reuning 2020, J. Peace Research 57(6), by way of Our World in Data's archive"
DEATHS = (
    "UCDP GED 19.1 (Sundberg and Melander 2013), by way of Our World in Data's archive; CC BY 4.0; "
    "population: "
    "Maddison Project 2020"
)
GDP_PPP = "Maddison Project 2020, by way of Our World in Data's archive; CC BY 4.0"
GDP_USD = "World Bank, CC BY 4.0"

_LARGEST = 1e13  # no count, population or income is larger
_TEXTS = ("host", "origin", "origin_name", "application_type", "level", "unit", "country", "iso3")
_COLUMNS = {
    "asylum_applications": (
        "year",
        "host",
        "origin",
        "origin_name",
        "application_type",
        "level",
        "unit",
        "applied",
    ),
    "asylum_decisions": (
        "year",
        "host",
        "origin",
        "level",
        "unit",
        "recognized",
        "other_protection",
        "rejected",
        "closed",
    ),
    "asylum_pending": ("year", "host", "origin", "pending_asylum_seekers"),
    "country_year": (
        "country",
        "year",
        "human_rights_protection",
        "conflict_deaths",
        "gdp_per_capita_2011usd",
        "population",
    ),
    "gdp_per_capita": ("iso3", "country", "year", "gdp_per_capita_usd"),
}


@dataclass(frozen=True)
class Tables:
    """The five public tables, of the years of the record and persons only."""

    applications: pd.DataFrame
    decisions: pd.DataFrame
    pending: pd.DataFrame
    country_year: pd.DataFrame
    gdp: pd.DataFrame


def read_tables(folder: Path) -> Tables:
    """The tables asylum_applications.csv, asylum_decisions.csv, asylum_pending.csv, country_year.csv and
    gdp_per_capita.csv of a folder.

    Raises `Refusal` where one is missing, is no CSV, lacks a column, or holds text or a negative number where
    a count belongs.
    """
    return Tables(*(_read(folder / f"{name}.csv", columns) for name, columns in _COLUMNS.items()))


def _read(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    if not is_file(path):
        raise refusal("no such file", file=path, allowed=", ".join(f"{name}.csv" for name in _COLUMNS))
    try:
        # a country's code may read NA: only an empty cell is "not published"
        raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (ValueError, OSError) as error:
        raise refusal(f"cannot be read as CSV ({shown(str(error))})", file=path) from None
    missing = [column for column in columns if column not in raw]
    if missing:
        raise refusal(
            f"lacks the column {missing[0]!r}; it has {', '.join(map(str, raw.columns))}",
            file=path,
            allowed=", ".join(columns),
        )
    table = raw[list(columns)].copy()
    for column in columns:
        if column not in _TEXTS:
            table[column] = _numbers(table[column], path, column)
    if "unit" in table:
        table = table[table["unit"] == "P"]  # cases are no persons
    return table[table["year"].between(FIRST_YEAR, LAST_YEAR)].astype({"year": int})


def _numbers(cells: pd.Series, path: Path, column: str) -> pd.Series:
    """Cells as numbers, NaN where empty."""
    empty = cells.isin(["", "NaN"])
    numbers = pd.to_numeric(cells.where(~empty), errors="coerce")
    wrong = numbers.isna() & ~empty
    if wrong.any():
        line = int(wrong.to_numpy().argmax())
        raise refusal(f"{shown(cells.iloc[line])} is not a number", file=path, path=(column, line + 2))
    beyond = ~numbers.fillna(0.0).between(0.0, _LARGEST)
    if column != "human_rights_protection" and beyond.any():  # the rights score is a latent scale around 0
        line = int(beyond.to_numpy().argmax())
        raise out_of_range(
            float(numbers.iloc[line]), 0.0, _LARGEST, column, file=path, path=(column, line + 2)
        )
    return numbers


def by_origin(table: pd.DataFrame, host: str, column: str, levels: Sequence[str] = ()) -> pd.DataFrame:
    """The counts of one column for a host (ISO code), at some levels, as a frame of origins by years."""
    rows = table[(table["host"] == host) & table[column].notna()]
    if levels:
        rows = rows[rows["level"].isin(levels)]
    frame = rows.pivot_table(index="origin", columns="year", values=column, aggfunc="sum")
    return frame.reindex(columns=list(YEARS)).astype(float)


def new_claims(tables: Tables, host: str, levels: Sequence[str]) -> pd.DataFrame:
    """New applications for asylum lodged at some levels, persons by origin and year."""
    kinds = (*NEW, "NR") if levels == REVIEW else NEW  # an appeal has no kind of its own
    table = tables.applications
    return by_origin(table[table["application_type"].isin(kinds)], host, "applied", levels)


def country_series(tables: Tables, names: Sequence[str], column: str) -> pd.Series:
    """One column of country_year.csv for a country by year, index YEARS; a later name fills what an earlier
    one leaves empty.
    """
    found = pd.Series(float("nan"), index=list(YEARS))
    for name in names:
        rows = tables.country_year[tables.country_year["country"] == name]
        found = found.combine_first(rows.set_index("year")[column].reindex(list(YEARS)))
    return found


def gdp_usd(tables: Tables, iso3: str) -> pd.Series:
    """GDP a head of a country by year in current US dollars, index YEARS."""
    rows = tables.gdp[tables.gdp["iso3"] == iso3]
    return rows.set_index("year")["gdp_per_capita_usd"].reindex(list(YEARS))
