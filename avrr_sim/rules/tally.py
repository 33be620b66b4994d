"""Counting people month by month. Everything is an integer, so that sums do not depend on the order of
migrants.
"""

from __future__ import annotations

from avrr_sim.compiled import rule
from avrr_sim.migrant import (
    ASSISTED,
    CENTRE,
    GRANTED,
    MOVED_ON,
    NONE,
    OBLIGED_AFTER,
    OBLIGED_BEFORE,
    PRESENT,
    PRIVATE,
    REMOVED,
    TRANSFERRED,
    UNASSISTED,
)
from avrr_sim.rules.drivers import eligible

SERIES = (
    # flows of the month
    "applications",
    "reapplications",
    "assisted",
    "unassisted",
    "removed",
    "transferred",
    "moved_on",
    "granted",
    "gone_under",
    "missing",
    "stopped",
    "drop_outs",
    "wrong_returns",
    "deciding",
    # stocks at the end of the month
    "present",
    "applying",
    "centre",
    "private",
    "hidden",
    "rejected_in_centres",
    # sums of millionths over the stock
    "knowledge_centre",
    "knowledge_private",
    "trust_centre",
    "trust_private",
    "self_rated_centre",
    "self_rated_private",
    # amounts of the month, in whole currency units of the programme
    "cash_paid",
    "in_kind_paid",
)
"""Columns of a run's monthly series."""

(
    APPLICATIONS,
    REAPPLICATIONS,
    N_ASSISTED,
    N_UNASSISTED,
    N_REMOVED,
    N_TRANSFERRED,
    N_MOVED_ON,
    N_GRANTED,
    N_UNDER,
    N_MISSING,
    N_STOPPED,
    DROP_OUTS,
    WRONG,
    DECIDING,
    N_PRESENT,
    APPLYING,
    IN_CENTRE,
    IN_PRIVATE,
    HIDDEN,
    REJECTED_IN_CENTRES,
    KNOW_CENTRE,
    KNOW_PRIVATE,
    TRUST_CENTRE,
    TRUST_PRIVATE,
    SELF_CENTRE,
    SELF_PRIVATE,
    CASH_PAID,
    IN_KIND_PAID,
) = range(28)

MILLION = 1_000_000


@rule
def count_leaving(row, series, weight):
    """Add a migrant who left this month, `weight` times."""
    if row.outcome == ASSISTED:
        series[N_ASSISTED] += weight
    elif row.outcome == UNASSISTED:
        series[N_UNASSISTED] += weight
    elif row.outcome == REMOVED:
        series[N_REMOVED] += weight
    elif row.outcome == TRANSFERRED:
        series[N_TRANSFERRED] += weight
    elif row.outcome == MOVED_ON:
        series[N_MOVED_ON] += weight
    elif row.outcome == GRANTED:
        series[N_GRANTED] += weight
    if row.wrongly_rejected and (
        row.outcome == ASSISTED or row.outcome == UNASSISTED or row.outcome == REMOVED
    ):
        series[WRONG] += weight


@rule
def count_present(row, series, weight):
    """Add a migrant who is present at the end of the month."""
    series[N_PRESENT] += weight
    if row.stage != NONE:
        series[APPLYING] += weight
    if row.abode == CENTRE:
        series[IN_CENTRE] += weight
        if row.status == OBLIGED_BEFORE or row.status == OBLIGED_AFTER:
            series[REJECTED_IN_CENTRES] += weight
        series[KNOW_CENTRE] += weight * int(row.knowledge * MILLION)
        series[TRUST_CENTRE] += weight * int(row.trust * MILLION)
        series[SELF_CENTRE] += weight * int(row.self_rated * MILLION)
    elif row.abode == PRIVATE:
        series[IN_PRIVATE] += weight
        series[KNOW_PRIVATE] += weight * int(row.knowledge * MILLION)
        series[TRUST_PRIVATE] += weight * int(row.trust * MILLION)
        series[SELF_PRIVATE] += weight * int(row.self_rated * MILLION)
    else:
        series[HIDDEN] += weight


@rule
def count_row(row, month, series, weight):
    """Add one row's month to a line of the series, `weight` times (1 for units, household size for
    persons).
    """
    if row.application_at == month:
        series[APPLICATIONS if row.applied_at == month else REAPPLICATIONS] += weight
    if row.ended_at == month:
        series[DROP_OUTS] += weight
    if row.under_at == month:
        series[N_UNDER] += weight
    if row.missing_at == month:
        series[N_MISSING] += weight
    if row.stopped_at == month:
        series[N_STOPPED] += weight
    if row.outcome == PRESENT:
        count_present(row, series, weight)
    elif row.left_at == month:
        count_leaving(row, series, weight)


@rule
def was_deciding(row, month):
    """Whether the migrant stood before the decision this month without applying: still here, or left by own
    choice this month.
    """
    if row.stage != NONE or row.stage_since == month:  # an application runs, or ended this month
        return False
    return row.outcome == PRESENT or (
        row.left_at == month and (row.outcome == MOVED_ON or row.outcome == UNASSISTED)
    )


@rule
def tally(rows, active, n_active, month, in_window, origins, gate, units, persons, at_risk):
    """Count one month into `units` and `persons` (lines of the series) and, inside the window, into
    `at_risk`.

    `at_risk` (groups x 2): months at risk of applying, and applications, by current origin, abode and status:
    index 0 all, then origins, abodes (3), statuses (5). An applicant counts at risk in the month of applying;
    whose origin is below the protection gate does not.
    """
    first_abode = 1 + origins.shape[0]
    first_status = first_abode + 3
    for i in range(n_active):
        row = rows[active[i]]
        here = origins[row.origin]
        gated = here.security < gate
        count_row(row, month, units, 1)
        count_row(row, month, persons, row.adults + row.minors)
        if row.outcome == ASSISTED and row.left_at == month:
            units[CASH_PAID] += int(row.cash)
            units[IN_KIND_PAID] += int(row.in_kind)
        applied = row.application_at == month
        if applied or (was_deciding(row, month) and not gated and eligible(row.status, here)):
            units[DECIDING] += 1
            persons[DECIDING] += row.adults + row.minors
            if in_window:
                abode = row.applied_abode if applied and row.applied_at == month else row.abode
                event = 1 if applied else 0
                for group in (0, 1 + row.origin, first_abode + abode, first_status + row.status):
                    at_risk[group, 0] += 1
                    at_risk[group, 1] += event
