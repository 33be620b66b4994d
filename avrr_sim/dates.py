"""Calendar months as whole numbers: 2012-01 is 2012 * 12 + 0."""

from __future__ import annotations

import re

_FORM = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def month_number(text: str) -> int:
    """The number of a month written YYYY-MM. Raises ValueError where it is not written so."""
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError(f"{text!r} is not a month; write YYYY-MM, such as 2012-01")
    return int(found[1]) * 12 + int(found[2]) - 1


def month_text(number: int) -> str:
    """A month's number as YYYY-MM."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


_HALF_FORM = re.compile(r"([0-9]{4}-[0-9]{2})(-15)?")


def half_number(text: str) -> int:
    """The number of a half month, 2 x its month's and 1 more for the second half, that begins at a date
    written YYYY-MM, or YYYY-MM-15 for the middle of the month. Raises ValueError where it is not written so.
    """
    found = _HALF_FORM.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError(f"{text!r} is not a date; write YYYY-MM, or YYYY-MM-15 for the middle of the month")
    return 2 * month_number(found[1]) + (1 if found[2] else 0)


def half_text(number: int) -> str:
    """The date at which a half month begins, as YYYY-MM or YYYY-MM-15."""
    return month_text(number // 2) + ("-15" if number % 2 else "")
