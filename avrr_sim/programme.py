"""Reads programme files: dated amounts, eligibility and services, each with currency, source and locator.

A *country programme* names the one it is `part_of` and the origins it `covers`; its amounts are added to
those of the general programme. An amount that no source gives stands as `value: unknown` with a central value
and the basis judgement: it becomes a weight of its own (`<programme>.<amount>`) with a wide prior, drawn like
the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from avrr_sim.dates import month_number
from avrr_sim.evidence import Weight
from avrr_sim.files import read_yaml
from avrr_sim.places.place import origin_names
from avrr_sim.policy import STATUS_NAMES
from avrr_sim.refusals import refusal, unknown_name

_FOLDER = Path(__file__).parent / "programmes"

AMOUNTS = {
    "cash_a_adult": "Cash to each adult, applied before the obligatory date of return",
    "cash_a_minor": "Cash for each minor, applied before the obligatory date of return",
    "cash_b_adult": "Cash to each adult, applied after the obligatory date of return",
    "cash_b_minor": "Cash for each minor, applied after the obligatory date of return",
    "cash_adult": "Cash to each adult, whenever applied",
    "cash_minor": "Cash for each minor, whenever applied",
    "travel_money": "Travel money for each person",
    "exceptional": "More travel money for each person, in exceptional cases",
    "vulnerable_cash": "Subsistence of the vulnerable person (in kind for minors)",
    "vulnerable_accommodation": "Accommodation of the vulnerable person, in kind",
    "vulnerable_activity": "Education, training, business or job of the vulnerable person, in kind",
    "vulnerable_medical": "Medical support of the vulnerable person, in kind",
    "medical_extra": "More for returnees with severe medical needs",
    "in_kind": "In-kind support to each person outside the vulnerable tier",
    "job": "Employment with training, for a unit that takes it, in kind",
    "business": "Business start-up, for a unit that takes it, in kind",
}
"""Amounts that a programme file may state."""

PAID = (
    "cash_a_adult",
    "cash_a_minor",
    "cash_b_adult",
    "cash_b_minor",
    "exceptional",
    "vulnerable_cash",
    "vulnerable_in_kind",
    "medical_extra",
    "in_kind",
    "job",
    "business",
    "job_share",
    "business_share",
)
"""What the rules read of a programme: amounts in its currency, and the shares of units that take employment
or business support.
"""

_PARTS = {  # what the rules read -> the stated amounts that add up to it
    "cash_a_adult": ("cash_a_adult", "cash_adult", "travel_money"),
    "cash_a_minor": ("cash_a_minor", "cash_minor", "travel_money"),
    "cash_b_adult": ("cash_b_adult", "cash_adult", "travel_money"),
    "cash_b_minor": ("cash_b_minor", "cash_minor", "travel_money"),
    "vulnerable_in_kind": ("vulnerable_accommodation", "vulnerable_activity", "vulnerable_medical"),
}
_SHARED = ("job", "business")
STAGES = ("before_departure", "departure", "after_arrival")
RECIPIENTS = ("all", "vulnerable", "trafficked", "unaccompanied", "aged_out", "medical", "other")
VISA = ("visa_free", "visa_required")
_LARGEST = 1e7  # currency units
_ENTRY = ("from", "value", "reference", "locator")
_SERVICE = ("stage", "for", "uptake", "value", "reference", "locator")
_ENTRY_MAY = (*_ENTRY, "to", "origins", "share", "central", "basis")


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
    references.

    `part_of`: the general programme that a country programme adds to; `covers`: its origins (empty: all).
    """

    key: str
    name: str
    currency: str
    price_year: int
    part_of: str | None
    covers: tuple[str, ...]
    amounts: Mapping[str, tuple[Entry, ...]]
    eligibility: Mapping[str, tuple[Entry, ...]]
    services: tuple[Service, ...]
    readings: tuple[str, ...]
    content: Mapping

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

    def month_by_month(
        self, origin: str, visa_free: np.ndarray, first: int, weights: Mapping[str, float]
    ) -> dict[str, np.ndarray]:
        """What the rules read for one origin: {name: (months,)} for PAID; zeros where the programme does not
        cover the origin.
        """
        months = len(visa_free)
        stated = {name: np.zeros(months) for name in AMOUNTS}
        shares = {name: np.zeros(months) for name in _SHARED}
        if not self.covers or origin in self.covers:
            for name, entries in self.amounts.items():
                for entry in sorted(entries, key=lambda e: e.order):
                    when = entry.when(origin, visa_free, first)
                    stated[name][when] = (
                        entry.value
                        if entry.value is not None
                        else weights.get(f"{self.key}.{name}", entry.central)
                    )
                    if name in _SHARED:
                        shares[name][when] = entry.share
        read = {
            name: sum(stated[part] for part in _PARTS.get(name, (name,)))
            for name in PAID
            if not name.endswith("_share")
        }
        return read | {f"{name}_share": shares[name] for name in _SHARED}

    def open_to(self, status: str, origin: str, first: int, months: int) -> np.ndarray:
        """Eligibility of a legal status: (months,), 1 open, 0 closed."""
        found = np.zeros(months)
        if not self.covers or origin in self.covers:
            for entry in sorted(self.eligibility.get(status, ()), key=lambda e: e.order):
                found[entry.when(origin, np.zeros(months, bool), first)] = entry.value
        return found

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


def _month(value: object, file: Path, path: tuple) -> int:
    try:
        return month_number(value)
    except ValueError as error:
        raise refusal(str(error), file=file, path=path) from None


def _text(value: object, file: Path, path: tuple) -> str:
    if not isinstance(value, str) or not value.strip():
        raise refusal(f"{value!r} is not text", file=file, path=path)
    return value


def _table(value: object, file: Path, path: tuple) -> dict:
    if not isinstance(value, dict):
        raise refusal("must hold keys and values", file=file, path=path)
    return value


def _number(value: object, high: float, file: Path, path: tuple) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= high:
        raise refusal(f"{value!r} is not a number from 0 to {high:g}", file=file, path=path)
    return float(value)


def _known_value(entry: Mapping, high: float, file: Path, path: tuple) -> tuple[float | None, float]:
    """(value, central) of an entry; value None where it is unknown, which needs a central value and the basis
    judgement.
    """
    if entry["value"] != "unknown":
        return _number(entry["value"], high, file, (*path, "value")), 0.0
    if entry.get("basis") != "judgement" or "central" not in entry:
        raise refusal("an unknown amount needs `central` and `basis: judgement`", file=file, path=path)
    central = _number(entry["central"], high, file, (*path, "central"))
    if central <= 0:
        raise refusal(
            "the central value of an unknown amount must be above 0", file=file, path=(*path, "central")
        )
    return None, central


def _origins(value: object, file: Path, path: tuple, groups: tuple[str, ...] = ()) -> tuple[str, ...] | str:
    """A list of known origins, or one of the groups."""
    if isinstance(value, str) and groups:
        if value not in groups:
            raise unknown_name("group of origins", value, groups, file=file, path=path)
        return value
    if not isinstance(value, list) or not value:
        raise refusal("must be a list of origins", file=file, path=path, allowed=", ".join(groups) or None)
    for name in value:
        if name not in origin_names():
            raise unknown_name("origin", name, origin_names(), file=file, path=path)
    return tuple(value)


def _open(raw: object, content: Mapping, file: Path, path: tuple) -> tuple[Entry, ...]:
    """Dated eligibility: 1 open, 0 closed, for all or for named origins."""
    entries = _dated(raw, content, 1.0, file, path)
    for i, entry in enumerate(entries):
        if entry.value is None:
            raise refusal("eligibility cannot be unknown", file=file, path=(*path, i))
        if isinstance(entry.origins, str):
            raise refusal(
                "eligibility goes by named origins, not by visa rule", file=file, path=(*path, i, "origins")
            )
    return entries


def _entry(entry: object, content: Mapping, high: float, file: Path, path: tuple) -> Entry:
    if not isinstance(entry, dict):
        raise refusal("must hold from, value, reference and locator", file=file, path=path)
    for key in _ENTRY:
        if key not in entry:
            raise refusal(f"lacks {key!r}", file=file, path=path)
    for key in ("reference", "locator"):
        _text(entry[key], file, (*path, key))
    extra = set(entry) - set(_ENTRY_MAY)
    if extra:
        raise unknown_name("key", sorted(extra)[0], _ENTRY_MAY, file=file, path=path)
    if entry["reference"] not in content["references"]:
        raise unknown_name(
            "reference", entry["reference"], content["references"], file=file, path=(*path, "reference")
        )
    start = _month(entry["from"], file, (*path, "from"))
    end = _month(entry["to"], file, (*path, "to")) + 1 if "to" in entry else None  # the last month counts
    if end is not None and end <= start:
        raise refusal("ends before it begins", file=file, path=(*path, "to"))
    origins = _origins(entry["origins"], file, (*path, "origins"), VISA) if "origins" in entry else None
    value, central = _known_value(entry, high, file, path)
    share = _number(entry.get("share", 1.0), 1.0, file, (*path, "share"))
    return Entry(start, end, value, central, origins, share, entry["reference"], entry["locator"])


def _dated(raw: object, content: Mapping, high: float, file: Path, path: tuple) -> tuple[Entry, ...]:
    """Dated entries in order. An entry without an end holds until the next one for the same origins; stated
    ends may not overlap.
    """
    if not isinstance(raw, list) or not raw:
        raise refusal("must be a list of dated entries", file=file, path=path)
    entries = [_entry(entry, content, high, file, (*path, i)) for i, entry in enumerate(raw)]
    for i, one in enumerate(entries):
        for j, other in enumerate(entries[:i]):
            if one.origins == other.origins:
                if one.start == other.start:
                    raise refusal(f"starts in the same month as entry [{j}]", file=file, path=(*path, i))
                early, late = sorted((one, other), key=lambda e: e.start)
                if early.end is not None and early.end > late.start:
                    raise refusal(f"overlaps with entry [{j}]", file=file, path=(*path, i))
    if sum(entry.value is None for entry in entries) > 1:
        raise refusal("two unknown entries of one amount would share one prior", file=file, path=path)
    entries.sort(key=lambda e: e.start)
    return tuple(
        replace(e, end=next((later.start for later in entries[i + 1 :] if later.origins == e.origins), None))
        if e.end is None
        else e
        for i, e in enumerate(entries)
    )


def _service(name: str, raw: object, content: Mapping, file: Path) -> Service:
    path = ("services", name)
    if not isinstance(raw, dict):
        raise refusal("must hold stage, for, uptake, value, reference and locator", file=file, path=path)
    for key in _SERVICE:
        if key not in raw:
            raise refusal(f"lacks {key!r}", file=file, path=path)
    extra = set(raw) - {*_SERVICE, "central", "basis"}
    if extra:
        raise unknown_name("key", sorted(extra)[0], [*_SERVICE, "central", "basis"], file=file, path=path)
    for key in ("stage", "for", "reference", "locator"):
        _text(raw[key], file, (*path, key))
    for key, known in (("stage", STAGES), ("for", RECIPIENTS), ("reference", content["references"])):
        if raw[key] not in known:
            raise unknown_name(key, raw[key], known, file=file, path=(*path, key))
    cost, central = _known_value(raw, _LARGEST, file, path)
    return Service(
        name,
        raw["stage"],
        raw["for"],
        _number(raw["uptake"], 1.0, file, (*path, "uptake")),
        cost,
        central,
        raw["reference"],
        raw["locator"],
    )


def read_programme(path: Path) -> Programme:
    """A programme file. Raises `Refusal` where currency, date, value or source of an amount is missing or
    wrong, or dates overlap.
    """
    content = read_yaml(path)
    for key in ("name", "currency", "price_year", "references", "amounts"):
        if key not in content:
            raise refusal(f"lacks {key!r}", file=path)
    known = (
        "name",
        "currency",
        "price_year",
        "references",
        "amounts",
        "eligibility",
        "services",
        "readings",
        "part_of",
        "covers",
    )
    for key in content:
        if key not in known:
            raise unknown_name("key", key, known, file=path)
    for key in ("name", "currency"):
        _text(content[key], path, (key,))
    if content["currency"] not in rates():
        raise unknown_name("currency", content["currency"], rates(), file=path, path=("currency",))
    if isinstance(content["price_year"], bool) or not isinstance(content["price_year"], int):
        raise refusal(f"{content['price_year']!r} is not a year", file=path, path=("price_year",))
    for key in ("references", "amounts", "eligibility", "services"):
        _table(content.get(key, {}), path, (key,))
    if "part_of" in content:
        _text(content["part_of"], path, ("part_of",))
    if not isinstance(content.get("readings", []), list):
        raise refusal("must be a list of sentences", file=path, path=("readings",))
    covers = _origins(content["covers"], path, ("covers",)) if "covers" in content else ()
    for name, text in content["references"].items():
        _text(text, path, ("references", name))
    for name in content["amounts"]:
        if name not in AMOUNTS:
            raise unknown_name("amount", name, AMOUNTS, file=path, path=("amounts",))
    for name in content.get("eligibility", {}):
        if name not in STATUS_NAMES:
            raise unknown_name("status", name, STATUS_NAMES, file=path, path=("eligibility",))
    amounts = {
        name: _dated(raw, content, _LARGEST, path, ("amounts", name))
        for name, raw in content["amounts"].items()
    }
    eligibility = {
        name: _open(raw, content, path, ("eligibility", name))
        for name, raw in content.get("eligibility", {}).items()
    }
    services = tuple(_service(name, raw, content, path) for name, raw in content.get("services", {}).items())
    return Programme(
        Path(path).stem,
        content["name"],
        content["currency"],
        content["price_year"],
        content.get("part_of"),
        covers,
        amounts,
        eligibility,
        services,
        tuple(content.get("readings", ())),
        content,
    )


@cache
def programme(name: str) -> Programme:
    """A known programme by its name, or one of the user's own by the path of its file. Raises `Refusal`."""
    return read_programme(Path(name) if name.endswith(".yaml") else _FOLDER / f"{name}.yaml")


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


def unknowns_of(names: Iterable[str]) -> dict[str, Weight]:
    """The unknown amounts of several programmes, as weights by name."""
    return {key: weight for name in names for key, weight in programme(name).unknowns().items()}


@cache
def all_unknowns() -> dict[str, Weight]:
    """The unknown amounts of every known programme."""
    return unknowns_of(_all_names())


@cache
def rates() -> dict[str, tuple[float, str]]:
    """Currency -> (NOK for one unit, source). Used to compare money across programmes, and to value it at the
    origin.
    """
    return {
        currency: (float(raw["nok"]), raw["source"])
        for currency, raw in read_yaml(_FOLDER / "rates.yaml").items()
    }
