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
from avrr_sim.study.calibration.bank import EFFECT_MEASURES
from avrr_sim.study.calibration.method_checks import BINS, Checked, verdict_of
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
    "bank_hash",
    "points_done",
    "kept_share",
    "kept",
    "effective",
    "size",
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
    """One row a pseudo-observation, one column a weight or effect: the rank of the truth, 0 to 1."""
    return pd.DataFrame(
        np.hstack([done.ranks, done.effect_ranks]), columns=pd.Index([*done.weights, *done.effects])
    )


def recovery_table(done: Checked) -> pd.DataFrame:
    """One row an effect and pseudo-observation, on the scale of normal scores: effect, truth, posterior (its
    median), width (of its interval, over the prior's).
    """
    rows = [
        (name, truth, median, width / prior_width)
        for j, (name, prior_width) in enumerate(zip(done.effects, done.prior_widths, strict=True))
        for truth, median, width in zip(done.truth[:, j], done.found[:, j], done.widths[:, j], strict=True)
    ]
    return pd.DataFrame(rows, columns=["effect", "truth", "posterior", "width"])


def write_for_page(
    folder: Path, targets: Targets, verdicts: pd.DataFrame, checked: Checked, recipe: Mapping[str, Any]
) -> None:
    """Write ranks.parquet, recovery.parquet and recovery.csv, and study.json last: a folder that has it is
    complete.
    """
    recovered = recovery_table(checked)
    write_parquet(ranks_table(checked), folder / "ranks.parquet")
    write_parquet(recovered, folder / "recovery.parquet")
    write_csv(recovered, folder / "recovery.csv")
    write_facts(folder, facts_of(targets, verdicts, recipe))
