"""The office: places at the directorate and at embassies serve ready cases first come, first served."""

from __future__ import annotations

import math

import numpy as np

from avrr_sim.chance import QUEUE, STAGE, WORD, block, philox
from avrr_sim.compiled import rule
from avrr_sim.migrant import APPLIED, APPROVED, DOCUMENTED, PRESENT, PROTECTED, REFUSED
from avrr_sim.rules.application import advance, close, ready_for_directorate, ready_for_embassy
from avrr_sim.rules.legal import gate_closed, stopped

_SERIAL_BITS = 24
_WORD_BITS = 28
ROUNDING = 1e-9  # ten tenths of a place are one place
LARGEST_POPULATION = 1 << _SERIAL_BITS


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
def directorate(rows, active, n_active, position, origins, lever, now, w, carried, scale, queue):
    """Decide as many ready cases as there are places. Returns the fraction carried on."""
    ready = 0
    for i in range(n_active):
        row = rows[active[i]]
        if row.stage == APPLIED and row.outcome == PRESENT:
            if ready_for_directorate(row, lever, now, w):
                queue[ready] = queue_key(row, now.calendar - now.month, now)
                ready += 1
    places, rest = places_this_month(carried, lever.directorate_places / scale)
    if ready > places:
        queue[:ready].sort()
    served = min(ready, places)
    for k in range(served):
        row = rows[position[queue[k] & (LARGEST_POPULATION - 1)]]
        decide_case(row, origins[row.origin], now, w)
    return carry(rest, places, served)


@rule
def embassies(rows, active, n_active, position, origins, lever, now, w, carried, scale, queue, marks):
    """Issue travel documents, each origin's embassy on its own. `carried` (origins) is updated in place.

    `marks` (2 x origins) is scratch: the number of ready cases of each origin and where its part of the queue
    starts.
    """
    marks[:, :] = 0
    ready = 0
    for i in range(n_active):
        row = rows[active[i]]
        if row.stage == APPROVED and row.outcome == PRESENT:
            if ready_for_embassy(row, origins[row.origin], lever, now, w):
                queue[ready] = queue_key(row, now.calendar - now.month, now)
                ready += 1
                marks[0, row.origin] += 1
    crowded = False
    for o in range(marks.shape[1]):
        places, rest = places_this_month(carried[o], lever.embassy_places * origins[o].embassy_places / scale)
        marks[1, o] = places
        carried[o] = carry(rest, places, min(marks[0, o], places))
        crowded = crowded or marks[0, o] > places
    if crowded:
        queue[:ready].sort()
    for k in range(ready):
        row = rows[position[queue[k] & (LARGEST_POPULATION - 1)]]
        if marks[1, row.origin] > 0:
            marks[1, row.origin] -= 1
            advance(row, DOCUMENTED, now)


def expected_places(origins: np.ndarray, policy: np.ndarray, scale: float) -> dict[str, float]:
    """Simulated places a month, at their fewest: {"directorate": .., "embassies": ..}. Below 1, waits depend
    on the number simulated.
    """
    per_origin = (policy["embassy_places"][None, :] * origins["embassy_places"]).min()
    return {
        "directorate": float(policy["directorate_places"].min() / scale),
        "embassies": float(per_origin / scale),
    }
