"""Cases worked out by hand: how a file of them is read, filled up with neutral values, and checked."""

from __future__ import annotations

import inspect
import math
from types import SimpleNamespace

import numpy as np
import pytest
from case_files import cases_in
from conftest import ROOT

from avrr_sim import migrant
from avrr_sim.engines import agents, table
from avrr_sim.engines.world import World
from avrr_sim.evidence import central_weights, load_evidence, parameter_record
from avrr_sim.migrant import ABODES, empty_rows
from avrr_sim.offers.table import OFFER, no_offers
from avrr_sim.policy import POLICY, STATUS_NAMES, policy_table
from avrr_sim.programmes.amounts import CHANGEABLE
from avrr_sim.rules.month import KIN, NOW
from avrr_sim.rules.office import QUEUES, line_up
from avrr_sim.rules.situation import (
    SITUATION,
    empty_news,
    empty_situations,
    gather_news,
    situation_of,
    survey,
    ties_by_month,
)
from avrr_sim.rules.tally import SERIES
from avrr_sim.setting import HERE

FOLDER = ROOT / "tests" / "cases"


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
    "channel",
    "which",
    "number",
}


# what a case leaves out must not matter: a second set of neutral values
UNSAID = {"w": 0.37, "lever": 0.29, "here": 0.43}


def read_cases() -> list:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        found += [pytest.param(case, id=f"{path.stem}: {case['name']}") for case in cases_in(path)]
    return found


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
    rows["removability"] = 1.0
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
    row["enforcement"] = 1.0  # a host's usual effort, unless a case says otherwise
    if not unsaid:
        row["income"], row["decision_months"], row["embassy_months"] = 1000.0, 1.0, 1.0
    own = {f"own_{name}": value for name, value in fields.items() if name in CHANGEABLE}
    fill(
        row[0], own | fields
    )  # the programme's own amounts are those that hold, unless a case says otherwise
    return row[0]


def aims_of(given: list, origins: int) -> np.ndarray:
    """What is aimed at each of some origins in a month, all at the same."""
    aimed = np.zeros((origins, len(STATUS_NAMES) if given else 0, len(ABODES), 7))
    for status, abode, which, more in given:
        aimed[:, number(status), number(abode), number(which)] = more
    return aimed


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
    rows = migrants(given.get("rows", [{}]))
    ready = neutral(given, rows, [here_row(fields, unsaid) for fields in given.get("origins", [{}])], unsaid)
    if rule.__name__ in ("directorate", "embassies"):
        ready |= lined_up(rows, ready)
    makes_situations = rule.__module__.endswith(".situation") and "migrant" not in given
    if not makes_situations:
        ready |= worked_out(ready, given, unsaid)
    made: dict = {}
    for name in inspect.signature(rule).parameters:
        made[name] = ready[name]() if name in ready else argument(name, given, "news" in made)
    unread = set(given) - set(made) - {"origins", "centres"}
    if "on_offer" in made:
        unread -= {"offers"}
    if "aimed" in made:
        unread -= {"aims"}
    if "queue" in made:
        unread -= {"w"}
    if {"situation", "situations", "news"} & set(made):
        unread -= {"here", "lever", "now", "w", "kin"}
    assert not unread, f"the rule reads no {unread}"
    return made


def neutral(given: dict, rows: np.recarray, origins: list[np.record], unsaid: bool) -> dict:
    """What makes an argument that stands at neutral values where a case says nothing of it, by name."""
    return {
        "now": lambda: now_row(given.get("now", {})),
        "w": lambda: weights(given.get("w", {}), unsaid),
        "here": lambda: here_row(given.get("here", {}), unsaid),
        "lever": lambda: lever_row(given.get("lever", {}), unsaid),
        "aims": lambda: aims_of(given.get("aims", []), 1)[0],
        "aimed": lambda: aims_of(given.get("aims", []), len(origins)),
        "rows": lambda: rows,
        "active": lambda: np.arange(len(rows)),
        "n_active": lambda: len(rows),
        "position": lambda: np.arange(len(rows)),
        "queues": lambda: np.zeros((QUEUES, len(rows)), np.int64),
        "waiting": lambda: np.zeros(QUEUES + len(origins), np.int64),
        "origins": lambda: np.array([tuple(o) for o in origins], HERE).view(np.recarray),
        "units": lambda: np.zeros(len(SERIES), np.int64),
        "persons": lambda: np.zeros(len(SERIES), np.int64),
        "at_risk": lambda: np.zeros((9 + len(origins), 2), np.int64),
        "situation": lambda: np.zeros(1, SITUATION).view(np.recarray)[0],
        "situations": lambda: empty_situations(len(origins)),
        "news": lambda: empty_news(len(origins)),
        "ties": lambda: np.array(given["ties"], float),
        "offers": lambda: offers_on(given.get("offers", [])),
        "offer": lambda: offers_on([[given.get("offer", {})]])[0, 0],
        "terms": lambda: offers_on([given.get("terms", [])])[0],
        "on_offer": lambda: np.array([offers_on(given.get("offers", []))] * len(origins)).view(np.recarray),
        "capped": lambda: given.get("capped", True),
        "queue": lambda: np.zeros(len(rows), np.int64),
    }


def offers_on(groups: list[list[dict]]) -> np.recarray:
    """Terms of one month by group, each the programme's and then those of offers; an offer is for everybody
    but the unaccompanied and trafficked unless a case says otherwise.
    """
    terms = np.zeros((len(groups), max(map(len, groups), default=0)), OFFER).view(np.recarray)
    for g, group in enumerate(groups):
        for k, fields in enumerate(group):
            fill(terms[g, k], ANYBODY | fields)
    return terms


ANYBODY = {
    "cash_level": 1,
    "in_kind_level": 1,
    "statuses": 31,
    "abodes": 7,
    "ages": 15,
    "vulnerabilities": 57,
    "minors": 3,
    "households": 3,
    "arrived_from": -1000,
    "arrived_to": 1000,
    "decided_from": -1,
    "obliged_from": -1,
    "decided_to": 100_000,
    "obliged_to": 100_000,
    "early": 1,
    "late": 1,
}


def argument(name: str, given: dict, of_all_origins: bool):
    """One argument as a case gives it; `of_all_origins`: whether counts of compatriots are asked for by
    origin."""
    origins = len(given.get("origins", [{}]))
    if name in ("migrant", "row"):
        return migrants([given[name]])[0]
    if name == "kin":
        told = given.get("kin", {})
        kin = records(told if isinstance(told, list) else [told], KIN)
        return kin if of_all_origins else records([{}] * origins, KIN) if "centres" in given else kin[0]
    if name == "removals":
        seen = given.get("removals", [[0] * (1 + origins)] * given.get("centres", 1))
        return np.array(seen, np.int64)
    if name in ("carried", "taken") and isinstance(given[name], list):
        return np.array(given[name], float if name == "carried" else np.int64)
    value = number(given.get(name, 0) if name in ("status", "abode") else given[name])
    return value if isinstance(value, bool) or name in INTEGERS else float(value)


def lined_up(rows: np.recarray, ready: dict) -> dict:
    """The queues after a case's rows have lined up, and how many of them stand in each."""
    queues, waiting = ready["queues"](), ready["waiting"]()
    for row in rows:
        line_up(row, ready["now"](), queues, waiting)
    return {"queues": lambda: queues, "waiting": lambda: waiting}


def worked_out(ready: dict, given: dict, unsaid: bool) -> dict:
    """The situation, news and ties of a case's migrant, by the rules about them."""
    here, lever, now, w = (ready[name]() for name in ("here", "lever", "now", "w"))
    origins = np.array([tuple(here)], HERE).view(np.recarray)
    situations, news, ties = empty_situations(1), empty_news(1), np.zeros(200)
    survey(situations, origins, ready["aimed"](), lever, now, w)
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
    for name in ("carried", "removals", "at_risk", "ties", "waiting", "taken"):
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
        queues=np.zeros((QUEUES, 1), np.int64),
        waiting=np.zeros(QUEUES + 1, np.int64),
        carried=np.zeros(2),
        offers=no_offers(1, months),
        aimed=np.zeros((1, months, 0, len(ABODES), 7)),
        taken=np.zeros(0, np.int64),
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
