"""The page of the report: one HTML file that opens offline, prints, and says of every number how sure it is.

Uptake never stands alone: beside it go returns, removals, and people who went out of sight or moved on. Scenarios that move a lever of
coercion are shown with their consequences, without any sum of money that could be read as a saving.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
from markupsafe import Markup

from avrr_sim.report import figures, style, words
from avrr_sim.study.tables import StudyTables

HEADLINES = (
    ("uptake_24", "people or households who arrive", "apply"),
    ("drop_out_12", "people or households who apply", "drop out"),
)
"""Measures told in natural frequencies: of 1,000 whom, how many do what."""
BESIDE = (
    "pressure_dependent", "misinformed", "assisted_departures", "unassisted_returns", "removals", "gone_under", "missing", "moved_on",
    "transferred", "protection_needs", "wrongly_rejected_returns", "knowledge_centre", "knowledge_private", "trust_centre", "trust_private",
)  # fmt: skip
"""What is told beside uptake, in this order, as far as the study has it."""
CONTRASTS = ("additional_returns", "deadweight", "pulled_forward", "cost_per_additional")
"""Measures that are comparisons in themselves and have no level of their own."""
OWED = {"pressure_dependent": "the share of applicants who apply only under pressure", "misinformed": "the share who apply misinformed"}
GROUPS = {"origin": "Origin", "abode": "Where they live", "status": "Legal status", "tier": "Tier of support", "household": "Household"}
BY_GROUP = ("uptake_24", "drop_out_12", "assisted_departures", "unassisted_returns", "removals", "gone_under", "missing", "moved_on")
COERCION_NOTE = (
    "A lever of coercion: studied for its consequences only. It is never ranked, recommended or costed as a saving, "
    "and the scenario's sums of money are not compared with the baseline's."
)

_DASH = "\u2013"
_ABSENT = {"value": np.nan, "low": np.nan, "high": np.nan, "mc_error": np.nan, "suppressed": False}


def write_report(folder: Path, tables: StudyTables) -> Path:
    """Writes `report.html` and `figures/` (SVG, PNG, and a CSV of every figure's numbers) into `folder`; returns the page's path.

    The same tables give the same bytes. Raises OSError where the folder cannot be written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    drawn = figures.draw_all(folder / "figures", tables)
    loader = jinja2.FileSystemLoader(Path(__file__).with_name("templates"))
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    page = folder / "report.html"
    page.write_text(environment.get_template("report.html").render(context(tables, drawn)), encoding="utf-8", newline="\n")
    return page


def context(tables: StudyTables, drawn: Sequence[style.Figure]) -> dict[str, Any]:
    """Everything the template prints, worded and rounded; the template holds no arithmetic."""
    index = _Index(tables)
    return {
        "title": tables.title,
        "baseline": tables.scenarios[0],
        "one": len(tables.scenarios) == 1,
        "one_draw": words.one_draw(tables),
        "interval": words.interval_name(tables),
        "provenance": tables.provenance,
        "cards": [_card(tables, index, i) for i in range(0 if len(tables.scenarios) == 1 else 1, len(tables.scenarios))],
        "windows": _windows(tables, index),
        "figures": [{"figure": f, "number": n, "svg": Markup(f.svg)} for n, f in enumerate(drawn, 1)],
        "measures": _measures(tables, index),
        "contrasts": _contrasts(tables, index),
        "groups": _groups(tables, index),
        "endings": _endings(tables),
        "changes": [_changes(s) for s in tables.scenarios],
        "limits": [*tables.limits, *_owed(tables)],
        "facts": _facts(tables),
    }


class _Index:
    """Rows of the levels and differences by (scenario, measure) for everybody, and by group."""

    def __init__(self, tables: StudyTables) -> None:
        self.levels = self._by_key(tables.levels)
        self.differences = self._by_key(tables.differences)

    @staticmethod
    def _by_key(table) -> dict[tuple, dict]:
        rows = {}
        for row in table.to_dict("records"):
            everybody = row["group_by"] == "all"
            rows[(row["scenario"], row["measure"], *(() if everybody else (row["group_by"], str(row["group"]))))] = row
        return rows

    def groups(self) -> list[tuple[str, str]]:
        found = dict.fromkeys(k[2:] for k in self.levels if len(k) == 4)
        order = list(GROUPS)
        return sorted(found, key=lambda g: order.index(g[0]) if g[0] in order else len(order))


def _card(tables: StudyTables, index: _Index, i: int) -> dict[str, Any]:
    """What a scenario does, in two sentences and the list that always stands beside them."""
    scenario = tables.scenarios[i]
    rows = index.differences if i else index.levels
    tell = words.difference_sentence if i else words.level_sentence
    sentences = []
    for measure, people, do in HEADLINES:
        row = rows.get((scenario["key"], measure))
        text = "Not in this study." if row is None else tell(tables, row, people, do) + (_baseline_span(index, tables, measure) if i else "")
        sentences.append((words.meta(tables, measure)["label"], text))
    listed = []
    for measure in BESIDE:
        row = rows.get((scenario["key"], measure))
        if row is not None:
            listed.append((words.meta(tables, measure)["label"], words.beside(tables, row) if i else _level(tables, row), bool(i and words.settled(row))))
    listed = [(label, text) for label, text, _ in sorted(listed, key=lambda line: not line[2])]  # what is settled comes first
    return {
        "scenario": scenario,
        "sentences": sentences,
        "beside": listed,
        "colour": style.colour(i),
        "coercion": COERCION_NOTE if words.coercive(scenario) else "",
    }


def _baseline_span(index: _Index, tables: StudyTables, measure: str) -> str:
    """How open the baseline's own level is, so that a difference is not read against a level taken for known."""
    row = index.levels.get((tables.scenarios[0]["key"], measure))
    if row is None or row["suppressed"] or not words.known(row["low"]):
        return ""
    return f" The level without the change is itself open: {1000 * row['low']:,.0f} to {1000 * row['high']:,.0f} in 1,000."


def _level(tables: StudyTables, row: Mapping[str, Any]) -> str:
    info = words.meta(tables, row["measure"])
    if row["suppressed"]:
        return words.TOO_FEW
    value, interval = words.shown(row["value"], row["low"], row["high"], info["per"])
    return f"{value} {words.unit(info)}".rstrip() + (f" ({interval})" if interval else "")


def _windows(tables: StudyTables, index: _Index) -> list[tuple[str, list[str]]]:
    """Window and horizon of the measures told in short, those that share one together."""
    named = [m for m, *_ in HEADLINES] + list(BESIDE)
    present = {k[1] for k in index.levels} | {k[1] for k in index.differences}
    infos = [words.meta(tables, m) for m in named if m in present]
    windows: dict[str, list[str]] = {}
    for info in infos:
        windows.setdefault(info["window"].rstrip("."), []).append(info["label"])
    return [(window, labels) for window, labels in windows.items() if window]


def _measures(tables: StudyTables, index: _Index) -> list[dict[str, Any]]:
    """The table of levels and differences, a block for every measure."""
    present = dict.fromkeys([*tables.measures, *(k[1] for k in index.levels if len(k) == 2)])
    blocks = []
    for measure in present:
        if measure in CONTRASTS or not any((s["key"], measure) in index.levels for s in tables.scenarios):
            continue
        info = words.meta(tables, measure)
        rows = [_line(tables, index, info, measure, i) for i in range(len(tables.scenarios))]
        blocks.append({"info": info, "unit": words.unit(info), "unit_difference": words.unit(info, True), "rows": rows})
    return blocks


def _line(tables: StudyTables, index: _Index, info: Mapping[str, str], measure: str, i: int) -> dict[str, Any]:
    """One scenario's level of a measure and its difference from the baseline."""
    scenario = tables.scenarios[i]
    level = index.levels.get((scenario["key"], measure), _ABSENT)
    row = index.differences.get((scenario["key"], measure)) if i else None
    line = {"name": scenario["name"], "level": _cell(level, "value", info["per"]), "difference": None, "sign": _DASH, "baseline": i == 0}
    if row is None:
        return line
    if info["per"] == "NOK" and words.coercive(scenario):
        return {**line, "difference": {"value": words.NOT_COSTED, "interval": "", "error": _DASH}}
    line["difference"] = _cell(row, "difference", info["per"], signed=True)
    if row["suppressed"] or words.one_draw(tables):
        return line
    if words.exactly_zero(row):
        return {**line, "sign": words.BY_CONSTRUCTION}
    if words.known(row["sign_share"]):
        line["sign"] = f"{100 * row['sign_share']:.0f} %" + (", not settled" if words.settled(row) is False else "")
    return line


def _cell(row: Mapping[str, Any], column: str, per: str, signed: bool = False) -> dict[str, str]:
    """Value, interval and Monte Carlo error of one cell as text."""
    if row["suppressed"]:
        return {"value": words.TOO_FEW, "interval": "", "error": _DASH}
    value, interval = words.shown(row[column], row["low"], row["high"], per, signed)
    return {"value": value, "interval": interval, "error": words.error(row["mc_error"], per)}


def _contrasts(tables: StudyTables, index: _Index) -> dict[str, Any] | None:
    """Additional returns, deadweight, pull-forward and cost by scenario; money stays out where coercion changes."""
    found = [m for m in CONTRASTS if any(m == k[1] for k in [*index.differences, *index.levels])]
    if not found or len(tables.scenarios) == 1:
        return None
    rows = []
    for scenario in tables.scenarios[1:]:
        cells = []
        for measure in found:
            info = words.meta(tables, measure)
            if info["per"] == "NOK" and words.coercive(scenario):
                cells.append({"value": words.NOT_COSTED, "interval": "", "error": _DASH})
                continue
            row = index.differences.get((scenario["key"], measure))
            if row is None:
                cells.append(_cell(index.levels.get((scenario["key"], measure), _ABSENT), "value", info["per"]))
            else:
                cells.append(_cell(row, "difference" if words.known(row["difference"]) else "value", info["per"]))
        rows.append({"name": scenario["name"], "cells": cells})
    return {"heads": [(words.meta(tables, m), words.unit(words.meta(tables, m))) for m in found], "rows": rows}


def _groups(tables: StudyTables, index: _Index) -> list[dict[str, Any]]:
    """By group: the baseline's levels, then every scenario's differences."""
    groups = index.groups()
    out = []
    for i, scenario in enumerate(tables.scenarios if groups else ()):
        source, column = (index.differences, "difference") if i else (index.levels, "value")
        heads = [m for m in BY_GROUP if any((scenario["key"], m, *g) in source for g in groups)]
        if not heads:
            continue
        infos = [words.meta(tables, m) for m in heads]
        rows = []
        for group in groups:
            found = [source.get((scenario["key"], m, *group)) for m in heads]
            cells = [_cell(r or _ABSENT, column, info["per"], bool(i)) if r else None for r, info in zip(found, infos, strict=True)]
            rows.append({"by": GROUPS.get(group[0], group[0]), "group": group[1].replace("_", " "), "cells": cells})
        for k, row in enumerate(rows):
            row["first"] = k == 0 or rows[k - 1]["by"] != row["by"]
        out.append({"name": scenario["name"], "baseline": i == 0, "heads": [(n, words.unit(n, bool(i))) for n in infos], "rows": rows})
    return out


def _endings(tables: StudyTables) -> list[dict[str, Any]]:
    """Where first applications end, by stage and closing, with intervals; rows nobody falls in are left out."""
    out = []
    for scenario in tables.scenarios if len(tables.endings) else ():
        own = tables.endings[(tables.endings["scenario"] == scenario["key"]) & (tables.endings["share"] > 0)]
        rows = []
        for row in own.to_dict("records"):
            value, interval = words.shown(row["share"], row["low"], row["high"], "share")
            rows.append((figures.CLOSINGS.get(row["closing"], row["closing"]), row["stage"], value, interval or _DASH))
        if rows:
            out.append({"name": scenario["name"], "rows": rows})
    return out


def _changes(scenario: Mapping[str, Any]) -> dict[str, Any]:
    return {"scenario": scenario, "changes": scenario["changes"], "note": COERCION_NOTE if words.coercive(scenario) else ""}


def _owed(tables: StudyTables) -> list[str]:
    """Names what should stand beside uptake and is missing from this study."""
    missing = [text for measure, text in OWED.items() if measure not in tables.measures]
    return [f"Not computed in this study, though it should stand beside uptake: {' and '.join(missing)}."] if missing else []


def _facts(tables: StudyTables) -> list[tuple[str, str]]:
    """Provenance as pairs of term and text."""
    told = {
        "version": "Version", "commit": "Commit", "created_by": "Made by", "seed": "Master seed", "draws": "Draws of the weights",
        "replicates": "Replicates a draw", "size": "Simulated units", "units_represented": "Units they stand for", "months": "Months",
        "evidence_hash": "Hash of the evidence",
    }  # fmt: skip
    facts = [(label, _plain(tables.provenance[key])) for key, label in told.items() if tables.provenance.get(key) is not None]
    hashes = tables.provenance.get("scenario_hashes") or {}
    pairs: Iterable = hashes.items() if isinstance(hashes, Mapping) else zip((s["key"] for s in tables.scenarios), hashes, strict=False)
    facts += [(f"Hash of scenario {key}", str(value)) for key, value in pairs]
    libraries = tables.provenance.get("libraries") or {}
    if libraries:
        facts.append(("Libraries", ", ".join(f"{name} {version}" for name, version in sorted(libraries.items()))))
    return facts


def _plain(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and value >= 100_000 else str(value)
