"""The course over time: fan charts month by month, and knowledge and trust in and outside centres; all panels
of a figure on one scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from avrr_sim.report.figures import layout, style
from avrr_sim.report.words import catalogue, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables

COURSES = (
    "applications",
    "uptake_cumulative",
    "application_hazard",
    "drop_out_rate",
    "assisted",
    "removed",
    "gone_under",
)
SPOKEN = 5  # scenarios up to which a text alternative tells first and last values
PAIRS = 5  # scenarios in one figure of knowledge or trust


def course(folder: Path, tables: StudyTables, measure: str) -> style.Figure | None:
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
    draw = partial(
        _draw, tables, table, info, [(i, measure, "") for i in list(range(1, len(tables.scenarios))) or [0]]
    )
    keep = ["scenario", "month", "measure", "value", "low", "high"]
    data = layout.ordered(tables, table, [measure])[keep]
    return style.save(
        folder,
        f"course-{measure.replace('_', '-')}",
        draw,
        tables.scenarios,
        data,
        (title, _caption(tables), alt),
    )


def beliefs(folder: Path, tables: StudyTables, what: str) -> list[style.Figure]:
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
    keep = ["scenario", "month", "measure", "value", "low", "high"]
    parts = layout.batches(list(range(1, len(tables.scenarios))) or [0], PAIRS)
    out = []
    for k, indices in enumerate(parts):
        panels = [(index, name, place) for index in indices for name, place in names.items()]
        own = table[table["scenario"].isin([tables.scenarios[i]["key"] for i in {0, *indices}])]
        name = layout.part_name(f"course-{what.replace('_', '-')}", k, len(parts))
        draw = partial(_draw, tables, table, info, panels)
        out.append(
            style.save(
                folder,
                name,
                draw,
                tables.scenarios,
                layout.ordered(tables, own, list(names))[keep],
                (title, _caption(tables), alt),
            )
        )
    return out


def _caption(tables: StudyTables) -> str:
    parts = [] if len(tables.scenarios) == 1 else [say("course.baseline")]
    parts.append(
        say("course.one_draw")
        if sentences.one_draw(tables)
        else say("course.band", interval=sentences.interval_name(tables))
    )
    return " ".join(parts + ([say("differences.one_scale")] if len(tables.scenarios) > 2 else []))


def _spoken(tables: StudyTables, table: pd.DataFrame, info: dict, place: str = "") -> str:
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


def _draw(
    tables: StudyTables,
    table: pd.DataFrame,
    info: dict,
    panels: Sequence[tuple[int, str, str]],
    names: list[str],
) -> Canvas:
    """A panel for each (scenario, series, place), the baseline behind it."""
    pairs = bool(panels[0][2])
    across = 2 if pairs else layout.across_of(len(panels))
    note = layout.window_text(tables) + (
        " " + say("figure.horizon", labels=info["label"], window=info["window"]) if info["window"] else ""
    )
    foot = 0.5 + layout.NOTE_LINE * layout.note_lines(note)
    canvas, axes_of = layout.grid_of(
        len(panels),
        across,
        2.2 if len(panels) == 1 else 1.0 if pairs else 1.45,
        0.75,
        foot,
        (0.2, 0.55 if pairs else 0.62),
    )
    limit = float(np.nanmax(table[["value", "high"]].to_numpy(dtype=float), initial=0.0)) or 1.0
    lowest = min(0.0, float(np.nanmin(table[["value", "low"]].to_numpy(dtype=float), initial=0.0)))
    months = months_of(table)
    for i, (axes, (index, name, place)) in enumerate(zip(axes_of, panels, strict=True)):
        for k in sorted({0, index}):
            own = table[(table["scenario"] == tables.scenarios[k]["key"]) & (table["measure"] == name)]
            x = months_of(own)
            axes.fill_between(
                x,
                own["low"].astype(float),
                own["high"].astype(float),
                color=style.colour(k),
                alpha=0.25,
                lw=0,
                zorder=2 + k,
            )
            axes.plot(
                x,
                own["value"],
                color=style.colour(k),
                lw=1.5,
                ls="--" if k == 0 and index else "-",
                zorder=50 + k,
            )
        axes.set_ylim(lowest, min(1.05 * limit, 1.0) if info["per"] == "index" else 1.05 * limit)
        _time_axis(axes, months, len(panels))
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.set_major_formatter(layout.ticks(info["per"]))
        axes.grid(axis="y", color=style.FAINT, lw=0.5)
        wide = layout.letters(axes)
        axes.set_title(
            style.lines(
                say("course.panel", name=style.lines(names[index], wide - len(place) - 2, 1), place=place)
                if place
                else names[index],
                wide,
            )
        )
        if i % across == 0:
            axes.set_ylabel(style.lines(sentences.unit(info) or say("number"), 24, 3))
        else:
            axes.tick_params(labelleft=False)
    keys = [
        Line2D(
            [],
            [],
            color=style.BASELINE,
            ls="--",
            lw=1.5,
            label=style.lines(say("course.baseline_key", name=names[0]), 60, 1),
        ),
        Line2D([], [], color=style.INK, lw=1.5, label=say("course.scenario_key")),
    ]
    layout.legend(
        canvas,
        keys
        if len(tables.scenarios) > 1
        else [Patch(facecolor=style.BASELINE, alpha=0.25, label=say("course.band_key"))],
        2,
        note,
    )
    return canvas


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
