"""What `avrr sweep` and `avrr merge` do and print, kept apart from `cli` so that help appears at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from rich.table import Table

from avrr_sim.compiled import announce_compilation
from avrr_sim.dates import month_text
from avrr_sim.measures import MEASURES
from avrr_sim.refusals import refusal, shown
from avrr_sim.report.words import questions, sentences
from avrr_sim.shell.cautions import say_cautions
from avrr_sim.shell.options import Manner, command_of
from avrr_sim.shell.printing import (
    console,
    duration,
    in_words,
    print_json,
    print_plan,
    say,
    span_in_words,
    table_of,
    tell_failures,
)
from avrr_sim.shell.report import page_in, write_page
from avrr_sim.study.jobs.executor import default_workers
from avrr_sim.study.summary.cautions import cautions_of_sweep
from avrr_sim.study.sweep.duration import expected_seconds, remember_pace
from avrr_sim.study.sweep.facts import factors_told, measures_told
from avrr_sim.study.sweep.merge import merge
from avrr_sim.study.sweep.order import SweepOrder, order_of
from avrr_sim.study.sweep.sweep import Sweep, perform

_SHOWN_POINTS = 40  # rows of a table that the shell prints; the folder holds all


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
    numbers: dict[str, Any],
    precision: float | None,
    measure: str | None,
    shard: str | None,
    manner: Manner,
) -> None:
    """Run or go on with a sweep and print its summary. Raises SystemExit(1) where a run failed."""
    how = manner.execution()
    if measure is not None and precision is None:
        raise refusal(
            f"--measure {shown(measure)} without --precision",
            allowed="--measure says of which measure --precision is meant",
        )
    asked = None if precision is None else (precision, measure)
    command = command_of("sweep", file, **numbers, precision=precision, measure=measure)
    order = order_of(file, numbers, precision=asked, shard=read_shard(shard), command=command)
    if manner.only_plan:
        _print_plan(order, manner)
        return
    _warn(order, manner.quiet)
    result = perform(order, how, page_in(manner.language))
    remember_pace(order.plan, result.folder)
    _tell(result, order.part, manner.as_json)


def run_merge(shards: Iterable[Path], out: Path | None, as_json: bool) -> None:
    """Merge shards and print the summary. Raises SystemExit(1) where a run had failed."""
    _tell(merge(list(shards), out, say, write_page), None, as_json)


def _warn(order: SweepOrder, quiet: bool) -> None:
    say_cautions(cautions_of_sweep(order.plan))
    if order.experiment.read_as:
        say(f"the file of points was read with {order.experiment.read_as}")
    if quiet:
        return
    announce_compilation()
    if order.precision:
        say(sentences.say("sweep.never_narrows"))


def _print_plan(order: SweepOrder, manner: Manner) -> None:
    """Say what would be run, how much of it, and about how long it takes."""
    workers = manner.workers or default_workers()
    seconds, ground = expected_seconds(order.plan, workers)
    if order.shard:
        seconds /= order.shard[1]
    expected = "depends on the cluster" if manner.cluster else f"{duration(seconds)} with {workers} workers"
    print_plan({**_plan_facts(order, expected, ground), **_precision_fact(order)}, manner.as_json, seconds)


def _plan_facts(order: SweepOrder, expected: str, ground: str) -> dict[str, Any]:
    plan, first = order.plan, order.plan.scenarios[0]
    return {
        "experiment": order.experiment.name,
        "design": order.experiment.kind,
        "points": len(order.experiment.points),
        "alike": (
            f"{len(plan.keys) - len(plan.distinct)} of the points run exactly like another or the "
            "baseline, and are not run twice"
        ),
        "draws": plan.draws,
        "replicates": plan.replicates,
        "runs": -(-plan.distinct_runs // order.shard[1]) if order.shard else plan.distinct_runs,
        "size": plan.size,
        "months": first.months,
        "window": f"{month_text(first.window_from)} to {month_text(first.window_to)}",
        "engine": plan.engine,
        "weights": plan.weights,
        "seed": plan.seed,
        "digest": order.digest,
        "expected": expected,
        "from": ground,
    }


def _precision_fact(order: SweepOrder) -> dict[str, str]:
    if (rule := order.precision) is None:
        return {}
    return {
        "precision": "runs are added until the Monte Carlo error of the mean difference in "
        f"{rule.measure} is below {rule.below:g}, up to {rule.most_draws} draws and "
        f"{rule.most_replicates} replicates"
    }


def _tell(result: Sweep, shard: str | None, as_json: bool) -> None:
    """Summary, where the folder is, failures; `shard` i/n has nothing but its folder."""
    if shard is None:
        _summary(result, as_json)
    elif as_json:
        print_json({"folder": str(result.folder), "shard": shard}, None)
    else:
        print(
            f"Shard {shard.replace('/', ' of ')} in {result.folder}; put all of them together with "
            "`avrr merge`."
        )
    if result.reached is not None and not result.reached.stable:
        say(f"the precision was not reached within the caps: {result.reached.text()}")
    tell_failures(result.failures, "runs")


def _summary(result: Sweep, as_json: bool) -> None:
    """Differences of the first measure by point, and where everything is."""
    table = result.table[(result.table["group_by"] == "all")]
    reached = result.reached.text() if result.reached else None
    if as_json:
        rows = json.loads(table.to_json(orient="records"))
        answers = list(result.answers)
        print_json({"folder": str(result.folder), "precision": reached, "answers": answers, "rows": rows})
        return
    measure = next((m for m in result.experiment.measures if m in set(table["measure"])), None)
    if measure is not None:
        mine = table[table["measure"] == measure]
        console().print(_points_table(result.experiment.columns, mine.head(_SHOWN_POINTS), measure))
        if len(mine) > _SHOWN_POINTS:
            print(f"... and {len(mine) - _SHOWN_POINTS} more points")
    for answer in result.answers:
        info = measures_told(result.experiment)[answer["measure"]]
        print("\n".join(questions.answered(info, factors_told(result.experiment), answer)))
    print(f"Points stand in the order of the design. {sentences.say('sweep.never_narrows')}")
    if reached is not None:
        print(f"Precision: {reached}.")
    print(f"Folder: {result.folder}\nPictures: {result.folder / 'sweep.html'}")


def _points_table(factors: Sequence[str], rows: pd.DataFrame, measure: str) -> Table:
    info = MEASURES[measure]
    columns = [*factors, "level", "difference", "uncertainty interval", "Monte Carlo s.e."]
    table = table_of(
        f"{info.label} ({info.unit}), difference from the baseline", [(column, "right") for column in columns]
    )
    for row in rows.to_dict("records"):
        known = [
            sentences.significant(row[c], 4) if isinstance(row[c], float) else str(row[c]) for c in factors
        ]
        base = row["scenario"] == "baseline"
        table.add_row(
            *known,
            in_words(row["value"], info.per),
            "baseline" if base else in_words(row["difference"], info.per, True),
            "" if base else span_in_words(row["difference_low"], row["difference_high"], info.per, True),
            "" if base else in_words(row["difference_mc_error"], info.per).replace("%", "points"),
        )
    return table
