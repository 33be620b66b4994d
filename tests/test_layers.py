"""The package's layers: imports go one way, and what ties it to a library stands in one place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "avrr_sim"

# From the ground up. A module may import from layers below its own, and from its own layer.
LAYERS = [
    {"version", "dates", "refusals"},
    {"files"},
    {"fingerprint"},
    {"compiled"},
    {"chance"},
    {"policy", "migrant"},
    {"places", "programme", "programmes", "evidence"},
    {"rules"},
    {"posterior"},
    {"scenario", "schema"},
    {"setting", "population"},
    {"engines"},
    {"measures", "outcomes"},
    {"simulate", "describe"},
    {"study"},
    {"report"},
    {"shell", "shell_report", "shell_sweep", "shell_calibrate", "shell_validate", "bench"},
    {"cli"},
    {"avrr_sim"},  # the package itself hands out names, each when it is asked for
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}

# Narrower than the order of the layers: these may import only what is named, besides their own layer.
ONLY = {
    "rules": {"rules", "compiled", "chance", "migrant"},
    "migrant": set(), "policy": set(), "compiled": {"fingerprint"}, "dates": set(), "refusals": set(), "chance": {"compiled"},
    "scenario": {"schema", "places", "programme", "evidence", "policy", "files", "dates", "refusals"},
    "schema": {"places", "programme", "evidence", "policy", "files", "dates", "refusals"},
}

# Libraries that only some modules may import.
LIBRARIES = {
    "numba": ("compiled.py",),
    "mesa": ("engines/agents.py",),
    "matplotlib": ("report/",),
    "jinja2": ("report/",),
    "yaml": ("files.py",),
    "pydantic": ("schema.py",),
    "random": (),
}

PATHS = sorted(PACKAGE.rglob("*.py"))
RULE_PATHS = [path for path in PATHS if path.parent.name == "rules"]


def where(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def unit_of(path: Path) -> str:
    """The module or folder of the package that a file belongs to."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return "avrr_sim" if parts == ("__init__",) else parts[0]


def imported(path: Path) -> list[tuple[int, str]]:
    """(line, dotted name) of everything a file imports, in functions too; not what only type checkers read."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {id(inner) for node in ast.walk(tree) if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
               for each in node.body for inner in ast.walk(each)}
    found = []
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{where(path)}:{node.lineno}: relative import"
            names = [f"avrr_sim.{alias.name}" for alias in node.names] if node.module == "avrr_sim" else [node.module]
            found += [(node.lineno, name) for name in names]
    return found


def own_imports(path: Path) -> list[tuple[int, str]]:
    """(line, module or folder of the package) of what a file imports from the package."""
    found = []
    for line, name in imported(path):
        if name == "avrr_sim" or name.startswith("avrr_sim."):
            part = name.split(".")[1] if "." in name else "avrr_sim"
            found.append((line, "avrr_sim" if part.startswith("__") else part))
    return found


@pytest.mark.parametrize("path", PATHS, ids=where)
def test_every_module_has_its_layer_and_imports_only_from_below(path):
    unit = unit_of(path)
    assert unit in LEVEL, f"{where(path)}: give it a layer"
    for line, other in own_imports(path):
        assert other in LEVEL, f"{where(path)}:{line}: {other} has no layer"
        version = other == "avrr_sim" and unit in ("study", "report", "shell", "shell_sweep", "shell_validate", "bench", "cli")  # for the version's number
        assert version or LEVEL[other] <= LEVEL[unit], f"{where(path)}:{line}: {unit} imports {other}, which lies above it"
        if unit in ONLY:
            assert other in ONLY[unit] | {unit}, f"{where(path)}:{line}: {unit} may not import {other}"


def test_no_two_modules_of_a_layer_import_each_other():
    graph: dict[str, set[str]] = {}
    for path in PATHS:
        graph.setdefault(unit_of(path), set()).update(other for _, other in own_imports(path) if other not in (unit_of(path), "avrr_sim"))
    for unit, others in graph.items():
        for other in others:
            assert unit not in graph.get(other, set()), f"{unit} and {other} import each other"


def test_modules_of_a_folder_do_not_go_in_circles():
    """Within rules, engines, study and the rest, module by module."""
    names = {f"avrr_sim.{where(path)[:-3].replace('/', '.')}": path for path in PATHS}
    graph = {name: {other for _, other in imported(path) if other in names} for name, path in names.items()}
    done: set[str] = set()

    def visit(name: str, chain: tuple[str, ...]) -> None:
        assert name not in chain, " -> ".join([*chain, name])
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*chain, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


@pytest.mark.parametrize("library", LIBRARIES)
def test_libraries_stay_in_their_place(library):
    allowed = LIBRARIES[library]
    for path in PATHS:
        for line, name in imported(path):
            if name.split(".")[0] == library:
                assert any(where(path) == each or (each.endswith("/") and where(path).startswith(each)) for each in allowed), f"{where(path)}:{line}"


def test_files_imported_by_name_are_files_of_the_package():
    for path in PATHS:
        for line, name in imported(path):
            if name.startswith("avrr_sim."):
                parts = name.split(".")[1:]
                module = PACKAGE.joinpath(*parts)
                exists = module.with_suffix(".py").is_file() or (module / "__init__.py").is_file()
                assert exists or parts == ["__version__"], f"{where(path)}:{line}: {name}"


@pytest.mark.parametrize("path", RULE_PATHS, ids=where)
def test_rules_are_scalar(path):
    """numpy's functions and the power operator give other last bits compiled than not; rules use `math` through `chance` instead."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    rules = [node for node in tree.body if isinstance(node, ast.FunctionDef) and any(getattr(d, "id", "") == "rule" for d in node.decorator_list)]
    assert rules or path.stem == "__init__"
    for function in rules:
        for node in ast.walk(function):
            assert not (isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Pow)), f"{where(path)}:{node.lineno}: power"
            assert not (isinstance(node, ast.Name) and node.id in ("np", "pow", "sum", "hash")), f"{where(path)}:{node.lineno}: {node.id}"
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "math":
                assert node.attr in ("inf", "log", "floor"), f"{where(path)}:{node.lineno}: math.{node.attr}"


@pytest.mark.parametrize("path", RULE_PATHS, ids=where)
def test_public_functions_of_the_rules_say_what_they_do(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{where(path)}: {node.name}"
