"""`predict`: what the model says of years to come, frozen in a dated file before anybody has looked.

Runs stand in a folder of their own (runs/chunk-000000.parquet ...), so that a forecast that was stopped can
be gone on with; the file is written at the end.
"""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from avrr_sim.dates import month_text
from avrr_sim.engines import table
from avrr_sim.engines.world import build_world
from avrr_sim.evidence import evidence_hash
from avrr_sim.fingerprint import fitted_hashes, model_hash
from avrr_sim.outcomes import counted
from avrr_sim.posterior import posterior_hash, stale
from avrr_sim.refusals import refusal, shown
from avrr_sim.scenario import Scenario
from avrr_sim.study.folder.chunks import dense, rows_of
from avrr_sim.study.folder.frame import Block, Work, carry_out
from avrr_sim.study.folder.order import Execution
from avrr_sim.study.jobs.executor import RunsFailed, check_worker
from avrr_sim.study.jobs.results import RunResult
from avrr_sim.study.ledger.forecast import FORM, model_interval, told, write_forecast
from avrr_sim.study.ledger.known import fitted_into, last_published, later_facts
from avrr_sim.study.ledger.order import PredictionOrder
from avrr_sim.study.ledger.series import Series, all_series
from avrr_sim.version import VERSION


@dataclass(frozen=True)
class YearsTask:
    """One run of a forecast, as it is sent to a worker."""

    scenario: Scenario
    weights: Mapping[str, float]
    years: tuple[int, ...]
    measures: tuple[str, ...]
    chance: tuple[int, int, int]
    size: int
    made_with: tuple[str, str]


def run_years(task: YearsTask) -> RunResult:
    """What one run says of every measure in every year. Raises RuntimeError where this process has other
    evidence or another version than the forecast.
    """
    check_worker(task.made_with, (evidence_hash(), VERSION))
    begun = time.thread_time()
    world = table.run(build_world(task.scenario, dict(task.weights), *task.chance, task.size))
    labels, values = [], []
    for year in task.years:
        of_year = counted(world, (12 * year, 12 * year + 11))
        for measure in task.measures:
            labels.append(("year", str(year), measure))
            values.append(of_year.value(measure))
    return RunResult(labels, np.array(values), np.zeros(len(labels)), time.thread_time() - begun)


def predict(order: PredictionOrder, how: Execution, file: Path, date: str, note: str) -> dict[str, Any]:
    """Carry out a forecast and freeze it in `file`; gives what stands there.

    Raises `Refusal` for a date that is none, a file that is there already, a folder in use or of another
    study; RunsFailed where a run failed, for a forecast is of all draws or none; OSError where the disk is
    full.
    """
    check_date(date)
    if file.exists():
        raise refusal(
            "is there already; a forecast is never overwritten", file=file, allowed="a new file (--out)"
        )

    def body(work: Work) -> dict[str, Any]:
        found = _run(order, work)
        content = content_of(order, found, date, note)
        write_forecast(content, file)
        return content

    return carry_out(order, how, body)


def check_date(date: str) -> None:
    """Raises `Refusal` where a date is not written as YYYY-MM-DD."""
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", date):
        raise refusal(f"--date {shown(date)}", allowed="a day, written YYYY-MM-DD")


def _run(order: PredictionOrder, work: Work) -> dict[tuple[str, int], np.ndarray]:
    """What runs say, by measure and year: (draws,). Runs that are on disk are not made again."""
    plan, chunks = order.plan, order.chunks_in(work.folder)
    measures = tuple(each.measure for each in all_series().values())
    work.run_some(
        Block(
            order.draws_by_chunk,
            work.good_chunks(chunks),
            task_of=lambda draw: YearsTask(
                order.scenario,
                plan.weights_of(draw, order.scenario),
                tuple(order.years),
                measures,
                (plan.seed, draw, 0),
                plan.size,
                order.made_with,
            ),
            worker=run_years,
            named=lambda draw: {"scenario": plan.keys[0], "draw": draw, "replicate": 0},
            write=lambda number, done, failed: chunks.write(
                number, rows_of(plan, [(0, draw, 0, result) for draw, result in done]), failed
            ),
            seconds=lambda result: result.seconds,
        )
    )
    if work.failures:
        raise RunsFailed(str(work.failures[0]["error"]))
    runs = dense(chunks, list(order.draws_by_chunk), plan, measures)
    return {
        (str(measure), int(str(year))): runs["value"][0, i, :, 0]
        for i, (_, year, measure) in enumerate(runs.labels)
    }


def content_of(
    order: PredictionOrder, found: Mapping[tuple[str, int], np.ndarray], date: str, note: str
) -> dict[str, Any]:
    """All that the file of a forecast says but its digest."""
    plan, scenario = order.plan, order.scenario
    posterior = {"posterior_hash": posterior_hash(), "stale": stale()} if plan.weights == "posterior" else {}
    published = last_published(all_series().values(), scenario.host, scenario.window_from)
    return {
        "form": FORM,
        "date": date,
        "note": note,
        "scenario": {
            "key": plan.keys[0],
            "hash": plan.scenario_hashes()[plan.keys[0]],
            **scenario.resolved(),
        },
        "years": order.years,
        "until": month_text(scenario.window_to),
        "made_with": {
            "version": VERSION,
            "model_hash": model_hash(),
            "data_hash": fitted_hashes()["data"],
            "evidence_hash": evidence_hash(),
            **posterior,
            "weights": plan.weights,
            "draws": plan.draws,
            "seed": plan.seed,
            "size": plan.size,
            "command": order.command,
        },
        "knows": later_facts(scenario, scenario.window_from),
        "fitted_into": fitted_into(scenario.window_from) if plan.weights == "posterior" else [],
        "series": {
            name: _forecast(order, series, found, published[name]) for name, series in all_series().items()
        },
    }


def _forecast(
    order: PredictionOrder,
    series: Series,
    found: Mapping[tuple[str, int], np.ndarray],
    published: dict[str, Any] | None,
) -> dict[str, Any]:
    """What the file says of one series."""
    chance = np.random.default_rng([order.plan.seed % 2**32, zlib.crc32(series.name.encode())])
    seen = np.exp(series.error * chance.standard_normal(order.plan.draws))
    years = {}
    for year in order.years:
        values = found[series.measure, year]
        years[str(year)] = {**told(values * seen), "model_90": model_interval(values)}
    return {
        "label": series.label,
        "counted": series.counted,
        "measure": series.measure,
        "unit": series.unit,
        "error": series.error,
        "basis": series.basis,
        "last_published": published,
        "years": years,
    }
