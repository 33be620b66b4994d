"""What a sweep's questions and their answers are in words: the mark, the chance, the conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
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


def _means(info: Mapping[str, str], answer: Answer) -> list[str]:
    """The smallest and largest mean of a measure over the points, each with its unit."""
    share, paired = info["per"] == "share", answer["difference"]
    places = sentences.decimals(info["per"], *answer["means"])
    ends = [sentences.number(end, info["per"], places, paired) for end in answer["means"]]
    unit = say("points" if paired else "per_cent") if share else info["unit"]
    return [ends[0], f"{ends[1]} {unit}"]


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
    if answer["means"] is not None:
        low, high = _means(info, answer)
        out[0] += " " + say("ask.mean", low=low, high=high)
    if answer["open"]:
        out[0] += " " + say("ask.open", open=answer["open"], points=answer["points"])
    return [*out, found(factors, answer)]


def _where(said: str, factors: Sequence[Mapping[str, Any]], answer: Answer) -> str:
    counts = {key: answer[key] for key in ("points", "yes", "covered")}
    ends = {key: chance(answer[key]) for key in ("smallest", "largest")}
    if answer["yes"] == 0:
        return say("ask.nowhere", what=said, **counts, **ends)
    if answer["yes"] == answer["points"]:
        return say("ask.everywhere", what=said, **counts, **ends)
    told: set[str] = set()
    rules = [conditions(factors, rule["conditions"], told) for rule in answer["rules"]]
    where = reduce(lambda one, other: say("ask.or", one=one, other=other), rules)
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


def conditions(
    factors: Sequence[Mapping[str, Any]], asked: Iterable[Mapping[str, Any]], told: set[str] | None = None
) -> str:
    """Conditions of a rule in words, each with its unit where its column is not among those `told` already;
    what is said here is added to them.
    """
    known, units = {factor["column"]: factor for factor in factors}, set() if told is None else told
    said = []
    for each in asked:
        said.append(_condition(each, known.get(each["column"], {}), each["column"] not in units))
        units.add(each["column"])
    return say("and").join(said)


def _condition(told: Mapping[str, Any], factor: Mapping[str, Any], with_unit: bool) -> str:
    if told["values"]:
        return say(
            "ask.is",
            name=factor_name(told["column"]),
            values=reduce(lambda one, other: say("ask.any", one=one, other=other), map(str, told["values"])),
        )
    digits = 3 if factor and not factor.get("values") else 4  # a range has ends that mean nothing exactly
    low, high = (
        None if end is None else sentences.significant(end, digits) for end in (told["low"], told["high"])
    )
    key = "ask.at_most" if low is None else "ask.at_least" if high is None else "ask.between"
    if low is not None and low == high:
        key = "ask.at"
    if "meaning" in told:
        name, unit = say("ask.weight", meaning=told["meaning"], name=told["column"]), told["unit"]
    else:
        name, unit = factor_name(told["column"]), factor.get("unit", "")
    said = say(key, name=name, low=low, high=high)
    if unit and with_unit:
        said = f"{said} {unit}"
    if factor.get("cash"):
        said += f" ({_in_money(told, factor, with_unit)})"
    return say("ask.of_draws", said=said, share=chance(told["share"])) if "share" in told else said


def _in_money(told: Mapping[str, Any], factor: Mapping[str, Any], first: bool) -> str:
    """The ends of a condition on the level of cash as cash to an adult in tier A, or in B where A has none;
    whom it is paid where it is the `first`.
    """
    one, currency = factor["cash"][0] or factor["cash"][1], factor["currency"]
    ends = [end for end in (told["low"], told["high"]) if end is not None]
    sums = (
        say("to", low=_sum(one, ends[0]), high=_sum(one, ends[-1]))
        if len(set(ends)) > 1
        else _sum(one, ends[0])
    )
    return say("ask.money" if first else "ask.sum", sums=sums, currency=currency)


def _sum(one: float, level: float) -> str:
    return sentences.number(one * level, "count", 0)


def money_note(factors: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a level of cash of 1 is, where cash is a factor."""
    return [
        say(
            "ask.cash",
            name=factor["column"],
            before=_sum(factor["cash"][0], 1.0),
            after=_sum(factor["cash"][1], 1.0),
            currency=factor["currency"],
        )
        for factor in factors
        if factor.get("cash")
    ]


def factor_name(column: str) -> str:
    """A factor's name in a sentence."""
    return column.replace("_", " ")
