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
from avrr_sim.report.pages.comparison import write_comparison
from avrr_sim.report.words import sentences
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
    tables, page = five
    text = _text(page.read_text(encoding="utf-8"))
    table = tables.differences
    for measure, do in (("uptake_24", "apply within two years"), ("drop_out_12", "drop out within a year")):
        rows = table[(table["group_by"] == "all") & (table["measure"] == measure)]
        for row in rows.to_dict("records"):
            places = 0 if abs(1000 * row["difference"]) >= 10 else 1
            levels = f"{1000 * row['value']:.{places}f} {do} instead of {1000 * row['baseline']:.{places}f}"
            more = (
                f"{abs(1000 * row['difference']):.{places}f} {'more' if row['difference'] > 0 else 'fewer'}"
            )
            assert f"{levels}: {more} (90 % uncertainty interval: " in text
            assert (
                f"{100 * row['sign_share']:.0f} % of draws agree that it "
                f"{'rises' if row['difference'] > 0 else 'falls'}"
            ) in text


def test_beside_uptake_stand_returns_removals_and_people_out_of_sight(five):
    page = five[1].read_text(encoding="utf-8")
    lists = re.findall(r'<article class="card".*?</article>', page, flags=re.S)
    assert len(lists) == 4
    for label in (
        "Assisted departures",
        "Unassisted returns",
        "Removals",
        "Gone under",
        "Missing",
        "Moved on",
        "perhaps wrongly rejected",
    ):
        assert all(label in each for each in lists)
    assert all(
        "the threat of removal and the restrictions: " in each and "holding true beliefs: " in each
        for each in lists
    )


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


def test_the_spread_by_grade_stands_beside_the_headline_or_why_it_does_not(five):
    cards = re.findall(r'<article class="card".*?</article>', five[1].read_text(encoding="utf-8"), flags=re.S)
    for i, card in enumerate(_text(c.partition("<details")[0]) for c in cards):
        if i == 1:  # the regression explains 62 % there
            assert (
                "not shown: a regression on the weights explains 62 % of it, less than the 80 % asked for"
                in card
                and "restates" not in card
            )
        else:
            assert (
                "confirmed 2 %, probable 36 %, inconclusive 21 %, ungraded 29 %, chance 8 %, lack "
                "of fit 4 %. This restates the widths"
            ) in card


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
    "change, said",
    [
        (
            {},
            (
                "85.0 apply instead of 80.0: 5.0 more (90 % uncertainty interval: 2.0 fewer to 12.0 "
                "more). The sign is not settled"
            ),
        ),
        (
            {"low": 0.0004, "difference": 0.03, "high": 0.05, "value": 0.11},
            "30.0 more (90 % uncertainty interval: 0.4 to 50.0 more). 80 % of",
        ),
        ({"low": 0.0}, "(90 % uncertainty interval: 0.0 to 12.0 more)."),
        ({"low": 0.002}, "(90 % uncertainty interval: 2.0 to 12.0 more). 80 % of draws agree that it rises"),
        (
            {"difference": -0.02, "value": 0.06, "low": -0.03, "high": -0.01},
            "60 apply instead of 80: 20 fewer (90 % uncertainty interval: 30 to 10 fewer).",
        ),
        (
            {"difference": 0.0, "value": 0.08, "low": 0.0, "high": 0.0, "mc_error": 0.0},
            "No difference in any draw",
        ),
        ({"suppressed": True}, "Too few eligible people to tell."),
        ({"difference": np.nan}, "Not estimable."),
    ],
)
def test_the_headline_is_plain_about_what_is_not_known(change, said):
    tables = make_tables(SCENARIOS[:2], groups=False)
    told = sentences.difference_claim(tables, {**ROW, **change}, "eligible people", "apply")
    assert said in "".join(told).replace("\u00a0", " ")


def test_a_difference_that_chance_could_make_says_so():
    assert "1.0 in 1,000 (one standard error)." in sentences.error_sentence(ROW, True)
    assert "needed to tell it from chance" not in sentences.error_sentence(ROW, True)
    assert "needed to tell it from chance" in sentences.error_sentence({**ROW, "mc_error": 0.004}, True)


def test_numbers_of_one_cell_are_rounded_alike():
    assert sentences.shown(0.0123, 0.0004, 0.0249, "share", signed=True) == ("+1.23", "+0.04 to +2.49")
    assert sentences.shown(-1234.5, -2000, 0, "count", signed=True) == ("\u22121,234", "\u22122,000 to 0")
    assert sentences.shown(0.0004, 0.0002, 0.0006, "share") == ("0.040", "0.020 to 0.060")
    assert sentences.shown(np.nan, np.nan, np.nan, "NOK") == ("not estimable", "")


def test_a_name_that_is_too_long_is_cut_after_two_lines():
    assert lines("x" * 200, 20).count("\n") == 1 and lines("x" * 200, 20).endswith("\u2026")
    assert lines("  short \n name ", 20) == "short name"
