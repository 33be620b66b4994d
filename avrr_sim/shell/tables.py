"""What `avrr tables` does and prints: the tables of a study's folder with what they hold, and all of them as
one workbook for a spreadsheet.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from avrr_sim.refusals import refusal
from avrr_sim.shell.printing import console, print_json, say, table_of
from avrr_sim.study.folder.sealed import read_checked
from avrr_sim.study.folder.stored import AS_WRITTEN
from avrr_sim.study.folder.whole import no_formula, write_whole
from avrr_sim.study.summary.codebook import CODEBOOK, MEASURES_FILE, Found, tables_in
from avrr_sim.study.summary.contract import LEFT, read_facts
from avrr_sim.study.summary.datapackage import title_of

WORKBOOK = "results.xlsx"
_MOST_ROWS, _MOST_COLUMNS, _LONGEST_CELL = 1_048_575, 16_384, 32_767  # of a sheet, its head apart
_LONGEST_NAME = 31  # letters of a sheet's name
_WIDEST = 60  # letters of a column as it opens
_FIRST = (CODEBOOK, MEASURES_FILE)
_PLAIN = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Listed:
    """A table of a folder: its name, kinds of file, number of rows, and what it holds."""

    table: str
    files: list[str]
    rows: int
    holds: str


def show_tables(folder: Path, workbook: bool, out: Path | None, as_json: bool) -> None:
    """Print the tables of a study's folder; with `workbook`, write them into results.xlsx there, or into
    `out`. Raises `Refusal` where the folder holds no finished study, or the workbook cannot be written.
    """
    if not folder.is_dir():
        raise refusal("is no folder", file=folder, allowed=LEFT)
    facts = read_facts(folder)
    tables = tables_in(folder, facts["kind"])
    if workbook or out is not None:
        path = _write(out or folder / WORKBOOK, tables, facts)
        print_json({"folder": str(folder), "workbook": str(path)}) if as_json else print(f"Workbook: {path}")
        return
    listed = [_listed(table) for table in tables]
    if as_json:
        print_json([asdict(each) for each in listed])
        return
    shown = table_of(
        f"Tables of {folder}", [("table", "left"), ("files", "left"), ("rows", "right"), ("holds", "left")]
    )
    for each in listed:
        shown.add_row(each.table, ", ".join(each.files), f"{each.rows:,}", each.holds)
    console().print(shown)
    print("Columns: codebook.csv; a workbook of all tables: --xlsx")


def _listed(table: Found) -> Listed:
    ending = "parquet" if "parquet" in table.files else "csv"
    rows = sum(map(_rows_in, table.files[ending]))
    return Listed(table.name, sorted(table.files), rows, table.entry.meaning if table.entry else "")


def _rows_in(path: Path) -> int:
    try:
        return pq.read_metadata(path).num_rows if path.suffix == ".parquet" else len(pd.read_csv(path))
    except (OSError, ValueError):  # pyarrow's and pandas' own errors are among these
        raise refusal("cannot be read", file=path, allowed=AS_WRITTEN) from None


def _write(path: Path, tables: Sequence[Found], facts: Mapping[str, Any]) -> Path:
    """Write the tables that stand in the folder itself, not the single runs. Raises `Refusal`."""
    kept = {table.name: table for table in tables if "/" not in table.name}
    names = [*(name for name in _FIRST if name in kept), *(name for name in kept if name not in _FIRST)]
    if path.is_dir():
        raise refusal("is a folder, not a file", file=path, allowed="a file to write to (--out)")
    try:
        buffer = BytesIO()
        with xlsxwriter.Workbook(buffer, _PLAIN) as book:
            book.set_properties({"title": title_of(facts), "created": _day(facts)})
            bold = book.add_format({"bold": True})
            _fill(book.add_worksheet("contents"), pd.DataFrame(_contents(kept, names)), bold)
            for name in names:
                frame = _frame(kept[name])
                if len(frame) > _MOST_ROWS or len(frame.columns) > _MOST_COLUMNS:
                    say(f"{name}: too long for a sheet, so left out of the workbook; take the file itself")
                    continue
                _fill(book.add_worksheet(name[:_LONGEST_NAME]), frame, bold)
        write_whole(path, buffer.getvalue())
    except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
        allowed = "a file that you may write to (--out)"
        raise refusal(f"cannot be written ({error.strerror})", file=path, allowed=allowed) from None
    return path


def _day(facts: Mapping[str, Any]) -> datetime:
    """The day of the study, so that the same folder gives the same bytes."""
    try:
        return datetime.fromisoformat(str(facts.get("date", "")))
    except ValueError:
        return datetime(1980, 1, 1)


def _contents(kept: Mapping[str, Found], names: Sequence[str]) -> Iterator[dict[str, str]]:
    for name in names:
        entry = kept[name].entry
        yield {
            "table": name,
            "holds": entry.meaning if entry else "",
            "rows": entry.rows if entry else "",
        }


def _frame(table: Found) -> pd.DataFrame:
    if "parquet" in table.files:
        return read_checked(table.files["parquet"][0]).to_pandas()
    path = table.files["csv"][0]
    try:
        return pd.read_csv(path)
    except (OSError, ValueError):
        raise refusal("cannot be read", file=path, allowed=AS_WRITTEN) from None


def _fill(sheet: Worksheet, frame: pd.DataFrame, bold: Any) -> None:
    """A table with its head, which stays in sight and sorts."""
    for number, name in enumerate(frame.columns):
        texts = [str(name), *map(str, frame[name].head(200))]
        sheet.set_column(number, number, min(_WIDEST, 2 + max(map(len, texts))))
    sheet.write_row(0, 0, [no_formula(str(name)) for name in frame.columns], bold)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(frame), 1), max(len(frame.columns) - 1, 0))
    for number, row in enumerate(frame.itertuples(index=False, name=None), 1):
        for place, value in enumerate(row):
            _cell(sheet, number, place, value)


def _cell(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    """A value as what it is; one that is not known leaves the cell empty, and one without end is told."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return
    if isinstance(value, str):
        sheet.write_string(row, column, str(no_formula(value))[:_LONGEST_CELL])
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif math.isinf(value):
        sheet.write_string(row, column, str(float(value)))
    else:
        sheet.write_number(row, column, value)
