"""Yearly figures from two sources side by side: lines over years, a panel a thing, with a band where one is
known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from avrr_sim.report.figures import layout, style

_ACROSS = 3  # panels side by side, unless told otherwise
_HEIGHT = 1.15  # inches of a panel
_GAP = (0.45, 0.62)
_DASHES = (0, (3, 1.5))


@dataclass(frozen=True)
class Panel:
    """One panel: title with unit, values by year of each line, and ends of a band by year; None is a gap.

    `share`: values are shares and shown as per cent.
    """

    title: str
    years: Sequence[int]
    lines: Mapping[str, Sequence[float | None]]
    band: tuple[Sequence[float | None], Sequence[float | None]] | None = None
    share: bool = False
    top: float | None = None


@dataclass(frozen=True)
class Words:
    """Title, caption, text alternative and note of a figure, the name of its band, and how many panels stand
    side by
    side.
    """

    title: str
    caption: str
    alt: str
    note: str
    band: str = ""
    across: int = _ACROSS


def yearly(folder: Path, name: str, panels: Sequence[Panel], words: Words) -> style.Figure:
    """Draws the panels, the same lines in each, into `folder` as `name`.svg and .csv.

    The first line is dark with round marks, the next ones in the colours of scenarios, each with a mark and a
    dash of its own, so that they are told apart without colour too.
    """
    return style.save(
        folder,
        name,
        lambda _: _drawn(panels, words),
        [],
        _numbers(panels),
        (words.title, words.caption, words.alt),
    )


def _numbers(panels: Sequence[Panel]) -> pd.DataFrame:
    rows = [
        (panel.title, line, year, value)
        for panel in panels
        for line, values in panel.lines.items()
        for year, value in zip(panel.years, values, strict=True)
    ]
    return pd.DataFrame(rows, columns=["panel", "line", "year", "value"])


def _drawn(panels: Sequence[Panel], words: Words) -> Canvas:
    foot = 0.68 + layout.NOTE_LINE * layout.note_lines(words.note)
    canvas, all_axes = layout.grid_of(len(panels), words.across, _HEIGHT, 0.55, foot, _GAP)
    names = list(dict.fromkeys(line for panel in panels for line in panel.lines))
    for axes, panel in zip(all_axes, panels, strict=True):
        _panel(axes, panel, names)
    keys: list[Line2D | Patch] = [
        Line2D([], [], ms=3, lw=1.2, label=line, **_look(i)) for i, line in enumerate(names)
    ]
    if words.band:
        keys.append(Patch(facecolor=style.BASELINE, alpha=0.2, label=words.band))
    layout.legend(canvas, keys, len(keys), words.note)
    return canvas


def _look(index: int) -> dict[str, Any]:
    """Colour, mark and dash of a line, each of which tells it from the others."""
    return {
        "color": style.colour(index),
        "marker": style.MARKERS[index % len(style.MARKERS)],
        "ls": "-" if index == 0 else _DASHES,
    }


def _panel(axes: Axes, panel: Panel, names: Sequence[str]) -> None:
    if panel.band is not None:
        low, high = (_gapped(ends) for ends in panel.band)
        axes.fill_between(list(panel.years), low, high, color=style.BASELINE, alpha=0.2, lw=0)
    for i, line in enumerate(names):
        if line in panel.lines:
            axes.plot(list(panel.years), _gapped(panel.lines[line]), ms=2.5, lw=1.2, **_look(i))
    axes.set_ylim(0, panel.top)
    axes.set_xlim(panel.years[0] - 0.5, panel.years[-1] + 0.5)
    axes.set_title(style.lines(panel.title, layout.letters(axes)))
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(layout.ticks("share" if panel.share else "count"))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))
    axes.grid(axis="y", color=style.FAINT, lw=0.5, zorder=0)


def _gapped(values: Sequence[float | None]) -> list[float]:
    return [float("nan") if value is None else value for value in values]
