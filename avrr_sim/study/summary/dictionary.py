"""What every column of every table means that a study writes, as dictionary.yaml says it once.

`codebook.csv` and `datapackage.json` of a folder and docs/data-dictionary.md are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from avrr_sim.files import read_yaml
from avrr_sim.forms import Form, OneOf, Text, read_form

_FILE = Path(__file__).with_name("dictionary.yaml")
TYPES = {
    "text": "text",
    "number": "number",
    "whole": "whole number",
    "truth": "truth",
    "month": "month",
    "numbers": "list of numbers",
}
"""Kinds of column, each as the codebook names it."""
SECTIONS: dict[str, tuple[str, ...]] = {
    "run": ("every", "measured", "study", "jobs", "tipping", "conditions"),
    "compare": ("every", "measured", "study", "jobs", "tipping", "conditions"),
    "sweep": ("every", "measured", "sweep", "tipping"),
    "study-next": ("every", "measured", "jobs", "next"),
    "calibrate": ("every", "measured", "calibrate"),
    "validate": ("every", "validate"),
}
"""By kind of study, the sections of the dictionary that its tables stand in."""
_SHARED = "shared"


class ColumnForm(Form):
    """A column: kind, unit, what may stand there, meaning."""

    kind: Annotated[str, OneOf("kind of column", tuple(TYPES))] = Field(alias="is")
    unit: Text = ""
    values: list[str] | str = ""
    span: list[int | float] = Field([], alias="range", max_length=2)
    meaning: Text

    @property
    def allowed(self) -> str:
        """What may stand there, in words; empty where that is anything of its kind."""
        if self.span:
            low, high = self.span[0], self.span[1:]
            return f"{low:g} to {high[0]:g}" if high else f"{low:g} or more"
        return self.values if isinstance(self.values, str) else ", ".join(self.values)


def _one_of_all(value: Any) -> Any:
    return None if value == _SHARED else value


_Column = Annotated[ColumnForm | None, BeforeValidator(_one_of_all)]


class TableForm(Form):
    """A table: what a row is, what it says, its columns; others: columns beside, one a name of something."""

    rows: Text
    meaning: Text
    others: str = ""
    columns: dict[str, _Column]


class MonthlyForm(Form):
    """A monthly measure: label, unit, what it is a kind of, meaning."""

    label: Text
    unit: Text
    per: Text
    meaning: Text


class _DictionaryForm(Form):
    shared: dict[str, ColumnForm]
    tables: dict[str, dict[str, TableForm]]
    monthly: dict[str, MonthlyForm]
    figures: dict[str, str | TableForm]


@dataclass(frozen=True)
class Table:
    """A table of a kind of study: name (* stands for any part of it), what a row is, what it says, its
    columns by name, and of what others there is one a name.
    """

    name: str
    rows: str
    meaning: str
    columns: Mapping[str, ColumnForm]
    others: str = ""


@cache
def _read() -> _DictionaryForm:
    return read_form(_DictionaryForm, read_yaml(_FILE), file=_FILE)


def _table(name: str, form: TableForm) -> Table:
    shared = _read().shared
    columns = {column: shared[column] if told is None else told for column, told in form.columns.items()}
    return Table(name, form.rows, form.meaning, columns, form.others)


@cache
def tables_of_kind(kind: str) -> dict[str, Table]:
    """The tables of a kind of study (a key of SECTIONS), by name; numbers of pictures as figures/NAME. A
    folder of chunks ends in a stroke where a table over all runs has its name too.
    """
    read = _read()
    sections = SECTIONS.get(kind, ("every",))
    found = {name: _table(name, form) for section in sections for name, form in read.tables[section].items()}
    for end, told in read.figures.items():
        name = f"figures/{end}"
        if not isinstance(told, str):
            found[name] = _table(name, told)
        elif told in found:
            of = found[told]
            meaning = f"Numbers of a picture, cut from the table {told}"
            found[name] = Table(name, of.rows, meaning, of.columns, of.others)
    return found


def table_named(kind: str, name: str) -> Table | None:
    """The entry of the table `name` of a kind of study: the longest whose name fits; None where there is
    none.
    """
    fitting = [each for each in tables_of_kind(kind) if fnmatchcase(name, each)]
    return tables_of_kind(kind)[max(fitting, key=len)] if fitting else None


def monthly_measures() -> Mapping[str, MonthlyForm]:
    """What is told month by month, by name, but for what is a measure of the window too."""
    return _read().monthly


def entries() -> Mapping[str, Mapping[str, TableForm]]:
    """The tables by section, as the file has them."""
    return _read().tables


def shared_columns() -> Mapping[str, ColumnForm]:
    """The columns that mean the same wherever they stand."""
    return _read().shared


def figure_entries() -> Mapping[str, str | TableForm]:
    """The numbers of pictures, as the file has them."""
    return _read().figures
