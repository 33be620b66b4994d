"""Cells and columns of the pages' tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from avrr_sim.report.html.elements import DASH, Cell, Column
from avrr_sim.report.words import sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables

ABSENT = {"value": np.nan, "low": np.nan, "high": np.nan, "mc_error": np.nan, "suppressed": False}
"""A row of levels that a study does not have."""
NEAR = 1.5  # ratio of prediction and published figure up to which the figure is met


def columns_of(prefix: str, *heads: str, words: Collection[str] = ()) -> list[Column]:
    """Columns whose heads are the sentences `prefix`.head; those named in `words` hold words, the others
    numbers.
    """
    return [Column(say(f"{prefix}.{head}"), numeric=head not in words) for head in heads]


def span_of(low: float, high: float) -> str:
    """An interval in brackets, three digits that count."""
    return f"({say('to', low=sentences.significant(low), high=sentences.significant(high))})"


def significant_cell(value: float, low: float = np.nan, high: float = np.nan) -> Cell:
    """A number of any kind with its interval, if it has one; a dash where it is not known."""
    if not sentences.known(value):
        return Cell(DASH)
    return Cell(
        sentences.significant(value), span_of(low, high) if sentences.known(low) else "", float(value)
    )


def percent_cell(share: float, beside: str = "") -> Cell:
    """A share in whole per cent; a dash where it is not known."""
    return Cell(f"{100 * share:.0f} %", beside, float(share)) if sentences.known(share) else Cell(DASH)


def level_cell(row: Mapping[str, Any], per: str) -> Cell:
    """A level with its interval."""
    return number_cell(row, "value", per)


def number_cell(row: Mapping[str, Any], column: str, per: str, signed: bool = False) -> Cell:
    """A number of a row with its interval; 'too few' where the cell is suppressed."""
    if row["suppressed"]:
        return Cell(sentences.too_few())
    value, interval = sentences.shown(row[column], row["low"], row["high"], per, signed)
    meaning = "" if signed else sentences.beyond(row.get("measure", ""), per, row[column])
    return Cell(
        value,
        " ".join(filter(None, (f"({interval})" if interval else "", meaning))),
        float(row[column]) if sentences.known(row[column]) else None,
    )


def error_cell(row: Mapping[str, Any], per: str) -> Cell:
    """A Monte Carlo error."""
    if row["suppressed"] or not sentences.known(row["mc_error"]):
        return Cell(DASH)
    return Cell(sentences.error(row["mc_error"], per), value=float(row["mc_error"]))


def sign_cell(tables: StudyTables, row: Mapping[str, Any]) -> Cell:
    """The share of draws that agree on the sign, or that there is no difference at all."""
    if row["suppressed"] or sentences.one_draw(tables):
        return Cell(DASH)
    if sentences.exactly_zero(row):
        return Cell(sentences.by_construction())
    if not sentences.known(row["sign_share"]):
        return Cell(DASH)
    return Cell(f"{100 * row['sign_share']:.0f} %", value=float(row["sign_share"]))


def far_off(row: Mapping[str, Any]) -> bool:
    """Whether the middle of a prediction is more than `NEAR` times the published figure, or less than that
    part of it: a wide prediction may hold a figure that the model does not come near.
    """
    value, middle = row["value"], row["predictive_median"]
    if not (sentences.known(value) and sentences.known(middle)) or value <= 0 or middle <= 0:
        return False
    return max(value / middle, middle / value) > NEAR


def remark_text(value: Any) -> str:
    """A remark of a table as text; nothing where there is none."""
    return "" if pd.isna(value) else str(value)
