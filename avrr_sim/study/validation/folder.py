"""The run folder of a validation.

runs/chunk-000000.parquet ...            every statistic, its error and every figure, by draw
statistics.parquet, statistics.csv       the same, wider: kind, id, draw, value, error, holds
patterns.parquet, patterns.csv           the verdicts, a row a pattern
targets.parquet, targets.csv             the verdicts, a row a check target
weights.parquet                          draw and every weight
report.html, figures/                    the page and its pictures
study.json                               what the tables are about: limits, provenance
manifest.json                            what was run, with which versions and hashes, and how it ended
timings.json                             how long it took and on what; the only file that differs from one
                                         execution to another
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from avrr_sim.study.folder.chunks import Failure, dense
from avrr_sim.study.folder.manifest import read_manifest
from avrr_sim.study.folder.run_folder import write_table
from avrr_sim.study.patterns.statistic import Statistic
from avrr_sim.study.summary.contract import write_facts
from avrr_sim.study.summary.statistics import INTERVAL
from avrr_sim.study.validation.facts import facts_of
from avrr_sim.study.validation.order import Validated, ValidationOrder, draws_by_chunk
from avrr_sim.study.validation.tables import pattern_table, statistics_table, target_table


def write_tables(result: Validated, folder: Path) -> None:
    """Make the tables of a validation and write them, with what a page says beside them."""
    order = result.order
    result.tables = {
        "statistics": statistics_table(result),
        "patterns": pattern_table(result),
        "targets": target_table(result),
    }
    for name, table in result.tables.items():
        write_table(table, folder, name)
    write_facts(folder, facts_of(provenance_of(order, folder)))


def provenance_of(order: ValidationOrder, folder: Path) -> dict[str, Any]:
    """Where the tables come from, as pages print it."""
    manifest = read_manifest(folder) or {}
    plan = order.plan
    return {
        "command": order.command,
        "seed": plan.seed,
        "draws": plan.draws,
        "size": plan.size,
        "weights": plan.weights,
        "interval": INTERVAL,
        "evidence_hash": manifest.get("evidence_hash", ""),
        "version": manifest.get("version", ""),
        "commit": manifest.get("commit", ""),
        "digest": order.digest,
        "libraries": manifest.get("libraries", {}),
    }


def results_in(folder: Path, order: ValidationOrder, failures: list[Failure]) -> Validated:
    """The statistics that stand in the chunks of a folder, draws that failed left out."""
    measures = ("statistic", "error", "measured")
    table = dense(order.chunks_in(folder), list(draws_by_chunk(order)), order.stored, measures)
    gone = {failure["draw"] for failure in failures}
    draws = [draw for draw in range(order.plan.draws) if draw not in gone]
    at = {label: table["value"][0, i, draws, 0] for i, label in enumerate(table.labels)}
    result = Validated(order, folder, draws, failures=failures)
    for kind, name, measure in (map(str, label) for label in table.labels):
        if measure == "statistic":
            result.statistics[kind, name] = [
                Statistic(float(v), float(e))
                for v, e in zip(at[kind, name, measure], at[kind, name, "error"], strict=True)
            ]
        elif measure == "measured":
            result.measured[name] = [float(v) for v in at[kind, name, measure]]
    return result
