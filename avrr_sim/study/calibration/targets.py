"""Targets: published figures that a model has to answer to, from a file, strictly checked.

    name: Norway
    scenario: ../scenarios/baseline-norway.yaml
    targets:
      T02:
        figure: about 1,000 of 3,000 applications a year drop out
        measure: drop_out_12
        window: {from: 2012-01, to: 2013-12}
        value: 0.333
        standard_error: 0.03
        discrepancy: 0.05
        source: IOM Norway (about 2012)

Every figure has the window over which the measure is taken (for cohorts and first applications the follow-up
lies within it), a standard error (how well the figure is known) and a discrepancy (how well the model can be
expected to say the same thing), both in the figure's own unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from avrr_sim.dates import month_text
from avrr_sim.files import read_yaml
from avrr_sim.measures import COMPARATIVE, DROP_OUT_MONTHS, MEASURES, UPTAKE_MONTHS
from avrr_sim.outcomes import group_names
from avrr_sim.refusals import refusal, shown, unknown_name
from avrr_sim.rules.after_return import LAST_CHECK
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.schema import Given, read_month, read_number
from avrr_sim.study.jobs.numbers import OF_BANKS
from avrr_sim.study.patterns.catalogue import PATTERNS

ROLES = ("fit", "check", "related")
"""`fit`: the weights are conditioned on it; `check`: only compared with afterwards; `related`: compared too,
but no test, for it follows from figures that are fitted, or priors were set by it."""

NEAR_ZERO = 0.01  # a simulated figure of nothing counts as this share of the published one, for logarithms
NEAR_ONE = 0.999  # shares are kept this far from 0 and 1 on the logit scale
_LARGEST = 1e12  # of a figure
_KEYS = ("name", "scenario", "targets", "effects", "patterns", "points", "size", "seed")
_TARGET_KEYS = (
    "figure",
    "measure",
    "window",
    "group",
    "value",
    "range",
    "standard_error",
    "discrepancy",
    "role",
    "source",
    "note",
)
_FOLLOW_UP = {
    "share of the cohort": UPTAKE_MONTHS,
    "share of asylum arrivals": UPTAKE_MONTHS,
    "share of applicants": DROP_OUT_MONTHS,
    "share of assisted returnees": LAST_CHECK,
}


@dataclass(frozen=True)
class Target:
    """One published figure.

    `low`, `high`: equal for a figure, the ends of the range where only a range is known (it then only weighs
    draws, without pulling them to its middle); `first`, `last`: calendar months of the window; `group`:
    (group_by, group); errors in the unit of the measure.
    """

    id: str
    figure: str
    measure: str
    first: int
    last: int
    low: float
    high: float
    standard_error: float
    discrepancy: float
    role: str
    source: str
    note: str
    group: tuple[str, str] = ("all", "all")

    @property
    def ranged(self) -> bool:
        """Whether only a range is known."""
        return self.high > self.low

    @property
    def scale(self) -> str:
        """The scale on which it is compared: logit for shares, log for rates, counts and the like."""
        return "logit" if MEASURES[self.measure].per == "share" else "log"

    @property
    def error(self) -> float:
        """Standard deviation of standard error and discrepancy together, in the unit of the measure."""
        return float(np.hypot(self.standard_error, self.discrepancy))

    @property
    def spread(self) -> float:
        """The same on the target's own scale, by its slope at the figure (ranges: at their lower end, or the
        upper one where they begin at nothing).
        """
        at = self.low if not self.ranged else self.high if self.low <= 0 else self.low
        return self.error / (at * (1.0 - at) if self.scale == "logit" else at)

    def on_scale(self, value: Any) -> np.ndarray:
        """A figure, or simulated figures, on the target's scale."""
        value = np.asarray(value, float)
        if self.scale == "logit":
            kept = np.clip(value, 1.0 - NEAR_ONE, NEAR_ONE)
            return np.log(kept / (1.0 - kept))
        floor = NEAR_ZERO * (self.high if self.low <= 0 else self.low)
        return np.log(np.maximum(value, 0.0) + floor)

    def off_scale(self, x: Any) -> np.ndarray:
        """Back from the scale to the unit of the measure."""
        x = np.asarray(x, float)
        if self.scale == "logit":
            return 1.0 / (1.0 + np.exp(-x))
        return np.maximum(np.exp(x) - NEAR_ZERO * (self.high if self.low <= 0 else self.low), 0.0)

    @property
    def window(self) -> str:
        """The window in words."""
        return f"{month_text(self.first)} to {month_text(self.last)}"


@dataclass(frozen=True)
class Targets:
    """A file of targets: the scenario that is simulated, the targets, scenarios whose effects are followed,
    patterns to condition on.

    points, size, seed: the bank of runs (see `study/calibration/bank.py`).
    """

    name: str
    scenario: Scenario
    targets: tuple[Target, ...]
    effects: tuple[Scenario, ...] = ()
    patterns: tuple[str, ...] = ()
    points: int = 4096
    size: int = 5000
    seed: int = 1
    file: Path | None = None

    @property
    def fitted(self) -> list[Target]:
        """Those with a figure, conditioned on."""
        return [t for t in self.targets if t.role == "fit" and not t.ranged]

    @property
    def ranges(self) -> list[Target]:
        """Those with a range, which weigh draws."""
        return [t for t in self.targets if t.role == "fit" and t.ranged]


def load_targets(path: str | Path) -> Targets:
    """The targets in a file. Raises `Refusal` for whatever is wrong, with the place in the file."""
    path = Path(path)
    content = read_yaml(path)
    for key in content:
        if key not in _KEYS:
            raise unknown_name("key", key, _KEYS, file=path, path=(key,))
    for key in ("scenario", "targets"):
        if key not in content:
            raise refusal(
                f"lacks {key!r}",
                file=path,
                allowed="name, scenario, targets; see experiments/calibration-norway.yaml",
            )
    scenario = _scenario(path, content["scenario"], ("scenario",))
    effects = _listed(content.get("effects", []), path, "effects")
    raw = content["targets"]
    if not isinstance(raw, Mapping) or not raw:
        raise refusal(
            "must be a table of targets by their names",
            file=path,
            path=("targets",),
            allowed="T01: {figure: ..., measure: ..., ...}",
        )
    targets = tuple(_target(str(key), value, scenario, path) for key, value in raw.items())
    if not any(t.role == "fit" for t in targets):
        raise refusal(
            "no target is to be fitted", file=path, path=("targets",), allowed="at least one with role: fit"
        )
    numbers = {}
    for key, (low, high) in OF_BANKS.items():
        if key in content:
            numbers[key] = int(
                read_number(Given(content[key], (key,), path, 0), content[key], low, high, "whole number")
            )
    return Targets(
        str(content.get("name", path.stem)),
        scenario,
        targets,
        tuple(_scenario(path, name, ("effects", i)) for i, name in enumerate(effects)),
        _patterns(path, _listed(content.get("patterns", []), path, "patterns")),
        file=path,
        **numbers,
    )


def is_targets(path: str | Path) -> bool:
    """Whether a file is meant as a file of targets. Raises `Refusal` where it cannot be read."""
    return "targets" in read_yaml(path)


def _patterns(path: Path, names: list) -> tuple[str, ...]:
    for i, name in enumerate(names):
        if name not in PATTERNS:
            raise unknown_name("pattern", name, PATTERNS, file=path, path=("patterns", i))
    return tuple(names)


def _listed(value: object, path: Path, key: str) -> list:
    if not isinstance(value, list):
        raise refusal(f"{shown(value)} is not a list", file=path, path=(key,), allowed="a list")
    return value


def _scenario(path: Path, name: object, where: tuple) -> Scenario:
    if not isinstance(name, str):
        raise refusal(
            f"{shown(name)} is not a file name",
            file=path,
            path=where,
            allowed="a scenario file, by its path from this one",
        )
    return load_scenario(path.parent / name)


def _target(key: str, raw: object, scenario: Scenario, path: Path) -> Target:
    at = ("targets", key)
    if not isinstance(raw, Mapping):
        raise refusal("must hold figure, measure, window and value", file=path, path=at)
    for name in raw:
        if name not in _TARGET_KEYS:
            raise unknown_name("key", name, _TARGET_KEYS, file=path, path=(*at, name))
    for name in ("figure", "measure", "window", "discrepancy", "source"):
        if name not in raw:
            raise refusal(f"lacks {name!r}", file=path, path=at)
    measure = raw["measure"]
    if measure not in MEASURES or measure in COMPARATIVE:
        raise unknown_name(
            "measure",
            measure,
            [m for m in MEASURES if m not in COMPARATIVE],
            file=path,
            path=(*at, "measure"),
        )
    role = raw.get("role", "fit")
    if role not in ROLES:
        raise unknown_name("role", role, ROLES, file=path, path=(*at, "role"))
    first, last = _window(raw["window"], measure, scenario, path, at)

    def number(name: str, default: float | None, low: float) -> float:
        if name not in raw and default is not None:
            return default
        return read_number(
            Given(raw.get(name), (*at, name), path, 0), raw.get(name), low, _LARGEST, MEASURES[measure].unit
        )

    low, high = _figure(raw, measure, path, at)
    target = Target(
        key,
        str(raw["figure"]),
        measure,
        first,
        last,
        low,
        high,
        number("standard_error", 0.0 if high > low else None, 0.0),
        number("discrepancy", None, 0.0),
        role,
        str(raw["source"]),
        str(raw.get("note", "")),
        _group(raw.get("group"), measure, scenario, path, at),
    )
    if target.error <= 0:
        raise refusal(
            "standard_error and discrepancy are both 0: no model answers to a figure exactly",
            file=path,
            path=at,
            allowed="a positive discrepancy",
        )
    return target


def _figure(raw: Mapping, measure: str, path: Path, at: tuple) -> tuple[float, float]:
    """(low, high) of the published figure."""
    if ("value" in raw) == ("range" in raw):
        raise refusal(
            "needs either 'value' or 'range'",
            file=path,
            path=at,
            allowed="value: 0.33, or range: [0.5, 0.85]",
        )
    top, unit = (1.0, "share") if MEASURES[measure].per == "share" else (_LARGEST, MEASURES[measure].unit)
    if "value" in raw:
        value = read_number(Given(raw["value"], (*at, "value"), path, 0), raw["value"], 0.0, top, unit)
        if value <= 0 or value >= top:
            raise refusal(
                f"{shown(raw['value'])} lies at the edge of what is possible",
                file=path,
                path=(*at, "value"),
                allowed="a figure inside it, or a range",
            )
        return value, value
    ends = raw["range"]
    if not isinstance(ends, list) or len(ends) != 2:
        raise refusal(f"{shown(ends)} is not a range", file=path, path=(*at, "range"), allowed="[low, high]")
    low, high = (
        read_number(Given(end, (*at, "range", i), path, 0), end, 0.0, top, unit) for i, end in enumerate(ends)
    )
    if not low < high:
        raise refusal(
            f"{shown(ends)} runs the wrong way",
            file=path,
            path=(*at, "range"),
            allowed="[low, high] with low below high",
        )
    if low <= 0 and high >= top:
        raise refusal(
            f"{shown(ends)} holds every possible figure",
            file=path,
            path=(*at, "range"),
            allowed="a range that leaves something out",
        )
    return low, high


def _window(raw: object, measure: str, scenario: Scenario, path: Path, at: tuple) -> tuple[int, int]:
    if not isinstance(raw, Mapping) or set(raw) != {"from", "to"}:
        raise refusal(
            f"{shown(raw)} is not a window",
            file=path,
            path=(*at, "window"),
            allowed="{from: YYYY-MM, to: YYYY-MM}",
        )
    first, last = (read_month(Given(raw[end], (*at, "window", end), path, 0)) for end in ("from", "to"))
    if not scenario.start <= first <= last <= scenario.window_to:
        raise refusal(
            f"{raw['from']} to {raw['to']} does not lie within the run",
            file=path,
            path=(*at, "window"),
            allowed=(
                f"months from {month_text(scenario.start)} to {month_text(scenario.window_to)}, the "
                "first before the last"
            ),
        )
    need = _FOLLOW_UP.get(MEASURES[measure].unit, 0)
    if last - first + 1 <= need:
        raise refusal(
            (
                f"{last - first + 1} months are too short for {measure}, which follows people for "
                f"{need} months within the window"
            ),
            file=path,
            path=(*at, "window"),
            allowed=f"more than {need} months",
        )
    return first, last


def _group(raw: object, measure: str, scenario: Scenario, path: Path, at: tuple) -> tuple[str, str]:
    if raw is None:
        return ("all", "all")
    if not isinstance(raw, Mapping) or len(raw) != 1:
        raise refusal(
            f"{shown(raw)} is not a group",
            file=path,
            path=(*at, "group"),
            allowed="one group, such as {origin: iraq}",
        )
    ((by, name),) = raw.items()
    known = [pair for pair in group_names(scenario) if pair[0] != "all"]
    if by not in {b for b, _ in known}:
        raise unknown_name("group", by, {b for b, _ in known}, file=path, path=(*at, "group"))
    if (by, name) not in known:
        raise unknown_name(
            str(by), name, [n for b, n in known if b == by], file=path, path=(*at, "group", str(by))
        )
    if measure not in GROUPED:
        raise refusal(
            f"{measure} is not counted by group within a window",
            file=path,
            path=(*at, "group"),
            allowed=", ".join(sorted(GROUPED)),
        )
    return (str(by), str(name))


GROUPED = {
    name
    for name, m in MEASURES.items()
    if m.unit in (*_FOLLOW_UP, "share of assisted departures", "months since arrival", "months")
}
"""Measures that can be taken by group over any window."""
