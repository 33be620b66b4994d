"""Files that are there whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from pandas.api.types import is_numeric_dtype

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a formula of a spreadsheet begins; those of full width count too."""


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path to write to; what was written stands at `path` afterwards, whole, or not at all where something
    was raised.

    The part is hidden, so that a folder of tables stays readable while it is written and after a crash.
    """
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)  # it could be a link to elsewhere
    try:
        yield part
        with part.open("r+b") as file:  # Windows flushes only what may be written to
            os.fsync(file.fileno())  # or a power cut could leave the name without the content
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_whole(path: Path, data: bytes | str) -> None:
    """Write a file so that it is there whole or not at all. A letter that is none, such as one of a file's
    name that is not UTF-8, is written as its number.
    """
    with whole(path) as part:
        part.write_bytes(data.encode(errors="backslashreplace") if isinstance(data, str) else data)


def write_csv(table: pd.DataFrame, path: Path, float_format: str | None = None) -> None:
    """Write a table as CSV, whole or not at all. A text or head of a column that a spreadsheet would take for
    a formula begins with a quotation mark, which it takes for the sign of a text.
    """
    quoted = table.rename(columns=no_formula)
    for number, kind in enumerate(quoted.dtypes):
        if not is_numeric_dtype(kind):  # truths are numbers too
            quoted.isetitem(number, quoted.iloc[:, number].map(no_formula, na_action="ignore"))
    write_whole(path, quoted.to_csv(index=False, lineterminator="\n", float_format=float_format))


def no_formula(value: object) -> object:
    """A text that a spreadsheet would take for a formula, marked as text; anything else as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
