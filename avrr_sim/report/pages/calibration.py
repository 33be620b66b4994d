"""The page of a calibration: what was learned, how the figures pull, and whether the method is sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from avrr_sim.report.figures.calibration import (
    draw_contraction,
    draw_coverage,
    draw_ranks,
    draw_recovery,
    draw_tension,
)
from avrr_sim.report.figures.paths import draw_paths, draw_ratios
from avrr_sim.report.html.elements import Block, Cell, Fold, Note, Part, Picture, Section, Table, Text
from avrr_sim.report.html.page import limits, provenance, write_page
from avrr_sim.report.pages.cells import columns_of, percent_cell, significant_cell
from avrr_sim.report.pages.drivers_and_fit import driver_parts, drivers_section, fit_section, target_parts
from avrr_sim.report.words import catalogue
from avrr_sim.report.words.language import numeral
from avrr_sim.report.words.sentences import notes_on_effects, say, shown, significant, unit
from avrr_sim.report.words.told import measure_told, told
from avrr_sim.study.summary.contract import CalibrationTables, measured_in

PROVENANCE = (
    "version",
    "commit",
    "digest",
    "runs",
    "waves",
    "points",
    "size",
    "close_points",
    "close_size",
    "draws",
    "worth_before_taking",
    "runs_believed_less",
    "weight_cut",
    "seed",
)


def write_calibration(folder: Path, tables: CalibrationTables) -> Path:
    """Write `report.html` and its pictures into `folder`; returns the page's path.

    The same tables give the same bytes. Raises OSError where the folder cannot be written.
    """
    tables = replace(tables, measures={name: measure_told(info) for name, info in tables.measures.items()})
    figures = folder / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    told = [(key.replace("_", " "), str(tables.provenance[key])) for key in PROVENANCE]
    sections = [
        _section("paths", *_path_parts(figures, tables)),
        fit_section(
            *target_parts(figures, _outside_first(tables.targets)),
            Picture(draw_tension(figures, tables.tension)),
            _tension_table(tables.tension),
        ),
        drivers_section(
            Picture(draw_contraction(figures, tables.drivers)),
            _tolerance_table(tables.tolerances),
            *driver_parts(figures, tables.drivers),
        ),
        _section("effects", *_effect_parts(tables)),
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
    judged = [answer for answer in tables.answers if answer in ("passed", "failed")]
    outside = list(tables.targets["id"][tables.targets["verdict"] == "outside"])
    outside += list(tables.paths["id"][~tables.paths["inside"] & ~tables.paths["id"].isin(outside)])
    return say(
        "calibration.lead",
        failed=judged.count("failed"),
        checks=len(judged),
        outside=", ".join(outside) or say("calibration.none"),
        runs=told["runs"],
        draws=told["draws"],
        informed=int(drivers["informed"].sum()),
        acting=int(drivers["acts"].sum()),
        all=len(drivers),
    )


def _outside_first(table: pd.DataFrame) -> pd.DataFrame:
    """Figures that lie outside what is predicted of them, before the others."""
    return table.sort_values("verdict", ascending=False, kind="stable").reset_index(drop=True)


def _path_parts(figures: Path, tables: CalibrationTables) -> list[Part]:
    """Series year by year, ratios between years, whole paths, and years left out."""
    if tables.paths.empty:
        return []
    years, ratios = (tables.paths[tables.paths["kind"] == kind] for kind in ("year", "ratio"))
    units = _units(years, tables.targets)
    parts: list[Part] = [Picture(draw_paths(figures, years, units)), _path_table(years, "paths")]
    if len(ratios):
        parts += [Picture(draw_ratios(figures, ratios)), _path_table(ratios, "ratios")]
    return [*parts, _whole_table(tables.whole_paths), *_left_out_parts(tables.left_out)]


def _units(years: pd.DataFrame, targets: pd.DataFrame) -> dict[str, str]:
    """Unit of every series, as its measure has it."""
    measures = targets.set_index("id")["measure"]
    named = {row["series"]: measured_in(measures[row["id"]]) for row in years.to_dict("records")}
    return {series: unit({**info, "unit": told(info["unit"])}) for series, info in named.items()}


def _path_table(table: pd.DataFrame, key: str) -> Table:
    rows = [
        [
            Cell(row["id"]),
            significant_cell(row["published"]),
            significant_cell(*(row[f"prior_{end}"] for end in ("median", "low", "high"))),
            significant_cell(*(row[f"posterior_{end}"] for end in ("median", "low", "high"))),
            Cell(catalogue.VERDICTS["inside" if row["in_model"] else "outside"]),
            Cell(catalogue.VERDICTS["inside" if row["inside"] else "outside"]),
        ]
        for row in table.sort_values(["inside", "in_model"], kind="stable").to_dict("records")
    ]
    columns = columns_of(
        "calibration",
        "figure",
        "published",
        "prior",
        "posterior",
        "in_model",
        "in_prediction",
        words=("figure", "in_model", "in_prediction"),
    )
    return Table(say(f"calibration.{key}"), columns, [Block(rows)], compact=True)


def _whole_table(table: pd.DataFrame) -> Table:
    rows = [
        [
            Cell(row["series"]),
            Cell(f"{row['years']}", value=row["years"]),
            percent_cell(row["prior"]),
            percent_cell(row["posterior"]),
            percent_cell(row["expected"]),
        ]
        for row in table.to_dict("records")
    ]
    columns = columns_of(
        "calibration", "series", "years", "prior", "posterior", "expected", words=("series",)
    )
    return Table(say("calibration.whole_paths"), columns, [Block(rows)], compact=True)


def _left_out_parts(table: pd.DataFrame) -> list[Part]:
    if table.empty:
        return []
    rows = [
        [
            Cell(row["id"]),
            significant_cell(row["published"]),
            significant_cell(row["median"], row["low"], row["high"]),
            Cell(f"{row['pull']:+.1f}", value=row["pull"]),
            Cell(catalogue.VERDICTS["inside" if row["inside"] else "outside"]),
        ]
        for row in table.sort_values("inside", kind="stable").to_dict("records")
    ]
    columns = columns_of(
        "calibration", "figure", "published", "others", "pull", "verdict", words=("figure", "verdict")
    )
    return [Table(say("calibration.left_out"), columns, [Block(rows)], compact=True)]


def _check_parts(figures: Path, tables: CalibrationTables) -> list[Part]:
    """The checks of the method: in a few lines, in pictures, and quantity by quantity behind a fold."""
    recovery = [Picture(draw_recovery(figures, tables))] if len(tables.recovery) else []
    return [
        Text(say("calibration.checks_text", n=len(tables.ranks))),
        _verdict_table(tables),
        _method_table(tables.methods),
        Picture(draw_ranks(figures, tables)),
        Picture(draw_coverage(figures, tables)),
        *recovery,
        Fold(say("calibration.each"), [_quantity_table(tables.checks)]),
    ]


def _method_table(table: pd.DataFrame) -> Table:
    """Two ways of fitting side by side."""
    shares = [f"coverage_{kind}" for kind in ("weight", "figure", "effect")]
    numbers = [*(f"p_{kind}" for kind in ("weight", "figure", "effect")), "energy"]
    rows = [
        [
            Cell(row["method"]),
            *(percent_cell(row[name]) for name in (*shares, "width_figures", "width_informed")),
            *(Cell(significant(row[name]), value=row[name]) for name in numbers),
        ]
        for row in table.to_dict("records")
    ]
    heads = ("method", *shares, "width_figures", "width_informed", *numbers)
    columns = columns_of("calibration", *heads, words=("method",))
    return Table(say("calibration.methods"), columns, [Block(rows)], compact=True)


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


def _hundredths(row: Mapping[str, Any]) -> str:
    """The interval of a share in whole per cent, in brackets."""
    ends = {end: numeral(100 * row[end], ".0f") for end in ("low", "high")}
    return f"({say('to', **ends)})"


def _quantity_table(table: pd.DataFrame) -> Table:
    rows = [
        [
            Cell(row["quantity"].replace("_", " ")),
            Cell(row["kind"]),
            percent_cell(row["coverage"], _hundredths(row)),
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


def _tolerance_table(table: pd.DataFrame) -> Table:
    rows = [
        [
            Cell(numeral(row["tolerance"], "g"), value=row["tolerance"]),
            percent_cell(row["threshold"]),
            Cell(f"{row['informed']}", row["names"].replace("_", " "), row["informed"]),
        ]
        for row in table.to_dict("records")
    ]
    columns = columns_of("calibration", "tolerance", "bar", "tolerance_informed")
    return Table(say("calibration.tolerances"), columns, [Block(rows)], compact=True)


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
