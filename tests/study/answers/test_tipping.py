"""Tipping points of studies: one that the model is known to have, told in words, and in the folder of a
sweep.
"""

from __future__ import annotations

import json

import pandas as pd
import pytest
from conftest import norway

from avrr_sim.evidence import central_weights, load_evidence
from avrr_sim.report.words.answers import depends_said
from avrr_sim.simulation import simulate
from avrr_sim.study.answers.told import tip_remarks
from avrr_sim.study.comparison.compare import Comparison, compare
from avrr_sim.study.sweep.sweep import sweep

FREE = "threat_under"
PINNED = {
    name: value for name, value in central_weights().items() if name in load_evidence() and name != FREE
}


@pytest.fixture(scope="module")
def study() -> Comparison:
    """Removal at four times its level; only how people take the threat of it, by going under, is drawn."""
    base = norway(months=24, weights=PINNED)
    more = base.vary(name="More removal", removal_level=4)
    numbers = {"draws": 50, "replicates": 1, "size": 500, "weights": "prior", "workers": 2}
    return compare([base, more], **numbers, twins=False, conditions=False)


def test_a_tipping_point_of_the_model_lies_where_its_runs_turn(study):
    """More removal takes away people who would go under, and makes others go under: which prevails rests on
    the weight of the threat. Well below the point fewer go under, well above it more.
    """
    rows = study.tables.tipping[study.tables.tipping["kind"] == "sign"]
    (row,) = rows[rows["measure"] == "gone_under"].to_dict("records")
    assert row["weight"] == FREE and row["rises"] and row["second"] == ""
    assert min(row["right_above"], row["right_below"]) > 0.7 and 0.05 < row["above"] < 0.95
    for times, sign in ((0.4, -1), (2.0, 1)):
        weights = central_weights() | {FREE: times * row["point"]}
        base, more = (simulate(s, weights, size=3000, seed=9) for s in study.plan.scenarios)
        assert sign * (more.value("gone_under") - base.value("gone_under")) > 0, times


def test_it_is_told_in_words_with_value_unit_and_what_it_is_worth(study):
    names = {scenario["key"]: scenario["name"] for scenario in study.tables.scenarios}
    remarks = tip_remarks(study.tables.tipping, names)
    assert json.loads(json.dumps(remarks, allow_nan=False)) == remarks
    (said,) = [text for text in depends_said(remarks) if "go under" in text]
    weight = load_evidence()[FREE]
    assert said.startswith("More removal instead of") and weight.meaning in said and weight.unit in said
    assert "more go under" in said and "fewer go under" in said and "draws left out" in said


def test_a_sign_is_told_from_the_side_on_which_most_draws_lie():
    told = {"scenario": "B", "against": "A", "measure": "uptake_24", "meaning": "A ratio", "unit": "ratio"}
    told |= {"point": 2.5, "low": 2.0, "high": 3.1, "rises": False, "right_above": 0.61, "right_below": 0.8}
    (few,) = depends_said([{"key": "tips", **told, "above": 0.2}])
    (many,) = depends_said([{"key": "tips", **told, "above": 0.9}])
    assert few == (
        "B instead of A: more people apply, unless “A ratio” lies above 2.5 (ratio; 2 to 3.1). There, in "
        "20\u00a0% of draws, fewer people apply. Of draws left out, right for 80\u00a0% short of it and "
        "61\u00a0% beyond."
    )
    assert "B instead of A: fewer people apply, unless “A ratio” lies below 2.5" in many
    assert "in 10\u00a0% of draws, more people apply. Of draws left out, right for 61" in many
    second = {"second": "hope", "second_meaning": "Hope", "second_unit": "share"}
    second |= {"second_low": 0.1, "second_high": 0.9, "point_low": 1.2, "point_high": 4.0}
    (moved,) = depends_said([{"key": "tips", **told, **second, "above": 0.2}])
    assert "The point moves from 1.2 to 4 as “Hope” goes from 0.1 to 0.9." in moved


def test_a_sweep_leaves_the_tipping_points_of_its_points(tmp_path):
    base = norway(months=18, weights=PINNED)
    numbers = {"draws": 45, "replicates": 1, "size": 300, "weights": "prior", "workers": 2}
    asked = {"baseline": base, "vary": {"levers": {"removal_level": [0.2, 6]}}, "measures": ["gone_under"]}
    sweep(asked, **numbers, out=tmp_path / "a")
    table = pd.read_csv(tmp_path / "a" / "tipping.csv")
    assert set(table["against"]) == {"baseline"} and set(table["measure"]) == {"gone_under"}
    assert set(table["weight"]) == {FREE}
    told = json.loads((tmp_path / "a" / "study.json").read_text())
    assert len(told["depends"]) == (table["kind"] == "sign").sum() > 0
    assert all(depends_said(told["depends"]))
