"""The figures of the report: differences from the baseline, the course over time, and where first applications end.

Scenarios keep the order of the study in every figure: no figure sorts them by result or colours one as better.
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
from matplotlib.ticker import FuncFormatter, MaxNLocator

from avrr_sim.report import style, words
from avrr_sim.study.tables import StudyTables

SHEETS = {
    "applying": ("applying and dropping out", ("uptake_24", "application_hazard", "drop_out_12")),
    "returns": ("returns and removals, a year", ("assisted_departures", "unassisted_returns", "removals")),
    "out-of-sight": ("leaving sight, moving on and transfers, a year", ("gone_under", "missing", "moved_on", "transferred")),
    "beliefs": (
        "knowledge, trust and protection",
        ("knowledge_centre", "knowledge_private", "protection_needs", "trust_centre", "trust_private", "wrongly_rejected_returns"),
    ),
}
"""Headline measures, in sheets that each fit one printed page."""
COURSES = ("applications", "uptake_cumulative", "drop_out_rate", "assisted")
CLOSINGS = {
    "departed": "departed",
    "open": "still open",
    "withdrawn": "withdrew",
    "refused": "refused",
    "documents": "failed on documents",
    "disappeared": "disappeared",
    "removed": "removed",
    "granted": "granted a stay",
    "protected": "stopped: protection need",
}
DROP_OUT = ("withdrawn", "refused", "documents", "disappeared")
STAGES = ("applied", "approved", "documented", "booked")

_LOOKS = (  # grey and hatch of each closing, to be told apart without colour; hatches of lines, as dots make files large
    (style.GREYS[3], ""), (style.PAPER, ""), (style.GREYS[1], ""), (style.PAPER, "////"), (style.GREYS[1], "||||"),
    (style.GREYS[2], ""), (style.PAPER, "xxxx"), (style.PAPER, "----"), (style.GREYS[1], "\\\\\\\\"),
)  # fmt: skip


def draw_all(folder: Path, tables: StudyTables) -> list[style.Figure]:
    """Writes every figure the tables allow into `folder` (SVG, PNG and CSV) and returns them in the order of the report."""
    folder.mkdir(parents=True, exist_ok=True)
    found = [differences(folder, tables, sheet) for sheet in SHEETS]
    found += [course(folder, tables, measure) for measure in COURSES]
    found += [endings(folder, tables), stages(folder, tables)]
    return [figure for figure in found if figure is not None]


# Layout, in inches: text keeps its size whatever the number of panels.
def grid_of(
    count: int, across: int, height: float, left: float, foot: float, gap: tuple[float, float], head: float = 0.42
) -> tuple[Canvas, list[Axes]]:
    """A figure with `count` panels `across`, each `height` tall, `gap` (sideways, down) apart; `left`, `foot`, `head` hold text."""
    right = 0.15
    down = -(-count // across)
    width = (style.WIDTH - left - right - gap[0] * (across - 1)) / across
    total = head + down * height + (down - 1) * gap[1] + foot
    canvas = Canvas(figsize=(style.WIDTH, total))
    axes = []
    for i in range(count):
        row, column = divmod(i, across)
        x, y = left + column * (width + gap[0]), total - head - row * gap[1] - (row + 1) * height
        axes.append(canvas.add_axes((x / style.WIDTH, y / total, width / style.WIDTH, height / total)))
    return canvas, axes


def legend(canvas: Canvas, handles: Sequence, columns: int) -> None:
    """A legend at the foot of a figure."""
    canvas.legend(handles=list(handles), loc="lower left", ncols=columns, bbox_to_anchor=(0.0, 0.0), handlelength=2.4, columnspacing=1.4)


def _rows(axes: Axes, names: Sequence[str], shown: bool, width: int = 28) -> None:
    """One row a scenario, the first on top."""
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_yticks(range(len(names)), [style.lines(n, width) for n in names] if shown else [])
    axes.tick_params(axis="y", length=0)


def ticks(per: str, signed: bool = False) -> FuncFormatter:
    """Numbers on an axis in the unit that a measure of kind `per` is shown in."""
    scale = 100 if per == "share" else 1

    def text(value: float, _: int) -> str:
        plain = f"{abs(value) * scale:,.10g}"
        return plain if plain == "0" else ("\u2212" if value < 0 else "+" if signed else "") + plain

    return FuncFormatter(text)


# Figure 1: dots and intervals of differences
def differences(folder: Path, tables: StudyTables, sheet: str) -> style.Figure | None:
    """Differences from the baseline for one sheet of measures; None where the study has no such differences."""
    subject, wanted = SHEETS[sheet]
    table = tables.differences
    if table.empty:
        return None
    table = table[(table["group_by"] == "all") & table["measure"].isin(wanted)]
    measures = [m for m in wanted if m in set(table["measure"])]
    others = tables.scenarios[1:]
    if not measures or not others:
        return None
    rows = {(r["scenario"], r["measure"]): r for r in table.to_dict("records")}
    draw = partial(_draw_differences, tables, measures, rows)
    title = f"Differences from the baseline: {subject}"
    caption = f"Dots: mean difference from \u201c{tables.scenarios[0]['name']}\u201d. "
    if words.one_draw(tables):
        caption += "One draw: there is no uncertainty interval. "
    else:
        caption += f"Coloured bars: {words.interval_name(tables)} over draws. "
    if table["mc_error"].notna().any():
        caption += (
            "Thin black bar below: Monte Carlo error, plus and minus two standard errors of the mean; it shrinks with more draws and "
            "replicates, the coloured bar does not. "
        )
    caption += "Each panel has a scale of its own."
    alt = f"{title}. One panel a measure, one row a scenario, zero marked by a line. " + _spoken(tables, measures, rows)
    keep = ["scenario", "measure", "baseline", "value", "difference", "low", "high", "mc_error", "sign_share", "suppressed"]
    return style.save(folder, f"differences-{sheet}", draw, tables.scenarios, _ordered(tables, table, measures)[keep], (title, caption, alt))


def _spoken(tables: StudyTables, measures: Sequence[str], rows: dict) -> str:
    """The numbers of a sheet in words; with many scenarios a pointer to the table, which is easier to listen to."""
    others = tables.scenarios[1:]
    if len(others) > 4:
        return "The table of levels and differences holds the numbers of all scenarios."
    parts = []
    for measure in measures:
        said = [f"{s['name']} {words.beside(tables, rows[s['key'], measure])}" for s in others if (s["key"], measure) in rows]
        parts.append(f"{words.meta(tables, measure)['label']}: {'; '.join(said)}.")
    return " ".join(parts)


def _ordered(tables: StudyTables, table: pd.DataFrame, measures: Sequence[str]) -> pd.DataFrame:
    """Rows in the order of measures and scenarios, numbers of cells too small to show blanked out."""
    order = {s["key"]: i for i, s in enumerate(tables.scenarios)}
    table = table.assign(_m=table["measure"].map({m: i for i, m in enumerate(measures)}), _s=table["scenario"].map(order))
    table = table.sort_values(["_m", "_s"], kind="stable").drop(columns=["_m", "_s"]).reset_index(drop=True)
    if "suppressed" in table:
        numbers = [c for c in ("baseline", "value", "difference", "low", "high", "mc_error", "sign_share") if c in table]
        table[numbers] = table[numbers].astype(float).where(~table["suppressed"].astype(bool), np.nan)
    return table


def _draw_differences(tables: StudyTables, measures: Sequence[str], rows: dict, names: list[str]) -> Canvas:
    others = tables.scenarios[1:]
    across = 2 if len(measures) == 4 else min(3, len(measures))
    wide = 27 if across == 3 else 44
    heads = [style.lines(words.meta(tables, m)["label"], wide) for m in measures]
    more = 0.14 * any("\n" in h for h in heads)
    canvas, panels = grid_of(len(measures), across, 0.28 * len(others) + 0.25, 1.9, 0.78, (0.22, 0.85 + more), 0.42 + more)
    for i, (axes, measure) in enumerate(zip(panels, measures, strict=True)):
        info = words.meta(tables, measure)
        axes.axvline(0, color=style.BASELINE, lw=0.9, zorder=1)
        base = None
        for y, scenario in enumerate(others):
            row = rows.get((scenario["key"], measure))
            if row is None:
                continue
            base = row["baseline"] if base is None and not row["suppressed"] else base
            _dot(axes, row, y, y + 1)
        level = words.TOO_FEW if base is None else words.shown(base, np.nan, np.nan, info["per"])[0]
        level += " %" if info["per"] == "share" and words.known(base) else ""
        _rows(axes, names[1:], shown=i % across == 0)
        axes.set_title(f"{heads[i]}\nbaseline {level}", linespacing=1.3)
        axes.set_xlabel(style.lines(words.unit(info, difference=True), wide))
        axes.xaxis.set_major_locator(MaxNLocator(4 if across == 3 else 5, steps=[1, 2, 5, 10], min_n_ticks=2))
        axes.xaxis.set_major_formatter(ticks(info["per"], signed=True))
        axes.grid(axis="x", color=style.FAINT, lw=0.5, zorder=0)
        axes.margins(x=0.08)
    legend(canvas, _difference_keys(tables, any(words.known(r["mc_error"]) for r in rows.values())), 3)
    return canvas


def _dot(axes: Axes, row: dict, y: int, index: int) -> None:
    if row["suppressed"] or not words.known(row["difference"]):
        text = words.TOO_FEW if row["suppressed"] else words.NOT_ESTIMABLE
        axes.annotate(text, (0, y), xytext=(3, 0), textcoords="offset points", fontsize=7, va="center", style="italic")
        return
    middle, shade = row["difference"], style.colour(index)
    if words.known(row["low"]) and words.known(row["high"]):
        axes.plot([row["low"], row["high"]], [y, y], color=shade, lw=2.2, solid_capstyle="butt", zorder=3)
    if words.known(row["mc_error"]) and row["mc_error"] > 0:
        reach = 2 * row["mc_error"]
        axes.plot([middle - reach, middle + reach], [y + 0.3] * 2, color=style.INK, lw=0.8, marker="|", ms=4, mew=0.8, zorder=4)
    axes.plot([middle], [y], marker=style.marker(index), ms=5.5, mfc=shade, mec=style.INK, mew=0.6, ls="", zorder=5)


def _difference_keys(tables: StudyTables, chance: bool) -> list[Line2D]:
    keys = [Line2D([], [], marker="o", ms=5.5, mfc=style.PAPER, mec=style.INK, mew=0.6, ls="", label="mean difference")]
    if not words.one_draw(tables):
        keys.append(Line2D([], [], color=style.BASELINE, lw=2.2, label=words.interval_name(tables)))
    if chance:
        keys.append(Line2D([0, 1], [0, 0], color=style.INK, lw=0.8, marker="|", ms=4, mew=0.8, label="Monte Carlo error, \u00b1 2 s.e."))
    return keys


# Figure 2: the course over time
def course(folder: Path, tables: StudyTables, measure: str) -> style.Figure | None:
    """One monthly series with its band, a panel for every scenario, the baseline behind it; None where there is no such series."""
    table = tables.bands
    table = table if table.empty else table[table["measure"] == measure]
    if table.empty:
        return None
    info = words.meta(tables, measure)
    title = f"{info['label']} over time"
    one = len(tables.scenarios) == 1
    caption = "" if one else "Dashed grey: the baseline. "
    if words.one_draw(tables):
        caption += "Line: the one draw, so there is no band."
    else:
        caption += f"Line: mean over draws; band: {words.interval_name(tables)}, month by month."
    spoken = []
    for scenario in tables.scenarios if len(tables.scenarios) <= 5 else ():
        own = table[table["scenario"] == scenario["key"]]
        if len(own):
            first, last = (words.shown(v, np.nan, np.nan, info["per"])[0] for v in (own["value"].iloc[0], own["value"].iloc[-1]))
            spoken.append(f"{scenario['name']} from {first} in {own['month'].iloc[0]} to {last} in {own['month'].iloc[-1]}")
    alt = f"{title}, {words.unit(info) or 'number'}. " + ("; ".join(spoken) + "." if spoken else "The numbers are in the figure's CSV file.")
    draw = partial(_draw_course, table, info, tables.scenarios)
    keep = ["scenario", "month", "measure", "value", "low", "high"]
    data = _ordered(tables, table, [measure])[keep]
    return style.save(folder, f"course-{measure.replace('_', '-')}", draw, tables.scenarios, data, (title, caption, alt))


def _months(table: pd.DataFrame) -> np.ndarray:
    return np.array([int(m[:4]) * 12 + int(m[5:7]) - 1 for m in table["month"]])


def _draw_course(table: pd.DataFrame, info: dict, scenarios: Sequence[dict], names: list[str]) -> Canvas:
    shown = list(range(1, len(scenarios))) or [0]
    across = 2 if len(shown) in (2, 4) else min(3, len(shown))
    canvas, panels = grid_of(len(shown), across, 1.45 if len(shown) > 1 else 2.2, 0.75, 0.5, (0.2, 0.62))
    limit = float(np.nanmax(table[["value", "high"]].to_numpy(dtype=float), initial=0.0)) or 1.0
    lowest = min(0.0, float(np.nanmin(table[["value", "low"]].to_numpy(dtype=float), initial=0.0)))
    months = _months(table)
    step = 1 if months.max() - months.min() < 96 else 2
    years = [12 * y for y in range(-(-months.min() // 12), months.max() // 12 + 1, step)]
    for i, (axes, index) in enumerate(zip(panels, shown, strict=True)):
        for k in sorted({0, index}):
            own = table[table["scenario"] == scenarios[k]["key"]]
            x = _months(own)
            axes.fill_between(x, own["low"].astype(float), own["high"].astype(float), color=style.colour(k), alpha=0.25, lw=0, zorder=2 + k)
            axes.plot(x, own["value"], color=style.colour(k), lw=1.5, ls="--" if k == 0 and index else "-", zorder=50 + k)
        axes.set_ylim(lowest, 1.05 * limit)
        axes.set_xlim(months.min(), max(months.max(), months.min() + 1))
        if len(years) > 1:
            axes.set_xticks(years, [str(y // 12) for y in years])
        else:
            every = sorted(set(months))[:: max(1, len(set(months)) // 4)]
            axes.set_xticks(every, [f"{m // 12}-{m % 12 + 1:02d}" for m in every])
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.set_major_formatter(ticks(info["per"]))
        axes.grid(axis="y", color=style.FAINT, lw=0.5)
        axes.set_title(style.lines(names[index], 32 if across == 3 else 50))
        if i % across == 0:
            axes.set_ylabel(style.lines(words.unit(info) or "number", 24, 3))
        else:
            axes.tick_params(labelleft=False)
    keys = [Line2D([], [], color=style.BASELINE, ls="--", lw=1.5, label=style.lines(f"baseline: {names[0]}", 60, 1)),
            Line2D([], [], color=style.INK, lw=1.5, label="the scenario named above the panel")]  # fmt: skip
    if len(scenarios) > 1:
        legend(canvas, keys, 2)
    return canvas


# Figure 3: where first applications end
def endings(folder: Path, tables: StudyTables) -> style.Figure | None:
    """How first applications stand after twelve months, one bar a scenario; None where nobody applied."""
    table = tables.endings
    if table.empty:
        return None
    totals = table.groupby(["scenario", "closing"], sort=False)["share"].sum().unstack().reindex(columns=list(CLOSINGS)).fillna(0.0)
    used = [c for c in CLOSINGS if c in totals and totals[c].max() > 0]
    title = "How first applications stand twelve months on"
    caption = "Per cent of first applications with twelve months of follow-up, mean over draws"
    caption += "." if words.one_draw(tables) else "; the table of endings gives the intervals."
    said = []
    for scenario in tables.scenarios if len(tables.scenarios) <= 5 else ():
        if scenario["key"] in totals.index:
            parts = ", ".join(f"{CLOSINGS[c]} {100 * totals.loc[scenario['key'], c]:.0f} %" for c in used)
            said.append(f"{scenario['name']}: {parts}.")
    alt = f"{title}, stacked bars. " + (" ".join(said) or "The table of endings holds the numbers of all scenarios.")
    data = _by_scenario(tables, table)
    return style.save(folder, "endings", partial(_draw_endings, totals, used, tables.scenarios), tables.scenarios, data, (title, caption, alt))


def _by_scenario(tables: StudyTables, table: pd.DataFrame) -> pd.DataFrame:
    order = {s["key"]: i for i, s in enumerate(tables.scenarios)}
    keep = ["scenario", "stage", "closing", "share", "low", "high"]
    return table[keep].sort_values("scenario", key=lambda c: c.map(order), kind="stable")


def _draw_endings(totals: pd.DataFrame, used: list[str], scenarios: Sequence[dict], names: list[str]) -> Canvas:
    canvas, (axes,) = grid_of(1, 1, 0.36 * len(scenarios) + 0.1, 1.9, 1.0, (0, 0), 0.15)
    for y, scenario in enumerate(scenarios):
        start = 0.0
        for closing in used if scenario["key"] in totals.index else ():
            grey, hatch = _LOOKS[list(CLOSINGS).index(closing)]
            share = 100 * totals.loc[scenario["key"], closing]
            axes.barh(y, share, left=start, height=0.72, color=grey, hatch=hatch, edgecolor=style.INK, lw=0.6)
            if share >= 3.5:
                box = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.8}
                axes.text(start + share / 2, y, f"{share:.0f}", ha="center", va="center", fontsize=7.5, bbox=box)
            start += share
    _rows(axes, names, shown=True)
    axes.set_xlim(0, 100)
    axes.set_xlabel("% of first applications")
    axes.spines[["left", "bottom"]].set_visible(False)
    looks = [(c, *_LOOKS[list(CLOSINGS).index(c)]) for c in used]
    legend(canvas, [Patch(facecolor=g, hatch=h, edgecolor=style.INK, lw=0.6, label=CLOSINGS[c]) for c, g, h in looks], 5)
    return canvas


def stages(folder: Path, tables: StudyTables) -> style.Figure | None:
    """At which stage applications drop out, a panel for every reason; None where none does."""
    table = tables.endings
    table = table if table.empty else table[table["closing"].isin(DROP_OUT)]
    if table.empty or not (table["share"] > 0).any():
        return None
    title = "Drop-out by reason and by the stage it struck at"
    caption = "Per cent of first applications with twelve months of follow-up, mean over draws; panels share one scale."
    stage_shares = table.groupby(["closing", "stage"], sort=False)["share"].mean()
    widest = ", ".join(f"{CLOSINGS[c]} at stage {s} {100 * v:.1f} %" for (c, s), v in stage_shares.items() if v >= 0.005)
    alt = f"{title}, stacked bars by scenario. Mean over the scenarios: {widest or 'all below half a per cent'}."
    draw = partial(_draw_stages, table, tables.scenarios)
    return style.save(folder, "drop-out-stages", draw, tables.scenarios, _by_scenario(tables, table), (title, caption, alt))


def _draw_stages(table: pd.DataFrame, scenarios: Sequence[dict], names: list[str]) -> Canvas:
    canvas, panels = grid_of(len(DROP_OUT), 2, 0.3 * len(scenarios) + 0.1, 1.9, 0.85, (0.3, 0.6))
    shares = table.set_index(["scenario", "closing", "stage"])["share"].to_dict()
    widest = 100 * table.groupby(["scenario", "closing"])["share"].sum().max()
    for i, (axes, closing) in enumerate(zip(panels, DROP_OUT, strict=True)):
        for y, scenario in enumerate(scenarios):
            start = 0.0
            for stage, grey in zip(STAGES, style.GREYS, strict=True):
                share = 100 * shares.get((scenario["key"], closing, stage), 0.0)
                axes.barh(y, share, left=start, height=0.66, color=grey, edgecolor=style.INK, lw=0.6)
                start += share
            axes.annotate(f"{start:.1f}", (start, y), xytext=(3, 0), textcoords="offset points", va="center", fontsize=7.5)
        _rows(axes, names, shown=i % 2 == 0)
        axes.set_xlim(0, 1.15 * widest)
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.set_title(CLOSINGS[closing].capitalize())
        if i >= 2:
            axes.set_xlabel("% of first applications")
    keys = [Patch(facecolor=g, edgecolor=style.INK, lw=0.6, label=f"at stage: {s}") for s, g in zip(STAGES, style.GREYS, strict=True)]
    legend(canvas, keys, 4)
    return canvas
