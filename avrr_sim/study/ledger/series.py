"""The series that a forecast tells, read from series.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from avrr_sim.files import read_yaml
from avrr_sim.measures import MEASURES

FILE = Path(__file__).with_name("series.yaml")


@dataclass(frozen=True)
class Series:
    """One series, year by year. measure: what the model reports for it; counted: what a published figure
    must count to be compared; error: standard deviation of the logarithm of the published figure over the
    model's; basis: where the error comes from.
    """

    name: str
    label: str
    measure: str
    counted: str
    error: float
    basis: str

    @property
    def unit(self) -> str:
        """The unit of a year's figure."""
        return MEASURES[self.measure].unit.replace("persons a year", "persons")


@cache
def all_series() -> dict[str, Series]:
    """Every series by name, in the order of the file."""
    read: dict[str, dict[str, Any]] = read_yaml(FILE)
    return {
        name: Series(
            name,
            str(each["label"]),
            str(each["measure"]),
            str(each["counted"]),
            float(each["error"]),
            str(each["basis"]),
        )
        for name, each in read.items()
    }
