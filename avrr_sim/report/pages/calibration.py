"""The page of a calibration: what was learned, how the figures pull, and whether the method is sound."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from avrr_sim.report.figures.calibration import (
    draw_contraction,
    draw_coverage,
    draw_ranks,
    draw_recovery,
    draw_rivals,
    draw_tension,
)
from avrr_sim.report.html.elements import Block, Cell, Fold, Note, Part, Picture, Section, Table, Text
from avrr_sim.report.html.page import limits, provenance, write_page
from avrr_sim.report.pages.cells import columns_of, percent_cell, significant_cell
from avrr_sim.report.pages.drivers_and_fit import driver_parts, drivers_section, fit_section, target_parts
from avrr_sim.report.words import catalogue
from avrr_sim.report.words.sentences import notes_on_effects, say, shown, significant
from avrr_sim.study.summary.contract import CalibrationTables

PROVENANCE = (
    "version",
    "commit",
    "digest",
    "bank_hash",
    "points_done",
    "kept_share",
    "kept",
    "effective",
    "size",
    "seed",
)


def write_calibration(folder: Path, tables: CalibrationTables) -> Path:
    """Write `report.html` and its pictures into `folder`; returns the page's path.

    The same tables give the same bytes. Raises OSError where the folder cannot be written.
    """
    figures = folder / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    told = [(key.replace("_", " "), str(tables.provenance[key])) for key in PROVENANCE]
    sections = [
        fit_section(
            *target_parts(figures, tables.targets),
            Picture(draw_tension(figures, tables.tension)),
            _tension_table(tables.tension),
            *_pattern_parts(tables.patterns),
        ),
        drivers_section(
            Picture(draw_contraction(figures, tables.drivers)),
            _kept_table(tables.kept),
            *driver_parts(figures, tables.drivers),
        ),
        _section("effects", *_effect_parts(tables)),
        _section("rivals", *_rival_parts(figures, tables)),
        _section("checks", *_check_parts(figures, tables)),
        limits(tables.limits),
        provenance(str(tables.provenance["command"]), told),
    ]
    title = say("calibration.title", name=tables.title)
    return write_page(folder, title, sections, lead=[Text(_lead(tables))])


def _section(key: str, *parts: Part) -> Section:
    return Section(key, say(f"calibration.{key}"), parts, say(f"calibration.{key}_short"))


def _lead(tables: CalibrationTables) -> str:
    told, drivers = tables.provenance, tables.drivers
    return say(
        "calibration.lead",
        points=told["points_done"],
        kept=told["kept"],
        effective=told["effective"],
        informed=int(drivers["informed"].sum()),
        share=100 * told["kept_share"],
        all=len(drivers),
        chance=len(drivers) / 20,
        alone=int(drivers["informed_figures"].sum()),
    )


def _check_parts(figures: Path, tables: CalibrationTables) -> list[Part]:
    """The checks of the method: in a few lines, in pictures, and quantity by quantity behind a fold."""
    drivers = tables.drivers
    outstanding = drivers["weight"][drivers["informed"] & drivers["stands_out"]]
    names = ", ".join(name.replace("_", " ") for name in outstanding) or "-"
    informed = int(drivers["informed"].sum())
    recovery = [Picture(draw_recovery(figures, tables))] if len(tables.recovery) else []
    return [
        Text(say("calibration.checks_text", n=len(tables.ranks))),
        Text(say("calibration.stands_out", n=len(outstanding), all=informed, names=names)),
        _verdict_table(tables),
        Picture(draw_ranks(figures, tables)),
        Picture(draw_coverage(figures, tables)),
        *recovery,
        Fold(say("calibration.each"), [_quantity_table(tables.checks)]),
    ]


def _verdict_table(tables: CalibrationTables) -> Table:
    rows = [
        [
            Cell(row["check"]),
            Cell(row["of"]),
            _value_cell(row["value"], row["low"], row["high"]),
            Cell(catalogue.CHECKED[answer]),
        ]
        for row, answer in zip(tables.verdicts.to_dict("records"), tables.answers, strict=True)
    ]
    columns = columns_of("calibration", "check", "of", "value", "verdict", words=("check", "of", "verdict"))
    return Table(say("calibration.verdicts"), columns, [Block(rows)])


def _value_cell(value: float, low: float, high: float) -> Cell:
    """A number with its interval, if it has one; one that is not known is said to be not estimable."""
    cell = significant_cell(value, low, high)
    return cell if cell.value is not None else Cell(significant(value), value=value)


def _quantity_table(table: pd.DataFrame) -> Table:
    rows = [
        [
            Cell(row["quantity"].replace("_", " ")),
            Cell(row["kind"]),
            percent_cell(row["coverage"], f"({100 * row['low']:.0f} to {100 * row['high']:.0f})"),
            Cell(significant(row["p_corrected"]), value=row["p_corrected"]),
            percent_cell(row["contraction"]),
        ]
        for row in table.to_dict("records")
    ]
    columns = columns_of(
        "calibration", "quantity", "kind", "coverage_head", "p", "narrower", words=("quantity", "kind")
    )
    return Table(say("calibration.each"), columns, [Block(rows)], compact=True)


def _tension_table(table: pd.DataFrame) -> Table:
    rows = [
        [
            Cell(f"{row['id']}: {row['figure']}"),
            significant_cell(row["published"]),
            significant_cell(row["median"], row["low"], row["high"]),
            Cell(f"{row['pull']:+.1f}", value=row["pull"]),
        ]
        for row in table.to_dict("records")
    ]
    columns = columns_of("calibration", "figure", "published", "others", "pull", words=("figure",))
    return Table(say("calibration.tension"), columns, [Block(rows)])


def _kept_table(table: pd.DataFrame) -> Table:
    rows = [
        [
            percent_cell(row["share"]),
            Cell(f"{row['runs']:,}", value=row["runs"]),
            _worth_cell(row),
            Cell(f"{row['informed']}", row["names"].replace("_", " "), row["informed"]),
        ]
        for row in table.to_dict("records")
    ]
    columns = columns_of("calibration", "kept_share", "kept_runs", "worth", "kept_informed")
    return Table(say("calibration.kept"), columns, [Block(rows)], compact=True)


def _worth_cell(row: Mapping[str, Any]) -> Cell:
    """How many equally likely draws the runs that were kept are worth."""
    return Cell(f"{row['effective']:.0f}", value=row["effective"])


def _pattern_parts(table: pd.DataFrame) -> list[Part]:
    if table.empty:
        return []
    rows = [
        [
            Cell(row["id"]),
            percent_cell(row["prior_share"], say("calibration.of_points", n=row["points"])),
            percent_cell(
                row["posterior_share"],
                say("calibration.worth_points", n=row["kept"], worth=row["effective"]),
            ),
        ]
        for row in table.to_dict("records")
    ]
    columns = columns_of("calibration", "pattern", "prior_share", "posterior_share", words=("pattern",))
    return [Table(say("calibration.patterns"), columns, [Block(rows)])]


def _effect_parts(tables: CalibrationTables) -> list[Part]:
    """Effects of scenarios before and after fitting, with what must stand beside them."""
    if tables.effects.empty:
        return []
    columns = columns_of(
        "calibration",
        "scenario",
        "measure",
        "prior",
        "rises",
        "posterior",
        "rises",
        words=("scenario", "measure"),
    )
    rows = [_effect(tables, row) for row in tables.effects.to_dict("records")]
    table = Table(say("calibration.effects"), columns, [Block(rows)])
    return [table, *_notes(tables, tables.effects)]


def _effect(tables: CalibrationTables, row: Mapping[str, Any]) -> list[Cell]:
    cells = _question(tables, row)
    per = tables.measures[row["measure"]]["per"]
    for when in ("prior", "posterior"):
        median, low, high = (row[f"{when}_{what}"] for what in ("median", "low", "high"))
        up, down = row[f"{when}_positive"], row[f"{when}_negative"]
        value, span = shown(median, low, high, per, True)
        cells.append(Cell(value, span, median))
        cells.append(Cell(say("calibration.turns", up=100 * up, down=100 * down), value=up))
    return cells


def _question(tables: CalibrationTables, row: Mapping[str, Any]) -> list[Cell]:
    """Which scenario's effect on which measure a row is about."""
    info = tables.measures[row["measure"]]
    return [Cell(row["scenario"].replace("-", " ")), Cell(info["label"], info["unit"])]


def _notes(tables: CalibrationTables, effects: pd.DataFrame) -> list[Part]:
    return [Note(text) for text in notes_on_effects(tables.pressing, set(effects["scenario"]))]


def _rival_parts(figures: Path, tables: CalibrationTables) -> list[Part]:
    """What rivals of the model say, where they were fitted."""
    rivals = tables.rivals
    if rivals is None:
        return []
    columns = columns_of(
        "calibration",
        "rival",
        "scenario",
        "measure",
        "posterior",
        "rises",
        "staying",
        "ranges",
        "worth",
        words=("rival", "scenario", "measure"),
    )
    rows = [_rival(tables, row) for row in rivals.to_dict("records")]
    return [
        Text(say("calibration.rivals_text")),
        Picture(draw_rivals(figures, rivals, tables.measures)),
        Table(say("calibration.rivals"), columns, [Block(rows)], compact=True),
        *_notes(tables, rivals),
    ]


def _rival(tables: CalibrationTables, row: Mapping[str, Any]) -> list[Cell]:
    per = tables.measures[row["measure"]]["per"]
    value, span = shown(row["median"], row["low"], row["high"], per, True)
    stay, around = shown(row["staying_median"], row["staying_low"], row["staying_high"], "share")
    return [
        Cell(row["rival"]),
        *_question(tables, row),
        Cell(value, span, row["median"]),
        percent_cell(row["positive"]),
        Cell(stay, around, row["staying_median"]),
        percent_cell(row["ranges"]),
        _worth_cell(row),
    ]
