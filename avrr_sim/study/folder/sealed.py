"""Parquet files with a seal: a checksum over every byte of a file stands in the file itself, so that a bit
that has turned is noticed, be it in a value, in a count of rows or in what the file says of itself.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from avrr_sim.refusals import refusal
from avrr_sim.study.folder.whole import write_whole

_KEY = b"avrr_sim.seal"
_MARK = b"avrr_sim.seal:sha256:"
_BLANK = b"0" * 64  # stands where the checksum will, while it is worked out


class Damaged(ValueError):
    """A file is not as it was written; the message says how."""


def write_sealed(table: pa.Table, path: Path) -> None:
    """Write a table as Parquet with its checksum, whole or not at all."""
    # the seal comes last, so that nothing that a user wrote stands between it and the end
    told = {**(table.schema.metadata or {}), _KEY: _MARK + _BLANK}
    buffer = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(told), buffer)
    data = buffer.getvalue().to_pybytes()
    at = data.rindex(_MARK) + len(_MARK)
    write_whole(path, data[:at] + hashlib.sha256(data).hexdigest().encode() + data[at + len(_BLANK) :])


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    """Write a frame as Parquet with its checksum, without its index, whole or not at all."""
    write_sealed(pa.Table.from_pandas(table, preserve_index=False), path)


def checked_bytes(path: Path) -> tuple[bytes, bool]:
    """(the bytes of a plain file, whether they carry a checksum), compared with it where they do. Raises
    Damaged where they differ from what was written, OSError where the file cannot be read.
    """
    if not path.is_file():
        raise FileNotFoundError(f"no such file: {path.name}") if not path.exists() else Damaged("is no file")
    data = path.read_bytes()
    if (at := data.rfind(_MARK)) < 0:
        return data, False
    at += len(_MARK)
    blank = data[:at] + _BLANK + data[at + len(_BLANK) :]
    if hashlib.sha256(blank).hexdigest().encode() != data[at : at + len(_BLANK)]:
        raise Damaged("is not as it was written: its checksum is another")
    return data, True


def read_checked(path: Path) -> pa.Table:
    """The table in a Parquet file. One without a checksum, which an older version left, is read as it stands.
    Raises `Refusal` where it is missing, damaged or no Parquet.
    """
    try:
        return pq.read_table(pa.BufferReader(checked_bytes(path)[0]))
    except FileNotFoundError:
        raise refusal(
            f"lacks {path.name}", file=path.parent, allowed="the folder as it was written"
        ) from None
    except (OSError, ValueError) as error:  # pyarrow's own errors are among these
        problem = str(error) if isinstance(error, Damaged) else "cannot be read"
        raise refusal(problem, file=path, allowed="the file as it was written") from None


def without_seal(folder: Path) -> list[str]:
    """Names of the tables of a folder that carry no checksum."""
    return [path.name for path in sorted(folder.glob("*.parquet")) if _MARK not in path.read_bytes()]
