"""`avrr diff`: what differs between two scenarios, field by field and in which months, by cases with known
answers.
"""

from __future__ import annotations

import json
import os

import yaml
from commands import avrr, refused
from conftest import SCENARIOS, norway

from avrr_sim.scenario import load_scenario
from avrr_sim.study.summary.contrast import Contrast, contrasts

BASE, CUT = SCENARIOS / "baseline-norway.yaml", SCENARIOS / "cash-cut-announced.yaml"
TIMES = "times the programme's cash amounts"


def test_a_lever_that_changes_twice_is_told_as_ranges_of_months():
    one = norway(levers={"cash_level": 2})
    steps = [{"from": "2010-09", "value": 2}, {"from": "2011-01", "value": 0.5, "announced": "2010-10"}]
    found = contrasts(one, norway(levers={"cash_level": steps, "channel_iom": 3}))
    assert found == [
        Contrast("levers.cash_level", "2010-07", "2010-08", "2", "1", TIMES),
        Contrast("levers.cash_level", "2011-01", "2011-12", "2", "0.5 (announced 2010-10)", TIMES),
        Contrast("levers.channel_iom", "2010-07", "2011-12", "1", "3", "times today's contacts"),
    ]


def test_every_field_is_compared():
    changes = {
        "series": {"iraq": {"security": [{"from": "2011-02", "value": 0.5}]}},
        "amounts": {"cash_adult": [{"from": "2011-03", "add": 5000}]},
        "weights": {"ties": 0.25},
        "hypothesis": "relevance",
        "information": [{"channel": "ngo", "intensity": 2, "from": "2011-04", "until": "2011-05"}],
        "protection_gate": 0.2,
        "minimum_cell": 20,
        "country_programmes": ["norway-irrini"],
        "offers": [{"name": "Bonus", "gives": {"cash_adult": {"add": 1000}}, "from": "2011-01"}],
        "origins": ["iraq", "somalia"],
    }
    found = {each.field: each for each in contrasts(norway(), norway(**changes))}
    wanted = {"series.iraq.security", "amounts.cash_adult", "weights.ties", "offers.Bonus"}
    wanted |= {"country_programmes that the other lacks", "origins that the other lacks"}
    assert set(found) == wanted | {"hypothesis", "information", "protection_gate", "minimum_cell"}
    assert found["series.iraq.security"].first == "2011-02" and found["series.iraq.security"].other == "0.5"
    assert found["amounts.cash_adult"].other == "5,000 more" and found["weights.ties"].other == "0.25"
    assert (found["information"].first, found["information"].last) == ("2011-04", "2011-05")
    assert found["country_programmes that the other lacks"].one == "none"
    assert "afghanistan" in found["origins that the other lacks"].one


def test_an_offer_is_compared_key_by_key():
    offer = {"name": "Bonus", "gives": {"cash_adult": {"add": 1000}}, "from": "2011-01"}
    more = {**offer, "gives": {"cash_adult": {"add": 2000}}, "for": {"status": ["after_deadline"]}}
    found = [(c.field, c.one, c.other) for c in contrasts(norway(offers=[offer]), norway(offers=[more]))]
    assert found == [
        ("offers.Bonus.gives.cash_adult.add", "1000", "2000"),
        ("offers.Bonus.for.status", "none", "after_deadline"),
    ]


def test_contrasts_are_none_where_nothing_differs_and_turn_round():
    for file in sorted(SCENARIOS.glob("*.yaml")):
        assert contrasts(load_scenario(file), load_scenario(file)) == []
    there = contrasts(load_scenario(BASE), load_scenario(CUT))
    back = contrasts(load_scenario(CUT), load_scenario(BASE))
    assert [(c.field, c.one, c.other) for c in there] == [(c.field, c.other, c.one) for c in back] != []


def test_the_command_prints_a_table_and_json(capsys, tmp_path):
    code, said, _ = avrr(capsys, "diff", str(BASE), str(CUT))
    assert code == 0 and "2014-01 to 2016-12" in said and "0.25 (announced 2013-07)" in said
    code, said, _ = avrr(capsys, "diff", str(BASE), str(CUT), "--json")
    [told] = json.loads(said)["differences"]
    assert told == {
        "field": "levers.cash_level",
        "first": "2014-01",
        "last": "2016-12",
        "one": "1",
        "other": "0.25 (announced 2013-07)",
        "unit": TIMES,
    }
    same = tmp_path / "same.yaml"
    same.write_text(yaml.safe_dump({"extends": os.path.relpath(BASE, tmp_path), "name": "Other words"}))
    code, said, _ = avrr(capsys, "diff", str(BASE), str(same))
    assert code == 0 and "no difference in what is simulated; names or questions differ" in said
    assert "no such file" in refused(capsys, "diff", str(BASE), str(tmp_path / "none.yaml"))
