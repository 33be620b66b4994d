"""Putting together the shards of a sweep: the folder that comes out is the one that a sweep on one machine
would have left.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from avrr_sim.refusals import Refusal, refusal, refusal_of
from avrr_sim.study.folder.chunks import Chunks, Failure, chunk_size
from avrr_sim.study.folder.frame import Work, carry_out, in_run_order, no_page
from avrr_sim.study.folder.manifest import read_manifest
from avrr_sim.study.folder.order import Execution, Say, say_nothing
from avrr_sim.study.folder.run_folder import write_weights
from avrr_sim.study.folder.whole import whole
from avrr_sim.study.sweep.experiment import Experiment
from avrr_sim.study.sweep.order import SweepOrder, order_of
from avrr_sim.study.sweep.sweep import Sweep, tables_from_chunks


def order_in(folder: Path) -> SweepOrder:
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
    file, content = folder / "manifest.json", manifest.get("experiment")
    if not isinstance(content, dict) or not isinstance(content.get("points"), dict):
        raise refusal("is not the manifest of a sweep", file=file, allowed="folder of a sweep")
    part = _shard_of(manifest["shard"]) if manifest.get("shard") else None
    try:
        experiment = Experiment.from_resolved({**content, "points": list(content["points"].values())})
        order = order_of(experiment, shard=part, command=manifest.get("command", ""))
    except Refusal as error:
        raise refusal_of(mistake.within(file, ()) for mistake in error.mistakes[:1]) from None
    if order.digest != manifest["digest"]:
        changed = ", ".join(
            key for key, value in order.identity.items() if manifest["identity"].get(key) != value
        )
        raise refusal(
            f"was made by another model, evidence or version than is installed here ({changed} differ)",
            file=folder,
        )
    return order


def _shard_of(text: str) -> tuple[int, int]:
    part, parts = text.split("/")
    return int(part), int(parts)


def merge(
    shards: Sequence[Path],
    out: Path | None = None,
    say: Say = say_nothing,
    page: Callable[[Sweep], object] = no_page,
) -> Sweep:
    """Merge all shards of one sweep into a new folder with its tables, and its page, which `page` draws.
    Raises `Refusal` where one is missing, twice there, unfinished, or foreign.
    """
    first, parts = _parts_of(shards)
    order = replace(first, shard=None)
    numbers = range(-(-order.plan.distinct_runs // chunk_size(order.plan.distinct_runs)))
    sources = {part: order.chunks_in(folder) for part, folder in parts.items()}
    taken = {number: sources[number % len(parts) + 1] for number in numbers}
    failures = _failures_in(taken)

    def body(work: Work) -> Sweep:
        chunks = order.chunks_in(work.folder)
        chunks.folder.mkdir()
        for number, source in taken.items():
            with whole(chunks.path(number)) as copy:
                shutil.copyfile(source.path(number), copy)
        work.failures = failures
        write_weights(work.folder, order.plan)
        say(f"{work.folder}: {len(numbers)} chunks from {len(parts)} shards")
        return tables_from_chunks(order, work, order.plan, numbers)

    return carry_out(order, Execution(out or order.home / f"merged-{order.digest}", say=say), body, page)


def _parts_of(shards: Sequence[Path]) -> tuple[SweepOrder, Mapping[int, Path]]:
    """(the order of the first shard, folders by number of the shard). Raises `Refusal` where they are not all
    shards of one sweep, each once.
    """
    if not shards:
        raise refusal("no shard is given", allowed="the folders that `avrr sweep --shard i/n` left")
    first, parts = order_in(shards[0]), dict[int, Path]()
    for folder in shards:
        order = order_in(folder)
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
        count = order.shard[1]
    missing = [str(i) for i in range(1, count + 1) if i not in parts]
    if missing:
        raise refusal(
            f"shard{'s' * (len(missing) > 1)} {', '.join(missing)} of {count} missing",
            allowed="every shard of the sweep",
        )
    return first, parts


def _failures_in(taken: Mapping[int, Chunks]) -> list[Failure]:
    """The failures among the runs of chunks that are to be taken, in the order of runs; `taken`: from where,
    by number of the chunk. Raises `Refusal` where one is missing or damaged.
    """
    failures: list[Failure] = []
    for source in dict.fromkeys(taken.values()):
        good, wanted = source.find().good, [number for number in taken if taken[number] is source]
        if lacking := [number for number in wanted if number not in good]:
            raise refusal(
                f"{len(lacking)} of {len(wanted)} chunks are missing or damaged",
                file=source.folder.parent,
                allowed="a finished shard; go on with it by --resume",
            )
        failures += [failure for number in wanted for failure in good[number]]
    return sorted(failures, key=in_run_order)
