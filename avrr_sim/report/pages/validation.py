"""The page of a validation: the probability of every pattern with its interval, and every check figure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from avrr_sim.report.figures.patterns import count_verdicts, draw_patterns
from avrr_sim.report.html.elements import Block, Cell, Column, Part, Picture, Section, Table, Text
from avrr_sim.report.html.page import limits, provenance, write_page
from avrr_sim.report.pages.cells import percent_cell, remark_text, significant_cell
from avrr_sim.report.words import catalogue
from avrr_sim.report.words.sentences import known, say
from avrr_sim.study.summary.contract import ValidationTables

PROVENANCE = ("weights", "draws", "size", "seed", "version", "commit", "evidence_hash", "digest")


def write_validation(folder: Path, tables: ValidationTables) -> Path:
    """Write `report.html` and its pictures into `folder`; returns the page's path.

    The same tables give the same bytes. Raises OSError where the folder cannot be written.
    """
    known_facts = tables.provenance
    sections = [
        _patterns(folder / "figures", tables),
        Section(
            "targets",
            say("validation.targets"),
            [Text(say("validation.targets_text")), check_table(tables.targets)],
            say("validation.targets_short"),
        ),
        limits(tables.limits),
        provenance(
            str(known_facts["command"]),
            [(say(f"validation.{key}"), str(known_facts[key])) for key in PROVENANCE],
        ),
    ]
    lead = say("validation.lead", draws=known_facts["draws"], weights=known_facts["weights"])
    return write_page(folder, say("validation.heading"), sections, lead=[Text(lead)])


def _patterns(figures: Path, tables: ValidationTables) -> Section:
    picture = draw_patterns(figures, tables)
    emerging = tables.patterns[tables.patterns["label"] == "emerging"]
    hits = count_verdicts(emerging)["hit"]
    parts: list[Part] = [
        Text(say("patterns.text", **count_verdicts(tables.patterns))),
        Text(say("validation.emerging", hit=hits, all=len(emerging))),
        Picture(picture),
        pattern_table(tables.patterns),
        Text(say("patterns.labels"), small=True),
        Text(say("validation.holds"), small=True),
    ]
    return Section("patterns", say("validation.patterns"), parts, say("validation.patterns_short"))


def _probability(row: Mapping[str, Any]) -> Cell:
    """A probability with its interval."""
    if not known(row["probability"]):
        return percent_cell(row["probability"])
    span = say("to", low=f"{100 * row['low']:.0f}", high=f"{100 * row['high']:.0f} %")
    return percent_cell(row["probability"], f"({span})")


def pattern_table(table: pd.DataFrame) -> Table:
    """Every pattern with label, verdict, probability and reading."""
    rows = [
        [
            Cell(f"{row['id']}: {row['statement']}", row["unit"]),
            Cell(catalogue.LABELS[row["label"]]),
            Cell(catalogue.VERDICTS[row["verdict"]]),
            _probability(row),
            percent_cell(row["clear"]),
            Cell(row["reading"].replace("`", "")),
        ]
        for row in table.to_dict("records")
    ]
    columns = [
        Column(say("patterns.statement"), numeric=False),
        Column(say("patterns.label"), numeric=False),
        Column(say("patterns.verdict"), numeric=False),
        Column(say("patterns.probability")),
        Column(say("validation.clear")),
        Column(say("patterns.reading"), numeric=False),
    ]
    return Table(say("patterns.caption_table"), columns, [Block(rows)], compact=True)


def check_table(table: pd.DataFrame) -> Table:
    """Every check figure with what is predicted, both verdicts and the note."""
    rows = [
        [
            Cell(f"{row['id']}: {row['figure']}", f"{row['measure']}; {row['window']}"),
            significant_cell(row["value"]),
            significant_cell(row["predictive_median"], row["predictive_low"], row["predictive_high"]),
            Cell(catalogue.VERDICTS[row["verdict"]]),
            Cell(catalogue.VERDICTS[row["judgement"]]),
            _probability(row),
            Cell(row["source"], remark_text(row["note"])),
        ]
        for row in table.to_dict("records")
    ]
    columns = [
        Column(say("targets.figure_head"), numeric=False),
        Column(say("targets.value")),
        Column(say("targets.predicted")),
        Column(say("targets.verdict"), numeric=False),
        Column(say("validation.near"), numeric=False),
        Column(say("validation.near_in")),
        Column(say("targets.source"), numeric=False),
    ]
    return Table(say("validation.caption_targets"), columns, [Block(rows)], compact=True)
