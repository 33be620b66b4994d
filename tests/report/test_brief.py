"""The first page alone: every number of it stands in a table, it answers what a director asks, and two builds
give the same bytes.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from report_pages import Reader
from report_tables import SCENARIOS, make_tables
from test_report_numbers import tables_of

from avrr_sim.report.figures.quantile_dots import DOTS, draw_quantile_dots, quantiles_of, stacked
from avrr_sim.report.pages.brief import write_brief
from avrr_sim.report.pages.comparison import write_comparison
from avrr_sim.report.pages.findings_table import figures_met, reasons
from avrr_sim.report.pages.offers_table import offers_taken
from avrr_sim.report.words import catalogue, chosen, findings
from avrr_sim.report.words.sentences import not_estimable
from avrr_sim.study.comparison.store import write_tables
from avrr_sim.study.summary.contract import remark
from avrr_sim.study.summary.tables import framed, load_tables

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?: million)?")
WINDOW = {"from": "2012-01", "to": "2016-12"}


def numbers(text: str) -> list[float]:
    """The numbers in a text, those in millions written out."""
    found = NUMBER.findall(text)
    return [float(n.split()[0].replace(",", "")) * (1e6 if "million" in n else 1) for n in found]


@pytest.fixture(scope="module")
def brief(tmp_path_factory):
    """(tables, the page's text with its markup)."""
    tables = make_tables(SCENARIOS, groups=False, fitted=True)
    scenarios = [{**tables.provenance, "host": "norway"}]
    dated = {"window": WINDOW, "date": "2026-11-26", "digest": "abc123", "scenarios": scenarios}
    tables = replace(tables, title="", provenance={**tables.provenance, **dated})
    return tables, write_brief(tmp_path_factory.mktemp("brief"), tables).read_text(encoding="utf-8")


def rows_of(tables, key: str) -> dict:
    own = tables.differences[
        (tables.differences["scenario"] == key) & (tables.differences["group_by"] == "all")
    ]
    return {row["measure"]: row for row in own.to_dict("records")}


def test_every_number_of_the_summary_of_findings_is_that_of_the_tables_and_adds_up(brief):
    tables, page = brief
    found = tables_of(page)[f"Summary of findings, against {tables.scenarios[0]['name']}"]
    checked = 0
    for scenario in tables.scenarios[1:]:
        rows = rows_of(tables, scenario["key"])
        told = [cells for head, cells in found if head.startswith(scenario["name"])]
        for measure, cells in zip([m for m in chosen.FINDINGS if m in rows], told, strict=True):
            row, scale = rows[measure], 1000 if tables.measures[measure]["per"] == "share" else 1
            assert cells[0][1].startswith(catalogue.CHANGED[measure]["name"])
            assert cells[1][0] == pytest.approx(row["baseline"]) and cells[3][0] == pytest.approx(
                row["difference"]
            )
            (before,), (after,) = numbers(cells[1][1]), numbers(cells[2][1])
            tiny = "less than" in cells[3][1] or "about none" in cells[3][1]
            change, low, high = (numbers(cells[3][1]) + [0, 0, 0])[:3]
            gain = 0 if tiny else change
            assert abs(before - scale * row["baseline"]) <= 0.5000001
            assert abs(gain - abs(scale * row["difference"])) <= 0.5000001
            assert after == before + (gain if row["difference"] > 0 else -gain)
            assert abs(after - scale * row["value"]) <= 1.000001
            if gain:
                ends = sorted((abs(scale * row["low"]), abs(scale * row["high"])))
                assert sorted((low, high)) == pytest.approx(ends, abs=0.5000001)
            (agree,) = numbers(cells[4][1])[-1:] or [None]
            assert agree is None or agree == round(100 * row["sign_share"])
            checked += 1
    assert checked >= 24


def test_every_number_of_a_card_stands_in_its_rows(brief):
    tables, page = brief
    found = tables_of(page)[f"Summary of findings, against {tables.scenarios[0]['name']}"]
    cards = re.findall(r'<article class="card".*?</article>', page, flags=re.S)
    assert len(cards) == len(tables.scenarios) - 1
    for scenario, card in zip(tables.scenarios[1:], cards, strict=True):
        known = {1000.0, 90.0}
        for head, cells in found:
            if head.startswith(scenario["name"]):
                known |= {number for _, text in cells for number in numbers(text)}
        levels = tables.levels[
            (tables.levels["scenario"] == scenario["key"]) & (tables.levels["group_by"] == "all")
        ]
        shares = levels[levels["measure"].isin(chosen.HEADLINE_OF_APPLICANTS)]
        known |= {float(f"{100 * share:.0f}") for share in shares[["value", "low", "high"]].to_numpy().flat}
        known |= {
            round(100 * row["sign_share"])
            for row in rows_of(tables, scenario["key"]).values()
            if row["sign_share"] == row["sign_share"]
        }
        price = rows_of(tables, scenario["key"])["cost_per_additional"]
        if price["value"] == price["value"]:
            known |= {number for text in findings.price(tables, price) for number in numbers(text)}
        words = Reader(card).text.replace(scenario["name"], "")
        assert set(numbers(words)) <= known, set(numbers(words)) - known
        assert not_estimable() not in words


def test_it_answers_what_a_director_asks(brief):
    tables, page = brief
    text = Reader(page).text
    assert "26 November 2026 · Norway, January 2012 to December 2016 · avrr_sim 0.1.0 · study abc123" in text
    assert "<nav" not in page and tables.provenance["command"] in text
    for heading in ("Summary of findings", "What it rests on", "What not to conclude"):
        assert heading in text
    assert "What it depends on" not in text  # nothing was worked out
    assert text.count("A lever of coercion: studied for its consequences only") == 1
    (removal,) = [c for c in re.findall(r"<article.*?</article>", page, flags=re.S) if "for removal" in c]
    assert "NOK" not in removal and "costs" not in removal
    for certainty in re.findall(r"<td>(\w+(?: low)?) <span", page):
        assert certainty.lower() in catalogue.CERTAINTY


def test_what_money_leaves_out_stands_beside_it_where_information_or_process_is_moved(brief):
    _, page = brief
    cards = [Reader(c).text for c in re.findall(r"<article.*?</article>", page, flags=re.S)]
    said = ["What contacts, outreach, trust or offices themselves cost is not counted." in c for c in cards]
    moved = [lever is not None and lever[1] in ("information", "process") for *_, lever in SCENARIOS[1:]]
    assert said == moved and any(moved) and not all(moved)


def test_who_took_an_offer_stands_on_the_card_with_whom_the_headline_follows():
    tables = make_tables(SCENARIOS[:3], groups=False)
    key, other = (scenario["key"] for scenario in tables.scenarios[1:])
    taken = {
        "applied_units": 60.0,
        "applied_persons": 126.4,
        "departed_units": 40.0,
        "departed_persons": 91.0,
    }
    rows = [
        {"scenario": s, "offer": name, "item": item, "value": m * v, "low": m * 20.0, "high": m * 2 * v}
        for s, name, m in ((key, "Families", 1), (other, "Nobody's", 0))
        for item, v in taken.items()
    ]
    told = replace(tables, offers=framed("offers", rows))
    assert offers_taken(tables, key) == ""
    assert "about 126 persons apply on it (20 to 253) and about 91 depart (20 to 182)" in offers_taken(
        told, key
    )
    assert "nobody applies on it in any draw" in offers_taken(told, other)
    assert "follows new arrivals for two years" in offers_taken(told, key)


def test_an_interval_of_money_names_its_unit_at_both_ends_and_says_less():
    tables = make_tables(SCENARIOS[:2], groups=False)
    row = {"measure": "support_paid", "baseline": 9e7, "value": 8.85e7, "difference": -1.5e6, "low": -7e6}
    row |= {"high": 1.7e6, "mc_error": 1e4, "sign_share": 0.8, "suppressed": False}
    found = findings.finding(tables, tables.scenarios[1], row)
    assert found.change == "1.5 million NOK less"
    assert found.span == "7 million NOK less to 1.7 million NOK more"


def test_the_count_of_dots_is_kept_where_a_name_is_cut(tmp_path):
    long = "An offer with a very long name indeed, so long that no row of a narrow picture has room for it"
    tables = make_tables([SCENARIOS[0], ("long", long, ("cash_level", "support"))], groups=False)
    nothing = replace(tables, draws=tables.draws.assign(difference=0.0))
    for told, end in ((tables, "a"), (nothing, "b")):
        draw_quantile_dots(tmp_path, told, width=4.6, end=end)
    drawn = {end: (tmp_path / f"headline{end}.svg").read_text(encoding="utf-8") for end in "ab"}
    assert re.search("\u2026: \\d+ of 40: (more|fewer)", drawn["a"]) and "40 of 40: no change" in drawn["b"]


def test_what_an_answer_depends_on_is_said_where_the_study_has_it(tmp_path):
    remarks = [remark("as_written", text="It tips at 2.5.")]
    told = replace(make_tables(SCENARIOS[:2], groups=False), depends=remarks)
    write_tables(tmp_path, told)
    back = load_tables(tmp_path)
    assert back.depends == told.depends
    page = Reader(write_brief(tmp_path, back).read_text(encoding="utf-8")).text
    assert "What it depends on It tips at 2.5." in page


def test_what_answers_depend_on_stands_in_full_behind_one_fold(tmp_path):
    """Tipping points, what sizes vary with, ceilings below the effects, and hypotheses; a weight's words are
    told as they are.
    """
    tables = make_tables(SCENARIOS[:2], groups=False)
    write_tables(tmp_path, tables)
    text = Reader(write_comparison(tmp_path, load_tables(tmp_path)).read_text(encoding="utf-8")).text
    fold = text[text.index("What the answers depend on: tipping points") :]
    for told in (
        "more people apply, unless “Receptivity <after> the decision” lies above 2.5 (ratio; 1.9 to 3.2)",
        "The point moves from 3.9 to 1.2 as “Hope of residence” goes from 1.1 to 3.4",
        "Threat of removal logit units",
        "Ceiling: nobody is told of return",
        "Ceiling: nobody is removed by force",
        "if people hardly listen after the decision",
    ):
        assert told in fold, told
    alone = make_tables(SCENARIOS[:1], groups=False)
    page = write_comparison(tmp_path / "b", alone).read_text(encoding="utf-8")
    assert "What the answers depend on" not in Reader(page).text


def test_the_question_is_the_title_and_a_study_alone_has_levels(tmp_path):
    tables = replace(make_tables(SCENARIOS[:2], groups=False), title="")
    page = write_brief(tmp_path / "two", tables).read_text(encoding="utf-8")
    assert "<h1><bdi>What would it do, and for whom?</bdi></h1>" in page
    page = write_brief(tmp_path / "one", make_tables(SCENARIOS[:1], groups=False))
    text = Reader(page.read_text(encoding="utf-8")).text
    assert "72 apply within two years" in text and "instead of" not in text
    assert not (tmp_path / "one" / "figures" / "headline.svg").exists()


def test_certainty_is_lowered_for_every_reason_and_a_figure_far_off_is_not_met():
    tables = make_tables(SCENARIOS[:2], groups=False, fitted=True)
    row = rows_of(tables, tables.scenarios[1]["key"])["uptake_24"]
    row |= {"difference": 0.02, "low": 0.01, "high": 0.03, "mc_error": 0.001}
    assert reasons(tables, row) == ["figure", "unfitted"]
    few = replace(tables, provenance={**tables.provenance, "draws": 12, "weights": "posterior"})
    assert reasons(few, row) == ["figure", "few"]
    assert reasons(few, {**row, "low": -0.01}) == ["figure", "imprecise", "few"]
    near = tables.targets.assign(verdict="inside", value=100.0, predictive_median=120.0)
    assert figures_met(replace(tables, targets=near)) == set(near["measure"])
    assert figures_met(replace(tables, targets=near.assign(predictive_median=50.0))) == set()


def test_dots_are_draws_or_fifty_quantiles_and_never_cross_zero():
    frame = make_tables(SCENARIOS[:2]).draws
    own = frame["difference"]
    assert len(quantiles_of(own)) == len(own) <= DOTS
    many = quantiles_of(own.sample(500, replace=True, random_state=1))
    assert len(many) == DOTS and (many[1:] >= many[:-1]).all()
    places = stacked(many, 1e6)
    signs = {int(x > 0) - int(x < 0) for x in many}
    assert len({x for x, _ in places}) == len(signs)
    assert sorted(level for x, level in places if x > 0) == list(range(int((many > 0).sum())))


def test_two_builds_give_the_same_bytes(brief, tmp_path):
    tables, _ = brief
    for name in ("a", "b"):
        write_brief(tmp_path / name, tables)
    for file in (p for p in (tmp_path / "a").rglob("*") if p.is_file()):
        assert file.read_bytes() == (tmp_path / "b" / file.relative_to(tmp_path / "a")).read_bytes()
