"""The run folder of a validation.

runs/chunk-000000.parquet ...            every statistic, its error and every figure, by draw
statistics.parquet, statistics.csv       the same, wider: kind, id, draw, value, error, holds
patterns.parquet, patterns.csv           the verdicts, a row a pattern
targets.parquet, targets.csv             the verdicts, a row a check target
weights.parquet                          draw and every weight
report.html, figures/                    the page and its pictures
validation.json                          title, provenance, limits
manifest.json                            what was run, with which versions and hashes, and how it ended
timings.json                             how long it took and on what; the only file that differs from one
                                         execution to another
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from avrr_sim.refusals import refusal
from avrr_sim.study.folder.chunks import Chunks, Found, dense
from avrr_sim.study.folder.identity import changed_since
from avrr_sim.study.folder.provenance import manifest_of
from avrr_sim.study.folder.run_folder import mend, read_manifest
from avrr_sim.study.folder.whole import write_parquet, write_whole
from avrr_sim.study.jobs.executor import RunsFailed
from avrr_sim.study.patterns.statistic import Statistic
from avrr_sim.study.summary.statistics import INTERVAL
from avrr_sim.study.validation.order import Validated, Validation, cut_of
from avrr_sim.study.validation.tables import pattern_table, statistics_table, target_table
from avrr_sim.study.validation.verdicts import HIT, MISS

TITLE = "Patterns of the literature and check figures"

LIMITS = (
    (
        "A hit on an imposed pattern shows that the mechanism works, not that the world is so: its "
        "direction was put in."
    ),
    (
        "Emerging patterns rest on series and scales (security, income, practicability of removal) "
        "that are judgements."
    ),
    (
        "Patterns come from one review and a few factsheets, mostly qualitative; how strong an effect "
        "must be to count is a reading, said beside each."
    ),
    "A probability is the share of draws of the weights, not the chance that the model is right.",
)


def begin(folder: Path, order: Validation, resume: bool, say: Callable[[str], None]) -> Found:
    """Make a folder ready: what of it is good already. Mends damage with a message. Raises `Refusal` where it
    belongs to another study.
    """
    if not resume:
        finish(folder, order, "running", [])
        return Found()
    old = read_manifest(folder)
    if old is not None and old.get("digest") != order.digest:
        raise refusal(
            (
                "belongs to another study; since then changed: "
                f"{'; '.join(changed_since(old['identity'], order.identity)) or 'its kind'}"
            ),
            file=folder,
            allowed="the same weights, evidence and numbers; or a new folder, without --resume",
        )
    if (
        old is None
        and not list((folder / "runs").glob("chunk-*.parquet"))
        and any(not path.name.startswith(".") for path in folder.iterdir())
    ):
        raise refusal(
            "is no folder of a validation: it has neither a manifest nor runs",
            file=folder,
            allowed="the folder of this validation",
        )
    found = mend(folder, Chunks(folder, order.digest), old is not None, say)
    finish(folder, order, "running", [])
    say(f"{folder}: {len(found.good)} chunks of runs are there already")
    return found


def finish(folder: Path, order: Validation, status: str, failures: Sequence[dict]) -> None:
    """Write the manifest with a status: running, done, interrupted or failed."""
    manifest = manifest_of(order.plan, order.command, status, list(failures), 0)
    for key in ("jobs_done", "window", "start"):
        manifest.pop(key)
    manifest |= {
        "digest": order.digest,
        "identity": order.identity,
        "interval": INTERVAL,
        "runs_planned": order.runs,
        "hit": HIT,
        "missed": MISS,
    }
    write_whole(folder / "manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False))


def gather(order: Validation, folder: Path, failures: list[dict]) -> Validated:
    """Write the tables of a folder whose chunks are complete. Raises RunsFailed where no draw succeeded."""
    if len(failures) >= order.plan.draws:
        finish(folder, order, "failed", failures)
        raise RunsFailed(failures[0]["error"])
    result = read(order, folder, failures)
    rows = [{"draw": draw, **order.plan.weights_of(draw, None)} for draw in range(order.plan.draws)]
    write_parquet(pd.DataFrame(rows), folder / "weights.parquet")
    for name, table in (
        ("statistics", statistics_table(result)),
        ("patterns", pattern_table(result)),
        ("targets", target_table(result)),
    ):
        write_parquet(table, folder / f"{name}.parquet")
        write_whole(folder / f"{name}.csv", table.to_csv(index=False))
    write_whole(
        folder / "validation.json",
        json.dumps(
            {"title": TITLE, "provenance": provenance_of(order, folder), "limits": list(LIMITS)},
            indent=2,
            ensure_ascii=False,
        ),
    )
    finish(folder, order, "done" if not failures else "failed", failures)
    return result


def provenance_of(order: Validation, folder: Path) -> dict:
    """Where the tables come from, as pages print it."""
    manifest = read_manifest(folder) or {}
    plan = order.plan
    return {
        "command": order.command,
        "seed": plan.seed,
        "draws": plan.draws,
        "size": plan.size,
        "weights": plan.weights,
        "interval": INTERVAL,
        "evidence_hash": manifest.get("evidence_hash", ""),
        "version": manifest.get("version", ""),
        "commit": manifest.get("commit", ""),
        "digest": order.digest,
        "libraries": manifest.get("libraries", {}),
    }


def read(order: Validation, folder: Path, failures: list[dict]) -> Validated:
    """The statistics that stand in the chunks of a folder, draws that failed left out."""
    measures = ("statistic", "error", "measured")
    table = dense(Chunks(folder, order.digest), sorted(cut_of(order)), order.stored, measures)
    gone = {failure["draw"] for failure in failures}
    draws = [draw for draw in range(order.plan.draws) if draw not in gone]
    at = {label: table["value"][0, i, draws, 0] for i, label in enumerate(table.labels)}
    result = Validated(order, folder, draws, failures=failures)
    for kind, name, measure in (map(str, label) for label in table.labels):
        if measure == "statistic":
            result.statistics[kind, name] = [
                Statistic(float(v), float(e))
                for v, e in zip(at[kind, name, measure], at[kind, name, "error"], strict=True)
            ]
        elif measure == "measured":
            result.measured[name] = [float(v) for v in at[kind, name, measure]]
    return result
