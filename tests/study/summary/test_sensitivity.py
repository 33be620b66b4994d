"""Share of spread by grade: known functions of made-up weights, pure noise, and a study's own table."""

from __future__ import annotations

import math

import numpy as np
import pytest
from conftest import norway

from avrr_sim.evidence import GRADES, load_evidence
from avrr_sim.study.comparison.compare import compare
from avrr_sim.study.jobs.plan import make_plan
from avrr_sim.study.summary.sensitivity import (
    COMPONENTS,
    MEASURES,
    drawn_scores,
    explained,
    folds,
    predict,
    scored,
    shapley,
    spread_shares,
)

GRADE_OF = ["confirmed"] * 2 + ["probable"] * 5 + ["inconclusive"] * 8 + ["ungraded"] * 45
"""Sixty made-up weights: 0-1 confirmed, 2-6 probable, 7-14 inconclusive, 15-59 ungraded."""


def made(draws: int, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((draws, len(GRADE_OF)))


def told(values: np.ndarray, scores: np.ndarray) -> tuple[dict, float]:
    shares, r2 = spread_shares(scores, GRADE_OF, values)
    assert set(shares) == set(COMPONENTS) and (not r2 >= 0.8 or sum(shares.values()) == pytest.approx(1))
    return shares, r2


# --- by hand
# ----------------------------------------------------------------------------------------------------------


def test_shapley_values_by_hand():
    """Glove game: a left glove a, right gloves b and c; a pair is worth 1. Orders: a gets 1 unless first
    (2/3), b and c 1/6 each.

    Additive game 3, 2, 1: each its own. Product of two: half each.
    """
    glove = shapley(lambda some: float("a" in some and bool({"b", "c"} & some)), ("a", "b", "c"))
    assert glove == pytest.approx({"a": 2 / 3, "b": 1 / 6, "c": 1 / 6})
    assert shapley(lambda some: sum({"a": 3.0, "b": 2.0, "c": 1.0}[p] for p in some), "abc") == pytest.approx(
        {"a": 3, "b": 2, "c": 1}
    )
    assert shapley(lambda some: float(len(some) == 2), "ab") == pytest.approx({"a": 0.5, "b": 0.5})


def test_weights_are_taken_on_the_scale_of_their_priors():
    """A positive weight by its logarithm: 1, e^2 are -1 and 1 about their mean 1; a share by its logit; what
    does not vary is 0.
    """
    kinds = load_evidence()
    positive = next(w for w in kinds.values() if w.scale == "positive")
    share = next(w for w in kinds.values() if w.scale == "share")
    assert scored(positive, np.array([1.0, math.exp(2.0)])) == pytest.approx([-1, 1])
    assert scored(share, 1 / (1 + np.exp([3.0, 1.0, -1.0, -3.0]))) == pytest.approx(
        np.array([-3, -1, 1, 3]) / math.sqrt(5)
    )
    assert (
        not scored(positive, np.full(4, 0.3)).any()
        and np.isfinite(scored(share, np.array([0.0, 0.5, 1.0]))).all()
    )


# --- known functions
# --------------------------------------------------------------------------------------------------


def test_a_linear_function_gives_its_shares_back():
    """4, 3, 2 and 1 times one weight of each grade: 16, 9, 4 and 1 of 30 parts of the variance, two equal
    replicates, so no chance.
    """
    scores = made(200)
    y = 4 * scores[:, 0] + 3 * scores[:, 3] + 2 * scores[:, 9] + 1 * scores[:, 20]
    shares, r2 = told(np.stack([y, y], axis=1), scores)
    assert r2 > 0.97 and shares["chance"] == 0
    parts = {
        "confirmed": 16 * np.var(scores[:, 0]),
        "probable": 9 * np.var(scores[:, 3]),
        "inconclusive": 4 * np.var(scores[:, 9]),
        "ungraded": np.var(scores[:, 20]),
    }
    for grade, part in parts.items():
        assert shares[grade] == pytest.approx(part / sum(parts.values()), abs=0.06), grade


def test_a_grade_without_any_effect_has_no_share_and_a_product_is_shared():
    """3 u + v + w + v w with u confirmed, v probable, w inconclusive: variances 9, 1, 1 and 1 for the
    product, half of it to either.

    So 9, 1.5 and 1.5 of 12, and nothing for the ungraded.
    """
    scores = made(250)
    u, v, w = (scores[:, i] for i in (1, 4, 8))
    y = 3 * u + v + w + v * w
    shares, r2 = told(np.stack([y, y], axis=1), scores)
    assert r2 > 0.9 and shares["ungraded"] < 0.03
    assert shares["confirmed"] == pytest.approx(0.75, abs=0.06)
    assert shares["probable"] == pytest.approx(0.125, abs=0.05) and shares["inconclusive"] == pytest.approx(
        0.125, abs=0.05
    )


def test_chance_within_draws_is_told_apart():
    """Variance 9 from the weights and 2 within draws, of which two replicates leave 1: a tenth of the spread
    of the means is chance.
    """
    scores = made(200)
    y = 3 * scores[:, [0]] + math.sqrt(2) * np.random.default_rng(1).standard_normal((200, 2))
    shares, r2 = told(y, scores)
    assert (
        r2 == pytest.approx(0.9, abs=0.03)
        and shares["chance"] == pytest.approx(0.1, abs=0.03)
        and shares["confirmed"] == pytest.approx(0.9, abs=0.04)
    )
    alone, _ = told(y[:, :1] * 0.5 + y[:, 1:] * 0.5, scores)
    assert alone["chance"] == 0 and alone["lack_of_fit"] == pytest.approx(0.1, abs=0.03), (
        "one replicate: chance is part of what does not fit"
    )


@pytest.mark.parametrize("draws", [20, 50, 100, 300])
def test_pure_noise_is_not_shown(draws):
    """Also where there are about as many draws as weights, where a regression without a test set explains
    everything.
    """
    for seed in range(3):
        shares, r2 = told(np.random.default_rng(seed).standard_normal((draws, 2)), made(draws, seed + 50))
        assert r2 < 0.5 and all(math.isnan(share) for share in shares.values())


def test_no_spread_and_few_draws_are_not_shown():
    for values in (
        np.zeros((60, 2)),
        np.full((60, 2), 0.3),
        np.full((60, 2), np.nan),
        np.arange(38.0).reshape(19, 2),
    ):
        shares, r2 = spread_shares(made(len(values)), GRADE_OF, values)
        assert math.isnan(r2) and all(math.isnan(share) for share in shares.values())


def test_draws_that_failed_are_left_out():
    scores = made(100)
    y = np.repeat(scores[:, [0]], 2, axis=1)
    y[7] = np.nan
    y[8, 1] = np.nan
    shares, r2 = told(y, scores)
    assert r2 > 0.97 and shares["confirmed"] > 0.95


def test_prediction_does_not_see_what_it_predicts():
    """Unseen draws change no prediction of one another, and a regression on nothing explains nothing."""
    scores = made(60)
    y = scores[:, 0]
    both = predict(scores[:40], y[:40], scores[40:])
    assert predict(scores[:40], y[:40], scores[40:41])[0] == pytest.approx(both[0])
    assert explained(scores[:, :0], y) == 0.0


@pytest.mark.parametrize(
    "rows", [range(30), [0, 1, 0, 2, 2, 3, 4, 5, 0, 6] * 2, [7] * 9], ids=["all different", "copies", "one"]
)
def test_copies_of_a_draw_are_in_one_fold(rows):
    fold = folds(np.array(rows))
    assert all(len(set(fold[np.array(rows) == row])) == 1 for row in rows)
    sizes = np.bincount([fold[list(rows).index(row)] for row in dict.fromkeys(rows)], minlength=5)
    assert sizes.max() - sizes.min() <= 1, "folds hold as many different draws"


def test_copies_explain_nothing_by_themselves():
    """Pure noise, every draw of it five times: who folds without looking finds each draw left out among the
    seen, and predicts it.
    """
    rows = np.tile(np.arange(40), 6)[:200]
    rows = np.random.default_rng(5).permutation(rows)
    scores, y = made(40, 9)[rows], np.random.default_rng(6).standard_normal(40)[rows]
    assert explained(scores, y, rows) < 0.2 < 0.8 < explained(scores, y)


# --- in a study
# -------------------------------------------------------------------------------------------------------


def test_the_scores_of_a_study_hold_every_weight_that_varies():
    base = norway(months=24)
    scores, grades = drawn_scores(make_plan([base], draws=30), range(30), [base])
    assert (
        scores.shape == (30, len(grades))
        and set(grades) == set(GRADES)
        and len(grades) >= len(load_evidence())
    )
    assert np.allclose(scores.mean(axis=0), 0) and np.allclose(scores.std(axis=0), 1)
    pinned = base.vary(weights={"ties": 0.3})
    assert (
        drawn_scores(make_plan([base, pinned], draws=30), range(30), [base, pinned])[0].shape == scores.shape
    ), "still drawn in one of them"
    assert drawn_scores(make_plan([pinned], draws=30), range(30), [pinned])[0].shape == (30, len(grades) - 1)


def test_the_table_of_a_study_says_what_is_not_shown():
    tables = compare(
        [norway(months=24), norway(months=24, cash_level=3)], draws=20, replicates=2, size=300, twins=False
    ).tables
    one, two = (s["key"] for s in tables.scenarios)
    spread = tables.spread
    assert set(map(tuple, spread[["scenario", "measure"]].drop_duplicates().to_numpy())) == {
        (one, MEASURES[0]),
        (one, MEASURES[1]),
        *((two, m) for m in MEASURES),
    }
    assert (spread.groupby(["scenario", "measure"])["component"].agg(list).map(tuple) == COMPONENTS).all()
    assert (spread["shown"] == (spread["r2"] >= 0.8)).all() and spread.loc[
        ~spread["shown"], "share"
    ].isna().all()
    assert compare(
        [norway(months=24)], draws=1, replicates=1, size=300, weights="central", twins=False
    ).tables.spread.empty
