"""Levels by origin for Estonia and France, given the weights fitted to Norwegian figures.

No source gives how many people of an origin were in these countries, so a published number of returns
identifies nothing but a level: by how much the arrivals that the host file sets for an origin have to be
multiplied. The weights are not fitted to these figures (they are "cut"): for every draw of the posterior the
level follows from the returns simulated and published. Where the levels meet one year's figures, the next
year's are a check.

    python -m avrr_sim.documents.levels [DRAWS]        prints the table of docs/calibration.md
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from avrr_sim.documents.markdown import markdown_table
from avrr_sim.engines import table
from avrr_sim.engines.world import World, build_world
from avrr_sim.migrant import ASSISTED
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.study.jobs.executor import in_order
from avrr_sim.study.jobs.plan import make_plan
from avrr_sim.study.published.figure import FIT, LEVEL, PublishedFigure
from avrr_sim.study.published.package import package_figures
from avrr_sim.study.summary.statistics import INTERVAL

# of a level's logarithm: the arrivals of the host files are judgements (the width of that basis in
# evidence.py)
PRIOR_SPREAD = 0.8
DISCREPANCY = 0.15  # of a count's logarithm: how far a good model may be off (judgement)
# persons added to simulated counts, so that nobody in a small run is not "infinitely few" (Haldane)
PRESUMED = 0.5
DRAWS, SIZE, SEED = 200, 4000, 1


FIGURES = tuple(figure for figure in package_figures() if figure.series)
"""Published returns by origin. Those of role `level` set levels; the others are a check of levels that are
set already."""
TRIPLE = ("low", "median", "high")


def departures(world: World, figures: Iterable[PublishedFigure]) -> list[float]:
    """Persons of each figure's origin who departed with assistance in its window, on the national scale."""
    rows, found = world.rows, []
    for figure in figures:
        first, last = (month - world.scenario.start for month in (figure.first, figure.last))
        gone = (rows["outcome"] == ASSISTED) & (rows["left_at"] >= first) & (rows["left_at"] <= last)
        own = gone & (rows["origin"] == world.scenario.origins.index(figure.origin))
        found.append(float((rows["adults"] + rows["minors"])[own].sum() * world.scale))
    return found


def departures_of_draw(
    scenario: Scenario,
    figures: tuple[PublishedFigure, ...],
    size: int,
    job: tuple[int, Mapping[str, float]],
) -> list[float]:
    """As `departures`, in one draw of the weights: `job` is (draw, weights)."""
    draw, weights = job
    return departures(table.run(build_world(scenario, dict(weights), SEED, draw, 0, size)), figures)


def level_of(published: float, simulated: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Draws (draws,) of a level: its prior is log-normal around 1, the count is log-normal around level x
    simulated, draw by draw.
    """
    variance = 1.0 / published + DISCREPANCY**2
    spread = 1.0 / (1.0 / variance + 1.0 / PRIOR_SPREAD**2)
    mean = spread * np.log(published / (simulated + PRESUMED)) / variance
    return np.exp(mean + np.sqrt(spread) * chance.standard_normal(len(simulated)))


def levels(folder: Path, draws: int = DRAWS, size: int = SIZE, workers: int | None = None) -> pd.DataFrame:
    """One row a published count: id, role, origin, published; simulated_low, _median, _high (persons,
    arrivals as the host file has them); level_low, _median, _high; told_low, _median, _high (persons, levels
    applied); inside. `folder`: where the scenario files are.
    """
    rows: list[dict[str, object]] = []
    for name in dict.fromkeys(figure.scenario for figure in FIGURES):
        figures = tuple(figure for figure in FIGURES if figure.scenario == name)
        simulated = _simulated(load_scenario(folder / f"{name}.yaml"), figures, draws, size, workers)
        known: dict[str | None, np.ndarray] = {}
        rows += [_row(figure, said, known) for figure, said in zip(figures, simulated, strict=True)]
    return pd.DataFrame(rows)


def _simulated(
    scenario: Scenario, figures: tuple[PublishedFigure, ...], draws: int, size: int, workers: int | None
) -> np.ndarray:
    """(figures, draws) what every draw says of each figure; draws that failed are left out."""
    plan = make_plan([scenario], draws=draws, replicates=1, seed=SEED, size=size)
    jobs = [(draw, plan.weights_of(draw, scenario)) for draw in range(draws)]
    work = partial(departures_of_draw, scenario, figures, size)
    return np.array([result for _, result, error in in_order(work, jobs, workers) if error is None]).T


def _row(
    figure: PublishedFigure, simulated: np.ndarray, known: dict[str | None, np.ndarray]
) -> dict[str, object]:
    """The row of a figure; one that sets a level puts it into `known`, by origin."""
    chance = np.random.default_rng([SEED, *f"{figure.series} {figure.origin}".encode()])
    if figure.role == LEVEL:
        known[figure.origin] = level_of(figure.low, simulated, chance)
    level = known.get(figure.origin)
    error = np.exp(DISCREPANCY * chance.standard_normal(len(simulated)))
    told = np.full(3, np.nan) if level is None else _ends(level * (simulated + PRESUMED) * error)
    return {
        "id": figure.series,
        "role": FIT if figure.role == LEVEL else figure.role,
        "origin": figure.origin,
        "published": int(figure.low),
        **_three("simulated", _ends(simulated)),
        **_three("level", np.full(3, np.nan) if level is None else _ends(level)),
        **_three("told", told),
        "inside": bool(told[0] <= figure.low <= told[2]),
    }


def _ends(values: np.ndarray) -> np.ndarray:
    return np.quantile(values, [(1 - INTERVAL) / 2, 0.5, (1 + INTERVAL) / 2])


def _three(what: str, ends: np.ndarray) -> dict[str, float]:
    return {f"{what}_{end}": float(value) for end, value in zip(TRIPLE, ends, strict=True)}


def markdown(found: pd.DataFrame) -> str:
    """The table for the document."""
    head = (
        "figure",
        "role",
        "origin",
        "published",
        "simulated",
        "level",
        "simulated, level applied",
        "inside",
    )
    return markdown_table(head, (_cells(row) for row in found.to_dict("records")))


def _cells(row: Mapping[Hashable, Any]) -> list[str]:
    untold = np.isnan(row["told_median"]) or row["role"] == FIT
    return [
        row["id"],
        row["role"],
        row["origin"].capitalize(),
        str(row["published"]),
        _span(row, "simulated", 0),
        _span(row, "level", 2),
        _span(row, "told", 0),
        "-" if untold else "yes" if row["inside"] else "**no**",
    ]


def _span(row: Mapping[Hashable, Any], what: str, digits: int) -> str:
    low, median, high = (row[f"{what}_{end}"] for end in TRIPLE)
    if np.isnan(median):
        return "no figure to set it by"
    return f"{median:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"


if __name__ == "__main__":
    import sys

    print(markdown(levels(Path("scenarios"), int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS)))
