"""What one job gives back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class JobResult:
    """What is kept of one (draw, replicate): by scenario, measures and cells in the order of `labels`,
    monthly series, endings, flows.

    curves: {name: (months,)}; cost: total of the window, currency; flows: (FLOW_OUTCOMES baseline,
    FLOW_OUTCOMES here) units; crossings: as `flows.crossing_counts`, simulated persons; waits: as
    `waits.wait_quantiles`.
    """

    draw: int
    replicate: int
    labels: list[tuple[str, str, str]]
    values: list[np.ndarray]
    cells: list[np.ndarray]
    monthly: list[dict[str, np.ndarray]]
    endings: list[np.ndarray]
    flows: list[np.ndarray]
    crossings: list[np.ndarray]
    waits: list[tuple[np.ndarray, np.ndarray]]
    curves: list[dict[str, np.ndarray]]
    costs: list[float]
    scale: float


@dataclass(frozen=True)
class RunResult:
    """What a sweep keeps of a run: values and cells of its labels (group_by, group, measure), in their order,
    and seconds of processor time.
    """

    labels: list[tuple[str, str, str]]
    values: np.ndarray
    cells: np.ndarray
    seconds: float
