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
import inspect
import math
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from conftest import ROOT

from avrr_sim import migrant
from avrr_sim.chance import STAGE, SUPPORT, block, waiting_months
from avrr_sim.compiled import JIT
from avrr_sim.engines import agents, table
from avrr_sim.engines.world import World
from avrr_sim.evidence import central_weights, load_evidence, parameter_record
from avrr_sim.migrant import BASIC, BUSINESS_SUPPORT, JOB_SUPPORT, empty_rows
from avrr_sim.policy import POLICY, policy_table
from avrr_sim.rules.application import has_waited, promise
from avrr_sim.rules.month import KIN, NOW
from avrr_sim.rules.office import (
    AT_DIRECTORATE,
    AT_EMBASSY,
    LARGEST_POPULATION,
    expected_places,
    line_up,
    queue_key,
)
from avrr_sim.rules.situation import (
    SITUATION,
    empty_news,
    empty_situations,
    gather_news,
    months_of_change,
    situation_of,
    survey,
    ties_by_month,
)
from avrr_sim.rules.tally import SERIES
from avrr_sim.setting import HERE

FOLDER = ROOT / "tests" / "cases"
RULES = Path(migrant.__file__).parent / "rules"
INTEGERS = {
    "status",
    "abode",
    "tier",
    "level",
    "stage",
    "reason",
    "outcome",
    "centre",
    "month",
    "months",
    "people",
}
# what a case leaves out must not matter: a second set of neutral values
UNSAID = {"w": 0.37, "lever": 0.29, "here": 0.43}

NOT_IN_CASES = {
    "month.live_apart": "lives.yaml lives by it in the agents engine, and by `live` in the table engine",
    "office.queue_key": "its middle bits are chance; its order is tested below and in the office's cases",
    "choice.may_win": "a bound, proved in test_race.py",
    "choice.latest": "a bound, proved in test_race.py",
    "choice.time_before": "a bound, proved in test_race.py",
    "choice.winner": "the race with its bounds, held to the race without in test_race.py; `decide` has cases",
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
}


def read_cases() -> list:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        found += [
            pytest.param(case, id=f"{path.stem}: {case['name']}")
            for case in yaml.safe_load(path.read_text(encoding="utf-8"))
        ]
    return found


CASES = read_cases()


def number(value):
    """A value of a case: =expression, name of a constant, number or truth; lists item by item."""
    if isinstance(value, list):
        return [number(item) for item in value]
    if isinstance(value, str):
        known = {"log": math.log, "exp": math.exp, "sqrt": math.sqrt}
        return (
            eval(value[1:], {"__builtins__": {}}, known) if value.startswith("=") else getattr(migrant, value)
        )
    return value


def fill(record, fields: dict) -> None:
    for name, value in fields.items():
        assert name in record.dtype.names, f"no field {name}"
        record[name] = number(value)


def migrants(given: list[dict]) -> np.recarray:
    rows = empty_rows(len(given))
    rows["adults"] = 1
    rows["id"] = rows["serial"] = np.arange(len(given))
    for i, fields in enumerate(given):
        fill(rows[i], fields)
    return rows


def lever_row(fields: dict, unsaid: bool) -> np.record:
    row = policy_table({}, 24000, 1)
    if unsaid:
        for name in POLICY.names:
            row[name] = UNSAID["lever"]
    fill(row[0], fields)
    return row[0]


def here_row(fields: dict, unsaid: bool) -> np.record:
    row = np.zeros(1, HERE).view(np.recarray)
    for name in HERE.names:
        row[name] = UNSAID["here"] if unsaid else float(name.startswith("open_"))
    if not unsaid:
        row["income"], row["decision_months"], row["embassy_months"] = 1000.0, 1.0, 1.0
    fill(row[0], fields)
    return row[0]


def weights(fields: dict, unsaid: bool) -> np.record:
    assert set(fields) <= set(load_evidence()), set(fields) - set(load_evidence())
    values = dict.fromkeys(load_evidence(), UNSAID["w"]) if unsaid else central_weights()
    return parameter_record(values | {name: number(value) for name, value in fields.items()})


def now_row(fields: dict) -> np.record:
    row = np.zeros(1, NOW).view(np.recarray)
    row["month"], row["calendar"] = 10, 24010
    fill(row[0], fields)
    return row[0]


def records(given: list[dict], dtype: np.dtype) -> np.recarray:
    table_ = np.zeros(len(given), dtype).view(np.recarray)
    for i, fields in enumerate(given):
        fill(table_[i], fields)
    return table_


def arguments(rule, given: dict, unsaid: bool) -> dict:
    """The arguments of a rule by name, in its order."""
    origins = [here_row(fields, unsaid) for fields in given.get("origins", [{}])]
    rows = migrants(given.get("rows", [{}]))
    ready = {
        "now": lambda: now_row(given.get("now", {})),
        "w": lambda: weights(given.get("w", {}), unsaid),
        "here": lambda: here_row(given.get("here", {}), unsaid),
        "lever": lambda: lever_row(given.get("lever", {}), unsaid),
        "rows": lambda: rows,
        "active": lambda: np.arange(len(rows)),
        "n_active": lambda: len(rows),
        "position": lambda: np.arange(len(rows)),
        "queues": lambda: np.zeros((2, len(rows)), np.int64),
        "waiting": lambda: np.zeros(2 + len(origins), np.int64),
        "origins": lambda: np.array([tuple(o) for o in origins], HERE).view(np.recarray),
        "units": lambda: np.zeros(len(SERIES), np.int64),
        "persons": lambda: np.zeros(len(SERIES), np.int64),
        "at_risk": lambda: np.zeros((9 + len(origins), 2), np.int64),
        "situation": lambda: np.zeros(1, SITUATION).view(np.recarray)[0],
        "situations": lambda: empty_situations(len(origins)),
        "news": lambda: empty_news(len(origins)),
        "ties": lambda: np.array(given["ties"], float),
    }
    if rule.__name__ in ("directorate", "embassies"):
        ready |= lined_up(rule.__name__, rows, ready)
    makes_situations = rule.__module__.endswith(".situation") and "migrant" not in given
    if not makes_situations:
        ready |= worked_out(ready, given, unsaid)
    made = {}
    for name in inspect.signature(rule).parameters:
        if name in ("migrant", "row"):
            made[name] = migrants([given[name]])[0]
        elif name == "kin":
            kin = (
                records(given["kin"], KIN)
                if isinstance(given.get("kin"), list)
                else records([given.get("kin", {})], KIN)
            )
            made[name] = records([{}] * len(origins), KIN) if "centres" in given else kin[0]
            if "news" in made:
                made[name] = kin
        elif name == "removals":
            seen = given.get("removals", [[0] * (1 + len(origins))] * given.get("centres", 1))
            made[name] = np.array(seen, np.int64)
        elif name == "carried" and isinstance(given["carried"], list):
            made[name] = np.array(given["carried"], float)
        elif name in ready:
            made[name] = ready[name]()
        else:
            value = number(given.get(name, 0) if name in ("status", "abode") else given[name])
            made[name] = value if isinstance(value, bool) or name in INTEGERS else float(value)
    unread = set(given) - set(made) - {"origins", "centres"}
    if "queue" in made:
        unread -= {"w"}
    if {"situation", "situations", "news"} & set(made):
        unread -= {"here", "lever", "now", "w", "kin"}
    assert not unread, f"the rule reads no {unread}"
    return made


def lined_up(office: str, rows: np.recarray, ready: dict) -> dict:
    """The queue of an office after a case's rows have lined up, and how many of them stand in it."""
    queues, waiting, origins = ready["queues"](), ready["waiting"](), ready["origins"]()
    for row in rows:
        line_up(row, origins[row.origin], ready["lever"](), ready["now"](), ready["w"](), queues, waiting)
    if office == "directorate":
        return {"queue": lambda: queues[AT_DIRECTORATE], "ready": lambda: int(waiting[AT_DIRECTORATE])}
    return {"queue": lambda: queues[AT_EMBASSY], "ready": lambda: waiting[2:]}


def worked_out(ready: dict, given: dict, unsaid: bool) -> dict:
    """The situation, news and ties of a case's migrant, by the rules about them."""
    here, lever, now, w = (ready[name]() for name in ("here", "lever", "now", "w"))
    origins = np.array([tuple(here)], HERE).view(np.recarray)
    situations, news, ties = empty_situations(1), empty_news(1), np.zeros(200)
    survey(situations, origins, lever, now, w)
    if not isinstance(given.get("kin"), list):
        gather_news(news, origins, lever, records([given.get("kin", {})], KIN), w)
    ties_by_month(ties, w)
    person = migrants([given.get("migrant", {})])[0]
    return {
        "situation": lambda: situation_of(person, situations[0], lever),
        "situations": lambda: situations[0],
        "news": lambda: news[0],
        "ties": lambda: ties,
    }


def agree(found, expected, tolerance: float, what: str) -> None:
    expected = number(expected)
    if isinstance(expected, dict):
        agree_fields(found, expected, tolerance, f"{what}.")
    elif isinstance(expected, list):
        assert len(found) == len(expected), what
        for i, each in enumerate(expected):
            agree(found[i], each, tolerance, f"{what}[{i}]")
    elif isinstance(expected, bool):
        assert bool(found) is expected, f"{what}: {found}, not {expected}"
    else:
        assert float(found) == pytest.approx(expected, rel=tolerance, abs=0.0 if expected else 1e-15), (
            f"{what}: {found}, not {expected}"
        )


def agree_fields(record, expected: dict, tolerance: float, what: str) -> None:
    for name, value in expected.items():
        agree(record[name], value, tolerance, f"{what}{name}")


def agree_all(found: dict, returned, expected, tolerance: float) -> None:
    """What a rule returned and left behind against what the case expects."""
    if not isinstance(expected, dict):
        return agree(returned, expected, tolerance, "returns")
    expected = dict(expected)
    if "returns" in expected:
        agree(returned, expected.pop("returns"), tolerance, "returns")
    for fields in expected.pop("situations", []):
        place = tuple(number(fields["at"]))
        said = {name: value for name, value in fields.items() if name != "at"}
        agree_fields(found["situations"][place], said, tolerance, f"situations{place}.")
    for name in ("rows", "kin", "news"):
        for i, fields in enumerate(expected.pop(name, [])):
            agree_fields(found[name][i], fields, tolerance, f"{name}[{i}].")
    for name in ("units", "persons"):
        if name in expected:
            counts = expected.pop(name)
            for i, column in enumerate(SERIES):
                agree(found[name][i], counts.get(column, 0), tolerance, f"{name}.{column}")
    for name in ("carried", "removals", "at_risk", "ties", "waiting"):
        if name in expected:
            agree(found[name], expected.pop(name), tolerance, name)
    if expected:
        changed = next(found[name] for name in ("migrant", "row", "situation") if name in found)
        agree_fields(changed, expected, tolerance, "")


def one_life(case: dict, unsaid: bool) -> World:
    """A world with the case's one row, arriving in month 0, in one centre and from one origin."""
    given, months = case["given"], case["months"]
    policy, here, lever, series = (
        np.zeros(months, POLICY),
        np.zeros((1, months), HERE),
        dict(given["lever"]),
        dict(given["here"]),
    )
    for m in range(months):
        change = case.get("then", {}).get(m, {})
        lever |= change.get("lever", {})
        series |= change.get("here", {})
        policy[m], here[0, m] = tuple(lever_row(lever, unsaid)), tuple(here_row(series, unsaid))
    rows = migrants([given.get("migrant", {})])
    rows["id"] = 20
    now = np.zeros(1, NOW).view(np.recarray)
    fill(now[0], given.get("now", {}))
    starts = np.ones(months + 1, np.int64)
    starts[0] = 0
    counts = [np.zeros((months, len(SERIES)), np.int64) for _ in range(2)]
    return World(
        scenario=SimpleNamespace(start=24000, origins=("somewhere",)),
        weights=weights(given["w"], unsaid),
        policy=policy.view(np.recarray),
        origins=here.view(np.recarray),
        now=now,
        rows=rows,
        position=np.zeros(1, np.int64),
        arrivals=np.zeros(1, np.int64),
        starts=starts,
        active=np.zeros(1, np.int64),
        n_active=0,
        removals=np.zeros((1, 2), np.int64),
        kin=np.zeros(1, KIN).view(np.recarray),
        queues=np.zeros((2, 1), np.int64),
        waiting=np.zeros(3, np.int64),
        carried=np.zeros(2),
        units=counts[0],
        persons=counts[1],
        at_risk=np.zeros((10, 2), np.int64),
        scale=1.0,
        window_start=0,
        service_costs=np.zeros(len(migrant.VULNERABILITIES)),
    )


def check_life(case: dict, unsaid: bool) -> None:
    after, tolerance = case["after"], float(case.get("tolerance", 1e-12))
    assert max(after) < case["months"]
    for engine in (table, agents):
        seen = []

        def watch(world, engine=engine, seen=seen):
            month = world.month - 1
            seen.append(month)
            agree_fields(
                world.rows[0],
                after.get(month, {}),
                tolerance,
                f"{engine.__name__.rsplit('.')[-1]}, month {month}: ",
            )

        engine.run(one_life(case, unsaid), watch)
        assert seen == list(range(case["months"]))


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


def test_a_wait_is_drawn_once_on_entering_a_stage():
    """Over when the months since entering reach the whole months drawn on that day, and so never undone
    later.
    """
    lengths = set()
    for person in range(50):
        row = migrants([{"id": person, "stage_since": 7}])[0]
        _, u_wait, _, _ = block(person, 24007, STAGE, 0, 0)
        wait = waiting_months(4.0, u_wait)
        ready = [
            bool(has_waited(row, 4.0, now_row({"month": m, "calendar": 24000 + m}))) for m in range(7, 60)
        ]
        assert ready == [m - 7 >= wait for m in range(7, 60)]
        lengths.add(wait)
    assert len(lengths) > 5  # people differ


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
        promise(row, here, lever, now)
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
    """In the first month, in month 2 for a lever, in month 4 for the series of the second origin."""
    policy = np.zeros(6, POLICY).view(np.recarray)
    origins = np.zeros((2, 6), HERE).view(np.recarray)
    policy["cash_level"][2:] = 1.0
    origins["security"][1, 4:] = -0.0  # another number to the bit
    assert months_of_change(policy, origins).tolist() == [True, False, True, False, True, False]
    assert months_of_change(policy[3:4], origins[:, 3:4]).tolist() == [True]
    assert months_of_change(policy[:0], origins[:, :0]).tolist() == []
