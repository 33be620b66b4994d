"""The first section: one sentence a scenario, and what must stand beside it. Uptake never stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from avrr_sim.report.figures import style
from avrr_sim.report.html.elements import Card, Fold, Items, Note, Section, Text
from avrr_sim.report.pages.lookup import Index, any_applied
from avrr_sim.report.words import catalogue, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables

BESIDE = (
    "additional_returns",
    "assisted_departures",
    "unassisted_returns",
    "removals",
    "gone_under",
    "missing",
    "moved_on",
)
"""What stands in sight beside uptake, as far as the study has it."""
MORE = (
    "transferred",
    "protection_needs",
    "wrongly_rejected_returns",
    "knowledge_centre",
    "knowledge_private",
    "trust_centre",
    "trust_private",
    "coping_12",
)
# told behind the fold; that of uptake stands beside its headline
SPREAD = ("drop_out_12", "additional_returns")
PRESSED = ("pressure_dependent", "misinformed")


def lead_of(tables: StudyTables) -> list[Any]:
    """What stands above the contents: what is compared, over how many draws, and what went wrong."""
    facts = tables.provenance
    one = len(tables.scenarios) == 1
    draws = say("lead.draw") if sentences.one_draw(tables) else say("lead.draws", n=facts["draws"])
    replicates = (
        say("lead.replicate")
        if facts.get("replicates", 1) == 1
        else say("lead.replicates", n=facts["replicates"])
    )
    known = {"prior": "lead.prior", "posterior": "lead.posterior", "central": "lead.central"}
    kind = facts.get("weights", "prior")
    weights = say(known[kind]) if kind in known else say("lead.weights", weights=kind)
    names = sentences.say_names("lead.one" if one else "lead.many", name=tables.scenarios[0]["name"])
    made = say("lead.made_one" if one else "lead.made", draws=draws, replicates=replicates, weights=weights)
    parts: list[Any] = [Text(names + Markup(" ") + made)]
    if sentences.one_draw(tables):
        parts.append(Note(say("lead.one_draw")))
    parts += _failures(tables)
    nobody = [s["name"] for s in tables.scenarios if not any_applied(tables, s["key"])]
    if nobody:
        parts.append(Note(sentences.say_names("lead.nobody", names=", ".join(nobody))))
    return parts


def _failures(tables: StudyTables) -> list[Note]:
    failures = tables.provenance.get("failures") or []
    if not failures:
        return []
    facts = tables.provenance
    return [
        Note(
            say(
                "lead.failed",
                failed=len(failures),
                planned=int(facts["draws"]) * int(facts["replicates"]),
                error=failures[0].get("error", ""),
            )
        )
    ]


def section(tables: StudyTables, index: Index) -> Section:
    """The headlines, a card a scenario (the baseline only where it is alone)."""
    first = 0 if len(tables.scenarios) == 1 else 1
    parts: list[Any] = [_card(tables, index, i) for i in range(first, len(tables.scenarios))]
    parts.append(Text(_windows(tables, index), small=True))
    return Section("headlines", say("short.title"), parts)


def _card(tables: StudyTables, index: Index, i: int) -> Card:
    scenario = tables.scenarios[i]
    rows = index.differences if i else index.levels
    tell = sentences.difference_claim if i else sentences.level_claim
    (uptake, *who), (drop_out, *whom) = catalogue.HEADLINES
    told = rows.get((scenario["key"], uptake))
    parts: list[Any] = []
    if told is not None:
        small = " ".join(
            t
            for t in (
                sentences.error_sentence(told, bool(i)),
                _open_level(tables, index, uptake) if i else "",
            )
            if t
        )
        parts += [Text(small, small=True)] if small else []
        parts += [Text(text, small=True) for text in _spread(tables, scenario["key"], [uptake])] if i else []
    parts += _pressure(tables, index, i)
    row = rows.get((scenario["key"], drop_out))
    if row is not None:
        parts.append(Text("".join(tell(tables, row, *whom))))
    if i and _all_alike(rows, scenario["key"]):
        parts = [Note(say("short.alike")), *parts]
    parts += _beside(tables, index, i, row)
    if sentences.coercive(scenario):
        parts.append(Note(catalogue.COERCION_NOTE))
    lead, rest = (say("short.absent"), "") if told is None else tell(tables, told, *who)
    return Card(scenario["name"], style.colour(i), lead, rest, parts, scenario.get("asks", ""))


def _all_alike(rows: dict, key: str) -> bool:
    """Whether no measure differs in any draw."""
    own = [row for k, row in rows.items() if k[0] == key and not row["suppressed"]]
    seen = [row for row in own if sentences.known(row["difference"])]
    return bool(seen) and all(
        row["difference"] == 0 and np.nan_to_num(row["low"]) == 0 == np.nan_to_num(row["high"])
        for row in seen
    )


def _open_level(tables: StudyTables, index: Index, measure: str) -> str:
    """How open the baseline's own level is, so that a difference is not read against a level taken for
    known.
    """
    row = index.levels.get((tables.scenarios[0]["key"], measure))
    if row is None or row["suppressed"] or not sentences.known(row["low"]):
        return ""
    return say("sentence.open_level", low=f"{1000 * row['low']:,.0f}", high=f"{1000 * row['high']:,.0f}")


def _pressure(tables: StudyTables, index: Index, i: int) -> list[Any]:
    """The pressure-dependent and the misinformed share among those who apply."""
    said = []
    for measure in PRESSED:
        here = index.levels.get((tables.scenarios[i]["key"], measure))
        if here is None:
            continue
        value = sentences.level(tables, here)
        row = index.differences.get((tables.scenarios[i]["key"], measure)) if i else None
        if row is not None and not row["suppressed"] and sentences.known(row["difference"]):
            same = sentences.exactly_zero(row)
            value = (
                say("short.same", value=value)
                if same
                else say("short.change", value=value, difference=sentences.beside(tables, row))
            )
        said.append(say("colon", head=catalogue.WHY[measure], text=value))
    return [Text(say("short.pressure")), Items(said, beside=True)] if said else []


def _beside(tables: StudyTables, index: Index, i: int, drop_out: dict | None) -> list[Any]:
    key = tables.scenarios[i]["key"]
    rows = index.differences if i else index.levels
    tell = sentences.beside if i else sentences.level

    def told(measures: tuple[str, ...]) -> list[str]:
        found = [(m, rows.get((key, m))) for m in measures]
        return [
            say("colon", head=sentences.meta(tables, m)["label"], text=tell(tables, r))
            for m, r in found
            if r is not None
        ]

    near, far = told(BESIDE), told(MORE)
    parts: list[Any] = []
    if near:
        note = "" if sentences.one_draw(tables) else f" ({sentences.interval_name(tables)})"
        parts += [
            Text(say("short.beside" if i else "short.beside_one", interval=note), small=True),
            Items(near, beside=True),
        ]
    more: list[Any] = [Items(far, beside=True)] if far else []
    more += [Text(text) for text in _spread(tables, key, SPREAD)] if i else []
    error = sentences.error_sentence(drop_out, bool(i)) if drop_out is not None else ""
    if error:
        more.append(Text(say("colon", head=sentences.meta(tables, "drop_out_12")["label"], text=error)))
    return [*parts, Fold(say("short.more"), more)] if more else parts


def _spread(tables: StudyTables, key: str, measures: Sequence[str]) -> list[str]:
    """What share of the spread of these measures each grade of evidence has, or why that is not said."""
    if tables.spread.empty:
        return []
    out = []
    own = tables.spread[tables.spread["scenario"] == key]
    for measure in [m for m in measures if m in set(own["measure"])]:
        rows = own[own["measure"] == measure].to_dict("records")
        label = sentences.meta(tables, measure)["label"]
        if rows[0]["shown"]:
            parts = ", ".join(
                say(
                    "short.spread_part",
                    grade=catalogue.GRADES.get(r["component"], r["component"]),
                    share=100 * r["share"],
                )
                for r in rows
                if sentences.known(r["share"])
            )
            out.append(say("short.spread", measure=label, parts=parts))
        elif sentences.known(rows[0]["r2"]):
            out.append(say("short.spread_hidden", measure=label, r2=max(0.0, 100 * rows[0]["r2"])))
        else:
            out.append(say("short.spread_none", measure=label))
    return out


def _windows(tables: StudyTables, index: Index) -> str:
    """Window and horizon of the measures told in short, those that share one together."""
    present = {k[1] for k in index.levels} | {k[1] for k in index.differences}
    windows: dict[str, list[str]] = {}
    for measure in (*(m for m, *_ in catalogue.HEADLINES), *PRESSED, *BESIDE, *MORE):
        if measure in present:
            info = sentences.meta(tables, measure)
            windows.setdefault(info["window"].rstrip("."), []).append(info["label"])
    said = " ".join(
        say("figure.horizon", labels=", ".join(labels), window=window)
        for window, labels in windows.items()
        if window
    )
    return say("short.windows", windows=said)
