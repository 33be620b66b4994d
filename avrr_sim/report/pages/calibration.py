"""The page and pictures of a calibration: what was learned, how the figures pull, and whether the method is
sound.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from avrr_sim.measures import MEASURES
from avrr_sim.report.figures import style
from avrr_sim.report.figures.calibration import (
    _RIVAL_MEASURES,
    _draw_rivals,
    contraction,
    coverage,
    ranks,
    recovery,
    tension,
)
from avrr_sim.report.html.elements import Block, Cell, Column, Fold, Note, Picture, Section, Table, Text
from avrr_sim.report.html.page import limits, provenance, write_page
from avrr_sim.report.pages import drivers_and_fit
from avrr_sim.report.words import catalogue
from avrr_sim.report.words.sentences import say, shown, significant
from avrr_sim.study.calibration.calibrate import Calibration
from avrr_sim.study.calibration.method_checks import verdict_of
from avrr_sim.study.summary.coercion import notes_on_effects
from avrr_sim.study.summary.tables import FRAMES


def write_calibration(done: Calibration, out: Path, rivals: pd.DataFrame | None = None) -> Path:
    """Draw the figures of a calibration and write its page into `out`, its folder; gives the page's path. The
    same tables give the same bytes.

    `rivals`: the table of `study/calibration/rivals.py`, if they were fitted.
    """
    folder = out / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    tables, recipe = done.tables, done.recipe
    drivers, fit = drivers_and_fit.sections(
        folder, tables["drivers"], tables["targets"], pd.DataFrame(columns=list(FRAMES["patterns"]))
    )
    fit.parts[:] = [
        part for part in fit.parts if not (isinstance(part, Text) and part.text == say("patterns.empty"))
    ]
    fit.parts[:] += [
        Picture(tension(folder, tables["tension"])),
        _tension_table(tables["tension"]),
        *_pattern_parts(tables["patterns"]),
    ]
    informed = int(tables["drivers"]["informed"].sum())
    lead = [
        Text(
            say(
                "calibration.lead",
                points=recipe["points_done"],
                kept=recipe["kept"],
                effective=recipe["effective"],
                informed=informed,
                share=100 * recipe["kept_share"],
                all=len(tables["drivers"]),
                chance=len(tables["drivers"]) / 20,
                alone=int(tables["drivers"]["informed_figures"].sum()),
            )
        )
    ]
    more = [Picture(contraction(folder, tables["drivers"])), _kept_table(tables["kept"])]
    drivers = Section(drivers.key, drivers.title, [*more, *drivers.parts], drivers.short)
    sections = [
        fit,
        drivers,
        Section(
            "effects",
            say("calibration.effects"),
            [_effects_table(tables["effects"]), *_notes(done, tables["effects"])]
            if len(tables["effects"])
            else [],
            say("calibration.effects_short"),
        ),
        Section(
            "rivals",
            say("calibration.rivals"),
            [*_rival_parts(folder, rivals), *_notes(done, rivals)] if rivals is not None else [],
            say("calibration.rivals_short"),
        ),
        Section(
            "checks", say("calibration.checks"), _check_parts(folder, done), say("calibration.checks_short")
        ),
        limits([say(f"calibration.limit_{i}") for i in range(1, 6)]),
        provenance(recipe["command"], _facts(recipe)),
    ]
    return write_page(out, say("calibration.title", name=done.targets.name), sections, lead=lead)


def _check_parts(folder: Path, done: Calibration) -> list:
    checked, tables = done.checked, done.tables
    informed = list(tables["drivers"]["weight"][tables["drivers"]["informed"]])
    rows = [
        [
            Cell(row["check"]),
            Cell(row["of"]),
            Cell(
                significant(row["value"]),
                f"({say('to', low=significant(row['low']), high=significant(row['high']))})"
                if not np.isnan(row["low"])
                else "",
                row["value"],
            ),
            Cell(catalogue.CHECKED[verdict_of(row)]),
        ]
        for row in tables["verdicts"].to_dict("records")
    ]
    heads = (("check", False), ("of", False), ("value", True), ("verdict", False))
    outstanding = tables["drivers"]["weight"][tables["drivers"]["informed"] & tables["drivers"]["stands_out"]]
    parts = [
        Text(say("calibration.checks_text", n=len(checked.ranks))),
        Text(
            say(
                "calibration.stands_out",
                n=len(outstanding),
                all=len(informed),
                names=", ".join(name.replace("_", " ") for name in outstanding) or "-",
            )
        ),
        Table(
            say("calibration.verdicts"),
            [Column(say(f"calibration.{key}"), numeric=n) for key, n in heads],
            [Block(rows)],
        ),
        Picture(ranks(folder, checked, informed)),
        Picture(coverage(folder, tables["checks"], len(checked.ranks))),
    ]
    parts += [Picture(recovery(folder, checked))] if checked.effects else []
    lines = [
        [
            Cell(row["quantity"].replace("_", " ")),
            Cell(row["kind"]),
            Cell(
                f"{100 * row['coverage']:.0f} %",
                f"({100 * row['low']:.0f} to {100 * row['high']:.0f})",
                row["coverage"],
            ),
            Cell(significant(row["p_corrected"]), value=row["p_corrected"]),
            Cell(f"{100 * row['contraction']:.0f} %", value=row["contraction"]),
        ]
        for row in tables["checks"].to_dict("records")
    ]
    heads = (("quantity", False), ("kind", False), ("coverage_head", True), ("p", True), ("narrower", True))
    return [
        *parts,
        Fold(
            say("calibration.each"),
            [
                Table(
                    say("calibration.each"),
                    [Column(say(f"calibration.{key}"), numeric=n) for key, n in heads],
                    [Block(lines)],
                    compact=True,
                )
            ],
        ),
    ]


def _tension_table(table: pd.DataFrame) -> Table:
    rows = [
        [
            Cell(f"{row['id']}: {row['figure']}"),
            Cell(significant(row["published"]), value=row["published"]),
            Cell(
                significant(row["median"]),
                f"({say('to', low=significant(row['low']), high=significant(row['high']))})",
                row["median"],
            ),
            Cell(f"{row['pull']:+.1f}", value=row["pull"]),
        ]
        for row in table.to_dict("records")
    ]
    heads = (("figure", False), ("published", True), ("others", True), ("pull", True))
    return Table(
        say("calibration.tension"),
        [Column(say(f"calibration.{key}"), numeric=n) for key, n in heads],
        [Block(rows)],
    )


def _kept_table(table: pd.DataFrame) -> Table:
    rows = [
        [
            Cell(f"{100 * row['share']:.0f} %", value=row["share"]),
            Cell(f"{row['runs']:,}", value=row["runs"]),
            Cell(f"{row['effective']:.0f}", value=row["effective"]),
            Cell(f"{row['informed']}", row["names"].replace("_", " "), row["informed"]),
        ]
        for row in table.to_dict("records")
    ]
    heads = (("kept_share", True), ("kept_runs", True), ("worth", True), ("kept_informed", True))
    return Table(
        say("calibration.kept"),
        [Column(say(f"calibration.{key}"), numeric=n) for key, n in heads],
        [Block(rows)],
        compact=True,
    )


def _pattern_parts(table: pd.DataFrame) -> list:
    if table.empty:
        return []
    rows = [
        [
            Cell(row["id"]),
            Cell(
                f"{100 * row['prior_share']:.0f} %",
                say("calibration.of_points", n=row["points"]),
                row["prior_share"],
            ),
            Cell(
                f"{100 * row['posterior_share']:.0f} %",
                say("calibration.worth_points", n=row["kept"], worth=row["effective"]),
                row["posterior_share"],
            ),
        ]
        for row in table.to_dict("records")
    ]
    heads = (("pattern", False), ("prior_share", True), ("posterior_share", True))
    return [
        Table(
            say("calibration.patterns"),
            [Column(say(f"calibration.{key}"), numeric=n) for key, n in heads],
            [Block(rows)],
        )
    ]


def _effects_table(table: pd.DataFrame) -> Table:
    rows = []
    for row in table.to_dict("records"):
        info = MEASURES[row["measure"]]
        cells = [Cell(row["scenario"].replace("-", " ")), Cell(info.label, info.unit)]
        for when in ("prior", "posterior"):
            value, span = shown(
                row[f"{when}_median"], row[f"{when}_low"], row[f"{when}_high"], info.per, True
            )
            turns = say(
                "calibration.turns", up=100 * row[f"{when}_positive"], down=100 * row[f"{when}_negative"]
            )
            cells += [Cell(value, span, row[f"{when}_median"]), Cell(turns, value=row[f"{when}_positive"])]
        rows.append(cells)
    heads = (
        ("scenario", False),
        ("measure", False),
        ("prior", True),
        ("rises", True),
        ("posterior", True),
        ("rises", True),
    )
    return Table(
        say("calibration.effects"),
        [Column(say(f"calibration.{key}"), numeric=n) for key, n in heads],
        [Block(rows)],
    )


def _notes(done: Calibration, table: pd.DataFrame) -> list[Note]:
    """What must stand beside effects of scenarios: which are coercion, and that shares of pressure are not
    worked out here.
    """
    return [
        Note(text)
        for text in notes_on_effects(done.targets.scenario, done.targets.effects, set(table["scenario"]))
    ]


def _rival_parts(folder: Path, table: pd.DataFrame) -> list:
    title = say("calibration.rivals")
    chosen = table[table["measure"].isin(_RIVAL_MEASURES)]
    figure = style.save(
        folder,
        "rivals",
        lambda names: _draw_rivals(chosen),
        [],
        chosen,
        (title, say("calibration.rivals_caption"), say("calibration.rivals_alt", title=title)),
    )
    rows = []
    for row in table.to_dict("records"):
        info = MEASURES[row["measure"]]
        value, span = shown(row["median"], row["low"], row["high"], info.per, True)
        stay, around = shown(row["staying_median"], row["staying_low"], row["staying_high"], "share")
        rows.append(
            [
                Cell(row["rival"]),
                Cell(row["scenario"].replace("-", " ")),
                Cell(info.label, info.unit),
                Cell(value, span, row["median"]),
                Cell(f"{100 * row['positive']:.0f} %", value=row["positive"]),
                Cell(stay, around, row["staying_median"]),
                Cell(f"{100 * row['ranges']:.0f} %", value=row["ranges"]),
                Cell(f"{row['effective']:.0f}", value=row["effective"]),
            ]
        )
    heads = (
        ("rival", False),
        ("scenario", False),
        ("measure", False),
        ("posterior", True),
        ("rises", True),
        ("staying", True),
        ("ranges", True),
        ("worth", True),
    )
    return [
        Text(say("calibration.rivals_text")),
        Picture(figure),
        Table(
            title,
            [Column(say(f"calibration.{key}"), numeric=n) for key, n in heads],
            [Block(rows)],
            compact=True,
        ),
    ]


def _facts(recipe: dict) -> list[tuple[str, str]]:
    told = (
        "version",
        "commit",
        "digest",
        "bank_hash",
        "points_done",
        "kept_share",
        "kept",
        "effective",
        "size",
        "seed",
    )
    return [(key.replace("_", " "), str(recipe[key])) for key in told]
