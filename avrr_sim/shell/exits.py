"""How the command ends: errors as one message and an exit code, light to import."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress

import typer

_LAST_STREAM = 2  # standard error
_LATEST_DAY = 253402300799  # the last second of the year 9999
INTERRUPTED = 130
"""Exit code of a command that was stopped by Ctrl-C or told to end."""


def tell(text: str) -> None:
    """The message that a command ends with, on standard error, where that can be written to."""
    with suppress(OSError):
        typer.echo(f"avrr: {text}", err=True)


def explain(error: Exception) -> int:
    """Print an error as one message and give the exit code; a bug keeps its traceback."""
    from avrr_sim.refusals import Refusal

    # a wrong option; the class moved between versions of typer
    if hasattr(error, "show") and hasattr(error, "exit_code"):
        error.show()
        return int(error.exit_code)
    if isinstance(error, typer.Abort):
        return INTERRUPTED
    if isinstance(error, Refusal):
        for line in str(error).splitlines():
            tell(line)
        return 2
    if isinstance(error, BrokenPipeError):
        return 1
    if isinstance(error, OSError):
        problem = f"{error.filename or 'results'}: {error.strerror or error}"
        tell(f"{problem}; what was done before stays readable")
        return 1
    if (told := _ended(error)) is not None:
        tell(told)
        return 1
    raise error


def check_environment() -> None:
    """Refuse a day (SOURCE_DATE_EPOCH) that is none, which libraries would stumble over in the middle."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given and not (given.isascii() and given.isdigit() and int(given) <= _LATEST_DAY):
        from avrr_sim.refusals import refusal, shown

        raise refusal(
            f"{shown(given)} is no time",
            path=("SOURCE_DATE_EPOCH",),
            allowed=f"whole seconds since 1970, from 0 to {_LATEST_DAY}",
        )


def _ended(error: Exception) -> str | None:
    """What is said of a study that could not be carried out; None for any other error."""
    # known by name: to import the classes would load what a message does not need
    return {
        "ClusterLost": f"{error}; finished chunks of runs are kept, and --resume goes on with them",
        "RunsFailed": f"every run failed; the first error: {error}",
    }.get(type(error).__name__)


def settle_streams() -> None:
    """Give a command whose output or errors nobody takes (`>&-`) a place for them: what is printed may
    neither fail nor end in a file that happens to be opened next. A letter that a terminal does not know is
    printed as its number.
    """
    while (handle := os.open(os.devnull, os.O_RDWR)) <= _LAST_STREAM:
        pass
    os.close(handle)
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def flush() -> None:
    """Write out what was printed; a reader who has left is no error."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:  # such as a full disk that output was sent to
        tell(f"standard output: {error.strerror}")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
