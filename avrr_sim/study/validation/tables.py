"""The tables of a validation: statistics by draw, and the verdict on every pattern and check figure."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from avrr_sim.study.patterns.catalogue import PATTERNS
from avrr_sim.study.patterns.pattern import Pattern
from avrr_sim.study.published.figure import PublishedFigure
from avrr_sim.study.summary.statistics import INTERVAL
from avrr_sim.study.validation.check_figures import CHECKS, check_name, measure_of, years_in_words
from avrr_sim.study.validation.order import Validated
from avrr_sim.study.validation.verdicts import Verdict, judged


def statistics_table(result: Validated) -> pd.DataFrame:
    """One row a pattern or check and draw: kind, id, draw, value (positive: it holds), error, holds (chance
    that it does).
    """
    rows = [
        (kind, name, draw, s.value, s.error, s.holds)
        for (kind, name), found in sorted(result.statistics.items())
        for draw, s in zip(result.draws, found, strict=True)
    ]
    return pd.DataFrame(rows, columns=["kind", "id", "draw", "value", "error", "holds"])


def pattern_table(result: Validated) -> pd.DataFrame:
    """One row a pattern: id, statement, label, verdict, probability, draws, reading; and low, high (of the
    probability), clear (share of draws whose sign is clear of chance), median (of the statistic), unit."""
    rows = []
    for pattern in PATTERNS.values():
        found = result.statistics.get(("pattern", pattern.id), [])
        verdict = judged(found)
        known = [s.value for s in found if not math.isnan(s.value)]
        rows.append(
            {
                "id": pattern.id,
                "statement": pattern.statement,
                "label": pattern.label,
                **_judgement(verdict),
                "draws": verdict.draws,
                "reading": _reading(pattern, result),
                "low": verdict.low,
                "high": verdict.high,
                "clear": verdict.clear,
                "median": float(np.median(known)) if known else math.nan,
                "unit": pattern.unit,
            }
        )
    return pd.DataFrame(rows)


def _judgement(verdict: Verdict) -> dict[str, str | float]:
    return {"verdict": verdict.verdict, "probability": verdict.probability}


def _reading(pattern: Pattern, result: Validated) -> str:
    if pattern.beside is None:
        return pattern.reading
    verdict = judged(result.statistics["beside", pattern.id])
    return f"{pattern.reading}: {pattern.beside[0]} in {100 * verdict.probability:.0f} % of draws"


def target_table(result: Validated) -> pd.DataFrame:
    """One row a check: the columns of `StudyTables.targets`, and judgement (hit, missed, not decidable),
    probability, low, high, draws, clear.
    """
    return pd.DataFrame([_target_row(check, result) for check in CHECKS])


def _target_row(check: PublishedFigure, result: Validated) -> dict[str, str | float]:
    verdict = judged(result.statistics["check", check_name(check)])
    low, median, high = predictive(check, result.measured[check_name(check)], result.order.plan.seed)
    return {
        "id": check.id,
        "figure": check.figure,
        "measure": measure_of(check),
        "window": years_in_words(check),
        "source": check.source,
        "role": check.role,
        "value": check.low,
        "standard_error": check.standard_error,
        "discrepancy": check.discrepancy,
        "predictive_low": low,
        "predictive_median": median,
        "predictive_high": high,
        "verdict": _side(check.low, low, high),
        "note": check.note,
        "judgement": verdict.verdict,
        "probability": verdict.probability,
        "low": verdict.low,
        "high": verdict.high,
        "draws": verdict.draws,
        "clear": verdict.clear,
    }


def _side(value: float, low: float, high: float) -> str:
    """On which side of a predictive interval a figure lies."""
    if math.isnan(value) or math.isnan(low):
        return "not tested"
    return "inside" if low <= value <= high else "outside"


def predictive(check: PublishedFigure, measured: Sequence[float], seed: int) -> tuple[float, float, float]:
    """(low, median, high) of what the model predicts for a figure: the figures of the draws, error and
    discrepancy added on the log scale; NaN where there is no figure or nobody to judge by.
    """
    values = np.array([v for v in measured if not math.isnan(v)])
    if not len(values) or math.isnan(check.low):
        return math.nan, math.nan, math.nan
    noise = np.exp(check.error / check.low * np.random.default_rng(seed).standard_normal(len(values)))
    low, median, high = np.quantile(values * noise, [(1 - INTERVAL) / 2, 0.5, (1 + INTERVAL) / 2])
    return float(low), float(median), float(high)
