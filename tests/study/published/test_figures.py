"""The published figures that come with the package, and how a figure is compared with what a model says."""

from __future__ import annotations

import math

import pytest
from conftest import ROOT, SCENARIOS

from avrr_sim.scenario import load_scenario
from avrr_sim.study.calibration.targets import load_targets
from avrr_sim.study.patterns.worlds import BASES
from avrr_sim.study.published.figure import CHECK, LEVEL, PublishedFigure
from avrr_sim.study.published.package import package_figures
from avrr_sim.study.validation.check_figures import CHECKS, check_name

FIGURES = package_figures()


def figure(low: float, high: float) -> PublishedFigure:
    return PublishedFigure("x", "", "drop_out_12", 0, 0, low, high, 0.0, 0.1, CHECK, "", "")


@pytest.mark.parametrize("each", FIGURES, ids=lambda each: f"{each.id} {each.figure}")
def test_every_figure_has_a_source_and_lies_within_the_run_of_its_scenario(each):
    scenario = load_scenario(SCENARIOS / f"{each.scenario}.yaml")
    assert each.source and scenario.window_from <= each.first <= each.last <= scenario.window_to
    assert {each.origin, *each.order} - {None} <= set(scenario.origins)


def test_what_is_checked_is_known_with_an_error_and_lived_by_a_validation():
    assert {each.role for each in FIGURES} == {CHECK, LEVEL}
    assert len({check_name(each) for each in CHECKS}) == len(CHECKS)
    for each in CHECKS:
        assert each.scenario in BASES and (each.order or each.error > 0)
        assert (each.first % 12, each.last % 12) == (0, 11), "validation counts whole years"


def test_a_figure_that_stands_in_two_files_says_the_same_in_both():
    """The calibration's file is one that users copy, and so says all that it uses."""
    targets = load_targets(ROOT / "experiments" / "calibration-norway.yaml").targets
    ours = {each.id: each for each in FIGURES}
    shared = [each for each in targets if each.id in ours]
    assert [each.id for each in shared] == ["T03"]
    for each in shared:
        for name in ("measure", "first", "last", "low", "high", "standard_error", "discrepancy", "source"):
            assert getattr(each, name) == getattr(ours[each.id], name), name


def test_a_table_by_origin_is_a_figure_an_origin_with_its_share_of_error():
    found = {each.origin: each for each in FIGURES if each.series == "T08, France 2015"}
    assert set(found) == {"china", "albania", "russia", "kosovo", "algeria"}
    china = found["china"]
    assert (china.id, china.figure, china.low, china.standard_error) == (
        "T08",
        "France 2015: China 473",
        473,
        0,
    )
    assert china.discrepancy == pytest.approx(0.3 * 473)


@pytest.mark.parametrize(
    ("low", "high", "value", "factor"),
    [(0.2, 0.2, 0.4, 2.0), (0.2, 0.2, 0.1, 2.0), (0.1, 0.3, 0.2, 1.0), (0.1, 0.3, 0.6, 2.0)],
)
def test_how_far_off_a_value_is(low, high, value, factor):
    assert figure(low, high).factor_off(value) == pytest.approx(factor)


def test_nothing_is_infinitely_far_from_a_figure():
    assert math.isinf(figure(0.2, 0.2).factor_off(0.0))


def test_a_recipe_keeps_what_a_file_of_targets_says_and_no_more():
    assert list(figure(0.2, 0.2).stated()) == [
        "id",
        "figure",
        "measure",
        "first",
        "last",
        "low",
        "high",
        "standard_error",
        "discrepancy",
        "role",
        "source",
        "note",
        "group",
        "series",
        "over",
        "shared",
    ]
