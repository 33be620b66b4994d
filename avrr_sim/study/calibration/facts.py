"""What the page of a calibration says and the tables of its fit do not hold: study.json, and what the checks
of the method found, run by run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from avrr_sim.measures import MEASURES
from avrr_sim.study.calibration.method_checks import BINS, KINDS, Checked, verdict_of
from avrr_sim.study.calibration.runs import EFFECT_MEASURES
from avrr_sim.study.calibration.targets import Targets
from avrr_sim.study.folder.sealed import write_parquet
from avrr_sim.study.folder.whole import write_csv
from avrr_sim.study.summary.coercion import pressing
from avrr_sim.study.summary.contract import remark, write_facts
from avrr_sim.study.summary.statistics import INTERVAL

LIMITS = (
    "most_not_identified",
    "discrepancy_judged",
    "fit_approximate",
    "figures_carry_chance",
    "explanations_alike",
)
"""What a fit cannot tell, in this order."""

PROVENANCE = (
    "command",
    "version",
    "commit",
    "digest",
    "runs",
    "waves",
    "points",
    "size",
    "close_points",
    "close_size",
    "draws",
    "worth_before_taking",
    "runs_believed_less",
    "weight_cut",
    "seed",
)
"""What the page tells of the recipe."""


def facts_of(targets: Targets, verdicts: pd.DataFrame, recipe: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a finished calibration; see `study.summary.contract.CalibrationTables`."""
    return {
        "kind": "calibrate",
        "title": targets.name,
        "interval": INTERVAL,
        "bins": BINS,
        "answers": [verdict_of(row) for row in verdicts.to_dict("records")],
        "pressing": pressing(targets.scenario, targets.effects),
        "measures": {name: asdict(MEASURES[name]) for name in EFFECT_MEASURES},
        "limits": [remark(key) for key in LIMITS],
        "provenance": {key: recipe[key] for key in PROVENANCE},
    }


def ranks_table(done: Checked) -> pd.DataFrame:
    """One row a truth, one column a weight, figure or effect: the rank of the truth, 0 to 1."""
    told = np.hstack([done.of(kind) for kind in KINDS])
    return pd.DataFrame(told, columns=pd.Index([name for kind in KINDS for name in done.named(kind)]))


def recovery_table(done: Checked) -> pd.DataFrame:
    """One row an effect and truth, on the scale of normal scores: effect, truth, posterior (its median),
    width (of its interval, over that in the region).
    """
    before = done.width_before[done.kinds == "effect"]
    truth = done.truth[:, done.kinds == "effect"]
    middle, width = done.of("effect", "middle"), done.of("effect", "width")
    rows = [
        (name, *each)
        for j, name in enumerate(done.named("effect"))
        for each in zip(truth[:, j], middle[:, j], width[:, j] / before[j], strict=True)
    ]
    return pd.DataFrame(rows, columns=["effect", "truth", "posterior", "width"])


def write_for_page(
    folder: Path, targets: Targets, verdicts: pd.DataFrame, checked: Checked, recipe: Mapping[str, Any]
) -> None:
    """Write ranks.parquet, recovery.parquet and recovery.csv, and study.json last: a folder that has it is
    complete.
    """
    recovered = recovery_table(checked)
    ranks = ranks_table(checked)
    write_parquet(ranks, folder / "ranks.parquet")
    write_csv(ranks, folder / "ranks.csv", "%.5f")
    write_parquet(recovered, folder / "recovery.parquet")
    write_csv(recovered, folder / "recovery.csv")
    write_facts(folder, facts_of(targets, verdicts, recipe))
