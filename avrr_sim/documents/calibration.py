"""The tables of docs/calibration.md, made from the folder of a calibration and the posterior that is shipped.

    python -m avrr_sim.documents.calibration FOLDER docs/calibration.md

`FOLDER` is what `avrr calibrate` left, and after it `avrr report FOLDER --png`; its figures are
copied beside the document, as docs/figures/calibration-*.png.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from avrr_sim.documents import levels
from avrr_sim.documents.markdown import filled, markdown_table
from avrr_sim.measures import MEASURES
from avrr_sim.report.words.sentences import notes_on_effects
from avrr_sim.study.calibration.method_checks import verdict_of
from avrr_sim.study.summary.contract import read_facts

FIGURES = ("paths", "ratios", "contraction", "targets", "tension", "ranks", "coverage", "recovery")


def _short(value: float) -> str:
    """Three digits that count, thousands with a comma, and what is nothing but rounding as 0."""
    return "0" if abs(value) < _NOTHING else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


_NOTHING = 1e-9


def _span(row: Mapping[str, Any], what: str, factor: float = 1.0, unit: str = "") -> str:
    low, middle, high = (factor * row[f"{what}_{end}"] for end in ("low", "median", "high"))
    return f"{_short(middle)}{unit} ({_short(low)} to {_short(high)})"


def _factor(measure: str) -> tuple[float, str]:
    return (100.0, " points") if MEASURES[measure].per == "share" else (1.0, "")


def targets(folder: Path) -> str:
    """Published figures against prior and posterior predictions."""
    rows = []
    table = pd.read_parquet(folder / "targets.parquet").sort_values("verdict", ascending=False, kind="stable")
    for row in table.to_dict("records"):
        published = (
            f"{row['value']:g}"
            if row["value"] == row["value"]
            else f"{row['range_low']:g} to {row['range_high']:g}"
        )
        rows.append(
            [
                row["id"],
                row["figure"],
                row["role"],
                f"{row['window']}",
                published,
                f"{row['standard_error']:g}",
                f"{row['discrepancy']:g}",
                _span(row, "prior"),
                _span(row, "model"),
                _span(row, "predictive"),
                f"**{row['verdict']}**",
            ]
        )
    return markdown_table(
        [
            "target",
            "figure",
            "role",
            "window",
            "published",
            "standard error",
            "discrepancy",
            "model before fitting",
            "model after fitting",
            "predicted figure, errors included",
            "verdict",
        ],
        rows,
    )


def drivers(folder: Path) -> str:
    """The contraction table: every weight that acts on a fitted figure."""
    table = pd.read_parquet(folder / "drivers.parquet")
    rows = [
        [
            row["weight"].replace("_", " "),
            row["grade"],
            row["basis"],
            _span(row, "prior"),
            _span(row, "posterior"),
            f"{100 * row['contraction']:.0f} %",
            "**informed**" if row["informed"] else "not narrowed",
        ]
        for row in table[table["acts"]].to_dict("records")
    ]
    return markdown_table(["weight", "grade", "basis", "prior", "posterior", "narrower by", "verdict"], rows)


def idle(folder: Path) -> str:
    """Weights that act on no fitted figure, in a sentence."""
    table = pd.read_parquet(folder / "drivers.parquet")
    names = sorted(table["weight"][~table["acts"]])
    return f"{len(names)} of {len(table)}: {', '.join(name.replace('_', ' ') for name in names)}."


def _yes(row: Mapping[str, Any], what: str) -> str:
    return "inside" if row[what] else "**outside**"


def _paths(folder: Path, kind: str) -> str:
    table = pd.read_parquet(folder / "paths.parquet")
    rows = [
        [
            row["id"],
            row["role"],
            f"{row['published']:.4g}",
            f"{row['error']:.3g}",
            _span(row, "prior"),
            _span(row, "posterior"),
            _yes(row, "in_model"),
            _yes(row, "inside"),
        ]
        for row in table[table["kind"] == kind].to_dict("records")
    ]
    head = ["figure", "role", "published", "error", "model before fitting", "model after fitting"]
    return markdown_table([*head, "in the model's interval", "with errors"], rows)


def paths(folder: Path) -> str:
    """Series year by year."""
    return _paths(folder, "year")


def ratios(folder: Path) -> str:
    """Ratios between years."""
    return _paths(folder, "ratio")


def whole_paths(folder: Path) -> str:
    """Shares of runs whose whole path is met."""
    rows = [
        [
            row["series"],
            f"{row['years']}",
            *(f"{100 * row[name]:.1f} %" for name in ("prior", "posterior", "expected")),
        ]
        for row in pd.read_parquet(folder / "whole_paths.parquet").to_dict("records")
    ]
    return markdown_table(
        ["series", "years", "before fitting", "after fitting", "if the model were right"], rows
    )


def left_out(folder: Path) -> str:
    """Years predicted without their own figures."""
    rows = [
        [
            f"{row['year']}",
            row["id"],
            f"{row['published']:g}",
            f"{_short(row['median'])} ({_short(row['low'])} to {_short(row['high'])})",
            f"{row['pull']:+.1f}",
            _yes(row, "inside"),
        ]
        for row in pd.read_parquet(folder / "left_out.parquet").to_dict("records")
    ]
    head = ["year left out", "figure", "published", "predicted without that year"]
    return markdown_table([*head, "distance, standard deviations", "verdict"], rows)


def tension(folder: Path) -> str:
    """Each figure against the others."""
    rows = [
        [
            row["id"],
            row["figure"],
            f"{row['published']:g}",
            f"{_short(row['median'])} ({_short(row['low'])} to {_short(row['high'])})",
            f"{row['pull']:+.1f}",
        ]
        for row in pd.read_parquet(folder / "tension.parquet").to_dict("records")
    ]
    return markdown_table(
        ["target", "figure", "published", "predicted by fitted figures", "distance, standard deviations"],
        rows,
    )


def effects(folder: Path) -> str:
    """Scenario effects before and after."""
    rows = []
    for row in pd.read_parquet(folder / "effects.parquet").to_dict("records"):
        factor, unit = _factor(row["measure"])
        rows.append(
            [
                row["scenario"],
                MEASURES[row["measure"]].label,
                _span(row, "prior", factor, unit),
                f"{100 * row['prior_positive']:.0f} % / {100 * row['prior_negative']:.0f} %",
                _span(row, "posterior", factor, unit),
                f"{100 * row['posterior_positive']:.0f} % / {100 * row['posterior_negative']:.0f} %",
            ]
        )
    table = markdown_table(
        [
            "scenario",
            "difference in",
            "before fitting",
            "rises / falls in",
            "after fitting",
            "rises / falls in",
        ],
        rows,
    )
    return "\n\n".join([table, *_notes(folder, "effects")])


def _notes(folder: Path, table: str) -> list[str]:
    """What must stand below a table of effects: which of its scenarios are coercion, and what is not worked
    out.
    """
    shown = set(pd.read_parquet(folder / f"{table}.parquet")["scenario"])
    return notes_on_effects(read_facts(folder)["pressing"], shown)


def verdicts(folder: Path) -> str:
    """Checks of the method."""
    rows = [
        [
            row["check"],
            row["of"],
            f"{row['value']:.3f}"
            + (f" ({row['low']:.3f} to {row['high']:.3f})" if row["low"] == row["low"] else ""),
            verdict_of(row).replace("failed", "**failed**"),
        ]
        for row in pd.read_parquet(folder / "verdicts.parquet").to_dict("records")
    ]
    return markdown_table(["check", "of", "value", "verdict"], rows)


def methods(folder: Path) -> str:
    """Two ways of fitting on the same truths."""
    kinds = ("weight", "figure", "effect")
    rows = [
        [
            row["method"],
            *(f"{100 * row[f'coverage_{kind}']:.1f} %" for kind in kinds),
            *(f"{row[f'p_{kind}']:.3f}" for kind in kinds),
            *(f"{100 * row[f'width_{what}']:.0f} %" for what in ("figures", "informed")),
            f"{row['energy']:.3f}",
        ]
        for row in pd.read_parquet(folder / "methods.parquet").to_dict("records")
    ]
    head = ["method", *(f"coverage, {kind}s" for kind in kinds), *(f"p, {kind}s" for kind in kinds)]
    return markdown_table([*head, "width, figures", "width, informed weights", "energy score"], rows)


def tolerances(folder: Path) -> str:
    """Which weights are informed at which discrepancies."""
    rows = [
        [
            f"{row['tolerance']:g}",
            f"{100 * row['threshold']:.1f} %",
            f"{row['informed']}: {row['names'].replace('_', ' ')}",
        ]
        for row in pd.read_parquet(folder / "tolerances.parquet").to_dict("records")
    ]
    return markdown_table(["discrepancies multiplied by", "threshold", "weights informed"], rows)


def emulator(folder: Path) -> str:
    """How far off the emulator was on the runs of the posterior, which it had not seen."""
    recipe = json.loads((folder / "recipe.json").read_text(encoding="utf-8"))
    spread = {each["id"]: each for each in pd.read_parquet(folder / "targets.parquet").to_dict("records")}
    rows = [
        [
            name,
            f"{recipe['emulator_moved'][name]:+.3f}",
            f"{error:.3f}",
            f"{recipe['world_chance'][name]:.3f}",
            spread[name]["scale"],
        ]
        for name, error in recipe["emulator_error"].items()
    ]
    return markdown_table(
        ["figure", "off on average", "standard deviation of its error", "chance in the world", "scale"], rows
    )


def fit(folder: Path) -> str:
    """The numbers of the fit."""
    recipe = json.loads((folder / "recipe.json").read_text(encoding="utf-8"))
    told = {
        "runs of the model": f"{recipe['runs']:,}",
        "weights that act on a fitted figure": f"{len(recipe['acting'])}",
        "draws of the posterior that were run": f"{recipe['close_points']:,}",
        "worth, after they were weighed": f"{recipe['worth_before_taking']:,.0f}",
        "chance in these runs, taken for so many times as large": f"{recipe['runs_believed_less']}",
        "share of the weight that was cut off": f"{100 * recipe['weight_cut']:.2f} %",
        "rows taken, none twice": f"{recipe['draws']:,}",
        "largest correlation of draws with their forebears": f"{recipe['kinship']:.2f}",
    }
    return markdown_table(["", ""], [[name, value] for name, value in told.items()])


def tables(folder: Path) -> dict[str, Callable[[], str]]:
    """Every table of the document by the name that its markers carry."""
    made: dict[str, Callable[[], str]] = {f.__name__: partial(f, folder) for f in MADE}
    return made | {"levels": lambda: levels.markdown(levels.levels(Path("scenarios")))}


MADE = (
    *(verdicts, methods, paths, ratios, whole_paths, left_out, targets, tension, tolerances, drivers, idle),
    *(effects, emulator, fit),
)
"""Makers of tables, each of the name that its markers carry."""


if __name__ == "__main__":
    source, document = Path(sys.argv[1]), Path(sys.argv[2])
    document.write_text(
        filled(document.read_text(encoding="utf-8"), document, tables=tables(source)), encoding="utf-8"
    )
    (document.parent / "figures").mkdir(exist_ok=True)
    for name in FIGURES:
        shutil.copyfile(
            source / "figures" / f"{name}.png", document.parent / "figures" / f"calibration-{name}.png"
        )
