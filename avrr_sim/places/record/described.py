"""A series on its way into the record, and the record as YAML text."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from avrr_sim.places.record.tables import FIRST_YEAR, LAST_YEAR, YEARS


@dataclass(frozen=True)
class Described:
    """A series with all that its file says of it: `frame` has one row a key of the record and one column a
    year; values are written with `decimals` digits.
    """

    name: str
    meaning: str
    unit: str
    basis: str
    source: str
    maker: str
    frame: pd.DataFrame
    decimals: int = 0
    notes: tuple[str, ...] = ()


def unpublished(frame: pd.DataFrame) -> str:
    """A sentence on the years in which nobody has a value; empty where there are none."""
    empty = [year for year in YEARS if bool(frame[year].isna().all())]
    return f"No value in {spans(empty)}" if empty else ""


def without(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """A sentence on the rows that have no value in any year; empty where there are none."""
    empty = [names[row] for row in frame.index if bool(frame.loc[row].isna().all())]
    return f"No value for {', '.join(empty)}" if empty else ""


def spans(years: Sequence[int]) -> str:
    """Years as text, runs of them shortened: 2002-2005, 2007."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


MADE = "by `python -m avrr_sim.places.record.make FOLDER` from public tables"


def yaml_text(
    key: str, name: str, rows: Mapping[str, str], series: Sequence[Described], made: str = MADE
) -> str:
    """A file of the record, `made` so. A row in which a series has no value at all is left out of it."""
    lines = [
        f"# Made {made}; not written by hand. ~ = no value.",
        f"host: {key}",
        f"name: {name}",
        f"years: {{first: {FIRST_YEAR}, last: {LAST_YEAR}}}",
        "rows:",
        *(f"  {row}: {_quoted(text)}" for row, text in rows.items()),
        "series:",
    ]
    for each in series:
        notes = [note for note in (*each.notes, unpublished(each.frame)) if note]
        lines += [
            f"  {each.name}:",
            *(
                f"    {part}: {_quoted(getattr(each, part))}"
                for part in ("meaning", "unit", "basis", "source", "maker")
            ),
            f"    notes: [{', '.join(map(_quoted, notes))}]",
        ]
        known = [row for row in rows if row in each.frame.index and each.frame.loc[row].notna().any()]
        lines.append("    values:" if known else "    values: {}")
        for row in known:
            numbers = ", ".join(_number(value, each.decimals) for value in each.frame.loc[row])
            lines.append(f"      {row}: [{numbers}]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _number(value: float, decimals: int) -> str:
    if math.isnan(value):
        return "~"
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text
