"""The tables of a run or comparison on disk.

    runs/       Parquet chunks: scenario, draw, replicate, group_by, group, measure, value, cell
    series/     Parquet chunks: scenario, draw, replicate, month, measure, value
    endings/    Parquet chunks: scenario, draw, replicate, stage, closing, count
    flows/      Parquet chunks: scenario, draw, replicate, baseline_outcome, outcome, units  (the same
                persons, baseline to scenario)
    tiers/      Parquet chunks: scenario, draw, replicate, baseline_tier, tier, units  (the same, by tier)
    crossings/  Parquet chunks: scenario, draw, replicate, item, persons
    waits/      Parquet chunks: scenario, draw, replicate, what, group_by, group, quantile, months, units
    offers/     Parquet chunks: scenario, draw, replicate, offer, item, value  (who took each, and its cost)
    conditions/ Parquet chunks: scenario, draw, replicate, kind, condition, measure, value, cell
    totals/     Parquet chunks: scenario, draw, replicate, cost, scale  (a row a run)
    levels, differences, draws, bands, endings, waits, flows, tiers, crossings, spread, offers, drivers,
    targets, patterns, tipping, ceilings, readings   each as .parquet and .csv: over all jobs

Each of the folders is read whole with `pandas.read_parquet("runs")`; a stopped study reads them too (see
kept.py).
"""

from __future__ import annotations

from pathlib import Path

from avrr_sim.study.folder.run_folder import write_table
from avrr_sim.study.summary.contract import write_facts
from avrr_sim.study.summary.tables import FACTS, FRAMES, MAY_BE, StudyTables


def write_tables(folder: Path, tables: StudyTables) -> None:
    """Write the aggregated tables as Parquet and CSV, and study.json last, so that a folder that has it is
    complete.
    """
    for name in FRAMES:
        write_table(getattr(tables, name), folder, name)
    more = {name: told for name in MAY_BE if (told := getattr(tables, name))}
    write_facts(folder, {name: getattr(tables, name) for name in FACTS} | more)
