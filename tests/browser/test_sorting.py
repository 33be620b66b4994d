"""Tables that a reader can sort, by mouse and by keyboard."""

from __future__ import annotations

import pytest

from browser.conftest import visit

SORTABLE = "table:has(thead th button)"
TABS = 300  # far more than there are stops before the first table

STATE = """(table, column) => ({
    sort: [...table.querySelectorAll('thead th')].map(head => head.getAttribute('aria-sort')),
    lines: [...table.querySelectorAll('tbody tr')].map(row => row.innerText),
    columns: [...table.tBodies].map(body => [...body.rows].filter(row => row.cells.length > 1)
        .map(row => row.cells[column].innerText.trim())),
})"""
"""aria-sort of every head, the rows, and the cells of a column by body of the table, without lines that are a
heading of their body.
"""


@pytest.fixture
def page(chromium, report):
    """The comparison of three scenarios in a wide window, everything that is folded away opened."""
    with visit(chromium, report("compare")) as opened:
        opened.unfold()
        yield opened.page


def test_a_table_is_sorted_up_down_and_back_by_each_of_its_heads(page):
    tables = page.locator(SORTABLE)
    assert tables.count() >= 2
    for table in tables.all():
        for column, button in enumerate(table.locator("thead button").all()):
            before = table.evaluate(STATE, column)
            for way in ("ascending", "descending", "none"):
                button.click()
                now = table.evaluate(STATE, column)
                assert sorted(now["lines"]) == sorted(before["lines"]), "sorting loses rows or makes them up"
                assert now["sort"] == [way if i == column else "none" for i in range(len(now["sort"]))]
                if way == "none":
                    assert now["lines"] == before["lines"]
                else:
                    assert [cells for cells in now["columns"] if not in_order(cells, way)] == [], way


def test_sorting_changes_the_order_of_some_table(page):
    """So that the test above does not hold of buttons that do nothing."""
    moved = 0
    for button in page.locator(f"{SORTABLE} thead tr th:nth-child(2) button").all():
        before = page.inner_text("main")
        button.click()
        moved += page.inner_text("main") != before
    assert moved > 0


@pytest.mark.parametrize("key", ("Enter", "Space"))
def test_the_keyboard_reaches_a_head_and_sorts_with_it(page, key):
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.matches('thead button')"):
            break
    focused = page.locator("thead button:focus")
    assert focused.count() == 1, "no head of a table is reached by Tab"
    assert focused.evaluate(
        "b => { const s = getComputedStyle(b); return s.outlineStyle !== 'none' && "
        "parseFloat(s.outlineWidth) > 0 }"
    ), "focus is not visible"
    seen = []
    for _ in range(2):
        page.keyboard.press(key)
        seen.append(focused.evaluate("b => b.closest('th').getAttribute('aria-sort')"))
    assert seen == ["ascending", "descending"]


def number(text: str) -> float | None:
    """The number that a cell begins with, in the page's own way of writing; None for words and dashes."""
    text = (
        text.split("(")[0]
        .replace("\u2212", "-")
        .replace("\u00a0", "")
        .replace("\u202f", "")
        .replace(",", "")
        .replace("%", "")
        .strip()
    )
    try:
        return float(text.split()[0]) if text else None
    except ValueError:
        return None


def in_order(cells: list[str], sort: str) -> bool:
    """Whether the numbers of a column go up (or down); a column without numbers is compared by its words."""
    values = [n for n in map(number, cells) if n is not None] or [
        cell.casefold().replace("/", "~")  # browsers order a slash after a colon
        for cell in cells
        if any(map(str.isalpha, cell))
    ]
    return values == sorted(values, reverse=sort == "descending")
