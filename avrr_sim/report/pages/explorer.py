"""The part of a sweep's page in which one chooses measure, group and slice: the numbers it is made of.

Everything stands in the page. Where a sweep holds more numbers than a page should carry, groups are left out
first, then measures; a sweep of very many points has no such part.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from avrr_sim.report.figures import style
from avrr_sim.report.figures.sweep_layout import (
    BANDS,
    against_only,
    on_grid,
    points_of,
    roles_of,
    value_text,
    values_of,
)
from avrr_sim.report.html.elements import Explorer
from avrr_sim.report.words import catalogue, questions, sentences
from avrr_sim.report.words.sentences import say
from avrr_sim.study.summary.contract import SweepTables

MOST_NUMBERS = 150_000
"""Numbers that the page carries; more make it slow to open."""
MOST_POINTS = 3_000
_DIGITS = 4


def explorer(sweep: SweepTables) -> Explorer | None:
    """The explorer of a sweep; None where it has too many points for one."""
    if not 0 < sweep.points <= MOST_POINTS:
        return None
    table = sweep.table.replace([np.inf, -np.inf], np.nan)
    whole = table[(table["group_by"] == "all") & (table["measure"] == next(iter(sweep.measures)))]
    if points_of(whole).empty:
        return None
    order = list(dict.fromkeys(table["scenario"]))
    values = {column: values_of(sweep, whole, column) for column in sweep.columns}
    keyed = table[table["scenario"] != "baseline"].drop_duplicates("scenario").set_index("scenario")
    keys = [key for key in order if key != "baseline"]
    found, roles = list(_measures(sweep, table, keys)), roles_of(sweep, whole)
    content = {
        "factors": [_factor(sweep, whole, column, values[column]) for column in sweep.columns],
        "points": [[values[c].index(keyed.loc[key, c]) for c in sweep.columns] for key in keys],
        "grid": on_grid(sweep, whole),
        "start": {"along": roles.along, "lines": roles.second or ""},
        "groups": {key: name for each in found for key, name in each.pop("names").items()},
        "measures": found,
        "questions": [_question(sweep, number, keys) for number in range(1, len(sweep.answers) + 1)],
        "coercion": sweep.coercion,
        "colours": [style.GREYS[3], style.GREYS[2]] if sweep.coercion else list(style.SCENARIOS),
        "words": {key.removeprefix("explore."): text for key, text in catalogue.SAY.items() if key in _WORDS},
    }
    return Explorer(json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False))


_WORDS = frozenset(
    f"explore.{word}"
    for word in (
        *("measure", "show", "group", "along", "lines", "view", "curves", "map", "none", "level"),
        *("difference", "chance", "interval", "error", "baseline", "missing", "keys", "table", "per_cent"),
        *("points", "asked", "half", "open_chance", "open_sign", "frontier"),
    )
)


def _factor(sweep: SweepTables, rows: pd.DataFrame, column: str, values: Sequence[Any]) -> dict[str, Any]:
    number = bool(pd.api.types.is_numeric_dtype(rows[column]))
    unit = next(factor.get("unit") or "" for factor in sweep.factors if factor["column"] == column)
    base = rows.loc[rows["scenario"] == "baseline", column]
    standing = base.iloc[0] if len(base) else None
    return {
        "name": column,
        "unit": unit,
        "number": number,
        "values": [_short(value) if number else str(value) for value in values],
        "labels": [value_text(value) for value in values],
        "base": values.index(standing) if standing in values else None,
        "standing": _short(standing) if number else None,
    }


def _measures(sweep: SweepTables, table: pd.DataFrame, keys: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Every measure with its numbers by group, as far as there is room: everybody first."""
    room = MOST_NUMBERS
    by_group = {
        name: dict(list(table[table["measure"] == name].groupby(["group_by", "group"], sort=False)))
        for name in sweep.measures
    }
    size = 8 * (len(keys) + 1)
    rest = max(0, room - size * len(sweep.measures))
    for name, info in sweep.measures.items():
        groups = by_group[name]
        if ("all", "all") not in groups or room < size:
            continue
        room -= size
        kept, names = {"all": _numbers(groups["all", "all"], keys)}, {"all": say("explore.everybody")}
        for (by, group), rows in groups.items():
            if by not in sweep.read_by or rest < size or not rows["value"].notna().any():
                continue
            rest -= size
            kept[f"{by} {group}"] = _numbers(rows, keys)
            names[f"{by} {group}"] = sentences.group_name(sweep.origins, by, group)
        yield {
            "key": name,
            "label": info["label"],
            "unit": info["unit"],
            "per": info["per"],
            "meaning": f"{info['meaning']}; {info['window']}",
            "against": against_only(info),
            "groups": kept,
            "names": names,
        }


def _numbers(rows: pd.DataFrame, keys: Sequence[str]) -> dict[str, list[list[float | None]]]:
    """Mean, ends and Monte Carlo error of level and difference, a list each over the points, the baseline
    last.
    """
    placed = rows.set_index("scenario").reindex([*keys, "baseline"])
    return {
        what: [[_short(value) for value in placed[column]] for column in columns]
        for what, columns in BANDS.items()
    }


def _question(sweep: SweepTables, number: int, keys: Sequence[str]) -> dict[str, Any]:
    """A question with its chances by group: chance and Monte Carlo error, over the points, the baseline
    last.
    """
    answer, table = sweep.answers[number - 1], sweep.chances
    assert table is not None  # what has answers has chances
    groups = {}
    mine = table[table["question"] == number]
    for (by, group), rows in mine.groupby(["group_by", "group"], sort=False):
        if by != "all" and (by not in sweep.read_by or not rows["chance"].notna().any()):
            continue  # of everybody it is told, even that it cannot be estimated
        placed = rows.set_index("scenario").reindex([*keys, "baseline"])
        key = "all" if by == "all" else f"{by} {group}"
        groups[key] = [[_short(v) for v in placed[column]] for column in ("chance", "chance_error")]
    return {
        "measure": answer["measure"],
        "title": questions.title(sweep, answer),
        "mark": answer["mark"],
        "difference": answer["difference"],
        "few": "" if answer["enough"] else questions.too_few(answer),
        "groups": groups,
    }


def _short(value: Any) -> float | None:
    """A number in few digits, for a page; None where it is unknown."""
    return float(f"{value:.{_DIGITS}g}") if sentences.known(value) else None
