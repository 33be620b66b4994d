"""Response curves of a sweep, levels and differences, and dots where points are spread over ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from avrr_sim.report.figures import style
from avrr_sim.report.figures.layout import across_of, grid_of
from avrr_sim.report.figures.sweep_layout import (
    BANDS,
    Roles,
    Slice,
    against_only,
    axis_label,
    baseline_text,
    captions_of,
    dress,
    factors_said,
    finish,
    points_of,
    roles_of,
    save,
    slices_of,
    spread_of,
    sweep_colour,
    value_text,
    values_of,
)
from avrr_sim.report.words import sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.contract import SweepTables

MOST_PANELS, MOST_LINES = 9, 6
_ASIDE = 0.022  # of the axis between the lines of a panel, so that their bars can be told apart
_DASHES = ("-", "--", "-.", ":")


@dataclass(frozen=True)
class Look:
    """How a line looks; `band`: its interval as a band, else as bars; `aside`: how far it stands beside its
    place, as a share of the axis.
    """

    colour: str
    dash: str = "-"
    marker: str = "o"
    band: bool = True
    aside: float = 0.0


@dataclass
class Drawn:
    """What is in a picture, so that its key names that and nothing else."""

    kinds: set[str] = field(default_factory=set)


def looks_of(sweep: SweepTables, values: Sequence[Any], most: int = MOST_LINES) -> list[tuple[Any, Look]]:
    """(value, look) of every line; of more than `most` values the first, the middle and the last."""
    chosen = list(values) if len(values) <= most else [values[0], values[len(values) // 2], values[-1]]
    middle = (len(chosen) - 1) / 2
    return [
        (
            value,
            Look(
                style.GREYS[2] if sweep.coercion else style.colour(i + 1),
                _DASHES[i % len(_DASHES)],
                style.MARKERS[i],
                band=False,
                aside=_ASIDE * (i - middle),
            ),
        )
        for i, value in enumerate(chosen)
    ]


def line_keys(second: str, looks: Sequence[tuple[Any, Look]]) -> list[Artist]:
    """Keys of the lines of a picture, by the value of the factor that they stand for."""
    return [
        Line2D(
            [],
            [],
            color=look.colour,
            ls=look.dash,
            marker=look.marker,
            ms=3.5,
            lw=1.4,
            label=f"{second} {value_text(value)}",
        )
        for value, look in looks
    ]


def draw_responses(folder: Path, sweep: SweepTables, rows: pd.DataFrame, measure: str) -> list[style.Figure]:
    """Levels and differences from the baseline along one factor: one picture, the levels above; two where
    there are many panels.
    """
    roles = roles_of(sweep, rows)
    lines = roles.second if roles.slices else None
    columns = roles.slices or ((roles.second,) if roles.second else ())
    panels = slices_of(sweep, rows, columns)
    whats = ["difference"] if against_only(sweep.measures[measure]) else ["level", "difference"]
    together = [whats] if len(panels) <= 3 else [[what] for what in whats]
    return [
        _draw_response(folder, sweep, rows, measure, _Panels(roles.along, lines, panels, shown, roles))
        for shown in together
    ]


@dataclass(frozen=True)
class _Panels:
    """The panels of a picture: what runs along them, what tells lines apart, a slice a column, and a row for
    the level, the difference, or both.
    """

    along: str
    lines: str | None
    slices: Sequence[Slice]
    shown: Sequence[str]
    roles: Roles

    @property
    def stem(self) -> str:
        return "level" if list(self.shown) == ["level"] else "curve"


def _draw_response(
    folder: Path, sweep: SweepTables, rows: pd.DataFrame, measure: str, panels: _Panels
) -> style.Figure:
    more = say("sweep.curve" if panels.lines is None else "sweep.curve_bars")
    if int(sweep.provenance["draws"]) == 1:
        more = say("sweep.curve_one_draw")
    if len(panels.shown) > 1:
        more = f"{say('sweep.both' if len(panels.slices) > 1 else 'sweep.both_beside')} {more}"
    if len(panels.slices) > MOST_PANELS:
        more += f" {say('sweep.some_slices', shown=MOST_PANELS, slices=len(panels.slices))}"
    plain = "level" in panels.shown or against_only(sweep.measures[measure])
    what = say("sweep.by_level" if plain else "sweep.by", factors=factors_said(panels.roles))
    captions = captions_of(sweep, measure, what, more)
    return save(
        folder,
        f"{panels.stem}-{measure.replace('_', '-')}",
        sweep,
        rows,
        partial(_draw_curves, sweep, rows, measure, panels, captions[0]),
        captions,
    )


def _draw_curves(sweep: SweepTables, rows: pd.DataFrame, measure: str, panels: _Panels, title: str) -> Canvas:
    info, slices = sweep.measures[measure], panels.slices[:MOST_PANELS]
    across = (
        len(panels.shown) if len(slices) == 1 else across_of(len(slices)) if len(slices) > 3 else len(slices)
    )
    cells = [(what, each) for what in panels.shown for each in slices]
    beside = 0.75 if len(slices) == 1 else 0.2
    looks = looks_of(sweep, values_of(sweep, rows, panels.lines)) if panels.lines else []
    foot = 1.1 if len(looks) <= 4 else 1.26
    canvas, axes = grid_of(
        len(cells), across, 2.0 if len(cells) < 3 else 1.55, 0.8, foot, (beside, 0.5), 0.52
    )
    drawn = Drawn()
    for i, (ax, (what, own)) in enumerate(zip(axes, cells, strict=True)):
        if looks:
            for value, look in looks:
                mine = own.rows[own.rows[panels.lines] == value]
                draw_curve(ax, sweep, mine, rows, panels.along, look, what, drawn, chance=False)
        else:
            draw_curve(ax, sweep, own.rows, rows, panels.along, Look(sweep_colour(sweep)), what, drawn)
        ask_line(ax, sweep, measure, what, drawn)
        ax.set_ylim(*spread_of(points_of(rows), what))
        ax.set_title(own.name or (say("sweep.level") if what == "level" else say("sweep.difference")))
        last = i >= len(cells) - across
        below = axis_label(sweep, panels.along, 36 if across > 1 else 60, 2) if last else ""
        dress(ax, info, i % across == 0 or len(slices) == 1, below, what)
    keys = line_keys(panels.lines, looks) if panels.lines else []
    drawn.kinds -= {"line", "dot"} if keys else set()
    finish(canvas, sweep, title, [*keys, *keys_of(drawn, sweep_colour(sweep), rows, info)], 4)
    return canvas


def ask_line(ax: Axes, sweep: SweepTables, measure: str, what: str, drawn: Drawn) -> None:
    """A line at every mark that the experiment asks about."""
    for answer in sweep.answers:
        if answer["measure"] == measure and answer["difference"] == (what == "difference"):
            ax.axhline(answer["mark"], color=style.INK, lw=0.9, ls="--", zorder=3)
            drawn.kinds.add("mark")


def draw_curve(
    ax: Axes,
    sweep: SweepTables,
    own: pd.DataFrame,
    rows: pd.DataFrame,
    along: str,
    look: Look,
    what: str,
    drawn: Drawn,
    chance: bool = True,
) -> None:
    """A line with its band, or its bars, of the level or the difference (`what`); what is drawn is told to
    `drawn`. `chance`: whether Monte Carlo errors are drawn too.
    """
    number = pd.api.types.is_numeric_dtype(rows[along])
    own = own.sort_values(along, kind="stable") if number else own
    order = values_of(sweep, rows, along)
    x = own[along].to_numpy(float) if number else np.array([order.index(v) for v in own[along]], float)
    middle, low, high, error = (own[column].to_numpy(float) for column in BANDS[what])
    line = number and bool(look.dash) and len(set(x)) == len(x)
    places = np.asarray(order if number else range(len(order)), float)
    x = x + look.aside * (np.ptp(places) or 1.0)
    if np.isfinite(low).any():
        if line and look.band:
            ax.fill_between(x, low, high, color=look.colour, alpha=0.22, lw=0, zorder=2)
        else:
            ax.vlines(x, low, high, color=look.colour, lw=1.6, alpha=0.5, zorder=2)
        drawn.kinds.add("band" if line and look.band else "bar")
    if np.isfinite(middle).any():
        ls = look.dash if line else ""
        ax.plot(x, middle, color=look.colour, lw=1.4, ls=ls, marker=look.marker, ms=3.5, zorder=4)
        drawn.kinds.add("line" if line else "dot")
    if chance and np.isfinite(error).any():
        ends: dict[str, Any] = {
            "fmt": "none",
            "color": style.INK,
            "ecolor": style.INK,
            "elinewidth": 0.7,
            "capsize": 2,
            "zorder": 5,
        }
        ax.errorbar(x, middle, yerr=2 * error, **ends)
        drawn.kinds.add("error")
    if not number:
        ax.set_xticks(range(len(order)), [value_text(v) for v in order])
        ax.set_xlim(-0.5, len(order) - 0.5)
    _mark_baseline(ax, rows, along, what, number, drawn)


def _mark_baseline(ax: Axes, rows: pd.DataFrame, along: str, what: str, number: bool, drawn: Drawn) -> None:
    """Dotted lines where the baseline stands, across and up; zero of a difference is drawn through."""
    base = rows[rows["scenario"] == "baseline"]
    if what == "difference":
        ax.axhline(0, color=style.BASELINE, lw=0.8, zorder=1)
    elif len(base) and sentences.known(base["value"].iloc[0]):
        ax.axhline(float(base["value"].iloc[0]), color=style.BASELINE, lw=0.9, ls=":", zorder=1)
        drawn.kinds.add("baseline")
    if number and len(base) and sentences.known(base[along].iloc[0]):
        ax.axvline(float(base[along].iloc[0]), color=style.BASELINE, lw=0.9, ls=":", zorder=1)
        drawn.kinds.add("baseline")


def keys_of(drawn: Drawn, colour: str, rows: pd.DataFrame, info: Mapping[str, str]) -> list[Artist]:
    """Keys of what was drawn, and of nothing else."""
    mean: dict[str, Any] = {"color": colour, "marker": "o", "ms": 3.5, "lw": 1.4, "label": say("sweep.mean")}
    base: dict[str, Any] = {"color": style.BASELINE, "lw": 0.9, "ls": ":"}
    keys: dict[str, Artist] = {
        "line": Line2D([], [], ls="-", **mean),
        "dot": Line2D([], [], ls="", **mean),
        "band": Patch(facecolor=colour, alpha=0.3, label=say("course.band_key")),
        "bar": Line2D([], [], color=style.BASELINE, lw=1.6, alpha=0.5, label=say("course.band_key")),
        "error": Line2D([], [], color=style.INK, lw=0.7, marker="_", label=say("differences.error_key")),
        "baseline": Line2D([], [], label=baseline_text(rows, info) or say("baseline"), **base),
        "mark": Line2D([], [], color=style.INK, lw=0.9, ls="--", label=say("sweep.mark_key")),
    }
    if {"line", "dot"} <= drawn.kinds:
        keys.pop("dot")
    return [key for kind, key in keys.items() if kind in drawn.kinds]


def draw_scatters(folder: Path, sweep: SweepTables, rows: pd.DataFrame, measure: str) -> list[style.Figure]:
    """Level and difference from the baseline at every point, a panel for every factor, while all other
    factors vary as well.
    """
    found = []
    for what in ["difference"] if against_only(sweep.measures[measure]) else ["level", "difference"]:
        told = say("sweep.each_level" if what == "level" else "sweep.each")
        captions = captions_of(sweep, measure, told, say("sweep.spread"))
        stem = "spread" if what == "difference" else "spread-level"
        draw = partial(_draw_scatter, sweep, rows, measure, what, captions[0])
        found.append(save(folder, f"{stem}-{measure.replace('_', '-')}", sweep, rows, draw, captions))
    return found


def _draw_scatter(sweep: SweepTables, rows: pd.DataFrame, measure: str, what: str, title: str) -> Canvas:
    info, points = sweep.measures[measure], points_of(rows)
    columns = sweep.columns[:MOST_PANELS]
    across = across_of(len(columns))
    canvas, axes = grid_of(len(columns), across, 1.8, 0.8, 0.92, (0.2, 0.75), 0.42)
    colour, drawn = sweep_colour(sweep), Drawn()
    for i, (ax, column) in enumerate(zip(axes, columns, strict=True)):
        draw_curve(ax, sweep, points, rows, column, Look(colour, dash="", band=False), what, drawn)
        ask_line(ax, sweep, measure, what, drawn)
        ax.set_ylim(*spread_of(points, what))
        dress(ax, info, i % across == 0, axis_label(sweep, column, 44, 2), what)
    finish(canvas, sweep, title, keys_of(drawn, colour, rows, info), 4)
    return canvas
