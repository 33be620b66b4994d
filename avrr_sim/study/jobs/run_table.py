"""Results of single runs as one table with named columns: a row for every run and label.

Long, as it is written to disk, it has the columns scenario, draw and replicate, then those of the label, then
numbers. Summaries read the same table as arrays, one a column of numbers, over scenarios, labels, draws and
replicates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

Label = tuple[str | float, ...]


@dataclass(frozen=True)
class Columns:
    """The columns of a table beside those of the run.

    labels: names of those that say what a row is of; numbers: {name of a column of numbers: what stands in it
    where a run has no row of a label that others have}.
    """

    labels: tuple[str, ...]
    numbers: Mapping[str, float]

    @property
    def names(self) -> list[str]:
        """All columns of the long table, in order."""
        return ["scenario", "draw", "replicate", *self.labels, *self.numbers]


class RunRows(NamedTuple):
    """What one run adds to a table: for each label a number a column."""

    scenario: str
    draw: int
    replicate: int
    labels: Sequence[Label]
    numbers: Mapping[str, np.ndarray]


def long_table(columns: Columns, runs: Iterable[RunRows]) -> pa.Table:
    """The rows of some runs, run by run in their order; words as dictionaries."""
    runs = list(runs)
    known: dict[Label, int] = {}
    spots: dict[int, np.ndarray] = {}  # runs of a job share one list of labels
    for run in runs:
        if id(run.labels) not in spots:
            spots[id(run.labels)] = np.array([known.setdefault(x, len(known)) for x in run.labels], int)
    spot = np.concatenate([spots[id(run.labels)] for run in runs] or [np.zeros(0, int)])
    run_of = np.repeat(np.arange(len(runs)), [len(run.labels) for run in runs])
    words = [
        pa.array([label[i] for label in known], None if known else pa.string())
        for i in range(len(columns.labels))
    ]
    return pa.table(
        [
            pa.array([run.scenario for run in runs], pa.string()).dictionary_encode().take(pa.array(run_of)),
            pa.array(np.array([run.draw for run in runs], np.int64)[run_of]),
            pa.array(np.array([run.replicate for run in runs], np.int64)[run_of]),
            *(column.dictionary_encode().take(pa.array(spot)) for column in words),
            *(
                pa.array(np.concatenate([run.numbers[name] for run in runs] or [np.zeros(0)]))
                for name in columns.numbers
            ),
        ],
        names=columns.names,
    )


def spelled_out(table: pa.Table) -> pa.Table:
    """A long table with every word written out in its row."""
    plain = [
        field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(plain))


@dataclass(frozen=True)
class RunTable:
    """A table of single runs as arrays.

    columns: what it holds; labels: every label that some run has, in order; numbers: {column: (scenarios,
    labels, draws, replicates)}, NaN where a run failed.
    """

    columns: Columns
    labels: list[Label]
    numbers: Mapping[str, np.ndarray]

    def __getitem__(self, column: str) -> np.ndarray:
        return self.numbers[column]

    def label(self, name: str) -> list[str | float]:
        """A column of the labels, by name."""
        at = self.columns.labels.index(name)
        return [label[at] for label in self.labels]

    def of(self, column: str, **named: str | float) -> np.ndarray:
        """The numbers of a column whose labels say what is named: (scenarios, those labels, draws,
        replicates). Raises KeyError where no label does.
        """
        wanted = {self.columns.labels.index(name): value for name, value in named.items()}
        found = [
            i
            for i, label in enumerate(self.labels)
            if all(label[at] == value for at, value in wanted.items())
        ]
        if not found:
            raise KeyError(f"no run has {', '.join(f'{name} {value}' for name, value in named.items())}")
        if found[-1] - found[0] + 1 == len(found):
            return self.numbers[column][:, found[0] : found[-1] + 1]  # the same memory
        return self.numbers[column][:, found]


def labels_of(tables: Iterable[pa.Table], columns: Columns) -> list[Label]:
    """Every label of some long tables, in the order in which they first appear."""
    return list(dict.fromkeys(label for table in tables for label in _labels(table, columns)[0]))


def gather(
    columns: Columns,
    labels: Sequence[Label],
    tables: Iterable[pa.Table],
    *,
    scenarios: Sequence[str],
    draws: Sequence[int],
    replicates: int,
    by_label: bool = False,
) -> RunTable:
    """Long tables as arrays, over the scenarios and draws that are named; rows of other labels are left out.

    `by_label`: whether what lies side by side in memory is the runs of a label, else the labels of a run.
    Sums run in the order of memory, so their last digit depends on it.
    """
    place = {label: i for i, label in enumerate(labels)}
    shape = (len(scenarios), len(labels), len(draws), replicates)
    numbers = {name: _empty(shape, by_label) for name in columns.numbers}
    done = np.zeros((shape[0], *shape[2:]), bool)
    for table in tables:
        if not table.num_rows:
            continue
        found, code = _labels(table, columns)
        spot = np.array([place.get(label, -1) for label in found])[code]
        run = _runs(table, scenarios, draws)
        new = np.zeros_like(done)
        new[run] = True
        new &= ~done
        done |= new
        kept = spot >= 0
        at = (run[0][kept], spot[kept], run[1][kept], run[2][kept])
        for name, missing in columns.numbers.items():
            np.moveaxis(numbers[name], 1, -1)[new] = missing
            numbers[name][at] = table[name].to_numpy()[kept]
    return RunTable(columns, list(labels), numbers)


def _empty(shape: tuple[int, int, int, int], by_label: bool) -> np.ndarray:
    if by_label:
        return np.full(shape, np.nan)
    return np.moveaxis(np.full((*shape[2:], *shape[:2]), np.nan), (0, 1), (-2, -1))


def _runs(table: pa.Table, scenarios: Sequence[str], draws: Sequence[int]) -> tuple[np.ndarray, ...]:
    """(scenario number, place of the draw, replicate) of every row."""
    keys, code = _coded(table["scenario"])
    number: dict[str | float, int] = {key: i for i, key in enumerate(scenarios)}
    place = {draw: i for i, draw in enumerate(draws)}
    found, draw = np.unique(table["draw"].to_numpy(), return_inverse=True)
    return (
        np.array([number[key] for key in keys])[code],
        np.array([place[i] for i in found.tolist()])[draw],
        table["replicate"].to_numpy(),
    )


def _coded(column: pa.ChunkedArray) -> tuple[list[str | float], np.ndarray]:
    """(different values of a column, for each row the number of its own)."""
    whole = column.combine_chunks()
    whole = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
    coded = whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()
    return coded.dictionary.to_pylist(), coded.indices.to_numpy()


def _labels(table: pa.Table, columns: Columns) -> tuple[list[Label], np.ndarray]:
    """(labels of a long table in the order in which they first appear, for each row the number of its
    label).
    """
    if not columns.labels or not table.num_rows:
        return [()] if table.num_rows else [], np.zeros(table.num_rows, int)
    words, codes = zip(*(_coded(table[name]) for name in columns.labels), strict=True)
    sizes = [len(each) for each in words]
    used, first, code = np.unique(np.ravel_multi_index(codes, sizes), return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    spots = zip(*np.unravel_index(used[order], sizes), strict=True)
    return [tuple(word[i] for word, i in zip(words, spot, strict=True)) for spot in spots], rank[code]
