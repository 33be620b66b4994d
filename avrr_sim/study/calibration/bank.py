"""The bank of runs: a scenario simulated at many points of the priors, and what each run says of every
target.

Points are a scrambled Sobol sequence through the priors of all weights (a weight that the scenario pins is
left alone). Chance is no parameter: each point is simulated once, with a stream of chance of its own. Runs
are made through the machinery of sweeps: chunks on disk as they come, gone on with after a stop, on this
machine or a cluster, the same bytes whoever computes them.

    runs/chunk-000000.parquet ...   the single runs, as those of a sweep
    bank.parquet                    one row a point: a column a target, and a column an effect (scenario less
                                    baseline)
    recipe.json                     what it was made from

The weights of a point are made again from the recipe (`points_of`), so that they need not be kept.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from avrr_sim.engines import table
from avrr_sim.engines.world import World, branch, build_world, resume, same_past
from avrr_sim.evidence import evidence_hash, load_evidence, value_at
from avrr_sim.outcomes import outcomes_of
from avrr_sim.posterior import fingerprint
from avrr_sim.programme import unknowns_of
from avrr_sim.refusals import refusal
from avrr_sim.scenario import Scenario
from avrr_sim.setting import programmes_of
from avrr_sim.study.calibration.proposal import _EDGE, Proposal
from avrr_sim.study.calibration.targets import Target, Targets
from avrr_sim.study.folder.chunks import SCHEMA, Chunks, Lock, chunk_size
from avrr_sim.study.folder.provenance import library_versions
from avrr_sim.study.folder.whole import write_parquet, write_whole
from avrr_sim.study.jobs.executor import in_order, open_executor
from avrr_sim.study.patterns.catalogue import pattern_statistics
from avrr_sim.version import VERSION

EFFECT_MEASURES = ("uptake_24", "drop_out_12", "assisted_departures", "missing_24")
"""Measures whose differences from the baseline are followed for every scenario of `effects`."""

EFFECT_SHARE, CLOSER_EFFECT_SHARE, PATTERN_SHARE = 4, 2, 8
"""Effects are simulated at one point in so many of a bank through the priors, and of a second bank; patterns
at one in so many of either: the first points of the sequence, for both cost several runs a point."""

Progress = Callable[[int], AbstractContextManager]


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
    def priors(self) -> dict:
        """The weights that vary, by name: all but the pinned ones."""
        every = {**load_evidence(), **unknowns_of(programmes_of(self.targets.scenario))}
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
        normal = ndtri(np.clip(sampler.random(self.points), _EDGE, 1.0 - _EDGE))
        return normal if self.proposal is None else self.proposal.moved(normal)

    def weights_at(self, z: np.ndarray) -> dict[str, float]:
        """All weights where the varied ones stand at quantiles `z` (weights,) of their priors."""
        drawn = {
            name: value_at(weight, float(self.widths * each))
            for (name, weight), each in zip(self.priors.items(), z, strict=True)
        }
        return {**drawn, **self.targets.scenario.weights, **self.pins}

    @cached_property
    def identity(self) -> dict:
        """Everything that the bank depends on."""
        chosen = self.targets
        scenarios = [scenario.resolved() for scenario in (chosen.scenario, *chosen.effects)]
        return {
            "targets": [asdict(t) for t in chosen.targets],
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
    def digest(self) -> str:
        """Hash of what the runs depend on: what targets say of a figure may change without a run being made
        again.
        """
        simulated = [
            {key: t[key] for key in ("id", "measure", "first", "last", "group")}
            for t in self.identity["targets"]
        ]
        return hashlib.sha256(
            json.dumps({**self.identity, "targets": simulated}, sort_keys=True).encode()
        ).hexdigest()[:16]


@dataclass(frozen=True)
class Point:
    """What one point of a bank asks for, small enough to be sent to another machine."""

    number: int
    weights: Mapping[str, float]
    scenario: Scenario
    effects: tuple[Scenario, ...]
    patterns: tuple[str, ...]
    targets: tuple[Target, ...]
    seed: int
    size: int
    made_with: tuple[str, str]


def live(
    scenario: Scenario,
    weights: Mapping[str, float],
    seed: int,
    draw: int,
    size: int,
    past: tuple[World, World] | None = None,
) -> tuple[World, tuple[World, World]]:
    """(a world lived to its end, the same at its beginning and at the start of the window).

    `past`: the latter of another scenario; where the two are the same until the window, these months are not
    lived again.
    """
    world = build_world(scenario, dict(weights), seed, draw, 0, size)
    begun = branch(world)
    if past is not None and same_past(past[0], world, world.window_start):
        resume(world, past[1])
    else:
        table.advance(world, world.window_start)
    start = branch(world)
    return table.run(world), (begun, start)


def figures_of(world: World, targets: tuple[Target, ...] | list[Target]) -> dict[str, float]:
    """What a run says of every target, by the target's name, in the unit of its measure; NaN where nobody is
    in it.
    """
    taken = {window: outcomes_of(world, window) for window in {(t.first, t.last) for t in targets}}
    return {t.id: taken[t.first, t.last].value(t.measure, *t.group) for t in targets}


def run_point(point: Point) -> dict[str, float]:
    """Simulate a point: targets by name, effects as `<scenario>:<measure>`, patterns as `pattern:<id>`.

    Raises RuntimeError where this process has other evidence or another version than the bank.
    """
    if (evidence_hash(), VERSION) != point.made_with:
        raise RuntimeError(
            f"the worker has evidence {evidence_hash()} of version {VERSION}, the bank "
            f"{' of '.join(point.made_with)}"
        )
    world, past = live(point.scenario, point.weights, point.seed, point.number, point.size)
    found = figures_of(world, point.targets)
    base = overall(world) if point.effects else {}
    for scenario in point.effects:
        here = overall(
            live(scenario, {**point.weights, **scenario.weights}, point.seed, point.number, point.size, past)[
                0
            ]
        )
        found |= {f"{scenario.key}:{measure}": here[measure] - base[measure] for measure in EFFECT_MEASURES}
    if point.patterns:
        tried = pattern_statistics(point.patterns, point.weights, point.seed, point.number, point.size)
        found |= {f"pattern:{key}": value for key, value in tried.items()}
    return found


def overall(world: World) -> dict[str, float]:
    """Measures for everybody over the scenario's own window."""
    return outcomes_of(world).measures.everybody()


def _points(bank: Bank, numbers: list[int]) -> Iterator[Point]:
    chosen = bank.targets
    for number in numbers:
        yield Point(
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


def make_bank(
    bank: Bank,
    folder: Path,
    *,
    workers: int | None = None,
    cluster: str | None = None,
    progress: Progress,
    say: Callable[[str], None],
) -> pd.DataFrame:
    """Run whatever of a bank is not in the folder yet, and give it whole: one row a point that succeeded,
    `point` first.

    Raises `Refusal` where the folder holds another bank, RuntimeError where no point succeeded, OSError where
    the disk is full; finished chunks stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with Lock(folder):
        chunks = Chunks(folder, bank.digest)
        found = chunks.find()
        for number in [*found.damaged, *(n for n, failures in found.good.items() if failures)]:
            found.good.pop(number, None)
            chunks.path(number).unlink()
        size = chunk_size(bank.points)
        cut = {
            i: list(range(start, min(start + size, bank.points)))
            for i, start in enumerate(range(0, bank.points, size))
        }
        todo = [number for number in cut if number not in found.good]
        if len(todo) < len(cut):
            say(f"{folder}: {len(cut) - len(todo)} of {len(cut)} chunks of runs are there already")
        begun, processor = time.time(), time.process_time()
        if todo:
            with open_executor(workers, cluster) as pool:
                _run(bank, chunks, cut, todo, pool, progress)
        table = _gather(chunks, cut, bank)
        write_parquet(table, folder / "bank.parquet")
        recipe = {
            **bank.identity,
            "digest": bank.digest,
            "points_done": len(table),
            "bank_hash": bank_hash(table),
            "libraries": library_versions(),
        }
        write_whole(folder / "recipe.json", json.dumps(recipe, indent=2, ensure_ascii=False))
        if todo:
            write_whole(
                folder / "timings.json",
                json.dumps(
                    {
                        "points": sum(len(cut[n]) for n in todo),
                        "seconds": round(time.time() - begun, 1),
                        "processor_seconds_here": round(time.process_time() - processor, 1),
                    },
                    indent=2,
                ),
            )
    return table


def _run(
    bank: Bank, chunks: Chunks, cut: Mapping[int, list[int]], todo: list[int], pool, progress: Progress
) -> None:
    wanted = [number for chunk in todo for number in cut[chunk]]
    done, failed, left = [], [], list(todo)
    with progress(len(wanted)) as told:
        results = in_order(run_point, _points(bank, wanted), pool=pool)
        try:
            for index, result, error in results:
                if error is None:
                    done.append((wanted[index], result))
                else:
                    failed.append(
                        {
                            "scenario": "bank",
                            "draw": wanted[index],
                            "replicate": 0,
                            "error": f"{type(error).__name__}: {error}",
                        }
                    )
                if len(done) + len(failed) == len(cut[left[0]]):
                    chunks.write(left.pop(0), _chunk_rows(done), failed)
                    done, failed = [], []
                told(1)
        finally:
            results.close()


def _gather(chunks: Chunks, cut: Mapping[int, list[int]], bank: Bank) -> pd.DataFrame:
    """The chunks as one row a point, in single precision."""
    long = pd.concat([t.to_pandas() for t in chunks.tables(sorted(cut), ("draw", "measure", "value"))])
    if long.empty:
        failures = [f for failures in chunks.find().good.values() for f in failures]
        raise RuntimeError(
            f"every run failed; the first error: {failures[0]['error'] if failures else 'unknown'}"
        )
    wide = long.assign(measure=long["measure"].astype(str)).pivot(
        index="draw", columns="measure", values="value"
    )
    columns = [t.id for t in bank.targets.targets]
    columns += [f"{s.key}:{m}" for s in bank.targets.effects for m in EFFECT_MEASURES] + [
        f"pattern:{key}" for key in bank.targets.patterns
    ]
    kept = wide.reindex(columns=columns).astype("float32")
    kept.columns.name = None
    return kept.rename_axis("point").reset_index()


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
