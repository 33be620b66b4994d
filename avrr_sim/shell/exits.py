"""How the command ends: errors as one message and an exit code, light to import."""

from __future__ import annotations

import os
import sys

import typer

INTERRUPTED = 130
"""Exit code of a command that was stopped by Ctrl-C or told to end."""


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
        typer.echo(f"avrr: {error}", err=True)
        return 2
    if isinstance(error, BrokenPipeError):
        return 1
    if isinstance(error, OSError):
        problem = f"{error.filename or 'results'}: {error.strerror or error}"
        typer.echo(f"avrr: {problem}; what was done before stays readable", err=True)
        return 1
    if (told := _ended(error)) is not None:
        typer.echo(f"avrr: {told}", err=True)
        return 1
    raise error


def _ended(error: Exception) -> str | None:
    """What is said of a study that could not be carried out; None for any other error."""
    # known by name: to import the classes would load what a message does not need
    return {
        "ClusterLost": f"{error}; finished runs are kept, and --resume goes on with them",
        "RunsFailed": f"every run failed; the first error: {error}",
    }.get(type(error).__name__)


def flush() -> None:
    """Write out what was printed; a reader who has left is no error."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
