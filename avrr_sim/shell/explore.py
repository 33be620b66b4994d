"""What `avrr explore` does and prints: a page in which levers are moved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from avrr_sim.policy import KINDS, LEVERS, TIMING
from avrr_sim.refusals import refusal, unknown_name
from avrr_sim.scenario import load_scenario
from avrr_sim.shell.printing import say
from avrr_sim.study.jobs.plan import make_plan

ON_ASKING = ("safeguard", "probe")
"""Kinds of levers that stand on a page only where they are asked for by name."""


def make_explorer(
    files: Sequence[Path], levers: Sequence[str] | None, numbers: dict[str, Any], out: Path, as_json: bool
) -> None:
    """Write the page of some scenarios, the first one the baseline. Raises `Refusal` for an unknown lever,
    scenarios that cannot be compared, and a file that cannot be written or is no such page.
    """
    movable = _movable(levers)
    plan = make_plan([load_scenario(file) for file in files], **numbers)
    from avrr_sim.browser.build import stale
    from avrr_sim.browser.explorer import write_explorer

    _check_out(out)
    if (why := stale()) is not None:
        raise refusal(f"the page would not hold the model as it is: {why}")
    try:
        write_explorer(out, plan, movable)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        raise refusal(
            f"cannot be written ({error.strerror})", file=out, allowed="a file in a folder you may write to"
        ) from None
    size = out.stat().st_size
    if as_json:
        print(json.dumps({"page": str(out), "bytes": size, "levers": movable}, indent=2))
        return
    say(f"{len(plan.scenarios)} scenarios, {plan.draws} draws, {size / 1e6:.1f} MB")
    print(f"Page: {out}")


def _movable(asked: Sequence[str] | None) -> list[str]:
    """Names of levers, in the order of the table."""
    if not asked:
        return [*(name for name, lever in LEVERS.items() if lever.kind not in ON_ASKING), TIMING]
    for name in asked:
        if name not in LEVERS and name not in KINDS and name != TIMING:
            raise unknown_name("lever or kind of lever", name, [*LEVERS, TIMING, *KINDS])
    found = [name for name, lever in LEVERS.items() if name in asked or lever.kind in asked]
    return [*found, *([TIMING] if TIMING in asked or "information" in asked else [])]


def _check_out(out: Path) -> None:
    """Raise `Refusal` where something else stands at the page's place."""
    from avrr_sim.browser.explorer import GENERATOR

    if out.is_dir():
        raise refusal("is a folder", file=out, allowed="the file to write, such as explore.html")
    if out.is_file():
        with out.open("rb") as file:
            begin = file.read(4096)
        if f'content="{GENERATOR}"'.encode() not in begin:
            raise refusal("is there already and no page of avrr explore", file=out, allowed="a new file")
