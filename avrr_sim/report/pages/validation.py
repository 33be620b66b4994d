"""The page of a validation, and its picture: the probability of every pattern with its interval, and where
verdicts are cut.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from avrr_sim.report.figures.patterns import _counts, patterns
from avrr_sim.report.html import page
from avrr_sim.report.html.elements import DASH, Block, Cell, Column, Picture, Section, Table, Text
from avrr_sim.report.words import catalogue
from avrr_sim.report.words.sentences import say, significant
from avrr_sim.study.patterns.pattern import EMERGING


def write_validation(folder: Path, out: Path | None = None) -> Path:
    """Write `report.html` and the pictures of a validation's folder from its tables, into it or into `out`;
    returns the page's path.

    The same tables give the same bytes. Raises OSError where the folder cannot be written.
    """
    told, targets = pd.read_parquet(folder / "patterns.parquet"), pd.read_parquet(folder / "targets.parquet")
    facts = json.loads((folder / "validation.json").read_text(encoding="utf-8"))
    provenance = facts["provenance"]
    picture = patterns((out or folder) / "figures", told)
    text = say("patterns.text", **_counts(told))
    emerging = told[told["label"] == EMERGING]
    own = say("validation.emerging", hit=int((emerging["verdict"] == "hit").sum()), all=len(emerging))
    sections = [
        Section(
            "patterns",
            say("validation.patterns"),
            [
                Text(text),
                Text(own),
                Picture(picture),
                pattern_table(told),
                Text(say("patterns.labels"), small=True),
                Text(say("validation.holds"), small=True),
            ],
            say("validation.patterns_short"),
        ),
        Section(
            "targets",
            say("validation.targets"),
            [Text(say("validation.targets_text")), target_table(targets)],
            say("validation.targets_short"),
        ),
        page.limits(facts["limits"]),
        page.provenance(
            provenance["command"],
            [
                (say(f"validation.{key}"), str(provenance[key]))
                for key in (
                    "weights",
                    "draws",
                    "size",
                    "seed",
                    "version",
                    "commit",
                    "evidence_hash",
                    "digest",
                )
            ],
        ),
    ]
    lead = [Text(say("validation.lead", draws=provenance["draws"], weights=provenance["weights"]))]
    return page.write_page(out or folder, facts["title"], sections, lead=lead)


def _percent(row: dict) -> Cell:
    """A probability with its interval."""
    if np.isnan(row["probability"]):
        return Cell(DASH)
    span = say("to", low=f"{100 * row['low']:.0f}", high=f"{100 * row['high']:.0f} %")
    return Cell(f"{100 * row['probability']:.0f} %", f"({span})", float(row["probability"]))


def _share(value: float) -> Cell:
    return Cell(DASH) if np.isnan(value) else Cell(f"{100 * value:.0f} %", value=float(value))


def pattern_table(table: pd.DataFrame) -> Table:
    """Every pattern with label, verdict, probability and reading."""
    rows = [
        [
            Cell(f"{row['id']}: {row['statement']}", row["unit"]),
            Cell(catalogue.LABELS[row["label"]]),
            Cell(catalogue.VERDICTS[row["verdict"]]),
            _percent(row),
            _share(row["clear"]),
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


def target_table(table: pd.DataFrame) -> Table:
    """Every check figure with what is predicted, both verdicts and the note."""
    rows = []
    for row in table.to_dict("records"):
        spread = (
            Cell(DASH)
            if np.isnan(row["predictive_median"])
            else Cell(
                significant(row["predictive_median"]),
                "("
                + say("to", low=significant(row["predictive_low"]), high=significant(row["predictive_high"]))
                + ")",
                row["predictive_median"],
            )
        )
        value = Cell(DASH) if np.isnan(row["value"]) else Cell(significant(row["value"]), value=row["value"])
        rows.append(
            [
                Cell(f"{row['id']}: {row['figure']}", f"{row['measure']}; {row['window']}"),
                value,
                spread,
                Cell(catalogue.VERDICTS[row["verdict"]]),
                Cell(catalogue.VERDICTS[row["judgement"]]),
                _percent(row),
                Cell(row["source"], row["note"]),
            ]
        )
    heads = (
        ("targets.figure_head", False),
        ("targets.value", True),
        ("targets.predicted", True),
        ("targets.verdict", False),
        ("validation.near", False),
        ("validation.near_in", True),
        ("targets.source", False),
    )
    return Table(
        say("validation.caption_targets"),
        [Column(say(key), numeric=numeric) for key, numeric in heads],
        [Block(rows)],
        compact=True,
    )
