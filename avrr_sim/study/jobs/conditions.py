"""What stands beside the effects of a comparison, lived by the same people, weights and chance.

- *Ceilings*: the baseline with nothing, or all there can be, of information, cash and threat, from the
  window's first month to its end. Against them a reader sees how much there was to be moved at all.
  Information: nobody is told (`none`; whoever knew on arrival still knows), or everybody holds true beliefs
  at once (`perfect`, as in the twin that shows who is misinformed). Cash: none is paid. Threat: nobody is
  removed by force, and whoever arrives learns so. None of them is a policy that could be chosen; the last
  one shows what enforcement is behind, and proposes nothing.
- *Hypotheses*: the baseline, and the scenarios that move information, once more under each named reading of
  what the literature disputes (`hypotheses.yaml`).

Only the first replicate of a draw is lived under them: what they do differs far more between draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from avrr_sim.hypotheses import MIXTURE, load_hypotheses
from avrr_sim.measured import Measured
from avrr_sim.policy import LEVERS, TIMING, Step, policy_table
from avrr_sim.scenario import Scenario

CEILING, HYPOTHESIS = "ceiling", "hypothesis"
"""Kinds of conditions."""

CEILINGS: Mapping[str, Mapping[str, float]] = {
    "information_none": {"information_intensity": 0.0, "channel_diaspora": 0.0},
    "information_perfect": {"true_beliefs": 1.0},
    "cash_none": {"cash_level": 0.0},
    "threat_none": {"removal_level": 0.0},
}
"""Name of a ceiling -> the levers that the baseline has instead of its own, from the window's first month."""

TOLD = ("uptake_24", "drop_out_12", "gone_under", "assisted_departures")
"""Measures whose conditions are told, of everybody."""

REPLICATES = 1
"""Replicates of each draw that are lived under the conditions."""


@dataclass(frozen=True)
class Condition:
    """One condition: its kind and name, and what is lived under it, by the number that each has in the plan
    (0: the baseline).
    """

    kind: str
    name: str
    scenarios: tuple[tuple[int, Scenario], ...]


def conditions_of(scenarios: Sequence[Scenario], ceilings: bool, hypotheses: bool) -> tuple[Condition, ...]:
    """The conditions of a comparison whose first scenario is the baseline; hypotheses only of scenarios that
    move information, and none where one was chosen for the baseline.
    """
    found = [Condition(CEILING, name, ((0, ceiling_of(scenarios[0], name)),)) for name in CEILINGS]
    moved = [k for k, scenario in enumerate(scenarios) if k and _readable(scenarios[0], scenario)]
    found = found if ceilings else []
    if not hypotheses or not moved:
        return tuple(found)
    for name in load_hypotheses():
        lived = tuple((k, replace(scenarios[k], hypothesis=name)) for k in (0, *moved))
        found.append(Condition(HYPOTHESIS, name, lived))
    return tuple(found)


def ceiling_of(baseline: Scenario, name: str) -> Scenario:
    """The baseline at a ceiling: what it is before the window, and these levers from there on."""
    start, levers = baseline.window_from, dict(baseline.levers)
    for lever, value in CEILINGS[name].items():
        before = [step for step in levers.get(lever, ()) if step.start < start]
        levers[lever] = (*before, Step(start, value))
    return replace(baseline, levers=levers)


def _readable(baseline: Scenario, scenario: Scenario) -> bool:
    """Whether a scenario moves information, and neither it nor the baseline has chosen a hypothesis."""
    return baseline.hypothesis == scenario.hypothesis == MIXTURE and moves_information(baseline, scenario)


def moves_information(baseline: Scenario, scenario: Scenario) -> bool:
    """Whether how, when or whom to inform differs from the baseline's in any month."""
    if baseline.information != scenario.information:
        return True
    names = [name for name, lever in LEVERS.items() if lever.kind == "information"]
    before, after = (policy_table(s.levers, s.start, s.months)[names] for s in (baseline, scenario))
    timed = baseline.levers.get(TIMING, ()) != scenario.levers.get(TIMING, ())
    return timed or not np.array_equal(before, after)


def told_under(
    conditions: Sequence[Condition], live: Callable[[int, Scenario], Measured], scenarios: int
) -> tuple[list[tuple[str, str, str]], dict[str, np.ndarray]]:
    """(labels (kind, condition, measure), {value, cell: (scenarios, labels)}) of one job; values of scenarios
    that are not lived under a condition are NaN.

    `live`: from the number and form of a scenario to the measures of its run.
    """
    labels = [(each.kind, each.name, measure) for each in conditions for measure in TOLD]
    value, cell = np.full((scenarios, len(labels)), np.nan), np.zeros((scenarios, len(labels)))
    for i, condition in enumerate(conditions):
        at = slice(i * len(TOLD), (i + 1) * len(TOLD))
        for k, scenario in condition.scenarios:
            told = live(k, scenario)
            value[k, at] = [told.value_of(name) for name in TOLD]
            cell[k, at] = [told.cell_of(name) for name in TOLD]
    return labels, {"value": value, "cell": cell}
