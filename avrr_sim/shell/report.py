"""What `avrr report` does and prints, kept apart from `cli` so that help appears at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from avrr_sim.refusals import Refusal, refusal, shown
from avrr_sim.report.words.language import ENGLISH, speaking
from avrr_sim.shell.printing import print_json, say
from avrr_sim.study.folder.manifest import read_manifest
from avrr_sim.study.folder.sealed import without_seal
from avrr_sim.study.summary.contract import (
    FILE,
    LEFT,
    load_calibration,
    load_sweep,
    load_validation,
    load_value,
    read_facts,
)
from avrr_sim.study.summary.datapackage import describe
from avrr_sim.study.summary.tables import load_tables


class Done(Protocol):
    """A study that was carried out."""

    @property
    def folder(self) -> Path | None:
        """Where it is kept."""


def rebuild(
    folder: Path, out: Path | None, as_json: bool, png: bool = False, language: str = ENGLISH
) -> None:
    """Make the page and the figures of a folder again from what its study left there, in place or in the
    folder `out`; with `png`, the figures as PNG too; told in `language`. Nothing is simulated.

    Raises `Refusal` where the folder holds no finished study, or the page cannot be written.
    """
    if not folder.is_dir():
        raise refusal("is no folder", file=folder, allowed=LEFT)
    try:
        from avrr_sim.report.figures.style import with_pixels

        if unsealed := without_seal(folder):
            told = f"{folder}: {', '.join(unsealed)} carry no checksum, as older versions left them"
            say(f"{told}; read as they are")
        check_place(folder, out)
        with with_pixels(png), speaking(language):
            page = _rewritten(folder, out)
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise refusal(
            f"cannot be written to ({error.strerror})",
            file=out or folder,
            allowed="a folder you may write to (--out)",
        ) from None
    if as_json:
        print_json({"folder": str(folder), "report": str(page)})
    else:
        print(f"Report: {page}")


def check_place(folder: Path, out: Path | None) -> None:
    """Refuse a place (`--out`) for the page of a study where anything else stands: of another study, or
    somebody's own.
    """
    if out is None or not out.is_dir() or out.resolve() == folder.resolve() or not any(out.iterdir()):
        return
    digest = (read_manifest(folder) or {}).get("digest")
    pages = [page for page in out.glob("*.html") if page.is_file()]
    if not digest or not any(digest in page.read_text(encoding="utf-8", errors="replace") for page in pages):
        raise refusal(
            "holds something else than pages of this study",
            file=out,
            allowed="a new or empty folder (--out), or one with a page of this study",
        )


def _rewritten(folder: Path, out: Path | None) -> Path:
    """The page made again. Raises `Refusal` where tables and facts, each well-formed, do not fit together."""
    try:
        return write_report(folder, out)
    except Refusal:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, StopIteration) as error:
        raise refusal(
            f"no page can be made of its tables ({type(error).__name__}: {shown(str(error))})",
            file=folder,
            allowed="the folder as it was written, by this version",
        ) from error


def write_page(done: Done) -> None:
    """The page of a study that was just carried out, as `avrr report` would make it again; a study that keeps
    no folder, or a shard of one, has none.
    """
    if done.folder is not None and (done.folder / FILE).is_file():
        write_report(done.folder)


def page_in(language: str) -> Callable[[Done], None]:
    """As `write_page`, told in `language`."""

    def write(done: Done) -> None:
        with speaking(language):
            write_page(done)

    return write


def write_report(folder: Path, out: Path | None = None) -> Path:
    """Write the page and the figures of a study of any kind from its folder alone, into it or into `out`;
    returns the page's path.

    Every command makes its page by this. Raises `Refusal` where the folder holds no finished study, OSError
    where the page cannot be written.
    """
    facts = read_facts(folder)
    page = _written(facts["kind"], folder, out or folder)
    if out is None:
        describe(folder, facts)  # the pictures have numbers too
    return page


def _written(kind: str, folder: Path, target: Path) -> Path:
    if kind == "sweep":
        from avrr_sim.report.pages.sweep import write_sweep

        return write_sweep(target, load_sweep(folder))
    if kind == "calibrate":
        from avrr_sim.report.pages.calibration import write_calibration

        return write_calibration(target, load_calibration(folder))
    if kind == "validate":
        from avrr_sim.report.pages.validation import write_validation

        return write_validation(target, load_validation(folder))
    if kind == "study-next":
        from avrr_sim.report.pages.value import write_value

        return write_value(target, load_value(folder))
    from avrr_sim.report.pages.comparison import write_comparison

    return write_comparison(target, load_tables(folder))
