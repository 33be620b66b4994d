"""Numbers and sentences of the report: one way to round, to sign, to write an interval and to say that a sign is not settled."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from avrr_sim.study.tables import StudyTables

TOO_FEW = "too few"
NOT_ESTIMABLE = "not estimable"
NOT_COSTED = "not costed"
BY_CONSTRUCTION = "no difference in any draw"
NOT_SETTLED = "The sign is not settled: the interval holds zero."

_SCALE = {"share": 100.0}
_DECIMALS = {"share": 1, "rate": 2, "count": 0, "months": 1, "index": 2, "NOK": 0}
_MINUS = "\u2212"

_FALLBACK = {
    "uptake_cumulative": {"label": "Uptake, cumulative", "per": "share"},
    "drop_out_rate": {"label": "Drop-out rate", "per": "share"},
    "applications": {"label": "Applications", "unit": "a month"},
    "assisted": {"label": "Assisted departures", "unit": "a month"},
    "drop_outs": {"label": "Applications dropped", "unit": "a month"},
}


def meta(tables: StudyTables, measure: str) -> dict[str, str]:
    """Label, unit, window, meaning and kind (`per`) of a measure; a monthly series without an entry gets a plain one."""
    plain = {"label": measure.replace("_", " ").capitalize(), "unit": "", "window": "", "meaning": "", "per": "count"}
    return {**plain, **_FALLBACK.get(measure, {}), **tables.measures.get(measure, {})}


def known(value: Any) -> bool:
    """Whether `value` is a finite number; NaN, None and infinities are not."""
    return value is not None and math.isfinite(value)


def decimals(per: str, *values: float) -> int:
    """Decimals that leave the largest of `values` two significant digits at least, and never fewer than its kind has."""
    base = _DECIMALS.get(per, 2)
    sizes = [abs(v) * _SCALE.get(per, 1.0) for v in values if known(v) and v != 0]
    if not sizes:
        return base
    return max(base, min(1 - math.floor(math.log10(max(sizes))), base + 4))


def number(value: float, per: str, places: int, signed: bool = False) -> str:
    """`value` in the unit it is shown in (shares as per cent), with a true minus, and a plus where `signed`."""
    text = f"{abs(value) * _SCALE.get(per, 1.0):,.{places}f}"
    if not text.strip("0.,"):
        return text
    return (_MINUS if value < 0 else "+" if signed else "") + text


def _vanish(values: list[float], per: str, places: int) -> bool:
    """Whether a number that is not zero would be printed as zero."""
    return any(not number(v, per, places).strip(f"{_MINUS}0.,") for v in values)


def shown(value: float, low: float, high: float, per: str, signed: bool = False) -> tuple[str, str]:
    """The value and its interval as two texts rounded alike; the interval is empty where there is none."""
    if not known(value):
        return NOT_ESTIMABLE, ""
    places = decimals(per, value, low, high)
    ends = [v for v in (low, high) if known(v) and v != 0]
    if signed and _vanish(ends, per, places) and not _vanish(ends, per, places + 1):
        places += 1  # a bound should not round to zero where its sign settles the matter
    interval = ""
    if known(low) and known(high):
        interval = f"{number(low, per, places, signed)} to {number(high, per, places, signed)}"
    return number(value, per, places, signed), interval


def error(value: float, per: str) -> str:
    """A Monte Carlo standard error as text; a dash where there is none."""
    return number(value, per, decimals(per, value), False) if known(value) else "\u2013"


def unit(info: Mapping[str, str], difference: bool = False) -> str:
    """Unit of a measure as it is printed: shares in per cent, their differences in percentage points."""
    if info["per"] == "share":
        return "percentage points" if difference else "%"
    return info["unit"]


def interval_name(tables: StudyTables) -> str:
    """Such as `90 % uncertainty interval`."""
    return f"{100 * tables.provenance.get('interval', 0.9):g} % uncertainty interval"


def one_draw(tables: StudyTables) -> bool:
    """Whether the study has a single draw, and so no uncertainty interval."""
    return int(tables.provenance.get("draws", 1)) < 2


def settled(row: Mapping[str, Any]) -> bool | None:
    """Whether the interval of a difference leaves zero out; None where there is no interval."""
    if not (known(row["low"]) and known(row["high"])):
        return None
    return not row["low"] <= 0 <= row["high"]


def exactly_zero(row: Mapping[str, Any]) -> bool:
    """Whether every draw gave exactly no difference: what differs does not reach this measure, or reached nobody simulated."""
    return row["difference"] == 0 and row["low"] == 0 and row["high"] == 0


def coercive(scenario: Mapping[str, Any]) -> bool:
    """Whether a scenario moves coercion or a restriction: studied for its consequences, never costed or ranked."""
    return any(change["kind"] in ("coercion", "restriction") for change in scenario["changes"])


def beside(tables: StudyTables, row: Mapping[str, Any]) -> str:
    """A difference in one phrase: value, unit, interval, and a warning where the sign is open."""
    info = meta(tables, row["measure"])
    if row["suppressed"]:
        return TOO_FEW
    if exactly_zero(row):
        return BY_CONSTRUCTION
    value, interval = shown(row["difference"], row["low"], row["high"], info["per"], signed=True)
    if value == NOT_ESTIMABLE:
        return value
    text = f"{value} {unit(info, difference=True)}".rstrip()
    if interval:
        text += f" ({interval})"
    return text + (", sign not settled" if settled(row) is False else "")


def _per_thousand(value: float, places: int) -> str:
    return f"{1000 * value:,.{places}f}"


def _more(value: float, places: int) -> str:
    text = f"{abs(1000 * value):,.{places}f}"
    if not text.strip("0.,"):
        return "0 more"
    return f"{text} {'more' if value > 0 else 'fewer'}"


def _span(low: float, high: float, places: int) -> str:
    """`4 to 22 more`, `22 to 4 fewer`, or `3 fewer to 22 more` where the interval holds zero."""
    if low > 0:
        return f"{_per_thousand(low, places)} to {_more(high, places)}"
    if high < 0:
        return f"{_per_thousand(-low, places)} to {_more(high, places)}"
    return f"{_more(low, places)} to {_more(high, places)}"


def difference_sentence(tables: StudyTables, row: Mapping[str, Any], people: str, do: str) -> str:
    """The difference in a share as natural frequencies: of 1,000 `people`, how many more or fewer `do` it, and how sure that is."""
    if row["suppressed"]:
        return f"{TOO_FEW.capitalize()} {people} to tell."
    if not known(row["difference"]):
        return "Not estimable."
    if exactly_zero(row):
        base = _per_thousand(row["baseline"], 1)
        return f"{BY_CONSTRUCTION.capitalize()}: of 1,000 {people}, {base} {do} in both."
    numbers = [1000 * abs(row[c]) for c in ("difference", "low", "high") if known(row[c])]
    places = 0 if min(numbers[0], max(numbers)) >= 10 else 1
    text = (
        f"Of 1,000 {people}, {_per_thousand(row['value'], places)} {do} instead of {_per_thousand(row['baseline'], places)}: "
        f"{_more(row['difference'], places)}"
    )
    return text + _how_sure(tables, row, places)


def _how_sure(tables: StudyTables, row: Mapping[str, Any], places: int) -> str:
    """The tail of a headline: interval, sign, and Monte Carlo error said apart."""
    sure = settled(row)
    text = "." if sure is None else f" ({interval_name(tables)}: {_span(row['low'], row['high'], places)})."
    if sure is None:
        text += " One draw: no uncertainty interval." if one_draw(tables) else " No uncertainty interval."
    if sure is False:
        text += f" {NOT_SETTLED}"
    if sure is not None and known(row["sign_share"]):
        text += f" {100 * row['sign_share']:.0f} % of draws have the sign of the mean difference."
    if known(row["mc_error"]):
        text += f" Monte Carlo error, apart from that: {error(1000 * row['mc_error'], 'count')} in 1,000 (one standard error)."
        if abs(row["difference"]) < 2 * row["mc_error"]:
            text += " The difference is within two of these: more draws or replicates are needed to tell it from chance."
    return text


def level_sentence(tables: StudyTables, row: Mapping[str, Any], people: str, do: str) -> str:
    """The level of a share as natural frequencies, for a study of one scenario."""
    if row["suppressed"]:
        return f"{TOO_FEW.capitalize()} {people} to tell."
    if not known(row["value"]):
        return "Not estimable."
    text = f"Of 1,000 {people}, {_per_thousand(row['value'], 0)} {do}"
    if known(row["low"]) and known(row["high"]):
        text += f" ({interval_name(tables)}: {_per_thousand(row['low'], 0)} to {_per_thousand(row['high'], 0)})."
    else:
        text += ". One draw: no uncertainty interval." if one_draw(tables) else ". No uncertainty interval."
    if known(row["mc_error"]):
        text += f" Monte Carlo error, apart from that: {error(1000 * row['mc_error'], 'count')} in 1,000 (one standard error)."
    return text
