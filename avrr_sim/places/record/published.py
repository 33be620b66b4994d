"""Reads the record: published series of a host by origin and year, of the countries of origin, and of
outcomes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from avrr_sim.files import parse_yaml, read_text
from avrr_sim.refusals import refusal, shown, unknown_name

_FOLDER = Path(__file__).parent
BASES = ("published", "derived", "judgement")
"""What a series rests on: published as it stands, derived from published figures by a formula, or
judgement.
"""

ALL, OTHER = "all", "other"
"""Rows beside the origins: every applicant, and those of origins without a row of their own."""

_EARLIEST, _LATEST = 1900, 2200  # years of a record
_TEXTS = ("meaning", "unit", "basis", "source", "maker")


@dataclass(frozen=True)
class RecordedSeries:
    """One series by origin (or country) and year: what it means, its unit, what it rests on, who says so, and
    how it was made. A value of None is not published, or not to be formed.
    """

    name: str
    meaning: str
    unit: str
    basis: str
    source: str
    maker: str
    notes: tuple[str, ...]
    first_year: int
    values: Mapping[str, tuple[float | None, ...]]

    def at(self, year: int, row: str = ALL) -> float | None:
        """The value of a row in a year, None where there is none."""
        values = self.values.get(row, ())
        place = year - self.first_year
        return values[place] if 0 <= place < len(values) else None

    def known_years(self, row: str = ALL) -> tuple[int, ...]:
        """Years in which a row has a value."""
        values = self.values.get(row, ())
        return tuple(self.first_year + i for i, value in enumerate(values) if value is not None)


@dataclass(frozen=True, eq=False)
class Record:
    """The published series of one host, or of the countries of origin: `rows` maps a row's key to its
    name.
    """

    key: str
    name: str
    years: tuple[int, ...]
    rows: Mapping[str, str]
    series: Mapping[str, RecordedSeries]

    @property
    def origins(self) -> tuple[str, ...]:
        """Keys of the rows that stand for one origin each."""
        return tuple(row for row in self.rows if row not in (ALL, OTHER))


def recorded_hosts() -> list[str]:
    """Keys of the hosts that have a record."""
    return sorted(path.stem for path in (_FOLDER / "hosts").glob("*.yaml"))


@cache
def record(host: str) -> Record:
    """What is published of a host. Raises `Refusal` where there is no record of it."""
    if host not in recorded_hosts():
        raise unknown_name("host", host, recorded_hosts())
    return read_record(_FOLDER / "hosts" / f"{host}.yaml")


@cache
def countries() -> Record:
    """What is published of the countries of origin: rights, conflict deaths, security by formula, GDP a
    head.
    """
    return read_record(_FOLDER / "countries.yaml")


@cache
def world() -> Record:
    """Security and GDP a head of every country, by ISO code: what a host of the user's own needs beside its
    counts.
    """
    return read_record(_FOLDER / "world.yaml")


@cache
def published_outcomes(host: str) -> Record:
    """Outcomes that are published of a host, such as assisted returns. Raises `Refusal` where none are in
    hand.
    """
    known = sorted(path.stem for path in (_FOLDER / "outcomes").glob("*.yaml"))
    if host not in known:
        raise unknown_name("host with published outcomes", host, known)
    return read_record(_FOLDER / "outcomes" / f"{host}.yaml")


def read_record(path: Path) -> Record:
    """A file of the record.

    Raises `Refusal` where a series lacks meaning, unit, basis, source or maker, or a row has not one number
    or ~ a year.
    """
    return parse_record(read_text(path), path)


def parse_record(text: str, path: Path) -> Record:
    """The record in the text of a file, which stands at `path`. Raises `Refusal` as `read_record`."""
    content = parse_yaml(text, path)
    for key in ("host", "name", "years", "series"):
        if key not in content:
            raise refusal(f"lacks {key!r}", file=path)
    years = _years(content["years"], path)
    rows = content.get("rows", {ALL: "All"})
    for key, table in (("rows", rows), ("series", content["series"])):
        if not isinstance(table, dict):
            raise refusal("must hold keys and values", file=path, path=(key,))
    found = {name: _series(name, raw, years, rows, path) for name, raw in content["series"].items()}
    return Record(content["host"], content["name"], years, rows, found)


def _years(raw: Any, path: Path) -> tuple[int, ...]:
    first, last = (raw.get("first"), raw.get("last")) if isinstance(raw, dict) else (None, None)
    if not (isinstance(first, int) and isinstance(last, int) and _EARLIEST <= first <= last <= _LATEST):
        allowed = "{first: YEAR, last: YEAR}"
        raise refusal(f"{shown(raw)} are no years", file=path, path=("years",), allowed=allowed)
    return tuple(range(first, last + 1))


def _series(name: str, raw: Any, years: Sequence[int], rows: Mapping[str, str], path: Path) -> RecordedSeries:
    place = ("series", name)
    if not isinstance(raw, dict):
        raise refusal("must hold keys and values", file=path, path=place)
    for key in _TEXTS:
        if not raw.get(key):
            raise refusal(f"lacks {key!r}", file=path, path=place)
    if not isinstance(raw.get("values"), dict):
        raise refusal("lacks 'values', a table of row: values by year", file=path, path=place)
    if raw["basis"] not in BASES:
        raise unknown_name("basis", raw["basis"], BASES, file=path, path=(*place, "basis"))
    values = {}
    for row, numbers in raw["values"].items():
        if row not in rows:
            raise unknown_name("row", row, rows, file=path, path=(*place, "values"))
        if not isinstance(numbers, list) or len(numbers) != len(years):
            raise refusal(f"must be a list of {len(years)} values", file=path, path=(*place, "values", row))
        values[row] = tuple(_value(number, path, (*place, "values", row)) for number in numbers)
    texts = {key: raw[key] for key in _TEXTS}
    return RecordedSeries(
        name, **texts, notes=tuple(raw.get("notes", ())), first_year=years[0], values=values
    )


def _value(number: object, path: Path, place: tuple[str, ...]) -> float | None:
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise refusal(f"{shown(number)} is not a number", file=path, path=place, allowed="a number, or ~")
    return float(number)
