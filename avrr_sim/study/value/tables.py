"""The tables of a study of the value of information.

value         a row a difference and candidate: scenario, measure, kind, name, label, share, error, line,
unseen, above,
              sd, sd_after, meaning, and what else is known of a candidate (grade, basis, weights, whom,
              window, source, study_kind)
differences   a row a difference: scenario, measure, mean, low, high, sd, chance, known
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from avrr_sim.study.summary.statistics import interval
from avrr_sim.study.value.candidates import Candidate, Worth
from avrr_sim.study.value.material import Effect, Material

BESIDE = ("uptake_24", "assisted_departures", "removals", "gone_under", "protection_needs")
"""Measures whose differences are told beside those that are ranked: uptake never alone."""
ABOUT = ("meaning", "grade", "basis", "weights", "whom", "window", "source", "study_kind")
VALUE_COLUMNS = (
    "scenario",
    "measure",
    "kind",
    "name",
    "label",
    "share",
    "error",
    "line",
    "unseen",
    "above",
    "sd",
    "sd_after",
    *ABOUT,
)


def value_rows(effect: Effect, found: Iterable[tuple[Candidate, Worth]]) -> list[dict[str, object]]:
    """Rows of `value` for one difference, the most worth first within each kind."""
    sd = float(np.sqrt(effect.variance))
    ranked = sorted(found, key=lambda each: -each[1].share)
    return [
        {
            "scenario": effect.scenario,
            "measure": effect.measure,
            "kind": candidate.kind,
            "name": candidate.name,
            "label": candidate.label,
            "share": worth.share,
            "error": worth.error,
            "line": worth.line,
            "unseen": worth.unseen,
            "above": worth.above,
            "sd": sd,
            "sd_after": sd * float(np.sqrt(1.0 - np.clip(worth.share, 0.0, 1.0))),
            **{name: candidate.about.get(name, "") for name in ABOUT},
        }
        for candidate, worth in ranked
    ]


def value_table(rows: Sequence[dict[str, object]]) -> pd.DataFrame:
    """The table `value`."""
    return pd.DataFrame(rows, columns=list(VALUE_COLUMNS))


def differences_table(material: Material, effects: Sequence[Effect]) -> pd.DataFrame:
    """The table `differences`: those that are looked at, and for each scenario what is to be read beside
    them.
    """
    asked = {(effect.scenario, effect.measure): effect for effect in effects}
    rows = []
    for scenario in dict.fromkeys(effect.scenario for effect in effects):
        k = material.plan.keys.index(scenario)
        measures = dict.fromkeys([*(m for s, m in asked if s == scenario), *BESIDE])
        for measure in measures:
            effect = asked.get((scenario, measure)) or material.effect(k, measure)
            low, high = interval(effect.mean)
            rows.append(
                {
                    "scenario": scenario,
                    "measure": measure,
                    "ranked": (scenario, measure) in asked,
                    "settled": effect.settled,
                    "mean": float(effect.mean.mean()),
                    "low": float(low),
                    "high": float(high),
                    "sd": float(np.sqrt(max(effect.variance, 0.0))),
                    "chance": effect.chance,
                }
            )
    return pd.DataFrame(rows)
