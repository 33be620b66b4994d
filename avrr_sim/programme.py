"""Reads programme files: dated amounts, eligibility and services, each with currency, source and locator.

A *country programme* names the one it is `part_of` and the origins it `covers`; its amounts are added to
those of the general programme. An amount that no source gives stands as `value: unknown` with a central value
and the basis judgement: it becomes a weight of its own (`<programme>.<amount>`) with a wide prior, drawn like
the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np

from avrr_sim.evidence import Weight
from avrr_sim.files import parse_yaml, read_text
from avrr_sim.forms import read_form
from avrr_sim.programmes.amounts import AMOUNTS, PAID, rates
from avrr_sim.programmes.form import EntryForm, ProgrammeForm, ServiceForm

_FOLDER = Path(__file__).parent / "programmes"

_PARTS = {  # what the rules read -> the stated amounts that add up to it
    "cash_a_adult": ("cash_a_adult", "cash_adult", "travel_money"),
    "cash_a_minor": ("cash_a_minor", "cash_minor", "travel_money"),
    "cash_b_adult": ("cash_b_adult", "cash_adult", "travel_money"),
    "cash_b_minor": ("cash_b_minor", "cash_minor", "travel_money"),
    "vulnerable_in_kind": ("vulnerable_accommodation", "vulnerable_activity", "vulnerable_medical"),
}
_SHARED = ("job", "business")
_MOST_ASKED = 256  # answers about origins that a programme keeps


@dataclass(frozen=True)
class Entry:
    """One dated amount: in force from month `start` until `end` (exclusive; None: no end known), for
    `origins` (None: all covered).

    `value` is None where no source gives it; then `central` is the median of its prior. `share`: share of
    units that take it.
    """

    start: int
    end: int | None
    value: float | None
    central: float
    origins: tuple[str, ...] | str | None
    share: float
    reference: str
    locator: str

    def when(self, origin: str, visa_free: np.ndarray, first: int) -> np.ndarray:
        """In which months the entry is in force for an origin: truths (months,), where `visa_free` says so
        month by month.
        """
        months = first + np.arange(len(visa_free))
        dated = (months >= self.start) & (
            months < (self.end if self.end is not None else np.iinfo(np.int64).max)
        )
        if isinstance(self.origins, str):
            return dated & (visa_free == (self.origins == "visa_free"))
        return dated & (self.origins is None or origin in self.origins)

    @property
    def order(self) -> tuple[int, int]:
        """Which entry of an amount wins: one for named origins over one for a group of origins over one for
        all, then the later one.
        """
        return (0 if self.origins is None else 1 if isinstance(self.origins, str) else 2), self.start


@dataclass(frozen=True)
class Service:
    """A service of the process: its stage, for whom, the share that takes it up, and its cost a person in the
    programme's currency.
    """

    name: str
    stage: str
    recipients: str
    uptake: float
    cost: float | None
    central: float
    reference: str
    locator: str


@dataclass(frozen=True)
class Programme:
    """A programme: currency, dated amounts and eligibility, services, readings of ambiguous sources,
    references. `rate`: NOK for one unit of its currency, with its source.

    `part_of`: the general programme that a country programme adds to; `covers`: its origins (empty: all);
    `content`, `text`: its file as values and as it is written.
    """

    key: str
    name: str
    currency: str
    rate: float
    rate_source: str
    price_year: int
    part_of: str | None
    covers: tuple[str, ...]
    amounts: Mapping[str, tuple[Entry, ...]]
    eligibility: Mapping[str, tuple[Entry, ...]]
    services: tuple[Service, ...]
    readings: tuple[str, ...]
    content: Mapping[str, Any] = field(repr=False)
    text: str = field(repr=False)

    def unknowns(self) -> dict[str, Weight]:
        """The amounts and costs that no source gives, as weights with wide priors."""
        found = {}
        for name, entries in self.amounts.items():
            for entry in entries:
                if entry.value is None:
                    found[f"{self.key}.{name}"] = self._unknown(
                        f"{self.key}.{name}", AMOUNTS[name], entry.central, entry.locator
                    )
        for service in self.services:
            if service.cost is None:
                name = f"{self.key}.service.{service.name}"
                found[name] = self._unknown(
                    name, f"Cost of {service.name.replace('_', ' ')}", service.central, service.locator
                )
        return found

    def _unknown(self, name: str, meaning: str, central: float, locator: str) -> Weight:
        return Weight(
            name,
            meaning,
            f"{self.currency} a person",
            central,
            0.0,
            "positive",
            "ungraded",
            "none",
            "judgement",
            f"Not stated in the sources; {self.name}",
            locator,
        )

    def for_origin(self, origin: str) -> bool:
        """Whether the programme covers an origin."""
        return not self.covers or origin in self.covers

    def names(self, origin: str) -> bool:
        """Whether anything in the programme is for an origin by its name."""
        return origin in self._named

    @cached_property
    def _named(self) -> frozenset[str]:
        """The origins that the programme names."""
        entries = [each for part in (*self.amounts.values(), *self.eligibility.values()) for each in part]
        return frozenset(self.covers).union(
            *(each.origins for each in entries if isinstance(each.origins, tuple))
        )

    def month_by_month(
        self,
        origin: str,
        visa_free: np.ndarray,
        first: int,
        weights: Mapping[str, float],
        changed: Callable[[str, np.ndarray], np.ndarray] | None = None,
    ) -> dict[str, np.ndarray]:
        """What the rules read for one origin: {name: (months,)} for PAID; zeros where the programme does not
        cover the origin. `changed`: what becomes of a stated amount, by name, in the months.
        """
        months = len(visa_free)
        stated = {name: np.zeros(months) for name in AMOUNTS}
        shares = {name: np.zeros(months) for name in _SHARED}
        for name, entry, when in self._dated(origin, visa_free, first):
            stated[name][when] = (
                entry.value if entry.value is not None else weights.get(f"{self.key}.{name}", entry.central)
            )
            if name in _SHARED:
                shares[name][when] = entry.share
        if changed is not None:
            stated = {name: changed(name, values) for name, values in stated.items()}
        read = {
            name: sum((stated[part] for part in _PARTS.get(name, (name,))), np.zeros(months))
            for name in PAID
            if not name.endswith("_share")
        }
        return read | {f"{name}_share": shares[name] for name in _SHARED}

    def _dated(self, origin: str, visa_free: np.ndarray, first: int) -> list[tuple[str, Entry, np.ndarray]]:
        """Entries for an origin by amount, the one that wins last, each with the months in which it is in
        force. The last ones asked for are kept; nobody may change them.
        """
        if not self.for_origin(origin):
            return []
        asked = (origin if self.names(origin) else "", visa_free.tobytes(), first)
        found = self._asked.get(asked)
        if found is None:
            found = [
                (name, entry, entry.when(origin, visa_free, first))
                for name, entries in self.amounts.items()
                for entry in sorted(entries, key=lambda e: e.order)
            ]
            if len(self._asked) >= _MOST_ASKED:
                self._asked.clear()
            self._asked[asked] = found
        return found

    @cached_property
    def _asked(self) -> dict[tuple[str, bytes, int], list[tuple[str, Entry, np.ndarray]]]:
        return {}

    def open_to(self, status: str, origin: str, first: int, months: int) -> np.ndarray:
        """Eligibility of a legal status: (months,), 1 open, 0 closed. Nobody may change it."""
        asked = (status, origin if self.names(origin) else "", first, months)
        found = self._open.get(asked)
        if found is None:
            found = np.zeros(months)
            if self.for_origin(origin):
                for entry in sorted(self.eligibility.get(status, ()), key=lambda e: e.order):
                    found[entry.when(origin, np.zeros(months, bool), first)] = entry.value
            if len(self._open) >= _MOST_ASKED:
                self._open.clear()
            self._open[asked] = found
        return found

    @cached_property
    def _open(self) -> dict[tuple[str, str, int, int], np.ndarray]:
        return {}

    def service_cost(self, kind: str, weights: Mapping[str, float]) -> float:
        """Expected cost of all services for one assisted person of a kind of vulnerability, in the
        programme's currency.
        """
        total = 0.0
        for service in self.services:
            if service.recipients in ("all", kind) or (service.recipients == "vulnerable" and kind != "none"):
                cost = (
                    service.cost
                    if service.cost is not None
                    else weights.get(f"{self.key}.service.{service.name}", service.central)
                )
                total += service.uptake * cost
        return total


def read_programme(path: Path, text: str | None = None) -> Programme:
    """A programme file, or its `text` where that is known. Raises `Refusal` where currency, date, value or
    source of an amount is missing or wrong, or dates overlap.
    """
    text = read_text(path) if text is None else text
    content = parse_yaml(text, path)
    form = read_form(ProgrammeForm, content, file=path)
    rate, source = (form.rate.nok, form.rate.source) if form.rate else rates()[form.currency]
    return Programme(
        key=path.stem,
        name=form.name,
        currency=form.currency,
        rate=rate,
        rate_source=source,
        price_year=form.price_year,
        part_of=form.part_of,
        covers=form.covers,
        amounts={name: _dated(entries) for name, entries in form.amounts.items()},
        eligibility={name: _dated(entries) for name, entries in form.eligibility.items()},
        services=tuple(_service(name, each) for name, each in form.services.items()),
        readings=tuple(form.readings),
        content=content,
        text=text,
    )


def _dated(forms: Sequence[EntryForm]) -> tuple[Entry, ...]:
    """Dated entries in order. An entry without an end holds until the next one for the same origins."""
    entries = sorted((_entry(form) for form in forms), key=lambda entry: entry.start)
    return tuple(
        replace(e, end=next((later.start for later in entries[i + 1 :] if later.origins == e.origins), None))
        if e.end is None
        else e
        for i, e in enumerate(entries)
    )


def _entry(form: EntryForm) -> Entry:
    end = None if form.to is None else form.to + 1  # the last month counts
    central = form.central if form.value is None else 0.0
    origins, share = form.origins, form.share
    return Entry(form.start, end, form.value, central, origins, share, form.reference, form.locator)


def _service(name: str, form: ServiceForm) -> Service:
    central = form.central if form.value is None else 0.0
    told = (form.value, central, form.reference, form.locator)
    return Service(name, form.stage, form.recipients, form.uptake, *told)


@cache
def programme(name: str) -> Programme:
    """A programme of the package by its name. Raises `Refusal`."""
    return read_programme(_FOLDER / f"{name}.yaml")


def _all_names() -> list[str]:
    return sorted(path.stem for path in _FOLDER.glob("*.yaml") if path.stem != "rates")


def programme_names() -> list[str]:
    """Keys of the general programmes."""
    return [name for name in _all_names() if programme(name).part_of is None]


def country_programme_names(of: str | None = None) -> list[str]:
    """Keys of the country programmes, all or those that are part of one general programme."""
    return [
        name
        for name in _all_names()
        if programme(name).part_of is not None and of in (None, programme(name).part_of)
    ]


def unknowns_of(programmes: Iterable[Programme]) -> dict[str, Weight]:
    """The unknown amounts of several programmes, as weights by name."""
    return {key: weight for each in programmes for key, weight in each.unknowns().items()}


@cache
def all_unknowns() -> dict[str, Weight]:
    """The unknown amounts of every programme of the package."""
    return unknowns_of(programme(name) for name in _all_names())
