"""What is told of one effect to a reader with ten minutes: numbers that add up, and confidence in words with
the number beside it.

Level, difference and what comes of them are rounded together, so that a reader who adds them up gets what is
printed; "about" is due where that moves a number by its last digit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from avrr_sim.report.words import catalogue
from avrr_sim.report.words.language import numeral
from avrr_sim.report.words.sentences import (
    coercive,
    endless,
    exactly_zero,
    known,
    meta,
    not_costed,
    not_estimable,
    one_draw,
    say,
    settled,
    too_few,
)
from avrr_sim.study.summary.tables import StudyTables

FEW_DRAWS = 20  # below these the ends of an interval are not to be used
VERY_LIKELY, LIKELY = 0.9, 0.66  # shares of draws, as the verbal scale of the IPCC (2010) has them
CHANCE = 2.0  # Monte Carlo errors within which an effect cannot be told from chance
MILLION = 1e6
_THOUSAND = {"share": 1000.0}  # shares are told of 1,000

SAME, OPEN, LIKELY_SO, VERY_LIKELY_SO, UNKNOWN = "same", "open", "likely", "very_likely", "unknown"
"""How sure a direction is: no change that can be detected, open, likely, very likely, or not to be said."""


@dataclass(frozen=True)
class Finding:
    """One effect as it is told: `before` and `after` (levels), `change` and `span` (its interval) as text,
    rounded together; `sure` and the share of draws that agree (`agree`, NaN where there is none).
    """

    measure: str
    before: str
    after: str
    change: str
    span: str
    sure: str
    agree: float
    rises: bool

    @property
    def told(self) -> bool:
        """Whether there is a change to speak of."""
        return self.sure in (OPEN, LIKELY_SO, VERY_LIKELY_SO)


def step_of(per: str, *values: float) -> float:
    """What numbers of a kind are rounded to, in the unit they are told in: whole persons, whole units of
    1,000, and of money two digits that count of the largest of `values`.
    """
    if per != "NOK":
        return 1.0
    largest = max((abs(value) for value in values if known(value)), default=0.0)
    return 10.0 ** max(0, math.floor(math.log10(largest)) - 1) if largest else 1.0


def rounded(value: float, step: float) -> float:
    """`value` at the nearest whole number of steps, halves away from zero."""
    return math.copysign(math.floor(abs(value) / step + 0.5) * step, value) if value else 0.0


def figure(value: float, currency: str = "") -> str:
    """A whole number; money in its currency, from a million on in millions."""
    if not currency:
        return numeral(value, ",.0f")
    if abs(value) >= MILLION:
        return say("money.millions", value=numeral(value / MILLION, ",.10g"), currency=currency)
    return say("money.plain", value=numeral(value, ",.0f"), currency=currency)


def currency(tables: StudyTables) -> str:
    """What the money of a study is called behind a sum."""
    code = str(tables.provenance.get("currency", "NOK"))
    return catalogue.CURRENCIES.get(code, code)


def finding(
    tables: StudyTables, scenario: Mapping[str, Any], row: Mapping[str, Any] | None
) -> Finding | None:
    """What is told of a row of the differences; None where there is none to tell: too few people, not
    estimable, or money beside coercion.
    """
    if row is None or row["suppressed"] or not known(row["difference"]) or not known(row["baseline"]):
        return None
    per = meta(tables, row["measure"])["per"]
    if per == "NOK" and coercive(scenario):
        return None
    scale = _THOUSAND.get(per, 1.0)
    base, gain, low, high = (scale * row[name] for name in ("baseline", "difference", "low", "high"))
    step = step_of(per, gain, low, high)
    before, change = rounded(base, step), rounded(gain, step)
    money = currency(tables) if per == "NOK" else ""
    return Finding(
        measure=row["measure"],
        before=figure(before, money),
        after=figure(before + change, money),
        change=say("finding.none")
        if gain == 0
        else _change(change, step, gain > 0, money, settled(row) is True),
        span=_span(low, high, step, money) if known(low) and known(high) else "",
        sure=sureness(tables, row, change == 0),
        agree=float(row["sign_share"]) if known(row["sign_share"]) else math.nan,
        rises=row["difference"] > 0,
    )


def change(effect: Mapping[str, Any], per: str) -> tuple[str, str]:
    """(a difference in persons or of 1,000, its interval) as text, rounded together; `effect`: difference,
    low and high; `per`: the kind of its measure.
    """
    scale = _THOUSAND.get(per, 1.0)
    gain, low, high = (scale * effect[name] for name in ("difference", "low", "high"))
    return _change(rounded(gain, 1.0), 1.0, gain > 0, "", settled(effect) is True), _span(low, high, 1.0, "")


def signed(effect: Mapping[str, Any], per: str) -> str:
    """As `change`, with signs in place of words: `+4 (\u22123 to +13)`."""
    scale = _THOUSAND.get(per, 1.0)
    told = [rounded(scale * effect[name], 1.0) for name in ("difference", "low", "high")]
    value, low, high = (
        say("gain" if number > 0 else "loss", number=figure(abs(number))) if number else figure(0)
        for number in told
    )
    return say("answers.effect", change=value, span=say("to", low=low, high=high))


def whole(value: float, per: str) -> str:
    """A level in whole persons or of 1,000; `per`: the kind of its measure."""
    return figure(rounded(_THOUSAND.get(per, 1.0) * value, 1.0))


def sureness(tables: StudyTables, row: Mapping[str, Any], vanishes: bool = False) -> str:
    """How sure the direction of a difference is; `vanishes`: whether it is told as zero.

    The same where no draw differs, where the mean lies within two Monte Carlo errors of zero, and where it
    rounds to zero with an interval that holds it. Never more than likely where the interval holds zero or
    draws are few.
    """
    if exactly_zero(row):
        return SAME
    if one_draw(tables) or not known(row["sign_share"]):
        return UNKNOWN
    clear = settled(row) is True
    by_chance = known(row["mc_error"]) and abs(row["difference"]) < CHANCE * row["mc_error"]
    if by_chance or (vanishes and not clear):
        return SAME
    if row["sign_share"] >= VERY_LIKELY and clear and int(tables.provenance["draws"]) >= FEW_DRAWS:
        return VERY_LIKELY_SO
    return LIKELY_SO if row["sign_share"] >= LIKELY else OPEN


def level(tables: StudyTables, row: Mapping[str, Any]) -> tuple[str, str]:
    """(a level, its interval), rounded together; the interval is empty where there is none."""
    return _rounded_span(tables, row, _THOUSAND.get(meta(tables, row["measure"])["per"], 1.0))


def price(tables: StudyTables, row: Mapping[str, Any]) -> tuple[str, str]:
    """(a price, its interval), as `level`; an interval may have no upper end."""
    return _rounded_span(tables, row, 1.0)


def _rounded_span(tables: StudyTables, row: Mapping[str, Any], scale: float) -> tuple[str, str]:
    per = meta(tables, row["measure"])["per"]
    money = currency(tables) if per == "NOK" else ""
    value, low, high = (scale * row[name] for name in ("value", "low", "high"))
    step = step_of(per, value)
    told = figure(rounded(value, step), money)
    if not known(low):
        return told, ""
    if endless(high):
        return told, say("endless", low=figure(rounded(low, step), money))
    ends = {"low": figure(rounded(low, step), money), "high": figure(rounded(high, step), money)}
    return told, say("to", **ends)


def confidence(found: Finding) -> str:
    """Confidence in words, the number in brackets beside it: `likely (92 % of draws)`."""
    if found.sure in (SAME, UNKNOWN):
        return say(f"sure.{found.sure}")
    return say(f"sure.{found.sure}", share=100 * found.agree)


def shortly(found: Finding) -> str:
    """As `confidence`, for a list of effects."""
    return say(f"short.{found.sure}", share=100 * found.agree)


def in_words(found: Finding) -> str:
    """A plain sentence of an effect: `Likely more people apply (100 %)`."""
    what = catalogue.CHANGED[found.measure]
    if found.sure == SAME:
        return say("plain.same")
    side = what["more" if found.rises else "fewer"]
    if found.sure == UNKNOWN:
        return say("plain.unknown", what=side)
    return say(f"plain.{found.sure}", what=side, share=100 * found.agree)


def why_not(scenario: Mapping[str, Any], row: Mapping[str, Any] | None, per: str) -> str:
    """Why nothing is told of an effect."""
    if per == "NOK" and coercive(scenario):
        return not_costed()
    if row is not None and row["suppressed"]:
        return too_few()
    return not_estimable()


def _way(rises: bool, money: str) -> str:
    """How more or less of persons, or of money, is said."""
    return ("money.more" if rises else "money.less") if money else ("more" if rises else "fewer")


def _change(value: float, step: float, rises: bool, money: str, clear: bool) -> str:
    """`9 more`; where it rounds to nothing `about none`, or `less than 1 fewer` where the interval leaves
    zero out (`clear`).
    """
    if not value and not clear:
        return say("finding.about_none")
    told = figure(abs(value), money) if value else say("finding.tiny", unit=figure(step, money))
    return say(_way(rises, money), number=told)


def _span(low: float, high: float, step: float, money: str) -> str:
    """`4 to 22 more`, `30 to 10 fewer`, `3 fewer to 22 more` where the interval holds zero, `less than 1
    either way` where it rounds to nothing; empty where it is nothing.
    """
    if low == high == 0:
        return ""
    low, high = rounded(low, step), rounded(high, step)
    ends = figure(abs(low), money), figure(abs(high), money)
    more, fewer = _way(True, money), _way(False, money)
    if low >= 0 and high > 0:
        return say("to", low=ends[0], high=say(more, number=ends[1]))
    if high <= 0 and low < 0:
        return say("to", low=ends[0], high=say(fewer, number=ends[1]))
    if low == high == 0:
        return say("finding.tiny_span", unit=figure(step, money))
    return say("to", low=say(fewer, number=ends[0]), high=say(more, number=ends[1]))
