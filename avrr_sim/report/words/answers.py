"""What an answer depends on, in sentences: where it tips, what named hypotheses make of it, and the most it
could be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from avrr_sim.report.words import catalogue, findings
from avrr_sim.report.words.language import UNBROKEN, filled
from avrr_sim.report.words.sentences import say, significant
from avrr_sim.report.words.told import told as in_words
from avrr_sim.study.summary.contract import Remark

_LOGIT = "logit units"
_DIGITS = 2


def depends_said(remarks: Iterable[Remark]) -> list[str]:
    """What an answer depends on, in sentences. Raises KeyError for an unknown key or a place without a
    value.
    """
    return [_said(each) for each in remarks]


def _said(told: Remark) -> str:
    """One remark in words, by its kind."""
    kind = str(told["key"]).partition("_")[0]
    places = _PLACES[kind](told) if kind in _PLACES else dict(told)
    key = "tips_moved" if kind == "tips" and "second" in places else told["key"]
    return filled(catalogue.DEPENDS[key], places).replace(" %", UNBROKEN + "%")


def _tip(told: Remark) -> dict[str, Any]:
    """A tipping point: `usual` is what happens on the side on which most draws lie, `other` on the `side`
    of the point on which the fewer lie.
    """
    words = catalogue.CHANGED[told["measure"]]
    side, rest = ("above", "below") if told["above"] <= 0.5 else ("below", "above")
    signs = {"above": "more" if told["rises"] else "fewer", "below": "fewer" if told["rises"] else "more"}
    beyond = told["above"] if side == "above" else 1.0 - told["above"]
    return {
        **{name: told[name] for name in ("scenario", "against")},
        **(_second(told) if told.get("second") else {}),
        "usual": words[signs[rest]],
        "other": words[signs[side]],
        "side": say("answers.above") if side == "above" else say("answers.below"),
        "meaning": in_words(told["meaning"]),
        "point": _point(told),
        "beyond": _percent(beyond),
        "right_usual": _percent(told[f"right_{rest}"]),
        "right_other": _percent(told[f"right_{side}"]),
    }


def _second(told: Remark) -> dict[str, str]:
    """The weight that moves the point."""
    ends = ("second_low", "second_high", "point_low", "point_high")
    return {name: _number(told[name]) for name in ends} | {"second": in_words(told["second_meaning"])}


def _point(told: Remark) -> str:
    """A tipping point with its unit and interval; in logit units also what it multiplies odds by."""
    ends = {name: _number(told[name]) for name in ("low", "high")}
    unit = in_words(told["unit"])
    if told["unit"].startswith(_LOGIT):
        unit = say("answers.odds", unit=unit, times=_number(math.exp(told["point"])))
    return say("answers.point", value=_number(told["point"]), unit=unit, **ends)


def _readings(told: Remark) -> dict[str, Any]:
    effects = [
        say("answers.reading", reading=reading(each["hypothesis"]), effect=findings.signed(each, told["per"]))
        for each in told["effects"]
    ]
    return {"scenario": told["scenario"], "do": _do(told["measure"]), "effects": "; ".join(effects)}


def _ceiling(told: Remark) -> dict[str, Any]:
    there = [end for end in ("none", "perfect") if end in told]
    return {"do": _do(told["measure"])} | {str(end): findings.signed(told[end], told["per"]) for end in there}


_PLACES: dict[str, Callable[[Remark], dict[str, Any]]] = {
    "tips": _tip,
    "readings": _readings,
    "ceiling": _ceiling,
}


def _number(value: float) -> str:
    return significant(value, _DIGITS)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def ceiling(name: str) -> str:
    """A ceiling in a few words."""
    return catalogue.CEILINGS.get(name, name)


def reading(name: str) -> str:
    """A named hypothesis, or the mixture, in a few words."""
    return catalogue.READINGS.get(name, name)


def _do(measure: str) -> str:
    """What people do that a measure counts, for one that is told in natural frequencies."""
    return next(do for name, _, do in catalogue.HEADLINES if name == measure)
