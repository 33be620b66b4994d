"""Twin runs: the same people, weights and chance once more, with one thing taken out of their minds or lives.

Two questions are answered about those who apply within 12 months of being able to:

- *under pressure*: would they have applied without the threat of removal, without the restrictions, without
both?
- *misinformed*: would they have applied had they held true beliefs?

What a twin changes, and what it leaves:

- **The threat** is asked about as a driver of the decision, so it is taken out of the decision (lever
`threat_felt` 0: neither the perceived
  risk nor the ban behind it enters any option, be it applying, moving on or going under), while the police go
  on removing people exactly as
  before. Were removals stopped as well, the twins would hold people who are there longer, and would count as
  'willing' those who only had
  more time to apply. In the other direction, whoever waits in the twin and is then removed counts as not
  having applied.
- **The restrictions** are the levers on work, housing, subsistence and designated centres, all set to full
rights (`UNRESTRICTED`).
- **True beliefs** (lever `true_beliefs`): the offer is in mind, known and believed in full, since in the
  model it is paid; security at the origin is what it is; hope of a permit is its true chance; the perceived
  risk of removal is the true one along the legal path (`rules.legal.true_risk`).

A twin parts from its run in the first month of the window, and everybody in it is changed at once: word of
mouth, reports of returned peers and queues follow. It is the model's answer to a question that no data can
answer, and rests on all its weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from avrr_sim.measures import PRESSURE_MONTHS
from avrr_sim.migrant import NEVER

if TYPE_CHECKING:
    from avrr_sim.engines.world import World

UNTHREATENED = {"threat_felt": 0.0}
UNRESTRICTED = {"work_rights": 1.0, "accommodation": 1.0, "allowance": 1.0, "designated_centres": 0.0}

TWINS: dict[str, dict[str, float]] = {
    "pressure_dependent": UNTHREATENED | UNRESTRICTED,
    "pressure_threat": UNTHREATENED,
    "pressure_restrictions": UNRESTRICTED,
    "misinformed": {"true_beliefs": 1.0},
}
"""Measure -> the levers of its twin, from the window's first month to the end."""


def early_applicants(people: np.ndarray, window: int, months: int) -> np.ndarray:
    """Who could first apply in the window, early enough to be followed for 12 months, and did so within
    these: truths (units,).

    `people`: as `outcomes.people_of`; `window`: first month of the window; `months`: months of the run.
    """
    since = people["eligible_at"]
    applied = people["applied_at"]
    followed = (since >= window) & (since <= months - PRESSURE_MONTHS)
    return followed & (applied != NEVER) & (applied - since < PRESSURE_MONTHS)


def shares(here: np.ndarray, there: np.ndarray) -> tuple[float, float]:
    """(person-level share, net share) of the applicants `here` who depend on what is missing `there`; both
    are truths over the same people.

    Person-level: applied here and not there, over those who applied here. Net: fewer applicants there, over
    those who applied here; it is below 0 where more apply there. NaN where nobody applied here.
    """
    applicants = int(here.sum())
    if not applicants:
        return float("nan"), float("nan")
    return float((here & ~there).sum()) / applicants, float(applicants - int(there.sum())) / applicants


def twin_of(start: World, levers: Mapping[str, float]) -> np.ndarray:
    """Everybody (as `people_of`) after a world has been lived on, under other levers, from where it stands.
    `start` is not changed.
    """
    from avrr_sim.engines import table  # a plan knows twins and needs no engine
    from avrr_sim.engines.world import branch
    from avrr_sim.outcomes import people_of

    twin = branch(start, levers)
    table.advance(twin, twin.months)
    return people_of(twin)


def twin_measures(start: World, lived: np.ndarray) -> dict[str, tuple[float, float]]:
    """Measure -> (value, early applicants in simulated units) of one run, from the twins that part from it
    where `start` stands.

    `lived`: everybody at the end of the run itself. A twin whose levers are the run's own is not run again:
    its shares are exactly 0.
    """
    window, months = start.window_start, start.months
    here = early_applicants(lived, window, months)
    found = {}
    for name, levers in TWINS.items():
        alike = all((start.policy[lever][start.month :] == value).all() for lever, value in levers.items())
        there = here if alike else early_applicants(twin_of(start, levers), window, months)
        person, net = shares(here, there)
        found[name] = (person, float(here.sum()))
        found[f"{name}_net"] = (net, float(here.sum()))
    return found
