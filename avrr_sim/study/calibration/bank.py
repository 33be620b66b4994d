"""The bank of runs: a scenario simulated at many points of the priors, and what each run says of every
target.

Points are a scrambled Sobol sequence through the priors of all weights (a weight that the scenario pins is
left alone). Chance is no parameter: each point is simulated once, with a stream of chance of its own. Runs
are made in the frame of every study: chunks on disk as they come, gone on with after a stop, on this machine
or a cluster, the same bytes whoever computes them.

    runs/chunk-000000.parquet ...   the single runs, as those of a sweep
    bank.parquet                    one row a point: a column a target, and a column an effect (scenario less
                                    baseline)
    recipe.json                     what it was made from

The weights of a point are made again from the recipe (`point_of`), so that they need not be kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from avrr_sim.engines import table
from avrr_sim.engines.past import Past
from avrr_sim.engines.world import World, build_world
from avrr_sim.evidence import Weight, evidence_hash, load_evidence, value_at
from avrr_sim.outcomes import counted
from avrr_sim.posterior import fingerprint
from avrr_sim.programme import unknowns_of
from avrr_sim.refusals import refusal
from avrr_sim.scenario import Scenario
from avrr_sim.study.calibration.proposal import EDGE, Proposal
from avrr_sim.study.calibration.targets import Targets
from avrr_sim.study.folder.chunks import SCHEMA, Chunks, chunk_size, cut
from avrr_sim.study.folder.frame import Block, Work
from avrr_sim.study.folder.identity import digest_of
from avrr_sim.study.folder.provenance import library_versions
from avrr_sim.study.folder.sealed import write_parquet
from avrr_sim.study.folder.whole import write_whole
from avrr_sim.study.jobs.executor import check_worker
from avrr_sim.study.patterns.catalogue import pattern_statistics
from avrr_sim.study.published.figure import PublishedFigure
from avrr_sim.version import VERSION

EFFECT_MEASURES = ("uptake_24", "drop_out_12", "assisted_departures", "missing_24")
"""Measures whose differences from the baseline are followed for every scenario of `effects`."""

EFFECT_SHARE, CLOSER_EFFECT_SHARE, PATTERN_SHARE = 4, 2, 8
"""Effects are simulated at one point in so many of a bank through the priors, and of a second bank; patterns
at one in so many of either: the first points of the sequence, for both cost several runs a point."""


@dataclass(frozen=True)
class Bank:
    """A bank to be made. `widths` scales the width of every prior, `pins` holds weights at values of their
    own (both for rivals of the model).

    `everywhere`: effects are simulated at every point. `proposal`: where a second bank looks, after a first
    one has shown that few points of the priors come near the figures; None: through the priors.
    """

    targets: Targets
    widths: float = 1.0
    pins: Mapping[str, float] = field(default_factory=dict)
    proposal: Proposal | None = None
    everywhere: bool = False

    @property
    def points(self) -> int:
        return self.targets.points

    @property
    def with_effects(self) -> int:
        """Points, the first of the sequence, at which the scenarios of `effects` are simulated too."""
        share = 1 if self.everywhere else CLOSER_EFFECT_SHARE if self.proposal else EFFECT_SHARE
        return self.points // share if self.targets.effects else 0

    @property
    def with_patterns(self) -> int:
        """Points at which patterns are tried."""
        return self.points // PATTERN_SHARE if self.targets.patterns else 0

    @cached_property
    def priors(self) -> dict[str, Weight]:
        """The weights that vary, by name: all but the pinned ones."""
        every = {**load_evidence(), **unknowns_of(self.targets.scenario.programmes)}
        return {
            name: weight
            for name, weight in every.items()
            if name not in {**self.targets.scenario.weights, **self.pins}
        }

    @cached_property
    def z(self) -> np.ndarray:
        """(points, weights) normal quantiles of the priors: the Sobol sequence, moved to where the proposal
        looks.
        """
        from scipy.special import ndtri
        from scipy.stats import qmc

        sampler = qmc.Sobol(len(self.priors), scramble=True, seed=np.random.default_rng(self.targets.seed))
        normal = ndtri(np.clip(sampler.random(self.points), EDGE, 1.0 - EDGE))
        return normal if self.proposal is None else self.proposal.moved(normal)

    def weights_at(self, z: np.ndarray) -> dict[str, float]:
        """All weights where the varied ones stand at quantiles `z` (weights,) of their priors."""
        drawn = {
            name: value_at(weight, float(self.widths * each))
            for (name, weight), each in zip(self.priors.items(), z, strict=True)
        }
        return {**drawn, **self.targets.scenario.weights, **self.pins}

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Everything that the bank depends on."""
        chosen = self.targets
        scenarios = [scenario.stated() for scenario in (chosen.scenario, *chosen.effects)]
        return {
            "targets": [t.stated() for t in chosen.targets],
            "effects": [s.key for s in chosen.effects],
            "patterns": list(chosen.patterns),
            "points": chosen.points,
            "size": chosen.size,
            "seed": chosen.seed,
            "widths": self.widths,
            "pins": dict(self.pins),
            "proposal": self.proposal.digest if self.proposal else None,
            "fingerprint": fingerprint(),
            "scenarios": hashlib.sha256(json.dumps(scenarios, sort_keys=True).encode()).hexdigest()[:16],
            **({"everywhere": True} if self.everywhere else {}),
        }

    @cached_property
    def simulated(self) -> dict[str, Any]:
        """Everything that the runs depend on: what targets say of a figure may change without a run being
        made again.
        """
        names = ("id", "measure", "first", "last", "group")
        targets = [{name: target[name] for name in names} for target in self.identity["targets"]]
        return {**self.identity, "targets": targets}

    @cached_property
    def digest(self) -> str:
        """Hash of what the runs depend on."""
        return digest_of(self.simulated)


@dataclass(frozen=True)
class Point:
    """What one point of a bank asks for, small enough to be sent to another machine."""

    number: int
    weights: Mapping[str, float]
    scenario: Scenario
    effects: tuple[Scenario, ...]
    patterns: tuple[str, ...]
    targets: tuple[PublishedFigure, ...]
    seed: int
    size: int
    made_with: tuple[str, str]


def figures_of(world: World, targets: Sequence[PublishedFigure]) -> dict[str, float]:
    """What a run says of every target, by the target's name, in the unit of its measure; NaN where nobody is
    in it.
    """
    taken = {window: counted(world, window) for window in {(t.first, t.last) for t in targets}}
    return {t.id: taken[t.first, t.last].value(t.measure, *t.group) for t in targets}


def run_point(point: Point) -> dict[str, float]:
    """Simulate a point: targets by name, effects as `<scenario>:<measure>`, patterns as `pattern:<id>`.

    Raises RuntimeError where this process has other evidence or another version than the bank.
    """
    check_worker(point.made_with, (evidence_hash(), VERSION))
    chance = (point.seed, point.number, 0)
    past = Past(point.scenario, point.weights, chance, point.size)
    world = table.run(
        past.at_window(point.scenario, point.weights)
        if point.effects
        else build_world(point.scenario, dict(point.weights), *chance, point.size)
    )
    found = figures_of(world, point.targets)
    base = overall(world) if point.effects else {}
    for scenario in point.effects:
        here = overall(table.run(past.at_window(scenario, {**point.weights, **scenario.weights})))
        found |= {f"{scenario.key}:{measure}": here[measure] - base[measure] for measure in EFFECT_MEASURES}
    if point.patterns:
        tried = pattern_statistics(point.patterns, point.weights, point.seed, point.number, point.size)
        found |= {f"pattern:{key}": value for key, value in tried.items()}
    return found


def overall(world: World) -> dict[str, float]:
    """Measures for everybody over the scenario's own window."""
    return counted(world).measures.everybody()


def point_of(bank: Bank, number: int) -> Point:
    """What a bank asks for at one of its points."""
    chosen = bank.targets
    return Point(
        number,
        bank.weights_at(bank.z[number]),
        chosen.scenario,
        chosen.effects if number < bank.with_effects else (),
        chosen.patterns if number < bank.with_patterns else (),
        chosen.targets,
        chosen.seed,
        chosen.size,
        (evidence_hash(), VERSION),
    )


def _chunk_rows(done: list[tuple[int, dict[str, float]]]) -> pa.Table:
    """Rows of finished points in the form that chunks have."""
    rows = [(number, key, value) for number, found in done for key, value in found.items()]
    if not rows:
        return SCHEMA.empty_table()
    numbers, keys, values = zip(*rows, strict=True)
    n = len(rows)
    return pa.table(
        [
            pa.array(["bank"] * n),
            pa.array(numbers, pa.int64()),
            pa.array([0] * n, pa.int64()),
            pa.array(["all"] * n),
            pa.array(["all"] * n),
            pa.array(keys),
            pa.array(values, pa.float64()),
            pa.array([0.0] * n),
        ],
        schema=SCHEMA,
    )


def make_bank(bank: Bank, work: Work, name: str, unit: str = "runs") -> pd.DataFrame:
    """Run whatever of a bank is not in its folder yet (`name` in that of the study) and give it whole: one
    row a point that succeeded, `point` first. `unit`: what progress calls its runs.

    Raises `Refusal` where the folder holds another bank through the priors, RunsFailed where no point
    succeeded, OSError where the disk is full; finished chunks stay.
    """
    folder = work.folder / name
    chunks = Chunks(folder, bank.digest, derived=bank.proposal is not None)
    every = cut(range(bank.points), chunk_size(bank.points))
    work.run_some(
        Block(
            every,
            work.good_chunks(chunks),
            task_of=partial(point_of, bank),
            worker=run_point,
            named=lambda number: {"scenario": "bank", "draw": number, "replicate": 0},
            write=lambda number, done, failed: chunks.write(number, _chunk_rows(done), failed),
            unit=unit,
        )
    )
    table = _table_of(chunks, list(every), bank)
    write_parquet(table, folder / "bank.parquet")
    recipe = {
        **bank.identity,
        "digest": bank.digest,
        "points_done": len(table),
        "bank_hash": bank_hash(table),
        "libraries": library_versions(),
    }
    write_whole(folder / "recipe.json", json.dumps(recipe, indent=2, ensure_ascii=False))
    return table


def _table_of(chunks: Chunks, numbers: list[int], bank: Bank) -> pd.DataFrame:
    """The chunks as one row a point, in single precision."""
    long = pd.concat([t.to_pandas() for t in chunks.tables(numbers, ("draw", "measure", "value"))])
    wide = long.assign(measure=long["measure"].astype(str)).pivot(
        index="draw", columns="measure", values="value"
    )
    columns = [
        *(target.id for target in bank.targets.targets),
        *effect_names(bank.targets),
        *(f"pattern:{key}" for key in bank.targets.patterns),
    ]
    kept = wide.reindex(columns=columns).astype("float32")
    kept.columns.name = None
    return kept.rename_axis("point").reset_index()


def effect_names(targets: Targets) -> list[str]:
    """Columns of a bank that hold effects, `<scenario>:<measure>`."""
    return [f"{scenario.key}:{measure}" for scenario in targets.effects for measure in EFFECT_MEASURES]


def bank_hash(table: pd.DataFrame) -> str:
    """Hash of a bank's figures."""
    return hashlib.sha256(np.ascontiguousarray(table.to_numpy(np.float64)).tobytes()).hexdigest()[:16]


def check_reach(bank: Bank, table: pd.DataFrame) -> None:
    """Raises `Refusal` for a fitted target that no run of the bank comes near: then no weights within their
    priors could reach it.
    """
    for target in bank.targets.targets:
        values = target.on_scale(table[target.id].dropna())
        low, high = (target.on_scale(end) for end in (target.low, target.high))
        if target.role == "fit" and (
            not len(values)
            or values.max() < low - _REACH * target.spread
            or values.min() > high + _REACH * target.spread
        ):
            span = (
                f"{table[target.id].min():.4g} to {table[target.id].max():.4g}" if len(values) else "nobody"
            )
            raise refusal(
                f"no run can reach {target.low:g}{f' to {target.high:g}' if target.ranged else ''} "
                f"({target.measure}, {target.window}): runs at all "
                f"{len(table)} points of the priors give {span}",
                file=bank.targets.file,
                path=("targets", target.id),
                allowed="a figure that the model can give, a larger discrepancy, or role: check",
            )


_REACH = 2.0  # standard deviations of a target's own error by which it may lie outside all runs
