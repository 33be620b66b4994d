"""Information: a precondition, a relation, a plan in time, and something that can be aimed."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import norway

from avrr_sim.engines import agents, table
from avrr_sim.engines.world import branch, build_world
from avrr_sim.evidence import central_weights, draw_weights, load_evidence, prior_of
from avrr_sim.hypotheses import MIXTURE, hypothesis_names, load_hypotheses, under
from avrr_sim.migrant import ABODES, CHANNELS, NEVER, PENDING, PRESENT
from avrr_sim.policy import STATUS_NAMES
from avrr_sim.posterior import posterior_weights
from avrr_sim.refusals import Refusal
from avrr_sim.rules.tally import SERIES
from avrr_sim.scenario import Scenario
from avrr_sim.simulation import simulate
from avrr_sim.study.jobs.plan import make_plan

PLANS = ("early", "gradual", "late")
CONTACTS = ["contacts_official", "contacts_independent"]
BASELINE = norway(months=36)


def lived(scenario, weights=None, size=1500, draw=0, run=table.run):
    return run(build_world(scenario, weights or central_weights(), 1, draw, 0, size))


def contacts(world) -> int:
    """Contacts with advisors made in the window."""
    return int(world.units[world.window_start :, [SERIES.index(name) for name in CONTACTS]].sum())


@pytest.mark.parametrize("draw", range(12))
def test_plans_of_timing_make_as_many_contacts_in_every_draw(draw):
    weights = draw_weights(5, draw)
    even = contacts(lived(BASELINE, weights, draw=draw))
    for plan in PLANS:
        made = contacts(lived(BASELINE.vary(information_timing=plan), weights, draw=draw))
        assert made == pytest.approx(even, rel=0.02), plan


def test_plans_differ_in_whom_they_reach():
    """Under `late` nobody meets an advisor first while a claim is pending; under `early` most do."""
    pending = {}
    for plan in ("even", *PLANS):
        seen = lived(norway(start="2010-07", months=18, levers={"information_timing": plan})).rows
        reached = (seen["official_at"] != NEVER) & (seen["status"] == PENDING)
        pending[plan] = reached.sum()
    assert pending["late"] == 0 < pending["gradual"] < pending["even"] < pending["early"]


def test_both_engines_find_the_same_plan():
    scenario = norway(information_timing="gradual")
    ours, theirs = (lived(scenario, size=300, run=run) for run in (table.run, agents.run))
    assert ours.policy.tobytes() == theirs.policy.tobytes()
    assert ours.rows.tobytes() == theirs.rows.tobytes()


def test_a_plan_is_made_equal_however_the_months_are_lived():
    scenario = norway(levers={"information_timing": [{"from": "2011-01", "value": "early"}]})
    whole, steps = (build_world(scenario, central_weights(), 1, 0, 0, 500) for _ in range(2))
    table.advance(whole, whole.months)
    while steps.month < steps.months:
        table.advance(steps, 1)
    assert whole.rows.tobytes() == steps.rows.tobytes()


def test_intensities_by_status_are_taken_as_they_are():
    world = lived(norway(information_timing={"pending": 3}), size=200)
    assert (
        world.policy["information_pending"][-1] == 3 and world.policy["information_after_deadline"][-1] == 1
    )


def test_nobody_applies_who_is_not_aware():
    """Everybody wants to; whoever was never told and did not know on arrival cannot."""
    silent = norway(levers={"information_intensity": [{"from": "2010-01", "value": 0}]})
    weights = central_weights({"apply_constant": 50, "contact_peer": 0, "awareness_start": 0.3})
    rows = lived(silent, weights).rows
    applied, knew = rows["applied_at"] != NEVER, rows["heed"] <= 0.3
    open_to = rows["eligible_at"] != NEVER
    assert applied[open_to & knew].all() and not applied[~knew].any() and (open_to & ~knew).any()


def test_awareness_fades_and_comes_back():
    world = build_world(BASELINE, central_weights({"awareness_start": 0.0, "contact_peer": 0}), 1, 0, 0, 1500)
    table.advance(world, 24)
    off = branch(world, {"information_intensity": 0.0})

    def share(of):
        there = (of.rows["outcome"] == PRESENT) & (of.rows["arrival"] < 24)
        return (of.rows["heed"] <= of.rows["awareness"])[there].mean()

    before = share(world)
    for each in (world, off):
        table.advance(each, 15)
    assert before > 0.3 and share(off) < 0.8 * share(world)


def test_nobody_is_told_below_the_protection_gate():
    shut = norway(protection_gate=1.0)
    rows = lived(shut, size=500).rows
    assert (rows["official_at"] == NEVER).all() and (rows["independent_at"] == NEVER).all()


def test_a_dialogue_begun_before_the_rejection_carries_its_trust_over():
    weights = central_weights(
        {"late_dialogue": 0.1, "trust_recovery": 0, "trust_interest": 0, "trust_built": 0}
        | dict.fromkeys(("trust_glossing", "trust_contradiction"), 0.0)
    )
    rows = lived(BASELINE, weights, size=3000).rows
    met = rows["official_at"] != NEVER
    kept, low = (
        np.isclose(rows["trust_official"], rows["trust_start"]),
        rows["trust_official"] < rows["trust_start"],
    )
    assert (kept | low)[met].all() and kept[met].sum() > 100 and low[met].sum() > 10
    assert kept[met & (rows["status"] == PENDING)].all()


def test_perfect_information_makes_everybody_aware_and_hopeful_as_the_truth_is():
    world = lived(norway(levers={"true_beliefs": 1}), size=500)
    there = (world.rows["outcome"] == PRESENT) & (world.rows["arrival"] < world.months)
    rows = world.rows[there]
    assert (rows["awareness"] == 1).all() and (rows["trust"] == 1).all() and (rows["knowledge"] == 1).all()
    pending = rows["status"] == PENDING
    truth = world.origins["grant_share"][rows["origin"], -1]
    assert np.allclose(rows["hope"][pending], truth[pending]) and (rows["hope"][~pending] < 0.05).all()


def test_no_information_at_all_leaves_nobody_told():
    none = norway(
        levers={
            name: [{"from": "2010-01", "value": 0}] for name in ("information_intensity", "channel_diaspora")
        }
    )
    world = lived(none, size=500)
    assert contacts(world) == 0 == world.units[:, SERIES.index("contacts_peers")].sum()


# --- aimed information -----------------------------------------------------------------------------------

AIMED = {"channel": "ngo", "abode": "private", "status": "pending", "from": "2011-01", "until": "2011-06"}


def test_aimed_information_reaches_whom_it_is_aimed_at_and_nobody_else():
    scenario = BASELINE.vary(
        information=[{**AIMED, "origin": "iraq", "intensity": 3, "trust_independent": 0.5}]
    )
    here = build_world(scenario, central_weights(), 1, 0, 0, 300).aimed
    origin, status = scenario.origins.index("iraq"), STATUS_NAMES.index("pending")
    cell = (status, ABODES.index("private"), CHANNELS.index("ngo"))
    assert (here[origin, 12:18][:, *cell] == 2).all()
    assert (here[origin, 12:18, status, ABODES.index("private"), len(CHANNELS) + 1] == 0.5).all()
    assert np.count_nonzero(here) == 12


def test_entries_that_meet_multiply():
    entries = [
        {**AIMED, "intensity": 3, "trust_independent": 0.5},
        {"intensity": 0.5, "trust_independent": 0.2},
    ]
    scenario = BASELINE.vary(information=entries)
    here = build_world(scenario, central_weights(), 1, 0, 0, 300).aimed
    private = ABODES.index("private")
    assert here[0, 12, 0, private, CHANNELS.index("ngo")] == pytest.approx(0.5)
    assert here[0, 12, 0, private, len(CHANNELS) + 1] == pytest.approx(1 - 0.5 * 0.8)
    assert here[0, -1, 4, 0, CHANNELS.index("iom")] == -0.5 and (here[:, :6] == 0).all()


def test_aimed_information_changes_nothing_before_it_begins_and_something_after():
    scenario = norway(months=30, information=[{"channel": "ngo", "from": "2011-07", "intensity": 10}])
    worlds = [build_world(s, central_weights(), 1, 0, 0, 800) for s in (norway(months=30), scenario)]
    for world in worlds:
        table.advance(world, 18)
    assert worlds[0].rows.tobytes() == worlds[1].rows.tobytes()
    for world in worlds:
        table.advance(world, 12)
    assert contacts(worlds[1]) > 1.1 * contacts(worlds[0])


def test_trusted_information_is_trusted_where_it_is_aimed():
    plain = BASELINE.vary(information=[{**AIMED, "until": "2013-06", "intensity": 5}])
    trusted = BASELINE.vary(
        information=[{**AIMED, "until": "2013-06", "intensity": 5, "trust_independent": 0.6}]
    )
    levels = [simulate(s, size=2000).value("trust_independent_private") for s in (plain, trusted)]
    assert levels[1] > levels[0] + 0.01


def test_what_a_scenario_aims_and_assumes_loads_again_as_the_same():
    scenario = BASELINE.vary(
        hypothesis="door-shuts",
        information=[{**AIMED, "intensity": 3}, {"origin": ["iraq"], "trust_official": 1}],
    )
    again = Scenario.from_mapping(scenario.resolved())
    assert (again.information, again.hypothesis) == (scenario.information, "door-shuts")
    assert again.resolved() == scenario.resolved() != BASELINE.resolved()
    assert scenario.with_window(12).information == scenario.information
    keys = {each: make_plan([BASELINE, each]).distinct for each in (scenario, BASELINE.vary(minimum_cell=9))}
    assert list(keys.values()) == [[0, 1], [0]]


@pytest.mark.parametrize(
    "entry, said",
    [
        (
            {"channel": "ngos", "intensity": 2},
            ["unknown channel 'ngos'", "did you mean 'ngo'", "[0].channel[0]"],
        ),
        ({"abode": ["centre", "centers"], "intensity": 2}, ["unknown abode 'centers'", "[0].abode[1]"]),
        ({"status": "rejected", "intensity": 2}, ["unknown status 'rejected'"]),
        ({"origin": "iraqi", "intensity": 2}, ["unknown origin 'iraqi'", "did you mean 'iraq'"]),
        ({"channel": "ngo"}, ["changes nothing", "intensity"]),
        ({"channel": "ngo", "trust_official": 0.5}, ["no channel of that kind", "directorate, advisor"]),
        ({"intensity": 50}, ["50", "0 to 10"]),
        ({"trust_official": 2}, ["2", "0 to 1"]),
        ({"intensity": True}, ["True is not a number"]),
        ({"intensity": 2, "from": "2009-01"}, ["before the scenario's start", "2010-01 or later"]),
        ({"intensity": 2, "from": "2012-01", "until": "2011-01"}, ["before it begins", "2012-01 or later"]),
        ({"intensity": 2, "form": "2012-01"}, ["unknown key 'form'", "did you mean 'from'"]),
    ],
)
def test_an_entry_that_means_nothing_is_refused_in_words(entry, said):
    with pytest.raises(Refusal) as refused:
        BASELINE.vary(information=[entry])
    assert all(part in str(refused.value) for part in said), str(refused.value)


def test_all_that_is_wrong_with_an_entry_is_said_at_once():
    wrong = {
        "channel": "advisor",
        "abode": "outside",
        "status": "rejected",
        "origin": "iraqi",
        "from": "march 2014",
        "until": "2009",
        "intensity": 50,
        "trust_independent": 0.5,
    }
    with pytest.raises(Refusal) as refused:
        BASELINE.vary(information=[wrong, {"channel": "ngo"}])
    found = {each.path[:3] for each in refused.value.mistakes}
    places = {("information", 0, key) for key in wrong if key != "channel"}
    assert found == places | {("information", 1)} and len(refused.value.mistakes) == len(found)
    told = str(refused.value)
    assert "an advisor is official, and works in centres alone" in told and "iom, noas, ngo" in told


# --- hypotheses ------------------------------------------------------------------------------------------


def test_an_unknown_hypothesis_is_refused_with_the_nearest():
    with pytest.raises(Refusal, match="unknown hypothesis 'door-shut'.*did you mean 'door-shuts'"):
        BASELINE.vary(hypothesis="door-shut")
    assert BASELINE.hypothesis == MIXTURE and hypothesis_names() == [MIXTURE, "door-shuts", "relevance"]


@pytest.mark.parametrize("name", ["door-shuts", "relevance"])
def test_a_hypothesis_keeps_the_quantile_and_all_other_weights(name):
    hypothesis, evidence = load_hypotheses()[name], load_evidence()
    assert set(hypothesis.priors) <= set(evidence)
    drawn = [draw_weights(3, draw) for draw in range(200)]
    changed = [under(name, one) for one in drawn]
    for weight, (median, spread) in hypothesis.priors.items():
        _, location, wide = prior_of(evidence[weight])
        z = np.array([(np.log(one[weight]) - location) / wide for one in drawn])
        assert np.allclose(np.log([one[weight] for one in changed]), np.log(median) + spread * z)
        assert spread < wide, "a hypothesis is narrower than the mixture"
    for before, after in zip(drawn, changed, strict=True):
        assert {k: v for k, v in after.items() if k not in hypothesis.priors} == {
            k: v for k, v in before.items() if k not in hypothesis.priors
        }


@pytest.mark.parametrize("weights", ["prior", "central", "posterior"])
def test_draws_of_every_kind_stand_under_the_hypothesis_and_pinned_weights_above_it(weights):
    shut = BASELINE.vary(hypothesis="door-shuts", weights={"late_dialogue": 3})
    plan = make_plan([BASELINE, shut], draws=1, weights=weights)
    plain, here = (plan.weights_of(0, s) for s in plan.scenarios)
    assert (
        here["late_dialogue"] == 3
        and here["receptivity_ratio"] == under("door-shuts", plain)["receptivity_ratio"]
    )
    if weights == "posterior":
        assert plain.items() >= {k: v for k, v in posterior_weights(1, 0).items() if k in plain}.items()


def test_a_door_that_shuts_favours_early_information_and_relevance_later():
    """Receptivity before and after, as the names say."""
    for name, sign in (("door-shuts", -1), ("relevance", 1)):
        here = under(name, central_weights())
        assert sign * np.log(here["receptivity_ratio"]) > 0.5


def test_scenarios_of_different_readings_are_said_to_differ_by_reading_too():
    """First of all, and to nobody whose scenarios share one; what is shown of the fit stays."""
    from avrr_sim.report.words.sentences import first_said
    from avrr_sim.study.summary.limits import limits_of

    plain, shut = norway(months=12), norway(months=12, hypothesis="door-shuts")
    mixed = make_plan([plain, shut], draws=2, size=300)
    said = first_said(limits_of(mixed, plain.origins, plain.origins))
    assert len(said) == 1 and "door-shuts" in said[0] and "mixture" in said[0]
    alike = make_plan([shut, shut.vary(cash_level=2)], draws=2, size=300)
    assert first_said(limits_of(alike, plain.origins, plain.origins)) == []
