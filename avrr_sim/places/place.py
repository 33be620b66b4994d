"""Reads origins and hosts: every number is part of a dated series that states unit, range, basis and
source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from avrr_sim.dates import month_number
from avrr_sim.files import read_yaml
from avrr_sim.policy import Step, month_by_month
from avrr_sim.refusals import out_of_range, refusal, unknown_name

_FOLDER = Path(__file__).parent
BASES = ("estimated", "elicited", "judgement")


@dataclass(frozen=True)
class Series:
    """What one dated series of an origin means: unit, range, basis and source."""

    name: str
    meaning: str
    unit: str
    low: float
    high: float
    basis: str
    source: str


@dataclass(frozen=True)
class Origin:
    """A country of origin: a stable number (part of every migrant's id), a name and its dated series."""

    key: str
    number: int
    name: str
    series: Mapping[str, tuple[Step, ...]]
    notes: Mapping[str, str]


@dataclass(frozen=True)
class Host:
    """A host country: yearly arrivals in persons, their split by origin, households, abode on arrival; see
    its file for sources.

    `origins` are those that any split names; `series` what the host changes of an origin's series;
    `living_gap_shift` (log ratio) sets the gap in living standards against that of Norway, for which the
    origins' series stand.
    """

    key: str
    name: str
    currency: str
    arrivals: Mapping[int, float]
    shares: Mapping[int, Mapping[str, float]]
    unregistered_shares: Mapping[str, float]
    households: tuple[tuple[float, int, int], ...]
    traits: Mapping[str, float]
    origins: tuple[str, ...]
    series: Mapping[str, Mapping[str, tuple[Step, ...]]]
    living_gap_shift: float


def _steps(raw: Mapping, series: Series, file: Path, path: tuple) -> tuple[Step, ...]:
    if not isinstance(raw, dict) or not raw:
        raise refusal("must be a table of month: value", file=file, path=path)
    steps = []
    for month, value in raw.items():
        try:
            start = month_number(month)
        except ValueError as error:
            raise refusal(str(error), file=file, path=path) from None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise refusal(f"{value!r} is not a number", file=file, path=(*path, month))
        if not series.low <= value <= series.high:
            raise out_of_range(value, series.low, series.high, series.unit, file=file, path=(*path, month))
        steps.append(Step(start, float(value)))
    return tuple(sorted(steps, key=lambda step: step.start))


def read_origins(path: Path = _FOLDER / "origins.yaml") -> tuple[dict[str, Series], dict[str, Origin]]:
    """The series' meanings and the origins of a file.

    Raises `Refusal` where a series lacks meaning, unit, range, basis or source, an origin lacks a series
    (security above all), or a value is out of range.
    """
    content = read_yaml(path)
    _hold(content, ("series", "origins"), path, ())
    for key in ("series", "origins"):
        _hold(content[key], (), path, (key,))
    series = {}
    for name, raw in content["series"].items():
        _hold(
            raw, ("meaning", "unit", "low", "high", "basis", "source"), path, ("series", name), exactly=True
        )
        for key in ("low", "high"):
            _quantity(raw[key], -1e9, 1e9, path, ("series", name, key))
        if raw["basis"] not in BASES:
            raise unknown_name("basis", raw["basis"], BASES, file=path, path=("series", name, "basis"))
        series[name] = Series(name, **raw)
    if "security" not in series:
        raise refusal("lacks the series 'security'", file=path, path=("series",))
    origins = {}
    for key, raw in content["origins"].items():
        place = ("origins", key)
        _hold(raw, ("number", "name"), path, place)
        if (
            isinstance(raw["number"], bool)
            or not isinstance(raw["number"], int)
            or not 1 <= raw["number"] <= _LARGEST_NUMBER
        ):
            raise refusal(
                f"{raw['number']!r} is not a whole number from 1 to {_LARGEST_NUMBER}",
                file=path,
                path=(*place, "number"),
            )
        missing = sorted(set(series) - set(raw))
        if missing:
            raise refusal(f"lacks the series {', '.join(missing)}", file=path, path=place)
        extra = set(raw) - set(series) - {"number", "name", "notes"}
        if extra:
            raise unknown_name("series", sorted(extra)[0], series, file=path, path=place)
        steps = {name: _steps(raw[name], meaning, path, (*place, name)) for name, meaning in series.items()}
        origins[key] = Origin(key, raw["number"], raw["name"], steps, raw.get("notes", {}))
    numbers = [origin.number for origin in origins.values()]
    if len(set(numbers)) != len(numbers):
        raise refusal("two origins have the same number", file=path, path=("origins",))
    return series, origins


_LARGEST_NUMBER = 63  # six bits of a migrant's id


def _hold(raw: object, keys: Sequence[str], file: Path, path: tuple, exactly: bool = False) -> None:
    """Refuse what is no table with these keys, texts being texts and a basis a known one."""
    if not isinstance(raw, dict):
        raise refusal("must hold keys and values", file=file, path=path)
    for key in keys:
        if key not in raw:
            raise refusal(f"lacks {key!r}", file=file, path=path)
        if key in ("meaning", "unit", "source", "name", "currency") and (
            not isinstance(raw[key], str) or not raw[key].strip()
        ):
            raise refusal(f"{raw[key]!r} is not text", file=file, path=(*path, key))
        if key == "basis" and raw[key] not in BASES:
            raise unknown_name("basis", raw[key], BASES, file=file, path=(*path, key))
    if exactly and set(raw) - set(keys):
        raise unknown_name("key", sorted(set(raw) - set(keys))[0], keys, file=file, path=path)


def _quantity(value: object, low: float, high: float, file: Path, path: tuple) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise refusal(f"{value!r} is not a number from {low:g} to {high:g}", file=file, path=path)
    return float(value)


def _whole(value: object, file: Path, path: tuple) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 20:
        raise refusal(f"{value!r} is not a whole number from 0 to 20", file=file, path=path)
    return value


def _split(raw: object, file: Path, path: tuple) -> dict[str, float]:
    """Shares by origin that add up to 1."""
    _hold(raw, (), file, path)
    for key in raw:
        if key not in origins():
            raise unknown_name("origin", key, origins(), file=file, path=path)
    shares = {key: _quantity(value, 0.0, 1.0, file, (*path, key)) for key, value in raw.items()}
    if abs(sum(shares.values()) - 1.0) > 1e-6:
        raise refusal(f"shares add up to {sum(shares.values()):.4f}, not 1", file=file, path=path)
    return shares


def _year(text: str, file: Path, path: tuple) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise refusal(f"{text!r} is not a year", file=file, path=path)
    return int(text)


def _value(content: dict, name: str, path: Path, low: float = 0.0, high: float = 1.0) -> float:
    place = ("numbers", name)
    _hold(content["numbers"].get(name), ("value", "unit", "basis", "source"), path, place, exactly=True)
    return _quantity(content["numbers"][name]["value"], low, high, path, (*place, "value"))


TRAITS = (
    "centre_on_arrival",
    "residents_per_centre",
    "centre_stay_months",
    "female_share",
    "ill_share",
    "vulnerable_trafficked",
    "vulnerable_aged_out",
    "vulnerable_medical",
    "vulnerable_other",
    "age_18_24",
    "age_25_34",
    "age_35_44",
)


_HOST_PARTS = (
    "name",
    "currency",
    "arrivals",
    "arrival_shares",
    "unregistered_shares",
    "households",
    "numbers",
    "series",
)
_LIMITS = {"residents_per_centre": (1.0, 1e6), "centre_stay_months": (0.1, 600.0)}


def _households(kinds: object, path: Path) -> tuple[tuple[float, int, int], ...]:
    """(share, adults, minors) of every kind of household."""
    place, found = ("households", "kinds"), []
    if not isinstance(kinds, list) or not kinds:
        raise refusal("must be a list of {share, adults, minors}", file=path, path=place)
    for i, kind in enumerate(kinds):
        _hold(kind, ("share", "adults", "minors"), path, (*place, i), exactly=True)
        adults, minors = (_whole(kind[key], path, (*place, i, key)) for key in ("adults", "minors"))
        if adults + minors == 0:
            raise refusal("a household of nobody", file=path, path=(*place, i))
        found.append((_quantity(kind["share"], 0.0, 1.0, path, (*place, i, "share")), adults, minors))
    if abs(sum(share for share, _, _ in found) - 1.0) > 1e-6:
        raise refusal("shares do not add up to 1", file=path, path=place)
    return tuple(found)


def read_host(path: Path) -> Host:
    """A host country's file. Raises `Refusal` where a number lacks unit, basis or source, or shares do not
    add up to 1.
    """
    content = read_yaml(path)
    _hold(
        content,
        ("name", "currency", "arrivals", "arrival_shares", "unregistered_shares", "households", "numbers"),
        path,
        (),
    )
    _hold(content["arrival_shares"], ("basis", "source", "by_year"), path, ("arrival_shares",))
    _hold(content["unregistered_shares"], ("basis", "source", "shares"), path, ("unregistered_shares",))
    _hold(content["households"], ("basis", "source", "kinds"), path, ("households",))
    for key, known in (("arrivals", None), ("numbers", (*TRAITS, "living_gap_shift")), ("series", None)):
        _hold(content.get(key, {}), (), path, (key,))
        for name in content.get(key, {}) if known else ():
            if name not in known:
                raise unknown_name("number", name, known, file=path, path=(key,))
    for key in content:
        if key not in _HOST_PARTS:
            raise unknown_name("key", key, _HOST_PARTS, file=path)
    _hold(content["arrival_shares"]["by_year"], (), path, ("arrival_shares", "by_year"))
    arrivals = {}
    for year, raw in content["arrivals"].items():
        _hold(raw, ("persons", "basis", "source"), path, ("arrivals", year), exactly=True)
        arrivals[_year(year, path, ("arrivals",))] = _quantity(
            raw["persons"], 0, 1e8, path, ("arrivals", year, "persons")
        )
    shares = {
        _year(year, path, ("arrival_shares", "by_year")): _split(
            raw, path, ("arrival_shares", "by_year", year)
        )
        for year, raw in content["arrival_shares"]["by_year"].items()
    }
    if not arrivals or sum(arrivals.values()) <= 0 or not shares:
        raise refusal("needs arrivals and their split", file=path, path=("arrivals",))
    missing = sorted(set(range(min(arrivals), max(arrivals) + 1)) - set(arrivals))
    if missing:
        raise refusal(f"lacks the year {missing[0]}", file=path, path=("arrivals",))
    unregistered = _split(content["unregistered_shares"]["shares"], path, ("unregistered_shares", "shares"))
    households = _households(content["households"]["kinds"], path)
    traits = {name: _value(content, name, path, *_LIMITS.get(name, (0.0, 1.0))) for name in TRAITS}
    if traits["age_18_24"] + traits["age_25_34"] + traits["age_35_44"] > 1.0 + 1e-9:
        raise refusal("the shares of the age bands add up to more than 1", file=path, path=("numbers",))
    of = tuple(
        key for key in origin_names() if any(key in split for split in (*shares.values(), unregistered))
    )
    series = _host_series(content.get("series", {}), path)
    shift = (
        _value(content, "living_gap_shift", path, -6.0, 6.0)
        if "living_gap_shift" in content["numbers"]
        else 0.0
    )
    return Host(
        path.stem,
        content["name"],
        content["currency"],
        arrivals,
        shares,
        unregistered,
        households,
        traits,
        of,
        series,
        shift,
    )


def _host_series(raw: Mapping, path: Path) -> dict[str, dict[str, tuple[Step, ...]]]:
    """What a host changes of its origins' series: `all` for every origin, or by origin; each with basis and
    source.
    """
    found: dict[str, dict[str, tuple[Step, ...]]] = {}
    for key, changed in raw.items():
        _hold(changed, (), path, ("series", key))
        if key != "all" and key not in origins():
            raise unknown_name("origin", key, ["all", *origins()], file=path, path=("series",))
        for name, entry in changed.items():
            if name not in SERIES:
                raise unknown_name("series", name, SERIES, file=path, path=("series", key))
            _hold(entry, ("steps", "basis", "source"), path, ("series", key, name), exactly=True)
            steps = _steps(entry["steps"], SERIES[name], path, ("series", key, name))
            for origin in origins() if key == "all" else (key,):
                found.setdefault(origin, {})[name] = steps
    return found


@cache
def _known_origins() -> tuple[dict[str, Series], dict[str, Origin]]:
    return read_origins()


SERIES: dict[str, Series] = _known_origins()[0]
"""Meaning, unit, range, basis and source of every dated series of an origin."""


def origins() -> dict[str, Origin]:
    """Every origin that the package knows."""
    return _known_origins()[1]


def origin_names() -> list[str]:
    """Keys of the known origins, in the order of their numbers."""
    return sorted(origins(), key=lambda key: origins()[key].number)


def host_names() -> list[str]:
    """Keys of the known hosts."""
    return sorted(path.stem for path in (_FOLDER / "hosts").glob("*.yaml"))


@cache
def host(name: str) -> Host:
    """A known host by its name, or one of the user's own by the path of its file. Raises `Refusal`."""
    return read_host(Path(name) if name.endswith(".yaml") else _FOLDER / "hosts" / f"{name}.yaml")


def series_values(steps: Sequence[Step], first_month: int, months: int) -> np.ndarray:
    """A dated series month by month, shape (months,); before its first step the first value holds."""
    return month_by_month(steps, first_month, min(steps, key=lambda step: step.start).value, months)
