"""Where things stand in a figure, in inches, so that text keeps its size whatever the number of panels; and
what every figure says below.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FuncFormatter
from matplotlib.transforms import ScaledTranslation

from avrr_sim.report.figures import style
from avrr_sim.report.words import sentences
from avrr_sim.report.words.language import numeral
from avrr_sim.study.summary.tables import StudyTables

MANY = 10  # rows from which on names take one line, so that a figure still fits a page
RIGHT = 0.15  # inches left free at the right of every figure
LETTER = 0.074  # inches of a letter of a title, with some room
NAME_GAP = 3.5 / 72  # inches between the name of a row and its panel
NOTE_LINE = 0.125  # height of a line of the note
NOTE_SIZE = 6.5
NOTE_WIDTH = 132  # letters in a line of the note

T = TypeVar("T")


def grid_of(
    count: int,
    across: int,
    height: float,
    left: float,
    foot: float,
    gap: tuple[float, float],
    head: float = 0.42,
) -> tuple[Canvas, list[Axes]]:
    """A figure with `count` panels `across`, each `height` tall, `gap` (sideways, down) apart; `left`,
    `foot`, `head` hold text.
    """
    down = -(-count // across)
    width = (style.WIDTH - left - RIGHT - gap[0] * (across - 1)) / across
    total = head + down * height + (down - 1) * gap[1] + foot
    canvas = Canvas(figsize=(style.WIDTH, total))
    axes = []
    for i in range(count):
        row, column = divmod(i, across)
        x, y = left + column * (width + gap[0]), total - head - row * gap[1] - (row + 1) * height
        axes.append(canvas.add_axes((x / style.WIDTH, y / total, width / style.WIDTH, height / total)))
    return canvas, axes


def note_lines(note: str) -> int:
    """Lines that a note below a figure takes."""
    return style.lines(note, NOTE_WIDTH, 9).count("\n") + 1 if note else 0


def legend(canvas: Canvas, handles: Sequence[Artist], columns: int, note: str = "") -> None:
    """A legend at the foot of a figure, and below it the note, which says unit, window and horizon."""
    height = canvas.get_size_inches()[1]
    lift = NOTE_LINE * note_lines(note) / height
    if handles:
        canvas.legend(
            handles=list(handles),
            loc="lower left",
            ncols=columns,
            bbox_to_anchor=(0.0, lift),
            handlelength=2.4,
            columnspacing=1.4,
        )
    if note:
        canvas.text(
            0.005,
            0.015 / height,
            style.lines(note, NOTE_WIDTH, 9),
            fontsize=NOTE_SIZE,
            va="bottom",
            color="#333333",
            linespacing=1.2,
        )


def rows(
    axes: Axes, names: Sequence[str], shown: bool = True, width: int = 28, most: int = 2, size: float = 8
) -> None:
    """One row a name, the first on top; a name takes `most` lines of `width` letters, one where rows are
    MANY; `size` of the letters in points.
    """
    most = 1 if len(names) > MANY else most
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_yticks([])
    if not shown:
        return
    # plain texts: a tick would make three lines and a second text that nobody sees
    beside = axes.get_yaxis_transform() + ScaledTranslation(-NAME_GAP, 0, axes.figure.dpi_scale_trans)
    for y, name in enumerate(names):
        text = style.lines(name, width, most)
        axes.text(0, y, text, transform=beside, fontsize=size, ha="right", va="center_baseline")


def row_height(names: Sequence[str], width: int = 28) -> float:
    """Height of a row in inches: more where some name takes two lines of `width` letters, less where rows are
    many.
    """
    if len(names) > MANY:
        return 0.22
    return 0.33 if any("\n" in style.lines(n, width) for n in names) else 0.28


def letters(axes: Axes) -> int:
    """How many letters of a title stand above a panel without sticking out of it."""
    return max(8, int(axes.get_position().width * style.WIDTH / LETTER))


def ticks(per: str, signed: bool = False) -> FuncFormatter:
    """Numbers on an axis in the unit that a measure of kind `per` is shown in."""
    scale = 100 if per == "share" else 1

    def text(value: float, _: int) -> str:
        plain = numeral(abs(value) * scale, ",.10g")
        return plain if plain == "0" else ("\u2212" if value < 0 else "+" if signed else "") + plain

    return FuncFormatter(text)


def across_of(count: int) -> int:
    """How many panels stand side by side."""
    return 2 if count in (2, 4) else min(3, count)


def window_text(tables: StudyTables) -> str:
    """The measured window in words."""
    window = tables.provenance.get("window") or {}
    if window:
        return sentences.say("figure.window", start=window["from"], end=window["to"])
    return sentences.say("figure.months", months=tables.provenance.get("months", "?"))


def windows_note(tables: StudyTables, measures: Iterable[str]) -> str:
    """The measured window, and the horizon of each of these measures, those that share one together."""
    found: dict[str, list[str]] = {}
    for measure in measures:
        info = sentences.meta(tables, measure)
        found.setdefault(info["window"].rstrip("."), []).append(info["label"])
    parts = [
        sentences.say("figure.horizon", labels=", ".join(labels), window=window)
        for window, labels in found.items()
        if window
    ]
    return " ".join([window_text(tables), *parts])


def ordered(tables: StudyTables, table: pd.DataFrame, measures: Sequence[str] | None = None) -> pd.DataFrame:
    """Rows in the order of measures and scenarios, numbers of cells too small to show blanked out."""
    place = {s["key"]: i for i, s in enumerate(tables.scenarios)}
    table = table.assign(
        _s=table["scenario"].map(place),
        _m=table["measure"].map({m: i for i, m in enumerate(measures)}) if measures else 0,
    )
    table = table.sort_values(["_m", "_s"], kind="stable").drop(columns=["_m", "_s"]).reset_index(drop=True)
    if "suppressed" in table:
        numbers = [
            c
            for c in ("baseline", "value", "difference", "low", "high", "mc_error", "sign_share")
            if c in table
        ]
        table[numbers] = table[numbers].astype(float).where(~table["suppressed"].astype(bool), np.nan)
    return table


def batches(items: Sequence[T], most: int) -> list[list[T]]:
    """The items in order, in as few batches of at most `most` as it takes."""
    return [list(items[i : i + most]) for i in range(0, len(items), most)]


def part_name(name: str, part: int, parts: int) -> str:
    """File stem of one figure of several with the same content for other scenarios."""
    return name if parts == 1 else f"{name}-{part + 1}"


def apart(places: Sequence[float], least: float, low: float, high: float) -> list[float]:
    """The places moved as little as needed to stand `least` apart, in their order, within [low, high] where
    they fit.
    """
    out = list(places)
    for i in range(1, len(out)):
        out[i] = max(out[i], out[i - 1] + least)
    if out and out[-1] > high:
        out[-1] = high
        for i in range(len(out) - 2, -1, -1):
            out[i] = min(out[i], out[i + 1] - least)
    if out and out[0] < low:
        out[0] = low
        for i in range(1, len(out)):
            out[i] = max(out[i], out[i - 1] + least)
    return out
