"""Reads host countries: every number states unit, basis and source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

from avrr_sim.files import parse_yaml, read_text
from avrr_sim.forms import read_form
from avrr_sim.places import from_record
from avrr_sim.places.from_record import Persons
from avrr_sim.places.host_form import ALL, TRAITS, HostForm
from avrr_sim.places.origins import Origin, Steps, origin_names, origins
from avrr_sim.places.record.published import record

_Change = TypeVar("_Change")
_FOLDER = Path(__file__).parent / "hosts"
BY_RECORD = "estimated"
"""The basis of what is read from the record."""


@dataclass(frozen=True)
class Host:
    """A host country: yearly claims in persons by origin, households, abode on arrival; see its file for
    sources.

    `pending` are the claims pending at the end of a year; `origins` are those that claims or the split of the
    unregistered name, and `countries` what is known of each; `published` are an origin's series as the record
    has them for this host (and the closed share, see `from_record`), `series` what the host's file says
    instead, `bases` what that rests on;
    `living_gap_shift` (log ratio) sets the gap in living standards against that of Norway, for which the
    origins' own series stand; `text` is its file.
    """

    key: str
    name: str
    currency: str
    claims: Mapping[int, Mapping[str, float]]
    pending: Mapping[int, Mapping[str, float]]
    unregistered_shares: Mapping[str, float]
    households: tuple[tuple[float, int, int], ...]
    traits: Mapping[str, float]
    origins: tuple[str, ...]
    countries: Mapping[str, Origin]
    published: Mapping[str, Mapping[str, Steps]]
    series: Mapping[str, Mapping[str, Steps]]
    bases: Mapping[str, Mapping[str, str]]
    living_gap_shift: float
    text: str = field(repr=False)

    @property
    def arrivals(self) -> dict[int, float]:
        """Claims by year, of all origins."""
        return {year: sum(persons.values()) for year, persons in self.claims.items()}

    def basis(self, origin: str, name: str) -> str:
        """What a series of an origin rests on at this host."""
        if name in self.bases.get(origin, {}):
            return self.bases[origin][name]
        if name in self.published.get(origin, {}) and name not in self.countries[origin].own:
            return BY_RECORD
        return self.countries[origin].bases[name]


def read_host(path: Path) -> Host:
    """A host country's file. Raises `Refusal` where a number lacks unit, basis or source, or shares do not
    add up to 1.
    """
    text = read_text(path)
    form = read_form(HostForm, parse_yaml(text, path), file=path)
    claims = _claims(form)
    splits = [*claims.values(), form.unregistered_shares.shares]
    named = tuple(key for key in origin_names() if any(key in split for split in splits))
    return Host(
        key=path.stem,
        name=form.name,
        currency=form.currency,
        claims=claims,
        pending=_pending(form),
        unregistered_shares=form.unregistered_shares.shares,
        households=tuple((kind.share, kind.adults, kind.minors) for kind in form.households.kinds),
        traits={name: getattr(form.numbers, name).value for name in TRAITS},
        origins=named,
        countries={key: origins()[key] for key in named},
        published=_published(form, named),
        series=_by_origin(
            {key: {name: each.steps for name, each in one.items()} for key, one in form.series.items()}
        ),
        bases=_by_origin(
            {key: {name: each.basis for name, each in one.items()} for key, one in form.series.items()}
        ),
        living_gap_shift=form.numbers.living_gap_shift.value if form.numbers.living_gap_shift else 0.0,
        text=text,
    )


def _claims(form: HostForm) -> Persons:
    """Claims by year and origin, whichever way the file says them."""
    if form.record is not None:
        return from_record.persons(form.record, "applications", _rows(form.record))
    if form.claims is not None:
        return form.claims.by_year
    assert form.arrivals is not None and form.arrival_shares is not None
    splits = form.arrival_shares.by_year
    return {
        year: {key: each.persons * share for key, share in splits[_latest(splits, year)].items()}
        for year, each in form.arrivals.items()
    }


def _latest(splits: Mapping[int, object], year: int) -> int:
    """The year whose split holds in a year: the last one up to it, or else the first."""
    return max((each for each in splits if each <= year), default=min(splits))


def _pending(form: HostForm) -> Persons:
    if form.record is not None:
        return from_record.persons(form.record, "pending", _rows(form.record))
    return form.pending.by_year if form.pending is not None else {}


def _rows(host: str) -> dict[str, from_record.Row]:
    """The origins that have a row in a host's record, each with its row."""
    known = record(host).rows
    return {key: one.row for key, one in origins().items() if one.row.key in known}


def _published(form: HostForm, named: tuple[str, ...]) -> dict[str, dict[str, Steps]]:
    if form.record is None:
        return {}
    rows = _rows(form.record)
    return {key: from_record.of_host(form.record, rows[key].key) for key in named if key in rows}


def _by_origin(changed: Mapping[str, Mapping[str, _Change]]) -> dict[str, dict[str, _Change]]:
    """What a file changes by origin, of all origins written out, in the order of the file."""
    found: dict[str, dict[str, _Change]] = {}
    for key, changes in changed.items():
        for origin in origins() if key == ALL else (key,):
            found.setdefault(origin, {}).update(changes)
    return found


def host_names() -> list[str]:
    """Keys of the hosts of the package."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


@cache
def host(name: str) -> Host:
    """A host of the package by its name. Raises `Refusal`."""
    return read_host(_FOLDER / f"{name}.yaml")
