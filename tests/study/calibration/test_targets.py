"""Files of targets: what they hold, how figures are compared, and what is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml
from conftest import ROOT

from avrr_sim.files import read_yaml
from avrr_sim.refusals import Refusal
from avrr_sim.study.calibration.fitting import satisfied
from avrr_sim.study.calibration.targets import json_schema, load_targets
from avrr_sim.study.published.figure import NEAR_ZERO, PublishedFigure

GOOD = {
    "figure": "a third drops out",
    "measure": "drop_out_12",
    "window": {"from": "2012-01", "to": "2013-12"},
    "value": 0.333,
    "standard_error": 0.05,
    "discrepancy": 0.07,
    "source": "somebody (2012)",
}


def written(tmp_path, change=None, **target) -> Path:
    """A file of one good target, with changes; a change of None takes a key away."""
    one = {key: value for key, value in {**GOOD, **target}.items() if value is not None}
    path = tmp_path / "my.yaml"
    path.write_text(
        yaml.safe_dump(
            {
                "scenario": str(ROOT / "scenarios" / "baseline-norway.yaml"),
                "targets": {"T1": one},
                **(change or {}),
            }
        )
    )
    return path


def test_the_shipped_targets_are_good_and_say_what_is_fitted_and_what_is_checked():
    targets = load_targets(ROOT / "experiments" / "calibration-norway.yaml")
    fitted = {t.id for t in targets.targets if t.role == "fit"}
    assert fitted == {
        "T01",
        "T02",
        "T04",
        "T05 early",
        "T05 late",
        "T09",
        "T11 of 2014",
        "T11 of 2015",
        "T15",
    }
    assert targets.patterns == ("P01", "P03", "P04", "P05", "P06")
    assert {t.id for t in targets.ranges} == {"T05 early", "T05 late", "T09"}
    assert all(t.source and t.discrepancy > 0 for t in targets.targets)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"measure": "happiness"}, ["unknown measure 'happiness'", "targets.T1.measure"]),
        ({"measure": "additional_returns"}, ["unknown measure"]),
        ({"standard_error": -0.1}, ["targets.T1.standard_error", "-0.1"]),
        ({"discrepancy": -1}, ["targets.T1.discrepancy"]),
        ({"discrepancy": 0, "standard_error": 0}, ["no model answers to a figure exactly"]),
        ({"discrepancy": None}, ["lacks 'discrepancy'"]),
        (
            {"window": {"from": "2001-01", "to": "2013-12"}},
            ["does not lie within the run", "2006-01 to 2016-12"],
        ),
        ({"window": {"from": "2013-01", "to": "2018-12"}}, ["does not lie within the run"]),
        ({"window": {"from": "2013-12", "to": "2012-01"}}, ["does not lie within the run"]),
        ({"window": {"from": "2012-01", "to": "2012-12"}}, ["too short for drop_out_12", "12 months"]),
        ({"window": "2012"}, ["is not a window"]),
        ({"value": 1.4}, ["targets.T1.value", "1.4"]),
        ({"value": 0}, ["edge of what is possible"]),
        ({"value": "a third"}, ["targets.T1.value"]),
        ({"range": [0.2, 0.4]}, ["either 'value' or 'range'"]),
        ({"value": None}, ["either 'value' or 'range'"]),
        ({"value": None, "range": [0.4, 0.2]}, ["runs the wrong way"]),
        ({"value": None, "range": [0, 1]}, ["holds every possible figure"]),
        ({"role": "guess"}, ["unknown role"]),
        ({"group": {"origin": "atlantis"}}, ["unknown origin 'atlantis'"]),
        ({"group": {"planet": "mars"}}, ["unknown group"]),
        ({"measure": "applications", "value": 300, "group": {"origin": "iraq"}}, ["not counted by group"]),
        ({"valeu": 3}, ["unknown key 'valeu'", "did you mean 'value'"]),
        ({"role": "check"}, ["no target is to be fitted"]),
        ({"measure": ["drop_out_12"]}, ["targets.T1.measure: unknown measure ['drop_out_12']"]),
        ({"measure": "pressure_dependent"}, ["unknown measure"]),  # of paired runs: a bank has none
        ({"figure": {"x": 1}}, ["targets.T1.figure"]),
        ({"source": ["x"]}, ["targets.T1.source"]),
        ({"figure": "a\x1b[2Jb"}, ["targets.T1.figure", "cannot be shown"]),
        ({"group": {"origin": ["iraq"]}}, ["targets.T1.group.origin"]),
        ({"group": ["origin"]}, ["is not a group"]),
        ({"window": {"from": "2012-01"}}, ["targets.T1.window: lacks 'to'"]),
        ({"window": {"from": "2012-13", "to": "2013-12"}}, ["targets.T1.window.from", "not a month"]),
        ({"value": "33 %"}, ["targets.T1.value", "write 0.5, not 50 %"]),
        ({"value": None, "range": [0.2, 0.3, 0.4]}, ["is not a range"]),
        ({"standard_error": None}, ["lacks 'standard_error'"]),
    ],
)
def test_bad_targets_are_refused_with_their_place(tmp_path, change, said):
    with pytest.raises(Refusal) as refused:
        load_targets(written(tmp_path, **change))
    for text in said:
        assert text in str(refused.value)
    assert "my.yaml" in str(refused.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"targets": {}}, "table of targets"),
        ({"targets": [1]}, "table of targets"),
        ({"scenario": "nowhere.yaml"}, "nowhere.yaml"),
        ({"points": 3}, "points"),
        ({"pionts": 64}, "did you mean 'points'"),
        ({"effects": "one.yaml"}, "is not a list"),
        ({"effects": ["one.yaml"]}, r"effects\[0\]: there is no file 'one.yaml'"),
        ({"effects": ["one.yaml", "one.yaml"]}, r"effects\[1\]: 'one.yaml' stands there twice"),
        ({"effects": [["one.yaml"]]}, r"effects\[0\]: \['one.yaml'\] is not a path"),
        ({"scenario": ["one.yaml"]}, "scenario: .* is not a path"),
        ({"scenario": "/dev/zero"}, "there is no file '/dev/zero'"),
        ({"patterns": [["P01"]]}, r"patterns\[0\]: unknown pattern \['P01'\]"),
        ({"patterns": ["P01", "P01"]}, "stands there twice"),
        ({"name": "a\x07b"}, "name: 'a.x07b' holds characters that cannot be shown"),
        ({"name": {"a": 1}}, "name: "),
        ({"targets": {"point": GOOD}}, "'point' cannot name a target"),
        ({"targets": {"a\x07b": GOOD}}, "cannot be shown"),
        ({"size": 1.5}, "size: 1.5 is not a whole number"),
    ],
)
def test_bad_files_of_targets_are_refused(tmp_path, change, said):
    with pytest.raises(Refusal, match=said):
        load_targets(written(tmp_path, change))


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    path = written(tmp_path, {"points": 3, "patterns": ["P99"]}, measure="happiness", discrepancy=None)
    with pytest.raises(Refusal) as refused:
        load_targets(path)
    told = str(refused.value).splitlines()
    assert len(told) == 4 and all(line.startswith(f"{path}: ") for line in told)
    for part in ("points: 3", "patterns[0]", "targets.T1.measure", "lacks 'discrepancy'"):
        assert any(part in line for line in told), part


def test_windows_groups_and_files_that_are_wrong_are_told_at_once(tmp_path):
    other = {**GOOD, "window": {"from": "2001-01", "to": "2013-12"}, "group": {"origin": "atlantis"}}
    with pytest.raises(Refusal) as refused:
        load_targets(written(tmp_path, {"targets": {"A": other, "B": {**GOOD, "group": {"planet": "mars"}}}}))
    told = str(refused.value).splitlines()
    assert [line.split(": ")[1] for line in told] == [
        "targets.A.window",
        "targets.A.group.origin",
        "targets.B.group",
    ]


def test_two_scenarios_of_one_name_have_no_effects_to_tell_apart(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        shutil.copy(ROOT / "scenarios" / "baseline-norway.yaml", tmp_path / folder / "same.yaml")
    with pytest.raises(Refusal, match=r"effects\[1\]: two scenarios of the name 'same'"):
        load_targets(written(tmp_path, {"effects": ["a/same.yaml", "b/same.yaml"]}))


def schema_errors(content: dict) -> list[str]:
    jsonschema = pytest.importorskip("jsonschema")
    checker = jsonschema.validators.validator_for(json_schema())
    checker.check_schema(json_schema())
    return [error.message for error in checker(json_schema()).iter_errors(content)]


def test_the_json_schema_accepts_what_is_shipped_and_refuses_what_is_no_target(tmp_path):
    assert schema_errors(read_yaml(ROOT / "experiments" / "calibration-norway.yaml")) == []
    assert schema_errors(read_yaml(written(tmp_path))) == []
    for change in ({"measure": "happiness"}, {"discrepancy": None}, {"valeu": 3}, {"window": "2012"}):
        assert schema_errors(read_yaml(written(tmp_path, **change))), change
    assert schema_errors(read_yaml(written(tmp_path, {"patterns": [["P01"]]})))


def target(**change) -> PublishedFigure:
    return PublishedFigure(
        **{
            "id": "x",
            "figure": "",
            "measure": "drop_out_12",
            "first": 0,
            "last": 0,
            "low": 0.2,
            "high": 0.2,
            "standard_error": 0.03,
            "discrepancy": 0.04,
            "role": "fit",
            "source": "",
            "note": "",
            **change,
        }
    )


def test_errors_add_as_variances_and_move_to_the_scale_by_its_slope():
    share = target()
    assert share.error == pytest.approx(0.05)  # sqrt(0.03^2 + 0.04^2)
    assert share.spread == pytest.approx(0.05 / (0.2 * 0.8))
    assert share.on_scale(0.2) == pytest.approx(np.log(0.25))
    count = target(measure="applications", low=3000.0, high=3000.0, standard_error=300.0, discrepancy=0.0)
    assert count.spread == pytest.approx(0.1)
    assert count.on_scale(0.0) == pytest.approx(np.log(NEAR_ZERO * 3000)), (
        "a run with nobody is far off, not undefined"
    )


@pytest.mark.parametrize("measure", ["drop_out_12", "applications"])
def test_figures_come_back_from_their_scale(measure):
    there = target(measure=measure)
    values = np.array([0.05, 0.2, 0.7])
    assert there.off_scale(there.on_scale(values)) == pytest.approx(values)


def test_a_range_holds_a_figure_inside_it_and_not_one_far_outside():
    ranged = target(low=0.5, high=0.85, standard_error=0.0, discrepancy=0.05)
    inside, edge, outside, nobody = satisfied(ranged, np.array([0.675, 0.5, 0.2, np.nan]))
    assert inside > 0.99 and edge == pytest.approx(0.5, abs=0.01) and outside < 1e-6 and nobody == 0.0


def test_a_range_that_begins_at_nothing_has_no_lower_edge():
    assert (
        satisfied(target(low=0.0, high=0.25, standard_error=0.0, discrepancy=0.08), np.array([0.0]))[0] > 0.99
    )
