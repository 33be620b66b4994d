"""Putting together the shards of a sweep: the folder that comes out is the one that a sweep on one machine
would have left.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from avrr_sim.refusals import refusal
from avrr_sim.study.folder.chunks import Chunks, chunk_size
from avrr_sim.study.folder.run_folder import new_folder, read_manifest, write_draws
from avrr_sim.study.folder.whole import whole
from avrr_sim.study.sweep.experiment import Experiment
from avrr_sim.study.sweep.folder import begin
from avrr_sim.study.sweep.order import Order, order_of
from avrr_sim.study.sweep.sweep import Sweep, gather, in_run_order


def order_in(folder: Path) -> Order:
    """The order that a sweep's folder was made by. Raises `Refusal` where it has no good manifest, or is of
    another model than this one.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        raise refusal(
            "has no manifest that can be read",
            file=folder,
            allowed="folder of a sweep; `avrr sweep ... --resume` mends one",
        )
    try:
        content = manifest["experiment"]
        experiment = Experiment.from_resolved({**content, "points": list(content["points"].values())})
        part = tuple(int(n) for n in manifest["shard"].split("/")) if manifest["shard"] else None
        order = order_of(experiment, shard=part, command=manifest["command"])
    except (KeyError, TypeError, AttributeError) as error:
        raise refusal(f"has a manifest that makes no sense ({error})", file=folder) from None
    if order.digest != manifest["digest"]:
        changed = ", ".join(
            key for key, value in order.identity.items() if manifest["identity"].get(key) != value
        )
        raise refusal(
            f"was made by another model, evidence or version than is installed here ({changed} differ)",
            file=folder,
        )
    return order


def merge(
    shards: Sequence[Path], out: Path | None = None, say: Callable[[str], None] = lambda text: None
) -> Sweep:
    """Merge all shards of one sweep into a new folder with its tables. Raises `Refusal` where one is missing,
    twice there, unfinished, or foreign.
    """
    if not shards:
        raise refusal("no shard is given", allowed="the folders that `avrr sweep --shard i/n` left")
    orders = [order_in(folder) for folder in shards]
    first, parts = orders[0], {}
    for folder, order in zip(shards, orders, strict=True):
        if order.digest != first.digest:
            raise refusal(f"is of another study than {shards[0]}", file=folder)
        if order.shard is None or order.shard[1] != (first.shard or order.shard)[1]:
            raise refusal(
                "is no shard of the same division",
                file=folder,
                allowed=f"shards i/{first.shard[1]}" if first.shard else "shards",
            )
        if order.shard[0] in parts:
            raise refusal(f"is shard {order.shard[0]} once more, after {parts[order.shard[0]]}", file=folder)
        parts[order.shard[0]] = folder
    count = first.shard[1]
    missing = [str(i) for i in range(1, count + 1) if i not in parts]
    if missing:
        raise refusal(
            f"shard{'s' * (len(missing) > 1)} {', '.join(missing)} of {count} missing",
            allowed="every shard of the sweep",
        )
    order = Order(first.experiment, first.plan, None, None, first.command)
    plan = order.plan
    numbers = list(range(-(-plan.distinct_runs // chunk_size(plan.distinct_runs))))
    folder = new_folder(
        order.experiment.key, plan, out or Path("results") / order.experiment.key / f"merged-{order.digest}"
    )
    begin(folder, order, False, say)
    failures: list[dict] = []
    for part, source in sorted(parts.items()):
        failures += _take(
            Chunks(source, order.digest),
            Chunks(folder, order.digest),
            [n for n in numbers if n % count == part - 1],
            source,
        )
    write_draws(folder, plan)
    say(f"{folder}: {len(numbers)} chunks from {count} shards")
    return gather(order, folder, plan, numbers, in_run_order(failures))


def _take(source: Chunks, target: Chunks, numbers: Sequence[int], shard: Path) -> list[dict]:
    """Copy a shard's chunks; the failures among its runs. Raises `Refusal` where one is missing or
    damaged.
    """
    found = source.find()
    lacking = [n for n in numbers if n not in found.good]
    if lacking:
        raise refusal(
            f"{len(lacking)} of {len(numbers)} chunks are missing or damaged",
            file=shard,
            allowed="a finished shard; go on with it by --resume",
        )
    target.folder.mkdir(exist_ok=True)
    for number in numbers:
        with whole(target.path(number)) as part:
            shutil.copyfile(source.path(number), part)
    return [failure for number in numbers for failure in found.good[number]]
