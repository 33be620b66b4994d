"""The explorer of a sweep's page: chosen with the keyboard alone, said in words, and left out of paper."""

from __future__ import annotations

import pytest

from browser.conftest import NARROW, PAPER, WIDE, visit

HAZARD = "Hazard of applying"


@pytest.fixture(scope="module")
def opened(chromium, report):
    with visit(chromium, report("sweep"), WIDE) as found:
        yield found


def control(page, label: str):
    return page.locator(".explorer").get_by_label(label, exact=True)


def test_the_arrow_keys_go_from_point_to_point_and_each_is_said(opened):
    page = opened.page
    control(page, "Measure").select_option(label=HAZARD)
    control(page, "Show").select_option(label="level")
    control(page, "Drawn as").select_option(label="lines")
    page.focus(".explorer .stage svg")
    said = [page.inner_text(".readout")]
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        said.append(page.inner_text(".readout"))
    assert said[0] == said[-1] and len(set(said)) == 4
    assert "cash_level 0, information_timing early: " in said[0]


def test_what_is_chosen_is_drawn_and_stands_in_the_table(opened):
    page = opened.page
    measures = control(page, "Measure").locator("option").all_inner_texts()
    assert "Additional returns" in measures and len(measures) == 5
    for measure in measures:
        control(page, "Measure").select_option(label=measure)
        for shown in control(page, "Show").locator("option").all_inner_texts():
            if control(page, "Show").is_visible():  # there may be nothing to choose
                control(page, "Show").select_option(label=shown)
            page.locator(".explorer summary").click()
            rows = page.locator(".explorer tbody tr").count()
            points = page.locator(".explorer .stage > svg > path[transform], .explorer .stage > svg > rect")
            told = page.inner_text(".readout")
            assert rows and bool(points.count()) == ("not estimable" not in told), (measure, shown)
            page.locator(".explorer summary").click()
    assert opened.console == [] and opened.requests == []


def test_a_group_has_numbers_of_its_own(opened):
    page = opened.page
    control(page, "Measure").select_option(label=HAZARD)
    everybody = page.locator(".explorer table").text_content()
    groups = control(page, "Group").locator("option").all_inner_texts()
    assert groups[0] == "Everybody" and len(groups) > 1
    control(page, "Group").select_option(label=groups[1])
    assert page.locator(".explorer table").text_content() != everybody


def test_the_pointer_finds_the_nearest_point(opened):
    page = opened.page
    drawing = page.locator(".explorer .stage > svg")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
    assert "cash_level 2" in page.inner_text(".readout")


def test_a_narrow_window_keeps_the_letters_legible(chromium, report):
    with visit(chromium, report("sweep"), NARROW) as found:
        size = "() => document.querySelector('.explorer text').getBoundingClientRect().height"
        assert found.page.evaluate(size) >= 10


def test_paper_has_the_figures_and_says_so(chromium, report):
    with visit(chromium, report("sweep"), PAPER[0], media="print") as found:
        assert not found.page.locator(".explorer").is_visible()
        assert found.page.locator(".unscripted").is_visible()
        assert found.page.locator("#figures figure svg").first.is_visible()
