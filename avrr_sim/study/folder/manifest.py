"""What the manifest of a folder says, read without anything that simulates."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from avrr_sim.refusals import Refusal
from avrr_sim.study.folder.stored import StoredManifest, read_stored


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder; None where it is missing, damaged, or does not say what it belongs to."""
    try:
        return read_stored(StoredManifest, folder / "manifest.json")
    except Refusal:
        return None


def today() -> str:
    """The day as YYYY-MM-DD; that of SOURCE_DATE_EPOCH where the environment sets it, so that a study can be
    made again to the byte on another day.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return time.strftime("%Y-%m-%d", time.gmtime(int(given)) if given.isdigit() else time.localtime())


def date_of(folder: Path) -> str:
    """The day on which the study of a folder was begun, YYYY-MM-DD; empty where its manifest does not say."""
    date = (read_manifest(folder) or {}).get("date", "")
    return date if isinstance(date, str) else ""
