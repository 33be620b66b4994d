"""The wheel: built twice to the same bytes, installed into an empty environment, and used there.

    python tests/wheel.py [--python python3.13] [--without-dependencies]

Prints where the wheel is and its hash. With `--without-dependencies` the libraries of this environment are
used, so that nothing is fetched; otherwise those of constraints.txt are installed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
EPOCH = "1700000000"  # the time that files of a wheel bear, so that two builds are alike
TRIED = (("levers",), ("schema", "scenario"), ("evidence", "ties"), ("places",), ("programmes", "norway"))
SOURCES = "avrr_sim/browser/web/"  # the page's script as it is written; what is built of it is shipped
WANTED = (
    "calibration/posterior.parquet",
    "evidence.yaml",
    "report/html/templates/page.html",
    "browser/built/page.js",
    "py.typed",
)


def run(*words: str, cwd: Path = ROOT, **environment: str) -> str:
    """What a command prints. Raises CalledProcessError, with what it said on standard error."""
    done = subprocess.run(
        words, cwd=cwd, capture_output=True, encoding="utf-8", env={**os.environ, **environment}
    )
    if done.returncode:
        sys.stderr.write(done.stderr)
        done.check_returncode()
    return done.stdout


def built(to: Path) -> Path:
    """The wheel, built from a copy of the sources, so that nothing that stands about gets into it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "sources"
        kept = ("pyproject.toml", "README.md", "LICENSE")
        shutil.copytree(ROOT / "avrr_sim", copy / "avrr_sim", ignore=shutil.ignore_patterns("__pycache__"))
        for name in kept:
            shutil.copy(ROOT / name, copy / name)
        words = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(to), str(copy))
        run(*words, SOURCE_DATE_EPOCH=EPOCH)
    return next(to.glob("*.whl"))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_content(wheel: Path) -> None:
    """Raises AssertionError where the wheel lacks a file that the package needs, or has a maker's."""
    names = set(zipfile.ZipFile(wheel).namelist())
    data = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "avrr_sim").rglob("*")
        if path.is_file() and not {"__pycache__", "node_modules"} & set(path.parts)
    }
    sources = {name for name in data if name.startswith(SOURCES)}
    assert data - sources <= names, sorted(data - sources - names)
    assert not sources & names, sorted(sources & names)
    assert all(f"avrr_sim/{name}" in names for name in WANTED)


def try_installed(wheel: Path, python: str, alone: bool) -> None:
    """Install a wheel into an environment of its own and use it there, far from the sources."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        run(python, "-m", "venv", *(("--system-site-packages",) if alone else ()), str(home / "env"))
        inside = home / "env" / ("Scripts" if os.name == "nt" else "bin")
        more = ("--no-deps",) if alone else ("--constraint", str(ROOT / "constraints.txt"))
        run(str(inside / "python"), "-m", "pip", "install", "--quiet", *more, str(wheel))
        # the libraries of this environment, where those are to be used
        paths = os.pathsep.join(path for path in sys.path if path.endswith("site-packages"))
        environment = {"PYTHONPATH": paths} if alone else {"PYTHONPATH": ""}
        place = run(
            str(inside / "python"), "-c", "import avrr_sim; print(avrr_sim.__file__)", cwd=home, **environment
        )
        assert str(home) in place, place
        for words in TRIED:
            assert run(str(inside / "avrr"), *words, cwd=home, **environment)
        run(str(inside / "avrr"), "new", "host", "mine", cwd=home, **environment)
        assert "good" in run(str(inside / "avrr"), "check", "mine/scenario.yaml", cwd=home, **environment)


def main() -> None:
    """Build, compare, install, try."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--python", default=sys.executable)
    asked.add_argument("--without-dependencies", action="store_true")
    chosen = asked.parse_args()
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    wheel = built(DIST)
    with tempfile.TemporaryDirectory() as again:
        assert digest(built(Path(again))) == digest(wheel), "two builds of the same sources differ"
    check_content(wheel)
    try_installed(wheel, chosen.python, chosen.without_dependencies)
    print(f"{wheel.relative_to(ROOT)}  sha256:{digest(wheel)}")


if __name__ == "__main__":
    main()
