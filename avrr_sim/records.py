"""Arrays of records handled as plain memory. numpy copies and picks records field by field, which takes
thirty times as long for thousands of records of eighty fields.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np

Array = TypeVar("Array", bound=np.ndarray)
_WORD = np.dtype(np.int64)


def _plain(records: np.ndarray) -> np.ndarray:
    """The same memory as items without fields."""
    return records.view(np.ndarray).view(f"V{records.dtype.itemsize}")


def copied(records: Array) -> Array:
    """A copy of an array of records, of its kind and with what stands between its fields; of any other array
    an ordinary one.
    """
    if records.dtype.names is None:
        return records.copy()
    return _plain(records).copy().view(records.dtype).view(type(records))


def picked(records: Array, which: np.ndarray) -> Array:
    """The records at some places, or where truths say so: a copy, of one axis."""
    return _plain(records)[which].view(records.dtype).view(type(records))


def repeated(records: Array, times: int) -> Array:
    """Each record so many times."""
    return _plain(records).repeat(times).view(records.dtype).view(type(records))


def fill(records: np.ndarray, by: np.ndarray) -> None:
    """Overwrite records by as many of the same fields. Raises TypeError where the fields are others, and
    ValueError where the number is.
    """
    if records.dtype != by.dtype:
        raise TypeError(f"records of {by.dtype} do not fit into records of {records.dtype}")
    if records.shape != by.shape:
        raise ValueError(f"records of shape {by.shape} do not fill those of {records.shape}")
    _plain(records)[...] = _plain(by)


def same_bits(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two tables of numbers of 64 bits are the same to the last one."""
    return one.shape == other.shape and np.array_equal(bits(one), bits(other))


def bits(records: np.ndarray) -> np.ndarray:
    """Records of numbers of 64 bits bit by bit: one axis more, of whole numbers, without a copy where the
    last axis lies in one piece. Raises ValueError where a record is no such words.
    """
    plain = records.view(np.ndarray)
    if not plain.ndim or plain.dtype.itemsize % _WORD.itemsize:
        raise ValueError(f"an array of {plain.dtype} of shape {plain.shape} is no table of such numbers")
    if plain.strides[-1:] != (plain.dtype.itemsize,):
        plain = np.ascontiguousarray(plain)
    return plain.view(_WORD).reshape(*plain.shape, plain.dtype.itemsize // _WORD.itemsize)
