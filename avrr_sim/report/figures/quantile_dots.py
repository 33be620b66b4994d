"""An effect as dots of which each is as likely as the other: people read such frequencies best (Fernandes and
others 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator

from avrr_sim.report.figures import layout, style
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables

DOTS = 50  # of a figure with more draws than that
LARGEST, SMALLEST, FINER = 0.115, 0.03, 0.92  # inches across a dot, and by how much it is made smaller
NOTHING = 1e-9  # in 1,000
LETTERS = 13  # of a title above a row, an inch
LOWEST = 0.25  # inches of a row
BESIDE = 0.7 * style.WIDTH
"""Width from which on names stand beside the rows."""
HEIGHTS = ((2, 0.95), (4, 0.7), (8, 0.5), (99, 0.34))
"""Scenarios up to which a row is so many inches high."""


def draw_quantile_dots(
    folder: Path,
    tables: StudyTables,
    measure: str = "uptake_24",
    *,
    width: float = style.WIDTH,
    rows: float | None = None,
    end: str = "",
) -> style.Figure | None:
    """The difference in a share over the draws, in 1,000, a row a scenario on one scale; None where the study
    has no draws to show. `width`, and the height of all `rows` together, in inches; `end` of
    the file's name.
    """
    table = tables.draws[tables.draws["measure"] == measure] if len(tables.draws) else tables.draws
    found = {
        s["key"]: quantiles_of(table.loc[table["scenario"] == s["key"], "difference"])
        for s in tables.scenarios[1:]
    }
    found = {key: dots for key, dots in found.items() if len(dots) > 1}
    if not found:
        return None
    n = max(map(len, found.values()))
    title = say("dots.title", n=n)
    names = {s["key"]: s["name"] for s in tables.scenarios}
    spoken = " ".join(
        say("dots.spoken", name=names[key], n=len(dots), **_counts(dots)) for key, dots in found.items()
    )
    data = pd.DataFrame(
        [
            {"scenario": key, "dot": i + 1, "per_1000": x}
            for key, dots in found.items()
            for i, x in enumerate(dots)
        ]
    )
    draw = partial(_draw, tables, found, width, rows)
    words = (title, say("dots.caption", n=n), say("dots.alt", title=title, numbers=spoken))
    return style.save(folder, f"headline{end}", draw, tables.scenarios, data, words)


def quantiles_of(differences: pd.Series) -> np.ndarray:
    """Equally likely values in 1,000, sorted: the draws themselves, or `DOTS` quantiles of more of them."""
    known = np.sort(1000 * differences.dropna().to_numpy(dtype=float))
    if len(known) > DOTS:
        known = np.quantile(known, (np.arange(DOTS) + 0.5) / DOTS)
    return np.where(np.abs(known) < NOTHING, 0.0, known)


def _counts(dots: np.ndarray) -> dict[str, int]:
    return {
        "more": int((dots > 0).sum()),
        "fewer": int((dots < 0).sum()),
        "none": int((dots == 0).sum()),
    }


def _draw(
    tables: StudyTables, rows: dict[str, np.ndarray], width: float, tall: float | None, names: list[str]
) -> Canvas:
    index = {s["key"]: i for i, s in enumerate(tables.scenarios)}
    high = next(inches for most, inches in HEIGHTS if len(rows) <= most)
    left, right = (1.75, 1.3) if width > BESIDE else (0.1, 0.1)
    above = 0.0 if left > 1 else 0.2  # names stand beside the rows where there is room, else above them
    if tall is not None:
        high = max(LOWEST, min(high, tall / len(rows) - above))
    total = 0.1 + len(rows) * (high + above) + 0.62
    canvas = Canvas(figsize=(width, total))
    inner = width - left - right
    limits = _limits(list(rows.values()))
    for k, (key, dots) in enumerate(rows.items()):
        y = total - 0.1 - (k + 1) * (high + above)
        axes = canvas.add_axes((left / width, y / total, inner / width, high / total))
        _row(axes, dots, limits, inner, high, style.colour(index[key]))
        _names(axes, names[index[key]], dots, above == 0, int(LETTERS * width))
        axes.tick_params(labelbottom=k == len(rows) - 1, bottom=k == len(rows) - 1)
    axes.set_xlabel(style.lines(say("dots.axis"), 60))
    canvas.text(0.005, 0.03 / total, layout.window_text(tables), fontsize=layout.NOTE_SIZE, color="#333333")
    return canvas


def _limits(rows: Sequence[np.ndarray]) -> tuple[float, float]:
    """One scale for all rows, zero on it, with room at the ends."""
    low = min(0.0, *(float(dots.min()) for dots in rows))
    high = max(0.0, *(float(dots.max()) for dots in rows))
    room = 0.06 * ((high - low) or 2.0)
    return low - room, high + room


def _row(
    axes: Axes, dots: np.ndarray, limits: tuple[float, float], wide: float, high: float, shade: str
) -> None:
    size = LARGEST
    while True:
        places = stacked(dots, size * (limits[1] - limits[0]) / wide)
        most = max(level for _, level in places) + 1
        if most * size <= high or size <= SMALLEST:
            break
        size *= FINER
    rise = min(size, high / most)
    axes.set_xlim(*limits)
    axes.set_ylim(0, high)
    axes.axvline(0, color=style.BASELINE, lw=1.0, zorder=1)
    for dot, (x, level) in zip(dots, places, strict=True):
        face = style.GREYS[1] if dot == 0 else shade if dot > 0 else style.PAPER
        edge = style.GREYS[2] if dot == 0 else shade
        axes.plot(
            [x],
            [rise * (level + 0.5)],
            "o",
            ms=72 * size * 0.86,
            mfc=face,
            mec=edge,
            mew=0.9,
            zorder=3,
            clip_on=False,
        )
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10], min_n_ticks=2))
    axes.xaxis.set_major_formatter(layout.ticks("count", signed=True))


def stacked(dots: np.ndarray, width: float) -> list[tuple[float, int]]:
    """(place, level) of every dot, from sorted dots: those within one `width` stand on each other, in the
    middle of their range (Wilkinson 1999); dots on either side of zero never share a place.
    """
    places: list[tuple[float, int]] = []
    start = 0
    while start < len(dots):
        end = start
        while (
            end < len(dots) and dots[end] - dots[start] < width and np.sign(dots[end]) == np.sign(dots[start])
        ):
            end += 1
        middle = float(dots[start] + dots[end - 1]) / 2
        places += [(middle, level) for level in range(end - start)]
        start = end
    return places


def _names(axes: Axes, name: str, dots: np.ndarray, beside: bool, letters: int) -> None:
    """Name and count of a row, beside it or, in so many letters, above it."""
    counts = _counts(dots)
    side = "dots.row" if counts["more"] >= counts["fewer"] else "dots.row_fewer"
    side = "dots.row_none" if counts["none"] == len(dots) else side
    told = say(side, n=len(dots), **counts)
    if beside:
        axes.text(-0.02, 0.5, style.lines(name, 24), transform=axes.transAxes, ha="right", va="center")
        axes.text(1.02, 0.5, told, transform=axes.transAxes, ha="left", va="center", fontsize=7.5)
    else:
        # the name is cut where there is no room, never the count
        axes.set_title(f"{style.lines(name, letters - len(told), 1)}: {told}", pad=3)
