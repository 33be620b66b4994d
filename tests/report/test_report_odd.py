"""Odd studies: one scenario, nothing changes, nobody applies, three people, fifteen scenarios, strange names,
failed draws, one draw.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
from report_pages import Reader, lean
from report_tables import NASTY, SCENARIOS, make_tables

from avrr_sim.report.figures import style
from avrr_sim.report.pages.comparison import write_comparison


def read(folder, tables) -> Reader:
    """The page of these tables, checked for what holds of every page."""
    found = Reader(write_comparison(folder, tables).read_text(encoding="utf-8"))
    assert not re.search(r"\b(nan|NaN|None|inf|NaT|\{\w*\})\b", found.text), re.search(
        r".{40}\b(nan|NaN|None|inf|NaT)\b.{40}", found.text
    )
    ids = [a["id"] for _, a in found.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert {"headlines", "changes", "limits", "provenance"} <= set(ids)
    return found


def test_one_scenario_has_levels_and_no_differences(tmp_path):
    page = read(tmp_path, lean(make_tables(SCENARIOS[:1]), "coping_3"))
    assert "72 apply within two years (90 % uncertainty interval: 58 to 88)." in page.text
    assert (
        "instead of" not in page.text
        and "Difference" not in page.text
        and "The same persons" not in page.text
    )
    names = {p.stem for p in (tmp_path / "figures").glob("*.svg")}
    assert {"levels", "groups-uptake-24", "waits", "endings"} <= names and not any(
        n.startswith(("differences", "flows")) for n in names
    )


def test_a_scenario_equal_to_the_baseline_says_so(tmp_path):
    tables = lean(make_tables(SCENARIOS[:2], groups=False))
    same = tables.differences.assign(difference=0.0, low=0.0, high=0.0, mc_error=0.0, sign_share=np.nan)
    same["value"] = same["baseline"]
    flows = tables.flows[tables.flows["baseline_outcome"] == tables.flows["outcome"]]
    page = read(
        tmp_path,
        replace(
            tables,
            differences=same,
            flows=flows,
            crossings=tables.crossings.assign(value=0.0, low=0.0, high=0.0),
        ),
    )
    assert (
        "This scenario gives the same results as the baseline in every draw and every measure." in page.text
    )
    assert (
        "No difference in any draw: of 1,000 people or households who arrive, about 72 apply within "
        "two years either way."
    ) in page.text
    assert "sign not settled" not in page.text.lower() and "as in the baseline" in page.text
    assert "nobody ends differently" in (tmp_path / "figures" / "flows.svg").read_text(encoding="utf-8")


def test_where_nobody_applies_it_is_said_and_nothing_is_made_up(tmp_path):
    tables = lean(make_tables(SCENARIOS[:2], groups=False))
    levels, endings, waits = tables.levels.copy(), tables.endings.copy(), tables.waits.copy()
    levels.loc[levels["measure"].isin(["uptake_24", "removals"]), ["value", "low", "high", "mc_error"]] = 0.0
    nothing = levels["measure"].isin(["drop_out_12", "pressure_dependent", "misinformed"])
    levels.loc[nothing, ["value", "low", "high", "mc_error"]] = np.nan
    levels.loc[nothing, ["cell", "suppressed"]] = [0.0, True]
    endings[["share", "low", "high"]] = np.nan
    waits[["value", "low", "high"]], waits["suppressed"] = np.nan, True
    differences = tables.differences.copy()
    differences[["baseline", "value", "difference", "low", "high", "mc_error", "sign_share"]] = np.nan
    differences["suppressed"] = True
    page = read(
        tmp_path,
        replace(
            tables,
            levels=levels,
            endings=endings,
            waits=waits,
            differences=differences,
            flows=tables.flows[:0],
            crossings=tables.crossings[:0],
            bands=tables.bands.assign(value=np.nan, low=np.nan, high=np.nan, difference=np.nan),
            spread=tables.spread[:0],
        ),
    )
    assert "Nobody applied for assisted return in Norway as it was, 2012-2016, Twice the cash" in page.text
    assert "Too few people or households who arrive to tell." in page.text
    assert not (tmp_path / "figures" / "endings.svg").exists() and not list(
        (tmp_path / "figures").glob("course*")
    )


def test_an_origin_with_three_people_shows_no_number(tmp_path):
    tables = lean(make_tables(SCENARIOS[:2]))  # its Somalia has five
    for name in ("levels", "differences"):
        frame = getattr(tables, name)
        few = frame["group"] == "Somalia"
        assert few.any() and frame.loc[few, "suppressed"].all()
        frame.loc[few, ["value", "low", "high", "mc_error"]] = 0.98765  # as if the study had left them in
    page = read(tmp_path, tables)
    raw = (tmp_path / "report.html").read_text(encoding="utf-8")
    rows = re.findall(r"<bdi>Somalia</bdi></th>(.*?)</tr>", raw, flags=re.S)
    assert len(rows) == 2 and all(set(re.findall(r"<td[^>]*>(.*?)</td>", row)) == {"too few"} for row in rows)
    assert "98.8" not in page.text and "0.98765" not in raw
    for file in (tmp_path / "figures").glob("*.csv"):
        assert "0.98765" not in file.read_text(encoding="utf-8"), file.name


def test_fifteen_scenarios_are_all_there_and_split_over_figures(tmp_path):
    many = tuple(
        (
            f"s{i}",
            f"Scenario {i} with a name that is rather long",
            None if i == 0 else ("cash_level", "support"),
        )
        for i in range(15)
    )
    page = read(tmp_path, lean(make_tables(many)))
    for i in range(1, 15):
        assert (
            sum(tag == "article" for tag, _ in page.elements) == 14
            and page.text.count(f"Scenario {i} with") >= 3
        )
    svg = {p.stem: p.read_text(encoding="utf-8") for p in (tmp_path / "figures").glob("*.svg")}
    assert {"flows-1", "flows-4", "groups-uptake-24-1", "groups-uptake-24-3"} <= set(svg)
    looks = {(style.colour(i), style.marker(i)) for i in range(15)}
    assert len(looks) == 15  # colour and marker together tell all of them apart
    for name, text in svg.items():
        width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text).groups())
        assert height < 1.45 * width, f"{name} does not fit a printed page"


def test_names_with_quotes_brackets_and_other_letters_are_shown_and_inject_nothing(tmp_path):
    page = read(tmp_path, lean(make_tables(NASTY, groups=False)))
    for _, name, _ in NASTY:
        assert " ".join(name.split()) in page.text
    allowed = {"script": 1, "style": 1 + sum(tag == "svg" for tag, _ in page.elements)}
    for tag in ("script", "style", "iframe", "object", "img", "link", "b"):
        count = sum(t == tag for t, _ in page.elements)
        assert count <= allowed.get(tag, 10**6 if tag == "b" else 0), tag
    assert not any(name.startswith("on") for _, attrs in page.elements for name in attrs)
    bold = [i for i, (tag, _) in enumerate(page.elements) if tag == "b"]
    assert len(bold) == sum(tag == "figure" for tag, _ in page.elements) + sum(
        tag == "article" for tag, _ in page.elements
    )


def test_failed_runs_are_said_above_everything_else(tmp_path):
    tables = lean(make_tables(SCENARIOS[:2], groups=False))
    failures = [
        {"draw": 3, "replicate": 0, "error": "ValueError: <weights> & such"},
        {"draw": 9, "replicate": 1, "error": "later"},
    ]
    page = read(tmp_path, replace(tables, provenance={**tables.provenance, "failures": failures}))
    said = (
        "2 of 80 runs of this study failed and are missing here: what follows rests on the others. The "
        "first error: ValueError: <weights> & such"
    )
    assert said in page.text and page.text.index(said) < page.text.index("1. In short")


def test_one_draw_has_no_interval_anywhere_and_says_so(tmp_path):
    page = read(tmp_path, lean(make_tables(SCENARIOS[:2], draws=1)))
    assert "One draw: no uncertainty interval can be given." in page.text and page.text.count("One draw") >= 3
    assert (
        "uncertainty interval:" not in page.text
        and "draws agree" not in page.text
        and "settled" not in page.text
    )
    labels = " ".join(a.get("aria-label", "") for tag, a in page.elements if tag == "svg")
    assert " to +" not in labels
