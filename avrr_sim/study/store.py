"""The run folder: self-contained, written as results come, never overwritten.

    runs/       Parquet chunks: scenario, draw, replicate, group_by, group, measure, value, cell
    series/     Parquet chunks: scenario, draw, replicate, month, measure, value
    endings/    Parquet chunks: scenario, draw, replicate, stage, closing, count
    flows/      Parquet chunks: scenario, draw, replicate, baseline_outcome, outcome, units  (the same persons, baseline to scenario)
    weights.parquet   draw and every weight
    levels, differences, bands, endings, waits, flows, crossings, spread, drivers, targets, patterns   each as .parquet and .csv: over all runs
    study.json        what the tables are about; with them `tables.load_tables` gives the study back without simulating
    manifest.json     what was run, with which versions, and how it ended

Each folder of chunks is read whole with `pandas.read_parquet("runs")`.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

import pandas as pd

from avrr_sim.dates import month_text
from avrr_sim.evidence import evidence_hash
from avrr_sim.refusals import refusal
from avrr_sim.study.plan import Plan
from avrr_sim.study.tables import FACTS, FRAMES, StudyTables
from avrr_sim.version import VERSION

TABLES = ("runs", "series", "endings", "flows")
_LIBRARIES = ("mesa", "numpy", "scipy", "numba", "pandas", "pyarrow", "pydantic", "matplotlib")


def library_versions() -> dict[str, str]:
    """Versions of the libraries that results may depend on, and of Python."""
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def source_commit() -> str:
    """Commit of the source tree that is running, with '+' where it was changed since; 'none' outside a checkout."""
    here = Path(__file__).resolve().parent
    try:
        commit = subprocess.run(["git", "-C", str(here), "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, timeout=10)
        changed = subprocess.run(["git", "-C", str(here), "status", "--porcelain", "--", "."], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return "none"
    return commit.stdout.strip() + ("+" if changed.stdout.strip() else "") if commit.returncode == 0 else "none"


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path to write to; what was written stands at `path` afterwards, whole, or not at all where something was raised.

    The part is hidden, so that a folder of tables stays readable while it is written and after a crash.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())  # or a power cut could leave the name without the content
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_whole(path: Path, data: bytes | str) -> None:
    """Write a file so that it is there whole or not at all."""
    with whole(path) as part:
        part.write_bytes(data.encode() if isinstance(data, str) else data)


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet, whole or not at all."""
    with whole(path) as part:
        table.to_parquet(part, index=False)


def write_tables(folder: Path, tables: StudyTables) -> None:
    """Write the aggregated tables as Parquet and CSV, and study.json last, so that a folder that has it is complete."""
    for name in FRAMES:
        frame: pd.DataFrame = getattr(tables, name)
        write_parquet(frame, folder / f"{name}.parquet")
        write_whole(folder / f"{name}.csv", frame.to_csv(index=False))
    facts = {name: getattr(tables, name) for name in FACTS}
    write_whole(folder / "study.json", json.dumps(facts, indent=1, ensure_ascii=False))


def new_folder(what: str, plan: Plan, out: Path | None) -> Path:
    """An empty folder for a study: `out`, or results/<what>/<time>-<digest>. Raises `Refusal` where it is in use or cannot be made."""
    folder = out or Path("results") / what / f"{time.strftime('%Y%m%d-%H%M%S')}-{plan.digest()}"
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise refusal("is in use already; a run folder is never overwritten", file=folder, allowed="a new or empty folder (--out)")
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / ".write-test", b"")
        (folder / ".write-test").unlink()
    except OSError as error:
        raise refusal(f"results cannot be written here ({error.strerror or error})", file=folder, allowed="a folder you may write to (--out)") from None
    return folder


def manifest_of(plan: Plan, command: str, status: str, failures: list[dict], done: int) -> dict:
    """The manifest of a run folder."""
    first = plan.scenarios[0]
    return {
        "command": command, "status": status, "version": VERSION, "commit": source_commit(), "seed": plan.seed, "draws": plan.draws,
        "replicates": plan.replicates, "size": plan.size, "engine": plan.engine, "weights": plan.weights, "runs_planned": plan.runs, "jobs_done": done,
        "window": {"from": month_text(first.window_from), "to": month_text(first.window_to)}, "start": month_text(first.start),
        "evidence_hash": evidence_hash(), "scenario_hashes": plan.scenario_hashes(), "libraries": library_versions(), "failures": failures,
        "scenarios": [{"key": key, **scenario.resolved()} for key, scenario in zip(plan.keys, plan.scenarios, strict=True)],
    }


class Store:
    """Writes the chunks of one study into its folder, in the order of jobs."""

    def __init__(self, folder: Path, plan: Plan, command: str) -> None:
        self.folder, self.plan, self.command = folder, plan, command
        self.chunks = 0
        self.done = 0
        for name in TABLES:
            (folder / name).mkdir()
        self.manifest("running", [])

    def manifest(self, status: str, failures: list[dict]) -> None:
        """Write manifest.json with a status: running, done, interrupted or failed."""
        write_whole(self.folder / "manifest.json",
                    json.dumps(manifest_of(self.plan, self.command, status, failures, self.done), indent=2, ensure_ascii=False))

    def weights(self) -> None:
        """Write weights.parquet: one row a draw. A scenario's pinned weights are in the manifest."""
        rows = [{"draw": draw, **self.plan.weights_of(draw, None)} for draw in range(self.plan.draws)]
        write_parquet(pd.DataFrame(rows), self.folder / "weights.parquet")

    def chunk(self, tables: dict[str, pd.DataFrame], jobs: int) -> None:
        """Write one chunk of every table; all of them, or none is counted."""
        for name in TABLES:
            write_parquet(tables[name], self.folder / name / f"chunk-{self.chunks:05d}.parquet")
        self.chunks += 1
        self.done += jobs
