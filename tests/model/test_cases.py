"""The rules against cases worked out by hand: tests/cases/*.yaml, each with its working, for the rules
compiled and as plain Python.

A case names a rule and gives only what matters to it. What it leaves out stands at neutral values: a single
adult with a pending claim in a centre, everything else 0 (months of events: never); an origin of zeros but
for an income of 1,000 and means of one month, open to all; levers at their defaults; weights at their
medians; month 10. Numbers may be written as =expressions of log, exp and sqrt.

A rule about the situation is given its status and abode. A rule about the person is given the migrant, and
the situation and the news that it reads are worked out, by the rules, from the origin, levers, weights and
compatriots that the case gives.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from hand_cases import (
    agree_all,
    arguments,
    check_life,
    here_row,
    lever_row,
    migrants,
    now_row,
    read_cases,
    weights,
)

from avrr_sim import migrant
from avrr_sim.chance import SUPPORT, WAITS, block, waiting_time
from avrr_sim.compiled import JIT
from avrr_sim.migrant import APPLIED, APPROVED, BASIC, BOOKED, BUSINESS_SUPPORT, DOCUMENTED, JOB_SUPPORT
from avrr_sim.offers.table import no_offers
from avrr_sim.policy import POLICY
from avrr_sim.rules.application import enter, is_ready, promise
from avrr_sim.rules.office import (
    LARGEST_POPULATION,
    expected_places,
    queue_key,
)
from avrr_sim.rules.situation import (
    months_of_change,
)
from avrr_sim.setting import HERE

RULES = Path(migrant.__file__).parent / "rules"


NOT_IN_CASES = {
    "month.live_apart": "lives.yaml lives by it in the agents engine, and by `live` in the table engine",
    "office.queue_key": "its middle bits are chance; its order is tested below and in the office's cases",
    "choice.may_win": "a bound, proved in test_race.py",
    "choice.latest": "a bound, proved in test_race.py",
    "choice.log_at_most": "a bound, proved in test_race.py",
    "choice.most_apply": "a bound, proved in test_race.py",
    "choice.wish_to_apply": "`utility_apply`, whose cases go through it",
    "drivers.months_believed": "`as_believed`, whose cases go through it",
    "advice.aim": "`aimed_at` and `earned`, whose cases go through it",
    "choice.time_before": "a bound, proved in test_race.py",
    "choice.winner": "the race with its bounds, held to the race without in test_race.py; `decide` has cases",
    "office.to_embassy": "the cases of `line_up` and `directorate` go through it",
    "office.put_in_order": "`directorate` and `hand_out`, whose cases go through it",
    "office.serve": "`directorate` and `embassies`, which have cases; lives.yaml goes through it",
    "office.run_offices": "`line_up` and `serve`; lives.yaml goes through it in the agents engine",
    "hearing.silence": "nothing but zeros; the case of `hear` goes through it",
    "hearing.tell": "the case of `hear` goes through it",
    "tally.add": "the cases of counting go through it",
    "tally.add_beliefs": "the cases of `count_present` go through it",
    "tally.count": "the case of `tally` goes through it",
    "tally.count_at_risk": "the case of `tally` goes through it",
    "office.expected_places": "a summary of tables, tested below",
    "situation.empty_situations": "nothing but zeros",
    "situation.empty_news": "nothing but zeros",
    "situation.months_of_change": "a comparison of tables, tested below",
    "offers.empty_offers": "nothing but room",
    "offers.support_of_offers": "`support_in_view`, whose cases go through it",
    "offers.some_offer_opens": "`opened_by_offer`, whose cases go through it",
    "application.promise_offer": "`promise`, whose cases go through it",
    "offers.put_up": "a copy of a table, tested in test_offers.py",
}


CASES = read_cases()


@pytest.mark.parametrize("unsaid", [False, True], ids=["neutral", "other neutral"])
@pytest.mark.parametrize("case", CASES)
def test_case(case, unsaid):
    """A rule does what was worked out by hand, and nothing that the case leaves out has a part in it."""
    if "after" in case:
        return check_life(case, unsaid)
    module, name = case["rule"].split(".")
    rule = getattr(importlib.import_module(f"avrr_sim.rules.{module}"), name)
    found = arguments(rule, case["given"], unsaid)
    returned = rule(*found.values())
    agree_all(found, returned, case["expect"], float(case.get("tolerance", 1e-12)))


def test_every_case_says_how_it_was_worked_out():
    for param in CASES:
        case = param.values[0]
        assert set(case) <= {
            "name",
            "rule",
            "given",
            "expect",
            "working",
            "tolerance",
            "months",
            "then",
            "after",
        }, case["name"]
        assert len(str(case["working"])) > 5 and ("expect" in case) != ("after" in case), case["name"]
    ids = [param.id for param in CASES]
    assert len(set(ids)) == len(ids)


def test_every_rule_has_a_case():
    public = set()
    for path in RULES.glob("*.py"):
        if path.stem != "__init__":
            module = importlib.import_module(f"avrr_sim.rules.{path.stem}")
            public |= {
                f"{path.stem}.{name}"
                for name, each in vars(module).items()
                if callable(each)
                and not name.startswith("_")
                and not isinstance(each, type)
                and getattr(each, "__module__", None) == module.__name__
            }
    covered = {param.values[0]["rule"] for param in CASES}
    assert covered <= public, covered - public
    assert public - covered == set(NOT_IN_CASES)


@pytest.mark.skipif(not JIT, reason="this run is the plain one")
def test_cases_hold_in_plain_python():
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", str(Path(__file__))],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "AVRR_JIT": "0"},
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert f"{2 * len(CASES) + 7} passed" in done.stdout, done.stdout[-300:]


def test_a_wait_is_drawn_once_and_each_stage_of_an_application_has_its_own():
    """Over when the months drawn on entering the stage have passed, and so never undone later; the numbers
    are those of the month of applying, whenever the stage is entered.
    """
    lengths = set()
    for person in range(50):
        drawn = block(person, 24007, WAITS, 0, 0)
        for stage, u in zip((APPLIED, APPROVED, DOCUMENTED, BOOKED), drawn, strict=True):
            row = migrants([{"id": person, "application_at": 7, "ready_at": 9.5}])[0]
            enter(row, stage, 4.0, now_row({"month": 9, "calendar": 24009}))
            wait = waiting_time(4.0, u)
            assert row.ready_at == 9.5 + wait
            ready = [bool(is_ready(row, now_row({"month": m}))) for m in range(9, 60)]
            assert ready == [9.5 + wait < m + 1 for m in range(9, 60)]
            lengths.add(wait)
    assert len(lengths) == 200  # people and stages differ


def test_support_for_a_share_of_units_falls_by_random_numbers_of_its_own():
    """The first number of the purpose decides on exceptional money, the second on employment or business
    support: 0.25 and 0.5 of units.
    """
    here = here_row(
        {
            "cash_a_adult": 650,
            "exceptional": 350,
            "job": 3000,
            "business": 4000,
            "job_share": 0.25,
            "business_share": 0.5,
        },
        False,
    )
    lever, now = lever_row({"exceptional_share": 0.5}, False), now_row({"key0": 123, "key1": 456})
    seen = set()
    for person in range(100):
        row = migrants([{"id": person}])[0]
        promise(row, here, lever, no_offers(1, 1)[:, 0], now, weights({}, False), True)
        u_money, u_level, _, _ = block(person, 24010, SUPPORT, 123, 456)
        level = JOB_SUPPORT if u_level < 0.25 else BUSINESS_SUPPORT if u_level < 0.75 else BASIC
        assert (
            row.level == level
            and row.in_kind == {BASIC: 0.0, JOB_SUPPORT: 3000.0, BUSINESS_SUPPORT: 4000.0}[level]
        )
        assert row.cash == (1000.0 if u_money < 0.5 else 650.0)
        seen.add((row.cash, row.in_kind))
    assert len(seen) == 6  # each pair occurs: the two numbers are not one


def test_queues_serve_earlier_months_first_and_no_two_cases_are_equal():
    rows = migrants(
        [
            {"id": 2**33 + 7, "application_at": 3},
            {"id": 5, "application_at": 2},
            {"id": 5, "application_at": 2},
        ]
    )
    keys = [int(queue_key(row, 24000, now_row({"key0": 123, "key1": 456}))) for row in rows]
    assert [key >> 52 for key in keys] == [3, 2, 2]  # the month of application leads
    assert [key & (LARGEST_POPULATION - 1) for key in keys] == [0, 1, 2]  # the serial ends
    # the same person, so the same random number
    assert sorted(keys) == [keys[1], keys[2], keys[0]] and keys[2] - keys[1] == 1


def test_expected_places_are_those_of_the_fullest_office_in_its_worst_month():
    """Directorate: the fewer of 350 and 50 over 25 is 2. Embassies: the least of 10 x 1, 10 x 0.5, 40 x 1 and
    40 x 0.5 over 25 is 0.2.
    """
    policy = np.zeros(2, POLICY).view(np.recarray)
    policy["directorate_places"], policy["embassy_places"] = [350, 50], [1, 0.5]
    origins = np.zeros((2, 2), HERE).view(np.recarray)
    origins["embassy_places"] = [[10, 10], [40, 40]]
    assert expected_places(origins, policy, 25.0) == {"directorate": 2.0, "embassies": 0.2}


def test_situations_are_worked_out_anew_where_a_lever_or_a_series_differs():
    """In the first month, in month 2 for a lever, in month 4 for the series of the second origin, in
    month 5 for what is aimed.
    """
    policy = np.zeros(6, POLICY).view(np.recarray)
    origins = np.zeros((2, 6), HERE).view(np.recarray)
    policy["cash_level"][2:] = 1.0
    aimed = np.zeros((2, 6, 5, 3, 7))
    origins["security"][1, 4:] = -0.0  # another number to the bit
    found = months_of_change(policy, origins, aimed[:, :, :0])
    assert found.tolist() == [True, False, True, False, True, False]
    aimed[0, 5, 4, 2, 6] = 1.0
    assert months_of_change(policy, origins, aimed).tolist() == [True, False, True, False, True, True]
    assert months_of_change(policy[3:4], origins[:, 3:4], aimed[:, 3:4]).tolist() == [True]
    assert months_of_change(policy[:0], origins[:, :0], aimed[:, :0]).tolist() == []
