"""Scenario files that extend one another: each is a layer of values by path, and merging two files is merging
their layers.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from avrr_sim.files import is_file, read_yaml
from avrr_sim.forms import Place, read_form
from avrr_sim.mistaken import refuse_other_kind
from avrr_sim.refusals import Refusal, Refusals, nearest, refusal, shown
from avrr_sim.scenario_form import ScenarioForm
from avrr_sim.schema import Given

_LONGEST_CHAIN = 20  # files that extend one another
_BY_NAME = ("levers", "series", "amounts", "weights", "window")  # keys whose entries merge one by one

Name = tuple[str, ...]
"""A path of keys, such as ("levers", "cash_level")."""


@dataclass(frozen=True)
class Layer:
    """One file's content by path, such as ("levers", "cash_level").

    `broken`: the paths at which something was refused and is left out.
    """

    values: Mapping[Name, Any]
    file: Path | None = None
    broken: frozenset[Place] = field(default_factory=frozenset)


def layer_of(content: Mapping[str, Any], file: Path | None, wrong: Refusals) -> Layer:
    """The layer of a file's content. What does not have the form of a scenario is kept in `wrong` and left
    out.
    """
    try:
        return Layer(_values(read_form(ScenarioForm, content, file=file)), file)
    except Refusal as error:
        wrong.add(error)
        broken = frozenset(_entry_of(mistake.path) for mistake in error.mistakes)
    known = {key: value for key, value in content.items() if key in ScenarioForm.keys()}
    return Layer(_values(read_form(ScenarioForm, _without(known, broken))), file, broken)


def _entry_of(path: Place) -> Place:
    """The path of the entry that merges as one, around or at a path."""
    return path[:2] if path[:1] and path[0] in _BY_NAME else path[:1]


def _without(content: Mapping[str, Any], broken: frozenset[Place]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in content.items():
        if (key,) in broken:
            continue
        if key in _BY_NAME:
            value = {name: each for name, each in value.items() if (key, name) not in broken}
        kept[key] = value
    return kept


def _values(form: ScenarioForm) -> dict[Name, Any]:
    """The values of a form by path."""
    values: dict[Name, Any] = {}
    for key in form.model_fields_set:
        value = getattr(form, key)
        if key == "window":
            ends = (("from", value.first), ("to", value.last))
            values |= {(key, end): month for end, month in ends if month is not None}
        elif key == "series":
            values |= {
                (key, origin, name): steps
                for origin, series in value.items()
                for name, steps in series.items()
            }
            # so that an origin without entries is looked at too
            values |= {(key, origin): None for origin in value}
        elif key in _BY_NAME:
            values |= {(key, name): setting for name, setting in value.items()}
        else:
            values[(key,)] = value
    return values


def layers_from(path: Path, wrong: Refusals) -> list[Layer]:
    """The layers of a file and of those it extends, the outermost first. Raises `Refusal` where a file cannot
    be read or found; what else is wrong in them is kept in `wrong`.
    """
    layers: list[Layer] = []
    chain: list[Path] = []
    while True:
        chain.append(path)
        content = read_yaml(path)
        refuse_other_kind(content, "scenario", path)
        layer = layer_of(content, path, wrong)
        layers.insert(0, layer)
        extends = layer.values.get(("extends",))
        if extends is None:
            return layers
        path = _extended(extends, chain)


def _extended(extends: str, chain: Sequence[Path]) -> Path:
    """The file that the last one of a chain extends."""
    path = chain[-1]
    target = path.parent / extends
    told = " -> ".join([*(p.name for p in chain), extends])
    allowed = suggestion = None
    if Path(extends).is_absolute() or "\\" in extends:
        problem = f"{shown(extends)} is not a path from this file"
        allowed = "a path such as baseline-norway.yaml or ../scenarios/other.yaml"
    elif not is_file(target):
        problem = f"there is no file {shown(extends)} ({shown(told)[1:-1]})"
        allowed = "a scenario file, by its path from this one"
        suggestion = nearest(extends, [p.name for p in path.parent.glob("*.yaml") if p != path])
    elif os.path.realpath(target) in (os.path.realpath(p) for p in chain):
        problem = f"the files extend one another in a circle ({told})"
    elif len(chain) >= _LONGEST_CHAIN:
        problem = f"more than {_LONGEST_CHAIN} files extend one another"
    else:
        return target
    raise refusal(problem, file=path, path=("extends",), allowed=allowed, suggestion=suggestion)


@dataclass(frozen=True)
class Merged:
    """Several layers as one: what was given, the later layers before the earlier ones.

    `own`: what the last layer itself holds; `broken`: where something was refused; `at`: the file that a
    message names for what is missing.
    """

    given: Mapping[Name, Given]
    own: Mapping[Name, Given]
    broken: frozenset[Place]
    at: Path | None

    def is_missing(self, path: Name) -> bool:
        """Whether nothing was given at a path, not even something that was refused; an unknown key may have
        been meant for it, and a file that was not found may give it.
        """
        return path not in self.given and not self.broken & {path, path[:1], (), ("extends",)}


def merge(layers: Sequence[Layer], at: Path | None = None) -> Merged:
    """Layers put together, the outermost first."""
    given = {
        path: Given(value, path, layer.file, number)
        for number, layer in enumerate(layers)
        for path, value in layer.values.items()
    }
    own = {path: item for path, item in given.items() if item.layer == len(layers) - 1}
    broken: frozenset[Place] = frozenset(path for layer in layers for path in layer.broken)
    return Merged(given, own, broken, at)
