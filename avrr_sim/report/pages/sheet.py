"""How large letters may be for a page to stand on one printed sheet of A4.

A browser cannot be asked here, so the height of the page is estimated from its letters: their mean width, the
lines that they take, and what stands beside what (`templates/sheet.css`). The largest size that fits is
taken; a page that would need letters too small to be read goes on on a second sheet.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from avrr_sim.report.html.elements import Card, Code, Heading, Items, Note, Part, Picture, Table, Text

HIGH, WIDE = 279.0, 188.0
"""The sheet less its margins, in millimetres."""
LARGEST, SMALLEST, STEP = 8.4, 5.4, 0.1
"""Sizes of letters that are tried, in points."""
MANY = 3
"""Cards from which on the table alone tells what a card says second and third."""
SHARES = (0.26, 0.065, 0.065, 0.18, 0.33, 0.1)
"""Widths of the columns of the summary of findings, as shares of the sheet's."""
_POINT = 25.4 / 72  # millimetres
_LETTER = 0.52  # mean width of a letter, of its size, with some room
_LINE = 1.22  # height of a line, of its size
_FIXED = 8.0  # millimetres of rules and gaps, whatever the size


@dataclass(frozen=True)
class _Sheet:
    """What takes how much room with letters of `size` points, in millimetres."""

    size: float

    def lines(self, text: str, width: float = WIDE, larger: float = 1.0) -> float:
        """The height of a paragraph that is `width` wide, in letters so many times `larger`."""
        letters = width / (self.size * larger * _POINT * _LETTER)
        return math.ceil(len(text) / letters) * self.size * larger * _POINT * _LINE

    def gap(self, letters: float) -> float:
        """A gap of so many sizes of a letter."""
        return letters * self.size * _POINT

    def card(self, card: Card, brief: bool) -> float:
        """A card, half as wide as the sheet; `brief`: without what the table tells."""
        half = WIDE / 2 - self.gap(2)
        told = [part.text for part in card.parts if isinstance(part, Text)]
        notes = [part.text for part in card.parts if isinstance(part, Note)]
        texts = [*told[2 * brief :], *([card.asks] if card.asks else [])]
        high = self.lines(card.title, half, 1.1) + self.lines(card.lead + card.rest, half, 1.1)
        high += sum(self.lines(text, half) + self.gap(0.2) for text in texts)
        return high + sum(self.lines(text, half - 5) + 3 for text in notes) + self.gap(1.2)

    def table(self, table: Table) -> float:
        """The summary of findings: a row takes as many lines as the longest of its cells."""
        shares = (
            SHARES if len(table.columns) == len(SHARES) else (1 / len(table.columns),) * len(table.columns)
        )
        line, lines = self.size * _POINT * 1.12, 0
        for row in (row for block in table.blocks for row in block.rows):
            places = [share * WIDE / (self.size * _POINT * _LETTER) - 1 for share in shares]
            lengths = [len(f"{cell.text} {cell.span}".strip()) for cell in row]
            lines += max(math.ceil(each / place) for each, place in zip(lengths, places, strict=True))
        heads = 2 + sum(1 for block in table.blocks if block.head)
        return (lines + heads) * line + 0.35 * (table.rows + heads) + self.gap(0.5)

    def list(self, texts: Iterable[str], width: float) -> float:
        """A list with its heading."""
        return self.gap(2) + sum(self.lines(text, width - self.gap(1.4)) for text in texts)


def letters_for(title: str, lead: Sequence[Part], parts: Sequence[Part], drawn: float) -> float:
    """The largest size of letters, in points, with which the page takes one sheet; the smallest that is read
    where none does. `drawn`: height of the picture in inches, 0 where there is none.
    """
    tried = (LARGEST - STEP * i for i in range(round((LARGEST - SMALLEST) / STEP)))
    return next((size for size in tried if height(size, title, lead, parts, drawn) <= HIGH), SMALLEST)


def height(size: float, title: str, lead: Sequence[Part], parts: Sequence[Part], drawn: float) -> float:
    """About how high the page is with letters of `size` points, in millimetres."""
    sheet, half = _Sheet(size), WIDE / 2
    cards = [part for part in parts if isinstance(part, Card)]
    each = [sheet.card(card, len(cards) >= MANY) for card in cards]
    high = _FIXED + sheet.lines(title, larger=1.75) + sheet.lines(_texts(lead)) + sheet.gap(2)
    high += sum(max(each[i : i + 2]) for i in range(0, len(each), 2))
    lists = [list(part.texts) for part in parts if isinstance(part, Items)]
    beside = sum(sheet.list(texts, half) for texts in lists)
    captions = [part.figure for part in parts if isinstance(part, Picture)]
    seen = sum(sheet.lines(f"{f.title} {f.caption}", half) + 25.4 * drawn + 3 for f in captions)
    high += max(beside, seen) if captions else sum(sheet.list(texts, WIDE) for texts in lists)
    high += sum(sheet.table(part) for part in parts if isinstance(part, Table))
    rest = [part for part in parts if isinstance(part, (Text, Code))]
    high += sum(sheet.lines(part.text) + sheet.gap(0.4) for part in rest)
    return high + 2 * sheet.gap(2)


def _texts(parts: Sequence[Part]) -> str:
    return "   ".join(part.text for part in parts if isinstance(part, (Text, Note, Heading)))
