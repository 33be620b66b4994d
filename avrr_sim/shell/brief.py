"""What `avrr brief` does and prints: the first page of a study alone, as HTML and PDF, and its pictures for a
slide and for a column of text.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from avrr_sim.refusals import refusal
from avrr_sim.report.words.language import ENGLISH, speaking
from avrr_sim.shell.printing import say
from avrr_sim.shell.report import check_place
from avrr_sim.study.folder.whole import write_whole
from avrr_sim.study.summary.contract import LEFT, read_facts
from avrr_sim.study.summary.datapackage import describe
from avrr_sim.study.summary.tables import StudyTables, load_tables

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE = 120
"""Seconds to wait for the browser."""
WIDTHS = (("slide", 6.4), ("column", 3.4))
"""Widths of the pictures in inches: about half a slide, so that letters double on it; and a column."""
PIXELS = 300
"""Pixels an inch: 1,920 across a slide."""


def make_brief(folder: Path, out: Path | None, as_json: bool, language: str = ENGLISH) -> None:
    """Write brief.html, brief.pdf and the pictures of a run or a comparison into its folder or into `out`,
    from its tables alone, told in `language`; where this machine has no browser, the PDF is left out and that
    is said.

    Raises `Refusal` where the folder holds no finished run or comparison, or cannot be written to.
    """
    if not folder.is_dir():
        raise refusal("is no folder", file=folder, allowed=LEFT)
    facts = read_facts(folder)
    if (kind := facts["kind"]) not in ("run", "compare"):
        raise refusal(
            f"holds a study of the kind {kind}, which has no brief",
            file=folder,
            allowed="a folder that `avrr run` or `compare` left; `avrr report` makes the page of any other",
        )
    tables, target = load_tables(folder), out or folder
    try:
        check_place(folder, out)
        with speaking(language):
            page, pictures = _write(target, tables)
        if out is None:
            describe(folder, facts)  # the pictures have numbers too
        pdf = print_page(page, str(tables.provenance.get("date", "")))
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise refusal(
            f"cannot be written to ({error.strerror})",
            file=target,
            allowed="a folder you may write to (--out)",
        ) from None
    if pdf is None:
        say(f"no PDF: this machine has no browser ({', '.join(BROWSERS)}); print {page.name} from any other")
    _tell(page, pdf, pictures, as_json)


def _write(target: Path, tables: StudyTables) -> tuple[Path, list[Path]]:
    """The page, and its pictures in every width."""
    from avrr_sim.report.figures.style import with_pixels
    from avrr_sim.report.pages.brief import pictures, write_brief

    page = write_brief(target, tables)
    with with_pixels(dots=PIXELS):
        drawn = pictures(target / "figures", tables, WIDTHS)
    return page, [target / "figures" / f"{figure.name}.{end}" for figure in drawn for end in ("png", "svg")]


def _tell(page: Path, pdf: Path | None, pictures: list[Path], as_json: bool) -> None:
    if as_json:
        told = {"brief": str(page), "pdf": str(pdf) if pdf else None, "pictures": [*map(str, pictures)]}
        print(json.dumps(told, indent=2))
        return
    print(f"Brief: {page}")
    for path in [*([pdf] if pdf else []), *pictures]:
        print(f"       {path}")


def browser_path() -> str | None:
    """Where this machine keeps a browser of the family of Chromium; None where it has none."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def print_page(page: Path, date: str) -> Path | None:
    """Print a page to a PDF beside it, dated `date` (YYYY-MM-DD), so that the same page gives the same bytes;
    None where there is no browser, or it did not manage.
    """
    browser = browser_path()
    if browser is None:
        return None
    with TemporaryDirectory() as home:
        made = Path(home) / "page.pdf"
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={home}/profile",
            f"--print-to-pdf={made}",
            *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
            page.resolve().as_uri(),
        ]
        try:
            subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return None
        if not made.is_file():
            return None
        pdf = page.with_suffix(".pdf")
        write_whole(pdf, settled_bytes(made.read_bytes(), date))
    return pdf


def settled_bytes(pdf: bytes, date: str) -> bytes:
    """A PDF that says it was made on `date` at midnight, its parts numbered from one on: the browser numbers
    them by what it did before. No byte moves, as places in a PDF are counted.
    """
    digits = (date.replace("-", "") or "19700101").encode() + b"000000"
    pdf = re.sub(rb"(/(?:Creation|Mod)Date \(D:)\d{14}", lambda found: found[1] + digits, pdf)
    numbers = {name: b"%08d" % i for i, name in enumerate(sorted(set(_PART.findall(pdf))), 1)}
    return _PART.sub(lambda found: b"(node" + numbers[found[1]] + b")", pdf)


_PART = re.compile(rb"\(node(\d{8})\)")
