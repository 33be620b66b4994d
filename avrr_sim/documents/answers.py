"""The sentences and tables of docs/answers.md: what the answers to three questions depend on.

    python -m avrr_sim.documents.answers docs/answers.md [FOLDER]

It runs each question over the shipped posterior and fills every marked place. In FOLDER, where one is given,
the studies are kept, and gone on with where they were stopped.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import pandas as pd

from avrr_sim.documents.markdown import filled, markdown_table
from avrr_sim.measured import ALL
from avrr_sim.measures import MEASURES
from avrr_sim.report.words import answers, catalogue, findings
from avrr_sim.report.words.sentences import say
from avrr_sim.scenario import load_scenario
from avrr_sim.study.answers.told import tip_remarks
from avrr_sim.study.comparison.compare import compare
from avrr_sim.study.summary.tables import StudyTables

SCENARIOS = Path("scenarios")
DRAWS, REPLICATES, SIZE, SEED = 200, 2, 2000, 1
QUESTIONS: Mapping[str, Sequence[str]] = {
    "timing": ("information-early", "information-gradual", "information-late"),
    "cash": ("cash-doubled",),
    "removal": ("removal-doubled",),
}
"""Question -> the scenarios that are set against the Norwegian baseline, and one against the other."""


@cache
def asked(question: str, folder: Path | None) -> StudyTables:
    """The tables of the comparison that answers a question, which is kept in `folder`, where one is given."""
    files = [SCENARIOS / f"{name}.yaml" for name in ("baseline-norway", *QUESTIONS[question])]
    loaded = [load_scenario(file) for file in files]
    numbers: dict[str, Any] = {"draws": DRAWS, "replicates": REPLICATES, "size": SIZE, "seed": SEED}
    kept = folder / question if folder is not None else None
    resume = kept is not None and (kept / "manifest.json").is_file()
    return compare(loaded, **numbers, twins=False, out=kept, resume=resume).tables


def names(tables: StudyTables) -> dict[str, str]:
    """Names of scenarios by key."""
    return {scenario["key"]: scenario["name"] for scenario in tables.scenarios}


def tips(tables: StudyTables) -> str:
    """Every tipping point that was found, one line each."""
    said = answers.depends_said(tip_remarks(tables.tipping, names(tables)))
    return "\n".join(f"- {text}" for text in said) or "No weight was found on which the sign turns."


def varies(tables: StudyTables) -> str:
    """What differences vary with, two weights at most of each."""
    own = tables.tipping[(tables.tipping["kind"] == "size") & (tables.tipping["place"] <= 2)]
    rows = [
        [
            pair(tables, row),
            catalogue.CHANGED[row["measure"]]["name"],
            f"{row['meaning']} ({row['unit']})",
            changed(row, row["low_third"]),
            changed(row, row["high_third"]),
            f"{100 * row['predicted']:.0f}",
        ]
        for row in own.to_dict("records")
    ]
    ends = ("where it is in its lowest third", "in its highest third")
    head = ["policies", "outcome", "weight", *ends, "predicted of the order of draws left out, %"]
    return markdown_table(head, rows) if rows else "Nothing was found with which a difference varies."


def pair(tables: StudyTables, row: Mapping[str, Any]) -> str:
    """The two policies of a row."""
    return f"{names(tables)[row['scenario']]} instead of {names(tables)[row['against']]}"


def changed(row: Mapping[str, Any], value: float) -> str:
    """A mean difference, of 1,000 or in persons."""
    effect = dict.fromkeys(("difference", "low", "high"), value)
    of = catalogue.CHANGED[row["measure"]]["of"]
    return f"{findings.change(effect, MEASURES[row['measure']].per)[0]} {of}"


def ceilings(tables: StudyTables) -> str:
    """The effects, and below them the ceilings."""
    rows = tables.differences[tables.differences["group_by"] == ALL]
    effects = rows[rows["measure"].isin(tables.ceilings["measure"])]
    lines = [(names(tables)[row["scenario"]], row) for row in effects.to_dict("records")]
    below = tables.ceilings.to_dict("records")
    lines += [(say("answers.ceiling", name=answers.ceiling(row["ceiling"])), row) for row in below]
    return by_measure(lines, "with", tables.ceilings)


def readings(tables: StudyTables) -> str:
    """The effects under each named hypothesis and under the mixture of both."""
    lines = [
        (f"{names(tables)[row['scenario']]}, {answers.reading(row['hypothesis'])}", row)
        for row in tables.readings.to_dict("records")
    ]
    return by_measure(lines, "policy and reading", tables.readings)


def by_measure(lines: Sequence[tuple[str, dict[Any, Any]]], first: str, told: pd.DataFrame) -> str:
    """A table with a row a name and a column a measure: differences with their intervals."""
    measures = list(dict.fromkeys(told["measure"]))
    found: dict[str, dict[str, str]] = {}
    for name, row in lines:
        shown = "too few" if row["suppressed"] else findings.signed(row, MEASURES[row["measure"]].per)
        found.setdefault(name, {})[row["measure"]] = shown
    head = [f"{catalogue.CHANGED[m]['name'].lower()}, {catalogue.CHANGED[m]['of']}" for m in measures]
    return markdown_table(
        [first, *head], [[name, *(own[m] for m in measures)] for name, own in found.items()]
    )


PARTS: Mapping[str, Callable[[StudyTables], str]] = {"tips": tips, "varies": varies, "ceilings": ceilings}
"""What is told of every question."""


def made(folder: Path | None = None) -> dict[str, Callable[[], str]]:
    """Every table of the page, by the name of its place; `folder`: where the studies are kept."""

    def told(question: str, part: Callable[[StudyTables], str]) -> str:
        return part(asked(question, folder))

    tables: dict[str, Callable[[], str]] = {
        f"{question}-{name}": partial(told, question, part)
        for question in QUESTIONS
        for name, part in PARTS.items()
    }
    return {**tables, "timing-readings": partial(told, "timing", readings)}


if __name__ == "__main__":
    document, *kept_in = map(Path, sys.argv[1:])
    tables = made(kept_in[0] if kept_in else None)
    text = filled(document.read_text(encoding="utf-8"), document, tables=tables)
    document.write_text(text, encoding="utf-8")
