"""Refusing bad input: one clear message that says where, what, what is allowed, and the nearest valid
name.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import ParamSpec, TypeVar

_LISTED = 45  # names that a message lists
_SHOWN = 60  # characters of a bad value that a message repeats


_Asked = ParamSpec("_Asked")
_Read = TypeVar("_Read")


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong: what, in which file and where in it, what is allowed, and what was perhaps
    meant. `str(mistake)` is its line of the message.
    """

    problem: str
    file: object = None
    path: tuple[str | int, ...] = ()
    allowed: str | None = None
    suggestion: str | None = None

    def __str__(self) -> str:
        told = (str(self.file) if self.file is not None else "", where(self.path), self.problem)
        message = ": ".join(part for part in told if part)
        if self.allowed:
            message += f"; allowed: {self.allowed}"
        if self.suggestion:
            message += f"; did you mean {self.suggestion!r}?"
        return printable(message)

    def within(self, file: object, path: Iterable[str | int]) -> Mistake:
        """The same mistake, found by something that knew neither the file nor where in it it looked."""
        return replace(self, file=file, path=(*path, *self.path))


class Refusal(ValueError):
    """Input that is not accepted. `str(refusal)` is the whole message, a line for each of its `mistakes`; the
    shell prints it and exits with 2.
    """

    mistakes: tuple[Mistake, ...] = ()


class Refusals:
    """Gathers refusals, so that a reader hears of everything that is wrong at once.

    wrong = Refusals()
    start = wrong.attempt(read_month, item)   # None where it is refused
    ...
    wrong.raise_any()
    """

    def __init__(self) -> None:
        self._mistakes: dict[Mistake, None] = {}

    def __bool__(self) -> bool:
        return bool(self._mistakes)

    def attempt(
        self, read: Callable[_Asked, _Read], *args: _Asked.args, **kwargs: _Asked.kwargs
    ) -> _Read | None:
        """What `read` gives, or None where it refuses; then its mistakes are kept."""
        try:
            return read(*args, **kwargs)
        except Refusal as error:
            self.add(error)
            return None

    def add(self, error: Refusal) -> None:
        """Keep the mistakes of a refusal, each once."""
        self._mistakes |= dict.fromkeys(error.mistakes or (Mistake(str(error)),))

    def add_some(self, others: Refusals, kept: Callable[[Mistake], bool]) -> None:
        """Keep those mistakes of others of which `kept` holds."""
        self._mistakes |= {each: None for each in others._mistakes if kept(each)}

    def raise_any(self) -> None:
        """Raise one `Refusal` of all mistakes that were kept; do nothing where there are none."""
        if self._mistakes:
            raise refusal_of(self._mistakes)


def refusal_of(mistakes: Iterable[Mistake]) -> Refusal:
    """One `Refusal` of several mistakes."""
    kept = tuple(mistakes)
    found = Refusal("\n".join(str(mistake) for mistake in kept))
    found.mistakes = kept
    return found


def shown(value: object) -> str:
    """A value as a message may repeat it: one line, cut short, with nothing in it that a terminal would act
    upon.
    """
    try:
        text = value.text if isinstance(value, Pointed) else " ".join(repr(value).split())
    except (ValueError, RecursionError):  # a whole number of thousands of digits; a list that holds itself
        text = f"a {type(value).__name__} too large to show"
    return _cut(text)


class Pointed(float):
    """A number that a file writes with a point before its last three digits, such as 15.000, which is fifteen
    and may have been meant as fifteen thousand. `text`: as it is written.
    """

    text: str

    def __new__(cls, text: str) -> Pointed:
        """The number that the text says, which remembers the text."""
        made = super().__new__(cls, text)
        made.text = text
        return made

    def __reduce__(self) -> tuple[type[Pointed], tuple[str]]:
        return Pointed, (self.text,)

    def refused(self) -> Refusal:
        """What is said of it where thousands are common and three decimals are not."""
        return refusal(
            f"{self.text} is {self:g} with decimals, not thousands",
            allowed=f"{self.text.replace('.', '')}, with nothing between the thousands, or {self:g}",
        )

    @staticmethod
    def is_one(text: str) -> bool:
        """Whether a number is written so that its point may part thousands."""
        return _POINTED.fullmatch(text) is not None


_POINTED = re.compile(r"[-+]?[1-9]\d{0,2}\.\d{3}")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:[ ,.'\u00a0\u202f]\d{3})+")


def hint_on(value: object) -> str:
    """How a text that was meant as a number is written as one, or thousands parted by a point as a whole one,
    to stand behind what is said of it; empty where there is nothing to say.
    """
    if isinstance(value, Pointed):
        return f" (the point begins decimals; for thousands write {value.text.replace('.', '')})"
    if not isinstance(value, str):
        return ""
    text = value.strip()
    if "%" in text:
        return " (write 0.5, not 50 %)"
    if _THOUSANDS.fullmatch(text):
        return f" (write {re.sub('[^-+0-9]', '', text)}, with nothing between the thousands)"
    if re.match(r"[-+\d]+,\d", text):
        return " (write a point, not a comma)"
    return " (take the quotes away, or write it in digits)" if re.match(r"[-+.\d]", text) else ""


def hint_on_key(key: object) -> str:
    """The same of a key without a value, which may be what a comma in a number has split off: {level: 1,5} is
    read as two keys.
    """
    if not isinstance(key, str) or not key.isdecimal():
        return ""
    if len(key) == 3:
        return " (a comma in a number? write 20000, with nothing between the thousands)"
    return " (a decimal comma? write 1.5, not 1,5)"


def without_value(content: object) -> dict[tuple[str | int, ...], Mistake]:
    """Keys of a file's content that stand without a value, by their paths, each as a mistake."""
    found: dict[tuple[str | int, ...], Mistake] = {}

    def visit(value: object, path: tuple[str | int, ...]) -> None:
        if value is None:
            hint = hint_on_key(path[-1]) if path else ""
            found[path] = Mistake(f"has no value{hint}", None, path, "a value, or leave the key out")
        elif isinstance(value, (dict, list)):
            for key, item in value.items() if isinstance(value, dict) else enumerate(value):
                visit(item, (*path, key))

    visit(content, ())
    return found


def where(path: Iterable[str | int]) -> str:
    """A YAML path such as levers.cash_level[1].from from its parts."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f"{'.' if text else ''}{_cut(printable(part))}"
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
    return refusal_of([Mistake(problem, file, tuple(path), allowed, suggestion)])


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


def printable(text: object) -> str:
    """Text on one line, its unprintable characters as escapes."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in str(text))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
