"""What is counted in one run, over which window and horizon, for whom; the measures' names and words are in
`measures`.

Shares and rates are of simulated units; counts are of persons, on the national scale, per year of the window.
Counting over rows is compiled (`counts`); the ratios here are plain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np

from avrr_sim import counts
from avrr_sim.columns import FLOWS, OF_EVERYBODY, RATIOS, STOCKS, WHO
from avrr_sim.counts import COLUMNS, HOUSEHOLDS, SEEN, summarise
from avrr_sim.display import Displayed
from avrr_sim.engines.world import World
from avrr_sim.measured import ALL, Label, Labels, Measured
from avrr_sim.measures import MEASURES, TWIN_MEASURES
from avrr_sim.migrant import ABODES, CLOSINGS, STAGES, TIERS, VULNERABILITIES
from avrr_sim.policy import STATUS_NAMES
from avrr_sim.records import picked
from avrr_sim.rules.tally import MILLION, SERIES
from avrr_sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

_HAZARD = "application_hazard"


def group_names(scenario: Scenario) -> list[tuple[str, str]]:
    """(group_by, group) of all groups, in the order of the summary; the first 1 + origins + 3 + 5 are also
    those of `at_risk`.
    """
    return _groups(tuple(scenario.origins))


def _groups(keys: Sequence[str]) -> list[tuple[str, str]]:
    return [
        (ALL, ALL),
        *(("origin", key) for key in keys),
        *(("abode", name) for name in ABODES),
        *(("status", name) for name in STATUS_NAMES),
        *(("tier", name) for name in TIERS),
        *(("household", name) for name in HOUSEHOLDS),
    ]


@cache
def _labels_of(keys: tuple[str, ...]) -> tuple[Labels, np.ndarray]:
    """(all labels of runs with some origins, places among them in the order in which they are computed)."""
    groups = _groups(keys)
    at_risk = groups[: 1 + len(keys) + len(ABODES) + len(STATUS_NAMES)]
    computed: list[Label] = [
        *((by, group, name) for by, group in groups for name, _, _ in RATIOS),
        *((by, group, _HAZARD) for by, group in at_risk),
        *((ALL, ALL, name) for name in OF_EVERYBODY),
    ]
    labels = Labels([*computed, *((ALL, ALL, name) for name in TWIN_MEASURES)])
    return labels, np.array([labels.place[label] for label in computed])


@dataclass(frozen=True, repr=False)
class Counted(Displayed):
    """What was counted in one run.

    `measures` holds every measure by group in named columns, `value(...)` gives one of them.

    units, persons: (months, SERIES) counts of simulated units and persons; at_risk: (groups, 2); summary:
    (groups, counts.COLUMNS); endings: (stages, closings); curve: (2, months); simulated: units of the run;
    scale: real units a simulated one; window: first month of the window; travel_cost: currency a person;
    services: cost of services to the simulated people of the window; currency: of the programme.
    """

    scenario: Scenario
    units: np.ndarray
    persons: np.ndarray
    at_risk: np.ndarray
    summary: np.ndarray
    endings: np.ndarray
    curve: np.ndarray
    simulated: int
    scale: float
    window: int
    travel_cost: float
    services: float
    currency: str

    @property
    def months(self) -> int:
        """Length of the window in months."""
        return self.units.shape[0] - self.window

    @property
    def years(self) -> float:
        """Length of the window in years."""
        return self.months / 12.0

    def flow(self, name: str, of: str = "persons") -> np.ndarray:
        """A column of the series in the window, on the national scale, month by month."""
        return getattr(self, of)[self.window :, SERIES.index(name)] * self.scale

    def returns(self) -> np.ndarray:
        """Returns of every kind in the window, cumulated month by month, persons on the national scale."""
        return np.cumsum(self.flow("assisted") + self.flow("unassisted") + self.flow("removed"))

    def paid(self) -> float:
        """Support paid over the whole window, in the programme's currency."""
        return float(self.flow("cash_paid", "units").sum() + self.flow("in_kind_paid", "units").sum())

    def cost(self) -> float:
        """Support paid, travel and services over the whole window, in the programme's currency."""
        return float(
            self.paid() + self.travel_cost * self.flow("assisted").sum() + self.services * self.scale
        )

    @cached_property
    def measures(self) -> Measured:
        """Every measure by group: the columns group_by, group, measure, value, cell."""
        labels, places = _labels_of(tuple(self.scenario.origins))
        parts = (self._ratios(), self._hazards(), self._of_everybody())
        value, cell, known = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        order = np.argsort(places)
        order = order[known[order]]
        return Measured(labels, places[order], value[order], cell[order])

    def value(self, measure: str, by: str = ALL, group: str = ALL) -> float:
        """One measure in its unit, of everybody or of a group: `value("uptake_24", "origin", "iraq")`; NaN
        where nobody is in it. Raises KeyError for a measure or a group that there is not.
        """
        return self.measures.value_of(measure, by, group)

    def _ratios(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(values, denominators, whether they are told), groups x ratios."""
        above = self.summary[:, [column for _, column, _ in RATIOS]]
        below = self.summary[:, [column for _, _, column in RATIOS]]
        told = below > 0
        told[0] = True
        cells = below.astype(float)
        cells[:, [column == counts.REJECTED_MONTHS for _, _, column in RATIOS]] /= self.months
        return _ratios(above, below).ravel(), cells.ravel(), told.ravel()

    def _hazards(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The same of the hazard of applying, by the groups of `at_risk`; told where it is known by group."""
        known, distinct = len(self.at_risk), 1 + len(self.scenario.origins)
        exposure, events = self.at_risk.T.astype(float)
        people = exposure / 12.0
        # distinct units; person-years elsewhere
        people[:distinct] = np.minimum(people, self.summary[:known, SEEN])[:distinct]
        by_group = np.full((2, distinct + len(ABODES) + len(STATUS_NAMES)), np.nan)
        by_group[:, :known] = 1200.0 * _ratios(events, exposure), people
        return *by_group, np.arange(by_group.shape[1]) < known

    def _of_everybody(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The same of what is counted of everybody, in the order of `OF_EVERYBODY`."""
        n, years = float(self.simulated), self.years
        assisted, rejected = self.flow("assisted").sum() / years, self.flow("rejected_in_centres").mean()
        values = [
            *(self.flow(column).sum() / years for _, column in FLOWS),
            (self.flow("applications") + self.flow("reapplications")).sum() / years,
            self.returns()[-1] / years,
            self.flow("present")[-1],
            rejected,
            _ratio(assisted, rejected),
            self.paid() / years,
            self.cost() / years,
        ]
        cells = [n] * len(values)
        for what, place in STOCKS:
            stock = self.flow(place, "units").sum()
            values.append(_ratio(self.flow(f"{what}_{place}", "units").sum() / MILLION, stock))
            cells.append(stock / self.scale)
        for measures in (self._stocks(), self._who_left()):
            values += measures[0]
            cells += measures[1]
        return np.array(values, float), np.array(cells, float), np.ones(len(values), bool)

    def _stocks(self) -> tuple[list[float], list[float]]:
        """(values, simulated units) of pending claims and rejected people, persons at the end of a month."""
        person_months = self.summary[0, [counts.PENDING_MONTHS, counts.REJECTED_MONTHS]]
        stocks = person_months * self.scale / self.months
        return stocks.tolist(), [float(self.simulated)] * len(stocks)

    def _who_left(self) -> tuple[list[float], list[float]]:
        """(shares, simulated units that left) of women, of units, and minors, of persons, by kind of
        departure.
        """
        values, cells = [], []
        for who, kind in WHO:
            of = "units" if who == "women" else "persons"
            values.append(_ratio(self.flow(f"{kind}_{who}", of).sum(), self.flow(kind, of).sum()))
            cells.append(self.flow(kind, "units").sum() / self.scale)
        return values, cells

    def _line(self) -> str:
        uptake, drop_out = self.value("uptake_24"), self.value("drop_out_12")
        return (
            f"{self.scenario.name}, {self.simulated:,} simulated units, {self.years * 12:.0f} months "
            f"counted; uptake within 24 months {uptake:.3g}, drop-out within 12 months {drop_out:.3g}"
        )

    def _excerpt(self) -> pd.DataFrame:
        table = self.measures.frame()
        rank = {name: i for i, name in enumerate(MEASURES)}
        table = table[table["group_by"] == ALL].sort_values("measure", key=lambda names: names.map(rank))
        told = [MEASURES[name] for name in table["measure"]]
        return table.assign(measure=[m.label for m in told], unit=[m.unit for m in told])[
            ["measure", "value", "unit"]
        ]

    def monthly(self) -> dict[str, np.ndarray]:
        """Series for figures, window months only: persons a month on the national scale, rates and shares."""
        applying, dropped, left = (
            self.flow("applying", "units"),
            self.flow("drop_outs", "units"),
            self.flow("assisted", "units"),
        )
        everybody, first = self.curve[0, self.window :].sum(), np.cumsum(self.curve[1, self.window :])
        applications = self.flow("applications", "units") + self.flow("reapplications", "units")
        with np.errstate(invalid="ignore", divide="ignore"):
            return {
                "applications": self.flow("applications") + self.flow("reapplications"),
                "assisted": self.flow("assisted"),
                "unassisted": self.flow("unassisted"),
                "removed": self.flow("removed"),
                "moved_on": self.flow("moved_on"),
                "gone_under": self.flow("gone_under"),
                "missing": self.flow("missing"),
                "drop_outs": self.flow("drop_outs"),
                "returns_cumulative": self.returns(),
                "uptake_cumulative": first / everybody,
                "application_hazard": 1200.0 * applications / self.flow("deciding", "units"),
                "drop_out_rate": dropped / (applying + dropped + left),
                **{
                    f"{what}_{place}": self.flow(f"{what}_{place}", "units")
                    / MILLION
                    / self.flow(place, "units")
                    for what, place in STOCKS
                },
            }


@dataclass(frozen=True, repr=False)
class Outcomes(Counted):
    """The outcomes of one run: what was counted, and people: (units,) `PEOPLE`, what became of everybody, in
    the order of ids, for pairing the same persons.
    """

    people: np.ndarray

    @property
    def ids(self) -> np.ndarray:
        """Ids of all units, sorted."""
        return self.people["id"]

    @property
    def ends(self) -> np.ndarray:
        """Outcome of each unit at the end, in the order of `ids`."""
        return self.people["outcome"].astype(np.int8)


def _ratios(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """One divided by the other, NaN where that is 0."""
    return np.divide(top, bottom, out=np.full(np.shape(top), np.nan), where=bottom != 0)


def _ratio(top: float, bottom: float) -> float:
    return float(top) / float(bottom) if bottom else float("nan")


PEOPLE = (
    "id",
    "arrival",
    "adults",
    "minors",
    "origin",
    "entry",
    "outcome",
    "left_at",
    "stage",
    "eligible_at",
    "applied_at",
    "application_at",
    "applied_status",
    "applied_abode",
    "applied_tier",
    "closing",
    "closed_stage",
    "offer",
    "offer_cash",
    "offer_in_kind",
)
"""What is kept of everybody at the end of a run (fields of `migrant.MIGRANT`), money in whole units."""


def people_of(world: World) -> np.ndarray:
    """The fields `PEOPLE` of everybody in a world, in the order of ids: structured array (units,)."""
    by_id = world.rows["serial"].argsort()
    kept = np.empty(len(by_id), [(name, "i8") for name in PEOPLE])
    for first in range(0, len(by_id), _TOGETHER):
        some = slice(first, first + _TOGETHER)
        rows = picked(world.rows, by_id[some])
        for name in PEOPLE:
            kept[name][some] = rows[name]
    return kept


_TOGETHER = 1024
"""People of whom all fields are looked at before the next, so that they stay in the nearest memory."""


def _at_risk(units: np.ndarray) -> np.ndarray:
    """Months of deciding and applications in them, of everybody, from some months of the series: (1, 2)."""
    applications = units[:, [SERIES.index("applications"), SERIES.index("reapplications")]]
    return np.array([[units[:, SERIES.index("deciding")].sum(), applications.sum()]])


def outcomes_of(world: World) -> Outcomes:
    """The outcomes of a world that has been lived to its end."""
    return Outcomes(**vars(counted(world)), people=people_of(world))


def counted(world: World, window: tuple[int, int] | None = None) -> Counted:
    """What was counted in a world that has been lived to its end.

    `window`: first and last calendar month to be counted, in place of the scenario's; the hazard of applying
    is then known for everybody only, not by group. Raises ValueError where the window does not lie within the
    run.
    """
    first, months = world.window_start, world.months
    at_risk, units, persons = world.at_risk, world.units, world.persons
    if window is not None:
        first, months = window[0] - world.scenario.start, window[1] - world.scenario.start + 1
        if not 0 <= first < months <= world.months:
            raise ValueError("the window does not lie within the run")
        units, persons = units[:months], persons[:months]
        at_risk = _at_risk(units[first:])
    groups = len(group_names(world.scenario))
    summary = np.zeros((groups, COLUMNS), np.int64)
    endings = np.zeros((len(STAGES), len(CLOSINGS)), np.int64)
    curve = np.zeros((2, months), np.int64)
    served = np.zeros(len(VULNERABILITIES), np.int64)
    summarise(world.rows, first, months, world.origins.shape[0], summary, endings, curve, served)
    programme = world.scenario.general_programme
    return Counted(
        world.scenario,
        units,
        persons,
        at_risk,
        summary,
        endings,
        curve,
        len(world.rows),
        world.scale,
        first,
        float(world.weights.travel_cost) / programme.rate,
        float(served @ world.service_costs),
        programme.currency,
    )
