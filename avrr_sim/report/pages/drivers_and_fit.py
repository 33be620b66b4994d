"""Sections 7 and 8: what drives the results, and how far they meet what is known. Shared by every page that
has such tables.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from avrr_sim.report.figures import fit
from avrr_sim.report.html.elements import DASH, Block, Cell, Column, Fold, Picture, Section, Table, Text
from avrr_sim.report.words import catalogue
from avrr_sim.report.words.sentences import known, say, significant


def sections(
    folder: Path, drivers: pd.DataFrame, targets: pd.DataFrame, patterns: pd.DataFrame, more: Any = ()
) -> list[Section]:
    """The sections "drivers" and "fit" of these tables (columns as in `StudyTables`; any may be empty);
    writes their figures into `folder`.

    `more`: further parts of the first section, such as the figure of spread by grade.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [
        Section("drivers", say("drivers.heading"), [*more, *_drivers(folder, drivers)], say("drivers.short")),
        Section(
            "fit", say("fit.heading"), [*_targets(folder, targets), *_patterns(patterns)], say("fit.short")
        ),
    ]


def _drivers(folder: Path, table: pd.DataFrame) -> list[Any]:
    if table.empty:
        return [Text(say("drivers.empty"))]
    figure = fit.drivers(folder, table)
    fitted = table["posterior_median"].notna()
    informed = table["informed"].fillna(False).astype(bool)
    parts: list[Any] = (
        [
            Text(
                say(
                    "drivers.text",
                    all=len(table),
                    fitted=int(fitted.sum()),
                    informed=int(informed.sum()),
                    chance=int(fitted.sum()) / 20,
                )
            )
        ]
        if fitted.any()
        else [Text(say("drivers.unfitted"))]
    )
    parts += [Picture(figure)] if figure else []
    return [*parts, Fold(say("drivers.fold", all=len(table)), [driver_table(table)])]


def driver_table(table: pd.DataFrame) -> Table:
    """Weights with grade, basis, prior, posterior, contraction and whether data informed them."""
    rows = []
    for row in table.to_dict("records"):
        told = row["informed"]
        verdict = DASH if pd.isna(told) else say("drivers.is_informed" if told else "drivers.is_prior_driven")
        rows.append(
            [
                Cell(row["weight"], f"{row['meaning']} ({row['unit']})"),
                Cell(catalogue.GRADES.get(row["grade"], str(row["grade"]))),
                Cell(str(row["basis"])),
                _triple(row, "prior"),
                _triple(row, "posterior"),
                _percent(row["contraction"]),
                _percent(row["threshold"]),
                Cell(verdict),
                Cell(str(row["source"])),
            ]
        )
    heads = (
        ("weight", False),
        ("grade", False),
        ("basis", False),
        ("prior_head", True),
        ("posterior_head", True),
        ("contraction", True),
        ("threshold", True),
        ("informed_head", False),
        ("source", False),
    )
    return Table(
        say("drivers.caption_table"),
        [Column(say(f"drivers.{key}"), numeric=numeric) for key, numeric in heads],
        [Block(rows)],
        compact=True,
    )


def _triple(row: dict, which: str) -> Cell:
    low, middle, high = (row[f"{which}_{c}"] for c in ("low", "median", "high"))
    if not known(middle):
        return Cell(DASH)
    return Cell(significant(middle), f"({say('to', low=significant(low), high=significant(high))})", middle)


def _percent(share: float) -> Cell:
    return Cell(f"{100 * share:.0f} %", value=float(share)) if known(share) else Cell(DASH)


def _targets(folder: Path, table: pd.DataFrame) -> list[Any]:
    if table.empty:
        return [Text(say("targets.empty"))]
    tested = table[table["verdict"] != "not tested"]
    hits = {
        role: (
            int((tested.loc[tested["role"] == role, "verdict"] == "inside").sum()),
            int((tested["role"] == role).sum()),
        )
        for role in ("fit", "check")
    }
    figure = fit.targets(folder, table)
    parts: list[Any] = [
        Text(
            say(
                "targets.text",
                fit=hits["fit"][0],
                fit_all=hits["fit"][1],
                check=hits["check"][0],
                check_all=hits["check"][1],
            )
        )
    ]
    parts += [Picture(figure)] if figure else []
    rows = []
    for row in table.to_dict("records"):
        rows.append(
            [
                Cell(f"{row['id']}: {row['figure']}", f"{row['measure']}; {row['window']}"),
                Cell(catalogue.ROLES.get(row["role"], str(row["role"]))),
                _published(row),
                _triple(row, "predictive"),
                Cell(catalogue.VERDICTS.get(row["verdict"], str(row["verdict"]))),
                Cell(str(row["source"]), str(row["note"] or "")),
            ]
        )
    heads = (
        ("figure_head", False),
        ("role", False),
        ("value", True),
        ("predicted", True),
        ("verdict", False),
        ("source", False),
    )
    columns = [Column(say(f"targets.{key}"), numeric=numeric) for key, numeric in heads]
    return [*parts, Table(say("targets.caption_table"), columns, [Block(rows)], compact=True)]


def _published(row: dict) -> Cell:
    """A published figure with its errors, or the range where only that is known."""
    if known(row["value"]):
        return Cell(significant(row["value"]), _error(row), row["value"])
    if known(row.get("range_low")) and known(row.get("range_high")):
        return Cell(
            say("to", low=significant(row["range_low"]), high=significant(row["range_high"])),
            _error(row),
            row["range_low"],
        )
    return Cell(DASH)


def _error(row: dict) -> str:
    parts = (
        [say("targets.error", error=significant(row["standard_error"], 2))]
        if known(row["standard_error"])
        else []
    )
    parts += (
        [say("targets.discrepancy", error=significant(row["discrepancy"], 2))]
        if known(row["discrepancy"]) and row["discrepancy"]
        else []
    )
    return ", ".join(parts)


def _patterns(table: pd.DataFrame) -> list[Any]:
    if table.empty:
        return [Text(say("patterns.empty"))]
    counts = {
        verdict: int((table["verdict"] == verdict).sum()) for verdict in ("hit", "missed", "not decidable")
    }
    rows = [
        [
            Cell(f"{row['id']}: {row['statement']}"),
            Cell(catalogue.LABELS.get(row["label"], str(row["label"]))),
            Cell(catalogue.VERDICTS.get(row["verdict"], str(row["verdict"]))),
            _percent(row["probability"]),
            Cell(f"{row['draws']:.0f}", value=row["draws"]) if known(row["draws"]) else Cell(DASH),
            Cell(str(row["reading"] or "")),
        ]
        for row in table.to_dict("records")
    ]
    heads = (
        ("statement", False),
        ("label", False),
        ("verdict", False),
        ("probability", True),
        ("draws", True),
        ("reading", False),
    )
    columns = [Column(say(f"patterns.{key}"), numeric=numeric) for key, numeric in heads]
    text = say("patterns.text", hit=counts["hit"], missed=counts["missed"], open=counts["not decidable"])
    return [
        Text(text),
        Table(say("patterns.caption_table"), columns, [Block(rows)], compact=True),
        Text(say("patterns.labels"), small=True),
    ]
