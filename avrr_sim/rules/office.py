"""The office: places at the directorate and at embassies serve ready cases first come, first served."""

from __future__ import annotations

import math

import numpy as np

from avrr_sim.chance import QUEUE, STAGE, WORD, block, philox
from avrr_sim.compiled import rule
from avrr_sim.migrant import APPROVED, DOCUMENTED, PRESENT, PROTECTED, REFUSED
from avrr_sim.rules.application import advance, close, ready_for_directorate, ready_for_embassy
from avrr_sim.rules.legal import gate_closed, stopped

_SERIAL_BITS = 24
_WORD_BITS = 28
ROUNDING = 1e-9  # ten tenths of a place are one place
LARGEST_POPULATION = 1 << _SERIAL_BITS
AT_DIRECTORATE, AT_EMBASSY = range(2)
"""The two queues."""


@rule
def queue_key(row, first_calendar, now):
    """Order in a queue as one integer: month of application, then a keyed random number, then the serial (so
    no two are equal).
    """
    whole, month = int(row.id), int(row.application_at)
    w0, _, _, _ = philox(
        whole & WORD, (whole >> 32) & WORD, int(first_calendar) + month, QUEUE, int(now.key0), int(now.key1)
    )
    return (
        (month << (_WORD_BITS + _SERIAL_BITS)) | ((w0 >> (32 - _WORD_BITS)) << _SERIAL_BITS) | int(row.serial)
    )


@rule
def places_this_month(carried, new_places):
    """Whole places now and the fraction carried on: (places, rest). Fractions are never lost."""
    total = carried + new_places
    whole = math.floor(total + ROUNDING)
    return int(whole), max(total - whole, 0.0)


@rule
def carry(rest, places, used):
    """What is carried to next month: the fraction, and at most one unused place."""
    return rest + (1.0 if places > used else 0.0)


@rule
def decide_case(row, here, now, w):
    """The directorate decides: protection need, refusal (its reason is told to the applicant alone) or
    approval.
    """
    _, _, u_refused, _ = block(row.id, now.calendar, STAGE, now.key0, now.key1)
    if gate_closed(here, now):
        stopped(row, now)
        close(row, now, PROTECTED)
    elif u_refused < w.refusal:
        close(row, now, REFUSED)
    else:
        advance(row, APPROVED, now)


@rule
def line_up(row, here, lever, now, w, queues, waiting):
    """Put a case that is ready into the queue of its office. Returns whether it was put into one.

    `queues` (2 x units): keys of the directorate's cases and of the embassies'; `waiting` (2 + origins): how
    many stand in each of the two, then how many at the embassy of each origin.
    """
    if row.outcome != PRESENT:
        return False
    if ready_for_directorate(row, lever, now, w):
        queues[AT_DIRECTORATE, waiting[AT_DIRECTORATE]] = queue_key(row, now.calendar - now.month, now)
        waiting[AT_DIRECTORATE] += 1
        return True
    if ready_for_embassy(row, here, lever, now, w):
        queues[AT_EMBASSY, waiting[AT_EMBASSY]] = queue_key(row, now.calendar - now.month, now)
        waiting[AT_EMBASSY] += 1
        waiting[2 + row.origin] += 1
        return True
    return False


@rule
def directorate(rows, position, origins, lever, now, w, carried, scale, queue, ready):
    """Decide as many of the `ready` cases in the queue as there are places. Returns the fraction carried
    on.
    """
    places, rest = places_this_month(carried, lever.directorate_places / scale)
    if ready > places:
        queue[:ready].sort()
    served = min(ready, places)
    for k in range(served):
        row = rows[position[queue[k] & (LARGEST_POPULATION - 1)]]
        decide_case(row, origins[row.origin], now, w)
    return carry(rest, places, served)


@rule
def embassies(rows, position, origins, lever, now, carried, scale, queue, ready):
    """Issue travel documents, each origin's embassy on its own; `ready` (origins) says how many cases of each
    stand in the queue. `carried` (origins) and `ready` are updated in place: the places used up.
    """
    cases, crowded = 0, False
    for o in range(ready.shape[0]):
        places, rest = places_this_month(carried[o], lever.embassy_places * origins[o].embassy_places / scale)
        carried[o] = carry(rest, places, min(ready[o], places))
        crowded = crowded or ready[o] > places
        cases += ready[o]
        ready[o] = places
    if crowded:
        queue[:cases].sort()
    for k in range(cases):
        row = rows[position[queue[k] & (LARGEST_POPULATION - 1)]]
        if ready[row.origin] > 0:
            ready[row.origin] -= 1
            advance(row, DOCUMENTED, now)


@rule
def serve(rows, position, origins, lever, now, w, carried, scale, queues, waiting):
    """Both offices serve the cases that are lined up. `carried` (1 + origins): unused places of the
    directorate and of each embassy, updated in place.
    """
    carried[0] = directorate(
        rows,
        position,
        origins,
        lever,
        now,
        w,
        carried[0],
        scale,
        queues[AT_DIRECTORATE],
        waiting[AT_DIRECTORATE],
    )
    embassies(rows, position, origins, lever, now, carried[1:], scale, queues[AT_EMBASSY], waiting[2:])


@rule
def run_offices(rows, active, n_active, position, origins, lever, now, w, carried, scale, queues, waiting):
    """A month of the offices: every active row's case that is ready lines up, and then both serve."""
    waiting[:] = 0
    for i in range(n_active):
        row = rows[active[i]]
        line_up(row, origins[row.origin], lever, now, w, queues, waiting)
    serve(rows, position, origins, lever, now, w, carried, scale, queues, waiting)


def expected_places(origins: np.ndarray, policy: np.ndarray, scale: float) -> dict[str, float]:
    """Simulated places a month, at their fewest: {"directorate": .., "embassies": ..}. Below 1, waits depend
    on the number simulated.
    """
    per_origin = (policy["embassy_places"][None, :] * origins["embassy_places"]).min()
    return {
        "directorate": float(policy["directorate_places"].min() / scale),
        "embassies": float(per_origin / scale),
    }
