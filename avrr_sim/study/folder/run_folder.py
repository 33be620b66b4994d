"""The run folder: self-contained, written as results come, never overwritten.

    runs/       Parquet chunks: scenario, draw, replicate, group_by, group, measure, value, cell
    series/     Parquet chunks: scenario, draw, replicate, month, measure, value
    endings/    Parquet chunks: scenario, draw, replicate, stage, closing, count
    flows/      Parquet chunks: scenario, draw, replicate, baseline_outcome, outcome, units  (the same
                persons, baseline to scenario)
    weights.parquet   draw and every weight
    levels, differences, bands, endings, waits, flows, crossings, spread, drivers, targets, patterns   each as
                                                                                                       .parquet
                                                                                                       and
                                                                                                       .csv:
                                                                                                       over
                                                                                                       all
                                                                                                       runs
    study.json        what the tables are about; with them `tables.load_tables` gives the study back without
                      simulating
    manifest.json     what was run, with which versions, and how it ended

Each folder of chunks is read whole with `pandas.read_parquet("runs")`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from avrr_sim.refusals import refusal
from avrr_sim.study.folder.chunks import Chunks, Found
from avrr_sim.study.folder.whole import write_parquet, write_whole
from avrr_sim.study.jobs.plan import Plan

if TYPE_CHECKING:
    pass

import time


def new_folder(what: str, plan: Plan, out: Path | None) -> Path:
    """An empty folder for a study: `out`, or results/<what>/<time>-<digest>. Raises `Refusal` where it is in
    use or cannot be made.
    """
    folder = out or Path("results") / what / f"{time.strftime('%Y%m%d-%H%M%S')}-{plan.digest()}"
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise refusal(
                "is in use already; a run folder is never overwritten",
                file=folder,
                allowed="a new or empty folder (--out)",
            )
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / ".write-test", b"")
        (folder / ".write-test").unlink()
    except OSError as error:
        raise refusal(
            f"results cannot be written here ({error.strerror or error})",
            file=folder,
            allowed="a folder you may write to (--out)",
        ) from None
    return folder


def latest(parent: Path, digest: str) -> Path | None:
    """The newest folder of a study under `parent`."""
    found = sorted(path for path in parent.glob(f"*-{digest}") if path.is_dir()) if parent.is_dir() else []
    return found[-1] if found else None


def mend(folder: Path, chunks: Chunks, known: bool, say: Callable[[str], None]) -> Found:
    """What of a folder's chunks is good, said and rid of the rest; `known`: its manifest could be read.
    Raises `Refusal` for chunks of another study.
    """
    found = chunks.find()
    if not known:
        say(
            f"{folder}: manifest.json is missing or damaged; the {len(found.good)} chunks of runs "
            "say that they belong to this study, so it is written anew"
        )
    if found.left:
        say(
            f"{folder}: removed {found.left} half-written chunk{'s' * (found.left > 1)}, left by a "
            "writer that was stopped"
        )
    for number, problem in sorted(found.damaged.items()):
        chunks.path(number).unlink()
        say(f"{chunks.path(number)}: {problem}; its runs are done again")
    for number in [n for n, failures in found.good.items() if failures]:
        say(
            f"{chunks.path(number)}: {len(found.good.pop(number))} of its runs had failed; they are "
            "tried again"
        )
    return found


def read_manifest(folder: Path) -> dict | None:
    """The manifest of a sweep's folder; None where it is missing or damaged."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return manifest if isinstance(manifest, dict) and "identity" in manifest else None
    except (OSError, ValueError):
        return None


def write_draws(folder: Path, plan: Plan) -> None:
    """Write weights.parquet: one row a draw. What points pin is in the manifest."""
    free = replace(plan.scenarios[0], weights={})
    rows = [{"draw": draw, **plan.weights_of(draw, free)} for draw in range(plan.draws)]
    write_parquet(pd.DataFrame(rows), folder / "weights.parquet")


def write_timings(
    folder: Path, runs: int, seconds: float, processor: float, workers: int | None, cluster: str | None
) -> None:
    """Write timings.json: of this execution, not of what others had done before."""
    facts = {
        "runs": runs,
        "seconds": round(seconds, 3),
        "processor_seconds_of_runs": round(processor, 3),
        "workers": workers,
        "cluster": cluster,
    }
    write_whole(folder / "timings.json", json.dumps(facts, indent=2))
