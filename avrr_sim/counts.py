"""What is counted of everybody at the end of one run: who applied, how applications ended, who departed.

Compiled counting over the final rows; the ratios that measures make of it stand in `outcomes`.
"""

from __future__ import annotations

import numpy as np

from avrr_sim.compiled import rule, rule_apart
from avrr_sim.measures import (
    DROP_OUT_MONTHS,
    EARLY_MONTHS,
    LATE_MONTHS,
    OBLIGED_LATER,
    OBLIGED_SOON,
    UPTAKE_MONTHS,
)
from avrr_sim.migrant import (
    ASSISTED,
    DEPARTED,
    DISAPPEARED,
    DOCUMENTS,
    NEVER,
    NOT_VULNERABLE,
    OPEN,
    OUTCOMES,
    OVERTAKEN_GRANTED,
    OVERTAKEN_REMOVED,
    PENDING,
    PRESENT,
    PROTECTED,
    REFUSED,
    UNREGISTERED,
    WITHDRAWN,
)
from avrr_sim.rules.after_return import FIRST_CHECK, LAST_CHECK

HOUSEHOLDS = ("alone", "family", "unaccompanied_minor")

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
    OBLIGED_EARLY,
    OBLIGED_LATE,
    PENDING_MONTHS,
    REJECTED_MONTHS,
    SINCE_OBLIGED,
) = range(33)
OBLIGED_ENDS = (*OUTCOMES[PRESENT + 1 :], "gone_under", "there")
"""What becomes of people obliged to leave."""
ENDS_EARLY = SINCE_OBLIGED + 1
ENDS_LATE = ENDS_EARLY + len(OBLIGED_ENDS)
_GONE_UNDER, _THERE = OBLIGED_ENDS.index("gone_under"), OBLIGED_ENDS.index("there")
COLUMNS = ENDS_LATE + len(OBLIGED_ENDS)
"""Columns of the summary over rows: ENDS_EARLY and ENDS_LATE begin those of what became of the obliged."""


@rule
def ending_column(closing: int) -> int:
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
def household_of(row: np.record) -> int:
    """Index into HOUSEHOLDS."""
    if row.adults == 0:
        return 2
    return 0 if row.adults + row.minors == 1 else 1


@rule
def add_cohort(row: np.record, line: np.ndarray, window: int, months: int) -> None:
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
def add_applicant(row: np.record, line: np.ndarray, endings: np.ndarray, window: int, months: int) -> None:
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
def add_departure(row: np.record, line: np.ndarray, window: int, months: int) -> None:
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
def end_of_obliged(row: np.record, month: int) -> int:
    """Index into OBLIGED_ENDS of what has become by a month of somebody obliged to leave."""
    if row.left_at != NEVER and row.left_at < month:
        return int(row.outcome - 1)
    return _GONE_UNDER if row.under_at != NEVER and row.under_at < month else _THERE


@rule
def add_obliged(row: np.record, line: np.ndarray, window: int, months: int) -> None:
    """Those whose obligation to leave began in the window, and what had become of them OBLIGED_SOON and
    OBLIGED_LATER months after it, each for those who can be followed so long.
    """
    if row.obliged_at < window:
        return
    if row.obliged_at <= months - OBLIGED_SOON:
        line[OBLIGED_EARLY] += 1
        line[ENDS_EARLY + end_of_obliged(row, row.obliged_at + OBLIGED_SOON)] += 1
    if row.obliged_at <= months - OBLIGED_LATER:
        line[OBLIGED_LATE] += 1
        line[ENDS_LATE + end_of_obliged(row, row.obliged_at + OBLIGED_LATER)] += 1


@rule
def add_stocks(row: np.record, line: np.ndarray, window: int, months: int) -> None:
    """Person-months at the ends of the window's months with the claim pending and after a rejection, and over
    the latter the months since the rejection, summed.
    """
    if row.entry != PENDING:
        return
    people = int(row.adults) + int(row.minors)
    end = months if row.left_at == NEVER else min(int(row.left_at), months)
    decided = end if row.obliged_at == NEVER else min(int(row.obliged_at), end)
    line[PENDING_MONTHS] += people * max(decided - max(int(row.arrival), window), 0)
    first = max(decided, window)
    if first < end:
        line[REJECTED_MONTHS] += people * (end - first)
        line[SINCE_OBLIGED] += people * (end - first) * (first + end - 1 - 2 * int(row.obliged_at)) // 2


@rule
def add_to_curve(row: np.record, curve: np.ndarray, window: int, months: int) -> None:
    """One unit at risk of a first application since the window's start, and the first application where there
    is one.
    """
    if (
        row.arrival < months
        and (row.applied_at == NEVER or row.applied_at >= window)
        and (row.left_at == NEVER or row.left_at >= window)
    ):
        curve[0, max(row.arrival, window)] += 1
        if row.applied_at != NEVER and row.applied_at < months:
            curve[1, row.applied_at] += 1


@rule_apart
def summarise(
    rows: np.recarray,
    window: int,
    months: int,
    n_origins: int,
    summary: np.ndarray,
    endings: np.ndarray,
    curve: np.ndarray,
    served: np.ndarray,
) -> None:
    """Fill `summary` (groups x COLUMNS), `endings` (stages x closings) and `curve` (2 x months) from the
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
            add_obliged(row, summary[group], window, months)
            add_stocks(row, summary[group], window, months)
        if row.applied_at != NEVER:
            add_applicant(row, summary[0], endings, window, months)
            add_departure(row, summary[0], window, months)
            for group in (
                1 + row.origin,
                abode + row.applied_abode,
                status + row.applied_status,
                tier + row.applied_tier,
                home,
            ):
                add_applicant(row, summary[group], scratch, window, months)
                add_departure(row, summary[group], window, months)
        add_to_curve(row, curve, window, months)
