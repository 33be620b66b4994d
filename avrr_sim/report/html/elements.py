"""What a page is made of: sections, and in them paragraphs, lists, tables, figures and folds. Content only;
the template gives it form.

Text is escaped when it is printed, unless it is `Markup`. A page is a list of sections; see
`page.write_page`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from avrr_sim.report.figures.style import Figure

DASH = "\u2013"
_TALL = 0.8  # height over width


@dataclass(frozen=True)
class Text:
    """A paragraph; `small` for what explains and is not the message."""

    kind: ClassVar[str] = "text"
    text: str
    small: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True)
class Note:
    """A boxed note that must not be overlooked."""

    kind: ClassVar[str] = "note"
    text: str


@dataclass(frozen=True)
class Items:
    """A list of sentences; `beside`: short lines that stand in columns where there is room."""

    kind: ClassVar[str] = "items"
    texts: Sequence[str]
    beside: bool = False


@dataclass(frozen=True)
class Facts:
    """Pairs of a term and its text."""

    kind: ClassVar[str] = "facts"
    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Code:
    """A command or another text to be copied as it stands."""

    kind: ClassVar[str] = "code"
    text: str


@dataclass(frozen=True)
class Picture:
    """A figure; the page numbers it."""

    kind: ClassVar[str] = "picture"
    figure: Figure

    @property
    def tall(self) -> bool:
        """Whether the figure is so tall that it takes a page of its own on paper."""
        found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', self.figure.svg)
        return found is not None and float(found[2]) > _TALL * float(found[1])


@dataclass(frozen=True)
class Cell:
    """One cell: its text, an interval or remark beside it, and the number behind it (for sorting and for
    tests), if there is one.
    """

    text: str
    span: str = ""
    value: float | None = None

    @property
    def sort(self) -> str:
        """The number behind the cell as text; empty where there is none."""
        return f"{self.value:.10g}" if self.value is not None and math.isfinite(self.value) else ""


@dataclass(frozen=True)
class Column:
    """One column: its head, the unit below it, and whether it holds numbers (which are set to the right)."""

    head: str
    unit: str = ""
    numeric: bool = True


@dataclass(frozen=True)
class Block:
    """Rows of a table under a heading of their own; the first cell of a row names it."""

    rows: Sequence[Sequence[Cell]]
    head: str = ""
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A table with a caption; `compact` for many columns."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: Sequence[Column]
    blocks: Sequence[Block]
    compact: bool = False

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(len(block.rows) for block in self.blocks)


@dataclass(frozen=True)
class Fold:
    """Parts that stand behind a line one can open; on paper only where `paper` says so."""

    kind: ClassVar[str] = "fold"
    summary: str
    parts: Sequence[Part]
    paper: bool = False


@dataclass(frozen=True)
class Card:
    """A scenario's headline (`lead`, and how sure it is: `rest`) and what stands beside it: the bar at its
    side has the scenario's colour.
    """

    kind: ClassVar[str] = "card"
    title: str
    colour: str
    lead: str
    rest: str = ""
    parts: Sequence[Part] = ()
    asks: str = ""


@dataclass(frozen=True)
class Explorer:
    """Numbers among which one chooses on the screen what is drawn, with a script (`templates/explorer.js`);
    `data`: JSON, see `pages.explorer`. Without a script, and on paper, a line points to the figures.
    """

    kind: ClassVar[str] = "explorer"
    data: str


Part = Text | Heading | Note | Items | Facts | Code | Picture | Table | Fold | Card | Explorer


@dataclass(frozen=True)
class Section:
    """One section: `key` is its mark in the address, `short` its name in the table of contents (its title
    where that is empty).
    """

    key: str
    title: str
    parts: Sequence[Part] = field(default_factory=tuple)
    short: str = ""
