"""The security and incomes that were judged before the record was there: what the constants of its formulas
were fitted to. No run reads them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from avrr_sim.dates import month_number
from avrr_sim.files import read_yaml
from avrr_sim.places.origins import series_values
from avrr_sim.places.record import published
from avrr_sim.policy import Step

_FILE = Path(published.__file__).with_name("judged.yaml")


@cache
def _judged() -> dict[str, dict[str, Any]]:
    return read_yaml(_FILE)


def judged_keys() -> list[str]:
    """Origins of the model whose security and income were judged once, in the order of the file."""
    return list(_judged())


def judged_security(origin: str, year: int) -> float | None:
    """Mean over a year of the index that was judged; None for an origin that had none."""
    if origin not in _judged():
        return None
    steps = [Step(month_number(month), value) for month, value in _judged()[origin]["security"].items()]
    return float(series_values(steps, month_number(f"{year}-01"), 12).mean())


def judged_steps() -> dict[str, dict[int, float]]:
    """The index that was judged: by origin, the months from which its values held."""
    return {
        origin: {month_number(month): value for month, value in entry["security"].items()}
        for origin, entry in _judged().items()
    }


def judged_income(origin: str) -> float | None:
    """NOK a month that were judged for a working adult; None for an origin that had none."""
    return _judged()[origin]["income"] if origin in _judged() else None
