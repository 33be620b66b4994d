"""Small experiments that the pattern tests share: paired runs, and the removal shock in centres."""

from __future__ import annotations

import numpy as np
from conftest import SCENARIOS

from avrr_sim.engines import table
from avrr_sim.engines.world import World, build_world
from avrr_sim.evidence import central_weights
from avrr_sim.migrant import CENTRE, MOVED_ON, NONE, PRESENT
from avrr_sim.scenario import Scenario, load_scenario
from avrr_sim.simulate import simulate

SEED = 11


def baseline() -> Scenario:
    """The Norwegian baseline, as shipped."""
    return load_scenario(SCENARIOS / "baseline-norway.yaml")


def paired(name_or_scenario, measure: str, *, group=("all", "all"), replicates: int = 6, size: int = 20_000, weights=None) -> tuple[float, float]:
    """(mean, standard error) over replicates of a scenario's difference from the baseline in one measure, same people."""
    scenario = load_scenario(SCENARIOS / f"{name_or_scenario}.yaml") if isinstance(name_or_scenario, str) else name_or_scenario
    effects = []
    for r in range(replicates):
        values = [{row[:3]: row[3] for row in simulate(s, weights, SEED, replicate=r, size=size).measures()}[(*group, measure)]
                  for s in (baseline(), scenario)]
        effects.append(values[1] - values[0])
    return float(np.mean(effects)), float(np.std(effects, ddof=1) / np.sqrt(replicates))


class CentreEvents:
    """Counts, in the months of a period, of centre residents at risk of applying, applying, and disappearing, by origin."""

    def __init__(self, first: int, months: int, origins: int) -> None:
        self.first, self.last = first, first + months
        self.at_risk, self.applied, self.disappeared = (np.zeros(origins) for _ in range(3))
        self.before: np.ndarray | None = None

    def __call__(self, world: World) -> None:
        """Watch one month."""
        rows = np.asarray(world.rows)
        if self.before is not None and self.first <= world.month - 1 < self.last:
            b = self.before
            at_risk = (b["outcome"] == PRESENT) & (b["abode"] == CENTRE) & (b["stage"] == NONE) & (b["arrival"] < world.month - 1)
            applied = at_risk & (rows["application_at"] == world.month - 1)
            gone = at_risk & ((rows["under_at"] == world.month - 1) | ((rows["left_at"] == world.month - 1) & (rows["outcome"] == MOVED_ON)))
            for total, what in ((self.at_risk, at_risk), (self.applied, applied), (self.disappeared, gone)):
                total += np.bincount(rows["origin"][what], minlength=len(total))
        self.before = rows.copy()


def shock_ratios(scenario: Scenario, *, month: str = "2013-06", after: str = "2013-07", horizon: int = 6, replicates: int = 8, size: int = 40_000,
                 weights=None) -> dict[str, dict[str, tuple[float, float]]]:
    """Log hazard ratios over six months after every centre sees one more removal of each resident's own origin, against the same people without.

    {origin: {"applying": (mean, standard error), "disappearing": ...}}: hazards are pooled over replicates, the error is a jackknife over
    them (leaving out one replicate at a time), which a ratio of small counts needs.
    """
    shocked = scenario.vary(levers={**{k: [dict(s) for s in v] for k, v in scenario.resolved()["levers"].items()},
                                    "removal_news": [{"from": month, "value": 1}, {"from": after, "value": 0}]}, name="shock")
    first = shocked.levers["removal_news"][0].start - scenario.start
    counts = np.zeros((replicates, 2, 3, len(scenario.origins)))
    for r in range(replicates):
        for k, s in enumerate((scenario, shocked)):
            watch = CentreEvents(first, horizon, len(s.origins))
            table.run(build_world(s, dict(weights or central_weights()), SEED, 0, r, size), watch)
            counts[r, k] = watch.at_risk, watch.applied, watch.disappeared
    return {origin: {name: _jackknife(counts[:, :, [0, which], o]) for name, which in (("applying", 1), ("disappearing", 2))}
            for o, origin in enumerate(scenario.origins)}


def _jackknife(counts: np.ndarray) -> tuple[float, float]:
    """(log hazard ratio, its standard error) from (replicates, without or with shock, at risk or events)."""

    def log_ratio(pooled: np.ndarray) -> float:
        with np.errstate(divide="ignore", invalid="ignore"):
            hazard = pooled[:, 1] / pooled[:, 0]
            return float(np.log(hazard[1] / hazard[0]))

    n = len(counts)
    left_out = np.array([log_ratio(counts.sum(axis=0) - one) for one in counts])
    return log_ratio(counts.sum(axis=0)), float(np.sqrt((n - 1) / n * np.sum((left_out - left_out.mean()) ** 2)))
