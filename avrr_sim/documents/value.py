"""The table of docs/what-to-study-next.md.

python -m avrr_sim.documents.value FOLDER docs/what-to-study-next.md      makes it anew from the folder of a
study
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pandas as pd

from avrr_sim.documents.markdown import filled, markdown_table
from avrr_sim.report.words import catalogue
from avrr_sim.study.folder.whole import write_whole
from avrr_sim.study.summary.contract import ValueTables, load_value

MOST = {"study": 12, "figure": 3, "weight": 4}
"""Candidates of each kind that the table holds at most, those worth most; of figures and weights only such as
stand out somewhere.
"""
_NINE_TENTHS = 1.645


def value_markdown(folder: Path) -> str:
    """What each candidate would remove of each difference: a row a candidate, a column a difference."""
    tables = load_value(folder)
    asked = tables.differences[tables.differences["ranked"] & ~tables.differences["settled"]]
    keys = list(zip(asked["scenario"], asked["measure"], strict=True))
    value = tables.value.set_index(["scenario", "measure", "kind", "name"])
    rows = []
    for kind, most in MOST.items():
        some = tables.value[tables.value["kind"] == kind]
        named = some if kind == "study" else some[some["above"]]
        best = named.groupby("name", sort=False)["share"].max().sort_values(ascending=False, kind="stable")
        for name in best.index[:most]:
            label = str(some[some["name"] == name]["label"].iloc[0])
            cells = [_cell(value.loc[(scenario, measure, kind, name)]) for scenario, measure in keys]
            rows.append([catalogue.KNOWN[kind], label, *cells])
    heads = [f"{scenario}, {tables.measures[measure]['label'].lower()}" for scenario, measure in keys]
    return f"{_made(tables)}\n\n{markdown_table(['kind', 'candidate', *heads], rows)}"


def _made(tables: ValueTables) -> str:
    told = tables.provenance
    return (
        f"Made by `{told['command']}`: {told['draws']} draws of the {told['weights']} weights, "
        f"{told['replicates']} replicates, {told['size']} units."
    )


def _cell(row: pd.Series) -> str:
    reach = _NINE_TENTHS * row["error"]
    share, low, high = (round(100 * (row["share"] + side * reach)) for side in (0, -1, 1))
    text = f"{share} % ({low} to {high})"
    return f"**{text}**" if row["above"] else text


if __name__ == "__main__":
    target = Path(sys.argv[2])
    made = {"value": partial(value_markdown, Path(sys.argv[1]))}
    write_whole(target, filled(target.read_text(encoding="utf-8"), target, tables=made))
