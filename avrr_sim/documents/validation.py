"""The tables of docs/validation.md.

python -m avrr_sim.documents.validation FOLDER        prints them from the folder of a validation
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd


def markdown(folder: Path) -> str:
    """The verdicts of a validation's folder as two Markdown tables, for docs/validation.md."""
    told, targets = pd.read_parquet(folder / "patterns.parquet"), pd.read_parquet(folder / "targets.parquet")
    lines = [
        "| pattern | statement | verdict | holds in draws (90 % interval) | label | clear | reading |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in told.to_dict("records"):
        clear = "-" if np.isnan(row["clear"]) else f"{100 * row['clear']:.0f} %"
        lines.append(
            f"| {row['id']} | {row['statement']} | **{row['verdict']}** | {_told(row)} | "
            f"{row['label']} | {clear} | {row['reading']} |"
        )
    lines += [
        "",
        (
            "| target | figure | published | predicted median (90 %) | figure lies | verdict | near in "
            "draws (90 % interval) | note |"
        ),
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in targets.to_dict("records"):
        value, spread = "-", "-"
        if not np.isnan(row["value"]):
            value, spread = (
                f"{row['value']:,.0f}",
                (
                    f"{row['predictive_median']:,.0f} ({row['predictive_low']:,.0f} to "
                    f"{row['predictive_high']:,.0f})"
                ),
            )
        lines.append(
            f"| {row['id']} | {row['figure']} | {value} | {spread} | {row['verdict']} | "
            f"**{row['judgement']}** | {_told(row)} | {row['note']} |"
        )
    return "\n".join(lines)


def _told(row: Mapping[str, Any]) -> str:
    return (
        "-"
        if np.isnan(row["probability"])
        else f"{100 * row['probability']:.0f} % ({100 * row['low']:.0f} to {100 * row['high']:.0f})"
    )


if __name__ == "__main__":
    print(markdown(Path(sys.argv[1])))
