"""Compiled rules are kept by content, read back only from a folder that nobody else can write to, and never
the reason for a run to fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from avrr_sim.cache import cache_home, private_folder
from avrr_sim.compiled import JIT

pytestmark = pytest.mark.skipif(not JIT, reason="nothing is compiled")

CALL = "from avrr_sim.chance import logistic\nprint(logistic(0.0), sum(logistic.stats.cache_hits.values()))"


def logistic(cache: Path, root: Path = ROOT) -> tuple[str, int, str]:
    """(value, machine codes read back, standard error) of a new process that calls one rule, its cache
    there.
    """
    done = subprocess.run(
        [sys.executable, "-c", CALL],
        env={**os.environ, "AVRR_CACHE": str(cache), "PYTHONPATH": str(root)},
        cwd=root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    value, hits = done.stdout.split()
    return value, int(hits), done.stderr


@pytest.fixture(scope="module")
def left(tmp_path_factory) -> Path:
    """A cache in which one process has left a compiled rule."""
    cache = tmp_path_factory.mktemp("left")
    assert logistic(cache) == ("0.5", 0, "")
    return cache


@pytest.fixture
def kept(left, tmp_path) -> Path:
    """The same, to be spoiled."""
    return Path(shutil.copytree(left, tmp_path, dirs_exist_ok=True))


def test_a_second_process_reads_back_what_the_first_compiled(kept):
    assert logistic(kept) == ("0.5", 1, "")


def test_a_second_checkout_reads_back_what_the_first_compiled(kept, tmp_path_factory):
    """Path and time do not count, only what the files say."""
    other = tmp_path_factory.mktemp("other")
    for path in (ROOT / "avrr_sim").rglob("*.py"):
        copy = other / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8") + "\n# a comment more\n", encoding="utf-8")
    for path in (ROOT / "avrr_sim").glob("*.yaml"):
        (other / path.relative_to(ROOT)).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    assert logistic(kept, other) == ("0.5", 1, "")
    chance = other / "avrr_sim" / "chance.py"
    chance.write_text(chance.read_text(encoding="utf-8").replace("700.0", "600.0"), encoding="utf-8")
    assert logistic(kept, other) == ("0.5", 0, "")


@pytest.mark.parametrize("kind", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", [b"", b"\x80\x04", b"not a pickle at all"], ids=["empty", "cut", "other"])
def test_a_damaged_file_is_made_anew_with_one_warning(kept, kind, damage):
    for path in kept.rglob(f"*.{kind}"):
        path.write_bytes(damage)
    value, hits, said = logistic(kept)
    assert (value, hits) == ("0.5", 0) and said.count("avrr:") == 1 and "damaged" in said
    assert logistic(kept) == ("0.5", 1, "")


def test_a_full_disk_costs_time_only(kept):
    """Stood in for by a limit of nought on the size of files."""
    for path in kept.rglob("*.nb?"):
        path.unlink()
    command = f"trap '' XFSZ; ulimit -f 0; {sys.executable} -c '{CALL}' | cat"
    done = subprocess.run(
        ["sh", "-c", command],
        env={**os.environ, "AVRR_CACHE": str(kept), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "0.5 0\n" and done.stderr.count("avrr:") == 1 and "cannot be kept" in done.stderr


def test_a_folder_of_compiled_rules_is_the_users_alone(kept):
    folders = [path for path in kept.rglob("*") if path.is_dir()]
    assert folders and all(path.stat().st_mode & 0o777 == 0o700 for path in folders)


@pytest.mark.parametrize("which", ["avrr_sim", "avrr_sim/rules", "."])
@pytest.mark.parametrize("mode", [0o770, 0o707])
def test_a_folder_that_others_can_write_to_is_not_read(tmp_path, monkeypatch, which, mode):
    monkeypatch.setenv("AVRR_CACHE", str(tmp_path))
    assert private_folder("rules") == tmp_path.resolve() / "avrr_sim" / "rules"
    (tmp_path / which).chmod(mode)
    with pytest.raises(OSError, match="others can write"):
        private_folder("rules")


def test_a_folder_of_another_user_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setenv("AVRR_CACHE", str(tmp_path))
    private_folder("rules")
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(OSError, match="another user"):
        private_folder("rules")


def test_a_planted_file_is_not_run(kept, tmp_path_factory):
    """Where others may write, what is found is not read, and the run goes on without it."""
    trace = tmp_path_factory.mktemp("trace") / "planted"
    for path in kept.rglob("*.nb?"):
        path.write_bytes(b"cposix\nsystem\n(S'touch " + str(trace).encode() + b"'\ntR.")
    (kept / "avrr_sim").chmod(0o777)
    assert logistic(kept)[:2] == ("0.5", 0) and not trace.exists()


def test_without_a_home_nothing_is_kept_and_nothing_fails(tmp_path, monkeypatch):
    for name in ("AVRR_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("avrr_sim.cache.user_cache_path", lambda *a, **k: Path("~/.cache/avrr_sim"))
    with pytest.raises(OSError, match="no home"):
        private_folder("rules")
    assert not cache_home().is_absolute()


LIVED = """
import sys
from pathlib import Path
from avrr_sim.engines.table import run_months
from avrr_sim.scenario import load_scenario
from avrr_sim.simulation import simulate, warm

def machine_codes():
    modules = [module for name, module in sys.modules.items() if name.startswith("avrr_sim")]
    rules = [value for module in modules for value in vars(module).values()]
    return {id(rule): len(rule.signatures) for rule in rules if hasattr(rule, "signatures")}

if sys.argv[1:]:
    warm()
    warmed = machine_codes()
simulate(load_scenario(Path("scenarios/baseline-norway.yaml")), size=50)
print(machine_codes() == warmed if sys.argv[1:] else sum(run_months.stats.cache_hits.values()))
"""


@pytest.mark.slow
def test_a_run_after_warming_compiles_nothing():
    """A run needs no machine code that `warm` did not make, and in another process reads it back. The cache
    is that of the other tests, which need the same machine code.
    """
    for words, told in ((["warm"], "True"), ([], "1")):
        done = subprocess.run(
            [sys.executable, "-c", LIVED, *words],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.split() == [told] and (words or "compiling" not in done.stderr)
