"""Reports printed to PDF, as for a brief on the table."""

from __future__ import annotations

import re
import unicodedata

import pytest
from pypdfium2 import PdfDocument

from browser.conftest import PAPER, visit
from browser.pages import PAGES, sections

A4 = (595, 842)
"""Points."""
MOST = {"compare": 12, "brief": 1}
"""Pages that a comparison of three scenarios may take, and the first page of five policies alone."""


@pytest.fixture(scope="module", params=PAGES)
def name(request) -> str:
    """Each page in turn."""
    return request.param


@pytest.fixture(scope="module")
def paper(name, chromium, report):
    """The page as it is laid out for print, in a window as wide as the paper; what is folded away stays
    so.
    """
    with visit(chromium, report(name), PAPER[0], media="print") as opened:
        yield opened


def test_nothing_is_cut_off_at_the_edge_of_the_paper(paper):
    assert paper.look(f"cutOnPaper({PAPER[1]})") == []


def test_a_printed_report_is_whole(name, paper, tmp_path):
    """No figure is cut in two and no table parted from its head by the end of a page; no section, no printed
    table and no title of a fold is lost.
    """
    headings = paper.page.eval_on_selector_all(
        "section > h2, summary:not(.explorer *)", "all => all.map(s => s.textContent)"
    )
    file = tmp_path / "report.pdf"
    marked = paper.look("mark()")
    paper.page.pdf(path=file, prefer_css_page_size=True, print_background=True)
    assert len(headings) >= len(sections(name))

    with PdfDocument(file) as pdf:
        assert {tuple(round(length) for length in pdf.get_page_size(i)) for i in range(len(pdf))} == {A4}
        texts = [bare(page.get_textpage().get_text_range()) for page in pdf]
    assert len(texts) <= MOST.get(name, len(texts))
    assert parted(texts, marked) == []
    whole = "".join(texts)
    assert [h for h in headings if h.replace("\u00a0", " ").isascii() and bare(h) not in whole] == []
    assert [i for i in range(marked["table"]) if f"table{i}last" not in whole] == []


def parted(texts: list[str], marked: dict[str, int]) -> list[str]:
    """Figures whose end, and tables whose first row, is on a later page than where they begin; `marked` from
    look.mark, `texts` of the pages.
    """
    said = []
    for kind, count in marked.items():
        for i in range(count):
            start, end = (
                next((n for n, text in enumerate(texts, 1) if f"{kind}{i}{word}" in text), None)
                for word in ("top", "end")
            )
            # a head comes again on every page of its table: its first one counts
            if start is None or start != end:
                said.append(f"{kind} {i} begins on page {start} and goes on on page {end}")
    return said


def bare(text: str) -> str:
    """Without white space, ligatures and marks of word breaks, which differ between a page and its PDF."""
    return re.sub(r"[\s\ufffe\u00ad]+", "", unicodedata.normalize("NFKC", text))
