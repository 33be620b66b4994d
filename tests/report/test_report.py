"""The report: same bytes for the same tables, nothing loaded from anywhere, every number with its
uncertainty, every name escaped.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from report_tables import NASTY, SCENARIOS, make_tables

from avrr_sim.report.figures.style import lines
from avrr_sim.report.figures.sweep_layout import value_text
from avrr_sim.report.pages.cells import number_cell
from avrr_sim.report.pages.comparison import write_comparison
from avrr_sim.report.pages.drivers_and_fit import target_parts
from avrr_sim.report.words import findings, sentences
from avrr_sim.study.summary.tables import StudyTables


def _lean(tables: StudyTables) -> StudyTables:
    """The same tables with one monthly series and few measures: fewer figures to draw."""
    few = tables.differences[
        tables.differences["measure"].isin(["uptake_24", "drop_out_12", "removals", "additional_returns"])
    ]
    return replace(tables, differences=few, bands=tables.bands[tables.bands["measure"] == "drop_out_rate"])


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def _text(page: str) -> str:
    """The page's words as a reader sees them."""
    page = re.sub(r"<style>.*?</style>", "", page, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())


@pytest.fixture(scope="module")
def five(tmp_path_factory):
    folder = tmp_path_factory.mktemp("five")
    return make_tables(), write_comparison(folder, make_tables())


@pytest.fixture(scope="module")
def nasty(tmp_path_factory):
    return write_comparison(tmp_path_factory.mktemp("nasty"), _lean(make_tables(NASTY))).read_text(
        encoding="utf-8"
    )


@pytest.fixture(scope="module")
def single_draw(tmp_path_factory):
    return write_comparison(
        tmp_path_factory.mktemp("draw"), _lean(make_tables(SCENARIOS[:2], draws=1))
    ).read_text(encoding="utf-8")


def test_the_same_tables_give_the_same_bytes(five, tmp_path):
    write_comparison(tmp_path, make_tables())
    first = _digests(five[1].parent)
    assert first == _digests(tmp_path)
    names = {Path(name).stem for name in first if name.startswith("figures/")}
    assert {f"figures/{n}.{e}" for n in names for e in ("svg", "csv")} == set(first) - {"report.html"}
    for drawing in tmp_path.glob("figures/*.svg"):
        assert ElementTree.parse(drawing).getroot().get("aria-label")
    assert {"differences-applying", "course-uptake-cumulative", "endings", "drop-out-stages"} <= names


def test_the_page_is_small_and_loads_nothing(five, nasty):
    page = five[1].read_text(encoding="utf-8")
    assert five[1].stat().st_size < 2_000_000
    for text in (page, nasty):
        # the page's own, which sorts tables; its policy lets no other run
        (script,) = re.findall(r"<script>(.*?)</script>", text, flags=re.S)
        assert (
            f"script-src 'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
            in text
        )
        assert not re.search(r"fetch|XMLHttp|import|src|eval|innerHTML", script)
        text = text.replace(f"<script>{script}</script>", "")
        assert not re.search(
            r"""(?:src|href|action|data)\s*=\s*["']?\s*(?!["']?#)[^"'\s>]""",
            re.sub(r'charset="utf-8"', "", text),
        )
        assert not re.search(r"@import|@font-face|<link|<iframe|<object|<script|url\((?!#)", text)


def test_every_figure_has_a_text_alternative_and_unique_ids(five):
    page = five[1].read_text(encoding="utf-8")
    drawings = re.findall(r"<svg [^>]*>", page)
    assert len(drawings) == page.count("<figure ") >= 8
    assert all(
        'role="img"' in d and len(re.search(r'aria-label="([^"]*)"', d).group(1)) > 60 for d in drawings
    )
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', page)) <= set(ids)


def test_the_headline_says_what_the_tables_say(five):
    """Level, difference and level under the change, rounded together: what is printed adds up."""
    tables, page = five
    text = _text(page.read_text(encoding="utf-8"))
    table = tables.differences
    for measure, do in (("uptake_24", "apply within two years"), ("drop_out_12", "drop out within a year")):
        rows = table[(table["group_by"] == "all") & (table["measure"] == measure)]
        for row in rows.to_dict("records"):
            before, change = (round(1000 * row[name]) for name in ("baseline", "difference"))
            side = "more" if change > 0 else "fewer"
            clear = row["low"] > 0 or row["high"] < 0
            side = side if change else "more" if row["difference"] > 0 else "fewer"
            size = f"{abs(change)} {side}" if change else f"less than 1 {side}" if clear else "about none"
            told = f"about {before + change} {do} instead of {before}: {size}."
            assert abs(before + change - 1000 * row["value"]) <= 1
            assert told in text or f"about {before} {do} either way." in text
            if told in text:
                assert f"({100 * row['sign_share']:.0f} % of all draws agree)" in text.partition(told)[2][:80]
        assert "uncertainty interval: " in text


def test_beside_uptake_stand_returns_removals_and_people_out_of_sight(five):
    page = five[1].read_text(encoding="utf-8")
    cards = re.findall(r'<article class="card".*?</article>', page, flags=re.S)
    assert len(cards) == 4
    for label in ("assisted departures", "gone under", "removals by force", "stopped by the protection gate"):
        assert all(label in each for each in cards), label
    assert all(
        "the threat of removal and the restrictions and " in each and "holding true beliefs" in each
        for each in cards
    )
    folds = [f for f in re.findall(r"<details>.*?</details>", page, flags=re.S) if "More beside" in f]
    assert len(folds) == 4
    for label in ("Unassisted returns", "Missing", "Moved on", "perhaps wrongly rejected"):
        assert all(label in each for each in folds), label


def test_what_is_missing_beside_uptake_is_named(nasty, tmp_path):
    tables = _lean(make_tables(SCENARIOS[:1], groups=False))
    bare = replace(
        tables, levels=tables.levels[~tables.levels["measure"].isin(["pressure_dependent", "misinformed"])]
    )
    assert "only under pressure and the share who apply misinformed" in write_comparison(
        tmp_path, bare
    ).read_text(encoding="utf-8")
    assert "Not computed in this study" not in nasty


def test_coercion_is_never_costed(five):
    tables, path = five
    page = path.read_text(encoding="utf-8")
    assert page.count("A lever of coercion: studied for its consequences only") == 2
    blocks = re.findall(r"<tbody>(.*?)</tbody>", page, flags=re.S)
    money = [
        re.search(r"Twice the places for removal</bdi>.*?</tr>", b, flags=re.S).group(0)
        for b in blocks
        if "Support paid" in b or "not estimable" in b
    ]
    assert len(money) == 2 and all("not costed" in row for row in money)


def test_too_few_and_not_estimable_are_said(five):
    tables, path = five
    page = path.read_text(encoding="utf-8")
    somalia = re.findall(r'<tr><th scope="row"><bdi>Somalia</bdi></th>(.*?)</tr>', page, flags=re.S)
    assert len(somalia) == 5
    assert all(set(re.findall(r"<td[^>]*>(.*?)</td>", row)) == {"too few"} for row in somalia)
    assert "not estimable" in page


def test_the_spread_by_grade_stands_on_the_first_page_or_behind_a_fold_why_it_does_not(five):
    text = _text(five[1].read_text(encoding="utf-8"))
    first, _, behind = text.partition("What not to conclude")
    grades = "confirmed 2 %, probable 36 %, inconclusive 21 %, ungraded 29 %, chance 8 %, lack of fit 4 %."
    assert first.count(grades) == 3  # of the second scenario the regression explains 62 %
    assert "not shown: a regression on the weights explains 62 % of it, less than the 80 % asked" in behind
    assert "regression" not in first


def test_a_figure_s_numbers_lie_beside_it(five):
    tables, path = five
    table = tables.differences
    expected = table[(table["group_by"] == "all") & (table["measure"] == "removals")]
    found = pd.read_csv(path.parent / "figures" / "differences-returns.csv").query("measure == 'removals'")
    assert list(found["scenario"]) == list(expected["scenario"])
    assert np.allclose(found["difference"], expected["difference"])


def test_names_are_escaped_and_readable(nasty):
    assert "<script>alert" not in nasty and "<b>bold" not in nasty
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &#34;quotes&#34; $5 $x^2$" in nasty
    for _, name, _ in NASTY[1:3]:
        assert name in nasty
    assert "&lt;section 4&gt;" in nasty


def test_one_draw_has_no_interval_and_says_so(single_draw):
    text = _text(single_draw)
    assert "One draw: no uncertainty interval can be given." in text
    assert "uncertainty interval: " not in text and "nan" not in text.lower().split()
    assert "draws agree" not in text


def test_nothing_to_draw_is_no_error(tmp_path):
    nothing = pd.DataFrame()
    tables = make_tables(SCENARIOS[:1], groups=False)
    bare = replace(
        tables,
        levels=tables.levels[:0],
        differences=nothing,
        bands=nothing,
        endings=nothing,
        waits=tables.waits[:0],
    )
    assert "<figure" not in write_comparison(tmp_path, bare).read_text(encoding="utf-8")


def test_one_scenario_has_no_differences(tmp_path):
    page = write_comparison(tmp_path, make_tables(SCENARIOS[:1], groups=False)).read_text(encoding="utf-8")
    text = _text(page)
    assert (
        "Of 1,000 people or households who arrive, 72 apply within two years (90 % uncertainty "
        "interval: 58 to 88)."
    ) in text
    assert "instead of" not in text and "Difference from baseline" not in text
    assert not list(tmp_path.glob("figures/differences*")) and (tmp_path / "figures" / "endings.svg").exists()


ROW = dict(
    measure="uptake_24",
    baseline=0.08,
    value=0.085,
    difference=0.005,
    low=-0.002,
    high=0.012,
    mc_error=0.001,
    sign_share=0.8,
)
ROW["suppressed"] = False


@pytest.mark.parametrize(
    "change, told, span, sure",
    [
        ({}, ("80", "85", "5 more"), "2 fewer to 12 more", "likely (80 % of all draws agree)"),
        ({"low": 0.001}, ("80", "85", "5 more"), "1 to 12 more", "likely (80 % of all draws agree)"),
        (
            {"low": 0.001, "sign_share": 0.95},
            ("80", "85", "5 more"),
            "1 to 12 more",
            "very likely (95 % of all draws agree)",
        ),
        (
            {"sign_share": 0.95},
            ("80", "85", "5 more"),
            "2 fewer to 12 more",
            "likely (95 % of all draws agree)",
        ),
        (
            {"sign_share": 0.6},
            ("80", "85", "5 more"),
            "2 fewer to 12 more",
            "direction open (60 % of all draws agree)",
        ),
        (
            {"difference": -0.02, "value": 0.06, "low": -0.03, "high": -0.01, "sign_share": 1.0},
            ("80", "60", "20 fewer"),
            "30 to 10 fewer",
            "very likely (100 % of all draws agree)",
        ),
        ({"mc_error": 0.004}, ("80", "85", "5 more"), "2 fewer to 12 more", "no detectable change"),
        (
            {"difference": 0.0004, "value": 0.0804},
            ("80", "80", "about none"),
            "2 fewer to 12 more",
            "no detectable change",
        ),
        (
            {"baseline": 0.1526, "difference": 0.0134, "value": 0.166},  # 152.6 and 166.0: 13.4 more
            ("153", "166", "13 more"),
            "2 fewer to 12 more",
            "likely (80 % of all draws agree)",
        ),
    ],
)
def test_an_effect_is_rounded_together_and_plain_about_how_sure_it_is(change, told, span, sure):
    tables = make_tables(SCENARIOS[:2], groups=False)
    found = findings.finding(tables, tables.scenarios[1], {**ROW, **change})
    assert (found.before, found.after, found.change) == told and found.span == span
    assert findings.confidence(found).replace("\u00a0", " ") == sure


def test_few_draws_make_nothing_more_than_likely_and_nothing_is_made_up():
    sure = {**ROW, "low": 0.001, "sign_share": 1.0}
    for draws, said in ((12, "likely (100"), (40, "very likely (100")):
        tables = make_tables(SCENARIOS[:2], groups=False, draws=draws)
        found = findings.finding(tables, tables.scenarios[1], sure)
        assert findings.confidence(found).startswith(said)
    for row in (None, {**ROW, "suppressed": True}, {**ROW, "difference": np.nan}):
        assert findings.finding(tables, tables.scenarios[1], row) is None


def test_money_is_told_in_its_unit_and_never_of_coercion():
    tables = make_tables(SCENARIOS, groups=False)
    row = {**ROW, "measure": "support_paid", "baseline": 91_683_590.0, "value": 121_432_170.0}
    row |= {"difference": 29_748_580.0, "low": 11_175_560.0, "high": 50_812_810.0, "mc_error": 1e6}
    found = findings.finding(tables, tables.scenarios[1], row)
    assert (found.before, found.after) == ("92 million NOK", "122 million NOK")
    assert (found.change, found.span) == ("30 million NOK more", "11 million NOK to 51 million NOK more")
    assert findings.finding(tables, tables.scenarios[4], row) is None  # it moves removal
    row = {**row, "value": 20_000.0, "low": 9_000.0, "high": np.inf}
    assert findings.price(tables, row) == ("20,000 NOK", "from 9,000 NOK, no upper end")


def test_a_difference_that_chance_could_make_says_so():
    assert "1.0 in 1,000 (one standard error)." in sentences.error_sentence(ROW, True)
    assert "needed to tell it from chance" not in sentences.error_sentence(ROW, True)
    assert "needed to tell it from chance" in sentences.error_sentence({**ROW, "mc_error": 0.004}, True)


def test_numbers_of_one_cell_are_rounded_alike():
    assert sentences.shown(0.0123, 0.0004, 0.0249, "share", signed=True) == ("+1.23", "+0.04 to +2.49")
    assert sentences.shown(-1234.5, -2000, 0, "count", signed=True) == ("\u22121,234", "\u22122,000 to 0")
    assert sentences.shown(0.0004, 0.0002, 0.0006, "share") == ("0.040", "0.020 to 0.060")
    assert sentences.shown(np.nan, np.nan, np.nan, "NOK") == ("not estimable", "")


def test_there_are_no_parts_of_persons_and_a_share_outside_its_range_says_what_it_means():
    assert sentences.shown(3.1, 0.2, 6.4, "count", signed=True) == ("+3", "0 to +6")
    assert sentences.error(0.3, "count") == "less than 1" and sentences.error(3.1, "count") == "3"
    row = {**ROW, "measure": "deadweight", "value": -1.406, "low": -2.0, "high": 0.5}
    assert "below zero: more returns are added" in number_cell(row, "value", "share").span
    assert "above the whole" in number_cell({**row, "value": 1.2}, "value", "share").span
    assert number_cell({**row, "value": 0.4}, "value", "share").span == "(\u2212200.0 to 50.0)"
    assert value_text(20_000.0) == "20,000" and value_text(0.5) == "0.5"


def test_a_figure_inside_a_wide_prediction_is_not_called_simply_inside_and_nothing_is_nan(tmp_path):
    tables = make_tables(SCENARIOS[:2], groups=False, fitted=True)
    targets = tables.targets.assign(note=None, verdict="inside", value=1559.0, predictive_median=779.0)
    rows = target_parts(tmp_path, targets)[-1].blocks[0].rows
    assert all(row[4].span == "a wide prediction: its middle is at 50\u00a0% of the figure" for row in rows)
    assert all(row[5].span == "" for row in rows)
    assert "lie far from the middle" in target_parts(tmp_path, targets)[0].text


def test_a_name_that_is_too_long_is_cut_after_two_lines():
    assert lines("x" * 200, 20).count("\n") == 1 and lines("x" * 200, 20).endswith("\u2026")
    assert lines("  short \n name ", 20) == "short name"
