"""Reads host countries: every number states unit, basis and source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from avrr_sim.files import parse_yaml, read_text
from avrr_sim.forms import read_form
from avrr_sim.places.host_form import ALL, TRAITS, HostForm
from avrr_sim.places.origins import Origin, Steps, origin_names, origins

_FOLDER = Path(__file__).parent / "hosts"


@dataclass(frozen=True)
class Host:
    """A host country: yearly arrivals in persons, their split by origin, households, abode on arrival; see
    its file for sources.

    `origins` are those that any split names, and `countries` what is known of each; `series` is what the host
    changes of an origin's series;
    `living_gap_shift` (log ratio) sets the gap in living standards against that of Norway, for which the
    origins' series stand; `text` is its file.
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
    countries: Mapping[str, Origin]
    series: Mapping[str, Mapping[str, Steps]]
    living_gap_shift: float
    text: str = field(repr=False)


def read_host(path: Path, text: str | None = None) -> Host:
    """A host country's file, or its `text` where that is known. Raises `Refusal` where a number lacks unit,
    basis or source, or shares do not add up to 1.
    """
    text = read_text(path) if text is None else text
    form = read_form(HostForm, parse_yaml(text, path), file=path)
    splits = [*form.arrival_shares.by_year.values(), form.unregistered_shares.shares]
    named = tuple(key for key in origin_names() if any(key in split for split in splits))
    return Host(
        key=path.stem,
        name=form.name,
        currency=form.currency,
        arrivals={year: each.persons for year, each in form.arrivals.items()},
        shares=form.arrival_shares.by_year,
        unregistered_shares=form.unregistered_shares.shares,
        households=tuple((kind.share, kind.adults, kind.minors) for kind in form.households.kinds),
        traits={name: getattr(form.numbers, name).value for name in TRAITS},
        origins=named,
        countries={key: origins()[key] for key in named},
        series=_by_origin(form.series),
        living_gap_shift=form.numbers.living_gap_shift.value if form.numbers.living_gap_shift else 0.0,
        text=text,
    )


def _by_origin(changed: Mapping[str, Mapping[str, Steps]]) -> dict[str, dict[str, Steps]]:
    """Changed series by origin, those of all origins written out, in the order of the file."""
    found: dict[str, dict[str, Steps]] = {}
    for key, series in changed.items():
        for origin in origins() if key == ALL else (key,):
            found.setdefault(origin, {}).update(series)
    return found


def host_names() -> list[str]:
    """Keys of the hosts of the package."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


@cache
def host(name: str) -> Host:
    """A host of the package by its name. Raises `Refusal`."""
    return read_host(_FOLDER / f"{name}.yaml")
