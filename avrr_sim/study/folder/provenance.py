"""Where results come from: versions, commit, command, seeds, hashes."""

from __future__ import annotations

import platform
import subprocess
from importlib import metadata
from pathlib import Path

from avrr_sim.dates import month_text
from avrr_sim.evidence import evidence_hash
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.version import VERSION

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
    """Commit of the source tree that is running, with '+' where it was changed since; 'none' outside a
    checkout.
    """
    here = Path(__file__).resolve().parent
    try:
        commit = subprocess.run(
            ["git", "-C", str(here), "rev-parse", "--short=12", "HEAD"],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=10,
        )
        changed = subprocess.run(
            ["git", "-C", str(here), "status", "--porcelain", "--", "."],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "none"
    return (
        commit.stdout.strip() + ("+" if changed.stdout.strip() else "") if commit.returncode == 0 else "none"
    )


def manifest_of(plan: Plan, command: str, status: str, failures: list[dict], done: int) -> dict:
    """The manifest of a run folder."""
    first = plan.scenarios[0]
    return {
        "command": command,
        "status": status,
        "version": VERSION,
        "commit": source_commit(),
        "seed": plan.seed,
        "draws": plan.draws,
        "replicates": plan.replicates,
        "size": plan.size,
        "engine": plan.engine,
        "weights": plan.weights,
        "runs_planned": plan.runs,
        "jobs_done": done,
        "window": {"from": month_text(first.window_from), "to": month_text(first.window_to)},
        "start": month_text(first.start),
        "evidence_hash": evidence_hash(),
        "scenario_hashes": plan.scenario_hashes(),
        "libraries": library_versions(),
        "failures": failures,
        "scenarios": [
            {"key": key, **scenario.resolved()}
            for key, scenario in zip(plan.keys, plan.scenarios, strict=True)
        ],
    }
