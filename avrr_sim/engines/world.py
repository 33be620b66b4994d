"""The state of one run that both engines share: the rows, the setting, last month's counts, the offices and
the tallies.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from avrr_sim.chance import run_key
from avrr_sim.evidence import parameter_record
from avrr_sim.population import people
from avrr_sim.records import bits, copied, picked
from avrr_sim.rules.month import KIN, NOW
from avrr_sim.rules.office import QUEUES
from avrr_sim.rules.tally import SERIES
from avrr_sim.scenario import Scenario
from avrr_sim.setting import Setting, before_levers, security_errors, service_costs, under_levers


class Evenly:
    """Contacts with advisors made under `even`, to which plans of timing are made equal, by a digest of the
    tables of the worlds that made them. Worlds of one past differ in nothing else, so what one has made need
    not be lived again by the next. Several threads may use it at once.
    """

    def __init__(self) -> None:
        self._made: dict[bytes, int] = {}

    def made(self, tables: Sequence[np.ndarray], live: Callable[[], int]) -> int:
        """The contacts made by a world of these tables; `live` says how many, where that is not known yet."""
        told = hashlib.blake2b(digest_size=16)
        for table in tables:
            told.update(repr(table.shape).encode())
            told.update(bits(table).tobytes())
        key = told.digest()
        if key not in self._made:
            self._made[key] = live()
        return self._made[key]


@dataclass
class World:
    """One run, between two months. Arrays are changed in place; `month` is the next month to be lived.

    rows: (units,) MIGRANT; active: indices of rows that take part; position: serial -> row; starts: (months +
    1,) how many rows (in the order `arrivals`) have arrived before each month; removals: (centres, origins +
    1); kin: (origins,) KIN; queues: (3, units) keys of the cases lined up at the directorate, at the
    embassies and at either; waiting: (3 + origins,) how many (see `office.line_up`); carried: (1 + origins,)
    unused places of the directorate and the embassies; offers: (origins, months, groups, terms) OFFER (see
    `offers.table`); aimed: information that is aimed (see `aimed.aimed_table`); taken: (offers,) simulated
    units or persons that have taken each offer with a cap; units, persons: (months, SERIES) counts; at_risk:
    (groups, 2); service_costs: (kinds of vulnerability,) currency a person; evenly: see
    `Evenly`; None in a world of no past. Whoever changes people by anything but rules sets it to None.
    """

    scenario: Scenario
    weights: np.record
    policy: np.recarray
    origins: np.recarray
    offers: np.recarray
    aimed: np.ndarray
    now: np.recarray
    rows: np.recarray
    position: np.ndarray
    arrivals: np.ndarray
    starts: np.ndarray
    active: np.ndarray
    n_active: int
    removals: np.ndarray
    kin: np.recarray
    queues: np.ndarray
    waiting: np.ndarray
    carried: np.ndarray
    taken: np.ndarray
    units: np.ndarray
    persons: np.ndarray
    at_risk: np.ndarray
    scale: float
    window_start: int
    service_costs: np.ndarray
    month: int = 0
    evenly: Evenly | None = None

    @property
    def months(self) -> int:
        """Months of the whole run."""
        return self.policy.shape[0]


_CARRIED = (
    "rows",
    "active",
    "removals",
    "kin",
    "queues",
    "waiting",
    "carried",
    "taken",
    "units",
    "persons",
    "at_risk",
    "now",
)


def branch(world: World, levers: Mapping[str, float] | None = None) -> World:
    """A copy of a world, to be lived on apart from it; `levers`: {name: value from the next month to be lived
    until the end}.
    """
    policy = copied(world.policy)
    for name, value in (levers or {}).items():
        policy[name][world.month :] = value
    return replace(world, policy=policy, **{name: copied(getattr(world, name)) for name in _CARRIED})


def _nothing_counted(n: int, n_origins: int, centres: int, months: int, offers: int) -> dict[str, Any]:
    """What a world carries from month to month and counts, before its first month."""
    return {
        "active": np.empty(n, np.int64),
        "n_active": 0,
        "removals": np.zeros((centres, n_origins + 1), np.int64),
        "kin": np.zeros(n_origins, KIN).view(np.recarray),
        "queues": np.empty((QUEUES, n), np.int64),
        "waiting": np.zeros(QUEUES + n_origins, np.int64),
        "carried": np.zeros(1 + n_origins),
        "taken": np.zeros(offers, np.int64),
        "units": np.zeros((months, len(SERIES)), np.int64),
        "persons": np.zeros((months, len(SERIES)), np.int64),
        "at_risk": np.zeros((1 + n_origins + 3 + 5, 2), np.int64),
    }


def build_world(
    scenario: Scenario,
    weights: dict[str, float],
    seed: int,
    draw: int,
    replicate: int,
    size: int,
    order: np.ndarray | None = None,
    amounts: Mapping[str, tuple[int, float]] | None = None,
) -> World:
    """A run's world before its first month.

    `weights` holds every weight by name; `size` the units simulated; `order` permutes the rows (for tests:
    nothing may depend on it). `amounts` replace the programme's, as in `under_levers`.
    """
    errors = security_errors(scenario, weights, (seed, draw, replicate))
    setting = under_levers(scenario, before_levers(scenario, weights, errors), amounts, weights)
    return build_in(setting, scenario, weights, (seed, draw, replicate), size, order)


def build_in(
    setting: Setting,
    scenario: Scenario,
    weights: dict[str, float],
    chance: tuple[int, int, int],
    size: int,
    order: np.ndarray | None = None,
) -> World:
    """The same in a setting that was made before; `chance`: (seed, draw, replicate)."""
    policy, table, offers, aimed = setting
    record = parameter_record(weights)
    now = np.zeros(1, NOW).view(np.recarray)
    now["key0"], now["key1"] = run_key(*chance)
    now["gate"] = scenario.protection_gate
    rows, scale, centres = people(scenario, weights, record, policy, table, now[0], size)
    if order is not None:
        rows = picked(rows, order)
    n, n_origins, months = len(rows), table.shape[0], scenario.months
    position = np.empty(n, np.int64)
    position[rows["serial"]] = np.arange(n)
    arrivals = np.argsort(rows["arrival"], kind="stable")
    starts = np.searchsorted(rows["arrival"][arrivals], np.arange(months + 1)).astype(np.int64)
    return World(
        scenario,
        record,
        policy,
        table,
        offers,
        aimed,
        now,
        rows,
        position,
        arrivals,
        starts,
        **_nothing_counted(n, n_origins, centres, months, len(scenario.offers)),
        scale=scale,
        window_start=scenario.window_from - scenario.start,
        service_costs=service_costs(scenario, weights),
    )
