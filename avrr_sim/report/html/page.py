"""One frame for every page: run, compare, sweep, validate and calibrate hand over sections, and get one HTML
file that opens offline.

The same sections give the same bytes. Nothing is loaded from anywhere: style, script and figures stand in the
page, and the page's own policy forbids everything else. The script only sorts tables and opens folds for
paper; without it the page is complete.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import jinja2

from avrr_sim.report.html.elements import (
    Card,
    Code,
    Facts,
    Fold,
    Heading,
    Items,
    Part,
    Picture,
    Section,
    Text,
)
from avrr_sim.report.words import catalogue
from avrr_sim.report.words import sentences as words
from avrr_sim.study.folder.whole import write_whole

_TEMPLATES = Path(__file__).with_name("templates")


def write_page(
    folder: Path,
    title: str,
    sections: Sequence[Section],
    *,
    lead: Sequence[Part] = (),
    name: str = "report.html",
) -> Path:
    """Write the page `name` of these sections into `folder`; returns its path.

    `lead` stands above the table of contents. Sections without parts are left out. Figures are numbered in
    the order in which they stand. Raises OSError where the folder cannot be written, ValueError where two
    sections or two figures share a name.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    shown = [section for section in sections if section.parts]
    numbers: dict[str, int] = {}
    for picture in _pictures([*lead, *(part for section in shown for part in section.parts)]):
        if picture.figure.name in numbers:
            raise ValueError(f"two figures are called {picture.figure.name}")
        numbers[picture.figure.name] = len(numbers) + 1
    if len({section.key for section in shown}) != len(shown):
        raise ValueError("two sections share a key")
    script = _script()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals["say"] = words.say
    text = environment.get_template("page.html").render(
        title=title,
        lead=lead,
        sections=shown,
        numbers=numbers,
        language=catalogue.LANGUAGE,
        style=_style(),
        script=script,
        script_hash="sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    page = folder / name
    write_whole(page, text)
    return page


def provenance(command: str, facts: Sequence[tuple[str, str]], files: str = "") -> Section:
    """The last section of every page: the command that makes it again, and where it comes from."""
    parts = [
        Text(words.say("provenance.command")),
        Code(command),
        Facts(list(facts)),
        Text(files or words.say("provenance.files"), small=True),
    ]
    return Section("provenance", words.say("provenance.title"), parts, words.say("provenance.short"))


def limits(sentences: Sequence[str]) -> Section:
    """What a study cannot tell, and what it must not be used for."""
    parts = [Items(list(sentences)), Heading(words.say("limits.not_for")), Items(list(catalogue.NOT_FOR))]
    return Section("limits", words.say("limits.title"), parts, words.say("limits.short"))


def _pictures(parts: Sequence[Any]) -> Iterator[Picture]:
    for part in parts:
        if isinstance(part, Picture):
            yield part
        elif isinstance(part, (Fold, Card)):
            yield from _pictures(part.parts)


def _style() -> str:
    return (_TEMPLATES / "report.css").read_text(encoding="utf-8")


def _script() -> str:
    """The script, its words put in, without comments."""
    text = (_TEMPLATES / "report.js").read_text(encoding="utf-8")
    for mark, key in (("WORD_UP", "sort.up"), ("WORD_DOWN", "sort.down"), ("WORD_NONE", "sort.none")):
        text = text.replace(mark, html.escape(words.say(key)))
    return text.replace("\r\n", "\n")
