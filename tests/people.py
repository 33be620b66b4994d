"""People made by hand."""

from __future__ import annotations

import numpy as np

from avrr_sim.outcomes import PEOPLE


def people(**fields) -> np.ndarray:
    """Everybody at the end of a run, by the fields given; others 0."""
    made = np.zeros(len(next(iter(fields.values()))), [(name, "i8") for name in PEOPLE])
    for name, values in fields.items():
        made[name] = values
    return made
