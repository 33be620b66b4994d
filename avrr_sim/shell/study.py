"""What the commands do and print, kept apart from `cli` so that help appears at once."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from avrr_sim.dates import month_text
from avrr_sim.measures import COMPARATIVE, MEASURES
from avrr_sim.refusals import refusal
from avrr_sim.report.words.sentences import say
from avrr_sim.scenario import load_scenario
from avrr_sim.shell.printing import in_words, json_rows, progress_bar, span_in_words
from avrr_sim.shell.report import write_report
from avrr_sim.shell.warnings import FEW_DRAWS, opened_origins, posterior_warnings, warnings_of
from avrr_sim.study.jobs.executor import default_workers
from avrr_sim.study.jobs.plan import Plan, make_plan

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


def print_plan(plan: Plan, what: str, as_json: bool) -> None:
    """Say what would be run."""
    months = plan.scenarios[0].months
    facts = {
        "study": what,
        "scenarios": list(plan.keys),
        "draws": plan.draws,
        "replicates": plan.replicates,
        "runs": plan.runs,
        "twin runs": f"up to {plan.twin_runs}",
        "size": plan.size,
        "months": months,
        "window": f"{month_text(plan.scenarios[0].window_from)} to {month_text(plan.scenarios[0].window_to)}",
        "engine": plan.engine,
        "weights": plan.weights,
        "seed": plan.seed,
    }
    if as_json:
        print(json.dumps(facts, indent=2))
        return
    for name, value in facts.items():
        print(f"{name:<11} {', '.join(value) if isinstance(value, list) else value}")
    print("nothing was run")


def run_study(
    what: str,
    files: list[Path],
    numbers: dict,
    *,
    workers: int | None,
    out: Path | None,
    only_plan: bool,
    as_json: bool,
    quiet: bool,
    command: str,
) -> None:
    """Load, plan, run, write the folder with its report, print the summary. Raises SystemExit(1) where a run
    failed.
    """
    if workers is not None and not 1 <= workers <= 1024:
        raise refusal(f"--workers {workers}", allowed="a whole number from 1 to 1024")
    plan = make_plan([load_scenario(file) for file in files], **numbers)
    if only_plan:
        print_plan(plan, what, as_json)
        return
    from avrr_sim.study.comparison.compare import study
    from avrr_sim.study.folder.run_folder import new_folder

    folder = new_folder(what, plan, out)
    if not quiet:
        _warn(plan)
    with progress_bar(plan.runs, quiet) as told:
        result = study(plan, folder, command=command, workers=workers or default_workers(), progress=told)
    print_summary(result, folder, write_report(folder), as_json)
    if result.failures:
        first = result.failures[0]
        print(
            f"avrr: {len(result.failures)} of {len(plan.jobs)} jobs failed; the first, draw "
            f"{first['draw']} replicate {first['replicate']}: "
            f"{first['error']}",
            file=sys.stderr,
        )
        raise SystemExit(1)


def _warn(plan: Plan) -> None:
    from avrr_sim.compiled import announce_compilation

    said: set[str] = set()
    for key, scenario in zip(plan.keys, plan.scenarios, strict=True):
        opened = opened_origins(plan.scenarios[0], scenario)
        gate = (
            [
                (
                    f"returns to {', '.join(opened)}, which the protection gate closes in the baseline, "
                    "become possible"
                )
            ]
            if opened
            else []
        )
        for warning in (*warnings_of(scenario, plan.size), *gate):
            if warning not in said:  # what holds for the baseline too is said once
                print(f"avrr: {key}: warning: {warning}", file=sys.stderr)
            said.add(warning)
    if plan.weights != "central" and plan.draws < FEW_DRAWS:
        print(
            f"avrr: warning: {plan.draws} draws are too few for an interval; the default is 50",
            file=sys.stderr,
        )
    for warning in posterior_warnings(plan):
        print(f"avrr: warning: {warning}", file=sys.stderr)
    announce_compilation()


def print_summary(result, folder: Path, report: Path, as_json: bool) -> None:
    """The summary: levels of one scenario, or differences from the baseline; and where the folder is."""
    tables = result.tables
    frame = tables.differences if len(result.plan.keys) > 1 else tables.levels
    frame = frame[
        (frame["group_by"] == "all")
        & frame["measure"].isin([*SHOWN, "additional_returns", "deadweight", "cost_per_additional"])
    ]
    pressing = [s["key"] for s in tables.scenarios if s["coercion"]]
    if as_json:
        print(
            json.dumps(
                {
                    "folder": str(folder),
                    "report": str(report),
                    "interval": tables.provenance["interval"],
                    "coercion": pressing,
                    "rows": json_rows(frame),
                },
                indent=2,
            )
        )
        return
    console = Console(width=None if sys.stdout.isatty() else 150)
    names = {s["key"]: s["name"] for s in tables.scenarios}
    for key in result.plan.keys[1:] or result.plan.keys:
        console.print(
            _summary_table(
                names[key], frame[frame["scenario"] == key], tables.measures, len(result.plan.keys) > 1
            )
        )
    if pressing:
        print(say("coercion.named", names=", ".join(names[key] for key in pressing)))
    print(
        f"Uncertainty interval: {100 * tables.provenance['interval']:.0f} % of draws; s.e.: Monte "
        "Carlo error of the mean. All measures, groups and months: the folder."
    )
    print(f"Folder: {folder}\nReport: {report}")


def _summary_table(title: str, frame, measures: dict, paired: bool) -> Table:
    table = Table(title=title, title_justify="left")
    for name, side in (
        ("measure", "left"),
        ("unit", "left"),
        *((("baseline", "right"), ("difference", "right")) if paired else (("level", "right"),)),
        ("uncertainty interval", "right"),
        ("s.e.", "right"),
        *((("draws agreeing on the sign", "right"),) if paired else ()),
    ):
        table.add_column(name, justify=side)
    rows = {row["measure"]: row for row in frame.to_dict("records")}
    for name in MEASURES:
        if name not in rows:
            continue
        row, per = rows[name], measures[name]["per"]
        # a deadweight is no difference of two levels
        signed = paired and (name not in COMPARATIVE or name.startswith("additional"))
        middle = (
            [in_words(row["baseline"], per), in_words(row["difference"], per, signed)]
            if paired
            else [in_words(row["value"], per)]
        )
        sign = (
            []
            if not paired
            else ["-" if math.isnan(row["sign_share"]) else f"{100 * row['sign_share']:.0f} %"]
        )
        span = (
            "too few people"
            if row["suppressed"]
            else "not estimable"
            if math.isnan(row["difference" if paired else "value"])
            else span_in_words(row["low"], row["high"], per, signed)
        )
        table.add_row(
            measures[name]["label"],
            measures[name]["unit"],
            *middle,
            span,
            in_words(row["mc_error"], per).replace("%", "points" if signed else "%"),
            *sign,
        )
    return table
