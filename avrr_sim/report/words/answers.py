"""What an answer depends on, in sentences: where it tips, what named hypotheses make of it, and the most it
could be.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from avrr_sim.report.words import catalogue, findings
from avrr_sim.report.words.sentences import say, significant
from avrr_sim.study.summary.contract import Remark

_LOGIT = "logit units"
_DIGITS = 2


def depends_said(remarks: Iterable[Remark]) -> list[str]:
    """What an answer depends on, in sentences. Raises KeyError for an unknown key or a place without a
    value.
    """
    said = (catalogue.DEPENDS[each["key"]].format(**_places(each)) for each in remarks)
    return [text.replace(" %", "\u00a0%") for text in said]


def _places(told: Remark) -> dict[str, Any]:
    """The values of a remark as text, by the kind of remark."""
    kind = str(told["key"]).partition("_")[0]
    if kind == "tips":
        return dict(told) | _tip(told)
    if kind == "readings":
        effects = [_reading(each, told["per"]) for each in told["effects"]]
        return {"scenario": told["scenario"], "do": _do(told["measure"]), "effects": "; ".join(effects)}
    if kind == "ceiling":
        places: dict[str, Any] = {"do": _do(told["measure"])}
        return places | {end: effect(told[end], told["per"]) for end in ("none", "perfect") if end in told}
    return dict(told)


def _tip(told: Remark) -> dict[str, Any]:
    words = catalogue.CHANGED[told["measure"]]
    numbers = ("low", "high", "point_low", "point_high", "second_low", "second_high")
    shown = {name: significant(told[name], _DIGITS) for name in numbers if name in told}
    shares = {name: f"{100 * told[name]:.0f}" for name in ("beyond", "right_usual", "right_other")}
    second = {"second": named(told["second_meaning"], told["second_unit"])} if "second_low" in told else {}
    return {
        **shown,
        **shares,
        **second,
        "point": measured(told["point"], told["unit"]),
        "span": say("to", low=shown["low"], high=shown["high"]),
        "weight": named(told["meaning"], told["unit"]),
        "side": say(f"answers.{told['side']}"),
        "usual": words[told["usual"]],
        "other": words[told["other"]],
    }


def measured(value: float, unit: str) -> str:
    """A value of a weight; of one in logit units also what it multiplies odds by."""
    told = significant(value, _DIGITS)
    if not unit.startswith(_LOGIT):
        return told
    return say("answers.odds", value=told, times=significant(math.exp(value), _DIGITS))


def named(meaning: str, unit: str) -> str:
    """A weight as a reader is told of it: its meaning, with its unit."""
    return say("answers.weight", meaning=meaning[:1].lower() + meaning[1:], unit=unit)


def _reading(told: Mapping[str, Any], per: str) -> str:
    name = str(told["hypothesis"])
    return say("answers.reading", reading=catalogue.READINGS.get(name, name), effect=effect(told, per))


def effect(told: Mapping[str, Any], per: str) -> str:
    """A difference with its interval; `per`: the kind of its measure."""
    change, span = findings.change(told, per)
    return say("answers.effect", change=change, span=span)


def _do(measure: str) -> str:
    """What people do that a measure counts, for one that is told in natural frequencies."""
    return next(do for name, _, do in catalogue.HEADLINES if name == measure)
