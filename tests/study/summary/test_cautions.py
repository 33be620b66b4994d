"""What a reader should know stands on the terminal, in study.json and on the page, whatever --quiet says; and
which entries of a scenario reach nobody is what the rules say.
"""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import yaml
from commands import avrr
from conftest import SCENARIOS, norway
from report_tables import SCENARIOS as MADE
from report_tables import make_tables

from avrr_sim.engines import table
from avrr_sim.engines.world import build_world
from avrr_sim.evidence import central_weights, parameter_record
from avrr_sim.migrant import ABODES, CHANNELS
from avrr_sim.policy import STATUS_NAMES
from avrr_sim.report.pages.comparison import write_comparison
from avrr_sim.report.words import catalogue
from avrr_sim.report.words.sentences import LATER, SAID, caution_said
from avrr_sim.rules.advice import independent_rate, official_rate
from avrr_sim.setting import setting_tables
from avrr_sim.study.comparison.store import write_tables
from avrr_sim.study.jobs.plan import make_plan
from avrr_sim.study.summary import cautions, reach
from avrr_sim.study.summary.cautions import cautions_of, cautions_of_plan
from avrr_sim.study.summary.tables import load_tables

ADVISOR = {"channel": "advisor", "intensity": 2}


def keys_of(scenario) -> list[str]:
    return [each["key"] for each in cautions_of(scenario)]


def test_what_a_channel_reaches_is_what_the_rules_say():
    policy, table = setting_tables(norway())
    weights, none = parameter_record(central_weights()), np.zeros((len(STATUS_NAMES), len(ABODES), 7))
    for k, status, abode in product(range(len(CHANNELS)), range(len(STATUS_NAMES)), range(len(ABODES))):
        more = none.copy()
        more[status, abode, k] = 1.0
        rates = [
            official_rate(status, abode, True, aims, policy[0], weights)
            + independent_rate(status, abode, table[0, 0], aims, policy[0], weights)
            for aims in (none, more)
        ]
        _, abodes, statuses = reach.REACH[CHANNELS[k]]
        told = ABODES[abode] in abodes and STATUS_NAMES[status] in statuses
        assert (rates[1] > rates[0]) == told, (CHANNELS[k], STATUS_NAMES[status], ABODES[abode])


@pytest.mark.parametrize(
    ("entry", "more", "key"),
    [
        ({**ADVISOR, "abode": "private"}, {}, "nobody_there"),
        ({**ADVISOR, "abode": ["private", "centre"]}, {}, None),
        (ADVISOR, {"levers": {"advisors": [{"from": "2010-01", "value": 0}]}}, "nobody_hears"),
        (
            ADVISOR,
            {"levers": {"advisors": [{"from": "2010-01", "value": 0}, {"from": "2011-01", "value": 1}]}},
            None,
        ),
        ({**ADVISOR, "from": "2013-01"}, {}, "nobody_then"),
        ({**ADVISOR, "origin": "syria"}, {"protection_gate": 1}, "nobody_returns"),
        ({"channel": "noas", "status": "dublin", "intensity": 2}, {}, "nobody_there"),
    ],
)
def test_information_that_reaches_nobody_is_named(entry, more, key):
    found = [each for each in keys_of(norway(information=[entry], **more)) if each.startswith("nobody")]
    assert found == ([key] if key else [])


OFFER = {"name": "Bonus", "gives": {"cash_adult": {"add": 1000}}, "from": "2011-01"}


@pytest.mark.parametrize(
    ("changes", "more", "key"),
    [
        ({}, {}, None),
        ({"for": {"arrived": {"from": "2013-01"}}}, {}, "nobody_arrived"),
        ({"for": {"origins": ["iraq"]}}, {"protection_gate": 1}, "nobody_returns"),
        ({"for": {"status": "pending", "months_since_decision": {"from": 1}}}, {}, "nobody_since"),
        ({"for": {"status": "dublin", "months_since_decision": {"to": 6}}}, {}, "nobody_since"),
        ({"for": {"status": "before_deadline", "months_since_deadline": {"to": 6}}}, {}, "nobody_since"),
        ({"for": {"status": "pending"}, "within": {"months": 2, "of": "decision"}}, {}, "nobody_since"),
        ({"for": {"status": ["pending", "after_deadline"], "months_since_decision": {"to": 6}}}, {}, None),
        ({"for": {"status": "before_deadline", "months_since_decision": {"to": 6}}}, {}, None),
        ({"for": {"status": "pending"}, "within": {"months": 2, "of": "arrival"}}, {}, None),
        ({"for": {"months_since_decision": {"from": 400}}}, {}, "nobody_so_long"),
        ({"for": {"months_since_deadline": {"to": 400}}}, {}, None),
    ],
)
def test_an_offer_that_reaches_nobody_is_named(changes, more, key):
    found = [each for each in keys_of(norway(offers=[{**OFFER, **changes}], **more)) if "nobody" in each]
    assert found == ([key] if key else [])


@pytest.mark.parametrize("what", list(reach.COUNTED))
def test_offers_after_an_event_are_taken_by_those_alone_of_whom_months_are_counted(what):
    offers = [
        {**OFFER, "name": name, "for": {"status": name, f"months_since_{what}": {"from": 0}}, "opens": True}
        for name in STATUS_NAMES
    ]
    scenario = norway(offers=offers)
    world = build_world(scenario, central_weights(scenario.weights), 5, 0, 0, 2000)
    table.run(world)
    taken = {name for k, name in enumerate(STATUS_NAMES) if (world.rows["offer"] == k).any()}
    assert taken == set(reach.COUNTED[what])
    told = [each["entry"] for each in cautions_of(scenario) if each["key"] == "nobody_since"]
    assert told == [f"offers[{k}] ({name})" for k, name in enumerate(STATUS_NAMES) if name not in taken]


@pytest.mark.parametrize(("opens", "why"), [(False, "nobody_may"), (True, "")])
def test_an_offer_to_people_to_whom_the_programme_is_closed_must_open_it(opens, why):
    scenario = norway(offers=[{**OFFER, "for": {"status": "dublin"}, "opens": opens}])
    table = setting_tables(scenario)[1].copy()
    table["open_dublin"] = 0.0
    there = np.full(table.shape, True)
    assert reach._why_not_taken(scenario, scenario.offers[0], table, there) == why


def test_such_a_scenario_is_not_called_good(tmp_path, capsys):
    base = (SCENARIOS / "baseline-norway.yaml").read_text(encoding="utf-8")
    (tmp_path / "base.yaml").write_text(base)
    mine = {"extends": "base.yaml", "information": [{**ADVISOR, "abode": "private"}, ADVISOR]}
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(mine))
    code, said, err = avrr(capsys, "check", str(tmp_path / "mine.yaml"))
    assert code == 0 and "but information[0] reaches nobody" in said and "good" not in said
    assert (
        "warning: information[0] reaches nobody: whom its channels inform is said here (advisor: centre)"
        in err
    )
    assert "directorate, iom, noas, ngo can inform these" in err


def test_cautions_are_said_stored_and_shown_though_all_is_quiet(tmp_path, capsys):
    out, few = tmp_path / "out", tmp_path / "few.yaml"
    few.write_text(yaml.safe_dump({**norway().resolved(), "offers": [{**OFFER, "first": 1}]}))
    numbers = ["--draws", "2", "--replicates", "1", "--size", "150", "--weights", "prior", "--workers", "1"]
    code, _, err = avrr(capsys, "run", str(few), *numbers, "--out", str(out), "--quiet")
    assert code == 0 and "few: warning: offers: the first 1 persons of 'Bonus'" in err
    stored = json.loads((out / "study.json").read_text(encoding="utf-8"))["cautions"]
    assert {"offer_of_few", "office_small", "window_short", "draws_few"} <= {each["key"] for each in stored}
    page = (out / "report.html").read_text(encoding="utf-8")
    first = page[: page.index('id="headlines"')]
    assert "the first 1 persons of" in first and "2 draws are too few" in first


def test_a_page_tells_cautions_of_a_scenario_together_and_folders_without_them_are_read(tmp_path):
    made = [
        {"key": "window_short", "horizon": 24, "followed": 1, "scenario": MADE[1][0]},
        {
            "key": "step_late",
            "place": "levers.a",
            "start": "2020-01",
            "end": "2016-12",
            "scenario": MADE[1][0],
        },
        {"key": "origins_fewer", "scenario": MADE[0][0]},
    ]
    tables = replace(make_tables(MADE[:2]), cautions=made)
    page = write_comparison(tmp_path, tables).read_text(encoding="utf-8")
    first, rest = page[: page.index('id="headlines"')], page[page.index('id="limits"') :]
    assert first.count(f"{MADE[1][1]}: window: months") == 1 and "2016-12, and changes nothing" in first
    assert "fewer than the host has" not in first and "fewer than the host has" in rest
    write_tables(tmp_path, tables)
    assert load_tables(tmp_path).cautions == made
    facts = json.loads((tmp_path / "study.json").read_text(encoding="utf-8"))
    (tmp_path / "study.json").write_text(json.dumps({k: v for k, v in facts.items() if k != "cautions"}))
    assert load_tables(tmp_path).cautions == []


def test_every_caution_has_its_words_and_no_words_are_idle():
    keys = {
        node.value
        for module in (cautions, reach)
        for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(catalogue.CAUTIONS) - {"of"} <= keys and {*LATER, *SAID} <= set(catalogue.CAUTIONS)


def test_what_holds_for_the_baseline_too_is_said_once():
    plan = make_plan([norway(), norway(cash_level=2)], draws=1, replicates=1, size=100, weights="prior")
    found = cautions_of_plan(plan)
    assert [each["key"] for each in found].count("window_short") == 1
    assert found[-1] == {"key": "draws_one"} and all(caution_said(each) for each in found)
