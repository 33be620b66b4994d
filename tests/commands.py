"""Commands of the shell as tests give them, in this process."""

from __future__ import annotations

import sys

import pytest

from avrr_sim import cli

SMALL = ["--draws", "2", "--replicates", "2", "--size", "900", "--months", "24"]


def code_of(*arguments: str) -> int:
    """Exit code of the command, run in this process."""
    old, sys.argv = sys.argv, ["avrr", *arguments]
    try:
        with pytest.raises(SystemExit) as stop:
            cli.main()
    finally:
        sys.argv = old
    return int(stop.value.code or 0)


def avrr(capsys, *arguments: str) -> tuple[int, str, str]:
    """(exit code, standard output, standard error) of the command, run in this process."""
    code = code_of(*arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


def refused(capsys, *arguments: str) -> str:
    """The message of a refusal: one line on standard error, nothing on standard output, exit code 2, no
    traceback.
    """
    code, out, err = avrr(capsys, *arguments)
    assert code == 2 and out == "" and "Traceback" not in err and "pydantic" not in err, (code, out, err)
    return err
