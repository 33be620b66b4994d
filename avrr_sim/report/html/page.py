"""One frame for every page: run, compare, sweep, validate and calibrate hand over sections, and get one HTML
file that opens offline.

The same sections give the same bytes. Nothing is loaded from anywhere: style, script and figures stand in the
page, and the page's own policy forbids everything else. The script only sorts tables, opens folds for paper
and lets one choose what an explorer draws; without it the page is complete.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2

from avrr_sim.report.html.elements import (
    Card,
    Code,
    Explorer,
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
from avrr_sim.report.words.sentences import limits_said, say
from avrr_sim.study.folder.whole import write_whole
from avrr_sim.study.summary.contract import Remark

_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Sheet:
    """A page on one printed sheet: the size of its letters in points, and how many rows its cards take."""

    letters: float
    rows: int


def write_page(
    folder: Path,
    title: str,
    sections: Sequence[Section],
    *,
    lead: Sequence[Part] = (),
    name: str = "report.html",
    sheet: Sheet | None = None,
) -> Path:
    """Write the page `name` of these sections into `folder`; returns its path.

    `lead` stands above the table of contents. Sections without parts are left out. Figures are numbered in
    the order in which they stand. With `sheet` it is laid out for one printed sheet. Raises OSError where the
    folder cannot be written, ValueError where two sections or two figures share a name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shown = [section for section in sections if section.parts]
    if len({section.key for section in shown}) != len(shown):
        raise ValueError("two sections share a key")
    numbers = _numbers([*lead, *(part for section in shown for part in section.parts)])
    script = _script(any(isinstance(part, Explorer) for section in shown for part in section.parts))
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals["say"] = say
    text = environment.get_template("page.html").render(
        title=title,
        lead=lead,
        sections=shown,
        numbers=numbers,
        language=catalogue.language_told(),
        style=_style(sheet),
        script=script,
        script_hash="sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    page = folder / name
    write_whole(page, text)
    return page


def provenance(command: str, facts: Sequence[tuple[str, str]], files: str = "") -> Section:
    """The last section of every page: the command that makes it again, and where it comes from."""
    parts: list[Part] = [
        Text(say("provenance.command")),
        Code(command),
        Fold(
            say("provenance.more"), [Facts(list(facts)), Text(files or say("provenance.files"), small=True)]
        ),
    ]
    return Section("provenance", say("provenance.title"), parts, say("provenance.short"))


def limits(remarks: Sequence[Remark], more: Sequence[str] = ()) -> Section:
    """What a study cannot tell, `more` sentences after those of its remarks, and what it must not be used
    for.
    """
    parts: list[Part] = [
        Items([*limits_said(remarks), *more]),
        Heading(say("limits.not_for")),
        Items(list(catalogue.NOT_FOR)),
    ]
    return Section("limits", say("limits.title"), parts, say("limits.short"))


def limits_folded(remarks: Sequence[Remark], more: Sequence[str] = ()) -> Section:
    """As `limits`, behind a fold that paper opens, on a page whose first page says what not to use it for."""
    said = [*limits_said(remarks), *more]
    fold = Fold(say("limits.fold", count=len(said)), [Items(said)], paper=True)
    return Section(
        "limits", say("limits.title"), [fold, Text(say("limits.see"), small=True)], say("limits.short")
    )


def _numbers(parts: Sequence[Part]) -> dict[str, int]:
    """The number of every figure, by name, in the order in which they stand."""
    names = [picture.figure.name for picture in _pictures(parts)]
    if len(set(names)) != len(names):
        raise ValueError(f"two figures share a name: {', '.join(names)}")
    return {name: number for number, name in enumerate(names, 1)}


def _pictures(parts: Sequence[Part]) -> Iterator[Picture]:
    for part in parts:
        if isinstance(part, Picture):
            yield part
        elif isinstance(part, (Fold, Card)):
            yield from _pictures(part.parts)


def _style(one: Sheet | None) -> str:
    """The style; that of one sheet after it where the page is one."""
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    if one is None:
        return style
    sheet = (_TEMPLATES / "sheet.css").read_text(encoding="utf-8")
    return f"{style}:root {{ --letters: {one.letters:.2f}pt; --rows: {one.rows}; }}\n{sheet}"


def _script(explored: bool) -> str:
    """The script, its words put in; `explored`: with that of an explorer, which brings words of its own."""
    names = ("report.js", "explorer.js") if explored else ("report.js",)
    text = "".join((_TEMPLATES / name).read_text(encoding="utf-8") for name in names)
    for mark, key in (("WORD_UP", "sort.up"), ("WORD_DOWN", "sort.down"), ("WORD_NONE", "sort.none")):
        text = text.replace(mark, html.escape(say(key)))
    return text.replace("\r\n", "\n")
