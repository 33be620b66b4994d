"""Scenarios: one policy situation each, read from a sparse, dated YAML file into a frozen `Scenario`.

A file may say `extends: other.yaml` and then only what changes. Levers, series, weights and the two ends of
the window merge one by one, other keys are replaced; `name` and `asks` belong to the file that holds them and
are not inherited. Whatever is wrong is refused with a `Refusal` that names the file, the place in it, the
value, and what is allowed.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from avrr_sim.dates import month_number, month_text
from avrr_sim.files import check_plain, is_file, read_yaml
from avrr_sim.places.place import SERIES, host, host_names, origin_names
from avrr_sim.policy import ANNOUNCEABLE, LEVERS, TIMING, Step
from avrr_sim.programme import country_programme_names, programme, programme_names
from avrr_sim.refusals import Refusal, nearest, refusal, shown, unknown_name
from avrr_sim.schema import (
    LONGEST_NAME,
    Given,
    ScenarioForm,
    as_float,
    keys_of,
    known_weights,
    read_form,
    read_month,
    read_number,
    read_steps,
    read_timing,
    weight_range,
    write_steps,
)

LONGEST_RUN = 600  # months
_LONGEST_CHAIN = 20  # files that extend one another
PROTECTION_GATE = 0.12  # judgement: closes origins such as Syria in wartime, not Afghanistan in 2012
MINIMUM_CELL = 10  # people

Settings = Mapping[str, tuple[Step, ...]]


@dataclass(frozen=True)
class Scenario:
    """One policy situation, complete and checked. Months are numbers of calendar months (see `dates`), both
    ends of the window included.

    `levers` hold the steps of every lever that is set, `information_timing` among them; `series` replace
    dated series of origins; `weights` pin weights of evidence; `protection_gate` is on the security index;
    cells of fewer than `minimum_cell` people are not shown.
    """

    name: str
    asks: str
    file: str | None
    host: str
    programme: str
    start: int
    window_from: int
    window_to: int
    origins: tuple[str, ...]
    levers: Settings
    series: Mapping[str, Settings]
    weights: Mapping[str, float]
    protection_gate: float = PROTECTION_GATE
    minimum_cell: int = MINIMUM_CELL
    country_programmes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field in ("levers", "series", "weights"):
            object.__setattr__(self, field, MappingProxyType(dict(getattr(self, field))))
        object.__setattr__(
            self, "series", MappingProxyType({o: MappingProxyType(dict(s)) for o, s in self.series.items()})
        )

    def __reduce__(self):
        # Read-only views cannot be pickled; plain copies can, and other processes need scenarios.
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values |= {
            "levers": dict(self.levers),
            "series": {o: dict(s) for o, s in self.series.items()},
            "weights": dict(self.weights),
        }
        return Scenario, tuple(values.values())

    def __hash__(self) -> int:
        return hash(json.dumps(self.resolved(), sort_keys=True))

    @classmethod
    def load(cls, path: str | Path) -> Scenario:
        """The scenario in a file, with whatever it extends. Raises `Refusal`."""
        path = Path(path)
        return _build(_layers(path), name=_slug(path.stem), file=path.name, at=path)

    @classmethod
    def from_mapping(cls, content: Mapping[str, Any]) -> Scenario:
        """The scenario in a mapping of the form of a file, without `extends`. Raises `Refusal`."""
        return _build([_Layer.of(_plain(content))], name="scenario")

    @property
    def months(self) -> int:
        """Simulated months, from the start to the end of the window."""
        return self.window_to - self.start + 1

    @property
    def key(self) -> str:
        """A short name for folders and tables: lower-case letters, digits and dashes, from the file's name or
        else the scenario's.
        """
        return _slug(Path(self.file).stem if self.file else self.name)

    def resolved(self) -> dict[str, Any]:
        """Everything that the scenario sets, as plain sorted values that need no other file and load again as
        the same scenario.
        """
        content = {
            "name": self.name,
            "asks": self.asks,
            "host": _told(self.host),
            "programme": _told(self.programme),
            "country_programmes": list(self.country_programmes),
            "start": month_text(self.start),
            "window": {"from": month_text(self.window_from), "to": month_text(self.window_to)},
            "origins": list(self.origins),
            "levers": {name: write_steps(steps) for name, steps in sorted(self.levers.items())},
            "series": {
                origin: {name: write_steps(steps) for name, steps in sorted(series.items())}
                for origin, series in sorted(self.series.items())
            },
            "weights": dict(sorted(self.weights.items())),
            "protection_gate": self.protection_gate,
            "minimum_cell": self.minimum_cell,
        }
        return dict(sorted(content.items()))

    def with_window(self, months: int) -> Scenario:
        """The same scenario with a window of `months` months from the same first month. Raises `Refusal`
        where it gets too long.
        """
        if isinstance(months, bool) or not isinstance(months, int) or months < 1:
            raise refusal(f"a window of {shown(months)} months", allowed="a whole number of at least 1")
        _check_period(
            self.host,
            self.start,
            self.window_from,
            self.window_from + months - 1,
            Given(None, ("window",), None, 0),
        )
        return replace(self, window_to=self.window_from + months - 1)

    def vary(self, **changes: Any) -> Scenario:
        """A variant: levers by name (`vary(cash_level=2)`) and keys of a scenario file
        (`vary(weights={"ties": 0})`) set anew.

        Checked as a file is; a variant without a `name` of its own is called after what it changes. Raises
        `Refusal`.
        """
        keys = set(keys_of(ScenarioForm)) - {"extends"}
        for name in changes:
            if name not in keys and name not in LEVERS and name != TIMING:
                raise unknown_name("lever or key", name, [*LEVERS, TIMING, *keys])
        changes = _plain(changes)
        content = {key: value for key, value in changes.items() if key in keys}
        levers = {key: value for key, value in changes.items() if key not in keys}
        if levers and isinstance(content.get("levers", {}), dict):
            content["levers"] = {**content.get("levers", {}), **levers}
        told = ", ".join(
            [
                self.name,
                *(f"{key} {shown(value)}" for key, value in changes.items() if key not in ("name", "asks")),
            ]
        )
        layers = [_Layer.of(self.resolved()), _Layer.of({"asks": self.asks, **content})]
        return _build(layers, name=told if len(told) <= LONGEST_NAME else told[: LONGEST_NAME - 3] + "...")


def load_scenario(path: str | Path) -> Scenario:
    """The scenario in a file, with whatever it extends. Raises `Refusal`."""
    return Scenario.load(path)


@dataclass(frozen=True)
class _Layer:
    """One file's content by path, such as ("levers", "cash_level"); merging two files is merging these."""

    values: Mapping[tuple[str, ...], Any]
    file: Path | None = None

    @classmethod
    def of(cls, content: Mapping[str, Any], file: Path | None = None) -> _Layer:
        form = read_form(content, file=file)
        values: dict[tuple[str, ...], Any] = {}
        for key in form.model_fields_set:
            value = getattr(form, key)
            if key == "window":
                values |= {
                    ("window", end): month
                    for end, month in (("from", value.first), ("to", value.last))
                    if month is not None
                }
            elif key == "series":
                values |= {
                    (key, origin, name): steps
                    for origin, series in value.items()
                    for name, steps in series.items()
                }
                # so that an origin without entries is looked at too
                values |= {(key, origin): None for origin in value}
            elif key in ("levers", "weights"):
                values |= {(key, name): setting for name, setting in value.items()}
            else:
                values[(key,)] = value
        return cls(values, file)


def _layers(path: Path) -> list[_Layer]:
    """The layer of a file and those it extends, the outermost first."""
    layers: list[_Layer] = []
    chain: list[Path] = []
    while True:
        chain.append(path)
        layer = _Layer.of(read_yaml(path), path)
        layers.insert(0, layer)
        extends = layer.values.get(("extends",))
        if extends is None:
            return layers
        told = " -> ".join([*(p.name for p in chain), extends])
        target = path.parent / extends

        def refuse(
            problem: str, allowed: str | None = None, suggestion: str | None = None, path: Path = path
        ) -> Refusal:
            return refusal(problem, file=path, path=("extends",), allowed=allowed, suggestion=suggestion)

        if Path(extends).is_absolute() or "\\" in extends:
            raise refuse(
                f"{shown(extends)} is not a path from this file",
                "a path such as baseline-norway.yaml or ../scenarios/other.yaml",
            )
        if not is_file(target):
            beside = [p.name for p in path.parent.glob("*.yaml") if p != path]
            raise refuse(
                f"there is no file {shown(extends)} ({shown(told)[1:-1]})",
                "a scenario file, by its path from this one",
                nearest(extends, beside),
            )
        if os.path.realpath(target) in (os.path.realpath(p) for p in chain):
            raise refuse(f"the files extend one another in a circle ({told})")
        if len(chain) >= _LONGEST_CHAIN:
            raise refuse(f"more than {_LONGEST_CHAIN} files extend one another")
        path = target


def _build(layers: list[_Layer], *, name: str, file: str | None = None, at: Path | None = None) -> Scenario:
    """The scenario in merged layers, checked; `name` is for a file without one, `at` the file that a message
    names for what is missing.
    """
    given = {
        path: Given(value, path, layer.file, number)
        for number, layer in enumerate(layers)
        for path, value in layer.values.items()
    }
    own = {path: item for path, item in given.items() if item.layer == len(layers) - 1}
    if ("extends",) in given and at is None:
        raise given["extends",].refuse("only a file can extend another")
    for path in (("host",), ("programme",), ("start",), ("window", "from"), ("window", "to")):
        if path not in given:
            raise refusal(
                (
                    f"needs the key {path[-1]!r}, here or in a file that it extends (`extends: "
                    "baseline-norway.yaml`)"
                ),
                file=at,
                path=path[:-1],
            )
    start, first, last = (
        read_month(given[path]) for path in (("start",), ("window", "from"), ("window", "to"))
    )
    country = _known_or_own(given["host",], "host", host_names(), host)
    _check_period(
        country, start, first, last, given["start",], given["window", "from"], given["window", "to"]
    )
    origins = _origins(given.get(("origins",)), country)
    general = _known_or_own(given["programme",], "programme", programme_names(), programme)
    gate, cell = given.get(("protection_gate",)), given.get(("minimum_cell",))
    return Scenario(
        name=_words(own["name",]) or name if ("name",) in own else name,
        asks=_words(own["asks",]) if ("asks",) in own else "",
        file=file,
        host=country,
        programme=general,
        start=start,
        window_from=first,
        window_to=last,
        origins=origins,
        levers={
            path[1]: _lever(path[1], given[path], start, first)
            for path in sorted(given)
            if path[0] == "levers"
        },
        series=_series(given, origins, start, first),
        weights={path[1]: _weight(path[1], given[path]) for path in sorted(given) if path[0] == "weights"},
        protection_gate=as_float(gate.value) if gate else PROTECTION_GATE,
        minimum_cell=cell.value if cell else MINIMUM_CELL,
        country_programmes=_country_programmes(given.get(("country_programmes",)), general),
    )


def _known(item: Given, what: str, names: Iterable[str]) -> str:
    if item.value not in (known := list(names)):
        raise item.unknown(what, known, item.value)
    return item.value


def _known_or_own(item: Given, what: str, names: Iterable[str], read: Callable[[str], Any]) -> str:
    """A known name, or the path of a file of the user's own, which is read to see that it is good."""
    if not str(item.value).endswith(".yaml"):
        return _known(item, what, names)
    path = Path(item.value) if item.file is None else Path(item.file).parent / item.value
    if not is_file(path):
        raise item.refuse(
            f"there is no file {shown(item.value)}",
            f"{', '.join(names)}, or a file of your own, by its path from this one",
        )
    name = str(path.resolve())
    read(name)
    return name


def _told(name: str) -> str:
    """A name as results hold it: a file of the user's own by its path from where the command runs, so that no
    home folder is named.
    """
    return Path(os.path.relpath(name)).as_posix() if name.endswith(".yaml") else name


def _words(item: Given) -> str:
    """Text on one line, its blanks and line ends made single blanks. Joiners within words of some scripts are
    kept.
    """
    text = " ".join(item.value.split())
    if not all(c.isprintable() or c in "\u200c\u200d" for c in text):
        raise item.refuse(
            f"{shown(item.value)} holds characters that cannot be shown", allowed="visible characters"
        )
    return text


def _check_period(country: str, start: int, first: int, last: int, *given: Given) -> None:
    """Refuse months out of order, outside the host's data, or too many; `given`: where start, from and to
    were given.
    """
    years = host(country).arrivals
    begin, end = month_number(f"{min(years)}-01"), month_number(f"{max(years)}-12")
    if start < begin or start > end:
        raise given[0].refuse(
            f"the start {month_text(start)} is outside the arrivals known for {country}",
            allowed=f"{month_text(begin)} to {month_text(end)}",
        )
    if first < start:
        raise given[min(1, len(given) - 1)].refuse(
            f"the window begins in {month_text(first)}, before the start",
            allowed=f"{month_text(start)} or later",
        )
    if last < first:
        raise given[-1].refuse(
            f"the window ends in {month_text(last)}, before it begins",
            allowed=f"{month_text(first)} or later",
        )
    if last - start + 1 > LONGEST_RUN:
        raise given[-1].refuse(
            f"{last - start + 1} months from the start are too many",
            allowed=f"up to {LONGEST_RUN}, here to {month_text(start + LONGEST_RUN - 1)} at the latest",
        )
    if last > end:
        raise given[-1].refuse(
            f"the window ends in {month_text(last)}, outside the arrivals known for {country}",
            allowed=f"{month_text(begin)} to {month_text(end)}",
        )


def _country_programmes(item: Given | None, general: str) -> tuple[str, ...]:
    """The country programmes, each part of the general one, in one order."""
    known = country_programme_names(general)
    for number, name in enumerate(item.value if item else ()):
        if name not in known:
            raise item.unknown(f"country programme of {general}", known, name, number)
        if name in item.value[:number]:
            raise item.refuse(f"{shown(name)} stands there twice", number)
    return tuple(name for name in known if item and name in item.value)


def _origins(item: Given | None, country: str) -> tuple[str, ...]:
    """The origins, always in one order, because the same people must come of the same set."""
    known = list(host(country).origins)
    if item is None:
        return tuple(known)
    for number, name in enumerate(item.value):
        if name not in known:
            raise item.unknown("origin", known, name, number)
        if name in item.value[:number]:
            raise item.refuse(f"{shown(name)} stands there twice", number)
    return tuple(name for name in known if name in item.value)


def _lever(name: str, item: Given, start: int, first: int) -> tuple[Step, ...]:
    if name not in LEVERS and name != TIMING:
        raise refusal(
            f"unknown lever {shown(name)}",
            file=item.file,
            path=item.path[:-1],
            allowed=", ".join(sorted([*LEVERS, TIMING])),
            suggestion=nearest(name, [*LEVERS, TIMING]),
        )
    lever = LEVERS.get(name)

    def value(given: Any, *deeper: str | int) -> Any:
        return (
            read_number(item, given, lever.low, lever.high, lever.unit, *deeper)
            if lever
            else read_timing(item, given, *deeper)
        )

    return read_steps(item, value, start, first, announceable=name in ANNOUNCEABLE)


def _series(
    given: Mapping[tuple, Given], origins: tuple[str, ...], start: int, first: int
) -> dict[str, Settings]:
    """Series by origin. Those that an extended file set for an origin since left out are dropped; set anew,
    they are a mistake.
    """
    chosen = given["origins",].layer if ("origins",) in given else -1
    found: dict[str, dict[str, tuple[Step, ...]]] = {}
    for path, item in sorted(
        (pair for pair in given.items() if pair[0][0] == "series"), key=lambda pair: pair[0]
    ):
        origin = path[1]
        if origin not in (known := list(origin_names())):
            raise unknown_name("origin", origin, known, file=item.file, path=("series",))
        if origin not in origins:
            if item.layer >= chosen:
                raise item.refuse(f"{origin} is not among the scenario's origins", allowed=", ".join(origins))
            continue
        if len(path) == 2:
            continue
        if (series := SERIES.get(path[2])) is None:
            raise unknown_name("series", path[2], SERIES, file=item.file, path=path[:-1])

        def value(given: Any, *deeper: str | int, item: Given = item, series: Any = series) -> float:
            return read_number(item, given, series.low, series.high, series.unit, *deeper)

        found.setdefault(origin, {})[path[2]] = read_steps(item, value, start, first, announceable=False)
    return found


def _weight(name: str, item: Given) -> float:
    if name not in (known := known_weights()):
        raise unknown_name("weight", name, known, file=item.file, path=item.path[:-1])
    return read_number(item, item.value, *weight_range(name), known[name].unit)


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "scenario"


def _plain(value: Any) -> Any:
    """Python values as YAML would have them: mappings, lists, and numbers that are not numpy's."""

    def convert(value: Any, depth: int) -> Any:
        if depth > 50:
            raise refusal("is nested too deeply")
        if isinstance(value, Mapping):
            return {key: convert(item, depth + 1) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [convert(item, depth + 1) for item in value]
        return value.item() if type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0 else value

    plain = convert(value, 0)
    check_plain(plain)
    return plain
