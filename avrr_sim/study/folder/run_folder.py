"""The folder of a study: chosen, made, recognised or refused; its manifest and what studies leave in it.

    manifest.json     kind and identity of the study, the day it was begun, what was run, with which versions,
                      and how it ended
    study.json        kind, and what a report says beside the tables; written last
    weights.parquet   draw and every weight; not of a calibration
    timings.json      how long it took and on what; the only file that differs from one execution to another;
                      not of a comparison

A run folder is self-contained and never overwritten. What else stands in it is said where a kind of study
writes its tables.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pandas as pd

from avrr_sim.refusals import Refusal, refusal
from avrr_sim.study.folder.chunks import Found
from avrr_sim.study.folder.identity import changed_since
from avrr_sim.study.folder.manifest import read_manifest
from avrr_sim.study.folder.order import NOUNS, Order
from avrr_sim.study.folder.sealed import write_parquet
from avrr_sim.study.folder.whole import write_csv, write_whole
from avrr_sim.study.jobs.plan import Plan


def choose_folder(order: Order, out: Path | None, resume: bool) -> Path:
    """The folder of a study: `out`, or a new one under its home; to resume, the newest of this very study.

    Nothing is written. Raises `Refusal` where a new folder is in use or has a name in which libraries can
    write no files, or there is none to go on with.
    """
    if out is not None and not named_in_text(out):
        raise refusal("is not a name in UTF-8", file=out, allowed="a folder with a name of letters (--out)")
    if resume:
        folder = out or newest_folder(order)
        if folder is None or not folder.is_dir():
            raise refusal(
                "there is nothing to go on with"
                + ("" if out else f" under {order.home} with the digest {order.digest}"),
                file=out,
                allowed=f"the folder of {NOUNS[order.kind]} (--out), or without --resume a new one",
            )
        return folder
    folder = out or order.home / f"{time.strftime('%Y%m%d-%H%M%S')}{order.folder_end}"
    try:
        used = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:
        raise _unwritable(folder, error) from None
    if used:
        raise refusal(
            "is in use already; a run folder is never overwritten",
            file=folder,
            allowed="a new or empty folder (--out), or --resume to go on with the same study",
        )
    return folder


def named_in_text(path: Path) -> bool:
    """Whether a path is text: a name on a disk may be any bytes."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def newest_folder(order: Order) -> Path | None:
    """The newest folder of a study under its home; None where there is none."""
    found = [path for path in order.home.glob(f"*{order.folder_end}") if path.is_dir()]
    return max(found, default=None)


def make_folder(folder: Path) -> None:
    """Make a new folder. Raises `Refusal` where it cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / ".write-test", b"")
        (folder / ".write-test").unlink()
    except OSError as error:
        with suppress(OSError):
            folder.rmdir()  # only where it is empty
        raise _unwritable(folder, error) from None


def _unwritable(folder: Path, error: OSError) -> Refusal:
    return refusal(
        f"results cannot be written here ({error.strerror or error})",
        file=folder,
        allowed="a folder you may write to (--out)",
    )


def recognise(folder: Path, order: Order) -> bool:
    """Whether a folder to go on with has a manifest, which then is this study's. Raises `Refusal` where it is
    of another kind of study, or of another study.
    """
    if (old := read_manifest(folder)) is None:
        return False
    kind = old.get("kind", order.kind)
    if kind != order.kind:
        raise refusal(
            f"is the folder of {NOUNS.get(str(kind), 'another kind of study')}, not of {NOUNS[order.kind]}",
            file=folder,
            allowed=f"the folder of this study, {NOUNS[order.kind]}",
        )
    if (old["digest"], old.get("shard")) != (order.digest, order.part):
        told = changed_since(old["identity"], order.identity)
        if old.get("shard") != order.part:
            told.append(f"shard {old.get('shard')} -> {order.part}")
        raise refusal(
            f"belongs to another study; since then changed: {'; '.join(told) or 'its form'}",
            file=folder,
            allowed="the same scenarios, weights, evidence and numbers; or a new folder, without --resume",
        )
    return True


def refuse_strange(folder: Path, order: Order, found: Found) -> None:
    """Raises `Refusal` for a folder without a manifest that holds something, but no runs of this kind of
    study; `found`: its chunks.
    """
    if found.empty and any(not path.name.startswith(".") for path in folder.iterdir()):
        raise refusal(
            f"is no folder of {NOUNS[order.kind]}: it has neither a manifest nor runs of one",
            file=folder,
            allowed=f"the folder of this study, {NOUNS[order.kind]}",
        )


def write_weights(folder: Path, plan: Plan) -> None:
    """Write weights.parquet: one row a draw. What scenarios pin is in the manifest."""
    rows = [{"draw": draw, **plan.weights_of(draw, None)} for draw in range(plan.draws)]
    write_parquet(pd.DataFrame(rows), folder / "weights.parquet")


def write_table(table: pd.DataFrame, folder: Path, name: str) -> None:
    """Write a table as Parquet and as CSV."""
    write_parquet(table, folder / f"{name}.parquet")
    write_csv(table, folder / f"{name}.csv")
