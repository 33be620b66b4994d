"""The page of a validation, and its picture: the probability of every pattern with its interval, and where verdicts are cut.

    python -m avrr_sim.report.validation FOLDER        prints the tables of docs/validation.md
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from avrr_sim.report import english, frame, style
from avrr_sim.report.parts import DASH, Block, Cell, Column, Picture, Section, Table, Text
from avrr_sim.report.words import say, significant
from avrr_sim.study.patterns.pattern import CALIBRATED, EMERGING, IMPOSED, NO_LABEL
from avrr_sim.study.statistics import INTERVAL
from avrr_sim.study.verdicts import HIT, MISS, VERDICTS

_LOOK = {IMPOSED: ("s", style.SCENARIOS[0]), CALIBRATED: ("D", style.SCENARIOS[2]), EMERGING: ("o", style.SCENARIOS[1]), NO_LABEL: ("x", style.BASELINE)}
"""Marker and colour of a label; the marker alone is enough to tell them apart."""
_ROW, _AROUND = 0.29, 1.25  # inches a pattern; inches for axis and legend
_LETTERS = 56  # of a statement on a line, two lines at most
_COLUMNS = ["id", "statement", "label", "verdict", "probability", "low", "high", "draws", "clear", "median", "unit"]


def patterns(folder: Path, table: pd.DataFrame) -> style.Figure:
    """The figure "patterns" of a table of patterns (see `validate_folder.pattern_table`): SVG, PNG and CSV into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    title = say("validation.title")
    caption = say("validation.caption", interval=f"{100 * INTERVAL:.0f} %", hit=f"{100 * HIT:.0f} %", miss=f"{100 * MISS:.0f} %")
    alt = say("validation.alt", title=title, **_counts(table))
    return style.save(folder, "patterns", lambda names: _draw(table), [], table[_COLUMNS], (title, caption, alt))


def _counts(table: pd.DataFrame) -> dict[str, int]:
    """How many are hit, missed and open."""
    return {name: int((table["verdict"] == verdict).sum()) for name, verdict in zip(("hit", "missed", "open"), VERDICTS, strict=True)}


def _draw(table: pd.DataFrame) -> Canvas:
    n = len(table)
    height = _ROW * n + _AROUND
    canvas = Canvas(figsize=(style.WIDTH, height))
    axes = canvas.add_axes((0.53, 0.85 / height, 0.45, 1 - _AROUND / height))
    for cut in (MISS, HIT):
        axes.axvline(100 * cut, color=style.BASELINE, lw=0.8, ls=(0, (4, 2)), zorder=1)
    for y, row in enumerate(table.to_dict("records")):
        mark, shade = _LOOK[row["label"]]
        if np.isnan(row["probability"]):
            axes.text(50, y, say("validation.nothing"), ha="center", va="center", fontsize=7, style="italic", backgroundcolor=style.PAPER)
            continue
        axes.plot([100 * row["low"], 100 * row["high"]], [y, y], color=shade, lw=2.2, solid_capstyle="butt", zorder=2)
        axes.plot([100 * row["probability"]], [y], marker=mark, ms=5.5, mfc=shade, mec=style.INK, mew=0.6, ls="", zorder=3)
    axes.set_yticks(range(n), [style.lines(f"{i}  {text}", _LETTERS, 2) for i, text in zip(table["id"], table["statement"], strict=True)], fontsize=6.5)
    axes.set_ylim(n - 0.4, -0.6)
    axes.set_xlim(-2, 102)
    axes.set_xticks([0, 25, 50, 75, 100])
    axes.set_xlabel(say("validation.axis"))
    axes.grid(axis="y", color=style.FAINT, lw=0.5, zorder=0)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)
    for x, text in ((100 * MISS / 2, "missed"), (50, "not decidable"), (50 + 100 * HIT / 2, "hit")):
        axes.text(x, -0.8, english.VERDICTS[text], ha="center", va="bottom", fontsize=7)
    used = [label for label in _LOOK if label != NO_LABEL and (table["label"] == label).any()]
    keys = [Line2D([], [], color=_LOOK[label][1], lw=2.2, marker=_LOOK[label][0], ms=5.5, mec=style.INK, mew=0.6, label=english.LABELS[label]) for label in used]
    keys.append(Line2D([], [], color=style.BASELINE, lw=0.8, ls=(0, (4, 2)), label=say("validation.cuts")))
    canvas.legend(handles=keys, loc="lower center", ncols=len(keys), bbox_to_anchor=(0.5, 0.0))
    return canvas


def write_validation(folder: Path, out: Path | None = None) -> Path:
    """Write `report.html` and the pictures of a validation's folder from its tables, into it or into `out`; returns the page's path.

    The same tables give the same bytes. Raises OSError where the folder cannot be written.
    """
    told, targets = pd.read_parquet(folder / "patterns.parquet"), pd.read_parquet(folder / "targets.parquet")
    facts = json.loads((folder / "validation.json").read_text(encoding="utf-8"))
    provenance = facts["provenance"]
    picture = patterns((out or folder) / "figures", told)
    text = say("patterns.text", **_counts(told))
    emerging = told[told["label"] == EMERGING]
    own = say("validation.emerging", hit=int((emerging["verdict"] == "hit").sum()), all=len(emerging))
    sections = [
        Section("patterns", say("validation.patterns"), [Text(text), Text(own), Picture(picture), pattern_table(told), Text(say("patterns.labels"), small=True),
                                                         Text(say("validation.holds"), small=True)], say("validation.patterns_short")),
        Section("targets", say("validation.targets"), [Text(say("validation.targets_text")), target_table(targets)], say("validation.targets_short")),
        frame.limits(facts["limits"]),
        frame.provenance(provenance["command"], [(say(f"validation.{key}"), str(provenance[key])) for key in ("weights", "draws", "size", "seed", "version", "commit",
                                                                                                             "evidence_hash", "digest")]),
    ]
    lead = [Text(say("validation.lead", draws=provenance["draws"], weights=provenance["weights"]))]
    return frame.write_page(out or folder, facts["title"], sections, lead=lead)


def _percent(row: dict) -> Cell:
    """A probability with its interval."""
    if np.isnan(row["probability"]):
        return Cell(DASH)
    span = say("to", low=f"{100 * row['low']:.0f}", high=f"{100 * row['high']:.0f} %")
    return Cell(f"{100 * row['probability']:.0f} %", f"({span})", float(row["probability"]))


def _share(value: float) -> Cell:
    return Cell(DASH) if np.isnan(value) else Cell(f"{100 * value:.0f} %", value=float(value))


def pattern_table(table: pd.DataFrame) -> Table:
    """Every pattern with label, verdict, probability and reading."""
    rows = [[Cell(f"{row['id']}: {row['statement']}", row["unit"]), Cell(english.LABELS[row["label"]]), Cell(english.VERDICTS[row["verdict"]]), _percent(row),
             _share(row["clear"]), Cell(row["reading"].replace("`", ""))] for row in table.to_dict("records")]
    columns = [Column(say("patterns.statement"), numeric=False), Column(say("patterns.label"), numeric=False), Column(say("patterns.verdict"), numeric=False),
               Column(say("patterns.probability")), Column(say("validation.clear")), Column(say("patterns.reading"), numeric=False)]
    return Table(say("patterns.caption_table"), columns, [Block(rows)], compact=True)


def target_table(table: pd.DataFrame) -> Table:
    """Every check figure with what is predicted, both verdicts and the note."""
    rows = []
    for row in table.to_dict("records"):
        spread = Cell(DASH) if np.isnan(row["predictive_median"]) else Cell(
            significant(row["predictive_median"]), f"({say('to', low=significant(row['predictive_low']), high=significant(row['predictive_high']))})", row["predictive_median"])
        value = Cell(DASH) if np.isnan(row["value"]) else Cell(significant(row["value"]), value=row["value"])
        rows.append([Cell(f"{row['id']}: {row['figure']}", f"{row['measure']}; {row['window']}"), value, spread, Cell(english.VERDICTS[row["verdict"]]),
                     Cell(english.VERDICTS[row["judgement"]]), _percent(row), Cell(row["source"], row["note"])])
    heads = (("targets.figure_head", False), ("targets.value", True), ("targets.predicted", True), ("targets.verdict", False), ("validation.near", False),
             ("validation.near_in", True), ("targets.source", False))
    return Table(say("validation.caption_targets"), [Column(say(key), numeric=numeric) for key, numeric in heads], [Block(rows)], compact=True)


def markdown(folder: Path) -> str:
    """The verdicts of a validation's folder as two Markdown tables, for docs/validation.md."""
    told, targets = pd.read_parquet(folder / "patterns.parquet"), pd.read_parquet(folder / "targets.parquet")
    lines = ["| pattern | statement | verdict | holds in draws (90 % interval) | label | clear | reading |", "|---|---|---|---|---|---|---|"]
    for row in told.to_dict("records"):
        clear = "-" if np.isnan(row["clear"]) else f"{100 * row['clear']:.0f} %"
        lines.append(f"| {row['id']} | {row['statement']} | **{row['verdict']}** | {_told(row)} | {row['label']} | {clear} | {row['reading']} |")
    lines += ["", "| target | figure | published | predicted median (90 %) | figure lies | verdict | near in draws (90 % interval) | note |", "|---|---|---|---|---|---|---|---|"]
    for row in targets.to_dict("records"):
        value, spread = "-", "-"
        if not np.isnan(row["value"]):
            value, spread = f"{row['value']:,.0f}", f"{row['predictive_median']:,.0f} ({row['predictive_low']:,.0f} to {row['predictive_high']:,.0f})"
        lines.append(f"| {row['id']} | {row['figure']} | {value} | {spread} | {row['verdict']} | **{row['judgement']}** | {_told(row)} | {row['note']} |")
    return "\n".join(lines)


def _told(row: dict) -> str:
    return "-" if np.isnan(row["probability"]) else f"{100 * row['probability']:.0f} % ({100 * row['low']:.0f} to {100 * row['high']:.0f})"


if __name__ == "__main__":
    print(markdown(Path(sys.argv[1])))
