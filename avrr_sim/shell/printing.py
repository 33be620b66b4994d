"""Numbers, intervals and progress as the shell prints them."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


def duration(seconds: float) -> str:
    """Seconds in words, roughly."""
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * length:
            return f"about {seconds / length:.0f} {unit}s"
    return f"about {max(1, round(seconds))} s"


@contextmanager
def progress_bar(total: int, quiet: bool, of: str = "runs") -> Iterator:
    """A callable that is told of finished runs (or what `of` says); draws on standard error, or prints every
    tenth part where that is no terminal.
    """
    if quiet:
        yield lambda n: None
        return
    console = Console(stderr=True)
    if console.is_terminal:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console) as bar:
            task = bar.add_task(of, total=total)
            yield lambda n: bar.advance(task, n)
        return
    done = [0, 0]
    begun = time.monotonic()

    def told(n: int) -> None:
        done[0] += n
        if done[0] * 10 // total > done[1]:
            done[1] = done[0] * 10 // total
            left = (time.monotonic() - begun) * (total / done[0] - 1)
            print(
                f"avrr: {done[0]} of {total} {of}" + (f", {duration(left)} left" if done[0] < total else ""),
                file=sys.stderr,
                flush=True,
            )

    yield told


def in_words(value: float, per: str, signed: bool = False) -> str:
    """A value of a measure as the shell prints it; `per`: its kind; `signed`: a difference, whose shares are
    percentage points.
    """
    if value is None or math.isnan(value):
        return "-"
    plus = "+" if signed else ""
    value = 0.0 if abs(value) < 1e-12 else value
    if per == "share":
        return f"{100 * value:{plus}.1f} {'points' if signed else '%'}".replace("-0.0 ", "0.0 ").replace(
            "+0.0 ", "0.0 "
        )
    text = f"{value:{plus},.0f}" if per in ("count", "NOK") else f"{value:{plus}.3g}"
    return "0" if text in ("-0", "+0") else text


def span_in_words(low: float, high: float, per: str, signed: bool = False) -> str:
    """An interval as the shell prints it."""
    if high == math.inf and not math.isnan(low):
        return f"from {in_words(low, per, signed)}, no upper end"
    return (
        "no interval"
        if math.isnan(low)
        else f"{in_words(low, per, signed).removesuffix(' points')} to {in_words(high, per, signed)}"
    )


def json_rows(frame) -> list[dict]:
    """The rows of a table for JSON, which knows no infinity: numbers that are unknown or endless are null,
    and `no_upper_end` says which it is.
    """
    return json.loads(
        frame.assign(no_upper_end=frame["high"] == math.inf)
        .replace([math.inf, -math.inf], math.nan)
        .to_json(orient="records")
    )
