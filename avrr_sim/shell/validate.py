"""What `avrr validate` does and prints, kept apart from `cli` so that help appears at once."""

from __future__ import annotations

import json
import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from rich.table import Table

from avrr_sim.compiled import announce_compilation
from avrr_sim.posterior import FOLDER
from avrr_sim.refusals import refusal
from avrr_sim.shell.options import Manner, command_of
from avrr_sim.shell.printing import (
    console,
    duration,
    in_words,
    print_json,
    print_plan,
    table_of,
    tell_failures,
)
from avrr_sim.shell.report import write_page
from avrr_sim.study.folder.whole import write_csv
from avrr_sim.study.jobs.executor import default_workers
from avrr_sim.study.patterns.worlds import WORLDS
from avrr_sim.study.summary.statistics import INTERVAL
from avrr_sim.study.summary.tables import FRAMES
from avrr_sim.study.validation.order import Validated, ValidationOrder, order_of
from avrr_sim.study.validation.validate import perform

SECONDS = 7.0
"""Processor seconds of one draw at SECONDS_SIZE units, measured once on one machine; for the estimate of
--plan only.
"""
SECONDS_SIZE = 20_000


def run_validate(numbers: dict[str, Any], ship: bool, manner: Manner) -> None:
    """Validate, write the folder with its page, print the verdicts. Raises SystemExit(1) where a draw failed;
    verdicts never do.
    """
    how = manner.execution()
    order = order_of(numbers, command_of("validate", **numbers))
    if ship and order.plan.weights != "posterior":
        raise refusal(
            f"--ship with --weights {order.plan.weights}",
            allowed="--weights posterior: the verdicts that come with the package belong to it",
        )
    if manner.only_plan:
        workers = manner.workers or default_workers()
        seconds = SECONDS * order.plan.draws * order.plan.size / SECONDS_SIZE / workers
        print_plan(_plan_facts(order, f"{duration(seconds)} with {workers} workers"), manner.as_json, seconds)
        return
    if not manner.quiet:
        announce_compilation()
    result = perform(order, how, write_page)
    if ship:
        columns = list(FRAMES["patterns"])
        write_csv(result.tables["patterns"][columns], FOLDER / "patterns.csv")
    _tell(result, manner.as_json)
    tell_failures(result.failures, f"of {order.plan.draws} draws")


def _plan_facts(order: ValidationOrder, expected: str) -> dict[str, Any]:
    plan = order.plan
    return {
        "study": "validate",
        "worlds": list(WORLDS),
        "draws": plan.draws,
        "runs": order.runs,
        "size": plan.size,
        "weights": plan.weights,
        "seed": plan.seed,
        "digest": order.digest,
        "expected": expected,
    }


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return json.loads(table.to_json(orient="records"))


def _share(value: float) -> str:
    return "-" if math.isnan(value) else f"{100 * value:.0f} %"


def _span(row: Mapping[Hashable, Any]) -> str:
    return "-" if math.isnan(row["probability"]) else f"{100 * row['low']:.0f} to {100 * row['high']:.0f} %"


def _tell(result: Validated, as_json: bool) -> None:
    """The verdicts on standard output."""
    page = result.folder / "report.html" if result.folder is not None else None
    if as_json:
        facts = {
            "folder": str(result.folder),
            "report": str(page),
            "interval": INTERVAL,
            "patterns": _rows(result.tables["patterns"]),
            "targets": _rows(result.tables["targets"]),
        }
        print_json(facts)
        return
    console().print(_patterns_table(result))
    console().print(_checks_table(result))
    print(
        "Holds in: share of draws, one that cannot tell counting by half; clear: draws in which "
        "chance hardly can turn the sign. Imposed patterns were put in."
    )
    print(f"Folder: {result.folder}\nReport: {page}")


def _patterns_table(result: Validated) -> Table:
    plan = result.order.plan
    table = table_of(
        f"Patterns, {plan.draws} draws of the {plan.weights} weights",
        [
            ("pattern", "left"),
            ("statement", "left"),
            ("label", "left"),
            ("verdict", "left"),
            ("holds in", "right"),
            (f"{100 * INTERVAL:.0f} % interval", "right"),
            ("clear", "right"),
        ],
    )
    for row in result.tables["patterns"].to_dict("records"):
        words = [row[name] for name in ("id", "statement", "label", "verdict")]
        table.add_row(*words, _share(row["probability"]), _span(row), _share(row["clear"]))
    return table


def _checks_table(result: Validated) -> Table:
    table = table_of(
        "Check figures, to which nothing was fitted",
        [
            ("target", "left"),
            ("measure", "left"),
            ("published", "right"),
            ("predicted", "right"),
            ("lies", "left"),
            ("verdict", "left"),
            ("near in", "right"),
        ],
    )
    for row in result.tables["targets"].to_dict("records"):
        span = (
            "-"
            if math.isnan(row["predictive_low"])
            else f"{in_words(row['predictive_low'], 'count')} to {in_words(row['predictive_high'], 'count')}"
        )
        table.add_row(
            row["id"],
            f"{row['measure']}, {row['window']}",
            in_words(row["value"], "count"),
            span,
            row["verdict"],
            row["judgement"],
            _share(row["probability"]),
        )
    return table
