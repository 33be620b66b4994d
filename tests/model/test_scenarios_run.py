"""Every scenario that is shipped runs; a host of one's own does; and what the histories are made of."""

from __future__ import annotations

import numpy as np
import pytest
from commands import SMALL, avrr, refused
from conftest import ROOT, SCENARIOS, norway

from avrr_sim.documents.first_contact import FACTOR, contact_by_origin
from avrr_sim.evidence import central_weights, draw_weights
from avrr_sim.programme import programme, programme_names, unknowns_of
from avrr_sim.refusals import Refusal
from avrr_sim.scenario import load_scenario
from avrr_sim.setting import setting_tables
from avrr_sim.simulation import simulate
from avrr_sim.study.published.figure import LEVEL

FILES = sorted(SCENARIOS.glob("*.yaml"))
HISTORY = SCENARIOS / "norway-history.yaml"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_scenario_runs_for_a_few_months(path):
    scenario = load_scenario(path).with_window(3)
    weights = central_weights(scenario.weights, unknowns_of(scenario.programmes))
    outcomes = simulate(scenario, weights, size=400)
    assert outcomes.units.shape[0] == scenario.months and outcomes.units.sum() > 0
    assert np.isfinite(outcomes.measures.cell).all()


def test_every_programme_and_host_has_a_scenario():
    used = [load_scenario(path) for path in FILES]
    assert {scenario.programme for scenario in used} == set(programme_names())
    assert {scenario.host for scenario in used} == {"norway", "france", "estonia"}
    assert set().union(*(scenario.country_programmes for scenario in used)) == {
        f"norway-{n}" for n in ("irrana", "irrini", "are", "somalia", "kosovo")
    }


@pytest.mark.parametrize("name", ["irrana", "irrini", "are", "somalia", "kosovo"])
def test_each_introduction_has_a_twin_without_it(name):
    history, twin = load_scenario(HISTORY), load_scenario(SCENARIOS / f"norway-history-without-{name}.yaml")
    assert set(history.country_programmes) - set(twin.country_programmes) == {f"norway-{name}"}
    ours, theirs = history.resolved(), twin.resolved()
    for key in ("name", "asks", "country_programmes"):
        ours.pop(key), theirs.pop(key)
    assert ours == theirs
    covered = programme(f"norway-{name}").covers
    one, two = (setting_tables(s)[1] for s in (history, twin))
    for o, origin in enumerate(history.origins):
        assert np.array_equal(one[o], two[o]) == (origin not in covered), origin


def test_the_history_withdraws_rights_in_2005_and_opens_and_closes_designated_centres():
    policy, _ = setting_tables(load_scenario(HISTORY))
    accommodation, designated = policy["accommodation"], policy["designated_centres"]
    assert accommodation[:36].min() == 1 and accommodation[36:48].max() < 1 and accommodation[-1] == 1, (
        "2002 is the first month"
    )
    assert designated[0] == designated[-1] == 0 and designated.max() > 0


def test_strategic_inflow_is_off_by_default_and_adds_people_of_that_origin_alone():
    kosovo = load_scenario(SCENARIOS / "norway-history-kosovo-inflow.yaml")
    history = load_scenario(HISTORY)
    assert setting_tables(history)[1]["strategic_inflow"].max() == 0
    weights = central_weights({}, unknowns_of(history.programmes))
    plain, more = (simulate(s.with_window(12), weights, size=4000) for s in (history, kosovo))
    added = np.setdiff1d(more.ids, plain.ids)
    numbers = {int(i >> 21) & 63 for i in added}
    assert len(added) > 5 and numbers == {5}, "Kosovo's number in an id"
    assert np.isin(plain.ids, more.ids).all(), "nobody of the data is lost"


def test_the_longer_way_to_ethiopia_follows_from_the_embassy_and_from_no_name():
    """The same months where the embassy is at home as for a country of equal embassy work; no origin has a
    constant of its own.
    """
    abroad = norway()
    home = abroad.vary(
        series={"ethiopia": {"embassy_abroad": [{"from": "2010-01", "value": 0}]}}, name="at home"
    )
    iraq = abroad.vary(series={"iraq": {"embassy_abroad": [{"from": "2010-01", "value": 1}]}}, name="abroad")
    o = {name: abroad.origins.index(name) for name in ("ethiopia", "iraq")}
    tables = {name: setting_tables(s)[1] for name, s in (("abroad", abroad), ("home", home), ("iraq", iraq))}
    assert (
        tables["abroad"]["embassy_abroad"][o["ethiopia"]].min()
        == 1
        == tables["iraq"]["embassy_abroad"][o["iraq"]].min()
    )
    assert tables["home"]["embassy_abroad"].max() == 0
    for path in (ROOT / "avrr_sim" / "rules").glob("*.py"):
        text = path.read_text().lower()
        assert not any(
            f'"{name}"' in text or f" {name} " in text for name in abroad.origins if name not in ("other",)
        ), path.name


def test_unaccompanied_minors_and_trafficked_people_are_left_out_unless_asked_for_by_name():
    """With ten times the support, what is promised to them stays as it was; with the two safeguard levers it
    rises tenfold.
    """
    more = {"cash_level": 10, "in_kind_level": 10}
    named = {**more, "incentives_unaccompanied": 1, "incentives_trafficked": 1}
    promised = {
        name: promises(norway(months=36, levers=levers, name=name))
        for name, levers in (("plain", {}), ("left out", more), ("named", named))
    }
    for kind in ("unaccompanied", "trafficked"):
        plain, left_out, asked = (promised[name][kind] for name in ("plain", "left out", "named"))
        assert plain and plain == left_out and asked == {10 * amount for amount in plain}


def promises(scenario) -> dict[str, set[float]]:
    """What was promised in all to lone applicants of two kinds of vulnerability who applied before the
    deadline in the window.
    """
    from avrr_sim.engines import table
    from avrr_sim.engines.world import build_world
    from avrr_sim.migrant import NEVER, OBLIGED_AFTER, VULNERABILITIES

    rows = table.run(build_world(scenario, central_weights({"apply_constant": 3.0}), 1, 0, 0, 4000)).rows
    alone = (
        (rows["adults"] + rows["minors"] == 1)
        & (rows["applied_at"] >= scenario.window_from - scenario.start)
        & (rows["applied_status"] != OBLIGED_AFTER)
    )
    once = (
        alone
        & (rows["application_at"] == rows["applied_at"])
        & (rows["applied_at"] != NEVER)
        & (rows["outcome"] < 2)
    )
    return {
        kind: set(
            (rows["cash"] + rows["in_kind"])[once & (rows["vulnerability"] == VULNERABILITIES.index(kind))]
        )
        for kind in ("unaccompanied", "trafficked")
    }


def test_the_protection_gate_stops_removal_too_and_is_counted():
    levers = {"removal_level": 10}
    war = {"iraq": {"security": [{"from": "2010-01", "value": 0.05}], "practicability": 1}}
    closed = simulate(norway(origins=["iraq"], series=war, levers=levers, months=60, name="war"), size=2000)
    open_ = simulate(
        norway(origins=["iraq"], series=war, levers=levers, months=60, protection_gate=0.0, name="open"),
        size=2000,
    )
    for name in ("assisted", "unassisted", "removed"):
        assert closed.units[:, closed_column(name)].sum() == 0, name
    assert (
        closed.units[:, closed_column("stopped")].sum() > 20 < open_.units[:, closed_column("removed")].sum()
    )


def closed_column(name: str) -> int:
    from avrr_sim.rules.tally import SERIES

    return SERIES.index(name)


def test_steady_security_is_that_of_2005():
    steady = load_scenario(SCENARIOS / "norway-history-steady-security.yaml")
    (_, held), (_, own) = setting_tables(steady), setting_tables(load_scenario(HISTORY))
    afghanistan, year = steady.origins.index("afghanistan"), 2005 * 12 - steady.start
    assert (held["security"][afghanistan, year:] == own["security"][afghanistan, year]).all()
    assert own["security"][afghanistan, -1] < own["security"][afghanistan, year]


def test_a_window_may_reach_to_the_end_of_2018():
    longest = load_scenario(SCENARIOS / "baseline-norway.yaml").with_window(84)
    found = simulate(longest, central_weights(), size=2000)
    assert found.units.shape[0] == 156 and found.units[-12:, closed_column("assisted")].sum() > 0
    with pytest.raises(Refusal, match="2018-12"):
        longest.with_window(85)


@pytest.mark.parametrize("draw", [None, 3, 11])
def test_nobody_is_returned_to_syria_from_2012_to_2018(draw):
    """Neither assisted, unassisted nor by force, though many ask to go and removal is ten times as hard."""
    scenario = norway(
        "2012-01",
        months=84,
        start="2010-01",
        origins=["syria"],
        series={"syria": {"practicability": [{"from": "2010-01", "value": 1}]}},
        levers={"removal_level": 10, "cash_level": 10},
    )
    weights = central_weights() if draw is None else draw_weights(1, draw)
    found = simulate(scenario, weights, draw=draw or 0, size=3000)
    since = scenario.window_from - scenario.start
    for name in ("assisted", "unassisted", "removed"):
        assert found.units[since:, closed_column(name)].sum() == 0, name
    assert found.units[since:, closed_column("stopped")].sum() > 5


def test_afghanistan_is_open_in_2012():
    found = simulate(norway("2012-01", months=12, origins=["afghanistan"]), central_weights(), size=3000)
    assert sum(found.units[24:, closed_column(name)].sum() for name in ("assisted", "removed")) > 10


def test_a_host_of_ones_own_runs_and_nothing_is_overwritten(capsys, tmp_path):
    code, out, _ = avrr(capsys, "new", "host", str(tmp_path / "mine"))
    assert code == 0 and "scenario.yaml" in out
    files = {path.name for path in (tmp_path / "mine").iterdir()}
    assert files == {"host.yaml", "programme.yaml", "scenario.yaml", "schemas"}
    assert all(path.read_text().lstrip().startswith("#") for path in (tmp_path / "mine").glob("*.yaml")), (
        "commented"
    )
    assert avrr(capsys, "check", str(tmp_path / "mine" / "scenario.yaml"))[0] == 0
    code, out, _ = avrr(
        capsys,
        "run",
        str(tmp_path / "mine" / "scenario.yaml"),
        *SMALL[:6],
        "--months",
        "12",
        "--quiet",
        "--out",
        str(tmp_path / "run"),
    )
    assert code == 0 and (tmp_path / "run" / "report.html").exists()
    assert "nothing is overwritten" in refused(capsys, "new", "host", str(tmp_path / "mine"))
    (tmp_path / "mine" / "host.yaml").write_text(
        (tmp_path / "mine" / "host.yaml").read_text().replace("persons:", "people:", 1)
    )
    assert "host.yaml" in refused(capsys, "check", str(tmp_path / "mine" / "scenario.yaml"))


@pytest.mark.slow
def test_levels_by_origin_are_within_a_factor_of_two_of_the_published_ones_but_for_three():
    """Claims are as published and no origin has a constant of its own, so levels by origin are results
    (medians of the priors), but for the never-registered. Returns to Ukraine from Estonia are too few by far,
    to Kosovo and Bosnia from France off by a little more than two.
    """
    found = [each for each in contact_by_origin(SCENARIOS, replicates=2) if each.figure.role == LEVEL]
    assert {each.figure.series for each in found} == {"T07, Estonia 2010 to 2016", "T08, France 2014"}
    far = {each.figure.origin: each.factor for each in found if each.factor > FACTOR}
    assert set(far) <= {"ukraine", "kosovo", "bosnia"}
    assert max((factor for origin, factor in far.items() if origin != "ukraine"), default=0.0) < 3.0


def test_the_document_of_sources_names_files_that_exist():
    import re

    text = (ROOT / "docs" / "sources.md").read_text()
    folders = ("", "avrr_sim", "tests/cases", "avrr_sim/programmes", "avrr_sim/places", "avrr_sim/rules")
    tests = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    named = set(re.findall(r"`([a-z_./-]+\.(?:py|yaml|md))`", text))
    assert len(named) > 20
    assert {
        name for name in named - tests if not any((ROOT / folder / name).exists() for folder in folders)
    } == set()
