"""The package runs on every system and version that it names: encodings are named, and what a system lacks is
not asked of it.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator

import pytest
from conftest import ROOT

from avrr_sim.refusals import Refusal

PACKAGE = ROOT / "avrr_sim"
POSIX = {
    "getuid",
    "geteuid",
    "fork",
    "mkfifo",
    "sched_getaffinity",
    "kill",
    "killpg",
    "setsid",
    "chown",
    "uname",
}
POSIX_MODULES = {"fcntl", "pwd", "grp", "resource", "termios", "pty"}
POSIX_SIGNALS = {"SIGKILL", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGPIPE"}
CALLS = sorted(PACKAGE.rglob("*.py"))


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """(place, call, name of what is called) in the package."""
    for path in CALLS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node, name


def test_every_text_that_is_read_or_written_names_its_encoding():
    for place, call, name in calls():
        named = {keyword.arg for keyword in call.keywords}
        if name in ("read_text", "write_text") and isinstance(call.func, ast.Attribute):
            assert "encoding" in named, place
        elif name == "open" and not _is_binary(call) and not _is_handle(call):
            assert "encoding" in named, place
        elif name in ("run", "Popen", "check_output") and "subprocess" in ast.unparse(call.func):
            assert "text" not in named and "universal_newlines" not in named, f"{place}: name the encoding"


def _is_binary(call: ast.Call) -> bool:
    modes = [
        each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    return any("b" in mode for mode in modes)


def _is_handle(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in ("os", "Image")


def test_nothing_is_asked_of_a_system_that_it_may_lack():
    """Outside a guard: a question whether it is there, or an import that may fail."""
    for path in CALLS:
        text = path.read_text(encoding="utf-8")
        for module in POSIX_MODULES:
            for found in re.finditer(rf"^( *)(?:import|from) {module}\b", text, flags=re.MULTILINE):
                before = text[: found.start()].rstrip().splitlines()[-1]
                assert before.strip() == "try:", f"{path}: {module}"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if node.value.id == "os" and node.attr in POSIX:
                    assert f'hasattr(os, "{node.attr}")' in text, f"{path}: os.{node.attr}"
                assert not (node.value.id == "signal" and node.attr in POSIX_SIGNALS), f"{path}: {node.attr}"


def test_what_a_system_lacks_is_done_without(monkeypatch, tmp_path):
    """As Windows is: no user numbers, no locks, no say of processors."""
    from avrr_sim import cache
    from avrr_sim.study.folder.chunks import Lock
    from avrr_sim.study.jobs.executor import default_workers

    monkeypatch.delattr(os, "getuid", raising=False)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setenv("AVRR_CACHE", str(tmp_path))
    assert default_workers() >= 1 and cache.private_folder("rules").is_dir()
    with Lock(tmp_path), Lock(tmp_path):
        pass


@pytest.mark.parametrize("text", ["a: 1\r\nb: 2\r\n", "\ufeffa: 1\nb: 2\n"])
def test_files_of_other_systems_are_read(tmp_path, text):
    from avrr_sim.files import read_yaml

    (tmp_path / "a.yaml").write_bytes(text.encode("utf-8"))
    try:
        assert read_yaml(tmp_path / "a.yaml") == {"a": 1, "b": 2}
    except Refusal as error:
        assert "not valid YAML" in str(error)


def test_no_locale_changes_what_is_read():
    """The package reads its own files in a locale of few letters."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-m", "avrr_sim.cli", "evidence", "--json"],
        cwd=ROOT,
        capture_output=True,
        env={**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
    )
    assert done.returncode == 0, done.stderr


def test_versions_that_are_named_are_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lowest = project["requires-python"].removeprefix(">=")
    security = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert f"for Python {lowest} to 3.13" in pins and "requirements" not in security
    named = {re.split(r"[<>=!~ \[;]", each)[0].lower() for each in project["dependencies"]}
    pinned = {line.split("==")[0].lower() for line in pins.splitlines() if "==" in line}
    assert named <= pinned, named - pinned
