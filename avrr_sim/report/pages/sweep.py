"""The page of a sweep, in the frame of all pages: what moved, what was varied, figures, points, limits and
provenance. No point is ranked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from avrr_sim.report.figures.responses import draw_sweep
from avrr_sim.report.figures.style import Figure
from avrr_sim.report.figures.sweep_layout import points_of, value_text
from avrr_sim.report.html.elements import (
    DASH,
    Block,
    Cell,
    Column,
    Fold,
    Heading,
    Items,
    Note,
    Part,
    Picture,
    Section,
    Table,
    Text,
)
from avrr_sim.report.html.page import limits, provenance, write_page
from avrr_sim.report.pages.comparison_tables import provenance_facts
from avrr_sim.report.pages.explorer import explorer
from avrr_sim.report.words import catalogue, questions, sentences
from avrr_sim.report.words.language import numeral
from avrr_sim.report.words.sentences import say
from avrr_sim.report.words.told import measure_told, told
from avrr_sim.study.summary.contract import SweepTables

MOST_ROWS = 120  # points that a table on the page holds
FEW_ROWS = 20  # points whose table stands open
OPEN_MEASURES = 2  # whose pictures stand open
MOST_MEASURES = 6  # told in the headlines and the table of points
BESIDE = "protection_needs"  # what always stands beside the others
PAGE = "sweep.html"


def write_sweep(folder: Path, sweep: SweepTables) -> Path:
    """Write the pictures and `sweep.html` of a sweep into `folder`; returns the page's path.

    The same tables give the same bytes. Raises OSError where the folder cannot be written.
    """
    sweep = _told(sweep)
    drawn = draw_sweep(folder / "figures", sweep)
    table = sweep.table.replace([np.inf, -np.inf], np.nan)
    whole = points_of(table[table["group_by"] == "all"])
    asked = [figure for figure in drawn if figure.name.startswith("chance-")]
    others = [figure for figure in drawn if figure not in asked]
    sections = [
        Section("answers", say("ask.section"), _answers(sweep, asked), say("ask.short")),
        Section("headlines", say("headlines.title"), _headlines(sweep, whole)),
        Section("explore", say("explore.section"), [part for part in [explorer(sweep)] if part]),
        Section("changes", say("sweep.varied"), [_factors(sweep), *_money(sweep)]),
        Section("figures", say("sweep.pictures"), _pictures(sweep, others)),
        Section("numbers", say("sweep.points"), [_points(sweep, whole)]),
        limits(sweep.limits, sentences.told_later(sweep.cautions, {})),
        provenance(str(sweep.provenance["command"]), _facts(sweep), say("sweep.files")),
    ]
    return write_page(folder, sweep.title, sections, lead=_lead(sweep), name=PAGE)


def _told(sweep: SweepTables) -> SweepTables:
    """The sweep, what it says of measures, origins and factors in the language of the page."""
    return replace(
        sweep,
        measures={name: measure_told(info) for name, info in sweep.measures.items()},
        origins={key: told(name) for key, name in sweep.origins.items()},
        factors=[{**factor, **_factor_told(factor)} for factor in sweep.factors],
    )


def _factor_told(factor: Mapping[str, Any]) -> dict[str, str]:
    found = {name: told(factor[name]) for name in ("unit", "meaning", "kind", "source") if name in factor}
    code = str(factor.get("currency", ""))
    return found | ({"currency": catalogue.CURRENCIES.get(code, code)} if code else {})


def _lead(sweep: SweepTables) -> list[Part]:
    parts: list[Part] = [Text(sweep.asks, small=True)] if sweep.asks else []
    named = sentences.say_names("sweep.lead", points=sweep.points, baseline=sweep.baseline)
    parts.append(Text(named + Markup(" ") + say("lead.made", **sentences.made_of(sweep.provenance))))
    parts += [Note(text) for text in sentences.first_said(sweep.limits)]
    parts += [Note(text) for text in sentences.told_first(sweep.cautions, {})]
    if _one_draw(sweep):
        parts.append(Note(say("lead.one_draw")))
    if sweep.failed:
        parts.append(Note(say("sweep.failed", failed=sweep.failed)))
    if sweep.coercion:
        parts.append(Note(catalogue.sweep_coercion()))
    return parts


def _answers(sweep: SweepTables, drawn: Sequence[Figure]) -> list[Part]:
    """Every question with its answer in sentences and its picture."""
    parts: list[Part] = []
    for number, answer in enumerate(sweep.answers, 1):
        info = sweep.measures[answer["measure"]]
        parts.append(Heading(say("ask.question", what=questions.what(info, answer))))
        first, *more = questions.answered(info, sweep.factors, answer)
        parts.append(Note(first))
        parts += [Text(text, small=True) for text in more]
        parts += [Picture(figure) for figure in drawn if figure.name == f"chance-{number}"]
    if parts and sweep.coercion:
        parts.append(Text(say("ask.consequences"), small=True))
    if parts:
        parts.append(Text(say("sweep.beside"), small=True))
    return parts


def _pictures(sweep: SweepTables, drawn: Sequence[Figure]) -> list[Part]:
    """The pictures of the first measures, and behind folds those of the others and of groups."""
    stems = {measure: f"-{measure.replace('_', '-')}" for measure in sweep.measures}
    by_group = [figure for figure in drawn if figure.name.startswith("by-")]
    parts: list[Part] = []
    shown = [m for m in stems if any(f.name.endswith(stems[m]) and f not in by_group for f in drawn)]
    for number, measure in enumerate(shown):
        own = [f for f in drawn if f.name.endswith(stems[measure]) and f not in by_group]
        pictures = [Picture(figure) for figure in own]
        label = sweep.measures[measure]["label"]
        fold = Fold(say("sweep.more_pictures", what=label[:1].lower() + label[1:]), pictures)
        parts += pictures if number < OPEN_MEASURES else [fold]
    if by_group:
        apart = say("sweep.more_pictures", what=say("sweep.by_group"))
        parts.append(Fold(apart, [Picture(figure) for figure in by_group]))
    left = [sweep.measures[m]["label"] for m in sweep.measures if m not in shown]
    return (
        [*parts, Text(say("sweep.not_pictured", names=", ".join(left)), small=True)]
        if left and shown
        else parts
    )


def _money(sweep: SweepTables) -> list[Part]:
    return [Text(text, small=True) for text in questions.money_note(sweep.factors)]


def _one_draw(sweep: SweepTables) -> bool:
    return int(sweep.provenance["draws"]) == 1


def _measures(sweep: SweepTables, whole: pd.DataFrame) -> list[str]:
    """The first measures, and protection needs wherever they are kept, for uptake is not told alone."""
    told = [measure for measure in sweep.measures if measure in set(whole["measure"])]
    first = told[:MOST_MEASURES]
    return [*first[: MOST_MEASURES - 1], BESIDE] if BESIDE in told and BESIDE not in first else first


def _headlines(sweep: SweepTables, whole: pd.DataFrame) -> list[Part]:
    """One sentence a measure: how far the difference runs over the points, and where its sign is open."""
    said = [_headline(sweep, whole, measure) for measure in _measures(sweep, whole)]
    beside = [] if sweep.answers else [Text(say("sweep.beside"))]
    return [Items(said), *beside, Text(say("sweep.never_narrows"), small=True)]


def _headline(sweep: SweepTables, whole: pd.DataFrame, measure: str) -> str:
    info = sweep.measures[measure]
    rows = whole[(whole["measure"] == measure) & whole["difference"].notna()]
    if rows.empty:
        return say("sweep.none", label=info["label"])
    places = sentences.decimals(info["per"], *rows["difference"])
    low, high = (
        sentences.number(end, info["per"], places, signed=True)
        for end in (rows["difference"].min(), rows["difference"].max())
    )
    return say(
        "sweep.headline_one_draw" if _one_draw(sweep) else "sweep.headline",
        label=info["label"],
        low=low,
        high=high,
        unit=sentences.unit(info, True),
        open=int(((rows["difference_low"] <= 0) & (rows["difference_high"] >= 0)).sum()),
        points=len(rows),
    )


def _factors(sweep: SweepTables) -> Table:
    """What was varied: kind, values or range, unit, meaning and source."""
    keys = ("sweep.factor", "changes.kind", "sweep.values", "changes.unit", "changes.source")
    columns = [Column(say(key), numeric=False) for key in keys]
    return Table(say("sweep.factors_caption"), columns, [Block([_factor(f) for f in sweep.factors])])


def _factor(factor: Mapping[str, Any]) -> list[Cell]:
    values = ", ".join(map(value_text, factor["values"]))
    if not values and factor["low"] is not None:
        values = say("sweep.range", low=factor["low"], high=factor["high"], scale=factor["scale"])
    if "kind" in factor:
        kind, unit, source = (Cell(factor[key]) for key in ("kind", "unit", "source"))
        return [Cell(factor["column"], factor["meaning"]), kind, Cell(values), unit, source]
    # the timing of information is no number, and stands apart from the other levers
    kinds = {
        "levers": "sweep.timing",
        "amounts": "sweep.amount",
        "weights": "sweep.weight",
        "offers": "sweep.offer",
    }
    unit = Cell(say("sweep.plan") if factor["place"] == "levers" else DASH)
    return [Cell(factor["column"]), Cell(say(kinds[factor["place"]])), Cell(values), unit, Cell(DASH)]


def _points(sweep: SweepTables, whole: pd.DataFrame) -> Part:
    """A row a point: what it sets, and its differences from the baseline."""
    if sweep.points > MOST_ROWS:
        return Text(say("sweep.points_many", points=numeral(sweep.points, ",")))
    measures = _measures(sweep, whole)
    at = {(row["scenario"], row["measure"]): row for row in whole.to_dict("records")}
    infos = [sweep.measures[measure] for measure in measures]
    columns = [
        *(
            Column(name, numeric=i > 0 and pd.api.types.is_numeric_dtype(whole[name]))
            for i, name in enumerate(sweep.columns)
        ),
        *(Column(info["label"], sentences.unit(info, True)) for info in infos),
    ]
    rows = []
    for key in dict.fromkeys(whole["scenario"]):
        found = [at.get((key, measure)) for measure in measures]
        point = next(row for row in found if row is not None)
        differences = zip(found, infos, strict=True)
        rows.append(
            [
                *(_setting(point[name]) for name in sweep.columns),
                *(Cell(DASH) if row is None else _difference(row, info["per"]) for row, info in differences),
            ]
        )
    table = Table(say("sweep.points_caption"), columns, [Block(rows)], compact=True)
    return table if sweep.points <= FEW_ROWS else Fold(say("sweep.points_fold", points=sweep.points), [table])


def _setting(value: object) -> Cell:
    """What a point sets a factor to."""
    return Cell(value_text(value), value=float(value) if isinstance(value, (int, float)) else None)


def _difference(row: Mapping[str, Any], per: str) -> Cell:
    if row["difference_suppressed"]:
        return Cell(sentences.too_few())
    value, interval = sentences.shown(
        row["difference"], row["difference_low"], row["difference_high"], per, signed=True
    )
    spans = [f"({interval})"] if interval else []
    if sentences.known(row["difference_mc_error"]):
        spans.append(say("monte_carlo_short", error=sentences.error(row["difference_mc_error"], per)))
    return Cell(value, " ".join(spans), row["difference"] if sentences.known(row["difference"]) else None)


def _facts(sweep: SweepTables) -> list[tuple[str, str]]:
    facts = provenance_facts(sweep.provenance, [])
    facts.append((say("sweep.study"), str(sweep.provenance["digest"])))
    return [*facts, (say("sweep.precision_term"), sweep.precision)] if sweep.precision else facts
