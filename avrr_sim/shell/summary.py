"""What `avrr run` and `compare` say before a study and print of its results."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from rich.table import Table

from avrr_sim.compiled import announce_compilation
from avrr_sim.measures import COMPARATIVE, MEASURES
from avrr_sim.report.words import sentences
from avrr_sim.shell.cautions import say_cautions
from avrr_sim.shell.printing import (
    Side,
    console,
    in_words,
    json_rows,
    print_json,
    say,
    span_in_words,
    table_of,
)
from avrr_sim.study.comparison.compare import Comparison
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.summary.cautions import cautions_of_plan
from avrr_sim.study.summary.limits import readings_that_differ

SHOWN = (
    "uptake_24",
    "pressure_dependent",
    "misinformed",
    "application_hazard",
    "drop_out_12",
    "applications",
    "assisted_departures",
    "unassisted_returns",
    "removals",
    "moved_on",
    "gone_under",
    "missing",
    "protection_needs",
    "wrongly_rejected_returns",
    "knowledge_centre",
    "knowledge_private",
)
"""Measures that the shell's summary prints; the run folder holds all."""


def warn(plan: Plan, quiet: bool) -> None:
    """Say on standard error what a reader should know before the study is run; with `quiet`, no more than
    that.
    """
    say_cautions(cautions_of_plan(plan))
    for warning in sentences.limits_said(readings_that_differ(plan)):
        say(f"warning: {warning}")
    if not quiet:
        announce_compilation()


def print_summary(result: Comparison, as_json: bool) -> None:
    """The summary: levels of one scenario, or differences from the baseline; and where the folder is."""
    tables, folder, paired = result.tables, result.folder, len(result.plan.keys) > 1
    report = folder / "report.html" if folder is not None else None
    frame = tables.differences if paired else tables.levels
    frame = frame[
        (frame["group_by"] == "all")
        & frame["measure"].isin([*SHOWN, "additional_returns", "deadweight", "cost_per_additional"])
    ]
    pressing = [s["key"] for s in tables.scenarios if s["coercion"]]
    if as_json:
        facts = {
            "folder": str(folder),
            "report": str(report),
            "interval": tables.provenance["interval"],
            "coercion": pressing,
            "rows": json_rows(frame),
        }
        print_json(facts)
        return
    names = {s["key"]: s["name"] for s in tables.scenarios}
    for key in result.plan.keys[1:] or result.plan.keys:
        mine = frame[frame["scenario"] == key]
        console().print(_summary_table(names[key], mine, tables.measures, paired))
    if pressing:
        print(sentences.say("coercion.named", names=", ".join(names[key] for key in pressing)))
    print(
        f"Uncertainty interval: {100 * tables.provenance['interval']:.0f} % of draws; s.e.: Monte "
        "Carlo error of the mean. All measures, groups and months: the folder."
    )
    print(f"Folder: {folder}\nReport: {report}")


def _summary_table(
    title: str, frame: pd.DataFrame, measures: dict[str, dict[str, Any]], paired: bool
) -> Table:
    levels: list[tuple[str, Side]] = (
        [("baseline", "right"), ("difference", "right")] if paired else [("level", "right")]
    )
    signs: list[tuple[str, Side]] = [("draws agreeing on the sign", "right")] if paired else []
    table = table_of(
        title,
        [
            ("measure", "left"),
            ("unit", "left"),
            *levels,
            ("uncertainty interval", "right"),
            ("s.e.", "right"),
            *signs,
        ],
    )
    rows = {row["measure"]: row for row in frame.to_dict("records")}
    for name in MEASURES:
        if name in rows:
            table.add_row(*_summary_row(rows[name], measures[name], paired))
    return table


def _summary_row(row: Mapping[Hashable, Any], measure: dict[str, Any], paired: bool) -> list[str]:
    """Label, unit, level or baseline and difference, interval, Monte Carlo error, and sign of a measure."""
    per = measure["per"]
    # a deadweight is no difference of two levels
    signed = paired and (row["measure"] not in COMPARATIVE or row["measure"].startswith("additional"))
    error = in_words(row["mc_error"], per).replace("%", "points" if signed else "%")
    if row["suppressed"]:
        span = "too few people"
    elif math.isnan(row["difference" if paired else "value"]):
        span = "not estimable"
    else:
        span = span_in_words(row["low"], row["high"], per, signed)
    head = [measure["label"], measure["unit"]]
    if not paired:
        return [*head, in_words(row["value"], per), span, error]
    sign = "-" if math.isnan(row["sign_share"]) else f"{100 * row['sign_share']:.0f} %"
    middle = [in_words(row["baseline"], per), in_words(row["difference"], per, signed)]
    return [*head, *middle, span, error, sign]
