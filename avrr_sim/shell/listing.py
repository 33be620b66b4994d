"""What `avrr list` prints: the studies below a folder, what each asks, and how it stands by what can be seen
of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from textwrap import shorten
from typing import Any

from avrr_sim.refusals import refusal
from avrr_sim.shell.printing import console, print_json, say, table_of
from avrr_sim.study.folder.chunks import in_use
from avrr_sim.study.folder.frame import DONE, UNFINISHED
from avrr_sim.study.folder.manifest import read_manifest
from avrr_sim.study.summary.contract import FILE

RUNNING, STOPPED, DAMAGED, NO_PAGE = "running", "stopped", "damaged", "without a page"
_DEEPEST = 3  # folders below the one that is named, in which studies are looked for
_PAGES = ("report.html", "sweep.html")
_LONGEST = 160  # letters of what a study asks


@dataclass(frozen=True)
class Listed:
    """One study: its folder, kind and state, the day on which it was begun (YYYY-MM-DD; empty where it is not
    said), what it asks, and its command.
    """

    folder: str
    kind: str
    state: str
    date: str
    asks: str
    command: str


def list_studies(folder: Path, as_json: bool) -> None:
    """Print every study below a folder with its state. Raises `Refusal` where there is no such folder."""
    if not folder.is_dir():
        raise refusal(
            "is no folder", file=folder, allowed="the folder in which studies stand, such as results"
        )
    found = [_listed(path) for path in _studies(folder, 0)]
    if as_json:
        print_json([asdict(each) for each in found])
        return
    if not found:
        say(f"{folder}: no study stands here")
        return
    shown = ("date", "kind", "state", "asks", "folder")
    table = table_of(f"Studies in {folder}", [(name, "left") for name in shown])
    for each in found:
        table.add_row(each.date, each.kind, each.state, each.asks, each.folder)
    console().print(table)


def _studies(folder: Path, depth: int) -> Iterator[Path]:
    """Folders that have a manifest, or something in its place, in the order of their names; none within them,
    and none behind a link.
    """
    if (folder / "manifest.json").exists():
        yield folder
    elif depth <= _DEEPEST:
        try:
            inner = sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())
        except OSError:
            return
        for path in inner:
            yield from _studies(path, depth + 1)


def _listed(folder: Path) -> Listed:
    manifest = read_manifest(folder)
    if manifest is None:
        return Listed(str(folder), "", DAMAGED, "", "", "")
    kind, command, date = (_text(manifest.get(key)) for key in ("kind", "command", "date"))
    state = state_of(folder, _text(manifest.get("status")))
    return Listed(str(folder), kind, state, date, _asked(kind, manifest), command)


def _asked(kind: str, manifest: Mapping[str, Any]) -> str:
    """What a study asks, by its manifest: the question of its experiment, or of its scenarios but the
    baseline; the names of what asks nothing.
    """
    if kind == "validate":
        return "Which patterns of the literature does the model show?"
    if kind == "calibrate":
        return f"Which weights do the figures of {_text(manifest.get('targets')) or 'a file'} move?"
    experiment, scenarios = manifest.get("experiment"), manifest.get("scenarios")
    given = [experiment] if isinstance(experiment, dict) else scenarios if isinstance(scenarios, list) else []
    about = [each for each in (given[1:] or given) if isinstance(each, dict)]
    told = [_text(each.get("asks")) or _text(each.get("name")) for each in about]
    return shorten(" ".join(filter(None, told)), _LONGEST, placeholder=" ...")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def state_of(folder: Path, told: str) -> str:
    """How a study stands: what its manifest says, `told`, where nothing that can be seen speaks against it. A
    study that was killed, or had no room for its last word, says `unfinished` for ever.
    """
    if in_use(folder):
        return RUNNING
    if told == UNFINISHED:
        return STOPPED
    whole_study = (folder / FILE).is_file()
    if told == DONE and whole_study and not any((folder / page).is_file() for page in _PAGES):
        return NO_PAGE
    return told
