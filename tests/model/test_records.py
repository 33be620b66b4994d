"""Records handled as plain memory are what numpy makes of them field by field."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from avrr_sim.migrant import MIGRANT
from avrr_sim.records import bits, copied, fill, picked, repeated

PAIR = np.dtype([("a", "i1"), ("b", "f8")], align=True)


@pytest.fixture
def rows() -> np.recarray:
    """Forty records of every field, of arbitrary memory."""
    memory = np.random.default_rng(1).integers(0, 256, 40 * MIGRANT.itemsize, np.uint8)
    return memory.view(MIGRANT).view(np.recarray)


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """Every field bit by bit: what stands between fields is nobody's."""
    return all(one[name].tobytes() == other[name].tobytes() for name in MIGRANT.names)


def test_a_copy_is_equal_of_the_same_kind_and_apart(rows):
    copy = copied(rows)
    assert type(copy) is type(rows) and numba.typeof(copy) == numba.typeof(rows.copy())
    assert same(copy, rows) and not np.shares_memory(copy, rows)
    table = rows.reshape(5, 8)[:, 2:6]
    assert same(copied(table), table) and copied(table).flags.c_contiguous
    assert copied(np.arange(3)[::2]).tolist() == [0, 2]


def test_records_are_picked_by_place_and_by_truth(rows):
    for which in (np.array([3, 3, 0, -1]), rows["id"] > 0, np.array([], np.int64)):
        assert same(picked(rows, which), rows[which])
        assert picked(rows, which).dtype == rows.dtype and type(picked(rows, which)) is np.recarray


def test_records_are_filled_in_place_and_only_by_their_like(rows):
    to = np.zeros_like(rows)
    fill(to[3:7], rows[:4])
    assert same(to[3:7], rows[:4]) and same(to[7:], np.zeros_like(rows)[7:])
    with pytest.raises(TypeError):
        fill(to, np.zeros(40, PAIR))
    for other in (rows[:4], rows[:1]):
        with pytest.raises(ValueError):
            fill(to[:3], other)


def test_bits_tell_apart_what_is_equal_and_are_no_copy_where_none_is_needed():
    table = np.zeros((3, 6), [("a", "f8"), ("b", "f8")]).view(np.recarray)
    table.b[1, 2] = -0.0
    found = bits(table[:, 1:4])
    assert found.shape == (3, 3, 2) and np.shares_memory(found, table)
    assert np.argwhere(found).tolist() == [[1, 1, 1]], "-0.0 is not 0.0 bit by bit"
    assert bits(table[:, ::2]).shape == (3, 3, 2) and bits(table[:, :0]).shape == (3, 0, 2)
    for none in (np.zeros(3, "i1"), np.zeros(3, [("a", "i4")]), np.float64(1.0).reshape(())):
        with pytest.raises(ValueError):
            bits(none)


def test_records_are_repeated(rows):
    three = repeated(rows[:2], 3)
    assert same(three, np.repeat(rows[:2], 3)) and type(three) is np.recarray and three.dtype == rows.dtype
