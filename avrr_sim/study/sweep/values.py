"""Values of factors, checked one by one, and designs that stand in the rows of a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from avrr_sim.policy import LEVERS, TIMING
from avrr_sim.programmes.amounts import PAID
from avrr_sim.refusals import refusal, shown, unknown_name
from avrr_sim.schema import Given, known_weights, read_number, read_timing, weight_range
from avrr_sim.study.sweep.design import MOST_POINTS, PLACES, Factor

LARGEST_AMOUNT = 1e7  # currency of the programme


def value_reader(item: Given, place: str, name: str) -> Callable[..., Any]:
    """A function that checks one value of a factor and gives it back as a number or timing: f(value, *deeper
    path). Raises `Refusal`.
    """
    if place == "levers":
        if name == TIMING:
            return partial(read_timing, item)
        if name not in LEVERS:
            raise unknown_name("lever", name, [*LEVERS, TIMING], file=item.file, path=item.path[:-1])
        lever = LEVERS[name]
        low, high, unit = lever.low, lever.high, lever.unit
    elif place == "weights":
        if name not in (known := known_weights()):
            raise unknown_name("weight", name, known, file=item.file, path=item.path[:-1])
        (low, high), unit = weight_range(name), known[name].unit
    else:
        if name not in PAID:
            raise unknown_name("amount", name, PAID, file=item.file, path=item.path[:-1])
        low, high, unit = (
            (0.0, 1.0, "share of units")
            if name.endswith("_share")
            else (0.0, LARGEST_AMOUNT, "currency of the programme")
        )
    return lambda value, *deeper: read_number(item, value, low, high, unit, *deeper)


def read_rows(path: Path) -> tuple[list[Factor], list[tuple]]:
    """The factors and points of a CSV file. Columns: a lever by its name, others as weights.NAME and
    amounts.NAME. Raises `Refusal`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise refusal(
            f"cannot be read ({getattr(error, 'strerror', None) or 'not a text in UTF-8'})",
            file=path,
            allowed="a CSV file",
        ) from None
    rows = [row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise refusal("holds no rows", file=path, allowed="a line of factors, then one line a point")
    header = [cell.strip() for cell in rows[0]]
    if len(rows) - 1 > MOST_POINTS:
        raise refusal(f"{len(rows) - 1} points are too many", file=path, allowed=f"up to {MOST_POINTS}")
    places = []
    for column in header:
        place, _, name = column.rpartition(".")
        places.append((place or "levers", name))
        if place and place not in PLACES:
            raise refusal(
                f"unknown column {shown(column)}",
                file=path,
                path=("line 1",),
                allowed="a lever, weights.NAME or amounts.NAME",
            )
        if header.count(column) > 1:
            raise refusal(f"two columns {shown(column)}", file=path, path=("line 1",))
        value_reader(Given(None, ("line 1", column), path, 0), place or "levers", name)
    points = []
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(header):
            raise refusal(f"{len(row)} cells under {len(header)} factors", file=path, path=(f"row {number}",))
        point = []
        for (place, name), column, cell in zip(places, header, row, strict=True):
            item = Given(None, (f"row {number}", column), path, 0)
            point.append(value_reader(item, place, name)(_number(cell.strip())) if cell.strip() else None)
        points.append(tuple(point))
    return [Factor(place, name) for place, name in places], points


def _number(cell: str) -> float | str:
    """A cell as a number where it is one; `nan` and `inf` are words here, and refused as such."""
    try:
        value = float(cell)
    except ValueError:
        return cell
    return value if abs(value) <= LARGEST_AMOUNT else cell
