"""The 64 bits of a double: as a whole number, and back."""

from __future__ import annotations

import struct
from typing import Any

from numba.core import types
from numba.extending import intrinsic, overload


def whole_of(x: float) -> int:
    """The bits of a double as a whole number with a sign."""
    return int(struct.unpack("<q", struct.pack("<d", x))[0])


def double_of(bits: int) -> float:
    """The double of these bits."""
    return float(struct.unpack("<d", struct.pack("<q", bits))[0])


@intrinsic
def _bits_of(context, x):
    def code(context, builder, signature, args):
        return builder.bitcast(args[0], context.get_value_type(types.int64))

    return types.int64(types.float64), code


@intrinsic
def _of_bits(context, bits):
    def code(context, builder, signature, args):
        return builder.bitcast(args[0], context.get_value_type(types.float64))

    return types.float64(types.int64), code


# seen from outside, an intrinsic takes no context
_bits: Any = _bits_of
_of: Any = _of_bits


@overload(whole_of, inline="always")
def _whole_of(x):
    return lambda x: _bits(x)


@overload(double_of, inline="always")
def _double_of(bits):
    return lambda bits: _of(bits)
