"""The checks themselves: each finds the fault that it is there for, on a page made to have it, and none on a
sound page.
"""

from __future__ import annotations

import pytest
from pypdfium2 import PdfDocument

from browser.conftest import AXE, NARROW, PAPER, visit
from browser.test_paper import parted
from browser.test_sorting import in_order

PAGE = (
    "<!DOCTYPE html><html lang='en'><head><title>A page</title></head><body><main><h1>A "
    "page</h1>{}</main></body></html>"
)
SVG = (
    "<svg role='img' aria-label='x' width='{}' height='{}'><text x='{}' y='20'>A label that is "
    "long</text></svg>"
)
SOUND = (
    "<p>All is well.</p><figure>" + SVG.format(300, 100, 10) + "<figcaption>A figure</figcaption></figure>"
)
FAULTS = {
    "overlaps()": "<p>First line</p><p style='margin-top:-2.2em'>Second line</p>",
    "cutLabels()": SVG.format(60, 40, 30),
    "sideways()": "<div style='width:900px'>Wide</div>",
}


@pytest.fixture
def opened(chromium, tmp_path):
    """Opens a page with this in its body."""
    contexts = []

    def show(body: str, **more):
        file = tmp_path / f"{len(contexts)}.html"
        file.write_text(PAGE.format(body), encoding="utf-8")
        contexts.append(visit(chromium, file, **more))
        return contexts[-1].__enter__()

    yield show
    for context in contexts:
        context.__exit__(None, None, None)


@pytest.mark.parametrize("check", FAULTS)
def test_a_fault_of_layout_is_found(check, opened):
    assert opened(SOUND, width=NARROW).look(check) == []
    assert opened(FAULTS[check], width=NARROW).look(check) != []


def test_requests_errors_and_dialogs_are_recorded_and_requests_blocked(opened):
    page = opened(
        "<img src='http://example.invalid/x.png'><script>alert(1); "
        "fetch('http://example.invalid/y'); throw new Error('broken')</script>"
    )
    page.page.wait_for_timeout(200)
    assert sorted(page.requests) == ["http://example.invalid/x.png", "http://example.invalid/y"]
    assert page.dialogs == ["1"] and any("broken" in said for said in page.console)


def test_a_table_wider_than_the_paper_and_a_figure_taller_than_a_page_are_found(opened):
    table = "<section id='s'><table style='width:900px'><tr><td>Wide</td></tr></table></section>"
    for fault in (
        table,
        f"<figure>{SVG.format(100, 2 * PAPER[1], 0)}</figure>",
        "<details class='paper'><summary>More</summary><table><tr><td>Hidden</td></tr></table></details>",
    ):
        assert opened(fault, width=PAPER[0], media="print").look(f"cutOnPaper({PAPER[1]})") != []
    assert opened(SOUND, width=PAPER[0], media="print").look(f"cutOnPaper({PAPER[1]})") == []


def test_what_the_end_of_a_page_cuts_in_two_is_found(opened, tmp_path):
    lines = "<p>A line</p>" * 60
    for body, cut in ((SOUND, False), (f"<figure>{lines}</figure>", True)):
        page = opened(body)
        marked, file = page.look("mark()"), tmp_path / "a.pdf"
        page.page.pdf(path=file)
        with PdfDocument(file) as pdf:
            texts = [sheet.get_textpage().get_text_range() for sheet in pdf]
        assert bool(parted(texts, marked)) == cut
    assert parted(["head table0top", "head table0top row table0end"], {"table": 1}) and not parted(
        ["table0top table0end", "table0top"], {"table": 1}
    )


def test_an_input_without_a_name_is_found_by_axe(opened):
    page = opened("<input type='text'>").page
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert "critical" in page.evaluate("async () => (await axe.run()).violations.map(v => v.impact)")


def test_a_column_that_is_out_of_order_is_found():
    assert in_order(["\u22121.5 (\u22123 to 0)", "+2", "1,000 %", "not estimable"], "ascending") and in_order(
        ["b", "A"], "descending"
    )
    assert not in_order(["2", "10", "9"], "ascending") and not in_order(["b", "A"], "ascending")
