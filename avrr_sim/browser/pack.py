"""Tables packed into few bytes of text, to be carried by a page (`web/src/pack.js` unpacks them).

A table is laid out by planes: the first bytes of all records, then all second bytes, each as its difference
(exclusive or) from the record before. Series hardly change from month to month and draws share their leading
bytes, so that what is left deflates to little. Equal tables are kept once.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from typing import Any

import numpy as np


class Packer:
    """Takes tables, each under the number that it gives, and hands them out as one text."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._parts: list[bytes] = []
        self._at = 0
        self.tables: list[dict[str, Any]] = []

    def add(self, table: np.ndarray) -> int:
        """Keep a table, of numbers or of records. Returns its number: that of an equal one, if there is."""
        content = np.ascontiguousarray(table)
        told = f"{content.dtype.str} {content.shape}"
        key = hashlib.sha256(told.encode() + content.tobytes()).hexdigest()
        if key not in self._numbers:
            self._numbers[key] = len(self.tables)
            part, size = planes(content), content.itemsize
            kind = "record" if content.dtype.names else content.dtype.str.lstrip("<|")
            self.tables.append(
                {"kind": kind, "shape": list(content.shape), "size": size, "at": self._at, "bytes": len(part)}
            )
            self._parts.append(part)
            self._at += len(part)
        return self._numbers[key]

    def text(self) -> str:
        """All tables, deflated, as base64."""
        return base64.b64encode(zlib.compress(b"".join(self._parts), 9)).decode("ascii")


def planes(table: np.ndarray) -> bytes:
    """The bytes of a table by planes, each record as its difference from the one before."""
    size = table.itemsize
    rows = np.frombuffer(table.tobytes(), np.uint8).reshape(-1, size)
    differences = rows.copy()
    differences[1:] ^= rows[:-1]
    return np.ascontiguousarray(differences.T).tobytes()
