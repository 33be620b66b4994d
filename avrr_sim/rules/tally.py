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
def add(units, persons, column, people):
    """Add a unit of so many persons to a column of both series."""
    units[column] += 1
    persons[column] += people


@rule
def count_leaving(row, units, persons, people):
    """Add a migrant who left this month."""
    if row.outcome == ASSISTED:
        add(units, persons, N_ASSISTED, people)
    elif row.outcome == UNASSISTED:
        add(units, persons, N_UNASSISTED, people)
    elif row.outcome == REMOVED:
        add(units, persons, N_REMOVED, people)
    elif row.outcome == TRANSFERRED:
        add(units, persons, N_TRANSFERRED, people)
    elif row.outcome == MOVED_ON:
        add(units, persons, N_MOVED_ON, people)
    elif row.outcome == GRANTED:
        add(units, persons, N_GRANTED, people)
    if row.wrongly_rejected and (
        row.outcome == ASSISTED or row.outcome == UNASSISTED or row.outcome == REMOVED
    ):
        add(units, persons, WRONG, people)


@rule
def add_beliefs(row, units, persons, people, knows, trusts, rates):
    """Add millionths of knowledge, trust and self-rated information to their columns of both series."""
    for column, value in ((knows, row.knowledge), (trusts, row.trust), (rates, row.self_rated)):
        millionths = int(value * MILLION)
        units[column] += millionths
        persons[column] += people * millionths


@rule
def count_present(row, units, persons, people):
    """Add a migrant who is present at the end of the month."""
    add(units, persons, N_PRESENT, people)
    if row.stage != NONE:
        add(units, persons, APPLYING, people)
    if row.abode == CENTRE:
        add(units, persons, IN_CENTRE, people)
        if row.status == OBLIGED_BEFORE or row.status == OBLIGED_AFTER:
            add(units, persons, REJECTED_IN_CENTRES, people)
        add_beliefs(row, units, persons, people, KNOW_CENTRE, TRUST_CENTRE, SELF_CENTRE)
    elif row.abode == PRIVATE:
        add(units, persons, IN_PRIVATE, people)
        add_beliefs(row, units, persons, people, KNOW_PRIVATE, TRUST_PRIVATE, SELF_PRIVATE)
    else:
        add(units, persons, HIDDEN, people)


@rule
def count_row(row, month, units, persons, people):
    """Add one row's month to both series."""
    if row.application_at == month:
        add(units, persons, APPLICATIONS if row.applied_at == month else REAPPLICATIONS, people)
    if row.ended_at == month:
        add(units, persons, DROP_OUTS, people)
    if row.under_at == month:
        add(units, persons, N_UNDER, people)
    if row.missing_at == month:
        add(units, persons, N_MISSING, people)
    if row.stopped_at == month:
        add(units, persons, N_STOPPED, people)
    if row.outcome == PRESENT:
        count_present(row, units, persons, people)
    elif row.left_at == month:
        count_leaving(row, units, persons, people)


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
def count_at_risk(row, applied, month, at_risk):
    """Add somebody's month at risk of applying to the groups that they are in (see `count`)."""
    first_abode = at_risk.shape[0] - 8
    abode = row.applied_abode if applied and row.applied_at == month else row.abode
    for group in (0, 1 + row.origin, first_abode + abode, first_abode + 3 + row.status):
        at_risk[group, 0] += 1
        if applied:
            at_risk[group, 1] += 1


@rule
def count(row, here, month, in_window, gate, units, persons, at_risk):
    """Count one migrant's month, as the offices left it, into `units` and `persons` (lines of the series)
    and, inside the window, into `at_risk`.

    `at_risk` (groups x 2): months at risk of applying, and applications, by current origin, abode and status:
    index 0 all, then origins, abodes (3), statuses (5). An applicant counts at risk in the month of applying;
    whose origin is below the protection gate does not.
    """
    people = int(row.adults) + int(row.minors)
    count_row(row, month, units, persons, people)
    if row.outcome == ASSISTED and row.left_at == month:
        units[CASH_PAID] += int(row.cash)
        units[IN_KIND_PAID] += int(row.in_kind)
    applied = row.application_at == month
    if applied or (
        was_deciding(row, month)
        and here.security >= gate
        and (eligible(row.status, here) or row.opened_at == month)
    ):
        add(units, persons, DECIDING, people)
        if in_window:
            count_at_risk(row, applied, month, at_risk)


@rule
def tally(rows, active, n_active, month, in_window, origins, gate, units, persons, at_risk):
    """`count` all active rows."""
    for i in range(n_active):
        row = rows[active[i]]
        count(row, origins[row.origin], month, in_window, gate, units, persons, at_risk)
