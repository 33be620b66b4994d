"""Verdicts on the patterns of the literature, as dots."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from avrr_sim.report.figures import style
from avrr_sim.report.words import catalogue
from avrr_sim.report.words.sentences import say
from avrr_sim.study.patterns.pattern import CALIBRATED, EMERGING, IMPOSED, NO_LABEL
from avrr_sim.study.summary.statistics import INTERVAL
from avrr_sim.study.validation.verdicts import HIT, MISS, VERDICTS

_LOOK = {
    IMPOSED: ("s", style.SCENARIOS[0]),
    CALIBRATED: ("D", style.SCENARIOS[2]),
    EMERGING: ("o", style.SCENARIOS[1]),
    NO_LABEL: ("x", style.BASELINE),
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


def patterns(folder: Path, table: pd.DataFrame) -> style.Figure:
    """The figure "patterns" of a table of patterns (see `validate_folder.pattern_table`): SVG, PNG and CSV
    into `folder`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    title = say("validation.title")
    caption = say(
        "validation.caption",
        interval=f"{100 * INTERVAL:.0f} %",
        hit=f"{100 * HIT:.0f} %",
        miss=f"{100 * MISS:.0f} %",
    )
    alt = say("validation.alt", title=title, **_counts(table))
    return style.save(
        folder, "patterns", lambda names: _draw(table), [], table[_COLUMNS], (title, caption, alt)
    )


def _counts(table: pd.DataFrame) -> dict[str, int]:
    """How many are hit, missed and open."""
    return {
        name: int((table["verdict"] == verdict).sum())
        for name, verdict in zip(("hit", "missed", "open"), VERDICTS, strict=True)
    }


def _draw(table: pd.DataFrame) -> Canvas:
    n = len(table)
    height = _ROW * n + _AROUND
    canvas = Canvas(figsize=(style.WIDTH, height))
    axes = canvas.add_axes((0.53, 0.85 / height, 0.45, 1 - _AROUND / height))
    for cut in (MISS, HIT):
        axes.axvline(100 * cut, color=style.BASELINE, lw=0.8, ls=(0, (4, 2)), zorder=1)
    for y, row in enumerate(table.to_dict("records")):
        mark, shade = _LOOK[row["label"]]
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
            continue
        axes.plot(
            [100 * row["low"], 100 * row["high"]],
            [y, y],
            color=shade,
            lw=2.2,
            solid_capstyle="butt",
            zorder=2,
        )
        axes.plot(
            [100 * row["probability"]],
            [y],
            marker=mark,
            ms=5.5,
            mfc=shade,
            mec=style.INK,
            mew=0.6,
            ls="",
            zorder=3,
        )
    axes.set_yticks(
        range(n),
        [
            style.lines(f"{i}  {text}", _LETTERS, 2)
            for i, text in zip(table["id"], table["statement"], strict=True)
        ],
        fontsize=6.5,
    )
    axes.set_ylim(n - 0.4, -0.6)
    axes.set_xlim(-2, 102)
    axes.set_xticks([0, 25, 50, 75, 100])
    axes.set_xlabel(say("validation.axis"))
    axes.grid(axis="y", color=style.FAINT, lw=0.5, zorder=0)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)
    for x, text in ((100 * MISS / 2, "missed"), (50, "not decidable"), (50 + 100 * HIT / 2, "hit")):
        axes.text(x, -0.8, catalogue.VERDICTS[text], ha="center", va="bottom", fontsize=7)
    used = [label for label in _LOOK if label != NO_LABEL and (table["label"] == label).any()]
    keys = [
        Line2D(
            [],
            [],
            color=_LOOK[label][1],
            lw=2.2,
            marker=_LOOK[label][0],
            ms=5.5,
            mec=style.INK,
            mew=0.6,
            label=catalogue.LABELS[label],
        )
        for label in used
    ]
    keys.append(Line2D([], [], color=style.BASELINE, lw=0.8, ls=(0, (4, 2)), label=say("validation.cuts")))
    canvas.legend(handles=keys, loc="lower center", ncols=len(keys), bbox_to_anchor=(0.5, 0.0))
    return canvas
