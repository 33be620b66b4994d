"""Made-up drivers, targets and patterns, as a fit leaves them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from avrr_sim.study.summary.tables import framed


def fit_tables() -> dict[str, pd.DataFrame]:
    """Made-up drivers, targets and patterns."""
    chance = np.random.default_rng(3)
    return {
        "drivers": framed("drivers", [_driver(chance, k) for k in range(24)]),
        "targets": framed("targets", [_target(chance, k) for k in range(9)]),
        "patterns": framed("patterns", [_pattern(k) for k in range(7)]),
    }


def _driver(chance: np.random.Generator, k: int) -> dict:
    middle, width = float(chance.normal(0, 1)), float(chance.uniform(0.3, 2))
    contraction = float(np.clip(chance.normal(0.15, 0.2), 0, 0.9))
    part, fitted = width * (1 - contraction), k < 20
    return dict(
        weight=f"weight_{k}",
        meaning=f"What weight {k} does <to people>",
        unit="log odds",
        grade=("confirmed", "probable", "inconclusive", "ungraded")[k % 4],
        basis="judgement",
        source="Sonsterudbraten 2018 (Fafo), section 4",
        prior_low=middle - width,
        prior_median=middle,
        prior_high=middle + width,
        posterior_low=middle - part if fitted else np.nan,
        posterior_median=middle + 0.1 * part if fitted else np.nan,
        posterior_high=middle + part if fitted else np.nan,
        contraction=contraction if fitted else np.nan,
        threshold=0.31 if fitted else np.nan,
        informed=contraction > 0.31 if fitted else None,
    )


def _target(chance: np.random.Generator, k: int) -> dict:
    value = float(chance.uniform(0.1, 900))
    middle = value * float(chance.uniform(0.6, 1.6))
    verdict = "not tested" if k == 8 else "inside" if 0.7 < middle / value < 1.3 else "outside"
    return dict(
        id=f"T{k:02d}",
        figure="share of applicants who withdraw",
        measure="ended_withdrawn",
        window="2012 to 2015",
        source="a report, page 7",
        role="fit" if k < 6 else "check",
        value=value,
        standard_error=0.05 * value,
        discrepancy=0.1 * value,
        predictive_low=np.nan if k == 8 else 0.7 * middle,
        predictive_median=np.nan if k == 8 else middle,
        predictive_high=np.nan if k == 8 else 1.4 * middle,
        verdict=verdict,
        note="of another period",
    )


def _pattern(k: int) -> dict:
    return dict(
        id=f"P{k}",
        statement="Applications rise before an announced cut",
        label=("imposed", "emerging", "-")[k % 3],
        verdict=("hit", "missed", "not decidable")[k % 3],
        probability=0.93 - 0.2 * (k % 3),
        draws=200,
        reading="rises in the three months before",
    )
