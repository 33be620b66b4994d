"""What `avrr validate` does and prints, kept apart from `cli` so that help appears at once."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from avrr_sim.compiled import announce_compilation
from avrr_sim.posterior import FOLDER
from avrr_sim.refusals import refusal
from avrr_sim.shell.printing import duration, in_words, progress_bar
from avrr_sim.shell.report import write_report
from avrr_sim.study.folder.whole import write_whole
from avrr_sim.study.jobs.executor import default_workers
from avrr_sim.study.patterns.worlds import WORLDS
from avrr_sim.study.summary.statistics import INTERVAL
from avrr_sim.study.summary.tables import FRAMES
from avrr_sim.study.validation.order import Validated, Validation, order_of
from avrr_sim.study.validation.validate import carry_out

SECONDS = 7.0
"""Processor seconds of one draw at SECONDS_SIZE units, measured once on one machine; for the estimate of
--plan only.
"""
SECONDS_SIZE = 20_000


def say(text: str) -> None:
    """A message on standard error."""
    print(f"avrr: {text}", file=sys.stderr, flush=True)


def run_validate(
    numbers: dict,
    *,
    workers: int | None,
    out: Path | None,
    resume: bool,
    ship: bool,
    only_plan: bool,
    as_json: bool,
    quiet: bool,
    command: str,
) -> None:
    """Validate, write the folder with its page, print the verdicts. Raises SystemExit(1) where a draw failed;
    verdicts never do.
    """
    if workers is not None and not 1 <= workers <= 1024:
        raise refusal(f"--workers {workers}", allowed="a whole number from 1 to 1024")
    order = order_of(numbers, command)
    if ship and order.plan.weights != "posterior":
        raise refusal(
            f"--ship with --weights {order.plan.weights}",
            allowed="--weights posterior: the verdicts that come with the package belong to it",
        )
    if only_plan:
        _print_plan(order, workers or default_workers(), as_json)
        return
    if not quiet:
        announce_compilation()
    result = carry_out(
        order,
        out,
        workers=workers,
        resume=resume,
        progress=lambda n: progress_bar(n, quiet, "draws"),
        say=(lambda text: None) if quiet else say,
    )
    patterns, targets = (
        pd.read_parquet(result.folder / f"{name}.parquet") for name in ("patterns", "targets")
    )
    page = write_report(result.folder)
    if ship:
        columns = list(FRAMES["patterns"])
        write_whole(FOLDER / "patterns.csv", patterns[columns].to_csv(index=False))
    _tell(result, patterns, targets, page, as_json)
    if result.failures:
        say(
            f"{len(result.failures)} of {order.plan.draws} draws failed; the first, "
            f"{result.failures[0]['draw']}: {result.failures[0]['error']}. "
            "They are listed in manifest.json; --resume tries them again"
        )
        raise SystemExit(1)


def _print_plan(order: Validation, workers: int, as_json: bool) -> None:
    plan = order.plan
    seconds = SECONDS * plan.draws * plan.size / SECONDS_SIZE / workers
    facts = {
        "study": "validate",
        "worlds": list(WORLDS),
        "draws": plan.draws,
        "runs": order.runs,
        "size": plan.size,
        "weights": plan.weights,
        "seed": plan.seed,
        "digest": order.digest,
        "expected": f"{duration(seconds)} with {workers} workers",
    }
    if as_json:
        print(json.dumps({**facts, "expected_seconds": round(seconds, 1)}, indent=2))
        return
    for name, value in facts.items():
        print(f"{name:<9} {'; '.join(value) if isinstance(value, list) else value}")
    print("nothing was run")


def _rows(table: pd.DataFrame) -> list[dict]:
    return json.loads(table.to_json(orient="records"))


def _share(value: float) -> str:
    return "-" if math.isnan(value) else f"{100 * value:.0f} %"


def _span(row: dict) -> str:
    return "-" if math.isnan(row["probability"]) else f"{100 * row['low']:.0f} to {100 * row['high']:.0f} %"


def _tell(
    result: Validated, patterns: pd.DataFrame, targets: pd.DataFrame, page: Path, as_json: bool
) -> None:
    """The verdicts on standard output."""
    if as_json:
        print(
            json.dumps(
                {
                    "folder": str(result.folder),
                    "report": str(page),
                    "interval": INTERVAL,
                    "patterns": _rows(patterns),
                    "targets": _rows(targets),
                },
                indent=2,
            )
        )
        return
    console = Console(width=None if sys.stdout.isatty() else 150)
    plan = result.order.plan
    shown = Table(title=f"Patterns, {plan.draws} draws of the {plan.weights} weights", title_justify="left")
    for column, side in (
        ("pattern", "left"),
        ("statement", "left"),
        ("label", "left"),
        ("verdict", "left"),
        ("holds in", "right"),
        (f"{100 * INTERVAL:.0f} % interval", "right"),
        ("clear", "right"),
    ):
        shown.add_column(column, justify=side)
    for row in patterns.to_dict("records"):
        shown.add_row(
            row["id"],
            row["statement"],
            row["label"],
            row["verdict"],
            _share(row["probability"]),
            _span(row),
            _share(row["clear"]),
        )
    console.print(shown)
    checks = Table(title="Check figures, to which nothing was fitted", title_justify="left")
    for column, side in (
        ("target", "left"),
        ("measure", "left"),
        ("published", "right"),
        ("predicted", "right"),
        ("lies", "left"),
        ("verdict", "left"),
        ("near in", "right"),
    ):
        checks.add_column(column, justify=side)
    for row in targets.to_dict("records"):
        span = (
            "-"
            if math.isnan(row["predictive_low"])
            else f"{in_words(row['predictive_low'], 'count')} to {in_words(row['predictive_high'], 'count')}"
        )
        checks.add_row(
            row["id"],
            f"{row['measure']}, {row['window']}",
            in_words(row["value"], "count"),
            span,
            row["verdict"],
            row["judgement"],
            _share(row["probability"]),
        )
    console.print(checks)
    print(
        "Holds in: share of draws, one that cannot tell counting by half; clear: draws in which "
        "chance hardly can turn the sign. Imposed patterns were put in."
    )
    print(f"Folder: {result.folder}\nReport: {page}")
