"""The tables of docs/mechanisms.md: what the rules on information, deadlines and the office do at prior
weights, where nothing is fitted.

    python -m avrr_sim.documents.mechanisms docs/mechanisms.md
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from avrr_sim.dates import month_number
from avrr_sim.documents.markdown import filled, markdown_table
from avrr_sim.engines.table import run
from avrr_sim.engines.world import World, build_world
from avrr_sim.hypotheses import MIXTURE
from avrr_sim.migrant import ASSISTED, NEVER
from avrr_sim.outcomes import counted, outcomes_of
from avrr_sim.rules.tally import N_INDEPENDENT, N_OFFICIAL
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.study.jobs.executor import in_order
from avrr_sim.study.jobs.plan import make_plan

SCENARIOS = Path("scenarios")
DRAWS, SIZE, SEED = 100, 3000, 1
SPAN = (0.05, 0.5, 0.95)
HYPOTHESES = ("door-shuts", "relevance", MIXTURE)
PLANS = ("early", "gradual", "late")
TOO_FAR = 0.02
"""Contacts of a plan are off those of even timing by no more than this part, where they can be made equal."""
BEFORE, APART = 3, 6
"""Months before the own deadline that are set against as many before those; and months that a deadline must
leave for both.
"""
_YEARS = {
    "assisted departures, 2015 over 2013": ("assisted_departures", 2015, 2013, "0.61"),
    "rejected people in centres, 2014 over 2013": ("rejected_in_centres", 2014, 2013, "0.58"),
    "rejected people in centres, 2015 over 2013": ("rejected_in_centres", 2015, 2013, "0.53"),
}


def lives(
    scenarios: Sequence[Scenario],
    read: Callable[[World], Any],
    draws: int = DRAWS,
    size: int = SIZE,
    weights: str = "prior",
    pinned: Mapping[str, float] | None = None,
) -> list[list[Any]]:
    """What is read of the runs of every draw: [draw][scenario]. The scenarios of a draw are lived by the same
    people; `pinned`: weights in place of the drawn ones.
    """
    plan = make_plan(scenarios, draws=draws, replicates=1, seed=SEED, size=size, weights=weights, twins=False)

    def one(draw: int) -> list[Any]:
        return [
            read(run(build_world(s, plan.weights_of(draw, s) | dict(pinned or {}), SEED, draw, 0, size)))
            for s in scenarios
        ]

    found = []
    for _, result, error in in_order(one, list(range(draws))):
        if error is not None:
            raise error
        found.append(result)
    return found


def _scenario(name: str, **changes: Any) -> Scenario:
    return load_scenario(SCENARIOS / f"{name}.yaml").vary(**changes)


def spread(values: Sequence[float] | np.ndarray, unit: float = 1.0, digits: int = 2) -> str:
    """Median and the middle 90 per cent: '0.61 (0.20 to 1.10)'."""
    low, middle, high = np.nanquantile(np.asarray(values, float) * unit, SPAN)
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def trends() -> str:
    """Ratios between years beside the published ones."""
    baseline = _scenario("baseline-norway")

    def read(world: World) -> list[float]:
        by_year = {
            year: counted(world, (month_number(f"{year}-01"), month_number(f"{year}-12")))
            for year in (2013, 2014, 2015)
        }
        return [
            by_year[later].value(name) / max(by_year[sooner].value(name), 1e-9)
            for name, later, sooner, _ in _YEARS.values()
        ]

    found = np.array([of_draw[0] for of_draw in lives([baseline], read, draws=200)])
    rows = [
        [label, published, spread(found[:, i])] for i, (label, (*_, published)) in enumerate(_YEARS.items())
    ]
    return markdown_table(["ratio", "published", "model, prior weights"], rows)


def _uptake_and_contacts(world: World) -> tuple[float, float]:
    contacts = world.units[world.window_start :, [N_OFFICIAL, N_INDEPENDENT]].sum()
    return outcomes_of(world).value("uptake_24"), float(contacts)


def timing() -> str:
    """Uptake under each plan of timing, against even, and how far contacts made are apart."""
    rows = []
    for hypothesis in HYPOTHESES:
        names = ("baseline-norway", *(f"information-{plan}" for plan in PLANS))
        found = np.array(
            lives([_scenario(name, hypothesis=hypothesis) for name in names], _uptake_and_contacts)
        )
        uptake, contacts = found[..., 0], found[..., 1]
        apart = np.abs(contacts[:, 1:] / contacts[:, :1] - 1.0)
        rows.append(
            [
                hypothesis,
                *(spread(uptake[:, k] - uptake[:, 0], 100) for k in (1, 2, 3)),
                spread(uptake[:, 1] - uptake[:, 2], 100),
                f"{100 * (uptake[:, 1] > uptake[:, 2]).mean():.0f}",
                f"{100 * apart[:, :2].max():.1f}",
                f"{100 * apart[:, 2].max():.1f} ({(apart[:, 2] > TOO_FAR).sum()} of {len(apart)})",
            ]
        )
    head = ["reading", "early", "gradual", "late", "early less gradual"]
    return markdown_table(
        [
            *head,
            "draws in which early does better, %",
            "contacts of early and gradual off even at most, %",
            "of late (draws beyond 2 %)",
        ],
        rows,
    )


def worth() -> str:
    """What information is worth in all: none of it, and perfect."""
    names = ("baseline-norway", "information-none", "information-perfect")
    found = np.array(lives([_scenario(name) for name in names], _uptake_and_contacts))[..., 0]
    rows = [["as it is", spread(found[:, 0], 100)]]
    rows += [
        [label, spread(found[:, k] - found[:, 0], 100)]
        for k, label in ((1, "none, less as it is"), (2, "perfect, less as it is"))
    ]
    return markdown_table(["information", "uptake in 24 months, points"], rows)


def _chances_before_deadline(world: World) -> tuple[float, float]:
    """First applications a month for each month at risk, in the last months before the own deadline and in as
    many before those, of whoever was given both.
    """
    rows = world.rows
    given = (rows["deadline_at"] != NEVER) & (rows["deadline_at"] - rows["obliged_at"] >= APART)
    rows = rows[given]
    never = np.iinfo(np.int32).max
    applied = np.where(rows["applied_at"] == NEVER, never, rows["applied_at"])
    left = np.where(rows["left_at"] == NEVER, never, rows["left_at"])
    found = []
    for nearest in (0, BEFORE):
        at_risk = events = 0
        for ahead in range(nearest + 1, nearest + BEFORE + 1):
            month = rows["deadline_at"] - ahead
            here = (month < world.months) & (applied >= month) & (left >= month)
            at_risk += int(here.sum())
            events += int((here & (applied == month)).sum())
        found.append(events / max(at_risk, 1))
    return found[0], found[1]


def deadline() -> str:
    """Applying before the own deadline, with the rush and without."""
    rows = []
    for label, pinned in (("with the rush term", {}), ("without", {"rush_deadline": 0.0})):
        found = np.array(
            lives(
                [_scenario("baseline-norway")], _chances_before_deadline, size=20000, draws=50, pinned=pinned
            )
        )[:, 0]
        ratio = found[:, 0] / np.maximum(found[:, 1], 1e-9)
        rows.append([label, spread(found[:, 0], 100), spread(found[:, 1], 100), spread(ratio)])
    head = ["", f"last {BEFORE} months, % a month", f"{BEFORE} months before those, % a month", "ratio"]
    return markdown_table(head, rows)


def waits() -> str:
    """Months from the application to departure where places are free."""
    free = {"directorate_places": 100_000, "embassy_places": 10}

    def read(world: World) -> list[float]:
        gone = world.rows[world.rows["outcome"] == ASSISTED]
        months = gone["left_at"] - gone["application_at"]
        return [float(np.median(months[gone["passport"] == held])) for held in (True, False)]

    found = np.array(lives([_scenario("baseline-norway", **free)], read, draws=50))[:, 0]
    rows = [
        [label, spread(found[:, i], digits=1)]
        for i, label in enumerate(("passport in hand", "without a passport"))
    ]
    return markdown_table(["", "median months from application to departure"], rows)


TABLES: Mapping[str, Callable[[], str]] = {f.__name__: f for f in (trends, timing, worth, deadline, waits)}

if __name__ == "__main__":
    document = Path(sys.argv[1])
    made = {name: partial(table) for name, table in TABLES.items()}
    document.write_text(filled(document.read_text(encoding="utf-8"), document, tables=made), encoding="utf-8")
