"""What `avrr report` does and prints, kept apart from `cli` so that help appears at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from avrr_sim.refusals import refusal
from avrr_sim.study.summary.tables import load_tables


def rebuild(folder: Path, out: Path | None, as_json: bool) -> None:
    """Make the page and the figures of a run folder again from its stored tables, in place or in the folder
    `out`. Nothing is simulated.

    Raises `Refusal` where the folder holds no finished run, comparison or validation, or the page cannot be
    written.
    """
    if not folder.is_dir():
        raise refusal(
            "is no folder",
            file=folder,
            allowed="a folder that `avrr run`, `compare` or `validate` left when it was done",
        )
    make = page_of(folder)
    try:
        page = make(out or folder)
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise refusal(
            f"cannot be written to ({error.strerror})",
            file=out or folder,
            allowed="a folder you may write to (--out)",
        ) from None
    print(
        json.dumps({"folder": str(folder), "report": str(page)}, indent=2) if as_json else f"Report: {page}"
    )


def page_of(folder: Path) -> Callable[[Path], Path]:
    """What writes the page of a run folder into a folder, by what the run folder holds: a validation, or else
    a run or comparison.
    """
    if (folder / "validation.json").is_file():
        from avrr_sim.report.pages.validation import write_validation

        return lambda out: write_validation(folder, out)
    from avrr_sim.report.pages.comparison import write_report

    tables = load_tables(folder)
    return lambda out: write_report(out, tables)
