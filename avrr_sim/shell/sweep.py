"""What `avrr sweep` and `avrr merge` do and print, kept apart from `cli` so that help appears at once."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from avrr_sim.compiled import announce_compilation
from avrr_sim.dates import month_text
from avrr_sim.measures import MEASURES
from avrr_sim.refusals import refusal, shown
from avrr_sim.report.words import sentences
from avrr_sim.shell.printing import duration, in_words, progress_bar, span_in_words
from avrr_sim.shell.report import write_report
from avrr_sim.shell.warnings import FEW_DRAWS, opened_origins, posterior_warnings, warnings_of
from avrr_sim.study.jobs.executor import default_workers
from avrr_sim.study.sweep.duration import expected_seconds, remember_pace
from avrr_sim.study.sweep.merge import merge
from avrr_sim.study.sweep.order import Order, order_of
from avrr_sim.study.sweep.sweep import Sweep, carry_out

_SHOWN_POINTS = 40  # rows of a table that the shell prints; the folder holds all


def say(text: str) -> None:
    """A message on standard error."""
    print(f"avrr: {text}", file=sys.stderr, flush=True)


def read_shard(text: str | None) -> tuple[int, int] | None:
    """(i, n) of a shard written i/n. Raises `Refusal`."""
    if text is None:
        return None
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise refusal(f"--shard {shown(text)}", allowed="i/n, such as 1/4 to 4/4")
    return int(found[1]), int(found[2])


def run_sweep(
    file: Path,
    numbers: dict,
    *,
    precision: float | None,
    measure: str | None,
    workers: int | None,
    cluster: str | None,
    out: Path | None,
    resume: bool,
    shard: str | None,
    only_plan: bool,
    as_json: bool,
    quiet: bool,
    command: str,
) -> None:
    """Run or go on with a sweep and print its summary. Raises SystemExit(1) where a run failed."""
    if workers is not None and not 1 <= workers <= 1024:
        raise refusal(f"--workers {workers}", allowed="a whole number from 1 to 1024")
    if measure is not None and precision is None:
        raise refusal(
            f"--measure {shown(measure)} without --precision",
            allowed="--measure says of which measure --precision is meant",
        )
    order = order_of(
        file,
        numbers,
        precision=None if precision is None else (precision, measure),
        shard=read_shard(shard),
        command=command,
    )
    if only_plan:
        print_plan(order, workers or default_workers(), cluster, as_json)
        return
    if not quiet:
        for warning in warnings_of(order.experiment.baseline, order.plan.size):
            say(f"baseline: warning: {warning}")
        opened = sorted(
            {
                origin
                for scenario in order.plan.scenarios
                for origin in opened_origins(order.plan.scenarios[0], scenario)
            }
        )
        if opened:
            say(
                f"warning: returns to {', '.join(opened)}, which the protection gate closes in the "
                "baseline, become possible in some points"
            )
        if order.plan.weights != "central" and order.plan.draws < FEW_DRAWS:
            say(f"warning: {order.plan.draws} draws are too few for an interval")
        for warning in posterior_warnings(order.plan):
            say(f"warning: {warning}")
        announce_compilation()
        if order.precision:
            say(sentences.say("sweep.never_narrows"))
    result = carry_out(
        order,
        out,
        workers=workers,
        cluster=cluster,
        resume=resume,
        progress=lambda n: progress_bar(n, quiet),
        say=say,
    )
    remember_pace(order.plan, result.folder)
    _tell(result, order, as_json)


def run_merge(shards: Iterable[Path], out: Path | None, as_json: bool) -> None:
    """Merge shards and print the summary. Raises SystemExit(1) where a run had failed."""
    result = merge(list(shards), out, say)
    _tell(result, None, as_json)


def print_plan(order: Order, workers: int, cluster: str | None, as_json: bool) -> None:
    """Say what would be run, how much of it, and about how long it takes."""
    plan, first = order.plan, order.plan.scenarios[0]
    seconds, ground = expected_seconds(plan, workers)
    runs = plan.distinct_runs
    if order.shard:
        runs, seconds = -(-runs // order.shard[1]), seconds / order.shard[1]
    facts = {
        "experiment": order.experiment.name,
        "design": order.experiment.kind,
        "points": len(order.experiment.points),
        "alike": (
            f"{len(plan.keys) - len(plan.distinct)} of the points run exactly like another or the "
            "baseline, and are not run twice"
        ),
        "draws": plan.draws,
        "replicates": plan.replicates,
        "runs": runs,
        "size": plan.size,
        "months": first.months,
        "window": f"{month_text(first.window_from)} to {month_text(first.window_to)}",
        "engine": plan.engine,
        "weights": plan.weights,
        "seed": plan.seed,
        "digest": order.digest,
        "expected": f"{duration(seconds)} with {workers} workers"
        if not cluster
        else "depends on the cluster",
        "from": ground,
    }
    if order.precision:
        rule = order.precision
        facts["precision"] = (
            f"runs are added until the Monte Carlo error of the mean difference in {rule.measure} "
            f"is below {rule.below:g}, up to "
            f"{rule.most_draws} draws and {rule.most_replicates} replicates"
        )
    if as_json:
        print(json.dumps({**facts, "expected_seconds": round(seconds, 1)}, indent=2))
        return
    for name, value in facts.items():
        print(f"{name:<11} {value}")
    print("nothing was run")


def _tell(result: Sweep, order: Order | None, as_json: bool) -> None:
    """Pictures, summary, failures."""
    if not result.table.empty:
        write_report(result.folder)
        _summary(result, as_json)
    elif as_json:
        print(json.dumps({"folder": str(result.folder), "shard": "/".join(map(str, order.shard))}))
    else:
        print(
            f"Shard {order.shard[0]} of {order.shard[1]} in {result.folder}; put all of them "
            "together with `avrr merge`."
        )
    if result.reached is not None and not result.reached.stable:
        say(f"the precision was not reached within the caps: {result.reached.text()}")
    if result.failures:
        first = result.failures[0]
        say(
            f"{len(result.failures)} runs failed; the first, {first['scenario']} draw "
            f"{first['draw']} replicate {first['replicate']}: {first['error']}. "
            "They are listed in manifest.json; --resume tries them again"
        )
        raise SystemExit(1)


def _summary(result: Sweep, as_json: bool) -> None:
    """Differences of the first measure by point, and where everything is."""
    table = result.table[(result.table["group_by"] == "all")]
    if as_json:
        rows = json.loads(table.to_json(orient="records"))
        print(
            json.dumps(
                {
                    "folder": str(result.folder),
                    "precision": result.reached.text() if result.reached else None,
                    "rows": rows,
                },
                indent=2,
            )
        )
        return
    measure = next((m for m in result.experiment.measures if m in set(table["measure"])), None)
    mine = table[table["measure"] == measure]
    info = MEASURES.get(measure)
    if info is not None:
        shown_table = Table(
            title=f"{info.label} ({info.unit}), difference from the baseline", title_justify="left"
        )
        for column in [
            *result.experiment.columns,
            "level",
            "difference",
            "uncertainty interval",
            "Monte Carlo s.e.",
        ]:
            shown_table.add_column(column, justify="right")
        for row in mine.head(_SHOWN_POINTS).to_dict("records"):
            known = [
                f"{row[c]:.4g}" if isinstance(row[c], float) else str(row[c])
                for c in result.experiment.columns
            ]
            base = row["scenario"] == "baseline"
            shown_table.add_row(
                *known,
                in_words(row["value"], info.per),
                "baseline" if base else in_words(row["difference"], info.per, True),
                "" if base else span_in_words(row["difference_low"], row["difference_high"], info.per, True),
                "" if base else in_words(row["difference_mc_error"], info.per).replace("%", "points"),
            )
        Console(width=None if sys.stdout.isatty() else 150).print(shown_table)
        if len(mine) > _SHOWN_POINTS:
            print(f"... and {len(mine) - _SHOWN_POINTS} more points")
    print(f"Points stand in the order of the design. {sentences.say('sweep.never_narrows')}")
    if result.reached is not None:
        print(f"Precision: {result.reached.text()}.")
    print(f"Folder: {result.folder}\nPictures: {result.folder / 'sweep.html'}")
