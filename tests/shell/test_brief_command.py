"""`avrr brief`: page, PDF and pictures from the tables alone; what is said without a browser, and of a folder
that has no brief.
"""

from __future__ import annotations

import json

import pytest
from report_tables import SCENARIOS, make_tables

from avrr_sim.refusals import Refusal
from avrr_sim.report.html.elements import Card, Items, Text
from avrr_sim.report.pages import sheet
from avrr_sim.report.pages.brief import write_brief
from avrr_sim.report.pages.sheet import letters_for
from avrr_sim.report.words.language import speaking
from avrr_sim.shell import brief
from avrr_sim.study.comparison.store import write_tables


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "study"
    place.mkdir()
    write_tables(place, make_tables(SCENARIOS[:3], groups=False))
    return place


def test_without_a_browser_the_page_and_pictures_are_made_and_it_is_said(folder, monkeypatch, capsys):
    monkeypatch.setattr(brief, "browser_path", lambda: None)
    brief.make_brief(folder, None, as_json=True)
    told = capsys.readouterr()
    facts = json.loads(told.out)
    assert facts["pdf"] is None and "no PDF: this machine has no browser" in told.err
    assert (folder / "brief.html").is_file() and not (folder / "brief.pdf").exists()
    names = {path.rpartition("/")[2] for path in facts["pictures"]}
    assert names == {f"headline-{width}.{end}" for width in ("slide", "column") for end in ("png", "svg")}
    from PIL import Image

    wide = {name: Image.open(folder / "figures" / name).width for name in names if name.endswith("png")}
    assert wide == {"headline-slide.png": 1920, "headline-column.png": 1020}


@pytest.mark.skipif(brief.browser_path() is None, reason="no Chromium on this machine")
def test_the_pdf_can_be_searched_and_two_builds_give_the_same_bytes(folder, tmp_path, capsys):
    pdfium = pytest.importorskip("pypdfium2")
    made = []
    for name in ("a", "b"):
        brief.make_brief(folder, tmp_path / name, as_json=False)
        made.append((tmp_path / name / "brief.pdf").read_bytes())
    assert made[0] == made[1] and str(tmp_path / "a" / "brief.pdf") in capsys.readouterr().out
    with pdfium.PdfDocument(made[0]) as pdf:
        assert len(pdf) == 1
        text = " ".join(" ".join(sheet.get_textpage().get_text_range().split()) for sheet in pdf)
    for told in ("Summary of findings", "What not to conclude", "Of 1,000 people or households who arrive"):
        assert told in text


@pytest.mark.skipif(brief.browser_path() is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("language", ("en", "nb"))
def test_five_scenarios_print_on_one_sheet(language, tmp_path):
    pdfium = pytest.importorskip("pypdfium2")
    with speaking(language):
        page = write_brief(tmp_path, make_tables(SCENARIOS, groups=False, fitted=True))
    with pdfium.PdfDocument(brief.print_page(page, "2026-11-26")) as pdf:
        assert len(pdf) == 1
        text = pdf[0].get_textpage().get_text_range()
    # what a card leaves to the table where cards are many is there
    assert {"en": "Drop out within a year", "nb": "Faller fra innen ett \u00e5r"}[language] in text


def test_letters_are_as_large_as_one_sheet_lets_them_be():
    lead, few, many = [Text("Lead")], [Card("A", "#000", "Of 1,000 people.")], [Items(["word " * 30] * 60)]
    assert letters_for("Title", lead, few, 0.0) == sheet.LARGEST
    size = letters_for("Title", lead, few + many, 0.0)
    assert sheet.SMALLEST < size < sheet.LARGEST
    assert sheet.height(size, "Title", lead, few + many, 0.0) <= sheet.HIGH
    assert sheet.height(size + sheet.STEP, "Title", lead, few + many, 0.0) > sheet.HIGH
    assert letters_for("Title", lead, few + 9 * many, 0.0) == sheet.SMALLEST


def test_a_pdf_is_dated_and_numbered_without_moving_a_byte():
    pdf = b"<</CreationDate (D:20261126070102+00'00') /ModDate (D:20261126070102+00'00')>>"
    pdf += b"/ID (node00000456) /ID (node00000461) /Names [(node00000456) 1 (node00000461) 2]"
    made = brief.settled_bytes(pdf, "2014-05-06")
    assert len(made) == len(pdf) and made.count(b"D:20140506000000") == 2
    assert made.endswith(b"/ID (node00000001) /ID (node00000002) /Names [(node00000001) 1 (node00000002) 2]")
    assert b"D:19700101000000" in brief.settled_bytes(pdf, "")


def test_a_folder_that_has_no_brief_is_refused(tmp_path, monkeypatch):
    with pytest.raises(Refusal, match="is no folder"):
        brief.make_brief(tmp_path / "none", None, as_json=False)
    with pytest.raises(Refusal, match=r"holds no study\.json"):
        brief.make_brief(tmp_path, None, as_json=False)
    monkeypatch.setattr(brief, "read_facts", lambda folder: {"kind": "sweep"})
    with pytest.raises(Refusal, match="which has no brief"):
        brief.make_brief(tmp_path, None, as_json=False)
