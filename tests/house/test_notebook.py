"""The example notebook runs as it stands, from its folder, and is kept without outputs.

Its cells are run here without a kernel: it has no commands but Python's, so that a kernel would show nothing
more and cost two dozen packages.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import ROOT

NOTEBOOK = ROOT / "docs" / "notebooks" / "first-steps.ipynb"
CELLS: dict[str, dict[str, Any]] = {
    cell["id"]: cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
}
CODE = {name: "".join(cell["source"]) for name, cell in CELLS.items() if cell["cell_type"] == "code"}


def shown_by(source: str, names: dict[str, Any]) -> object:
    """Runs a cell among the names of those before it: the value of its last line where that is an expression,
    which a notebook would show.
    """
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None


@pytest.fixture(scope="module")
def shown() -> dict[str, object]:
    """What every cell of code shows, all run one after the other in the notebook's folder."""
    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(NOTEBOOK.parent)
        return {name: shown_by(source, names) for name, source in CODE.items()}


def test_the_notebook_holds_no_outputs():
    assert all(CELLS[name]["outputs"] == [] and CELLS[name]["execution_count"] is None for name in CODE)


def test_every_cell_runs_and_the_tables_hold_what_they_are_asked_for(shown):
    assert shown["load"] == "Norway as it was"
    differences, by_origin = shown["differences"], shown["origins"]
    assert isinstance(differences, pd.DataFrame) and isinstance(by_origin, pd.DataFrame)
    assert differences.loc["application_hazard", "difference"] > 0 and len(by_origin) == 5


@pytest.mark.parametrize("cell", [name for name, cell in CELLS.items() if cell["cell_type"] == "markdown"])
def test_links_of_the_notebook_lead_to_files(cell):
    for piece in "".join(CELLS[cell]["source"]).split("](")[1:]:
        assert (NOTEBOOK.parent / Path(piece.split(")")[0])).exists(), piece
