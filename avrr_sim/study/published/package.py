"""The published figures that come with the package, read from figures.yaml."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from avrr_sim.dates import month_number
from avrr_sim.files import read_yaml
from avrr_sim.study.published.figure import EVERYBODY, PublishedFigure

FILE = Path(__file__).with_name("figures.yaml")


@cache
def package_figures() -> tuple[PublishedFigure, ...]:
    """Every figure of the package, in the order of the file; a table by origin is a figure an origin."""
    return tuple(figure for name, entry in read_yaml(FILE).items() for figure in _figures(name, entry))


def _figures(name: str, entry: Mapping[str, Any]) -> Iterator[PublishedFigure]:
    """The figures of one entry: one, or one an origin."""
    for origin, value in entry.get("by_origin", {"": entry.get("value", math.nan)}).items():
        yield PublishedFigure(
            name.split(",")[0],
            f"{entry['figure']}: {origin.capitalize()} {value}" if origin else entry["figure"],
            entry["measure"],
            month_number(entry["window"]["from"]),
            month_number(entry["window"]["to"]),
            float(value),
            float(value),
            float(entry.get("standard_error", math.nan)),
            float(entry.get("discrepancy", entry.get("discrepancy_share", math.nan) * value)),
            entry["role"],
            entry["source"],
            entry.get("note", ""),
            ("origin", origin) if origin else EVERYBODY,
            entry["scenario"],
            name if origin else "",
            tuple(entry.get("order", ())),
        )
