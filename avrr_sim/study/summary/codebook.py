"""A study's folder tells of its tables: `codebook.csv`, a row a column of every table; `measures.csv`,
what the names of measures stand for.

What a column means is dictionary.yaml's; which there are is seen in the folder. The same folder gives the
same bytes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from avrr_sim.measures import MEASURES
from avrr_sim.policy import LEVERS, TIMING
from avrr_sim.programmes.amounts import AMOUNTS
from avrr_sim.schema import known_weights
from avrr_sim.study.folder.whole import write_csv
from avrr_sim.study.summary.changes import TIMING_TOLD
from avrr_sim.study.summary.dictionary import TYPES, Table, monthly_measures, table_named

CODEBOOK, MEASURES_FILE = "codebook", "measures"
_COLUMNS = ("table", "column", "type", "unit", "allowed", "meaning")
_CHUNK = "chunk-"
_MONTH_BY_MONTH = "month by month"
_IN_PLACES = ("_centre", "_private")  # measures of beliefs, which are told month by month too


@dataclass(frozen=True)
class Column:
    """A column of a table as it stands in a folder: name, kind (a key of dictionary.TYPES), unit, what may
    stand there in words, meaning (empty where the dictionary does not know it); enum: all texts that may
    stand there; span: smallest and largest number, as far as there is one.
    """

    name: str
    kind: str
    unit: str = ""
    allowed: str = ""
    meaning: str = ""
    enum: tuple[str, ...] = ()
    span: tuple[float, ...] = ()


@dataclass
class Found:
    """A table that stands in a folder: its name, its files by ending (csv, parquet), their columns with the
    type that Parquet keeps (None where there is CSV alone), and its entry in the dictionary.
    """

    name: str
    entry: Table | None
    files: dict[str, list[Path]] = field(default_factory=dict)
    types: dict[str, pa.DataType | None] = field(default_factory=dict)

    @staticmethod
    def columns_of(path: Path) -> list[str]:
        """The names of the columns of one of its files."""
        return list(_types_in(path))

    @property
    def columns(self) -> list[Column]:
        """What is known of each column, in the order in which they stand."""
        return [_column(self.entry, name, kind) for name, kind in self.types.items()]


def tables_in(folder: Path, kind: str) -> list[Found]:
    """Every table that stands in the folder of a study of a kind, in the order of their names. Numbers of
    pictures that have one entry in the dictionary are one table.
    """
    found: dict[str, Found] = {}
    for path in sorted(_table_files(folder)):
        name = _name_of(path.relative_to(folder))
        entry = table_named(kind, name)
        if entry is not None and name.startswith("figures/"):
            name = entry.name
        table = found.setdefault(name, Found(name, entry))
        ending = path.suffix[1:]
        new = ending not in table.files
        table.files.setdefault(ending, []).append(path)
        if new or name.startswith("figures/"):  # chunks are alike
            for column, type_ in _types_in(path).items():
                table.types[column] = type_ or table.types.get(column)
    return [found[name] for name in sorted(found)]


def _table_files(folder: Path) -> Iterator[Path]:
    """Files of tables, none hidden and none behind a link."""
    for path in folder.iterdir():
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from _table_files(path)
        elif path.suffix in (".csv", ".parquet") and path.is_file():  # a pipe could be read for ever
            yield path


def _name_of(path: Path) -> str:
    return f"{path.parent.as_posix()}/" if path.name.startswith(_CHUNK) else path.with_suffix("").as_posix()


def _types_in(path: Path) -> dict[str, pa.DataType | None]:
    """The columns of a file, with their types in Parquet; none where it is damaged, as other readers say."""
    try:
        if path.suffix == ".parquet":
            return {each.name: each.type for each in pq.read_schema(path)}
        with path.open(encoding="utf-8", newline="") as file:
            return dict.fromkeys(next(csv.reader(file), ()))
    except (OSError, ValueError, csv.Error):  # pyarrow's own errors are among these
        return {}


def _column(entry: Table | None, name: str, type_: pa.DataType | None) -> Column:
    known = entry.columns.get(name) if entry is not None else None
    if known is not None:
        enum = () if isinstance(known.values, str) else tuple(known.values)
        return Column(
            name, known.kind, known.unit, known.allowed, known.meaning, enum, tuple(map(float, known.span))
        )
    meaning, unit = _of_another(name) if entry is not None and entry.others else ("", "")
    return Column(name, "text" if type_ is None or _is_text(type_) else "number", unit, meaning=meaning)


def _is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))


def _of_another(column: str) -> tuple[str, str]:
    """(meaning, unit) of a column that a table has for each of something."""
    place, _, name = column.rpartition(".")
    if place in ("", "weights") and (weight := known_weights().get(name)):
        return weight.meaning, weight.unit
    if weight := known_weights().get(column):  # a programme's own amount that no source gives
        return weight.meaning, weight.unit
    if column == TIMING:
        return TIMING_TOLD["meaning"], TIMING_TOLD["unit"]
    if lever := LEVERS.get(column):
        return lever.meaning, lever.unit
    if place == "amounts" and name in AMOUNTS:
        return AMOUNTS[name], "currency of the programme"
    scenario, _, measure = column.partition(":")
    if scenario == "pattern":
        return f"Statistic of the pattern {measure}: above zero, it holds", ""
    if measure in MEASURES:
        return f"Effect of the scenario {scenario} on: {MEASURES[measure].label}", MEASURES[measure].unit
    return f"The published figure {column} of the file of targets, as the model has it", "of the figure"


def codebook_of(tables: list[Found]) -> pd.DataFrame:
    """One row a column of every table: table, column, type, unit, allowed, meaning."""
    rows = [
        (table.name, column.name, TYPES[column.kind], column.unit, column.allowed, column.meaning)
        for table in tables
        for column in table.columns
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def write_codebook(folder: Path, facts: Mapping[str, Any]) -> list[Found]:
    """Write codebook.csv, and measures.csv where the study has measures; gives the tables of the folder,
    these two among them. `facts`: what study.json says, or will.
    """
    kind = facts["kind"]
    if "measures" in facts:
        write_csv(measures_of(facts), folder / f"{MEASURES_FILE}.csv")
    write_csv(pd.DataFrame(columns=list(_COLUMNS)), folder / f"{CODEBOOK}.csv")  # it tells of itself too
    tables = tables_in(folder, kind)
    write_csv(codebook_of(tables), folder / f"{CODEBOOK}.csv")
    return tables


def measures_of(facts: Mapping[str, Any]) -> pd.DataFrame:
    """One row a measure: measure, over (window or month), label, unit, per, window, meaning. Monthly ones are
    told of runs and comparisons only.
    """
    told = [
        {"measure": name, "over": "window", **_without_name(measure)}
        for name, measure in facts["measures"].items()
    ]
    if facts["kind"] in ("run", "compare"):
        told += [
            {"measure": name, "over": "month", "window": _MONTH_BY_MONTH, **form.model_dump()}
            for name, form in monthly_measures().items()
        ]
        beliefs = [name for name in MEASURES if name.endswith(_IN_PLACES)]
        told += [
            {"measure": name, "over": "month", **_without_name(asdict(MEASURES[name]))}
            | {"window": _MONTH_BY_MONTH}
            for name in beliefs
        ]
    return pd.DataFrame(told, columns=["measure", "over", "label", "unit", "per", "window", "meaning"])


def _without_name(measure: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in measure.items() if key != "name"}
