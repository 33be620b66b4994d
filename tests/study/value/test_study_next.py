"""`avrr study-next` from files to tables: the runs of a comparison, or its folder, give the same ranking;
it can be stopped and gone on with; what a study would see carries its own error and no chance that the
difference shares.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from commands import refused
from conftest import ROOT, SCENARIOS, norway
from folders import content

from avrr_sim.evidence import central_weights, load_evidence
from avrr_sim.refusals import Refusal
from avrr_sim.study.comparison.compare import compare
from avrr_sim.study.published.figure import PublishedFigure
from avrr_sim.study.value.candidates import done_studies, halved_figures, halves
from avrr_sim.study.value.groups import groups_of
from avrr_sim.study.value.studies import Answer, PossibleStudy, load_studies
from avrr_sim.study.value.study_next import study_next

SMALL: dict[str, Any] = {"draws": 50, "replicates": 2, "size": 1000, "weights": "prior"}
LEFT_OPEN = (
    "support",
    "hope",
    "ties",
    "security",
    "receptivity_ratio",
    "awareness_start",
    "liveable_threshold",
    "age",
    "female",
)
PINNED = {name: each for name, each in central_weights().items() if name not in LEFT_OPEN}
SHORT = {
    "weights": PINNED,
    "extends": None,
    "start": "2012-01",
    "window": {"from": "2012-07", "to": "2014-12"},
}


def short(home: Path, name: str, **changes: Any) -> Path:
    """A short scenario of Norway in a file."""
    file = home / f"{name}.yaml"
    base = os.path.relpath(SCENARIOS / "baseline-norway.yaml", home)
    file.write_text(yaml.safe_dump({**SHORT, "extends": base, "name": name, **changes}))
    return file


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("value")
    short(folder, "base")
    short(folder, "cash", levers={"cash_level": 4})
    short(folder, "none", levers={"cash_level": 0})
    survey = {"asks": "a", "kind": "survey", "whom": "b", "source": "judgement"}
    studies = {
        "survey": {
            **survey,
            "measured": [{"measure": "aware_centre", "people": 500}],
            "clusters": 20,
            "correlation": 0.1,
        },
        "dose": {
            **survey,
            "kind": "dose",
            "arms": ["base.yaml", "cash.yaml"],
            "measured": [{"measure": "uptake_24", "people": 5000}],
        },
        "no cash": {
            **survey,
            "kind": "trial",
            "arms": ["base.yaml", "none.yaml"],
            "measured": [{"measure": "uptake_24", "people": 5000}],
        },
    }
    (folder / "studies.yaml").write_text(yaml.safe_dump({"studies": studies}))
    return folder


@pytest.fixture(scope="module")
def fresh(home):
    """A study whose runs were made for it."""
    files = [home / "base.yaml", home / "cash.yaml"]
    return study_next(
        files, studies=home / "studies.yaml", measures=["uptake_24"], out=home / "fresh", workers=2, **SMALL
    )


def test_arms_of_studies_are_run_too_and_only_what_was_asked_for_is_ranked(fresh):
    assert fresh.order.plan.keys == ("base", "cash", "none")
    value = fresh.value
    assert set(value["scenario"]) == {"cash"} and set(value["measure"]) == {"uptake_24"}
    assert set(value[value["kind"] == "study"]["name"]) == {"survey", "dose", "no cash"}
    assert {"weight", "grade", "part", "driver", "all", "study"} <= set(value["kind"])
    beside = set(fresh.tables["differences"]["measure"])
    assert {"uptake_24", "protection_needs", "gone_under"} <= beside


def test_a_study_of_the_very_difference_settles_most_of_it(fresh):
    value = fresh.value.set_index(["kind", "name"])
    assert value.loc[("study", "dose"), "share"] > 0.5
    assert value.loc[("study", "dose"), "share"] > value.loc[("study", "survey"), "share"]
    assert (value["sd_after"] <= value["sd"] + 1e-12).all()


def test_a_study_that_was_stopped_goes_on_to_the_same_bytes(fresh, home):
    folder = home / "fresh"
    before = content(folder)
    for name in ("totals/chunk-000003.parquet", "value.parquet", "study.json"):
        (folder / name).unlink()
    files = [home / "base.yaml", home / "cash.yaml"]
    study_next(
        files,
        studies=home / "studies.yaml",
        measures=["uptake_24"],
        out=folder,
        resume=True,
        workers=1,
        **SMALL,
    )
    assert content(folder) == before


def test_the_folder_of_a_comparison_gives_the_same_without_a_run(fresh, home):
    compare([home / f"{name}.yaml" for name in ("base", "cash")], twins=False, out=home / "compared", **SMALL)
    again = study_next(home / "compared", studies=home / "studies.yaml", measures=["uptake_24"])
    assert [study.name for study in again.order.possible[1]] == ["no cash"]
    kept = fresh.value[fresh.value["name"] != "no cash"].reset_index(drop=True)
    pd.testing.assert_frame_equal(again.value, kept)


def test_what_is_no_comparison_or_too_small_is_refused(home, capsys):
    with pytest.raises(Refusal, match="is not the folder of a comparison"):
        study_next(home / "fresh")
    with pytest.raises(Refusal, match="say nothing of what is not known"):
        study_next([home / "base.yaml", home / "cash.yaml"], draws=10)
    with pytest.raises(Refusal, match="unknown measure 'uptake'"):
        study_next([home / "base.yaml", home / "cash.yaml"], measures=["uptake"], draws=60)
    assert "needs a baseline and at least one other" in refused(capsys, "study-next", str(home / "base.yaml"))
    with_folder = refused(capsys, "study-next", str(home / "compared"), "--draws", "100")
    assert "--draws with the folder of a comparison" in with_folder


WRONG = {
    "arms": ({"kind": "trial"}, "a trial needs two arms"),
    "no arms": ({"arms": ["base.yaml", "cash.yaml"]}, "a survey has arms"),
    "both": (
        {"measured": [{"measure": "uptake_24", "weight": "hope", "people": 5}]},
        "either 'measure' or 'weight'",
    ),
    "nothing": ({"measured": [{"measure": "uptake_24"}]}, "either 'people' or 'standard_error'"),
    "spread": ({"measured": [{"measure": "trust_centre", "people": 50}]}, "lacks 'spread'"),
    "exact": ({"measured": [{"weight": "hope", "standard_error": 0}]}, "no study measures exactly"),
    "measure": ({"measured": [{"measure": "awareness", "people": 50}]}, "unknown measure 'awareness'"),
    "weight": ({"measured": [{"weight": "hopes", "standard_error": 1}]}, "did you mean 'hope'"),
    "clusters": ({"correlation": 0.1}, "lacks 'clusters'"),
    "kind": ({"kind": "surveys"}, "unknown kind of study 'surveys'"),
    "key": ({"persons": 4}, "unknown key 'persons'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_mistakes_in_a_file_of_studies_are_told_with_their_place(name, home):
    change, said = WRONG[name]
    good = {"asks": "a", "kind": "survey", "whom": "b", "source": "c"}
    study = {**good, "measured": [{"measure": "uptake_24", "people": 50}], **change}
    file = home / "wrong.yaml"
    file.write_text(yaml.safe_dump({"studies": {"mine": study}}))
    with pytest.raises(Refusal, match=said) as refused_as:
        load_studies(file)
    assert "studies.mine" in str(refused_as.value)


def test_groups_and_arms_that_the_scenarios_do_not_have_are_refused(home):
    good = {"asks": "a", "kind": "survey", "whom": "b", "source": "c"}
    for group, measure, said in (
        ({"origin": "irak"}, "uptake_24", "unknown origin 'irak'"),
        ({"status": "after_deadline"}, "aware_centre", "is not counted by group"),
    ):
        study = {**good, "measured": [{"measure": measure, "people": 50, "group": group}]}
        (home / "group.yaml").write_text(yaml.safe_dump({"studies": {"mine": study}}))
        with pytest.raises(Refusal, match=said):
            study_next([norway(), norway().vary(cash_level=2)], studies=home / "group.yaml", draws=60)


def test_the_studies_that_are_shipped_are_good():
    found = load_studies(ROOT / "experiments" / "studies-norway.yaml")
    assert {study.kind for study in found.studies} == {"survey", "trial", "dose", "register"}
    assert all("judgement" in study.source for study in found.studies)


def study(
    people: int | None, clusters: int | None = None, correlation: float = 0.0, **more: Any
) -> PossibleStudy:
    answer = Answer(
        "uptake_24", None, ("all", "all"), people, None, more.get("standard_error"), more.get("off", 0.0)
    )
    return PossibleStudy("a", "b", "survey", "c", (answer,), (), clusters, correlation, "d")


def test_the_error_of_a_study_is_that_of_its_sample():
    share = np.array([0.2, 0.5])
    alone = study(400)
    assert alone.error(alone.measured[0], share) == pytest.approx(np.sqrt(share * (1 - share) / 400))
    clustered = study(400, 20, 0.05)  # design effect 1 + 19 * 0.05
    assert clustered.error(clustered.measured[0], share) == pytest.approx(
        np.sqrt(1.95 * share * (1 - share) / 400)
    )
    off = study(400, off=0.03)
    assert off.error(off.measured[0], share) == pytest.approx(
        np.hypot(np.sqrt(share * (1 - share) / 400), 0.03)
    )
    two = alone.error(alone.measured[0], share, share)  # half of the people in each arm
    assert two == pytest.approx(np.sqrt(2 * share * (1 - share) / 200))


def test_data_are_set_against_other_replicates():
    assert halves(2) == [((0,), (1,)), ((1,), (0,))]
    assert halves(5) == [((0, 1), (2, 3, 4)), ((2, 3, 4), (0, 1))]
    assert halves(1) == [((0,), (0,))]


def test_chance_of_finite_runs_is_not_added_to_the_error_of_a_study():
    """Data of a study vary by the truth and by the study's own error, whatever the size of a run."""
    rng = np.random.default_rng(2)
    truth, chance = 0.3 + 0.05 * rng.standard_normal((8000, 1)), 0.02 * rng.standard_normal((8000, 2))
    answer = Answer("uptake_24", None, ("all", "all"), None, None, 0.03, 0.0)
    survey = PossibleStudy("a", "b", "survey", "c", (answer,), (), None, 0.0, "d")
    material: Any = SimpleNamespace(
        draws=range(8000), plan=SimpleNamespace(seed=1, replicates=2), level=lambda *_: truth + chance
    )
    for data, _ in done_studies(material, [survey], lambda _: (0,))[0].data:
        assert np.std(data) == pytest.approx(np.hypot(0.05, 0.03), rel=0.03)


def test_a_figure_with_half_its_error_is_a_second_one_of_the_posterior_and_a_better_one_of_the_priors():
    plan = SimpleNamespace(weights="posterior", seed=1)
    few: Any = SimpleNamespace(draws=list(range(4000)), plan=plan)
    figure = PublishedFigure("F", "a", "removals", 1, 12, 1000.0, 1000.0, 0.0, 100.0, "fit", "s", "")
    told = {"F": np.full((4000, 2), 1000.0)}
    for weights, error in (("posterior", 0.1 / np.sqrt(3.0)), ("prior", 0.1 / 2.0)):
        plan.weights = weights
        ((data, half), *_) = halved_figures(few, [figure], told)[0].data
        assert half is None and np.std(data) == pytest.approx(error, rel=0.05)


def test_groups_are_read_from_grades_and_rules():
    groups = {(group.kind, group.name): set(group.weights) for group in groups_of(load_evidence())}
    assert "security" in groups["driver", "origin_security"] and "trust_built" in groups["part", "advice"]
    assert set().union(*(names for (kind, _), names in groups.items() if kind == "grade")) == set(
        load_evidence()
    )
