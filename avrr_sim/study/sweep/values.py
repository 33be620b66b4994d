"""Values of factors, checked one by one, and designs that stand in the rows of a CSV file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from avrr_sim.files import read_text
from avrr_sim.policy import LEVERS, TIMING
from avrr_sim.programmes.amounts import PAID
from avrr_sim.refusals import Refusals, refusal, shown, unknown_name
from avrr_sim.schema import Given, known_weights, read_number, read_timing, weight_range
from avrr_sim.study.sweep.design import MOST_POINTS, PLACES, Factor
from avrr_sim.study.sweep.offer_factors import PLACE, offer_reader

LARGEST_AMOUNT = 1e7  # currency of the programme
NOTE = "note"
"""A column of a CSV file that is for people."""
LARGEST_TABLE = 50_000_000  # bytes of a CSV file: every allowed point, of a hundred factors and more


def names_of(place: str) -> list[str]:
    """What may vary in a place; of offers, whose names a scenario gives, nothing is known here."""
    known = {"levers": [*LEVERS, TIMING], "weights": list(known_weights()), "amounts": list(PAID), PLACE: []}
    return known[place]


def range_of(place: str, name: str) -> tuple[float, float, str]:
    """(smallest value, largest value, unit) of what may vary; not of the timing of information, which is a
    word. Raises KeyError for an unknown name.
    """
    if place == "levers":
        lever = LEVERS[name]
        return lever.low, lever.high, lever.unit
    if place == "weights":
        return *weight_range(name), known_weights()[name].unit
    if name.endswith("_share"):
        return 0.0, 1.0, "share of units"
    return 0.0, LARGEST_AMOUNT, "currency of the programme"


def value_reader(item: Given, place: str, name: str) -> Callable[..., Any]:
    """A function that checks one value of a factor and gives it back as a number or timing: f(value, *deeper
    path). Raises `Refusal` for a name that is unknown in the place.
    """
    if place == PLACE:
        return offer_reader(item, name)
    if name not in (known := names_of(place)):
        raise unknown_name(place[:-1], name, known, file=item.file, path=item.path[:-1])
    if (place, name) == ("levers", TIMING):
        return partial(read_timing, item)
    low, high, unit = range_of(place, name)
    return lambda value, *deeper: read_number(item, value, low, high, unit, *deeper)


def read_rows(path: Path) -> tuple[list[Factor], list[tuple[Any, ...]], str]:
    """(factors, points, how it was read where that is not plain CSV) of a CSV file. Columns: a lever by its
    name, others as weights.NAME, amounts.NAME and offers.NAME.PART; an empty cell stays as in the baseline,
    and a column `note` is for people. Cells may be parted by semicolons or tabs, as spreadsheets of many
    countries do; numbers have decimal commas then, or points. Raises one `Refusal` of all that is wrong.
    """
    rows, commas, told = _rows(path)
    whole = [cell.strip() for cell in rows[0]]
    columns = [i for i, column in enumerate(whole) if column.lower() != NOTE]
    header = [whole[i] for i in columns]
    if not columns:
        raise refusal(
            "has no column but notes", file=path, allowed="a line of factors, then one line a point"
        )
    wrong = Refusals()
    places = [wrong.attempt(_place_of, column, header, path) for column in header]
    known = [place or ("", "") for place in places]
    points = [
        wrong.attempt(_point, row, number, (columns, known, header, len(whole)), path, commas)
        for number, row in enumerate(rows[1:], 2)
    ]
    wrong.raise_any()
    factors = [Factor(place, name) for place, name in known]
    return factors, [point for point in points if point is not None], told


def _rows(path: Path) -> tuple[list[list[str]], bool, str]:
    """(every line of a CSV file that holds something, the line of factors first; whether its numbers have
    decimal commas; how it was read where that is not plain CSV).
    """
    text = read_text(path, LARGEST_TABLE).removeprefix("\ufeff")  # a mark that spreadsheets write
    first = text.lstrip().split("\n", 1)[0]
    between = ";" if ";" in first else "\t" if "\t" in first and "," not in first else ","
    reader = csv.reader(io.StringIO(text), delimiter=between)
    try:
        rows = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:  # such as a cell of more than 131,072 characters
        raise refusal(
            f"line {reader.line_num} cannot be read ({error})", file=path, allowed="a CSV file"
        ) from None
    if len(rows) < 2:
        raise refusal("holds no rows", file=path, allowed="a line of factors, then one line a point")
    if len(rows) - 1 > MOST_POINTS:
        raise refusal(f"{len(rows) - 1} points are too many", file=path, allowed=f"up to {MOST_POINTS}")
    commas = between != "," and any(_DECIMAL_COMMA.fullmatch(cell.strip()) for row in rows for cell in row)
    told = f"cells parted by {_BETWEEN[between]}" if between != "," else ""
    return rows, commas, told + (", decimal commas" if commas else "")


_BETWEEN = {";": "semicolons", "\t": "tabs"}
_DECIMAL_COMMA = re.compile(r"[-+]?\d*,\d+")


def _place_of(column: str, header: list[str], path: Path) -> tuple[str, str]:
    """(place, name) of a column."""
    place, _, name = column.partition(".") if column.startswith(f"{PLACE}.") else column.rpartition(".")
    if place and place not in PLACES:
        raise refusal(
            f"unknown column {shown(column)}",
            file=path,
            path=("line 1",),
            allowed="a lever, weights.NAME, amounts.NAME or offers.NAME.PART",
        )
    if header.count(column) > 1:
        raise refusal(f"two columns {shown(column)}", file=path, path=("line 1",))
    value_reader(Given(None, ("line 1", column), path, 0), place or "levers", name)
    return place or "levers", name


_Head = tuple[list[int], list[tuple[str, str]], list[str], int]
"""Which columns are factors, what each varies ("" where that is not known), their heads, and how many columns
there are in all."""


def _point(row: list[str], number: int, head: _Head, path: Path, commas: bool) -> tuple[Any, ...]:
    """The point that a row states."""
    columns, places, header, width = head
    if len(row) != width:
        raise refusal(
            f"{len(row)} cells under {width} columns",
            file=path,
            path=(f"row {number}",),
            allowed="a cell a column; a decimal comma needs semicolons between cells",
        )
    item, wrong = Given(None, (f"row {number}",), path, 0), Refusals()
    cells = [row[i].strip() for i in columns]
    point = tuple(
        wrong.attempt(_value, item, place, name, cell, column, commas) if cell and name else None
        for (place, name), column, cell in zip(places, header, cells, strict=True)
    )
    wrong.raise_any()
    return point


def _value(item: Given, place: str, name: str, cell: str, column: str, commas: bool) -> Any:
    """The value in a cell. In a table with decimal commas a point could part thousands, and is refused."""
    if commas and re.fullmatch(r"[-+]?\d+\.\d+", cell):
        problem = f"{shown(cell)} has a point where other cells have decimal commas"
        raise item.refuse(problem, column, allowed="one mark for decimals in all cells")
    return value_reader(item, place, name)(_number(cell.replace(",", ".") if commas else cell), column)


def _number(cell: str) -> float | str:
    """A cell as a number where it is one; `nan` and `inf` are words here, and refused as such."""
    try:
        value = float(cell)
    except ValueError:
        return cell
    return value if abs(value) <= LARGEST_AMOUNT else cell
