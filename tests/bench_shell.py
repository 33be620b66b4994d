"""Commands of the shell as `make bench` measures them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASELINE = ROOT / "scenarios" / "baseline-norway.yaml"
GIB = 2**30


def processor_time(command: list[str], place: Path = ROOT, **env: str) -> tuple[float, float]:
    """(processor seconds, peak memory in bytes) of a command that must succeed, its children included;
    `place`: where it is called.
    """
    code = (
        "import resource,subprocess,sys; "
        "r=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.PIPE,text=True); "
        "u=resource.getrusage(resource.RUSAGE_CHILDREN); "
        "print(u.ru_utime+u.ru_stime,u.ru_maxrss*1024); sys.exit(r.stderr if r.returncode else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        cwd=place,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {done.stderr}")
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


def avrr(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "avrr_sim.cli", *arguments]
