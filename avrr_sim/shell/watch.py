"""What `avrr watch` does: checks the scenario and serves the live page to this machine, until Ctrl-C."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from avrr_sim.refusals import refusal
from avrr_sim.scenario import load_scenario
from avrr_sim.shell.printing import say
from avrr_sim.study.jobs.numbers import whole_number

MOST = 5000
"""Units beyond which a month takes longer than one waits for."""
_HERE = "127.0.0.1"
_SILENT = {"SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false"}  # nothing is told to anybody


def watch_scenario(file: Path, size: int, seed: int, port: int, open_page: bool) -> None:
    """Serve the page. Raises `Refusal` for a bad scenario or numbers, and where the extra is missing."""
    whole_number("size", size, {"size": (10, MOST)})
    whole_number("seed", seed)
    load_scenario(file)
    if find_spec("solara") is None:
        raise refusal("the live look is not installed", allowed='pip install "avrr-sim[watch]"')
    page = Path(__file__).resolve().parent.parent / "watch" / "page.py"
    told = json.dumps({"file": str(file.resolve()), "size": size, "seed": seed})
    words = [sys.executable, "-m", "solara", "run", str(page), "--host", _HERE, "--port", str(port)]
    say(f"http://{_HERE}:{port} shows {file.name}; Ctrl-C ends it")
    done = subprocess.run(
        [*words, "--production", "--open" if open_page else "--no-open"],
        env={**os.environ, **_SILENT, "AVRR_WATCH": told},
        check=False,
    )
    if done.returncode:
        raise SystemExit(1)
