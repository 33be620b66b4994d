"""What draws of the posterior count after their runs, and which are taken."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from avrr_sim.refusals import Refusal
from avrr_sim.study.calibration.answer import CUT, take, weigh, weights_of
from avrr_sim.study.calibration.emulator import Emulator, sums_in_one_order
from avrr_sim.study.calibration.likelihood import Likelihood
from avrr_sim.study.calibration.paths import in_the_world
from avrr_sim.study.calibration.sampler import draw, systematic
from avrr_sim.study.calibration.waves import Known


def test_rows_are_taken_once_at_most_and_in_proportion_to_their_weight():
    chance = np.random.default_rng(11)
    weights = chance.exponential(size=20_000)
    rows = take(weights / weights.sum(), chance, 1000)
    assert len(rows) == len(np.unique(rows)) > 1000
    mean = np.average(weights, weights=weights)
    assert weights[rows].mean() == pytest.approx(mean, abs=4 * weights[rows].std() / np.sqrt(len(rows)))


def test_where_one_draw_outweighs_all_others_it_is_cut():
    weights = np.r_[np.full(5000, 1.0), 4000.0] / 9000
    assert 900 < len(take(weights, np.random.default_rng(1), 1000)) < 5001


PUBLISHED, OFF, BLUR, SPREAD = 2.0, 0.5, 0.02, 0.4  # of one figure: variances of emulator, run and error


def one_figure(draws: int):
    """(what is known, z, runs) in a world of one figure and one weight in which every posterior is known:
    the model says z and something that the emulator, which says z, cannot know.
    """
    sd = np.sqrt(np.array([OFF, BLUR, SPREAD]))
    none = np.zeros(0)
    asked = Likelihood(
        np.array([0]), np.array([PUBLISHED]), sd[2:], np.zeros(1), np.zeros(1), np.array([0]),
        np.zeros(0, int), none, none, none, np.zeros((1, 1)),
    )  # fmt: skip
    emulator = Emulator(
        (((np.eye(1), np.zeros(1)),),), np.zeros(1), np.ones(1), np.zeros(1), np.array([[OFF]])
    )
    blur = SimpleNamespace(covariance=lambda _, units: np.array([[BLUR if units else 0.0]]))
    target = SimpleNamespace(low=PUBLISHED, high=PUBLISHED, on_scale=lambda value: value)
    known = Known(
        SimpleNamespace(seed=5, close_size=100, targets=[target]), None, np.array([0]), none, none,
        none, none, emulator, blur, asked, pd.DataFrame(), 0, "",
    )  # fmt: skip
    chance = np.random.default_rng(17)
    z = draw(emulator, chance.standard_normal((draws, 1)), asked.around(np.array([[OFF]])), chance).z
    truth = z + sd[0] * chance.standard_normal(z.shape)
    return known, z, truth, truth + sd[1] * chance.standard_normal(z.shape)


def test_an_emulator_is_not_judged_by_a_single_run():
    known, z, _, runs = one_figure(20)
    known.targets.file = None
    runs[2:] = np.nan
    assert np.isfinite(known.judged(z, runs, 100).emulator.error).all()
    runs[1:] = np.nan
    with pytest.raises(Refusal, match="close_points: 20 runs are left .* 1 of them tells all 1 figures"):
        known.judged(z, runs, 100)


@pytest.mark.parametrize("less", [1, 16])
def test_weights_leave_the_posterior_right_however_far_runs_are_believed(less):
    """What one knows of the weight is the same whether runs are believed or not; of the figure, a run that is
    believed tells all."""
    known, z, truth, runs = one_figure(20_000)
    weights = weights_of(known, z, runs, less)
    worth = 1 / np.sum(weights**2)
    spread = 1 + OFF + SPREAD
    sd = np.sqrt((OFF + SPREAD) / spread)
    assert weights @ z[:, 0] == pytest.approx(PUBLISHED / spread, abs=4 * sd / np.sqrt(worth))
    if less == 1:
        exact = PUBLISHED * (1 + OFF) / spread
        assert weights @ truth[:, 0] == pytest.approx(exact, abs=0.03)
        assert abs(truth.mean() - exact) > 0.2, "without weights the figure would be wrong"


def test_runs_are_believed_less_only_as_far_as_rows_are_wanted():
    known, z, _, runs = one_figure(20_000)
    worth = [1 / np.sum(weights_of(known, z, runs, less) ** 2) for less in (1, 16, 64)]
    assert worth[0] < worth[1] < worth[2]
    assert weigh(known, z, runs, 500)[1] == 1
    weights, less, cut = weigh(known, z, runs, 4_000)
    assert less > 1 and cut <= CUT


def test_systematic_draws_come_as_often_as_their_weights_say():
    weights = np.array([0.5, 0.25, 0.125, 0.125])
    assert list(np.bincount(systematic(weights, 80, np.random.default_rng(1)))) == [40, 20, 10, 10]


def test_rows_are_told_as_in_the_world_and_not_with_the_chance_of_a_small_run():
    known, z, truth, _ = one_figure(20_000)
    blurred = truth + np.random.default_rng(3).standard_normal(truth.shape)  # as a run of few units says
    known = replace(
        known, chance=SimpleNamespace(covariance=lambda _, units: np.array([[1.0 if units else 0.0]]))
    )
    figure = SimpleNamespace(
        id="one", low=-8.0, high=12.0, on_scale=lambda value: value, off_scale=lambda value: value
    )
    known.targets.targets = (figure,)
    known.targets.on_scale = lambda value: value
    frame = pd.DataFrame({"point": range(len(z)), "one": blurred[:, 0]})
    told = in_the_world(known, z, frame)["one"].to_numpy()
    assert told.std() == pytest.approx(truth.std(), rel=0.03)
    assert blurred.std() > 1.4 * truth.std()


def test_what_runs_on_a_worker_has_its_sums_run_in_one_order():
    with threadpool_limits(2):
        sums_in_one_order()
        assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}
