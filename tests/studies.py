"""A small study of every kind, each of several chunks, as tests of what they share carry them out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from conftest import ROOT, SCENARIOS, norway
from folders import content

from avrr_sim.scenario import load_scenario
from avrr_sim.study.calibration import calibrate
from avrr_sim.study.calibration.order import order_of as calibration_of
from avrr_sim.study.calibration.targets import Targets
from avrr_sim.study.comparison import compare
from avrr_sim.study.comparison.order import ComparisonOrder
from avrr_sim.study.folder.order import Order
from avrr_sim.study.jobs.plan import make_plan
from avrr_sim.study.published.figure import PublishedFigure
from avrr_sim.study.sweep import sweep
from avrr_sim.study.sweep.order import order_of as sweep_of
from avrr_sim.study.validation import validate
from avrr_sim.study.validation.order import order_of as validation_of


@dataclass(frozen=True)
class Study:
    """A study of a kind. make: its order; perform: what carries it out; stop: the run, counted from one, at
    which a test stops it, when at least one chunk is written; unfinished: a file that only a finished study
    has; words: a command of this kind, for options to be added.
    """

    make: Callable[[], Order]
    perform: Callable[..., Any]
    stop: int
    words: tuple[str, ...]


def _compared(kind: str, *scenarios: Any) -> Callable[[], Order]:
    return lambda: ComparisonOrder(
        make_plan(scenarios, draws=6, replicates=2, size=100, weights="prior", twins=True), kind, kind
    )


def _sweep() -> Order:
    experiment = {
        "baseline": norway(),
        "vary": {"levers": {"cash_level": [0, 2]}},
        "draws": 6,
        "size": 100,
        "measures": ["applications"],
    }
    return sweep_of(experiment, {"replicates": 3, "weights": "prior"})


def _target(name: str, measure: str, value: float, error: float) -> PublishedFigure:
    first, last = 12 * 2011, 12 * 2015 + 11
    return PublishedFigure(
        name, "a figure", measure, first, last, value, value, error, error, "fit", "somebody", ""
    )


def _calibration() -> Order:
    scenario = load_scenario(SCENARIOS / "estonia-2010-2016.yaml")
    targets = (_target("departures", "assisted_departures", 25, 8),)
    return calibration_of(Targets("Mine", scenario, targets, waves=1), {"points": 64, "size": 100, "seed": 4})


BASE, CASH = str(SCENARIOS / "baseline-norway.yaml"), str(SCENARIOS / "cash-doubled.yaml")
STUDIES = {
    "run": Study(_compared("run", norway()), compare.perform, 12, ("run", BASE)),
    "compare": Study(
        _compared("compare", norway(), norway().vary(cash_level=2)),
        compare.perform,
        12,
        ("compare", BASE, CASH),
    ),
    "sweep": Study(_sweep, sweep.perform, 22, ("sweep", str(ROOT / "experiments" / "cash-by-timing.yaml"))),
    "calibrate": Study(
        _calibration,
        calibrate.perform,
        30,
        ("calibrate", "--targets", str(ROOT / "experiments" / "calibration-norway.yaml")),
    ),
    "validate": Study(
        lambda: validation_of({"draws": 2, "size": 100, "weights": "prior"}),
        validate.perform,
        2,
        ("validate",),
    ),
}
"""By kind."""


@cache
def finished(kind: str, home: Path) -> Path:
    """The folder, under `home`, of a study that nobody stopped."""
    from avrr_sim.study.folder.order import Execution

    study = STUDIES[kind]
    study.perform(study.make(), Execution(home / kind, workers=2))
    return home / kind


def copied(folder: Path, to: Path) -> tuple[Path, dict[str, bytes]]:
    """(a copy, what stands in it)."""
    copy = Path(shutil.copytree(folder, to))
    return copy, content(copy)
