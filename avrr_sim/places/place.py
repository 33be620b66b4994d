"""Reads host countries: every number states unit, basis and source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

from avrr_sim.files import parse_yaml, read_text
from avrr_sim.forms import read_form
from avrr_sim.places import from_record
from avrr_sim.places.from_record import Persons, Row
from avrr_sim.places.host_form import ALL, TRAITS, HostForm
from avrr_sim.places.origins import Origin, Steps, origins
from avrr_sim.places.own_origins import read_own_origins
from avrr_sim.places.record.published import Record, parse_record, record
from avrr_sim.refusals import refusal, unknown_name

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
    origins' own series stand; `text` is its file, and `beside` the texts
    of files of the user's own that it names, by these names.
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
    beside: Mapping[str, str] = field(repr=False, default_factory=dict)

    @property
    def arrivals(self) -> dict[int, float]:
        """Claims by year, of all origins."""
        return {year: sum(persons.values()) for year, persons in self.claims.items()}

    def claims_in(self, year: int) -> Mapping[str, float]:
        """Claims in persons by origin in a year; before the first and after the last known one, of that."""
        return self.claims[min(max(year, min(self.claims)), max(self.claims))]

    def pending_at(self, year: int) -> Mapping[str, float]:
        """Claims in persons by origin that are pending when a run starts in a year: those of the end of the
        year before, or where that is not published those of the year's own end; of nobody where neither is.
        """
        return next((self.pending[each] for each in (year - 1, year) if each in self.pending), {})

    def claimed_by(self, origins: Iterable[str], year: int) -> bool:
        """Whether anybody of some origins asks for protection in a year."""
        return any(self.claims_in(year).get(key, 0.0) > 0.0 for key in origins)

    def expected(self, origins: Sequence[str], start: int, last: int, unregistered: float) -> float:
        """Persons of some origins who wait at the start of a run or come in its months; `unregistered`:
        persons of all origins a year who never register.
        """
        years = range(start // 12, last // 12 + 1)
        known = [(self.pending_at(years[0]), 1.0)]
        known += [(self.unregistered_shares, unregistered * (last - start + 1) / 12)]
        for year in years:
            months = min(last, 12 * year + 11) - max(start, 12 * year) + 1
            known += [(self.claims_in(year), months / 12)]
        return sum(persons.get(key, 0.0) * part for persons, part in known for key in origins)

    def basis(self, origin: str, name: str) -> str:
        """What a series of an origin rests on at this host."""
        if name in self.bases.get(origin, {}):
            return self.bases[origin][name]
        if name in self.published.get(origin, {}) and name not in self.countries[origin].own:
            return BY_RECORD
        return self.countries[origin].bases[name]


def read_host(path: Path, text: str | None = None, beside: Mapping[str, str] | None = None) -> Host:
    """A host country's file, or its `text` where that is known, with the files of its own that it names, or
    their texts by these names (`beside`). Raises `Refusal` where a number lacks unit, basis or source, shares
    do not add up to 1, or a file that it names is not as it must be.
    """
    text = read_text(path) if text is None else text
    form = read_form(HostForm, parse_yaml(text, path), file=path)
    texts = {
        name: _text_of(name, path, beside or {})
        for name in (form.record, form.own_origins)
        if name is not None and name.endswith(".yaml")
    }
    of = _record(form.record, path, texts)
    own = _own_origins(form.own_origins, path, of, texts)
    known = {**origins(), **own}
    _check_origins(form, known, path)
    rows = {key: one.row for key, one in known.items() if of is not None and one.row.key in of.rows}
    claims = _claims(form, of, rows)
    splits = [*claims.values(), form.unregistered_shares.shares]
    named = tuple(
        key
        for key in sorted(known, key=lambda key: known[key].number)
        if any(key in split for split in splits)
    )
    return Host(
        key=path.stem,
        name=form.name,
        currency=form.currency,
        claims=claims,
        pending=_pending(form, of, rows),
        unregistered_shares=form.unregistered_shares.shares,
        households=tuple((kind.share, kind.adults, kind.minors) for kind in form.households.kinds),
        traits={name: getattr(form.numbers, name).value for name in TRAITS},
        origins=named,
        countries={key: known[key] for key in named},
        published={key: from_record.of_host(of, rows[key].key) for key in named if of and key in rows},
        series=_by_origin(
            {key: {name: each.steps for name, each in one.items()} for key, one in form.series.items()}, known
        ),
        bases=_by_origin(
            {key: {name: each.basis for name, each in one.items()} for key, one in form.series.items()}, known
        ),
        living_gap_shift=form.numbers.living_gap_shift.value if form.numbers.living_gap_shift else 0.0,
        text=text,
        beside=texts,
    )


def _text_of(name: str, host_file: Path, known: Mapping[str, str]) -> str:
    """The text of a file that a host's file names, where it is not known by that name."""
    return known[name] if name in known else read_text(host_file.parent / name)


def _record(name: str | None, host_file: Path, texts: Mapping[str, str]) -> Record | None:
    """The record that a host's file names: the package's, or the user's own."""
    if name is None or name not in texts:
        return record(name) if name else None
    path = host_file.parent / name
    found = parse_record(texts[name], path)
    if missing := [each for each in from_record.NEEDED if each not in found.series]:
        raise refusal(f"lacks the series {missing[0]!r}", file=path, path=("series",))
    years = found.series["applications"].known_years()
    if not years or len(years) != years[-1] - years[0] + 1:
        problem = "needs the applications of all origins in every year from the first to the last"
        raise refusal(problem, file=path, path=("series", "applications"))
    return found


def _own_origins(
    name: str | None, host_file: Path, of: Record | None, texts: Mapping[str, str]
) -> dict[str, Origin]:
    """The origins of the user's own in the file that a host's file names."""
    if name is None or name not in texts:
        return {}
    return read_own_origins(texts[name], host_file.parent / name, of)


def _check_origins(form: HostForm, known: Mapping[str, Origin], path: Path) -> None:
    """Refuse origins of the user's own that no file of such origins has."""
    for place, names in _naming(form):
        for name in names:
            if name not in known and name != ALL:
                raise unknown_name("origin", name, known, file=path, path=place)


def _naming(form: HostForm) -> Iterator[tuple[tuple[str | int, ...], Iterable[str]]]:
    """Places of a host's file that name origins, each with the names."""
    for key in ("claims", "pending", "arrival_shares"):
        if (table := getattr(form, key)) is not None:
            yield from (((key, "by_year", year), split) for year, split in table.by_year.items())
    yield ("unregistered_shares", "shares"), form.unregistered_shares.shares
    yield ("series",), form.series


def _claims(form: HostForm, of: Record | None, rows: Mapping[str, Row]) -> Persons:
    """Claims by year and origin, whichever way the file says them."""
    if of is not None:
        return from_record.persons(of.series["applications"], rows)
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


def _pending(form: HostForm, of: Record | None, rows: Mapping[str, Row]) -> Persons:
    if of is not None:
        return from_record.persons(of.series["pending"], rows)
    return form.pending.by_year if form.pending is not None else {}


def _by_origin(
    changed: Mapping[str, Mapping[str, _Change]], known: Iterable[str]
) -> dict[str, dict[str, _Change]]:
    """What a file changes by origin, of all origins written out, in the order of the file."""
    found: dict[str, dict[str, _Change]] = {}
    for key, changes in changed.items():
        for origin in known if key == ALL else (key,):
            found.setdefault(origin, {}).update(changes)
    return found


def host_names() -> list[str]:
    """Keys of the hosts of the package."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


@cache
def host(name: str) -> Host:
    """A host of the package by its name. Raises `Refusal`."""
    return read_host(_FOLDER / f"{name}.yaml")
