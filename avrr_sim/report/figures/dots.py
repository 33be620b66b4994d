"""Dots and intervals: differences from the baseline, levels, and groups. Scenarios keep the order of the
study; none looks better.
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
from matplotlib.ticker import MaxNLocator

from avrr_sim.report.figures import layout, style
from avrr_sim.report.words import catalogue, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables

SHEETS = {
    "applying": ("uptake_24", "application_hazard", "drop_out_12"),
    "pressure": ("pressure_dependent", "pressure_threat", "pressure_restrictions", "misinformed"),
    "returns": ("assisted_departures", "unassisted_returns", "removals"),
    "out-of-sight": ("gone_under", "missing", "moved_on", "transferred"),
    "beliefs": (
        "knowledge_centre",
        "knowledge_private",
        "protection_needs",
        "trust_centre",
        "trust_private",
        "wrongly_rejected_returns",
    ),
    "after": ("coping_3", "coping_12", "income_12"),
}
"""Measures by sheet; a sheet fits one printed page."""
ADDITIONAL = ("additional_returns", "additional_assisted", "additional_unassisted", "additional_removed")
GROUPED = ("uptake_24", "drop_out_12")
ONE_SCALE = (
    "uptake_24",
    "pressure_dependent",
    "misinformed",
    "drop_out_12",
    "missing_24",
    "coping_3",
    "coping_12",
    "income_12",
)
"""Shares that stand together on one scale where there is one scenario only."""
SPOKEN = 4  # scenarios up to which a text alternative tells every number
PANELS = 6  # of groups in one figure


def differences(folder: Path, tables: StudyTables, sheet: str) -> style.Figure | None:
    """Differences from the baseline for one sheet of measures; None where the study has no such
    differences.
    """
    wanted = ADDITIONAL if sheet == "additional" else SHEETS[sheet]
    table = tables.differences
    table = table[(table["group_by"] == "all") & table["measure"].isin(wanted)] if len(table) else table
    measures = [m for m in wanted if len(table) and m in set(table["measure"])]
    others = tables.scenarios[1:]
    if not measures or not others:
        return None
    rows = {(r["scenario"], r["measure"]): r for r in table.to_dict("records")}
    one_scale = sheet in ("additional", "after", "pressure")
    draw = partial(_draw_differences, tables, measures, rows, one_scale)
    title = say(
        "differences.additional" if sheet == "additional" else "differences.title",
        subject=catalogue.SHEETS[sheet],
    )
    parts = [say("differences.dots", baseline=tables.scenarios[0]["name"])]
    parts.append(
        say("differences.one_draw")
        if sentences.one_draw(tables)
        else say("differences.bars", interval=sentences.interval_name(tables))
    )
    if table["mc_error"].notna().any():
        parts.append(say("differences.error"))
    parts.append(say("differences.one_scale" if one_scale else "differences.scales"))
    alt = say("differences.alt", title=title, numbers=_spoken(tables, measures, rows))
    keep = [
        "scenario",
        "measure",
        "baseline",
        "value",
        "difference",
        "low",
        "high",
        "mc_error",
        "sign_share",
        "suppressed",
    ]
    data = layout.ordered(tables, table, measures)[keep]
    return style.save(
        folder, f"differences-{sheet}", draw, tables.scenarios, data, (title, " ".join(parts), alt)
    )


def _spoken(tables: StudyTables, measures: Sequence[str], rows: dict) -> str:
    """The numbers of a sheet in words; with many scenarios a pointer to the table, which is easier to listen
    to.
    """
    others = tables.scenarios[1:]
    if len(others) > SPOKEN:
        return say("alt.table")
    parts = []
    for measure in measures:
        said = [
            f"{s['name']} {sentences.beside(tables, rows[s['key'], measure])}"
            for s in others
            if (s["key"], measure) in rows
        ]
        parts.append(f"{sentences.meta(tables, measure)['label']}: {'; '.join(said)}.")
    return " ".join(parts)


def _draw_differences(
    tables: StudyTables, measures: Sequence[str], rows: dict, one_scale: bool, names: list[str]
) -> Canvas:
    others = tables.scenarios[1:]
    across = layout.across_of(len(measures))
    wide = 27 if across == 3 else 44
    heads = [style.lines(sentences.meta(tables, m)["label"], wide) for m in measures]
    more = 0.14 * any("\n" in h for h in heads)
    note = layout.windows_note(tables, measures)
    foot = 0.78 + layout.NOTE_LINE * layout.note_lines(note)
    canvas, panels = layout.grid_of(
        len(measures),
        across,
        layout.row_height(names[1:]) * len(others) + 0.25,
        1.9,
        foot,
        (0.22, 0.85 + more),
        0.42 + more,
    )
    for i, (axes, measure) in enumerate(zip(panels, measures, strict=True)):
        info = sentences.meta(tables, measure)
        axes.axvline(0, color=style.BASELINE, lw=0.9, zorder=1)
        found = [rows.get((s["key"], measure)) for s in others]
        for y, row in enumerate(found):
            if row is not None:
                dot(axes, row, "difference", y, y + 1)
        layout.rows(axes, names[1:], shown=i % across == 0)
        below = "" if measure in ADDITIONAL else "\n" + _baseline_text(info, found)
        axes.set_title(heads[i] + below, linespacing=1.3)
        axes.set_xlabel(style.lines(sentences.unit(info, difference=True), wide))
        _number_axis(axes, info["per"], across, signed=True)
    if one_scale:
        _share_scale(panels)
    legend_of_dots(
        canvas,
        tables,
        any(sentences.known(r["mc_error"]) for r in rows.values()),
        say("differences.mean"),
        note,
    )
    return canvas


def _baseline_text(info: dict, rows: Sequence[dict | None]) -> str:
    base = next((r["baseline"] for r in rows if r is not None and not r["suppressed"]), None)
    if base is None:
        return say("differences.baseline", level=sentences.TOO_FEW)
    level = sentences.shown(base, np.nan, np.nan, info["per"])[0]
    return say(
        "differences.baseline",
        level=level + (f" {say('per_cent')}" if info["per"] == "share" and sentences.known(base) else ""),
    )


def _number_axis(axes: Axes, per: str, across: int, signed: bool) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(4 if across == 3 else 5, steps=[1, 2, 5, 10], min_n_ticks=2))
    axes.xaxis.set_major_formatter(layout.ticks(per, signed=signed))
    axes.grid(axis="x", color=style.FAINT, lw=0.5, zorder=0)
    axes.margins(x=0.08)


def _share_scale(panels: Sequence[Axes]) -> None:
    """The same limits for all panels."""
    limits = [axes.get_xlim() for axes in panels]
    for axes in panels:
        axes.set_xlim(min(low for low, _ in limits), max(high for _, high in limits))


def dot(axes: Axes, row: dict, column: str, y: float, index: int, chance: bool = True) -> None:
    """One dot with its interval and, thin and black below it, its Monte Carlo error; or why there is none."""
    if row["suppressed"] or not sentences.known(row[column]):
        text = sentences.TOO_FEW if row["suppressed"] else sentences.NOT_ESTIMABLE
        axes.annotate(
            text, (0, y), xytext=(3, 0), textcoords="offset points", fontsize=7, va="center", style="italic"
        )
        return
    middle, shade = row[column], style.colour(index)
    if sentences.known(row["low"]) and sentences.known(row["high"]):
        axes.plot([row["low"], row["high"]], [y, y], color=shade, lw=2.2, solid_capstyle="butt", zorder=3)
    if chance and sentences.known(row["mc_error"]) and row["mc_error"] > 0:
        reach = 2 * row["mc_error"]
        axes.plot(
            [middle - reach, middle + reach],
            [y + 0.3] * 2,
            color=style.INK,
            lw=0.8,
            marker="|",
            ms=4,
            mew=0.8,
            zorder=4,
        )
    axes.plot(
        [middle],
        [y],
        marker=style.marker(index),
        ms=5.5,
        mfc=shade,
        mec=style.INK,
        mew=0.6,
        ls="",
        zorder=5,
        clip_on=False,
    )


def legend_of_dots(canvas: Canvas, tables: StudyTables, chance: bool, mean: str, note: str) -> None:
    """The keys of dots, intervals and errors, and the note."""
    keys = [Line2D([], [], marker="o", ms=5.5, mfc=style.PAPER, mec=style.INK, mew=0.6, ls="", label=mean)]
    if not sentences.one_draw(tables):
        keys.append(Line2D([], [], color=style.BASELINE, lw=2.2, label=sentences.interval_name(tables)))
    if chance:
        keys.append(
            Line2D(
                [0, 1],
                [0, 0],
                color=style.INK,
                lw=0.8,
                marker="|",
                ms=4,
                mew=0.8,
                label=say("differences.error_key"),
            )
        )
    layout.legend(canvas, keys, 3, note)


# Levels
def levels(folder: Path, tables: StudyTables) -> style.Figure | None:
    """Levels of shares on one scale: rows are measures where there is one scenario, else scenarios, a panel
    for every measure.
    """
    table = tables.levels
    table = table[(table["group_by"] == "all") & table["measure"].isin(ONE_SCALE)] if len(table) else table
    measures = [m for m in ONE_SCALE if len(table) and m in set(table["measure"])]
    if not measures:
        return None
    rows = {(r["scenario"], r["measure"]): r for r in table.to_dict("records")}
    title = say("levels.title")
    caption = (
        say("levels.dots")
        + " "
        + (
            say("differences.one_draw")
            if sentences.one_draw(tables)
            else say("differences.bars", interval=sentences.interval_name(tables))
        )
    )
    caption += " " + say("differences.one_scale")
    spoken = say("alt.table")
    if len(tables.scenarios) <= SPOKEN:
        spoken = " ".join(
            f"{sentences.meta(tables, m)['label']}: "
            + "; ".join(
                f"{s['name']} {sentences.level(tables, rows[s['key'], m])}"
                for s in tables.scenarios
                if (s["key"], m) in rows
            )
            + "."
            for m in measures
        )
    alt = say("levels.alt", title=title, numbers=spoken)
    draw = partial(_draw_levels, tables, measures, rows)
    keep = ["scenario", "measure", "value", "low", "high", "mc_error", "cell", "suppressed"]
    return style.save(
        folder,
        "levels",
        draw,
        tables.scenarios,
        layout.ordered(tables, table, measures)[keep],
        (title, caption, alt),
    )


def _draw_levels(tables: StudyTables, measures: Sequence[str], rows: dict, names: list[str]) -> Canvas:
    note = layout.windows_note(tables, measures)
    foot = 0.75 + layout.NOTE_LINE * layout.note_lines(note)
    one = len(names) == 1
    count, lines = (1, len(measures)) if one else (len(measures), len(names))
    across = layout.across_of(count)
    heads = [
        "" if one else style.lines(sentences.meta(tables, m)["label"], 27 if across == 3 else 44)
        for m in measures
    ][:count]
    more = 0.14 * any("\n" in h for h in heads)
    canvas, panels = layout.grid_of(
        count,
        across,
        (0.28 if one else layout.row_height(names)) * lines + 0.2,
        2.3 if one else 1.9,
        foot,
        (0.22, 0.7 + more),
        0.12 if one else 0.3 + more,
    )
    for i, axes in enumerate(panels):
        cells = (
            [(names[0], 0, m) for m in measures]
            if one
            else [(n, k, measures[i]) for k, n in enumerate(names)]
        )
        for y, (_, k, measure) in enumerate(cells):
            row = rows.get((tables.scenarios[k]["key"], measure))
            if row is not None:
                dot(axes, row, "value", y, k)
        layout.rows(
            axes,
            [sentences.meta(tables, m)["label"] for _, _, m in cells] if one else names,
            shown=i % across == 0,
            width=34 if one else 28,
        )
        axes.set_title(heads[i])
        axes.set_xlabel(say("per_cent"))
        axes.set_xlim(left=0)
        _number_axis(axes, "share", across, signed=False)
    _share_scale(panels)
    chance = any(sentences.known(r["mc_error"]) for r in rows.values())
    legend_of_dots(canvas, tables, chance, say("levels.mean"), note)
    return canvas


# Groups
def groups(folder: Path, tables: StudyTables, measure: str) -> list[style.Figure]:
    """One measure by group on one scale: levels of one scenario, or every scenario's differences; several
    figures where panels are many.
    """
    one = len(tables.scenarios) == 1
    source, column = (tables.levels, "value") if one else (tables.differences, "difference")
    table = source[(source["group_by"] != "all") & (source["measure"] == measure)] if len(source) else source
    if table.empty:
        return []
    seen = list(dict.fromkeys(zip(table["group_by"], table["group"].astype(str), strict=True)))
    seen.sort(key=sentences.group_place)
    shown = [0] if one else list(range(1, len(tables.scenarios)))
    parts = layout.batches(shown, PANELS)
    info = sentences.meta(tables, measure)
    title = say("groups.levels" if one else "groups.differences", label=info["label"])
    caption = " ".join(
        [
            say("differences.one_draw")
            if sentences.one_draw(tables)
            else say("differences.bars", interval=sentences.interval_name(tables)),
            say("groups.few"),
            say("groups.many"),
        ]
    )
    out = []
    for k, indices in enumerate(parts):
        keys = [tables.scenarios[i]["key"] for i in indices]
        own = table[table["scenario"].isin(keys)]
        rows = {(r["scenario"], r["group_by"], str(r["group"])): r for r in own.to_dict("records")}
        draw = partial(
            _draw_groups, tables, info, measure, column, rows, seen, indices, _limits(table, column, one)
        )
        alt = say("groups.alt", title=title, names=", ".join(tables.scenarios[i]["name"] for i in indices))
        keep = [
            c
            for c in (
                "scenario",
                "group_by",
                "group",
                "measure",
                "baseline",
                "value",
                "difference",
                "low",
                "high",
                "mc_error",
                "suppressed",
            )
            if c in own
        ]
        name = layout.part_name(f"groups-{measure.replace('_', '-')}", k, len(parts))
        out.append(
            style.save(
                folder,
                name,
                draw,
                tables.scenarios,
                layout.ordered(tables, own, [measure])[keep],
                (title, caption, alt),
            )
        )
    return out


def _limits(table: pd.DataFrame, column: str, one: bool) -> tuple[float, float]:
    """One scale for the panels of all figures, which holds zero."""
    kept = table.loc[~table["suppressed"].astype(bool), [column, "low", "high"]].to_numpy(float)
    low, high = min(0.0, np.nanmin(kept, initial=0.0)), max(0.0, np.nanmax(kept, initial=0.0))
    room = 0.06 * (high - low) or 0.01
    return (0.0 if one else low - room), high + room


def _draw_groups(
    tables: StudyTables,
    info: dict,
    measure: str,
    column: str,
    rows: dict,
    seen: list,
    indices: list[int],
    limits: tuple[float, float],
    names: list[str],
) -> Canvas:
    note = layout.windows_note(tables, [measure])
    across = layout.across_of(len(indices)) if len(indices) > 1 else 1
    foot = 0.75 + layout.NOTE_LINE * layout.note_lines(note)
    canvas, panels = layout.grid_of(
        len(indices), across, 0.165 * len(seen) + 0.1, 1.95, foot, (0.15, 0.75), 0.42
    )
    for i, (axes, index) in enumerate(zip(panels, indices, strict=True)):
        axes.axvline(0, color=style.BASELINE, lw=0.9, zorder=1)
        for y, group in enumerate(seen):
            row = rows.get((tables.scenarios[index]["key"], *group))
            if row is not None:
                dot(axes, row, column, y, index, chance=False)
            if y and seen[y - 1][0] != group[0]:
                axes.axhline(y - 0.5, color=style.FAINT, lw=0.8)
        layout.rows(axes, [sentences.group_name(*g) for g in seen], shown=i % across == 0, width=30, most=1)
        axes.tick_params(axis="y", labelsize=7)
        axes.set_title(style.lines(names[index], layout.letters(axes)))
        axes.set_xlabel(sentences.unit(info, difference=column == "difference"))
        _number_axis(axes, info["per"], across, signed=column == "difference")
        axes.set_xlim(*limits)
    legend_of_dots(
        canvas, tables, False, say("differences.mean" if column == "difference" else "levels.mean"), note
    )
    return canvas
