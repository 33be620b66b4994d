"""What pairing persons is worth: runs needed for the same Monte Carlo error of a difference, with and without
it.

    python -m avrr_sim.documents.pairing        prints the tables of docs/pairing.md

*Paired persons*: the same person has the same chance in both scenarios, as everywhere in this package. *Same
seed*: both scenarios begin with the same people and the same stream of chance, out of which numbers are taken
in turn, as in most agent-based models; once one person more takes part in one of them, everybody after takes
other numbers. *Independent seeds*: other chance in each. The runs needed for an error go with the variance of
the difference between two runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from avrr_sim.engines.world import World
from avrr_sim.evidence import draw_weights
from avrr_sim.scenario import Scenario
from avrr_sim.simulation import simulate
from avrr_sim.study.jobs.executor import in_order

_STREAM = 1 << 48  # beyond the numbers of people, so that nobody takes another's chance by accident


@dataclass
class InTurn:
    """Gives chance out in turn: after each month everybody taking part is keyed by their place in one long
    stream.
    """

    taken: int = _STREAM

    def __call__(self, world: World) -> None:
        those = world.active[: world.n_active]
        world.rows["id"][those] = self.taken + np.arange(world.n_active)
        self.taken += world.n_active


@dataclass(frozen=True)
class Gain:
    """Of one measure and effect: mean effect, and variance of the difference between two runs under each way
    of seeding.
    """

    effect: str
    measure: str
    mean: float
    paired: float
    same_seed: float
    independent: float

    def ratios(self) -> tuple[float, float]:
        """Runs needed with the same seed and with independent seeds for each run needed with paired
        persons.
        """
        return self.same_seed / self.paired, self.independent / self.paired


def _values(
    scenario: Scenario,
    measures: Sequence[str],
    jobs: Sequence[tuple[int, int]],
    size: int,
    seed: int,
    in_turn: bool,
    drawn: bool,
) -> np.ndarray:
    """(jobs, measures) of one scenario; jobs: (draw, replicate)."""

    def one(job: tuple[int, int]) -> list[float]:
        weights = draw_weights(seed, job[0]) if drawn else None
        outcomes = simulate(
            scenario,
            weights,
            seed,
            draw=job[0],
            replicate=job[1],
            size=size,
            watch=InTurn() if in_turn else None,
        )
        return [outcomes.value(measure) for measure in measures]

    results = []
    for _, result, error in in_order(one, jobs):
        if error is not None:
            raise error
        results.append(result)
    return np.array(results)


def gains(
    baseline: Scenario,
    effects: dict[str, Scenario],
    measures: Sequence[str],
    runs: int = 200,
    size: int = 1000,
    seed: int = 1,
    drawn: bool = False,
) -> list[Gain]:
    """The gain for every effect and measure, from `runs` pairs of each kind; `drawn`: each pair with weights
    of its own, else the medians.
    """
    first = [(i, 0) if drawn else (0, i) for i in range(runs)]
    second = [(i, 0) if drawn else (0, i) for i in range(runs, 2 * runs)]
    base, turned = (
        _values(baseline, measures, first, size, seed, in_turn, drawn) for in_turn in (False, True)
    )
    found = []
    for name, scenario in effects.items():
        paired = _values(scenario, measures, first, size, seed, False, drawn) - base
        same = _values(scenario, measures, first, size, seed, True, drawn) - turned
        apart = _values(scenario, measures, second, size, seed, False, drawn) - base
        for i, measure in enumerate(measures):
            found.append(
                Gain(
                    name,
                    measure,
                    float(paired[:, i].mean()),
                    *(float(np.var(d[:, i], ddof=1)) for d in (paired, same, apart)),
                )
            )
    return found


def table(found: Sequence[Gain]) -> str:
    """The gains as a Markdown table."""
    lines = [
        "| effect | measure | mean effect | runs with paired persons | same seed | independent seeds |",
        "|---|---|---|---|---|---|",
    ]
    for gain in found:
        same, apart = gain.ratios()
        lines.append(f"| {gain.effect} | {gain.measure} | {gain.mean:.3g} | 1 | {same:.1f} | {apart:.1f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    from pathlib import Path

    from avrr_sim.scenario import load_scenario

    norway = load_scenario(Path("scenarios/baseline-norway.yaml"))
    asked = {
        "large: four times the cash": norway.vary(cash_level=4),
        "small: a tenth more cash": norway.vary(cash_level=1.1),
        "small: late information": norway.vary(information_timing="late"),
    }
    told = ("uptake_24", "applications", "assisted_departures", "moved_on")
    print("Weights at their medians: chance alone\n\n" + table(gains(norway, asked, told)))
    print(
        "\nWeights drawn anew for each pair: chance and weights\n\n"
        + table(gains(norway, asked, told, drawn=True))
    )
