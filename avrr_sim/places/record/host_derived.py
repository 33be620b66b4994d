"""Series of a host that follow from published ones: pace of decisions, chance of a permit, share closed, gap
in living standards.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from avrr_sim.places.record.country_series import Safety
from avrr_sim.places.record.described import Described, without
from avrr_sim.places.record.formulas import (
    FEWEST,
    UNKNOWN,
    at_start,
    months_of,
    published,
    ratio,
    weighted_mean,
)
from avrr_sim.places.record.host_counts import HostCounts, Rows
from avrr_sim.places.record.published import ALL, OTHER
from avrr_sim.places.record.tables import DEATHS, GDP_PPP, RIGHTS, UNHCR

_FEW = f"~ where fewer than {FEWEST} persons would be divided by, or a part is not published"
_KNOWN = "All and other: people of known origin only"
_STAGES = "Claims pending hold those at appeal too, so the first instance alone is faster than this"
_FORMULAS = "avrr_sim.places.record.host_derived"


def described_paces(counts: HostCounts, rows: Rows) -> list[Described]:
    """Throughput of decisions, and months until the first and until the last of them."""
    decided, pending, new = (
        _with_everyone(part, rows)
        for part in (
            [counts.recognised, counts.other_protection, counts.rejected, counts.closed],
            [counts.pending],
            [counts.applications],
        )
    )
    start = at_start(pending)
    return [
        _derived(
            "throughput",
            (
                "Decisions at first instance, closed ones included, over claims pending at the start "
                "of the year and new ones"
            ),
            "share a year",
            ratio(decided, start + new),
            3,
            _STAGES,
        ),
        _derived(
            "decision_months",
            (
                "Mean months until a decision at first instance, at the steady pace that gives as many "
                "decisions in the year"
            ),
            "months",
            months_of(start, new, start + new - decided),
            1,
            _STAGES,
        ),
        _derived(
            "final_months",
            "Mean months until a claim leaves the pending stock, appeal included, at the steady "
            "pace that leaves the stock "
            "published at year end",
            "months",
            months_of(start, new, pending),
            1,
        ),
    ]


def described_chances(counts: HostCounts, rows: Rows) -> list[Described]:
    """Chance of a permit at first instance and with review, and share closed; of people of known origin."""
    recognised, other, rejected, closed, reviewed = (
        rows.filled(frame)
        for frame in (
            counts.recognised,
            counts.other_protection,
            counts.rejected,
            counts.closed,
            counts.review_permits,
        )
    )
    permits, merits = recognised + other, recognised + other + rejected
    with_review = ratio(permits + reviewed, merits)
    return [
        _derived(
            "permit_chance",
            (
                "Chance of a permit at first instance: recognised and other protection over decisions "
                "on the merits"
            ),
            "share of decisions on the merits",
            ratio(permits, merits),
            3,
            _KNOWN,
        ),
        _derived(
            "permit_chance_reviewed",
            "Chance of a permit with review: permits of both over first decisions on the merits of "
            "the same year, whichever "
            "year the claim is of",
            "share of first decisions on the merits",
            with_review.where(with_review <= 1.0),
            3,
            _KNOWN,
            "~ where the two gave more permits than there were first decisions, for claims of earlier years",
        ),
        _derived(
            "closed_share",
            "Share of decisions at first instance that close a claim without judging it",
            "share of decisions",
            ratio(closed, merits + closed),
            3,
            _KNOWN,
        ),
    ]


def described_others(
    counts: HostCounts, rows: Rows, countries: Safety, own_gdp: pd.Series
) -> list[Described]:
    """Gap in living standards by origin, against the host's own GDP a head; security of the origins without a
    row.
    """
    claims = published(counts.applications).drop(index=UNKNOWN, errors="ignore")
    rest = claims.drop(index=list(rows.chosen))
    gap = np.log(own_gdp / countries.gdp_ppp)
    gaps = rows.own(gap)
    gaps.loc[OTHER] = weighted_mean(gap.reindex(rest.index), rest)
    safe = pd.DataFrame({OTHER: weighted_mean(countries.security.reindex(rest.index), rest)}).T
    weighted = "Other: mean over its origins, weighted by applications"
    return [
        Described(
            "living_gap",
            "Gap in living standards between host and origin",
            "log of the ratio of GDP a head at purchasing power",
            "derived",
            GDP_PPP,
            f"{_FORMULAS}: described_others",
            gaps,
            2,
            (weighted, without(gaps, rows.named())),
        ),
        Described(
            "other_security",
            "True security of the origins without a row, by the formula of countries.yaml",
            "index, 0 = general war, 1 = as safe as the host",
            "derived",
            f"{RIGHTS}; {DEATHS}; weights: {UNHCR}",
            f"{_FORMULAS}: described_others",
            safe,
            3,
            (weighted,),
        ),
    ]


def _with_everyone(parts: list[pd.DataFrame], rows: Rows) -> pd.DataFrame:
    """Sum of counts by row; the row of all applicants holds those of unknown origin too, for they wait as
    others do.
    """
    found = sum((rows.filled(part) for part in parts[1:]), rows.filled(parts[0]))
    found.loc[ALL] = sum(part.sum(axis=0, min_count=1) for part in parts)
    return found


def _derived(
    name: str, meaning: str, unit: str, frame: pd.DataFrame, decimals: int, *notes: str
) -> Described:
    return Described(name, meaning, unit, "derived", UNHCR, _FORMULAS, frame, decimals, (_FEW, *notes))
