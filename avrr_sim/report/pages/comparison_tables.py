"""Tables of the comparison: levels and differences, additional returns and their cost, groups, endings,
waits, changes, provenance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from avrr_sim.report.html.elements import DASH, Block, Cell, Column, Note, Part, Table, Text
from avrr_sim.report.pages.cells import (
    ABSENT,
    columns_of,
    error_cell,
    level_cell,
    number_cell,
    sign_cell,
)
from avrr_sim.report.pages.lookup import RowLookup
from avrr_sim.report.words import catalogue, chosen, sentences
from avrr_sim.report.words.language import numeral
from avrr_sim.report.words.sentences import say
from avrr_sim.report.words.told import told
from avrr_sim.study.summary.tables import StudyTables


def measure_table(
    tables: StudyTables, lookup: RowLookup, wanted: Sequence[str] | None = None
) -> Table | None:
    """Levels and differences, a block a measure; `wanted` (default: all) chooses measures. None where the
    study has none of them.
    """
    chosen = [m for m in lookup.measures if wanted is None or m in wanted]
    if not chosen:
        return None
    one = len(tables.scenarios) == 1
    columns = [
        Column(say("numbers.scenario"), numeric=False),
        Column(say("numbers.level")),
        Column(say("numbers.error")),
    ]
    if not one:
        columns += [
            Column(say("numbers.difference")),
            Column(say("numbers.error_difference")),
            Column(say("numbers.sign")),
        ]
    blocks = []
    for measure in chosen:
        info = sentences.meta(tables, measure)
        units = sentences.unit(info)
        if not one and units != sentences.unit(info, True):
            units = say("numbers.units", level=units, difference=sentences.unit(info, True))
        note = " \u00b7 ".join(t for t in (units, info["window"], info["meaning"]) if t)
        blocks.append(
            Block(
                [_line(tables, lookup, info["per"], measure, i) for i in range(len(tables.scenarios))],
                info["label"],
                note,
            )
        )
    return Table(say("numbers.caption" if wanted is None else "numbers.caption_key"), columns, blocks)


def _line(tables: StudyTables, lookup: RowLookup, per: str, measure: str, i: int) -> list[Cell]:
    """One scenario's level of a measure and its difference from the baseline."""
    scenario = tables.scenarios[i]
    money = per == "NOK" and sentences.coercive(scenario)
    level = lookup.levels.get((scenario["key"], measure))
    if money:
        cells = [Cell(scenario["name"]), Cell(sentences.not_costed()), Cell(DASH)]
    else:
        cells = [Cell(scenario["name"]), level_cell(level or ABSENT, per), error_cell(level or ABSENT, per)]
    if len(tables.scenarios) == 1:
        return cells
    if i == 0:
        return [*cells, Cell(say("baseline")), Cell(DASH), Cell(DASH)]
    row = lookup.differences.get((scenario["key"], measure))
    if money:
        return [*cells, Cell(sentences.not_costed()), Cell(DASH), Cell(DASH)]
    if row is None:
        return [*cells, Cell(DASH), Cell(DASH), Cell(DASH)]
    return [
        *cells,
        number_cell(row, "difference", per, signed=True),
        error_cell(row, per),
        sign_cell(tables, row),
    ]


def contrast_table(tables: StudyTables, lookup: RowLookup) -> Table | None:
    """Additional returns, deadweight, pull-forward and cost by scenario; money stays out where coercion
    changes.
    """
    found = [m for m in chosen.CONTRASTS if any(m == k[1] for k in lookup.differences)]
    if not found or len(tables.scenarios) == 1:
        return None
    columns = [Column(say("numbers.scenario"), numeric=False)]
    for measure in found:
        info = sentences.meta(tables, measure)
        columns.append(Column(info["label"], sentences.unit(info)))
    rows = []
    for scenario in tables.scenarios[1:]:
        cells = [_contrast(tables, lookup, scenario, measure) for measure in found]
        rows.append([Cell(scenario["name"]), *cells])
    return Table(say("contrasts.caption"), columns, [Block(rows)], compact=True)


def _contrast(tables: StudyTables, lookup: RowLookup, scenario: Mapping[str, Any], measure: str) -> Cell:
    info = sentences.meta(tables, measure)
    row = lookup.differences.get((scenario["key"], measure))
    if info["per"] == "NOK" and sentences.coercive(scenario):
        return Cell(sentences.not_costed())
    if row is None:
        return Cell(DASH)
    cell = number_cell(row, "value", info["per"], signed=measure.startswith("additional"))
    if cell.value is None or not sentences.known(row["mc_error"]):
        return cell
    error = say("monte_carlo_short", error=sentences.error(row["mc_error"], info["per"]))
    return Cell(cell.text, f"{cell.span} {error}", cell.value)


def group_tables(tables: StudyTables, lookup: RowLookup) -> list[tuple[str, Table]]:
    """By group: (scenario's name, table): the baseline's levels, then every scenario's differences."""
    found = lookup.groups()
    out = []
    for i, scenario in enumerate(tables.scenarios if found else ()):
        source, column = (lookup.differences, "difference") if i else (lookup.levels, "value")
        heads = [m for m in chosen.GROUP_TABLE if any((scenario["key"], m, *g) in source for g in found)]
        if not heads:
            continue
        infos = [sentences.meta(tables, m) for m in heads]
        blocks: dict[str, list[list[Cell]]] = {}
        for group in found:
            rows = [source.get((scenario["key"], m, *group)) for m in heads]
            cells = [
                number_cell(r, column, info["per"], bool(i)) if r else Cell(DASH)
                for r, info in zip(rows, infos, strict=True)
            ]
            blocks.setdefault(catalogue.GROUPS.get(group[0], group[0]), []).append(
                [Cell(sentences.group_name(tables.origins, *group)), *cells]
            )
        columns = [
            Column(say("groups.group"), numeric=False),
            *(Column(info["label"], sentences.unit(info, bool(i))) for info in infos),
        ]
        caption = say("groups.caption_differences" if i else "groups.caption_levels", name=scenario["name"])
        out.append(
            (
                caption,
                Table(caption, columns, [Block(rows, head) for head, rows in blocks.items()], compact=True),
            )
        )
    return out


def ending_tables(tables: StudyTables) -> list[tuple[str, Table]]:
    """Where first applications end, by stage and closing, with intervals; rows nobody falls in are left
    out.
    """
    out = []
    columns = [
        Column(say("endings.ending"), numeric=False),
        Column(say("endings.stage"), numeric=False),
        Column(say("per_cent")),
    ]
    for scenario in tables.scenarios if len(tables.endings) else ():
        own = tables.endings[(tables.endings["scenario"] == scenario["key"]) & (tables.endings["share"] > 0)]
        rows = []
        for row in own.to_dict("records"):
            value, interval = sentences.shown(row["share"], row["low"], row["high"], "share")
            rows.append(
                [
                    Cell(catalogue.CLOSINGS.get(row["closing"], row["closing"])),
                    Cell(catalogue.STAGES.get(row["stage"], row["stage"])),
                    Cell(value, f"({interval})" if interval else "", row["share"]),
                ]
            )
        if rows:
            caption = say("endings.table", name=scenario["name"])
            out.append((caption, Table(caption, columns, [Block(rows)], compact=True)))
    return out


def wait_table(tables: StudyTables) -> Table | None:
    """Quantiles of the waits of everybody, a block a wait."""
    table = tables.waits[tables.waits["group_by"] == "all"] if len(tables.waits) else tables.waits
    if table.empty:
        return None
    quantiles = sorted(set(table["quantile"]))
    blocks = []
    for what in [w for w in catalogue.WAITS if w in set(table["what"])]:
        at = {(r["scenario"], r["quantile"]): r for r in table[table["what"] == what].to_dict("records")}
        rows = [
            [
                Cell(s["name"]),
                *(
                    number_cell(at[s["key"], q], "value", "months") if (s["key"], q) in at else Cell(DASH)
                    for q in quantiles
                ),
            ]
            for s in tables.scenarios
        ]
        blocks.append(Block(rows, catalogue.WAITS[what]))
    columns = [
        Column(say("numbers.scenario"), numeric=False),
        *(Column(say("waits.quantile", share=100 * q), say("waits.unit")) for q in quantiles),
    ]
    return Table(say("waits.caption_table"), columns, blocks, compact=True)


def change_parts(tables: StudyTables) -> list[Part]:
    """What every scenario changes, with unit, meaning and reference: a block a scenario."""
    keys = ("lever", "kind", "baseline", "here", "unit", "source")
    if len(tables.scenarios) == 1:
        return [Text(say("changes.none_baseline"))]
    parts: list[Part] = []
    blocks = []
    for scenario in tables.scenarios[1:]:
        rows = [
            [
                Cell(change["lever"], told(change["meaning"])),
                *(Cell(told(str(change[key]))) for key in keys[1:]),
            ]
            for change in scenario["changes"]
        ]
        blocks.append(Block(rows, scenario["name"], "" if rows else say("changes.none")))
        if sentences.coercive(scenario):
            parts.append(Note(say("colon", head=scenario["name"], text=catalogue.coercion_note())))
    caption = say("changes.caption", name=tables.scenarios[0]["name"])
    return [Table(caption, columns_of("changes", *keys, words=keys), blocks), *parts]


def provenance_facts(
    provenance: Mapping[str, Any], scenarios: Sequence[Mapping[str, Any]]
) -> list[tuple[str, str]]:
    """Provenance as pairs of term and text."""
    found = [
        (label, told(_plain(provenance[key])))
        for key, label in catalogue.FACTS.items()
        if provenance.get(key) not in (None, "", _ITSELF)
    ]
    window = provenance.get("window")
    if window:
        found.append((say("provenance.window"), say("to", low=window["from"], high=window["to"])))
    hashes = provenance.get("scenario_hashes") or {}
    pairs: Iterable[tuple[str, object]] = (
        hashes.items()
        if isinstance(hashes, Mapping)
        else zip((s["key"] for s in scenarios), hashes, strict=False)
    )
    found += [(say("provenance.hash", key=key), str(value)) for key, value in pairs]
    libraries = provenance.get("libraries") or {}
    if libraries:
        found.append(
            (
                say("provenance.libraries"),
                ", ".join(f"{name} {version}" for name, version in sorted(libraries.items())),
            )
        )
    return found


_ITSELF = "1 NOK = 1 NOK (itself)"  # a rate that says nothing


def _plain(value: Any) -> str:
    return numeral(value, ",") if isinstance(value, int) and value >= 10_000 else str(value)
