"""The office: places at the directorate and at embassies serve ready cases first come, first served."""

from __future__ import annotations

import math

import numpy as np

from avrr_sim.chance import QUEUE, STAGE, WORD, block, philox
from avrr_sim.compiled import rule, rule_apart
from avrr_sim.migrant import DOCUMENTED, PRESENT, PROTECTED, REFUSED
from avrr_sim.rules.application import (
    approve,
    close,
    enter,
    proceed,
    ready_for_directorate,
    ready_for_embassy,
)
from avrr_sim.rules.legal import gate_closed, stopped

_SERIAL_BITS = 24
_WORD_BITS = 28
ROUNDING = 1e-9  # ten tenths of a place are one place
LARGEST_POPULATION = 1 << _SERIAL_BITS
AT_DIRECTORATE, AT_EMBASSY, IN_LINE = range(3)
"""The two queues, and all who lined up before the offices opened."""
QUEUES = 3


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
def decide_case(row, here, lever, now, w):
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
        approve(row, here, lever, now, w)


@rule
def line_up(row, now, queues, waiting):
    """Put a case that is ready into the queue of its office. Returns whether it was put into one.

    `queues` (3 x units): keys of the directorate's cases, of the embassies', and of all who lined up before
    the offices opened; `waiting` (3 + origins): how many stand in each of the three, then how many at the
    embassy of each origin.
    """
    if row.outcome != PRESENT:
        return False
    if ready_for_directorate(row, now):
        key = queue_key(row, now.calendar - now.month, now)
        queues[AT_DIRECTORATE, waiting[AT_DIRECTORATE]] = key
        waiting[AT_DIRECTORATE] += 1
    elif ready_for_embassy(row, now):
        key = queue_key(row, now.calendar - now.month, now)
        to_embassy(row, key, queues, waiting)
    else:
        return False
    queues[IN_LINE, waiting[IN_LINE]] = key
    waiting[IN_LINE] += 1
    return True


@rule
def to_embassy(row, key, queues, waiting):
    """Put a case into the queue of its origin's embassy."""
    queues[AT_EMBASSY, waiting[AT_EMBASSY]] = key
    waiting[AT_EMBASSY] += 1
    waiting[QUEUES + row.origin] += 1


@rule_apart
def put_in_order(queue):
    """Sort the keys of a queue, in place."""
    queue.sort()


@rule
def directorate(rows, position, origins, lever, now, w, carried, scale, queues, waiting):
    """Decide as many of the cases in the queue as there are places. Of those approved, whoever needs a travel
    document and has waited for it within the month lines up at the embassy; whoever needs none goes on.
    Returns the fraction carried on.
    """
    ready = waiting[AT_DIRECTORATE]
    places, rest = places_this_month(carried, lever.directorate_places / scale)
    if ready > places:
        put_in_order(queues[AT_DIRECTORATE, :ready])
    served = min(ready, places)
    for k in range(served):
        key = queues[AT_DIRECTORATE, k]
        row = rows[position[key & (LARGEST_POPULATION - 1)]]
        decide_case(row, origins[row.origin], lever, now, w)
        proceed(row, origins[row.origin], lever, now, w)
        if ready_for_embassy(row, now):
            to_embassy(row, key, queues, waiting)
    return carry(rest, places, served)


@rule
def embassies(rows, position, origins, lever, now, w, carried, scale, queues, waiting):
    """Issue travel documents, each origin's embassy on its own; whoever has one goes on. `carried` (origins)
    is updated in place, and of `waiting` the cases of each origin: the places used up.
    """
    ready, cases, crowded = waiting[QUEUES:], waiting[AT_EMBASSY], False
    for o in range(ready.shape[0]):
        places, rest = places_this_month(carried[o], lever.embassy_places * origins[o].embassy_places / scale)
        carried[o] = carry(rest, places, min(ready[o], places))
        crowded = crowded or ready[o] > places
        ready[o] = places
    if crowded:
        put_in_order(queues[AT_EMBASSY, :cases])
    for k in range(cases):
        row = rows[position[queues[AT_EMBASSY, k] & (LARGEST_POPULATION - 1)]]
        if ready[row.origin] > 0:
            ready[row.origin] -= 1
            enter(row, DOCUMENTED, w.booking_months / lever.processing_speed, now)
            proceed(row, origins[row.origin], lever, now, w)


@rule
def serve(rows, position, origins, lever, now, w, carried, scale, queues, waiting):
    """Both offices serve the cases that are lined up, the directorate first. `carried` (1 + origins): unused
    places of the directorate and of each embassy, updated in place.
    """
    carried[0] = directorate(rows, position, origins, lever, now, w, carried[0], scale, queues, waiting)
    embassies(rows, position, origins, lever, now, w, carried[1:], scale, queues, waiting)


@rule
def run_offices(rows, active, n_active, position, origins, lever, now, w, carried, scale, queues, waiting):
    """A month of the offices: every active row's case that is ready lines up, and then both serve."""
    waiting[:] = 0
    for i in range(n_active):
        line_up(rows[active[i]], now, queues, waiting)
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
