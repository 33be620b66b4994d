"""The aggregated tables: a run folder gives back what was written, whatever the names and however much is missing."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from test_report import NASTY, make_tables

from avrr_sim.refusals import Refusal
from avrr_sim.study.store import write_tables
from avrr_sim.study.tables import FACTS, FRAMES, StudyTables, framed, load_tables


def same(one: StudyTables, two: StudyTables) -> None:
    for name in FACTS:
        assert getattr(one, name) == getattr(two, name), name
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name), check_exact=True, obj=name)


def filled() -> StudyTables:
    """Made-up tables with every frame filled, names in several scripts, and numbers missing or without bounds."""
    made = make_tables(NASTY)
    more = {name: framed(name, [{c: {"str": "\u0627\u0644\u0639\u0648\u062f\u0629 \u00c6 \"<b>\"\n,", "float64": x, "bool": bool(i), "boolean": (None, True)[i]}[kind]
                                 for c, kind in columns.items()} for i, x in enumerate((np.nan, 0.1 + 0.2))]) for name, columns in FRAMES.items()}
    more["differences"].loc[0, "mc_low"] = -np.inf
    return replace(made, **more)


@pytest.mark.parametrize("tables", [filled(), replace(make_tables(NASTY), levels=framed("levels", make_tables(NASTY).levels), differences=framed(
    "differences", make_tables(NASTY).differences), bands=framed("bands", make_tables(NASTY).bands), endings=framed("endings", make_tables(NASTY).endings))],
    ids=["filled", "as a comparison without the later tables"])
def test_loaded_tables_are_the_written_ones(tables, tmp_path):
    write_tables(tmp_path, tables)
    same(load_tables(tmp_path), tables)
    assert all((tmp_path / f"{name}.csv").is_file() for name in FRAMES)


def test_every_table_has_its_columns_even_when_it_is_empty():
    made = make_tables()
    plain = StudyTables(made.title, made.scenarios, made.measures, made.levels, made.differences, made.bands, made.endings, made.provenance, made.limits)
    for name in ("waits", "flows", "crossings", "spread", "drivers", "targets", "patterns"):
        frame = getattr(plain, name)
        assert frame.empty and list(frame.columns) == list(FRAMES[name]), name


@pytest.mark.parametrize("damage, message", [
    (lambda folder: (folder / "study.json").unlink(), "study.json"),
    (lambda folder: (folder / "study.json").write_text("{"), "study.json"),
    (lambda folder: (folder / "study.json").write_text(json.dumps({"title": "x"})), "study.json"),
    (lambda folder: (folder / "flows.parquet").unlink(), "flows.parquet"),
    (lambda folder: (folder / "bands.parquet").write_bytes(b"PAR1 nothing"), "bands.parquet"),
    (lambda folder: pd.DataFrame({"scenario": ["a"]}).to_parquet(folder / "waits.parquet"), "what")])
def test_a_folder_that_is_not_whole_is_refused(damage, message, tmp_path):
    write_tables(tmp_path, filled())
    damage(tmp_path)
    with pytest.raises(Refusal, match=message):
        load_tables(tmp_path)
