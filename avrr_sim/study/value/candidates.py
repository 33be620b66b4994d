"""What is ranked: weights, groups of them, published figures, studies that could be done; each as data that
one would have, simulated from every draw.

Data of a study or figure carry the chance of the run they come from. They are therefore set against the
difference in other replicates, or chance that both share would count as information.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from avrr_sim.evidence import Weight
from avrr_sim.study.published.figure import FIT, PublishedFigure
from avrr_sim.study.value.groups import groups_of
from avrr_sim.study.value.material import Effect, Material, noise_of
from avrr_sim.study.value.regression import (
    BLOCKS,
    DUMMIES,
    NULL_LINE,
    Explained,
    blocks_of,
    explained,
    permuted,
)
from avrr_sim.study.value.studies import Answer, PossibleStudy

DATA_SETS = 4
"""How often the data of a study or figure are simulated from every draw; what they explain is averaged."""

NINE_TENTHS = 1.645
"""Standard errors within which nine tenths of a normal lie."""

Error = TypeVar("Error", float, np.ndarray)
Half = tuple[int, ...] | None
"""Replicates of the difference that data are set against; None: all."""


@dataclass(frozen=True)
class Candidate:
    """One thing that could be known. data: what would be seen in every draw, (draws, columns), each with the
    replicates that it is set against; about: what stands beside its name.
    """

    kind: str
    name: str
    label: str
    about: Mapping[str, str]
    data: Sequence[tuple[np.ndarray, Half]]


@dataclass(frozen=True)
class Worth:
    """Share of the variance of a difference that knowing a candidate would remove, with its Monte Carlo
    error (a jackknife over blocks of draws), the null line and what is predicted of unseen draws, as shares
    too.
    """

    share: float
    error: float
    line: float
    unseen: float

    @property
    def above(self) -> bool:
        """Whether it stands out from chance: above what dummies reach in one case of twenty, and above its
        own error, which a few extreme draws make large.
        """
        return self.share > max(self.line, NINE_TENTHS * self.error)


def known_weights(material: Material) -> list[Candidate]:
    """Every weight, and every group of weights, as if it were known exactly."""
    weights = material.weights
    single = [
        Candidate("weight", name, name, _about(weight), [(material.scores[name][:, None], None)])
        for name, weight in weights.items()
    ]
    grouped = [
        Candidate(
            group.kind,
            group.name,
            group.name.replace("_", " "),
            {"meaning": group.meaning, "weights": ", ".join(group.weights)},
            [(np.column_stack([material.scores[name] for name in group.weights]), None)],
        )
        for group in groups_of(weights)
    ]
    return [*single, *grouped]


def _about(weight: Weight) -> dict[str, str]:
    return {"meaning": weight.meaning, "grade": weight.grade, "basis": weight.basis}


def _random(material: Material, name: str) -> np.random.Generator:
    """Chance of its own for each candidate, the same in every execution."""
    return np.random.default_rng([material.plan.seed % 2**32, zlib.crc32(name.encode())])


def halved_figures(
    material: Material, figures: Sequence[PublishedFigure], told: Mapping[str, np.ndarray]
) -> list[Candidate]:
    """Published figures as if their error were half of what it is; told: what runs of each draw say of
    each, by its name, (draws, replicates).

    Of the posterior, which knows the figure with its error already, that is a second figure whose error is
    the first one's over the root of three; of the priors, and for figures that nothing was fitted to, a
    figure with half of the error.
    """
    found = []
    for figure in figures:
        known = material.plan.weights == "posterior" and figure.role == FIT
        error = figure.spread / (np.sqrt(3.0) if known else 2.0)
        runs = figure.on_scale(_filled(told[figure.id]))
        values, error = runs.mean(axis=1), _less_chance(error, runs, runs.shape[1])
        chance = _random(material, f"figure {figure.id}")
        data: list[tuple[np.ndarray, Half]] = [
            ((values + error * chance.standard_normal(len(values)))[:, None], None) for _ in range(DATA_SETS)
        ]
        about = {"window": figure.window, "source": figure.source}
        found.append(Candidate("figure", figure.id, f"{figure.id}: {figure.figure}", about, data))
    return found


def _filled(values: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(values), np.nanmedian(values), values)


def done_studies(
    material: Material, studies: Sequence[PossibleStudy], arm_of: Callable[[PossibleStudy], tuple[int, ...]]
) -> list[Candidate]:
    """Studies as if they had been done; arm_of: the numbers of the scenarios in which a study measures,
    one, or the two of which it measures the difference.
    """
    return [
        Candidate(
            "study",
            study.name,
            study.name,
            {"meaning": study.asks, "whom": study.whom, "study_kind": study.kind, "source": study.source},
            _data_of(material, study, arm_of(study)),
        )
        for study in studies
    ]


def halves(replicates: int) -> list[tuple[Half, Half]]:
    """(replicates that data are from, replicates of the difference): two halves, either way; with one
    replicate the same for both.
    """
    if replicates == 1:
        return [((0,), (0,))]
    first, second = tuple(range(replicates // 2)), tuple(range(replicates // 2, replicates))
    return [(first, second), (second, first)]


def _data_of(
    material: Material, study: PossibleStudy, arms: tuple[int, ...]
) -> list[tuple[np.ndarray, Half]]:
    chance = _random(material, f"study {study.name}")
    return [
        (
            np.column_stack([_seen(material, study, each, arms, source, chance) for each in study.measured]),
            against,
        )
        for source, against in halves(material.plan.replicates)
        for _ in range(DATA_SETS)
    ]


def _seen(
    material: Material,
    study: PossibleStudy,
    each: Answer,
    arms: tuple[int, ...],
    source: Half,
    chance: np.random.Generator,
) -> np.ndarray:
    """What a study would see of one thing in every draw: the truth of the draw and an error. What finite
    runs leave in the truth counts as a part of that error, which is not added twice.
    """
    if each.weight is not None:
        truth = material.on_scale(each.weight)
        return truth + study.error(each, truth) * chance.standard_normal(len(truth))
    some = list(source or ())
    levels = [material.level(k, str(each.measure), *each.group) for k in arms]
    runs = levels[-1] - levels[0] if len(arms) > 1 else levels[0]
    error = study.error(each, *(level[:, some].mean(axis=1) for level in levels))
    truth, error = runs[:, some].mean(axis=1), _less_chance(error, runs, len(some))
    return truth + error * chance.standard_normal(len(truth))


def _less_chance(error: Error, runs: np.ndarray, averaged: int) -> Error:
    """An error without that part which the chance of finite runs brings already; runs: (draws, replicates),
    of which so many are averaged.
    """
    chance = noise_of(runs)
    brought = 0.0 if chance is None else chance * runs.shape[1] / averaged
    return np.sqrt(np.maximum(error**2 - brought, 0.0))


def dummies_of(material: Material) -> np.ndarray:
    """Permutations by which the null line is drawn, the same for every candidate."""
    return permuted(material.rows, DUMMIES, _random(material, "dummies"))


def worth_of(candidate: Candidate, effect: Effect, rows: np.ndarray, dummies: np.ndarray) -> Worth:
    """What a candidate would remove of the variance of an effect."""
    parts = []
    for data, half in candidate.data:
        y = effect.mean if half is None else effect.values[:, list(half)].mean(axis=1)
        parts.append(explained(data, y, rows, dummies))
    return _worth(parts, effect, blocks_of(rows))


def _worth(parts: Sequence[Explained], effect: Effect, blocks: np.ndarray) -> Worth:
    whole = effect.variance
    without = np.array(
        [
            np.mean([part.left_out[b] for part in parts]) / effect.variance_of(blocks != b)
            for b in range(BLOCKS)
            if (blocks == b).any()
        ]
    )
    n = len(without)
    error = float(np.sqrt((n - 1) / n * np.sum((without - without.mean()) ** 2)))
    dummies = np.mean([part.dummies for part in parts], axis=0)
    return Worth(
        float(np.mean([part.variance for part in parts])) / whole,
        error,
        float(np.quantile(dummies, NULL_LINE)) / whole,
        float(np.mean([part.unseen for part in parts])) / whole,
    )
