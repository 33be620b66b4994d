"""exp, log and cos, worked out by additions and multiplications alone, so that a page gives the same numbers
in every browser.

They are those of fdlibm, of which the notice below is kept. Each is within one unit in the last place of the
true value; the functions of the processor's own library, which the command line uses, are nearer to it, so
the two may differ in the last bit. Arguments are those that rules have: see each function.

    Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved.
    Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute
    this software is freely granted, provided that this notice is preserved.
"""

from __future__ import annotations

from avrr_sim.browser.bits import double_of, whole_of
from avrr_sim.compiled import rule

_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_ONE_BY_LN2 = 1.44269504088896338700
_P1, _P2, _P3 = 1.66666666666666019037e-01, -2.77777777770155933842e-03, 6.61375632143793436117e-05
_P4, _P5 = -1.65339022054652515390e-06, 4.13813679705723846039e-08
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


@rule
def times_power(x, k):
    """x times 2 to the k, for k from -1022 to 1024 and a result that is no subnormal number."""
    if k == 1024:
        return x * 2.0 * double_of(2046 << 52)
    return x * double_of((k + _EXPONENT) << 52)


@rule
def exp(x):
    """The exponential of x in [-700, 700] (see `chance.safe_exp`), or of NaN."""
    if x != x:
        return x
    k = int(_ONE_BY_LN2 * x + (0.5 if x >= 0.0 else -0.5))
    high, low = x - k * _LN2_HIGH, k * _LN2_LOW
    r = high - low
    t = r * r
    c = r - t * (_P1 + t * (_P2 + t * (_P3 + t * (_P4 + t * _P5))))
    if k == 0:
        return 1.0 - ((r * c) / (c - 2.0) - r)
    return times_power(1.0 - ((low - (r * c) / (2.0 - c)) - high), k)


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
