"""Runs of the model at points of the weights, in the frame of every study: chunks on disk as they come, gone
on with after a stop, on this machine or a cluster, the same bytes whoever computes them.

    <name>/points.parquet               quantiles of the priors at which the model is run
    <name>/runs/chunk-000000.parquet    one row a point: a column a target, and a column an effect

What is to be run may follow from earlier runs (a wave looks where those before it point to). Points are
therefore kept before they are run, and taken from there when a study is gone on with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from avrr_sim.columns import FLOWS, RATIOS
from avrr_sim.engines import table
from avrr_sim.engines.past import Past
from avrr_sim.engines.world import World, build_world
from avrr_sim.evidence import evidence_hash
from avrr_sim.outcomes import Counted, counted
from avrr_sim.posterior import fingerprint
from avrr_sim.refusals import Refusal
from avrr_sim.rules.tally import SERIES
from avrr_sim.scenario import Scenario
from avrr_sim.study.calibration.space import Space
from avrr_sim.study.calibration.target_form import POINT
from avrr_sim.study.calibration.targets import Targets
from avrr_sim.study.folder.chunks import Chunks, chunk_size, cut
from avrr_sim.study.folder.frame import Block, Work
from avrr_sim.study.folder.identity import digest_of
from avrr_sim.study.folder.sealed import read_checked, write_sealed
from avrr_sim.study.jobs.executor import check_worker
from avrr_sim.study.published.figure import EVERYBODY, PublishedFigure
from avrr_sim.version import VERSION

EFFECT_MEASURES = ("uptake_24", "drop_out_12", "assisted_departures", "missing_24")
"""Measures whose differences from the baseline are followed for every scenario of `effects`."""

APART = 4_000_000
"""Numbers of draws that belong to one batch of runs, so that no two have the same chance."""

_COUNTS = {name: (SERIES.index(column),) for name, column in FLOWS} | {
    "applications": (SERIES.index("applications"), SERIES.index("reapplications"))
}
_STOCKS = {"rejected_in_centres": (SERIES.index("rejected_in_centres"),)}
_OF_BOTH, _BOTH = "returns_per_rejected", ("assisted_departures", "rejected_in_centres")
_SHARES = {name: (above, below) for name, above, below in RATIOS}


@dataclass(frozen=True)
class Point:
    """What one point asks for, small enough to be sent to another machine. baseline: what effects are set
    against.
    """

    number: int
    weights: Mapping[str, float]
    scenario: Scenario
    targets: tuple[PublishedFigure, ...]
    baseline: Scenario | None
    effects: tuple[Scenario, ...]
    seed: int
    size: int
    made_with: tuple[str, str]


def figures_of(world: World, targets: Sequence[PublishedFigure]) -> dict[str, float]:
    """What a run says of every target, by the target's name, in the unit of its measure; NaN where nobody is
    in it.
    """
    taken: dict[tuple[int, int], Counted] = {}

    def value(target: PublishedFigure, window: tuple[int, int]) -> float:
        everybody = target.group == EVERYBODY
        if everybody and target.measure in (*_COUNTS, *_STOCKS):
            return _from_series(world, target.measure, *window)
        if everybody and target.measure == _OF_BOTH:
            return _ratio(*(_from_series(world, name, *window) for name in _BOTH))
        if window not in taken:
            taken[window] = counted(world, window)
        if everybody and target.measure in _SHARES:
            return _ratio(*taken[window].summary[0, list(_SHARES[target.measure])])
        return taken[window].value(target.measure, *target.group)

    found = {}
    for target in targets:
        found[target.id] = value(target, (target.first, target.last))
        if target.over:
            found[target.id] = _ratio(found[target.id], value(target, target.over))
    return found


def _ratio(above: float, below: float) -> float:
    return float(above) / float(below) if below else float("nan")


def _from_series(world: World, measure: str, first: int, last: int) -> float:
    """A flow in persons a year, or the mean of a stock, between two months, as `outcomes` counts them."""
    start = world.scenario.start
    columns = _COUNTS.get(measure) or _STOCKS[measure]
    total = world.persons[first - start : last - start + 1, list(columns)].sum() * world.scale
    months = last - first + 1
    return float(total / months) if measure in _STOCKS else float(total / (months / 12.0))


def run_point(point: Point) -> dict[str, float]:
    """Simulate a point: targets by name, effects as `<scenario>:<measure>`.

    Raises RuntimeError where this process has other evidence or another version than the study.
    """
    check_worker(point.made_with, (evidence_hash(), VERSION))
    chance = (point.seed, point.number, 0)
    found: dict[str, float] = {}
    if point.targets:
        world = build_world(point.scenario, dict(point.weights), *chance, point.size)
        found |= figures_of(table.run(world), point.targets)
    if point.effects:
        baseline = point.baseline or point.scenario
        past = Past(baseline, point.weights, chance, point.size)
        base = _overall(table.run(past.at_window(baseline, {**point.weights, **baseline.weights})))
        for scenario in point.effects:
            here = _overall(table.run(past.at_window(scenario, {**point.weights, **scenario.weights})))
            found |= {
                f"{scenario.key}:{measure}": here[measure] - base[measure] for measure in EFFECT_MEASURES
            }
    return found


def _overall(world: World) -> dict[str, float]:
    """Measures for everybody over the scenario's own window."""
    return counted(world).measures.everybody()


@dataclass(frozen=True)
class Batch:
    """Points to be run together: `name` of their folder, `number` among the batches of the study (0: those
    that follow from no others), z (points,
    weights) quantiles of the priors, units simulated, the first `effects` points with effects; whether
    targets are told at all.
    """

    name: str
    number: int
    z: np.ndarray
    size: int
    effects: int = 0
    told: bool = True

    def point(self, targets: Targets, space: Space, number: int) -> Point:
        """What one of its points asks for."""
        return Point(
            self.number * APART + number,
            space.weights_at(self.z[number]),
            targets.scenario,
            targets.targets if self.told else (),
            targets.baseline,
            targets.effects if number < self.effects else (),
            targets.seed,
            self.size,
            (evidence_hash(), VERSION),
        )


def columns_of(targets: Targets) -> list[str]:
    """Columns of a table of runs beside the number of the point."""
    return [*(t.id for t in targets.targets), *effect_names(targets)]


def effect_names(targets: Targets) -> list[str]:
    """Columns that hold effects, `<scenario>:<measure>`."""
    return [f"{scenario.key}:{measure}" for scenario in targets.effects for measure in EFFECT_MEASURES]


def kept_points(work: Work, name: str, after: str, make: Callable[[], np.ndarray]) -> np.ndarray:
    """The points (points, columns) of a batch: as they were kept, where they follow from the same (`after`: a
    hash of what they follow from); else as `make` gives them, and kept before anything is run.
    """
    path = work.folder / name / "points.parquet"
    if path.is_file():
        try:
            kept = read_checked(path)
        except Refusal:
            work.how.say(f"{path}: is not as it was written; made again")
        else:
            if (kept.schema.metadata or {}).get(_AFTER) == after.encode():
                return np.column_stack([kept[name].to_numpy() for name in kept.column_names])
    z = make().astype("float32")
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.table({f"{i:03d}": column for i, column in enumerate(z.T)})
    write_sealed(table.replace_schema_metadata({_AFTER: after.encode()}), path)
    return z


_AFTER = b"avrr_sim.after"


def make_runs(batch: Batch, targets: Targets, space: Space, work: Work, unit: str) -> pd.DataFrame:
    """Run whatever of a batch is not in its folder yet and give it whole: one row a point that succeeded,
    `point` first. `unit`: what progress calls its runs.

    Raises RunsFailed where no point succeeded, OSError where the disk is full; finished chunks stay.
    """
    columns, count = columns_of(targets), len(batch.z)
    digest = digest_of_runs(batch, targets, space)
    chunks = Chunks(work.folder / batch.name, digest, derived=batch.number > 0)
    every = cut(range(count), chunk_size(count))
    work.run_some(
        Block(
            every,
            work.good_chunks(chunks),
            task_of=partial(batch.point, targets, space),
            worker=run_point,
            named=lambda number: {"scenario": batch.name, "draw": number, "replicate": 0},
            write=lambda number, done, failed: chunks.write(number, _rows(done, columns), failed),
            unit=unit,
        )
    )
    parts = [part.to_pandas() for part in chunks.tables(list(every), (POINT, *columns))]
    return pd.concat(parts, ignore_index=True)


def digest_of_runs(batch: Batch, targets: Targets, space: Space) -> str:
    """Hash of all that the runs of a batch depend on."""
    return digest_of({**simulated(targets, space), "batch": _facts(batch)})


def _facts(batch: Batch) -> dict[str, Any]:
    z = hashlib.sha256(np.ascontiguousarray(batch.z).tobytes()).hexdigest()[:16]
    return {"number": batch.number, "size": batch.size, "effects": batch.effects, "told": batch.told, "z": z}


def _rows(done: list[tuple[int, dict[str, float]]], columns: Sequence[str]) -> pa.Table:
    """Rows of finished points, a figure that a point does not tell as NaN."""
    return pa.table(
        {
            POINT: pa.array([number for number, _ in done], pa.int64()),
            **{
                name: pa.array([found.get(name, float("nan")) for _, found in done], pa.float64())
                for name in columns
            },
        }
    )


def simulated(targets: Targets, space: Space) -> dict[str, Any]:
    """Everything that runs depend on: what targets say of a figure may change without a run being made
    again.
    """
    names = ("id", "measure", "first", "last", "group", "over")
    chosen = [scenario for scenario in (targets.scenario, targets.baseline, *targets.effects) if scenario]
    stated = json.dumps([scenario.stated() for scenario in chosen], sort_keys=True)
    return {
        "targets": [{name: getattr(t, name) for name in names} for t in targets.targets],
        "effects": [s.key for s in targets.effects],
        "seed": targets.seed,
        "weights": space.names,
        "fingerprint": fingerprint(),
        "scenarios": hashlib.sha256(stated.encode()).hexdigest()[:16],
    }


def runs_hash(frame: pd.DataFrame) -> str:
    """Hash of the figures of runs."""
    return hashlib.sha256(np.ascontiguousarray(frame.to_numpy(np.float64)).tobytes()).hexdigest()[:16]
