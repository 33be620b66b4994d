"""Numbers and sentences of the report: one way to round, to sign, to write an interval and to say that a sign
is not settled.

The words themselves stand in `english.yaml`; here is decided which of them are said.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from markupsafe import Markup

from avrr_sim.report.words import catalogue
from avrr_sim.report.words.language import UNBROKEN, filled, marked, numeral
from avrr_sim.report.words.told import measure_told, told, told_values
from avrr_sim.study.summary.contract import Remark
from avrr_sim.study.summary.tables import StudyTables


def say(key: str, /, **values: Any) -> str:
    """The sentence of the catalogue with its places filled. Raises KeyError for an unknown key or a place
    without a value.
    """
    # a line does not end between a number and its sign
    return filled(catalogue.SAY[key], values).replace(" %", UNBROKEN + "%")


def say_names(key: str, /, **values: Any) -> Markup:
    """As `say`, every value in an element of its own, so that a name in letters that run to the left does not
    turn the sentence round.
    """
    return Markup.escape(catalogue.SAY[key]).format(
        **{name: Markup("<bdi>{}</bdi>").format(value) for name, value in values.items()}
    )


ELSEWHERE = "fitted_elsewhere"
FIRST = (ELSEWHERE, "hypotheses_differ")
"""What a study cannot tell that stands on its first page too."""


def first_said(limits: Iterable[Remark]) -> list[str]:
    """Those remarks on what a study cannot tell that stand on its first page too, in words."""
    return limits_said(limit for limit in limits if limit["key"] in FIRST)


def limits_said(limits: Iterable[Remark]) -> list[str]:
    """What a study cannot tell, in sentences. Raises KeyError for an unknown key or a place without a
    value.
    """
    return [filled(catalogue.LIMITS[limit["key"]], told_values(limit)) for limit in limits]


def caution_said(caution: Remark) -> str:
    """What a reader should know beside results, in words. Raises KeyError for an unknown key or a place
    without a value.
    """
    return filled(catalogue.CAUTIONS[caution["key"]], caution)


LATER = ("origins_fewer",)
"""Cautions that stand with what a study cannot tell; the others touch the reading, and stand first."""
SAID = ("posterior_elsewhere", "posterior_copies", "draws_one")
"""Cautions that pages say in other words already."""


def told_first(cautions: Iterable[Remark], names: Mapping[str, str]) -> list[str]:
    """The cautions that stand above the results, as sentences; `names`: of scenarios, by key."""
    return _sentences((each for each in cautions if each["key"] not in (*LATER, *SAID)), names)


def told_later(cautions: Iterable[Remark], names: Mapping[str, str]) -> list[str]:
    """The cautions that stand with what a study cannot tell, as sentences."""
    return _sentences((each for each in cautions if each["key"] in LATER), names)


def _sentences(cautions: Iterable[Remark], names: Mapping[str, str]) -> list[str]:
    """One text for all cautions of a scenario, with its name before them, and one for each of the others."""
    told: dict[str, list[str]] = {}
    alone = []
    for each in cautions:
        if of := each.get("scenario", ""):
            told.setdefault(of, []).append(caution_said(each))
        else:
            alone.append(capital(caution_said(each)))
    of_scenarios = [
        catalogue.CAUTIONS["of"].format(name=names.get(of, of), text="; ".join(texts))
        for of, texts in told.items()
    ]
    return [f"{text}." for text in (*of_scenarios, *alone)]


def depends_said(remarks: Iterable[Remark]) -> list[str]:
    """What an answer depends on (where it tips, the most it could be), in sentences. Raises KeyError for an
    unknown key or a place without a value.
    """
    return [filled(catalogue.DEPENDS[each["key"]], each) for each in remarks]


def capital(text: str) -> str:
    """`text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def notes_on_effects(pressing: Iterable[str], shown: Collection[str]) -> list[str]:
    """What must stand beside effects of the scenarios `shown` (keys) where shares of pressure do not: which
    of them are `pressing`, that is coercion, and what is missing.
    """
    names = [key.replace("-", " ") for key in pressing if key in shown]
    named = [say("coercion.named", names=", ".join(names))] if names else []
    return [*named, say("coercion.effects_alone")]


def too_few() -> str:
    """What stands for a number of too few people."""
    return say("too_few")


def not_estimable() -> str:
    """What stands for a number that cannot be estimated."""
    return say("not_estimable")


def not_costed() -> str:
    """What stands for a sum of money beside coercion."""
    return say("not_costed")


def by_construction() -> str:
    """What stands for a difference that is exactly zero in every draw."""
    return say("zero")


_SCALE = {"share": 100.0}
_DECIMALS = {"share": 1, "rate": 2, "count": 0, "months": 1, "index": 2, "NOK": 0}
_MINUS = "\u2212"
_HALF = 0.5  # of a person: what rounds to nobody


def meta(tables: StudyTables, measure: str) -> dict[str, str]:
    """Label, unit, window, meaning and kind (`per`) of a measure; a monthly series without an entry gets a
    plain one.
    """
    plain = {
        "label": measure.replace("_", " ").capitalize(),
        "unit": "",
        "window": "",
        "meaning": "",
        "per": "count",
    }
    return {**plain, **catalogue.SERIES.get(measure, {}), **measure_told(tables.measures.get(measure, {}))}


def series_meta(tables: StudyTables, measure: str) -> dict[str, str]:
    """As `meta`, of a monthly series: where a measure of the same name counts by the year, the series counts
    by the month.
    """
    return {**meta(tables, measure), **catalogue.SERIES.get(measure, {})}


def known(value: Any) -> bool:
    """Whether `value` is a finite number; NaN, None and infinities are not."""
    return value is not None and math.isfinite(value)


def endless(value: Any) -> bool:
    """Whether an upper end is infinite: in too many draws to leave out, nothing is reached at any price."""
    return value is not None and value == math.inf


def decimals(per: str, *values: float) -> int:
    """Decimals that leave the largest of `values` two significant digits at least, and never fewer than its
    kind has.
    """
    base = _DECIMALS.get(per, 2)
    if per == "count":
        return base  # there is no part of a person
    sizes = [abs(v) * _SCALE.get(per, 1.0) for v in values if known(v) and v != 0]
    if not sizes:
        return base
    return max(base, min(1 - math.floor(math.log10(max(sizes))), base + 4))


def number(value: float, per: str, places: int, signed: bool = False) -> str:
    """`value` in the unit it is shown in (shares as per cent), with a true minus, and a plus where
    `signed`.
    """
    text = numeral(abs(value) * _SCALE.get(per, 1.0), f",.{places}f")
    if not text.strip("0.,"):
        return text
    return (_MINUS if value < 0 else "+" if signed else "") + text


def significant(value: float, digits: int = 3) -> str:
    """A number of any kind with `digits` significant digits, without powers of ten where it can be read
    without them.
    """
    if not known(value):
        return not_estimable()
    if value != 0 and not 1e-4 <= abs(value) < 1e9:
        return marked(f"{value:.{digits - 1}e}").replace("-", _MINUS)
    places = max(0, digits - 1 - math.floor(math.log10(abs(value)))) if value else 0
    text = f"{abs(value):,.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return (_MINUS if value < 0 else "") + marked(text)


def _vanish(values: list[float], per: str, places: int) -> bool:
    """Whether a number that is not zero would be printed as zero."""
    return any(not number(v, per, places).strip(f"{_MINUS}0.,") for v in values)


def shown(value: float, low: float, high: float, per: str, signed: bool = False) -> tuple[str, str]:
    """The value and its interval as two texts rounded alike; the interval is empty where there is none."""
    if not known(value):
        return not_estimable(), ""
    places = decimals(per, value, low, high)
    ends = [v for v in (low, high) if known(v) and v != 0]
    if signed and per != "count" and _vanish(ends, per, places) and not _vanish(ends, per, places + 1):
        places += 1  # a bound should not round to zero where its sign settles the matter
    interval = ""
    if known(low) and known(high):
        interval = say("to", low=number(low, per, places, signed), high=number(high, per, places, signed))
    elif known(low) and endless(high):
        interval = say("endless", low=number(low, per, places, signed))
    return number(value, per, places, signed), interval


def beyond(measure: str, per: str, value: float) -> str:
    """What a share below zero or above one means; empty for any other number."""
    if per != "share" or not known(value) or 0 <= value <= 1:
        return ""
    side = catalogue.BEYOND["below" if value < 0 else "above"]
    return side.get(measure, side["other"])


def error(value: float, per: str) -> str:
    """A Monte Carlo standard error as text; a dash where there is none."""
    if known(value) and per == "count" and 0 < value < _HALF:
        return say("finding.tiny", unit=1)
    return number(value, per, decimals(per, value), False) if known(value) else "\u2013"


def unit(info: Mapping[str, str], difference: bool = False) -> str:
    """Unit of a measure as it is printed: shares in per cent, their differences in percentage points."""
    if info["per"] == "share":
        return say("points") if difference else say("per_cent")
    return info["unit"]


def interval_name(tables: StudyTables) -> str:
    """Such as `90 % uncertainty interval`."""
    return say("interval", mass=100 * tables.provenance.get("interval", 0.9))


def one_draw(tables: StudyTables) -> bool:
    """Whether the study has a single draw, and so no uncertainty interval."""
    return int(tables.provenance.get("draws", 1)) < 2


def settled(row: Mapping[str, Any]) -> bool | None:
    """Whether the interval of a difference leaves zero out, also one without an upper end; None where there
    is no interval.
    """
    if not known(row["low"]) or not (known(row["high"]) or endless(row["high"])):
        return None
    return not row["low"] <= 0 <= row["high"]


def exactly_zero(row: Mapping[str, Any]) -> bool:
    """Whether every draw gave exactly no difference: what differs does not reach this measure, or reached
    nobody simulated.
    """
    return row["difference"] == 0 and row["low"] == 0 and row["high"] == 0


def coercive(scenario: Mapping[str, Any]) -> bool:
    """Whether a scenario moves coercion or a restriction, as its study said: studied for its consequences,
    never costed or ranked.
    """
    return bool(scenario["coercion"])


def made_of(provenance: Mapping[str, Any]) -> dict[str, str]:
    """Draws, replicates and weights of a study, each in words, as `lead.made` takes them."""
    draws, replicates = int(provenance.get("draws", 1)), int(provenance.get("replicates", 1))
    kind = str(provenance.get("weights", "prior"))
    known_kind = kind in ("prior", "posterior", "central")
    return {
        "draws": say("lead.draw") if draws < 2 else say("lead.draws", n=draws),
        "replicates": say("lead.replicate") if replicates == 1 else say("lead.replicates", n=replicates),
        "weights": say(f"lead.{kind}") if known_kind else say("lead.weights", weights=kind),
    }


def level(tables: StudyTables, row: Mapping[str, Any]) -> str:
    """A level in one phrase: value, unit, interval."""
    info = meta(tables, row["measure"])
    if row["suppressed"]:
        return too_few()
    value, interval = shown(row["value"], row["low"], row["high"], info["per"])
    told = _with_unit(value, unit(info), interval)
    meaning = beyond(row["measure"], info["per"], row["value"])
    return say("colon", head=told, text=meaning) if meaning else told


def beside(tables: StudyTables, row: Mapping[str, Any]) -> str:
    """A difference in one phrase: value, unit, interval."""
    info = meta(tables, row["measure"])
    if row["suppressed"]:
        return too_few()
    if exactly_zero(row):
        return by_construction()
    value, interval = shown(row["difference"], row["low"], row["high"], info["per"], signed=True)
    return _with_unit(value, unit(info, difference=True), interval)


def _with_unit(value: str, of: str, interval: str) -> str:
    if value == not_estimable():
        return value
    text = f"{value} {of}".rstrip()
    return say("about", value=text, interval=interval) if interval else text


def per_thousand(value: float, places: int) -> str:
    """A share as a number in 1,000."""
    return numeral(1000 * value, f",.{places}f")


def _no_interval(tables: StudyTables) -> str:
    return say("sentence.one_draw") if one_draw(tables) else say("sentence.no_interval")


def error_sentence(row: Mapping[str, Any], difference: bool) -> str:
    """The Monte Carlo error of a headline, said apart from its interval; empty where there is none."""
    if row["suppressed"] or not known(row["mc_error"]) or (difference and exactly_zero(row)):
        return ""
    text = say(
        "sentence.error",
        error=error(1000 * row["mc_error"], "rate" if 1000 * row["mc_error"] < 1 else "months"),
    )
    return text + (
        say("sentence.chance") if difference and abs(row["difference"]) < 2 * row["mc_error"] else ""
    )


def level_claim(tables: StudyTables, row: Mapping[str, Any], people: str, do: str) -> tuple[str, str]:
    """The level of a share as natural frequencies, for a study of one scenario; and how sure it is."""
    if row["suppressed"]:
        return say("sentence.too_few", people=people), ""
    if not known(row["value"]):
        return say("sentence.not_estimable"), ""
    claim = say("sentence.level", people=people, here=per_thousand(row["value"], 0), do=do)
    if known(row["low"]) and known(row["high"]):
        return claim, say(
            "sentence.interval",
            name=interval_name(tables),
            span=say("to", low=per_thousand(row["low"], 0), high=per_thousand(row["high"], 0)),
        )
    return claim + ".", _no_interval(tables)


def group_name(origins: Mapping[str, str], by: str, group: str) -> str:
    """A group as a reader knows it; `origins`: names of origins by key."""
    names = (
        origins if by == "origin" else {g: name for (b, g), name in catalogue.GROUP_NAMES.items() if b == by}
    )
    return told(names.get(group, group.replace("_", " ")))


def group_place(group: tuple[str, str]) -> tuple[int, int]:
    """Where a group stands: kinds of groups in their order, and in each the groups in theirs (origins as they
    come).
    """
    kinds, groups = list(catalogue.GROUPS), list(catalogue.GROUP_NAMES)
    return (
        kinds.index(group[0]) if group[0] in kinds else len(kinds),
        groups.index(group) if group in groups else len(groups),
    )
