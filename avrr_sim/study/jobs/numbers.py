"""The whole numbers that a study is told, by an option or an argument, and what they may be."""

from __future__ import annotations

from collections.abc import Mapping

from avrr_sim.refusals import refusal, shown

RANGES: Mapping[str, tuple[int, int]] = {
    "draws": (1, 100_000),
    "replicates": (1, 10_000),
    "seed": (0, 2**63 - 1),
    "size": (10, 10_000_000),
    "workers": (1, 1024),
}
"""Smallest and largest value of each, by name."""

OF_WAVES: Mapping[str, tuple[int, int]] = {
    "waves": (1, 100),
    "points": (64, 1_000_000),
    "size": (100, 1_000_000),
    "close_points": (64, 1_000_000),
    "close_size": (100, 1_000_000),
    "seed": (0, 2**31),
}
"""The same for waves of runs, which are fitted: too few points or units say nothing of the weights."""


def whole_number(name: str, value: object, ranges: Mapping[str, tuple[int, int]] = RANGES) -> int:
    """The value, which must be a whole number in the range that goes by its name. Raises `Refusal`."""
    low, high = ranges[name]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise refusal(f"--{name} {shown(value)}", allowed=f"a whole number from {low} to {high}")
    return value


def span_of(name: str, ranges: Mapping[str, tuple[int, int]] = RANGES) -> str:
    """The range in words."""
    low, high = ranges[name]
    return f"from {low:,} up" if high == RANGES["seed"][1] else f"{low:,} to {high:,}"
