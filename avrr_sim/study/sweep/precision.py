"""When to stop: runs are added until the Monte Carlo error of the mean paired difference is small enough.

More runs tell the *mean* effect more exactly. They never narrow the uncertainty interval: that one is the
spread of the effect over the draws of the weights, which is what we do not know about people, and no number
of runs can tell.

Replicates are added first, while chance is more than half of what spreads the draws' means; then draws. An
error estimated from few draws is itself uncertain and may fall below the mark by luck, so having met it the
search looks ahead: the error must stay below as further draws come in (Hoad, Robinson and Davies 2010,
Journal of the Operational Research Society 61, who stop replications alike).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from avrr_sim.study.folder.chunks import Chunks, dense
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.summary.statistics import chance_share, monte_carlo_error
from avrr_sim.study.sweep.experiment import Precision

FEWEST = 5  # draws before an error is believed at all
AHEAD = 5  # further draws for each hundred, and at least, that the error must stay below
HALF = 0.5  # share of chance above which replicates are added


@dataclass(frozen=True)
class Reached:
    """Where the search stands: the largest error over the points, at `point`; `draws` that first met the mark
    (None: not met yet).
    """

    measure: str
    below: float
    error: float
    point: str
    draws: int
    replicates: int
    met: int | None
    chance: float

    @property
    def stable(self) -> bool:
        """Whether the mark is met and stayed met over the look-ahead."""
        return self.met is not None and self.draws >= self.met + ahead_of(self.met)

    def text(self) -> str:
        """One sentence."""
        if not math.isfinite(self.error):
            return (
                f"the Monte Carlo error of the mean difference in {self.measure} is not known with "
                f"{self.draws} draws and {self.replicates} replicates"
            )
        how = "is" if self.stable else "is not yet safely" if self.met else "is not"
        return (
            f"the largest Monte Carlo error of the mean difference in {self.measure} is "
            f"{self.error:.3g} (at {self.point}) with {self.draws} draws and "
            f"{self.replicates} replicates: it {how} below {self.below:g}"
        )


def ahead_of(draws: int) -> int:
    """Draws to look ahead from so many."""
    return max(AHEAD, math.ceil(AHEAD * draws / 100))


def state_of(effects: np.ndarray, keys: Sequence[str], rule: Precision) -> Reached:
    """Where a search stands. effects: (points, draws, replicates), scenario less baseline; keys of the
    points.
    """
    draws, replicates = effects.shape[1:]
    errors = monte_carlo_error(effects)
    first = FEWEST if draws >= FEWEST else 1 if rule.most_draws == 1 else draws + 1
    run = draws
    while run >= first and _largest(effects[:, :run]) < rule.below:  # backwards: how long has it been below?
        run -= 1
    met = run + 1 if run < draws else None
    worst = int(np.argmax(np.where(np.isnan(errors), -np.inf, errors)))
    share = chance_share(effects[worst : worst + 1])[0]
    return Reached(
        rule.measure, rule.below, _largest(effects), keys[worst], draws, replicates, met, float(share)
    )


def _largest(effects: np.ndarray) -> float:
    """The largest error over the points; infinite where none is known."""
    known = monte_carlo_error(effects)
    known = known[~np.isnan(known)]
    return float(known.max()) if len(known) else math.inf


def reached_at(chunks: Chunks, numbers: Sequence[int], plan: Plan, rule: Precision) -> Reached:
    """Where the search stands by the runs on disk."""
    runs = dense(chunks, numbers, plan, [rule.measure])
    everybody = ("all", "all", rule.measure)
    if len(plan.keys) < 2 or everybody not in runs.labels:
        return Reached(
            rule.measure, rule.below, math.inf, plan.keys[-1], plan.draws, plan.replicates, None, math.nan
        )
    values = runs["value"][:, runs.labels.index(everybody)]
    return state_of(values[1:] - values[0], plan.keys[1:], rule)


def next_size(state: Reached, plan: Plan, rule: Precision) -> tuple[int, int]:
    """(draws, replicates) to go on with; the present ones where the search is over: reached, or both caps
    met.
    """
    draws, replicates = plan.draws, plan.replicates
    one_draw = rule.most_draws == 1 and draws == 1
    # as where the window is too short for the measure
    unknown = not math.isfinite(state.error) and draws >= FEWEST and replicates >= 2
    if state.stable or unknown or (one_draw and state.met is not None):
        return draws, replicates
    if state.met is not None:
        return min(state.met + ahead_of(state.met), max(rule.most_draws, draws)), replicates
    need = (state.error / rule.below) ** 2 if math.isfinite(state.error) else 2.0
    noisy = one_draw or replicates < 2 or state.chance > HALF
    if noisy and replicates < rule.most_replicates:
        return draws, min(
            rule.most_replicates, max(replicates + 1, min(2 * replicates, math.ceil(replicates * need)))
        )
    wanted = max(FEWEST, draws + 1, min(2 * draws, math.ceil(draws * need) + AHEAD))
    return max(draws, min(wanted, rule.most_draws)), replicates
