"""The aggregated tables: a run folder gives back what was written, whatever the names and however much is
missing.
"""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from conftest import norway
from report_tables import NASTY, make_tables

from avrr_sim.refusals import Refusal
from avrr_sim.report.pages.comparison_tables import contrast_table
from avrr_sim.report.pages.lookup import RowLookup
from avrr_sim.report.words import sentences
from avrr_sim.shell.printing import json_rows, span_in_words
from avrr_sim.study.comparison.compare import compare
from avrr_sim.study.comparison.store import write_tables
from avrr_sim.study.summary.tables import FACTS, FRAMES, LATER, StudyTables, framed, load_tables


def same(one: StudyTables, two: StudyTables) -> None:
    for name in FACTS:
        assert getattr(one, name) == getattr(two, name), name
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name), check_exact=True, obj=name)


def filled() -> StudyTables:
    """Made-up tables with every frame filled, names in several scripts, and numbers missing or without
    bounds.
    """
    made = make_tables(NASTY)
    more = {
        name: framed(
            name,
            [
                {
                    c: {
                        "str": '\u0627\u0644\u0639\u0648\u062f\u0629 \u00c6 "<b>"\n,',
                        "float64": x,
                        "bool": bool(i),
                        "boolean": (None, True)[i],
                    }[kind]
                    for c, kind in columns.items()
                }
                for i, x in enumerate((np.nan, 0.1 + 0.2))
            ],
        )
        for name, columns in FRAMES.items()
    }
    more["differences"].loc[0, "mc_low"] = -np.inf
    return replace(made, **more)


@pytest.mark.parametrize(
    "tables",
    [
        filled(),
        replace(
            make_tables(NASTY),
            levels=framed("levels", make_tables(NASTY).levels),
            differences=framed("differences", make_tables(NASTY).differences),
            bands=framed("bands", make_tables(NASTY).bands),
            endings=framed("endings", make_tables(NASTY).endings),
        ),
    ],
    ids=["filled", "as a comparison without the later tables"],
)
def test_loaded_tables_are_the_written_ones(tables, tmp_path):
    write_tables(tmp_path, tables)
    same(load_tables(tmp_path), tables)
    assert all((tmp_path / f"{name}.csv").is_file() for name in FRAMES)


def test_a_price_without_an_upper_end_survives_the_folder_and_is_told_in_words(tmp_path):
    made = make_tables()
    price = made.differences["measure"] == "cost_per_additional"
    made.differences.loc[price, ["value", "difference", "low", "high"]] = 80_000.0, 80_000.0, 50_000.0, np.inf
    write_tables(tmp_path, made)
    back = load_tables(tmp_path).differences
    own = back[back["measure"] == "cost_per_additional"]
    assert len(own) and np.isinf(own["high"]).all()
    assert np.isinf(
        pd.read_csv(tmp_path / "differences.csv").query("measure == 'cost_per_additional'")["high"]
    ).all()
    row = own.iloc[0]
    assert sentences.shown(row["value"], row["low"], row["high"], "NOK") == (
        "80,000",
        "from 50,000, no upper end",
    ) and sentences.settled(row)
    assert span_in_words(row["low"], row["high"], "NOK") == "from 50,000, no upper end"
    text = json.dumps(json_rows(back), allow_nan=False)  # raises for what is no JSON
    told = [r for r in json.loads(text) if r["measure"] == "cost_per_additional"]
    assert all(r["high"] is None and r["no_upper_end"] for r in told) and not any(
        r["no_upper_end"] for r in json.loads(text) if r["measure"] == "uptake_24"
    )
    page = "".join(
        cell.span for line in contrast_table(made, RowLookup(made)).blocks[0].rows for cell in line
    )
    assert "no upper end" in page


def test_every_table_has_its_columns_even_when_it_is_empty():
    made = make_tables()
    plain = StudyTables(
        made.title,
        made.scenarios,
        made.measures,
        made.levels,
        made.differences,
        made.bands,
        made.endings,
        made.provenance,
        made.limits,
    )
    for name in ("waits", "flows", "crossings", "spread", "offers", "drivers", "targets", "patterns"):
        frame = getattr(plain, name)
        assert frame.empty and list(frame.columns) == list(FRAMES[name]), name


def test_a_folder_of_version_0_1_is_read_without_what_it_does_not_have(tmp_path):
    write_tables(tmp_path, filled())
    (tmp_path / "draws.parquet").unlink()
    old = pd.read_parquet(tmp_path / "bands.parquet").drop(columns=list(LATER["bands"]))
    old.to_parquet(tmp_path / "bands.parquet")
    back = load_tables(tmp_path)
    assert back.draws.empty and list(back.draws.columns) == list(FRAMES["draws"])
    assert len(back.bands) == len(old) and back.bands["difference"].isna().all()
    assert "date" not in back.provenance


def test_draws_and_bands_of_a_comparison_are_paired_and_dated(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    pair, few = [norway(months=24), norway(months=24, cash_level=2)], {"size": 600, "twins": False}
    done = compare(pair, draws=3, replicates=2, out=tmp_path / "a", **few).tables
    back = load_tables(tmp_path / "a")
    assert back.provenance["date"] == "1970-01-02" and len(back.provenance["digest"]) > 7
    key = done.scenarios[1]["key"]
    for measure in ("uptake_24", "removals"):
        own = back.draws[back.draws["measure"] == measure]
        row = done.differences.query("measure == @measure and group_by == 'all'").iloc[0]
        assert list(own["draw"]) == [0, 1, 2] and set(own["scenario"]) == {key}
        for column in ("baseline", "value", "difference"):
            assert own[column].mean() == pytest.approx(row[column], rel=1e-9, abs=1e-12)
    bands = back.bands.set_index(["scenario", "measure", "month"]).sort_index()
    here, base = (bands.loc[s["key"], "applications"] for s in (done.scenarios[1], done.scenarios[0]))
    assert np.allclose(here["difference"], here["value"] - base["value"]) and base["difference"].isna().all()
    assert (here["difference_low"] <= here["difference_high"]).all() and here["difference"].abs().sum() > 0


@pytest.mark.parametrize(
    "damage, message",
    [
        (lambda folder: (folder / "study.json").unlink(), "study.json"),
        (lambda folder: (folder / "study.json").write_text("{"), "study.json"),
        (lambda folder: (folder / "study.json").write_text(json.dumps({"title": "x"})), "study.json"),
        (lambda folder: (folder / "flows.parquet").unlink(), "flows.parquet"),
        (lambda folder: (folder / "bands.parquet").write_bytes(b"PAR1 nothing"), "bands.parquet"),
        (lambda folder: pd.DataFrame({"scenario": ["a"]}).to_parquet(folder / "waits.parquet"), "what"),
    ],
)
def test_a_folder_that_is_not_whole_is_refused(damage, message, tmp_path):
    write_tables(tmp_path, filled())
    damage(tmp_path)
    with pytest.raises(Refusal, match=message):
        load_tables(tmp_path)
