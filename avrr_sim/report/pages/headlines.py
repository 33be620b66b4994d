"""What stands beside the headlines: notes above them, and behind folds what a quick reader can do without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from avrr_sim.report.html.elements import Fold, Items, Note, Part, Text
from avrr_sim.report.pages.lookup import Key, Row, RowLookup, any_applied
from avrr_sim.report.words import catalogue, chosen, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables


def lead_notes(tables: StudyTables) -> list[Part]:
    """What stands above everything: with what is compared, and what went wrong."""
    one = len(tables.scenarios) == 1
    parts: list[Part] = (
        [] if one else [Text(sentences.say_names("lead.many", name=tables.scenarios[0]["name"]))]
    )
    parts += [Note(text) for text in sentences.first_said(tables.limits)]
    parts += [Note(text) for text in sentences.told_first(tables.cautions, names_of(tables))]
    if sentences.one_draw(tables):
        parts.append(Note(say("lead.one_draw")))
    parts += _failures(tables)
    nobody = [s["name"] for s in tables.scenarios if not any_applied(tables, s["key"])]
    if nobody:
        parts.append(Note(sentences.say_names("lead.nobody", names=", ".join(nobody))))
    return parts


def names_of(tables: StudyTables) -> dict[str, str]:
    """What each scenario is called, by its key."""
    return {scenario["key"]: scenario["name"] for scenario in tables.scenarios}


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


def more_beside(tables: StudyTables, lookup: RowLookup) -> list[Part]:
    """Folds, one a scenario: what stands beside its headline, Monte Carlo errors and what its spread rests
    on; and one with windows and horizons.
    """
    first = 0 if len(tables.scenarios) == 1 else 1
    folds = [
        Fold(say("headlines.more", name=tables.scenarios[i]["name"]), _more(tables, lookup, i))
        for i in range(first, len(tables.scenarios))
    ]
    return [*folds, Fold(say("headlines.windows_fold"), [Text(_windows(tables, lookup), small=True)])]


def _more(tables: StudyTables, lookup: RowLookup, i: int) -> list[Part]:
    key = tables.scenarios[i]["key"]
    rows = lookup.differences if i else lookup.levels
    said = []
    for measure, *_ in catalogue.HEADLINES:
        row = rows.get((key, measure))
        error = sentences.error_sentence(row, bool(i)) if row is not None else ""
        label = sentences.meta(tables, measure)["label"]
        said += [say("colon", head=label, text=error)] if error else []
        said += [_open_level(tables, lookup, measure)] if i and row is not None else []
    parts: list[Part] = [Text(text, small=True) for text in said if text]
    parts += [*_pressure(tables, lookup, i), *_beside(tables, lookup, i)]
    wanted = ("uptake_24", *chosen.HEADLINE_SPREAD)
    return [*parts, *(Text(text, small=True) for text in (_spread(tables, key, wanted) if i else ()))]


def all_alike(rows: Mapping[Key, Row], key: str) -> bool:
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
    ends = {end: sentences.per_thousand(row[end], 0) for end in ("low", "high")}
    return say("sentence.open_level", **ends)


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


def _beside(tables: StudyTables, lookup: RowLookup, i: int) -> list[Part]:
    key = tables.scenarios[i]["key"]
    rows = lookup.differences if i else lookup.levels
    tell = sentences.beside if i else sentences.level
    found = [(m, rows.get((key, m))) for m in (*chosen.HEADLINE_BESIDE, *chosen.HEADLINE_MORE)]
    said = [
        say("colon", head=sentences.meta(tables, m)["label"], text=tell(tables, row))
        for m, row in found
        if row is not None
    ]
    if not said:
        return []
    note = "" if sentences.one_draw(tables) else f" ({sentences.interval_name(tables)})"
    head = Text(say("headlines.beside" if i else "headlines.beside_one", interval=note), small=True)
    return [head, Items(said, beside=True)]


def grades_of_spread(tables: StudyTables, key: str, measure: str) -> str:
    """The grades of evidence that the spread of a measure comes from, with their shares; empty where that is
    not told.
    """
    own = tables.spread[(tables.spread["scenario"] == key) & (tables.spread["measure"] == measure)]
    rows = own.to_dict("records")
    if not rows or not rows[0]["shown"]:
        return ""
    return ", ".join(
        say(
            "headlines.spread_part",
            grade=catalogue.GRADES.get(row["component"], row["component"]),
            share=100 * row["share"],
        )
        for row in rows
        if sentences.known(row["share"])
    )


def _spread(tables: StudyTables, key: str, measures: Sequence[str]) -> list[str]:
    """What share of the spread of these measures each grade of evidence has, or why that is not said."""
    if tables.spread.empty:
        return []
    out = []
    own = tables.spread[tables.spread["scenario"] == key]
    for measure in [m for m in measures if m in set(own["measure"])]:
        row = own[own["measure"] == measure].iloc[0]
        label = sentences.meta(tables, measure)["label"]
        if row["shown"]:
            parts = grades_of_spread(tables, key, measure)
            out.append(say("headlines.spread", measure=label, parts=parts))
        elif sentences.known(row["r2"]):
            out.append(say("headlines.spread_hidden", measure=label, r2=max(0.0, 100 * row["r2"])))
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
