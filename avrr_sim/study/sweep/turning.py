"""Where the sign of a point's difference from the baseline turns, and what it varies with: the table
`tipping` of a sweep, and what its page may say of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from avrr_sim.measured import ALL
from avrr_sim.study.answers.tipping import tipping_of
from avrr_sim.study.answers.told import tip_remarks
from avrr_sim.study.folder.chunks import Chunks
from avrr_sim.study.folder.run_folder import write_table
from avrr_sim.study.jobs.conditions import TOLD
from avrr_sim.study.jobs.plan import Plan
from avrr_sim.study.jobs.results import MEASURES
from avrr_sim.study.jobs.run_table import gather
from avrr_sim.study.summary.contract import Remark
from avrr_sim.study.summary.tables import framed

MOST_POINTS = 60
"""Points beyond which nothing is looked for: the best of so many looks good by luck alone, and the search
would take longer than the tables.
"""


def turning_of(plan: Plan, chunks: Chunks, numbers: Sequence[int], measures: Sequence[str]) -> pd.DataFrame:
    """The table `tipping` of the points of a sweep, each against the baseline, of the measures of `TOLD` that
    the sweep keeps (see `StudyTables`); empty where points are too many.

    Points are not set against one another: a design has too many pairs, and a sweep shows their differences.
    """
    told = [measure for measure in TOLD if measure in measures]
    if not told or len(plan.distinct) - 1 > MOST_POINTS:
        return framed("tipping")
    runs = gather(
        MEASURES,
        [(ALL, ALL, measure) for measure in told],
        chunks.tables(numbers, MEASURES.names),
        scenarios=plan.keys,
        draws=range(plan.draws),
        replicates=plan.replicates,
        by_label=True,
    )
    return tipping_of(plan, runs, range(plan.draws), choices=False)


def write_turning(
    folder: Path, plan: Plan, chunks: Chunks, numbers: Sequence[int], measures: Sequence[str]
) -> list[Remark]:
    """Write `tipping` into the folder of a sweep; returns what may be said of it, for `depends` in
    study.json.
    """
    table = turning_of(plan, chunks, numbers, measures)
    write_table(table, folder, "tipping")
    return tip_remarks(table, {key: s.name for key, s in zip(plan.keys, plan.scenarios, strict=True)})
