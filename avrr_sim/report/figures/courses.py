"""The course over time: fan charts month by month, and knowledge and trust in and outside centres; all panels
of a figure on one scale.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from avrr_sim.report.figures import layout, style
from avrr_sim.report.words import catalogue, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables

SPOKEN = 5  # scenarios up to which a text alternative tells first and last values
PAIRS = 5  # scenarios in one figure of knowledge or trust
COLUMNS = ["scenario", "month", "measure", "value", "low", "high"]


def draw_course(folder: Path, tables: StudyTables, measure: str) -> style.Figure | None:
    """One monthly series with its band, a panel for every scenario, the baseline behind it; None where there
    is no such series.
    """
    table = tables.bands
    table = table if table.empty else table[table["measure"] == measure]
    if table.empty or not np.isfinite(table["value"].astype(float)).any():
        return None
    info = sentences.series_meta(tables, measure)
    title = say("course.title", label=info["label"])
    alt = say(
        "course.alt",
        title=title,
        unit=sentences.unit(info) or say("number"),
        numbers=_spoken(tables, table, info) or say("alt.csv"),
    )
    panels = [Panel(i, measure) for i in _pictured(tables)]
    draw = partial(_draw, tables, table, info, panels)
    data = layout.ordered(tables, table, [measure])[COLUMNS]
    return style.save(
        folder,
        f"course-{measure.replace('_', '-')}",
        draw,
        tables.scenarios,
        data,
        (title, _caption(tables), alt),
    )


def draw_course_effect(folder: Path, tables: StudyTables, measure: str) -> style.Figure | None:
    """The paired difference of one monthly series from the baseline with its band, a panel a scenario;
    None where there is none.
    """
    table = tables.bands
    table = table if table.empty else table[table["measure"] == measure]
    if table.empty or not np.isfinite(table["difference"].astype(float)).any():
        return None
    columns = {name: f"difference{end}" for name, end in (("value", ""), ("low", "_low"), ("high", "_high"))}
    paired = table.assign(**{name: table[column] for name, column in columns.items()})
    paired = paired[paired["scenario"] != tables.scenarios[0]["key"]]
    info = {**sentences.series_meta(tables, measure), "effect": "yes"}
    title = say("course.effect", label=info["label"])
    unit = sentences.unit(info, difference=True) or say("number")
    numbers = _spoken(tables, paired, info) or say("alt.csv")
    caption = say(
        "course.effect_one" if sentences.one_draw(tables) else "course.effect_band",
        baseline=tables.scenarios[0]["name"],
        interval=sentences.interval_name(tables),
    )
    return style.save(
        folder,
        f"course-effect-{measure.replace('_', '-')}",
        partial(_draw, tables, paired, info, [Panel(i, measure) for i in _pictured(tables)]),
        tables.scenarios,
        layout.ordered(tables, paired, [measure])[COLUMNS],
        (title, caption, say("course.alt", title=title, unit=unit, numbers=numbers)),
    )


def draw_beliefs(folder: Path, tables: StudyTables, what: str) -> list[style.Figure]:
    """Knowledge or trust over time, in centres and outside them side by side; several figures where scenarios
    are many, none without such series.
    """
    names = {f"{what}_{place}": text for place, text in catalogue.PLACES.items()}
    table = tables.bands
    table = table if table.empty else table[table["measure"].isin(names)]
    if table.empty:
        return []
    info = {
        "label": catalogue.BELIEFS[what],
        "per": "index",
        "unit": say("course.index"),
        "window": say("course.monthly"),
    }
    title = say("course.title", label=info["label"])
    spoken = " ".join(
        _spoken(tables, table[table["measure"] == name], info, place) for name, place in names.items()
    ).strip() or say("alt.csv")
    alt = say("course.alt", title=title, unit=info["unit"], numbers=spoken)
    parts = layout.batches(_pictured(tables), PAIRS)
    out = []
    for k, indices in enumerate(parts):
        panels = [Panel(index, name, place) for index in indices for name, place in names.items()]
        own = table[table["scenario"].isin([tables.scenarios[i]["key"] for i in {0, *indices}])]
        name = layout.part_name(f"course-{what.replace('_', '-')}", k, len(parts))
        draw = partial(_draw, tables, table, info, panels)
        out.append(
            style.save(
                folder,
                name,
                draw,
                tables.scenarios,
                layout.ordered(tables, own, list(names))[COLUMNS],
                (title, _caption(tables), alt),
            )
        )
    return out


def _pictured(tables: StudyTables) -> list[int]:
    """The scenarios that have a panel: all but the baseline, which has one only where it is alone."""
    return list(range(1, len(tables.scenarios))) or [0]


def _caption(tables: StudyTables) -> str:
    parts = [] if len(tables.scenarios) == 1 else [say("course.baseline")]
    parts.append(
        say("course.one_draw")
        if sentences.one_draw(tables)
        else say("course.band", interval=sentences.interval_name(tables))
    )
    return " ".join(parts + ([say("differences.one_scale")] if len(tables.scenarios) > 2 else []))


def _spoken(tables: StudyTables, table: pd.DataFrame, info: Mapping[str, str], place: str = "") -> str:
    spoken = []
    for scenario in tables.scenarios if len(tables.scenarios) <= SPOKEN else ():
        own = table[table["scenario"] == scenario["key"]]
        own = own[np.isfinite(own["value"].astype(float))]
        if len(own):
            first, last = (
                sentences.shown(v, np.nan, np.nan, info["per"])[0]
                for v in (own["value"].iloc[0], own["value"].iloc[-1])
            )
            name = f"{scenario['name']}, {place}" if place else scenario["name"]
            spoken.append(
                say(
                    "course.spoken",
                    name=name,
                    first=first,
                    start=own["month"].iloc[0],
                    last=last,
                    end=own["month"].iloc[-1],
                )
            )
    return "; ".join(spoken) + "." if spoken else ""


def months_of(table: pd.DataFrame) -> np.ndarray:
    """Months as numbers since year 0."""
    return np.array([int(m[:4]) * 12 + int(m[5:7]) - 1 for m in table["month"]])


@dataclass(frozen=True)
class Panel:
    """One panel: the scenario at `index`, a series, and the place it is about, if it is about one."""

    index: int
    series: str
    place: str = ""


def _draw(
    tables: StudyTables,
    table: pd.DataFrame,
    info: Mapping[str, str],
    panels: Sequence[Panel],
    names: list[str],
) -> Canvas:
    """The panels on one scale, the baseline behind each."""
    pairs = bool(panels[0].place)
    across = 2 if pairs else layout.across_of(len(panels))
    note = layout.window_text(tables) + (
        " " + say("figure.horizon", labels=info["label"], window=info["window"]) if info["window"] else ""
    )
    foot = 0.5 + layout.NOTE_LINE * layout.note_lines(note)
    height = 2.2 if len(panels) == 1 else 1.0 if pairs else 1.45
    canvas, axes_of = layout.grid_of(len(panels), across, height, 0.75, foot, (0.2, 0.55 if pairs else 0.62))
    paired = "effect" in info
    limits = _limits(table, "" if paired else info["per"])
    months = months_of(table)
    for i, (axes, panel) in enumerate(zip(axes_of, panels, strict=True)):
        _bands(axes, tables, table, panel)
        axes.set_ylim(*limits)
        _time_axis(axes, months, len(panels))
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.set_major_formatter(layout.ticks(info["per"], signed=paired))
        if paired:
            axes.axhline(0, color=style.BASELINE, lw=0.9, zorder=1)
        axes.grid(axis="y", color=style.FAINT, lw=0.5)
        axes.set_title(_panel_title(names[panel.index], panel.place, layout.letters(axes)))
        if i % across == 0:
            axes.set_ylabel(style.lines(sentences.unit(info, paired) or say("number"), 24, 3))
        else:
            axes.tick_params(labelleft=False)
    layout.legend(canvas, [] if paired else _keys(names), 2, note)
    return canvas


def _limits(table: pd.DataFrame, per: str) -> tuple[float, float]:
    """One scale for all panels, which holds zero; an index ends at 1."""
    limit = float(np.nanmax(table[["value", "high"]].to_numpy(dtype=float), initial=0.0))
    lowest = min(0.0, float(np.nanmin(table[["value", "low"]].to_numpy(dtype=float), initial=0.0)))
    if lowest == limit == 0:
        return -1.0, 1.0
    return 1.05 * lowest, min(1.05 * limit, 1.0) if per == "index" else 1.05 * limit


def _bands(axes: Axes, tables: StudyTables, table: pd.DataFrame, panel: Panel) -> None:
    """The line and band of a panel's scenario, before those of the baseline."""
    for k in sorted({0, panel.index}):
        own = table[(table["scenario"] == tables.scenarios[k]["key"]) & (table["measure"] == panel.series)]
        x, low, high = months_of(own), own["low"].astype(float), own["high"].astype(float)
        axes.fill_between(x, low, high, color=style.colour(k), alpha=0.25, lw=0, zorder=2 + k)
        dashes = "--" if k == 0 and panel.index else "-"
        axes.plot(x, own["value"], color=style.colour(k), lw=1.5, ls=dashes, zorder=50 + k)


def _panel_title(name: str, place: str, wide: int) -> str:
    if place:
        name = say("course.panel", name=style.lines(name, wide - len(place) - 2, 1), place=place)
    return style.lines(name, wide)


def _keys(names: list[str]) -> list[Artist]:
    """Keys of the lines; where there is one scenario, of its band."""
    if len(names) == 1:
        return [Patch(facecolor=style.BASELINE, alpha=0.25, label=say("course.band_key"))]
    baseline = style.lines(say("course.baseline_key", name=names[0]), 60, 1)
    return [
        Line2D([], [], color=style.BASELINE, ls="--", lw=1.5, label=baseline),
        Line2D([], [], color=style.INK, lw=1.5, label=say("course.scenario_key")),
    ]


def _time_axis(axes: Axes, months: np.ndarray, panels: int) -> None:
    first, last = months.min(), months.max()
    step = 1 if last - first < 96 and panels <= 12 else 2
    years = [12 * y for y in range(-(-first // 12), last // 12 + 1, step)]
    axes.set_xlim(first, max(last, first + 1))
    if len(years) > 1:
        axes.set_xticks(years, [str(y // 12) for y in years])
    else:
        every = sorted(set(months))[:: max(1, len(set(months)) // 4)]
        axes.set_xticks(every, [f"{m // 12}-{m % 12 + 1:02d}" for m in every])
