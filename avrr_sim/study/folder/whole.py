"""Files that are there whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path to write to; what was written stands at `path` afterwards, whole, or not at all where something
    was raised.

    The part is hidden, so that a folder of tables stays readable while it is written and after a crash.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())  # or a power cut could leave the name without the content
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_whole(path: Path, data: bytes | str) -> None:
    """Write a file so that it is there whole or not at all."""
    with whole(path) as part:
        part.write_bytes(data.encode() if isinstance(data, str) else data)


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet, whole or not at all."""
    with whole(path) as part:
        table.to_parquet(part, index=False)
