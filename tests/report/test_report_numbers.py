"""Numbers on the page are those of the tables; `avrr report` makes the same page again; every word of a page
stands in the catalogue.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from report_pages import Reader, lean
from report_tables import SCENARIOS, make_tables

import avrr_sim.report
from avrr_sim.refusals import Refusal
from avrr_sim.report.pages.comparison import write_comparison
from avrr_sim.report.words import catalogue
from avrr_sim.shell.report import rebuild
from avrr_sim.study.comparison.store import write_tables
from avrr_sim.study.summary.tables import load_tables

REPORT = Path(avrr_sim.report.__file__).parent
CELL = re.compile(r"<(?:td|th)([^>]*)>(.*?)</(?:td|th)>", flags=re.S)
EXACT = 1e-8  # relative: cells hold ten digits of the number behind them


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """(tables, folder with tables and page) of a study of three scenarios."""
    folder = tmp_path_factory.mktemp("study")
    tables = lean(
        make_tables(SCENARIOS[:3], fitted=True),
        "assisted_departures",
        "additional_assisted",
        "cost_per_additional",
        "deadweight",
    )
    write_tables(folder, tables)
    write_comparison(folder, load_tables(folder))
    return tables, folder


def tables_of(page: str) -> dict[str, list]:
    """caption -> list of (heading of the block, cells); a cell is (number behind it or None, its text)."""
    found = {}
    for table in re.findall(r"<table.*?</table>", page, flags=re.S):
        caption = Reader(re.search(r"<caption>(.*?)</caption>", table, flags=re.S).group(1)).text
        blocks = []
        for body in re.findall(r"<tbody>(.*?)</tbody>", table, flags=re.S):
            head = re.search(r'<tr class="block">(.*?)</tr>', body, flags=re.S)
            for row in re.findall(r"<tr>(.*?)</tr>", body, flags=re.S):
                values = [
                    (re.search(r'data-value="([^"]*)"', attributes), text)
                    for attributes, text in CELL.findall(row)
                ]
                cells = [
                    (float(value.group(1)) if value else None, Reader(text).text) for value, text in values
                ]
                blocks.append((Reader(head.group(1)).text if head else "", cells))
        found[caption] = blocks
    return found


def printed(text: str) -> list[str]:
    """The numbers in a text, as they are printed."""
    return [
        n.replace(",", "").replace("\u2212", "-") for n in re.findall(r"[\u2212+]?\d[\d,]*(?:\.\d+)?", text)
    ]


def rounds_to(told: str, meant: float) -> bool:
    """Whether a printed number is the number rounded to the places that are printed."""
    return abs(float(told) - meant) <= 0.5000001 * 10.0 ** -len(told.partition(".")[2])


def test_levels_and_differences_on_the_page_are_those_of_the_tables(study):
    tables, folder = study
    rows = tables_of((folder / "report.html").read_text(encoding="utf-8"))["All measures"]
    names = {s["name"]: s["key"] for s in tables.scenarios}
    checked = 0
    for head, cells in rows:
        measure = next(m for m, info in tables.measures.items() if head.startswith(info["label"]))
        scale = 100 if tables.measures[measure]["per"] == "share" else 1
        key = names[cells[0][1]]
        for frame, columns, places in (
            (tables.levels, ("value", "low", "high", "mc_error"), (1, 2)),
            (tables.differences, ("difference", "low", "high", "mc_error"), (3, 4)),
        ):
            row = frame[
                (frame["group_by"] == "all") & (frame["measure"] == measure) & (frame["scenario"] == key)
            ]
            if row.empty or (frame is tables.differences and key == names[tables.scenarios[0]["name"]]):
                continue
            middle, low, high, error = (float(row[c].iloc[0]) for c in columns)
            assert cells[places[0]][0] == pytest.approx(middle, rel=EXACT)
            assert cells[places[1]][0] == pytest.approx(error, rel=EXACT)
            for told, meant in zip(printed(cells[places[0]][1]), (middle, low, high), strict=True):
                assert rounds_to(told, scale * meant), (measure, key, cells[places[0]][1], scale * meant)
            checked += 1
    assert checked == 5 * len({h for h, _ in rows})


def test_flows_crossings_and_contrasts_on_the_page_are_those_of_the_tables(study):
    tables, folder = study
    page = tables_of((folder / "report.html").read_text(encoding="utf-8"))
    for scenario in tables.scenarios[1:]:
        rows = page[f"Flows of the same persons: {scenario['name']}"]
        own = tables.flows[(tables.flows["scenario"] == scenario["key"])]
        moved = own[own["baseline_outcome"] != own["outcome"]]
        assert [cells[2][0] for _, cells in rows[1:]] == pytest.approx(list(moved["per_1000"]), rel=EXACT)
        assert rows[0][1][2][0] + sum(cells[2][0] for _, cells in rows[1:]) == pytest.approx(1000)
    for _, cells in page[
        "Assisted departures of the same persons: net first, displacement in the queue apart"
    ]:
        own = tables.crossings[
            tables.crossings["scenario"] == {s["name"]: s["key"] for s in tables.scenarios}[cells[0][1]]
        ].set_index("item")["value"]
        assert [c[0] for c in cells[1:]] == pytest.approx(
            [own[i] for i in ("net", "gained", "lost", "displaced_in_queue")]
        )
        assert cells[1][0] == pytest.approx(cells[2][0] - cells[3][0])
    rows = page["Additional returns, deadweight and cost, against the baseline"]
    assert [cells[1][0] for _, cells in rows] == pytest.approx([140.0, 280.0]) and rows[1][1][-1][
        1
    ] == "not estimable"


def test_drivers_targets_and_patterns_on_the_page_are_those_of_the_tables(study):
    tables, folder = study
    page = tables_of((folder / "report.html").read_text(encoding="utf-8"))
    rows = page["Weights: evidence, prior and posterior"]
    assert [cells[3][0] for _, cells in rows] == pytest.approx(
        list(tables.drivers["prior_median"]), rel=EXACT
    )
    assert [np.nan if cells[5][0] is None else cells[5][0] for _, cells in rows] == pytest.approx(
        list(tables.drivers["contraction"]), nan_ok=True
    )
    verdicts = [cells[7][1] for _, cells in rows]
    assert (
        verdicts.count("informed") == int(tables.drivers["informed"].sum()) > 0
        and verdicts.count("\u2013") == 4
    )
    assert [cells[4][1] for _, cells in page["Published figures and what the model predicts"]] == list(
        tables.targets["verdict"]
    )
    assert [cells[2][1] for _, cells in page["Patterns hit and missed"]] == list(tables.patterns["verdict"])


def test_the_report_is_made_again_from_the_tables_alone_to_the_same_bytes(study, tmp_path, capsys):
    _, folder = study
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("report.html", "figures"))
    rebuild(copy, None, False)
    assert (copy / "report.html").read_bytes() == (folder / "report.html").read_bytes()
    assert capsys.readouterr().out == f"Report: {copy / 'report.html'}\n"
    rebuild(copy, tmp_path / "elsewhere", True)
    assert json.loads(capsys.readouterr().out)["report"] == str(tmp_path / "elsewhere" / "report.html")
    for file in (folder / "figures").iterdir():
        for other in (copy, tmp_path / "elsewhere"):
            assert (other / "figures" / file.name).read_bytes() == file.read_bytes(), file.name


def test_a_folder_without_a_study_is_refused(tmp_path):
    for folder, said in ((tmp_path, "study.json"), (tmp_path / "none", "is no folder")):
        with pytest.raises(Refusal, match=said):
            rebuild(folder, None, False)


def test_every_figure_has_its_numbers_beside_it_and_says_unit_and_window(study):
    _, folder = study
    figures = sorted((folder / "figures").glob("*.svg"))
    assert len(figures) > 12
    for file in figures:
        assert len(pd.read_csv(file.with_suffix(".csv"))) > 0
        assert re.search(r"[Ww]indow|90 % interval", file.read_text(encoding="utf-8")), file.name


def uses(source: str, key: str) -> bool:
    """Whether a file names a key, puts it together, or heads a column with it."""
    prefix, _, end = key.partition(".")
    headed = f'"{prefix}", *' in source or re.search(rf'columns_of\(\s*"{prefix}"', source)
    return bool(
        f'"{key}"' in source
        or f"'{key}'" in source
        or f'f"{prefix}.{{' in source
        or (headed and f'"{end}"' in source)
    )


def test_the_catalogue_and_the_templates_hold_all_words_and_no_idle_ones():
    sources = {
        p.name: p.read_text(encoding="utf-8")
        for p in [*REPORT.rglob("*.py"), *REPORT.glob("html/templates/*.html")]
        if p.name != "catalogue.py"
    }
    assert not [key for key in catalogue.SAY if not any(uses(text, key) for text in sources.values())]
    for key, text in catalogue.SAY.items():
        assert (
            text.count("{") == text.count("}")
            and text == text.strip(" ")
            or key.startswith("sentence.")
            or key == "and"
        ), key
    for name, text in sources.items():
        if name.endswith(".html"):
            words = re.sub(
                r"<[^>]*>", " ", re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.S), flags=re.S
            )
            assert not re.search(r"[A-Za-z]{2,}", words), f"{name} holds words of its own"


def test_figures_are_written_as_png_where_asked_and_nothing_else_changes(study, tmp_path):
    _, folder = study
    assert not list((folder / "figures").glob("*.png"))
    rebuild(folder, tmp_path / "asked", False, png=True)
    made = {file.name for file in (tmp_path / "asked" / "figures").iterdir()}
    plain = {file.name for file in (folder / "figures").iterdir()}
    assert made - plain == {f"{Path(name).stem}.png" for name in plain}
    for name in plain:
        assert (tmp_path / "asked" / "figures" / name).read_bytes() == (
            folder / "figures" / name
        ).read_bytes()
    sizes = [len((tmp_path / "asked" / "figures" / name).read_bytes()) for name in made - plain]
    assert min(sizes) > 2_000
