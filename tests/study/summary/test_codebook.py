"""The dictionary of columns agrees with the tables that pages read, and its page with it; what folders say of
themselves by it is tried in tests/report/test_five_kinds.py.
"""

from __future__ import annotations

from conftest import ROOT, norway

from avrr_sim.documents.dictionary import made_anew
from avrr_sim.measures import MEASURES
from avrr_sim.simulation import simulate
from avrr_sim.study.summary.dictionary import monthly_measures, tables_of_kind
from avrr_sim.study.summary.tables import FRAMES, MAYBE, NUMBER, TEXT, TRUTH

OF_KIND = {TEXT: {"text", "month"}, NUMBER: {"number", "whole"}, TRUTH: {"truth"}, MAYBE: {"truth"}}


def test_every_monthly_measure_is_told():
    series = simulate(norway(months=3), size=50).monthly()
    beliefs = {name for name in MEASURES if name.endswith(("_centre", "_private"))}
    assert set(series) == set(monthly_measures()) | beliefs


def test_the_dictionary_agrees_with_the_tables_that_pages_read():
    for name, columns in FRAMES.items():
        known = tables_of_kind("compare")[name].columns
        assert [column for column in known if column in columns] == list(columns), name
        assert all(known[column].kind in OF_KIND[kind] for column, kind in columns.items()), name


def test_the_page_of_the_dictionary_is_that_of_the_file():
    page = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    again = "make it again: python -m avrr_sim.documents.dictionary docs/data-dictionary.md"
    assert page == made_anew(page), again
