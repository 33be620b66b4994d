"""Claims on an offer that only so many get: first come, first served, however the rows lie."""

from __future__ import annotations

from avrr_sim.compiled import rule
from avrr_sim.migrant import NONE
from avrr_sim.rules.application import promise
from avrr_sim.rules.offers import has_place
from avrr_sim.rules.office import LARGEST_POPULATION, put_in_order, queue_key


@rule
def claims(rows, active, n_active, now, number, queue):
    """Line up those who applied this month and claim offer `number`. Returns how many."""
    waiting = 0
    for i in range(n_active):
        row = rows[active[i]]
        if row.offer == number and row.application_at == now.month and row.stage != NONE:
            queue[waiting] = queue_key(row, now.calendar - now.month, now)
            waiting += 1
    return waiting


@rule
def hand_out(rows, active, n_active, position, origins, lever, now, w, on_offer, taken, scale, queue):
    """Give out the places of the month's capped offers, one offer after another in the scenario's order, to
    those who claimed them this month: the months come in their order, and within one a keyed random number
    decides. Who finds no place is promised the best of what has no cap. `taken` is updated in place:
    simulated units or persons.
    """
    for k in range(1, on_offer.shape[2]):
        offer = on_offer[0, 0, k]
        if offer.first == 0.0:
            continue
        waiting = claims(rows, active, n_active, now, k - 1, queue)
        put_in_order(queue[:waiting])
        for place in range(waiting):
            row = rows[position[queue[place] & (LARGEST_POPULATION - 1)]]
            more = row.adults + row.minors if offer.persons else 1
            if has_place(offer, taken[k - 1], more, scale):
                taken[k - 1] += more
            else:
                promise(row, origins[row.origin], lever, on_offer, now, w, False)
