"""The page of a sweep over three factors: no dot hides another, no key is of what is not drawn, and the
explorer holds the numbers of the tables.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import html
import json
import math
import re

import pandas as pd
import pytest
from conftest import norway

from avrr_sim import sweep
from avrr_sim.report.figures.heat_map import cells_of
from avrr_sim.report.figures.multiples import draw_multiples
from avrr_sim.report.figures.response_curves import looks_of
from avrr_sim.report.figures.responses import draw_sweep
from avrr_sim.report.figures.sweep_layout import roles_of, slices_of
from avrr_sim.report.pages import explorer as explorers
from avrr_sim.report.pages import sweep as sweep_page
from avrr_sim.report.pages.explorer import explorer
from avrr_sim.report.pages.sweep import write_sweep
from avrr_sim.study.summary.contract import load_sweep

LEVERS = {"information_timing": ["early", "late"], "outreach": [0, 3], "cash_level": [0, 1, 4]}


def made(folder, levers=LEVERS, **more):
    content = {
        "baseline": norway(months=14, minimum_cell=1),
        "vary": {"levers": levers},
        "measures": ["application_hazard", "additional_returns"],
        "ask": {"measure": "application_hazard", "above": 8},
        "read_by": ["origin"],
        **{"draws": 3, "replicates": 1, "size": 150},
        **more,
    }
    sweep(content, out=folder / "run")
    return load_sweep(folder / "run")


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    folder = tmp_path_factory.mktemp("three")
    told = made(folder)
    return told, {figure.name: figure for figure in draw_sweep(folder / "figures", told)}, folder


def rows_of(told, measure="application_hazard"):
    return told.table[(told.table["group_by"] == "all") & (told.table["measure"] == measure)]


def test_a_third_factor_gets_panels_and_no_dot_hides_another(three):
    told, figures, _ = three
    roles = roles_of(told, rows_of(told))
    assert (roles.along, roles.second, roles.slices) == ("cash_level", "outreach", ("information_timing",))
    slices = slices_of(told, rows_of(told), roles.slices)
    assert [each.name for each in slices] == ["information_timing early", "information_timing late"]
    for own in slices:
        for value in LEVERS["outreach"]:
            line = own.rows[own.rows["outreach"] == value]
            assert line["cash_level"].is_unique and len(line) == 3
    asides = [look.aside for _, look in looks_of(told, LEVERS["outreach"])]
    assert len(set(asides)) == len(asides)
    titles = re.findall(r">information_timing (early|late)<", figures["curve-application-hazard"].svg)
    assert titles == ["early", "late"] * 2, "levels above, differences below"


def test_a_map_is_drawn_for_every_setting_of_the_third_factor(three):
    told, figures, _ = three
    cells = cells_of(told, rows_of(told))
    assert sum(len(list(cells.spots(own))) for own in cells.slices) == told.points == 12
    assert figures["map-application-hazard"].svg.count(">information_timing") == 2
    assert figures["chance-1"].svg.count(">information_timing") == 2


def test_a_measure_against_the_baseline_has_no_level_and_no_baseline(three):
    svg = three[1]["curve-additional-returns"].svg
    assert svg.count(">information_timing") == 2 and "change," not in svg


def test_keys_name_what_is_drawn_and_nothing_else(three, tmp_path):
    _, figures, _ = three
    by_group = figures["by-origin-application-hazard"].svg
    assert "uncertainty interval" in by_group and "Monte Carlo" not in by_group and "baseline" in by_group
    told = made(tmp_path, {"information_timing": ["early", "late"]}, draws=1, size=100)
    alone = {figure.name: figure for figure in draw_sweep(tmp_path / "figures", told)}
    svg = alone["curve-application-hazard"].svg.partition("<defs>")[2]
    assert "uncertainty interval" not in svg and "Monte Carlo" not in svg, "one draw, one replicate"
    assert ">mean<" in svg and ">baseline" in svg


def test_a_chance_of_few_draws_is_hatched_and_has_no_frontier(three):
    svg, caption = three[1]["chance-1"].svg, three[1]["chance-1"].caption
    assert "3 draws are too few" in svg and "3 draws are too few" in caption
    assert "passes one half" not in svg and len(re.findall(r"fill: url\(#h", svg)) >= 12


def test_groups_without_anything_to_show_have_no_panel(three, tmp_path):
    told, _, _ = three
    table = told.table.copy()
    empty = (table["group_by"] == "origin") & (table["group"] == "iraq")
    table.loc[empty, ["difference", "value"]] = float("nan")
    rows = table[(table["group_by"] == "origin") & (table["measure"] == "application_hazard")]
    (figure,) = draw_multiples(tmp_path, told, rows, "application_hazard", "origin")
    assert ">Iraq<" not in figure.svg and ">Iraq<" in three[1]["by-origin-application-hazard"].svg
    assert not draw_multiples(tmp_path, told, rows[rows["group"] == "iraq"], "application_hazard", "origin")


def test_the_explorer_holds_the_numbers_of_the_table(three):
    told, _, _ = three
    data = json.loads(explorer(told).data)
    assert [factor["name"] for factor in data["factors"]] == list(LEVERS) and len(data["points"]) == 12
    (hazard, extra) = data["measures"]
    assert extra["against"] and list(extra["groups"]) == ["all"] and "origin iraq" in hazard["groups"]
    rows = rows_of(told).set_index("scenario")
    for column, found in zip(
        ("value", "low", "high", "mc_error"), hazard["groups"]["all"]["level"], strict=True
    ):
        expected = [*rows.loc[rows.index != "baseline", column], rows.loc["baseline", column]]
        assert found == pytest.approx(expected, rel=1e-3)
    first = [factor["labels"][i] for factor, i in zip(data["factors"], data["points"][0], strict=True)]
    assert first == ["early", "0", "0"]


def test_a_question_that_nobody_can_answer_is_still_a_question(three):
    told, _, _ = three
    nothing = dataclasses.replace(told, chances=told.chances.assign(chance=math.nan, chance_error=math.nan))
    (question,) = json.loads(explorer(nothing).data)["questions"]
    assert question["groups"] == {"all": [[None] * (told.points + 1)] * 2}


def test_a_sweep_of_many_numbers_leaves_out_groups_first(three, monkeypatch):
    told, _, _ = three
    monkeypatch.setattr(explorers, "MOST_NUMBERS", 8 * 13 * 2)
    assert [list(each["groups"]) for each in json.loads(explorer(told).data)["measures"]] == [["all"]] * 2
    monkeypatch.setattr(explorers, "MOST_POINTS", 11)
    assert explorer(told) is None


@pytest.fixture(scope="module")
def page(three, tmp_path_factory):
    """The page with a name that would like to be markup; its pictures are those that are there."""
    told, figures, _ = three
    renamed = type(told)(**{**vars(told), "origins": {**told.origins, "iraq": NASTY}})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep_page, "draw_sweep", lambda folder, tables: list(figures.values()))
        return renamed, write_sweep(tmp_path_factory.mktemp("page"), renamed).read_text(encoding="utf-8")


NASTY = '</div><script>alert(1)</script>" onfocus="x'


def test_names_in_the_numbers_cannot_leave_their_place(page):
    told, text = page
    (held,) = re.findall(r'data-numbers="([^"]*)"', text)
    assert (
        html.unescape(held) == explorer(told).data
        and NASTY in json.loads(html.unescape(held))["groups"].values()
    )
    assert text.count("<script>") == 1


def test_the_page_says_answers_first_and_stays_small(page):
    _, text = page
    assert re.findall(r'<section id="([a-z]+)"', text)[:3] == ["answers", "headlines", "explore"]
    assert "No point is chosen or ranked here" in text and len(text) < 1_500_000


def test_the_page_allows_its_own_script_alone(page):
    _, text = page
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text.replace("&#39;", "'") and "Explorer" in script


def test_protection_needs_stand_beside_the_others_wherever_they_are_kept(three):
    told, _, _ = three
    rows = rows_of(told)
    names = [f"m{i}" for i in range(8)] + ["protection_needs"]
    many = type(told)(**{**vars(told), "measures": dict.fromkeys(names, {})})
    whole = pd.concat([rows.assign(measure=name) for name in names])
    assert sweep_page._measures(many, whole) == [*names[:5], "protection_needs"]
    assert sweep_page._measures(many, whole[whole["measure"] != "protection_needs"]) == names[:6]
