"""The project's own fit beside that of an independent library, sbi, on the same runs, figures and errors.

sbi brings PyTorch and is no dependency, so it has an environment of its own (Python 3.11 or later, about 1.5
GB):

    python3.11 -m venv crossenv
    crossenv/bin/pip install torch==2.13.0 sbi==0.27.0 --editable .
    crossenv/bin/python tests/crosscheck.py CALIBRATION_FOLDER [--into docs/crosscheck.md] [--stale]

CALIBRATION_FOLDER is what `avrr calibrate --out` wrote (bank-1, bank-2), or avrr_sim/calibration, which holds
the same two banks. Two questions are put to both methods, weights and effects by networks of their own
(effects are not known at every point):

    figures    which points of the last bank of runs belong to the published figures, errors included; what
               the bank was drawn from is the prior
    shipped    the whole posterior: ranges and patterns weigh points, and the prior is the prior of the
               weights

Ours: regression-adjusted rejection (`avrr_sim/study/calibration/fitting.py`). Theirs: neural posterior
estimation, with a masked autoregressive flow (Papamakarios and Murray 2016, arXiv:1605.06376; Papamakarios,
Pavlakou and Murray 2017, arXiv:1705.07057). Planted quantities, made from the figures with chance, have
posteriors known exactly: a method that is wrong is found out there, whatever the other says.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from avrr_sim.study.calibration.bank import EFFECT_MEASURES, Bank, bank_hash
from avrr_sim.study.calibration.fitting import KEPT, Fit, Problem, fit, problem_of, proposal_of
from crosscheck_posterior import ENDS, NORMAL_ENDS, PLANTED, Posterior, beside, planted, summed
from crosscheck_text import as_text

import avrr_sim
from avrr_sim.evidence import value_at
from avrr_sim.study.calibration.tables import contraction_of, effect_posterior, quantiles_of, scores
from avrr_sim.study.calibration.targets import load_targets

ROOT = Path(__file__).resolve().parent.parent
TARGETS = ROOT / "experiments" / "calibration-norway.yaml"

INFORMED, DRIVEN = 8, 4
"""Weights compared: the most contracted by our fit, and as many in the middle of the list, where the prior
rules.
"""

SEEDS = (1, 2, 3)
"""Of sbi: start of the network, order of the points, the tenth of them that says when to stop, and draws."""

DRAWS = 20_000  # of each of sbi's posteriors: its own chance is then far below that of the network
HIDDEN, LAYERS = 24, 3  # a small network, for a few thousand points
BATCH = 200  # points a step
RESAMPLED = 200  # bootstrap samples of the bank, for the scatter of our own fit


@dataclass(frozen=True)
class Loaded:
    """A calibration: the last bank with its quantiles, the problem as shipped, effects (points, effects) of
    that bank and of the first, and their names.
    """

    bank: Bank
    table: pd.DataFrame
    problem: Problem
    effects: np.ndarray
    first_effects: np.ndarray
    effect_names: list[str]


def load(folder: Path, stale: bool) -> Loaded:
    """A calibration folder, or the shipped one. Exits where its runs belong to another version of the model
    and `stale` is not set.
    """

    def table(number: int) -> pd.DataFrame | None:
        files = [
            path
            for path in (folder / f"bank-{number}" / "bank.parquet", folder / f"bank-{number}.parquet")
            if path.is_file()
        ]
        return pd.read_parquet(files[0]) if files else None

    prior, second = table(1), table(2)
    if prior is None:
        raise SystemExit(f"{folder}: holds neither bank-1/bank.parquet nor bank-1.parquet")
    recipes = [
        path
        for path in (
            folder / "recipe.json",
            folder / "bank-2" / "recipe.json",
            folder / "bank-1" / "recipe.json",
        )
        if path.is_file()
    ]
    recipe = json.loads(recipes[0].read_text(encoding="utf-8"))
    targets = replace(load_targets(TARGETS), points=recipe["points"])
    bank = Bank(targets)
    before = bank.z[prior["point"].to_numpy()]
    chosen, z, problem = prior, before, problem_of(targets, prior, before)
    if second is not None:
        bank = Bank(targets, proposal=proposal_of(targets, prior, before))
        chosen, z = second, bank.z[second["point"].to_numpy()]
        problem = problem_of(targets, second, z, bank.proposal.importance(z), (prior, before))
    if bank.digest != recipe["digest"] and not stale:
        raise SystemExit(
            f"{folder}: runs of another version of the model or of other targets; --stale takes "
            "them all the same"
        )
    names = [f"{scenario.key}:{measure}" for scenario in targets.effects for measure in EFFECT_MEASURES]
    return Loaded(bank, chosen, problem, chosen[names].to_numpy(float), prior[names].to_numpy(float), names)


def ours(problem: Problem, values: np.ndarray, scored: np.ndarray) -> tuple[Posterior, Fit]:
    """Our fit of values (points, weights and planted quantities) and of effects on normal scores (points,
    effects), as `avrr calibrate` makes it.
    """
    found = fit(problem)
    return beside(
        summed(found.adjusted(values), found.weights), summed(*effect_posterior(found, scored))
    ), found


def scatter_of_ours(problem: Problem, values: np.ndarray, scored: np.ndarray) -> np.ndarray:
    """Standard deviation of our medians over bootstrap samples of the bank."""
    chance = np.random.default_rng(RESAMPLED)
    medians = []
    for _ in range(RESAMPLED):
        rows = chance.integers(len(values), size=len(values))
        again = Problem(
            problem.z[rows],
            problem.figures[rows],
            problem.published,
            problem.factor[rows],
            problem.importance[rows],
        )
        medians.append(ours(again, values[rows], scored[rows])[0].median)
    return np.std(medians, axis=0, ddof=1)


def drawn(
    theta: np.ndarray, x: np.ndarray, published: np.ndarray, seed: int
) -> tuple[np.ndarray, float, int]:
    """sbi's posterior given the published figures: draws (DRAWS, quantities), mean log density of the points
    held back, and epochs, for theta (points, quantities), x (points, figures).

    In the first round of sbi the prior only bounds where draws may lie; what the points were drawn from is
    the prior that is learned.
    """
    import torch
    from sbi.inference import NPE
    from sbi.neural_nets import posterior_nn
    from sbi.utils.tracking import TensorBoardTracker
    from torch.utils.tensorboard import SummaryWriter

    torch.manual_seed(seed)
    np.random.seed(seed)
    anywhere = torch.distributions.MultivariateNormal(torch.zeros(theta.shape[1]), torch.eye(theta.shape[1]))
    # else it leaves a folder of logs where it is called
    with TemporaryDirectory() as away, SummaryWriter(away) as log:
        method = NPE(
            prior=anywhere,
            density_estimator=posterior_nn(model="maf", hidden_features=HIDDEN, num_transforms=LAYERS),
            tracker=TensorBoardTracker(log),
            show_progress_bars=False,
        )
        method.append_simulations(
            torch.as_tensor(theta, dtype=torch.float32), torch.as_tensor(x, dtype=torch.float32)
        )
        network = method.train(training_batch_size=BATCH)
    posterior = method.build_posterior(network)
    found = (
        posterior.sample(
            (DRAWS,), x=torch.as_tensor(published[None], dtype=torch.float32), show_progress_bars=False
        )
        .numpy()
        .astype(float)
    )
    return (
        found,
        -float(method.summary["best_validation_loss"][-1]),
        int(method.summary["epochs_trained"][-1]),
    )


def theirs(problem: Problem, quantities: np.ndarray, seed: int) -> tuple[Posterior, str]:
    """sbi's posterior of quantities (points, quantities), from the points at which they are known, and a
    note.

    Where points have weights (ranges, patterns, prior over proposal), the weight is learned as one quantity
    more, and draws count by what they draw of it: the mean of the weight at given quantities and figures is
    what the posterior is multiplied with.
    """
    weight = problem.factor * problem.importance
    known = (weight > 0) & ~np.isnan(quantities).any(axis=1)
    even = np.ptp(weight[known]) == 0
    mark = scores(weight[known][:, None])
    theta = quantities[known] if even else np.hstack([quantities[known], mark])
    found, density, epochs = drawn(theta, problem.figures[known], problem.published, seed)
    if even:
        return summed(found), f"{known.sum()} points, {epochs} epochs, log density {density:.2f}"
    counts = np.interp(found[:, -1], np.sort(mark[:, 0]), np.sort(weight[known]))
    worth = counts.sum() ** 2 / np.sum(counts**2)
    return summed(
        found[:, :-1], counts
    ), f"{known.sum()} points, {epochs} epochs, log density {density:.2f}, {DRAWS} draws worth {worth:.0f}"


def question(name: str, loaded: Loaded) -> Problem:
    """The problem of one of the two questions."""
    if name == "shipped":
        return loaded.problem
    return replace(
        loaded.problem,
        factor=(loaded.problem.factor > 0).astype(float),
        importance=np.ones(len(loaded.table)),
    )


def chosen_weights(loaded: Loaded) -> list[int]:
    """Columns of z: the most contracted ones, and those in the middle of the list."""
    order = np.argsort(-contraction_of(fit(loaded.problem), loaded.problem.z), kind="stable")
    middle = (len(order) - DRIVEN) // 2
    return [*order[:INFORMED], *order[middle : middle + DRIVEN]]


def compared(name: str, loaded: Loaded, say=print) -> tuple[pd.DataFrame, list[str]]:
    """One row a quantity, in the unit of the quantity, and notes on how it was found.

    prior_, ours_, sbi_ low, median and high; difference: of sbi's median from ours in posterior standard
    deviations; width: sbi's interval over ours, both on the scale of fitting; scatter_ours, scatter_sbi:
    standard deviation of the medians, in posterior standard deviations, over bootstrap samples of the bank
    and over seeds.
    """
    problem = question(name, loaded)
    columns = chosen_weights(loaded)
    plants, exact = planted(problem.figures, problem.published)
    scored = scores(loaded.effects)
    values = np.hstack([problem.z[:, columns], plants])
    mine, found = ours(problem, values, scored)
    share = effect_posterior(found, scored)[1]
    notes = [
        f"Ours: {len(found.rows)} of {len(loaded.table)} points kept ({KEPT:.0%}), worth "
        f"{found.effective:.0f} of equal weight; effects are known at {len(share)} of them, "
        f"worth {1 / np.sum(share**2):.0f}."
    ]
    say(notes[-1])
    runs, begun = [], time.process_time()
    for seed in SEEDS:
        parts = [theirs(problem, block, seed) for block in (values, scored)]
        runs.append(beside(*(part for part, _ in parts)))
        notes.append(f"sbi, seed {seed}: weights from {parts[0][1]}; effects from {parts[1][1]}.")
        say(notes[-1], f"{time.process_time() - begun:.0f} s")
    stack = {part: np.array([getattr(run, part) for run in runs]) for part in ("low", "median", "high", "sd")}
    its = Posterior(*(stack[part].mean(axis=0) for part in ("low", "median", "high", "sd")))
    sd = np.sqrt((mine.sd**2 + its.sd**2) / 2)
    labels = [list(loaded.bank.priors)[j] for j in columns] + list(PLANTED) + loaded.effect_names
    kinds = (
        ["informed"] * INFORMED
        + ["prior-driven"] * DRIVEN
        + ["planted"] * len(PLANTED)
        + ["effect"] * len(loaded.effect_names)
    )
    frame = pd.DataFrame(
        {
            "quantity": labels,
            "kind": kinds,
            **in_units(name, loaded, columns, values, mine, its),
            "difference": (its.median - mine.median) / sd,
            "width": (its.high - its.low) / (mine.high - mine.low),
            "scatter_ours": scatter_of_ours(problem, values, scored) / sd,
            "scatter_sbi": stack["median"].std(axis=0, ddof=1) / sd,
        }
    )
    at = slice(len(columns), len(columns) + len(PLANTED))
    for part in ("low", "median", "high"):
        frame.loc[frame["kind"] == "planted", f"exact_{part}"] = getattr(exact, part)
    for who, post in (("ours", mine), ("sbi", its)):
        frame.loc[frame["kind"] == "planted", f"off_{who}"] = (post.median[at] - exact.median) / exact.sd
        frame.loc[frame["kind"] == "planted", f"width_{who}"] = (post.high[at] - post.low[at]) / (
            exact.high - exact.low
        )
    return frame, notes


def in_units(
    name: str, loaded: Loaded, columns: list[int], values: np.ndarray, mine: Posterior, its: Posterior
) -> dict[str, np.ndarray]:
    """Prior, ours and sbi's intervals in the units of the quantities: low, median and high of each, by column
    name.
    """
    weights = [list(loaded.bank.priors.values())[j] for j in columns]
    scored = scores(loaded.effects)
    own_prior = name == "shipped"
    before = quantiles_of(values, np.full(len(values), 1 / len(values)))
    if own_prior:
        before[:, : len(columns)] = NORMAL_ENDS[:, None]
    effects_before = np.nanquantile(loaded.first_effects if own_prior else loaded.effects, ENDS, axis=0)
    out = {}
    for i, part in enumerate(("low", "median", "high")):
        for who, post in (("prior", None), ("ours", mine), ("sbi", its)):
            z = before[i] if post is None else getattr(post, part)
            natural = [value_at(weight, float(each)) for weight, each in zip(weights, z, strict=False)]
            planted_part = z[len(columns) : len(columns) + len(PLANTED)]
            effects = (
                effects_before[i]
                if post is None
                else _unscored(z[len(columns) + len(PLANTED) :], scored, loaded.effects)
            )
            out[f"{who}_{part}"] = np.concatenate([natural, planted_part, effects])
    return out


def _unscored(marks: np.ndarray, scored: np.ndarray, effects: np.ndarray) -> np.ndarray:
    """Normal scores as effects in their own unit."""
    known = ~np.isnan(effects)
    return np.array(
        [
            np.interp(mark, np.sort(scored[known[:, j], j]), np.sort(effects[known[:, j], j]))
            for j, mark in enumerate(marks)
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--into", type=Path, help="document whose part between the marks is replaced")
    parser.add_argument("--stale", action="store_true", help="take runs of another version of the model")
    given = parser.parse_args()
    import torch

    torch.set_num_threads(1)
    loaded = load(given.folder, given.stale)
    text = [
        f"Python {platform.python_version()}, sbi {version('sbi')}, torch {version('torch')}; "
        f"avrr_sim {avrr_sim.__version__}, {len(loaded.table)} runs of "
        f"{loaded.bank.targets.size:,} units each, seed {loaded.bank.targets.seed}, bank "
        f"`{bank_hash(loaded.table)}`."
    ]
    for name in ("figures", "shipped"):
        frame, notes = compared(name, loaded, lambda *words: print(*words, file=sys.stderr, flush=True))
        text.append(as_text(name, frame, notes))
    whole = "\n\n".join(text)
    print(whole)
    if given.into:
        start, end = "<!-- crosscheck: begin -->", "<!-- crosscheck: end -->"
        document = given.into.read_text(encoding="utf-8")
        head, _, rest = document.partition(start)
        given.into.write_text(f"{head}{start}\n\n{whole}\n\n{end}{rest.partition(end)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
