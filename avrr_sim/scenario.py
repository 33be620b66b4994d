"""Scenarios: one policy situation each, read from a sparse, dated YAML file into a frozen `Scenario`.

A file may say `extends: other.yaml` and then only what changes. Levers, series, weights and the two ends of
the window merge one by one, other keys are replaced; `name` and `asks` belong to the file that holds them and
are not inherited. Whatever is wrong is refused with a `Refusal` that names the file, the place in it, the
value, and what is allowed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from avrr_sim.aimed import Aimed
from avrr_sim.dates import month_text
from avrr_sim.files import check_plain
from avrr_sim.hypotheses import MIXTURE
from avrr_sim.layers import Layer, Merged, layer_of, layers_from, merge
from avrr_sim.offers.offer import AmountStep, Offer
from avrr_sim.places.origins import origin_names
from avrr_sim.places.place import Host
from avrr_sim.policy import LEVERS, TIMING
from avrr_sim.programme import Programme, programme
from avrr_sim.refusals import Refusals, refusal, shown, unknown_name
from avrr_sim.scenario_form import ScenarioForm
from avrr_sim.scenario_parts import (
    NOTHING,
    Carried,
    Named,
    Period,
    Settings,
    carried_in,
    check_anybody,
    check_complete,
    check_paid_origins,
    check_period,
    find_host,
    find_programme,
    read_country_programmes,
    read_hypothesis,
    read_information,
    read_levers,
    read_origins,
    read_period,
    read_series,
    read_weights,
    read_words,
)
from avrr_sim.scenario_support import Beside, read_support
from avrr_sim.schema import LONGEST_NAME, Given, as_float, write_steps

PROTECTION_GATE = 0.12  # judgement: closes origins such as Syria in wartime, not Afghanistan in 2012
MINIMUM_CELL = 10  # people


@dataclass(frozen=True)
class Scenario:
    """One policy situation, complete and checked. Months are numbers of calendar months (see `dates`), both
    ends of the window included.

    `amounts` are the changes of the general programme's amounts, `offers` what is offered beside it.
    `levers` hold the steps of every lever that is set, `information_timing` among them; `series` replace
    dated series of origins; `weights` pin weights of evidence; `protection_gate` is on the security index;
    cells of fewer than `minimum_cell` people are not shown.

    `hypothesis` names the reading of what is disputed under which weights are taken; `information` is what is
    aimed at some people.

    `host`, `programme` and `country_programmes` are names; `place` is the host itself, and `programmes` are
    the general programme and after it the country programmes, all read when the scenario was. A scenario that
    is sent to another process takes them along.
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
    place: Host = field(repr=False)
    programmes: tuple[Programme, ...] = field(repr=False)
    protection_gate: float = PROTECTION_GATE
    minimum_cell: int = MINIMUM_CELL
    country_programmes: tuple[str, ...] = ()
    hypothesis: str = MIXTURE
    information: tuple[Aimed, ...] = ()
    amounts: Mapping[str, tuple[AmountStep, ...]] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()

    def __post_init__(self) -> None:
        for name in ("levers", "series", "weights", "amounts"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        object.__setattr__(
            self, "series", MappingProxyType({o: MappingProxyType(dict(s)) for o, s in self.series.items()})
        )

    def __reduce__(self) -> tuple[type[Scenario], tuple[Any, ...]]:
        # Read-only views cannot be pickled; plain copies can, and other processes need scenarios.
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        values |= {
            "levers": dict(self.levers),
            "series": {o: dict(s) for o, s in self.series.items()},
            "weights": dict(self.weights),
            "amounts": dict(self.amounts),
        }
        return Scenario, tuple(values.values())

    def __hash__(self) -> int:
        return hash(json.dumps(self.resolved(), sort_keys=True))

    @classmethod
    def load(cls, path: str | Path) -> Scenario:
        """The scenario in a file, with whatever it extends. Raises `Refusal`."""
        path, wrong = Path(path), Refusals()
        layers = wrong.attempt(layers_from, path, wrong)
        if layers is None:
            wrong.raise_any()
        return _build(layers or [], wrong, name=slug(path.stem), file=path)

    @classmethod
    def from_mapping(cls, content: Mapping[str, Any], files: Mapping[str, str] | None = None) -> Scenario:
        """The scenario in a mapping of the form of a file, without `extends`; `files`: the text of hosts and
        programmes of the user's own, as `own_files` gives it, which are not read then. Raises `Refusal`.
        """
        wrong = Refusals()
        carried = carried_in(content, files or {})
        return _build([layer_of(_plain(content), None, wrong)], wrong, name="scenario", carried=carried)

    @property
    def own_files(self) -> dict[str, str]:
        """The text of the host and programme files that do not come with the package, by the names that
        `resolved` gives them; and of what the host's file names beside it, by the host's name and its own.
        """
        named = ((self.host, self.place), (self.programme, self.general_programme))
        found = {_told(name): read.text for name, read in named if name.endswith(".yaml")}
        if self.host.endswith(".yaml"):
            found |= {f"{_told(self.host)}/{name}": text for name, text in self.place.beside.items()}
        return found

    def stated(self) -> dict[str, Any]:
        """What `resolved` gives, with what own files hold in place of where they stand: the same wherever the
        command runs and wherever they lie.
        """
        files = self.own_files
        own = {
            name: "own-" + hashlib.sha256(json.dumps(_with_beside(name, files)).encode()).hexdigest()[:16]
            for name in files
        }
        content = self.resolved()
        return {**content, **{key: own.get(content[key], content[key]) for key in ("host", "programme")}}

    @property
    def general_programme(self) -> Programme:
        """The programme that country programmes add to; money of the scenario is in its currency."""
        return self.programmes[0]

    @property
    def months(self) -> int:
        """Simulated months, from the start to the end of the window."""
        return self.window_to - self.start + 1

    @property
    def key(self) -> str:
        """A short name for folders and tables: lower-case letters, digits and dashes, from the file's name or
        else the scenario's.
        """
        return slug(Path(self.file).stem if self.file else self.name)

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
            "hypothesis": self.hypothesis,
            "information": [entry.written() for entry in self.information],
            "protection_gate": self.protection_gate,
            "minimum_cell": self.minimum_cell,
        }
        if self.amounts:
            content["amounts"] = {
                name: [step.written() for step in steps] for name, steps in sorted(self.amounts.items())
            }
        if self.offers:
            content["offers"] = [offer.written() for offer in self.offers]
        return dict(sorted(content.items()))

    def with_window(self, months: int) -> Scenario:
        """The same scenario with a window of `months` months from the same first month. Raises `Refusal`
        where it gets too long, or so short that nobody comes.
        """
        if isinstance(months, bool) or not isinstance(months, int) or months < 1:
            raise refusal(f"a window of {shown(months)} months", allowed="a whole number of at least 1")
        last, at = self.window_from + months - 1, Given(None, ("window",), None, 0)
        period = Period(self.start, self.window_from, last)
        check_period(self.place, self.host, period, at, at, at)
        check_anybody(self.place, self.host, period, self.origins, self.weights, at)
        return replace(self, window_to=last)

    def vary(self, **changes: Any) -> Scenario:
        """A variant: levers by name (`vary(cash_level=2)`) and keys of a scenario file
        (`vary(weights={"ties": 0})`) set anew.

        Checked as a file is; a variant without a `name` of its own is called after what it changes. Raises
        `Refusal`.
        """
        keys = set(ScenarioForm.keys()) - {"extends"}
        for name in changes:
            if name not in keys and name not in LEVERS and name != TIMING:
                raise unknown_name("lever or key", name, [*LEVERS, TIMING, *keys])
        changes = _plain(changes)
        content = {key: value for key, value in changes.items() if key in keys}
        levers = {key: value for key, value in changes.items() if key not in keys}
        if levers and isinstance(content.get("levers", {}), dict):
            content["levers"] = {**content.get("levers", {}), **levers}
        said = [f"{key} {shown(value)}" for key, value in changes.items() if key not in ("name", "asks")]
        told = ", ".join([self.name, *said])
        name = told if len(told) <= LONGEST_NAME else told[: LONGEST_NAME - 3] + "..."
        wrong = Refusals()
        layers = [layer_of(each, None, wrong) for each in (self.resolved(), {"asks": self.asks, **content})]
        return _build(layers, wrong, name=name, carried=self._carried())

    def _carried(self) -> Carried:
        """What a variant need not read again."""
        return Carried(
            {_told(self.host): Named(self.host, self.place)},
            {_told(self.programme): Named(self.programme, self.general_programme)},
        )


def load_scenario(path: str | Path) -> Scenario:
    """The scenario in a file, with whatever it extends. Raises `Refusal`."""
    return Scenario.load(path)


def _settings(
    merged: Merged, period: Period, origins: tuple[str, ...], known: tuple[str, ...], wrong: Refusals
) -> dict[str, Any]:
    """What a scenario sets by name, over some of its host's origins; `known`: all of these."""
    return {
        "levers": read_levers(merged, period, wrong),
        "series": read_series(merged, origins, known, period, wrong),
        "weights": read_weights(merged, wrong),
        "hypothesis": read_hypothesis(merged, wrong),
        "information": read_information(merged, origins, period, wrong),
    }


def _safeguards(given: Mapping[tuple[str, ...], Given]) -> dict[str, Any]:
    """The protection gate and the smallest cell that is told, of values that were found good."""
    gate, cell = given.get(("protection_gate",)), given.get(("minimum_cell",))
    return {
        "protection_gate": as_float(gate.value) if gate else PROTECTION_GATE,
        "minimum_cell": cell.value if cell else MINIMUM_CELL,
    }


def _build(
    layers: Sequence[Layer],
    wrong: Refusals,
    *,
    name: str,
    file: Path | None = None,
    carried: Carried = NOTHING,
) -> Scenario:
    """The scenario in layers, checked; `name` is for a file without one, `file` the last of the layers'
    files. Raises one `Refusal` of everything that is wrong, what `wrong` holds already included.
    """
    merged = merge(layers, file)
    given, own = merged.given, merged.own
    if ("extends",) in given and file is None:
        raise given["extends",].refuse("only a file can extend another")
    check_complete(merged, wrong)
    country = wrong.attempt(find_host, given["host",], carried) if ("host",) in given else None
    at = given.get(("programme",))
    general = wrong.attempt(find_programme, at, carried) if at else None
    if at and general and country:
        wrong.attempt(check_paid_origins, at, general.loaded, country.loaded.origins)
    period = read_period(merged, country, wrong)
    known = country.loaded.origins if country else tuple(origin_names())
    origins = wrong.attempt(read_origins, given.get(("origins",)), known) or known
    at = given.get(("country_programmes",))
    more = wrong.attempt(read_country_programmes, at, general.name) if general else ()
    words = {key: wrong.attempt(read_words, own[key,]) for key in ("name", "asks") if (key,) in own}
    settings = _settings(merged, period, origins, known, wrong)
    amounts, offers = read_support(merged, Beside(period, origins, general), wrong)
    wrong.raise_any()
    assert country and general and more is not None
    at = given.get(("origins",)) or given["start",]
    check_anybody(country.loaded, country.name, period, origins, settings["weights"], at)
    return Scenario(
        name=words.get("name", name) or "",
        asks=words.get("asks", "") or "",
        file=file.name if file else None,
        host=country.name,
        programme=general.name,
        start=period.start,
        window_from=period.first,
        window_to=period.last,
        origins=origins,
        **settings,
        place=country.loaded,
        programmes=(general.loaded, *(programme(each) for each in more)),
        **_safeguards(given),
        country_programmes=more,
        amounts=amounts,
        offers=offers,
    )


def _with_beside(name: str, files: Mapping[str, str]) -> list[str]:
    """The text of a file, and after it of those that it names."""
    return [text for each, text in files.items() if each == name or each.startswith(f"{name}/")]


def _told(name: str) -> str:
    """A name as results hold it: a file of the user's own by its path from where the command runs, so that no
    home folder is named.
    """
    return Path(os.path.relpath(name)).as_posix() if name.endswith(".yaml") else name


def slug(text: str, what: str = "scenario") -> str:
    """A short name for folders and tables: lower-case letters, digits and dashes. Where letters of `text`
    have no likeness among those, a hash stands for them, so that names of other scripts stay apart; `what`
    stands where nothing else is left.
    """
    letters = unicodedata.normalize("NFKD", text)
    plain = letters.encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or what
    lost = any(not c.isascii() and c.isalnum() for c in letters)
    return (
        f"{made}-{hashlib.sha256(text.encode('utf-8', 'backslashreplace')).hexdigest()[:6]}" if lost else made
    )


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
