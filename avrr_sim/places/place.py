"""Reads origins and hosts: every number is part of a dated series that states unit, range, basis and source."""

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
    """A host country: yearly arrivals in persons, their split by origin, households, abode on arrival; see its file for sources."""

    key: str
    name: str
    currency: str
    arrivals: Mapping[int, float]
    shares: Mapping[int, Mapping[str, float]]
    unregistered_shares: Mapping[str, float]
    households: tuple[tuple[float, int, int], ...]
    traits: Mapping[str, float]
    entries: Mapping[str, dict]


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

    Raises `Refusal` where a series lacks meaning, unit, range, basis or source, an origin lacks a series (security above all), or a
    value is out of range.
    """
    content = read_yaml(path)
    series = {}
    for name, raw in content.get("series", {}).items():
        for key in ("meaning", "unit", "low", "high", "basis", "source"):
            if key not in raw:
                raise refusal(f"lacks {key!r}", file=path, path=("series", name))
        if raw["basis"] not in BASES:
            raise unknown_name("basis", raw["basis"], BASES, file=path, path=("series", name, "basis"))
        series[name] = Series(name, **raw)
    origins = {}
    for key, raw in content.get("origins", {}).items():
        place = ("origins", key)
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


def _value(content: dict, name: str, path: Path):
    raw = content["numbers"].get(name)
    if not isinstance(raw, dict) or not {"value", "unit", "basis", "source"} <= set(raw):
        raise refusal("needs value, unit, basis and source", file=path, path=("numbers", name))
    return raw["value"]


TRAITS = ("centre_on_arrival", "residents_per_centre", "centre_stay_months", "female_share", "ill_share", "vulnerable_trafficked",
          "vulnerable_aged_out", "vulnerable_medical", "vulnerable_other", "age_18_24", "age_25_34", "age_35_44")


def read_host(path: Path) -> Host:
    """A host country's file. Raises `Refusal` where a number lacks unit, basis or source, or shares do not add up to 1."""
    content = read_yaml(path)
    arrivals = {int(year): float(raw["persons"]) for year, raw in content["arrivals"].items()}
    shares = {int(year): {k: float(v) for k, v in raw.items()} for year, raw in content["arrival_shares"]["by_year"].items()}
    unregistered = {k: float(v) for k, v in content["unregistered_shares"]["shares"].items()}
    for place, split in [*((("arrival_shares", "by_year", year), split) for year, split in shares.items()), (("unregistered_shares",), unregistered)]:
        if abs(sum(split.values()) - 1.0) > 1e-6:
            raise refusal(f"shares add up to {sum(split.values()):.4f}, not 1", file=path, path=place)
    households = tuple((float(h["share"]), int(h["adults"]), int(h["minors"])) for h in content["households"]["kinds"])
    if abs(sum(h[0] for h in households) - 1.0) > 1e-6:
        raise refusal("shares do not add up to 1", file=path, path=("households", "kinds"))
    traits = {name: float(_value(content, name, path)) for name in TRAITS}
    return Host(path.stem, content["name"], content["currency"], arrivals, shares, unregistered, households, traits, content)


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
    """A known host."""
    return read_host(_FOLDER / "hosts" / f"{name}.yaml")


def series_values(steps: Sequence[Step], first_month: int, months: int) -> np.ndarray:
    """A dated series month by month, shape (months,); before its first step the first value holds."""
    return month_by_month(steps, first_month, min(steps, key=lambda step: step.start).value, months)
