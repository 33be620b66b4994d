"""Every sentence, heading and label that a page prints, in the language in force: `english.yaml`, or another
file with the same keys (see `language`).

A test checks that every key is used and that templates hold no words of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar, overload

from avrr_sim.report.words.language import words

K = TypeVar("K")
V = TypeVar("V")


class Spoken(Mapping[K, V]):
    """Words by name, looked up in the language in force whenever they are asked for."""

    def __init__(self, read: Callable[[], Mapping[K, V]]) -> None:
        self._read = read

    def __getitem__(self, key: K) -> V:
        return self._read()[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


class Listed(Sequence[V]):
    """Words in their order, looked up in the language in force whenever they are asked for."""

    def __init__(self, read: Callable[[], Sequence[V]]) -> None:
        self._read = read

    @overload
    def __getitem__(self, index: int) -> V: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[V]: ...

    def __getitem__(self, index: int | slice) -> V | Sequence[V]:
        return self._read()[index]

    def __len__(self) -> int:
        return len(self._read())


def _words(name: str) -> Spoken[str, str]:
    return Spoken(lambda: words()[name])


def _nested(name: str) -> Spoken[str, dict[str, str]]:
    return Spoken(lambda: words()[name])


def _list(name: str) -> Listed[str]:
    return Listed(lambda: words()[name])


def _headlines() -> list[tuple[str, str, str]]:
    return [(entry["measure"], entry["of"], entry["do"]) for entry in words()["headlines"]]


def _group_names() -> dict[tuple[str, str], str]:
    found: dict[str, dict[str, str]] = words()["group_names"]
    return {(by, group): name for by, names in found.items() for group, name in names.items()}


HEADLINES = Listed(_headlines)
"""Measures told in natural frequencies: (measure, of 1,000 whom, how many do what)."""

SAY = _words("say")
"""Sentences with places in braces, filled by `sentences.say`."""

CHANGED = _nested("changed")
"""What happens where a measure rises (`more`) or falls (`fewer`), what it is called, and what it is `of`."""

BEYOND = _nested("beyond")
"""What a share `below` zero or `above` one means, by measure; `other`: of any other."""

LOWERED = _words("lowered")
CERTAINTY, MONTHS = _list("certainty"), _list("months")

OUTCOMES, CLOSINGS, STAGES = _words("outcomes"), _words("closings"), _words("stages")
GROUPS = _words("groups")
GROUP_NAMES = Spoken(_group_names)
"""What a group is called, by (grouping, group)."""

GRADES = _words("grades")
"""Components of a spread: the grades of evidence of the weights, and what they leave."""

KNOWN = _words("known")
"""What could be known, by kind of candidate."""
STORIES = _words("stories")
"""Words of one person in two worlds."""
EXPLORE = Spoken(lambda: {**words()["explore"], **words()["stories"]})
"""Words of the page in which levers are moved, by the names under which its script and template say them;
with those of stories, which it tells too."""

WAITS, CROSSINGS, OFFERED = _words("waits"), _words("crossings"), _words("offered")
VERDICTS, LABELS, ROLES, CHECKED = (_words(name) for name in ("verdicts", "labels", "roles", "checked"))
SHEETS, PLACES, BELIEFS = _words("sheets"), _words("places"), _words("beliefs")
CURRENCIES = _words("currencies")
"""What a currency is called behind a sum, by its code."""

SERIES = _nested("series")
"""Monthly series that are no measures of their own: label, unit, kind, window."""

LIMITS = _words("limits")
"""What a study cannot tell, with places in braces, said by `sentences.limits_said`."""

CAUTIONS = _words("cautions")
"""What a reader should know beside results, with places in braces, said by `sentences.caution_said`."""

DEPENDS = _words("depends")
"""What an answer depends on, with places in braces, said by `answers.depends_said`."""

CEILINGS, READINGS = _words("ceilings"), _words("readings")
"""Ceilings and named hypotheses in a few words, by name."""

WHY, OWED, FACTS = _words("why"), _words("owed"), _words("facts")
NOT_FOR = _list("not_for")


def coercion_note() -> str:
    """What stands beside a scenario that moves coercion."""
    return _text("coercion_note")


def sweep_coercion() -> str:
    """What stands beside the figures of a sweep that moves coercion."""
    return _text("sweep_coercion")


def language_told() -> str:
    """The language in which a page is told, as its `lang` says it."""
    return _text("language")


def _text(name: str) -> str:
    return str(words()[name])
