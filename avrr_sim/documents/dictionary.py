"""Writes the tables of docs/data-dictionary.md anew, between their markers:
`python -m avrr_sim.documents.dictionary docs/data-dictionary.md`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from avrr_sim.documents.markdown import filled, markdown_table
from avrr_sim.measures import COMPARATIVE, MEASURES, TWIN_MEASURES
from avrr_sim.study.summary.dictionary import (
    TYPES,
    ColumnForm,
    TableForm,
    entries,
    figure_entries,
    monthly_measures,
    shared_columns,
)

_SECTIONS = {
    "every": "Of every study",
    "measured": "Of `avrr run`, `compare`, `sweep` and `calibrate`",
    "study": "Of `avrr run` and `compare`",
    "jobs": "Jobs of `avrr run`, `compare` and `study-next`",
    "sweep": "Of `avrr sweep` and `merge`",
    "tipping": "Of `avrr compare` and `sweep`: what answers depend on",
    "conditions": "Of `avrr compare`: ceilings and hypotheses",
    "next": "Of `avrr study-next`",
    "calibrate": "Of `avrr calibrate`",
    "validate": "Of `avrr validate`",
}
_COLUMNS = ("column", "type", "unit", "allowed", "meaning")


def made_anew(text: str, file: object = None) -> str:
    """The text of the page with its tables as the dictionary has them. Raises `Refusal` where a marker is
    missing.
    """
    return filled(text, file, tables={"columns": _all_columns, "measures": _all_measures})


def _all_columns() -> str:
    return "\n".join([*_tables(), *_figures()]).rstrip()


def _all_measures() -> str:
    return "\n".join(_measures()).rstrip()


def _tables() -> Iterator[str]:
    for section, tables in entries().items():
        yield f"## {_SECTIONS[section]}\n"
        for name, form in tables.items():
            yield from _table(name, form)


def _table(name: str, form: TableForm) -> Iterator[str]:
    beside = f" Beside these, a column for each of the {form.others}." if form.others else ""
    yield f"### `{name}`\n"
    yield f"{form.meaning}. {form.rows.capitalize()}.{beside}\n"
    if form.columns:
        yield f"{_columns(form.columns)}\n"


def _columns(columns: Mapping[str, ColumnForm | None]) -> str:
    shared = shared_columns()
    told = [(name, form or shared[name]) for name, form in columns.items()]
    rows = [(f"`{name}`", TYPES[form.kind], form.unit, form.allowed, form.meaning) for name, form in told]
    return markdown_table(_COLUMNS, rows)


def _figures() -> Iterator[str]:
    yield "## Numbers of pictures, `figures/`\n"
    yield "Every picture has its numbers beside it as CSV, cut from a table of the study, or of its own.\n"
    figures = figure_entries()
    rows = [(f"`{name}`", f"`{told}`") for name, told in figures.items() if isinstance(told, str)]
    yield f"{markdown_table(('figures', 'columns of the table'), rows)}\n"
    for name, told in figures.items():
        if not isinstance(told, str):
            yield from _table(f"figures/{name}", told)


def _measures() -> Iterator[str]:
    only = dict.fromkeys(COMPARATIVE, " Against a baseline only.") | dict.fromkeys(
        TWIN_MEASURES, " Of runs with twins."
    )
    rows = [
        (f"`{name}`", m.label, m.unit, m.window, f"{m.meaning}.{only.get(name, '')}")
        for name, m in MEASURES.items()
    ]
    yield f"{markdown_table(('measure', 'label', 'unit', 'counted over', 'meaning'), rows)}\n"
    yield "Month by month, in `bands` and `series/`; beliefs (`..._centre`, `..._private`) besides:\n"
    monthly = [(f"`{name}`", m.label, m.unit, f"{m.meaning}.") for name, m in monthly_measures().items()]
    yield f"{markdown_table(('measure', 'label', 'unit', 'meaning'), monthly)}\n"


def main() -> None:
    """Fill the file that is named."""
    page = Path(sys.argv[1])
    made = made_anew(page.read_text(encoding="utf-8"), page)
    page.write_text(made, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
