"""What `make bench` has measured, kept as `benchmarks/history.csv`: a row a measure. Nothing is asserted;
each measure is told beside its last one: ratios compare, seconds belong to a machine.
"""

from __future__ import annotations

import csv
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HISTORY = ROOT / "benchmarks" / "history.csv"
COLUMNS = ("commit", "date", "python", "numba", "measure", "value", "unit", "goal")


def last_of(file: Path = HISTORY) -> dict[tuple[str, str], float]:
    """The value last kept of each (measure, unit)."""
    if not file.exists():
        return {}
    with file.open(newline="", encoding="utf-8") as rows:
        return {(row["measure"], row["unit"]): float(row["value"]) for row in csv.DictReader(rows)}


def against(last: float | None, value: float) -> str:
    """A value as a multiple of the last one, in words; nothing where there is none."""
    return f"{value / last:.2f} of last" if last else ""


def circumstances() -> dict[str, str]:
    """Commit (marked + where files differ from it), date, and versions of what compiles and runs."""
    return {
        "commit": _git("rev-parse", "--short", "HEAD") + "+" * bool(_git("status", "--porcelain", "-uno")),
        "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        "python": platform.python_version(),
        "numba": version("numba"),
    }


def keep(measured: list[dict[str, str | float]], file: Path = HISTORY) -> None:
    """Append what was measured: dictionaries of measure, value, unit and goal."""
    new, told = not file.exists(), circumstances()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", newline="", encoding="utf-8") as rows:
        writer = csv.DictWriter(rows, COLUMNS, lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerows({**told, **row} for row in measured)


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


MEASURED: list[dict[str, str | float]] = []
LAST = last_of()


def line(
    measure: str, value: float, unit: str, most: float | None = None, least: float | None = None
) -> None:
    """Print a measure beside its goal and its last value, and have it kept."""
    goal = f"at most {most:g}" if most is not None else f"at least {least:g}" if least is not None else ""
    met = (most is None or value <= most) and (least is None or value >= least)
    shown = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"
    told = ("met" if met else "NOT MET") if goal else ""
    known = against(LAST.get((measure, unit)), value)
    print(f"{measure:<74} {shown:>10} {unit:<7} {goal:<15} {told:<8} {known}".rstrip(), flush=True)
    MEASURED.append({"measure": measure, "value": float(f"{value:.4g}"), "unit": unit, "goal": goal})
