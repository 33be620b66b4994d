"""What a study hands to its report: the aggregated tables, their captions and where they come from."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class StudyTables:
    """The results of a run or a comparison, aggregated over draws and replicates, ready to be shown.

    Values are in the natural unit of their measure: shares from 0 to 1, counts per year on the national scale, money in the
    currency that `measures` states. `low` and `high` bound the uncertainty interval over draws (level: `provenance["interval"]`),
    NaN where one draw gives none; `mc_error` is the standard error left by finite draws and replicates, a different thing.

    title        heading of the report
    scenarios    the first is the baseline: key (slug), name, asks, changes: list of dicts of lever, kind, unit, meaning, baseline,
                 here, source (the last three as text)
    measures     name -> label, unit, window (window and horizon as text), meaning, per (share, rate, count, months, index or NOK)
    levels       scenario, group_by, group, measure, value, low, high, mc_error, cell (denominator in simulated units, median over runs),
                 suppressed (True where the cell is too small to be shown)
    differences  scenario, group_by, group, measure, baseline, value, difference, low, high, mc_error, sign_share (share of draws with
                 the sign of the mean difference), suppressed; empty when there is one scenario
    bands        scenario, month ("2012-01"), measure, value, low, high: monthly, national scale
    endings      scenario, stage (applied, approved, documented, booked), closing (departed, withdrawn, refused, documents,
                 disappeared, removed, granted, protected, open), share, low, high: of first applications with 12 months of
                 follow-up; the shares of a scenario sum to 1
    provenance   command, version, commit, seed, draws, replicates, size, units_represented, months, interval (0.9), created_by,
                 evidence_hash, scenario_hashes, libraries (name -> version), weights ("prior" or "central")
    limits       sentences on what the study cannot tell
    """

    title: str
    scenarios: list[dict]
    measures: dict[str, dict]
    levels: pd.DataFrame
    differences: pd.DataFrame
    bands: pd.DataFrame
    endings: pd.DataFrame
    provenance: dict
    limits: list[str]
