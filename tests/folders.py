"""Folders of sweeps as tests make and compare them."""

from __future__ import annotations

import sys
from pathlib import Path

EXPERIMENT = """\
baseline: base.yaml
vary: {levers: {cash_level: [0, 2, 4], information_timing: [early, late, gradual]}}
draws: 10
replicates: 2
size: 150
months: 12
measures: [application_hazard, assisted_departures]
"""  # 200 runs: nine points and the baseline


def content(folder: Path) -> dict[str, bytes]:
    """Every file but the one that says how long it took."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != "timings.json"
    }


def command(experiment: Path, folder: Path, *more: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "avrr_sim.cli",
        "sweep",
        str(experiment),
        "--quiet",
        "--out",
        str(folder),
        *more,
    ]


def assert_same(one: Path, other: Path) -> None:
    a, b = content(one), content(other)
    assert a.keys() == b.keys()
    assert [name for name in a if a[name] != b[name]] == []
