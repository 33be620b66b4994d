"""Numbers, intervals, tables, plans and progress as the shell prints them."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Literal

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from avrr_sim.study.folder.chunks import Failure

Side = Literal["left", "right"]


def say(text: str) -> None:
    """A message on standard error; where it cannot be written to, such as a full disk, nothing is said."""
    with suppress(OSError):
        print(f"avrr: {text}", file=sys.stderr, flush=True)


def print_plan(
    facts: Mapping[str, Any], as_json: bool, seconds: float | None = None, beside: str = ""
) -> None:
    """Say what would be run; seconds: how long it should take; beside: what is to be said of runs that are
    not among the facts.
    """
    if as_json:
        more = {} if seconds is None else {"expected_seconds": round(seconds, 1)}
        print_json({**facts, **more})
        return
    width = max(map(len, facts)) + 1
    for name, value in facts.items():
        between = "; " if isinstance(value, list) and any("," in each for each in value) else ", "
        print(f"{name:<{width}} {between.join(value) if isinstance(value, list) else value}")
    print(f"nothing was run{beside}")


def table_of(title: str, columns: Sequence[tuple[str, Side]]) -> Table:
    """An empty table with its columns and the side to which each keeps."""
    table = Table(title=title, title_justify="left")
    for name, side in columns:
        table.add_column(name, justify=side)
    return table


def console(wide: int = 150) -> Console:
    """Standard output, `wide` where nobody looks at it. Text is printed as it stands: what looks like markup
    or like the name of a picture is somebody's text.
    """
    return Console(width=None if sys.stdout.isatty() else wide, markup=False, emoji=False, highlight=False)


def print_json(content: Any, indent: int | None = 2) -> None:
    """Content as JSON on standard output, in letters that its encoding has."""
    plain = not (sys.stdout.encoding or "").lower().startswith("utf")
    print(json.dumps(content, indent=indent, ensure_ascii=plain))


def tell_failures(failures: Sequence[Failure], what: str) -> None:
    """Say how many runs failed, and the first of them; `what`: what they are called, or how many there are.
    Raises SystemExit(1) where there are any.
    """
    if not failures:
        return
    first = failures[0]
    where = " ".join(
        f"{'' if key == 'scenario' else f'{key} '}{first[key]}"
        for key in ("scenario", "draw", "replicate")
        if key in first
    )
    say(
        f"{len(failures)} {what} failed; the first, {where}: {first['error']}. They are listed in "
        "manifest.json; --resume tries them again"
    )
    raise SystemExit(1)


def duration(seconds: float) -> str:
    """Seconds in words, roughly."""
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * length:
            return f"about {seconds / length:.0f} {unit}s"
    return f"about {max(1, round(seconds))} s"


@contextmanager
def progress_bar(total: int, quiet: bool, of: str = "runs") -> Iterator[Callable[[int], None]]:
    """A callable that is told of finished runs (or what `of` says); draws on standard error, or prints every
    tenth part where that is no terminal.
    """
    if quiet:
        yield lambda n: None
        return
    errors = Console(stderr=True, markup=False, emoji=False, highlight=False)
    if errors.is_terminal:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=errors) as bar:
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
            say(f"{done[0]} of {total} {of}" + (f", {duration(left)} left" if done[0] < total else ""))

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
    if "e" in text:
        text = f"{value:{plus}.6f}".rstrip("0").rstrip(".")
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


def json_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table for JSON, which knows no infinity: numbers that are unknown or endless are null,
    and `no_upper_end` says which it is.
    """
    return json.loads(
        frame.assign(no_upper_end=frame["high"] == math.inf)
        .replace([math.inf, -math.inf], math.nan)
        .to_json(orient="records")
    )
