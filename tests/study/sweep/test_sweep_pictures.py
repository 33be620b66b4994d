"""Pictures of a sweep: what is drawn, what is hatched, and that coercion never looks better or worse."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from conftest import norway

from avrr_sim import sweep
from avrr_sim.report.figures.responses import draw_sweep
from avrr_sim.report.words.catalogue import sweep_coercion
from avrr_sim.study.summary.coercion import moves_coercion
from avrr_sim.study.summary.contract import load_sweep
from avrr_sim.study.sweep.experiment import load_experiment
from avrr_sim.study.sweep.facts import facts_of
from avrr_sim.study.sweep.order import order_of

COLOURS = {"#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"}


def drawn(folder, vary: dict, **more) -> tuple[dict, pd.DataFrame]:
    content = {
        "baseline": norway(months=14),
        "vary": vary,
        "measures": ["application_hazard", "gone_under"],
        "read_by": ["origin"],
        **more,
    }
    table = sweep(content, draws=6, replicates=1, size=200, out=folder / "run")
    figures = draw_sweep(folder / "figures", load_sweep(folder / "run"))
    return {figure.name: figure for figure in figures}, table


@pytest.fixture(scope="module")
def grid(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grid")
    figures, table = drawn(
        folder, {"levers": {"cash_level": [0, 1, 4], "information_timing": ["even", "late"]}}
    )
    return folder / "figures", figures, table


@pytest.fixture(scope="module")
def coercion(tmp_path_factory):
    folder = tmp_path_factory.mktemp("coercion")
    figures, _ = drawn(folder, {"levers": {"removal_level": [0, 1, 4], "outreach": [0, 2]}})
    return folder / "figures", figures


def test_a_grid_of_two_factors_gives_curves_maps_and_small_multiples_by_origin(grid):
    folder, figures, _ = grid
    assert list(figures) == [
        "curve-application-hazard",
        "map-application-hazard",
        "curve-gone-under",
        "map-gone-under",
        "by-origin-application-hazard",
    ]
    for name in figures:
        assert {(folder / f"{name}.{kind}").stat().st_size > 500 for kind in ("svg", "csv")} == {True}


def test_the_numbers_beside_a_picture_are_those_of_the_table(grid):
    folder, _, table = grid
    beside = pd.read_csv(folder / "map-gone-under.csv").set_index("scenario")
    whole = table[(table["group_by"] == "all") & (table["measure"] == "gone_under")].set_index("scenario")
    assert list(beside.index) == list(whole.index)
    for column in ("difference", "difference_low", "difference_high", "difference_mc_error"):
        assert np.allclose(beside[column], whole[column], rtol=1e-9, equal_nan=True)


def test_a_map_hatches_the_cells_whose_interval_holds_zero_and_only_those(grid):
    _, figures, table = grid
    for measure in ("application_hazard", "gone_under"):
        rows = table[
            (table["group_by"] == "all") & (table["measure"] == measure) & (table["scenario"] != "baseline")
        ]
        open_sign = rows[
            (rows["difference_low"] <= 0)
            & (rows["difference_high"] >= 0)
            & ~((rows["difference_low"] == 0) & (rows["difference_high"] == 0))
        ]
        svg = figures[f"map-{measure.replace('_', '-')}"].svg
        assert len(re.findall(r"fill: url\(#h", svg)) == len(open_sign) + bool(len(open_sign)), (
            "one more in the key"
        )
        assert ("0, alike" in svg) == (
            rows["difference"].eq(0) & rows["difference_low"].eq(0) & rows["difference_high"].eq(0)
        ).any()


@pytest.mark.parametrize(
    ("vary", "pressing"),
    [
        ({"levers": {"removal_level": [0, 1]}}, True),
        ({"levers": {"work_rights": [0, 1]}}, True),
        ({"weights": {"hidden_from_removal": [0.1, 0.5]}}, True),
        ({"weights": {"threat_apply": [1, 4]}}, False),
        ({"levers": {"cash_level": [0, 1]}}, False),
    ],
    ids=str,
)
def test_a_sweep_moves_coercion_by_the_same_rule_as_a_comparison(vary, pressing):
    experiment = load_experiment({"baseline": norway(months=14), "vary": vary, "measures": ["uptake_24"]})
    moved = [
        moves_coercion(experiment.baseline, experiment.scenario_of(point, "x")[0])
        for point in experiment.points
    ]
    order = order_of(experiment, {"draws": 2})
    assert facts_of(order, order.plan, [], None)["coercion"] is pressing is any(moved)


def test_coercion_is_grey_and_carries_the_note(grid, coercion):
    _, figures = coercion
    assert len(figures) == 5
    for figure in figures.values():
        assert sweep_coercion() in figure.caption and "studied for its consequences only" in figure.svg
        shades = set(re.findall(r"#[0-9a-f]{6}\b", figure.svg.lower()))
        assert all(c[1:3] == c[3:5] == c[5:7] for c in shades), f"{figure.name}: {shades}"
    others = set().union(*(set(re.findall(r"#[0-9a-f]{6}", f.svg.lower())) for f in grid[1].values()))
    assert others & COLOURS and not any(sweep_coercion() in f.caption for f in grid[1].values())


def test_points_of_a_sweep_are_never_sorted_by_result(grid):
    _, _, table = grid
    assert list(dict.fromkeys(table["scenario"])) == ["baseline", *(f"p{i:04d}" for i in range(1, 7))]


def test_the_same_table_gives_the_same_pictures(grid, tmp_path):
    folder, _, _ = grid
    draw_sweep(tmp_path, load_sweep(folder.parent / "run"))
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {
        p.name: p.read_bytes() for p in folder.iterdir()
    }


@pytest.mark.parametrize(
    "vary, more",
    [
        (
            {"levers": {"glossing": {"low": 0, "high": 0.5}, "contradiction": {"low": 0, "high": 1}}},
            {"design": {"kind": "sobol", "points": 4}},
        ),
        ({"levers": {"information_timing": ["early", "late"]}}, {}),
        (
            {
                "weights": {"ties": [0.0, 0.5]},
                "amounts": {"in_kind": [0, 1000]},
                "levers": {"outreach": [1, 2]},
            },
            {},
        ),
        ({"levers": {"cash_level": [0, 2], "outreach": [1, 2]}}, {"design": "zip"}),
    ],
)
def test_every_kind_of_design_can_be_drawn(tmp_path, vary, more):
    figures, _ = drawn(tmp_path, vary, **more)
    assert figures and all(figure.svg.startswith("<svg") for figure in figures.values())


def test_a_sweep_of_one_draw_and_of_empty_groups_can_be_drawn(tmp_path):
    content = {
        "baseline": norway(months=12),
        "vary": {"levers": {"cash_level": [0, 2]}},
        "measures": ["application_hazard", "uptake_24"],
        "read_by": ["origin", "tier"],
    }
    sweep(content, draws=1, replicates=1, size=30, weights="central", out=tmp_path / "run")
    assert draw_sweep(tmp_path / "figures", load_sweep(tmp_path / "run"))
