"""Refusing bad input: one clear message that says where, what, what is allowed, and the nearest valid
name.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LISTED = 45  # names that a message lists
_SHOWN = 60  # characters of a bad value that a message repeats


class Refusal(ValueError):
    """Input that is not accepted. `str(refusal)` is the whole message; the shell prints it and exits with
    2.
    """


def shown(value: object) -> str:
    """A value as a message may repeat it: one line, cut short, with nothing in it that a terminal would act
    upon.
    """
    try:
        text = " ".join(repr(value).split())
    except (ValueError, RecursionError):  # a whole number of thousands of digits; a list that holds itself
        text = f"a {type(value).__name__} too large to show"
    return _cut(text)


def where(path: Iterable[str | int]) -> str:
    """A YAML path such as levers.cash_level[1].from from its parts."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f"{'.' if text else ''}{_cut(_printable(part))}"
    return text


def nearest(name: object, known: Iterable[str]) -> str | None:
    """The known name that looks most like `name`, or None where none is near. Letter case, blanks and dashes
    do not matter.
    """

    def plain(text: object) -> str:
        return str(text)[:_SHOWN].lower().replace("-", "_").replace(" ", "_")

    names = {plain(each): each for each in known}
    found = difflib.get_close_matches(plain(name), list(names), n=1, cutoff=0.6)
    return names[found[0]] if found else None


def refusal(
    problem: str,
    *,
    file: object = None,
    path: Iterable[str | int] = (),
    allowed: str | None = None,
    suggestion: str | None = None,
) -> Refusal:
    """A `Refusal` whose message is: file: path: problem; allowed: ...; did you mean ...?"""
    place = where(path)
    message = ": ".join(part for part in (str(file) if file is not None else "", place, problem) if part)
    if allowed:
        message += f"; allowed: {allowed}"
    if suggestion:
        message += f"; did you mean {suggestion!r}?"
    return Refusal(_printable(message))


def unknown_name(
    what: str, name: object, known: Iterable[str], *, file: object = None, path: Iterable[str | int] = ()
) -> Refusal:
    """Refuse a name that is not among the known ones, with the nearest of them."""
    names = sorted(known)
    listed = ", ".join(names) if len(names) <= _LISTED else f"one of {len(names)} names"
    return refusal(
        f"unknown {what} {shown(name)}", file=file, path=path, allowed=listed, suggestion=nearest(name, names)
    )


def out_of_range(
    value: float, low: float, high: float, unit: str, *, file: object = None, path: Iterable[str | int] = ()
) -> Refusal:
    """Refuse a number outside [low, high]; `unit` is that of the number."""
    return refusal(
        f"{shown(value)} is out of range", file=file, path=path, allowed=f"{low:g} to {high:g} ({unit})"
    )


def _printable(text: object) -> str:
    """Text on one line, its unprintable characters as escapes."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in str(text))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
