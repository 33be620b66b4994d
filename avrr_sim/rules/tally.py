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
    PENDING,
    PRESENT,
    PRIVATE,
    REMOVED,
    TRANSFERRED,
    UNASSISTED,
)
from avrr_sim.rules.advice import aware
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
    "contacts_official",
    "contacts_independent",
    "contacts_peers",
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
    "aware_centre",
    "aware_private",
    "trust_official_centre",
    "trust_official_private",
    "trust_independent_centre",
    "trust_independent_private",
    "trust_peers_centre",
    "trust_peers_private",
    # amounts of the month, in whole currency units of the programme
    "cash_paid",
    "in_kind_paid",
    # flows of the month by tier of the application
    "applications_a",
    "applications_b",
    "applications_vulnerable",
    "assisted_a",
    "assisted_b",
    "assisted_vulnerable",
    # of those who left this month: units whose first adult is a woman, units with minors (persons: minors)
    "assisted_women",
    "unassisted_women",
    "removed_women",
    "transferred_women",
    "assisted_minors",
    "unassisted_minors",
    "removed_minors",
    "transferred_minors",
    # missing by status: before a decision, after a rejection
    "missing_pending",
    "missing_rejected",
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
    N_OFFICIAL,
    N_INDEPENDENT,
    N_PEERS,
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
    AWARE_CENTRE,
    AWARE_PRIVATE,
    OFFICIAL_CENTRE,
    OFFICIAL_PRIVATE,
    INDEPENDENT_CENTRE,
    INDEPENDENT_PRIVATE,
    PEERS_CENTRE,
    PEERS_PRIVATE,
    CASH_PAID,
    IN_KIND_PAID,
    APPLICATIONS_BY_TIER,
    _,
    _,
    ASSISTED_BY_TIER,
    _,
    _,
    WOMEN,
    _,
    _,
    _,
    MINORS,
    _,
    _,
    _,
    MISSING_PENDING,
    MISSING_REJECTED,
) = range(55)

MILLION = 1_000_000


@rule
def add(units, persons, column, people):
    """Add a unit of so many persons to a column of both series."""
    units[column] += 1
    persons[column] += people


@rule
def count_kind(row, units, persons):
    """Add who they are of a unit that left, to the columns of its kind of departure: ASSISTED, UNASSISTED,
    REMOVED or TRANSFERRED.
    """
    kind = row.outcome - ASSISTED
    if row.female:
        add(units, persons, WOMEN + kind, 1)
    if row.minors > 0:
        add(units, persons, MINORS + kind, int(row.minors))


@rule
def count_leaving(row, units, persons, people):
    """Add a migrant who left this month."""
    if ASSISTED <= row.outcome <= TRANSFERRED:
        count_kind(row, units, persons)
    if row.outcome == ASSISTED:
        add(units, persons, N_ASSISTED, people)
        add(units, persons, ASSISTED_BY_TIER + row.tier, people)
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
def add_beliefs(row, units, private):
    """Add millionths of beliefs to their columns of the series of units: those of centres, or (`private`: 1)
    the next ones. A belief is a unit's, not a person's.
    """
    for column, value in (
        (KNOW_CENTRE, row.knowledge),
        (TRUST_CENTRE, row.trust),
        (SELF_CENTRE, row.self_rated),
        (AWARE_CENTRE, 1.0 if aware(row) else 0.0),
        (OFFICIAL_CENTRE, row.trust_official),
        (INDEPENDENT_CENTRE, row.trust_independent),
        (PEERS_CENTRE, row.trust_peers),
    ):
        units[column + private] += int(value * MILLION)


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
        add_beliefs(row, units, 0)
    elif row.abode == PRIVATE:
        add(units, persons, IN_PRIVATE, people)
        add_beliefs(row, units, 1)
    else:
        add(units, persons, HIDDEN, people)


@rule
def count_row(row, month, units, persons, people):
    """Add one row's month to both series."""
    if row.application_at == month:
        add(units, persons, APPLICATIONS if row.applied_at == month else REAPPLICATIONS, people)
        add(units, persons, APPLICATIONS_BY_TIER + row.tier, people)
    if row.ended_at == month:
        add(units, persons, DROP_OUTS, people)
    if row.under_at == month:
        add(units, persons, N_UNDER, people)
    if row.missing_at == month:
        add(units, persons, N_MISSING, people)
        if row.status == PENDING:
            add(units, persons, MISSING_PENDING, people)
        elif row.status == OBLIGED_BEFORE or row.status == OBLIGED_AFTER:
            add(units, persons, MISSING_REJECTED, people)
    if row.stopped_at == month:
        add(units, persons, N_STOPPED, people)
    if row.official_at == month:
        add(units, persons, N_OFFICIAL, people)
    if row.independent_at == month:
        add(units, persons, N_INDEPENDENT, people)
    if row.peers_at == month:
        add(units, persons, N_PEERS, people)
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
