"""How every figure looks and is written: one palette, labels that fit, and files whose bytes depend on the
tables alone.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
from markupsafe import escape
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import findfont, get_font
from matplotlib.ticker import ScalarFormatter

from avrr_sim.report.words.language import ENGLISH, in_force, marked
from avrr_sim.study.folder.whole import whole, write_csv, write_whole

BASELINE = "#404040"
SCENARIOS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
"""Okabe and Ito's colour-blind safe colours, without the yellow that fades on paper; given out by the order
of the scenarios.
"""
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
INK, FAINT, PAPER = "#000000", "#D9D9D9", "#FFFFFF"
GREYS = ("#F2F2F2", "#BDBDBD", "#7F7F7F", "#333333")

FONT = "DejaVu Sans"
_OTHERS = ("Verdana", "Arial", "sans-serif")
_FAMILY = ", ".join([f"'{name}'" for name in (FONT, *_OTHERS[:-1])] + [_OTHERS[-1]])
"""The fonts of a figure, as they stand in its SVG."""
WIDTH = 7.6
"""Width of every figure in inches: an A4 page less its margins."""


_PIXELS = ContextVar("_PIXELS", default=0)
"""Pixels an inch of figures that are written as PNG too; 0: none are."""


@contextmanager
def with_pixels(wanted: bool = True, dots: int = 150) -> Iterator[None]:
    """Figures made within are also written as PNG of `dots` an inch, if `wanted`; else pages, which show the
    SVG, do not wait for them.
    """
    before = _PIXELS.set(dots if wanted else 0)
    try:
        yield
    finally:
        _PIXELS.reset(before)


@dataclass(frozen=True)
class Figure:
    """One figure: file stem, number and title, what to read in it, its text alternative, and its SVG as
    text.
    """

    name: str
    title: str
    caption: str
    alt: str
    svg: str


def colour(index: int) -> str:
    """Colour of the scenario at `index` in the study; the baseline, at 0, is dark grey."""
    return BASELINE if index == 0 else SCENARIOS[(index - 1) % len(SCENARIOS)]


def marker(index: int) -> str:
    """Marker of the scenario at `index`: colours come round after six scenarios, the pair of colour and
    marker after 42.
    """
    return "o" if index == 0 else MARKERS[(index - 1) % len(MARKERS)]


def columns_of(text: str) -> int:
    """Width of `text` in Latin letters: East Asian letters count twice."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def lines(text: str, width: int, most: int = 2) -> str:
    """`text` in at most `most` lines of `width` letters, broken at spaces, its tail cut with an ellipsis."""
    out = [""]
    for word in " ".join(text.split()).split(" "):
        while columns_of(word) > width:
            cut = next(i for i in range(len(word), 0, -1) if i == 1 or columns_of(word[:i]) <= width)
            out += [word[:cut]]
            word = word[cut:]
        longer = f"{out[-1]} {word}".strip()
        if columns_of(longer) <= width:
            out[-1] = longer
        else:
            out.append(word)
    out = [line for line in out if line]
    if len(out) > most:
        out = [*out[: most - 1], out[most - 1][: max(1, width - 1)].rstrip() + "\u2026"]
    return "\n".join(out)


@cache
def _drawable(letter: str) -> bool:
    return letter.isspace() or get_font(findfont(FONT)).get_char_index(ord(letter)) != 0


def labels(scenarios: Sequence[Mapping[str, Any]], drawn: bool) -> list[str]:
    """Names of the scenarios for a figure; where letters are `drawn` (PNG), a name the font lacks gives way
    to its key.
    """
    names = [" ".join(s["name"].split()) or s["key"] for s in scenarios]
    return [
        s["key"] if drawn and not all(map(_drawable, n)) else n for s, n in zip(scenarios, names, strict=True)
    ]


@contextmanager
def settings() -> Iterator[None]:
    """The look of the figures, whatever the reader's own matplotlib settings say."""
    with matplotlib.rc_context(), warnings.catch_warnings():
        # a browser draws it from another font
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            {
                "svg.fonttype": "none",
                "font.family": "sans-serif",
                "font.sans-serif": [FONT, *_OTHERS],
                "font.size": 8,
                "axes.titlesize": 8,
                "axes.titlelocation": "left",
                "axes.titley": 1.0,  # nothing stands above a panel but its title, so nothing is measured
                "axes.labelsize": 8,
                "xtick.labelsize": 7.5,
                "ytick.labelsize": 8,
                "legend.fontsize": 7.5,
                "legend.frameon": False,
                "axes.spines.top": False,
                "axes.spines.right": False,
                "axes.linewidth": 0.6,
                "hatch.linewidth": 0.6,
                "text.parse_math": False,  # a dollar sign in a scenario's name is a dollar sign
                "figure.dpi": 72,
            }
        )
        yield


def save(
    folder: Path,
    name: str,
    draw: Callable[[list[str]], Canvas],
    scenarios: Sequence[Mapping[str, Any]],
    data: pd.DataFrame,
    words: tuple[str, str, str],
) -> Figure:
    """Writes `name`.svg and .csv into `folder`, and .png within `with_pixels`; `draw` makes the figure from
    the scenarios' labels.

    `words` are title, caption and text alternative. `data` holds the numbers of the figure, in the units of
    the study's tables.
    """
    title, caption, alt = words
    with settings():
        # marks of two figures on one page must not share an id
        matplotlib.rcParams["svg.hashsalt"] = f"avrr_sim {name}"
        for_browser = labels(scenarios, drawn=False)
        canvas = draw(for_browser)
        svg = _svg(canvas, alt)
        if _PIXELS.get():
            for_pixels = labels(scenarios, drawn=True)
            _pixels(canvas if for_pixels == for_browser else draw(for_pixels), folder / f"{name}.png")
    write_whole(folder / f"{name}.svg", svg)
    write_csv(data, folder / f"{name}.csv", "%.10g")
    return Figure(name, title, caption, alt, svg)


def _pixels(canvas: Canvas, path: Path) -> None:
    with whole(path) as part:
        canvas.savefig(part, format="png", dpi=_PIXELS.get(), metadata={"Software": None})


def _svg(canvas: Canvas, alt: str) -> str:
    """The figure as one `svg` element with its text alternative, fit to stand alone or inside a page."""
    _place_no_labels(canvas)
    _mark_numbers(canvas)
    buffer = BytesIO()
    canvas.savefig(
        buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
    )
    text = buffer.getvalue().decode("utf-8")
    text = text[text.index("<svg ") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.S)
    text = re.sub(r'(?<= d=")[^"]+', _shorter, text)
    text = re.sub(r'<g id="[\w.]+"', "<g", text)  # nothing refers to these, and a page may hold an id once
    # what every letter of it would say again, and white space
    text = re.sub(r"\n\s+", "\n", text.replace(f"font-family: {_FAMILY}; ", ""))
    head = f'<svg role="img" aria-label="{escape(alt)}" font-family="{_FAMILY}" '
    return text.replace("<svg ", head, 1)


def _place_no_labels(canvas: Canvas) -> None:
    """Give a place to the labels that say nothing; else all numbers of their axis are measured for them."""
    for axes in canvas.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if not axis.get_label_text():
                axis.set_label_coords(0, 0)


def _mark_numbers(canvas: Canvas) -> None:
    """Numbers on axes that nobody gave a form, with the marks of the language in force."""
    if in_force() == ENGLISH:
        return
    for axes in canvas.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if type(axis.get_major_formatter()) is ScalarFormatter:
                axis.set_major_formatter(_Marked())


class _Marked(ScalarFormatter):
    def __call__(self, x: float, pos: int | None = None) -> str:
        return marked(super().__call__(x, pos))


def _shorter(path: re.Match[str]) -> str:
    """A path with places to a hundredth of a point, which no eye and no printer tells from more."""
    return re.sub(r"(\.\d\d)\d+", r"\1", " ".join(path[0].split()))
