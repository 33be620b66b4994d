"""The house is kept: files and functions small enough for one idea, every folder says what lives there, one
name means one thing.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from conftest import ROOT

PACKAGE, TESTS = ROOT / "avrr_sim", ROOT / "tests"
LONGEST_FILE, LONGEST_FUNCTION, MEDIAN_BODY = 400, 50, 10  # lines
CODE = sorted(
    path for top in (PACKAGE, TESTS) for path in top.rglob("*.py") if "node_modules" not in path.parts
)
FOLDERS = sorted({path.parent for path in PACKAGE.rglob("*.py")})

SAME_IN_EVERY_KIND = {"facts", "folder", "order", "store", "tables"}
"""Names that mean the same in every kind of study: what it asks, keeps and leaves."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def body_of(function: Function) -> list[ast.stmt]:
    """The statements of a function, its docstring left out."""
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def lines_of_body(function: Function) -> int:
    """Lines from the first statement to the last; none where a function holds a docstring alone."""
    body = body_of(function)
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def lines_of(function: Function) -> int:
    """Lines of a function with its head; its docstring and decorators, which hold data, are not counted."""
    text = (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return text
    docstring = function.body[0]
    return text - ((docstring.end_lineno or 0) - docstring.lineno + 1)


def test_no_file_is_longer_than_one_idea_needs():
    lengths = {where(path): len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}
    long = [f"{name}: {lines} lines" for name, lines in lengths.items() if lines > LONGEST_FILE]
    assert not long, "\n".join(long)


def test_no_function_is_longer_than_one_idea_needs():
    long = [
        f"{where(path)}:{function.lineno} {function.name}: {lines} lines"
        for path in CODE
        for function in functions(path)
        if (lines := lines_of(function)) > LONGEST_FUNCTION
    ]
    assert not long, "\n".join(long)


def test_bodies_of_public_functions_are_short():
    bodies = [
        lines_of_body(function)
        for path in sorted(PACKAGE.rglob("*.py"))
        for function in functions(path)
        if not function.name.startswith("_")
    ]
    assert median(bodies) < MEDIAN_BODY


@pytest.mark.parametrize("folder", FOLDERS, ids=where)
def test_every_folder_says_what_lives_there(folder):
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    assert said and len(said.split()) > 5, f"{where(folder)}/__init__.py"


def test_a_name_of_a_module_means_one_thing():
    """Two modules of one name lie in different storeys (what is counted, its picture, its page, its command),
    or are parts that every kind of study has.
    """
    homes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE)
        if path.stem != "__init__" and path.stem not in SAME_IN_EVERY_KIND:
            storey = "/".join(inside.parts[:2]) if inside.parts[0] == "report" else inside.parts[0]
            homes[storey, path.stem].append(where(path))
    twice = [" and ".join(found) for found in homes.values() if len(found) > 1]
    assert not twice, "\n".join(twice)


def test_tests_mirror_the_rooms():
    """A folder of tests is named after a room, or is one of those that look at the whole."""
    whole = {"house", "model", "browser", "cases", "robustness", "explore"}
    for folder in sorted({path.parent for path in TESTS.rglob("test_*.py")} - {TESTS}):
        inside = folder.relative_to(TESTS)
        assert inside.parts[0] in whole or (PACKAGE / inside).is_dir(), where(folder)


def test_the_project_has_no_comment_that_silences_a_tool():
    silenced = ("# no" + "qa", "# type: " + "ignore", "# mypy: " + "ignore")
    found = [where(path) for path in CODE for each in silenced if each in path.read_text(encoding="utf-8")]
    assert not found, "\n".join(found)
