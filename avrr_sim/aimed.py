"""Information that a scenario aims: more or less of it, or more trusted, through some channels, to people of
some origins, statuses and abodes, for some time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Protocol

import numpy as np

from avrr_sim.dates import month_text
from avrr_sim.migrant import ABODES, CHANNELS, KINDS_OF_SOURCE, OF_INDEPENDENT, OF_OFFICIAL
from avrr_sim.policy import STATUS_NAMES, TIMING_RANGE
from avrr_sim.refusals import Refusals
from avrr_sim.schema import Given, read_month, read_number

OFFICIAL_CHANNELS = CHANNELS[:2]
_TRUSTED = {
    "trust_official": OFFICIAL_CHANNELS,
    "trust_independent": CHANNELS[len(OFFICIAL_CHANNELS) :],
}
"""What builds trust in a kind of source, with the channels of it."""


@dataclass(frozen=True)
class Aimed:
    """One entry: from calendar month `start` to `end`, both included (None: on and on), `intensity` times as
    many contacts as otherwise through `channels`, with people of these origins, statuses and abodes (names;
    empty: all); `trust_official`, `trust_independent`: share of the way to full trust that each contact with
    that kind of source builds there, beyond what it builds anyway.
    """

    start: int
    end: int | None
    channels: tuple[str, ...]
    abodes: tuple[str, ...]
    statuses: tuple[str, ...]
    origins: tuple[str, ...]
    intensity: float = 1.0
    trust_official: float = 0.0
    trust_independent: float = 0.0

    def written(self) -> dict[str, Any]:
        """The entry as a file writes it, keys sorted."""
        whom = {
            "abode": list(self.abodes),
            "channel": list(self.channels),
            "origin": list(self.origins),
            "status": list(self.statuses),
        }
        content = {key: names for key, names in whom.items() if names} | {
            "from": month_text(self.start),
            "intensity": self.intensity,
            "trust_independent": self.trust_independent,
            "trust_official": self.trust_official,
        }
        return dict(sorted((content | ({"until": month_text(self.end)} if self.end else {})).items()))

    def told(self) -> str:
        """The entry in words."""
        named = (self.channels, self.statuses, self.abodes, self.origins)
        whom = "; ".join(", ".join(names) for names in named if names) or "everybody"
        shares = zip(KINDS_OF_SOURCE, (self.trust_official, self.trust_independent), strict=True)
        trust = [f"trust_{kind} {share:g}" for kind, share in shares if share]
        until = f" to {month_text(self.end)}" if self.end else ""
        what = ", ".join([f"{self.intensity:g} times", *trust])
        return f"{what} ({whom}) from {month_text(self.start)}{until}"


class GivenAim(Protocol):
    """An entry as a file writes it: names alone or in lists, None where it says nothing."""

    channel: Any
    abode: Any
    status: Any
    origin: Any
    start: str | None
    end: str | None
    intensity: Any
    trust_official: Any
    trust_independent: Any


def read_aimed(item: Given, origins: Sequence[str], start: int, first: int) -> tuple[Aimed, ...]:
    """The entries of a list. `origins`: those of the scenario; `start`: its first month; `first`: that of its
    window. Raises one `Refusal` of all entries.
    """
    wrong = Refusals()
    read = [
        wrong.attempt(_read, item, number, given, origins, start, first)
        for number, given in enumerate(item.value)
    ]
    wrong.raise_any()
    return tuple(each for each in read if each)


def _read(item: Given, number: int, given: GivenAim, origins: Sequence[str], begin: int, first: int) -> Aimed:
    """One entry. Raises one `Refusal` of all that is wrong with it."""
    wrong = Refusals()
    start, end = _months(item, number, given, begin, first, wrong)
    channels = _names(item, number, "channel", given.channel, CHANNELS, wrong)
    abodes = _names(item, number, "abode", given.abode, ABODES, wrong)
    statuses = _names(item, number, "status", given.status, STATUS_NAMES, wrong)
    named = _names(item, number, "origin", given.origin, tuple(origins), wrong)
    numbers = _numbers(item, number, given, wrong)
    if set(given.channel or ()) <= set(CHANNELS):
        _check_trust(item, number, channels or CHANNELS, numbers, wrong)
    wrong.raise_any()
    return Aimed(start, end, channels, abodes, statuses, named, **numbers)


def _months(
    item: Given, number: int, given: GivenAim, begin: int, first: int, wrong: Refusals
) -> tuple[int, int | None]:
    """From when to when an entry holds; where a month is refused, what it is without it."""
    start = end = None
    if given.start is not None:
        start = wrong.attempt(read_month, item, given.start, number, "from")
    if given.end is not None:
        end = wrong.attempt(read_month, item, given.end, number, "until")
    if start is not None and start < begin:
        problem = f"{month_text(start)} is before the scenario's start"
        wrong.add(item.refuse(problem, number, "from", allowed=f"{month_text(begin)} or later"))
    known = given.start is None or start is not None
    start = first if start is None else start
    if known and end is not None and end < start:
        problem = f"until {month_text(end)}, before it begins"
        wrong.add(item.refuse(problem, number, "until", allowed=f"{month_text(start)} or later"))
    return start, end


def _names(
    item: Given, number: int, what: str, given: Any, known: tuple[str, ...], wrong: Refusals
) -> tuple[str, ...]:
    """The names given, in the order of the known ones; none where nothing is given."""
    for place, name in enumerate(given or ()):
        if name not in known:
            wrong.add(item.unknown(what, known, name, number, what, place))
    return tuple(name for name in known if name in (given or ()))


def _numbers(item: Given, number: int, given: GivenAim, wrong: Refusals) -> dict[str, float]:
    """What an entry changes, by name. Refuses one that changes nothing."""
    ranges = {"intensity": (TIMING_RANGE[1], "times the contacts")}
    ranges |= dict.fromkeys(_TRUSTED, (1.0, "share of the way"))
    found, said = {}, {key: getattr(given, key) for key in ranges if getattr(given, key) is not None}
    for key, value in said.items():
        most, unit = ranges[key]
        read = wrong.attempt(read_number, item, value, 0.0, most, unit, number, key)
        if read is not None:
            found[key] = read
    if not said:
        wrong.add(item.refuse("changes nothing", number, allowed=f"at least one of {', '.join(ranges)}"))
    return found


def _check_trust(
    item: Given, number: int, channels: Sequence[str], numbers: Mapping[str, float], wrong: Refusals
) -> None:
    """Keep a refusal of trust in a kind of source none of whose channels is named."""
    for key, of_kind in _TRUSTED.items():
        if numbers.get(key) and not set(channels).intersection(of_kind):
            where = "; an advisor is official, and works in centres alone" if "advisor" in channels else ""
            problem = f"no channel of that kind is named ({', '.join(channels)}{where})"
            wrong.add(item.refuse(problem, number, key, allowed=f"with at least one of {', '.join(of_kind)}"))


def aimed_table(entries: Sequence[Aimed], origins: Sequence[str], first: int, months: int) -> np.ndarray:
    """What is aimed in each month from calendar month `first` on: (origins, months, statuses, abodes,
    channels and kinds of source); of no statuses where there are no entries.

    How much more than elsewhere each channel informs (0: as much; -1: not at all), and the share of the way
    to full trust that a contact with each kind of source builds beyond what it builds anyway. Entries that
    meet multiply: contacts, and what is left of the way to full trust.
    """
    statuses = len(STATUS_NAMES) if entries else 0
    aimed = np.zeros((len(origins), months, statuses, len(ABODES), len(CHANNELS) + len(KINDS_OF_SOURCE)))
    for entry in entries:
        end = aimed.shape[1] if entry.end is None else max(entry.end - first + 1, 0)
        span = slice(max(entry.start - first, 0), end)
        cells = product(
            _places(entry.origins, origins),
            _places(entry.statuses, STATUS_NAMES),
            _places(entry.abodes, ABODES),
        )
        for origin, status, abode in cells:
            there = aimed[origin, span, status, abode]
            for channel in _places(entry.channels, CHANNELS):
                there[:, channel] = (1.0 + there[:, channel]) * entry.intensity - 1.0
            for which, share in (
                (OF_OFFICIAL, entry.trust_official),
                (OF_INDEPENDENT, entry.trust_independent),
            ):
                there[:, which] = 1.0 - (1.0 - there[:, which]) * (1.0 - share)
    return aimed


def aimed_alike(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """In which months two tables aim the same: truths (months,)."""
    if one.shape != other.shape:  # one of them aims nothing
        return ~((one != 0.0).any(axis=(0, 2, 3, 4)) | (other != 0.0).any(axis=(0, 2, 3, 4)))
    return (one == other).all(axis=(0, 2, 3, 4))


def _places(names: Sequence[str], known: Sequence[str]) -> list[int]:
    """The numbers of some names among the known ones; of all, where none is named."""
    return [place for place, name in enumerate(known) if not names or name in names]
