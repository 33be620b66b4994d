"""Values of factors, checked one by one, and designs that stand in the rows of a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from avrr_sim.files import read_text
from avrr_sim.form_values import every
from avrr_sim.policy import LEVERS, TIMING
from avrr_sim.programmes.amounts import PAID
from avrr_sim.refusals import Refusals, refusal, shown, unknown_name
from avrr_sim.schema import Given, known_weights, read_number, read_timing, weight_range
from avrr_sim.study.sweep.design import MOST_POINTS, PLACES, Factor
from avrr_sim.study.sweep.offer_factors import PLACE, offer_reader

LARGEST_AMOUNT = 1e7  # currency of the programme
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


def read_rows(path: Path) -> tuple[list[Factor], list[tuple[Any, ...]]]:
    """The factors and points of a CSV file. Columns: a lever by its name, others as weights.NAME,
    amounts.NAME and offers.NAME.PART; an empty cell stays as in the baseline. Raises one `Refusal` of all
    that is wrong.
    """
    rows = _rows(path)
    header = [cell.strip() for cell in rows[0]]
    places = every(partial(_place_of, column, header, path) for column in header)
    points = every(
        partial(_point, row, number, places, header, path) for number, row in enumerate(rows[1:], 2)
    )
    return [Factor(place, name) for place, name in places], points


def _rows(path: Path) -> list[list[str]]:
    """Every line of a CSV file that holds something, the line of factors first."""
    text = read_text(path, LARGEST_TABLE).removeprefix("\ufeff")  # a mark that spreadsheets write
    reader = csv.reader(io.StringIO(text))
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
    return rows


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


def _point(
    row: list[str], number: int, places: list[tuple[str, str]], header: list[str], path: Path
) -> tuple[Any, ...]:
    """The point that a row states."""
    if len(row) != len(header):
        raise refusal(f"{len(row)} cells under {len(header)} factors", file=path, path=(f"row {number}",))
    item, wrong = Given(None, (f"row {number}",), path, 0), Refusals()
    point = tuple(
        wrong.attempt(value_reader(item, place, name), _number(cell), column) if cell else None
        for (place, name), column, cell in zip(places, header, map(str.strip, row), strict=True)
    )
    wrong.raise_any()
    return point


def _number(cell: str) -> float | str:
    """A cell as a number where it is one; `nan` and `inf` are words here, and refused as such."""
    try:
        value = float(cell)
    except ValueError:
        return cell
    return value if abs(value) <= LARGEST_AMOUNT else cell
