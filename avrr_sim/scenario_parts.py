"""The parts of a scenario - period, host, programmes, origins, settings, weights - read from merged layers
and checked, each refusal naming the file that holds the mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from avrr_sim.aimed import Aimed, read_aimed
from avrr_sim.dates import month_number, month_text
from avrr_sim.evidence import central_weights
from avrr_sim.files import is_file
from avrr_sim.hypotheses import MIXTURE, hypothesis_names
from avrr_sim.layers import Merged
from avrr_sim.places.origins import OWN_PREFIX, SERIES, origin_names
from avrr_sim.places.place import Host, host, host_names, read_host
from avrr_sim.policy import ANNOUNCEABLE, LEVERS, TIMING, Step
from avrr_sim.programme import (
    Programme,
    country_programme_names,
    programme,
    programme_names,
    read_programme,
)
from avrr_sim.refusals import Refusals, refusal, shown, unknown_name
from avrr_sim.schema import (
    EARLIEST,
    LATEST,
    Given,
    known_weights,
    read_month,
    read_number,
    read_steps,
    read_timing,
    weight_range,
)

LONGEST_RUN = 600  # months

Settings = Mapping[str, tuple[Step, ...]]
_Loaded = TypeVar("_Loaded", Host, Programme)


@dataclass(frozen=True)
class Named(Generic[_Loaded]):
    """A host or programme that was read, and its name: that of the package's, or the path of a file of the
    user's own.
    """

    name: str
    loaded: _Loaded


@dataclass(frozen=True)
class Carried:
    """Hosts and programmes that a scenario carries, by the names that its resolved content gives them: a
    variant of it needs no file.
    """

    hosts: Mapping[str, Named[Host]]
    programmes: Mapping[str, Named[Programme]]


NOTHING = Carried({}, {})


def carried_in(content: Mapping[str, Any], files: Mapping[str, str]) -> Carried:
    """What resolved content needs not read again where the text of files is known, by their names. Raises
    `Refusal` where a text is not that of a host or programme.
    """
    country, general = (str(content.get(key)) for key in ("host", "programme"))
    within = f"{country}/"
    beside = {name.removeprefix(within): text for name, text in files.items() if name.startswith(within)}
    return Carried(
        {country: Named(country, read_host(Path(country), files[country], beside))}
        if country in files
        else {},
        {general: Named(general, read_programme(Path(general), files[general]))} if general in files else {},
    )


@dataclass(frozen=True)
class Period:
    """Calendar months of a run: its start, and the first and last of its window."""

    start: int
    first: int
    last: int


_MONTHS = (("start",), ("window", "from"), ("window", "to"))


def read_period(merged: Merged, country: Named[Host] | None, wrong: Refusals) -> Period:
    """The months of a run; where one is refused, a month in whose place the rest can be read."""
    given = [merged.given.get(path) for path in _MONTHS]
    read = [wrong.attempt(read_month, item) if item else None for item in given]
    start, first, last = read
    period = Period(
        EARLIEST if start is None else start,
        EARLIEST if first is None else first,
        LATEST if last is None else last,
    )
    items = [item for item in given if item]
    if country and None not in read and len(items) == len(_MONTHS):
        wrong.attempt(check_period, country.loaded, country.name, period, *items)
    return period


def check_period(place: Host, named: str, period: Period, start: Given, first: Given, last: Given) -> None:
    """Refuse months out of order, outside the data of the host, which is `named` so, or too many; `start`,
    `first`, `last`: where they were given.
    """
    begin, end = month_number(f"{min(place.arrivals)}-01"), month_number(f"{max(place.arrivals)}-12")
    known = f"outside the arrivals known for {named}"
    if not begin <= period.start <= end:
        raise start.refuse(
            f"the start {month_text(period.start)} is {known}",
            allowed=f"{month_text(begin)} to {month_text(end)}",
        )
    if period.first < period.start:
        raise first.refuse(
            f"the window begins in {month_text(period.first)}, before the start",
            allowed=f"{month_text(period.start)} or later",
        )
    if period.last < period.first:
        raise last.refuse(
            f"the window ends in {month_text(period.last)}, before it begins",
            allowed=f"{month_text(period.first)} or later",
        )
    months = period.last - period.start + 1
    if months > LONGEST_RUN:
        latest = month_text(period.start + LONGEST_RUN - 1)
        raise last.refuse(
            f"{months} months from the start are too many",
            allowed=f"up to {LONGEST_RUN}, here to {latest} at the latest",
        )
    if period.last > end:
        raise last.refuse(
            f"the window ends in {month_text(period.last)}, {known}",
            allowed=f"{month_text(begin)} to {month_text(end)}",
        )


def find_host(item: Given, carried: Carried = NOTHING) -> Named[Host]:
    """The host that an item names."""
    return _find(item, "host", host_names(), host, read_host, carried.hosts)


def find_programme(item: Given, carried: Carried = NOTHING) -> Named[Programme]:
    """The general programme that an item names."""
    return _find(item, "programme", programme_names(), programme, read_programme, carried.programmes)


def _find(
    item: Given,
    what: str,
    names: list[str],
    of_the_package: Callable[[str], _Loaded],
    read: Callable[[Path], _Loaded],
    carried: Mapping[str, Named[_Loaded]],
) -> Named[_Loaded]:
    """A known name, or the path of a file of the user's own, with what it stands for."""
    if item.file is None and item.value in carried:
        return carried[item.value]
    if not item.value.endswith(".yaml"):
        if item.value not in names:
            raise item.unknown(what, names, item.value)
        return Named(item.value, of_the_package(item.value))
    path = Path(item.value) if item.file is None else Path(item.file).parent / item.value
    if not is_file(path):
        raise item.refuse(
            f"there is no file {shown(item.value)}",
            allowed=f"{', '.join(names)}, or a file of your own, by its path from this one",
        )
    whole = path.resolve()
    return Named(str(whole), read(whole))


def check_paid_origins(item: Given, paid: Programme, of_host: Sequence[str]) -> None:
    """Refuse a programme, which `item` names, that names an origin of the user's own that the host lacks."""
    entries = (
        entry for table in (paid.amounts, paid.eligibility) for each in table.values() for entry in each
    )
    named = [name for entry in entries if isinstance(entry.origins, tuple) for name in entry.origins]
    for name in (*paid.covers, *named):
        if name.startswith(OWN_PREFIX) and name not in of_host:
            problem = f"the programme names the origin {shown(name)}, which the host has not"
            raise item.refuse(problem, allowed=", ".join(of_host))


def read_country_programmes(item: Given | None, general: str) -> tuple[str, ...]:
    """The country programmes, each part of the general one, in one order."""
    known = country_programme_names(general)
    return _chosen(item, f"country programme of {general}", known) if item else ()


def read_origins(item: Given | None, known: Sequence[str]) -> tuple[str, ...]:
    """The origins, always in one order, because the same people must come of the same set."""
    return _chosen(item, "origin", known) if item else tuple(known)


_SOMEBODY, _MOST_YEARS = 0.5, 8  # persons; years that are named
_UNREGISTERED = "unregistered_inflow"


def check_anybody(
    place: Host, named: str, period: Period, origins: Sequence[str], weights: Mapping[str, float], at: Given
) -> None:
    """Refuse a run to which nobody comes: origins of which the host, which is `named` so, knows no claim in
    these years, and nobody who never registers. `weights`: those that the scenario sets; `at`: what is to be
    changed.
    """
    inflow = {**central_weights(), **weights}[_UNREGISTERED]
    if place.expected(origins, period.start, period.last, inflow) >= _SOMEBODY:
        return
    some = [str(year) for year in sorted(place.claims) if place.claimed_by(origins, year)]
    cut = "..., " if len(some) > _MOST_YEARS else ""
    allowed = [f"a period with claims ({cut}{', '.join(some[-_MOST_YEARS:])})"] if some else []
    allowed += ["other origins", *([f"a larger weight {_UNREGISTERED}"] if _UNREGISTERED in weights else [])]
    raise at.refuse(
        f"nobody of {'this origin' if len(origins) == 1 else 'these origins'} comes to {named} from "
        f"{month_text(period.start)} to {month_text(period.last)}",
        allowed=", or ".join(allowed),
    )


def _chosen(item: Given, what: str, known: Sequence[str]) -> tuple[str, ...]:
    """Names among the known ones, each once, in the order of these."""
    wrong = Refusals()
    for number, name in enumerate(item.value):
        if name not in known:
            wrong.add(item.unknown(what, known, name, number))
        elif name in item.value[:number]:
            wrong.add(item.refuse(f"{shown(name)} stands there twice", number))
    wrong.raise_any()
    return tuple(name for name in known if name in item.value)


def read_words(item: Given) -> str:
    """Text on one line, its blanks and line ends made single blanks. Joiners within words of some scripts are
    kept.
    """
    text = " ".join(item.value.split())
    if not text and item.path == ("name",):
        raise item.refuse(f"{shown(item.value)} is blank", allowed="a name, or leave the key out")
    if not all(c.isprintable() or c in "\u200c\u200d" for c in text):
        raise item.refuse(
            f"{shown(item.value)} holds characters that cannot be shown", allowed="visible characters"
        )
    return text


def read_levers(merged: Merged, period: Period, wrong: Refusals) -> dict[str, tuple[Step, ...]]:
    """The steps of every lever that is set, `information_timing` among them."""
    return by_name(merged, "levers", lambda name, item: _lever(name, item, period), wrong)


def read_hypothesis(merged: Merged, wrong: Refusals) -> str:
    """The hypothesis that a scenario chooses; the mixture where it chooses none."""
    item = merged.given.get(("hypothesis",))
    if item and item.value not in (known := hypothesis_names()):
        wrong.add(item.unknown("hypothesis", known, item.value))
    return str(item.value) if item else MIXTURE


def read_information(
    merged: Merged, origins: tuple[str, ...], period: Period, wrong: Refusals
) -> tuple[Aimed, ...]:
    """The entries of aimed information."""
    item = merged.given.get(("information",))
    found = wrong.attempt(read_aimed, item, origins, period.start, period.first) if item else None
    return found or ()


def read_weights(merged: Merged, wrong: Refusals) -> dict[str, float]:
    """The pinned weights."""
    return by_name(merged, "weights", _weight, wrong)


_Setting = TypeVar("_Setting")


def by_name(
    merged: Merged, key: str, read: Callable[[str, Given], _Setting], wrong: Refusals
) -> dict[str, _Setting]:
    """The entries under one key, in order of their names."""
    paths = sorted(path for path in merged.given if path[0] == key)
    found = {path[1]: wrong.attempt(read, path[1], merged.given[path]) for path in paths}
    return {name: value for name, value in found.items() if value is not None}


def _lever(name: str, item: Given, period: Period) -> tuple[Step, ...]:
    if name not in LEVERS and name != TIMING:
        raise unknown_name("lever", name, [*LEVERS, TIMING], file=item.file, path=item.path[:-1])
    lever = LEVERS.get(name)

    def value(given: Any, *deeper: str | int) -> Any:
        if lever is None:
            return read_timing(item, given, *deeper)
        return read_number(item, given, lever.low, lever.high, lever.unit, *deeper)

    return read_steps(item, value, period.start, period.first, announceable=name in ANNOUNCEABLE)


def _weight(name: str, item: Given) -> float:
    if name not in (known := known_weights()):
        raise unknown_name("weight", name, known, file=item.file, path=item.path[:-1])
    return read_number(item, item.value, *weight_range(name), known[name].unit)


def read_series(
    merged: Merged, origins: tuple[str, ...], of_host: Sequence[str], period: Period, wrong: Refusals
) -> dict[str, dict[str, tuple[Step, ...]]]:
    """Series by origin. Those that an extended file set for an origin since left out are dropped; set anew,
    they are a mistake. `of_host`: all origins of the host, those of the user's own among them.
    """
    known = {*origin_names(), *of_host}
    chosen = merged.given["origins",].layer if ("origins",) in merged.given else -1
    found: dict[str, dict[str, tuple[Step, ...]]] = {}
    for path in sorted(path for path in merged.given if path[0] == "series"):
        item, origin = merged.given[path], path[1]
        if origin in origins:
            if len(path) > 2 and (steps := wrong.attempt(_one_series, path[2], item, period)):
                found.setdefault(origin, {})[path[2]] = steps
        elif origin not in known:
            wrong.add(unknown_name("origin", origin, known, file=item.file, path=("series",)))
        elif item.layer >= chosen and len(path) == 2:
            problem = f"{origin} is not among the scenario's origins"
            wrong.add(item.refuse(problem, allowed=", ".join(origins)))
    return found


def _one_series(name: str, item: Given, period: Period) -> tuple[Step, ...]:
    if (series := SERIES.get(name)) is None:
        raise unknown_name("series", name, SERIES, file=item.file, path=item.path[:-1])

    def value(given: Any, *deeper: str | int) -> float:
        return read_number(item, given, series.low, series.high, series.unit, *deeper)

    return read_steps(item, value, period.start, period.first, announceable=False)


def check_complete(merged: Merged, wrong: Refusals) -> None:
    """Keep a refusal of every key that no layer gives and a scenario needs."""
    for path in (("host",), ("programme",), ("start",), ("window", "from"), ("window", "to")):
        if merged.is_missing(path):
            problem = f"needs the key {path[-1]!r}, here or in a file that it extends"
            wrong.add(refusal(f"{problem} (`extends: baseline-norway.yaml`)", file=merged.at, path=path[:-1]))
