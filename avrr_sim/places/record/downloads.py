"""Reads the files that anybody can download from UNHCR's Refugee Data Finder: applications, decisions, and
claims pending.

Exports vary: columns are found by meaning, without regard to case and punctuation, and lines before the
header are skipped. What cannot be read for certain is refused, with what to do.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from avrr_sim.files import read_bytes
from avrr_sim.places.record.as_told import as_first_decisions, as_new_claims, in_spans
from avrr_sim.places.record.formulas import UNKNOWN
from avrr_sim.places.record.tables import FIRST_INSTANCE, FIRST_YEAR, LAST_YEAR, NEW, Tables
from avrr_sim.refusals import nearest, refusal, shown

_LARGEST_FILE = 200_000_000  # bytes; the download of all countries and years is a tenth of it
_PREAMBLE = 40  # lines in which the header is looked for
_MOST_PERSONS = 1e9
_LISTED = 40  # countries that a message names

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "year": ("year",),
    "host": ("country of asylum iso", "coa iso", "host"),
    "origin": ("country of origin iso", "coo iso", "origin"),
    "origin_name": ("country of origin", "coo name", "origin name"),
    "application_type": ("application type", "app type"),
    "level": ("stage of procedure", "level", "decision level", "procedure level", "dec level"),
    "unit": ("cases persons", "unit", "app pc", "dec pc"),
    "applied": ("applied", "applications"),
    "recognized": ("recognized decisions", "recognised decisions", "recognized", "dec recognized"),
    "other_protection": ("complementary protection", "other protection", "dec other"),
    "rejected": ("rejected decisions", "rejected", "dec rejected"),
    "closed": ("otherwise closed", "closed", "dec closed"),
    "pending_asylum_seekers": ("asylum seekers", "pending asylum seekers"),
}
"""Columns as `tables` calls them, each with the headers it is known by, in small letters and words only."""

DECIDED = ("recognized", "other_protection", "rejected", "closed")
_PENDING = "pending_asylum_seekers"
_WHO = ("year", "host", "origin", "origin_name")
_MAY_LACK = ("application_type", "level", "unit")
"""Columns that may be left out: then nothing is told apart by them."""

_WORDS = {
    "unit": {"persons": "P", "people": "P", "cases": "C"},
    "application_type": {"new": "N", "new applications": "N", "repeat": "R", "repeat applications": "R"},
    "level": {
        "first instance": "FI",
        "first instance and appeal": "FA",
        "administrative review": "AR",
        "judicial review": "JR",
        "reopened": "RA",
    },
}
"""Codes that stand for words, where an export writes words."""

_NO_CODE = ("", "-", "UKN", "VAR")
_COUNTS = ("applied", *DECIDED, _PENDING)


@dataclass(frozen=True)
class Downloads:
    """What the files say of one host, by the names and codes of `tables`, and what a reader has to know of
    it: sentences.
    """

    tables: Tables
    notes: tuple[str, ...]


def read_downloads(iso3: str, applications: Path, decisions: Path, pending: Path | None) -> Downloads:
    """The rows of a host (ISO code) in UNHCR's files, in the years of the record.

    Raises `Refusal` where a file is none of these, is written in a way that cannot be read for certain, has
    no rows of the host, or has a year without new claims between others.
    """
    notes: list[str] = []
    claims = _of_host(applications, (*_WHO, "application_type", "level", "unit", "applied"), iso3, notes)
    decided = _of_host(decisions, (*_WHO, "level", "unit", *DECIDED), iso3, notes)
    waiting = pd.DataFrame({column: [] for column in (*_WHO, _PENDING)})
    if pending is not None:
        waiting = _of_host(pending, (*_WHO, _PENDING), iso3, notes)
    claims, decided = as_new_claims(claims, notes), as_first_decisions(decided, notes)
    _check_years(claims, applications)
    tables = Tables(claims, decided, waiting, pd.DataFrame(), pd.DataFrame())
    return Downloads(tables, tuple(in_spans(notes)))


def _of_host(path: Path, needed: Sequence[str], iso3: str, notes: list[str]) -> pd.DataFrame:
    """The rows of one file that are of the host and of the years of the record."""
    table = _read(path, needed)
    own = table[table["host"] == iso3]
    if own.empty:
        hosts = sorted(set(table["host"]))
        listed = ", ".join(hosts[:_LISTED]) + (", ..." if len(hosts) > _LISTED else "")
        raise refusal(
            f"has no rows of {shown(iso3)} as country of asylum",
            file=path,
            allowed=f"a country of the file: {listed}",
            suggestion=nearest(iso3, hosts),
        )
    years = own["year"].astype(int)
    kept = own.assign(year=years)[years.between(FIRST_YEAR, LAST_YEAR)]
    if kept.empty:
        problem = f"has rows of {iso3} in {years.min()} to {years.max()} only"
        raise refusal(problem, file=path, allowed=f"years from {FIRST_YEAR} to {LAST_YEAR}")
    if years.max() > LAST_YEAR or years.min() < FIRST_YEAR:
        ends = f"Years before {FIRST_YEAR} and after {LAST_YEAR} are left out"
        notes.append(f"{ends}: security and incomes are on record for those between")
    return kept.reset_index(drop=True)


def _check_years(table: pd.DataFrame, path: Path) -> None:
    """Refuse a file of applications without new claims at first instance, or with a gap."""
    new = table[table["application_type"].isin(NEW) & table["level"].isin(FIRST_INSTANCE)]
    years = sorted(set(new.loc[new["applied"] > 0, "year"]))
    if not years:
        problem = "has no new applications at first instance"
        raise refusal(problem, file=path, allowed=f"type {NEW[0]} (new), stage {FIRST_INSTANCE[0]}")
    missing = sorted(set(range(years[0], years[-1] + 1)) - set(years))
    if missing:
        problem = f"has no applications at first instance in {missing[0]}, between {years[0]} and {years[-1]}"
        raise refusal(problem, file=path, allowed="every year from the first to the last")


def _read(path: Path, needed: Sequence[str]) -> pd.DataFrame:
    """The needed columns of a file under the names of `tables`."""
    lines = list(csv.reader(io.StringIO(_text(path), newline="")))
    at, places = _header(lines, needed, path)
    width = len(lines[at])
    rows = [
        (number, line) for number, line in enumerate(lines[at + 1 :], at + 2) if any(map(str.strip, line))
    ]
    if not rows:
        raise refusal("has no rows under its header", file=path)
    for number, line in rows:
        if len(line) != width:
            problem = f"line {number}: {len(line)} cells, but the header has {width}"
            raise refusal(
                problem, file=path, allowed="a comma between cells, and quotes around texts with commas"
            )
    cells = {name: [line[place].strip() for _, line in rows] for name, place in places.items()}
    table = pd.DataFrame(cells, index=[number for number, _ in rows])
    return _plain(table, needed, path)


def _plain(table: pd.DataFrame, needed: Sequence[str], path: Path) -> pd.DataFrame:
    """Text as codes and numbers, columns that may be left out filled in."""
    for column in needed:
        if column not in table:
            table[column] = ""
        elif column in _WORDS:
            words = _WORDS[column]
            table[column] = [words.get(_plain_words(cell), cell.upper()) for cell in table[column]]
        elif column in _COUNTS or column == "year":
            table[column] = _numbers(table[column], path, column)
    for column in ("host", "origin"):
        table[column] = table[column].str.upper()
    table["origin"] = table["origin"].where(~table["origin"].isin(_NO_CODE), UNKNOWN)
    return table


def _numbers(cells: pd.Series, path: Path, column: str) -> pd.Series:
    """Whole numbers; NaN where a cell is empty."""
    empty = cells.isin(["", "NaN", "NA"])
    good = cells.str.fullmatch(r"[0-9]+(\.0+)?")
    wrong = cells[~empty & ~good]
    if len(wrong):
        text, line = wrong.iloc[0], wrong.index[0]
        allowed = "whole numbers without separators"
        if text == "*":
            allowed = "a number; the publisher writes 5 where there are 1 to 4"
        elif re.search("[0-9][., ][0-9]", text):
            allowed += "; set the spreadsheet's format of numbers to plain, or download the file anew"
        raise refusal(
            f"{shown(text)} is not a whole number", file=path, path=(column, int(line)), allowed=allowed
        )
    numbers = pd.to_numeric(cells.where(~empty), errors="coerce")
    if column == "year" and numbers.isna().any():
        line = int(numbers.index[numbers.isna()][0])
        raise refusal("a row without a year", file=path, path=(column, line))
    if (numbers > _MOST_PERSONS).any():
        raise refusal("is far too large a number", file=path, path=(column, int(numbers.idxmax())))
    return numbers


def _header(lines: Sequence[Sequence[str]], needed: Sequence[str], path: Path) -> tuple[int, dict[str, int]]:
    """Which line is the header, and the place of each needed column in it."""
    must = [column for column in needed if column not in _MAY_LACK]
    best: dict[str, int] = {}
    at = 0
    for number, line in enumerate(lines[:_PREAMBLE]):
        places = _places(line, needed)
        if len(places) > len(best):
            best, at = places, number
    missing = [column for column in must if column not in best]
    if missing:
        found = ", ".join(cell.strip() for cell in lines[at]) if lines else ""
        sought = ", ".join(repr(_title(column)) for column in must)
        problem = f"lacks the column {_title(missing[0])!r}; found: {found or 'nothing'}"
        raise refusal(problem, file=path, allowed=f"a download of UNHCR with the columns {sought}")
    return at, best


def _places(line: Sequence[str], needed: Iterable[str]) -> dict[str, int]:
    heads = [_plain_words(cell) for cell in line]
    found = {}
    for column in needed:
        known = [heads.index(head) for head in COLUMNS[column] if head in heads]
        if known:
            found[column] = known[0]
    return found


def _title(column: str) -> str:
    """A column as the publisher heads it."""
    titles = {"host": "Country of asylum (ISO)", "origin": "Country of origin (ISO)", "applied": "applied"}
    return titles.get(column, COLUMNS[column][0].capitalize())


def _plain_words(text: str) -> str:
    return " ".join(re.findall("[a-z0-9]+", text.lower()))


def _text(path: Path) -> str:
    """The text of a CSV file in UTF-8, its cells parted by commas."""
    data = read_bytes(path, _LARGEST_FILE)
    if data.startswith(b"PK"):
        raise refusal("is a ZIP archive or a workbook, no CSV", file=path, allowed="the CSV file out of it")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:200]:
        raise refusal("is in UTF-16", file=path, allowed='UTF-8; save it once more as "CSV UTF-8"')
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        problem = "is not in UTF-8 (in Latin-1, perhaps)"
        raise refusal(problem, file=path, allowed='UTF-8; save it once more as "CSV UTF-8"') from None
    if not text.strip():
        raise refusal("is empty", file=path)
    head = "\n".join(text.splitlines()[:_PREAMBLE])
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if head.count(mark) > head.count(","):
            allowed = "commas; download the file anew, or save it with commas"
            raise refusal(f"has {name} between its cells", file=path, allowed=allowed)
    return text
