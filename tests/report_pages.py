"""Pages of reports as tests read them."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

VOID = {"meta", "br", "link", "img", "input", "hr", "path", "use", "rect", "circle", "line"}


class Reader(HTMLParser):
    """What a reader gets: the words outside script and style, every element with its attributes, and whether
    elements are closed in order.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open, self.words, self.elements = [], [], []
        self.feed(page)
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open and self.open[-1] == tag, f"</{tag}> inside {self.open[-3:]}"
            self.open.pop()

    def handle_data(self, data):
        if not {"script", "style"} & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def lean(tables, *measures):
    """The tables with few measures and one monthly series: fewer figures to draw."""
    chosen = (
        "uptake_24",
        "drop_out_12",
        "applications",
        "pressure_dependent",
        "misinformed",
        "removals",
        "additional_returns",
        *measures,
    )
    return replace(
        tables,
        levels=tables.levels[tables.levels["measure"].isin(chosen)],
        differences=tables.differences[tables.differences["measure"].isin(chosen)],
        bands=tables.bands[tables.bands["measure"] == "drop_out_rate"],
    )
