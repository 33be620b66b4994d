"""What a pattern is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

IMPOSED, EMERGING, NO_LABEL = "imposed", "emerging", "-"
"""Imposed: the direction was put in, by a fixed sign, a form or an amount, so that a hit shows that the
mechanism works, not that the world is so. Emerging: no single sign, form or amount settles it. Weights are
fitted to published figures only, so that every pattern can fail."""


@dataclass(frozen=True)
class Pattern:
    """One pattern of the literature.

    id, statement   as numbered and said in the documents
    label           IMPOSED, EMERGING or NO_LABEL
    needs           names of the worlds that it is read off (see worlds.WORLDS)
    statistic       f(view of each world) -> float, positive where it holds; None where nothing in the model
                    answers to it
    unit            unit of the statistic, and the tolerance that is taken off it, in words
    reading         what was compared, what was put in, and what it does not show
    beside          a second question that is told and not judged: (what it says where positive, f); None:
                    there is none
    """

    id: str
    statement: str
    label: str
    needs: tuple[str, ...]
    statistic: Callable[..., float] | None
    unit: str
    reading: str
    beside: tuple[str, Callable[..., float]] | None = None
