"""How a forecast did: a row of scores for each figure that came, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from avrr_sim.study.ledger.actuals import Actual
from avrr_sim.study.ledger.forecast import Forecast
from avrr_sim.study.ledger.scores import crps, interval_score, probability_below

SCORE_COLUMNS = (
    "series",
    "year",
    "actual",
    "median",
    "low_50",
    "high_50",
    "low_90",
    "high_90",
    "inside_50",
    "inside_90",
    "interval_score_50",
    "interval_score_90",
    "crps",
    "crps_unchanged",
    "probability_below",
    "source",
)


def score_rows(forecast: Forecast, actuals: Sequence[Actual]) -> pd.DataFrame:
    """A row a figure that came. crps_unchanged: the score of a forecast that nothing changes after the last
    figure that the fit knew, NaN where there is none.
    """
    return pd.DataFrame([_row(forecast, each) for each in actuals], columns=list(SCORE_COLUMNS))


def _row(forecast: Forecast, actual: Actual) -> dict[str, Any]:
    series = forecast.series[actual.series]
    told, draws = series.years[str(actual.year)], np.array(series.years[str(actual.year)].draws)
    (low_50, high_50), (low_90, high_90) = told.interval_50, told.interval_90
    last = series.last_published
    return {
        "series": actual.series,
        "year": actual.year,
        "actual": actual.value,
        "median": told.median,
        "low_50": low_50,
        "high_50": high_50,
        "low_90": low_90,
        "high_90": high_90,
        "inside_50": low_50 <= actual.value <= high_50,
        "inside_90": low_90 <= actual.value <= high_90,
        "interval_score_50": interval_score(low_50, high_50, 0.5, actual.value),
        "interval_score_90": interval_score(low_90, high_90, 0.9, actual.value),
        "crps": crps(draws, actual.value),
        "crps_unchanged": abs(last.value - actual.value) if last else float("nan"),
        "probability_below": probability_below(draws, actual.value),
        "source": actual.source,
    }


def summed_up(scores: pd.DataFrame) -> dict[str, float]:
    """Coverage of both intervals, mean CRPS over the actual figures (relative, so that series of different
    size count alike), and the same of a forecast that nothing changes over those figures that have one.
    """
    relative = scores["crps"] / scores["actual"].where(scores["actual"] > 0)
    compared = scores["crps_unchanged"].notna()
    some = scores[compared]
    return {
        "figures": float(len(scores)),
        "coverage_50": float(scores["inside_50"].mean()),
        "coverage_90": float(scores["inside_90"].mean()),
        "relative_crps": float(relative.mean()),
        "compared": float(compared.sum()),
        "relative_crps_compared": float(relative[compared].mean()) if len(some) else float("nan"),
        "relative_crps_unchanged": (
            float((some["crps_unchanged"] / some["actual"].where(some["actual"] > 0)).mean())
            if len(some)
            else float("nan")
        ),
    }
