"""The package's layers: imports go one way, and what ties it to a library stands in one place."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "avrr_sim"

# From the ground up. A module may import from layers below its own, and from its own room; two rooms of one
# layer do not know each other.
LAYERS = [
    {"version", "dates", "refusals", "display", "quantiles", "records"},
    {"files", "forms", "cache", "mistaken"},
    {"fingerprint", "thousands"},
    {"compiled"},
    {"chance"},
    {"policy", "migrant"},
    {"story_names"},
    {"places"},
    {"evidence"},
    {"hypotheses"},
    {"programmes"},
    {"programme"},
    {"rules"},
    {"posterior"},
    {"schema"},
    {"aimed"},
    {"offers"},
    {"scenario_form"},
    {"layers"},
    {"scenario_parts"},
    {"scenario_support"},
    {"scenario"},
    {"form_values"},
    {"setting", "population"},
    {"engines"},
    {"measures"},
    {"counts", "measured"},
    {"columns"},
    {"outcomes"},
    {"simulation"},
    {"story"},
    {"study.jobs"},
    {"study.folder"},
    {"study.summary", "study.patterns", "study.published"},
    {"study.answers"},
    {"study.comparison", "study.sweep", "study.calibration", "study.validation"},
    {"study.value", "study.ledger"},
    {"kinds"},
    {"report.words"},
    {"report.figures"},
    {"report.html"},
    {"report.pages"},
    {"browser"},
    {"documents", "watch"},
    {"shell"},
    {"cli"},
    # the package's face hands out names when they are asked for; the folders' own files hold a docstring only
    {"avrr_sim", "study", "report"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}

# Narrower than the order of the layers: these may import only what is named, besides their own room.
ONLY = {
    "rules": {"compiled", "chance", "migrant", "records"},
    "migrant": {"records"},
    "records": set(),
    "policy": {"files", "forms"},
    "compiled": {"fingerprint", "cache"},
    "cache": set(),
    "dates": set(),
    "refusals": set(),
    "version": set(),
    "chance": {"compiled"},
    "scenario": {
        "aimed",
        "hypotheses",
        "scenario_parts",
        "scenario_support",
        "scenario_form",
        "layers",
        "offers",
        "schema",
        "places",
        "programme",
        "policy",
        "files",
        "dates",
        "refusals",
    },
    "schema": {"programme", "evidence", "policy", "dates", "refusals"},
}

# Libraries that only some modules may import.
LIBRARIES = {
    "numba": ("compiled.py", "browser/bits.py", "browser/machine_code.py"),
    "llvmlite": ("browser/machine_code.py",),
    "platformdirs": ("cache.py",),
    "mesa": ("engines/agents.py", "watch/page.py"),
    "solara": ("watch/page.py",),
    "matplotlib": ("report/figures/", "watch/"),
    "jinja2": ("report/html/", "browser/explorer.py"),
    "yaml": ("files.py",),
    "pydantic": (
        "forms.py",
        "policy.py",
        "places/",
        "offers/form.py",
        "programmes/form.py",
        "scenario_form.py",
        "form_values.py",
        "study/sweep/experiment_form.py",
        "study/calibration/target_form.py",
        "study/folder/stored.py",
        "study/summary/dictionary.py",
        "study/summary/facts_form.py",
        "study/sweep/stored_experiment.py",
        "study/value/study_form.py",
        "study/ledger/forecast.py",
    ),
    "pydantic_core": ("forms.py",),
    "random": (),
}

PATHS = sorted(PACKAGE.rglob("*.py"))
RULE_PATHS = [path for path in PATHS if path.parent.name == "rules"]


def where(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def unit_of(parts: tuple[str, ...]) -> str:
    """The room that a module of the package belongs to: a file or folder of its first level; within study/
    and report/ the folder there.
    """
    if not parts or parts[0].startswith("__"):
        return "avrr_sim"
    inner = parts[0] in ("study", "report") and len(parts) > 1 and (PACKAGE / parts[0] / parts[1]).is_dir()
    return f"{parts[0]}.{parts[1]}" if inner else parts[0]


@cache
def imported(path: Path) -> list[tuple[int, str]]:
    """(line, dotted name) of everything a file imports, in functions too, and for type checkers alone too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{where(path)}:{node.lineno}: relative import"
            folder = ROOT.joinpath(*node.module.split(".")).is_dir()
            names = [f"{node.module}.{alias.name}" for alias in node.names] if folder else [node.module]
            found += [(node.lineno, name) for name in names]
    return found


def room_of(path: Path) -> str:
    return unit_of(path.relative_to(PACKAGE).with_suffix("").parts)


def own_imports(path: Path) -> list[tuple[int, str]]:
    """(line, room) of what a file imports from the package."""
    return [
        (line, unit_of(tuple(name.split(".")[1:])))
        for line, name in imported(path)
        if name.split(".")[0] == "avrr_sim"
    ]


@pytest.mark.parametrize("path", PATHS, ids=where)
def test_every_module_has_its_layer_and_imports_only_from_below(path):
    room = room_of(path)
    assert room in LEVEL, f"{where(path)}: give it a layer"
    for line, other in own_imports(path):
        if other == room:
            continue
        assert other in LEVEL, f"{where(path)}:{line}: {other} has no layer"
        assert LEVEL[other] < LEVEL[room], (
            f"{where(path)}:{line}: {room} imports {other}, which does not lie below it"
        )
        if room in ONLY:
            assert other in ONLY[room], f"{where(path)}:{line}: {room} may not import {other}"


def test_the_layers_name_only_rooms_that_there_are():
    assert set(LEVEL) == {room_of(path) for path in PATHS}


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
                assert any(
                    where(path) == each or (each.endswith("/") and where(path).startswith(each))
                    for each in allowed
                ), f"{where(path)}:{line}"


def test_files_imported_by_name_are_files_of_the_package():
    for path in PATHS:
        for line, name in imported(path):
            if name.startswith("avrr_sim."):
                parts = name.split(".")[1:]
                module = PACKAGE.joinpath(*parts)
                exists = module.with_suffix(".py").is_file() or (module / "__init__.py").is_file()
                assert exists, f"{where(path)}:{line}: {name}"


@pytest.mark.parametrize("path", RULE_PATHS, ids=where)
def test_rules_are_scalar(path):
    """numpy's functions and the power operator give other last bits compiled than not; rules use `math`
    through `chance` instead.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    rules = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(getattr(d, "id", "").startswith("rule") for d in node.decorator_list)
    ]
    assert rules or path.stem == "__init__"
    for function in rules:
        for node in ast.walk(function):
            assert not (isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Pow)), (
                f"{where(path)}:{node.lineno}: power"
            )
            assert not (isinstance(node, ast.Name) and node.id in ("np", "pow", "sum", "hash")), (
                f"{where(path)}:{node.lineno}: {node.id}"
            )
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "math"
            ):
                assert node.attr in ("inf", "log", "floor"), f"{where(path)}:{node.lineno}: math.{node.attr}"


@pytest.mark.parametrize("path", RULE_PATHS, ids=where)
def test_public_functions_of_the_rules_say_what_they_do(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{where(path)}: {node.name}"


@pytest.mark.parametrize("path", RULE_PATHS, ids=where)
def test_a_rule_about_the_situation_says_so_and_takes_no_migrant(path):
    """What the month holds for everybody in a situation is worked out once; a rule about the person takes the
    migrant first.
    """
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.FunctionDef) or path.stem == "situation":
            continue
        names = [argument.arg for argument in node.args.args]
        about_people = {"migrant", "row", "rows"} & set(names)
        about_situation = not about_people and {"status", "abode", "here", "kin", "months"} & set(names)
        says_so = (ast.get_docstring(node) or "").startswith("Situation: ")
        if path.stem in ("advice", "drivers", "beliefs", "legal", "application"):
            assert says_so == bool(about_situation), f"{where(path)}: {node.name}"
        assert not (about_people and says_so), f"{where(path)}: {node.name}"
        assert "migrant" not in names[1:], f"{where(path)}: {node.name}: the migrant comes first"
