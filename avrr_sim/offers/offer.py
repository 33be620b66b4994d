"""An offer beside the programme, and a dated change of an amount of the programme, as a scenario holds them;
and how a file writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from avrr_sim.dates import half_text, month_text
from avrr_sim.programmes.amounts import PAID

AGE_BANDS = ("18-24", "25-34", "35-44", "45+")
"""Bands of age as files name them, in the order of their numbers."""
HOUSEHOLDS = ("alone", "family")
NAMED_ONLY = ("trafficked", "unaccompanied")
"""Kinds of vulnerability that an offer means only where it names them."""
SINCE = ("eligibility", "decision", "deadline", "arrival")
"""From when the months count within which an offer must be claimed."""
TO_A_UNIT = {
    "cash_unit": "Cash to a unit, whatever its size",
    "in_kind_unit": "Support in kind to a unit, whatever its size",
}
"""Amounts that offers alone give."""
OFFERED: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in PAID if not name.endswith("_share")},
    "cash_adult": ("cash_a_adult", "cash_b_adult"),
    "cash_minor": ("cash_a_minor", "cash_b_minor"),
    **{name: (name,) for name in TO_A_UNIT},
}
"""Amounts that an offer may give, and which of those that the rules read each of them changes: the whole of
what the programmes pay under it; cash in either tier; cash and support in kind to a unit, whatever its size.
"""


@dataclass(frozen=True)
class Change:
    """What becomes of an amount: `times` what it is, and `add` more; never below 0."""

    times: float
    add: float

    def of(self, amount: np.ndarray) -> np.ndarray:
        """The amounts changed."""
        return np.maximum(amount * self.times + self.add, 0.0)

    def written(self) -> dict[str, float]:
        """As a file writes it: a value in its place, a difference, or a multiple."""
        if self.times == 0.0:
            return {"value": self.add}
        return {"add": self.add} if self.times == 1.0 else {"times": self.times}


@dataclass(frozen=True)
class AmountStep:
    """From calendar month `start` on, an amount that the general programme states is changed, for `origins`
    (empty: all); people know of it from month `announced` on.
    """

    start: int
    change: Change
    announced: int | None = None
    origins: tuple[str, ...] = ()

    def known_in(self, month: int) -> bool:
        """Whether people know of it in a calendar month."""
        return self.start <= month or (self.announced is not None and self.announced <= month)

    def written(self) -> dict[str, Any]:
        """As a file writes it, keys sorted."""
        said: dict[str, Any] = {"from": month_text(self.start), **self.change.written()}
        if self.announced is not None:
            said["announced"] = month_text(self.announced)
        if self.origins:
            said["origins"] = list(self.origins)
        return dict(sorted(said.items()))


@dataclass(frozen=True)
class Recipients:
    """Whom an offer is for: whoever meets all that is said. Empty: all; ranges are (at least, at most), None
    without an end. `minors`: with (True) or without (False).
    """

    status: tuple[str, ...] = ()
    abode: tuple[str, ...] = ()
    age: tuple[str, ...] = ()
    vulnerability: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    household: str | None = None
    minors: bool | None = None
    arrived: tuple[int | None, int | None] | None = None
    months_since_decision: tuple[int | None, int | None] | None = None
    months_since_deadline: tuple[int | None, int | None] | None = None

    def written(self) -> dict[str, Any]:
        """As a file writes it, keys sorted."""
        said: dict[str, Any] = {
            name: list(value)
            for name in ("status", "abode", "age", "vulnerability", "origins")
            if (value := getattr(self, name))
        }
        said |= {
            name: value for name in ("household", "minors") if (value := getattr(self, name)) is not None
        }
        if self.arrived is not None:
            said["arrived"] = _range(month_text(m) if m is not None else None for m in self.arrived)
        for name in ("months_since_decision", "months_since_deadline"):
            if getattr(self, name) is not None:
                said[name] = _range(getattr(self, name))
        return dict(sorted(said.items()))


def _range(ends: Iterable[Any]) -> dict[str, Any]:
    return {key: end for key, end in zip(("from", "to"), ends, strict=True) if end is not None}


@dataclass(frozen=True)
class Offer:
    """One offer: from half month `start` until before half month `end` (None: without an end), known from
    calendar month `announced` on, and from its start in any case.

    `gives`: amounts by name and what becomes of them; `first`: on how many units or persons (`counted`) it
    ends, None: on no number; `within`: months in which it must be claimed, counted from `since`; `opens`:
    whether whom it is for may apply though the programme is closed to the status.
    """

    name: str
    recipients: Recipients
    gives: tuple[tuple[str, Change], ...]
    start: int
    end: int | None = None
    announced: int | None = None
    first: int | None = None
    counted: str = "persons"
    within: int | None = None
    since: str = "eligibility"
    opens: bool = False

    @property
    def begins(self) -> int:
        """The calendar month in which it begins."""
        return self.start // 2

    @property
    def gone(self) -> int | None:
        """The first calendar month without any of it."""
        return None if self.end is None else (self.end + 1) // 2

    def known_in(self, month: int) -> bool:
        """Whether people know of it in a calendar month."""
        return self.begins <= month or (self.announced is not None and self.announced <= month)

    def holds_in(self, half: np.ndarray) -> np.ndarray:
        """In which half months it is in force: truths of their shape."""
        return (half >= self.start) & (half < (np.iinfo(np.int64).max if self.end is None else self.end))

    def written(self) -> dict[str, Any]:
        """As a file writes it, keys sorted."""
        said: dict[str, Any] = {
            "name": self.name,
            "gives": {name: change.written() for name, change in self.gives},
            "from": half_text(self.start),
        }
        if who := self.recipients.written():
            said["for"] = who
        if self.end is not None:
            said["until"] = half_text(self.end) if self.end % 2 else month_text(self.end // 2 - 1)
        if self.announced is not None:
            said["announced"] = month_text(self.announced)
        if self.first is not None:
            said["first"] = {self.counted: self.first}
        if self.within is not None:
            said["within"] = {"months": self.within, "of": self.since}
        if self.opens:
            said["opens"] = True
        return dict(sorted(said.items()))


def coming_months(
    offers: Sequence[Offer], steps: Sequence[AmountStep], levers: Sequence[tuple[int | None, int]], month: int
) -> list[int]:
    """The calendar months after `month` at which support is known to change, the nearest first; `levers`:
    (announced, start) of the steps of levers.
    """
    found = {start for announced, start in levers if announced is not None and announced <= month < start}
    found |= {step.start for step in steps if step.known_in(month) and step.start > month}
    for offer in offers:
        if offer.known_in(month):
            found |= {at for at in (offer.begins, offer.gone) if at is not None and at > month}
    return sorted(found)
