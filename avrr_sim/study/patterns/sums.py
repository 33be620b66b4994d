"""What the final rows of a life add to its sums: departures by year, the fate of applications, life after
return.
"""

from __future__ import annotations

import numpy as np

from avrr_sim.measures import DROP_OUT_MONTHS
from avrr_sim.migrant import ASSISTED, BUSINESS, DOCUMENTS, FORMS, NEVER
from avrr_sim.rules.after_return import FIRST_CHECK, LAST_CHECK
from avrr_sim.study.patterns.life import Life, years_of


def count(life: Life) -> None:
    """Add the final rows of a life (see `life.Life`) to its sums. Counts of people are persons, of
    applications units.
    """
    _departures(life)
    _applications(life)
    _after_return(life)


def _departures(life: Life) -> None:
    rows, w, persons = life.world.rows, life.world, life.persons
    start, n = w.scenario.start, len(w.scenario.origins)
    gone = np.flatnonzero((rows["outcome"] == ASSISTED) & (rows["left_at"] != NEVER))
    year = (rows["left_at"][gone] + start) // 12 - start // 12
    life.add(
        "departed",
        (years_of(w), n, 5),
        gone,
        (year, rows["origin"][gone], rows["status"][gone]),
        persons[gone],
    )
    missing = np.flatnonzero(rows["missing_at"] >= w.window_start)
    life.add("missing", (), missing, (), persons[missing])
    mine = gone[rows["left_at"][gone] >= w.window_start]
    life.add("processed", (n,), mine, (rows["origin"][mine],))
    life.add(
        "months_in_process",
        (n,),
        mine,
        (rows["origin"][mine],),
        (rows["left_at"] - rows["application_at"])[mine],
    )


def _applications(life: Life) -> None:
    rows, w = life.world.rows, life.world
    first = np.flatnonzero(
        (rows["applied_at"] >= w.window_start) & (rows["applied_at"] <= w.months - DROP_OUT_MONTHS)
    )
    life.add("applicants", (), first, ())
    failed = first[
        (rows["closing"][first] == DOCUMENTS)
        & (rows["closed_at"][first] - rows["applied_at"][first] < DROP_OUT_MONTHS)
    ]
    life.add("failed_documents", (), failed, ())
    promised = np.flatnonzero((rows["applied_at"] >= w.window_start) & (rows["tier"] != NEVER))
    life.add("promised", (3,), promised, (rows["tier"][promised],), life.persons[promised])
    life.add("cash_promised", (3,), promised, (rows["tier"][promised],), rows["cash"][promised])


def _after_return(life: Life) -> None:
    rows, w, n = life.world.rows, life.world, len(life.world.scenario.origins)
    back = (rows["outcome"] == ASSISTED) & (rows["left_at"] >= w.window_start)
    late = np.flatnonzero(back & (rows["left_at"] + LAST_CHECK < w.months))
    life.add("checked_12", (n,), late, (rows["origin"][late],))
    life.add("coping_12", (n,), late, (rows["origin"][late],), rows["coping_12"][late])
    early = back & (rows["left_at"] + FIRST_CHECK < w.months)
    for k, kind in enumerate((rows["cash"] > rows["in_kind"], rows["in_kind"] > rows["cash"])):
        some = np.flatnonzero(early & kind)
        life.add("checked_3", (2,), some, (np.full(len(some), k),))
        life.add("coping_3", (2,), some, (np.full(len(some), k),), rows["coping_3"][some])
    supported = np.flatnonzero(back & (rows["in_kind"] > 0))
    life.add("form", (len(FORMS),), supported, (rows["form"][supported],))
    business = np.flatnonzero(back & (rows["form"] == BUSINESS) & (rows["left_at"] + LAST_CHECK < w.months))
    life.add("businesses", (), business, ())
    life.add("businesses_with_income", (), business, (), rows["income_12"][business])
