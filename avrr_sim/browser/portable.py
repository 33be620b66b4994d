"""exp, log and cos, worked out by plain arithmetic alone, so that a page gives the same numbers
in every browser.

log and cos are those of fdlibm, of which the notice below is kept; exp is by a table (P. T. P. Tang 1989,
"Table-driven implementation of the exponential function in IEEE floating-point arithmetic", ACM Transactions
on Mathematical Software 15). Each is within one unit in the last place of what the processor's own library
gives, which the command line uses: the two may differ in the last bit. Arguments are those that rules have:
see each function.

    Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved.
    Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute
    this software is freely granted, provided that this notice is preserved.
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np

from avrr_sim.browser.bits import double_of, whole_of
from avrr_sim.compiled import rule

_N = 128  # a power of 2, of which the shift below is the exponent
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_L1, _L2, _L3 = 6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01
_L4, _L5, _L6 = 2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01
_L7 = 1.479819860511658591e-01
_C1, _C2, _C3 = 4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05
_C4, _C5, _C6 = -2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11
_S1, _S2, _S3 = -1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04
_S4, _S5, _S6 = 2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10
_HALF_PI_HIGH, _HALF_PI_LOW = 1.57079632673412561417e00, 6.07710050650619224932e-11

_FRACTION, _EXPONENT = 0x000FFFFFFFFFFFFF, 1023
_ROOT_HALF_UP = 0x6A09E667F3BCD  # the fraction bits of the square root of 2


def _powers() -> tuple[np.ndarray, np.ndarray]:
    """2 to the k/N, for k from 0 to N - 1: bits of the nearest doubles, and by what share each is short."""
    with localcontext() as context:
        context.prec = 40
        exact = [Decimal(2) ** (Decimal(k) / _N) for k in range(_N)]
        near = [float(each) for each in exact]
        short = [float(each / Decimal(there) - 1) for each, there in zip(exact, near, strict=True)]
    return np.array([whole_of(each) for each in near], np.int64), np.array(short)


_POWERS, _SHORT = _powers()
_N_BY_LN2 = _N / math.log(2.0)
_LN2_HIGH_N, _LN2_LOW_N = _LN2_HIGH / _N, _LN2_LOW / _N


@rule
def exp(x):
    """The exponential of x in [-700, 700] (see `chance.safe_exp`), or of NaN: 2 to the nearest
    multiple of 1/N, from a table, times a short series of what is left.
    """
    if x != x:
        return x
    whole = int(math.floor(_N_BY_LN2 * x + 0.5))
    place = whole & (_N - 1)
    r = (x - whole * _LN2_HIGH_N) - whole * _LN2_LOW_N
    square = r * r
    series = square * (0.5 + r * (1.0 / 6.0)) + square * square * (1.0 / 24.0 + r * (1.0 / 120.0))
    power = double_of(_POWERS[place] + ((whole >> 7) << 52))
    return power + power * (_SHORT[place] + r + series)


@rule
def log(x):
    """The natural logarithm of x, a positive number that is not subnormal; of NaN and infinity these
    themselves.
    """
    if not x < 1.7976931348623157e308:
        return x
    bits = whole_of(x)
    k, fraction = (bits >> 52) - _EXPONENT, bits & _FRACTION
    if fraction >= _ROOT_HALF_UP:  # from the root of a half to that of 2
        k += 1
        f = double_of(fraction | ((_EXPONENT - 1) << 52)) - 1.0
    else:
        f = double_of(fraction | (_EXPONENT << 52)) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    odd = w * (_L2 + w * (_L4 + w * _L6))
    even = z * (_L1 + w * (_L3 + w * (_L5 + w * _L7)))
    half = 0.5 * f * f
    return k * _LN2_HIGH - ((half - (s * (half + (odd + even)) + k * _LN2_LOW)) - f)


@rule
def cos_near(x, rest):
    """The cosine of x + rest, for x within a quarter of pi of 0."""
    z = x * x
    r = z * (_C1 + z * (_C2 + z * (_C3 + z * (_C4 + z * (_C5 + z * _C6)))))
    half = 0.5 * z
    w = 1.0 - half
    return w + (((1.0 - w) - half) + (z * r - x * rest))


@rule
def sin_near(x, rest):
    """The sine of x + rest, for x within a quarter of pi of 0."""
    z = x * x
    v = z * x
    r = _S2 + z * (_S3 + z * (_S4 + z * (_S5 + z * _S6)))
    return x - ((z * (0.5 * rest - v * r) - rest) - v * _S1)


@rule
def cos(x):
    """The cosine of x in [0, 2 pi] (see `chance.normal`)."""
    quarter = int(x * (2.0 / 3.141592653589793) + 0.5)
    high = x - quarter * _HALF_PI_HIGH
    low = quarter * _HALF_PI_LOW
    near = high - low
    rest = (high - near) - low
    if quarter == 1:
        return -sin_near(near, rest)
    if quarter == 2:
        return -cos_near(near, rest)
    if quarter == 3:
        return sin_near(near, rest)
    return cos_near(near, rest)
