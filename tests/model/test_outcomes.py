"""Measures of one run as named columns: what a lookup gives, and what of empty groups and other names."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import norway

from avrr_sim.measured import Labels, Measured
from avrr_sim.measures import COMPARATIVE, MEASURES, TWIN_MEASURES
from avrr_sim.outcomes import group_names
from avrr_sim.simulation import simulate


@pytest.fixture(scope="module")
def outcomes():
    return simulate(norway(months=30), size=600)


def told() -> Measured:
    """Uptake of everybody and of two of three origins; nobody came from Somalia."""
    labels = Labels(
        [("origin", key, "uptake_24") for key in ("somalia", "iraq", "ghana")]
        + [("all", "all", name) for name in ("uptake_24", "misinformed")]
    )
    rows = np.array([labels.place[label] for label in labels.names if "somalia" not in label][1:])
    return Measured(labels, rows, np.array([0.25, 0.5, 0.125]), np.array([40.0, 10.0, 30.0]))


def test_a_value_is_found_by_the_names_of_its_measure_and_group():
    assert told().value_of("uptake_24") == 0.25 and told().cell_of("uptake_24") == 40
    assert told().value_of("uptake_24", "origin", "ghana") == 0.5
    assert told().value_of("uptake_24", by="origin", group="iraq") == 0.125


def test_an_empty_group_has_no_value_and_a_cell_of_zero():
    assert np.isnan(told().value_of("uptake_24", "origin", "somalia"))
    assert told().cell_of("uptake_24", "origin", "somalia") == 0


@pytest.mark.parametrize(
    "asked",
    [("uptake_25",), ("uptake_24", "origin", "Iraq"), ("uptake_24", "origin"), ("misinformed", "tier")],
)
def test_a_name_that_there_is_not_is_no_empty_group(asked):
    with pytest.raises(KeyError, match=asked[0]):
        told().value_of(*asked)


def test_columns_stand_side_by_side_sorted_by_label():
    frame = told().frame()
    assert list(frame.columns) == ["group_by", "group", "measure", "value", "cell"]
    assert frame["group"].tolist() == ["all", "ghana", "iraq"] and frame["value"].tolist() == [
        0.25,
        0.5,
        0.125,
    ]
    assert told().names == list(frame.iloc[:, :3].itertuples(index=False, name=None))


def test_measures_worked_out_elsewhere_take_their_place_among_the_others():
    both = told().beside({"misinformed": (0.75, 8.0)})
    assert both.names == sorted(both.names) and len(both) == 4
    assert both.value_of("misinformed") == 0.75 and both.cell_of("misinformed") == 8
    assert both.value_of("uptake_24", "origin", "iraq") == 0.125
    assert both.only(["misinformed"]).names == [("all", "all", "misinformed")]
    assert both.everybody() == {"misinformed": 0.75, "uptake_24": 0.25}


def test_a_run_tells_every_measure_that_needs_no_other_run(outcomes):
    assert set(outcomes.measures.everybody()) == set(MEASURES) - set(COMPARATIVE) - set(TWIN_MEASURES)
    assert outcomes.value("uptake_24") == outcomes.measures.value_of("uptake_24")
    assert np.isnan(outcomes.value("misinformed")), "known by name, not worked out here"


def test_measures_by_group_are_of_groups_that_hold_somebody(outcomes):
    measures = outcomes.measures
    groups = set(group_names(outcomes.scenario))
    assert set(zip(measures.group_by.tolist(), measures.group.tolist(), strict=True)) <= groups
    ratios = (measures.group_by != "all") & (measures.measure != "application_hazard")
    assert (measures.cell[ratios] > 0).all()
    parts = [outcomes.measures.cell_of("uptake_24", "status", name) for by, name in groups if by == "status"]
    assert sum(parts) == outcomes.measures.cell_of("uptake_24")


def test_runs_of_one_kind_share_their_labels(outcomes):
    other = simulate(outcomes.scenario.vary(cash_level=2), size=200)
    assert other.measures.labels is outcomes.measures.labels


def test_a_run_shows_itself_in_a_line_and_a_table(outcomes):
    line, page = repr(outcomes), outcomes._repr_html_()
    assert outcomes.scenario.name in line and "\n" not in line and len(line) < 200
    assert f"{outcomes.value('uptake_24'):.3g}" in line
    assert page.count("<tr") > 10 and MEASURES["uptake_24"].label in page and "array" not in page
