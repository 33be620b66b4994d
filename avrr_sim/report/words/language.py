"""The language in which a page is told, and how it writes numbers.

Every language is a file of words with the same keys (`english.yaml`, `norwegian.yaml`). English is in force
unless `speaking` says otherwise; results never depend on it.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from avrr_sim.files import read_yaml

ENGLISH, NORWEGIAN = "en", "nb"
FILES = {ENGLISH: "english.yaml", NORWEGIAN: "norwegian.yaml"}
"""Files of words by language (BCP 47)."""
NAMES = {NORWEGIAN: "norwegian_names.yaml"}
"""What measures, levers, weights and origins are called, by language; English is told by the study itself."""
PHRASES = "phrases"
"""Section of a file of `NAMES` that holds patterns of texts; the others hold texts."""
UNBROKEN = "\u00a0"

_IN_FORCE = ContextVar("_IN_FORCE", default=ENGLISH)


def in_force() -> str:
    """The language in which pages are told at the moment, by its code."""
    return _IN_FORCE.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Pages made within are told in `language`. Raises KeyError for one without a file of words."""
    words_of(language)
    before = _IN_FORCE.set(language)
    try:
        yield
    finally:
        _IN_FORCE.reset(before)


@cache
def words_of(language: str) -> dict[str, Any]:
    """All words of a language, as its file has them; a number in them is not broken between its digits."""
    found = {**_read(FILES[language])}
    if language in NAMES:
        names = _read(NAMES[language])
        texts = {text: here for name, part in names.items() if name != PHRASES for text, here in part.items()}
        found["names"] = {"texts": texts, PHRASES: names[PHRASES]}
    return found


def _read(file: str) -> dict[str, Any]:
    return dict(_unbroken(read_yaml(Path(__file__).with_name(file))))


def words() -> dict[str, Any]:
    """All words of the language in force."""
    return words_of(in_force())


def _unbroken(found: Any) -> Any:
    if isinstance(found, dict):
        return {key: _unbroken(each) for key, each in found.items()}
    if isinstance(found, list):
        return [_unbroken(each) for each in found]
    return re.sub(r"(?<=\d) (?=\d{3}\b)", UNBROKEN, found) if isinstance(found, str) else found


def numeral(value: float, form: str) -> str:
    """`value` by a format of Python's (`,.1f`), with the marks of the language in force."""
    return marked(format(value, form))


def marked(text: str) -> str:
    """A number that was written with a comma between thousands and a decimal point, with the marks of the
    language in force.
    """
    marks = words()["numbers"]
    return text.translate({ord(","): marks["thousands"], ord("."): marks["decimal"]})


def filled(text: str, values: Mapping[str, Any]) -> str:
    """A sentence with its places filled; numbers with a format of their own get the marks of the language in
    force. Raises KeyError for a place without a value.
    """
    return _FILLED.vformat(text, (), values)


class _Filled(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        text = str(super().format_field(value, format_spec))
        return marked(text) if format_spec and isinstance(value, (int, float)) else text


_FILLED = _Filled()
