"""The files of a host of the user's own, made from UNHCR's downloads: what is published as it stands, and
everything else as a judgement that says so.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from avrr_sim.files import read_yaml
from avrr_sim.places import from_record
from avrr_sim.places.from_record import Row
from avrr_sim.places.host_form import TRAITS
from avrr_sim.places.origins import OWN_PREFIX, Steps, defaults, origins, series_values
from avrr_sim.places.own_origins import FIRST_NUMBER
from avrr_sim.places.record.downloads import Downloads, read_downloads
from avrr_sim.places.record.income import income
from avrr_sim.places.record.own_record import OwnRecord, own_record
from avrr_sim.places.record.published import Record, parse_record, record, world
from avrr_sim.policy import LEVERS
from avrr_sim.refusals import nearest, refusal, shown

_FOLDER = Path(__file__).parent
_LEAST_SHARE = 0.02  # of all claims, for an origin to be named among the unregistered
_MIDDLE = 0.5  # of the index of security, where nothing is published
_MIDDLE_INCOME = 3000.0  # NOK a month, as of all other origins
_WINDOW, _BEFORE = 5, 6  # years of the window, and before it
_WAIT = 12.0  # months, where nothing is known of pending claims
_JUDGED = "No published figure; the middle of the scale"


@dataclass(frozen=True)
class OwnHost:
    """Files by name, and what a reader has to know of the downloads: sentences."""

    name: str
    files: Mapping[str, str]
    notes: tuple[str, ...]
    first: int
    last: int
    new_origins: tuple[str, ...]


def own_host(
    country: str, applications: Path, decisions: Path, pending: Path | None, unregistered: float
) -> OwnHost:
    """The files of a host (ISO code) from UNHCR's downloads. `unregistered`: persons a year who never
    registered in Norway, which are scaled by claims.

    Raises `Refusal` where the code is none, or a download is not as it must be.
    """
    iso3 = _code(country)
    given = read_downloads(iso3, applications, decisions, pending)
    name = world().rows.get(iso3, iso3)
    named = [path.name for path in (applications, decisions, pending) if path is not None]
    made = own_record(given, iso3, iso3.lower(), name, named)
    of = parse_record(made.text, Path("record.yaml"))
    own = {iso3: key for iso3, (key, _) in made.origins.items() if key not in _known_rows()}
    facts = _Facts(name, of, {OWN_PREFIX + key: Row(key) for key in own.values()}, unregistered)
    files = {
        "record.yaml": made.text,
        **({"origins.yaml": _filled("origins", origins="\n".join(_origins(made, own)))} if own else {}),
        "host.yaml": _host(iso3, facts, named, given, pending is not None),
        "programme.yaml": _filled("programme", name=name, start=f"{facts.first}-01"),
        "scenario.yaml": _scenario(facts),
    }
    told = tuple(made.origins[iso3][1] for iso3 in own)
    return OwnHost(name, files, given.notes, facts.first, facts.last, told)


class _Facts:
    """What is worked out of a host's record: its years, claims by origin, and its size against Norway's."""

    def __init__(self, name: str, of: Record, own: dict[str, Row], unregistered: float) -> None:
        rows = {key: one.row for key, one in origins().items() if one.row.key in of.rows} | own
        self.name, self.own, self.unregistered = name, own, unregistered
        self.claims = from_record.persons(of.series["applications"], rows)
        self.first, self.last = min(self.claims), max(self.claims)
        norway = record("norway").series["applications"]
        there = sum(norway.at(year) or 0.0 for year in self.claims)
        self.ratio = sum(sum(each.values()) for each in self.claims.values()) / there
        self.scaled = (
            f"Norway's times {self.ratio:.2g}, the claims of {self.first} to {self.last} over Norway's"
        )

    def scale(self, value: float) -> str:
        """A number of Norway's for the size of the host, to two digits, 1 at the least."""
        return f"{max(float(f'{value * self.ratio:.2g}'), 1.0):.0f}"

    def shares(self) -> dict[str, float]:
        """Shares of claims by origin over all years, those of few among the others; they add up to 1."""
        total = sum(sum(each.values()) for each in self.claims.values())
        by_origin = {
            key: round(sum(each.get(key, 0.0) for each in self.claims.values()) / total, 3)
            for key in {key: None for each in self.claims.values() for key in each}
        }
        named = {
            key: share
            for key, share in by_origin.items()
            if key != from_record.OTHER and share >= _LEAST_SHARE
        }
        return {**named, from_record.OTHER: round(1.0 - sum(named.values()), 3)}


def _code(country: str) -> str:
    """An ISO code of three letters. Raises `Refusal`."""
    known, code = world().rows, country.strip().upper()
    if re.fullmatch("[A-Z]{3}", code):
        return code
    by_name = {name.upper(): iso3 for iso3, name in known.items()}
    near = nearest(code, by_name)
    raise refusal(
        f"--country {shown(country)} is no code of a country",
        allowed="the three letters of ISO 3166, such as SWE",
        suggestion=by_name[near] if near else None,
    )


def _known_rows() -> set[str]:
    return {one.row.key for one in origins().values()}


def _filled(template: str, /, **words: object) -> str:
    text = (_FOLDER / "template" / "recorded" / f"{template}.template").read_text(encoding="utf-8")
    return Template(text).substitute({key: str(word) for key, word in words.items()})


def _host(iso3: str, facts: _Facts, files: Sequence[str], given: Downloads, waiting: bool) -> str:
    norway = read_yaml(_FOLDER / "hosts" / "norway.yaml")
    kinds = norway["households"]["kinds"]
    numbers = {key: _as_norway(norway["numbers"][key], facts.name) for key in TRAITS}
    if (gap := _gap_to_norway(iso3)) is not None:
        numbers["living_gap_shift"] = gap
    return _filled(
        "host",
        name=facts.name,
        quoted=_quoted(facts.name),
        files=", ".join(files),
        notes="".join(f"# {note}.\n" for note in given.notes),
        own_origins="own_origins: ./origins.yaml"
        if facts.own
        else "# No origin of its own: the package knows all.",
        first=facts.first,
        last=facts.last,
        shares=", ".join(f"{key}: {share:g}" for key, share in facts.shares().items()),
        households="\n".join(f"    - {_flow(kind)}" for kind in kinds),
        numbers="\n".join(f"  {key}: {_flow(each)}" for key, each in numbers.items()),
        series="\n".join(_series(facts, waiting)),
        places_other=facts.scale(_first(origins()[from_record.OTHER].series["embassy_places"])),
        scaled=_quoted(facts.scaled),
    )


def _as_norway(number: Mapping[str, object], name: str) -> dict[str, object]:
    return {
        **number,
        "basis": "judgement",
        "source": f"No source for {name}; as in the file of Norway",
    }


def _gap_to_norway(iso3: str) -> dict[str, object] | None:
    """How far GDP a head lies above that of Norway, for origins whose own gap is not on record."""
    of = world().series["gdp_ppp"]
    logs = [
        math.log(here / there)
        for year in of.known_years(iso3)
        if (here := of.at(year, iso3)) and (there := of.at(year, "NOR"))
    ]
    if not logs:
        return None
    return {
        "value": round(sum(logs) / len(logs), 2),
        "unit": "log ratio of GDP per head against Norway",
        "basis": "estimated",
        "source": f"Mean of the years on record: {of.source}",
    }


def _series(facts: _Facts, waiting: bool) -> Iterable[str]:
    places = _first(defaults()["embassy_places"])
    yield f"    embassy_places: {_judged(facts.scale(places), facts.scaled)}"
    if not waiting:
        why = "No source; no file of pending claims was given"
        yield f"    decision_months: {_judged(f'{_WAIT:g}', why)}"


def _first(steps: Steps) -> float:
    return float(series_values(steps, 0, 1)[0])


def _judged(value: str, source: str, basis: str = "judgement") -> str:
    return f"{{steps: {{2002-01: {value}}}, basis: {basis}, source: {_quoted(source)}}}"


def _origins(made: OwnRecord, own: Mapping[str, str]) -> Iterable[str]:
    """The lines of the origins that the package does not know, numbered in the order of the record."""
    for number, (iso3, key) in enumerate(own.items(), FIRST_NUMBER):
        yield f"  {OWN_PREFIX}{key}:"
        yield f"    number: {number}"
        yield f"    name: {_quoted(made.origins[iso3][1])}"
        yield "    series:"
        yield f"      security: {_published('security', iso3, _MIDDLE)}"
        yield f"      income: {_published('gdp_usd', iso3, _MIDDLE_INCOME)}"


def _published(name: str, iso3: str, middle: float) -> str:
    """A series of world.yaml as a host's files write it, by year; the middle where nothing is published."""
    of = world().series[name]
    known = {year: of.at(year, iso3) for year in of.known_years(iso3)}
    if not known:
        return _judged(f"{middle:g}", _JUDGED)
    values = {year: income(value) if name == "gdp_usd" else value for year, value in known.items() if value}
    steps = ", ".join(f"{year}-01: {value:g}" for year, value in values.items())
    formula = "income" if name == "gdp_usd" else "security"
    source = f"By the formula of the record's {formula} from: {of.source}"
    return f"{{steps: {{{steps}}}, basis: estimated, source: {_quoted(source)}}}"


def _scenario(facts: _Facts) -> str:
    window = max(facts.first, facts.last - _WINDOW + 1)
    name = facts.name
    return _filled(
        "scenario",
        name=name,
        as_it_was=_quoted(f"{name} as it was"),
        question=_quoted(f"How do people in {name} decide about assisted return if nothing changes?"),
        start=f"{max(facts.first, window - _BEFORE)}-01",
        to=f"{facts.last}-12",
        directorate=facts.scale(LEVERS["directorate_places"].default),
        unregistered=facts.scale(facts.unregistered),
        as_scaled=facts.scaled,
        **{"from": f"{window}-01"},
    )


def _flow(table: Mapping[str, object]) -> str:
    """A table on one line of YAML."""
    return (
        "{" + ", ".join(f"{key}: {_quoted(v) if isinstance(v, str) else v}" for key, v in table.items()) + "}"
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
