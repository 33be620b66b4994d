"""Made-up tables of what an answer depends on, as a comparison leaves them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from avrr_sim.study.jobs.conditions import CEILINGS
from avrr_sim.study.summary.tables import framed

LEVELS = {"uptake_24": 0.0724, "drop_out_12": 0.313, "gone_under": 960.0, "assisted_departures": 1420.0}


def answer_tables(keys: list[str], one: bool) -> dict[str, pd.DataFrame]:
    """Tipping points, ceilings and effects under hypotheses of scenarios, the first the baseline; empty where
    there is one scenario or one draw.
    """
    if one or len(keys) < 2:
        return {name: framed(name) for name in ("tipping", "ceilings", "readings")}
    chance = np.random.default_rng(11)
    tipping = [_tip(keys, 1, "uptake_24"), _size(keys, "uptake_24", 1), _size(keys, "gone_under", 1)]
    tipping += [_tip(keys, 0, "gone_under"), _size(keys, "gone_under", 2)]
    ceilings = [
        {"ceiling": name, "measure": measure, **_effect(chance, level)}
        for measure, level in LEVELS.items()
        for name in CEILINGS
    ]
    readings = [
        {"scenario": keys[1], "hypothesis": name, "measure": measure, **_effect(chance, level)}
        for measure, level in LEVELS.items()
        for name in ("mixture", "door-shuts", "relevance")
    ]
    made = {"tipping": tipping, "ceilings": ceilings, "readings": readings}
    return {name: framed(name, rows) for name, rows in made.items()}


def _effect(chance: np.random.Generator, level: float) -> dict:
    change = float(chance.normal(0.1, 0.2)) * level
    numbers = dict(baseline=level, value=level + change, difference=change, mc_error=0.01 * level)
    ends = dict(low=change - 0.2 * level, high=change + 0.2 * level)
    return {**numbers, **ends, "sign_share": 0.8, "suppressed": False}


def _tip(keys: list[str], second: int, measure: str) -> dict:
    """A tipping point; `second`: whether another weight moves it."""
    told = dict(scenario=keys[1], against=keys[0], measure=measure, kind="sign", place=1, luck=0.35)
    told |= dict(weight="ratio", meaning="Receptivity <after> the decision", unit="ratio", correlation=-0.5)
    told |= dict(point=2.5, low=1.9, high=3.2, rises=False, above=0.13)
    told |= dict(right_above=0.61, right_below=0.84, told_above=20, told_below=130)
    if not second:
        return told | {"second": "", "second_meaning": "", "second_unit": ""}
    told |= dict(second="hope", second_meaning="Hope of residence", second_unit="logit units")
    return told | dict(second_low=1.1, second_high=3.4, point_low=3.9, point_high=1.2)


def _size(keys: list[str], measure: str, place: int) -> dict:
    told = dict(scenario=keys[1], against=keys[0], measure=measure, kind="size", place=place, luck=0.35)
    told |= dict(weight=f"w{place}", meaning="Threat of removal", unit="logit units", correlation=0.6)
    level = LEVELS[measure]
    return told | dict(low_third=-0.01 * level, high_third=0.06 * level, predicted=0.2 * place)
