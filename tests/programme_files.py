"""Programme files for tests: a good one, changed, written and read."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import yaml

from avrr_sim.dates import month_number
from avrr_sim.policy import STATUS_NAMES
from avrr_sim.programme import (
    Programme,
    read_programme,
)

GOOD = {
    "name": "A programme",
    "currency": "NOK",
    "price_year": 2015,
    "references": {"sheet": "A factsheet"},
    "amounts": {
        "cash_a_adult": [
            {"from": "2010-01", "value": 20000, "reference": "sheet", "locator": "group A"},
            {"from": "2012-07", "value": 15000, "reference": "sheet", "locator": "group A, new"},
        ]
    },
    "eligibility": {"pending": [{"from": "2010-01", "value": 1, "reference": "sheet", "locator": "who"}]},
}


SERVICE = {
    "stage": "departure",
    "for": "all",
    "uptake": 0.5,
    "value": 100,
    "reference": "sheet",
    "locator": "services",
}


UNKNOWN = {"value": "unknown", "central": 5000, "basis": "judgement"}


def write(tmp_path: Path, content: dict) -> Path:
    path = tmp_path / "land.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def months_of(
    rules: Programme, first: str, months: int, origin: str = "iraq", visa_free: bool = False, weights=None
) -> dict[str, np.ndarray]:
    """What the rules read of a programme for one origin, month by month."""
    start = month_number(first)
    opened = {f"open_{status}": rules.open_to(status, origin, start, months) for status in STATUS_NAMES}
    return rules.month_by_month(origin, np.full(months, visa_free), start, weights or {}) | opened


def written(tmp_path: Path, **parts) -> Programme:
    """The good file with some of its parts replaced, as it is read."""
    return read_programme(write(tmp_path, copy.deepcopy(GOOD) | parts))


def amount(**changes) -> dict:
    """A dated entry of the good file, changed."""
    return {**GOOD["amounts"]["cash_a_adult"][0], **changes}
