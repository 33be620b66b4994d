"""The first section: one sentence a scenario, and what must stand beside it. Uptake never stands alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from markupsafe import Markup

from avrr_sim.report.figures import style
from avrr_sim.report.html.elements import Card, Fold, Items, Note, Part, Section, Text
from avrr_sim.report.pages.lookup import Key, Row, RowLookup, any_applied
from avrr_sim.report.words import catalogue, chosen, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables


def lead_parts(tables: StudyTables) -> list[Part]:
    """What stands above the contents: what is compared, over how many draws, and what went wrong."""
    one = len(tables.scenarios) == 1
    names = sentences.say_names("lead.one" if one else "lead.many", name=tables.scenarios[0]["name"])
    made = say("lead.made_one" if one else "lead.made", **sentences.made_of(tables.provenance))
    parts: list[Part] = [Text(names + Markup(" ") + made)]
    parts += [Note(text) for text in sentences.first_said(tables.limits)]
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


def headline_section(tables: StudyTables, lookup: RowLookup) -> Section:
    """The headlines, a card a scenario (the baseline only where it is alone)."""
    first = 0 if len(tables.scenarios) == 1 else 1
    parts: list[Part] = [_card(tables, lookup, i) for i in range(first, len(tables.scenarios))]
    parts.append(Text(_windows(tables, lookup), small=True))
    return Section("headlines", say("headlines.title"), parts)


def _card(tables: StudyTables, lookup: RowLookup, i: int) -> Card:
    scenario = tables.scenarios[i]
    rows = lookup.differences if i else lookup.levels
    claim = sentences.difference_claim if i else sentences.level_claim
    (uptake, *who), (drop_out, *whom) = catalogue.HEADLINES
    told = rows.get((scenario["key"], uptake))
    parts: list[Part] = []
    if told is not None:
        small = " ".join(
            t
            for t in (
                sentences.error_sentence(told, bool(i)),
                _open_level(tables, lookup, uptake) if i else "",
            )
            if t
        )
        parts += [Text(small, small=True)] if small else []
        parts += [Text(text, small=True) for text in _spread(tables, scenario["key"], [uptake])] if i else []
    parts += _pressure(tables, lookup, i)
    row = rows.get((scenario["key"], drop_out))
    if row is not None:
        parts.append(Text("".join(claim(tables, row, *whom))))
    if i and _all_alike(rows, scenario["key"]):
        parts = [Note(say("headlines.alike")), *parts]
    parts += _beside(tables, lookup, i, row)
    if sentences.coercive(scenario):
        parts.append(Note(catalogue.COERCION_NOTE))
    lead, rest = (say("headlines.absent"), "") if told is None else claim(tables, told, *who)
    return Card(scenario["name"], style.colour(i), lead, rest, parts, scenario.get("asks", ""))


def _all_alike(rows: Mapping[Key, Row], key: str) -> bool:
    """Whether no measure differs in any draw."""
    own = [row for k, row in rows.items() if k[0] == key and not row["suppressed"]]
    seen = [row for row in own if sentences.known(row["difference"])]
    return bool(seen) and all(
        row["difference"] == 0 and np.nan_to_num(row["low"]) == 0 == np.nan_to_num(row["high"])
        for row in seen
    )


def _open_level(tables: StudyTables, lookup: RowLookup, measure: str) -> str:
    """How open the baseline's own level is, so that a difference is not read against a level taken for
    known.
    """
    row = lookup.levels.get((tables.scenarios[0]["key"], measure))
    if row is None or row["suppressed"] or not sentences.known(row["low"]):
        return ""
    return say("sentence.open_level", low=f"{1000 * row['low']:,.0f}", high=f"{1000 * row['high']:,.0f}")


def _pressure(tables: StudyTables, lookup: RowLookup, i: int) -> list[Part]:
    """The pressure-dependent and the misinformed share among those who apply."""
    said = []
    for measure in chosen.HEADLINE_OF_APPLICANTS:
        here = lookup.levels.get((tables.scenarios[i]["key"], measure))
        if here is None:
            continue
        value = sentences.level(tables, here)
        row = lookup.differences.get((tables.scenarios[i]["key"], measure)) if i else None
        if row is not None and not row["suppressed"] and sentences.known(row["difference"]):
            same = sentences.exactly_zero(row)
            value = (
                say("headlines.same", value=value)
                if same
                else say("headlines.change", value=value, difference=sentences.beside(tables, row))
            )
        said.append(say("colon", head=catalogue.WHY[measure], text=value))
    return [Text(say("headlines.pressure")), Items(said, beside=True)] if said else []


def _beside(tables: StudyTables, lookup: RowLookup, i: int, drop_out: Row | None) -> list[Part]:
    key = tables.scenarios[i]["key"]
    rows = lookup.differences if i else lookup.levels
    tell = sentences.beside if i else sentences.level

    def told(measures: tuple[str, ...]) -> list[str]:
        found = [(m, rows.get((key, m))) for m in measures]
        return [
            say("colon", head=sentences.meta(tables, m)["label"], text=tell(tables, r))
            for m, r in found
            if r is not None
        ]

    near, far = told(chosen.HEADLINE_BESIDE), told(chosen.HEADLINE_MORE)
    parts: list[Part] = []
    if near:
        note = "" if sentences.one_draw(tables) else f" ({sentences.interval_name(tables)})"
        parts += [
            Text(say("headlines.beside" if i else "headlines.beside_one", interval=note), small=True),
            Items(near, beside=True),
        ]
    more: list[Part] = [Items(far, beside=True)] if far else []
    more += [Text(text) for text in _spread(tables, key, chosen.HEADLINE_SPREAD)] if i else []
    error = sentences.error_sentence(drop_out, bool(i)) if drop_out is not None else ""
    if error:
        more.append(Text(say("colon", head=sentences.meta(tables, "drop_out_12")["label"], text=error)))
    return [*parts, Fold(say("headlines.more"), more)] if more else parts


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
                    "headlines.spread_part",
                    grade=catalogue.GRADES.get(r["component"], r["component"]),
                    share=100 * r["share"],
                )
                for r in rows
                if sentences.known(r["share"])
            )
            out.append(say("headlines.spread", measure=label, parts=parts))
        elif sentences.known(rows[0]["r2"]):
            out.append(say("headlines.spread_hidden", measure=label, r2=max(0.0, 100 * rows[0]["r2"])))
        else:
            out.append(say("headlines.spread_none", measure=label))
    return out


def _windows(tables: StudyTables, lookup: RowLookup) -> str:
    """Window and horizon of the measures told in short, those that share one together."""
    present = {key[1] for key in (*lookup.levels, *lookup.differences)}
    told = (
        *(measure for measure, *_ in catalogue.HEADLINES),
        *chosen.HEADLINE_OF_APPLICANTS,
        *chosen.HEADLINE_BESIDE,
        *chosen.HEADLINE_MORE,
    )
    windows: dict[str, list[str]] = {}
    for measure in (m for m in told if m in present):
        info = sentences.meta(tables, measure)
        windows.setdefault(info["window"].rstrip("."), []).append(info["label"])
    said = " ".join(
        say("figure.horizon", labels=", ".join(labels), window=window)
        for window, labels in windows.items()
        if window
    )
    return say("headlines.windows", windows=said)
