"""The report: same bytes for the same tables, nothing loaded from anywhere, every number with its uncertainty, every name escaped."""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from avrr_sim.report import words
from avrr_sim.report.page import write_report
from avrr_sim.report.style import lines
from avrr_sim.study.tables import StudyTables

MEASURES = {  # name: label, unit, per, a plausible baseline level
    "uptake_24": ("Uptake within 24 months", "", "share", 0.0724),
    "application_hazard": ("Application hazard", "per 100 person-years", "rate", 4.13),
    "drop_out_12": ("Drop-out within 12 months", "", "share", 0.313),
    "assisted_departures": ("Assisted departures", "persons a year", "count", 1420.0),
    "unassisted_returns": ("Unassisted returns", "persons a year", "count", 610.0),
    "removals": ("Removals", "persons a year", "count", 2890.0),
    "transferred": ("Dublin transfers", "persons a year", "count", 1240.0),
    "moved_on": ("Moved on within Europe", "persons a year", "count", 1730.0),
    "gone_under": ("Gone under", "persons a year", "count", 960.0),
    "missing": ("Missing", "persons a year", "count", 402.0),
    "knowledge_centre": ("Knowledge, in centres", "index 0 to 1", "index", 0.61),
    "knowledge_private": ("Knowledge, outside centres", "index 0 to 1", "index", 0.34),
    "trust_centre": ("Trust, in centres", "index 0 to 1", "index", 0.48),
    "trust_private": ("Trust, outside centres", "index 0 to 1", "index", 0.41),
    "protection_needs": ("Returned with a protection need", "persons a year", "count", 31.0),
    "wrongly_rejected_returns": ("Returned though perhaps wrongly rejected", "persons a year", "count", 88.0),
    "support_paid": ("Support paid", "NOK of 2015 a year", "NOK", 24_600_000.0),
    "additional_returns": ("Additional returns", "persons by the horizon", "count", np.nan),
    "deadweight": ("Deadweight", "", "share", np.nan),
    "pulled_forward": ("Pulled forward", "", "share", np.nan),
    "cost_per_additional": ("Cost per additional return", "NOK of 2015", "NOK", np.nan),
}
CONTRASTS = ("additional_returns", "deadweight", "pulled_forward", "cost_per_additional")
GROUPS = {"origin": ("Afghanistan", "Iraq", "Somalia"), "abode": ("centre", "private", "gone_under"), "tier": ("A", "B")}
SCENARIOS = (
    ("baseline-norway", "Norway as it was, 2012-2016", None),
    ("double-cash", "Twice the cash", ("cash_level", "support")),
    ("advice-outside", "Advice outside the centres, through organisations that people trust", ("outreach", "information")),
    ("fast-embassies", "Embassies that answer within a month", ("embassy_places", "process")),
    ("more-removal", "Twice the places for removal", ("removal_places", "coercion")),
)
NASTY = (
    ("plain", "<script>alert('x')</script> & \"quotes\" $5 $x^2$", None),
    ("arabic", "\u0627\u0644\u0639\u0648\u062f\u0629 \u0627\u0644\u0637\u0648\u0639\u064a\u0629", ("cash_level", "support")),
    ("chinese", "\u81ea\u613f\u8fd4\u56de\u652f\u6301\u52a0\u500d", ("cash_level", "support")),
    ("dari-and-long", "\u00c6\u00f8\u00e5 \u010d\u0161\u017e <b>bold</b> " + "Donaudampfschifffahrtsgesellschaft" * 3, ("outreach", "information")),
)


def _scenario(key: str, name: str, lever: tuple[str, str] | None) -> dict:
    changes = []
    if lever:
        source = "Sonsterudbraten 2018 (Fafo), <section 4>"
        texts = dict(unit="times today's", meaning="What it sets", baseline="1", here="2 from 2013-01", source=source)
        changes = [dict(lever=lever[0], kind=lever[1], **texts)]
    return dict(key=key, name=name, asks="What would it do, and for whom?", changes=changes)


def make_tables(scenarios=SCENARIOS, draws: int = 40, groups: bool = True) -> StudyTables:
    """Made-up tables of a plausible size and shape; nothing in them comes from the model."""
    chance = np.random.default_rng(7)
    levels, differences, bands, endings = [], [], [], []
    one = draws == 1
    for i, (key, *_) in enumerate(scenarios):
        for by, group, part in _cells(groups):
            for measure, (_, _, per, base) in MEASURES.items():
                small = by == "origin" and group == "Somalia"
                where = dict(scenario=key, group_by=by, group=group, measure=measure)
                size = part if per in ("count", "NOK") else 1.0
                if measure in CONTRASTS:
                    if i and by == "all":
                        differences.append({**where, **_contrast(measure, i, one)})
                    continue
                shift = 0.0 if (i == 0 or (i == 3 and measure.startswith("knowledge"))) else base * size * chance.normal(0.06, 0.1)
                spread = abs(shift) * chance.uniform(0.5, 1.6)
                mc = np.nan if one else spread * 0.12
                value = base * size + shift
                low, high = (np.nan, np.nan) if one else (value * 0.8, value * 1.22)
                cell = {"cell": 5 if small else 900, "suppressed": small}
                levels.append({**where, "value": value, "low": low, "high": high, "mc_error": mc + value * 0.002, **cell})
                if i:
                    ends = (np.nan, np.nan) if one else (shift - spread, shift + 1.1 * spread)
                    sure = np.nan if one else float(np.clip(0.5 + abs(shift) / (spread * 3 + 1e-9), 0.5, 1))
                    differences.append({**where, "baseline": base * size, "value": value, "difference": shift, "low": ends[0], "high": ends[1],
                                        "mc_error": mc, "sign_share": sure, "suppressed": small})  # fmt: skip
        bands += _bands(key, i, one)
        endings += _endings(key, i, one)
    columns = ["scenario", "group_by", "group", "measure", "baseline", "value", "difference", "low", "high", "mc_error", "sign_share", "suppressed"]
    measures = {
        m: dict(label=label, unit=unit, per=per, window="measured 2012-01 to 2016-12", meaning=f"What {m} means")
        for m, (label, unit, per, _) in MEASURES.items()
    }
    provenance = dict(
        command=f"avrr compare {' '.join(s[0] for s in scenarios)} --draws {draws} --seed 1", version="0.1.0", commit="0123abc", seed=1, draws=draws,
        replicates=2, size=20000, units_represented=161000, months=60, interval=0.9, created_by="avrr compare", evidence_hash="ab" * 32,
        scenario_hashes={s[0]: "cd" * 32 for s in scenarios}, libraries={"numpy": "2.4.0", "numba": "0.68"}, weights="prior",
    )  # fmt: skip
    return StudyTables(
        "What a cash level buys", [_scenario(*s) for s in scenarios], measures, pd.DataFrame(levels), pd.DataFrame(differences, columns=columns),
        pd.DataFrame(bands), pd.DataFrame(endings), provenance, ["It forecasts nothing.", "Weights of process are judgement."],
    )  # fmt: skip


def _cells(groups: bool):
    yield "all", "all", 1.0
    for by, names in GROUPS.items() if groups else ():
        for group in names:
            yield by, group, 1 / len(names)


def _contrast(measure: str, i: int, one: bool) -> dict:
    cost = np.nan if i == 2 else 183_000.0
    value = {"additional_returns": 140.0 * i, "deadweight": 0.71, "pulled_forward": 0.12, "cost_per_additional": cost}[measure]
    ends = (np.nan, np.nan) if one else (value * 0.4, value * 1.7)
    return dict(baseline=np.nan, value=value, difference=np.nan, low=ends[0], high=ends[1], mc_error=np.nan if one else value * 0.05,
                sign_share=np.nan, suppressed=False)  # fmt: skip


def _bands(key: str, i: int, one: bool) -> list[dict]:
    t = np.arange(60)
    low, high = (np.nan, np.nan) if one else (0.8, 1.25)
    curves = {
        "applications": 180 + 20 * np.sin(t / 6) + 12 * i, "assisted": 118 + 15 * np.sin(t / 6 - 1) + 9 * i, "drop_outs": 50 + 4 * np.sin(t / 5) + i,
        "uptake_cumulative": (0.09 + 0.008 * i) * (1 - np.exp(-t / 20)), "drop_out_rate": 0.31 + 0.02 * np.sin(t / 7) - 0.008 * i,
    }  # fmt: skip
    return [
        dict(scenario=key, month=f"{2012 + m // 12}-{m % 12 + 1:02d}", measure=measure, value=v, low=v * low, high=v * high)
        for measure, curve in curves.items()
        for m, v in enumerate(curve)
    ]


def _endings(key: str, i: int, one: bool) -> list[dict]:
    weights = {("booked", "departed"): 55 + i, ("applied", "withdrawn"): 7, ("approved", "withdrawn"): 5, ("documented", "withdrawn"): 2,
               ("booked", "withdrawn"): 1.5, ("applied", "refused"): 6, ("approved", "documents"): 8 - i, ("applied", "disappeared"): 3,
               ("approved", "disappeared"): 4, ("documented", "disappeared"): 1, ("applied", "removed"): 2, ("applied", "granted"): 1.2,
               ("applied", "protected"): 0.4, ("approved", "open"): 5, ("documented", "open"): 2}  # fmt: skip
    total = sum(weights.values())
    return [
        dict(scenario=key, stage=s, closing=c, share=w / total, low=np.nan if one else 0.8 * w / total, high=np.nan if one else 1.2 * w / total)
        for (s, c), w in weights.items()
    ]


def _lean(tables: StudyTables) -> StudyTables:
    """The same tables with one monthly series and few measures: fewer figures to draw."""
    few = tables.differences[tables.differences["measure"].isin(["uptake_24", "drop_out_12", "removals", "additional_returns"])]
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
    return make_tables(), write_report(folder, make_tables())


@pytest.fixture(scope="module")
def nasty(tmp_path_factory):
    return write_report(tmp_path_factory.mktemp("nasty"), _lean(make_tables(NASTY))).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def single_draw(tmp_path_factory):
    return write_report(tmp_path_factory.mktemp("draw"), _lean(make_tables(SCENARIOS[:2], draws=1))).read_text(encoding="utf-8")


def test_the_same_tables_give_the_same_bytes(five, tmp_path):
    write_report(tmp_path, make_tables())
    first = _digests(five[1].parent)
    assert first == _digests(tmp_path)
    names = {Path(name).stem for name in first if name.startswith("figures/")}
    assert {f"figures/{n}.{e}" for n in names for e in ("svg", "png", "csv")} == set(first) - {"report.html"}
    for drawing in tmp_path.glob("figures/*.svg"):
        assert ElementTree.parse(drawing).getroot().get("aria-label")
    assert {"differences-applying", "course-uptake-cumulative", "endings", "drop-out-stages"} <= names


def test_the_page_is_small_and_loads_nothing(five, nasty):
    page = five[1].read_text(encoding="utf-8")
    assert five[1].stat().st_size < 2_000_000
    for text in (page, nasty):
        assert not re.search(r"""(?:src|href|action|data)\s*=\s*["']?\s*(?!["']?#)[^"'\s>]""", re.sub(r'charset="utf-8"', "", text))
        assert not re.search(r"@import|@font-face|<link|<iframe|<object|<script|url\((?!#)", text)


def test_every_figure_has_a_text_alternative_and_unique_ids(five):
    page = five[1].read_text(encoding="utf-8")
    drawings = re.findall(r"<svg [^>]*>", page)
    assert len(drawings) == page.count("<figure ") >= 8
    assert all('role="img"' in d and len(re.search(r'aria-label="([^"]*)"', d).group(1)) > 60 for d in drawings)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', page)) <= set(ids)


def test_the_headline_says_what_the_tables_say(five):
    tables, page = five
    text = _text(page.read_text(encoding="utf-8"))
    table = tables.differences
    for measure, do in (("uptake_24", "apply"), ("drop_out_12", "drop out")):
        rows = table[(table["group_by"] == "all") & (table["measure"] == measure)]
        for row in rows.to_dict("records"):
            places = 0 if abs(1000 * row["difference"]) >= 10 else 1
            levels = f"{1000 * row['value']:.{places}f} {do} instead of {1000 * row['baseline']:.{places}f}"
            more = f"{abs(1000 * row['difference']):.{places}f} {'more' if row['difference'] > 0 else 'fewer'}"
            assert f"{levels}: {more} (90 % uncertainty interval: " in text
            assert f"{100 * row['sign_share']:.0f} % of draws have the sign" in text


def test_beside_uptake_stand_returns_removals_and_people_out_of_sight(five):
    page = five[1].read_text(encoding="utf-8")
    lists = re.findall(r'<ul class="beside">(.*?)</ul>', page, flags=re.S)
    assert len(lists) == 4
    for label in ("Assisted departures", "Unassisted returns", "Removals", "Gone under", "Missing", "Moved on", "perhaps wrongly rejected"):
        assert all(label in each for each in lists)
    assert "only under pressure" in page  # what is missing beside uptake is named


def test_coercion_is_never_costed(five):
    tables, path = five
    page = path.read_text(encoding="utf-8")
    assert page.count("A lever of coercion: studied for its consequences only") == 2
    blocks = re.findall(r"<tbody>(.*?)</tbody>", page, flags=re.S)
    money = [re.search(r"Twice the places for removal</bdi>.*?</tr>", b, flags=re.S).group(0) for b in blocks if "Support paid" in b or "MC " in b]
    assert len(money) == 2 and all("not costed" in row for row in money)


def test_too_few_and_not_estimable_are_said(five):
    tables, path = five
    page = path.read_text(encoding="utf-8")
    somalia = re.findall(r'<tr><th scope="row">Somalia</th>(.*?)</tr>', page, flags=re.S)
    assert len(somalia) == 5
    assert all(set(re.findall(r"<td>(.*?)</td>", row)) == {"too few"} for row in somalia)
    assert "not estimable" in page


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
    assert "draws have the sign" not in text


def test_nothing_to_draw_is_no_error(tmp_path):
    nothing = pd.DataFrame()
    bare = replace(make_tables(SCENARIOS[:1], groups=False), differences=nothing, bands=nothing, endings=nothing)
    assert "<figure" not in write_report(tmp_path, bare).read_text(encoding="utf-8")


def test_one_scenario_has_no_differences(tmp_path):
    page = write_report(tmp_path, make_tables(SCENARIOS[:1], groups=False)).read_text(encoding="utf-8")
    text = _text(page)
    assert "Of 1,000 people or households who arrive, 72 apply (90 % uncertainty interval: 58 to 88)." in text
    assert "instead of" not in text and "Difference from baseline" not in text
    assert not list(tmp_path.glob("figures/differences*")) and (tmp_path / "figures" / "endings.svg").exists()


ROW = dict(measure="uptake_24", baseline=0.08, value=0.085, difference=0.005, low=-0.002, high=0.012, mc_error=0.001, sign_share=0.8)
ROW["suppressed"] = False


@pytest.mark.parametrize(
    "change, said",
    [
        ({}, "85.0 apply instead of 80.0: 5.0 more (90 % uncertainty interval: 2.0 fewer to 12.0 more). The sign is not settled"),
        ({"low": 0.002}, "(90 % uncertainty interval: 2.0 to 12.0 more). 80 % of draws have the sign"),
        (
            {"difference": -0.02, "value": 0.06, "low": -0.03, "high": -0.01},
            "60 apply instead of 80: 20 fewer (90 % uncertainty interval: 30 to 10 fewer).",
        ),
        ({"difference": 0.0, "value": 0.08, "low": 0.0, "high": 0.0, "mc_error": 0.0}, "No difference in any draw"),
        ({"mc_error": 0.004}, "more draws or replicates are needed to tell it from chance"),
        ({"suppressed": True}, "Too few eligible people to tell."),
        ({"difference": np.nan}, "Not estimable."),
    ],
)
def test_the_headline_is_plain_about_what_is_not_known(change, said):
    tables = make_tables(SCENARIOS[:2], groups=False)
    assert said in words.difference_sentence(tables, {**ROW, **change}, "eligible people", "apply")


def test_numbers_of_one_cell_are_rounded_alike():
    assert words.shown(0.0123, 0.0004, 0.0249, "share", signed=True) == ("+1.23", "+0.04 to +2.49")
    assert words.shown(-1234.5, -2000, 0, "count", signed=True) == ("\u22121,234", "\u22122,000 to 0")
    assert words.shown(0.0004, 0.0002, 0.0006, "share") == ("0.040", "0.020 to 0.060")
    assert words.shown(np.nan, np.nan, np.nan, "NOK") == ("not estimable", "")


def test_a_name_that_is_too_long_is_cut_after_two_lines():
    assert lines("x" * 200, 20).count("\n") == 1 and lines("x" * 200, 20).endswith("\u2026")
    assert lines("  short \n name ", 20) == "short name"
