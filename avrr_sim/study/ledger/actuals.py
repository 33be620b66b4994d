"""What came: figures that were published later, from a CSV file with the columns series, year, value,
source and, if wanted, note. A row without a value is one that is not known yet.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from avrr_sim.files import check_plain, read_text
from avrr_sim.refusals import Refusals, refusal, shown, unknown_name
from avrr_sim.study.ledger.forecast import Forecast

COLUMNS = ("series", "year", "value", "source")
_LARGEST = 1e9


@dataclass(frozen=True)
class Actual:
    """One figure that came, in the unit of its series."""

    series: str
    year: int
    value: float
    source: str


def template(forecast: Forecast) -> str:
    """An empty file of actual figures for a forecast."""
    rows = [f"{_quoted(name)},{year},," for name in forecast.series for year in forecast.years]
    return "\n".join([",".join(COLUMNS), *rows]) + "\n"


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"' if {",", '"'} & set(name) else name


def read_actuals(file: Path, forecast: Forecast) -> list[Actual]:
    """The figures in a file. Raises one `Refusal` of whatever is wrong, by line."""
    rows = list(csv.reader(io.StringIO(read_text(file))))
    head = [cell.strip() for cell in rows[0]] if rows else []
    if head[: len(COLUMNS)] != list(COLUMNS) or head[len(COLUMNS) :] not in ([], ["note"]):
        raise refusal(
            f"begins with {shown(','.join(head))}",
            file=file,
            allowed=f"the columns {','.join(COLUMNS)} and, if wanted, note (`avrr score FILE --template`)",
        )
    check_plain({"rows": rows}, file=file)
    wrong, found = Refusals(), []
    for line, row in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in row):
            actual = wrong.attempt(_actual, [cell.strip() for cell in row], line, file, forecast)
            found += [actual] if actual is not None else []
    wrong.attempt(_check_once, found, file)
    wrong.raise_any()
    if not found:
        raise refusal("holds no figure", file=file, allowed="a value and its source in one row or more")
    return found


def _actual(row: list[str], line: int, file: Path, forecast: Forecast) -> Actual | None:
    at = (f"line {line}",)
    if not len(COLUMNS) <= len(row) <= len(COLUMNS) + 1:
        raise refusal(f"has {len(row)} columns", file=file, path=at, allowed=",".join(COLUMNS))
    name, year, text, source = row[: len(COLUMNS)]
    if name not in forecast.series:
        raise unknown_name("series", name, forecast.series, file=file, path=at)
    if year not in forecast.series[name].years:
        years = ", ".join(forecast.series[name].years)
        raise refusal(f"{shown(year)} is not forecast", file=file, path=at, allowed=years)
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= _LARGEST:
        raise refusal(
            f"{shown(text)} is no figure", file=file, path=at, allowed="a plain number such as 1167"
        )
    if not source:
        raise refusal("lacks its source", file=file, path=at, allowed="who published it, and where")
    return Actual(name, int(year), value, source)


def _check_once(found: Iterable[Actual], file: Path) -> None:
    seen: set[tuple[str, int]] = set()
    for each in found:
        if (each.series, each.year) in seen:
            raise refusal(
                f"{each.series} {each.year} stands there twice", file=file, allowed="one figure each"
            )
        seen.add((each.series, each.year))
