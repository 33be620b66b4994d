"""What results are known to come from: hashes of the files that say how something is computed, in one place.

A hash of code is of what the code does, not of how it is written down: imports, annotations, docstrings, line
breaks, comments and messages do not count, so that a file may be moved, typed or formatted without a stored
result being called stale.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from avrr_sim.cache import keep, recall

_PACKAGE = Path(__file__).resolve().parent

COMPILED = (
    "compiled.py",
    "chance.py",
    "migrant.py",
    "population.py",
    "measures.py",
    "counts.py",
    "rules",
    "engines",
    "study/patterns/chances.py",
    "browser/kernel.py",
    "browser/portable.py",
    "browser/bits.py",
)
"""Files that hold compiled rules, or the constants that they are compiled with."""

COMPILED_DATA = ("levers.yaml", "measures.yaml")
"""Names and numbers of data that rules are compiled with, in their order."""

FITTED = (
    "rules",
    "chance.py",
    "population.py",
    "setting.py",
    "programme.py",
    "programmes",
    "policy.py",
    "migrant.py",
    "places",
    "engines/world.py",
    "engines/table.py",
    "engines/past.py",
    "counts.py",
    "outcomes.py",
    "records.py",
    "aimed.py",
    "offers",
)
"""Files that the runs of a calibration rest on."""

FITTED_DATA = (
    "levers.yaml",
    "places/origins.yaml",
    "places/hosts/norway.yaml",
    "places/record/countries.yaml",
    "places/record/hosts/norway.yaml",
    "programmes/norway.yaml",
    "programmes/rates.yaml",
)
"""Numbers that the runs of a calibration rest on, beside the priors."""

NOT_THE_MODEL = (
    "study",
    "report",
    "documents",
    "shell",
    "watch",
    "mistaken",
    "calibration",
    "browser",
    "kinds",
    "cli",
    "posterior",
    "fingerprint",
    "version",
    "__init__",
)
"""Parts of the package that arrange, keep, fit or show results, and files of its own kind: no run depends on
them.
"""

STATISTICS = ("study/patterns", "study/published", "study/validation/check_figures.py")
"""Files that say what a statistic of a validation is."""

_PROSE = ("figure", "source", "note")  # of a published figure

STATISTICS_DATA = ("study/published/figures.yaml",)
"""Figures that statistics of a validation are about."""


@cache
def compiled_hash() -> str:
    """Hash of everything that machine code is made from. Imports count here: they decide which function is
    compiled into which.
    """
    code, data = code_files(COMPILED), [_PACKAGE / name for name in COMPILED_DATA]

    def work() -> str:
        numbers = json.dumps([numbers_of(_yaml(path)) for path in data])
        return _hash([*(meaning(path, imports=True) for path in code), numbers])

    return _kept("compiled", [*code, *data], work)


@cache
def fitted_hashes() -> dict[str, str]:
    """Hashes of what a posterior depends on beside its priors: `rules` and `data`."""
    code, data = code_files(FITTED), [_PACKAGE / name for name in FITTED_DATA]

    def numbers() -> str:
        return _hash([json.dumps([numbers_of(_yaml(path)) for path in data], sort_keys=True)])

    return {
        "rules": _kept("fitted", code, lambda: _hash(meaning(path) for path in code)),
        "data": _kept("fitted data", data, numbers),
    }


@cache
def model_hash() -> str:
    """Hash of the model itself: rules, engines, and the data of places and programmes; not of what only
    arranges or shows results.
    """
    files = [
        path
        for path in sorted(_PACKAGE.rglob("*"))
        if path.suffix in (".py", ".yaml")
        and path.relative_to(_PACKAGE).parts[0].removesuffix(".py") not in NOT_THE_MODEL
    ]

    def parts() -> Iterator[str]:
        for path in files:
            yield path.relative_to(_PACKAGE).as_posix()
            yield meaning(path) if path.suffix == ".py" else path.read_text(encoding="utf-8")

    return _kept("model", files, lambda: _hash(parts()))


@cache
def statistics_hash() -> str:
    """Hash of the files that say what a statistic of a validation is, and of all that is no prose in its
    figures.
    """
    code = [part for path in code_files(STATISTICS) for part in (path.name, meaning(path))]
    return _hash([*code, *(json.dumps(_without_prose(_yaml(_PACKAGE / name))) for name in STATISTICS_DATA)])


def _kept(what: str, files: Iterable[Path], work: Callable[[], str]) -> str:
    """A hash as it was worked out before from the same bytes, by the same version of Python; else as `work`
    gives it.
    """
    digest = hashlib.sha256(f"{what} {sys.version_info[:3]}".encode())
    for path in (Path(__file__), *files):
        content = path.read_bytes()
        name = path.relative_to(_PACKAGE).as_posix() if path.is_relative_to(_PACKAGE) else path.name
        digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
    key = digest.hexdigest()
    found = recall(key)
    if not re.fullmatch("[0-9a-f]{16}", found):
        found = work()
        keep(key, found)
    return found


def code_files(names: Iterable[str]) -> list[Path]:
    """The Python files of the package that stand under some names, each a file or a folder. Raises
    FileNotFoundError for a name that is neither.
    """
    found: list[Path] = []
    for name in names:
        path = _PACKAGE / name
        if not path.exists():
            raise FileNotFoundError(path)
        found += sorted(path.glob("*.py")) if path.is_dir() else [path]
    return found


def meaning(path: Path, imports: bool = False) -> str:
    """What a file of code does, without what it says in words or to a type checker; with its `imports` where
    asked.
    """
    tree = _Bare(imports).visit(ast.parse(path.read_text(encoding="utf-8")))
    return ast.dump(tree)


def file_hash(path: Path) -> str:
    """Hash of the bytes of a file. Raises OSError where it cannot be read."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def numbers_of(value: Any) -> Any:
    """A file of data without what it says in words: keys, numbers, truths and months."""
    if isinstance(value, Mapping):
        return {key: numbers_of(item) for key, item in value.items()}
    if isinstance(value, list):
        return [numbers_of(item) for item in value]
    return value if not isinstance(value, str) or re.fullmatch(r"\d{4}-\d{2}", value) else ""


def _without_prose(figures: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{key: item for key, item in of.items() if key not in _PROSE} for of in figures.values()]


def _hash(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()[:16]


def _yaml(path: Path) -> Any:
    from avrr_sim.files import read_yaml

    return read_yaml(path)


class _Bare(ast.NodeTransformer):
    """Takes out of a tree what has no effect on a number."""

    def __init__(self, imports: bool) -> None:
        self.imports = imports

    def visit_Import(self, node: ast.Import) -> ast.AST | None:
        return node if self.imports else None

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        return node if self.imports else None

    def visit_If(self, node: ast.If) -> ast.AST | None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return None
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            return None  # a docstring, of whatever it stands behind
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str) and " " in node.value:
            node.value = ""  # a message
        return node
