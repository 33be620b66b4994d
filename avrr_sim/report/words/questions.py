"""What a sweep's questions and their answers are in words: the mark, the chance, the conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from avrr_sim.report.words import sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.contract import SweepTables

Answer = Mapping[str, Any]
"""As `study.sweep.answers.answer_of` gives it."""


def chance(share: float) -> str:
    """A chance in whole per cent, told apart from never and always."""
    return say("ask.chance", chance=sentences.number(share, "share", 0))


def error(share: float) -> str:
    """The Monte Carlo error of a chance."""
    return say("ask.error", error=sentences.number(share, "share", 0))


def what(info: Mapping[str, str], answer: Answer) -> str:
    """Such as `drop-out within 12 months exceeds 40 %`."""
    paired = answer["difference"]
    mark = mark_text(info, answer)
    label = info["label"][:1].lower() + info["label"][1:]
    if paired:
        label = say("ask.difference", label=label)
    return say(f"ask.{answer['side']}", label=label, mark=mark)


def mark_text(info: Mapping[str, str], answer: Answer) -> str:
    """The mark with its unit."""
    if info["per"] == "share":
        number = sentences.significant(100 * answer["mark"], 4)
        return f"{number} {say('points') if answer['difference'] else say('per_cent')}"
    return f"{sentences.significant(answer['mark'], 9)} {info['unit']}"


def title(sweep: SweepTables, answer: Answer) -> str:
    """The title of the picture of a question."""
    return say("ask.title", what=what(sweep.measures[answer["measure"]], answer))


def too_few(answer: Answer) -> str:
    """Why a question is not answered."""
    return say("ask.too_few", draws=answer["draws"])


def answered(info: Mapping[str, str], factors: Sequence[Mapping[str, Any]], answer: Answer) -> list[str]:
    """The answer in sentences: at which points, how many of these are open, and what it depends on.

    `info`: of the measure; `factors`: as study.json has them.
    """
    said = sentences.capital(what(info, answer))
    if not answer["points"]:
        return [say("ask.nowhere_known", what=said)]
    if not answer["enough"]:
        return [say("ask.not_answered", what=said, few=too_few(answer))]
    out = [_where(said, factors, answer)]
    if answer["baseline"] is not None:
        out[0] += " " + say("ask.baseline", chance=chance(answer["baseline"]))
    if answer["open"]:
        out.append(say("ask.open", open=answer["open"], points=answer["points"]))
    return [*out, found(factors, answer)]


def _where(said: str, factors: Sequence[Mapping[str, Any]], answer: Answer) -> str:
    counts = {key: answer[key] for key in ("points", "yes", "covered")}
    ends = {key: chance(answer[key]) for key in ("smallest", "largest")}
    if answer["yes"] == 0:
        return say("ask.nowhere", what=said, **counts, **ends)
    if answer["yes"] == answer["points"]:
        return say("ask.everywhere", what=said, **counts, **ends)
    where = say("ask.or").join(conditions(factors, rule["conditions"]) for rule in answer["rules"])
    key = "ask.where" if answer["covered"] == answer["yes"] else "ask.where_most"
    return say(key, what=said, where=where, **counts, **ends)


def found(factors: Sequence[Mapping[str, Any]], answer: Answer) -> str:
    """What scenario discovery says of a question, or that it says nothing."""
    rule = answer["found"]
    if rule is None:
        return say("ask.nothing_found")
    return say(
        "ask.found",
        where=conditions(factors, rule["conditions"]),
        density=chance(rule["density"]),
        base=chance(rule["base"]),
        coverage=chance(rule["coverage"]),
        units=rule["units"],
    )


def conditions(factors: Sequence[Mapping[str, Any]], told: Iterable[Mapping[str, Any]]) -> str:
    """Conditions of a rule in words, each with its unit."""
    units = {factor["column"]: factor.get("unit", "") for factor in factors}
    return say("and").join(_condition(each, units) for each in told)


def _condition(told: Mapping[str, Any], units: Mapping[str, str]) -> str:
    if told["values"]:
        return say(
            "ask.is", name=factor_name(told["column"]), values=say("ask.any").join(map(str, told["values"]))
        )
    low, high = (
        None if end is None else sentences.significant(end, 4) for end in (told["low"], told["high"])
    )
    key = "ask.at_most" if low is None else "ask.at_least" if high is None else "ask.between"
    if low is not None and low == high:
        key = "ask.at"
    if "meaning" in told:
        name, unit = say("ask.weight", meaning=told["meaning"], name=told["column"]), told["unit"]
    else:
        name, unit = factor_name(told["column"]), units.get(told["column"], "")
    said = say(key, name=name, low=low, high=high)
    if unit:
        said = f"{said} {unit}"
    return said + (say("ask.of_draws", share=chance(told["share"])) if "share" in told else "")


def factor_name(column: str) -> str:
    """A factor's name in a sentence."""
    return column.replace("_", " ")
