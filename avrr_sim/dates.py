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
