"""Kinds, stages and units as a publisher's export tells them, year by year, as those that the record counts.

Some countries tell new and repeated claims together in some years, or stages, or count cases and not persons.
Where a year has nothing better, what comes nearest is taken, and a sentence says so.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from avrr_sim.places.record.described import spans
from avrr_sim.places.record.tables import FIRST_INSTANCE, NEW

_FIRST = (*FIRST_INSTANCE, "")
_PERSONS, _CASES = ("P", ""), ("C",)

_KINDS = (
    (NEW, ""),
    (("NR", ""), "New and repeated applications told together"),
    (("R",), "Applications that the publisher calls repeated, for want of any called new"),
)
"""Kinds of application in the order in which they are taken, and what is said of a year that takes them."""


def as_new_claims(table: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Applications whose rows of the nearest kind at first instance, in each year, are coded as new ones at
    first instance in persons; other rows stay. Adds sentences to `notes`.
    """
    found = _in_persons(table, "applications", notes)
    for year, rows in found[found["level"].isin(_FIRST)].groupby("year"):
        for codes, said in _KINDS:
            own = rows[rows["application_type"].isin(codes)]
            if own["applied"].sum() > 0:
                _note(notes, said, int(year))
                recoded = own["application_type"].where(own["application_type"].isin(NEW), NEW[1])
                found.loc[own.index, "application_type"] = recoded
                found.loc[own.index, "level"] = own["level"].replace("", FIRST_INSTANCE[1])
                break
    return found


def as_first_decisions(table: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Decisions without a stage as those of first instance and appeal together. Adds sentences to `notes`."""
    found = _in_persons(table, "decisions", notes)
    return found.assign(level=found["level"].replace("", FIRST_INSTANCE[1]))


def _in_persons(table: pd.DataFrame, what: str, notes: list[str]) -> pd.DataFrame:
    """Rows counted in persons; of a year that has none, those counted in cases. All are coded as persons."""
    parts = []
    for year, rows in table.groupby("year"):
        own = rows[rows["unit"].isin(_PERSONS)]
        if own.empty:
            own = rows[rows["unit"].isin(_CASES)]
            _note(notes, f"Cases counted as persons, of {what}", int(year))
        parts.append(own)
    return pd.concat(parts).assign(unit="P") if parts else table


def _note(notes: list[str], said: str, year: int) -> None:
    if said:
        notes.append(f"{said}: {year}")


def in_spans(notes: Sequence[str]) -> list[str]:
    """Sentences that end in a year, those alike put together with their years."""
    years: dict[str, list[int]] = {}
    for note in dict.fromkeys(notes):
        said, _, year = note.rpartition(": ")
        if said and year.isdigit():
            years.setdefault(said, []).append(int(year))
        else:
            years.setdefault(note, [])
    return [f"{said}: {spans(sorted(found))}" if found else said for said, found in years.items()]
