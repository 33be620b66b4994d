"""The one place that knows about compilation: a `rule` is plain Python that numba may compile.

Set the environment variable ``AVRR_JIT=0`` (or leave numba out) and every rule runs as the plain Python it is
written in; both ways give the same numbers to the last bit. Compiled code is kept by content: in a folder
whose name is a hash of the package's source, because numba itself does not notice an edit in a file other
than the one it compiles, and wherever the package is installed, so that a second environment or checkout with
the same source need not compile again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from avrr_sim.cache import private_folder
from avrr_sim.fingerprint import compiled_hash

_PACKAGE = Path(__file__).resolve().parent
# No fastmath, and no contraction of products into sums: each operation rounds as plain Python's does.
_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "forceinline": True,
    "no_cfunc_wrapper": True,
    # nobody counts who refers to an array: its maker outlives the rules that it is handed to
    "_nrt": False,
}


def _jit_wanted() -> bool:
    return os.environ.get("AVRR_JIT", "1").strip().lower() not in {"0", "no", "off", "false"}


JIT = False
"""True where rules are compiled."""

if _jit_wanted():
    try:
        import numba
        from numba.core import caching, types

        JIT = True
    except ImportError:
        print(
            "avrr: numba is not installed; the rules run as plain Python, about a thousand times slower",
            file=sys.stderr,
        )


@cache
def cache_folder() -> Path:
    """Folder of the compiled rules. Raises OSError where there is none that is safe to read from (see
    `cache`).
    """
    return private_folder(f"{compiled_hash()}-numba{numba.__version__}" if JIT else compiled_hash())


@cache
def _no_folder() -> str:
    """Why compiled rules cannot be kept; empty where they can."""
    try:
        cache_folder()
    except (OSError, RuntimeError) as error:
        return str(error)
    return ""


@cache
def _warn(text: str) -> None:
    """Say something once on standard error."""
    print(f"avrr: {text}", file=sys.stderr, flush=True)


if JIT:

    class _ByContent(caching._CacheLocator):
        """Tells numba where a rule is kept: by the package's content and the rule's name, not by path and
        time.
        """

        def __init__(self, name: str) -> None:
            self.name = name

        def get_cache_path(self) -> str:
            return str(cache_folder())

        def get_source_stamp(self) -> str:
            return cache_folder().name

        def get_disambiguator(self) -> str:
            return self.name

        @classmethod
        def from_function(cls, function: Callable, file: str) -> _ByContent:
            inside = Path(file).resolve().relative_to(_PACKAGE).with_suffix("")
            return cls(".".join(inside.parts))

    class _Results(caching.CompileResultCacheImpl):
        _locator_classes: Any = [_ByContent]

    class _RuleCache(caching.Cache):
        """Numba's cache of one rule; a damaged file or a full disk costs time, never a run."""

        _impl_class: Any = _Results

        def load_overload(self, sig: object, target_context: object) -> object:
            try:
                return super().load_overload(sig, target_context)
            except Exception as error:  # a damaged file may raise anything
                _warn(f"compiled rules in {self.cache_path} are damaged and made anew ({error!r})")
                self._drop()
            return None

        def save_overload(self, sig: object, data: object) -> None:
            try:
                super().save_overload(sig, data)
            except OSError as error:
                _warn(f"compiled rules cannot be kept in {self.cache_path} ({error.strerror or error})")
                self.disable()

        def _drop(self) -> None:
            try:
                Path(self._cache_file._index_path).unlink(missing_ok=True)
            except OSError:
                self.disable()


def rule(function: Callable) -> Callable:
    """Mark a rule of the model: a scalar function that may be compiled (numba, no fastmath, releases the
    GIL), into its callers too. It makes no array and no list: it is handed those that it fills. Rules of the
    package are kept between runs; those of notebooks and tests are not.
    """
    return _compiled(function, _OPTIONS)


def rule_apart(function: Callable) -> Callable:
    """Mark a rule that most runs never come to: as `rule`, but compiled apart, so that its callers stay
    small, and free to make arrays and lists, as sorting does.
    """
    return _compiled(function, _OPTIONS | {"forceinline": False, "_nrt": True})


def _compiled(function: Callable, options: dict[str, Any]) -> Callable:
    if not JIT:
        return function
    made = numba.njit(**options)(function)
    typed = made.get_call_template
    # one machine code for whole numbers, not one for each constant that a rule is called with
    made.get_call_template = lambda args, kws: typed(
        [types.unliteral(each) for each in args], {name: types.unliteral(each) for name, each in kws.items()}
    )
    if Path(function.__code__.co_filename).resolve().is_relative_to(_PACKAGE) and not _no_folder():
        made._cache = _RuleCache(function)
    return made


def kept_rules() -> int:
    """How many rules are kept compiled for this version."""
    return 0 if not JIT or _no_folder() else len(list(cache_folder().glob("*.nbi")))


@cache
def announce_compilation() -> None:
    """Say once, on standard error, that the rules are about to be compiled (only when they are not yet)."""
    if not JIT:
        return
    if _no_folder():
        _warn(f"compiled rules are not kept, so each command compiles them: {_no_folder()}")
    elif not kept_rules():
        _warn("compiling the rule book, once for this version (under a minute) ...")
