"""Verdicts on the patterns of the literature, as dots."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from avrr_sim.report.figures import marks, style
from avrr_sim.report.words import catalogue
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.contract import ValidationTables

LOOKS = {
    "imposed": ("s", style.SCENARIOS[0]),
    "emerging": ("o", style.SCENARIOS[1]),
    "-": ("x", style.BASELINE),
}
"""Marker and colour of a label; the marker alone is enough to tell them apart."""
_ROW, _AROUND = 0.29, 1.25  # inches a pattern; inches for axis and legend
_LETTERS = 56  # of a statement on a line, two lines at most
_COLUMNS = [
    "id",
    "statement",
    "label",
    "verdict",
    "probability",
    "low",
    "high",
    "draws",
    "clear",
    "median",
    "unit",
]


def draw_patterns(folder: Path, tables: ValidationTables) -> style.Figure:
    """In how many draws every pattern holds, with where verdicts are cut: SVG and CSV into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    title = say("validation.title")
    caption = say(
        "validation.caption",
        interval=f"{100 * tables.interval:.0f} %",
        hit=f"{100 * tables.hit:.0f} %",
        miss=f"{100 * tables.missed:.0f} %",
    )
    alt = say("validation.alt", title=title, **count_verdicts(tables.patterns))
    return style.save(
        folder,
        "patterns",
        lambda names: _draw(tables),
        [],
        tables.patterns[_COLUMNS],
        (title, caption, alt),
    )


def count_verdicts(patterns: pd.DataFrame) -> dict[str, int]:
    """How many patterns are hit, missed and open, as sentences take them."""
    verdicts = {"hit": "hit", "missed": "missed", "open": "not decidable"}
    return {name: int((patterns["verdict"] == verdict).sum()) for name, verdict in verdicts.items()}


def _draw(tables: ValidationTables) -> Canvas:
    table, n = tables.patterns, len(tables.patterns)
    height = _ROW * n + _AROUND
    canvas = Canvas(figsize=(style.WIDTH, height))
    axes = canvas.add_axes((0.53, 0.85 / height, 0.45, 1 - _AROUND / height))
    for cut in (tables.missed, tables.hit):
        axes.axvline(100 * cut, color=style.BASELINE, lw=0.8, ls=marks.SHORT_DASHES, zorder=1)
    for y, row in enumerate(table.to_dict("records")):
        _row(axes, row, y)
    statements = [f"{i}  {text}" for i, text in zip(table["id"], table["statement"], strict=True)]
    axes.set_yticks(range(n), [style.lines(text, _LETTERS, 2) for text in statements], fontsize=6.5)
    axes.set_ylim(n - 0.4, -0.6)
    axes.set_xlim(-2, 102)
    axes.set_xticks([0, 25, 50, 75, 100])
    axes.set_xlabel(say("validation.axis"))
    axes.grid(axis="y", color=style.FAINT, lw=0.5, zorder=0)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)
    middles = {"missed": 100 * tables.missed / 2, "not decidable": 50, "hit": 50 + 100 * tables.hit / 2}
    for verdict, x in middles.items():
        axes.text(x, -0.8, catalogue.VERDICTS[verdict], ha="center", va="bottom", fontsize=7)
    used = [label for label in LOOKS if label != "-" and (table["label"] == label).any()]
    keys = [
        marks.marked_key(catalogue.LABELS[label], LOOKS[label][1], LOOKS[label][0], 5.5, edge=0.6)
        for label in used
    ]
    cuts = say("validation.cuts")
    keys.append(Line2D([], [], color=style.BASELINE, lw=0.8, ls=marks.SHORT_DASHES, label=cuts))
    canvas.legend(handles=keys, loc="lower center", ncols=len(keys), bbox_to_anchor=(0.5, 0.0))
    return canvas


def _row(axes: Axes, row: Mapping[str, Any], y: int) -> None:
    """One pattern, or that nothing in the model answers to it."""
    mark, shade = LOOKS[row["label"]]
    if np.isnan(row["probability"]):
        axes.text(
            50,
            y,
            say("validation.nothing"),
            ha="center",
            va="center",
            fontsize=7,
            style="italic",
            backgroundcolor=style.PAPER,
        )
        return
    marks.interval(axes, 100 * row["low"], 100 * row["high"], y, shade, above=2)
    marks.point(axes, 100 * row["probability"], y, shade, mark, 5.5, edge=0.6, above=3)
