"""The posterior that comes with the package, put there from the folder of a calibration."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from avrr_sim.posterior import FOLDER
from avrr_sim.study.folder.whole import write_whole

SHIPPED = ("posterior.parquet", "again.parquet", "drivers.csv", "targets.csv")
"""What a user needs."""


def ship(recipe: dict[str, Any], folder: Path, date: str) -> list[Path]:
    """Put posterior, drivers, targets, a few runs and the recipe into the package, from the folder of a
    calibration; `date` as YYYY-MM-DD. Gives the files written.
    """
    FOLDER.mkdir(exist_ok=True)
    written = []
    for name in SHIPPED:
        written.append(FOLDER / name)
        write_whole(written[-1], (folder / name).read_bytes())
    content = {
        **recipe,
        "date": date,
        "posterior_hash": hashlib.sha256((FOLDER / "posterior.parquet").read_bytes()).hexdigest()[:16],
    }
    write_whole(FOLDER / "recipe.json", json.dumps(content, indent=2, ensure_ascii=False))
    return [*written, FOLDER / "recipe.json"]
