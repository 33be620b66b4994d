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
SERIES = {
    "figure": "assisted returns",
    "measure": "assisted_departures",
    "years": {"2013": 1900, "2014": {"value": 1600, "standard_error": 5}},
    "standard_error": 50,
    "discrepancy": {"shared": 0.2, "own": 0.1},
    "source": "somebody (2015)",
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
        "T15",
        "July 2010",
        *(f"assisted {year}" for year in range(2010, 2016)),
        *(f"forced {year}" for year in (2013, 2015)),
        *(f"Dublin {year}" for year in (2010, 2011, 2015)),
        *(f"stock {year}" for year in (2013, 2014, 2015)),
    }
    assert {t.id for t in targets.fitted if t.ranged} == {"T05 early", "T05 late", "T09"}
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
        ({"patterns": ["P01"]}, "unknown key 'patterns'"),
        ({"waves": 0}, "waves: 0 is not a whole number from 1 to 100"),
        ({"targets": {}, "series": {}}, "no target is to be fitted"),
        ({"series": {"T1": SERIES}}, "'T1' names a target and a series"),
        ({"series": {"a": {**SERIES, "years": {"2013": 1900}}}}, r"series.a.years"),
        ({"series": {"a": {**SERIES, "years": {"2013": 1900, "soon": 3}}}}, "'soon' is not a year"),
        ({"series": {"a": {**SERIES, "years": {"2013": 1900, "2019": 3}}}}, "does not lie within the run"),
        ({"series": {"a": {**SERIES, "years": {"2013": 0, "2014": 3}}}}, "edge of what is possible"),
        ({"series": {"a": {**SERIES, "ratios": [[2015, 2013]]}}}, r"ratios\[0\]: .* pair of years"),
        ({"series": {"a": {**SERIES, "discrepancy": 0.1}}}, "is not a table of the shares"),
        ({"series": {"a": {**SERIES, "month": 13}}}, "month: 13 is not a whole number from 1 to 12"),
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
    path = written(
        tmp_path, {"points": 3, "effects": ["a.yaml", "a.yaml"]}, measure="happiness", discrepancy=None
    )
    with pytest.raises(Refusal) as refused:
        load_targets(path)
    told = str(refused.value).splitlines()
    assert len(told) == 4 and all(line.startswith(f"{path}: ") for line in told)
    for part in ("points: 3", "effects[1]", "targets.T1.measure", "lacks 'discrepancy'"):
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
    assert schema_errors(read_yaml(written(tmp_path, {"series": {"a": SERIES}}))) == []
    assert schema_errors(read_yaml(written(tmp_path, {"series": {"a": {**SERIES, "years": 3}}})))


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


def test_a_series_is_a_figure_a_year_with_errors_apart_and_ratios_that_feel_the_own_ones_alone(tmp_path):
    found = load_targets(written(tmp_path, {"series": {"a": {**SERIES, "ratios": [[2014, 2013]]}}})).targets
    by_id = {each.id: each for each in found}
    early, late, ratio = (by_id[name] for name in ("a 2013", "a 2014", "a 2014/2013"))
    assert (early.standard_error, late.standard_error) == (50, 5)
    assert (early.discrepancy, early.shared) == (pytest.approx(190), pytest.approx(380))
    assert early.error == pytest.approx(np.sqrt(50**2 + 190**2 + 380**2))
    assert (ratio.role, ratio.low, ratio.scale, ratio.shared) == ("related", 1600 / 1900, "log", 0.0)
    assert ratio.spread == pytest.approx(np.sqrt(0.1**2 + 0.1**2 + (50 / 1900) ** 2 + (5 / 1600) ** 2))


def test_a_stock_is_taken_at_the_end_of_its_month_and_a_ratio_between_windows_is_a_figure(tmp_path):
    stock = {**SERIES, "measure": "rejected_in_centres", "month": 12}
    over = {
        **GOOD,
        "measure": "assisted_departures",
        "value": 1.3,
        "over": {"from": "2010-01", "to": "2010-12"},
    }
    path = written(tmp_path, {"series": {"s": stock}, "targets": {"T1": GOOD, "R": over}})
    by_id = {each.id: each for each in load_targets(path).targets}
    assert by_id["s 2013"].window == "2013-12"
    assert by_id["R"].ratio and by_id["R"].window == "2012-01 to 2013-12 over 2010-01 to 2010-12"
    path = written(tmp_path, {"targets": {"R": {**over, "over": {"from": "2001-01", "to": "2001-12"}}}})
    with pytest.raises(Refusal, match=r"targets.R.over: .* does not lie within the run"):
        load_targets(path)
