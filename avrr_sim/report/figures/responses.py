"""Pictures of a sweep: response curves with bands, heat maps over two factors, small multiples by group; each
with its numbers as CSV.

Where a factor is a lever of coercion, pictures are grey, of one hue, and say why: nothing may look like the
better choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize, TwoSlopeNorm
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from avrr_sim.measures import MEASURES
from avrr_sim.outcomes import ORIGIN_LABELS
from avrr_sim.policy import LEVERS
from avrr_sim.report.figures import style
from avrr_sim.report.figures.layout import grid_of, ticks
from avrr_sim.report.words import catalogue, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.coercion import is_coercion
from avrr_sim.study.sweep.design import SAMPLED
from avrr_sim.study.sweep.experiment import Experiment

MOST_MEASURES = 4  # pictured; the tables hold all
MOST_PANELS = 9
COERCION_NOTE = catalogue.SWEEP_COERCION
_TWO_SIDES = LinearSegmentedColormap.from_list("two sides", ["#0072B2", "#FFFFFF", "#E69F00"])
_ONE_HUE = LinearSegmentedColormap.from_list("one hue", ["#F7F7F7", "#8C8C8C"])
_NUMBERS = [
    "value",
    "low",
    "high",
    "mc_error",
    "difference",
    "difference_low",
    "difference_high",
    "difference_mc_error",
    "difference_mc_low",
    "difference_mc_high",
    "sign_share",
    "difference_suppressed",
]


def draw_sweep(folder: Path, experiment: Experiment, table: pd.DataFrame) -> list[style.Figure]:
    """Write every picture that a sweep's table (see `sweep_table`) allows into `folder` as SVG, PNG and CSV;
    the first measures only.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table = table.replace([np.inf, -np.inf], np.nan)
    whole = table[table["group_by"] == "all"]
    told = set(_points(whole).loc[_points(whole)["difference"].notna(), "measure"])
    # empty pictures only where all would be
    measures = [m for m in experiment.measures if m in (told or set(whole["measure"]))][:MOST_MEASURES]
    found = []
    for measure in measures:
        rows = whole[whole["measure"] == measure]
        if experiment.kind in (*SAMPLED, "rows") and not _on_grid(experiment, rows):
            found.append(spread(folder, experiment, rows, measure))
            continue
        found.append(curve(folder, experiment, rows, measure))
        if len(experiment.factors) == 2 and _on_grid(experiment, rows):
            found.append(heat_map(folder, experiment, rows, measure))
    for by in experiment.read_by:
        own = table[table["group_by"] == by]
        for measure in [m for m in experiment.measures if m in set(own["measure"])][:2]:
            if experiment.kind not in SAMPLED:
                found.append(multiples(folder, experiment, own[own["measure"] == measure], measure, by))
    return found


def coercive(experiment: Experiment) -> bool:
    """Whether a sweep moves coercion or a restriction, by lever or weight."""
    return any(is_coercion(f.place, f.name) for f in experiment.factors)


def info_of(measure: str) -> dict[str, str]:
    """Label, unit, kind, window and meaning of a measure."""
    return asdict(MEASURES[measure])


def _axes_of(experiment: Experiment, rows: pd.DataFrame) -> tuple[str, str | None]:
    """(the factor along a curve, the factor by which curves are told apart): a number first, if there is
    one.
    """
    columns = experiment.columns
    along = next((c for c in columns if pd.api.types.is_numeric_dtype(rows[c])), columns[0])
    others = [c for c in columns if c != along]
    return along, others[0] if others else None


def _points(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["scenario"] != "baseline"]


def _values(experiment: Experiment, rows: pd.DataFrame, column: str) -> list:
    """Values of a factor: numbers by size, words in the order of the design."""
    seen = list(dict.fromkeys(_points(rows)[column]))
    return sorted(seen) if pd.api.types.is_numeric_dtype(rows[column]) else seen


def _on_grid(experiment: Experiment, rows: pd.DataFrame) -> bool:
    """Whether every combination of the first two factors stands there once."""
    points = _points(rows)
    if len(experiment.columns) != 2:
        return len(experiment.columns) == 1
    counts = points.groupby(experiment.columns, sort=False).size()
    return (
        len(counts) == points[experiment.columns[0]].nunique() * points[experiment.columns[1]].nunique()
        and (counts == 1).all()
    )


def value_text(value: object) -> str:
    """A value of a factor in words."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _label(column: str, width: int = 60, most: int = 1) -> str:
    lever = LEVERS.get(column)
    return style.lines(f"{column} ({lever.unit})" if lever else column, width, most)


def _captions(experiment: Experiment, measure: str, what: str, more: str) -> tuple[str, str, str]:
    """(title, caption, text alternative)."""
    info = info_of(measure)
    title = f"{info['label']} ({info['unit']}): {what}"
    caption = f"{more} {info['meaning']}; {info['window']}." + (
        f" {COERCION_NOTE}" if coercive(experiment) else ""
    )
    return title, caption, say("sweep.alt", title=title, how=more)


def _finish(canvas: Canvas, experiment: Experiment, title: str, keys: Sequence, columns: int) -> None:
    """Title above, keys below, and the note on coercion below those."""
    height = canvas.get_size_inches()[1]
    canvas.text(0.005, 1 - 0.05 / height, style.lines(title, 105, 2), fontsize=8.5, weight="bold", va="top")
    lift = 0.16 / height if coercive(experiment) else 0.0
    canvas.legend(
        handles=list(keys),
        loc="lower left",
        ncols=columns,
        bbox_to_anchor=(0.0, lift),
        handlelength=2.4,
        columnspacing=1.4,
    )
    if coercive(experiment):
        canvas.text(0.005, 0.02 / height, COERCION_NOTE, fontsize=6, style="italic", va="bottom")


def _base_level(rows: pd.DataFrame, info: dict) -> str:
    base = rows[rows["scenario"] == "baseline"]
    if base.empty or not sentences.known(base["value"].iloc[0]):
        return ""
    level = sentences.shown(base["value"].iloc[0], np.nan, np.nan, info["per"])[0]
    return say(
        "differences.baseline", level=level + (f" {say('per_cent')}" if info["per"] == "share" else "")
    )


def _save(
    folder: Path, name: str, experiment: Experiment, rows: pd.DataFrame, draw, captions: tuple[str, str, str]
) -> style.Figure:
    data = rows[["scenario", *experiment.columns, "group_by", "group", "measure", *_NUMBERS]]
    return style.save(folder, name, lambda names: draw(), [], data, captions)


# Response curves
def curve(folder: Path, experiment: Experiment, rows: pd.DataFrame, measure: str) -> style.Figure:
    """Difference from the baseline along one factor, a panel for every value of the next."""
    along, by = _axes_of(experiment, rows)
    captions = _captions(experiment, measure, say("sweep.by", factors=along), say("sweep.curve"))
    return _save(
        folder,
        f"curve-{measure.replace('_', '-')}",
        experiment,
        rows,
        partial(_draw_curves, experiment, rows, measure, along, by, captions[0]),
        captions,
    )


def _draw_curves(
    experiment: Experiment, rows: pd.DataFrame, measure: str, along: str, by: str | None, title: str
) -> Canvas:
    info, points = info_of(measure), _points(rows)
    panels = _values(experiment, rows, by)[:MOST_PANELS] if by else [None]
    across = min(3, len(panels)) if len(panels) != 4 else 2
    canvas, axes = grid_of(len(panels), across, 1.7 if len(panels) > 1 else 2.3, 0.8, 0.98, (0.2, 0.72), 0.5)
    limits = _limits(points)
    for i, (ax, value) in enumerate(zip(axes, panels, strict=True)):
        own = points if value is None else points[points[by] == value]
        _one_curve(
            ax, experiment, own, rows, along, style.BASELINE if coercive(experiment) else style.colour(1)
        )
        ax.set_ylim(*limits)
        ax.set_title(_base_level(rows, info) if value is None else f"{by} {value_text(value)}")
        _dress(
            ax,
            info,
            i % across == 0,
            _label(along, 36 if across > 1 else 60, 2) if i >= len(panels) - across else "",
        )
    _finish(
        canvas,
        experiment,
        title,
        _keys(style.BASELINE if coercive(experiment) else style.colour(1), _base_level(rows, info)),
        4,
    )
    return canvas


def _limits(points: pd.DataFrame) -> tuple[float, float]:
    """Limits that hold every band and zero, with some room."""
    seen = points[["difference", "difference_low", "difference_high"]].to_numpy(float)
    low, high = min(0.0, np.nanmin(seen, initial=0.0)), max(0.0, np.nanmax(seen, initial=0.0))
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room


def _one_curve(
    ax: Axes,
    experiment: Experiment,
    own: pd.DataFrame,
    rows: pd.DataFrame,
    along: str,
    colour: str,
    line: str = "-",
    marker: str = "o",
    chance: bool = True,
    band: bool = True,
    aside: float = 0.0,
) -> None:
    """A line with its band; bars in place of the band where points share a place or lines a panel, then
    `aside` of one another.
    """
    number = pd.api.types.is_numeric_dtype(rows[along])
    own = own.sort_values(along, kind="stable") if number else own
    order = _values(experiment, rows, along)
    x = own[along].to_numpy(float) if number else np.array([order.index(v) for v in own[along]], float)
    middle, low, high = (own[c].to_numpy(float) for c in ("difference", "difference_low", "difference_high"))
    single = len(set(x)) == len(x)
    x = x + aside * (x.max() - x.min() or 1.0)
    ax.axhline(0, color=style.BASELINE, lw=0.8, zorder=1)
    if single and number and band:
        ax.fill_between(x, low, high, color=colour, alpha=0.22, lw=0, zorder=2)
    else:
        ax.vlines(x, low, high, color=colour, lw=1.6, alpha=0.5, zorder=2)
    ax.plot(
        x, middle, color=colour, lw=1.4, ls=line if single and number else "", marker=marker, ms=3.5, zorder=4
    )
    if chance:
        ax.errorbar(
            x,
            middle,
            yerr=2 * own["difference_mc_error"].to_numpy(float),
            fmt="none",
            color=style.INK,
            ecolor=style.INK,
            elinewidth=0.7,
            capsize=2,
            zorder=5,
        )
    if not number:
        ax.set_xticks(range(len(order)), [value_text(v) for v in order])
    else:
        standing = rows.loc[rows["scenario"] == "baseline", along]
        if len(standing) and sentences.known(standing.iloc[0]):
            ax.axvline(float(standing.iloc[0]), color=style.BASELINE, lw=0.7, ls=":", zorder=1)


def _dress(ax: Axes, info: dict, first: bool, below: str) -> None:
    ax.yaxis.set_major_formatter(ticks(info["per"], signed=True))
    ax.yaxis.set_major_locator(MaxNLocator(5))
    ax.grid(axis="y", color=style.FAINT, lw=0.5)
    ax.set_xlabel(below)
    if first:
        ax.set_ylabel(style.lines(sentences.unit(info, difference=True), 24, 2))
    else:
        ax.tick_params(labelleft=False)


def _keys(colour: str, base: str, form: str = "band") -> list:
    spread = (
        Patch(facecolor=colour, alpha=0.3, label=say("course.band_key"))
        if form == "band"
        else Line2D([], [], color=colour, lw=1.6, alpha=0.5, label=say("course.band_key"))
    )
    return [
        Line2D(
            [],
            [],
            color=colour,
            lw=1.4,
            ls="-" if form == "band" else "",
            marker="o",
            ms=3.5,
            label=say("differences.mean"),
        ),
        spread,
        Line2D([], [], color=style.INK, lw=0.7, marker="_", label=say("differences.error_key")),
        Line2D([], [], color=style.BASELINE, lw=0.7, ls=":", label=base or say("baseline")),
    ]


# Points spread over ranges
def spread(folder: Path, experiment: Experiment, rows: pd.DataFrame, measure: str) -> style.Figure:
    """Difference from the baseline at every point, a panel for every factor, while all other factors vary as
    well.
    """
    captions = _captions(experiment, measure, say("sweep.each"), say("sweep.spread"))
    return _save(
        folder,
        f"spread-{measure.replace('_', '-')}",
        experiment,
        rows,
        partial(_draw_spread, experiment, rows, measure, captions[0]),
        captions,
    )


def _draw_spread(experiment: Experiment, rows: pd.DataFrame, measure: str, title: str) -> Canvas:
    info, points = info_of(measure), _points(rows)
    columns = experiment.columns[:MOST_PANELS]
    across = 2 if len(columns) in (2, 4) else min(3, len(columns))
    canvas, axes = grid_of(len(columns), across, 1.8, 0.8, 0.92, (0.2, 0.75), 0.42)
    colour = style.BASELINE if coercive(experiment) else style.colour(1)
    for i, (ax, column) in enumerate(zip(axes, columns, strict=True)):
        _one_curve(ax, experiment, points, rows, column, colour, line="", band=False)
        ax.set_ylim(*_limits(points))
        _dress(ax, info, i % across == 0, _label(column, 44, 2))
    _finish(canvas, experiment, title, _keys(colour, _base_level(rows, info), "bar"), 4)
    return canvas


# Heat maps
def heat_map(folder: Path, experiment: Experiment, rows: pd.DataFrame, measure: str) -> style.Figure:
    """Difference from the baseline over two factors; cells whose interval holds zero are hatched."""
    captions = _captions(
        experiment, measure, say("sweep.by", factors=say("and").join(experiment.columns)), say("sweep.map")
    )
    return _save(
        folder,
        f"map-{measure.replace('_', '-')}",
        experiment,
        rows,
        partial(_draw_map, experiment, rows, measure, captions[0]),
        captions,
    )


def _draw_map(experiment: Experiment, rows: pd.DataFrame, measure: str, title: str) -> Canvas:
    info, points = info_of(measure), _points(rows)
    across, down = (
        experiment.columns
        if pd.api.types.is_numeric_dtype(rows[experiment.columns[0]])
        else experiment.columns[::-1]
    )
    xs, ys = _values(experiment, rows, across), _values(experiment, rows, down)
    canvas, (ax,) = grid_of(1, 1, 0.2 + 0.46 * len(ys), 1.15, 0.85, (0, 0), 0.5)
    at = {(r[across], r[down]): r for r in points.to_dict("records")}
    grid = np.array([[at[x, y]["difference"] for x in xs] for y in ys], float)
    ax.pcolormesh(
        np.ma.masked_invalid(grid), **_shades(grid, coercive(experiment)), edgecolors=style.PAPER, linewidth=1
    )
    roomy = len(xs) <= 6
    for j, y in enumerate(ys):
        for i, x in enumerate(xs):
            _cell(ax, at[x, y], i, j, info, roomy)
    ax.invert_yaxis()  # the first value on top, as one reads
    marked = _mark_baseline(ax, rows, across, down, xs, ys)
    ax.set_xticks(np.arange(len(xs)) + 0.5, [value_text(v) for v in xs])
    ax.set_yticks(np.arange(len(ys)) + 0.5, [value_text(v) for v in ys])
    ax.tick_params(length=0)
    ax.set_xlabel(_label(across))
    ax.set_ylabel(style.lines(_label(down), 30, 2))
    ax.spines[:].set_visible(False)
    keys = [
        Patch(
            facecolor=style.PAPER,
            edgecolor="#555555",
            hatch="////",
            lw=0.4,
            label=say("sweep.open_key", baseline=_base_level(rows, info)),
        )
    ]
    if marked:
        keys.append(Patch(facecolor="none", edgecolor=style.INK, lw=1.6, label=say("sweep.as_baseline")))
    unit = sentences.unit(info, difference=True)
    _finish(canvas, experiment, title if unit == info["unit"] else f"{title}; {unit}", keys, 2)
    return canvas


def _shades(grid: np.ndarray, grey: bool) -> dict:
    """Colours of a map: two sides of zero; for coercion one hue from the smallest to the largest number."""
    low, high = float(np.nanmin(grid, initial=0.0)), float(np.nanmax(grid, initial=0.0))
    if grey:
        return {"cmap": _ONE_HUE, "norm": Normalize(low, high if high > low else low + 1)}
    reach = max(abs(low), abs(high)) or 1.0
    return {"cmap": _TWO_SIDES, "norm": TwoSlopeNorm(0.0, -1.3 * reach, 1.3 * reach)}


def _cell(ax: Axes, row: dict, i: int, j: int, info: dict, roomy: bool) -> None:
    if row["difference_suppressed"] or not sentences.known(row["difference"]):
        ax.text(
            i + 0.5,
            j + 0.5,
            sentences.TOO_FEW if row["difference_suppressed"] else sentences.NOT_ESTIMABLE,
            ha="center",
            va="center",
            fontsize=6.5,
            style="italic",
        )
        return
    low, high = row["difference_low"], row["difference_high"]
    zero = row["difference"] == 0 and low == 0 and high == 0
    if sentences.known(low) and low <= 0 <= high and not zero:
        ax.add_patch(Rectangle((i, j), 1, 1, fill=False, hatch="////", edgecolor="#777777", lw=0, zorder=2))
    value, interval = sentences.shown(row["difference"], low, high, info["per"], signed=True)
    text = say("sweep.alike") if zero else value + (f"\n{interval}" if roomy and interval else "")
    box = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.2, "alpha": 0.85}
    ax.text(
        i + 0.5,
        j + 0.5,
        text,
        ha="center",
        va="center",
        fontsize=6 if roomy else 6.5,
        linespacing=1.3,
        bbox=box,
        zorder=4,
    )


def _mark_baseline(ax: Axes, rows: pd.DataFrame, across: str, down: str, xs: Sequence, ys: Sequence) -> bool:
    base = rows[rows["scenario"] == "baseline"]
    there = len(base) and base[across].iloc[0] in xs and base[down].iloc[0] in ys
    if there:
        spot = (xs.index(base[across].iloc[0]), ys.index(base[down].iloc[0]))
        ax.add_patch(Rectangle(spot, 1, 1, fill=False, edgecolor=style.INK, lw=1.6, zorder=5, clip_on=False))
    return bool(there)


# Small multiples by group
def multiples(
    folder: Path, experiment: Experiment, rows: pd.DataFrame, measure: str, by: str
) -> style.Figure:
    """Response curves of one measure, a panel for every group, lines for the values of the next factor; one
    scale for all.
    """
    along, told = _axes_of(experiment, rows)
    captions = _captions(
        experiment,
        measure,
        say("sweep.by", factors=catalogue.GROUPS.get(by, by).lower()),
        say("sweep.multiples"),
    )
    return _save(
        folder,
        f"by-{by}-{measure.replace('_', '-')}",
        experiment,
        rows,
        partial(_draw_multiples, experiment, rows, measure, along, told, captions[0]),
        captions,
    )


def _draw_multiples(
    experiment: Experiment, rows: pd.DataFrame, measure: str, along: str, told: str | None, title: str
) -> Canvas:
    info, points = info_of(measure), _points(rows)
    groups = list(dict.fromkeys(points["group"]))[:12]
    values = _values(experiment, rows, told) if told else [None]
    lines = values if len(values) <= 4 else [values[0], values[len(values) // 2], values[-1]]
    across = min(3, len(groups))
    canvas, axes = grid_of(len(groups), across, 1.15, 0.8, 0.8, (0.2, 0.42), 0.6)
    looks = [
        (
            style.GREYS[2] if coercive(experiment) else style.colour(i + 1),
            ("-", "--", "-.", ":")[i % 4],
            style.MARKERS[i],
        )
        for i in range(len(lines))
    ]
    for i, (ax, group) in enumerate(zip(axes, groups, strict=True)):
        here = points[points["group"] == group]
        for k, (value, (colour, line, marker)) in enumerate(zip(lines, looks, strict=True)):
            own = here if value is None else here[here[told] == value]
            _one_curve(
                ax,
                experiment,
                own,
                rows,
                along,
                colour,
                line,
                marker,
                chance=False,
                band=False,
                aside=0.025 * (k - (len(lines) - 1) / 2),
            )
        ax.set_ylim(*_limits(points))
        few = here["difference"].isna().all()
        ax.set_title(
            ORIGIN_LABELS.get(group, str(group).replace("_", " ")) + (f": {sentences.TOO_FEW}" if few else "")
        )
        _dress(ax, info, i % across == 0, along if i >= len(groups) - across else "")
    keys = [
        Line2D(
            [],
            [],
            color=c,
            ls=s,
            marker=m,
            ms=3.5,
            lw=1.4,
            label=say("differences.mean") if v is None else f"{told} {value_text(v)}",
        )
        for v, (c, s, m) in zip(lines, looks, strict=True)
    ]
    _finish(
        canvas,
        experiment,
        title,
        [*keys, Line2D([], [], color=style.BASELINE, lw=1.6, alpha=0.5, label=say("course.band_key"))],
        5,
    )
    return canvas
