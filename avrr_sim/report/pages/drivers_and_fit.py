"""Parts of the sections that say what drives the results, and how far they meet what is known. Shared by
every page that has such tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from avrr_sim.report.figures.fit import draw_drivers, draw_targets
from avrr_sim.report.figures.patterns import count_verdicts
from avrr_sim.report.html.elements import DASH, Block, Cell, Fold, Part, Picture, Section, Table, Text
from avrr_sim.report.pages.cells import columns_of, far_off, percent_cell, remark_text, significant_cell
from avrr_sim.report.words import catalogue
from avrr_sim.report.words.sentences import known, say, significant
from avrr_sim.report.words.told import told as in_words


def drivers_section(*parts: Part) -> Section:
    """The section of what drives the results."""
    return Section("drivers", say("drivers.heading"), parts, say("drivers.short"))


def fit_section(*parts: Part) -> Section:
    """The section of how far the results meet what is known."""
    return Section("fit", say("fit.heading"), parts, say("fit.short"))


def driver_parts(figures: Path, table: pd.DataFrame) -> list[Part]:
    """What data did to the weights; writes their figure into the folder `figures`. `table`: columns as of
    `StudyTables.drivers`.
    """
    if table.empty:
        return [Text(say("drivers.empty"))]
    figure = draw_drivers(figures, table)
    fitted = int(table["posterior_median"].notna().sum())
    informed = int(table["informed"].fillna(False).astype(bool).sum())
    text = (
        say("drivers.text", all=len(table), fitted=fitted, informed=informed)
        if fitted
        else say("drivers.unfitted")
    )
    pictures = [Picture(figure)] if figure else []
    return [Text(text), *pictures, Fold(say("drivers.fold", all=len(table)), [driver_table(table)])]


def driver_table(table: pd.DataFrame) -> Table:
    """Weights with grade, basis, prior, posterior, contraction and whether data informed them."""
    columns = columns_of(
        "drivers",
        "weight",
        "grade",
        "basis",
        "prior_head",
        "posterior_head",
        "contraction",
        "threshold",
        "informed_head",
        "source",
        words=("weight", "grade", "basis", "informed_head", "source"),
    )
    rows = [_driver(row) for row in table.to_dict("records")]
    return Table(say("drivers.caption_table"), columns, [Block(rows)], compact=True)


def _driver(row: Mapping[str, Any]) -> list[Cell]:
    told = row["informed"]
    verdict = DASH if pd.isna(told) else say("drivers.is_informed" if told else "drivers.is_prior_driven")
    return [
        Cell(row["weight"], f"{in_words(row['meaning'])} ({in_words(row['unit'])})"),
        Cell(catalogue.GRADES.get(row["grade"], str(row["grade"]))),
        Cell(in_words(str(row["basis"]))),
        _median(row, "prior"),
        _median(row, "posterior"),
        percent_cell(row["contraction"]),
        percent_cell(row["threshold"]),
        Cell(verdict),
        Cell(in_words(str(row["source"]))),
    ]


def _median(row: Mapping[str, Any], which: str) -> Cell:
    """The median of prior, posterior or prediction with its interval."""
    return significant_cell(*(row[f"{which}_{column}"] for column in ("median", "low", "high")))


def target_parts(figures: Path, table: pd.DataFrame) -> list[Part]:
    """Published figures and what the model predicts; writes their figure into the folder `figures`. `table`:
    columns as of `StudyTables.targets`, and range_low, range_high where only a range is known.
    """
    if table.empty:
        return [Text(say("targets.empty"))]
    tested = table[table["verdict"] != "not tested"]
    inside, all_ = (frame["role"].value_counts() for frame in (tested[tested["verdict"] == "inside"], tested))
    text = say(
        "targets.text" if all_.get("check", 0) else "targets.text_fit",
        fit=inside.get("fit", 0),
        fit_all=all_.get("fit", 0),
        check=inside.get("check", 0),
        check_all=all_.get("check", 0),
    )
    far = sum(far_off(row) for row in tested[tested["verdict"] == "inside"].to_dict("records"))
    if far:
        text = f"{text} {say('targets.far_count', far=far)}"
    figure = draw_targets(figures, table)
    pictures = [Picture(figure)] if figure else []
    return [Text(text), *pictures, _target_table(table)]


def _target_table(table: pd.DataFrame) -> Table:
    columns = columns_of(
        "targets",
        "figure_head",
        "role",
        "value",
        "predicted",
        "verdict",
        "source",
        words=("figure_head", "role", "verdict", "source"),
    )
    rows = [
        [
            Cell(f"{row['id']}: {row['figure']}", f"{row['measure']}; {row['window']}"),
            Cell(catalogue.ROLES.get(row["role"], str(row["role"]))),
            _published(row),
            _median(row, "predictive"),
            _verdict(row),
            Cell(str(row["source"]), remark_text(row["note"])),
        ]
        for row in table.to_dict("records")
    ]
    return Table(say("targets.caption_table"), columns, [Block(rows)], compact=True)


def _verdict(row: Mapping[str, Any]) -> Cell:
    """The verdict on a figure; of one inside a wide prediction, where the middle of that lies."""
    told = catalogue.VERDICTS.get(row["verdict"], str(row["verdict"]))
    if row["verdict"] != "inside" or not far_off(row):
        return Cell(told)
    return Cell(told, say("targets.far", share=100 * row["predictive_median"] / row["value"]))


def _published(row: Mapping[str, Any]) -> Cell:
    """A published figure with its errors, or the range where only that is known."""
    if known(row["value"]):
        return Cell(significant(row["value"]), _errors(row), row["value"])
    low, high = row.get("range_low"), row.get("range_high")
    if low is not None and high is not None and known(low) and known(high):
        return Cell(say("to", low=significant(low), high=significant(high)), _errors(row), low)
    return Cell(DASH)


def _errors(row: Mapping[str, Any]) -> str:
    """How well a figure is known, and how far a good model may be off."""
    parts = []
    if known(row["standard_error"]):
        parts.append(say("targets.error", error=significant(row["standard_error"], 2)))
    if known(row["discrepancy"]) and row["discrepancy"]:
        parts.append(say("targets.discrepancy", error=significant(row["discrepancy"], 2)))
    return ", ".join(parts)


def pattern_parts(table: pd.DataFrame) -> list[Part]:
    """Patterns hit and missed; columns as of `StudyTables.patterns`."""
    if table.empty:
        return [Text(say("patterns.empty"))]
    columns = columns_of(
        "patterns",
        "statement",
        "label",
        "verdict",
        "probability",
        "draws",
        "reading",
        words=("statement", "label", "verdict", "reading"),
    )
    rows = [
        [
            Cell(f"{row['id']}: {row['statement']}"),
            Cell(catalogue.LABELS.get(row["label"], str(row["label"]))),
            Cell(catalogue.VERDICTS.get(row["verdict"], str(row["verdict"]))),
            percent_cell(row["probability"]),
            Cell(f"{row['draws']:.0f}", value=row["draws"]) if known(row["draws"]) else Cell(DASH),
            Cell(remark_text(row["reading"])),
        ]
        for row in table.to_dict("records")
    ]
    return [
        Text(say("patterns.text", **count_verdicts(table))),
        Table(say("patterns.caption_table"), columns, [Block(rows)], compact=True),
        Text(say("patterns.labels"), small=True),
    ]
