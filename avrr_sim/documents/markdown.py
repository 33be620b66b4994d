"""Tables in Markdown, and the marked places of a page that they are filled into."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from avrr_sim.refusals import refusal

_MARKED = r"<!-- generated: ([a-z_-]+) -->\n(.*?)<!-- end: \1 -->"


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; cells on one line, bars escaped."""

    def line(cells: Sequence[object]) -> str:
        return "| " + " | ".join(" ".join(str(cell).split()).replace("|", "\\|") for cell in cells) + " |"

    return "\n".join([line(head), line(["---"] * len(head)), *(line(row) for row in rows)])


def filled(text: str, file: object = None, *, tables: Mapping[str, Callable[[], str]]) -> str:
    """A text with every table between its markers made anew.

    Raises `Refusal` where a marker names no table, or a table has no place in the text or two.
    """
    names = re.findall(r"<!-- generated: (.*?) -->", text)
    if sorted(names) != sorted(tables):
        wrong = sorted(set(names) ^ set(tables)) or sorted({name for name in names if names.count(name) > 1})
        raise refusal(
            f"the table {wrong[0]!r} is unknown, has no place or two",
            file=file,
            allowed=f"one pair of markers each for {', '.join(tables)}",
        )
    found = re.sub(
        _MARKED,
        lambda m: f"<!-- generated: {m[1]} -->\n{tables[m[1]]()}\n<!-- end: {m[1]} -->",
        text,
        flags=re.DOTALL,
    )
    if found.count("<!-- end: ") != len(tables):
        raise refusal(
            "a marker has no end of its own",
            file=file,
            allowed="<!-- generated: NAME --> and <!-- end: NAME -->",
        )
    return found
