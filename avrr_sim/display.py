"""How results show themselves to who looks at them: a line in a shell, a small table in a notebook."""

from __future__ import annotations

from abc import abstractmethod
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 40
"""Rows of a table that a notebook shows."""


class Displayed:
    """A result that tells in a line what it is, and shows an excerpt of its main table in a notebook."""

    @abstractmethod
    def _line(self) -> str:
        """What this is, in a line."""

    @abstractmethod
    def _excerpt(self) -> pd.DataFrame:
        """The rows that say most, in the order in which they are to be read."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._line()}>"

    def _repr_html_(self) -> str:
        table = self._excerpt()
        left = len(table) - MOST_ROWS
        more = f"<p>and {left:,} rows more</p>" if left > 0 else ""
        rows = table.head(MOST_ROWS).to_html(index=False, border=0, na_rep="", float_format="{:.4g}".format)
        return f"<p>{escape(type(self).__name__)}: {escape(self._line())}</p>{rows}{more}"
