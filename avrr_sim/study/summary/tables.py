"""What a study hands to its report: the aggregated tables, their captions and where they come from; and how a
run folder gives them back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from avrr_sim.study.summary.contract import Remark, read_facts, read_table, told_provenance

# kinds of a column; MAYBE: True, False or missing
TEXT, NUMBER, TRUTH, MAYBE = "str", "float64", "bool", "boolean"

_EFFECT = dict.fromkeys(("baseline", "value", "difference", "low", "high", "mc_error", "sign_share"), NUMBER)

FRAMES: dict[str, dict[str, str]] = {
    "levels": {
        "scenario": TEXT,
        "group_by": TEXT,
        "group": TEXT,
        "measure": TEXT,
        "value": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "mc_error": NUMBER,
        "cell": NUMBER,
        "suppressed": TRUTH,
    },
    "differences": {
        "scenario": TEXT,
        "group_by": TEXT,
        "group": TEXT,
        "measure": TEXT,
        "baseline": NUMBER,
        "value": NUMBER,
        "difference": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "mc_error": NUMBER,
        "mc_low": NUMBER,
        "mc_high": NUMBER,
        "sign_share": NUMBER,
        "chance_share": NUMBER,
        "suppressed": TRUTH,
    },
    "bands": {
        "scenario": TEXT,
        "month": TEXT,
        "measure": TEXT,
        "value": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "difference": NUMBER,
        "difference_low": NUMBER,
        "difference_high": NUMBER,
    },
    "draws": {
        "scenario": TEXT,
        "draw": NUMBER,
        "measure": TEXT,
        "baseline": NUMBER,
        "value": NUMBER,
        "difference": NUMBER,
    },
    "endings": {
        "scenario": TEXT,
        "stage": TEXT,
        "closing": TEXT,
        "share": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
    },
    "waits": {
        "scenario": TEXT,
        "what": TEXT,
        "group_by": TEXT,
        "group": TEXT,
        "quantile": NUMBER,
        "value": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "suppressed": TRUTH,
    },
    "flows": {
        "scenario": TEXT,
        "baseline_outcome": TEXT,
        "outcome": TEXT,
        "per_1000": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "mc_error": NUMBER,
        "frechet_low": NUMBER,
        "frechet_high": NUMBER,
    },
    "tiers": {
        "scenario": TEXT,
        "baseline_tier": TEXT,
        "tier": TEXT,
        "per_1000": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "mc_error": NUMBER,
        "frechet_low": NUMBER,
        "frechet_high": NUMBER,
    },
    "crossings": {
        "scenario": TEXT,
        "item": TEXT,
        "value": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "mc_error": NUMBER,
        "frechet_low": NUMBER,
        "frechet_high": NUMBER,
    },
    "spread": {
        "scenario": TEXT,
        "measure": TEXT,
        "component": TEXT,
        "share": NUMBER,
        "r2": NUMBER,
        "shown": TRUTH,
    },
    "offers": {
        "scenario": TEXT,
        "offer": TEXT,
        "item": TEXT,
        "value": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "mc_error": NUMBER,
    },
    "drivers": {
        "weight": TEXT,
        "meaning": TEXT,
        "unit": TEXT,
        "grade": TEXT,
        "basis": TEXT,
        "source": TEXT,
        "prior_low": NUMBER,
        "prior_median": NUMBER,
        "prior_high": NUMBER,
        "posterior_low": NUMBER,
        "posterior_median": NUMBER,
        "posterior_high": NUMBER,
        "contraction": NUMBER,
        "threshold": NUMBER,
        "informed": MAYBE,
    },
    "targets": {
        "id": TEXT,
        "figure": TEXT,
        "measure": TEXT,
        "window": TEXT,
        "source": TEXT,
        "role": TEXT,
        "value": NUMBER,
        "standard_error": NUMBER,
        "discrepancy": NUMBER,
        "predictive_low": NUMBER,
        "predictive_median": NUMBER,
        "predictive_high": NUMBER,
        "verdict": TEXT,
        "note": TEXT,
    },
    "patterns": {
        "id": TEXT,
        "statement": TEXT,
        "label": TEXT,
        "verdict": TEXT,
        "probability": NUMBER,
        "draws": NUMBER,
        "reading": TEXT,
    },
    "tipping": {
        **dict.fromkeys(("scenario", "against", "measure", "kind", "weight", "meaning", "unit"), TEXT),
        **dict.fromkeys(("second", "second_meaning", "second_unit"), TEXT),
        **dict.fromkeys(("place", "correlation", "luck", "point", "low", "high"), NUMBER),
        "rises": MAYBE,
        **dict.fromkeys(("above", "right_above", "right_below", "told_above", "told_below"), NUMBER),
        **dict.fromkeys(("second_low", "second_high", "point_low", "point_high"), NUMBER),
        **dict.fromkeys(("low_third", "high_third", "predicted"), NUMBER),
    },
    "ceilings": {"ceiling": TEXT, "measure": TEXT, **_EFFECT, "suppressed": TRUTH},
    "readings": {"scenario": TEXT, "hypothesis": TEXT, "measure": TEXT, **_EFFECT, "suppressed": TRUTH},
}
"""Every table of a study: its columns, in order, and their kinds. A table may hold further columns after
these.
"""

LATER = {
    "bands": ("difference", "difference_low", "difference_high"),
    **{name: tuple(FRAMES[name]) for name in ("draws", "offers", "tiers", "tipping", "ceilings", "readings")},
}
"""Columns that folders of older versions do not have: they are read as empty."""

FACTS = ("kind", "title", "scenarios", "measures", "origins", "provenance", "limits")
"""What study.json holds beside the tables."""
MAY_BE = ("depends", "cautions", "stories")
"""What it holds besides where there is any."""


def framed(name: str, rows: pd.DataFrame | Sequence[Mapping[str, Any]] = ()) -> pd.DataFrame:
    """A table of `FRAMES` from a frame or from rows: its columns first and of their kinds, missing ones
    filled with NaN; further ones kept.
    """
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    columns = FRAMES[name]
    frame = frame.reindex(columns=[*columns, *(c for c in frame.columns if c not in columns)]).reset_index(
        drop=True
    )
    return frame.astype({column: kind if kind != TEXT else _TEXT_KIND for column, kind in columns.items()})


_TEXT_KIND = pd.Series(["text"]).dtype  # pandas 3 has a kind of its own for text, pandas 2 has not


def _table(name: str) -> Any:
    return field(default_factory=lambda: framed(name))


@dataclass(frozen=True)
class StudyTables:
    """The results of a run or a comparison, aggregated over draws and replicates, ready to be shown.

    Values are in the natural unit of their measure: shares from 0 to 1, counts per year on the national
    scale, money in the currency that `measures` states. `low` and `high` bound the uncertainty interval over
    draws (level: `provenance["interval"]`), NaN where one draw gives none, `high` infinite where a price has
    no upper end; `mc_error` is the standard error left by finite draws and replicates, a different thing.
    Tables from `waits` on are empty, with their columns, where they were not computed.

    title        heading of the report; empty: that of every comparison
    scenarios    the first is the baseline: key (slug), name, asks, coercion (whether it moves any, see
                 study/summary/coercion.py), changes: list of dicts of lever, kind, unit, meaning, baseline,
                 here, source (the last three as text)
    measures     name -> label, unit, window (window and horizon as text), meaning, per (share, rate, count,
                 months, index or NOK)
    levels       scenario, group_by, group, measure, value, low, high, mc_error, cell (denominator in
                 simulated units, median over runs),
                 suppressed (True where the cell is too small to be shown)
    differences  scenario, group_by, group, measure, baseline, value, difference, low, high, mc_error,
                 sign_share (share of all draws with
                 the sign of the mean difference), suppressed; empty when there is one scenario
    bands        scenario, month ("2012-01"), measure, value, low, high: monthly, national scale; difference,
                 difference_low, difference_high: paired, from the baseline (NaN of the baseline itself)
    draws        scenario (but the baseline), draw, measure (of `effects.BY_DRAW`), baseline, value,
                 difference: of everybody, mean over replicates; how a difference lies over the draws
    endings      scenario, stage (applied, approved, documented, booked), closing (departed, withdrawn,
                 refused, documents,
                 disappeared, removed, granted, protected, open), share, low, high: of first applications with
                 12 months of
                 follow-up; the shares of a scenario sum to 1
    provenance   date (YYYY-MM-DD, the day it was begun) and digest, in a folder; command, version, commit,
                 seed, draws, replicates, size, units_represented, months, interval
                 (0.9), created_by,
                 evidence_hash, scenario_hashes, libraries (name -> version), weights ("prior" or "central"),
                 failures (dicts of draw,
                 replicate, error), jobs_done, twin_jobs (jobs whose people were run again as twins; 0: shares
                 of pressure not computed)
    limits       what the study cannot tell (see contract.Remark)
    waits        scenario, what ("to_apply": months from arrival to the first application; "in_process":
                 months from application to
                 departure), group_by, group, quantile (0.1 to 0.9), value, low, high, suppressed
    flows        scenario, baseline_outcome, outcome, per_1000 (units of 1,000 that exist in both runs), low,
                 high, mc_error, frechet_low,
                 frechet_high (what the two margins alone allow)
    tiers        the same between tiers of the first application in the window (A, B, vulnerable, none)
    crossings    scenario, item ("net", "gained", "lost", "displaced_in_queue"), value (persons over the
                 window with an assisted
                 departure here and not in the baseline, or the reverse; displaced: gone in the baseline, here
                 waiting longer than that took, or
                 lost after that), low, high, mc_error, frechet_low, frechet_high
    spread       scenario, measure, component (confirmed, probable, inconclusive, ungraded, chance,
                 lack_of_fit), share, r2, shown
    offers       scenario, offer, item (see study/jobs/taking.py), value (total over the window, national
                 scale; money in the programme's currency), low, high, mc_error
    drivers      weight, meaning, unit, grade, basis, source, prior and posterior (low, median, high),
                 contraction, threshold, informed
    targets      id, figure, measure, window, source, role ("fit" or "check"), value, standard_error,
                 discrepancy, predictive (low, median,
                 high), verdict ("inside", "outside", "not tested"), note
    patterns     id, statement, label, verdict ("hit", "missed", "not decidable"), probability, draws, reading
    tipping      scenario, against (what it is set against), measure, kind ("sign": the weight on which the
                 sign of the difference turns; "size": one that it varies with), place (1: the first), weight,
                 and what `answers.regions.Tip` and `Variation` say; luck: the correlation that luck gives
    ceilings     ceiling (see study/jobs/conditions.py), measure, baseline, value, difference, low, high,
                 mc_error, sign_share, suppressed: the baseline there less the baseline as it is, first
                 replicates
    readings     scenario, hypothesis, measure, and the same of the effect under each named hypothesis
    origins      key -> name, for people's eyes
    depends      what the answer depends on (where it tips, the most it could be), as far as a study works it
                 out
    cautions     what a reader should know beside the results (see study/summary/cautions.py), that of one
                 scenario with its key as `scenario`
    stories      one synthetic person in both worlds, for each policy whose people end otherwise: scenario,
                 draw, size, rule (gained, lost, changed; see study/comparison/stories.py), and what
                 study/summary/telling.py tells
    """

    title: str
    scenarios: list[dict[str, Any]]
    measures: dict[str, dict[str, str]]
    levels: pd.DataFrame
    differences: pd.DataFrame
    bands: pd.DataFrame
    endings: pd.DataFrame
    provenance: dict[str, Any]
    limits: list[Remark]
    waits: pd.DataFrame = _table("waits")
    flows: pd.DataFrame = _table("flows")
    tiers: pd.DataFrame = _table("tiers")
    crossings: pd.DataFrame = _table("crossings")
    spread: pd.DataFrame = _table("spread")
    offers: pd.DataFrame = _table("offers")
    drivers: pd.DataFrame = _table("drivers")
    targets: pd.DataFrame = _table("targets")
    patterns: pd.DataFrame = _table("patterns")
    draws: pd.DataFrame = _table("draws")
    tipping: pd.DataFrame = _table("tipping")
    ceilings: pd.DataFrame = _table("ceilings")
    readings: pd.DataFrame = _table("readings")
    origins: dict[str, str] = field(default_factory=dict)
    depends: list[Remark] = field(default_factory=list)
    cautions: list[Remark] = field(default_factory=list)
    stories: list[dict[str, Any]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Of `contract.KINDS`: a run has one scenario, a comparison several."""
        return "run" if len(self.scenarios) == 1 else "compare"


def load_tables(folder: str | Path) -> StudyTables:
    """The tables that a run or comparison left in its folder, as they were written. Nothing is simulated.

    Raises `Refusal` where the folder holds no finished study, or a table is missing or cannot be read.
    """
    folder = Path(folder)
    facts = read_facts(folder, FACTS)
    frames = {name: framed(name, _read(folder, name)) for name in FRAMES}
    told = {name: facts[name] for name in FACTS if name != "kind"}
    told |= {name: facts.get(name, []) for name in MAY_BE}
    return StudyTables(**{**told, "provenance": told_provenance(facts)}, **frames)


def _read(folder: Path, name: str) -> pd.DataFrame | tuple[()]:
    """A table of a folder; what its version did not write yet is missing."""
    later = LATER.get(name, ())
    if set(later) == set(FRAMES[name]) and not (folder / f"{name}.parquet").is_file():
        return ()
    return read_table(folder, name, [column for column in FRAMES[name] if column not in later])
