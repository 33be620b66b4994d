"""A command whose output or errors go nowhere, to a full disk, or to a terminal of few letters, ends without
a traceback; what is JSON stays JSON.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, SCENARIOS

BASE = str(SCENARIOS / "baseline-norway.yaml")
RUN = ["run", BASE, "--draws", "1", "--replicates", "1", "--size", "300", "--months", "24"]
RUN += ["--weights", "prior"]
full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
posix = pytest.mark.skipif(os.name != "posix", reason="shells of other systems close no streams")


def shell(folder: Path, words: list[str], redirected: str = "", **environment: str) -> tuple[int, str, str]:
    """(exit code, standard output, standard error) of the command with some streams redirected."""
    line = f"{shlex.join([sys.executable, '-m', 'avrr_sim.cli', *words])} {redirected}"
    done = subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )
    out, err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
    assert "Traceback" not in out + err and "Exception ignored" not in err, err
    return done.returncode, out, err


@posix
@pytest.mark.parametrize("redirected", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_error(tmp_path, redirected):
    assert shell(tmp_path, ["levers"], redirected)[0] == 0
    assert shell(tmp_path, ["check", "none.yaml"], redirected)[0] == 2


@posix
def test_nothing_that_is_printed_ends_in_a_file_of_the_study(tmp_path):
    code, _, _ = shell(tmp_path, [*RUN, "--out", "a"], "<&- >&- 2>&-")
    assert code == 0 and json.loads((tmp_path / "a" / "manifest.json").read_text())["status"] == "done"
    for file in (tmp_path / "a").rglob("*"):
        assert not file.is_file() or b"avrr: " not in file.read_bytes()[:200], file


@posix
def test_json_stays_json_where_errors_go_nowhere(tmp_path):
    code, out, _ = shell(tmp_path, [*RUN, "--json", "--out", "a"], "2>&-")
    assert code == 0 and json.loads(out)["folder"] == "a"


@posix
@full_disk
@pytest.mark.parametrize(("redirected", "code"), [(">/dev/full", 1), ("2>/dev/full", 0)])
def test_a_full_disk_behind_a_stream_is_told_and_no_more(tmp_path, redirected, code):
    ended, _, err = shell(tmp_path, ["levers"], redirected)
    assert ended == code and (not code or "No space left" in err)
    assert shell(tmp_path, ["check", "none.yaml"], "2>/dev/full")[0] == 2


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_a_terminal_of_few_letters_shows_the_others_as_numbers(tmp_path, encoding):
    (tmp_path / "base.yaml").write_bytes(Path(BASE).read_bytes())
    name = "\u65e5\u672c\u306e\u8a08\u753b \U0001f642"
    (tmp_path / "mine.yaml").write_text(f"extends: base.yaml\nname: {name}\n", encoding="utf-8")
    code, out, _ = shell(tmp_path, ["check", "mine.yaml"], PYTHONIOENCODING=encoding)
    shown = name if encoding == "utf-8" else name.encode("ascii", "backslashreplace").decode()
    assert code == 0 and shown in out


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_json_is_json_in_any_encoding(tmp_path, encoding):
    code, out, _ = shell(tmp_path, ["programmes", "norway", "--json"], PYTHONIOENCODING=encoding)
    assert code == 0 and json.loads(out)["currency"] == "NOK"


@posix
def test_a_file_of_a_name_that_is_no_text_can_be_run(tmp_path):
    strange = os.fsdecode(b"bad\xff.yaml")
    (tmp_path / strange).write_bytes(Path(BASE).read_bytes())
    words = ["run", strange, *RUN[2:], "--quiet", "--json", "--out"]
    code, out, err = shell(tmp_path, [*words, "a"])
    assert code == 0 and json.loads(out)["folder"] == "a", err
    code, _, err = shell(tmp_path, [*words, os.fsdecode(b"out\xfe")])
    assert code == 2 and "is not a name in UTF-8" in err
