"""The one place that knows about compilation: a `rule` is plain Python that numba may compile.

Set the environment variable ``AVRR_JIT=0`` (or leave numba out) and every rule runs as the plain Python it is
written in; both ways give the same numbers to the last bit. Compiled code is kept in a folder whose name is a
hash of the package's source, because numba itself does not notice an edit in a file other than the one it
compiles.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from avrr_sim.fingerprint import compiled_hash


def cache_folder() -> Path:
    """Folder of the compiled rules: ``$AVRR_CACHE``, else the user's cache folder, else a temporary one."""
    home = os.environ.get("AVRR_CACHE") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(home) / "avrr_sim" / compiled_hash()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"avrr_sim-{os.getuid()}" / compiled_hash()
    return folder


def _jit_wanted() -> bool:
    return os.environ.get("AVRR_JIT", "1").strip().lower() not in {"0", "no", "off", "false"}


JIT = False
"""True where rules are compiled."""

if _jit_wanted():
    try:
        import numba

        JIT = True
    except ImportError:
        print(
            "avrr: numba is not installed; the rules run as plain Python, about a thousand times slower",
            file=sys.stderr,
        )

if JIT:
    _FOLDER = cache_folder()
    _config: Any = numba.config
    _config.CACHE_DIR = str(_FOLDER)


def rule(function: Callable) -> Callable:
    """Mark a rule of the model: a scalar function that may be compiled (numba, no fastmath, releases the
    GIL).
    """
    if not JIT:
        return function
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)


def announce_compilation() -> None:
    """Say once, on standard error, that the rules are about to be compiled (only when they are not yet)."""
    if JIT and not any(_FOLDER.rglob("*.nbi")):
        print(
            "avrr: compiling the rule book, once for this version (under a minute) ...",
            file=sys.stderr,
            flush=True,
        )
