"""The reports that the browser opens: small real runs, and made-up tables for the odd cases. Each is built
once, when first asked for.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import pandas as pd
from report_pages import lean
from report_tables import NASTY, SCENARIOS, make_tables

from avrr_sim.report.pages.brief import write_brief
from avrr_sim.report.pages.comparison import write_comparison
from avrr_sim.study.summary.tables import StudyTables

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "scenarios"
BASELINE = SHIPPED / "baseline-norway.yaml"
TINY = ["--draws", "2", "--replicates", "1", "--size", "1200", "--months", "36", "--quiet"]

REPORT = (
    "headlines",
    "numbers",
    "changes",
    "time",
    "people",
    "groups",
    "drivers",
    "fit",
    "limits",
    "provenance",
)
"""Sections of a run's or comparison's report, in their order on the page."""
SWEEP = ("answers", "headlines", "explore", "changes", "figures", "numbers", "limits", "provenance")
"""Sections of a sweep's report."""
LEFT_OUT = {"nobody applies": {"time"}, "empty": {"numbers", "time", "people", "groups"}}
"""Sections of which a page has nothing to show, and which it leaves out."""

INJECTED = (
    "<img src=x onerror=alert(1)></script><script>alert(2)</script>\"' onmouseover=alert(3) x=`<svg "
    "onload=alert(4)>{{7*7}}&lt;"
)
"""Put into every text that comes from a user's files; none of it may become part of the page's own markup."""

EXPERIMENT = f"""
name: Cash by the timing of information
asks: How does uptake respond to cash?
baseline: {json.dumps(str(BASELINE))}
vary:
  levers:
    cash_level: [0, 2]
    information_timing: [early, late]
design: factorial
draws: 2
replicates: 1
size: 400
measures: [uptake_24, drop_out_12, assisted_departures, additional_returns, application_hazard]
ask: {{measure: drop_out_12, above: 0.3}}
read_by: [origin]
"""


def avrr(*arguments: str | Path) -> None:
    """Run the shell command, as a user would. Raises AssertionError with what it said where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "avrr_sim.cli", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def compare(folder: Path) -> None:
    """Three shipped scenarios."""
    avrr(
        "compare",
        BASELINE,
        SHIPPED / "cash-doubled.yaml",
        SHIPPED / "information-early.yaml",
        *TINY,
        "--out",
        folder,
    )


def run(folder: Path) -> None:
    """One shipped scenario, so no differences."""
    avrr("run", BASELINE, *TINY, "--out", folder)


def equal(folder: Path) -> None:
    """A scenario equal to the baseline: every difference is zero."""
    folder.mkdir(parents=True)
    same = folder / "same.yaml"
    same.write_text(
        f"name: The same again\nasks: Does nothing change?\nextends: {os.path.relpath(BASELINE, folder)}\n",
        encoding="utf-8",
    )
    avrr("compare", BASELINE, same, *TINY, "--out", folder / "run")


def sweep(folder: Path) -> None:
    """A small grid of cash by timing of information."""
    folder.mkdir(parents=True)
    (folder / "grid.yaml").write_text(EXPERIMENT, encoding="utf-8")
    avrr("sweep", folder / "grid.yaml", "--months", "24", "--quiet", "--out", folder / "run")


def made_up(tables: Callable[[], StudyTables]) -> Callable[[Path], None]:
    """A builder of the page of some tables."""

    def build(folder: Path) -> None:
        write_comparison(folder, tables())

    return build


def brief(folder: Path) -> None:
    """The first page alone, of five policies with coercion among them."""
    write_brief(folder, make_tables(SCENARIOS, groups=False, fitted=True))


def nobody_applies() -> StudyTables:
    """No applicants: nobody applies, and of applicants nothing can be told."""
    tables = make_tables(SCENARIOS[:3])
    levels, unknown = tables.levels, dict.fromkeys(("value", "low", "high", "mc_error"), float("nan"))
    applied = levels["measure"] == "uptake_24"
    levels = pd.concat(
        [
            levels[applied].assign(value=0.0, low=0.0, high=0.0, mc_error=0.0),
            levels[~applied].assign(**unknown, cell=0.0, suppressed=True),
        ]
    )
    differences = tables.differences.assign(
        **unknown, baseline=float("nan"), difference=float("nan"), sign_share=float("nan"), suppressed=True
    )
    gone = {
        name: getattr(tables, name).iloc[:0]
        for name in ("endings", "waits", "flows", "crossings", "spread", "bands")
    }
    return replace(tables, levels=levels, differences=differences, **gone)


def empty() -> StudyTables:
    """Every table empty, as from a study of which nothing could be estimated."""
    tables = make_tables(SCENARIOS[:2])
    frames = {f.name: getattr(tables, f.name) for f in fields(tables)}
    return replace(
        tables, **{name: frame.iloc[:0] for name, frame in frames.items() if isinstance(frame, pd.DataFrame)}
    )


def many() -> StudyTables:
    """Fifteen scenarios, more than there are colours, some with long names."""
    names = (f"Scenario number {i} of fifteen" + ", with a longer name" * (i % 3) for i in range(15))
    return lean(
        make_tables(tuple((f"s{i:02d}", name, ("cash_level", "support")) for i, name in enumerate(names)))
    )


def injected() -> StudyTables:
    """Markup in every text that a user's files can hold: names, questions, levers, sources, groups, the
    command, limits.
    """
    tables = make_tables(SCENARIOS[:3], fitted=True)

    def spoil(value):
        if isinstance(value, dict):
            return {k: v if k in ("key", "kind") else spoil(v) for k, v in value.items()}
        return (
            [spoil(v) for v in value]
            if isinstance(value, list)
            else f"{value} {INJECTED}"
            if isinstance(value, str)
            else value
        )

    groups = {g: f"{g} {INJECTED}" for g in tables.levels["group"] if g != "all"}
    frames = {name: getattr(tables, name).replace({"group": groups}) for name in ("levels", "differences")}
    provenance = {
        **tables.provenance,
        "command": spoil(tables.provenance["command"]),
        "version": INJECTED,
        "libraries": {INJECTED: INJECTED},
    }
    provenance["failures"] = [{"draw": 1, "replicate": 0, "error": f"ValueError: {INJECTED}"}]
    return replace(
        tables,
        title=INJECTED,
        scenarios=spoil(tables.scenarios),
        limits=spoil(tables.limits),
        provenance=provenance,
        **frames,
    )


REAL = {"compare": compare, "run": run, "equal": equal, "sweep": sweep}
ODD = {
    "brief": brief,
    "one draw": made_up(lambda: make_tables(SCENARIOS[:3], draws=1)),
    "nobody applies": made_up(nobody_applies),
    "empty": made_up(empty),
    "many": made_up(many),
    "nasty names": made_up(lambda: make_tables(NASTY, fitted=True)),
    "injected": made_up(injected),
    "no groups": made_up(lambda: make_tables(SCENARIOS[:3], groups=False)),
}
PAGES = REAL | ODD


@cache
def page(name: str, home: Path) -> Path:
    """The file of a page, built under `home` by whoever first asks for it, while others wait."""
    home.mkdir(exist_ok=True)
    folder = home / name.replace(" ", "-")
    with open(f"{folder}.lock", "a+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.fstat(lock.fileno()).st_size:
            PAGES[name](folder)
            lock.write(b"built")
    return next(folder.rglob("report.html"), None) or next(folder.rglob("*.html"))


def sections(name: str) -> list[str]:
    """The sections that a page must have, in order."""
    if name == "brief":
        return ["headlines"]
    return [s for s in (SWEEP if name == "sweep" else REPORT) if s not in LEFT_OUT.get(name, ())]
