"""The measures of one run as named columns: group_by, group, measure, value, cell.

A label is (group_by, group, measure). Runs that can tell the same things share one object of `Labels`, so
that nothing is spelled out again for each of many thousand runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

Label = tuple[str, str, str]
ALL = "all"
"""Group, and kind of group, of everybody."""


class Labels:
    """All labels that runs of one kind can have, sorted, with the place of each."""

    def __init__(self, labels: Iterable[Label]) -> None:
        self.names: tuple[Label, ...] = tuple(sorted(labels))
        self.place: dict[Label, int] = {label: i for i, label in enumerate(self.names)}
        self.group_by, self.group, self.measure = (
            np.array(column, dtype=object) for column in zip(*self.names, strict=True)
        )


@dataclass(frozen=True, repr=False)
class Measured:
    """The measures of one run, one entry a label, sorted by label.

    labels: all that a run of this kind can have; rows: places among them of those that this one has (where
    somebody is in the group, or the group is everybody); value: (rows,) in the unit of the measure, NaN where
    the denominator is 0; cell: (rows,) denominator in simulated units.
    """

    labels: Labels
    rows: np.ndarray
    value: np.ndarray
    cell: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<{len(self)} measures by group: columns group_by, group, measure, value, cell>"

    @property
    def group_by(self) -> np.ndarray:
        """Kind of group of every entry: all, origin, abode, status, tier or household."""
        return self.labels.group_by[self.rows]

    @property
    def group(self) -> np.ndarray:
        """Group of every entry."""
        return self.labels.group[self.rows]

    @property
    def measure(self) -> np.ndarray:
        """Name of the measure of every entry."""
        return self.labels.measure[self.rows]

    @property
    def names(self) -> list[Label]:
        """Label of every entry."""
        return [self.labels.names[row] for row in self.rows.tolist()]

    def value_of(self, measure: str, by: str = ALL, group: str = ALL) -> float:
        """One value; NaN where nobody is in the group. Raises KeyError for a measure or group that there is
        not.
        """
        entry = self._entry(measure, by, group)
        return float(self.value[entry]) if entry is not None else float("nan")

    def cell_of(self, measure: str, by: str = ALL, group: str = ALL) -> float:
        """One denominator, in simulated units; 0 where nobody is in the group. Raises KeyError as
        `value_of`.
        """
        entry = self._entry(measure, by, group)
        return float(self.cell[entry]) if entry is not None else 0.0

    def _entry(self, measure: str, by: str, group: str) -> int | None:
        place = self.labels.place.get((by, group, measure))
        if place is None:
            raise KeyError(f"no run of this kind has {measure!r} of the group {by}: {group}")
        entry = int(np.searchsorted(self.rows, place))
        return entry if entry < len(self.rows) and self.rows[entry] == place else None

    def everybody(self) -> dict[str, float]:
        """Measure -> value, over all people."""
        here = np.flatnonzero(self.group_by == ALL)
        return dict(zip(self.measure[here].tolist(), self.value[here].tolist(), strict=True))

    def only(self, measures: Iterable[str]) -> Measured:
        """The entries of some measures."""
        return self._kept(np.isin(self.measure, list(measures)))

    def beside(self, told: Mapping[str, tuple[float, float]]) -> Measured:
        """These, and measures of everybody that were worked out elsewhere: {measure: (value, cell)}. Raises
        KeyError for a measure that runs of this kind cannot have.
        """
        places = np.array([self.labels.place[ALL, ALL, name] for name in told], int)
        rows = np.concatenate([self.rows, places])
        joined = replace(
            self,
            rows=rows,
            value=np.concatenate([self.value, [value for value, _ in told.values()]]),
            cell=np.concatenate([self.cell, [cell for _, cell in told.values()]]),
        )
        return joined._kept(np.argsort(rows, kind="stable"))

    def _kept(self, which: np.ndarray) -> Measured:
        return replace(self, rows=self.rows[which], value=self.value[which], cell=self.cell[which])

    def frame(self) -> pd.DataFrame:
        """The columns as a DataFrame."""
        import pandas as pd

        return pd.DataFrame(
            {
                "group_by": self.group_by,
                "group": self.group,
                "measure": self.measure,
                "value": self.value,
                "cell": self.cell,
            }
        )

    def _repr_html_(self) -> str:
        return self.frame().to_html(index=False)
