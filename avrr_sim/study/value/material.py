"""What the value of information is worked out from: draws of the weights, and what the jobs of a comparison
counted in each.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from avrr_sim.evidence import Weight, load_evidence
from avrr_sim.programme import unknowns_of
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import Results
from avrr_sim.study.summary.sensitivity import scored
from avrr_sim.study.summary.statistics import by_draw

_NOTHING = 1e-12  # relative variance that is rounding only
_EDGE = 1e-12  # keeps logits finite


@dataclass(frozen=True)
class Effect:
    """A policy difference over draws.

    values: (draws, replicates), a scenario less the baseline; variance: between draws, of the mean over
    replicates, what finite runs leave taken out; chance: the share of the whole that was taken out, NaN
    where one replicate cannot tell.
    """

    scenario: str
    measure: str
    values: np.ndarray

    @cached_property
    def mean(self) -> np.ndarray:
        """The difference of each draw, averaged over replicates."""
        return by_draw(self.values)

    @property
    def chance(self) -> float:
        """The share of the variance between draws' means that is chance within draws."""
        noise = noise_of(self.values)
        whole = float(np.var(self.mean, ddof=1))
        return float("nan") if noise is None else min(noise / whole, 1.0) if whole > 0 else float("nan")

    @property
    def variance(self) -> float:
        """What could be known at most."""
        return self.variance_of(np.ones(len(self.values), bool))

    def variance_of(self, some: np.ndarray) -> float:
        """The same from some of the draws."""
        return float(np.var(self.mean[some], ddof=1)) - (noise_of(self.values[some]) or 0.0)

    @property
    def settled(self) -> bool:
        """Whether there is nothing to be known: no spread but chance, as far as can be told."""
        return not self.variance > _NOTHING * max(float(np.mean(self.mean) ** 2), 1e-300)


def noise_of(values: np.ndarray) -> float | None:
    """Variance that finite runs leave in the mean over replicates of (draws, replicates), averaged over
    draws; None with one replicate.
    """
    replicates = values.shape[1]
    return float(np.mean(np.var(values, axis=1, ddof=1))) / replicates if replicates > 1 else None


@dataclass(frozen=True)
class Material:
    """The jobs of a comparison; `draws`: those in which every replicate succeeded."""

    plan: Plan
    results: Results

    @cached_property
    def draws(self) -> list[int]:
        """Draws in which all replicates succeeded, in order."""
        done = set(self.results.jobs)
        return [
            draw
            for draw in range(self.plan.draws)
            if all((draw, replicate) in done for replicate in range(self.plan.replicates))
        ]

    @cached_property
    def rows(self) -> np.ndarray:
        """For each draw a number that copies of one row of weights share."""
        return self.plan.rows_of(self.draws)

    @cached_property
    def scores(self) -> dict[str, np.ndarray]:
        """Draws of the weights that vary and are not pinned in every scenario, by name, each (draws,) on
        the scale of its prior.
        """
        drawn = [self.plan.weights_of(draw, None) for draw in self.draws]
        found = {
            name: scored(weight, np.array([row[name] for row in drawn]))
            for name, weight in self._every.items()
            if not all(name in scenario.weights for scenario in self.plan.scenarios)
        }
        return {name: score for name, score in found.items() if score.any()}

    @property
    def weights(self) -> dict[str, Weight]:
        """These weights, by name."""
        return {name: self._every[name] for name in self.scores}

    @cached_property
    def _every(self) -> dict[str, Weight]:
        scenarios = self.plan.scenarios
        return {**load_evidence(), **unknowns_of(each for s in scenarios for each in s.programmes)}

    def on_scale(self, name: str) -> np.ndarray:
        """The draws of a weight on the scale of its prior: log of positive ones, logit of shares; (draws,).
        Raises KeyError where no scenario has it.
        """
        weight = self._every[name]
        values = np.array([self.plan.weights_of(draw, None)[name] for draw in self.draws])
        if weight.scale == "positive":
            return np.log(np.maximum(values, _EDGE))
        if weight.scale == "share":
            inside = np.clip(values, _EDGE, 1.0 - _EDGE)
            return np.log(inside / (1.0 - inside))
        return values

    def level(self, scenario: int, measure: str, by: str = "all", group: str = "all") -> np.ndarray:
        """A measure of scenario number `scenario`: (draws, replicates). Where a run has nobody to measure
        it of, the median of the others stands. Raises KeyError where no run has it.
        """
        values = self.results.runs.of("value", group_by=by, group=group, measure=measure)[scenario, 0]
        there = [self.results.draws.index(draw) for draw in self.draws]
        values = values[there]
        known = values[~np.isnan(values)]
        if not len(known):
            raise KeyError(f"no run has {measure}")
        return np.where(np.isnan(values), np.median(known), values)

    def effect(self, scenario: int, measure: str) -> Effect:
        """A measure of a scenario less that of the baseline."""
        difference = self.level(scenario, measure) - self.level(0, measure)
        return Effect(self.plan.keys[scenario], measure, difference)
