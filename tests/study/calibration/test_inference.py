"""The engine of inference on worlds whose answer is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import worlds
from scipy import stats
from threadpoolctl import threadpool_limits

from avrr_sim.study.calibration.activity import active_of
from avrr_sim.study.calibration.effect_scores import effects_of
from avrr_sim.study.calibration.emulator import Care, Emulator, chance_of, learn
from avrr_sim.study.calibration.ensemble import smooth
from avrr_sim.study.calibration.inquiries import BEYOND, threshold_of
from avrr_sim.study.calibration.likelihood import likelihood_of
from avrr_sim.study.calibration.method_checks import (
    Checked,
    binomial,
    holm,
    methods_table,
    uniform_p,
    verdict_of,
    verdicts,
)
from avrr_sim.study.calibration.pseudo import METHODS, TOLD, Truth, fit_truth
from avrr_sim.study.calibration.sampler import draw
from avrr_sim.study.published.figure import PublishedFigure

N = 1000


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """As a calibration works: sums in one order."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="module")
def drawn():
    chance = np.random.default_rng(1)
    return draw(worlds.surface, chance.standard_normal((N, worlds.WEIGHTS)), worlds.asked(), chance)


def test_the_sampler_finds_the_posterior_of_a_linear_world(drawn):
    mean, covariance = worlds.posterior(worlds.asked())
    sigma = np.sqrt(np.diag(covariance))
    off = (drawn.z.mean(axis=0) - mean) / (sigma / np.sqrt(N))
    assert np.abs(off).max() < 4.5 and 0.8 < off.std() < 1.2, "means as exact as independent draws would be"
    assert np.abs(drawn.z.std(axis=0) / sigma - 1).max() < 4.5 / np.sqrt(2 * N)
    a = worlds.slopes()
    spread = np.sqrt(np.diag(a.T @ covariance @ a))
    assert np.abs(drawn.figures.std(axis=0) / spread - 1).max() < 5 / np.sqrt(2 * N)


def test_draws_are_independent_of_those_that_they_were_moved_from(drawn):
    assert abs(drawn.kinship) < 0.25 and len(np.unique(drawn.z, axis=0)) == N


def test_few_draws_of_many_weights_are_found_too():
    """Where resampling leaves fewer different draws than there are weights."""
    chance = np.random.default_rng(2)
    n = 2 * worlds.WEIGHTS
    few = draw(worlds.surface, chance.standard_normal((n, worlds.WEIGHTS)), worlds.asked(), chance)
    mean, covariance = worlds.posterior(worlds.asked())
    off = (few.z.mean(axis=0) - mean) / np.sqrt(np.diag(covariance) / n)
    assert np.abs(off).max() < 5 and off.std() < 1.5


def test_a_posterior_by_way_of_another_is_the_same_as_at_once():
    """From the prior to a power of the likelihood, and from there with that as the prior."""
    chance, asked = np.random.default_rng(5), worlds.asked()
    start = draw(worlds.surface, chance.standard_normal((N, worlds.WEIGHTS)), asked, chance, until=0.25)
    other = worlds.asked(asked.published + 0.3)
    found = draw(worlds.surface, start.z, other, chance, [(0.25, asked)])
    a, c = worlds.slopes(), asked.covariance
    precision = np.eye(worlds.WEIGHTS) + 1.25 * a @ np.linalg.solve(c, a.T)
    exact = np.linalg.solve(precision, a @ np.linalg.solve(c, 0.25 * asked.published + other.published))
    sigma = np.sqrt(np.diag(np.linalg.inv(precision)))
    assert np.abs((found.z.mean(axis=0) - exact) / sigma * np.sqrt(N)).max() < 5


def test_the_rival_finds_the_figures_of_a_linear_world():
    chance = np.random.default_rng(6)
    _, figures = smooth(worlds.surface, chance.standard_normal((N, worlds.WEIGHTS)), worlds.asked(), chance)
    mean, covariance = worlds.posterior(worlds.asked())
    a = worlds.slopes()
    spread = np.sqrt(np.diag(a.T @ covariance @ a))
    assert np.abs((figures.mean(axis=0) - mean @ a) / spread).max() < 0.5
    assert np.abs(figures.std(axis=0) / spread - 1).max() < 0.15


# the likelihood


def figure(name: str, value: float, measure: str = "assisted_departures", **more) -> PublishedFigure:
    plain = PublishedFigure(name, "", measure, 24156, 24167, value, value, 50, 0.1 * value, "fit", "", "")
    return replace(plain, **more)


def test_what_a_series_shares_leaves_its_ratios_alone():
    series = [figure(f"a {year}", 1000.0, series="a", shared=400.0) for year in (2013, 2014)]
    asked = likelihood_of([*series, figure("b", 500.0)])
    level, trend = (asked.published + np.array(off) for off in ([0.3, 0.3, 0], [0.3, -0.3, 0]))
    here, moved, bent = asked(np.array([asked.published, level, trend]))
    assert here - moved < 0.5 and here - bent > 5
    exact = stats.multivariate_normal(asked.published, asked.covariance).logpdf([level, trend])
    assert np.allclose([moved, bent], exact)


def test_published_figures_are_drawn_as_they_are_judged():
    series = [figure(f"a {year}", 1000.0, series="a", shared=200.0) for year in (2013, 2014)]
    asked = likelihood_of(series)
    seen = asked.observed(np.zeros((40_000, 2)), np.random.default_rng(1))
    assert np.allclose(np.cov(seen.T), asked.covariance, rtol=0.04)


def test_a_range_weighs_by_the_chance_that_it_holds_and_is_open_where_it_begins_at_nothing():
    ranged = figure("r", 0.0, "departed_after_36", high=0.25, standard_error=0.0, discrepancy=0.08)
    asked = likelihood_of([figure("a", 100.0), ranged])
    at = float(ranged.on_scale(0.25))
    mean = np.array([[asked.published[0], x] for x in (-6.0, at, 4.0)])
    log = asked(mean) - asked.alone()(mean)
    assert log[0] == pytest.approx(0, abs=1e-6) and log[1] == pytest.approx(np.log(0.5), abs=1e-6)
    assert np.isfinite(log[2]) and log[2] < -15


def test_figures_are_told_as_closely_as_what_was_published_of_them_allows():
    """Where the emulator leaves something of every figure, what is published tells of that too: in a linear
    world the figures' posterior is known, and it is narrower than weights and a fresh error together.
    """
    chance, a, asked = np.random.default_rng(15), worlds.slopes(), worlds.asked()
    asked = asked.around(0.2 * np.eye(worlds.FIGURES))
    drawn = draw(worlds.surface, chance.standard_normal((4000, worlds.WEIGHTS)), asked, chance)
    seen = asked.seen(drawn.figures, chance)
    before = a.T @ a + asked.extra
    gain = before @ np.linalg.inv(a.T @ a + asked.covariance)
    mean, spread = gain @ asked.published, np.sqrt(np.diag(before - gain @ before))
    assert np.abs((seen.mean(axis=0) - mean) / spread).max() < 0.08
    assert np.abs(seen.std(axis=0) / spread - 1).max() < 0.08
    fresh = np.sqrt(drawn.figures.std(axis=0) ** 2 + 0.2)
    assert np.all(fresh > 1.1 * spread), "an error added anew would make the figures too wide"


# the emulator


@pytest.fixture(scope="module")
def learned() -> tuple[Emulator, np.ndarray, np.ndarray]:
    chance = np.random.default_rng(8)
    z = chance.standard_normal((4000, 10))
    figures = np.column_stack([z[:, 0] + 0.5 * z[:, 1] ** 2, np.tanh(2 * z[:, 2]), 0 * z[:, 0] + 3.0])
    return learn(z, figures + 0.3 * chance.standard_normal(figures.shape), 1), z, figures


def test_an_emulator_learns_a_bent_figure_through_the_chance_of_runs(learned):
    emulator, z, figures = learned
    left = (emulator(z) - figures)[:, :2]
    assert np.all(left.std(axis=0) < 0.27), "less than what a single run is off"


def test_an_emulator_says_how_far_off_it_is_chance_taken_off(learned):
    emulator, _, _ = learned
    chance = np.random.default_rng(9)
    z = chance.standard_normal((3000, 10))
    figures = np.column_stack([z[:, 0] + 0.5 * z[:, 1] ** 2, np.tanh(2 * z[:, 2]), np.full(len(z), 3.0)])
    runs = figures + 0.2 + 0.3 * chance.standard_normal(figures.shape)
    judged = emulator.judged(z, runs, 0.09 * np.eye(3))
    left = judged(z) - figures
    assert np.allclose(left.mean(axis=0), 0.2, atol=0.03), "a bias is taken up"
    own = (left - left.mean(axis=0)).std(axis=0)
    assert np.allclose(np.sqrt(np.diag(judged.error))[:2], own[:2], rtol=0.35)


def test_a_careful_emulator_hears_less_of_weights_that_act_on_nothing():
    chance = np.random.default_rng(16)
    z, there = (chance.standard_normal((n, 40)) for n in (3000, 2000))

    def figures(x):
        return np.column_stack([x[:, 0] + np.tanh(x[:, 1] * x[:, 2]), x[:, 1]])

    runs, exact = figures(z) + 0.5 * chance.standard_normal((len(z), 2)), figures(there)
    plain = Care(1, 60, 4.0, 0.0, False)
    off = [
        np.mean((learn(z, runs, 1, None, care)(there) - exact) ** 2)
        for care in (plain, replace(plain, weighed=True))
    ]
    assert off[1] < 0.9 * off[0]


def test_the_chance_of_runs_is_told_from_pairs_and_shrinks_with_their_size():
    chance = np.random.default_rng(10)
    level = np.log(1500) + 0.3 * chance.standard_normal(2000)
    units = np.repeat([1 / 1000, 1 / 4000], 1000)
    spread = np.sqrt(0.01 + 60_000 * units / np.exp(level))
    one, two = (level + spread * chance.standard_normal(2000) for _ in (0, 1))
    found = chance_of(one[:, None], two[:, None], units, np.array([False]), np.array([np.log(1500)]))
    at = np.array([np.log(1500)])
    for size in (1000, 4000):
        exact = 0.01 + 60_000 / size / 1500
        assert found.covariance(at, 1 / size)[0, 0] == pytest.approx(exact, rel=0.2)


def test_a_likelihood_is_told_where_few_pairs_make_of_chance_what_is_no_covariance():
    asked = worlds.asked()
    extra = np.zeros((worlds.FIGURES, worlds.FIGURES))
    extra[:3, :3] = 50.0 * np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    assert np.linalg.eigvalsh(asked.around(extra).covariance)[0] < 0, "no covariance"
    assert np.isfinite(asked.around(extra)(np.zeros((2, worlds.FIGURES)))).all()


# which weights act


def test_a_weight_that_leaves_every_figure_to_the_last_bit_is_not_active():
    figures = np.ones((2 * 7, 2))
    figures[2, 1] += 1e-15  # the first weight, moved up at the first base
    figures[12, 0] = np.nan  # the third, at the second base
    frame = pd.DataFrame(figures, columns=["a", "b"]).assign(point=range(14))
    assert list(active_of(frame, ["a", "b"], 3)) == [0, 2]
    assert list(active_of(frame, ["b"], 3)) == [0]


# the checks of the method


def checked(kind: str = "right", truths: int = 120, seed: int = 12) -> Checked:
    """Truths of the linear world, fitted as the check fits them; or by a method that is wrong in one way."""
    chance, a = np.random.default_rng(seed), worlds.slopes()
    asked = worlds.asked()
    c = asked.covariance - asked.extra
    gain = a @ np.linalg.inv(a.T @ a + c)
    covariance = np.eye(worlds.WEIGHTS) - gain @ a.T
    root = np.linalg.cholesky(covariance)
    z = chance.standard_normal((truths, worlds.WEIGHTS))
    seen = asked.observed(z @ a, chance)
    rows: dict[str, list] = {f"{m}:{what}": [] for m in METHODS for what in (*TOLD, "energy")}
    for i in range(truths):
        values = seen[i] @ gain.T + chance.standard_normal((400, worlds.WEIGHTS)) @ root.T
        if kind == "narrow":
            values = values.mean(axis=0) + 0.7 * (values - values.mean(axis=0))
        elif kind == "prior":
            values = chance.standard_normal((400, worlds.WEIGHTS))
        low, high = np.quantile(values, (0.05, 0.95), axis=0)
        told = ((values < z[i]).mean(axis=0), high - low, values.std(axis=0), np.median(values, axis=0))
        for m in METHODS:
            for what, each in zip(TOLD, told, strict=True):
                rows[f"{m}:{what}"].append(each)
            rows[f"{m}:energy"].append([1.0])
    kinds = np.array(["weight"] * 40 + ["dummy"] * (worlds.WEIGHTS - 40))
    names = [f"w{i}" for i in range(worlds.WEIGHTS)]
    ones = np.ones(worlds.WEIGHTS)
    return Checked(names, kinds, z, ones, 3.29 * ones, {name: np.array(x) for name, x in rows.items()})


def failed(done: Checked, informed: list[str]) -> set[str]:
    table = verdicts(done, informed)
    assert list(table["passed"]) == sorted(table["passed"]), "what failed comes first"
    return {f"{row['check']}, {row['of']}" for row in table.to_dict("records") if verdict_of(row) == "failed"}


def test_a_sound_method_passes_every_check():
    done = checked()
    informed = [f"w{i}" for i in np.argsort(-done.contraction("weight"))[:5]]
    assert failed(done, informed) == set()


def test_intervals_that_are_too_narrow_fail():
    told = failed(checked("narrow"), ["w0"])
    assert "coverage of 90 % intervals, all weights that act" in told
    assert "uniform ranks, smallest corrected p, all weights that act" in told


def test_a_posterior_that_is_no_more_than_the_prior_fails_recovery():
    told = failed(checked("prior"), ["w0", "w1", "w2"])
    assert told == {"contraction beyond that of weights that act on nothing, informed weights"}


def test_weights_are_informed_beyond_what_dummies_seem_to_learn():
    accidents = np.random.default_rng(1).normal(0.02, 0.01, 40)
    assert threshold_of(accidents) == pytest.approx(accidents.mean() + BEYOND * accidents.std(ddof=1))
    table = methods_table(checked(), ["w0"])
    assert list(table["method"]) == list(METHODS) and table["coverage_weight"].between(0.88, 0.92).all()


def test_a_truth_is_fitted_by_both_methods_and_told_of_every_quantity():
    chance, a = np.random.default_rng(3), worlds.slopes()
    layers = ((a.astype(np.float32), np.zeros(worlds.FIGURES, np.float32)),)
    flat, one = np.zeros(worlds.FIGURES), np.ones(worlds.FIGURES)
    emulator = Emulator((layers,), flat, one, flat, 0.01 * np.eye(worlds.FIGURES))
    z = chance.standard_normal((80, worlds.WEIGHTS))
    told = effects_of(z, z @ a, z[:, :1] + 0.1 * chance.standard_normal((80, 1)), 1)
    start, truth = z, chance.standard_normal(worlds.WEIGHTS)
    asked = worlds.asked(truth @ a)
    score = told.scores(truth[None, :1], chance)[0]
    case = Truth(emulator, told, asked, (), start, truth, truth @ a, score, (1, 2))
    found = fit_truth(case)
    quantities = worlds.WEIGHTS + worlds.FIGURES + 1
    assert all(found[f"{m}:{what}"].shape == (quantities,) for m in METHODS for what in TOLD)
    assert all(0 <= found[f"{m}:rank"].min() and found[f"{m}:rank"].max() <= 1 for m in METHODS)
    assert all(found[f"{m}:energy"][0] > 0 for m in METHODS)
    again = fit_truth(case)
    assert all(np.array_equal(found[name], again[name]) for name in found), "the same case, the same answer"


def test_effects_are_told_from_the_weights_and_nothing_stays_nothing():
    chance = np.random.default_rng(14)
    z, figures = chance.standard_normal((900, 5)), chance.standard_normal((900, 2))
    effects = np.column_stack([np.exp(z[:, 0]), np.maximum(z[:, 1], 0.0)])
    effects[700:] = np.nan
    told = effects_of(z, figures, effects, 3)
    assert told.left[0] < 0.3
    scores = told.scores(effects[:700], chance)
    back = told.off_score(scores)
    assert np.mean(back[:, 1] == 0) == pytest.approx(0.5, abs=0.06)
    assert stats.kstest(scores[:, 1], "norm").pvalue > 0.01, "ties stand in any order"


def test_statistics_are_those_of_the_books():
    assert binomial(90, 100) == pytest.approx((0.8237774, 0.9509953), abs=1e-6)
    assert np.allclose(holm(np.array([0.01, 0.04, 0.03])), [0.03, 0.06, 0.06])
    even = np.tile((np.arange(80) + 0.5) / 80, (2, 1)).T
    assert np.allclose(uniform_p(even), 1.0)
