"""Who took each offer in one run, and what it cost beyond the programme's own terms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from avrr_sim.migrant import ASSISTED
from avrr_sim.outcomes import Outcomes

TAKEN = (
    "applied_units",
    "applied_persons",
    "departed_units",
    "departed_persons",
    "paid_more",
)
"""Units and persons whose latest application was lodged in the window on the terms of the offer; those who
departed in the window on them; and the money, in the programme's currency, that these were paid beyond the
programme's own terms.
"""


def offers_taken(outcome: Outcomes, names: Sequence[str]) -> np.ndarray:
    """Totals over the window, on the national scale, of the offers of these names: (names, TAKEN); NaN where
    the run's scenario has no such offer.
    """
    people, window = outcome.people, outcome.window
    persons = people["adults"] + people["minors"]
    more = people["offer_cash"] + people["offer_in_kind"]
    number = {offer.name: k for k, offer in enumerate(outcome.scenario.offers)}
    found = np.full((len(names), len(TAKEN)), np.nan)
    for i, name in enumerate(names):
        if name in number:
            took = people["offer"] == number[name]
            applied = took & (people["application_at"] >= window)
            left = took & (people["outcome"] == ASSISTED) & (people["left_at"] >= window)
            counts = (
                applied.sum(),
                persons[applied].sum(),
                left.sum(),
                persons[left].sum(),
                more[left].sum(),
            )
            found[i] = np.array(counts) * outcome.scale
    return found
