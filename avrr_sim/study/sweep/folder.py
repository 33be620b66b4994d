"""The run folder of a sweep: begun, recognised, mended or refused, finished, merged from shards.

runs/chunk-000000.parquet ...   scenario, draw, replicate, group_by, group, measure, value, cell
points.csv                      what each scenario sets: a column a factor
sweep.parquet, sweep.csv        levels and paired differences, a row a point, group and measure
weights.parquet                 draw and every weight
sweep.html                      the pictures on one offline page
figures/                        pictures, with the numbers of each as CSV
manifest.json                   what was run, with which versions and hashes, and how it ended
timings.json                    how long it took and on what; the only file that differs from one execution to
                                another
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from avrr_sim.refusals import refusal
from avrr_sim.study.folder.chunks import Chunks, Found
from avrr_sim.study.folder.identity import changed_since
from avrr_sim.study.folder.provenance import manifest_of
from avrr_sim.study.folder.run_folder import mend, read_manifest
from avrr_sim.study.folder.whole import write_whole
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.summary.statistics import INTERVAL

if TYPE_CHECKING:
    from avrr_sim.study.sweep.experiment import Experiment
    from avrr_sim.study.sweep.order import Order
    from avrr_sim.study.sweep.precision import Reached


def begin(folder: Path, order: Order, resume: bool, say: Callable[[str], None]) -> Found:
    """Make a folder ready: what of it is good already. Mends damage with a message. Raises `Refusal` where it
    belongs to another study.
    """
    chunks = Chunks(folder, order.digest)
    if not resume:
        _write_manifest(folder, order, "running", [])
        return Found()
    old = read_manifest(folder)
    if old is not None:
        _compare(folder, old, order)
    elif any(not path.name.startswith(".") for path in folder.iterdir()) and not list(
        (folder / "runs").glob("chunk-*.parquet")
    ):
        raise refusal(
            "is no folder of a sweep: it has neither a manifest nor runs",
            file=folder,
            allowed="the folder of this sweep",
        )
    found = mend(folder, chunks, old is not None, say)
    _write_manifest(folder, order, "running", [])
    say(f"{folder}: {len(found.good)} chunks of runs are there already")
    return found


def _compare(folder: Path, old: dict, order: Order) -> None:
    """Refuse a folder whose study is not this one, naming what differs."""
    if old.get("digest") == order.digest and old.get("shard") == _shard(order):
        return
    told = changed_since(old["identity"], order.identity)
    if old.get("shard") != _shard(order):
        told.append(f"shard {old.get('shard')} -> {_shard(order)}")
    raise refusal(
        f"belongs to another study; since then changed: {'; '.join(told)}",
        file=folder,
        allowed="the same experiment, scenarios, evidence and numbers; or a new folder, without --resume",
    )


def _shard(order: Order) -> str | None:
    return f"{order.shard[0]}/{order.shard[1]}" if order.shard else None


def _write_manifest(
    folder: Path,
    order: Order,
    status: str,
    failures: Sequence[dict],
    plan: Plan | None = None,
    reached: Reached | None = None,
) -> None:
    experiment, grown = order.experiment, plan or order.plan
    manifest = manifest_of(grown, order.command, status, list(failures), 0)
    for key in ("scenarios", "jobs_done"):
        manifest.pop(key)
    manifest |= {
        "digest": order.digest,
        "identity": order.identity,
        "shard": _shard(order),
        "interval": INTERVAL,
        "runs_planned": grown.distinct_runs,
        "experiment": {**experiment.resolved(), "points": _points(experiment, order.plan)},
        "precision": None
        if reached is None
        else {"text": reached.text(), "reached": reached.stable, "error": reached.error},
    }
    write_whole(folder / "manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False))


def _points(experiment: Experiment, plan: Plan) -> dict[str, list]:
    return {key: list(point) for key, point in zip(plan.keys[1:], experiment.points, strict=True)}


def finish(
    folder: Path,
    order: Order,
    status: str,
    failures: Sequence[dict],
    plan: Plan | None = None,
    reached: Reached | None = None,
) -> None:
    """Write the manifest of a sweep that has ended, one way or another."""
    _write_manifest(folder, order, status, failures, plan, reached)
