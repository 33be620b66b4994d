"""What is counted in one run, over which window and horizon, for whom; the measures' names and words are in
`measures`.

Shares and rates are of simulated units; counts are of persons, on the national scale, per year of the window.
Counting over rows is compiled; the ratios below it are plain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avrr_sim.compiled import rule
from avrr_sim.engines.world import World
from avrr_sim.measures import (
    DROP_OUT_MONTHS,
    EARLY_MONTHS,
    LATE_MONTHS,
    UPTAKE_MONTHS,
)
from avrr_sim.migrant import (
    ABODES,
    ASSISTED,
    CLOSINGS,
    DEPARTED,
    DISAPPEARED,
    DOCUMENTS,
    NEVER,
    NOT_VULNERABLE,
    OPEN,
    OVERTAKEN_GRANTED,
    OVERTAKEN_REMOVED,
    PROTECTED,
    REFUSED,
    STAGES,
    TIERS,
    UNREGISTERED,
    VULNERABILITIES,
    WITHDRAWN,
)
from avrr_sim.places.origins import origins
from avrr_sim.policy import STATUS_NAMES
from avrr_sim.rules.after_return import FIRST_CHECK, LAST_CHECK
from avrr_sim.rules.tally import MILLION, SERIES
from avrr_sim.scenario import Scenario

HOUSEHOLDS = ("alone", "family", "unaccompanied_minor")

SUMMARY = (
    "cohort",
    "cohort_applied",
    "cohort_missing_base",
    "cohort_missing",
    "applicants",
    "drop_out",
    "withdrawn",
    "refused",
    "documents",
    "disappeared",
    "overtaken_removed",
    "overtaken_granted",
    "protected",
    "departed",
    "open",
    "months_to_apply",
    "months_in_process",
    "processed",
    "seen",
    "assisted",
    "assisted_early",
    "assisted_late",
    "assisted_embassy",
    "checked_3",
    "coping_3",
    "checked_12",
    "coping_12",
    "income_12",
)
"""Columns of the summary over rows."""
(
    COHORT,
    COHORT_APPLIED,
    MISSING_BASE,
    MISSING,
    APPLICANTS,
    DROP_OUT,
    S_WITHDRAWN,
    S_REFUSED,
    S_DOCUMENTS,
    S_DISAPPEARED,
    S_REMOVED,
    S_GRANTED,
    S_PROTECTED,
    S_DEPARTED,
    S_OPEN,
    MONTHS_TO_APPLY,
    MONTHS_IN_PROCESS,
    PROCESSED,
    SEEN,
    S_ASSISTED,
    EARLY,
    LATE,
    EMBASSY,
    CHECKED_3,
    COPING_3,
    CHECKED_12,
    COPING_12,
    INCOME_12,
) = range(28)


@rule
def ending_column(closing):
    """The summary's column of the way in which a first application ended."""
    if closing == WITHDRAWN:
        return S_WITHDRAWN
    if closing == REFUSED:
        return S_REFUSED
    if closing == DOCUMENTS:
        return S_DOCUMENTS
    if closing == DISAPPEARED:
        return S_DISAPPEARED
    if closing == OVERTAKEN_REMOVED:
        return S_REMOVED
    if closing == OVERTAKEN_GRANTED:
        return S_GRANTED
    if closing == PROTECTED:
        return S_PROTECTED
    return S_DEPARTED if closing == DEPARTED else S_OPEN


@rule
def household_of(row):
    """Index into HOUSEHOLDS."""
    if row.adults == 0:
        return 2
    return 0 if row.adults + row.minors == 1 else 1


@rule
def add_cohort(row, line, window, months):
    """The fixed cohort: arrived in the window, early enough to be followed for UPTAKE_MONTHS. All of it,
    whatever happens to it.
    """
    if window <= row.arrival <= months - UPTAKE_MONTHS:
        line[COHORT] += 1
        if row.applied_at != NEVER and row.applied_at - row.arrival < UPTAKE_MONTHS:
            line[COHORT_APPLIED] += 1
        if row.entry != UNREGISTERED:
            line[MISSING_BASE] += 1
            if row.missing_at != NEVER and row.missing_at - row.arrival < UPTAKE_MONTHS:
                line[MISSING] += 1


@rule
def add_applicant(row, line, endings, window, months):
    """First applications of the window with DROP_OUT_MONTHS of follow-up, and how they ended within that
    horizon.
    """
    if not window <= row.applied_at <= months - DROP_OUT_MONTHS:
        return
    line[APPLICANTS] += 1
    line[MONTHS_TO_APPLY] += row.applied_at - row.arrival
    closing, stage = row.closing, row.closed_stage
    if closing == OPEN or row.closed_at - row.applied_at >= DROP_OUT_MONTHS:
        closing, stage = OPEN, row.stage if row.closing == OPEN else row.closed_stage
    line[ending_column(closing)] += 1
    if closing == WITHDRAWN or closing == REFUSED or closing == DOCUMENTS or closing == DISAPPEARED:
        line[DROP_OUT] += 1
    endings[stage, closing] += 1


@rule
def add_departure(row, line, window, months):
    """Assisted departures of the window: time of residence, papers, time in process, and how life went after
    return.
    """
    if row.outcome != ASSISTED or not window <= row.left_at < months:
        return
    line[S_ASSISTED] += 1
    stayed = row.left_at - row.arrival
    if stayed < EARLY_MONTHS:
        line[EARLY] += 1
    elif stayed >= LATE_MONTHS:
        line[LATE] += 1
    if not row.passport:
        line[EMBASSY] += 1
    line[PROCESSED] += 1
    line[MONTHS_IN_PROCESS] += row.left_at - row.application_at
    if row.left_at + FIRST_CHECK < months:
        line[CHECKED_3] += 1
        line[COPING_3] += 1 if row.coping_3 else 0
    if row.left_at + LAST_CHECK < months:
        line[CHECKED_12] += 1
        line[COPING_12] += 1 if row.coping_12 else 0
        line[INCOME_12] += 1 if row.income_12 else 0


@rule
def summarise(rows, window, months, n_origins, summary, endings, curve, served):
    """Fill `summary` (groups x SUMMARY), `endings` (stages x closings) and `curve` (2 x months) from the
    final rows.

    Counted are months `window` to `months` - 1; `months` may be earlier than the end of the run.

    Groups: all; origins; abodes, statuses, tiers, households. Abode, status and tier are those at the first
    application; for the cohort the status is the one on arrival. `curve`: units at risk of a first
    application since the window's start, first applications. `served`: assisted persons of the window by kind
    of vulnerability.
    """
    abode, status = 1 + n_origins, 1 + n_origins + 3
    tier, household = status + 5, status + 8
    scratch = endings * 0
    for i in range(rows.shape[0]):
        row = rows[i]
        if row.outcome == ASSISTED and window <= row.left_at < months:
            served[row.vulnerability] += 1  # one person of a vulnerable unit is
            served[NOT_VULNERABLE] += row.adults + row.minors - 1
        home = household + household_of(row)
        for group in (0, 1 + row.origin, status + row.entry, home):
            if row.left_at == NEVER or row.left_at >= window:
                summary[group, SEEN] += 1
            add_cohort(row, summary[group], window, months)
        if row.applied_at != NEVER:
            add_applicant(row, summary[0], endings, window, months)
            for group in (
                1 + row.origin,
                abode + row.applied_abode,
                status + row.applied_status,
                tier + row.applied_tier,
                home,
            ):
                add_applicant(row, summary[group], scratch, window, months)
            for group in (
                0,
                1 + row.origin,
                abode + row.applied_abode,
                status + row.applied_status,
                tier + row.applied_tier,
                home,
            ):
                add_departure(row, summary[group], window, months)
        if (
            row.arrival < months
            and (row.applied_at == NEVER or row.applied_at >= window)
            and (row.left_at == NEVER or row.left_at >= window)
        ):
            curve[0, max(row.arrival, window)] += 1
            if row.applied_at != NEVER and row.applied_at < months:
                curve[1, row.applied_at] += 1


_RATIOS = (
    ("uptake_24", COHORT_APPLIED, COHORT),
    ("drop_out_12", DROP_OUT, APPLICANTS),
    ("ended_withdrawn", S_WITHDRAWN, APPLICANTS),
    ("ended_refused", S_REFUSED, APPLICANTS),
    ("ended_documents", S_DOCUMENTS, APPLICANTS),
    ("ended_disappeared", S_DISAPPEARED, APPLICANTS),
    ("ended_removed", S_REMOVED, APPLICANTS),
    ("ended_granted", S_GRANTED, APPLICANTS),
    ("ended_protected", S_PROTECTED, APPLICANTS),
    ("ended_departed", S_DEPARTED, APPLICANTS),
    ("ended_open", S_OPEN, APPLICANTS),
    ("missing_24", MISSING, MISSING_BASE),
    ("months_to_apply", MONTHS_TO_APPLY, APPLICANTS),
    ("months_in_process", MONTHS_IN_PROCESS, PROCESSED),
    ("departed_within_24", EARLY, S_ASSISTED),
    ("departed_after_36", LATE, S_ASSISTED),
    ("embassy_document", EMBASSY, S_ASSISTED),
    ("coping_3", COPING_3, CHECKED_3),
    ("coping_12", COPING_12, CHECKED_12),
    ("income_12", INCOME_12, CHECKED_12),
)
_FLOWS = (
    ("assisted_departures", "assisted"),
    ("unassisted_returns", "unassisted"),
    ("removals", "removed"),
    ("transferred", "transferred"),
    ("moved_on", "moved_on"),
    ("gone_under", "gone_under"),
    ("missing", "missing"),
    ("protection_needs", "stopped"),
    ("granted", "granted"),
    ("wrongly_rejected_returns", "wrong_returns"),
)
_STOCKS = (
    ("knowledge", "centre"),
    ("knowledge", "private"),
    ("trust", "centre"),
    ("trust", "private"),
    ("self_rated", "centre"),
    ("self_rated", "private"),
)


@dataclass(frozen=True)
class Outcomes:
    """The outcomes of one run.

    units, persons: (months, SERIES) counts of simulated units and persons; at_risk: (groups, 2); summary:
    (groups, SUMMARY); endings: (stages, closings); curve: (2, months); people: (units,) `PEOPLE`, what became
    of everybody, in the order of ids, for pairing the same persons; scale: real units a simulated one;
    window: first month of the window; travel_cost: currency a person; services: cost of services to the
    simulated people of the window; currency: of the programme.
    """

    scenario: Scenario
    units: np.ndarray
    persons: np.ndarray
    at_risk: np.ndarray
    summary: np.ndarray
    endings: np.ndarray
    curve: np.ndarray
    people: np.ndarray
    scale: float
    window: int
    travel_cost: float
    services: float
    currency: str

    @property
    def ids(self) -> np.ndarray:
        """Ids of all units, sorted."""
        return self.people["id"]

    @property
    def ends(self) -> np.ndarray:
        """Outcome of each unit at the end, in the order of `ids`."""
        return self.people["outcome"].astype(np.int8)

    @property
    def years(self) -> float:
        """Length of the window in years."""
        return (self.units.shape[0] - self.window) / 12.0

    def flow(self, name: str, of: str = "persons") -> np.ndarray:
        """A column of the series in the window, on the national scale, month by month."""
        return getattr(self, of)[self.window :, SERIES.index(name)] * self.scale

    def returns(self) -> np.ndarray:
        """Returns of every kind in the window, cumulated month by month, persons on the national scale."""
        return np.cumsum(self.flow("assisted") + self.flow("unassisted") + self.flow("removed"))

    def cost(self) -> float:
        """Support paid, travel and services over the whole window, in the programme's currency."""
        paid = self.flow("cash_paid", "units").sum() + self.flow("in_kind_paid", "units").sum()
        return float(paid + self.travel_cost * self.flow("assisted").sum() + self.services * self.scale)

    def groups(self) -> list[tuple[str, str]]:
        """(group_by, group) of every line of the summary."""
        return group_names(self.scenario)

    def measures(self) -> list[tuple[str, str, str, float, float]]:
        """(group_by, group, measure, value, denominator in simulated units) of every measure; value NaN where
        the denominator is 0.
        """
        rows = []
        for line, (by, group) in zip(self.summary, self.groups(), strict=True):
            for name, top, bottom in _RATIOS:
                if line[bottom] or by == "all":
                    rows.append((by, group, name, _ratio(line[top], line[bottom]), float(line[bottom])))
        for (exposure, events), line, (by, group) in zip(
            self.at_risk, self.summary, self.groups(), strict=False
        ):
            # distinct units; person-years elsewhere
            people = min(exposure / 12.0, line[SEEN]) if by in ("all", "origin") else exposure / 12.0
            rows.append((by, group, "application_hazard", 1200.0 * _ratio(events, exposure), float(people)))
        return rows + [("all", "all", name, value, cell) for name, value, cell in self._national()]

    def _national(self) -> list[tuple[str, float, float]]:
        n = float(len(self.ids))
        found = [(name, self.flow(column).sum() / self.years, n) for name, column in _FLOWS]
        applications = self.flow("applications") + self.flow("reapplications")
        rejected = self.flow("rejected_in_centres").mean()
        assisted = self.flow("assisted").sum() / self.years
        found += [
            ("applications", applications.sum() / self.years, n),
            ("returns", self.returns()[-1] / self.years, n),
            ("present", self.flow("present")[-1], n),
            ("rejected_in_centres", rejected, n),
            ("returns_per_rejected", _ratio(assisted, rejected), n),
            (
                "support_paid",
                (self.flow("cash_paid", "units").sum() + self.flow("in_kind_paid", "units").sum())
                / self.years,
                n,
            ),
            ("programme_cost", self.cost() / self.years, n),
        ]
        for what, place in _STOCKS:
            stock = self.flow(place, "units").sum()
            found.append(
                (
                    f"{what}_{place}",
                    _ratio(self.flow(f"{what}_{place}", "units").sum() / MILLION, stock),
                    stock / self.scale,
                )
            )
        return [(name, float(value), float(cell)) for name, value, cell in found]

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
                    for what, place in _STOCKS
                },
            }


def _ratio(top: float, bottom: float) -> float:
    return float(top) / float(bottom) if bottom else float("nan")


def group_names(scenario: Scenario) -> list[tuple[str, str]]:
    """(group_by, group) of all groups, in the order of the summary; the first 1 + origins + 3 + 5 are also
    those of `at_risk`.
    """
    return [
        ("all", "all"),
        *(("origin", key) for key in scenario.origins),
        *(("abode", name) for name in ABODES),
        *(("status", name) for name in STATUS_NAMES),
        *(("tier", name) for name in TIERS),
        *(("household", name) for name in HOUSEHOLDS),
    ]


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
)
"""What is kept of everybody at the end of a run (fields of `migrant.MIGRANT`)."""


def people_of(world: World) -> np.ndarray:
    """The fields `PEOPLE` of everybody in a world, in the order of ids: structured array (units,)."""
    by_id = world.rows["serial"].argsort()
    kept = np.empty(len(by_id), [(name, "i8") for name in PEOPLE])
    for name in PEOPLE:
        kept[name] = world.rows[name][by_id]
    return kept


def outcomes_of(world: World, window: tuple[int, int] | None = None) -> Outcomes:
    """The outcomes of a world that has been lived to its end.

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
        at_risk = np.array(
            [
                [
                    units[first:, SERIES.index("deciding")].sum(),
                    units[first:, [SERIES.index("applications"), SERIES.index("reapplications")]].sum(),
                ]
            ]
        )
    groups = len(group_names(world.scenario))
    summary = np.zeros((groups, len(SUMMARY)), np.int64)
    endings = np.zeros((len(STAGES), len(CLOSINGS)), np.int64)
    curve = np.zeros((2, months), np.int64)
    served = np.zeros(len(VULNERABILITIES), np.int64)
    summarise(world.rows, first, months, world.origins.shape[0], summary, endings, curve, served)
    programme = world.scenario.general_programme
    return Outcomes(
        world.scenario,
        units,
        persons,
        at_risk,
        summary,
        endings,
        curve,
        people_of(world),
        world.scale,
        first,
        float(world.weights.travel_cost) / programme.rate,
        float(served @ world.service_costs),
        programme.currency,
    )


ORIGIN_LABELS = {key: origin.name for key, origin in origins().items()}
"""Names of origins as reports print them."""
