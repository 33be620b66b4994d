"""The tables of docs/trends.md: what would have to change for the fitted model to fall between years as the
published series do. Each trial is the scenario that the weights are fitted on with one dated change.

    python -m avrr_sim.documents.trends docs/trends.md
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from avrr_sim.documents.markdown import filled, markdown_table
from avrr_sim.documents.mechanisms import SCENARIOS, lives, spread
from avrr_sim.engines.world import World
from avrr_sim.outcomes import counted
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.study.calibration.calibrate import DEFAULT
from avrr_sim.study.calibration.targets import load_targets

FITTED_ON = SCENARIOS / "norway-as-counted.yaml"
DRAWS, SIZE = 60, 36_000  # so that the chance of a run hardly adds to that of the world
RATIOS = ("assisted 2015/2013", "stock 2014/2013", "stock 2015/2013", "forced 2015/2013")
"""Published ratios between years that the trials are held to, by their names among the targets."""


def _from(month: str, value: float) -> list[dict[str, Any]]:
    return [{"from": month, "value": value}]


TRIALS: Mapping[str, Mapping[str, Any]] = {
    "as it is": {},
    "removal risk half as large again from July 2013": {"removal_level": _from("2013-07", 1.5)},
    "removal risk doubled from July 2013": {"removal_level": _from("2013-07", 2.0)},
    "opportunities elsewhere in Europe doubled from January 2014": {
        "europe_opportunity": _from("2014-01", 2.0)
    },
    "all contacts with advisors halved from January 2014": {"information_intensity": _from("2014-01", 0.5)},
    "no support in kind from January 2014": {"in_kind_level": _from("2014-01", 0.0)},
    "cash halved from January 2014": {"cash_level": _from("2014-01", 0.5)},
    "half of housing withdrawn after the deadline from January 2014": {
        "accommodation": _from("2014-01", 0.5)
    },
    "removal risk half as large again and contacts halved, as above": {
        "removal_level": _from("2013-07", 1.5),
        "information_intensity": _from("2014-01", 0.5),
    },
    "removal risk and opportunities doubled, contacts halved, as above": {
        "removal_level": _from("2013-07", 2.0),
        "europe_opportunity": _from("2014-01", 2.0),
        "information_intensity": _from("2014-01", 0.5),
    },
}
"""Changes of levers, by what a reader is told. None is a claim that it happened."""


def scenario_of(changes: Mapping[str, Any]) -> Scenario:
    """The scenario that the weights are fitted on with some levers changed."""
    return load_scenario(FITTED_ON).vary(**changes)


@cache
def found(weights: str = "posterior", draws: int = DRAWS, size: int = SIZE) -> np.ndarray:
    """(draws, trials, ratios) of the model, the same people in all trials of a draw."""
    asked = {t.id: t for t in load_targets(DEFAULT).targets}

    def read(world: World) -> list[float]:
        ratios = []
        for name in RATIOS:
            target = asked[name]
            above = counted(world, (target.first, target.last)).value(target.measure)
            below = counted(world, target.over).value(target.measure) if target.over else 1.0
            ratios.append(above / below if below else float("nan"))
        return ratios

    scenarios = [scenario_of(changes) for changes in TRIALS.values()]
    return np.array(lives(scenarios, read, draws=draws, size=size, weights=weights))


def trials() -> str:
    """Every trial: the model's ratios, and how often they are near or below."""
    asked, values = {t.id: t for t in load_targets(DEFAULT).targets}, found()
    errors = [float(np.hypot(asked[name].standard_error, asked[name].discrepancy)) for name in RATIOS]
    rows = [
        [
            label,
            *(
                f"{spread(values[:, k, i])}; "
                f"{100 * np.mean(values[:, k, i] <= asked[name].low + error):.0f} %"
                for i, (name, error) in enumerate(zip(RATIOS, errors, strict=True))
            ),
        ]
        for k, label in enumerate(TRIALS)
    ]
    head = [
        f"{name}, published {asked[name].low:.2f} ± {error:.2f}"
        for name, error in zip(RATIOS, errors, strict=True)
    ]
    return markdown_table(["trial", *head], rows)


TABLES: Mapping[str, Callable[[], str]] = {"trials": trials}

if __name__ == "__main__":
    document = Path(sys.argv[1])
    made = {name: partial(table) for name, table in TABLES.items()}
    document.write_text(filled(document.read_text(encoding="utf-8"), document, tables=made), encoding="utf-8")
