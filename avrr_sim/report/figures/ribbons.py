"""Where the people went: the same persons' outcomes in the baseline and in a scenario, as ribbons; only those
who end differently are drawn wide.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline

from avrr_sim.report.figures import layout, style
from avrr_sim.report.words import catalogue
from avrr_sim.report.words.language import numeral
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.tables import StudyTables

PANELS = 4  # of ribbons in one figure
NODE = 0.035  # width of a node, as a share of the panel
GAP = 0.03  # between nodes, as a share of the height
LETTER = 0.078  # least distance of two labels, as a share of the height
OUTCOME_COLOURS = {
    "present": "#7F7F7F",
    "applying": "#BDBDBD",
    "assisted": "#0072B2",
    "unassisted": "#56B4E9",
    "removed": "#333333",
    "transferred": "#CC79A7",
    "moved_on": "#E69F00",
    "granted": "#009E73",
    "gone_under": "#D55E00",
}
"""Colours of outcomes, to tell ribbons apart; every node is named beside it."""


def flows_between(flows: pd.DataFrame, key: str) -> pd.DataFrame:
    """The flows of one scenario between different outcomes, none of them empty."""
    own = flows[(flows["scenario"] == key) & (flows["baseline_outcome"] != flows["outcome"])]
    return own[own["per_1000"] > 0]


def ending_alike(flows: pd.DataFrame, key: str) -> float:
    """Of 1,000 who exist in both, how many end alike."""
    own = flows[(flows["scenario"] == key) & (flows["baseline_outcome"] == flows["outcome"])]
    return float(own["per_1000"].sum())


def draw_flows(folder: Path, tables: StudyTables) -> list[style.Figure]:
    """The alluvial figures: a panel for every scenario but the baseline, a few to a figure."""
    if tables.flows.empty:
        return []
    keys = [s["key"] for s in tables.scenarios[1:] if s["key"] in set(tables.flows["scenario"])]
    parts = layout.batches(keys, PANELS)
    out = []
    for k, chosen in enumerate(parts):
        title = say("ribbons.title")
        alt = say("ribbons.alt", title=title, numbers=" ".join(_spoken(tables, key) for key in chosen))
        own = tables.flows[tables.flows["scenario"].isin(chosen)]
        name = layout.part_name("flows", k, len(parts))
        out.append(
            style.save(
                folder,
                name,
                partial(_draw, tables, chosen),
                tables.scenarios,
                layout.ordered(tables, own),
                (title, say("ribbons.caption"), alt),
            )
        )
    return out


def _spoken(tables: StudyTables, key: str) -> str:
    name = next(s["name"] for s in tables.scenarios if s["key"] == key)
    largest = flows_between(tables.flows, key).sort_values("per_1000", ascending=False, kind="stable").head(4)
    told = ", ".join(
        say(
            "ribbons.flow",
            before=_outcome(r["baseline_outcome"]),
            after=_outcome(r["outcome"]),
            number=_number(r["per_1000"]),
        )
        for r in largest.to_dict("records")
    )
    return say(
        "ribbons.spoken",
        name=name,
        alike=numeral(ending_alike(tables.flows, key), ",.1f"),
        numbers=told or say("ribbons.none"),
    )


def _number(per_1000: float) -> str:
    """A flow in 1,000 with one decimal; what would be printed as nothing is said to be less than a tenth."""
    return numeral(per_1000, ",.1f") if per_1000 >= 0.05 else say("ribbons.tiny")


def _outcome(outcome: str) -> str:
    return catalogue.OUTCOMES.get(outcome, outcome.replace("_", " "))


def _draw(tables: StudyTables, keys: list[str], names: list[str]) -> Canvas:
    note = layout.window_text(tables) + " " + say("ribbons.unit")
    across = 1 if len(keys) == 1 else 2
    foot = 0.12 + layout.NOTE_LINE * layout.note_lines(note)
    canvas, panels = layout.grid_of(len(keys), across, 2.5, 0.1, foot, (0.25, 0.75), 0.62)
    index = {s["key"]: i for i, s in enumerate(tables.scenarios)}
    for axes, key in zip(panels, keys, strict=True):
        _panel(axes, flows_between(tables.flows, key), 1.0 if across == 2 else 0.55)
        same = ending_alike(tables.flows, key)
        head = style.lines(names[index[key]], layout.letters(axes), 1)
        axes.set_title(
            f"{head}\n"
            + say("ribbons.head", alike=numeral(same, ",.1f"), others=numeral(max(0.0, 1000 - same), ",.1f")),
            linespacing=1.4,
            fontsize=7.5,
            pad=15,
        )
        axes.text(
            _LEFT * (1.0 if across == 2 else 0.55),
            -0.02,
            say("ribbons.before"),
            ha="right",
            va="bottom",
            fontsize=6.5,
            style="italic",
            color="#333333",
        )
        axes.text(
            1 - _LEFT * (1.0 if across == 2 else 0.55),
            -0.02,
            say("ribbons.after"),
            ha="left",
            va="bottom",
            fontsize=6.5,
            style="italic",
            color="#333333",
        )
    layout.legend(canvas, [], 1, note)
    return canvas


_LEFT = 0.38  # share of the width that labels take on each side where two panels stand side by side


def _panel(axes: Axes, flows: pd.DataFrame, share: float) -> None:
    """Ribbons from the outcome in the baseline (left) to that in the scenario (right), to scale among
    themselves.
    """
    axes.set_xlim(0, 1)
    axes.set_ylim(1, 0)
    axes.axis("off")
    if flows.empty:
        axes.text(0.5, 0.5, say("ribbons.none"), ha="center", va="center", style="italic")
        return
    left, right = _LEFT * share, 1 - _LEFT * share
    order = [o for o in catalogue.OUTCOMES if o in set(flows["baseline_outcome"]) | set(flows["outcome"])]
    order += sorted((set(flows["baseline_outcome"]) | set(flows["outcome"])) - set(order))
    ends = []
    for column, x, side in (("baseline_outcome", left, "right"), ("outcome", right, "left")):
        sums = flows.groupby(column)["per_1000"].sum()
        nodes = [o for o in order if o in sums.index]
        scale = (1 - GAP * (max(len(nodes), 2) - 1)) / flows["per_1000"].sum()
        ends.append((_nodes(axes, nodes, sums, scale, x, side), scale))
    (tops_left, scale_left), (tops_right, scale_right) = ends
    at = {(r["baseline_outcome"], r["outcome"]): r["per_1000"] for r in flows.to_dict("records")}
    for before in order:
        for after in order:
            if (before, after) not in at:
                continue
            size = at[before, after]
            y0, y1 = tops_left[before], tops_right[after]
            h0, h1 = size * scale_left, size * scale_right
            _ribbon(
                axes,
                left + NODE * share,
                right - NODE * share,
                y0,
                y1,
                h0,
                h1,
                OUTCOME_COLOURS.get(before, "#7F7F7F"),
            )
            tops_left[before] += h0
            tops_right[after] += h1


def _nodes(
    axes: Axes, nodes: list[str], sums: pd.Series, scale: float, x: float, side: str
) -> dict[str, float]:
    """Bars of the outcomes of one side with their names; returns where each begins."""
    tops, middles, y = {}, [], 0.0
    width = NODE if side == "right" else -NODE
    for outcome in nodes:
        height = sums[outcome] * scale
        axes.add_patch(
            Rectangle(
                (x, y),
                width,
                height,
                facecolor=OUTCOME_COLOURS.get(outcome, "#7F7F7F"),
                edgecolor=style.INK,
                lw=0.4,
                zorder=4,
                clip_on=False,
            )
        )
        tops[outcome] = y
        middles.append(y + height / 2)
        y += height + GAP
    places = layout.apart(middles, LETTER, LETTER / 2, 1 - LETTER / 2)
    out = -0.02 if side == "right" else 0.02
    for outcome, middle, place in zip(nodes, middles, places, strict=True):
        axes.plot([x, x + out], [middle, place], color=style.BASELINE, lw=0.4, zorder=3)
        axes.text(
            x + 1.4 * out,
            place,
            f"{_outcome(outcome)} {_number(sums[outcome])}",
            ha=side,
            va="center",
            fontsize=6.5,
        )
    return tops


def _ribbon(
    axes: Axes, x0: float, x1: float, y0: float, y1: float, h0: float, h1: float, colour: str
) -> None:
    middle = (x0 + x1) / 2
    points = [
        (x0, y0),
        (middle, y0),
        (middle, y1),
        (x1, y1),
        (x1, y1 + h1),
        (middle, y1 + h1),
        (middle, y0 + h0),
        (x0, y0 + h0),
        (x0, y0),
    ]
    codes = [
        Outline.MOVETO,
        Outline.CURVE4,
        Outline.CURVE4,
        Outline.CURVE4,
        Outline.LINETO,
        Outline.CURVE4,
        Outline.CURVE4,
        Outline.CURVE4,
        Outline.CLOSEPOLY,
    ]
    axes.add_patch(
        PathPatch(Outline(points, codes), facecolor=colour, alpha=0.55, edgecolor=colour, lw=0.3, zorder=2)
    )
