"""Questions of a sweep: chances counted over draws, answers that say no more than they hold, and measures
that exist against the baseline only.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from conftest import norway

from avrr_sim import Refusal, sweep
from avrr_sim.report.words import questions
from avrr_sim.study.summary.contract import load_sweep
from avrr_sim.study.sweep.experiment import Experiment, load_experiment

MONTHS, DRAWS = 14, 20
ASK = [
    {"measure": "drop_out_12", "above": 0.3},
    {"measure": "gone_under", "below": 0, "difference": True},
    {"measure": "additional_returns", "above": 100},
]
MEASURES = ["drop_out_12", "gone_under", "additional_returns", "deadweight", "cost_per_additional"]


def content(levers: dict, **more) -> dict:
    return {
        "baseline": norway(months=MONTHS, minimum_cell=1),
        "vary": {"levers": levers},
        "measures": MEASURES,
        "ask": ASK,
        "draws": DRAWS,
        "replicates": 2,
        "size": 120,
        **more,
    }


LEVERS = {"cash_level": [0, 8], "outreach": [1, 4]}


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("asked") / "run"
    sweep(content(LEVERS), out=folder)
    return folder, load_sweep(folder), pd.read_parquet(folder / "runs")


def by_draw(runs: pd.DataFrame, measure: str) -> pd.DataFrame:
    mine = runs[(runs["group_by"] == "all") & (runs["measure"] == measure)]
    return mine.groupby(["scenario", "draw"])["value"].mean().unstack()


def chances(told, number: int) -> pd.Series:
    rows = told.chances[(told.chances["question"] == number) & (told.chances["group_by"] == "all")]
    return rows.set_index("scenario")["chance"]


def test_a_chance_is_the_share_of_draws_in_which_it_is_so(asked):
    _, told, runs = asked
    drop_out, under, returns = (by_draw(runs, m) for m in ("drop_out_12", "gone_under", "returns"))
    years = MONTHS / 12
    expected = [
        (drop_out > 0.3).sum(axis=1) / drop_out.notna().sum(axis=1),
        (under - under.loc["baseline"] < 0).mean(axis=1),
        ((returns - returns.loc["baseline"]) * years > 100).mean(axis=1),
    ]
    for number, by_hand in enumerate(expected, 1):
        found = chances(told, number)
        assert np.allclose(found, by_hand[found.index])
        assert ("baseline" in found.index) == (number == 1), "a difference has no baseline"


def test_the_error_of_a_chance_shrinks_with_draws_and_is_not_zero_where_all_agree(asked):
    _, told, _ = asked
    rows = told.chances.dropna(subset=["chance"])
    share = (rows["chance"] * rows["draws"] + 0.5) / (rows["draws"] + 1)
    assert np.allclose(rows["chance_error"], np.sqrt(share * (1 - share) / (rows["draws"] + 2)))
    assert (rows["chance_error"] > 0).all() and rows["chance"].isin([0, 1]).any()


def test_additional_returns_are_those_of_the_runs_over_the_whole_window(asked):
    _, told, runs = asked
    returns = by_draw(runs, "returns")
    extra = ((returns - returns.loc["baseline"]) * MONTHS / 12).mean(axis=1)
    rows = told.table[told.table["measure"] == "additional_returns"].set_index("scenario")
    assert np.allclose(rows["difference"], extra[rows.index])
    assert (rows["value"] == rows["difference"]).all() and "baseline" not in rows.index
    priced = told.table[told.table["measure"] == "cost_per_additional"].set_index("scenario")
    surely = rows["difference_low"] > 0
    assert (priced["value"].notna() == surely[priced.index]).all(), "a price only of what is surely bought"


def test_a_changed_question_is_answered_without_a_run(asked):
    folder, told, _ = asked
    before = {path.name: path.stat().st_mtime_ns for path in (folder / "runs").iterdir()}
    sweep(content(LEVERS, ask={"measure": "drop_out_12", "above": 0.2}), out=folder, resume=True)
    again = load_sweep(folder)
    assert {path.name: path.stat().st_mtime_ns for path in (folder / "runs").iterdir()} == before
    assert [answer["mark"] for answer in again.answers] == [0.2]
    assert (chances(again, 1) >= chances(told, 1)).all()
    sweep(content(LEVERS), out=folder, resume=True)


def test_an_answer_counts_the_points_and_its_rules_hold_no_other(asked):
    _, told, _ = asked
    for number, answer in enumerate(told.answers, 1):
        found = chances(told, number).drop("baseline", errors="ignore")
        assert (answer["points"], answer["yes"]) == (len(found), (found >= 0.5).sum())
        assert answer["covered"] <= answer["yes"] and answer["enough"]
        assert all(rule["density"] == 1 for rule in answer["rules"])
        assert [answer["smallest"], answer["largest"]] == [found.min(), found.max()]


def test_below_twenty_draws_nothing_is_answered(tmp_path):
    sweep(content({"cash_level": [0, 8]}, draws=6, size=60, replicates=1), out=tmp_path / "run")
    told = load_sweep(tmp_path / "run")
    assert len(told.chances) and not any(answer["enough"] or answer["rules"] for answer in told.answers)
    (said,) = questions.answered(told.measures["drop_out_12"], told.factors, told.answers[0])
    assert "not answered" in said and "6 draws are too few" in said


def test_nothing_is_priced_where_coercion_is_moved(tmp_path):
    ask = {"measure": "cost_per_additional", "below": 1e6}
    sweep(content({"removal_level": [0, 4]}, draws=3, size=60, ask=ask), out=tmp_path / "run")
    told = load_sweep(tmp_path / "run")
    assert told.chances["chance"].isna().all() and told.answers[0]["points"] == 0
    assert set(told.table["measure"]) == {"drop_out_12", "gone_under", "additional_returns"}


def test_an_experiment_keeps_its_questions_when_it_is_stored():
    experiment = load_experiment(content(LEVERS))
    again = Experiment.from_resolved(json.loads(json.dumps(experiment.resolved())))
    assert again.asked == experiment.asked and len(again.asked) == 3
    assert experiment.kept == (
        *("drop_out_12", "gone_under", "returns", "assisted_departures", "unassisted_returns"),
        *("removals", "programme_cost"),
    )


def test_a_folder_of_before_there_were_questions_is_read(asked, tmp_path):
    folder, _, _ = asked
    for name in ("study.json", "sweep.parquet", "manifest.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    facts = json.loads((tmp_path / "study.json").read_text())
    facts.pop("answers")
    (tmp_path / "study.json").write_text(json.dumps(facts))
    told = load_sweep(tmp_path)
    assert told.answers == [] and told.chances is None


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        ({"measure": "drop_out_12"}, "exactly one of above and below"),
        ({"measure": "drop_out_12", "above": 0.2, "below": 0.4}, "exactly one of above and below"),
        ({"measure": "drop_out_12", "above": 40}, "40 % is written 0.4"),
        ({"measure": "drop_out_13", "above": 0.4}, "drop_out_12"),
        ({"measure": "uptake_24", "above": 0.4}, "measure of the experiment"),
        ({"measure": "gone_under", "above": "many"}, "not a number"),
        ({"measure": "gone_under", "above": 1, "differences": True}, "difference"),
        ({"above": 1}, "needs the key"),
        ([], "ask"),
        ("drop_out_12 above 0.4", "not a question"),
    ],
    ids=str,
)
def test_a_question_that_means_nothing_is_refused(ask, said):
    with pytest.raises(Refusal) as refused:
        load_experiment(content(LEVERS, ask=ask))
    assert said in str(refused.value)


def test_a_precision_is_not_asked_of_what_exists_against_the_baseline_only():
    rule = {"measure": "additional_returns", "below": 10}
    with pytest.raises(Refusal, match="additional_returns"):
        load_experiment(content(LEVERS, precision=rule))


ANSWER = {
    **{"measure": "drop_out_12", "side": "above", "mark": 0.4, "difference": False, "draws": 50},
    **{"enough": True, "points": 21, "yes": 6, "open": 0, "covered": 6, "smallest": 0.1, "largest": 0.8},
    **{"means": [0.31, 0.46], "baseline": 0.3, "found": None},
    "rules": [
        {
            "conditions": [
                {"column": "removal_level", "low": 2.0, "high": None, "values": []},
                {"column": "cash_level", "low": None, "high": 0.5, "values": []},
                {"column": "information_timing", "low": None, "high": None, "values": ["early", "late"]},
            ]
        }
    ],
}
FACTORS = [
    {
        "column": "cash_level",
        "values": [0, 0.5],
        "unit": "times the amounts",
        "cash": [20000.0, 7000.0],
        "currency": "NOK",
    },
    {"column": "removal_level", "values": [1, 2], "unit": "times today's hazards"},
    {"column": "information_timing"},
]
INFO = {"label": "Drop-out within 12 months", "unit": "share of applicants", "per": "share"}


def test_a_sentence_answers_with_units_and_money():
    said = questions.answered(INFO, FACTORS, ANSWER)[0].replace("\xa0", " ")
    assert said.startswith(
        "Drop-out within 12 months exceeds 40 % with a chance of at least one half where removal level is "
        "at least 2 times today's hazards and cash level is at most 0.5 times the amounts (10,000 NOK to an "
        "adult who applies in time) and information timing is early or late: these are all 6 such points of "
        "21."
    )
    assert said.endswith(
        "In the baseline the chance is 30 %. The mean over the draws runs from 31.0 to 46.0 %."
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"yes": 0, "rules": []}, "at none of the 21 points"),
        ({"yes": 21}, "at every one of the 21 points"),
        ({"covered": 5}, "5 of the 6 such points"),
        ({"points": 0}, "not estimable at any point"),
        ({"open": 4}, "At 4 of the 21 points"),
    ],
    ids=str,
)
def test_what_is_open_or_left_out_is_said(more, said):
    assert said in " ".join(questions.answered(INFO, FACTORS, {**ANSWER, **more}))


def test_what_was_found_is_told_with_coverage_density_and_what_was_held_out():
    rule = {"density": 0.7, "base": 0.3, "coverage": 0.6, "units": 17}
    told = {"column": "commitment", "low": None, "high": 4.85, "values": [], "unit": "logit units"}
    rule["conditions"] = [{**told, "meaning": "Commitment", "share": 0.4}]
    said = questions.found(FACTORS, {**ANSWER, "found": rule}).replace("\xa0", " ")
    assert "“Commitment” (commitment) is at most 4.85 logit units (in 40 % of the draws)" in said
    assert "70 % of the cases, against 30 %" in said and "60 % of all cases" in said and "17" in said
    assert "was found" in questions.found(FACTORS, ANSWER)
