"""Levels by origin for Estonia and France, given the weights fitted to Norwegian figures.

No source gives how many people of an origin were in these countries, so a published number of returns
identifies nothing but a level: by how much the arrivals that the host file sets for an origin have to be
multiplied. The weights are not fitted to these figures (they are "cut"): for every draw of the posterior the
level follows from the returns simulated and published. Where the levels meet one year's figures, the next
year's are a check.

    python -m avrr_sim.documents.levels [DRAWS]        prints the table of docs/calibration.md
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from avrr_sim.dates import month_number
from avrr_sim.engines import table
from avrr_sim.engines.world import build_world
from avrr_sim.migrant import ASSISTED
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.study.jobs.executor import in_order
from avrr_sim.study.jobs.plan import make_plan
from avrr_sim.study.summary.statistics import INTERVAL

# of a level's logarithm: the arrivals of the host files are judgements (the width of that basis in
# evidence.py)
PRIOR_SPREAD = 0.8
DISCREPANCY = 0.15  # of a count's logarithm: how far a good model may be off (judgement)
# persons added to simulated counts, so that nobody in a small run is not "infinitely few" (Haldane)
PRESUMED = 0.5
DRAWS, SIZE, SEED = 200, 4000, 1


@dataclass(frozen=True)
class Counts:
    """Published returns by origin in a window; `fit`: levels are set by them, otherwise they are a check of
    levels that are set already.
    """

    id: str
    scenario: str
    first: str
    last: str
    fit: bool
    persons: Mapping[str, int]


FACTSHEETS = (
    Counts(
        "T07, Estonia 2010 to 2016",
        "estonia-2010-2016",
        "2010-01",
        "2016-10",
        True,
        {"ukraine": 49, "georgia": 27, "russia": 20, "belarus": 15},
    ),
    Counts(
        "T08, France 2014",
        "france-2014",
        "2014-01",
        "2014-12",
        True,
        {"albania": 805, "russia": 631, "bosnia": 379, "china": 322, "kosovo": 290},
    ),
    Counts(
        "T08, France 2015",
        "france-2014",
        "2015-01",
        "2015-12",
        False,
        {"china": 473, "albania": 463, "russia": 385, "kosovo": 282, "algeria": 281},
    ),
)
"""AVR country factsheets Estonia and France (2010-2016). Algeria has no figure of 2014 and so no level."""


def returns_of(
    scenario: Scenario, counts: tuple[Counts, ...], size: int, job: tuple[int, Mapping[str, float]]
) -> dict[tuple[str, str], float]:
    """Persons who departed with assistance, by (id of the counts, origin), in one draw of the weights."""
    draw, weights = job
    world = table.run(build_world(scenario, dict(weights), SEED, draw, 0, size))
    rows, found = world.rows, {}
    for each in counts:
        first, last = (month_number(month) - scenario.start for month in (each.first, each.last))
        gone = (rows["outcome"] == ASSISTED) & (rows["left_at"] >= first) & (rows["left_at"] <= last)
        for origin in each.persons:
            own = gone & (rows["origin"] == scenario.origins.index(origin))
            found[each.id, origin] = float((rows["adults"] + rows["minors"])[own].sum() * world.scale)
    return found


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
    ends = [(1 - INTERVAL) / 2, 0.5, (1 + INTERVAL) / 2]
    rows, known = [], {}
    for name in dict.fromkeys(each.scenario for each in FACTSHEETS):
        scenario = load_scenario(folder / f"{name}.yaml")
        plan = make_plan([scenario], draws=draws, replicates=1, seed=SEED, size=size)
        counts = tuple(each for each in FACTSHEETS if each.scenario == name)
        jobs = [(draw, plan.weights_of(draw, scenario)) for draw in range(draws)]
        results = [
            result
            for _, result, error in in_order(partial(returns_of, scenario, counts, size), jobs, workers)
            if error is None
        ]
        for each in counts:
            for origin, published in each.persons.items():
                simulated = np.array([result[each.id, origin] for result in results])
                chance = np.random.default_rng([SEED, *f"{each.id} {origin}".encode()])
                if each.fit:
                    known[name, origin] = level_of(published, simulated, chance)
                level = known.get((name, origin))
                error = np.exp(DISCREPANCY * chance.standard_normal(len(simulated)))
                told = (
                    np.quantile(level * (simulated + PRESUMED) * error, ends)
                    if level is not None
                    else [np.nan] * 3
                )
                rows.append(
                    [
                        each.id,
                        "fit" if each.fit else "check",
                        origin,
                        published,
                        *np.quantile(simulated, ends),
                        *(np.quantile(level, ends) if level is not None else [np.nan] * 3),
                        *told,
                        bool(told[0] <= published <= told[2]),
                    ]
                )
    triple = [f"{what}_{end}" for what in ("simulated", "level", "told") for end in ("low", "median", "high")]
    return pd.DataFrame(rows, columns=["id", "role", "origin", "published", *triple, "inside"])


def markdown(found: pd.DataFrame) -> str:
    """The table for the document."""
    lines = [
        "| figure | role | origin | published | simulated | level | simulated, level applied | inside |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in found.to_dict("records"):

        def span(what: str, digits: int, row=row) -> str:
            low, middle, high = (row[f"{what}_{end}"] for end in ("low", "median", "high"))
            return (
                "no figure to set it by"
                if np.isnan(middle)
                else f"{middle:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"
            )

        told = (
            "-"
            if np.isnan(row["told_median"]) or row["role"] == "fit"
            else "yes"
            if row["inside"]
            else "**no**"
        )
        lines.append(
            f"| {row['id']} | {row['role']} | {row['origin'].capitalize()} | {row['published']} | "
            f"{span('simulated', 0)} | {span('level', 2)} | {span('told', 0)} | {told} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    import sys

    print(markdown(levels(Path("scenarios"), int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS)))
