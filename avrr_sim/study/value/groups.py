"""Groups of weights that one could learn of together: by grade of evidence, by driver of the decision, by
part of the rule book.

Which weights a driver or a part rests on is read from the rules themselves.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import avrr_sim.rules
from avrr_sim.evidence import GRADES, Weight, weight_names

_RULES = Path(avrr_sim.rules.__file__).parent
_DRIVERS = "drivers"
_RECORDS = ("w", "weights")  # what rules call the weights that they are given


@dataclass(frozen=True)
class Group:
    """Some weights. kind: all, grade, driver or part; meaning: one sentence of the rules, where they say
    one.
    """

    kind: str
    name: str
    meaning: str
    weights: tuple[str, ...]


def groups_of(weights: dict[str, Weight]) -> list[Group]:
    """Every group of two weights or more among these, all of them together first."""
    grades = [Group("grade", g, "", tuple(n for n, w in weights.items() if w.grade == g)) for g in GRADES]
    read = [
        Group(each.kind, each.name, each.meaning, tuple(n for n in each.weights if n in weights))
        for each in _read_in_rules()
    ]
    every = [Group("all", "every weight", "", tuple(weights)), *grades, *read]
    return [group for group in every if len(group.weights) > 1]


@cache
def _read_in_rules() -> tuple[Group, ...]:
    """Drivers, then parts, with the weights that they read."""
    trees = {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(_RULES.glob("*.py"))}
    drivers = [
        Group("driver", node.name, _first_line(node), _weights_in([node]))
        for node in trees[_DRIVERS].body
        if isinstance(node, ast.FunctionDef)
    ]
    parts = [
        Group("part", name, _first_line(tree), _weights_in([tree]))
        for name, tree in trees.items()
        if name != "__init__"
    ]
    return (*drivers, *parts)


def _weights_in(nodes: Iterable[ast.AST]) -> tuple[str, ...]:
    known = set(weight_names())
    return tuple(
        sorted(
            {
                each.attr
                for node in nodes
                for each in ast.walk(node)
                if isinstance(each, ast.Attribute)
                and isinstance(each.value, ast.Name)
                and each.value.id in _RECORDS
                and each.attr in known
            }
        )
    )


def _first_line(node: ast.FunctionDef | ast.Module) -> str:
    """The first sentence of a docstring."""
    told = " ".join((ast.get_docstring(node) or "").split())
    return told.partition(". ")[0].rstrip(".")
