"""What goes round: integer counts of last month, the only thing by which migrants influence one another
before the office.
"""

from __future__ import annotations

from avrr_sim.compiled import rule
from avrr_sim.migrant import ASSISTED, CENTRE, PRESENT, REMOVED, UNASSISTED
from avrr_sim.rules.after_return import LAST_CHECK


@rule
def still_active(row, month):
    """Whether a row still takes part in the month: present, or returned and not yet past the last
    monitoring.
    """
    if row.outcome == PRESENT:
        return True
    if row.outcome == ASSISTED or row.outcome == UNASSISTED or row.outcome == REMOVED:
        return month - row.left_at <= LAST_CHECK
    return month - row.left_at <= 1  # one month more, so that last month's leaving is counted


@rule
def silence(removals, kin):
    """Nothing has been told yet: all counts at nought."""
    removals[:, :] = 0
    for o in range(kin.shape[0]):
        peers = kin[o]
        peers.present = 0
        peers.applications = 0
        peers.returns = 0
        peers.removals = 0
        peers.coping = 0
        peers.struggling = 0


@rule
def tell(row, month, removals, peers):
    """Add what happened to somebody in `month`, who still takes part in the next, to the counts of removals
    and of the origin's people.
    """
    if row.application_at == month:
        peers.applications += 1
    if row.outcome == PRESENT:
        peers.present += 1
    elif row.outcome == REMOVED:
        if row.left_at == month:
            peers.removals += 1
            if row.abode == CENTRE:
                removals[row.centre, row.origin] += 1
                removals[row.centre, removals.shape[1] - 1] += 1
    elif row.outcome == ASSISTED or row.outcome == UNASSISTED:
        if row.left_at == month:
            peers.returns += 1
        if row.coping:
            peers.coping += 1
        else:
            peers.struggling += 1


@rule
def hear(rows, active, n_active, month, removals, kin):
    """Count last month's events among the active rows, and drop rows that have no part in the month any more.

    Fills `removals` (centres x origins + 1; last column: all origins) and `kin` (origins; dtype KIN). Returns
    the new number of active rows; `active` is compacted in place.
    """
    silence(removals, kin)
    kept = 0
    for i in range(n_active):
        row = rows[active[i]]
        if still_active(row, month):
            active[kept] = active[i]
            kept += 1
            tell(row, month - 1, removals, kin[row.origin])
    return kept
