"""The run folder of a sweep: begun, recognised, mended or refused, finished, merged from shards.

    runs/chunk-000000.parquet ...   scenario, draw, replicate, group_by, group, measure, value, cell
    points.csv                      what each scenario sets: a column a factor
    sweep.parquet, sweep.csv        levels and paired differences, a row a point, group and measure
    weights.parquet                 draw and every weight
    sweep.html                      the pictures on one offline page
    figures/                        pictures, with the numbers of each as CSV
    manifest.json                   what was run, with which versions and hashes, and how it ended
    timings.json                    how long it took and on what; the only file that differs from one execution to another
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from avrr_sim.fingerprint import model_hash
from avrr_sim.refusals import refusal, shown
from avrr_sim.study.chunks import Chunks, Found
from avrr_sim.study.plan import Plan
from avrr_sim.study.statistics import INTERVAL
from avrr_sim.study.store import manifest_of, write_parquet, write_whole

if TYPE_CHECKING:
    from avrr_sim.study.experiment import Experiment, Precision
    from avrr_sim.study.precision import Reached
    from avrr_sim.study.sweep import Order

def identity_of(experiment: Experiment, plan: Plan, precision: Precision | None) -> dict[str, Any]:
    """Everything that the results depend on, by name."""
    numbers = {key: getattr(plan, key) for key in ("seed", "draws", "replicates", "size", "engine", "weights")}
    return {**numbers, "evidence_hash": plan.weights_hash(), "scenario_hashes": plan.scenario_hashes(), "model_hash": model_hash(), "measures": list(experiment.measures),
            "factors": experiment.columns, "precision": asdict(precision) if precision else None}


def digest_of(identity: dict[str, Any]) -> str:
    """Hash of an identity: what a study is known by."""
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]


def latest(parent: Path, digest: str) -> Path | None:
    """The newest folder of a study under `parent`."""
    found = sorted(path for path in parent.glob(f"*-{digest}") if path.is_dir()) if parent.is_dir() else []
    return found[-1] if found else None


def begin(folder: Path, order: Order, resume: bool, say: Callable[[str], None]) -> Found:
    """Make a folder ready: what of it is good already. Mends damage with a message. Raises `Refusal` where it belongs to another study."""
    chunks = Chunks(folder, order.digest)
    if not resume:
        _write_manifest(folder, order, "running", [])
        return Found()
    old = read_manifest(folder)
    if old is not None:
        _compare(folder, old, order)
    elif any(not path.name.startswith(".") for path in folder.iterdir()) and not list((folder / "runs").glob("chunk-*.parquet")):
        raise refusal("is no folder of a sweep: it has neither a manifest nor runs", file=folder, allowed="the folder of this sweep")
    found = mend(folder, chunks, old is not None, say)
    _write_manifest(folder, order, "running", [])
    say(f"{folder}: {len(found.good)} chunks of runs are there already")
    return found


def mend(folder: Path, chunks: Chunks, known: bool, say: Callable[[str], None]) -> Found:
    """What of a folder's chunks is good, said and rid of the rest; `known`: its manifest could be read. Raises `Refusal` for chunks of another study."""
    found = chunks.find()
    if not known:
        say(f"{folder}: manifest.json is missing or damaged; the {len(found.good)} chunks of runs say that they belong to this study, so it is written anew")
    if found.left:
        say(f"{folder}: removed {found.left} half-written chunk{'s' * (found.left > 1)}, left by a writer that was stopped")
    for number, problem in sorted(found.damaged.items()):
        chunks.path(number).unlink()
        say(f"{chunks.path(number)}: {problem}; its runs are done again")
    for number in [n for n, failures in found.good.items() if failures]:
        say(f"{chunks.path(number)}: {len(found.good.pop(number))} of its runs had failed; they are tried again")
    return found


def read_manifest(folder: Path) -> dict | None:
    """The manifest of a sweep's folder; None where it is missing or damaged."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return manifest if isinstance(manifest, dict) and "identity" in manifest else None
    except (OSError, ValueError):
        return None


def _compare(folder: Path, old: dict, order: Order) -> None:
    """Refuse a folder whose study is not this one, naming what differs."""
    if old.get("digest") == order.digest and old.get("shard") == _shard(order):
        return
    told = changed_since(old["identity"], order.identity)
    if old.get("shard") != _shard(order):
        told.append(f"shard {old.get('shard')} -> {_shard(order)}")
    raise refusal(f"belongs to another study; since then changed: {'; '.join(told)}", file=folder,
                  allowed="the same experiment, scenarios, evidence and numbers; or a new folder, without --resume")


def changed_since(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What differs between the identities of two studies, in words."""
    told = []
    for key in now:
        if key == "scenario_hashes":
            keys = [name for name in {**then.get(key, {}), **now[key]} if then.get(key, {}).get(name) != now[key].get(name)]
            told += [f"scenarios ({', '.join(keys[:5])}{', ...' if len(keys) > 5 else ''})"] if keys else []
        elif then.get(key) != now[key]:
            what = {"evidence_hash": "the evidence", "model_hash": "the rules or data of the model", "statistics_hash": "the statistics"}
            told.append(what.get(key, f"{key} {shown(then.get(key))} -> {shown(now[key])}"))
    return told


def _shard(order: Order) -> str | None:
    return f"{order.shard[0]}/{order.shard[1]}" if order.shard else None


def _write_manifest(folder: Path, order: Order, status: str, failures: Sequence[dict], plan: Plan | None = None, reached: Reached | None = None) -> None:
    experiment, grown = order.experiment, plan or order.plan
    manifest = manifest_of(grown, order.command, status, list(failures), 0)
    for key in ("scenarios", "jobs_done"):
        manifest.pop(key)
    manifest |= {
        "digest": order.digest, "identity": order.identity, "shard": _shard(order), "interval": INTERVAL,
        "runs_planned": grown.distinct_runs, "experiment": {**experiment.resolved(), "points": _points(experiment, order.plan)},
        "precision": None if reached is None else {"text": reached.text(), "reached": reached.stable, "error": reached.error}}
    write_whole(folder / "manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False))


def _points(experiment: Experiment, plan: Plan) -> dict[str, list]:
    return {key: list(point) for key, point in zip(plan.keys[1:], experiment.points, strict=True)}


def finish(folder: Path, order: Order, status: str, failures: Sequence[dict], plan: Plan | None = None, reached: Reached | None = None) -> None:
    """Write the manifest of a sweep that has ended, one way or another."""
    _write_manifest(folder, order, status, failures, plan, reached)


def write_draws(folder: Path, plan: Plan) -> None:
    """Write weights.parquet: one row a draw. What points pin is in the manifest."""
    free = replace(plan.scenarios[0], weights={})
    rows = [{"draw": draw, **plan.weights_of(draw, free)} for draw in range(plan.draws)]
    write_parquet(pd.DataFrame(rows), folder / "weights.parquet")


def write_timings(folder: Path, runs: int, seconds: float, processor: float, workers: int | None, cluster: str | None) -> None:
    """Write timings.json: of this execution, not of what others had done before."""
    facts = {"runs": runs, "seconds": round(seconds, 3), "processor_seconds_of_runs": round(processor, 3), "workers": workers, "cluster": cluster}
    write_whole(folder / "timings.json", json.dumps(facts, indent=2))
