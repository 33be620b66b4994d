"""What `avrr warm` does and prints."""

from __future__ import annotations

import time

from avrr_sim import compiled
from avrr_sim.refusals import refusal
from avrr_sim.simulation import ENGINES, warm


def warm_up(engine: str) -> None:
    """Compile what runs need, or read it back, and say which and how long it took. Raises `Refusal` for an
    engine that there is not.
    """
    if engine not in ENGINES:
        raise refusal(f"--engine {engine!r}", allowed=", ".join(ENGINES))
    begun, before = time.perf_counter(), compiled.kept_rules()
    warm(engine)
    made, took = compiled.kept_rules() - before, f"{time.perf_counter() - begun:.1f} s"
    if not compiled.JIT:
        print(f"Nothing is compiled: the rules run as plain Python ({took})")
    elif not before and not made:
        print(f"Compiled for this command alone, and not kept ({took})")
    elif made:
        print(f"Compiled {made} rules and kept them in {compiled.cache_folder()} ({took})")
    else:
        print(f"Already compiled: {before} rules in {compiled.cache_folder()} ({took})")
