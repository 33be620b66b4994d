"""Results of runs as one table: long and as arrays, gathered from jobs or read back from chunks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from conftest import norway

from avrr_sim.study.comparison.kept import KeptJobs
from avrr_sim.study.comparison.tables import tables_of
from avrr_sim.study.jobs.job import run_job
from avrr_sim.study.jobs.plan import Plan, make_plan
from avrr_sim.study.jobs.results import TABLES, JobResult, Results
from avrr_sim.study.jobs.run_table import Columns, RunRows, gather, labels_of, long_table, spelled_out
from avrr_sim.study.summary.tables import FRAMES

COLUMNS = Columns(("group", "quantile"), {"value": float("nan"), "cell": 0.0})


def rows(scenario: str, draw: int, labels: list[tuple], values: list[float]) -> RunRows:
    return RunRows(
        scenario, draw, 0, labels, {"value": np.array(values), "cell": np.array(values, float) * 10}
    )


TABLE = long_table(
    COLUMNS,
    [
        rows("a", 3, [("x", 0.5), ("y", 0.5)], [1.0, 2.0]),
        rows("b", 3, [("y", 0.5)], [3.0]),
        rows("a", 7, [("z", 0.1)], [4.0]),
    ],
)


def gathered(labels: list[tuple], tables: list, by_label: bool = False):
    return gather(
        COLUMNS, labels, tables, scenarios=("a", "b"), draws=[3, 7], replicates=1, by_label=by_label
    )


def test_a_long_table_has_a_row_for_every_run_and_label():
    frame = spelled_out(TABLE).to_pandas()
    assert list(frame.columns) == ["scenario", "draw", "replicate", "group", "quantile", "value", "cell"]
    assert frame["scenario"].tolist() == ["a", "a", "b", "a"] and frame["group"].tolist() == [
        "x",
        "y",
        "y",
        "z",
    ]
    assert labels_of([TABLE], COLUMNS) == [("x", 0.5), ("y", 0.5), ("z", 0.1)], "as they first appear"


@pytest.mark.parametrize("by_label", [False, True], ids=["by run", "by label"])
def test_a_run_without_a_label_differs_from_a_run_that_failed(by_label):
    """b lacks x in draw 3 (its cell is 0), and did not finish in draw 7 (nothing is known)."""
    table = gathered([("x", 0.5), ("y", 0.5)], [TABLE], by_label)
    assert table["value"].shape == (2, 2, 2, 1)
    assert table["cell"][:, :, 0, 0].tolist() == [[10, 20], [0, 30]]
    assert np.isnan(table["value"][1, 0, 0, 0]) and np.isnan(table["cell"][1, :, 1]).all()
    assert table["cell"][0, :, 1, 0].tolist() == [0, 0], "finished, with another label only"
    assert table["value"].flags.c_contiguous == by_label


def test_rows_are_found_by_the_names_of_their_labels():
    table = gathered(labels_of([TABLE], COLUMNS), [TABLE])
    assert table.label("quantile") == [0.5, 0.5, 0.1]
    assert table.of("value", group="y")[:, 0, 0, 0].tolist() == [2, 3]
    assert table.of("value", quantile=0.5).shape[1] == 2
    with pytest.raises(KeyError, match="group w"):
        table.of("value", group="w")


def test_tables_gathered_in_parts_are_those_gathered_at_once():
    labels = labels_of([TABLE], COLUMNS)
    parts, whole = gathered(labels, [TABLE.slice(0, 2), TABLE.slice(2)]), gathered(labels, [TABLE])
    for name in COLUMNS.numbers:
        assert np.array_equal(parts[name], whole[name], equal_nan=True)


@pytest.fixture(scope="module")
def plan() -> Plan:
    base = norway(months=24)
    offer = {"name": "Bonus", "from": "2010-09", "gives": {"cash_unit": 50000}}
    scenarios = [base, base.vary(cash_level=3, offers=[offer])]
    return make_plan(scenarios, draws=3, replicates=2, size=300, twins=True, ceilings=True)


@pytest.fixture(scope="module")
def jobs(plan) -> list[JobResult]:
    """All jobs but one, which failed: replicate 1 of draw 1."""
    return [run_job(plan, job) for job in plan.jobs if job != (1, 1)]


@pytest.fixture
def kept(plan, jobs, tmp_path) -> KeptJobs:
    """The jobs on disk, in two chunks, and one of a job that failed."""
    kept = KeptJobs(tmp_path, plan, "0123456789abcdef")
    for number, some in enumerate((jobs[:2], jobs[2:], [])):
        kept.write_chunk(number, some, [] if some else [{"draw": 1, "replicate": 1, "error": "no"}])
    return kept


def test_chunks_read_back_are_the_results_that_were_written(plan, jobs, kept):
    ours, theirs = Results.of(plan, jobs), kept.read(range(3))
    assert ours.jobs == theirs.jobs == [job for job in plan.jobs if job != (1, 1)]
    for name in TABLES:
        one, other = getattr(ours, name), getattr(theirs, name)
        assert one.labels == other.labels and one.labels
        for column, values in one.numbers.items():
            assert np.array_equal(values, other[column], equal_nan=True), (name, column)
            assert values.strides == other[column].strides, "sums run in the same order"


def test_the_tables_of_a_study_are_the_same_from_jobs_and_from_chunks(plan, jobs, kept):
    ours = tables_of(plan, Results.of(plan, jobs), "compare")
    theirs = tables_of(plan, kept.read(range(3)), "compare")
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(ours, name), getattr(theirs, name), check_exact=True)
    assert (ours.provenance, ours.scenarios, ours.limits) == (
        theirs.provenance,
        theirs.scenarios,
        theirs.limits,
    )
    assert ours.provenance["jobs_done"] == 5 and ours.provenance["twin_jobs"] == 3


def test_the_order_of_chunks_does_not_change_what_is_read(plan, jobs):
    """Labels of measures are sorted, and a draw stands in its place, whichever chunk comes first."""
    ours = Results.of(plan, jobs).runs
    turned = Results.of(plan, jobs[::-1]).runs
    assert ours.labels == turned.labels == sorted(ours.labels)
    assert all(np.array_equal(ours[name], turned[name], equal_nan=True) for name in ours.columns.numbers)


def test_a_draw_of_which_no_job_finished_is_left_out(plan, jobs):
    results = Results.of(plan, [job for job in jobs if job.draw != 0])
    assert results.draws == [1, 2] and results.runs["value"].shape[-2:] == (2, 2)
    assert np.isnan(results.totals["cost"][:, 0, 0, 1]).all(), "the job that failed"
    assert not np.isnan(results.totals["cost"][:, 0, 1]).any()


def test_chunks_hold_words_and_whole_numbers_for_a_reader(kept, plan):
    tables = {name: pd.read_parquet(kept.folder / name) for name in TABLES}
    assert tables["endings"]["count"].dtype == "int64" == tables["flows"]["units"].dtype
    assert set(tables["runs"]["scenario"]) == set(plan.keys)
    assert len(tables["totals"]) == 10 and tables["waits"]["quantile"].dtype == "float64"


@pytest.mark.parametrize("name", [name for name in TABLES if name != "totals"])
def test_a_chunk_counts_only_where_every_table_of_it_is_as_it_was_written(kept, name):
    assert sorted(kept.chunks.find().good) == [0, 1, 2]
    path = kept.folder / name / "chunk-00001.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert list(kept.chunks.find().damaged) == [1]
    path.unlink()
    assert list(kept.chunks.find().damaged) == [1]


def test_scenarios_without_the_same_groups_stand_side_by_side(plan):
    """A label that only one scenario has is a row of both, with an empty cell in the other."""
    alone = replace(plan, scenarios=plan.scenarios[:1], keys=plan.keys[:1])
    both, one = run_job(plan, (0, 0)).tables["runs"], run_job(alone, (0, 0)).tables["runs"]
    assert set(one.labels) <= set(both.labels)
    missing = [i for i, label in enumerate(both.labels) if label not in set(one.labels)]
    assert (both.numbers["cell"][0, missing] == 0).all()
    assert np.isnan(both.numbers["value"][0, missing]).all()
