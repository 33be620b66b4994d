"""What a reader of any report can count on, in a real browser."""

from __future__ import annotations

import pytest

from browser.conftest import AXE, NARROW, TALL, WIDE, visit
from browser.pages import INJECTED, PAGES, sections

MOST_WORDS = 1800
A_MOMENT = 200
"""Milliseconds: a page that phones home may do so a little after it has loaded."""


@pytest.fixture(scope="module", params=PAGES)
def name(request) -> str:
    """Each page in turn; all checks of one page follow each other."""
    return request.param


@pytest.fixture(scope="module")
def wide(name, chromium, report):
    """The page in a wide window, everything that is folded away opened."""
    with visit(chromium, report(name), WIDE) as opened:
        opened.page.wait_for_timeout(A_MOMENT)
        opened.unfold()
        yield opened


@pytest.fixture(scope="module")
def narrow(name, chromium, report):
    """The same in a narrow window."""
    with visit(chromium, report(name), NARROW) as opened:
        opened.unfold()
        yield opened


def test_nothing_is_loaded_and_nothing_goes_wrong(wide):
    assert wide.requests == [] and wide.console == [] and wide.dialogs == []


def test_every_section_stands_in_its_order_under_a_heading(name, wide):
    found = wide.page.eval_on_selector_all(
        "section[id]", "all => all.map(s => [s.id, s.querySelector('h2')?.innerText.trim()])"
    )
    assert [s for s, _ in found] == sections(name)
    assert all(heading for _, heading in found), found


def test_a_comparison_can_be_read_before_anything_is_unfolded(chromium, report):
    """Fewer than 1,800 words in sight, those in figures among them, and the first page on top."""
    with visit(chromium, report("compare"), WIDE) as opened:
        words = opened.page.inner_text("body")
        assert len(words.split()) < MOST_WORDS
        first = opened.page.get_by_text("Of 1,000 people").first.bounding_box()
        assert first and first["y"] + first["height"] < TALL  # in sight without scrolling
        assert "sign not settled" not in words


def test_every_link_leads_somewhere_on_the_page(wide):
    lost = (
        "all => all.map(a => a.getAttribute('href')).filter(h => !h.startsWith('#') || "
        "!document.getElementById(decodeURIComponent(h.slice(1))))"
    )
    assert wide.page.eval_on_selector_all("a[href]", lost) == []
    ids = wide.page.eval_on_selector_all("[id]", "all => all.map(e => e.id)")
    assert len(ids) == len(set(ids)), sorted({i for i in ids if ids.count(i) > 1})


def test_every_figure_says_in_words_what_it_shows(wide):
    silent = """all => all.filter(f => { const s = f.querySelector('svg');
        const told = f.querySelector('figcaption')?.innerText.trim();
        return s?.getAttribute('role') !== 'img' || !s.getAttribute('aria-label') || !told;
        }).map(f => f.id)"""
    assert wide.page.eval_on_selector_all("figure", silent) == []


def test_no_text_becomes_markup(name, wide):
    """The only script is the page's own; whatever a user's file says is shown as it was written."""
    assert (
        wide.page.locator(
            "img, iframe, object, embed, link, base, form, script[src], svg script, svg foreignObject"
        ).count()
        == 0
    )
    assert wide.page.locator("script").count() <= 1
    handlers = (
        "() => [...document.querySelectorAll('*')].flatMap(e => [...e.attributes].map(a => "
        "a.name)).filter(a => a.startsWith('on'))"
    )
    assert wide.page.evaluate(handlers) == []
    if name == "injected":
        assert INJECTED in wide.page.inner_text("h1")
        assert wide.page.evaluate("() => document.body.textContent").count(INJECTED) > 20


@pytest.mark.parametrize("window", ("wide", "narrow"))
def test_nothing_overlaps_and_the_page_does_not_scroll_sideways(window, wide, narrow):
    opened = {"wide": wide, "narrow": narrow}[window]
    assert opened.look("sideways()") == []
    assert opened.look("overlaps()") == []
    assert opened.look("cutLabels()") == []


def test_people_with_a_screen_reader_or_a_keyboard_are_not_shut_out(narrow):
    """No serious or critical finding of axe-core; in the narrow window, where tables and figures scroll by
    themselves.
    """
    narrow.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = narrow.page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
    grave = [
        f"{v['impact']}: {v['help']}: {n['html'][:200]}"
        for v in found
        if v["impact"] in ("serious", "critical")
        for n in v["nodes"][:3]
    ]
    assert grave == []
